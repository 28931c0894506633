"""Claim: 50,000 short texts from file to folder take at most half of BERTopic's time with the same encoder, in at most 2 GB.

Each run is a process of its own; time and peak memory are the whole process's. "again" repeats ours with its vectors cached.
Texts: the distinct rows of Banking77, CLINC150, AgNews, Tweet and SearchSnippets, filled up with Flickr8k captions.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import results
import sets

ROWS = 50_000


def texts() -> list[str]:
    found = [t for part in ("train", "test") for t in sets.banking(part)[0]]
    found += [t for part in ("train", "val", "test") for t in sets.clinc(part)[0]]
    for name in ("agnewsdataraw-8000", "tweet-original-order.txt", "search_snippets/search_snippets_true_text"):
        found += sets.short_text(name)[0]
    captions = (sets.DATA / "flickr8k-captions" / "Flickr8k.token.txt").read_text(encoding="utf-8").splitlines()
    found += [line.split("\t")[1] for line in captions]
    return list(dict.fromkeys(found))[:ROWS]


def bertopic(path: str) -> None:
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer

    from matomari.encode.locate import locate

    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = [row["text"] for row in csv.DictReader(file)]
    model = BERTopic(embedding_model=SentenceTransformer(str(locate("minilm")), device="cpu"))
    model.fit_transform(rows)
    model.get_topic_info().to_csv(Path(path).with_suffix(".topics.csv"))


def run(command: list[str]) -> dict[str, float]:
    """Wall seconds and peak memory of one process (its largest child included)."""
    probe = (
        "import resource, subprocess, sys, json; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
        "print(json.dumps([code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6]))"
    )
    before = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"}
    )
    seconds = time.perf_counter() - before
    code, peak = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{command[:4]} exited with {code}")
    return {"seconds": round(seconds, 1), "peak_gb": round(peak, 3)}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "texts.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["text"], *([t] for t in texts())])
        command = [
            sys.executable,
            "-m",
            "matomari.cli.app",
            "group",
            str(path),
            "--text",
            "text",
            "--kind",
            "themes",
            "--cache",
            str(folder / "cache"),
        ]
        figures = {"rows": ROWS}
        for label, line in (
            ("matomari", [*command, "-o", str(folder / "a")]),
            ("matomari, again", [*command, "-o", str(folder / "b")]),
            ("BERTopic", [sys.executable, __file__, str(path)]),
        ):
            figures[label] = run(line)
            print(label, figures[label], flush=True)
        figures["ratio"] = round(figures["matomari"]["seconds"] / figures["BERTopic"]["seconds"], 3)
        print("ratio", figures["ratio"])
    results.write("end_to_end", figures, ("bertopic", "umap-learn", "hdbscan"))


if __name__ == "__main__":
    bertopic(sys.argv[1]) if len(sys.argv) > 1 else main()
