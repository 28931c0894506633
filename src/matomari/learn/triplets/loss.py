"""The contrastive loss of triplets, with a choice of what a frozen judge may say about hard negatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, normalize, relu

from ...errors import InputError
from ...parameters import from_zero, one_of, real
from ..pairs.distillation import Compared, moved
from .judge import Judge
from .schedule import Gate
from .weight_pull import WeightPull

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DECAYS = ("none", "gaussian-2024", "gaussian-2025", "gist", "margin", "weight")
JUDGED = ("gaussian-2024", "gaussian-2025", "gist")
Three = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # anchors, positives, negatives of a batch, each (b, d)


class TripletLoss(torch.nn.Module):
    """InfoNCE over positives and hard negatives, in six kinds, each with or without distillation.

    With s = cos / τ and the in-batch softmax of row i,

    ``L = −1/b Σ_i log exp(s⁺_ii) / [ Σ_j exp(s⁺_ij) + exp(ŝ⁻_ii) + Σ_{j≠i} exp(s⁻_ij) ]``, the kinds differ in what becomes of negatives:

    - *none*: ``ŝ⁻_ii = s⁻_ii``.
    - *gaussian-2024*: ``ŝ⁻_ii = s⁻_ii − sg[s⁻_ii] · g(Δ_i)`` with ``Δ_i = sg[s⁻_ii] − s'_ii``, where s' is the judge's, sg stops the gradient and g is a
      `Gate`. A negative that stands where the judge had it is silenced, and returns as the model moves.
    - *gaussian-2025*: the same, and g = 0 where Δ > 0: a negative that has come nearer is not silenced.
    - *gist*: in-batch positives and all negatives that the judge finds nearer to the anchor than its own positive are left out.
    - *margin*: hard negatives leave the softmax, and ``1/b Σ_i max(0, m_i − (cos⁺_ii − cos⁻_ii)) / τ`` is added: a negative is to be less similar by
      m, not as far away as possible.
    - *weight*: as none, and a `WeightPull` is added.

    Distillation adds ``λ`` times the mean squared difference between the batch's cosines and the judge's: anchors with anchors, anchors with
    positives, negatives with negatives, anchors with negatives; always of different rows, so that a pair's own positive and negative are free to move.

    A loss for `SentenceTransformerTrainer`: the data set has the columns anchor, positive, negative and ``label``, the number of the row in the
    judge's vectors. These are looked up, so the judge costs no forward pass.

    Parameters
    ----------
    model : SentenceTransformer
    judge : three arrays, shapes (n, d), optional
        Its vectors of all anchors, positives and negatives, of any length and float type; needed by the Gaussian decays, gist and distillation.
    decay : {"none", "gaussian-2024", "gaussian-2025", "gist", "margin", "weight"}
    temperature : float
        τ.
    gate : Gate, optional
        Needed by the Gaussian decays.
    distillation : float
        λ; 0 for none.
    margin : float or array, shape (n,)
        m, in cosine, for all rows or for each.
    pull : WeightPull, optional
        Needed by weight.

    Raises
    ------
    InputError
        A parameter is out of range or is missing where the decay needs it; the arrays have not the same number of rows.

    Notes
    -----
    Lai et al. 2024, *Enhancing unsupervised sentence embeddings via knowledge-driven data augmentation and Gaussian-decayed contrastive learning*,
    for the Gaussian kinds, which are named after the years of their code; Solatorio 2024, *GISTEmbed*, for the mask; Li, Grandvalet and Davoine 2018 for the
    pull. The gate changes the *value* of a logit: at g = 1 it is 0, so the negative stands in the denominator as exp(0) = 1, and its gradient, one over the
    denominator, is next to nothing only beside an exp(s⁺) that is large. A negative of cosine below 0 is made larger by it, not smaller.

    Examples
    --------
    >>> a, p, n = (torch.tensor([row]) for row in ([1.0, 0.0], [0.8, 0.6], [0.6, 0.8]))
    >>> round(float(TripletLoss(None, temperature=1.0).compute([a, p, n], torch.tensor([0]))), 4)  # log(1 + e^(.6 - .8))
    0.5981
    >>> judge = (a.numpy(), p.numpy(), n.numpy())  # the model is its own judge, so the gate is open: log(1 + e^(0 - .8))
    >>> decayed = TripletLoss(None, judge=judge, decay="gaussian-2024", gate=Gate(), temperature=1.0)
    >>> round(float(decayed.compute([a, p, n], torch.tensor([0]))), 4)
    0.3711
    """

    def __init__(
        self,
        model: SentenceTransformer | None,
        *,
        judge: Judge | None = None,
        decay: str = "none",
        temperature: float = 0.05,
        gate: Gate | None = None,
        distillation: float = 0.0,
        margin: float | NDArray[Any] = 0.1,
        pull: WeightPull | None = None,
    ) -> None:
        super().__init__()
        self.decay, self.temperature = one_of(self, "decay", decay, DECAYS), real(self, "temperature", temperature, 0)
        self.distillation = from_zero(self, "distillation", distillation)
        if judge is not None and len({len(side) for side in judge}) > 1:
            raise InputError("'judge' has {:,} anchors, {:,} positives and {:,} negatives.".format(*map(len, judge)))
        if np.ndim(margin) and judge is not None and len(np.asarray(margin)) != len(judge[0]):
            raise InputError(f"'margin' has {len(np.asarray(margin)):,} rows, 'judge' {len(judge[0]):,}.")
        needs = {
            "judge": (judge, decay in JUDGED or self.distillation > 0),
            "gate": (gate, decay.startswith("gaussian")),
            "pull": (pull, decay == "weight"),
        }
        for name, (given, needed) in needs.items():
            if needed and given is None:
                raise InputError(f"The {name!r} parameter of TripletLoss is needed for decay={decay!r}, distillation={distillation!r}.")
        self.model, self.judge, self.gate, self.pull = model, judge, gate, pull
        self.margin = np.asarray(margin, dtype=np.float64)
        if not ((self.margin >= 0) & (self.margin <= 2)).all():
            raise InputError(
                f"The 'margin' parameter of TripletLoss must lie in [0, 2], as a difference of cosines. Got {margin!r} instead."
            )

    def forward(self, sentence_features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor) -> torch.Tensor:
        """Loss of a batch, from the features of its three columns and the row numbers (b,)."""
        assert self.model is not None
        return self.compute([self.model(features)["sentence_embedding"] for features in sentence_features], labels)

    def compute(self, embeddings: Sequence[torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        """The loss of embeddings (b, d) of anchors, positives and negatives of these rows (b,)."""
        if len(embeddings) != 3:
            raise InputError(f"TripletLoss takes the columns anchor, positive and negative. Got {len(embeddings)} columns instead.")
        numbers = rows.cpu().numpy()
        with torch.autocast(
            embeddings[0].device.type, enabled=False
        ):  # in half precision a cosine over τ is off by as much as dropout shifts it
            mine = _units(embeddings)
            judge = None if self.judge is None else _units([_like(side[numbers], mine[0]) for side in self.judge])
            loss = self._contrast(mine, judge, numbers)
            if judge is not None and self.distillation:
                loss = loss + self.distillation * moved(compared(mine), compared(judge))
            if self.pull is not None and self.decay == "weight":
                loss = loss + self.pull()
        return loss

    def _contrast(self, mine: Three, judge: Three | None, numbers: NDArray[Any]) -> torch.Tensor:
        anchors, positives, negatives = mine
        own = torch.arange(len(anchors), device=anchors.device)
        near, far = anchors @ positives.T / self.temperature, anchors @ negatives.T / self.temperature
        if self.decay == "margin":
            wanted = _like(self.margin[numbers] if self.margin.ndim else self.margin, anchors)
            lead = (anchors * positives).sum(1) - (anchors * negatives).sum(1)
            return cross_entropy(near, own) + relu(wanted - lead).mean() / self.temperature
        if self.decay.startswith("gaussian"):
            assert judge is not None
            far = self._decayed(far, judge)
        elif self.decay == "gist":
            assert judge is not None
            near, far = (logits.masked_fill(mask, -torch.inf) for logits, mask in zip((near, far), nearer_than_own(judge), strict=True))
        return cross_entropy(torch.cat([near, far], dim=1), own)

    def _decayed(self, far: torch.Tensor, judge: Three) -> torch.Tensor:
        """Similarities (b, b) of anchors and negatives, those on the diagonal with the part taken off that the gate lets through."""
        assert self.gate is not None
        now = far.diagonal().detach()
        shift = now - (judge[0] * judge[2]).sum(1) / self.temperature
        return far - torch.diag(now * self.gate(shift, one_sided=self.decay == "gaussian-2025"))

    def get_config_dict(self) -> dict[str, Any]:
        """What the trainer notes of the loss."""
        return {"decay": self.decay, "temperature": self.temperature, "distillation": self.distillation}


def nearer_than_own(judge: Three) -> tuple[torch.Tensor, torch.Tensor]:
    """Which positives and which negatives (b, b) a judge finds nearer to an anchor than its own positive, which is never among them.

    Examples
    --------
    >>> a, p, n = (torch.tensor(rows) for rows in ([[1.0, 0.0], [0.0, 1.0]], [[0.6, 0.8], [0.8, 0.6]], [[1.0, 0.0], [-1.0, 0.0]]))
    >>> [mask.tolist() for mask in nearer_than_own((a, p, n))]
    [[[False, True], [True, False]], [[True, False], [False, False]]]
    """
    anchors, positives, negatives = judge
    near = anchors @ positives.T
    own = near.diagonal()[:, None]
    return near > own, anchors @ negatives.T > own


def compared(three: Three) -> list[Compared]:
    """The columns whose cosines distillation keeps: anchors with anchors, with positives and with negatives, and negatives with negatives."""
    anchors, positives, negatives = three
    return [(anchors, anchors), (anchors, positives), (negatives, negatives), (anchors, negatives)]


def _units(columns: Sequence[torch.Tensor]) -> Three:
    """At unit length, and at least in single precision."""
    anchors, positives, negatives = (normalize(c if c.dtype == torch.float64 else c.float(), dim=1) for c in columns)
    return anchors, positives, negatives


def _like(numbers: NDArray[Any], other: torch.Tensor) -> torch.Tensor:
    """An array as a tensor of the type and on the device of another."""
    return torch.from_numpy(np.asarray(numbers)).to(other.device, other.dtype)
