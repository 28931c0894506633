"""Which pairs are shown for review, how many groups are expected to be wrong, and a precision that is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from builders.spellings import spelt
from matomari import load_encoder
from matomari.cluster.variants.linkage import average_linkage
from matomari.cluster.variants.pairs import VETOES, ScoredPairs, compare
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser
from matomari.cluster.variants.review import doubtful
from matomari.cluster.variants.variants import same_things


def scored(pairs: list[tuple[int, int, float, int, float]]) -> ScoredPairs:
    """Pairs of six texts, by hand: left, right, probability, veto, probability without it."""
    texts = ["bolt one", "bolt two", "bolt three", "bolt four", "bolt five", "bolt six"]
    left, right, same, veto, otherwise = (np.asarray(column) for column in zip(*pairs, strict=True))
    return ScoredPairs(
        lexicon=Lexicon.of(texts, Tokeniser.of(texts)),
        left=left,
        right=right,
        same=same.astype(np.float32),
        veto=veto.astype(np.int8),
        otherwise=otherwise.astype(np.float32),
    )


def test_the_nearest_to_even_odds_come_first_one_of_each_two_groups() -> None:
    pairs = scored(
        [
            (0, 1, 0.9, 0, 0.9),  # in one group
            (0, 2, 0.7, 0, 0.7),  # in one group, more doubtful
            (0, 3, 0.3, 0, 0.3),  # apart
            (1, 3, 0.4, 0, 0.4),  # the same two groups, more doubtful; one of three pairs, so .18
            (3, 4, 0.05, 0, 0.05),  # no doubt
            (4, 5, 0.02, 1, 0.8),  # refused
            (2, 5, 0.02, 2, 0.95),  # refused, though likelier otherwise
            (1, 5, 0.02, 2, 0.4),  # refused, and different anyhow
        ]
    )
    found = doubtful(pairs, np.array([0, 0, 0, 1, 2, 3]))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 2), (1, 3), (2, 5), (4, 5)]
    assert found.together.tolist() == [True, False, False, False]
    assert [why.startswith("refused: ") for why in found.why] == [False, False, True, True]
    assert found.why[2].startswith(f"refused: {VETOES[2]}; equal bolt")
    assert doubtful(pairs, np.array([0, 0, 0, 1, 2, 3]), most=2).first.tolist() == [0, 1]


def test_what_is_refused_is_shown_beside_what_is_doubtful_between_the_same_groups() -> None:
    pairs = scored([(0, 2, 0.3, 0, 0.3), (1, 2, 0.02, 1, 0.9), (1, 3, 0.02, 1, 0.8)])
    found = doubtful(pairs, np.array([0, 0, 1, 1, 2, 3]))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_the_tie_of_a_merge_is_its_strongest_pair() -> None:
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])
    tree = average_linkage(3, left, right, np.array([0.9, 0.8, 0.4], np.float32))
    np.testing.assert_allclose(tree.tie, [0.9, 0.8], atol=1e-6)


def test_faint_pairs_count_as_none() -> None:
    left, right, score = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.9, 0.8, 0.01], np.float32)
    np.testing.assert_allclose(average_linkage(3, left, right, score, faint=0.02).height, [0.9, 0.4], atol=1e-6)
    np.testing.assert_allclose(average_linkage(3, left, right, score).height, [0.9, 0.405], atol=1e-6)


@pytest.fixture(scope="module")
def models() -> tuple[list[str], np.ndarray]:
    texts = spelt("models")[0]  # among models some pairs are doubtful
    return texts, load_encoder("minilm", fast="off").encode(texts)


def test_a_higher_precision_merges_less(models: tuple[list[str], np.ndarray]) -> None:
    found = {p: same_things(*models, precision=p)[0] for p in (0.5, 0.9, 0.99)}
    pairs = compare(*models)
    ks = [clustering.k for clustering in found.values()]
    assert ks == sorted(ks)
    assert ks[0] < ks[-1]
    for precision, clustering in found.items():
        together = clustering.labels[pairs.left] == clustering.labels[pairs.right]
        assert float(pairs.same[together].mean()) >= precision
        assert f"{precision:.0%} were asked for" in clustering.reason


def test_a_precision_that_no_cut_promises_is_said(models: tuple[list[str], np.ndarray]) -> None:
    clustering, _ = same_things(*models, precision=0.99999)
    assert any(note.startswith("no cut promises a precision of 1.00") for note in clustering.notes)


def test_how_many_groups_are_expected_to_be_wrong_is_said(models: tuple[list[str], np.ndarray]) -> None:
    clustering, merges = same_things(*models)
    several = int((np.bincount(clustering.labels) > 1).sum())
    expected = "less than one is" if merges.wrong < 0.5 else f"some {merges.wrong:,.0f} {'is' if merges.wrong < 1.5 else 'are'}"
    assert 0 < merges.wrong < several
    assert f"review.csv has the {len(merges.doubtful.first)} most doubtful pairs" in clustering.notes[-1]
    assert f"of {several} groups of several spellings, {expected} expected to hold two things" in clustering.notes[-1]
