"""The encoder against its oracle, sentence-transformers' own encode, and against itself: batches, order, odd texts."""

from __future__ import annotations

import hashlib
import logging
import random
import warnings

import numpy as np
import pyarrow as pa
import pytest
import torch

from builders.sentences import TEXTS
from matomari.encode.fast import fidelity as gate
from matomari.encode.text import TextEncoder, load_encoder
from matomari.errors import InputError


def test_same_as_the_oracle(minilm: TextEncoder) -> None:
    texts = [*TEXTS[:150], "", "日本", TEXTS[0]]
    theirs = minilm.model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(minilm.encode(texts), theirs, atol=1e-5)
    np.testing.assert_allclose(minilm.encode(pa.chunked_array([texts[:9], texts[9:]])), theirs, atol=1e-5)
    np.testing.assert_allclose(minilm.encode(texts[3]), theirs[3], atol=1e-5)


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_batches_do_not_matter(encoder: TextEncoder, size: int) -> None:
    texts = [TEXTS[::50], TEXTS[::10], TEXTS[::10], TEXTS[::2]][[1, 7, 64, 1000].index(size)]
    some = texts[::10]
    np.testing.assert_allclose(encoder.encode(texts, batch_size=size)[::10], encoder.encode(some), atol=1e-5)


def test_order_and_neighbours_do_not_matter(encoder: TextEncoder) -> None:
    order = np.random.default_rng(0).permutation(100)
    vectors = encoder.encode(TEXTS[:100])
    np.testing.assert_allclose(encoder.encode([TEXTS[i] for i in order]), vectors[order], atol=1e-5)
    np.testing.assert_allclose(np.stack([encoder.encode(text) for text in TEXTS[:20]]), vectors[:20], atol=1e-5)
    np.testing.assert_allclose(encoder.encode([*TEXTS[:10], "x " * 4000])[:10], vectors[:10], atol=1e-5)


def test_odd_texts(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    odd = ["", " ", "\n\t", "a" * 5_000_000, "日本語" * 1_700_000, "\ud800 half a pair", "\x00", "🙂" * 3000, "word " * 1_000_000]
    vectors = encoder.encode(odd)
    assert vectors.shape == (len(odd), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(""), vectors[0], atol=1e-5)
    assert any("texts were cut at" in note for note in encoder.notes)


def test_a_cut_text_has_the_vector_of_the_whole(minilm: TextEncoder) -> None:
    long = "seven plain words to fill the text " * 1000
    np.testing.assert_allclose(minilm.encode(long), minilm.model.encode(long, normalize_embeddings=True), atol=1e-5)


@pytest.mark.parametrize("bad", [None, float("nan"), 3, b"bytes", np.float32("nan"), ["nested"]])
def test_positions_of_what_is_no_text(minilm: TextEncoder, bad: object) -> None:
    with pytest.raises(InputError, match="text 2 is"):
        minilm.encode(["a", "b", bad])  # type: ignore[list-item]


@pytest.mark.parametrize("bad", [None, 3, b"bytes", {"a": 1}])
def test_what_is_no_list(minilm: TextEncoder, bad: object) -> None:
    with pytest.raises(InputError, match="must be a list of str"):
        minilm.encode(bad)  # type: ignore[arg-type]


def test_repeats_are_encoded_once() -> None:
    seen: list[str] = []

    class Counting:
        def encode(self, texts: list[str]) -> list[list[float]]:
            seen.extend(texts)
            return [[float(len(text)), 1.0] for text in texts]

    encoder = TextEncoder(Counting())
    seen.clear()
    raw = encoder.encode(["aa", "b", "aa", "aa"], normalize_embeddings=False)
    assert raw.tolist() == [[2, 1], [1, 1], [2, 1], [2, 1]]
    assert sorted(seen) == ["aa", "b"]
    assert isinstance(encoder.encode(["b"], convert_to_numpy=False), torch.Tensor)


def test_vectors_that_are_no_numbers_are_refused() -> None:
    class Broken:
        def encode(self, texts: list[str]) -> list[list[float]]:
            return [[float("nan") if text == "bad" else 1.0] for text in texts]

    with pytest.raises(InputError, match=r"gave NaN or infinity for 'bad'"):
        TextEncoder(Broken()).encode(["good", "bad"])


def _globals() -> str:
    state = [random.getstate(), np.random.get_state(), torch.get_rng_state().tolist(), torch.is_grad_enabled(), torch.get_num_threads()]
    state += [torch.get_default_dtype(), list(warnings.filters), logging.getLogger().level, logging.getLogger().handlers]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def test_nothing_global_moves(encoder: TextEncoder) -> None:
    before = _globals()
    encoder.encode(TEXTS[:50])
    assert _globals() == before


def test_nothing_global_moves_and_no_network_while_a_model_is_made_ready(offline: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "SMALL", 50)
    before = _globals()
    encoder = load_encoder("minilm", fast="auto")
    assert np.isfinite(encoder.encode(TEXTS[:50])).all()
    assert _globals() == before
    assert not offline
    assert "int8 on the CPU" in encoder.notes[0]


def test_training_changes_the_fingerprint() -> None:
    encoder = load_encoder("minilm", fast="off")
    before, vector = encoder.fingerprint, encoder.encode("a bolt")
    with torch.no_grad():
        next(encoder.model.parameters()).mul_(1.1)
    assert np.abs(encoder.encode("a bolt") - vector).max() > 1e-4
    assert encoder.fingerprint != before
    encoder.model.max_seq_length = 8
    encoder.encode("a bolt")
    assert encoder.fingerprint != before


@pytest.mark.parametrize("settings", [{"batch_size": 0}, {"batch_size": 1.5}, {"device": "cuda"}])
def test_parameters_are_checked(minilm: TextEncoder, settings: dict[str, object]) -> None:
    with pytest.raises(InputError):
        minilm.encode(["a"], **settings)  # type: ignore[arg-type]


def test_what_is_no_encoder() -> None:
    with pytest.raises(InputError, match=r"must have \.encode"):
        load_encoder(object())
    with pytest.raises(InputError, match="'fast'"):
        load_encoder("minilm", fast="yes")
