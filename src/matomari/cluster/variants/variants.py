"""Variants: groups of texts that name the same thing. Most groups are small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...vectors import Floats, Ints
from ..clustering import Clustering
from ..membership import Membership, best_other
from ..relabel import by_size_of
from .candidates import CandidatePairs, variant_pairs
from .linkage import CUT, Linkage, average_linkage

COARSER_CUT, FINER_CUT = 0.5, 0.85
SHAKEN = (0.6, 0.7)  # cuts for stability: a stable group is the same at both
FLOOR = 0.3

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Merges:
    """The pair behind each merge at or above the cut: positions of the two texts, average score, and reason."""

    first: Ints
    second: Ints
    score: Floats
    why: list[str]


def same_things(texts: Sequence[str], X: Floats, *, groups: int | None = None, say: Say = lambda _: None) -> tuple[Clustering, Merges]:
    """Group distinct texts that are spellings of one thing.

    Parameters
    ----------
    texts : sequence of str, length n
        Distinct texts.
    X : array, shape (n, d), float32
        Their vectors at unit length.
    groups : int, optional
        Number of groups; by default texts that score 0.65 or more on average are one thing.
    say : callable
        Receives progress messages.

    Examples
    --------
    >>> parts = ["Bolt M8x20 zinc", "bolt M8 x 20 zinc", "Nut M6", "M6 nut", "Cable tie 200 mm", "O-ring 12", "Hose 3/4"]
    >>> clustering, merges = same_things(parts, np.eye(7, dtype=np.float32))
    >>> clustering.labels[2] == clustering.labels[3], clustering.labels[4] == clustering.labels[5]
    (np.True_, np.False_)
    """
    n = len(texts)
    say("comparing letters, codes and meaning")
    pairs = variant_pairs(texts, X) if n > 1 else _no_pairs()
    tree = average_linkage(n, pairs.left, pairs.right, pairs.score, floor=FLOOR)
    cut, reason, notes = _cut(tree, groups)
    labels = tree.cut(cut)
    finer, coarser_labels = tree.cut(max(FINER_CUT, cut)), tree.cut(min(COARSER_CUT, cut))
    coarser = np.empty(labels.max() + 1, np.int64)
    coarser[labels] = coarser_labels
    member = _firmness(pairs, labels)
    clustering = Clustering(
        partition=member.partition("average linkage", cut=float(cut)),
        membership=member,
        finer=finer,
        coarser=by_size_of(coarser, labels),
        stability=_stability(tree, labels),
        reason=reason,
        notes=notes,
    )
    return clustering, _merges(tree, pairs, cut)


def _cut(tree: Linkage, groups: int | None) -> tuple[float, str, list[str]]:
    if groups is None:
        return CUT, f"texts whose likeness scores {CUT} or more on average are one thing", []
    heights = np.sort(tree.height)[::-1]
    merges = tree.n - groups
    if merges <= 0:
        return float("inf"), f"{groups} groups were asked for", []
    if merges > len(heights):
        left = tree.n - len(heights)
        return (
            FLOOR,
            f"{groups} groups were asked for",
            [f"no likeness is left between {left:,} groups, so they were not merged down to {groups:,}"],
        )
    return float(heights[merges - 1]), f"{groups} groups were asked for", []


def _firmness(pairs: CandidatePairs, labels: Ints) -> Membership:
    """Best score of each text to its own group and to any other; for a single text, how far the best other group stays below the cut."""
    node, mate = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    score = np.concatenate([pairs.score, pairs.score]).clip(0, 1)
    sits = best_other(node, labels[mate], score, labels, tie=mate)
    alone = np.bincount(labels)[labels] == 1
    strength = np.where(alone, 1 - (sits.runner_strength / (2 * CUT)).clip(0, 1), sits.strength)
    return replace(sits, strength=strength, runner_strength=np.minimum(sits.runner_strength, strength))


def _stability(tree: Linkage, labels: Ints) -> Floats:
    """Mean best Jaccard overlap of each group with the groups at a looser and a stricter cut."""
    total = np.zeros(labels.max() + 1)
    sizes = np.bincount(labels)
    for cut in SHAKEN:
        moved = tree.cut(cut)
        keys, shared = np.unique(labels * len(labels) + moved, return_counts=True)
        ours, theirs = keys // len(labels), keys % len(labels)
        best = np.zeros(len(sizes))
        np.maximum.at(best, ours, shared / (sizes[ours] + np.bincount(moved)[theirs] - shared))
        total += best
    return (total / len(SHAKEN)).astype(np.float32)


def _merges(tree: Linkage, pairs: CandidatePairs, cut: float) -> Merges:
    place = {(a, b): i for i, (a, b) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))}
    merged = np.flatnonzero(tree.height >= cut)
    first, second = tree.first[merged], tree.second[merged]
    why = [pairs.why(place[a, b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    return Merges(first, second, tree.height[merged], why)


def _no_pairs() -> CandidatePairs:
    none, zero = np.empty(0, np.int64), np.empty(0, np.float32)
    return CandidatePairs(left=none, right=none, lexical=zero, meaning=zero, codes=zero, conflict=np.empty(0, bool), score=zero)
