"""Training runs that are stopped at a step, or started as processes of their own."""

from __future__ import annotations

import subprocess
from typing import Any

from transformers import TrainerCallback

from builders import BUILDERS, environment
from builders.processes import command


class Stop(TrainerCallback):
    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == self.step:
            raise KeyboardInterrupt


def learn(*said: str, processes: int = 1) -> subprocess.Popen[str]:
    env = environment(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")
    started = command(BUILDERS / "learner.py", *said, processes=processes)
    return subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
