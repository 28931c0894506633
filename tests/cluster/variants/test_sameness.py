"""Evidence, vetoes and probabilities of pairs; lists that other tools get wrong."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from builders.spellings import LISTS, spelt
from matomari import load_encoder
from matomari.cluster.variants.candidates import candidates, nearest
from matomari.cluster.variants.evidence.evidence import aligned
from matomari.cluster.variants.evidence.features import NAMES, PLACE
from matomari.cluster.variants.match import match_variants
from matomari.cluster.variants.model import LOOKS, Model, built_in
from matomari.cluster.variants.pairs import BAR, ONE_SHAPE, VETOES, Bar, compare, probability, vetoes
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser
from matomari.cluster.variants.variants import same_things
from matomari.errors import InputError
from matomari.metrics.grouping import pairwise


def test_surprise_by_hand() -> None:
    texts = ["hex bolt a1", "hex bolt a2", "nut", "gear"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    row = aligned(lexicon, np.array([0]), np.array([1]))[0]
    shared = 2 * math.log(5 / 2)  # hex and bolt stand in two of four texts
    assert row[PLACE["surprise"]] == pytest.approx((shared - math.log(5)) / math.log(5), abs=1e-6)
    assert row[PLACE["share_low"]] == pytest.approx(shared / (shared + math.log(5)), abs=1e-6)
    assert row[PLACE["code_conflict"]] == 1
    assert row[PLACE["joint"]] == 0  # only these two hold both


def row_of(a: str, b: str) -> dict[str, float]:
    lexicon = Lexicon.of([a, b], Tokeniser.of([a, b]))
    return dict(zip(NAMES, aligned(lexicon, np.array([0]), np.array([1]))[0].tolist(), strict=False))


def test_a_spelling_counts_by_its_credit_and_the_mean_of_both_weights() -> None:
    row, log3 = row_of("bearing a1", "baering a1"), math.log(3)
    typo = 1 - 3 * (1 - (1 - 1 / 7))  # one exchange of two letters of seven
    matched = math.log(3 / 2) + typo * log3
    assert row["surprise"] == pytest.approx((matched - log3) / log3, abs=1e-6)
    assert (row["typo_new"], row["typo_known"]) == (1, 0)


def test_what_one_side_has_alone_by_hand() -> None:
    row = row_of("lamp x", "lamp x 12 70173 5 kg 6 pcs black plus b22")
    names = ("number_one", "long_one", "quantity_one", "pieces_one", "code_one", "member_one", "modifier_one")
    assert [row[name] for name in names] == [1, 1, 1, 1, 1, 2, 1]


def bar_of(bar: Bar = BAR, **columns: float) -> float:
    table = np.zeros((1, len(NAMES)), np.float32)
    for name, value in ({"chance": math.log(1001)} | columns).items():
        table[0, PLACE[name]] = value
    return float(bar.of(table)[0])


def test_the_bar_by_hand() -> None:
    bar = Bar(falls=(0.2, 0.6), high=1.0, low=-1.0, kin=1.5, words=0.1, numbers=0.2, numbered=(0.2, 0.7), telling=0.1, records=0.4, few=1.7)
    assert [bar_of(bar, surprise=s) for s in (0, 0.2, 0.4, 0.6, 3)] == pytest.approx([1, 1, 0, -1, -1], abs=1e-6)
    assert bar_of(bar, surprise=3, words_apart=0.05) == pytest.approx(-1 + 1.5 / 2, abs=1e-6)
    assert bar_of(bar, surprise=3, words_apart=0.5, numbers_apart=0.5) == pytest.approx(-1 + 3, abs=1e-6)
    assert bar_of(bar, surprise=0.4, numbers_apart=0.1) == pytest.approx((1 + (-1 + 1.5 / 2)) / 2, abs=1e-6)
    assert bar_of(bar, surprise=3, number_conflict=1) == pytest.approx(0.2, abs=1e-6)
    assert bar_of(bar, surprise=3, code_conflict=1) == pytest.approx(0.2, abs=1e-6)
    assert bar_of(bar, surprise=3, number_conflict=1, numbers_apart=0.05) == pytest.approx(0.45, abs=1e-6)  # half of the way
    assert bar_of(replace(bar, kin=0), surprise=3, code_conflict=1, numbers_apart=0.5) == pytest.approx(0.7, abs=1e-6)
    assert bar_of(bar, surprise=3, number_conflict=1, words_low=0.1) == -1  # more than the number differs: the model knows better
    assert bar_of(bar, surprise=3, number_conflict=1, shape=0.6) == -1  # in records it may be mistyped
    assert bar_of(bar, surprise=3, chance=math.log(51)) == pytest.approx(1.7, abs=1e-6)
    lower = replace(bar, many=(0.2, 0.6), copied=-2.0)
    assert [bar_of(lower, copies=share) for share in (0.1, 0.2, 0.4, 0.6, 0.9)] == pytest.approx([1, 1, 0, -1, -1], abs=1e-6)


def test_a_veto_stands_above_the_model() -> None:
    margin = np.array([3.0, 3.0, -6.0], np.float32)
    same = probability(margin, np.array([0, 1, 2], np.int8))
    np.testing.assert_allclose(same, [1 / (1 + math.exp(-m)) for m in (3, -4, -6)], atol=1e-6)
    np.testing.assert_allclose(probability(margin)[:2], 1 / (1 + math.exp(-3)), atol=1e-6)


def test_the_nearest_rows_against_the_whole_product() -> None:
    rng = np.random.default_rng(0)
    dense = (rng.random((70, 30)) * (rng.random((70, 30)) < 0.4)).astype(np.float32)
    product = dense @ dense.T
    np.fill_diagonal(product, -1)
    row, near = nearest(sp.csr_matrix(dense), 10)
    for i in range(70):
        best = set(np.argsort(-product[i])[:10].tolist())
        assert set(near[row == i].tolist()) == {j for j in best if product[i, j] > 0}
    vectors = np.eye(70, dtype=np.float32)
    left, right = candidates(vectors, sp.csr_matrix(dense), sp.csr_matrix(dense[:, ::-1]))
    assert len(left) >= 70 * 20 / 2  # twenty of the first table each, named by one or by both
    assert (left < right).all()


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        ("cable 5 m red", "cable 10 m red", "another quantity"),
        ("glove left", "glove right", "another of a set"),
        ("galaxy s9", "galaxy s9+", "a modifier"),
        ("cable 5 m red", "cable 500 cm red", ""),
        ("33p", "47 pF", "another quantity"),
        ("cola 330 ml", "cola 6 x 330 ml", "a number of pieces"),
        ("cola 330 ml", "cola 1 x 330 ml", ""),
        ("12 High Street", "14 High Street", "another quantity"),
        ("12 High Street", "12 Low Street", "another street"),
        ("12 High Street, York", "12 Hihg St, York", ""),
        ("12 rue Monge, Lyon", "12 rue Neuve, Lyon", "another street"),
        ("Hauptstr. 5, Berlin", "Hauptstr. 5, Bonn", ""),
        ("12 High Street", "12 High Street, Flat 4", "a modifier"),
        ("valve DN25 brass", "valve DN32 brass", "another quantity"),
        ("valve DN25 brass", "valve DN25 bronze", "another of a set"),
        ("Lumeko 7348 Mini", "Lumeko 7348 Plus", "another of a set"),
        ("Lumeko 7348 XL", "Lumeko 7348 Plus", "another of a set"),
        ("Lumeko 7348 black", "Lumeko 7348 silver Plus", "another of a set"),
        ("Lumeko 7348 black", "Lumeko 7348 Plus", ""),
    ],
)
def test_vetoes_by_hand(a: str, b: str, veto: str) -> None:
    lexicon = Lexicon.of([a, b], Tokeniser.of([a, b]))
    table = np.zeros((1, len(NAMES)), np.float32)
    part = aligned(lexicon, np.array([0]), np.array([1]))
    table[:, : part.shape[1]] = part
    assert VETOES[int(vetoes(table)[0])] == veto


def test_a_direction_inside_a_street_is_a_direction_still() -> None:
    texts = ["1090 South Charlotte Street, York", "232 James Street South, York", "232 James Street North, York"]
    pairs = compare(texts, np.eye(3, dtype=np.float32))
    of = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)).index((1, 2))
    assert VETOES[pairs.veto[of]] == "another of a set"


def test_that_numbers_may_be_mistyped_in_records_is_said() -> None:
    people = [f"{first} {last} {year}" for first in ("jane", "anna", "paul") for last in ("smith", "moore") for year in (1970, 1985)]
    vectors = np.eye(len(people), dtype=np.float32)
    assert ONE_SHAPE in compare(people, vectors).notes
    assert ONE_SHAPE not in compare(["hose", "hose red 12", "nut", "gear 3 m long"], vectors[:4]).notes


def test_a_tree_is_walked_as_a_loop_would() -> None:
    trees = [["letters", 0.5, ["rare", 1.0, 0.25, -1.0], 3.0], 0.5]
    table = np.zeros((3, len(NAMES)), np.float32)
    table[:, PLACE["letters"]], table[:, PLACE["rare"]] = [0.5, 0.2, 0.6], [1.0, 1.5, 9.0]
    assert Model(-1.0, trees, {}).log_odds(table).tolist() == [-0.25, -1.5, 2.5]


def test_the_model_knows_all_that_it_asks_for_and_is_monotone() -> None:
    model, rng = built_in(), np.random.default_rng(0)
    table = rng.uniform(0, 1.5, (400, len(NAMES))).astype(np.float32)
    before = model.log_odds(table)
    assert np.isfinite(before).all()
    for name, sign in NAMES.items():
        if sign:
            more = table.copy()
            more[:, PLACE[name]] += 0.5
            assert ((model.log_odds(more) - before) * sign >= -1e-4).all(), name


def test_strangeness_by_hand() -> None:
    table = np.zeros((2, len(NAMES)), np.float32)
    table[0, PLACE["letters"]], table[1, PLACE["rank"]] = 0.6, 1.0  # the second is the best pair of no text
    zeros, at = [0.0] * len(LOOKS), LOOKS.index("letters")
    far = [2.0 if i == at else 0.0 for i in range(len(LOOKS))]
    model = Model(0.0, [], {"looks": {"center": zeros, "spread": [0.2] * len(LOOKS), "far": 0.5, "lists": [zeros, far]}})
    assert model.strangeness(table) == pytest.approx(math.sqrt((3 - 2) ** 2 / len(LOOKS)) / 0.5, abs=1e-6)  # .6 is three deviations
    assert Model(0.0, [], {}).strangeness(table) == 0
    assert model.strangeness(table[:0]) == 0


@pytest.fixture(scope="module")
def vectors() -> dict[str, np.ndarray]:
    encoder = load_encoder("minilm", fast="off")
    return {name: encoder.encode(spelt(name)[0]) for name in LISTS}


@pytest.mark.parametrize(
    ("name", "least"), [("firms", 0.9), ("values", 0.95), ("addresses", 0.9), ("models", 0.9), ("groceries", 0.9), ("japanese firms", 0.9)]
)
def test_lists_that_other_tools_get_wrong(name: str, least: float, vectors: dict[str, np.ndarray]) -> None:
    texts, truth = spelt(name)
    clustering, merges = same_things(texts, vectors[name])
    assert pairwise(truth, clustering.labels)[2] >= least
    assert len(merges.why) == len(texts) - clustering.k


def test_the_order_of_the_rows_does_not_matter(vectors: dict[str, np.ndarray]) -> None:
    texts, _ = spelt("firms")
    order = np.random.default_rng(1).permutation(len(texts))
    first = same_things(texts, vectors["firms"])[0].labels
    second = same_things([texts[i] for i in order], vectors["firms"][order])[0].labels
    assert pairwise(first[order], second) == (1, 1, 1)


def test_a_new_text_is_matched_alone_as_among_others(vectors: dict[str, np.ndarray]) -> None:
    texts, truth = spelt("firms")
    known = np.arange(len(texts)) % 3 > 0
    some, asked = [t for t, k in zip(texts, known, strict=True) if k], [t for t, k in zip(texts, known, strict=True) if not k]
    X, labels = vectors["firms"], np.unique(truth[known], return_inverse=True)[1]
    together = match_variants(some, X[known], labels=labels, texts=asked, vectors=X[~known])
    for i, text in enumerate(asked):
        alone = match_variants(some, X[known], labels=labels, texts=[text], vectors=X[~known][[i]])
        assert (alone.label[0], alone.strength[0]) == (together.label[i], pytest.approx(together.strength[i], abs=1e-6))
    crowd = [f"{asked[0]} {i}" for i in range(60)]  # its words are no less rare for being asked about sixty times
    crowded = match_variants(some, X[known], labels=labels, texts=[asked[0], *crowd], vectors=np.repeat(X[~known][:1], 61, axis=0))
    assert crowded.strength[0] == pytest.approx(together.strength[0], abs=1e-6)
    owner = {int(t): int(g) for t, g in zip(truth[known], labels, strict=True)}
    asked_of_known = [i for i, t in enumerate(truth[~known]) if int(t) in owner]
    right = [together.label[i] == owner[int(truth[~known][i])] for i in asked_of_known]
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize("texts", [["a"], ["a", "b"], ["", " "], ["...", "!!"], ["", "x", "9"]], ids=repr)
def test_lists_of_little(texts: list[str]) -> None:
    found = compare(texts, np.ones((len(texts), 3), np.float32) / np.sqrt(3).astype(np.float32))
    assert (found.left < found.right).all()
    assert ((found.same >= 0) & (found.same <= 1)).all()
    assert same_things(texts, np.eye(len(texts), 4, dtype=np.float32))[0].k >= 1


def test_a_vector_a_text() -> None:
    with pytest.raises(InputError, match="2 texts came with 3 vectors"):
        compare(["a", "b"], np.eye(3, dtype=np.float32))
