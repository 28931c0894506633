"""Latent cluster correction in transformers' Trainer: an index for every sample, a second loss, and refreshes between epochs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import TrainerCallback
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from ...errors import InputError
from ...store.formats import load_arrays, save_arrays
from ..processes import rank
from .state import Correction, CorrectionState

INDEX = "sample_index"


class NumberedRow(NamedTuple):
    """A row of the data set and its number. It is not a mapping, so the trainer does not remove columns from it."""

    number: int
    row: Any


class Indexed(torch.utils.data.Dataset[NumberedRow]):
    """A data set whose rows know their numbers."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> NumberedRow:
        return NumberedRow(int(index), self.rows[int(index)])


class Collate:
    """The trainer's own collator, with the numbers of the rows beside what it makes of them.

    Parameters
    ----------
    inner : callable
    columns : set of str or None
        Those that the model takes; None keeps all.
    """

    def __init__(self, inner: Callable[[list[Any]], Any], columns: set[str] | None) -> None:
        self.inner, self.columns = inner, columns

    def __call__(self, rows: Sequence[Any]) -> Any:
        """A batch; of rows without numbers, as in evaluation, the inner one's."""
        if not isinstance(rows[0], NumberedRow):
            return self.inner(list(rows))
        batch = self.inner([self._kept(sample.row) for sample in rows])
        batch[INDEX] = torch.tensor([sample.number for sample in rows])
        return batch

    def _kept(self, row: Any) -> Any:
        if self.columns is None or not isinstance(row, dict):
            return row
        return {name: value for name, value in row.items() if name in self.columns}


class Correcting(TrainerCallback):
    """Refreshes at the end of epochs, and the state of the correction in every checkpoint."""

    def __init__(self, correction: Correction) -> None:
        self.correction = correction

    def on_train_begin(self, args: Any, state: Any, control: Any, model: torch.nn.Module | None = None, **_: Any) -> None:
        """Listen to the model; after a stop, go on with what the checkpoint holds."""
        assert model is not None
        self.correction.attach(model)
        place = self._place(args, state)
        if state.global_step and place.exists():
            self.correction.restore(CorrectionState.of(load_arrays(place)))

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Count, and refresh where it is time."""
        self.correction.epoch_ended()

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Write one file per process, beside its random state."""
        if self._place(args, state).parent.is_dir():
            save_arrays(self._place(args, state), self.correction.state().arrays())

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave the model as it was."""
        self.correction.detach()

    @staticmethod
    def _place(args: Any, state: Any) -> Path:
        return Path(args.output_dir) / f"{PREFIX_CHECKPOINT_DIR}-{state.global_step}" / f"correction-{rank()}.safetensors"


def plug(correction: Correction, trainer: Any) -> Any:
    """Wire a correction into a trainer; see `LatentClusterCorrection.wrap`."""
    if trainer.train_dataset is None:
        raise InputError("the trainer has no training data.", hint="give it train_dataset.")
    if not isinstance(trainer.train_dataset, torch.utils.data.IterableDataset):  # whose rows have no numbers: they do without
        trainer.train_dataset = Indexed(trainer.train_dataset)
        trainer.data_collator = Collate(trainer.data_collator, _columns(trainer) if trainer.args.remove_unused_columns else None)
    correction.attach(trainer.model)
    trainer.add_callback(Correcting(correction))
    trainer.compute_loss = _with(correction, trainer, trainer.compute_loss)
    return trainer


def _columns(trainer: Any) -> set[str]:
    taken = inspect.signature(trainer.model.forward).parameters
    return {*taken, "label", "label_ids", *trainer.label_names}


def _with(correction: Correction, trainer: Any, inner: Callable[..., Any]) -> Callable[..., Any]:
    """The trainer's loss and ours, which is a mean over the batch; where theirs is already one over all that is accumulated, so is ours."""

    def compute_loss(model: torch.nn.Module, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:
        index, labels = inputs.get(INDEX), inputs.get(trainer.label_names[0])
        rest = {name: value for name, value in inputs.items() if name != INDEX}
        result = inner(model, rest, return_outputs=return_outputs, num_items_in_batch=num_items_in_batch)
        if not model.training:
            return result
        if labels is None:
            raise InputError(f"a batch has no {trainer.label_names[0]!r}.", hint="correction needs the classes: name them in label_names.")
        own = correction(index, labels)
        if (trainer.model_accepts_loss_kwargs and num_items_in_batch is not None) or trainer.compute_loss_func is not None:
            own = own / trainer.current_gradient_accumulation_steps
        return (result[0] + own, result[1]) if return_outputs else result + own

    return compute_loss
