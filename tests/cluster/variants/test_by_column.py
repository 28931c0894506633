"""Records compared column by column: by hand, against plain loops, and on lists with empty cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from sklearn.feature_extraction.text import TfidfVectorizer

from builders.records import RECORDS, listed
from builders.spellings import spelt
from matomari import load_encoder
from matomari.cluster.variants.align import Aligner
from matomari.cluster.variants.candidates import letter_groups
from matomari.cluster.variants.evidence.evidence import aligned, evidence
from matomari.cluster.variants.evidence.features import NAMES, PLACE
from matomari.cluster.variants.match import match_variants
from matomari.cluster.variants.pairs import compare
from matomari.cluster.variants.reading.columns import ColumnTokeniser
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.records.filled import tempered
from matomari.cluster.variants.records.records import Records
from matomari.cluster.variants.variants import same_things
from matomari.metrics.grouping import pairwise

Record = tuple[str, ...]


def read(records: list[Record]) -> Lexicon:
    return Lexicon.of(records, ColumnTokeniser.of(records))


def keys(lexicon: Lexicon, tokens: list[int]) -> list[str]:
    return [lexicon.tokens[t].key for t in tokens]


def glued(records: list[Record]) -> list[str]:
    return [" | ".join(cell for cell in record if cell) for record in records]


def test_a_token_weighs_what_it_weighs_in_its_column() -> None:
    lexicon = read([("york", "leeds"), ("anchor", "york"), ("anchor", "york"), ("anchor", "york")])
    weight = {(t.key, t.column): w for t, w in zip(lexicon.tokens, lexicon.weight, strict=True)}
    assert weight["york", 0] == pytest.approx(math.log(5))
    assert weight["york", 1] == pytest.approx(math.log(5 / 3))


def test_a_token_stands_for_one_of_its_own_column_alone() -> None:
    lexicon = read([("Lake View", "Park"), ("Park View", "Lakeview"), ("Inn", "Lane")])
    found = Aligner(lexicon)(0, 1)
    assert keys(lexicon, found.equal) == ["view"]
    assert (keys(lexicon, found.left), keys(lexicon, found.right)) == (["lake", "park"], ["park", "lakeview"])
    assert found.spellings == []


def test_an_empty_cell_is_neither_matched_nor_left_over() -> None:
    lexicon = read([("Anchor", "5 Mill Lane", ""), ("Anchor Inn", "", "York"), ("", "", "York")])
    found = Aligner(lexicon)(0, 1)
    assert keys(lexicon, found.equal) == ["anchor"]
    assert (found.left, keys(lexicon, found.right)) == ([], ["inn"])
    nothing = Aligner(lexicon)(0, 2)
    assert (nothing.equal, nothing.spellings, nothing.left, nothing.right) == ([], [], [], [])


def test_what_two_columns_have_too_much_does_not_stand_against_each_other() -> None:
    records = [("Anchor Pub", "41 Mill"), ("Anchor", "41 Mill Road"), ("Bell", "9 Oak")]
    row = dict(zip(NAMES, aligned(read(records), np.array([0]), np.array([1]))[0].tolist(), strict=False))
    assert (row["words_low"], row["words_high"], row["left_low"]) == (0, 0, 0)
    assert row["words_one"] == row["left_high"] == pytest.approx(2.0)  # pub and road, ln 4 each of a chance of ln 4
    whole = [(" ".join(record),) for record in records]
    assert aligned(read(whole), np.array([0]), np.array([1]))[0, PLACE["words_low"]] == pytest.approx(1.0)


def test_conflicts_of_two_columns_add_up_and_their_numbers_are_not_mixed() -> None:
    records = [("Ward 7", "12 Mill"), ("Ward", "12 Mill"), ("Ward 8", "14 Mill"), ("Ward", "5 Mill 9")]
    table = aligned(read(records), np.array([0, 0, 1]), np.array([1, 2, 3]))
    assert table[:, PLACE["number_conflict"]].tolist() == [0, 2, 1]
    assert table[:, PLACE["number_one"]].tolist() == [1, 0, 1]
    typos = aligned(read([("Unit 17", "12 Mill"), ("Unit 18", "45 Mill")]), np.array([0]), np.array([1]))
    assert typos[0, PLACE["number_typo"]] == 1  # that of the worse column: 12 and 45 share no digit, 17 and 18 one of two


def test_records_of_one_column_are_compared_as_texts() -> None:
    for name in ("firms", "values", "models"):
        texts, _ = spelt(name)
        vectors = np.random.default_rng(0).normal(size=(len(texts), 8)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        whole, cells = compare(texts, vectors), compare(texts, vectors, records=Records(cells=[(text,) for text in texts]))
        assert (whole.left.tolist(), whole.right.tolist()) == (cells.left.tolist(), cells.right.tolist())
        assert whole.same.tobytes() == cells.same.tobytes()


def test_letters_are_those_of_the_columns_that_both_have_against_a_loop() -> None:
    records, _ = listed("restaurants")
    lexicon, n = read(records), len(records)
    vectoriser, letters = letter_groups([lexicon.plain(i) for i in range(n)])
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if lexicon.shared(a, b)]
    left, right = (np.asarray(side) for side in zip(*pairs, strict=True))
    table = evidence(lexicon, left, right, letters=letters, vectors=np.eye(n, dtype=np.float32), vectoriser=vectoriser)
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    theirs.fit([" ".join(t.key for t in ColumnTokeniser.of(records)(record)) for record in records])
    for row, (a, b) in zip(table, pairs, strict=True):
        both = [c for c in range(3) if records[a][c] and records[b][c]]
        one, other = (" ".join(lexicon.tokens[t].key for t in lexicon.rows[i] if lexicon.tokens[t].column in both) for i in (a, b))
        assert row[PLACE["ratio"]] == pytest.approx(fuzz.ratio(one, other) / 100, abs=1e-6)
        assert row[PLACE["sorted_ratio"]] == pytest.approx(fuzz.token_sort_ratio(one, other) / 100, abs=1e-6)
        assert row[PLACE["rest_alike"]] == pytest.approx(JaroWinkler.similarity(one, other), abs=1e-6)
        assert row[PLACE["length_difference"]] == pytest.approx(abs(len(one) - len(other)) / max(len(one), len(other)), abs=1e-6)
        both_ways = theirs.transform([one, other])
        assert row[PLACE["letters"]] == pytest.approx(both_ways[0].multiply(both_ways[1]).sum(), abs=1e-5)


def lowered(records: list[Record], pairs: list[tuple[int, int]], same: list[float], groups: list[int] | None = None) -> list[float]:
    lexicon = read(records)
    left, right = (np.asarray(side) for side in zip(*pairs, strict=True))
    known = None if groups is None else np.asarray(groups)
    found = tempered(lexicon, left, right, same=np.asarray(same, np.float32), groups=known)
    return [float(value) for value in found]


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


FILLER = [(f"name{i}", f"{i} street{i}", f"town{i % 3}") for i in range(1, 9)]


def test_what_is_not_seen_does_not_count_as_if_it_agreed() -> None:
    records = [("noma", "", "leeds"), ("noma", "5 mill lane", "leeds"), *FILLER]  # n = 10: both stand in two of ten
    least = 2 * math.log(11 / 2) - math.log(11) + 1
    assert lowered(records, [(0, 1)], [0.99]) == pytest.approx([logistic(least)], abs=1e-6)
    assert lowered(records, [(0, 1)], [0.6]) == pytest.approx([0.6])  # never raised
    spelt = [("mueller", "", "leeds"), ("muller", "5 mill lane", "leeds"), ("muller", "", ""), *FILLER]  # the usual spelling counts
    assert lowered(spelt, [(0, 1)], [0.99]) == pytest.approx([logistic(2 * math.log(12 / 2) - math.log(12) + 1)], abs=1e-6)
    mistyped = [("noma bakery", "5 mill lane", "leeds"), ("noma bakary", "", ""), ("noma bakary", "", "leeds"), *FILLER]  # n = 11
    assert lowered(mistyped, [(0, 1)], [0.99]) == pytest.approx([logistic(math.log(12 / 3) - math.log(12) + 1)], abs=1e-6)
    half = (1 - 3 / 6) * math.log(12 / 2)  # with a second column the typing error counts: one of six letters, by the commoner spelling
    assert lowered(mistyped, [(0, 2)], [0.99]) == pytest.approx(
        [logistic(math.log(12 / 3) + half + math.log(12 / 2) - math.log(12) + 1)], abs=1e-6
    )
    full = [("noma", "5 mill lane", "leeds"), ("noma bar", "5 mill lane", "leeds"), *FILLER]
    assert lowered(full, [(0, 1)], [0.99]) == pytest.approx([0.99])  # nothing is unseen


@pytest.mark.parametrize("name", ["", "uno due"])
def test_without_the_name_the_other_columns_count_once_each_and_need_twice_as_much(name: str) -> None:
    records = [(name, "5 mill lane", "leeds"), ("noma", "5 mill lane", "leeds"), *FILLER]
    most = 2 * math.log(11 / 2) - 2 * math.log(11)  # the three words of the street come together: two columns, each held by two
    assert lowered(records, [(0, 1)], [0.99]) == pytest.approx([logistic(most)], abs=1e-6)


def test_a_record_that_fits_two_things_is_one_of_them_at_most() -> None:
    records = [("golden dragon", "", ""), ("golden dragon", "5 mill lane", "leeds"), ("golden dragon", "9 oak road", "hull"), *FILLER]
    alone = lowered(records, [(0, 1)], [0.7])[0]
    both = lowered(records, [(0, 1), (0, 2)], [0.7, 0.6])
    odds = [0.7 / 0.3, 0.6 / 0.4]
    assert alone == pytest.approx(0.7)
    assert both == pytest.approx([o / (1 + sum(odds)) for o in odds], abs=1e-5)
    one_thing = lowered(records, [(0, 1), (0, 2), (1, 2)], [0.7, 0.6, 0.9])  # the two are one, so nothing speaks against either
    assert one_thing[:2] == pytest.approx([0.7, 0.6], abs=1e-5)
    full = [("golden dragon", "1 quay", "leeds"), *records[1:]]
    assert lowered(full, [(0, 1), (0, 2)], [0.7, 0.6]) == lowered(full, [(0, 1)], [0.7]) + lowered(
        full, [(0, 2)], [0.6]
    )  # it lacks nothing


def test_known_groups_say_what_is_one_thing() -> None:
    records = [("golden dragon", "5 mill lane", "leeds"), ("golden dragon", "9 oak road", "hull"), ("golden dragon", "", ""), *FILLER]
    pairs, same = [(2, 0), (2, 1)], [0.7, 0.6]
    groups = list(range(len(records)))
    odds = [0.7 / 0.3, 0.6 / 0.4]
    assert lowered(records, pairs, same, groups) == pytest.approx([o / (1 + sum(odds)) for o in odds], abs=1e-5)
    assert lowered(records, pairs, same, [0, 0, *groups[2:]]) == pytest.approx(same, abs=1e-5)


@pytest.fixture(scope="module")
def vectors() -> dict[str, np.ndarray]:
    encoder = load_encoder("minilm", fast="off")
    return {name: encoder.encode(glued(listed(name)[0])) for name in RECORDS}


@pytest.mark.parametrize("name", RECORDS)
def test_lists_with_empty_cells(name: str, vectors: dict[str, np.ndarray]) -> None:
    records, truth = listed(name)
    whole = same_things(glued(records), vectors[name])[0].labels
    by_column = same_things(glued(records), vectors[name], records=Records(cells=records))[0].labels
    assert pairwise(truth, by_column)[2] >= 0.9
    assert pairwise(truth, by_column)[2] > pairwise(truth, whole)[2]


def test_records_that_share_no_filled_column_are_no_pair(vectors: dict[str, np.ndarray]) -> None:
    records, _ = listed("people")
    pairs = compare(glued(records), vectors["people"], records=Records(cells=records))
    for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        assert any(one and other for one, other in zip(records[a], records[b], strict=True))


def test_the_order_of_the_records_does_not_matter(vectors: dict[str, np.ndarray]) -> None:
    records, _ = listed("restaurants")
    order = np.random.default_rng(1).permutation(len(records))
    X = vectors["restaurants"]
    first = same_things(glued(records), X, records=Records(cells=records))[0].labels
    turned = [records[i] for i in order]
    second = same_things(glued(turned), X[order], records=Records(cells=turned))[0].labels
    assert pairwise(first[order], second) == (1, 1, 1)


def test_a_new_record_is_matched_by_what_it_has() -> None:
    known, truth = (list(of) for of in zip(*(r for r in zip(*listed("restaurants"), strict=True) if any(r[0][1:])), strict=True))
    new = [
        ("BURGER BARN", "", "Leeds"),
        ("Burger Barn", "", ""),
        ("Saigon Kitchen", "5 Abbey Ln.", ""),
        ("", "", "Hull"),
        ("Oyster Shed", "", ""),
    ]
    encoder = load_encoder("minilm", fast="off")
    X, asked = encoder.encode(glued(known)), encoder.encode(glued(new))
    labels = np.unique(truth, return_inverse=True)[1]

    def matched(some: slice) -> list[tuple[int, float]]:
        both = Records(cells=known), Records(cells=new[some])
        found = match_variants(glued(known), X, labels=labels, texts=glued(new)[some], vectors=asked[some], records=both)
        return list(zip(found.label.tolist(), found.strength.tolist(), strict=True))

    together = matched(slice(None))
    owner = {record: int(label) for record, label in zip(known, labels, strict=True)}
    assert together[0][0] == owner["Burger Barn", "77 Victoria Street", "Leeds"]
    assert together[2][0] == owner["Saigon Kitchen", "5 Abbey Lane", "Bath"]
    assert together[4][0] == owner["Oyster Shed", "1 Harbour View", "Whitby"]
    assert [found[1] >= 0.5 for found in together] == [True, False, True, True, True]
    for i in range(len(new)):
        assert matched(slice(i, i + 1)) == [pytest.approx(together[i], abs=1e-6)]
