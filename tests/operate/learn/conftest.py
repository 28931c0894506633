"""What many tests of learning look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.labels import Topics, planted, run
from builders.learning import RECIPE, pair_rows, start_encoder, write
from matomari.operate.learn.encoder_folder import Learned
from matomari.operate.learn.pairs import learn


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("labels") / "model"
    run(planted(wrong=9), out, correct=True, encoder=Topics(noise=0.3))
    return out


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start_encoder(tmp_path_factory.mktemp("start") / "start")


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", pair_rows())


@pytest.fixture(scope="session")
def tuned(start: Path, pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    return learn(pairs, out=tmp_path_factory.mktemp("tuned") / "tuned", encoder=start, recipe=RECIPE)
