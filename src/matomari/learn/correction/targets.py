"""The points that samples are pulled to, once the communities are known. The ways differ in which samples are pulled and to what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, Ints
from .matching import Matching

NEAREST = 10  # correctly clustered points whose mean is an exact target
REPRESENTATIVES = 10  # per community
MODE = 4  # correctly clustered samples that make a community a mode, unless it is the largest of its class


@dataclass(frozen=True, eq=False)
class Targets:
    """Points in latent space, each of one class. A sample is pulled to the nearest point of its class.

    Attributes
    ----------
    points : array of float32, shape (t, d)
    owner : array of int64, shape (t,)
        Class of each point.
    sample : array of int64, shape (t,)
        The only sample that a point is for; -1 for any sample of its class.
    active : array of bool, shape (n,)
        The samples that are pulled.
    wrong : array of float32, shape (w, d)
        Centres of communities, over the correctly clustered samples.
    strays : array of int64, shape (n,)
        Which of them a misclustered sample wrongly sits in; -1 for all others.
    """

    points: Floats
    owner: Ints
    sample: Ints
    active: NDArray[np.bool_]
    wrong: Floats
    strays: Ints


def targets(
    way: str, Z: Floats, matching: Matching, *, size: int | None = None, trusted: NDArray[np.bool_] | None = None, seed: int = 0
) -> Targets:
    """The targets of one way to correct.

    ========================== ============================== =======================================================================
    way                        pulled                         to
    ========================== ============================== =======================================================================
    misclustered               the misclustered               the mean of the `size` correctly clustered points nearest to the sample,
                                                              of the community of its class where that mean is nearest
    misclustered/representatives the misclustered             `size` points of each community of its class, drawn without replacement
    all                        every labelled sample          as misclustered/representatives
    modes                      every labelled sample          the modes of its class: means of its samples, each counted to the nearest of the
                                                              centres of the communities where the class has at least four correctly
                                                              clustered samples, and of its largest
    center                     every labelled sample          the mean of its class
    ========================== ============================== =======================================================================

    A class that owns no community has its medoid, the sample nearest to its mean, for a target. The first two are the paper's (Ho Thanh 2025,
    section 3), "center" is center loss with means that are found anew at each refresh (Wen 2016), "modes" is ours;
    for a class with one community, or none, the two are the same.

    Parameters
    ----------
    way : str
    Z : array, shape (n, d), float
        Latent vectors as the loss will see them.
    matching : Matching
        Of the same n samples.
    size : int, optional
        10 when left out.
    trusted : array of bool, shape (n,), optional
        Samples whose labels are believed; the others are pulled nowhere and are part of no target.
    seed : int
        For the random draws.

    Examples
    --------
    >>> from matomari.learn.correction.matching import match
    >>> Z = np.array([[0, 0], [0, 2], [8, 8], [8, 6], [8, 7]], np.float32)
    >>> matching = match(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]))
    >>> targets("modes", Z, matching).points.tolist()
    [[2.6666667461395264, 3.3333332538604736], [8.0, 6.5]]
    """
    if way not in WAYS:
        raise InputError(f"'way' must be one of {', '.join(WAYS)}. Got {way!r} instead.")
    if len(Z) != len(matching.labels):
        raise InputError(f"there are {len(Z):,} latent vectors and {len(matching.labels):,} samples in the matching.")
    X = np.asarray(Z, np.float32).reshape(len(Z), -1)
    if trusted is not None:
        matching = replace(matching, labels=np.where(trusted, matching.labels, -1))
    pulled = matching.misclustered if way.startswith("misclustered") else matching.labels >= 0
    entries = WAYS[way](X, matching, size, seed)
    entries += [(_medoid(X, matching, label), label, -1) for label in _without(matching) if way not in ("center", "modes")]
    members = _members(matching)
    number = np.full(len(matching.owner), -1, np.int64)
    number[list(members)] = np.arange(len(members))
    wrong = [X[rows].mean(axis=0) for rows in members.values()]
    strays = np.where(matching.misclustered, number[matching.communities], -1)
    points, owner, sample = zip(*entries, strict=True) if entries else ((), (), ())
    return Targets(
        points=_stacked(points, X),
        owner=np.array(owner, np.int64),
        sample=np.array(sample, np.int64),
        active=pulled,
        wrong=_stacked(wrong, X),
        strays=strays,
    )


def _stacked(points: Sequence[Floats], X: Floats) -> Floats:
    return np.stack(points).astype(np.float32) if len(points) else np.empty((0, X.shape[1]), np.float32)


Made = list[tuple[Floats, int, int]]


def _exact(X: Floats, matching: Matching, size: int | None, seed: int) -> Made:
    """For each misclustered sample and each community of its class, the mean of its nearest correct points."""
    members = _members(matching)
    entries: Made = []
    for row in np.flatnonzero(matching.misclustered).tolist():
        label = int(matching.labels[row])
        for community in (mode for mode in matching.modes(label) if mode in members):
            rows = members[community]
            near = np.argsort(((X[rows] - X[row]) ** 2).sum(axis=1), kind="stable")[: size or NEAREST]  # all of them, where they are fewer
            entries.append((X[rows[near]].mean(axis=0), label, row))
    return entries


def _representatives(X: Floats, matching: Matching, size: int | None, seed: int) -> Made:
    entries: Made = []
    for community, rows in _members(matching).items():
        drawn = Seed(seed).stream(f"representatives {community}").permutation(rows)[: size or REPRESENTATIVES]
        entries += [(X[row], int(matching.owner[community]), -1) for row in np.sort(drawn)]
    return entries


def _centres(X: Floats, matching: Matching, size: int | None, seed: int) -> Made:
    """Modes: the means of a class's samples, each counted to the nearest of its communities; with one community, the mean of the class."""
    members = _members(matching)
    starts: dict[int, list[Floats]] = {label: [_medoid(X, matching, label)] for label in _without(matching)}
    for label in np.unique(matching.labels[matching.correct]).tolist():
        own = sorted((rows for c, rows in members.items() if matching.owner[c] == label), key=len, reverse=True)
        starts[label] = [X[rows].mean(axis=0) for rows in own if len(rows) >= MODE or rows is own[0]]
    entries: Made = []
    for label in sorted(starts):
        rows = np.flatnonzero(matching.labels == label)
        nearest = cdist(X[rows], np.stack(starts[label])).argmin(axis=1)
        entries += [(X[rows[nearest == centre]].mean(axis=0), label, -1) for centre in np.unique(nearest)]
    return entries


def _means(X: Floats, matching: Matching, size: int | None, seed: int) -> Made:
    return [(X[matching.labels == label].mean(axis=0), int(label), -1) for label in np.unique(matching.labels[matching.labels >= 0])]


def _members(matching: Matching) -> dict[int, Ints]:
    """The correctly clustered samples of each community that has an owner."""
    correct = np.flatnonzero(matching.correct)
    return {int(c): correct[matching.communities[correct] == c] for c in np.unique(matching.communities[correct])}


def _without(matching: Matching) -> list[int]:
    """Classes that have samples and own no community."""
    held = np.unique(matching.labels[matching.correct])
    return [int(label) for label in np.setdiff1d(matching.labels[matching.labels >= 0], held)]


def _medoid(X: Floats, matching: Matching, label: int) -> Floats:
    rows = np.flatnonzero(matching.labels == label)
    nearest = int(((X[rows] - X[rows].mean(axis=0)) ** 2).sum(axis=1).argmin())
    return np.asarray(X[rows[nearest]])


WAYS: dict[str, Callable[[Floats, Matching, int | None, int], Made]] = {
    "misclustered": _exact,
    "misclustered/representatives": _representatives,
    "all": _representatives,
    "modes": _centres,
    "center": _means,
}
