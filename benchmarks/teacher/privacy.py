"""Question: what of personal values and of orders to a model is seen before texts are sent, and how often is something seen where nothing is?

Planted values: 400 of each of fifteen kinds in each of five countries, in sentences of two batches whose wording no rule was tuned on ("test"), or
that were written last ("later"); a value counts as hidden where no piece of it of four letters or digits is left. Rows of six public sets
hold hardly any such value, so nearly all that is masked there, and all that is flagged as an order, is masked or flagged for nothing. Orders:
the half that patterns were tuned on, the half that they were measured with while they were made, and a batch that changed no pattern.
AgNews, Amazon-Google and Cora come in small letters, in which names of people are not looked for: their rows with names hide nobody.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from builders.injections import injections
from builders.leaks import leaked
from builders.personal import LOCALES, MAKERS, planted
from harness.data import texts
from harness.results import write
from matomari.teach.guard.guard import Guard
from matomari.teach.guard.people import people_finder
from matomari.teach.guard.suspicion import suspicious

COUNT, BATCHES = 400, ("test", "later")
SETS: dict[str, Callable[[], texts.TextSet]] = {
    "Banking77": lambda: texts.banking("test"),
    "CLINC150": lambda: texts.clinc("test"),
    "AgNews": lambda: texts.short_text("agnewsdataraw-8000"),
    "Abt-Buy": texts.abt_buy,
    "Amazon-Google": texts.amazon_google,
    "Cora": texts.cora,
}


def recall(kind: str, batch: str) -> dict[str, float]:
    """The share of the values of a kind that are hidden, in each country and over all."""
    shares = {}
    for locale in LOCALES:
        guard = Guard(people=people_finder() if kind == "person" else None)
        rows = planted(kind, locale, COUNT, batch)
        shares[locale] = sum(not leaked(kind, text, value, guard.mask(text)) for text, value in rows) / len(rows)
    return {**shares, "all": sum(shares.values()) / len(shares)}


def masked(rows: list[str], *, people: bool) -> dict[str, Any]:
    """The share of rows in which anything is masked, of which kinds, and what a row takes."""
    guard = Guard(people=people_finder() if people else None)
    begin = time.perf_counter()
    changed = [(row, after) for row in rows if (after := guard.mask(row)) != row]
    milliseconds = 1000 * (time.perf_counter() - begin) / len(rows)
    return {"share": len(changed) / len(rows), "values": guard.counts, "milliseconds": round(milliseconds, 3)}


def flagged(rows: list[str]) -> dict[str, Any]:
    """The share of rows that are flagged as orders, with the reasons."""
    reasons: dict[str, int] = {}
    for row in rows:
        if (reason := suspicious(row)) is not None:
            reasons[reason] = reasons.get(reason, 0) + 1
    return {"share": sum(reasons.values()) / len(rows), "reasons": reasons}


def orders() -> dict[str, Any]:
    """The share of orders that are flagged: of each batch, and of each family in it."""
    figures: dict[str, Any] = {}
    for batch in ("tune", "test", "unseen"):
        families: dict[str, list[bool]] = {}
        for family, text in injections(batch):
            families.setdefault(family, []).append(suspicious(text) is not None)
        seen = [hit for hits in families.values() for hit in hits]
        figures[batch] = {"texts": len(seen), "share": sum(seen) / len(seen)}
        figures[batch]["families"] = {family: sum(hits) / len(hits) for family, hits in families.items()}
    return figures


def clean(title: str) -> dict[str, Any]:
    """What is masked and flagged among the distinct rows of a set."""
    rows = list(dict.fromkeys(SETS[title]()[0]))
    figures = {
        "rows": len(rows),
        "masked": masked(rows, people=False),
        "masked with names": masked(rows, people=True),
        "flagged": flagged(rows),
    }
    print(title, figures, flush=True)
    return figures


def main() -> None:
    """Measure all, which takes some minutes."""
    values = {batch: {kind: recall(kind, batch) for kind in MAKERS} for batch in BATCHES}
    for batch, kinds in values.items():
        print(batch, {kind: round(shares["all"], 4) for kind, shares in kinds.items()}, flush=True)
    figures = {"count": COUNT, "recall": values, "orders": orders(), "clean": {title: clean(title) for title in SETS}}
    write("teacher_privacy", figures, ["phonenumbers", "japanese-personal-name-dataset"])


if __name__ == "__main__":
    main()
