"""A fit that is killed goes on to the same bytes, and a checkpoint of another run is refused (C2)."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from builders import environment
from builders.deep import SHORT, bars, clouds, digest, everything, fitted
from matomari.errors import InputError
from matomari.learn.deep.training import TrainingRun

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better


class Killed(Exception):
    pass


@pytest.mark.parametrize("epoch", [1, 3, 4, 6])
def test_a_run_taken_up_ends_as_if_undisturbed(epoch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X, advance = bars(), TrainingRun.advance
    whole = everything(fitted(X, k=2))

    def dying(self: TrainingRun) -> bool:
        if self.progress.epoch == epoch:
            raise Killed
        return advance(self)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(TrainingRun, "advance", dying)
        fitted(X, k=2, checkpoint=tmp_path / "c")
    taken: list[int] = []
    monkeypatch.setattr(TrainingRun, "advance", lambda self: (taken.append(self.progress.epoch), advance(self))[1])
    assert everything(fitted(X, k=2, checkpoint=tmp_path / "c")) == whole
    assert taken[0] == epoch
    assert everything(fitted(X, k=2, checkpoint=tmp_path / "c")) == whole


KILLED_RUN = """
import sys
import torch
from builders.deep import bars, digest, fitted
from matomari.learn.deep.training import TrainingRun
torch.set_num_threads(1)
advance = TrainingRun.advance
def slow(self):
    print(self.progress.epoch, flush=True)
    return advance(self)
TrainingRun.advance = slow
print(digest(fitted(bars(), k=2, checkpoint=sys.argv[1])), flush=True)
"""


@pytest.mark.long
def test_a_killed_process_is_taken_up(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_RUN, str(tmp_path / "c")]
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True, "env": environment()}
    with subprocess.Popen(command, **options) as dying:
        assert dying.stdout is not None
        for line in dying.stdout:
            if line == "4\n":
                dying.send_signal(signal.SIGKILL)
    assert dying.returncode == -signal.SIGKILL
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        whole = fitted(bars(), k=2)
    finally:
        torch.set_num_threads(threads)
    again = subprocess.run(command, check=True, **options).stdout.splitlines()
    assert again[0] in ("4", "5")
    assert again[-1] == digest(whole)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"X": clouds(seed=1)}, "other data"),
        ({"random_state": 1}, "other random_state"),
        ({"k": 3}, "other n_clusters"),
        ({"training": replace(SHORT, lr=1e-4)}, "other lr"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    fitted(checkpoint=tmp_path / "c")
    with pytest.raises(InputError, match=said) as caught:
        fitted(checkpoint=tmp_path / "c", **changed)
    assert caught.value.hint
