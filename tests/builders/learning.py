"""Pairs of two languages, their start encoder, and files of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matomari
from builders.learner import student
from matomari.learn.pairs.recipe import Recipe
from matomari.operate.learn.encoder_folder import TrainedEncoder
from matomari.operate.learn.pairs import train_pairs
from matomari.operate.learn.resume import Watch
from matomari.operate.options import LearnPairsOptions

RECIPE = Recipe(batch_size=16, epochs=6, learning_rate=0.05, every=5, margin=0.0)


def learn(source: Any, *, out: Path, encoder: Any, recipe: Recipe | None = None, **options: Any) -> TrainedEncoder:
    """Train with a whole recipe, which has settings that are no options."""
    return train_pairs(source, out, LearnPairsOptions(encoder=encoder, **options), recipe or Recipe())


def pair_rows(n: int = 300) -> list[dict[str, str]]:
    """Pairs in two languages: word i of the first is word i + 100 of the second."""
    rng = np.random.default_rng(0)
    words = [rng.choice(100, 3, replace=False) for _ in range(n)]
    return [{"anchor": " ".join(f"w{w}" for w in row), "positive": " ".join(f"w{w + 100}" for w in row)} for row in words]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student that nobody has taught yet, as a folder."""
    folder = tmp_path_factory.mktemp("start") / "start"
    student().save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pairs") / "pairs.jsonl", pair_rows())


def opened(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name != ".lock"}


def is_a_stock_model(folder: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    stock = opened(folder)
    assert [type(module).__name__ for module in stock] == ["Transformer", "Pooling", "Normalize"]
    wanted = stock.encode(["a red bolt"])
    tokens = AutoTokenizer.from_pretrained(folder)(["a red bolt"], return_tensors="pt")
    with torch.no_grad():
        bare = AutoModel.from_pretrained(folder)(**tokens).last_hidden_state.mean(dim=1)
    np.testing.assert_allclose(torch.nn.functional.normalize(bare).numpy(), wanted, atol=1e-5)
    np.testing.assert_allclose(matomari.load_encoder(str(folder)).encode(["a red bolt"]), wanted, atol=1e-5)


def interrupted(out: Path, source: Path, start: Path, recipe: Recipe = RECIPE, step: int = 12) -> None:
    """Leave a run as a kill at this step leaves it."""

    class Killed(BaseException):
        pass

    def die(self: Watch, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == step:
            raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Watch, "on_step_end", die)
        learn(source, out=out, encoder=start, recipe=recipe)
