"""A fitted model on disk: the same when loaded, and damage is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builders.deep import SHORT, bars, clouds, everything, fitted
from matomari.errors import DamagedError
from matomari.learn.deep import DeepSoftKMeans
from matomari.vectors import Floats

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


@pytest.mark.parametrize("X", [clouds(), bars()], ids=["vectors", "images"])
def test_saved_and_loaded_it_is_the_same(X: Floats, tmp_path: Path) -> None:
    model = fitted(X, k=2)
    again = DeepSoftKMeans.load(model.save(tmp_path / "m"))
    assert everything(again) == everything(model)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(again.partition_.ids, model.partition_.ids)
    assert again.kept_ == model.kept_
    assert again.get_params()["training"] == SHORT
    assert again.soft_.judgement_ == model.soft_.judgement_
    a, b = (sorted(p.name for p in m.save(tmp_path / n).resolve().glob("results.*")) for m, n in ((model, "a"), (again, "b")))
    assert a == b


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    folder = fitted().save(tmp_path / "m")
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(2000)
        file.write(b"oops")
    with pytest.raises(DamagedError):
        DeepSoftKMeans.load(folder)
