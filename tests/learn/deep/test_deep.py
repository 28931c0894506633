"""Deep soft k-means: never worse than its start, the same again, and wrong input by its name."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from builders.deep import SHORT, bars, clouds, everything, fitted
from matomari.errors import InputError
from matomari.learn.deep import DeepSoftKMeans
from matomari.learn.deep.settings import Training
from matomari.learn.deep.training import TrainingRun

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


@pytest.mark.parametrize(
    "X", [clouds(), bars(), (bars() * 255).astype(np.uint8), clouds().astype(np.float16)], ids=["vectors", "images", "bytes", "half"]
)
def test_labels_are_the_likeliest_groups(X: Any) -> None:
    model = fitted(X, k=2)
    p = model.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(model.predict(X), p.argmax(axis=1))
    np.testing.assert_array_equal(model.labels_, model.predict(X))
    np.testing.assert_allclose(np.linalg.norm(model.transform(X), axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(model.partition_.labels, model.labels_)
    assert model.code_.intake.network == ("conv" if np.ndim(X) == 3 else "mlp")


def test_groups_that_are_there_are_found() -> None:
    X, truth = clouds(300), np.argmax(clouds(300)[:, :4], axis=1)
    model = fitted(X, training=Training(pretrain_epochs=10, epochs=5))
    table = np.zeros((4, 4), int)
    np.add.at(table, (truth, model.labels_), 1)
    assert sorted(table.argmax(axis=1)) == [0, 1, 2, 3]
    assert table.max(axis=1).sum() >= 297


def test_bytes_count_as_shares_of_255() -> None:
    X = (bars() * 255).astype(np.uint8)
    model = fitted(X, k=2)
    np.testing.assert_allclose(model.transform(X / np.float32(255)), model.transform(X), atol=1e-5)


def test_the_order_of_rows_changes_nothing_but_the_order() -> None:
    X, order = bars(), np.random.default_rng(5).permutation(96)
    model = fitted(X, k=2)
    np.testing.assert_allclose(model.predict_proba(X[order]), model.predict_proba(X)[order], atol=1e-4)


@pytest.mark.parametrize("harm", [{"lr": 30.0, "pretrain_lr": 1e-3}, {"objective": "soft", "weight": 50.0}], ids=["rate", "collapse"])
def test_never_worse_than_the_start(harm: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    training = replace(SHORT, weight=harm.get("weight", 0.5), epochs=8, pretrain_epochs=12)
    if "lr" in harm:
        monkeypatch.setattr(TrainingRun, "_steady", lambda self: iter(lambda: harm["lr"], None))
    with pytest.warns(ConvergenceWarning, match="the start is kept"):
        model = fitted(training=training, objective=harm.get("objective", "mi_adm"))
    assert model.kept_ == "start"
    np.testing.assert_array_equal(model.transform(clouds()), model.start_.embedding_)
    assert not model.objective_history_[-1] < model.objective_history_[0]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_has_the_lower_cost(seed: int) -> None:
    model = fitted(random_state=seed)
    start, kept = (stage.judgement_.cost(SHORT.weight) for stage in (model.start_, model.soft_))
    assert model.objective_history_[0] == pytest.approx(start, rel=1e-6)
    assert kept == pytest.approx(min(start, model.objective_history_[-1]), rel=1e-6)
    assert model.kept_ == ("trained" if model.objective_history_[-1] < start else "start")


def test_rows_held_out_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    changed = TrainingRun._changed
    monkeypatch.setattr(TrainingRun, "_changed", lambda self, rows, draw: (seen.append(rows), changed(self, rows, draw))[1])
    runs: list[TrainingRun] = []
    split = TrainingRun._split
    monkeypatch.setattr(TrainingRun, "_split", lambda self: (runs.append(self), split(self))[1])
    fitted()
    trained = {row.numpy().tobytes() for rows in seen for row in rows}
    held = {row.numpy().tobytes() for row in runs[0].rows[runs[0].held]}
    assert len(held) == 16
    assert len(trained) == 144
    assert not trained & held


def test_the_seed_decides_and_nobody_elses_numbers_are_touched() -> None:
    np.random.seed(1)
    torch.manual_seed(1)
    random.seed(1)
    before = (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate())
    first = everything(fitted(bars(), k=2))
    assert (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate()) == before
    torch.manual_seed(2)
    np.random.seed(2)
    assert everything(fitted(bars(), k=2)) == first
    assert everything(fitted(bars(), k=2, random_state=1)) != first


def test_with_hardly_more_rows_than_clusters_all_are_trained_on() -> None:
    X = clouds(4)
    model = fitted(X)
    assert set(model.labels_) <= {0, 1, 2, 3}
    assert len(model.labels_) == 4


def test_every_epoch_draws_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: set[int] = set()
    monkeypatch.setattr(TrainingRun, "_changed", lambda self, rows, draw: (seeds.add(draw.initial_seed()), rows)[1])
    assert len(fitted().objective_history_) - 1 + SHORT.pretrain_epochs == len(seeds)


def test_a_clone_has_the_same_parameters() -> None:
    model = DeepSoftKMeans(3, training=SHORT)
    assert clone(model).get_params() == model.get_params()


HOLED = clouds()


HOLED[3, 2] = np.nan


@pytest.mark.parametrize(
    ("X", "parameters", "said"),
    [
        (HOLED, {}, "X holds NaN in row 3, column 2"),
        (clouds(3), {}, "n_samples=3 should be >= n_clusters=4"),
        (np.zeros((2, 2, 2, 2, 2)), {}, r"got shape \(2, 2, 2, 2, 2\)"),
        (clouds(), {"network": "deep"}, "'network' parameter of DeepSoftKMeans must be one of"),
        (clouds(), {"network": "conv"}, "needs images"),
        (bars(side=7), {"network": "conv"}, "at least 8 x 8 pixels, got 7 x 8"),
        (clouds(), {"code": 1}, "'code'"),
        (clouds(), {"k": 0}, "'n_clusters'"),
        (clouds(), {"objective": "hard"}, "'objective'"),
        (clouds(), {"device": "abacus"}, "'device'"),
        (clouds(), {"random_state": "x"}, "'random_state'"),
        (clouds(), {"training": Training(lr=0)}, "'lr' parameter of Training"),
        (clouds(), {"training": Training(epochs=-1)}, "'epochs'"),
        (clouds(), {"training": Training(held_out=0.9)}, "'held_out'"),
        (clouds(), {"training": replace(SHORT, lr=1e12)}, "Pre-training diverged"),
        (clouds(), {"checkpoint": "x", "random_state": None}, "without random_state"),
    ],
)
def test_wrong_input_is_named(X: Any, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        fitted(X, **parameters)
    assert caught.value.hint


def test_rows_of_another_kind_are_named() -> None:
    model = fitted()
    with pytest.raises(InputError, match=r"rows of shape \(3, 4\), but DeepSoftKMeans was fitted on rows of shape \(12,\)"):
        model.predict(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="X has 5 features, but DeepSoftKMeans is expecting 12"):  # in scikit-learn's words
        model.predict(np.zeros((2, 5)))


def test_one_row_alone_is_named_in_scikit_learns_words() -> None:
    with pytest.raises(ValueError, match="Reshape your data"):
        fitted(np.zeros(4))


def test_small_images_go_to_full_layers() -> None:
    assert fitted(bars(side=7), k=2).code_.intake.network == "mlp"
