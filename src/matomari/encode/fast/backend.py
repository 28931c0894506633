"""The fast path on a CPU: one ONNX graph, 8-bit products, batches of texts of one length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import MatomariError
from ...logs import log
from ...store.artefact import load, writing
from ...store.destination import POINTER
from ...wording import one_line
from ..transformer import Backend, bare_tokenizer
from .export import export
from .quantise import calibration_tokens, quantise
from .session import exact_products, session

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = NDArray[np.float32]
TOKENS = 1024  # about this many per pass, so that the activations stay in the cache of the processor
KIND = "onnx"
SCHEME = 1  # raise when the graphs change: it names files and cached vectors


class Fast:
    """Vectors from an ONNX graph of the model.

    Parameters
    ----------
    model : SentenceTransformer
        A model for which `export.obstacle` is None.
    fingerprint : str
        Its sha256, the key of the graph on disk.
    root : path, optional
        Folder for the graph; without it, the graph is exported every time.
    int8 : bool
        8-bit products, or float32.
    reference : Backend
        For texts without any token.
    """

    def __init__(self, model: SentenceTransformer, fingerprint: str, root: Path | None, int8: bool, reference: Backend) -> None:
        self._bits = (8 if exact_products() else 7) if int8 else 32
        self.key = f"onnx{self._bits}-{SCHEME}"
        self.label = "int8" if int8 else "float32 ONNX"
        self._tokenizer = bare_tokenizer(model)
        self._tokenizer.enable_truncation(int(model.max_seq_length or 0))
        self._reference = reference
        self._session = session(_graph(model, self._tokenizer, self._bits, root and root / f"{fingerprint[:16]}-{self.key}.graph"))

    def vectors(self, texts: Sequence[str], batch_size: int = 32) -> Floats:
        """Texts (n) to vectors (n, d), in the order given; passes are filled by tokens, not by `batch_size`."""
        rows = [row.ids for row in self._tokenizer.encode_batch(list(texts))]
        groups: dict[int, list[int]] = {}
        for i, row in enumerate(rows):
            groups.setdefault(len(row), []).append(i)
        out: Floats | None = None
        for length in sorted(groups, reverse=True):
            size = max(1, TOKENS // max(1, length))
            for start in range(0, len(groups[length]), size):
                part = groups[length][start : start + size]
                vectors = self._run([rows[i] for i in part]) if length else self._reference.vectors([texts[i] for i in part], batch_size)
                out = np.empty((len(rows), vectors.shape[1]), np.float32) if out is None else out
                out[part] = vectors
        return out if out is not None else self._reference.vectors([], batch_size)

    def _run(self, rows: list[list[int]]) -> Floats:
        return np.asarray(self._session.run(None, {"tokens": np.array(rows, np.int64)})[0], np.float32)


def _graph(model: SentenceTransformer, tokenizer: Any, bits: int, folder: Path | None) -> bytes:
    if folder is not None and (folder / POINTER).exists():
        try:
            return load(folder, kind=KIND).file("model.onnx").read_bytes()
        except (MatomariError, OSError) as error:
            log.warning("%s is made again: %s", folder, one_line(error))
    graph = export(model)
    serialized = (quantise(graph, calibration_tokens(tokenizer), bits) if bits < 32 else graph).SerializeToString()
    if folder is not None:
        try:
            with writing(folder, kind=KIND, meta={"bits": bits, "scheme": SCHEME}, files=["model.onnx"]) as stage:
                (stage / "model.onnx").write_bytes(serialized)
        except MatomariError as error:  # the graph is in memory; only the next run must export it again
            log.warning("the graph could not be kept: %s", one_line(error))
    return bytes(serialized)
