"""assign: known texts keep their group, new ones join theirs, and strangers stay out."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matomari
from builders.topics import column, topical
from matomari import InputError


@pytest.mark.parametrize("which", ["themes", "soft", "variants"])
def test_known_texts_keep_their_group(which: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(which)
    texts = topical()[0] if which != "variants" else found.items["name"].to_pylist()
    placed = found.assign(texts)
    cluster = column(found, "cluster")
    assert placed["cluster"].to_pylist() == cluster.tolist()
    assert placed["cluster_name"].to_pylist() == found.items["cluster_name"].to_pylist()


def test_a_text_that_was_left_out_stays_out(themes: matomari.Grouping) -> None:
    labels = themes.reference.labels.copy()
    labels[0] = -1
    known = dataclasses.replace(themes.reference, labels=labels)
    assert known.place(known.keys[:2]).label.tolist() == [-1, labels[1]]
    assert known.place(known.keys[:1], assign_all=True).label[0] >= 0


def test_new_texts_join_their_topic_and_strangers_do_not(themes: matomari.Grouping) -> None:
    texts, topics = topical()
    of = dict(zip(texts, column(themes, "cluster").tolist(), strict=True))
    placed = themes.assign(["my silver card was stolen", "is it snowing in Bergen", "", "0x7f mov eax ebx jmp 44"])
    cluster = placed["cluster"].to_pylist()
    topic_of = {c: topics[texts.index(t)] for t, c in of.items() if c >= 0}
    assert topic_of[cluster[0]] == "card"
    assert topic_of[cluster[1]] == "weather"
    assert cluster[2:] == [-1, -1]
    assert (themes.assign(["0x7f mov eax ebx jmp 44"], assign_all=True)["cluster"].to_numpy() >= 0).all()


def test_new_spellings_join_their_thing_and_new_things_do_not(variants: matomari.Grouping) -> None:
    of = dict(zip(variants.items["name"].to_pylist(), variants.items["cluster"].to_pylist(), strict=True))
    placed = variants.assign(["tape measure 5m", "Flux capacitor 88 mph", "六角ナット M8 sus304"])["cluster"].to_pylist()
    assert placed == [of["Tape measure 5 m"], -1, of["六角ナット M8 SUS304"]]


def test_another_encoder_is_refused(themes: matomari.Grouping, tmp_path: Path) -> None:
    class Other:
        def encode(self, texts: list[str], **_: Any) -> np.ndarray:
            return np.ones((len(texts), 384), np.float32)

    loaded = matomari.Grouping.load(themes.save(tmp_path / "o"))
    with pytest.raises(InputError, match="not the one"):
        loaded.assign(["a"], encoder=Other())
