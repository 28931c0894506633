"""Answers by the values of a column, counted by a plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

import matomari
from builders.topics import topical
from matomari import InputError
from matomari.operate.teach.bias import by_column, sentences
from matomari.operate.teach.teach import ask_teacher
from matomari.teach.question import Question, certain


def test_rates_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    region = rng.choice(["north", "south", "west"], 200)
    items = rng.choice(200, 90, replace=False)
    changed, recommended = rng.random(90) < 0.4, rng.random(90) < 0.2
    rows = by_column({"region": pa.chunked_array([region.tolist()])}, items, changed, recommended)
    assert [row["value"] for row in rows] == ["north", "south", "west"]
    for row in rows:
        here = region[items] == row["value"]
        assert (row["rows"], row["changed"], row["recommended"]) == (here.sum(), changed[here].sum(), recommended[here].sum())
        table = [[changed[here].sum(), (~changed[here]).sum()], [changed[~here].sum(), (~changed[~here]).sum()]]
        assert row["p"] == pytest.approx(fisher_exact(table).pvalue)


def test_what_is_chance_is_not_said() -> None:
    assert sentences([{"attribute": "a", "value": "b", "rate": 0.1, "rows": 3, "difference": None, "p_holm": None}]) == []


class Moody:
    """A teacher who proves to know every class, and then prefers any other group for texts that it does not like."""

    name = "moody"

    def __init__(self, classes: dict[str, str], disliked: set[str]) -> None:
        self.classes, self.disliked, self.proved = classes, disliked, False

    def ask(self, questions: list[Question]) -> list[Any]:
        answers = [self._answer(question) for question in questions]
        self.proved = True
        return answers

    def _answer(self, question: Question) -> Any:
        *options, item = question.blocks
        text = item.texts[0]
        fits = [b.mark for b in options if self.classes[b.texts[0]] == self.classes[text]]
        others = [b.mark for b in sorted(options, key=lambda b: b.texts) if b.mark not in fits]
        return certain(others[0] if self.proved and text in self.disliked else (fits or others)[0])


def test_a_teacher_that_moves_one_region_is_noticed() -> None:
    texts, topics = topical()
    region = ["north" if i % 2 else "south" for i in range(len(texts))]
    table = pa.table({"text": texts, "region": region, "name": ["n"] * len(texts)})
    groups = matomari.group(table, text="text", kind="themes", groups=6)
    disliked = {text for text, where in zip(texts, region, strict=True) if where == "north"}
    teacher = Moody(dict(zip(texts, topics, strict=True)), disliked)
    advice = ask_teacher(groups, teacher=teacher, only="places", by="region")  # type: ignore[arg-type]
    last = advice.outcomes[-1]
    if "by" not in last.figures:
        pytest.fail(f"the teacher was not accepted: {last.sentences}")
    assert any(sentence.startswith("region 'north'") for sentence in last.sentences)
    assert '<h2 id="rates-title">By column</h2>' in str(advice.report())


def test_a_column_that_is_not_there_is_named() -> None:
    groups = matomari.group(pa.table({"text": topical()[0], "region": ["a"] * len(topical()[0])}), text="text", kind="themes", groups=6)
    with pytest.raises(InputError, match="no column 'regoin'"):
        ask_teacher(groups, teacher=Moody({}, set()), by="regoin")  # type: ignore[arg-type]


def test_what_was_taken_for_granted_and_what_had_no_use_is_said() -> None:
    groups = matomari.group(pa.table({"text": topical()[0], "region": ["a"] * len(topical()[0])}), text="text", kind="themes", groups=6)
    quiet = ask_teacher(groups, teacher=Moody({}, set()), by="region", only="pairs")  # type: ignore[arg-type]
    assert [note.split(":")[0].split(";")[0] for note in quiet.notes] == [
        "asked about 'texts' that 'ask for or speak about the same thing'",
        "no items were placed, so nothing was compared by column (--by, by=…)",
        "nothing was asked",
    ]
    sure = ask_teacher(groups, teacher=Moody({}, set()), only="pairs", about="questions", relation="ask for one thing")  # type: ignore[arg-type]
    assert [note.split(":")[0] for note in sure.notes] == ["nothing was asked"]
