"""The classifier on stored vectors: against torch, against a plain grid, and in what it leaves untouched."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from matomari.errors import InputError
from matomari.learn.correction import correction as correct
from matomari.learn.labels import classifier as module
from matomari.learn.labels.classifier import Classifier, fit, scaled
from matomari.learn.labels.temperature import calm
from matomari.vectors import normalise

SHORT = (6, 6)


def blobs(classes: int = 4, each: int = 20, width: int = 8, noise: float = 0.6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(classes, width))
    labels = np.repeat(np.arange(classes), each)
    return normalise((centres[labels] + rng.normal(0, noise, (len(labels), width))).astype(np.float32)), labels


def surprise(model: Classifier, X: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    """The mean negative log likelihood, in a plain loop."""
    total = 0.0
    for outputs, own in zip(model.outputs(X) / temperature, labels, strict=True):
        total += math.log(sum(math.exp(one - max(outputs)) for one in outputs)) + max(outputs) - outputs[own]
    return total / len(labels)


def test_the_forward_pass_is_that_of_torch() -> None:
    X, _ = blobs()
    head = module._head(X.shape[1], 4, torch.Generator().manual_seed(0))
    model = module._taken(head)
    with torch.no_grad():
        np.testing.assert_allclose(model.latent(X), head.latent(torch.from_numpy(X)).numpy(), atol=1e-6)
        for heat in (0.5, 1.0, 3.0):
            told = torch.softmax(head(torch.from_numpy(X)).double() / heat, dim=1).numpy()
            found = Classifier(model.W1, model.b1, model.W2, model.b2, heat).probabilities(X)
            assert found.dtype == np.float64
            np.testing.assert_allclose(found, told, atol=1e-6)
            np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)


def test_it_predicts_without_torch() -> None:
    code = "import sys; sys.modules['torch'] = None\nfrom matomari.learn.labels.classifier import Classifier\nimport numpy as np\n"
    code += "o = np.ones((2, 2), np.float32); print(Classifier(o, o[0], o, o[0]).probabilities(o)[0].tolist())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[0.5, 0.5]", done.stderr


def test_it_learns_and_keeps() -> None:
    X, labels = blobs(noise=0.3)
    new, truth = blobs(noise=0.3, seed=1)
    found, curve = fit(X, labels, 4)
    assert curve == []
    assert (found.probabilities(new).argmax(axis=1) == truth).mean() > 0.95
    again = Classifier.of(found.arrays())
    assert again.probabilities(new).tobytes() == found.probabilities(new).tobytes()


@pytest.mark.parametrize("corrected", [False, True])
def test_the_seed_decides_and_nothing_global_does(corrected: bool) -> None:
    X, labels = blobs()
    torch.manual_seed(5)
    np.random.seed(5)
    before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].tobytes()
    one, curve = fit(X, labels, 4, correct=corrected, seed=3, epochs=SHORT)
    assert torch.equal(torch.get_rng_state(), before)
    assert np.random.get_state()[1].tobytes() == numpy_before
    torch.manual_seed(77)
    two, again = fit(X, labels, 4, correct=corrected, seed=3, epochs=SHORT)
    other, _ = fit(X, labels, 4, correct=corrected, seed=4, epochs=SHORT)
    assert one.W1.tobytes() == two.W1.tobytes()
    assert one.W2.tobytes() == two.W2.tobytes()
    assert curve == again
    assert one.W1.tobytes() != other.W1.tobytes()


def test_both_ways_start_alike_and_go_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = blobs()
    plain, none = fit(X, labels, 4, epochs=SHORT)
    corrected, curve = fit(X, labels, 4, correct=True, epochs=SHORT)
    assert none == []
    assert curve
    assert plain.W1.tobytes() != corrected.W1.tobytes()
    monkeypatch.setattr(correct, "LatentClusterCorrection", partial(correct.LatentClusterCorrection, weight=0.0))
    idle, _ = fit(X, labels, 4, correct=True, epochs=SHORT)  # a correction that weighs nothing changes nothing, so the order was the same
    np.testing.assert_allclose(idle.W1, plain.W1, atol=1e-6)


def test_the_curve_holds_numbers_or_none() -> None:
    X, labels = blobs()
    _, curve = fit(X, labels, 4, correct=True)
    assert [one["epoch"] for one in curve] == [1, 11, 21, 31, 41, 51]
    assert all(value is None or math.isfinite(value) for one in curve for value in one.values())
    assert module._finite(math.nan) is None
    assert module._finite(0.5) == 0.5


def test_rows_without_a_class_change_nothing() -> None:
    X, labels = blobs()
    more = np.concatenate([X, -X[:7]])
    told = np.concatenate([labels, np.full(7, -1)])
    assert fit(more, told, 4, epochs=SHORT)[0].W1.tobytes() == fit(X, labels, 4, epochs=SHORT)[0].W1.tobytes()


def test_large_data_are_passed_over_less_often() -> None:
    for rows in (1, 64, 65, 21_333, 21_334, 500_000, 3_000_000):
        epochs = scaled(60, rows)
        steps = -(-rows // 64)
        assert 1 <= epochs <= 60
        assert epochs * steps <= 20_000 or epochs == 1
        assert epochs == 60 or (epochs + 1) * steps > 20_000


@pytest.mark.parametrize(("noise", "seed"), [(0.5, 1), (1.0, 2), (2.5, 3)])
def test_the_temperature_is_that_of_a_grid(noise: float, seed: int) -> None:
    X, labels = blobs(noise=0.5)
    new, truth = blobs(noise=noise, seed=seed)
    model, _ = fit(X, labels, 4)
    warm = replace(model, temperature=calm(model.outputs(new), truth))
    grid = np.geomspace(0.05, 20, 2000)
    losses = [surprise(model, new, truth, heat) for heat in grid]
    best = grid[int(np.argmin(losses))]
    assert warm.temperature == pytest.approx(best, rel=4e-3)
    assert surprise(model, new, truth, warm.temperature) <= min(losses) + 1e-9
    assert (warm.probabilities(new).argmax(axis=1) == model.probabilities(new).argmax(axis=1)).all()


def test_the_temperature_stays_where_nothing_speaks_for_another() -> None:
    X, labels = blobs(noise=0.05)
    model, _ = fit(X, labels, 4)
    assert calm(model.outputs(X), labels) == 1  # all are right
    wrong = labels.copy()
    wrong[:6] = 3
    assert calm(model.outputs(X), wrong) > 1


def test_what_does_not_fit_is_said() -> None:
    X, labels = blobs()
    for bad, message in (
        ((X, labels[:-1], 4), "labels of shape"),
        ((X[0], labels, 4), "vectors of shape"),
        ((X, labels, 3), "lower than the 3 classes"),
        ((X, np.full(len(X), -1), 4), "one of them not -1"),
    ):
        with pytest.raises(InputError, match=message):
            fit(*bad)
    arrays = fit(X, labels, 4, epochs=(1, 1))[0].arrays()
    for name, value in (("W2", arrays["W2"][:-1]), ("b1", arrays["b1"].astype(np.float64)), ("W1", arrays["W1"] * np.nan)):
        with pytest.raises(InputError, match=f"{name} of a classifier"):
            Classifier.of(arrays | {name: value})
    with pytest.raises(InputError, match="temperature"):
        Classifier.of(arrays | {"temperature": np.array(0.0)})
