"""The state of a run on disk after every epoch. It is always whole, and is used only for the same data and the same task."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...errors import DamagedError, InputError
from ...store.artefact import load, writing
from ...store.destination import POINTER
from ...store.formats import load_arrays, save_arrays
from .training import Progress, TrainingRun, as_arrays, as_weights

KIND = "deep-checkpoint"
STATE = "state.safetensors"
TENSORS = ("first", "prototypes", "assigned")  # of Progress


class Checkpoint:
    """The folder that a run leaves its state in, and takes it up from.

    Parameters
    ----------
    path : path
    run : TrainingRun
    """

    def __init__(self, path: str | Path, run: TrainingRun) -> None:
        self.path, self.run = Path(path), run
        self.facts = run.task.facts() | {"data": _digest(run.rows)}

    def restore(self) -> None:
        """Bring the run to where the checkpoint left it; without a checkpoint it stays at its beginning.

        Raises
        ------
        InputError
            The checkpoint is of other data or another task.
        DamagedError
            The checkpoint is not whole.
        """
        if not (self.path / POINTER).exists() and not (self.path / POINTER).is_symlink():
            return
        artefact = load(self.path, kind=KIND)
        facts = artefact.meta.get("task", {})
        changed = sorted(name for name in self.facts.keys() | facts.keys() if self.facts.get(name) != facts.get(name))
        if changed:
            raise InputError(
                f"The checkpoint in {self.path} is of a run with other {', '.join(changed)}.",
                hint="give another folder, or the data and parameters of that run.",
            )
        try:
            self._take(load_arrays(artefact.file(STATE)))
        except (KeyError, ValueError, RuntimeError) as error:
            raise DamagedError(f"{self.path} is no checkpoint of this network.", hint="delete the folder and train again.") from error

    def write(self) -> None:
        """Keep the state as it is now."""
        progress = self.run.progress
        arrays = as_arrays(self.run.net.state_dict(), "net") | as_arrays(progress.start, "start")
        for number, state in self.run.optimiser.state_dict()["state"].items():
            arrays |= as_arrays(state, f"adam/{number}")
        for name in TENSORS:
            value = getattr(progress, name)
            if value is not None:
                arrays[name] = value.cpu().numpy()
        arrays["history"] = np.asarray(progress.history, np.float64)
        arrays["epoch"], arrays["settled"] = np.asarray(progress.epoch), np.asarray(progress.settled)
        with writing(self.path, kind=KIND, meta={"task": self.facts}, files=[STATE]) as stage:
            save_arrays(stage / STATE, arrays)

    def _take(self, arrays: dict[str, NDArray[Any]]) -> None:
        run, device = self.run, self.run.task.device
        run.net.load_state_dict(as_weights(arrays, "net"))
        optimiser_state = run.optimiser.state_dict()
        states = {n: as_weights(arrays, f"adam/{n}") for n in range(len(list(run.net.parameters())))}
        run.optimiser.load_state_dict({"state": {n: s for n, s in states.items() if s}, "param_groups": optimiser_state["param_groups"]})
        start = {name: value.to(device) for name, value in as_weights(arrays, "start").items()}
        tensors = {name: torch.from_numpy(arrays[name]).to(device) for name in TENSORS if name in arrays}
        history = [float(cost) for cost in arrays["history"]]
        run.progress = Progress(int(arrays["epoch"]), start, history=history, settled=bool(arrays["settled"]), **tensors)


def _digest(rows: torch.Tensor) -> str:
    digest = hashlib.sha256(str(tuple(rows.shape)).encode())
    for block in torch.split(rows, 4096):
        digest.update(block.contiguous().numpy().tobytes())
    return digest.hexdigest()
