"""Where a result comes from: versions, sources, digests of the input."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..rows.pairs import Pairs
from ..rows.read import Rows

REPORTED = (
    "sentence-transformers",
    "torch",
    "transformers",
    "onnxruntime",
    "faiss-cpu",
    "scikit-network",
    "scikit-learn",
    "numpy",
    "pillow",
)


def origin_of(taken: Rows) -> dict[str, Any]:
    """What the groups were made of, and by which versions."""
    return {
        "matomari": version_of("matomari"),
        "python": platform.python_version(),
        "versions": {name: version_of(name) for name in REPORTED},
        "source": taken.source,
        "fingerprint": taken.fingerprint,
        "text_columns": taken.text_columns,
        "rows": len(taken),
    }


def version_of(package: str) -> str:
    """Version of an installed package, or "not installed"."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def digest_of_columns(columns: Sequence[Sequence[str | None]]) -> str:
    """sha256 of columns of labels, a missing one being null."""
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).hexdigest()


def digest_of_pairs(pairs: Pairs) -> str:
    """sha256 of all texts in their order and their columns."""
    digest = hashlib.sha256()
    for anchor, positive in zip(pairs.anchors, pairs.positives, strict=True):
        digest.update(hashlib.sha256(anchor.as_py().encode()).digest() + hashlib.sha256(positive.as_py().encode()).digest())
    for negatives in pairs.negatives if pairs.negatives is not None else ():
        texts = [hashlib.sha256(text.encode()).digest() for text in negatives.as_py()]
        digest.update(len(texts).to_bytes(4, "little") + b"".join(texts))
    return digest.hexdigest()


def source_name(source: Any) -> str:
    """What a source is called in a result: the last part of a path, or the type of an object."""
    return (Path(source).name or "pairs") if isinstance(source, str | Path) else type(source).__name__


def digest_of_texts(texts: Sequence[str]) -> str:
    """sha256 of texts in their order."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()
