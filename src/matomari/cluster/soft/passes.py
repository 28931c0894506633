"""One pass of soft k-means over the rows, block by block: from prototypes to assignments and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from ...vectors import Floats, Ints, normalise

LOGITS = 1 << 20  # rows times prototypes in a block, so that its logits stay in the cache of the processor
FEWEST_ROWS = 256
HELD = 1 << 27  # numbers: half a gigabyte
EXACT_ROWS = 4096  # up to so many rows are summed in doubles, where weight 3 gives exactly the sum of three copies
ALPHA, BETA = 1.0, 0.5  # of MI-ADM: how much assignments are sharpened, and how much groups are balanced
Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Weighted rows, read block by block as points or, for the cosine, as directions.

    Attributes
    ----------
    X : array, shape (n, d), float32
        A memory map is never copied as a whole.
    weight : array, shape (n,), float32
    origin : array, shape (d,), float32
        Origin of the points, because far from zero single precision cannot separate them.
    cosine : bool
    device : torch.device
    """

    X: Floats
    weight: Floats
    origin: Floats
    cosine: bool
    device: torch.device

    @cached_property
    def held(self) -> torch.Tensor | None:
        """All rows on the device, if they are few enough to be held in memory."""
        return self._ready(slice(None)) if self.X.size <= HELD else None

    @cached_property
    def alike(self) -> bool:
        """Whether every row counts as one."""
        return bool((self.weight == 1).all())

    def blocks(self, k: int) -> Iterator[tuple[slice, torch.Tensor]]:
        """Position and rows of each block, on the device; do not modify the rows."""
        size = max(FEWEST_ROWS, LOGITS // max(k, 1))
        for start in range(0, len(self.X), size):
            part = slice(start, start + size)
            yield part, self._ready(part) if self.held is None else self.held[part]

    def _ready(self, part: slice) -> torch.Tensor:
        kind = torch.float64 if len(self.X) <= EXACT_ROWS and self.device.type == "cpu" else torch.float32
        rows = np.asarray(self.X[part], np.float32)
        return torch.from_numpy(normalise(rows) if self.cosine else rows - self.origin).to(self.device, kind)

    def some(self, rows: Ints) -> Sample:
        """Only these rows."""
        return Sample(X=np.asarray(self.X[rows]), weight=self.weight[rows], origin=self.origin, cosine=self.cosine, device=self.device)

    def seen_from(self, axes: Floats) -> Sample:
        """The rows projected onto `axes`, shape (d, v): points or directions in v dimensions."""
        rows = np.concatenate([block.float().cpu().numpy() @ axes for _, block in self.blocks(1024)])
        return Sample(X=rows, weight=self.weight, origin=np.zeros(axes.shape[1], np.float32), cosine=self.cosine, device=self.device)

    def prototypes(self, sums: Doubles, mass: Doubles, before: Floats) -> Floats:
        """The best prototypes for the sums of a pass; a prototype without weight is not changed."""
        prototypes: Floats = (sums / np.maximum(mass, 1e-30)[:, None]).astype(np.float32)
        prototypes = normalise(prototypes) if self.cosine else prototypes
        empty = (mass <= 0) | ~np.isfinite(prototypes).all(axis=1) | (self.cosine & ~prototypes.any(axis=1))
        return np.where(empty[:, None], before, prototypes)


@dataclass(frozen=True, eq=False)
class Pass:
    """The result of one pass.

    Attributes
    ----------
    energy : float
        Free energy of the prototypes before the pass, per unit of weight: -mean log Σ_k exp(logit).
    mass : array, shape (k,)
        Weight of each group.
    sums : array, shape (k, d)
        Weighted sum of its rows.
    """

    energy: float
    mass: Doubles
    sums: Doubles


@dataclass(frozen=True, eq=False)
class MutualInformation:
    """The auxiliary assignments of MI-ADM: q_ik ∝ p_ik^(1+α) / (Σ_j p_jk^(1+α))^β.

    Attributes
    ----------
    log_columns : torch.Tensor, shape (k,)
        Log of each group's summed p^(1+α).
    """

    log_columns: torch.Tensor

    def sharpen(self, share: torch.Tensor) -> torch.Tensor:
        """q of a block, from its p (b, k)."""
        return torch.softmax((1 + ALPHA) * share.clamp_min(1e-30).log() - BETA * self.log_columns.to(share), dim=1)


def mutual_information(sample: Sample, prototypes: Floats, temperature: float, log_prior: Doubles | None = None) -> MutualInformation:
    """Column sums of p^(1+α) at these prototypes: a separate pass, so that q is exact."""
    columns = torch.zeros(len(prototypes), dtype=torch.float64)
    for part, rows in sample.blocks(len(prototypes)):
        share = torch.softmax(logits(rows, prototypes, temperature=temperature, cosine=sample.cosine, log_prior=log_prior), dim=1)
        weight = torch.from_numpy(sample.weight[part]).to(rows)
        columns += (share.pow_(1 + ALPHA) * weight[:, None]).sum(dim=0, dtype=torch.float64).cpu()
    return MutualInformation(columns.clamp_min(1e-30).log().to(sample.device))


def weighted_mean(X: Floats, weight: Floats) -> Floats:
    """Mean of the rows by weight, shape (d,), summed in doubles; a memory map is read in blocks."""
    total = np.zeros(X.shape[1])
    for start in range(0, len(X), 16_384):
        part = slice(start, start + 16_384)
        total += weight[part].astype(np.float64) @ X[part]
    return (total / max(float(weight.sum(dtype=np.float64)), 1e-30)).astype(np.float32)


def logits(rows: torch.Tensor, prototypes: Floats, temperature: float, cosine: bool, log_prior: Doubles | None = None) -> torch.Tensor:
    """-‖x - θ‖² / temperature + log π without the terms that all prototypes share, shape (b, k)."""
    centers = torch.from_numpy(prototypes).to(rows)
    scores = rows @ (centers * (2 / temperature)).T  # a factor on k prototypes costs less than one on b rows
    if log_prior is not None:
        scores.add_(torch.from_numpy(log_prior).to(rows))
    return scores if cosine else scores.sub_(centers.square().sum(dim=1) / temperature)


def one_pass(
    sample: Sample, prototypes: Floats, temperature: float, log_prior: Doubles | None = None, balance: MutualInformation | None = None
) -> Pass:
    """Soft assignments of all rows and their sums; a temperature of 0 assigns hard."""
    k, d = prototypes.shape
    weight = torch.from_numpy(sample.weight)
    energy, mass, sums = 0.0, torch.zeros(k, dtype=torch.float64), torch.zeros(k, d, dtype=torch.float64)
    heat = temperature or 1.0
    for part, rows in sample.blocks(k):
        w = weight[part].to(rows)
        scores = logits(rows, prototypes, temperature=heat, cosine=sample.cosine, log_prior=log_prior)
        if temperature:
            top = scores.amax(dim=1, keepdim=True)
            share = scores.sub_(top).exp_()
            total = share.sum(dim=1, keepdim=True)
            share, level = share.div_(total), (top + total.log()).squeeze(1)
            if balance is not None:
                share = balance.sharpen(share)
        else:
            level, nearest = scores.max(dim=1)
            share = scores.zero_().scatter_(1, nearest[:, None], 1)
        energy -= float((level * w).sum(dtype=torch.float64))
        share = share if sample.alike else share.mul_(w[:, None])
        mass += share.sum(dim=0, dtype=torch.float64).cpu()
        sums += (share.T @ rows).double().cpu()
    return Pass(energy / max(float(sample.weight.sum(dtype=np.float64)), 1e-30), mass.numpy(), sums.numpy())
