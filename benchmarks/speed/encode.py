"""Claim: on a CPU, matomari's encoder is at least 3 times as fast as SentenceTransformer.encode, for the same neighbours.

python benchmarks/speed/encode.py [--data DIR] [--texts 10000] [--repeats 5]

Both encode the same texts with the same model, in turn, in one process: stock (its defaults: batches of 32, CPU) and ours
(the int8 path, no vector cache). The ratio is taken pair by pair. Fidelity: Spearman on the STS-B test set, and how many
of a text's ten nearest neighbours stay. Making the graph ready, and the gate, are timed apart, on a fresh encoder.
Banking77 and the STS benchmark are public; the folder holds banking77/train.csv and stsbenchmark/sts-test.csv.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import files, texts
from harness.machine import Clock
from matomari.encode.fast.backend import Fast
from matomari.encode.fast.session import threads
from matomari.encode.text import TextEncoder, load_encoder
from matomari.encode.transformer import Stock
from matomari.vectors import NeighborIndex, normalise

PACKAGES = ("numpy", "torch", "onnxruntime", "sentence-transformers", "transformers")


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """The share of a text's ten nearest neighbours that are the same in both."""
    tables = [NeighborIndex(vectors, exact=True).search(vectors, 11)[1].tolist() for vectors in (a, b)]
    return float(np.mean([len((set(x) - {i}) & (set(y) - {i})) / 10 for i, (x, y) in enumerate(zip(*tables, strict=True))]))


def middle(values: list[float]) -> dict[str, float]:
    """Least, median and most."""
    return {"min": round(min(values), 3), "median": round(statistics.median(values), 3), "max": round(max(values), 3)}


def in_turn(rows: list[str], encoders: dict, repeats: int) -> tuple[dict[str, list[float]], dict[str, np.ndarray]]:
    """Seconds of every repeat, and the vectors."""
    seconds: dict[str, list[float]] = {name: [] for name in encoders}
    vectors = {}
    for repeat in range(repeats):
        for name in list(encoders) if repeat % 2 == 0 else list(encoders)[::-1]:
            with Clock() as clock:
                vectors[name] = encoders[name](rows)
            seconds[name].append(clock.seconds)
        print(repeat, {name: f"{len(rows) / times[-1]:.0f} texts/s" for name, times in seconds.items()}, flush=True)
    return seconds, vectors


def main() -> None:
    """Measure speed and fidelity."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=files.DATA)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=results.RESULTS / "encode.json")
    args = parser.parse_args()

    rows = list(dict.fromkeys(r["text"] for r in files.records(str(args.data.resolve() / "banking77" / "train.csv"))))[: args.texts]
    model = load_encoder("minilm", fast="off").model
    model.encode(rows[:64])  # both are warm
    ours = TextEncoder(model, fast="auto")
    with Clock() as cold:
        ours.encode(rows)
    stock = partial(model.encode, normalize_embeddings=True)
    seconds, vectors = in_turn(rows, {"stock": stock, "ours": ours.encode}, args.repeats)
    with Clock() as plain:
        Fast(model, ours.fingerprint, None, False, Stock(model)).vectors(rows)
    left, right, gold = texts.similar(args.data)
    fast = ours._backend  # the STS texts too go by the path that was timed
    assert fast is not None
    sides = {"stock": [stock(side) for side in (left, right)], "ours": [normalise(fast.vectors(side, 32)) for side in (left, right)]}
    figures = {
        "texts": len(rows),
        "repeats": args.repeats,
        "ratio": middle([s / o for s, o in zip(seconds["stock"], seconds["ours"], strict=True)]),
        **{f"{name}_texts_per_second": middle([len(rows) / t for t in times]) for name, times in seconds.items()},
        "onnx_float32_texts_per_second": round(len(rows) / plain.seconds, 1),
        "cold_seconds": round(cold.seconds, 2),
        "preparation_seconds": round(cold.seconds - statistics.median(seconds["ours"]), 2),
        "sts_b_test_spearman": {name: round(100 * float(spearmanr((a * b).sum(1), gold).statistic), 3) for name, (a, b) in sides.items()},
        "top10_overlap": round(overlap(vectors["stock"], vectors["ours"]), 4),
        "mean_cosine": round(float((vectors["stock"] * vectors["ours"]).sum(1).mean()), 5),
        "notes": ours.notes,
        "machine": {"threads": threads(), "architecture": platform.machine(), "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
