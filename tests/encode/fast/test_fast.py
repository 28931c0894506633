"""The ONNX path: as good as measured, the same bytes in every process, and refused where it is not faithful."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from builders import python_path
from builders.sentences import TEXTS as ALL
from matomari.encode.fast import backend as fast
from matomari.encode.fast import export, fidelity
from matomari.encode.fast import session as runtime
from matomari.encode.fast.quantise import quantise
from matomari.encode.text import TextEncoder, load_encoder
from matomari.encode.transformer import Stock
from matomari.errors import InputError
from matomari.vectors import normalise

TEXTS = ALL[::3]


@pytest.fixture(scope="session")
def wanted(minilm: TextEncoder) -> np.ndarray:
    return minilm.encode(TEXTS)


@pytest.fixture(scope="session")
def int8(minilm: TextEncoder) -> fast.Fast:
    return fast.Fast(minilm.model, minilm.fingerprint, None, True, Stock(minilm.model))


@pytest.fixture(scope="session")
def plain(minilm: TextEncoder) -> fast.Fast:
    return fast.Fast(minilm.model, minilm.fingerprint, None, False, Stock(minilm.model))


def test_the_float32_graph_is_the_model(plain: fast.Fast, wanted: np.ndarray) -> None:
    np.testing.assert_allclose(plain.vectors(TEXTS), wanted, atol=1e-5)


def test_int8_keeps_the_neighbours(int8: fast.Fast, wanted: np.ndarray) -> None:
    got = normalise(int8.vectors(TEXTS))
    assert (got * wanted).sum(1).mean() > 0.998
    assert fidelity.kept_neighbours(wanted, got) > 0.92


@pytest.mark.parametrize("name", ["int8", "plain"])
def test_a_vector_does_not_depend_on_its_batch(name: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(name)
    texts = [*TEXTS[:100], "", "word " * 300]
    together = path.vectors(texts)
    np.testing.assert_allclose(path.vectors(texts[::-1])[::-1], together, atol=1e-6)
    np.testing.assert_allclose(np.concatenate([path.vectors([text]) for text in texts[-20:]]), together[-20:], atol=1e-6)


def test_seven_bits_are_enough_where_eight_would_overflow(minilm: TextEncoder, wanted: np.ndarray) -> None:
    tokenizer = minilm.model.tokenizer.backend_tokenizer
    rows = [tokenizer.encode(text).ids for text in TEXTS[::30]]
    graph = quantise(export.export(minilm.model), rows, bits=7)
    run = runtime.session(graph.SerializeToString())
    tokens = [tokenizer.encode(text).ids for text in TEXTS[:30]]
    got = np.concatenate([run.run(None, {"tokens": np.array([row], np.int64)})[0] for row in tokens])
    assert (got * wanted[:30]).sum(1).min() > 0.97


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_which_models_can_be_exported(pooling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fidelity, "SMALL", 50)
    from sentence_transformers import SentenceTransformer

    base = load_encoder("minilm", fast="off").model
    model = SentenceTransformer(modules=[base[0], type(base[1])(384, pooling_mode=pooling)], device="cpu")
    if pooling == "max":
        assert "max" in (export.obstacle(model) or "")
        with pytest.raises(InputError, match="no fast path"):
            TextEncoder(model, fast="on").encode(["a"])
        encoder = TextEncoder(model, fast="auto")
        encoder.encode(TEXTS[:50])
        assert "its pooling is max" in encoder.notes[0]
    else:
        path = fast.Fast(model, "0" * 64, None, False, Stock(model))
        np.testing.assert_allclose(path.vectors(TEXTS[:40]), model.encode(TEXTS[:40]), atol=1e-4)


def test_the_choice(minilm: TextEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fidelity, "SMALL", 50)
    few = TextEncoder(minilm.model, fast="auto", cache=tmp_path)
    few.encode(TEXTS[: fidelity.SMALL - 1])
    assert not few.notes
    assert not list(tmp_path.glob("*.graph"))
    one, two = (TextEncoder(minilm.model, fast="auto", cache=tmp_path) for _ in range(2))
    first, second = one.encode(TEXTS), two.encode(TEXTS[::-1])[::-1]
    assert (first == second).all()  # two read the cache, whatever the order
    assert one.notes == two.notes
    assert one.notes[0].startswith("int8 on the CPU: cosine 0.99")


def test_a_poor_graph_is_not_used(minilm: TextEncoder, monkeypatch: pytest.MonkeyPatch, wanted: np.ndarray, tmp_path: Path) -> None:
    monkeypatch.setattr(fidelity, "SMALL", 50)
    TextEncoder(minilm.model, cache=tmp_path).encode(TEXTS)  # leaves int8 vectors in the cache
    monkeypatch.setattr(fidelity, "OVERLAP", 1.01)
    encoder = TextEncoder(minilm.model, cache=tmp_path)
    np.testing.assert_allclose(encoder.encode(TEXTS), wanted, atol=1e-5)
    assert encoder.notes[0].startswith("float32 ONNX")


def test_a_damaged_graph_is_made_again(minilm: TextEncoder, tmp_path: Path) -> None:
    first = fast.Fast(minilm.model, minilm.fingerprint, tmp_path, True, Stock(minilm.model)).vectors(TEXTS[:9])
    file = next(tmp_path.glob("*.graph/CURRENT/model.onnx"))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    again = fast.Fast(minilm.model, minilm.fingerprint, tmp_path, True, Stock(minilm.model)).vectors(TEXTS[:9])
    assert (first == again).all()
    assert file.read_bytes() == whole  # and exporting twice gives the same bytes


SCRIPT = """
import hashlib, sys
from builders.sentences import TEXTS
from matomari.encode.text import load_encoder
encoder = load_encoder("minilm", fast="on")
print(hashlib.sha256(encoder.encode(TEXTS[::3]).tobytes()).hexdigest(), encoder.notes)
"""


@pytest.mark.long
def test_three_fresh_processes_give_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": python_path()},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed in (0, 1, 2)
    ]
    assert len({run.stdout for run in runs}) == 1


def test_what_was_encoded_before_changes_no_vector(minilm: TextEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fidelity, "SMALL", 50)
    few, many = TEXTS[:3], TEXTS
    fresh = {"few": TextEncoder(minilm.model).encode(few), "many": TextEncoder(minilm.model).encode(many)}
    assert np.abs(fresh["few"] - fresh["many"][:3]).max() > 1e-4, "both ways take the same path: this tests nothing"
    for cache in (None, tmp_path):
        used = TextEncoder(minilm.model, cache=cache)
        for name in ("few", "many", "few", "many", "few"):
            # with a cache some rows were computed in another pass, which rounds otherwise
            np.testing.assert_allclose(used.encode(few if name == "few" else many), fresh[name], rtol=0, atol=1e-6 if cache else 0)
    assert len(used.notes) == 1
