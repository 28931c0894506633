"""Claim: ids, dates, mails and HTML around the texts of a column change neither the kind of its groups nor how good they are.

Four sets of 3,000 rows, two of them kept aside, each plain and in three dresses; AMI of themes with no number given, and the kind.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts as public
from harness.data.aside import aside
from harness.data.columns import Column, in_html, in_mail, with_ids
from harness.data.development import some
from harness.data.files import TextSet, encoder
from matomari.cluster.communities.themes import themes
from matomari.cluster.kind.kind import signs
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.rows.boilerplate.boilerplate import Boilerplate
from matomari.vectors import normalise

ROWS = 3_000
DRESSES: dict[str, Callable[[Column], Column]] = {"plain": list, "ids and dates": with_ids, "mail": in_mail, "HTML": in_html}


def sets() -> dict[str, TextSet]:
    """Two development sets and two kept aside."""
    return {
        "Banking77 train": some(public.banking("train"), ROWS, 0),
        "CLINC150 val": some(public.clinc("val"), ROWS, 0),
        "HWU64": some(aside("HWU64"), ROWS, 0),
        "StackOverflow": some(aside("StackOverflow"), ROWS, 0),
    }


def measured(texts: Column, truth: np.ndarray) -> dict[str, Any]:
    """What `matomari.group` would make of a column."""
    boilerplate = Boilerplate.learn(texts)
    contents = [boilerplate.content(text) for text in texts]
    X = normalise(np.asarray(encoder("off").encode(contents), np.float32))
    kind = signs([boilerplate.frame(text) for text in texts], contents, X, np.random.default_rng(0)).kind
    found = themes(X, seed=0)
    return {"kind": kind, "ami": adjusted_mutual_info(truth, found.labels), "groups": found.k}


def main() -> None:
    """Dress and measure."""
    warnings.simplefilter("ignore")
    table: dict[str, dict[str, Any]] = {}
    for name, (texts, truth) in sets().items():
        table[name] = {dress: measured(put_on(texts), truth) for dress, put_on in DRESSES.items()}
        print(name, table[name], flush=True)
    lost = [row["plain"]["ami"] - row[dress]["ami"] for row in table.values() for dress in DRESSES if dress != "plain"]
    results.write(
        "dressed",
        {"sets": table, "most lost": max(lost), "kinds right": all(c["kind"] == "themes" for r in table.values() for c in r.values())},
    )


if __name__ == "__main__":
    main()
