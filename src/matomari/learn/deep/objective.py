"""The formulas of deep soft k-means, whose code and prototypes are learnt together: assignments, loss, prototypes, cost on held-out rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional

from ...cluster.soft.passes import ALPHA, BETA

DEAD = 0.01  # of its fair share of the rows: a prototype with less is placed anew


def logits(code: torch.Tensor, prototypes: torch.Tensor, temperature: float) -> torch.Tensor:
    """-‖z - θ‖² / τ without what all prototypes share, shape (b, k): z and θ have unit length."""
    return 2 / temperature * code @ prototypes.T


def posterior(code: torch.Tensor, prototypes: torch.Tensor, temperature: float) -> torch.Tensor:
    """p (b, k): how likely unit codes (b, d) belong to unit prototypes (k, d)."""
    return torch.softmax(logits(code, prototypes, temperature), dim=1)


def auxiliary(share: torch.Tensor, objective: str) -> torch.Tensor:
    """q (n, k), which the encoder is drawn to: p itself for "soft"; for "mi_adm" ∝ p_ik^(1+α) / (Σ_j p_jk^(1+α))^β.

    Examples
    --------
    >>> auxiliary(torch.tensor([[0.5, 0.5], [0.9, 0.1]]), "mi_adm").round(decimals=3).tolist()
    [[0.3310000002384186, 0.6690000295639038], [0.9760000109672546, 0.024000000208616257]]
    """
    if objective == "soft":
        return share
    powered = share.clamp_min(1e-30).log() * (1 + ALPHA)
    return torch.softmax(powered - BETA * powered.logsumexp(dim=0), dim=1)


def clustering_loss(
    code: torch.Tensor, prototypes: torch.Tensor, assigned: torch.Tensor, temperature: float, objective: str
) -> torch.Tensor:
    """How far codes (b, d) are from what they are assigned to (b, k), a scalar.

    "soft" is mean Σ_k q_ik ‖z_i - θ_k‖² / τ; "mi_adm" is the cross-entropy of p against q, which is the same plus the log-partition
    mean log Σ_k exp(-‖z_i - θ_k‖² / τ). Jabi et al. 2019 drop that term when they link the two; but the term keeps groups apart.
    """
    scores = logits(code, prototypes, temperature)
    if objective == "soft":
        return (2 / temperature - (assigned * scores).sum(dim=1)).mean()
    return -(assigned * torch.log_softmax(scores, dim=1)).sum(dim=1).mean()


def refit(code: torch.Tensor, assigned: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
    """Unit prototypes (k, d) for codes (n, d) and their q (n, k).

    A prototype that has lost its rows is placed on the row that is furthest from all others.
    """
    mass, sums = assigned.sum(dim=0), assigned.T @ code
    prototypes = torch.where(sums.norm(dim=1, keepdim=True) > 1e-12, functional.normalize(sums, dim=1), before)
    for dead in torch.nonzero(mass < DEAD * len(code) / len(mass)).ravel().tolist():
        others = torch.arange(len(prototypes), device=prototypes.device) != dead
        prototypes[dead] = code[(code @ prototypes[others].T).amax(dim=1).argmin()] if others.any() else prototypes[dead]
    return prototypes


def free_energy(code: torch.Tensor, prototypes: torch.Tensor, temperature: float) -> float:
    """-mean log Σ_k exp(logit): which of two sets of prototypes is better for *one* code; it cannot compare two codes."""
    return -float(logits(code, prototypes, temperature).logsumexp(dim=1).mean())


@dataclass(frozen=True)
class Judgement:
    """What a model is worth on rows that it was not trained on.

    Attributes
    ----------
    reconstruction : float
        Mean squared error, in variances of the rows.
    information : float
        Nats that a row tells of its group: H(mean p) - mean H(p), from 0 to log k.
    groups : int

    Notes
    -----
    The free energy cannot compare two codes: it is lowest where all rows share one point. Their mutual information, the
    discriminative side of the equation of Jabi et al. 2019, is 0 there; codes of unit length and one temperature keep it from being bought
    by scale, and the reconstruction from being bought by forgetting what the rows are.
    """

    reconstruction: float
    information: float
    groups: int

    def cost(self, weight: float) -> float:
        """Reconstruction + λ (log k - information): lower is better; NaN when training has diverged."""
        return self.reconstruction + weight * (math.log(self.groups) - self.information)


def judged(rows: torch.Tensor, rebuilt: torch.Tensor, share: torch.Tensor) -> Judgement:
    """Rows (m, …), what the decoder made of them, and their p (m, k)."""
    mean = share.mean(dim=0)
    information = torch.xlogy(share, share).sum(dim=1).mean() - torch.xlogy(mean, mean).sum()
    return Judgement(float(functional.mse_loss(rebuilt, rows)), float(information), share.shape[1])
