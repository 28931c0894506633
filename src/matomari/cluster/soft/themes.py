"""Themes by soft k-means: the number of groups is chosen as in `themes`; groups have prototypes and calibrated confidences."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.random import RandomState
from scipy.cluster.hierarchy import fcluster, linkage

from ...seeds import Seed
from ...vectors import Floats, Ints
from ..clustering import Clustering
from ..communities.agreement import KEPT
from ..communities.few import links
from ..communities.stability import Choice, choose_resolution
from ..communities.support import best_overlaps
from ..kmeans import SphericalKMeans
from ..relabel import by_size, by_size_of
from .confidence import cooling
from .estimator import SoftKMeans
from .passes import Sample
from .posterior import Posterior
from .settings import looked_at
from .start import quick_labels
from .temperature import Path, heated

STEP = 4  # finer groups in each group, and groups in each coarser one, at most
SMALLEST = 3  # items that a finer group has on average, at least
DRAWS = 5  # subsamples for the stability of each group

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Softness:
    """The result of soft grouping beyond the labels.

    Attributes
    ----------
    posterior : Posterior
        Prototypes of the groups, in their order, at the temperature of the confidences.
    path : Path
        The path of the prototypes, heated from the chosen temperature until one is left.
    learnt : float
        The temperature that was chosen.
    agreement : float
        The agreement that the confidences were calibrated to.
    """

    posterior: Posterior
    path: Path
    learnt: float
    agreement: float


def soft_themes(
    X: Floats, *, groups: int | None = None, choice: Choice | None = None, surest: float = 1.0, seed: int = 0, say: Say = lambda _: None
) -> tuple[Clustering, Softness]:
    """Group unit vectors (n, d) around prototypes; every item gets a group, a calibrated confidence and a runner-up.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    groups : int, optional
        Number of groups; by default as many as `themes` would find.
    choice : Choice, optional
        The number of groups, chosen on other data.
    surest : float
        Upper limit of the mean confidence, for X that was trained to be grouped and therefore agrees with itself too well.
    seed : int
    say : callable
        Receives progress messages.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.repeat(np.eye(6), 20, axis=0).repeat(8, axis=1) + rng.normal(0, 0.1, (120, 48))
    >>> clustering, soft = soft_themes((X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32))
    >>> clustering.k, np.bincount(clustering.labels).tolist(), bool(clustering.membership.strength.min() > 0.5)
    (6, [20, 20, 20, 20, 20, 20], True)
    """
    streams, notes = Seed(seed), []
    if groups is None:
        if choice is None:
            say("choosing how many groups")
            choice = choose_resolution(X, n_neighbors=links(len(X)), seed=seed)
        k, reason, curve = choice.groups, choice.reason, choice.drawn
    else:
        k, reason, curve = groups, f"{groups} groups were asked for", None
    say("looking for prototypes")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        model = SoftKMeans(k, random_state=RandomState(streams.number("soft"))).fit(X)
    notes += [str(warning.message) for warning in caught]
    nonempty = _by_size(model.labels_)
    if len(nonempty) < k:
        notes.append(f"{k - len(nonempty)} of {k} prototypes are nearest to no item and were left out")
    few, agreement = _few(X, len(nonempty), streams), min(model.agreement_, surest)
    factor = cooling(few, model.cluster_centers_[nonempty], temperature=model.temperature_, log_prior=None, target=agreement)
    soft = Posterior(model.cluster_centers_[nonempty], model.temperature_ * factor)
    member = soft.place(X)
    notes.append(
        f"confidences are calibrated: made again from either half of what is known of them, {agreement:.0%} of the items come"
        " out the same, and their mean is no higher than that"
    )
    clustering = Clustering(
        partition=replace(member.partition("soft k-means", temperature=soft.temperature, seed=seed), centers=soft.prototypes),
        membership=member,
        finer=_finer(X, member.label, streams),
        coarser=_coarser(soft.prototypes, member.label),
        stability=_stability(few, soft, model.temperature_, streams),
        reason=reason,
        notes=notes,
        curve=curve,
    )
    path = heated(few, soft.prototypes, model.temperature_, down_to=1 / max(len(nonempty), 1))
    return clustering, Softness(soft, path, model.temperature_, agreement)


def _by_size(labels: Ints) -> Ints:
    """The groups that have an item, largest first."""
    old = np.unique(labels)
    return old[np.argsort(-np.bincount(labels)[old], kind="stable")]


def _few(X: Floats, k: int, streams: Seed) -> Sample:
    most = looked_at(k)
    rows = np.arange(len(X)) if len(X) <= most else np.sort(streams.stream("soft/rows").choice(len(X), most, replace=False))
    return Sample(
        X=X[rows], weight=np.ones(len(rows), np.float32), origin=np.zeros(X.shape[1], np.float32), cosine=True, device=torch.device("cpu")
    )


def _stability(few: Sample, soft: Posterior, temperature: float, streams: Seed) -> Floats:
    """Best overlap of each group with a group of a fit to a subsample, averaged over subsamples."""
    rng, k = streams.stream("soft/stability"), len(soft.prototypes)
    labels, total = soft.place(few.X).label, np.zeros(k)
    for draw in range(DRAWS):
        keep = np.flatnonzero(rng.random(len(labels)) < KEPT)
        if len(keep) < k:
            return np.ones(k, np.float32)
        part = few.some(keep)
        refit_labels = quick_labels(part, part, k=k, temperature=temperature, rng=RandomState(streams.number(f"soft/stability/{draw}")))
        total += best_overlaps(labels[keep], refit_labels, k)
    return (total / DRAWS).astype(np.float32)


def _finer(X: Floats, labels: Ints, streams: Seed) -> Ints:
    """Up to four groups inside each group."""
    finer, offset, seed = np.empty(len(labels), np.int64), 0, streams.number("soft/finer")
    for group in range(int(labels.max()) + 1):
        inside = np.flatnonzero(labels == group)
        k = max(1, min(STEP, len(inside) // SMALLEST))
        part = SphericalKMeans(k, n_init=1, random_state=RandomState(seed)).fit(X[inside]).labels_ if k > 1 else np.zeros(len(inside), int)
        finer[inside] = np.unique(part, return_inverse=True)[1] + offset
        offset = int(finer[inside].max()) + 1
    return by_size(finer)


def _coarser(prototypes: Floats, labels: Ints) -> Ints:
    """Prototypes joined by Ward's linkage until a quarter of them is left."""
    k = len(prototypes)
    most = max(1, k // STEP)
    if most == 1:
        return np.zeros(k, np.int64)
    joined = fcluster(linkage(prototypes.astype(np.float64), "ward"), most, "maxclust") - 1
    return by_size_of(joined.astype(np.int64), labels)
