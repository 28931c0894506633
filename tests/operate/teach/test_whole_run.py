"""The whole job and its verb against an endpoint that knows the truth: what is asked, what is written, what a second run costs."""

from __future__ import annotations

import csv
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import EXAMPLE
from builders.cli import call
from builders.endpoint import Asked, Fault, Loopback
from builders.knowing import knows, themes_folder, topic_truth, variants_folder
from matomari.operate.options import TeachOptions
from matomari.operate.teach.stages.doubtful import probe_cases
from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.teach import ask_teacher, opened, plan
from matomari.operate.teach.teaching import Teaching

TRUTH = topic_truth()
CUT_OFF = Fault("cut off", "", change=lambda payload: payload["choices"][0].update(finish_reason="length"))


def parts() -> dict[str, str]:
    """Some spellings of the example, and the thing that each is."""
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["item"] for row in list(csv.DictReader(file))[:120]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("made")
    return {"themes": themes_folder(root / "themes"), "variants": variants_folder(root / "variants", parts())}


@pytest.fixture
def themes(made: dict[str, Path], tmp_path: Path) -> Path:
    """A copy for one test."""
    return Path(shutil.copytree(made["themes"], tmp_path / "run", symlinks=True))


@pytest.fixture
def variants(made: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made["variants"], tmp_path / "run", symlinks=True))


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """An endpoint that knows the topics, named by the environment."""
    with Loopback(answers=knows(TRUTH)) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield endpoint


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()}


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "proposals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_themes_with_a_teacher_that_knows(themes: Path, knowing: Loopback) -> None:
    """Each group is offered the topic of most of its texts, and the one that holds two topics is to be split."""
    advice = ask_teacher(themes, about="things that people ask")
    proposals = advice.proposals.to_pylist()
    names = {row["what"]: row["to"] for row in proposals if row["do"] == "rename"}
    grouped = opened(themes)[0]
    texts, cluster = grouped.items["text"].to_pylist(), grouped.items["cluster"].to_pylist()
    for g, name in enumerate(grouped.groups["name"].to_pylist()):
        assert names[name] in {TRUTH[text] for text, of in zip(texts, cluster, strict=True) if of == g}
    (mixed,) = [row for row in proposals if row["do"] == "split" and row["recommended"]]
    (of_two,) = [g for g in range(5) if len({TRUTH[t] for t, of in zip(texts, cluster, strict=True) if of == g}) == 2]
    assert mixed["what"] == grouped.groups["name"].to_pylist()[of_two]
    assert {row["by"] for row in proposals} == {"loopback-1"}
    assert advice.cost["calls"] == len(knowing.asked) - 1  # the list of models is no call
    assert (advice.cost["read"], advice.cost["written"]) == tuple(map(sum, zip(*knowing.bills, strict=True)))
    for asked in knowing.questions:  # names are asked for without it: small models would put it into every name
        assert ("things that people ask" in asked.text) == ('"name"' not in asked.text)


def test_variants_with_a_teacher_that_knows(variants: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is proposed of pairs is what the truth says of them."""
    truth = parts()
    with Loopback(answers=knows(truth)) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        advice = ask_teacher(variants)
        assert all("the same thing" in asked.text for asked in endpoint.questions)
    texts = dict(zip(*(opened(variants)[0].items[name].to_pylist() for name in ("id", "text")), strict=True))
    wanted = [row for row in advice.proposals.to_pylist() if row["recommended"]]
    assert advice.outcomes[0].accepted and wanted
    for row in wanted:
        same = truth[texts[row["what"]]] == truth[texts[row["to"]]]
        assert row["do"] == ("same" if same else "different")


def test_the_verb_writes_proposals_and_their_page(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    before = contents(themes)
    assert call("teach", str(themes), "--no-cache", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    assert said.out == "" and "nothing is changed" in said.err and "matomari apply takes" in said.err
    assert "loopback-1 was asked on this machine" in said.err
    advice = Teaching.load(themes / "teacher")
    assert [row["to"] for row in rows(themes)] == advice.proposals["to"].to_pylist()
    assert (themes / "proposals.csv").read_bytes() == (themes / "teacher" / "proposals.csv").read_bytes()
    record = json.loads((themes / "teacher" / "teacher.json").read_text())
    assert record["teacher"] == "loopback-1" and record["cost"]["calls"] == len(knowing.asked) - 1
    page = (themes / "teacher" / "report.html").read_text(encoding="utf-8")
    assert all(row["to"] in page for row in rows(themes))
    after = contents(themes)
    assert {name: after[name] for name in before} == before  # the groups themselves
    new = {name.split("/")[0] for name in set(after) - set(before)}
    assert new == {"teacher", "proposals.csv", "teacher.journal"}


def test_a_second_run_makes_no_request_and_the_same_bytes(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("teach", str(themes), "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    first, sent = contents(themes), len(knowing.asked)
    assert call("teach", str(themes), "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    assert [asked.path for asked in knowing.asked[sent:]] == ["/v1/models"]
    second = contents(themes)
    assert all(second[name] == first[name] for name in ("proposals.csv", "teacher.journal"))
    assert json.loads((themes / "teacher" / "teacher.json").read_text())["cost"]["remembered"] == sent - 6  # five probes and the models


def test_a_replay_needs_no_endpoint(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert call("teach", str(themes), "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    first = contents(themes)
    monkeypatch.delenv("OPENAI_BASE_URL")
    no_connections(monkeypatch)
    assert call("teach", str(themes), "--replay", "--no-cache", monkeypatch=monkeypatch) == 0
    assert "nothing was sent: every answer comes from the journal" in capsys.readouterr().err
    assert contents(themes)["proposals.csv"] == first["proposals.csv"]
    assert contents(themes)["teacher.journal"] == first["teacher.journal"]


def test_a_replay_without_a_journal_says_so(themes: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    before = contents(themes)
    assert call("teach", str(themes), "--replay", "--no-cache", monkeypatch=monkeypatch) == 2
    assert "the journal holds no replies" in capsys.readouterr().err
    assert contents(themes) == before


def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on a socket that connects fails the test, wherever to."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


def test_a_dry_run_connects_to_nobody(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    before = contents(themes)
    no_connections(monkeypatch)
    assert call("teach", str(themes), "--dry-run", "--no-cache", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    assert said.out.count("--- sample") == 5 and "nothing was sent" in said.err
    assert knowing.asked == [] and contents(themes) == before
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example/v1")
    assert call("teach", str(themes), "--dry-run", "--json", "--no-cache", monkeypatch=monkeypatch) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"calls", "read", "written", "cost", "masked", "samples", "notes"}


def test_a_plan_counts_the_calls_that_are_made(themes: Path, knowing: Loopback) -> None:
    """Those of each stage, where the teacher is accepted or until it is refused; tokens are those of another tokeniser and are not compared."""
    planned = plan(themes, TeachOptions())
    advice = ask_teacher(themes)
    material = Material.of(opened(themes)[0])
    cases = len(probe_cases(material, 0)[0].items)
    probe = advice.outcomes[1]
    assert planned.calls["names"] == material.k
    assert probe.figures["probe"]["asked"] == cases and not probe.accepted  # all portions of it, and nothing after
    assert planned.calls["places of items"] == 2 * cases + 2 * len(material.texts)
    made = len(knowing.questions)
    assert made == material.k + 2 * cases + planned.calls["merges and splits"]


def test_samples_of_a_plan_are_what_is_sent(themes: Path, knowing: Loopback) -> None:
    def without_mark(text: str) -> str:
        return text.replace(text.split("\n")[1].strip(), "MARK")

    planned = plan(themes, TeachOptions(only="names"))
    ask_teacher(themes, only="names")
    sent = {without_mark(asked.text) for asked in knowing.questions}
    shown = [without_mark(sample) for sample in planned.samples]
    # a plan knows no endpoint, so it is written for one that gives letters; names are asked in the same words of all
    assert len(shown) == 2 and set(shown) <= sent


@pytest.mark.parametrize(("only", "titles"), [("names", 1), ("places", 1), ("groups", 2), ("names, groups", 3), ("pairs", 0)])
def test_only_some_questions(only: str, titles: int, themes: Path, knowing: Loopback) -> None:
    advice = ask_teacher(themes, only=only)
    assert len(advice.outcomes) == titles
    assert any('"name"' in asked.text for asked in knowing.questions) == ("names" in only)
    assert any("To which group" in asked.text for asked in knowing.questions) == ("places" in only)
    assert any("should be one group" in asked.text for asked in knowing.questions) == ("groups" in only)


def test_json_of_a_run(themes: Path, knowing: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    out = tmp_path / "advice"
    words = ("teach", str(themes), "--only", "names", "--json", "--no-cache", "-o", str(out))
    assert call(*words, monkeypatch=monkeypatch) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["proposals"] == len(rows(out)) == 5 and record["out"] == str(out)
    assert record["cost"]["calls"] == len(knowing.asked) - 1
    assert not (themes / "proposals.csv").exists() and not (themes / "teacher").exists()


def test_edited_proposals_are_not_replaced(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    words = ("teach", str(themes), "--only", "names", "-q", "--no-cache")
    assert call(*words, monkeypatch=monkeypatch) == 0
    edited = (themes / "proposals.csv").read_bytes() + b"rename,a,b,mine,1,me,true\n"
    (themes / "proposals.csv").write_bytes(edited)
    sent, before = len(knowing.asked), contents(themes)
    assert call(*words, monkeypatch=monkeypatch) == 2
    assert "is not as matomari teach wrote it" in capsys.readouterr().err
    assert len(knowing.asked) == sent and contents(themes) == before
    (themes / "proposals.csv").rename(themes / "mine.csv")
    assert call(*words, monkeypatch=monkeypatch) == 0
    assert (themes / "mine.csv").read_bytes() == edited


def test_stopped_between_the_folder_and_its_copy(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill just before the copy is written leaves nothing that the next run takes for the work of a person."""
    assert call("teach", str(themes), "--only", "names", "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    from matomari.cli import teach

    def killed(source: Path, copy: Path) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(teach, "_copied", killed)
        assert call("teach", str(themes), "-q", "--no-cache", monkeypatch=patch) == 137
    assert call("teach", str(themes), "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    assert (themes / "proposals.csv").read_bytes() == (themes / "teacher" / "proposals.csv").read_bytes()


def test_replies_that_are_cut_off(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Names are failures with a name; letters have a single token, which is whole where it is there."""
    knowing.fault = lambda asked: None if asked.probe else CUT_OFF
    assert call("teach", str(themes), "--only", "names", "--no-cache", monkeypatch=monkeypatch) == 0
    assert "5 of 5 questions have no answer: the reply was cut off (5)" in capsys.readouterr().err
    assert rows(themes) == []
    knowing.fault = lambda asked: None  # nothing of that was kept
    assert call("teach", str(themes), "--only", "names", "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    assert len(rows(themes)) == 5


def test_a_cap_of_nothing(themes: Path, knowing: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Not even what the endpoint understands can be asked for; where that is known, every question is a failure that is said."""
    words = ("teach", str(themes), "--no-cache", "--max-cost", "0", "--price", "1", "2")
    assert call(*words, monkeypatch=monkeypatch) == 2
    assert "the cap on the cost is reached" in capsys.readouterr().err and not (themes / "teacher").exists()
    assert [asked.path for asked in knowing.asked] == ["/v1/models"]
    assert call("teach", str(themes), "--only", "pairs", "-q", "--no-cache", monkeypatch=monkeypatch) == 0  # asks nothing
    ask_teacher(themes, only="places", most=1)  # finds out what the endpoint understands
    sent = len(knowing.questions)
    assert call(*words, "--only", "names,groups", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().err
    assert "5 of 5 questions have no answer: the cap on the cost is reached (5)" in said
    assert "0 proposals, 0 recommended" in said and len(knowing.questions) == sent
    assert json.loads((themes / "teacher" / "teacher.json").read_text())["cost"]["dollars"] == 0


def test_an_endpoint_without_schema(themes: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """It is asked in words, and the proposals are the same."""
    from builders.endpoint import Knows

    written = []
    for knowledge in (Knows(), Knows(forms=(), logprobs=False)):
        folder = Path(shutil.copytree(themes, themes.parent / f"run{len(written)}", symlinks=True))
        with Loopback(knows=knowledge, answers=knows(TRUTH)) as endpoint:
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            assert call("teach", str(folder), "-q", "--no-cache", "--only", "names", monkeypatch=monkeypatch) == 0
            assert any("response_format" in asked.body for asked in endpoint.questions) == bool(knowledge.forms)
        written.append((folder / "proposals.csv").read_bytes())
    assert written[0] == written[1]


def test_an_asked_endpoint_is_left(themes: Path, knowing: Loopback) -> None:
    """No connection stays open behind a run."""

    def slow(asked: Asked) -> Fault | None:
        return Fault("500", "", status=500) if asked.number % 7 == 3 else None

    knowing.fault = slow
    advice = ask_teacher(themes, only="names")
    assert knowing.left_open() == 0 and len(advice.proposals) == 5
