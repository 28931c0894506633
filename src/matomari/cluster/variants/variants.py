"""Variants: groups of texts that name the same thing. Most groups are small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...vectors import Floats, Ints
from ..clustering import Clustering
from ..membership import Membership, best_other
from ..relabel import by_size_of
from .linkage import Linkage, average_linkage
from .model import Model
from .pairs import ScoredPairs, compare
from .reading.vocabulary import Vocabulary
from .records.records import NO_RECORDS, Records
from .review import Doubtful, doubtful

CUT, COARSER_CUT, FINER_CUT = 0.5, 0.25, 0.85
SHAKEN = (0.4, 0.6)  # cuts for stability: a stable group is the same at both
FLOOR, FAINT = 0.1, 0.02  # merging stops there; a less probable pair counts as none
EVEN = 0.5
CUTS = np.arange(0.3, 1.0, 0.01)  # that are tried for a precision

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Merges:
    """The pair behind each merge at or above the cut: positions of the two texts, average probability, and reason.

    `doubtful` are the pairs that are worth a look, and `wrong` is how many groups of several texts are expected to hold two things.
    """

    first: Ints
    second: Ints
    score: Floats
    why: list[str]
    doubtful: Doubtful
    wrong: float


def same_things(
    texts: Sequence[str],
    X: Floats,
    *,
    groups: int | None = None,
    precision: float | None = None,
    vocabulary: Vocabulary | None = None,
    model: Model | None = None,
    records: Records = NO_RECORDS,
    say: Say = lambda _: None,
) -> tuple[Clustering, Merges]:
    """Group distinct texts that are spellings of one thing.

    Parameters
    ----------
    texts : sequence of str, length n
        Distinct texts.
    X : array, shape (n, d), float32
        Their vectors at unit length.
    groups : int, optional
        Number of groups; by default texts are one thing that are so with a probability of .5 or more on average.
    precision : float, optional
        Share of the pairs put together that shall be right, as far as the probabilities are; instead of the .5.
    vocabulary : Vocabulary, optional
        What people write for one thing.
    model : Model, optional
        What makes a probability of the evidence.
    records : Records
        What is known of the texts beside their words: cells, sources, blocks.
    say : callable
        Receives progress messages.

    Examples
    --------
    >>> parts = ["Bolt M8x20 zinc", "bolt M8 x 20 zinc", "Nut M6", "M6 nut", "Cable tie 200 mm", "O-ring 12", "Hose 3/4"]
    >>> clustering, merges = same_things(parts, np.eye(7, dtype=np.float32))
    >>> clustering.labels[2] == clustering.labels[3], clustering.labels[4] == clustering.labels[5]
    (np.True_, np.False_)
    """
    say("comparing words, numbers, codes and meaning")
    pairs = compare(texts, X, vocabulary=vocabulary, model=model, records=records)
    tree = average_linkage(len(texts), pairs.left, pairs.right, pairs.same, floor=FLOOR, faint=FAINT, sources=records.sources)
    cut, reason, notes = _cut(tree, groups) if precision is None else _precise(tree, pairs, precision)
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
        notes=[*pairs.notes, *notes],
    )
    merges = _merges(tree, pairs, cut)
    return replace(clustering, notes=[*clustering.notes, *_doubts(labels, merges, precision)]), merges


def _cut(tree: Linkage, groups: int | None) -> tuple[float, str, list[str]]:
    if groups is None:
        return CUT, "texts that are more probably one thing than not, on average, are one group", []
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


def _precise(tree: Linkage, pairs: ScoredPairs, precision: float) -> tuple[float, str, list[str]]:
    """The lowest cut at which the pairs put together are right with this probability, on average."""
    for cut in CUTS:
        promised = _promised(pairs, tree.cut(cut))
        if promised >= precision:
            break
    missed = [] if promised >= precision else [f"no cut promises a precision of {precision:.2f}: at the highest it is {promised:.2f}"]
    return cut, f"{promised:.0%} of the pairs put together are expected to be one thing, and {precision:.0%} were asked for", missed


def _promised(pairs: ScoredPairs, labels: Ints) -> float:
    together = labels[pairs.left] == labels[pairs.right]
    return float(pairs.same[together].mean()) if together.any() else 1.0


def _doubts(labels: Ints, merges: Merges, precision: float | None) -> list[str]:
    """How many groups are expected to be wrong, and what to do about it."""
    several = int((np.bincount(labels) > 1).sum())
    if several < 2:
        return []
    wrong, shown = merges.wrong, len(merges.doubtful.first)
    expected = "less than one is" if wrong < EVEN else f"some {wrong:,.0f} {'is' if wrong < 1.5 else 'are'}"
    asks = "" if precision else ", --precision .95 (precision=.95) asks for fewer"
    of = f"of {several:,} groups of several spellings, {expected} expected to hold two things"
    return [f"{of}; review.csv has the {shown:,} most doubtful pairs{asks}"]


def _firmness(pairs: ScoredPairs, labels: Ints) -> Membership:
    """Best probability of each text to its own group and to any other; for a single text, the probability that no other is the same."""
    node, mate = np.concatenate([pairs.left, pairs.right]), np.concatenate([pairs.right, pairs.left])
    sits = best_other(node, labels[mate], np.concatenate([pairs.same, pairs.same]), labels, tie=mate)
    alone = np.bincount(labels)[labels] == 1
    strength = np.where(alone, 1 - sits.runner_strength, sits.strength).astype(np.float32)
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


def _merges(tree: Linkage, pairs: ScoredPairs, cut: float) -> Merges:
    merged, labels = np.flatnonzero(tree.height >= cut), tree.cut(cut)
    first, second = tree.first[merged], tree.second[merged]
    return Merges(
        first=first,
        second=second,
        score=tree.height[merged],
        why=pairs.reasons(first, second),
        doubtful=doubtful(pairs, labels),
        wrong=expected_wrong(tree, cut),
    )


def expected_wrong(tree: Linkage, cut: float) -> float:
    """How many groups are expected to hold two things: a group is right where the strongest pair of each of its merges is.

    Examples
    --------
    >>> tree = average_linkage(4, np.array([0, 1]), np.array([1, 2]), np.array([0.9, 0.8], np.float32))
    >>> round(expected_wrong(tree, 0.3), 2), round(expected_wrong(tree, 0.9), 2)
    (0.28, 0.1)
    """
    merged, labels = np.flatnonzero(tree.height >= cut), tree.cut(cut)
    right = np.zeros(labels.max(initial=-1) + 1)  # log of the probability that all ties of a group are right
    np.add.at(right, labels[tree.first[merged]], np.log(np.maximum(tree.tie[merged], FLOOR)))
    return float((1 - np.exp(right)).sum())
