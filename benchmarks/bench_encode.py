"""Claim: on a CPU, matomari's encoder is at least 3 times as fast as SentenceTransformer.encode, for the same neighbours.

python benchmarks/bench_encode.py [--data DIR] [--texts 10000] [--repeats 5]

Both encode the same texts with the same model, in turn, in one process: stock (its defaults: batches of 32, CPU) and ours
(the int8 path, no vector cache). The ratio is taken pair by pair. Fidelity: Spearman on the STS-B test set, and how many
of a text's ten nearest neighbours stay. Making the graph ready, and the gate, are timed apart, on a fresh encoder.
Banking77 and the STS benchmark are public; the folder holds banking77/train.csv and stsbenchmark/sts-test.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import time
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from matomari.encode.fast.backend import Fast
from matomari.encode.fast.session import threads
from matomari.encode.text import TextEncoder, load_encoder
from matomari.encode.transformer import Stock
from matomari.vectors import NeighborIndex, normalise

HERE = Path(__file__).parent


def texts_of(data: Path, count: int) -> list[str]:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [row["text"] for row in csv.DictReader(file)]
    return list(dict.fromkeys(rows))[:count]


def sts(data: Path) -> tuple[list[float], list[str], list[str]]:
    with (data / "stsbenchmark" / "sts-test.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [float(r[4]) for r in rows], [r[5] for r in rows], [r[6] for r in rows]


def neighbours(vectors: np.ndarray) -> np.ndarray:
    return NeighborIndex(vectors, exact=True).search(vectors, 11)[1]


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    one, two = neighbours(a), neighbours(b)
    kept = [len((set(x) - {i}) & (set(y) - {i})) / 10 for i, (x, y) in enumerate(zip(one.tolist(), two.tolist(), strict=True))]
    return float(np.mean(kept))


def spread(values: list[float]) -> dict[str, float]:
    return {"min": round(min(values), 3), "median": round(statistics.median(values), 3), "max": round(max(values), 3)}


def clock(work: object) -> tuple[float, np.ndarray]:
    start = time.perf_counter()
    found = work()  # type: ignore[operator]
    return time.perf_counter() - start, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MATOMARI_DATA", HERE.parent.parent / "shared" / "data")))
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "encode.json")
    args = parser.parse_args()

    texts = texts_of(args.data, args.texts)
    model = load_encoder("minilm", fast="off").model
    model.encode(texts[:64])  # both are warm
    first = TextEncoder(model, fast="auto")
    cold, _ = clock(lambda: first.encode(texts))
    ours_times, stock_times = [], []
    for repeat in range(args.repeats):
        pair = {}
        order = ("stock", "ours") if repeat % 2 == 0 else ("ours", "stock")
        for name in order:
            if name == "stock":
                pair[name], theirs = clock(lambda: model.encode(texts, normalize_embeddings=True))
            else:
                pair[name], ours = clock(lambda: first.encode(texts))
        stock_times.append(pair["stock"])
        ours_times.append(pair["ours"])
        print(
            f"{repeat}: stock {len(texts) / pair['stock']:.0f} texts/s, ours {len(texts) / pair['ours']:.0f}, ratio {pair['stock'] / pair['ours']:.2f}"
        )
    plain = Fast(model, first.fingerprint, None, False, Stock(model))
    plain_time, _ = clock(lambda: plain.vectors(texts))

    gold, left, right = sts(args.data)
    fast = first._backend  # the STS texts too go by the path that was timed
    assert fast is not None
    quick = [normalise(fast.vectors(side, 32)) for side in (left, right)]
    exact = [model.encode(side, normalize_embeddings=True) for side in (left, right)]
    ratios = [s / o for s, o in zip(stock_times, ours_times, strict=True)]
    result = {
        "texts": len(texts),
        "repeats": args.repeats,
        "ratio": spread(ratios),
        "stock_texts_per_second": spread([len(texts) / t for t in stock_times]),
        "ours_texts_per_second": spread([len(texts) / t for t in ours_times]),
        "onnx_float32_texts_per_second": round(len(texts) / plain_time, 1),
        "cold_seconds": round(cold, 2),
        "preparation_seconds": round(cold - statistics.median(ours_times), 2),
        "sts_b_test_spearman": {
            "stock": round(100 * float(spearmanr((exact[0] * exact[1]).sum(1), gold).statistic), 3),
            "ours": round(100 * float(spearmanr((quick[0] * quick[1]).sum(1), gold).statistic), 3),
        },
        "top10_overlap": round(overlap(theirs, ours), 4),
        "mean_cosine": round(float((theirs * ours).sum(1).mean()), 5),
        "notes": first.notes,
        "machine": {"threads": threads(), "architecture": platform.machine(), "python": platform.python_version(), **versions()},
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "torch", "onnxruntime", "sentence-transformers", "transformers")}


if __name__ == "__main__":
    main()
