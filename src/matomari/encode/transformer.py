"""The reference path: the float32 encode of a SentenceTransformer, and a fingerprint of the model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, MachineError
from ..wording import one_line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from ..protocols import Encodes

Floats = NDArray[np.float32]
_CHARACTERS_A_TOKEN = 40


class Backend(Protocol):
    """One way of computing the vectors of an encoder."""

    key: str  # vectors of different keys are never mixed in the cache

    def vectors(self, texts: Sequence[str], batch_size: int) -> Floats:
        """Texts (n) to vectors (n, d), in the order given."""
        ...


class Stock:
    """Vectors as `SentenceTransformer.encode`, or any object's `encode`, gives them.

    Parameters
    ----------
    model : SentenceTransformer or object with ``encode(list of str)``
        The model that computes the vectors.

    Examples
    --------
    >>> class Lengths:
    ...     def encode(self, texts):
    ...         return [[len(text), 1] for text in texts]
    >>> Stock(Lengths()).vectors(["a", "abc"], 32).tolist()
    [[1.0, 1.0], [3.0, 1.0]]
    """

    key = "float32"

    def __init__(self, model: Encodes) -> None:
        self.model = model
        self._settings = {"convert_to_numpy": True, "show_progress_bar": False} if is_sentence_transformer(model) else {}

    def vectors(self, texts: Sequence[str], batch_size: int) -> Floats:
        """Texts (n) to vectors (n, d), in the order given."""
        sized = {"batch_size": batch_size} if self._settings else {}
        vectors = np.asarray(self.model.encode(list(texts), **sized, **self._settings), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise InputError(
                f"{type(self.model).__name__}.encode gave shape {vectors.shape} for {len(texts)} texts.", hint="it must give (n, d)."
            )
        return vectors


def is_sentence_transformer(model: object) -> TypeGuard[SentenceTransformer]:
    """Whether `model` is a SentenceTransformer, checked without importing the library."""
    return any(c.__module__.startswith("sentence_transformers.") and c.__name__ == "SentenceTransformer" for c in type(model).__mro__)


def open_model(folder: Path, device: str | None) -> SentenceTransformer:
    """Load a folder, without network and without code from it.

    Raises
    ------
    InputError
        sentence-transformers cannot read it.
    """
    from sentence_transformers import SentenceTransformer

    settings: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False, "model_kwargs": {"use_safetensors": True}}
    try:
        with no_progress_bar():
            return SentenceTransformer(str(folder), device=device or "cpu", **settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, RuntimeError) as error:
        if device and "cuda" in one_line(error).lower():
            raise MachineError(f"device {device!r} cannot be used: {one_line(error)}.", hint="leave device out.") from error
        raise InputError(f"the encoder in {folder} cannot be loaded: {one_line(error)}.", hint="save it again.") from error


@contextmanager
def no_progress_bar() -> Iterator[None]:
    """Hide the progress bar of transformers, because loading takes only a second."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def fingerprint(model: SentenceTransformer) -> str:
    """sha256 over the weights and every setting that changes a vector."""
    digest = hashlib.sha256(b"matomari encoder 1\n")
    tokenizer = bare_tokenizer(model)
    settings: list[Any] = [repr(model), model.max_seq_length, model.truncate_dim, sorted(model.prompts.items()), model.default_prompt_name]
    settings += [[(type(m).__name__, getattr(m, "do_lower_case", None), _settings(m)) for m in model]]
    digest.update(repr(settings).encode(errors="replace"))
    digest.update((tokenizer.to_str() if tokenizer is not None else repr(model.tokenizer)).encode(errors="replace"))
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        array = tensor.detach().cpu().contiguous()
        digest.update(memoryview(array.reshape(-1).view(_bytes_type()).numpy()))
    return digest.hexdigest()


def bare_tokenizer(model: object) -> Any:
    """A copy of the model's fast tokenizer that neither pads nor truncates; None if it has none.

    Every call of the model's own tokenizer changes both settings, so the original would give different results before and
    after a call.
    """
    backend = getattr(getattr(model, "tokenizer", None), "backend_tokenizer", None)
    if backend is None:
        return None
    from tokenizers import Tokenizer

    copy = Tokenizer.from_str(backend.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def version(model: SentenceTransformer) -> tuple[Any, ...]:
    """A value that changes when a model is trained further; it is cheap to read, unlike a hash of all weights.

    An optimizer step raises each parameter's version counter; a new parameter has another address.
    """
    if not is_sentence_transformer(model):
        return ()
    parameters = list(model.parameters())
    return sum(p._version for p in parameters), sum(p.data_ptr() for p in parameters), model.max_seq_length, model.truncate_dim


def longest(model: SentenceTransformer) -> int | None:
    """How many characters of a text can matter to a model; this is far more than fit into its longest sequence."""
    tokens = getattr(model, "max_seq_length", None)
    return _CHARACTERS_A_TOKEN * int(tokens) if isinstance(tokens, int) and tokens > 0 else None


def _settings(module: Any) -> Any:
    try:
        return sorted((str(k), repr(v)) for k, v in module.get_config_dict().items())
    except (AttributeError, NotImplementedError):
        return None


def _bytes_type() -> Any:
    import torch

    return torch.uint8
