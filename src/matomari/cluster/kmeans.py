"""Spherical k-means: every row belongs to the most similar of k directions."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight

from ..errors import InputError
from ..parameters import real, whole
from ..vectors import Floats, Ints, normalise
from .estimator import CenteredGrouper

BLOCK = 16_384
SEEDING_ROWS = 16_384  # k-means++ uses a sample, because on all rows it would cost as much as the iterations


class SphericalKMeans(CenteredGrouper):
    """k-means under cosine similarity: centres have unit length and labels ignore the length of a row.

    Parameters
    ----------
    n_clusters : int
        Number of clusters. Data with fewer distinct directions gets fewer clusters, and a ConvergenceWarning.
    init : {"k-means++", "random"} or array, shape (k, d)
        How the first centres are drawn.
    n_init : int
        Number of starts; the one with the highest total cosine is kept.
    max_iter : int
        Maximum number of passes over the rows in one start.
    tol : float
        Stop when the mean cosine grows by less.
    random_state : int, RandomState or None
        Seed of the starts.

    Attributes
    ----------
    labels_ : array of int64, shape (n,)
    cluster_centers_ : array of float32, shape (k, d), unit rows
    partition_ : Partition
        Strength is the cosine to the own centre, clipped to [0, 1].
    inertia_ : float
        Sum of 1 - cosine to the own centre, times the weight of the row.
    n_iter_ : int

    Notes
    -----
    Dhillon and Modha 2001, *Concept decompositions for large sparse text data using clustering*, equations 3-5.
    UnitRows are read in blocks: a memory map is never copied. A row of zeros has no direction and joins cluster 0
    with strength 0.

    Examples
    --------
    >>> X = np.array([[1, 0], [2, 0.1], [0, 1], [0.1, 3]], np.float32)
    >>> SphericalKMeans(2, random_state=0).fit(X).labels_.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    True
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: str | NDArray[Any] = "k-means++",
        n_init: int = 1,
        max_iter: int = 100,
        tol: float = 1e-5,
        random_state: Any = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> SphericalKMeans:
        """Group the rows of X, shape (n, d); `sample_weight` (n,) counts a row as that many copies.

        Raises
        ------
        InputError
            A parameter is out of range, X is not a finite table, there are fewer rows than clusters, every row is zero.
        """
        k = self._parameters()
        rows = UnitRows(self._checked(X))
        self._enough(rows.X, k)
        weight = _check_sample_weight(sample_weight, rows.X, dtype=np.float32, ensure_non_negative=True)
        rng = check_random_state(self.random_state)
        runs = [self._one_start(rows, weight, k, rng) for _ in range(self.n_init)]
        gain, self.n_iter_, self.cluster_centers_, labels, cosines = max(runs, key=lambda run: run[0])
        self.inertia_ = float(weight.sum(dtype=np.float64) - gain)
        self._counts = np.bincount(labels, weight, minlength=len(self.cluster_centers_))
        if len(self.cluster_centers_) < k:
            warnings.warn(
                f"{len(self.cluster_centers_)} clusters were made of the {k} asked for: there are no more distinct directions.",
                ConvergenceWarning,
                stacklevel=2,
            )
        self._fitted(labels, cosines, self.cluster_centers_, X)
        return self

    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> SphericalKMeans:
        """Move the centres by one batch (m, d): each towards its rows, by their share of all rows seen (Sculley 2010)."""
        if not hasattr(self, "cluster_centers_"):
            return self.fit(X, sample_weight=sample_weight)
        rows = UnitRows(self._checked(X, reset=False))
        weight = _check_sample_weight(sample_weight, rows.X, dtype=np.float32, ensure_non_negative=True)
        labels, _ = assign(rows, self.cluster_centers_)
        sums = _sums(rows, labels, weight, len(self.cluster_centers_))
        centers = normalise((self.cluster_centers_ * self._counts[:, None] + sums).astype(np.float32))
        alive = np.asarray(np.abs(centers).any(axis=1))
        self.cluster_centers_ = np.where(alive[:, None], centers, self.cluster_centers_)
        self._counts = self._counts + np.bincount(labels, weight, minlength=len(self._counts))
        labels, cosines = assign(rows, self.cluster_centers_)
        self._fitted(labels, cosines, self.cluster_centers_, X)
        return self

    def predict(self, X: ArrayLike) -> Ints:
        """The cluster of each row of X (m, d): that of the nearest centre."""
        return assign(UnitRows(self._known(X)), self.cluster_centers_)[0]

    def transform(self, X: ArrayLike) -> Floats:
        """Cosine distance of each row to each centre, shape (m, k), in [0, 2]."""
        rows = UnitRows(self._known(X))
        return np.concatenate([1 - block @ self.cluster_centers_.T for _, block in rows.blocks()])

    def score(self, X: ArrayLike, y: object = None) -> float:
        """Minus the inertia of X under these centres."""
        return float(-(1 - assign(UnitRows(self._known(X)), self.cluster_centers_)[1]).sum(dtype=np.float64))

    def _parameters(self) -> int:
        k = whole(self, "n_clusters", self.n_clusters, 1)
        whole(self, "n_init", self.n_init, 1)
        whole(self, "max_iter", self.max_iter, 1)
        real(self, "tol", self.tol, -1e-12)
        if isinstance(self.init, str) and self.init not in ("k-means++", "random"):
            raise InputError(
                f"The 'init' parameter of SphericalKMeans must be 'k-means++', 'random' or an array. Got {self.init!r} instead."
            )
        return k

    def _one_start(self, rows: UnitRows, weight: Floats, k: int, rng: Any) -> tuple[float, int, Floats, Ints, Floats]:
        centers = self._start(rows, weight, k, rng)
        before = -np.inf
        for step in range(1, self.max_iter + 1):  # noqa: B007 - the last step is reported
            labels, cosines = assign(rows, centers)
            gain = float((cosines * weight).sum(dtype=np.float64))
            centers = _refill(normalise(_sums(rows, labels, weight, len(centers)).astype(np.float32)), rows, cosines, weight)
            if gain - before <= self.tol * max(float(weight.sum()), 1e-12):
                break
            before = gain
        # take the labels of the final centres, so that predict(X) returns the same
        labels, cosines = assign(rows, centers)
        used = np.unique(labels)
        centers, labels = centers[used], np.searchsorted(used, labels)
        return float((cosines * weight).sum(dtype=np.float64)), step, centers, labels, cosines

    def _start(self, rows: UnitRows, weight: Floats, k: int, rng: Any) -> Floats:
        if not isinstance(self.init, str):
            centers = np.asarray(self.init, np.float32)
            if centers.shape != (k, rows.X.shape[1]) or not np.isfinite(centers).all():
                raise InputError(
                    f"The 'init' array of SphericalKMeans must be finite, of shape {(k, rows.X.shape[1])}. Got {centers.shape}."
                )
            return normalise(centers)
        usable = np.flatnonzero(weight > 0)
        taken = usable if len(usable) <= max(SEEDING_ROWS, 4 * k) else np.sort(rng.choice(usable, max(SEEDING_ROWS, 4 * k), replace=False))
        sample = rows.take(taken)
        pointing = np.abs(sample).any(axis=1)
        if not pointing.any():
            raise InputError("every row of X is zero, so no row has a direction.", hint="were the texts empty?")
        sample, mass = sample[pointing], weight[taken][pointing].astype(np.float64)
        # along a random line equal rows are neighbours, so neither the order of X nor a repeated row changes the draw
        order = np.argsort(sample @ rng.standard_normal(sample.shape[1]).astype(np.float32), kind="stable")
        sample, mass = sample[order], mass[order]
        if self.init == "random":
            return np.asarray(sample[rng.choice(len(sample), min(k, len(sample)), replace=False, p=mass / mass.sum())])
        return plus_plus(sample, mass, k, rng)


class UnitRows:
    """Unit rows in blocks: memory maps are kept, and rows of unit length are not copied."""

    def __init__(self, X: Floats) -> None:
        self.unit = all(_is_unit(X[i : i + BLOCK]) for i in range(0, len(X), BLOCK))
        mapped = isinstance(X, np.memmap) or isinstance(X.base, np.memmap)
        self.X = X if self.unit or mapped else normalise(X)
        self.unit = self.unit or not mapped

    def blocks(self) -> Iterator[tuple[int, Floats]]:
        """Start and unit rows of each block."""
        for start in range(0, len(self.X), BLOCK):
            block = self.X[start : start + BLOCK]
            yield start, np.asarray(block) if self.unit else normalise(block)

    def take(self, positions: Ints) -> Floats:
        """Unit rows at these positions."""
        return normalise(np.asarray(self.X[positions]))


def assign(rows: UnitRows, centers: Floats) -> tuple[Ints, Floats]:
    """Nearest centre of every row and the cosine to it, each of shape (n,)."""
    import faiss

    labels, cosines = np.empty(len(rows.X), np.int64), np.empty(len(rows.X), np.float32)
    index = faiss.IndexFlatIP(centers.shape[1])
    index.add(np.ascontiguousarray(centers))
    for start, block in rows.blocks():
        highest, nearest = index.search(np.ascontiguousarray(block), 1)
        cosines[start : start + len(block)], labels[start : start + len(block)] = highest[:, 0], nearest[:, 0]
    return labels, cosines


def _is_unit(block: Floats) -> bool:
    with np.errstate(over="ignore"):
        return bool((np.abs(np.einsum("ij,ij->i", block, block) - 1) < 1e-4).all())


def _sums(rows: UnitRows, labels: Ints, weight: Floats, k: int) -> NDArray[np.float64]:
    total = np.zeros((k, rows.X.shape[1]))
    for start, block in rows.blocks():
        n = len(block)
        # in doubles, weight 3 gives exactly the sum of three copies; for many rows single precision is close enough and 4 times faster
        share = weight[start : start + n].astype(np.float64 if len(rows.X) <= BLOCK else np.float32)
        pick = sp.csr_matrix((share, labels[start : start + n], np.arange(n + 1)), shape=(n, k))
        total += pick.T @ block
    return total


def _refill(centers: Floats, rows: UnitRows, cosines: Floats, weight: Floats) -> Floats:
    """Move each centre without rows to one of the rows farthest from their centres; drop it if there is none."""
    empty = np.flatnonzero(~np.abs(centers).any(axis=1))
    if len(empty):
        loss = (1 - cosines) * weight
        worst = np.argsort(-loss, kind="stable")[: len(empty)]
        fresh = rows.take(worst[loss[worst] > 1e-6])
        fresh = fresh[np.abs(fresh).any(axis=1)]
        centers[empty[: len(fresh)]] = fresh
        centers = np.delete(centers, empty[len(fresh) :], axis=0)
    return centers


def plus_plus(sample: Floats, mass: NDArray[np.float64], k: int, rng: Any, trials: int = 1) -> Floats:
    """k-means++ (Arthur and Vassilvitskii 2007): rows drawn by their weight and squared distance to those drawn already.

    Of several `trials` per step, the one that lowers the distances most is kept (the greedy variant of the same paper).
    """
    square = np.einsum("ij,ij->i", sample, sample)

    def away(rows: Ints) -> NDArray[np.float64]:
        return np.asarray(np.maximum(square + square[rows][:, None] - 2 * (sample[rows] @ sample.T), 0), np.float64)

    chosen = [int(rng.choice(len(sample), p=mass / mass.sum()))]
    distance, least = away(np.asarray(chosen, np.int64))[0], 2e-6 * float(square.max(initial=0))
    while len(chosen) < min(k, len(sample)):
        odds = np.where(distance > least, distance, 0) * mass  # rows closer than float32 precision count as equal
        total = odds.sum()
        if total <= 0:
            break
        drawn = np.searchsorted(np.cumsum(odds), rng.random_sample(trials) * total, side="right").clip(0, len(sample) - 1)
        left = np.minimum(distance, away(drawn))
        best = int(np.argmin(left @ mass))
        chosen.append(int(drawn[best]))
        distance = left[best]
    return sample[chosen]
