"""What many tests of learning look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.labels import Topics, planted, run
from builders.learning import RECIPE, learn, pairs, start
from matomari.operate.learn.encoder_folder import TrainedEncoder

__all__ = ["learnt", "pairs", "start", "tuned"]


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("labels") / "model"
    run(planted(wrong=9), out, correct=True, encoder=Topics(noise=0.3))
    return out


@pytest.fixture(scope="session")
def tuned(start: Path, pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainedEncoder:
    return learn(pairs, out=tmp_path_factory.mktemp("tuned") / "tuned", encoder=start, recipe=RECIPE)
