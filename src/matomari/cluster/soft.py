"""Soft k-means: every row belongs to every prototype by how near it is, at a temperature found without labels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight

from ..errors import InputError
from ..vectors import Floats, Ints
from .sklearn_edge import CenteredGrouper, real, whole
from .soft_start import first_prototypes
from .soft_steps import Sample, logits, mutual_information, one_pass, weighted_mean
from .temperature import Path, apart, heated, likely_temperature

SAMPLE = 8_192  # rows that starts and temperature look at, or SAMPLE_A_GROUP for each prototype when that is more
SAMPLE_A_GROUP = 16


@dataclass(frozen=True)
class Search:
    """How long and how hard to look, for those who must say.

    Attributes
    ----------
    n_init : int or "auto"
        Starts on a sample; the one with the smallest distances goes on. "auto" takes 16, and fewer above 25 clusters, down to 4.
    max_iter : int
        Most passes over all rows.
    tol : float
        Stop when the free energy falls by less than this share.
    """

    n_init: int | str = "auto"
    max_iter: int = 100
    tol: float = 1e-5


class SoftKMeans(CenteredGrouper):
    """k-means with soft assignments.

    Parameters
    ----------
    n_clusters : int
    temperature : "auto", "ml" or float
        Squared distance over which belonging falls by a factor e. "auto" heats the prototypes of hard k-means until two merge and
        takes half of that; "ml" is the most likely one for round groups of one width.
    objective : {"soft", "mi_adm"}
        Soft k-means, or the sharpened and balanced assignments of regularised mutual information.
    metric : {"cosine", "euclidean"}
        Whether rows are directions or points.
    device : str or None
        Where the products run; the GPU when there is one.
    random_state : int, RandomState or None
    search : Search or None
        Number of starts, passes and tolerance, for those who must say.

    Attributes
    ----------
    labels_ : array of int64, shape (n,)
    cluster_centers_ : array of float32, shape (k, d)
    temperature_ : float
    path_ : temperature.Path or None
        What the temperature was read off.
    mixture_weights_ : array, shape (k,)
        Share of the weight in each group.
    objective_history_ : list of float
        Free energy at each pass: 1/τ · mean Σ_k q_ik ‖z_i - θ_k‖² + mean Σ_k q_ik log q_ik, without what no prototype changes.
        It falls at every pass of "soft"; "mi_adm" is stopped when it no longer moves.
    coef_, intercept_ : arrays, shapes (k, d) and (k,)
        The same posterior as a linear classifier: 2 θ / τ and -‖θ‖² / τ.
    partition_ : Partition
        Strength is the probability of the own group.
    n_iter_ : int

    Notes
    -----
    Jabi, Pedersoli, Mitiche and Ben Ayed 2019, *Deep clustering: On the link between discriminative models and K-means*. On fixed rows this is EM for a mixture of equal round Gaussians of variance τ/2.

    Examples
    --------
    >>> X = np.repeat(np.eye(3), 20, axis=0) + np.random.default_rng(0).normal(0, 0.1, (60, 3))
    >>> model = SoftKMeans(3, random_state=0).fit(X)
    >>> np.bincount(model.labels_).tolist(), bool((model.predict_proba(X).argmax(axis=1) == model.labels_).all())
    ([20, 20, 20], True)
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        temperature: str | float = "auto",
        objective: str = "soft",
        metric: str = "cosine",
        device: str | None = None,
        random_state: Any = None,
        search: Search | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.temperature = temperature
        self.objective = objective
        self.metric = metric
        self.device = device
        self.random_state = random_state
        self.search = search

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> SoftKMeans:
        """Group the rows of X, shape (n, d); `sample_weight` (n,) counts a row as that many copies.

        Raises
        ------
        InputError
            A parameter is out of range, X is not a finite table, or there are fewer rows than clusters.
        """
        k, search = self._parameters()
        table = self._checked(X)
        self._enough(table, k)
        weight = _check_sample_weight(sample_weight, table, dtype=np.float32, ensure_non_negative=True)
        self._origin = np.zeros(table.shape[1], np.float32) if self.metric == "cosine" else weighted_mean(table, weight)
        rows = self._sample(table, weight)
        rng = check_random_state(self.random_state)
        few = self._few(rows, k, rng)
        starts = search.n_init if isinstance(search.n_init, int) else min(16, max(4, 400 // k))
        prototypes = first_prototypes(few, k, starts, rng)
        self.path_, self.temperature_ = self._temperature(few, prototypes)
        self._prototypes = self._learn(rows, prototypes, search)
        self._describe(rows, X)
        distinct = apart(self._prototypes, self.temperature_)
        if distinct < k:
            warnings.warn(
                f"{distinct} prototypes of the {k} asked for are distinct at temperature {self.temperature_:.3g}.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def predict(self, X: ArrayLike) -> Ints:
        """The likeliest group of each row of X (m, d)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1), np.int64)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probability of each group, shape (m, k)."""
        return np.concatenate([share for _, share in self._shares(self._sample(self._known(X)))])

    def transform(self, X: ArrayLike) -> Floats:
        """Squared distance of each row to each prototype, shape (m, k); for the cosine, of the unit rows."""
        rows = self._sample(self._known(X))
        return np.concatenate(
            [
                torch.cdist(block, torch.from_numpy(self._prototypes).to(block)).square().float().cpu().numpy()
                for _, block in rows.blocks(len(self._prototypes))
            ]
        )

    def score(self, X: ArrayLike, y: object = None) -> float:
        """Minus the free energy a row of X under these prototypes: higher is better."""
        return -one_pass(self._sample(self._known(X)), self._prototypes, self.temperature_).energy

    def _parameters(self) -> tuple[int, Search]:
        name = type(self).__name__
        for parameter, known in (("objective", ("soft", "mi_adm")), ("metric", ("cosine", "euclidean"))):
            if getattr(self, parameter) not in known:
                raise InputError(
                    f"The {parameter!r} parameter of {name} must be one of {', '.join(map(repr, known))}. Got {getattr(self, parameter)!r} instead.",
                    hint=f"{parameter}={known[0]!r} is the default.",
                )
        if self.temperature not in ("auto", "ml"):
            real(self, "temperature", self.temperature, 0)
        search = self.search or Search()
        if search.n_init != "auto":
            whole(search, "n_init", search.n_init, 1)
        whole(search, "max_iter", search.max_iter, 1)
        real(search, "tol", search.tol, -1e-12)
        return whole(self, "n_clusters", self.n_clusters, 1), search

    def _sample(self, X: Floats, weight: Floats | None = None) -> Sample:
        try:
            device = torch.device(self.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        except RuntimeError as error:
            raise InputError(f"The 'device' parameter of SoftKMeans names no device: {self.device!r}.", hint="'cpu' or 'cuda'.") from error
        return Sample(X, np.ones(len(X), np.float32) if weight is None else weight, self._origin, self.metric == "cosine", device)

    @staticmethod
    def _few(rows: Sample, k: int, rng: Any) -> Sample:
        usable = np.flatnonzero(rows.weight > 0)
        most = max(SAMPLE, SAMPLE_A_GROUP * k)
        return rows.some(usable if len(usable) <= most else np.sort(rng.choice(usable, most, replace=False)))

    def _temperature(self, few: Sample, prototypes: Floats) -> tuple[Path | None, float]:
        if isinstance(self.temperature, str):
            likely = likely_temperature(few, prototypes)
            if self.temperature == "ml":
                return None, max(likely, 1e-12)
            path = heated(few, prototypes, likely)
            return path, path.chosen
        return None, float(self.temperature)

    def _learn(self, rows: Sample, prototypes: Floats, search: Search) -> Floats:
        self.objective_history_: list[float] = []
        for _ in range(search.max_iter):
            balance = mutual_information(rows, prototypes, self.temperature_) if self.objective == "mi_adm" else None
            found = one_pass(rows, prototypes, self.temperature_, balance)
            self.objective_history_.append(found.energy)
            prototypes = rows.prototypes(found.sums, found.mass, prototypes)
            if len(self.objective_history_) > 1:
                before = self.objective_history_[-2]
                if abs(before - found.energy) <= search.tol * abs(before):
                    break
        self.n_iter_ = len(self.objective_history_)
        return prototypes

    def _describe(self, rows: Sample, X: ArrayLike) -> None:
        self.cluster_centers_ = centers = self._prototypes + self._origin
        self.coef_ = (2 / self.temperature_ * centers).astype(np.float32)
        self.intercept_ = -np.square(centers, dtype=np.float64).sum(axis=1) / self.temperature_ * (not rows.cosine)
        labels, strength, mass = np.empty(len(rows.X), np.int64), np.empty(len(rows.X), np.float32), np.zeros(len(centers))
        for part, share in self._shares(rows):
            labels[part], strength[part] = share.argmax(axis=1), share.max(axis=1)
            mass += rows.weight[part].astype(np.float64) @ share
        self.mixture_weights_ = mass / mass.sum()
        self._fitted(labels, strength, centers, X)

    def _shares(self, rows: Sample) -> Any:
        for part, block in rows.blocks(len(self._prototypes)):
            found = logits(block, torch.from_numpy(self._prototypes).to(block), self.temperature_, rows.cosine)
            yield part, torch.softmax(found, dim=1).float().cpu().numpy()
