"""The nearest good example of a class, against plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from builders.audits import planted, run, topics
from matomari.learn.correction.matching import Matching, latent_communities, match
from matomari.learn.labels.doubt import Doubts, doubts
from matomari.operate import examples
from matomari.operate.audit import judge as judging
from matomari.operate.examples import nearest_correct
from matomari.vectors import normalise


def test_the_nearest_correct_example_is_that_of_a_plain_loop() -> None:
    table = planted()
    found = run(table).label_issues.to_pylist()
    X = normalise(topics().encode(table["body"].to_pylist())).astype(float)
    good = [not row["is_label_issue"] and not row["is_misclustered"] for row in found]
    for i, row in enumerate(found):
        near = [j for j, other in enumerate(found) if j != i and good[j] and other["given_label"] == row["suggested_label"]]
        best = max(near, key=lambda j: X[i] @ X[j])
        assert row["nearest_correct_id"] == found[best]["id"]
        assert row["nearest_correct"] == found[best]["text"]
        assert row["nearest_correct_cosine"] == pytest.approx(X[i] @ X[best], abs=2e-6)


@pytest.mark.parametrize(("tall", "wide"), [(1, 1), (3, 2), (1000, 1000)])
def test_pieces_change_no_nearest_example(tall: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    X = normalise(rng.normal(size=(40, 3)).astype(np.float32))
    X[30:] = X[:10]  # equal rows are each other's nearest, and the first of several counts
    wanted, shown = rng.integers(-1, 4, 40), rng.integers(-1, 3, 40)
    monkeypatch.setattr(examples, "TALL", tall)
    monkeypatch.setattr(examples, "WIDE", wide)
    rows, cosines = nearest_correct(X, wanted, shown)
    for i in range(40):
        near = [j for j in range(40) if j != i and wanted[i] >= 0 and shown[j] == wanted[i]]
        told = max(near, key=lambda j: (round(float(X[i] @ X[j]), 6), -j), default=-1)
        assert rows[i] == told
        assert np.isnan(cosines[i]) if told < 0 else cosines[i] == pytest.approx(X[i] @ X[told], abs=2e-6)


@pytest.mark.parametrize("fault", ["suspected", "elsewhere"])
def test_only_what_nothing_speaks_against_is_an_example(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row that most others have for an example gets a fault, and nobody has it any more."""
    X, labels, ids = topics().encode(planted()["body"].to_pylist()), np.repeat(np.arange(5), 24), planted()["key"].to_pylist()
    told = normalise(X), np.arange(120), labels, ids, np.zeros(120, bool)
    before = judging.judge(*told)
    most = int(np.bincount(before.nearest).argmax())
    there = before.rows == most

    def doubting(Z: Any, matching: Any, seed: int) -> Doubts:
        found = doubts(Z, matching, seed=seed)
        found.issue[there] = fault == "suspected"
        return found

    def moved(Z: Any, own: Any, seed: int) -> Matching:
        found = latent_communities(Z, own, seed=seed)
        away = (found.communities[there] + 1) % len(found.owner)
        return match(own, np.where(there, away, found.communities)) if fault == "elsewhere" else found

    monkeypatch.setattr(judging, "doubts", doubting)
    monkeypatch.setattr(judging, "latent_communities", moved)
    after = judging.judge(*told)
    assert (before.nearest == most).sum() > 1
    assert (after.doubts.issue.sum(), after.matching.misclustered.sum()) == ((1, 0) if fault == "suspected" else (0, 1))
    assert not (after.nearest == most).any()
    assert (after.nearest >= 0).all()
