"""Question: what is a teacher of 1.5 billion weights on this machine worth, and does the probe know?

Qwen2.5-Coder-1.5B-Instruct (serve.py), everything through the client, guard and journal of the project. Replies lie in results/teacher/*.journal.gz, so
`--replay` makes the same figures anywhere, without a model. Parts: pairs, triplets, probe, "variants, Abt-Buy" …, "names, Banking77" …; all when none is named.

    THREADS=2 python benchmarks/teacher/serve.py &
    OPENAI_BASE_URL=http://127.0.0.1:8099/v1 python benchmarks/teacher/measure.py [PART …] [--replay]
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parents[1]))

import matomari
from harness.data import texts
from harness.data.files import CACHE, encoder, parsed, records, vectors
from harness.loop import Table
from harness.results import RESULTS
from harness.statistics import interval
from matomari.metrics.grouping import pairwise
from matomari.operate.options import TeachOptions
from matomari.operate.teach.connect import connect
from matomari.operate.teach.plan import plan_of
from matomari.operate.teach.stages import same
from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.stages.probe import portions
from matomari.operate.teach.teach import ask_teacher
from matomari.teach.ask.order import order_questions, order_share
from matomari.teach.ask.same import same_questions, same_share
from matomari.teach.client.endpoint import MISSING, Endpoint
from matomari.teach.question import Answer, Question
from matomari.vectors import normalise

MODEL = "qwen2.5-coder-1.5b-instruct"
JOURNALS = RESULTS / "teacher"
PAIRS, TRIPLETS = 200, 60
DOUBTFUL = 420  # pairs of variants that are asked about: with two orders of 40 cases of the probe at most 500 questions
SAME_PRODUCT, SAME_QUESTION = {"relation": "name the same product"}, {"relation": "ask for the same thing"}
PRODUCTS = {"Abt-Buy": texts.abt_buy, "Amazon-Google": texts.amazon_google}
ABOUT = {"Banking77": "questions to a bank", "CLINC150": "questions to an assistant"}


class Replies:
    """The journal of a part: unpacked while it is used, packed again when it grew. `whole`: a replay may miss no answer."""

    def __init__(self, part: str, replay: bool, whole: bool = True) -> None:
        self.whole = whole
        self.file, self.replay = JOURNALS / f"{part}.journal.gz", replay
        self.path = Path(tempfile.mkdtemp()) / "journal" if replay else CACHE / f"teacher-{part}.journal"

    def __enter__(self) -> Endpoint:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.file.exists() and not self.path.exists():
            self.path.write_bytes(gzip.decompress(self.file.read_bytes()))
        options = TeachOptions(llm=MODEL, replay=self.replay, parallel=1, timeout=600.0)
        self.endpoint, _ = connect(options, self.path)
        if self.whole:
            self.endpoint.ask = partial(complete, self.endpoint.ask)  # type: ignore[method-assign]
        return self.endpoint

    def __exit__(self, *error: object) -> None:
        self.endpoint.close()
        if not self.replay:
            JOURNALS.mkdir(parents=True, exist_ok=True)
            self.file.write_bytes(gzip.compress(self.path.read_bytes(), mtime=0))


def complete(ask: Callable[[list[Question]], list[Answer]], questions: list[Question]) -> list[Answer]:
    """The answers; none of them may be missing in the journal.

    The last digits of vectors differ from one processor to another, and in rare cases they choose another case for a probe, or another group.
    """
    answers = ask(questions)
    missing = sum(answer.failure == MISSING for answer in answers)
    if missing:
        raise SystemExit(
            f"{missing} of {len(answers)} questions are not in the journal, because this machine makes other vectors: leave --replay out."
        )
    return answers


def hard_pairs(rows: list[str], labels: np.ndarray, n: int) -> tuple[list[tuple[int, int]], np.ndarray]:
    """So many pairs of one class, and as many of two classes that are among the ten nearest of each other."""
    X, rng = vectors(rows), np.random.default_rng(0)
    same, other = list[tuple[int, int]](), list[tuple[int, int]]()
    for i in rng.permutation(len(rows)).tolist():
        mates = [j for j in np.flatnonzero(labels == labels[i]).tolist() if j != i]
        near = [j for j in np.argsort(-(X @ X[i]))[1:11].tolist() if labels[j] != labels[i]]
        if mates and len(same) < n // 2:
            same.append((i, int(rng.choice(mates))))
        if near and len(other) < n // 2:
            other.append((i, int(rng.choice(near))))
    return [*same, *other], np.repeat([True, False], n // 2)


def pairs(replay: bool) -> dict[str, Any]:
    """Is it one product, is it one intent? AUC of the teacher and of the encoder on pairs that are hard for the encoder."""
    figures = {}
    with Replies("pairs", replay) as teacher:
        for name, load, words in (
            ("Abt-Buy", texts.abt_buy, SAME_PRODUCT),
            ("Banking77 test", lambda: texts.banking("test"), SAME_QUESTION),
        ):
            rows, labels = load()
            chosen, truth = hard_pairs(list(rows), np.asarray(labels), PAIRS)
            questions = [q for a, b in chosen for q in same_questions([rows[a]], [rows[b]], words["relation"])]
            before = teacher.spent.read + teacher.spent.saved
            answers = teacher.ask(questions)
            both = np.asarray([same_share(answers[i : i + 2]) or 0.0 for i in range(0, len(answers), 2)])
            first = np.asarray([answer.share("A") for answer in answers[::2]])
            X = vectors(list(rows))
            cosine = np.asarray([float(X[a] @ X[b]) for a, b in chosen])
            figures[name] = {
                "pairs": PAIRS,
                "one order": roc_auc_score(truth, first),
                "both orders": roc_auc_score(truth, both),
                "encoder": roc_auc_score(truth, cosine),
                "failures": sum(bool(answer.failure) for answer in answers),
                **tokens(teacher, questions, before),
            }
    return figures


def triplets(replay: bool) -> dict[str, Any]:
    """Which of two questions to a bank has the intent of a third?"""
    rows, labels = texts.banking("test")
    labels, rng, X = np.asarray(labels), np.random.default_rng(0), vectors(list(rows))
    drawn = []
    for i in rng.permutation(len(rows))[:TRIPLETS].tolist():
        mates, others = np.flatnonzero(labels == labels[i]), np.flatnonzero(labels != labels[i])
        drawn.append((i, int(rng.choice(mates[mates != i])), int(rng.choice(others))))
    with Replies("triplets", replay) as teacher:
        answers = teacher.ask([q for i, a, b in drawn for q in order_questions(rows[i], rows[a], rows[b])])
    both = [order_share(answers[i : i + 2]) or 0.0 for i in range(0, len(answers), 2)]
    return {
        "triplets": TRIPLETS,
        "one order": float(np.mean([answer.share("A") > 0.5 for answer in answers[::2]])),
        "both orders": float(np.mean([share > 0.5 for share in both])),
        "encoder": float(np.mean([X[i] @ X[a] > X[i] @ X[b] for i, a, b in drawn])),
    }


def intents(name: str) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts, numbers of their classes, and what the classes are called."""
    if name == "Banking77":
        rows = records("banking77", "test.csv")
        found = [r["text"] for r in rows], [r["category"] for r in rows]
    else:
        rows = parsed("clinc150", "data_full.json")["test"]
        found = [r[0] for r in rows], [r[1] for r in rows]
    classes = sorted(set(found[1]))
    return found[0], np.asarray([classes.index(c) for c in found[1]]), [c.replace("_", " ") for c in classes]


def names(title: str, replay: bool) -> dict[str, Any]:
    """Names with and without a teacher, on the same groups: nearness to the true label's name by an encoder that made neither."""
    judge = matomari.load_encoder("multilingual", cache=CACHE / "vectors").encode
    rows, labels, classes = intents(title)
    groups = matomari.group(pa.table({"text": rows}), text="text", kind="themes", encoder=encoder("off"))
    with Replies(f"names-{title}", replay) as teacher:
        advice = ask_teacher(groups, teacher=teacher, only="names", about=ABOUT[title], cache=CACHE / "vectors")
    outcome, material = advice.outcomes[-1], Material.of(groups)
    cluster = groups.items["cluster"].to_numpy()
    largest = [int(np.bincount(labels[cluster == g]).argmax()) for g in range(material.k)]
    new = {row["what"]: row["to"] for row in advice.proposals.to_pylist() if row["recommended"]}
    every = [*classes, *material.names, *new.values()]
    V = dict(zip(every, normalise(np.asarray(judge(every), np.float32)), strict=True))
    before = [float(V[name] @ V[classes[c]]) for name, c in zip(material.names, largest, strict=True)]
    after = [float(V[new.get(name, name)] @ V[classes[c]]) for name, c in zip(material.names, largest, strict=True)]
    difference = np.asarray(after) - before
    return {
        "groups": material.k,
        "proposed": len(advice.proposals),
        "recommended": len(new),
        "near the label, before": float(np.mean(before)),
        "near the label, after": float(np.mean(after)),
        "difference": float(difference.mean()),
        "interval": interval(difference),
        "found, before": outcome.figures["before"],
        "found, after": outcome.figures["after"],
    }


def variants(title: str, replay: bool) -> dict[str, Any]:
    """Doubtful pairs of products: the probe by itself, and pairwise F1 before and after what is recommended."""
    rows, labels = PRODUCTS[title]()
    groups = matomari.group(pa.table({"text": list(rows)}), text="text", kind="variants", cache=CACHE / "vectors")
    with Replies(f"variants-{title}", replay) as teacher:
        advice = ask_teacher(groups, teacher=teacher, **SAME_PRODUCT, about="products", most=DOUBTFUL, cache=CACHE / "vectors")
    changed = matomari.apply(groups, advice.proposals, recommended=True)
    place = {name: i for i, name in enumerate(groups.items["id"].to_pylist())}
    review = asked_about(groups)
    figures = [outcome.figures for outcome in advice.outcomes]
    true = [labels[place[row["id_a"]]] == labels[place[row["id_b"]]] for row in review]
    wrong = [same != row["together"] for same, row in zip(true, review, strict=True)]
    ideal = [
        {"do": "same" if same else "different", "what": row["id_a"], "to": row["id_b"]}
        for same, row, amiss in zip(true, review, wrong, strict=True)
        if amiss
    ]
    arms = {"before": groups, "after": changed, "every pair asked about put right": matomari.apply(groups, ideal)}
    return {
        "accepted": bool(advice.outcomes[0].accepted),
        "probe": figures[0]["probe"],
        "questions": 2 * figures[0]["probe"]["asked"] + figures[-1].get("questions", 0),
        "wrong among the pairs": int(sum(wrong)),
        "recommended": int(sum(advice.proposals["recommended"].to_pylist())),
        **{when: pairwise(labels, g.items["cluster"].to_numpy()) for when, g in arms.items()},
    }


def asked_about(groups: matomari.Grouping) -> list[dict[str, Any]]:
    """The doubtful pairs that are asked about: those of two texts that stand alone first."""
    rows = [] if groups.review is None else groups.review.to_pylist()
    size = np.bincount(groups.items["cluster"].to_numpy())
    return sorted(rows, key=lambda row: row["together"] or size[row["cluster_a"]] * size[row["cluster_b"]] > 1)[:DOUBTFUL]


def probe(replay: bool) -> dict[str, Any]:
    """Is the teacher refused for pairs of questions to a bank, by itself?"""
    groups = matomari.group(pa.table({"text": list(texts.banking("test")[0])}), text="text", kind="themes", encoder=encoder("off"))
    material = Material.of(groups)
    cases, truth = same.probe_texts(material, 0)
    answers: list[Any] = []
    with Replies("probe", replay) as teacher:
        for portion in portions(cases.questions(material, **SAME_QUESTION, about="questions to a bank")):
            answers += teacher.ask(portion)
            outcome = same.judge("pairs of texts", cases, truth, answers, seed=0).outcome()
            if not outcome.open:
                break
    return dict(outcome.figures["probe"])


def tokens(teacher: Endpoint, questions: list[Any], before: int) -> dict[str, Any]:
    """Tokens as a plan counts them, and as the endpoint did since `before`."""
    plan = plan_of([("pairs", questions)], teacher.guard, None, marked=False, notes=[])
    return {"tokens, estimated": plan.read, "tokens, counted": teacher.spent.read + teacher.spent.saved - before}


PARTS: dict[str, Callable[[bool], dict[str, Any]]] = {
    "pairs": pairs,
    "triplets": triplets,
    "probe": probe,
    **{f"variants, {title}": partial(variants, title) for title in PRODUCTS},
    **{f"names, {title}": partial(names, title) for title in ABOUT},
}


def main() -> None:
    """Measure the parts that are named."""
    replay = "--replay" in sys.argv
    wanted = [name for name in sys.argv[1:] if name in PARTS] or list(PARTS)
    if not replay:
        os.environ.setdefault("OPENAI_BASE_URL", "http://127.0.0.1:8099/v1")
    table = Table("teacher_local", "parts")
    for name in wanted:
        table.add({(name,): PARTS[name](replay)})


if __name__ == "__main__":
    main()
