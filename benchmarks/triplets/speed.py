"""Claim: triplets by rules take about a millisecond each, in memory that does not grow with the number of sentences.

CPU seconds of reading WordNet, of the statistics and of the triplets of captions and titles, until there are 29,000; then a stream of sentences, a million
by default, the same captions and titles with another number behind each, whose triplets are counted and dropped; the peak memory is read every 100,000.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.sentences import unlabelled
from harness.machine import MB, Clock, peak
from matomari.teach.graph.wordnet import WordNet
from matomari.teach.rules.maker import Rules
from matomari.teach.rules.statistics import Statistics
from matomari.teach.rules.triplet import Triplet

WANTED = 29_000
EVERY = 100_000


def stream(size: int) -> Iterator[str]:
    """So many distinct sentences, made as they are asked for."""
    texts = unlabelled("train")
    for number, text in zip(range(size), itertools.cycle(texts), strict=False):
        yield text if number < len(texts) else f"{text} , {number} m away"


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    size = parser.parse_args().sentences
    texts = unlabelled("train")
    with Clock() as clock:
        wordnet = WordNet.load()
        made = (entry for entry in Rules.of(texts, wordnet=wordnet).make(texts) if isinstance(entry, Triplet))
        triplets = sum(1 for _ in itertools.islice(made, WANTED))
    figures = {"triplets": triplets, "cpu_seconds": round(clock.cpu_seconds, 1)}
    rules = Rules.of(Statistics.of(stream(size)), wordnet=wordnet)
    peaks, found = [round(peak() / MB)], 0
    with Clock() as clock:
        for number, sentence in enumerate(stream(size), 1):
            found += sum(isinstance(entry, Triplet) for entry in rules.make([sentence]))
            if number % EVERY == 0:
                peaks.append(round(peak() / MB))
                print(number, found, peaks[-1], flush=True)
    streamed = {"sentences": size, "triplets": found, "cpu_seconds": round(clock.cpu_seconds, 1), "peaks_mb": peaks}
    results.write("triplets_speed", {"few": figures, "stream": streamed})


if __name__ == "__main__":
    main()
