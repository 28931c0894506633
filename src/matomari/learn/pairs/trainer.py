"""sentence-transformers' trainer with checkpoints that are always whole, runs that continue exactly where they stopped, and no quoted data."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.base.sampler import BatchSamplers
from transformers import PrinterCallback, TrainerCallback
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from ...encode.transformer import fingerprint
from ...errors import DamagedError, InputError, MatomariError
from ...logs import log
from ...store.manifest import agree, seal
from ...store.strictjson import plain
from .contrastive import FilteredContrastiveLoss
from .recipe import Lesson, Recipe
from .regroup import Refresh

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

KIND = "training-checkpoint"


class Kept(Protocol):
    """What a run knows beside its weights, so that its checkpoints must hold it too."""

    def save(self, folder: Path) -> None:
        """Write it into a checkpoint that is about to be sealed."""

    def load(self, folder: Path) -> None:
        """Take it from a checkpoint."""


@dataclass(frozen=True, eq=False)
class Course:
    """What is trained on, and how a batch becomes a loss.

    Attributes
    ----------
    columns : dict of str to list of str, each of length n
        The trainer gives them to the loss in this order, and the number of the row as the label.
    loss : callable
        Makes the loss, and is told whether several processes train, whose columns are to be gathered.
    facts : dict
        JSON values that decide the outcome; a run goes on only from checkpoints with the same ones.
    kept : Kept, optional
    batches : callable, optional
        Makes the batch sampler; random batches when left out.
    """

    columns: dict[str, list[str]]
    loss: Callable[[bool], torch.nn.Module]
    facts: dict[str, Any]
    kept: Kept | None = None
    batches: Callable[..., Any] | None = None


def train(
    model: SentenceTransformer,
    lesson: Lesson,
    recipe: Recipe | None = None,
    *,
    folder: str | Path | None = None,
    callbacks: Sequence[TrainerCallback] = (),
    report_to: str = "none",
) -> SentenceTransformer:
    """Train `model` on pairs, in place.

    Parameters
    ----------
    model : SentenceTransformer
    lesson : Lesson
    recipe : Recipe
    folder : path, optional
        Where checkpoints are kept. A run that stopped continues from the newest whole one, and reaches the same weights as an undisturbed run.
    callbacks : sequence of transformers.TrainerCallback
    report_to : str
        Where the trainer reports to: "tensorboard", "wandb", …

    Returns
    -------
    SentenceTransformer
        The same object.

    Raises
    ------
    InputError
        The checkpoints are of other data, another recipe or another model; there are fewer rows than a batch holds.
    """
    recipe = recipe or Recipe()
    refresh = None if lesson.partition is None else Refresh(lesson, recipe.refresh, recipe.seed)
    batches = None if refresh is None else partial(refresh.sampler, mixing=recipe.mixing, piece=recipe.piece, sources=lesson.sources)

    def loss(gather: bool) -> FilteredContrastiveLoss:
        return FilteredContrastiveLoss(
            model,
            guide=lesson.guide,
            same=lesson.same(),
            temperature=recipe.temperature,
            margin=recipe.margin,
            gather=gather,
            distillation=recipe.distillation,
        )

    facts = {"recipe": plain(asdict(recipe)), "data": lesson.digest()}
    course = Course(lesson.columns, loss, facts, kept=refresh, batches=batches)
    return follow(model, course, recipe, folder=folder, callbacks=[*callbacks, *([refresh] if refresh else [])], report_to=report_to)


def follow(
    model: SentenceTransformer,
    course: Course,
    recipe: Recipe,
    *,
    folder: str | Path | None = None,
    callbacks: Sequence[TrainerCallback] = (),
    report_to: str = "none",
) -> SentenceTransformer:
    """Train `model` on any course, in place.

    Parameters
    ----------
    model : SentenceTransformer
    course : Course
    recipe : Recipe
        Only what every training has: steps, batches, rates, seed.
    folder, callbacks, report_to
        As for `train`.

    Returns
    -------
    SentenceTransformer
        The same object.

    Raises
    ------
    InputError
        The checkpoints are of a run with other facts; there are fewer rows than a batch holds.
    """
    rows = len(course.columns["anchor"])
    if rows < recipe.batch_size:
        raise InputError(f"{rows:,} pairs do not fill one batch of {recipe.batch_size}.", hint="take a smaller batch_size.")
    place = None if folder is None else Path(folder)
    with _states_kept(), _no_folder(place) as where:
        run = _trainer(model, course, recipe, folder=where, keep=place is not None, callbacks=callbacks, report_to=report_to)
        checkpoint = None if place is None else newest(place, run.facts)
        if checkpoint and course.kept:
            course.kept.load(checkpoint)
        run.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    return model


class Told(TrainerCallback):
    """Progress as lines of our own log."""

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """One line for each report of the trainer."""
        if logs and "loss" in logs:
            log.info("step %d of %d, loss %.4f", state.global_step, state.max_steps, float(logs["loss"]))


class PairsTrainer(SentenceTransformerTrainer):
    """The trainer with sealed checkpoints and no model card: theirs quote rows of the data."""

    facts: dict[str, Any]
    kept: Kept | None = None

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        """Add none, because it collects sample texts."""

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        place = Path(output_dir or str(self.args.output_dir))
        place.mkdir(parents=True, exist_ok=True)
        self.model.save_pretrained(str(place), create_model_card=False)

    def _save_checkpoint(self, model: torch.nn.Module, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        if self.accelerator.num_processes > 1:
            self.accelerator.wait_for_everyone()
        if self.args.should_save:
            place = Path(str(self.args.output_dir)) / f"{PREFIX_CHECKPOINT_DIR}-{self.state.global_step}"
            if self.kept is not None:
                self.kept.save(place)
            seal(place, KIND, self.facts)


def newest(folder: Path, facts: dict[str, Any]) -> Path | None:
    """The newest whole checkpoint below `folder`, of a run with these facts. Damaged ones are deleted.

    Raises
    ------
    InputError
        It is of a run with other facts.
    """
    for place in sorted(folder.glob(f"{PREFIX_CHECKPOINT_DIR}-*"), key=_step, reverse=True):
        try:
            stored = agree(place, KIND).meta
        except (DamagedError, OSError) as error:
            log.warning("%s is not whole and is left out: %s", place.name, error.message if isinstance(error, MatomariError) else error)
            shutil.rmtree(place, ignore_errors=True)
            continue
        changed = sorted(name for name in facts.keys() | stored.keys() if facts.get(name) != stored.get(name))
        if changed:
            raise InputError(
                f"The checkpoints in {folder} are of a run with other {', '.join(changed)}.",
                hint="give another folder, or the data and settings of that run.",
            )
        return place
    return None


def _step(place: Path) -> int:
    number = place.name.rpartition("-")[2]
    return int(number) if number.isdecimal() else -1


def _trainer(
    model: SentenceTransformer,
    course: Course,
    recipe: Recipe,
    *,
    folder: Path,
    keep: bool,
    callbacks: Sequence[TrainerCallback],
    report_to: str,
) -> PairsTrainer:
    from datasets import Dataset

    cuda = torch.cuda.is_available() and model.device.type == "cuda"
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch_size,
        num_train_epochs=recipe.epochs,
        max_steps=recipe.steps or -1,
        learning_rate=recipe.learning_rate,
        warmup_steps=recipe.warmup,
        seed=recipe.seed,
        save_strategy="steps" if keep else "no",
        save_steps=recipe.every,
        save_total_limit=2,
        logging_strategy="steps",
        logging_steps=recipe.every,
        report_to=report_to,
        disable_tqdm=True,
        dataloader_drop_last=True,
        dataloader_pin_memory=cuda,
        use_cpu=not cuda,
        bf16=cuda and torch.cuda.is_bf16_supported(),
        batch_sampler=course.batches or BatchSamplers.BATCH_SAMPLER,
    )
    data = Dataset.from_dict({**course.columns, "label": list(range(len(course.columns["anchor"])))})
    loss = course.loss(arguments.world_size > 1)
    run = PairsTrainer(model=model, args=arguments, train_dataset=data, loss=loss, callbacks=[Told(), *callbacks])
    run.kept = course.kept
    run.remove_callback(PrinterCallback)  # stdout is data
    run.facts = {**course.facts, "model": fingerprint(model), "processes": arguments.world_size}
    return run


@contextmanager
def _states_kept() -> Iterator[None]:
    """Restore the global random generators afterwards, because the trainer seeds them."""
    plain, numbers, numpy_state = random.getstate(), torch.random.get_rng_state(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(plain)
        torch.random.set_rng_state(numbers)
        np.random.set_state(numpy_state)


@contextmanager
def _no_folder(folder: Path | None) -> Iterator[Path]:
    """The folder, or a temporary one that is deleted afterwards."""
    import tempfile

    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)
