"""C3, F3, C6: `matomari teach` as a process that is killed again and again: the same proposals in the end, and next to nothing paid twice."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builders.endpoint import Asked, Fault, Loopback
from builders.forks import Forks, Started, until
from builders.knowing import knows, themes_folder, topic_truth

pytestmark = pytest.mark.long

KILLS, PARALLEL, PROBES = 20, 4, 5
MODULES = ("matomari.cli.app", "matomari.operate.teach.teach", "matomari.operate.teach.teaching")
MODULES += ("sentence_transformers", "httpx", "sklearn.linear_model")
SILENT = Fault("silent", "", manner="silent")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks(MODULES) as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return themes_folder(tmp_path_factory.mktemp("made") / "themes")


class Runs:
    """Starts the same command on one folder."""

    def __init__(self, forks: Forks, made: Path, folder: Path, endpoint: Loopback) -> None:
        self.folder = Path(shutil.copytree(made, folder, symlinks=True))
        self._forks, self._endpoint = forks, endpoint

    def start(self) -> Started:
        words = ("teach", str(self.folder), "--no-cache", "--parallel", str(PARALLEL))
        return self._forks.start(*words, said=self.folder.parent / "said", OPENAI_BASE_URL=self._endpoint.url)

    @property
    def said(self) -> str:
        return (self.folder.parent / "said").read_text(encoding="utf-8")

    @property
    def proposals(self) -> bytes:
        return (self.folder / "proposals.csv").read_bytes()


@pytest.fixture
def endpoint() -> Iterator[Loopback]:
    with Loopback(answers=knows(topic_truth()), delay=0.01) as listening:
        yield listening


def texts(endpoint: Loopback) -> Counter[str]:
    """How often each question was asked; the mark of a run, which is at random, left out."""
    asked = (a.text.replace(a.text.split("\n")[1], "MARK") for a in endpoint.questions)
    return Counter(asked)


def test_killed_at_twenty_moments(forks: Forks, made: Path, endpoint: Loopback, tmp_path: Path) -> None:
    whole = Runs(forks, made, tmp_path / "whole" / "run", endpoint)
    assert whole.start().wait() == 0, whole.said
    once, paid = texts(endpoint), len(endpoint.bills)
    assert set(once.values()) == {1} and len(once) == paid - PROBES >= 150
    endpoint.asked.clear()
    endpoint.bills.clear()

    runs, draw = Runs(forks, made, tmp_path / "killed" / "run", endpoint), np.random.default_rng(3)
    moments = sorted((draw.permutation(len(once) - 8)[: KILLS - 2] + 4).tolist())
    moments = [0, 2, *moments]  # among the probes, and at the first questions; then all over the run
    for moment in moments:
        process = runs.start()
        wanted = PROBES - 3 if moment == 0 else PROBES + moment
        assert until(lambda wanted=wanted: sum(1 for a in endpoint.asked if a.raw) >= wanted), runs.said
        time.sleep(0.02 * draw.random())
        process.send(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, runs.said
        assert endpoint.left_open() == 0
        assert not (runs.folder / "proposals.csv").exists()
    assert runs.start().wait() == 0, runs.said
    assert runs.proposals == whole.proposals and len(runs.proposals) > 300
    assert (runs.folder / "teacher" / "proposals.parquet").read_bytes() == (whole.folder / "teacher" / "proposals.parquet").read_bytes()
    again = texts(endpoint)
    assert set(again) == set(once)
    assert sum(again.values()) <= len(once) + KILLS * PARALLEL
    assert max(again.values()) <= 1 + KILLS
    assert len(endpoint.bills) <= len(once) + KILLS * PARALLEL + 2 * PROBES  # one kill was among the probes


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("after", [3, 40, 100])
def test_stopped_by_a_signal(
    number: signal.Signals, code: int, after: int, forks: Forks, made: Path, endpoint: Loopback, tmp_path: Path
) -> None:
    """It ends at once, also where the endpoint is silent, and the same command goes on."""

    def silent(asked: Asked) -> Fault | None:
        return SILENT if asked.number > after else None

    runs = Runs(forks, made, tmp_path / "stopped" / "run", endpoint)
    endpoint.fault = silent
    process = runs.start()
    assert until(lambda: len(endpoint.asked) > after + (PARALLEL if after > 10 else 1)), runs.said
    time.sleep(0.05)
    start = time.monotonic()
    process.send(number)
    assert process.wait() == code, runs.said
    assert time.monotonic() - start < 5
    assert "run the same command again to go on where it stopped" in runs.said and "Traceback" not in runs.said
    assert not (runs.folder / "proposals.csv").exists()
    answered = sum(1 for asked in endpoint.questions if asked.number <= after)
    endpoint.fault = lambda asked: None
    endpoint.asked.clear()
    assert runs.start().wait() == 0, runs.said
    assert len(endpoint.questions) == 195 - answered
    assert len(runs.proposals) > 300


def test_stopped_while_it_waits_to_try_again(forks: Forks, made: Path, endpoint: Loopback, tmp_path: Path) -> None:
    """An endpoint that asks for two minutes of patience does not hold up Ctrl-C."""
    runs = Runs(forks, made, tmp_path / "waiting" / "run", endpoint)
    endpoint.fault = lambda asked: Fault("busy", "", status=429, head=("Retry-After: 110",)) if asked.number > 20 else None
    process = runs.start()
    assert until(lambda: len(endpoint.asked) > 22), runs.said
    time.sleep(0.2)
    start = time.monotonic()
    process.send(signal.SIGINT)
    assert process.wait() == 130, runs.said
    assert time.monotonic() - start < 5
