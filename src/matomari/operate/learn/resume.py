"""Support for a training run: the folder from which it continues after a kill, its loss curve, and the handling of signals."""

from __future__ import annotations

import math
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from ...errors import DamagedError, InputError, MachineError, Stopped, setting
from ...learn.pairs.contrastive import Sides
from ...learn.pairs.regroup import NOTED
from ...logs import log
from ...store.atomic import replacing
from ...store.formats import load_arrays, load_json, save_arrays, save_json
from ...store.locks import Lease

SETTINGS, GUIDE, NOTES = "settings.json", "guide.safetensors", "guide.json"
POINTS = 40  # of the loss curve, and so lines of the log


def folder_beside(out: Path) -> Path:
    """Where the run that makes `out` keeps what it needs to go on.

    Examples
    --------
    >>> folder_beside(Path("models/tuned")).as_posix()
    'models/.tuned.training'
    """
    named = out if out.name not in ("", "..") else out.resolve()
    return named.with_name(f".{named.name}.training")


@contextmanager
def claimed(folder: Path, settings: Mapping[str, Any]) -> Iterator[Path]:
    """The training folder of a run with these settings, for this process alone; the folder goes when the block ends well.

    What is in it is used again when it is of the same settings, and refused when it holds checkpoints of others.

    Raises
    ------
    InputError
        It is of a run with other settings (which are named), or another process is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lease = Lease(folder, shared=False)
    except BlockingIOError as error:
        raise InputError(f"another run is at work in {folder}.", hint="wait for it, or give -o another folder.") from error
    try:
        _refuse_others(folder, settings)
        with replacing(folder / SETTINGS) as draft:
            save_json(draft, dict(settings))
        yield folder
        shutil.rmtree(folder)
    finally:
        lease.release()


def _refuse_others(folder: Path, settings: Mapping[str, Any]) -> None:
    try:
        previous = load_json(folder / SETTINGS)
    except DamagedError:
        previous = {}
    changed = sorted(name for name in {**previous, **settings} if previous.get(name) != settings.get(name))
    if not changed:
        return
    if any(folder.glob("checkpoint-*")):
        raise InputError(
            f"{folder} holds an unfinished run with other {', '.join(changed)}.",
            hint="repeat that run's command to finish it, give -o another folder, or delete this one.",
        )
    (folder / GUIDE).unlink(missing_ok=True)


def kept_guide(folder: Path) -> tuple[Sides, list[str]] | None:
    """The vectors of both sides that a killed run left, each (n, d), and what was noted when they were made."""
    try:
        arrays, notes = load_arrays(folder / GUIDE), load_json(folder / NOTES)
        return (arrays["anchors"], arrays["positives"]), [str(note) for note in notes]
    except (DamagedError, KeyError):
        return None


def keep_guide(folder: Path, guide: Sides, notes: list[str]) -> None:
    """Keep the vectors: computed again in other batches they could differ in the last digit, and the run would be another."""
    with replacing(folder / NOTES) as draft:
        save_json(draft, notes)
    with replacing(folder / GUIDE) as draft:
        save_arrays(draft, {"anchors": guide[0], "positives": guide[1]})


def check_reporter(name: str) -> None:
    """Refuse a place to report to that the trainer does not know, or that is not installed, before anything is done.

    Raises
    ------
    InputError, MachineError
    """
    from transformers.integrations import integration_utils as known

    if name == "none" or name in known.get_available_reporting_integrations():  # type: ignore[no-untyped-call]
        return
    if name not in known.INTEGRATION_TO_CALLBACK:
        raise InputError(
            f"the trainer cannot report to {name!r}.", hint=f"it knows none, {', '.join(sorted(known.INTEGRATION_TO_CALLBACK))}."
        )
    raise MachineError(
        f"what is needed to report to {name!r} is not installed.", hint=f"pip install {name}, or {setting('report_to', 'none')}."
    )


class Watch(TrainerCallback):
    """Records the loss, and ends the run after a checkpoint when a signal asked for it.

    Attributes
    ----------
    asked : int
        The signal; 0 for none. Kept, because an exception that a handler raises is lost where it meets a destructor.
    training : bool
        Whether steps are being made.
    steps : int
        Made in all, before a kill too.
    curve : list of (step, mean loss since the last point)
    churn : list of (epoch, share of the pairs whose cluster a refresh changed)
    """

    def __init__(self) -> None:
        self.asked = self.steps = 0
        self.training = False
        self.curve: list[tuple[int, float]] = []
        self.churn: list[tuple[int, float]] = []

    def stop_if_asked(self) -> None:
        """Raise `Stopped` where a signal came that has not ended the run yet."""
        if self.asked:
            raise Stopped(self.asked)

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """From here a signal waits for the end of a step."""
        self.training = True

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for the loss now and then, and for a checkpoint and the end when a signal came."""
        if state.global_step % max(1, state.max_steps // POINTS) == 0:
            control.should_log = True
        if self.asked:
            log.warning("stopping after a checkpoint at step %d of %d", state.global_step, state.max_steps)
            control.should_save = control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Take the whole curve, that of the time before a kill too."""
        self.training, self.steps = False, int(state.global_step)
        losses = {int(entry["step"]): float(entry["loss"]) for entry in state.log_history if "loss" in entry}
        self.curve = [(step, loss) for step, loss in sorted(losses.items()) if math.isfinite(loss)]
        self.churn = [(int(entry["epoch"]), float(entry[NOTED])) for entry in state.log_history if NOTED in entry]


@contextmanager
def interruptible() -> Iterator[Watch]:
    """While steps are made, SIGINT and SIGTERM end the run after a checkpoint; a second one, or one at another time, ends it at once.

    Only in the main thread, where alone handlers can be set; those that were there come back.

    Raises
    ------
    Stopped
        A signal came.
    """
    watch = Watch()
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return

    def ask(number: int, _: Any) -> None:
        again, watch.asked = bool(watch.asked), number
        if again or not watch.training:
            raise Stopped(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield watch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
