"""Results on disk: read back with the standard library alone, and written whole."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(os.environ.get("MATOMARI_RESULTS", Path(__file__).parents[1] / "results"))
PACKAGES = ("matomari", "numpy", "scipy", "scikit-learn", "scikit-network", "faiss-cpu", "torch", "sentence-transformers", "onnxruntime")


def read(name: str) -> dict[str, Any] | None:
    """What was measured under this name, or None."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write(name: str, figures: dict[str, Any], packages: Iterable[str] = ()) -> None:
    """Replace the file of this name by these figures, the versions of the packages and the machine."""
    from matomari.store.atomic import replacing  # here, because the tables are made without matomari

    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    body = {"versions": {p: _version(p) for p in (*PACKAGES, *packages)}, "machine": machine, **figures}
    RESULTS.mkdir(parents=True, exist_ok=True)
    with replacing(RESULTS / f"{name}.json") as draft:  # hours of figures are not lost to a kill
        draft.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
