"""Learning from triplets: what is held out, what is told apart before and after, and which encoder stands in the folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import matomari
from builders.learning import files, opened
from matomari.errors import InputError
from matomari.operate.learn.triplets import bias
from matomari.operate.learn.triplets.held import hold_out_triplets
from matomari.operate.learn.triplets.swaps import by_kind, told_apart
from matomari.operate.learn.triplets.triplets import OBJECTIVES, settings_of
from matomari.operate.options import LearnPairsOptions
from matomari.operate.triplets import TripletSet


def triplets(n: int = 300) -> pa.Table:
    """Word i of the first language is word i + 100 of the second; a hard negative has one other word."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        words = rng.choice(100, 3, replace=False)
        other = words.copy()
        other[i % 3] = (other[i % 3] + 1 + rng.integers(98)) % 100
        sides = (" ".join(f"w{w}" for w in words), " ".join(f"w{w + 100}" for w in words), " ".join(f"w{w + 100}" for w in other))
        rows.append(dict(zip(("anchor", "positive", "negative"), sides, strict=True)))
    return pa.Table.from_pylist(rows)


def test_no_text_is_on_both_sides() -> None:
    table = triplets().append_column("kind", pa.array(["a", "b", "c"] * 100))
    held = hold_out_triplets(table, 0)
    inside = {text for column in held.columns.values() for text in column}
    assert not inside & {text for column in held.aside.values() for text in column}
    assert len(held.kinds) + len(held.aside_kinds) == 300 and 40 <= len(held.aside_kinds) <= 60
    assert set(held.search.queries) == set(held.aside["anchor"])
    for query, relevant in zip(held.search.queries, held.search.relevant, strict=True):
        rows = [i for i, anchor in enumerate(held.aside["anchor"]) if anchor == query]
        assert {held.search.documents[place] for place in relevant} == {held.aside["positive"][i] for i in rows}


def test_what_is_told_apart_is_a_comparison_of_two_cosines() -> None:
    vectors = {"a": [1.0, 0.0], "p": [1.0, 1.0], "n": [0.0, 1.0], "q": [1.0, -1.0]}

    class Four:
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.asarray([vectors[text] for text in texts], np.float32)

    columns = {"anchor": ["a", "a", "a"], "positive": ["p", "n", "p"], "negative": ["n", "p", "q"]}
    assert told_apart(Four(), columns).tolist() == [True, False, False]  # type: ignore[arg-type]  # a tie is no


def test_the_mean_of_kinds_gives_each_the_same_weight() -> None:
    rows = by_kind(np.array([True] * 9 + [False]), np.ones(10, bool), ["a"] * 9 + ["b"], 0)
    assert rows[-1]["before"] == 0.5 and rows[-1]["after"] == 1.0 and rows[-1]["triplets"] == 10


class ByHash:
    """A vector for each text, by chance, and the same for each that says man and woman alike."""

    def __init__(self, fair: bool) -> None:
        self.fair = fair

    def encode(self, texts: list[str]) -> np.ndarray:
        same = [text.replace("woman", "man") if self.fair else text for text in texts]
        return np.stack([np.random.default_rng(list(text.encode())).normal(size=8) for text in same]).astype(np.float32)


def test_associations_with_people_are_those_of_plain_loops() -> None:
    assert (bias.associations(ByHash(True))["gender"] == 0).all()  # type: ignore[arg-type]
    encoder = ByHash(False)
    found = bias.associations(encoder)  # type: ignore[arg-type]

    def cosine(one: str, other: str) -> float:
        a, b = encoder.encode([one, other]).astype(float)
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    for word, value in zip(bias.words("occupation"), found["gender"], strict=True):
        sides = [cosine(f"The {word} is at work.", f"The {person} is at work.") for person in ("man", "woman")]
        assert value == pytest.approx(abs(sides[0] - sides[1]), abs=1e-6)
    for word, value in zip(bias.words("quality"), found["nation"], strict=True):
        cosines = [cosine(f"This person is {word}.", f"This person is from {nation}.") for nation in bias.words("nation")]
        assert value == pytest.approx(np.std(cosines), abs=1e-6)


def test_an_association_that_grew_is_said_aloud() -> None:
    before, grown = {"gender": np.full(9, 0.1)}, {"gender": np.linspace(0.2, 0.3, 9)}
    (louder,), (same,) = (bias.sentences(bias.compare(before, after, 0)) for after in (grown, before))
    assert "0.250 in cosine, 0.100 before" in louder and "this grew" in louder
    assert "grew" not in same


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_an_objective_is_what_it_says(objective: str) -> None:
    settings = settings_of(LearnPairsOptions(objective=objective))  # type: ignore[arg-type]
    assert settings.distillation == {"balanced": 50.0, "sharp": 2.0}.get(objective, 0.0)
    assert (settings.learning_rate, settings.batch_size) == (5e-5 if settings.distillation else 2e-5, 32)
    assert settings_of(LearnPairsOptions(objective=objective, learning_rate=1e-4)).learning_rate == 1e-4  # type: ignore[arg-type]
    assert settings_of(LearnPairsOptions(objective=objective, distillation=9.0)).distillation == 9  # type: ignore[arg-type]
    assert settings.decay == {"gaussian": "gaussian-2024", "balanced": "none", "sharp": "none", "none": "none"}.get(objective, objective)


def test_an_encoder_learns_them(start: Path, tmp_path: Path) -> None:
    source = triplets()
    learnt = matomari.learn_pairs(
        source, out=tmp_path / "tuned", encoder=start, objective="sharp", batch_size=16, epochs=6, learning_rate=0.05
    )
    (own, mean) = learnt.run["swaps"]
    assert [(row["kind"], row["words"]) for row in learnt.run["bias"]] == [("gender", 30), ("nation", 20)]
    assert any("nearer to one gender" in note for note in learnt.run["notes"])
    assert own["kind"] == "given" and mean["after"] > mean["before"] + 0.1
    assert learnt.improved and learnt.run["settings"]["objective"] == "sharp"
    assert not any(
        b"w17" in content
        for name, content in files(tmp_path / "tuned").items()
        if name.endswith((".html", ".json", ".md")) and "token" not in name
    )
    assert "Small differences" in str(learnt.report())
    assert opened(tmp_path / "tuned").encode(["w1 w2"]).shape[0] == 1


def test_a_folder_chooses_its_objective_and_what_has_no_use_is_said(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = TripletSet(
        triplets=triplets().append_column("kind", pa.array(["a"] * 300)),
        audit=pa.table({"reason": ["none"]}),
        nodes=pa.table({"name": ["n"]}),
        edges=pa.table({"start": ["n"]}),
        graphml="",
        record={"notes": []},
        page="",
    )
    made.save(tmp_path / "pairs")
    options = {"encoder": start, "batch_size": 16, "steps": 1}
    learnt = matomari.learn_pairs(tmp_path / "pairs", out=tmp_path / "one", piece=4, **options)  # type: ignore[arg-type]
    assert learnt.run["settings"]["objective"] == "balanced"
    assert any(note.startswith("learnt with the objective balanced") for note in learnt.notes)
    assert any(note.startswith("piece had no use") for note in learnt.notes)

    def worse(*_: object) -> list[dict[str, object]]:
        return [{"kind": "mean of kinds", "triplets": 1, "before": 0.9, "after": 0.8, "low": None, "high": None}]

    monkeypatch.setattr("matomari.operate.learn.triplets.triplets.by_kind", worse)
    refused = matomari.learn_pairs(tmp_path / "pairs", out=tmp_path / "two", objective="sharp", **options)  # type: ignore[arg-type]
    assert not refused.improved and "90% told apart before, 80% after" in refused.outcome
    assert opened(tmp_path / "two").encode(["w1"]).tolist() == opened(start).encode(["w1"]).tolist()


def test_what_cannot_be_learnt_from_is_refused(start: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="do not fill one batch of 32"):
        matomari.learn_pairs(triplets(30), out=tmp_path / "a", encoder=start, objective="balanced")
    with pytest.raises(InputError, match="have no negatives"):
        matomari.learn_pairs(triplets().select(["anchor", "positive"]), out=tmp_path / "a", encoder=start, objective="balanced")
    with pytest.raises(InputError, match="'objective' parameter of learn_pairs must be one of"):
        matomari.learn_pairs(triplets(), out=tmp_path / "a", encoder=start, objective="best")  # type: ignore[arg-type]
    assert not (tmp_path / "a").exists()
