"""Rounds without labels: the head against plain algebra, the gate against heads that do harm."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from builders.learner import student
from matomari import SphericalKMeans
from matomari.errors import InputError
from matomari.learn.texts.gate import FAITHFUL, Probe, Round, effective_rank, pairs_found
from matomari.learn.texts.head import community_directions, linear_head, scales, through, with_head
from matomari.learn.texts.rounds import learn_rounds
from matomari.metrics.grouping import adjusted_mutual_info
from matomari.vectors import Floats, normalise


def topics(n: int = 900, k: int = 12, d: int = 48, noise: float = 0.4, seed: int = 0) -> tuple[Floats, np.ndarray]:
    """Directions of k topics in a few dimensions, under noise that is alike in all; and the topic of each row."""
    rng = np.random.default_rng(seed)
    places = rng.standard_normal((k, 8)) @ rng.standard_normal((8, d)) / 8**0.5 / d**0.5
    topic = rng.integers(k, size=n)
    return normalise((places[topic] + noise * rng.standard_normal((n, d)) / d**0.5 * 3).astype(np.float32)), topic


def test_the_head_is_the_least_of_its_objective() -> None:
    rng = np.random.default_rng(0)
    X, toward = (normalise(rng.standard_normal((20, 3)).astype(np.float32)) for _ in range(2))
    pull, ridge = 0.7, 0.2
    target = normalise(X + np.float32(pull) * toward).astype(np.float64)
    hold = ridge * np.trace(X.T.astype(np.float64) @ X) / 3

    def objective(flat: np.ndarray) -> float:
        W = flat.reshape(3, 3)
        return float(((X @ W - target) ** 2).sum() + hold * ((W - np.eye(3)) ** 2).sum())

    best = minimize(objective, np.eye(3).ravel(), tol=1e-12).x.reshape(3, 3)
    np.testing.assert_allclose(linear_head(X, toward, pull, ridge), best, atol=1e-4)


def test_a_stiff_ridge_leaves_everything_where_it_is() -> None:
    X, _ = topics()
    np.testing.assert_allclose(linear_head(X, -X, 0.5, 1e6), np.eye(48), atol=1e-4)


def test_community_directions_are_those_of_a_plain_loop() -> None:
    X, _ = topics(60)
    found = [np.arange(60) % 3, np.arange(60) % 7]
    for i in range(60):
        total = np.zeros(48)
        for labels in found:
            mean = X[labels == labels[i]].astype(np.float64).sum(axis=0)
            total += mean / np.linalg.norm(mean)
        np.testing.assert_allclose(community_directions(X, found)[i], total / np.linalg.norm(total), atol=1e-5)


def test_finer_scales_have_more_communities() -> None:
    counts = [int(labels.max()) + 1 for labels in scales(topics()[0])]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_new_rows_are_grouped_better_through_the_head() -> None:
    gains = []
    for seed in range(4):
        X, topic = topics(2400, 40, noise=0.3, seed=seed)
        outcome = learn_rounds(X[:1200], 1, seed=seed)
        assert outcome.head is not None
        for rows, sign in ((X[1200:], -1), (through(X[1200:], outcome.head), 1)):
            found = [SphericalKMeans(40, random_state=s).fit(rows).labels_ for s in range(3)]
            gains.append(sign * np.mean([adjusted_mutual_info(topic[1200:], labels) for labels in found]))
    assert sum(gains) / 4 > 0.01


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("pull", "ridge"), [(50.0, 1e-3), (500.0, 1e-5)])
def test_a_round_that_flattens_everything_is_rejected_however_stable(pull: float, ridge: float, seed: int) -> None:
    X, _ = topics(seed=seed)
    outcome = learn_rounds(X, 3, pull=pull, ridge=ridge, seed=seed)
    assert outcome.head is None
    assert [one.kept for one in outcome.rounds] == [True, False]
    assert outcome.rounds[1].stability > outcome.rounds[0].stability  # which alone would have let it pass


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (np.eye(48, dtype=np.float32)[:, :2] @ np.eye(48, dtype=np.float32)[:2], "the effective rank falls"),
        (np.random.default_rng(0).standard_normal((48, 48)).astype(np.float32) ** 3, "the order of cosines is kept to"),
    ],
)
def test_the_gate_names_what_a_head_has_lost(head: Floats, said: str) -> None:
    X, _ = topics()
    probe = Probe(X[:700], X[700:], 0)
    found = probe.of(1, head, (), probe.of(0, None, ()))
    assert not found.kept
    assert said in found.reason


def test_a_head_that_makes_groups_less_stable_is_rejected() -> None:
    X, topic = topics(noise=0.2)
    places = np.stack([X[topic == t].mean(axis=0) for t in range(12)]).astype(np.float64)
    axes = np.linalg.svd(places, full_matrices=False)[2][:6]
    away = (np.eye(48) - 0.35 * axes.T @ axes).astype(np.float32)  # what tells topics apart counts for less, all else stays
    probe = Probe(X[:700], X[700:], 0)
    found = probe.of(1, away, (), probe.of(0, None, ()))
    assert found.fidelity >= FAITHFUL
    assert not found.kept
    assert found.reason.startswith("held-out texts are grouped less stably")


def test_the_same_head_changes_nothing_and_is_kept() -> None:
    X, _ = topics()
    probe = Probe(X[:700], X[700:], 0)
    start = probe.of(0, None, ())
    same = probe.of(1, np.eye(48, dtype=np.float32), (), start)
    assert same.kept
    assert same.stability == start.stability
    assert same.fidelity == pytest.approx(1)
    assert same.rank == pytest.approx(start.rank, rel=1e-4)


def test_a_round_after_which_given_pairs_are_found_less_well_is_rejected() -> None:
    """What a head turns down: the only thing that some pairs share, and the only thing in which others differ."""
    X, _ = topics()
    head = np.diag(np.repeat([0.5, 1.0], [6, 42])).astype(np.float32)
    rng = np.random.default_rng(1)

    def judged(sharing: slice) -> Round:
        own, other = rng.standard_normal((2, 80, 48)).astype(np.float32)
        own[:, :6], other[:, :6] = 2 * own[:, :6], 2 * other[:, :6]
        other[:, sharing] = own[:, sharing]
        probe = Probe(X[:700], X[700:], 0, (own, other))
        before = probe.of(0, None, ())
        after = probe.of(1, head, (), before)
        assert before.found is not None
        assert after.found is not None
        assert (after.found < before.found) == ("the given pairs are found less well, NDCG@10" in after.reason) == (sharing.start == 0)
        return after

    assert not judged(slice(0, 6)).kept
    judged(slice(6, 30))


def test_pairs_are_found_as_pytrec_eval_says() -> None:
    import pytrec_eval

    rng = np.random.default_rng(3)
    anchors, positives = (normalise(rng.standard_normal((40, 6)).astype(np.float32)) for _ in range(2))
    run = {f"q{i}": {f"d{j}": float(c) for j, c in enumerate(row)} for i, row in enumerate(anchors @ positives.T)}
    judge = pytrec_eval.RelevanceEvaluator({f"q{i}": {f"d{i}": 1} for i in range(40)}, {"ndcg_cut.10"})
    theirs = np.mean([one["ndcg_cut_10"] for one in judge.evaluate(run).values()])
    assert pairs_found(anchors, positives) == pytest.approx(theirs, abs=1e-9)


def test_the_effective_rank_of_a_cloud_is_its_dimension() -> None:
    cloud = np.random.default_rng(0).standard_normal((20_000, 7))
    assert effective_rank(cloud) == pytest.approx(7, rel=0.01)
    assert effective_rank(cloud * [1, 1, 1, 0, 0, 0, 0]) == pytest.approx(3, rel=0.01)


def test_rounds_do_not_depend_on_copies_or_on_the_order_of_calls() -> None:
    X, _ = topics()
    first = learn_rounds(X, 2, seed=3)
    again = learn_rounds(np.concatenate([X, X[:300], np.zeros((5, 48), np.float32)]), 2, seed=3)
    assert first.rows == again.rows == 900
    np.testing.assert_array_equal(first.head, again.head)


def test_too_few_texts_are_refused() -> None:
    X, _ = topics(150)
    with pytest.raises(InputError, match="150 distinct texts are too few to learn from"):
        learn_rounds(np.repeat(X, 5, axis=0))
    with pytest.raises(InputError, match="'n_rounds' parameter"):
        learn_rounds(X, 0)
    with pytest.raises(InputError, match="'pull' and 'ridge' of linear_head"):
        linear_head(X, X, pull=0)


def test_a_model_with_a_head_gives_what_the_algebra_gives(tmp_path: object) -> None:
    from sentence_transformers import SentenceTransformer

    model = student(width=16)
    head = np.random.default_rng(0).standard_normal((16, 16)).astype(np.float32)
    texts = [f"w{i} w{i + 1}" for i in range(50)]
    wanted = normalise(model.encode(texts) @ head)
    tuned = with_head(model, head)
    np.testing.assert_allclose(tuned.encode(texts), wanted, atol=1e-5)
    tuned.save(str(tmp_path), create_model_card=False)
    np.testing.assert_allclose(SentenceTransformer(str(tmp_path), device="cpu").encode(texts), wanted, atol=1e-5)
