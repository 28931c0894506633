"""The contrastive loss over a batch from one cluster: stored vectors show which negatives are false, and these are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.util import all_gather, all_gather_with_grad

from ...errors import InputError
from ...parameters import from_zero
from ...vectors import normalise
from ..processes import rank
from .distillation import moved

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Sides = tuple[NDArray[Any], NDArray[Any]]  # of the anchors and of the positives, row by row


class FilteredContrastiveLoss(torch.nn.Module):
    """InfoNCE with in-batch negatives, without those that a guide takes for positives.

    ``L = -1/B Σ_i log exp(s(q_i, d_i) / τ) / Σ_{j ∈ N_i} exp(s(q_i, d_j) / τ)``, where s is the cosine and N_i holds i and every j that is not a
    suspect: ``g(q_i, d_j) < g(q_i, d_i) - margin`` under the guide's cosine g, and neither side of j is the same text as that of i.

    A loss for `SentenceTransformerTrainer`: the data set has the columns anchor, positive, any number of negatives, and ``label``, the
    number of the row in the stored vectors. A guide's vectors are looked up, so there is no second forward pass.

    Parameters
    ----------
    model : SentenceTransformer
    guide : pair of arrays, shapes (n, d), optional
        Vectors of all anchors and all positives, by any encoder and of any float type; a memory map is read row by row.
    same : int arrays, shapes (n,), optional
        A number for each distinct text of the anchors, of the positives and, in the numbers of the positives, of each column of negatives.
    temperature : float
        τ.
    margin : float, optional
        How far below its own positive the guide's cosine of a candidate must be; negative values filter less, and with None the guide filters nothing.
    gather : bool
        Take the candidates of all processes as negatives.
    distillation : float
        λ: what is added is λ times the mean squared difference between the cosines of the batch's anchors and positives, of different rows, and
        those of the guide, so that what it knew of other pairs is kept. Needs a guide.

    Raises
    ------
    InputError
        A parameter is out of range, or the sides have not the same number of rows, or there is distillation and no guide.

    Notes
    -----
    Merrick 2024, section 3, for the batches; Morris and Rush 2024, *Contextual document embeddings*, for the filter (their margin is 0).
    """

    def __init__(
        self,
        model: SentenceTransformer | None,
        *,
        guide: Sides | None = None,
        same: Sequence[NDArray[Any]] | None = None,
        temperature: float = 0.05,
        margin: float | None = 0.0,
        gather: bool = False,
        distillation: float = 0.0,
    ) -> None:
        super().__init__()
        if not temperature > 0:
            raise InputError(f"The 'temperature' parameter of FilteredContrastiveLoss must be above 0. Got {temperature!r} instead.")
        for name, sides in (("guide", guide), ("same", same)):
            if sides is not None and len(sides[0]) != len(sides[1]):
                raise InputError(f"'{name}' has {len(sides[0]):,} anchors and {len(sides[1]):,} positives.")
        if from_zero(self, "distillation", distillation) and guide is None:
            raise InputError("The 'distillation' parameter of FilteredContrastiveLoss needs a guide.")
        self.model, self.guide, self.same, self.distillation = model, guide, same, distillation
        self.temperature, self.margin, self.gather = temperature, margin, gather

    def forward(self, sentence_features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor) -> torch.Tensor:
        """Mean loss of the anchors of a batch, from the features of its columns and the row numbers (b,)."""
        assert self.model is not None
        return self.compute([self.model(features)["sentence_embedding"] for features in sentence_features], labels)

    def compute(self, embeddings: list[torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        """The loss of embeddings, one array (b, d) per column, of these rows (b,)."""
        anchors, *columns = [torch.nn.functional.normalize(_wide(column), dim=1) for column in embeddings]
        kept = self._kept(anchors, columns[0], rows) if self.distillation else 0.0
        everyone, first = rows, 0
        if self.gather:
            columns, everyone = [all_gather_with_grad(column) for column in columns], all_gather(rows)
            first = len(rows) * rank()
        own = torch.arange(first, first + len(anchors), device=anchors.device)
        logits = anchors @ columns[0].T / self.temperature
        logits = logits.masked_fill(self.suspects(rows, everyone).to(logits.device).scatter(1, own[:, None], False), -torch.inf)
        hard = [
            (anchors @ column.T / self.temperature).masked_fill(self._own_positive(rows, everyone, number).to(logits.device), -torch.inf)
            for number, column in enumerate(columns[1:], 2)
        ]
        return torch.nn.functional.cross_entropy(torch.cat([logits, *hard], dim=1), own) + kept

    def _kept(self, anchors: torch.Tensor, positives: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """The distillation of the rows of this process."""
        assert self.guide is not None
        numbers = rows.cpu().numpy()
        old = [torch.from_numpy(normalise(side[numbers])).to(anchors.device, anchors.dtype) for side in self.guide]
        columns = [((a, a), (a, p), (p, p)) for a, p in ((anchors, positives), (old[0], old[1]))]
        with torch.autocast(anchors.device.type, enabled=False):  # in half precision cosines are off by as much as they move
            return self.distillation * moved(*columns)

    def suspects(self, rows: torch.Tensor, candidates: torch.Tensor) -> torch.Tensor:
        """Which candidates (c,) may be right for the anchor of a row (b,): bool, shape (b, c); the own one is among them."""
        mine, theirs = rows.cpu().numpy(), candidates.cpu().numpy()
        mask = np.zeros((len(mine), len(theirs)), bool)
        if self.same is not None:
            for side in self.same[:2]:
                mask |= side[mine][:, None] == side[theirs]
        if self.guide is not None and self.margin is not None:
            anchors, positives, own = (normalise(v) for v in (self.guide[0][mine], self.guide[1][theirs], self.guide[1][mine]))
            mask |= anchors @ positives.T >= (anchors * own).sum(axis=1, keepdims=True) - self.margin
        return torch.from_numpy(mask)

    def _own_positive(self, rows: torch.Tensor, candidates: torch.Tensor, column: int) -> torch.Tensor:
        """Where a column of negatives holds the positive of a row: among neighbours, the hard negative of one is often the positive of another."""
        if self.same is None or len(self.same) <= column:
            return torch.zeros(len(rows), len(candidates), dtype=torch.bool)
        return torch.from_numpy(self.same[1][rows.cpu().numpy()][:, None] == self.same[column][candidates.cpu().numpy()])

    def get_config_dict(self) -> dict[str, Any]:
        """What the trainer notes of the loss."""
        return {
            "temperature": self.temperature,
            "margin": self.margin,
            "guide": self.guide is not None,
            "gather": self.gather,
            "distillation": self.distillation,
        }


def _wide(column: torch.Tensor) -> torch.Tensor:
    """At least single precision: sums of exponentials overflow in half."""
    return column if column.dtype == torch.float64 else column.float()
