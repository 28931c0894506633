"""Training on triplets: a judge is taken, the noise is measured, and the trainer of pairs does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import TrainerCallback

from ...errors import InputError
from ...logs import log
from ...store.formats import save_json
from ...store.strictjson import plain
from ..pairs.recipe import Lesson
from ..pairs.trainer import Course, follow, train
from .judge import SIDES, judge_of
from .loss import JUDGED, TripletLoss
from .noise import Noise, dropout_noise
from .schedule import Gate, GateLog
from .settings import TripletSettings
from .weight_pull import WeightPull

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


@dataclass(frozen=True)
class TrainedOnTriplets:
    """What came of a training on triplets.

    Attributes
    ----------
    model : SentenceTransformer
        The one that was given, trained.
    settings : TripletSettings
    noise : Noise, optional
        Where it was measured.
    gate : list of dict
        The gate of each epoch, see `Gate`; empty without a Gaussian decay.
    """

    model: SentenceTransformer = field(repr=False)
    settings: TripletSettings
    noise: Noise | None = None
    gate: list[dict[str, Any]] = field(default_factory=list)

    def save(self, path: str | Path) -> None:
        """Write settings, noise and gate as JSON; the model has a `save` of its own."""
        noise = None if self.noise is None else asdict(self.noise)
        save_json(path, {"settings": _facts(self.settings), "noise": noise, "gate": self.gate})


def train_triplets(
    model: SentenceTransformer,
    columns: dict[str, list[str]],
    kinds: list[str] | None = None,
    settings: TripletSettings | None = None,
    folder: str | Path | None = None,
    callbacks: Sequence[TrainerCallback] = (),
    report_to: str = "none",
) -> TrainedOnTriplets:
    """Train `model` on triplets, in place, beside a frozen judge: the model as it was given, or as it was after `judge_steps`.

    Parameters
    ----------
    model : SentenceTransformer
    columns : dict of str to list of str, each of length n
        "anchor", "positive" and "negative".
    kinds : list of str, of length n, optional
        The kind of each triplet, for `settings.margins`.
    settings : TripletSettings
    folder : path, optional
        Where checkpoints are kept, those of the judge's stage in a folder below. A run that stopped continues from the newest whole one, when it is
        given the same start model again, and reaches the same weights as an undisturbed run.
    callbacks : sequence of transformers.TrainerCallback
        In both stages. Where one ends the training during the judge's stage, the second is not begun.
    report_to : str
        Where the trainer reports to in the second stage: "tensorboard", "wandb", …

    Returns
    -------
    TrainedOnTriplets

    Raises
    ------
    InputError
        The columns do not fit together or fill no batch; a margin is of a kind that no triplet has; the model has no dropout and the decay needs some; the
        checkpoints are of another run; several processes train.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer
    >>> from sentence_transformers.sentence_transformer.modules import BoW, Dense
    >>> model = SentenceTransformer(modules=[BoW(["red", "blue", "cat", "dog", "one"]), Dense(5, 3)], device="cpu")
    >>> columns = {"anchor": ["red cat", "blue dog"], "positive": ["one red cat", "one blue dog"], "negative": ["blue cat", "red dog"]}
    >>> done = train_triplets(model, columns, settings=TripletSettings("gaussian-2024", noise=0.5, batch_size=2))
    >>> [line["epoch"] for line in done.gate], done.model is model
    ([1], True)
    """
    settings = settings or TripletSettings()
    columns = _checked(columns, kinds, settings)
    place = None if folder is None else Path(folder)
    if settings.judge_steps and not _first_stage(model, columns, settings, folder=place, callbacks=callbacks):
        return TrainedOnTriplets(model, settings)
    gate, noise = _gate(model, columns, settings)
    log.info("the judge reads %s triplets", f"{len(columns['anchor']):,}")
    loss = TripletLoss(
        model,
        judge=judge_of(model, columns) if settings.decay in JUDGED or settings.distillation else None,
        decay=settings.decay,
        temperature=settings.temperature,
        gate=gate,
        distillation=settings.distillation,
        margin=_margins(kinds, settings),
        pull=WeightPull(model, settings.pull) if settings.decay == "weight" else None,
    )
    kept = {"kind": kinds} if kinds and settings.margins else {}
    facts = {"settings": _facts(settings), "data": Lesson({**columns, **kept}).digest()}
    watches = [GateLog(gate)] if gate else []
    course = Course(columns, lambda several: _alone(loss, several), facts, kept=gate)
    follow(model, course, settings.recipe(), folder=place, callbacks=[*watches, *callbacks], report_to=report_to)
    return TrainedOnTriplets(model, settings, noise, gate.history if gate else [])


def _checked(columns: dict[str, list[str]], kinds: list[str] | None, settings: TripletSettings) -> dict[str, list[str]]:
    """The three columns in their order."""
    if set(columns) != set(SIDES):
        raise InputError(f"'columns' must hold {', '.join(map(repr, SIDES))}. Got {', '.join(map(repr, columns)) or 'none'} instead.")
    columns = {side: list(columns[side]) for side in SIDES}
    counts = [len(columns[side]) for side in SIDES]
    if len(set(counts)) > 1:
        raise InputError("'columns' has {:,} anchors, {:,} positives and {:,} negatives.".format(*counts))
    if counts[0] < settings.batch_size:
        raise InputError(f"{counts[0]:,} triplets do not fill one batch of {settings.batch_size}.", hint="take a smaller batch_size.")
    if kinds is not None and len(kinds) != counts[0]:
        raise InputError(f"'kinds' has {len(kinds):,} entries for {counts[0]:,} triplets.")
    if unknown := sorted(set(settings.margins) - set(kinds or ())):
        known = ", ".join(sorted(set(kinds or ()))) or "none: give kinds"
        raise InputError(f"'margins' names the kind {unknown[0]!r}, which no triplet has.", hint=f"the kinds are {known}.")
    return columns


class _Ended(TrainerCallback):
    """Whether all steps of a stage were made."""

    whole = False

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.whole = state.global_step >= state.max_steps


def _first_stage(
    model: SentenceTransformer,
    columns: dict[str, list[str]],
    settings: TripletSettings,
    *,
    folder: Path | None,
    callbacks: Sequence[TrainerCallback],
) -> bool:
    """Let the model learn that an anchor is itself under another dropout; False where it was ended too early."""
    anchors = list(dict.fromkeys(columns["anchor"]))
    ended = _Ended()
    train(
        model,
        Lesson({"anchor": anchors, "positive": anchors}),
        replace(settings.recipe(), steps=settings.judge_steps),
        folder=None if folder is None else folder / "judge",
        callbacks=[*callbacks, ended],
    )
    return ended.whole


def _gate(model: SentenceTransformer, columns: dict[str, list[str]], settings: TripletSettings) -> tuple[Gate | None, Noise | None]:
    """The gate of a Gaussian decay, and the noise that it is counted in, where that was measured."""
    if not settings.decay.startswith("gaussian"):
        return None, None
    noise = None
    if not settings.noise:
        noise = dropout_noise(
            model,
            columns["anchor"],
            columns["negative"],
            temperature=settings.temperature,
            batch_size=settings.batch_size,
            seed=settings.seed,
        )
        log.info("dropout shifts cos / τ of a hard negative by %.2f ± %.2f", noise.mean, noise.sd)
        if not noise.sd > 0:
            raise InputError(
                f"Dropout does nothing in this model, so decay={settings.decay!r} has no unit for its sigma.",
                hint="say what the unit is, noise=0.5 for example, or take another decay.",
            )
    gate = Gate(
        settings.sigma,
        settings.noise if noise is None else noise.sd,
        follow=settings.follow,
        target=settings.target,
        rate=settings.rate,
        bounds=settings.bounds,
    )
    return gate, noise


def _margins(kinds: list[str] | None, settings: TripletSettings) -> float | NDArray[np.float64]:
    if not kinds or not settings.margins:
        return settings.margin
    return np.array([settings.margins.get(kind, settings.margin) for kind in kinds])


def _alone(loss: TripletLoss, several: bool) -> torch.nn.Module:
    if several:
        raise InputError("Triplets are trained in one process.", hint="start it without torchrun.")
    return loss


def _facts(settings: TripletSettings) -> dict[str, Any]:
    return plain(asdict(settings))
