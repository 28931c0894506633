"""Triplets out of texts, from the file to the folder: what is kept, what is left out and why, and what the next verb makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import matomari
from builders import environment
from matomari.errors import InputError
from matomari.operate.teach.triplets.leaks import leaks, refuse_leaks
from matomari.operate.teach.triplets.sift import sifted
from matomari.operate.triplets import GIVEN, KIND, TripletSet, is_triplets, read_triplets
from matomari.store.destination import kind_of
from matomari.teach.graph import japanese

NAMES = ["hex bolt", "lock nut", "flat washer", "wood screw", "ball bearing", "hose clamp"]
TEXTS = [f"{name} {size} mm" for name in NAMES for size in (4, 5, 6, 8, 10, 12, 16, 20, 25, 30)]
TERMS = "term,type,aliases\n" + "".join(f"{name},fastener,\n" for name in NAMES)


@pytest.fixture(scope="module")
def made() -> TripletSet:
    return matomari.teach_pairs(TEXTS, alpha=0.0, beta=0.1, per_text=2)


def test_every_triplet_is_one_of_the_texts_and_two_others(made: TripletSet) -> None:
    rows = made.triplets.to_pylist()
    assert len(rows) > 40
    for row in rows:
        assert row["anchor"] in TEXTS
        assert len({row["anchor"], row["positive"], row["negative"]}) == 3
    assert {row["kind"] for row in rows} <= {"quantity", "unit", "entity", "action"}  # with WordNet also lock nut and clamp nut


def test_what_is_left_out_is_in_the_audit_with_its_reason(made: TripletSet) -> None:
    reasons = made.audit["reason"].to_pylist()
    assert all(reasons)
    counts = made.record["kinds"]
    left = sum("more alike" in reason for reason in reasons)
    assert any(not row["negative"] or not row["positive"] for row in made.audit.to_pylist())  # what the rules dropped themselves
    assert left == sum(int(0.1 * n) for n in (counts[kind] + _left(made, kind) for kind in counts))
    assert any(f"{left:,} of them were left out" in note for note in made.notes)


def test_the_audit_says_which_side_was_at_fault(made: TripletSet) -> None:
    kinds = set(made.record["kinds"])
    for row in made.audit.to_pylist():
        assert row["side"] in ("positive", "negative")
        assert row["kind"] in {"", *kinds, "role", "relation", "negation", "attribute"}
        if not row["kind"]:  # no negative was tried
            assert not row["negative"]
        if "more alike" in row["reason"]:
            assert row["side"] == "negative" and row["positive"] and row["negative"]


def _left(made: TripletSet, kind: str) -> int:
    return sum("more alike" in row["reason"] and row["kind"] == kind for row in made.audit.to_pylist())


def test_a_folder_comes_back_as_it_was(made: TripletSet, tmp_path: Path) -> None:
    made.save(tmp_path / "pairs")
    again = matomari.load(tmp_path / "pairs")
    assert isinstance(again, TripletSet) and kind_of(tmp_path / "pairs") == KIND
    assert again.triplets.equals(made.triplets) and again.audit.equals(made.audit) and again.nodes.equals(made.nodes)
    assert (again.record, again.page, again.graphml) == (json.loads(json.dumps(made.record)), made.page, made.graphml)
    assert is_triplets(tmp_path / "pairs") and not is_triplets(str(tmp_path)) and not is_triplets("-")


def test_other_libraries_read_the_triplets(made: TripletSet, tmp_path: Path) -> None:
    import datasets

    folder = made.save(tmp_path / "pairs") / "CURRENT" / "exports"
    rows = datasets.load_dataset(
        "json", data_files=str(folder / "sentence-transformers.jsonl"), split="train", cache_dir=str(tmp_path / "hub")
    )
    assert rows.column_names == ["anchor", "positive", "negative"] and len(rows) == len(made)  # their order says which is which
    assert rows["negative"][:] == made.triplets["negative"].to_pylist()
    queries = [json.loads(line) for line in (folder / "flagembedding.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [query["query"] for query in queries] == list(dict.fromkeys(made.triplets["anchor"].to_pylist()))
    assert sum(len(query["neg"]) for query in queries) == len(made) and all(query["pos"] for query in queries)


def test_the_same_texts_and_seed_make_the_same_and_terms_change_it(made: TripletSet, tmp_path: Path) -> None:
    assert matomari.teach_pairs(TEXTS, alpha=0.0, beta=0.1, per_text=2).triplets.equals(made.triplets)
    (tmp_path / "terms.csv").write_text(TERMS, encoding="utf-8")
    termed = matomari.teach_pairs(TEXTS, terms=tmp_path / "terms.csv", per_text=3)
    swaps = [row for row in termed.triplets.to_pylist() if row["kind"] == "entity"]
    assert swaps and all(any(name in row["negative"] for name in NAMES) for row in swaps)


def test_a_graph_grows(made: TripletSet, tmp_path: Path) -> None:
    made.save(tmp_path / "pairs")
    grown = matomari.teach_pairs(["rubber seal 7 mm", "rubber seal 9 mm"], alpha=0.0, beta=0.0, graph=tmp_path / "pairs")
    assert len(grown.nodes) > len(made.nodes)


def test_coverage_is_counted_and_what_was_folded_or_is_long_is_said() -> None:
    texts = ["bolt  5 mm", "nut 6 mm", "zzz", " ".join(["bolt"] * 70) + " 7 mm"]
    made = matomari.teach_pairs(texts, alpha=0.0, beta=0.0)
    usable = {row["anchor"] for row in made.triplets.to_pylist()}
    assert "bolt 5 mm" in usable and "zzz" not in usable
    assert made.record["coverage"]["with_negative"] == len(usable) / 4
    assert made.record["coverage"]["with_quantity"] == 3 / 4
    assert any(note.startswith("in 1 texts several spaces") for note in made.notes)
    assert any(note.startswith("1 texts have more than 60 words") for note in made.notes)


def test_texts_that_give_nothing_are_refused() -> None:
    with pytest.raises(InputError, match=r"of 2 texts no triplet could be made"):
        matomari.teach_pairs(["zzz", "qqq"])


@pytest.mark.parametrize("alpha", [-0.1, 0.5, True, "x"])
def test_a_share_out_of_range_is_refused(alpha: object) -> None:
    with pytest.raises(InputError, match="'alpha' parameter of teach_pairs"):
        matomari.teach_pairs(TEXTS, alpha=alpha)  # type: ignore[arg-type]


def test_quantiles_are_those_of_each_kind() -> None:
    rng = np.random.default_rng(0)
    positive, negative = rng.random(200).astype(np.float32), rng.random(200).astype(np.float32)
    kinds = ["a" if i % 4 else "b" for i in range(200)]
    far, near = sifted(positive, negative, kinds, alpha=0.1, beta=0.2)
    for kind, n in (("a", 150), ("b", 50)):
        own = [i for i in range(200) if kinds[i] == kind]
        assert {i for i in own if far[i]} == set(sorted(own, key=lambda i: positive[i])[: n // 10])
        assert {i for i in own if near[i]} == set(sorted(own, key=lambda i: -negative[i])[: n // 5])
    assert not any(sifted(np.ones(9, np.float32), np.ones(9, np.float32), ["a"] * 9, alpha=0.3, beta=0.3)[0])


def test_leaks_are_those_of_a_plain_comparison() -> None:
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(12)]
    texts, apart = ([" ".join(rng.choice(words, rng.integers(1, 7))) for _ in range(150)] for _ in range(2))
    plain = set()
    for row, text in enumerate(texts):
        one = set(text.split())
        if any(len(one & set(other.split())) / len(one | set(other.split())) >= 0.6 for other in apart):
            plain.add(row)
    assert {row for row, _ in leaks(texts, apart)} == plain
    assert 10 < len(plain) < 140
    with pytest.raises(InputError, match=r"1 of 2 texts is also in eval.csv, word for word or nearly: row 2 is its row 1"):
        refuse_leaks(["one two", "Kyoto is a town"], ["kyoto is a town."], "eval.csv")
    assert list(leaks(["京都は大きい町です"], ["京都は大きい町だ"])) == [(0, 0)]


def test_triplets_of_a_table_of_pairs() -> None:
    table = pa.table({"anchor": ["a b", "c d"], "positive": ["b a", "d c"], "negative_1": ["a x", "c x"], "negative_2": ["a y", "c y"]})
    rows, _ = read_triplets(table)
    assert rows.to_pylist()[1] == {"anchor": "a b", "positive": "b a", "negative": "a y", "kind": GIVEN}
    assert len(rows) == 4
    with pytest.raises(InputError, match="the pairs have no negatives"):
        read_triplets(table.select(["anchor", "positive"]))


def test_the_command_line_says_what_it_made_and_a_folder_of_groups_needs_no_name(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    command = [sys.executable, "-m", "matomari", "teach"]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *words], capture_output=True, text=True, cwd=tmp_path, env=environment() | {"COLUMNS": "200"})

    dry = run("pairs", "t.txt", "--dry-run")
    assert dry.returncode == 0 and "  + " in dry.stdout and "nothing was written" in dry.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["t.txt"]
    assert run("pairs", "t.txt").returncode == 2
    done = run("pairs", "t.txt", "-o", "pairs", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["triplets"] == len(TripletSet.load(tmp_path / "pairs"))
    assert "holds no groups" in run("pairs/").stderr  # a folder that is there is no verb
    assert run("groups", "nothing/").returncode == run("nothing/").returncode == 2


def test_positives_that_are_no_more_than_a_frame_are_counted() -> None:
    texts = ["FORD TO RAISE PRICES", "FORD TO CUT PRICES", "wire 5 mm", "wire 8 mm", "wire 12 mm"]
    made = matomari.teach_pairs(texts, alpha=0.0, beta=0.0)
    framed = sum(row["made"].partition("positive: ")[2].startswith("frame") for row in made.triplets.to_pylist())
    assert framed and any(note.startswith(f"{framed:,} positives are their text behind words such as 'Note:'") for note in made.notes)


@pytest.mark.parametrize("there", [True, False])
def test_whether_japanese_nouns_were_read_is_said(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{name} {size}mm" for name in ("六角ボルト", "蝶ボルト") for size in (4, 5, 6, 8, 10, 12)]
    if there:
        pytest.importorskip("sudachipy")
    else:
        monkeypatch.setattr(japanese, "known", lambda: False)
    made = matomari.teach_pairs([*texts, "bolt 4 mm"], per_text=3)
    said = "2 nouns of 12 Japanese texts stand 5 times or more" if there else "the nouns of 12 Japanese texts were not read: pip install"
    assert any(note.startswith(said) for note in made.notes)
    assert ("entity" in made.record["kinds"]) is there
