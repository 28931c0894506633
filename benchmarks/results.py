"""Writing down what a benchmark measured: figures, how many seeds, and on what."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from matomari.store.atomic import replacing

RESULTS = Path(__file__).with_name("results")


def write(name: str, figures: dict[str, Any], packages: Iterable[str] = ()) -> None:
    known = ("matomari", "numpy", "scipy", "scikit-learn", "scikit-network", "faiss-cpu", "torch", "sentence-transformers", "onnxruntime")
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    RESULTS.mkdir(exist_ok=True)
    body = {"versions": {p: _version(p) for p in (*known, *packages)}, "machine": machine, **figures}
    with replacing(RESULTS / f"{name}.json") as draft:  # hours of figures are not lost to a kill
        draft.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(name: str) -> dict[str, Any]:
    """The table of an earlier run, to go on with; empty where there was none."""
    file = RESULTS / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))["table"]) if file.exists() else {}


def asked(words: list[str]) -> tuple[list[str], list[str]]:
    """Titles and seeds among the words of the command line."""
    return [one for one in words if not one.isdigit()], [one for one in words if one.isdigit()]


def spread(values: list[float]) -> dict[str, Any]:
    return {
        "mean": float(np.mean(values)),
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else 0.0,
        "values": [round(float(v), 5) for v in values],
    }


def interval(differences: list[float] | np.ndarray, seed: int = 0) -> list[float]:
    """Bootstrap 95 % interval of the mean of paired differences."""
    d = np.asarray(differences, float)
    drawn = np.random.default_rng(seed).choice(d, (10_000, len(d))).mean(axis=1)
    return [float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
