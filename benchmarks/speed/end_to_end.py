"""Claim: 50,000 short texts from file to folder take at most half of BERTopic's time with the same encoder, in at most 2 GB.

Each run is a process of its own; time and peak memory are the whole process's. "again" repeats ours with its vectors cached.
Texts: the distinct rows of Banking77, CLINC150, AgNews, Tweet and SearchSnippets, filled up with Flickr8k captions.
"""

from __future__ import annotations

import contextlib
import csv
import runpy
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data import texts
from harness.data.files import DATA
from harness.machine import GB, Clock, child, peak, report

ROWS = 50_000


def rows() -> list[str]:
    """The texts, each once."""
    collected = [t for part in ("train", "test") for t in texts.banking(part)[0]]
    collected += [t for part in ("train", "val", "test") for t in texts.clinc(part)[0]]
    for name in ("AgNews", "Tweet", "SearchSnippets"):
        collected += texts.THEMES[name]()[0]
    captions = (DATA / "flickr8k-captions" / "Flickr8k.token.txt").read_text(encoding="utf-8").splitlines()
    collected += [line.split("\t")[1] for line in captions]
    return list(dict.fromkeys(collected))[:ROWS]


def bertopic(path: Path) -> None:
    """BERTopic at its defaults, with the same encoder."""
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer

    from matomari.encode.locate import locate

    with path.open(encoding="utf-8", newline="") as file:
        column = [row["text"] for row in csv.DictReader(file)]
    model = BERTopic(embedding_model=SentenceTransformer(str(locate("minilm")), device="cpu"))
    model.fit_transform(column)
    model.get_topic_info().to_csv(path.with_suffix(".topics.csv"))


def matomari(path: Path, output: str) -> None:
    """The command line of matomari."""
    options = ["--text", "text", "--kind", "themes", "--cache", str(path.with_name("cache")), "-o", output]
    sys.argv = ["matomari", "group", str(path), *options]
    with contextlib.suppress(SystemExit):
        runpy.run_module("matomari", run_name="__main__")


def in_child(path: Path, output: str) -> None:
    """Run in a child: ours into the folder `output`, or BERTopic."""
    with contextlib.redirect_stdout(sys.stderr):
        matomari(path, output) if output else bertopic(path)
    if output and not Path(output).is_dir():
        raise SystemExit(f"no folder {output}")
    report({"peak_gb": round(peak() / GB, 3)})


def main() -> None:
    """Measure three runs."""
    figures: dict = {"rows": ROWS}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "texts.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["text"], *([t] for t in rows())])
        for label, output in (("matomari", path.with_name("a")), ("matomari, again", path.with_name("b")), ("BERTopic", "")):
            with Clock() as clock:
                memory = child(__file__, path, output, HF_HUB_OFFLINE="1")
            figures[label] = {"seconds": round(clock.seconds, 1), **memory}
            print(label, figures[label], flush=True)
    figures["ratio"] = round(figures["matomari"]["seconds"] / figures["BERTopic"]["seconds"], 3)
    print("ratio", figures["ratio"])
    results.write("end_to_end", figures, ("bertopic", "umap-learn", "hdbscan"))


if __name__ == "__main__":
    in_child(Path(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
