"""The checks that a round of learning must pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from ...metrics.grouping import adjusted_mutual_info
from ...seeds import Seed
from ...vectors import Floats, NeighborIndex, neighbors, normalise
from .head import scales, through

FAITHFUL = 0.95  # rank correlation of cosines before and after, below which a round has rewritten what the encoder knew
SPREAD = 0.4  # share of the effective rank that must be left
EQUAL = 1e-6  # cosines of equal texts differ by no more
NEAR = 10  # neighbours from which half of the compared pairs come


@dataclass(frozen=True)
class Round:
    """One round, or the start.

    Attributes
    ----------
    number : int
        0 is the start.
    groups : tuple of int
        Communities at each scale that the round learnt from.
    stability : float
        How alike held-out rows are grouped by two halves of the others: AMI, mean over the scales.
    fidelity : float
        Spearman correlation of the cosines of held-out pairs with those of the start.
    rank : float
        Effective rank of the held-out rows: exp of the entropy of their principal variances.
    kept : bool
    reason : str
    found : float or None
        NDCG@10 of the anchors of given pairs among all their positives; None where no pairs were given.
    """

    number: int
    groups: tuple[int, ...]
    stability: float
    fidelity: float
    rank: float
    kept: bool
    reason: str
    found: float | None = None


class Probe:
    """Measurements of a head on held-out rows.

    Parameters
    ----------
    seen, held : arrays, shapes (n, d) and (m, d)
        Unit rows that heads are learnt from, and rows that they are not.
    seed : int
    pairs : pair of arrays, shapes (m, d), optional
        Rows of equal number belong together.
    """

    def __init__(self, seen: Floats, held: Floats, seed: int, pairs: tuple[Floats, Floats] | None = None) -> None:
        self.seen, self.held, self.seed = seen, held, seed
        self.pairs = None if pairs is None else (normalise(pairs[0]), normalise(pairs[1]))
        rng = Seed(seed).stream("rounds/probe")
        half = rng.permutation(len(seen))
        self._halves = (half[: len(seen) // 2], half[len(seen) // 2 :])
        near = neighbors(held, NEAR)[1]
        n = 20 * len(held)
        first = rng.integers(len(held), size=n)
        close = near[first, rng.integers(near.shape[1], size=n)]
        self._pairs = first, np.where(rng.random(n) < 0.5, close, rng.integers(len(held), size=n))
        self._cosines = self._cosines_of(held)
        self._rank = effective_rank(held)

    def of(self, number: int, head: Floats | None, groups: tuple[int, ...], before: Round | None = None) -> Round:
        """The measurements of one round; the start has no head."""
        seen, held = (rows if head is None else through(rows, head) for rows in (self.seen, self.held))
        stability = self._stability(seen, held)
        fidelity = float(spearmanr(self._cosines, self._cosines_of(held)).statistic)
        rank = effective_rank(held)
        ndcg = None if self.pairs is None else pairs_found(*(self.pairs if head is None else (through(side, head) for side in self.pairs)))
        pairs_note = "" if ndcg is None else f", NDCG@10 of the pairs {ndcg:.3f}"
        if before is None:
            return Round(
                number=number,
                groups=groups,
                stability=stability,
                fidelity=fidelity,
                rank=rank,
                kept=True,
                reason=f"stability {stability:.3f}, effective rank {rank:.0f}{pairs_note}",
                found=ndcg,
            )
        faults = []
        if not fidelity >= FAITHFUL:
            faults.append(f"the order of cosines is kept to {fidelity:.3f}, below {FAITHFUL}")
        if not rank >= SPREAD * self._rank:
            faults.append(f"the effective rank falls from {self._rank:.0f} to {rank:.0f}")
        if not stability >= before.stability:
            faults.append(f"held-out texts are grouped less stably, {before.stability:.3f} to {stability:.3f}")
        if ndcg is not None and before.found is not None and not ndcg >= before.found:
            faults.append(f"the given pairs are found less well, NDCG@10 {before.found:.4f} to {ndcg:.4f}")
        summary = (
            f"stability {before.stability:.3f} to {stability:.3f}, order of cosines {fidelity:.3f}, effective rank {rank:.0f}{pairs_note}"
        )
        return Round(
            number=number,
            groups=groups,
            stability=stability,
            fidelity=fidelity,
            rank=rank,
            kept=not faults,
            reason="; ".join(faults) or summary,
            found=ndcg,
        )

    def _stability(self, seen: Floats, held: Floats) -> float:
        sides = []
        for half in self._halves:
            nearest = NeighborIndex(seen[half], exact=True).search(held, 1)[1][:, 0]
            sides.append([labels[nearest] for labels in scales(seen[half], self.seed)])
        return float(np.mean([adjusted_mutual_info(a, b) for a, b in zip(*sides, strict=True)]))

    def _cosines_of(self, held: Floats) -> Floats:
        first, second = self._pairs
        return np.asarray(np.einsum("ij,ij->i", held[first], held[second]))


def pairs_found(anchors: Floats, positives: Floats) -> float:
    """Mean NDCG@10 of unit anchors (m, d) that look for their own among all unit positives (m, d); what equals it does not count as before it.

    Examples
    --------
    >>> X = np.eye(3, dtype=np.float32)
    >>> pairs_found(X, X), round(pairs_found(X, X[[1, 0, 2]]), 3)
    (1.0, 0.754)
    """
    gains = []
    for start in range(0, len(anchors), 1000):
        cosines = anchors[start : start + 1000] @ positives.T
        own = cosines[np.arange(len(cosines)), start + np.arange(len(cosines))]
        before = (cosines > own[:, None] + EQUAL).sum(axis=1)
        gains.append(np.where(before < 10, 1 / np.log2(2 + before), 0.0))
    return float(np.concatenate(gains).mean())


def effective_rank(X: Floats) -> float:
    """exp of the entropy of the principal variances' shares (Roy and Vetterli 2007), of rows X (n, d)."""
    variance = np.linalg.svd((X - X.mean(axis=0)).astype(np.float64), compute_uv=False) ** 2
    share = variance / max(float(variance.sum()), 1e-30)
    return float(np.exp(-(share * np.log(np.maximum(share, 1e-30))).sum()))
