"""What several tests of the command line start from, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.learning import pair_rows, start_encoder, write


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start_encoder(tmp_path_factory.mktemp("start") / "start")


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", pair_rows())
