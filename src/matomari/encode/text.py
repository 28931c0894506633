"""Encode texts as vectors: each distinct text once, by the fastest path that is accurate. With a cache, each text is encoded once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..logs import log, progress
from ..vectors import normalise
from . import inputs as clean
from . import transformer as stock
from .cache import VectorCache, text_digest
from .fast import export, fidelity
from .locate import MULTILINGUAL, locate
from .transformer import Backend, Stock

if TYPE_CHECKING:
    import pyarrow as pa

    from ..protocols import EncoderLike, Encodes

Floats = NDArray[np.float32]
PIECE = 1024  # texts between two updates of the progress bar and the cache


class TextEncoder:
    """Texts to vectors (n, d), float32.

    Parameters
    ----------
    model : SentenceTransformer or object with ``encode``
        The model that computes the vectors.
    name : str
        Its name in reports.
    fast : {"auto", "on", "off"}
        Whether to run the model as an int8 ONNX graph on the CPU; "auto" does so for 500 distinct texts or more in one call where it keeps
        their neighbours. The choice depends on that call alone, so the same call always gives the same vectors.
    cache : path, optional
        Folder that keeps vectors between runs.

    Attributes
    ----------
    dimension : int
        Width d of a vector.
    fingerprint : str
        sha256 over weights and settings, so that encoders that give different vectors never share a cache.
    notes : list of str
        Decisions and measurements, for the report.

    Examples
    --------
    >>> encoder = load_encoder("minilm")
    >>> encoder.encode(["a red bolt", "a red screw"]).shape
    (2, 384)
    """

    def __init__(self, model: Encodes, *, name: str = "custom", fast: str = "auto", cache: str | Path | None = None) -> None:
        if not callable(getattr(model, "encode", None)):
            raise InputError(f"an encoder must have .encode, got {type(model).__name__}.", hint="pass a name, a folder or a model.")
        if fast not in ("auto", "on", "off"):
            raise InputError(f"The 'fast' parameter must be 'auto', 'on' or 'off'. Got {fast!r} instead.", hint="'auto' measures first.")
        self.model: Any = model
        self.name = name
        self.notes: list[str] = []
        self._lock = threading.RLock()
        self._fast, self._root = fast, Path(cache) if cache is not None else None
        self._refresh()

    def _refresh(self) -> None:
        """Read the current state of the model; called again whenever it was trained further."""
        self._version = stock.version(self.model)
        self._stock = Stock(self.model)
        self._graphs: dict[bool, Backend] = {}
        self._measured: set[str] = set()
        self._caches: dict[str, VectorCache] = {}
        self._bound = stock.longest(self.model)
        if stock.is_sentence_transformer(self.model):
            self.fingerprint = stock.fingerprint(self.model)
            self.dimension = int(self.model.get_embedding_dimension() or 0)
        else:
            self.fingerprint = str(getattr(self.model, "fingerprint", "") or uuid.uuid4().hex * 2)
            self.dimension = int(getattr(self.model, "dimension", 0) or self._stock.vectors([""], 1).shape[1])

    def encode(
        self,
        inputs: str | Sequence[str] | pa.ChunkedArray,
        batch_size: int = 32,
        show_progress_bar: bool | None = None,
        normalize_embeddings: bool = True,
        convert_to_numpy: bool = True,
        device: str | None = None,
    ) -> Floats:
        """Texts to vectors, in the order given.

        Parameters
        ----------
        inputs : str, or sequence or Arrow column of str, length n
            "" is a text too; the same text twice is computed once.
        batch_size : int
            Texts per pass of the model's own encode; the ONNX path fills its passes by tokens.
        show_progress_bar : bool, optional
            By default a bar is shown in a terminal.
        normalize_embeddings : bool
            Bring every vector to unit length.
        convert_to_numpy : bool
            False gives a torch tensor.
        device : str, optional
            Accepted as in sentence-transformers; it must be the device that the encoder was loaded on.

        Returns
        -------
        vectors : array, shape (n, d), float32
            Shape (d,) for one string.

        Raises
        ------
        InputError
            An item is None, NaN or not a str (its position is named), or a vector is NaN or infinite.

        Examples
        --------
        >>> load_encoder("minilm").encode([]).shape
        (0, 384)
        """
        self._check(batch_size, device)
        if stock.version(self.model) != self._version:
            self._refresh()
        texts, cut = clean.as_texts([inputs] if isinstance(inputs, str) else inputs, self._bound)
        if cut:
            self._note(f"{cut} texts were cut at {self._bound} characters, beyond which the model does not read")
        distinct = dict.fromkeys(texts)
        ordered = sorted(distinct, key=lambda text: (-len(text), text))
        place = {text: i for i, text in enumerate(ordered)}
        with self._lock:  # a server calls from several threads, which share the cache and the choice
            table = self._table(ordered, batch_size, show_progress_bar)
        vectors = table[[place[text] for text in texts]] if texts else table
        vectors = normalise(vectors) if normalize_embeddings and len(vectors) else vectors
        shaped: Floats = self._shaped(vectors[0] if isinstance(inputs, str) else vectors, convert_to_numpy)
        return shaped

    def _table(self, ordered: list[str], batch_size: int, shown: bool | None) -> Floats:
        """Vectors (n, d) of distinct texts, longest first so that a pass holds texts of one length."""
        backend = self._choose(ordered, batch_size)
        table = np.zeros((len(ordered), self.dimension), np.float32)
        starts = range(0, len(ordered), PIECE)
        for start in progress(starts, total=len(starts), what="encode", enabled=shown if len(starts) > 1 else False):
            table[start : start + PIECE] = self._piece(backend, ordered[start : start + PIECE], batch_size)
        for cache in self._caches.values():
            cache.flush()
            self.notes.extend(note for note in cache.notes if note not in self.notes)
        return table

    def _piece(self, backend: Backend, texts: list[str], batch_size: int) -> Floats:
        cache = self._cache(backend.key)
        if cache is None:
            return self._finite(backend.vectors(texts, batch_size), texts)
        digests = [text_digest(text) for text in texts]
        known, vectors = cache.get(digests)
        missing = np.flatnonzero(~known)
        if len(missing):
            new = [texts[i] for i in missing]
            vectors[missing] = self._finite(backend.vectors(new, batch_size), new)
            cache.put([digests[i] for i in missing], vectors[missing])
        return vectors

    def _choose(self, ordered: list[str], batch_size: int) -> Backend:
        """The path for these texts. It depends only on them and on the model, not on what was encoded before."""
        if self._fast == "off" or (self._fast == "auto" and len(ordered) < fidelity.SMALL) or not ordered:
            return self._stock
        hindrance = self._hindrance()
        if hindrance and self._fast == "on":
            raise InputError(f"the encoder {self.name} has no fast path: {hindrance}.", hint="load_encoder(…, fast='auto')")
        if hindrance:
            self._note(f"float32 by the model's own encode: {hindrance}")
            return self._stock
        backend, measured = fidelity.choose(
            ordered, self._stock, make=self._graph, encode=lambda b, t: self._piece(b, t, batch_size), forced=self._fast == "on"
        )
        for cache in self._caches.values():
            cache.flush(least=1)
        if backend.key not in self._measured:  # noted once per path, although it is measured in each call
            self._measured.add(backend.key)
            self._note(measured)
        return backend

    def _hindrance(self) -> str | None:
        if not stock.is_sentence_transformer(self.model):
            return "it is no SentenceTransformer"
        if self.model.device.type != "cpu":
            return f"it is on {self.model.device}"
        return export.obstacle(self.model)

    def _graph(self, int8: bool) -> Backend:
        """The model as an ONNX graph, created once."""
        from .fast.backend import Fast

        if int8 not in self._graphs:
            self._graphs[int8] = Fast(self.model, self.fingerprint, root=self._root, int8=int8, reference=self._stock)
        return self._graphs[int8]

    def _cache(self, key: str) -> VectorCache | None:
        if self._root is not None and key not in self._caches:
            self._caches[key] = VectorCache(self._root, self.fingerprint, key, self.dimension)
        return self._caches.get(key)

    def _finite(self, vectors: Floats, texts: list[str]) -> Floats:
        bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(bad):
            raise InputError(f"the encoder {self.name} gave NaN or infinity for {texts[bad[0]][:60]!r}.", hint="is the model damaged?")
        return vectors

    def for_bertopic(self) -> Any:
        """This encoder as a BERTopic backend, for ``BERTopic(embedding_model=…)``.

        BERTopic silently uses a model from the hub if it is given a type that it does not know.

        Raises
        ------
        MachineError
            BERTopic is not installed.
        """
        from .bertopic import backend

        return backend(self)

    def _check(self, batch_size: int, device: str | None) -> None:
        if not isinstance(batch_size, Integral) or batch_size < 1:
            raise InputError(
                f"The 'batch_size' parameter of TextEncoder.encode must be an int in the range [1, inf). Got {batch_size!r} instead.",
                hint="32 is usual.",
            )
        here = str(getattr(self.model, "device", "cpu"))
        if device is not None and str(device).split(":")[0] != here.split(":")[0]:
            raise InputError(f"the encoder {self.name} is on {here}, not on {device}.", hint="load_encoder(name, device=…)")

    def _shaped(self, vectors: Floats, as_numpy: bool) -> Any:
        if as_numpy:
            return vectors
        import torch

        return torch.from_numpy(vectors.copy())

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
            log.info("%s", text)


def load_encoder(
    name: EncoderLike = "minilm", *, device: str | None = None, fast: str = "auto", cache: str | Path | None = None
) -> TextEncoder:
    """The encoder called `name`, ready for texts.

    Parameters
    ----------
    name : str, path, SentenceTransformer or object with ``encode``
        "minilm" comes with the install; "multilingual" reads 16 languages and needs the extra of that name. Otherwise a
        folder, a hub name such as "org/model", or a model that is already loaded.
    device : str, optional
        Where torch runs, such as "cuda"; the CPU when left out.
    fast : {"auto", "on", "off"}
        See `TextEncoder`.
    cache : path, optional
        Folder that keeps vectors between runs; without it, nothing is kept.

    Raises
    ------
    InputError
        The name is unknown, or the folder holds no model that is safe to load.
    MachineError
        A hub model cannot be fetched, or an extra is not installed.

    Examples
    --------
    >>> load_encoder("minilm").dimension
    384
    """
    if isinstance(name, TextEncoder):
        return name
    if not isinstance(name, str | Path):
        return TextEncoder(name, name=type(name).__name__, fast=fast, cache=cache)
    if str(name) == MULTILINGUAL:
        from .multilingual import Multilingual

        return TextEncoder(Multilingual(), name=MULTILINGUAL, fast="off", cache=cache)
    return TextEncoder(stock.open_model(locate(str(name)), device), name=str(name), fast=fast, cache=cache)
