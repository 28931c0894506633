"""Claim: a whole fit of soft k-means costs at most twice scikit-learn's KMeans with one start, and 1 M mapped rows 1 GB above the map.

Times are ratios in one run, the two in turn. Fashion-MNIST (Debian package dataset-fashion-mnist, or the folder that FASHION names), questions
of Quora as MiniLM vectors.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

import results
import sets
import tables_parts
from bench_kmeans import rows as clouds

FASHION = Path(os.environ.get("FASHION", "/usr/share/datasets/fashion-mnist"))
PAIRS = 3
STEP_ROWS = 50_000


def fashion() -> np.ndarray:
    """All 70,000 pictures, 784 numbers each."""
    parts = [gzip.decompress((FASHION / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:] for part in ("train", "t10k")]
    return np.frombuffer(b"".join(parts), np.uint8).reshape(-1, 784).astype(np.float32) / 255


def questions(n: int) -> np.ndarray:
    import matomari

    lines = (sets.DATA / "quora-paraphrase" / "train.tsv").read_text(encoding="utf-8").splitlines()
    texts = [text for line in lines for text in line.split("\t")][:n]
    return matomari.load_encoder("minilm", fast="on", cache=Path(__file__).parents[1] / ".cache" / "vectors").encode(texts)


def seconds(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def whole_fits(X: np.ndarray, k: int, metric: str, pairs_of: int = PAIRS) -> dict[str, object]:
    from sklearn.cluster import KMeans

    from matomari import SoftKMeans

    pairs, inertia = [], []
    for seed in range(pairs_of):
        soft, hard = SoftKMeans(k, metric=metric, random_state=seed), KMeans(k, n_init=1, random_state=seed)
        runs = [("soft", soft), ("hard", hard)] if seed % 2 else [("hard", hard), ("soft", soft)]
        took = {name: seconds(lambda model=model: model.fit(X)) for name, model in runs}
        pairs.append(took)
        nearest = KMeans(k, n_init=1, max_iter=1, init=soft.cluster_centers_).fit(X)  # one hard step from our prototypes
        inertia.append(nearest.inertia_ / hard.inertia_)
        print(len(X), X.shape[1], k, took, soft.n_iter_, hard.n_iter_, inertia[-1], flush=True)
    return {
        "rows": len(X),
        "columns": X.shape[1],
        "k": k,
        "seconds": pairs,
        "ratio": results.spread([p["soft"] / p["hard"] for p in pairs]),
        "inertia_ratio": results.spread(inertia),
    }


def steps(X: np.ndarray, k: int) -> dict[str, object]:
    """One soft pass against one of our hard steps: assignment by faiss and sums."""
    import torch

    from matomari.cluster import kmeans
    from matomari.cluster.soft.passes import Sample, one_pass

    centers, ones = X[:k].copy(), np.ones(len(X), np.float32)
    hard, soft = kmeans.Rows(X), Sample(X, ones, np.zeros(X.shape[1], np.float32), True, torch.device("cpu"))
    one_pass(soft, centers, 0.05)
    ratios = []
    for _ in range(5):
        a = seconds(lambda: kmeans._sums(hard, kmeans.assign(hard, centers)[0], ones, k))
        b = seconds(lambda: one_pass(soft, centers, 0.05))
        ratios.append(b / a)
    print("step", len(X), k, np.round(ratios, 2), flush=True)
    return {"rows": len(X), "k": k, "ratio": results.spread(ratios)}


def mapped(path: str) -> None:
    """Run in a child: one fit on 1 M mapped rows; prints the peak of its memory without the map, and its time."""
    from matomari import SoftKMeans
    from matomari.cluster.soft.settings import Search

    X = np.load(path, mmap_mode="r", allow_pickle=False)
    before = time.perf_counter()
    SoftKMeans(256, random_state=0, search=Search(max_iter=5)).fit(X)
    took = time.perf_counter() - before
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(json.dumps({"peak_gb": int(status["VmHWM"].split()[0]) / 1e6, "map_gb": X.nbytes / 1e9, "seconds": took}))


def million() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npy"
        big = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(1_000_000, 384))
        for block in range(10):
            big[block * 100_000 : (block + 1) * 100_000] = clouds(100_000, block)
        big.flush()
        del big
        child = subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, check=True)
    return json.loads(child.stdout)


def pixels(at: int = 0) -> dict[str, object]:
    """The first of the fits alone; the others stay as they were measured."""
    figures = tables_parts.read("soft_speed") or {"fits": [{}]}
    figures = {name: figures[name] for name in ("steps", "fits", "million_mapped") if name in figures}
    figures["fits"][at] = whole_fits(fashion(), 10, "euclidean", 5)
    return figures


def main() -> None:
    warnings.simplefilter("ignore")
    if sys.argv[1:] == ["pixels"]:
        results.write("soft_speed", pixels())
        return
    X = questions(200_000)
    figures = {"steps": [steps(X[:STEP_ROWS], k) for k in (10, 150, 1000)]}
    figures["fits"] = [whole_fits(fashion(), 10, "euclidean"), whole_fits(X[:100_000], 150, "cosine"), whole_fits(X, 1000, "cosine", 1)]
    figures["million_mapped"] = million()
    print(figures["million_mapped"])
    results.write("soft_speed", figures)


if __name__ == "__main__":
    mapped(sys.argv[1]) if sys.argv[1:] not in ([], ["pixels"]) else main()
