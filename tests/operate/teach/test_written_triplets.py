"""Triplets that a model writes: what passes the checks, what leaves the machine, and what a second run costs."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import matomari
from builders import environment
from builders.endpoint import MODEL, Loopback
from builders.personal import LOCALES, planted
from builders.wordnet import needs_wordnet
from matomari.operate.options import TeachPairsOptions
from matomari.operate.teach.triplets.asked import plan_pairs
from matomari.operate.triplets import TripletSet
from matomari.teach.graph.wordnet import WordNet
from matomari.teach.question import Answer, certain
from matomari.teach.rules.check import Check
from matomari.teach.rules.knowledge import Knowledge
from matomari.teach.rules.maker import Rules
from matomari.teach.rules.triplet import Dropped, Triplet
from matomari.teach.written import write_triplets

NAMES = ["hex bolt", "lock nut", "flat washer", "wood screw"]
TEXTS = [f"{name} {size} mm" for name in NAMES for size in (4, 5, 6, 8, 10, 12)]


def writes(prompt: str) -> dict[str, str]:
    """Rewrites and refutes rightly, but one size in each way wrongly."""
    text = re.search(r"^1: (.*)$", prompt.replace("^", " "), re.MULTILINE)[1]
    name, size = re.match(r"(.*) (\d+) mm", text).groups()
    if "in other words" in prompt:
        return {"": f"A {name} of {int(size) + (size == '8')} mm"}
    return {"": f"{name} {int(size) + (size != '12')} mm"}


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch):
    with Loopback(answers=writes) as here:
        monkeypatch.setenv("OPENAI_BASE_URL", here.url)
        yield here


def by_model(made: TripletSet) -> list[dict[str, str]]:
    return [row for row in made.triplets.to_pylist() if MODEL in row["made"]]


def test_what_passes_stands_beside_what_the_rules_make_and_the_rest_in_the_audit(endpoint: Loopback, tmp_path: Path) -> None:
    made = matomari.teach_pairs(TEXTS, alpha=0.0, beta=0.0, llm=MODEL, most=24, journal=tmp_path / "j")
    rows = by_model(made)
    assert len(endpoint.questions) == 48 and len(rows) == 24
    whole = [row for row in rows if row["kind"] == "refutation" and "rewrite" in row["made"]]
    assert len(whole) == 16  # neither 8 nor 12 mm
    for row in whole:
        size = int(row["anchor"].split()[-2])
        assert row["positive"] == f"A {row['anchor']}".replace(f" {size} mm", f" of {size} mm") and f" {size + 1} mm" in row["negative"]
    filled = [row for row in rows if "positive: rewrite" in row["made"] and "refutation" not in row["made"]]
    assert {row["anchor"].split()[-2] for row in filled} == {"12"} and all(row["kind"] != "refutation" for row in filled)
    reasons = {row["reason"] for row in made.audit.to_pylist() if row["made"] == f"by {MODEL}"}
    assert reasons == {"numbers differ: length 1/125 / length 9/1000", "it is the anchor"}
    assert any("24 of 24 texts" in note and "20 rewrites and 20 refutations passed" in note for note in made.notes)
    assert made.record["cost"]["calls"] >= 48


def test_a_second_run_and_a_replay_ask_nobody(endpoint: Loopback, tmp_path: Path) -> None:
    first = matomari.teach_pairs(TEXTS, llm=MODEL, most=6, journal=tmp_path / "j")
    sent = len(endpoint.asked)
    again = matomari.teach_pairs(TEXTS, llm=MODEL, most=6, journal=tmp_path / "j")
    assert len(endpoint.questions) == 12 and len(endpoint.asked) == sent + 1  # the list of models
    replayed = matomari.teach_pairs(TEXTS, replay=True, most=6, journal=tmp_path / "j")
    assert len(endpoint.asked) == sent + 1
    assert first.triplets.equals(again.triplets) and first.triplets.equals(replayed.triplets)


def test_a_plan_sends_nothing_and_counts_two_calls_a_text(endpoint: Loopback) -> None:
    plan = plan_pairs(TEXTS, TeachPairsOptions(llm=MODEL, most=10))
    assert plan.calls == {"rewrites": 10, "refutations": 10} and not endpoint.asked
    assert plan.cost == 0.0 and any("Keep everything" in sample for sample in plan.samples)


@pytest.mark.long
def test_no_name_leaves_the_machine_and_all_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 sentences with invented names or mail addresses; the endpoint repeats what it is shown, with a word more or a negation."""

    def repeats(prompt: str) -> dict[str, str]:
        text = re.search(r"^1: (.*)$", prompt.replace("^", " "), re.MULTILINE)[1]
        return {"": f"{text} indeed" if "in other words" in prompt else f"not {text}"}

    rows = [row for kind in ("person", "mail") for locale in LOCALES for row in planted(kind, locale, 20)]
    assert len(rows) == 200
    texts = list(dict.fromkeys(text for text, _ in rows))
    with Loopback(answers=repeats) as here:
        monkeypatch.setenv("OPENAI_BASE_URL", here.url)
        made = matomari.teach_pairs([*texts, *TEXTS], llm=MODEL, most=len(texts) + len(TEXTS), people=True, alpha=0.0, beta=0.0)
        sent = [json.loads(asked.raw)["messages"][1]["content"] for asked in here.questions]
    wire = "\n".join(sent)
    for text, value in rows:
        assert value not in wire, text
    assert re.search("PERSON_[0-9]", wire) and re.search("EMAIL_[0-9]", wire)
    back = [row for row in by_model(made) if row["anchor"] in texts]
    assert back and not any(re.search("(PERSON|EMAIL)_[0-9]", row["positive"] + row["negative"]) for row in back)


class Scripted:
    """Answers each kind of question as it is told."""

    name = "scripted"

    def __init__(self, rewrite: Answer, refutation: Answer) -> None:
        self.said = {"rewrite": rewrite, "refute": refutation}

    def ask(self, questions):
        return [self.said[question.kind] for question in questions]


def test_of_a_text_of_which_nothing_passes_there_is_no_triplet() -> None:
    rules = Rules.of(["hex bolt, 20 mm"], wordnet=None)
    silent = Scripted(Answer(failure="the reply was cut off"), Answer(failure="the reply is not JSON"))
    entries = list(write_triplets(["hex bolt, 20 mm"], silent, rules))
    assert [(type(e), e.kind, e.reason) for e in entries] == [
        (Dropped, "positive", "the reply was cut off"),
        (Dropped, "refutation", "the reply is not JSON"),
    ]


@needs_wordnet
def test_a_rewrite_that_is_the_negative_of_the_rules_makes_no_triplet() -> None:
    """Whether two other actions are the same is seen by nobody here; one text on both sides is."""
    rules = Rules.of(["A man is walking .", "A man is running ."], wordnet=WordNet.load())
    (ours,) = [e for e in rules.make(["A man is walking ."]) if isinstance(e, Triplet)]
    fooled = Scripted(certain(ours.negative), Answer(failure="the reply is not JSON"))
    entries = list(write_triplets(["A man is walking ."], fooled, rules))
    assert not [e for e in entries if isinstance(e, Triplet) and e.positive == e.negative]


def test_a_rewrite_that_says_the_opposite_is_in_the_audit() -> None:
    turned = Scripted(certain("The valve is closed"), certain("The valve is not open"))
    entries = list(write_triplets(["The valve is open"], turned, Rules.of(["The valve is open"], wordnet=None)))
    assert [(e.kind, e.candidate, e.reason) for e in entries if isinstance(e, Dropped)] == [
        ("positive", "The valve is closed", "it says the opposite of a word")
    ]
    assert all(e.positive != "The valve is closed" for e in entries if isinstance(e, Triplet))


@pytest.mark.parametrize(
    ("anchor", "candidate", "reason"),
    [
        ("The order was sent", "They sent the order", ""),
        ("A rope of 100 cm", "A rope that has 1 m", ""),
        ("A rope of 100 cm", "A rope that has 2 m", "numbers differ: length 1 / length 2"),
        ("The red valve is open", "The red valve is closed", "it says the opposite of a word"),
        ("The red valve is open", "The valve is open", "colours differ: red / none"),
        ("The order was sent", "The order was never sent", "negations differ"),
        ("The child is jumping , at dusk .", "The child is jumping, at dusk", "it is the anchor"),
    ],
)
def test_what_may_be_a_rewrite(anchor: str, candidate: str, reason: str) -> None:
    assert Check(Knowledge()).rewrite(anchor, candidate) == reason


def test_options_for_a_model_are_said_to_be_of_no_use_without_one() -> None:
    notes = matomari.teach_pairs(TEXTS, max_cost=1.0, most=5).notes
    assert any(note.startswith("most, max_cost had no use") for note in notes)
    assert not any("no use" in note for note in matomari.teach_pairs(TEXTS).notes)


def test_a_long_text_is_not_sent() -> None:
    asked = []

    class Counting(Scripted):
        def ask(self, questions):
            asked.extend(questions)
            return super().ask(questions)

    teacher = Counting(certain("a"), certain("b"))
    made = matomari.teach_pairs([*TEXTS, "hex bolt 4 mm " * 60], teacher=teacher, most=1000)
    assert len(asked) == 2 * len(TEXTS) and any("1 texts of more than 600 characters" in note for note in made.notes)


@pytest.mark.parametrize(
    ("anchor", "candidate", "reason"),
    [
        ("The order was sent", "The order was not sent", ""),
        ("A bolt of 20 mm", "A bolt of 22 mm", ""),
        ("Sales rose in May", "Sales fell in May", ""),
        ("The claim was accepted", "The claim was refused", ""),
        ("The order was sent", "the  order was sent", "it is the anchor"),
        ("The order was sent", "The order has been sent", "nothing in it can be seen to deny the anchor"),
        ("Three red bolts of 20 mm", "Three bolts of 20 mm", "nothing in it can be seen to deny the anchor"),  # it says less
        ("Three red bolts of 20 mm", "The red bolts", "nothing in it can be seen to deny the anchor"),
        ("Three red bolts of 20 mm", "Three red bolts of 20 kg", "nothing in it can be seen to deny the anchor"),
        ("The order was sent from Oslo", "The order was sent by a customer", "nothing in it can be seen to deny the anchor"),
        ("Three red bolts of 20 mm", "Three blue bolts of 20 mm", ""),
        ("Three red bolts of 20 mm", "Two bolts of 20 mm", ""),
        ("The order was not sent", "The order was never not sent", ""),
        ("The order was sent to the customer", "Rain is expected in Oslo tomorrow", "it speaks of something else"),
        ("荷物は届きました", "荷物は届きませんでした", ""),
    ],
)
def test_what_may_be_a_refutation(anchor: str, candidate: str, reason: str) -> None:
    assert Check(Knowledge()).refutation(anchor, candidate) == reason


def test_the_command_line_asks_plans_and_keeps_the_replies_beside_the_folder(endpoint: Loopback, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("\n".join(TEXTS), encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "matomari", "teach", "pairs", "t.txt", *words]
        surroundings = environment() | {"COLUMNS": "200", "OPENAI_BASE_URL": endpoint.url}
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=surroundings)

    dry = run("--llm", MODEL, "--most", "5", "--dry-run")
    assert dry.returncode == 0 and "at most 10 calls (5 for rewrites, 5 for refutations)" in dry.stderr and "nothing was sent" in dry.stderr
    assert not endpoint.asked
    planned = run("--llm", MODEL, "--dry-run", "--json")
    assert json.loads(planned.stdout)["plan"]["calls"]["rewrites"] == len(TEXTS)
    done = run("--llm", MODEL, "--most", "5", "-o", "pairs")
    assert done.returncode == 0 and "was asked about 5 of 24 texts" in done.stderr, done.stderr
    assert (tmp_path / "pairs.journal").exists() and len(endpoint.questions) == 10
    assert len(by_model(TripletSet.load(tmp_path / "pairs"))) >= 4


@pytest.mark.long
def test_a_run_that_was_stopped_pays_for_nothing_twice(endpoint: Loopback, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    command = [sys.executable, "-m", "matomari", "teach", "pairs", "t.txt", "--llm", MODEL, "--most", "20", "-o", "pairs"]
    surroundings = environment() | {"OPENAI_BASE_URL": endpoint.url}
    endpoint.delay = 0.1
    child = subprocess.Popen(command, cwd=tmp_path, env=surroundings, stderr=subprocess.PIPE, text=True)
    while len(endpoint.questions) < 10 and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGTERM)
    said = child.communicate()[1]
    assert child.returncode == 143 and "Traceback" not in said, said
    assert not (tmp_path / "pairs").exists() and len(endpoint.questions) < 40
    endpoint.delay = 0.0
    assert subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True).returncode == 0
    assert len(endpoint.questions) <= 40 + 4  # what was on its way is asked again
    assert len(by_model(TripletSet.load(tmp_path / "pairs"))) >= 16
