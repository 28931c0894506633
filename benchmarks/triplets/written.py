"""Question: what of the sentences that a small model writes passes the checks: rewrites and refutations of captions and titles?

Qwen2.5-Coder-1.5B-Instruct (teacher/serve.py) says 200 texts in other words and denies them, through the client, guard and journal of the project. Replies
lie in results/teacher/wording.journal.gz; `--replay` makes the same figures anywhere. `--show` prints what passed and what did not, to be read. One reader
read all that passed; what says something else than the text, or does not deny it, stands in written_wrong.tsv.

    THREADS=2 python benchmarks/teacher/serve.py &
    OPENAI_BASE_URL=http://127.0.0.1:8099/v1 python benchmarks/triplets/written.py [--replay]
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness import results
from harness.data.sentences import unlabelled
from matomari.teach.client.endpoint import MISSING
from matomari.teach.graph.wordnet import WordNet
from matomari.teach.rules.maker import Rules
from matomari.teach.rules.triplet import Dropped, Triplet
from matomari.teach.written import askable, write_triplets
from teacher.measure import Replies

TEXTS = 200
UNREAD = "the reply is no plain sentence"  # nor does the journal hold it, since it would be asked for again
SIDES = {"positive": "rewrites", "refutation": "refutations"}


def main() -> None:
    """Ask, check, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    corpus = unlabelled("dev")
    texts = random.Random("to be written").sample(askable(corpus), TEXTS)
    rules = Rules.of(corpus, wordnet=WordNet.load())
    with Replies("wording", args.replay, whole=False) as teacher:
        entries = list(write_triplets(texts, teacher, rules))
    refused = [entry for entry in entries if isinstance(entry, Dropped)]
    if args.show:
        for entry in entries:
            print(*entry, sep=" | ")
    sides = {}
    wrong = [line.split("\t") for line in (Path(__file__).parent / "written_wrong.tsv").read_text(encoding="utf-8").splitlines()]
    dropped = {(entry.kind, entry.candidate) for entry in refused}
    for kind, name in SIDES.items():
        given = (UNREAD if entry.reason == MISSING else entry.reason for entry in refused if entry.kind == kind)
        reasons = Counter(reason.partition(":")[0] for reason in given)
        missed = sum(of == kind and (of, sentence) not in dropped for of, sentence in wrong)
        sides[name] = {"asked": TEXTS, "passed": TEXTS - reasons.total(), "wrong": missed, "refused": dict(reasons.most_common())}
    results.write("triplets_written", {"sides": sides, "triplets": sum(isinstance(entry, Triplet) for entry in entries)})


if __name__ == "__main__":
    main()
