"""Familiarity of new rows: against plain loops over the definition, and against what a probability of classes cannot see."""

from __future__ import annotations

import numpy as np
import pytest

from matomari.learn.labels.classifier import fit
from matomari.learn.labels.novelty import NEAREST, STRANGE, familiarity, nearness
from matomari.vectors import normalise


def loop(a: np.ndarray, others: np.ndarray) -> float:
    """Mean cosine of the nearest, one row at a time."""
    cosines = sorted((float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for b in others), reverse=True)[:NEAREST]
    return sum(cosines) / len(cosines)


@pytest.mark.parametrize("n", [3, 6, 40])
def test_both_are_what_a_plain_loop_says(n: int) -> None:
    rng = np.random.default_rng(n)
    known, new = rng.normal(size=(n, 7)), rng.normal(size=(9, 7)) * 100  # lengths do not matter
    near = nearness(known)
    alone = [loop(known[i], np.delete(known, i, axis=0)) for i in range(n)]
    assert near == pytest.approx(alone, abs=1e-6)
    assert near.dtype == np.float32
    expected = [(1 + sum(one <= loop(row, known) for one in alone)) / (n + 1) for row in new]
    assert familiarity(new, known, near).tolist() == pytest.approx(expected)


def test_a_known_row_asked_again_is_as_familiar_as_it_was_or_more() -> None:
    known = np.random.default_rng(1).normal(size=(50, 6))
    near = nearness(known)
    again = familiarity(known, known, near)
    assert (again >= [(1 + (near <= one).sum()) / 51 for one in near]).all()
    copies = np.repeat(known[:3], 100, axis=0)  # copies of three rows are as near to one another as can be, whatever their length
    assert familiarity(copies * np.linspace(0.1, 900, 300)[:, None], copies, nearness(copies)).tolist() == [1.0] * 300


def test_one_known_row() -> None:
    one = np.ones((1, 3))
    assert nearness(one).tolist() == [1.0]
    assert familiarity(np.array([[2.0, 2.0, 2.0], [1.0, 0.0, 0.0]]), one, np.array([0.9], np.float32)).tolist() == [1.0, 0.5]


def test_what_is_far_from_everything_is_strange_though_the_classifier_is_sure() -> None:
    rng = np.random.default_rng(0)
    centres = normalise(rng.normal(size=(4, 32)).astype(np.float32))
    labels = np.repeat(np.arange(4), 50)
    X = normalise(centres[labels] + 0.08 * rng.normal(size=(200, 32)).astype(np.float32))
    head, _ = fit(X, labels, 4, seed=0)
    known, near = head.latent(X), nearness(head.latent(X))
    home = normalise(centres[labels] + 0.08 * rng.normal(size=(200, 32)).astype(np.float32))
    far = normalise(rng.normal(size=(200, 32)).astype(np.float32))
    assert (familiarity(head.latent(home), known, near) < STRANGE).mean() < 0.06
    strange = familiarity(head.latent(far), known, near) < STRANGE
    assert strange.mean() > 0.9
    assert (head.probabilities(far).max(axis=1)[strange] > 0.9).any()
