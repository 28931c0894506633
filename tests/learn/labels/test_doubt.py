"""How far labels are believed: each voice against a plain loop, their product by hand, and what may not matter."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from matomari.errors import InputError
from matomari.learn.correction.matching import latent_communities, match
from matomari.learn.labels.doubt import BELIEVED, LEAST, NEIGHBORS, WIDTH, _around, _near, believed, doubts, out_of_fold
from matomari.vectors import Floats, Ints, normalise


def scene(seed: int = 0, n: int = 120, classes: int = 4) -> tuple[Floats, Ints, Ints]:
    """Overlapping classes, a tenth of the labels wrong, a few missing; and which are wrong."""
    rng = np.random.default_rng(seed)
    true = np.arange(n) % classes
    X = normalise((3 * np.eye(classes, 6)[true] + rng.normal(0, 0.6, (n, 6))).astype(np.float32))
    labels = true.copy()
    wrong = rng.permutation(n)[: n // 10]
    labels[wrong] = (true[wrong] + 1) % classes
    labels[wrong[:3]] = -1
    return X, labels, wrong[3:]


@pytest.mark.parametrize("seed", range(4))
def test_the_neighbours_voice_is_that_of_a_plain_loop(seed: int) -> None:
    X, labels, _ = scene(seed, 60)
    found = _near(X, labels, 4, 0)
    for i in range(len(X)):
        others = sorted((j for j in range(len(X)) if j != i), key=lambda j: -float(X[i] @ X[j]))[:NEIGHBORS]
        voice = np.zeros(4)
        for j in others:
            if labels[j] >= 0:
                voice[labels[j]] += np.exp((float(X[i] @ X[j]) - 1) / WIDTH)
        np.testing.assert_allclose(found[i], voice / voice.sum(), atol=1e-4)


def test_the_communitys_voice_leaves_the_sample_itself_out() -> None:
    matching = match(np.array([0, 0, 1, 1, -1]), np.array([0, 0, 0, 1, 1]))
    np.testing.assert_allclose(_around(matching), [[0.5, 0.5], [0.5, 0.5], [1, 0], [0, 0], [0, 1]])


def test_the_classifier_never_saw_the_sample() -> None:
    X, labels, _ = scene()
    found = out_of_fold(X, labels, 4)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
    seen = LogisticRegression(C=10.0, max_iter=200).fit(X[labels >= 0], labels[labels >= 0]).predict_proba(X)
    own = np.flatnonzero(labels >= 0)
    assert found[own, labels[own]].mean() < seen[own, labels[own]].mean() - 0.01
    alone = labels.copy()
    alone[7] = 9  # the only one of its class: whoever has not seen it gives that nothing
    assert out_of_fold(X, alone, 10)[7, 9] == 0


def test_the_score_is_the_product_of_the_voices() -> None:
    X, labels, _ = scene()
    matching = latent_communities(X, labels)
    chance = np.full((len(X), 4), 0.25)
    found = doubts(X, matching, probabilities=chance)
    voices = (chance, _near(X, labels, 4, 0), _around(matching))
    for i in range(len(X)):
        product = np.prod([voice[i] + least for voice, least in zip(voices, LEAST, strict=True)], axis=0)
        product /= product.sum()
        if labels[i] >= 0:
            assert found.score[i] == pytest.approx(product[labels[i]], abs=1e-6)
        issue = labels[i] >= 0 and product.max() > 9 * product[labels[i]]
        assert found.issue[i] == issue
        assert found.suggested[i] == (product.argmax() if issue or labels[i] < 0 else labels[i])


def test_given_probabilities_are_heard() -> None:
    X, labels, _ = scene()
    matching = latent_communities(X, labels)
    sure = np.full((len(X), 4), 1e-9)
    sure[np.arange(len(X)), np.maximum(labels, 0)] = 1.0
    row = int(np.flatnonzero(labels >= 0)[5])
    before = doubts(X, matching, probabilities=sure).score[row]
    sure[row] = [0.25] * 4
    assert doubts(X, matching, probabilities=sure).score[row] < before


@pytest.mark.parametrize("seed", range(5))
def test_planted_errors_are_the_least_believed(seed: int) -> None:
    X, labels, wrong = scene(seed)
    found = doubts(X, latent_communities(X, labels))
    told = labels >= 0
    assert np.isnan(found.score[~told]).all()
    assert not found.issue[~told].any()
    assert np.nanmax(found.score[wrong]) < np.nanmedian(found.score)
    assert set(wrong.tolist()) <= set(np.flatnonzero(found.issue).tolist())
    assert found.issue.sum() <= len(wrong) + 3


def test_the_order_of_storage_changes_nothing() -> None:
    X, labels, _ = scene()
    order = np.random.default_rng(1).permutation(len(X))
    one, other = doubts(X, latent_communities(X, labels)), doubts(X[order], latent_communities(X[order], labels[order]))
    np.testing.assert_allclose(other.score, one.score[order], atol=1e-9)
    assert other.suggested.tolist() == one.suggested[order].tolist()


def test_the_only_sample_of_a_class_cannot_be_judged() -> None:
    X, labels, _ = scene()
    labels[7] = 6  # 4 and 5 do not exist
    found = doubts(X, latent_communities(X, labels))
    assert np.isnan(found.score[7])
    assert not found.issue[7]
    assert found.suggested[7] == 6
    assert not np.isin(found.suggested, [4, 5]).any()


@pytest.mark.parametrize("labels", [[0] * 8, [0] * 7 + [1], list(range(8)), [0, -1] * 4, [0, 0, 0, 1, -1, -1, -1, -1]])
def test_few_labels_have_a_defined_result(labels: list[int]) -> None:
    X = np.random.default_rng(0).normal(size=(8, 3))
    found = doubts(X, latent_communities(X, np.array(labels)))
    scored = found.score[np.isfinite(found.score)]
    assert ((scored >= 0) & (scored <= 1)).all()
    assert np.isin(found.suggested, labels).all()


def test_equal_vectors_and_different_lengths() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1])
    found = doubts(np.ones((6, 4)), latent_communities(np.ones((6, 4)), labels))
    assert np.isfinite(found.score).all()
    matching = latent_communities(np.eye(6), labels)
    with pytest.raises(InputError, match="5 latent vectors and 6 samples"):
        doubts(np.eye(6)[:5], matching)
    with pytest.raises(InputError, match="not \\(6, 2\\)"):
        doubts(np.eye(6), matching, probabilities=np.ones((6, 3)))


def test_a_label_is_an_issue_where_another_is_nine_times_likelier() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1])
    X, chance = np.ones((6, 4)), np.full((6, 2), 0.5)
    chance[0], chance[1] = (0.3, 0.7), (0.05, 0.95)  # with two of five others of the own class: 3.9 and 27 times
    found = doubts(X, latent_communities(X, labels), probabilities=chance)
    assert found.issue.tolist() == [False, True, False, False, False, False]
    assert found.suggested.tolist() == [0, 1, 0, 1, 1, 1]
    assert found.score[0] / (1 - found.score[0]) == pytest.approx(0.31 * 0.5 * 0.9 / (0.71 * 0.7 * 1.1), rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_hardly_believed_is_left_out(seed: int) -> None:
    X, labels, wrong = scene(seed)
    kept, found = believed(X, labels, seed=seed), doubts(X, latent_communities(X, labels, seed=seed), seed=seed)
    expected = [labels[i] >= 0 and not (found.issue[i] and found.score[i] <= BELIEVED) for i in range(len(X))]
    assert kept.tolist() == expected
    right = np.setdiff1d(np.flatnonzero(labels >= 0), wrong)
    assert kept[wrong].mean() < 0.4
    assert kept[right].mean() > 0.97
    shuffled = np.random.default_rng(seed).permutation(len(X))
    assert believed(X[shuffled], labels[shuffled], seed=seed).tolist() == kept[shuffled].tolist()


@pytest.mark.parametrize(("strays", "kept"), [(2, True), (3, True), (1, False)])
def test_a_class_that_would_lose_half_of_its_samples_keeps_all(strays: int, kept: bool) -> None:
    X, labels, _ = scene(n=200)
    labels[labels < 0] = 0
    far = normalise(
        np.concatenate([X, np.eye(6, dtype=np.float32)[[5] * 3] + np.random.default_rng(0).normal(0, 0.1, (3, 6)).astype(np.float32)])
    )
    stray = np.flatnonzero(labels == 1)[:strays]
    labels[stray] = 4  # in the midst of class 1; so many others of class 4 are by themselves
    labels = np.concatenate([labels, [4] * 3])[: 200 + (2 if strays == 2 else 3)]
    X = far[: len(labels)]
    found = doubts(X, latent_communities(X, labels))
    assert (found.score[stray] <= BELIEVED).all()
    assert found.issue[stray].all()
    assert not found.issue[200:].any()
    assert believed(X, labels)[stray].tolist() == [kept] * strays
    assert believed(X, labels)[200:].all()
