"""Soft k-means: every row belongs to every prototype by its distance, at a temperature found without labels."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight

from ...vectors import Floats, Ints
from ..estimator import CenteredGrouper
from .confidence import cooling, split_agreement
from .passes import Doubles, Pass, Sample, logits, mutual_information, one_pass, weighted_mean
from .settings import Search, checked, device_of, looked_at
from .start import first_prototypes
from .temperature import Path, apart, heated, likely_temperature

SIZED = 30  # rows per group on average from which unequal sizes are reported
DEAD = 0.01  # a prototype with less than this part of an equal share of the weight is moved to the worst row of the batch


class SoftKMeans(CenteredGrouper):
    """k-means with soft assignments and calibrated probabilities.

    Parameters
    ----------
    n_clusters : int
    temperature : "auto", "ml" or float
        Squared distance over which membership falls by a factor e. "auto" heats the prototypes of hard k-means until two merge and
        takes half of that temperature; "ml" is the most likely one for round groups of equal width.
    objective : {"soft", "mi_adm"}
        Soft k-means, or the sharpened and balanced assignments of regularised mutual information.
    prior : {"equal", "estimated"}
        Whether every group is as likely as any other before a row is seen, or as likely as it is large.
    prototype : {"mean", "medoid"}
        Whether a prototype is the mean of its rows, or finally the row nearest to it.
    metric : {"cosine", "euclidean"}
        Whether rows are directions or points.
    n_init : int or "auto"
        Starts on a sample; the one with the smallest distances is continued. "auto" takes 16, and fewer above 25 clusters, down to 4.
    max_iter : int
        Maximum number of passes over all rows.
    tol : float
        Stop when the free energy falls by less than this share.
    random_state : int, RandomState or None
    device : str or None
        Device for the products; by default the GPU if there is one.

    Attributes
    ----------
    labels_ : array of int64, shape (n,)
    cluster_centers_ : array of float32, shape (k, d)
    medoid_indices_ : array of int64, shape (k,)
        The row of X nearest to each prototype.
    temperature_ : float
        Temperature at which the prototypes were learnt.
    agreement_ : float
        How often two fits to different halves of the space agree; the mean of the highest probabilities is at most this.
    confidence_temperature_ : float
        Temperature of `predict_proba`, which makes this so.
    skewed_ : bool
        Whether the groups are of unequal size in the same way in other fits.
    path_ : temperature.Path or None
        The path from which the temperature was chosen.
    mixture_weights_ : array, shape (k,)
        Share of the weight in each group.
    objective_history_ : list of float
        Free energy at each pass: 1/τ · mean Σ_k q_ik ‖z_i - θ_k‖² + mean Σ_k q_ik log q_ik, without the terms that do not
        depend on the prototypes. It falls at every pass of "soft"; "mi_adm" stops when it no longer changes.
    coef_, intercept_ : arrays, shapes (k, d) and (k,)
        The probabilities as a linear classifier: 2 θ / T and -‖θ‖² / T, where T is `confidence_temperature_`.
    partition_ : Partition
        Strength is the probability of the own group.
    n_iter_ : int

    Notes
    -----
    Jabi, Pedersoli, Mitiche and Ben Ayed 2019, *Deep clustering: On the link between discriminative models and K-means*. On fixed rows
    this is EM for a mixture of equal round Gaussians of variance τ/2, and its posterior is far too confident in many dimensions.
    The second temperature corrects this and changes no label.

    Examples
    --------
    >>> X = np.repeat(np.eye(3), 20, axis=0) + np.random.default_rng(0).normal(0, 0.1, (60, 3))
    >>> model = SoftKMeans(3, random_state=0).fit(X)
    >>> np.bincount(model.labels_).tolist(), bool((model.predict_proba(X).argmax(axis=1) == model.labels_).all())
    ([20, 20, 20], True)
    """

    _prototypes: Floats  # measured from _origin
    _mass: Doubles  # per unit of weight, as are the sums: the state that stepwise EM keeps between batches
    _sums: Doubles
    _batches: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        temperature: str | float = "auto",
        objective: str = "soft",
        prior: str = "equal",
        prototype: str = "mean",
        metric: str = "cosine",
        n_init: int | str = "auto",
        max_iter: int = 100,
        tol: float = 1e-5,
        random_state: Any = None,
        device: str | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.temperature = temperature
        self.objective = objective
        self.prior = prior
        self.prototype = prototype
        self.metric = metric
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.device = device

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> SoftKMeans:
        """Group the rows of X, shape (n, d); `sample_weight` (n,) counts a row as that many copies.

        Raises
        ------
        InputError
            A parameter is out of range, X is not a finite table, or there are fewer rows than clusters.
        """
        k, search = checked(self)
        table = self._checked(X)
        self._enough(table, k)
        weight = _check_sample_weight(sample_weight, table, dtype=np.float32, ensure_non_negative=True)
        self._origin = np.zeros(table.shape[1], np.float32) if self.metric == "cosine" else weighted_mean(table, weight)
        rows = self._sample(table, weight)
        rng = check_random_state(self.random_state)
        few = self._few(rows, k, rng)
        self._prototypes = first_prototypes(few, k, search.starts(k), rng)
        n_prototypes = len(self._prototypes)  # fewer than k where X has fewer distinct rows
        self._log_prior = np.full(n_prototypes, -np.log(n_prototypes) if self.prior == "estimated" else 0.0)
        self.path_, self.temperature_ = self._temperature(few)
        self._learn(rows, search)
        self._calibrate(few, rng)
        self._describe(rows, X)
        self._warn(k)
        return self

    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> SoftKMeans:
        """Continue learning with a batch (b, d).

        Stepwise EM (Cappé and Moulines 2009): batch t has the weight (t + 2)^-0.6. The first batch is fitted completely and
        determines both temperatures. It must hold at least as many rows as there are clusters, and be similar to later batches, so
        shuffle sorted data. Afterwards `labels_`, `medoid_indices_` and `partition_` are those of the batch.
        """
        if not hasattr(self, "_prototypes"):
            return self.fit(X, sample_weight=sample_weight)
        checked(self)
        table = self._checked(X, reset=False)
        rows = self._sample(table, _check_sample_weight(sample_weight, table, dtype=np.float32, ensure_non_negative=True))
        total = float(rows.weight.sum(dtype=np.float64))
        self._batches += 1
        rate, stats = (self._batches + 2) ** -0.6, self._pass(rows)
        self._mass = (1 - rate) * self._mass + rate * stats.mass / total
        self._sums = (1 - rate) * self._sums + rate * stats.sums / total
        self._reborn(rows)
        self._settle(rows)
        self._describe(rows, X)
        return self

    def predict(self, X: ArrayLike) -> Ints:
        """The likeliest group of each row of X (m, d)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1), np.int64)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Calibrated probability of each group, shape (m, k)."""
        rows = self._sample(self._known(X))
        return np.concatenate([torch.softmax(block_logits, dim=1).float().cpu().numpy() for _, _, block_logits in self._logits(rows)])

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
        """Minus the free energy per row of X under these prototypes: higher is better."""
        return -one_pass(self._sample(self._known(X)), self._prototypes, self.temperature_, self._log_prior).energy

    def _sample(self, X: Floats, weight: Floats | None = None) -> Sample:
        device = device_of(self, self.device)
        return Sample(
            X=X,
            weight=np.ones(len(X), np.float32) if weight is None else weight,
            origin=self._origin,
            cosine=self.metric == "cosine",
            device=device,
        )

    @staticmethod
    def _few(rows: Sample, k: int, rng: Any) -> Sample:
        usable = np.flatnonzero(rows.weight > 0)
        most = looked_at(k)
        return rows.some(usable if len(usable) <= most else np.sort(rng.choice(usable, most, replace=False)))

    def _temperature(self, few: Sample) -> tuple[Path | None, float]:
        if isinstance(self.temperature, str):
            likely = likely_temperature(few, self._prototypes)
            if self.temperature == "ml":
                return None, max(likely, 1e-12)
            path = heated(few, self._prototypes, likely)
            return path, path.chosen
        return None, float(self.temperature)

    def _pass(self, rows: Sample) -> Pass:
        at = (rows, self._prototypes, self.temperature_, self._log_prior)
        return one_pass(*at, mutual_information(*at) if self.objective == "mi_adm" else None)

    def _learn(self, rows: Sample, search: Search) -> None:
        self.objective_history_: list[float] = []
        self._batches, total = 0, max(float(rows.weight.sum(dtype=np.float64)), 1e-30)
        for _ in range(search.max_iter):
            stats = self._pass(rows)
            self.objective_history_.append(stats.energy)
            self._mass, self._sums = stats.mass / total, stats.sums / total
            self._settle(rows)
            if len(self.objective_history_) > 1:
                before = self.objective_history_[-2]
                if abs(before - stats.energy) <= search.tol * abs(before):
                    break
        self.n_iter_ = len(self.objective_history_)

    def _settle(self, rows: Sample) -> None:
        """Compute the best prototypes and prior from the sums."""
        self._prototypes = rows.prototypes(self._sums, self._mass, self._prototypes)
        if self.prior == "estimated":
            self._log_prior = np.log(np.maximum(self._mass, 1e-12) / max(self._mass.sum(), 1e-12))

    def _reborn(self, rows: Sample) -> None:
        """Move prototypes that are almost without rows to the rows of the batch that are farthest from all prototypes."""
        dead = np.flatnonzero(self._mass < DEAD / len(self._mass))[: len(rows.X)]
        if len(dead):
            distance = self.transform(rows.X).min(axis=1)
            worst = np.argsort(-distance, kind="stable")[: len(dead)]
            block = rows.some(worst)
            places = np.concatenate([b.double().cpu().numpy() for _, b in block.blocks(1)])
            self._mass[dead] = 1 / len(self._mass)
            self._sums[dead] = places / len(self._mass)

    def _calibrate(self, few: Sample, rng: Any) -> None:
        self.confidence_temperature_ = self.temperature_
        labels = np.concatenate([block_logits.argmax(dim=1).cpu().numpy() for _, _, block_logits in self._logits(few)])
        views = split_agreement(few, len(self._prototypes), labels=labels, temperature=self.temperature_, rng=rng)
        self.agreement_ = views.share
        self.skewed_ = views.skewed() and len(few.X) >= SIZED * len(self._prototypes)
        if self.skewed_ and self.prior == "equal":
            warnings.warn("groups are of unequal size, in every view: prior='estimated' may describe them better.", stacklevel=3)
        factor = cooling(few, self._prototypes, temperature=self.temperature_, log_prior=self._log_prior, target=self.agreement_)
        self.confidence_temperature_ *= factor

    def _describe(self, rows: Sample, X: ArrayLike) -> None:
        labels, strength, self.medoid_indices_ = self._placed(rows)
        if self.prototype == "medoid":
            self._prototypes = np.concatenate([block.float().cpu().numpy() for _, block in rows.some(self.medoid_indices_).blocks(1)])
            labels, strength, _ = self._placed(rows)
        self.cluster_centers_ = centers = self._prototypes + self._origin
        self.mixture_weights_ = self._mass / max(self._mass.sum(), 1e-30)
        self.coef_ = (2 / self.confidence_temperature_ * centers).astype(np.float32)
        squares = 0 if rows.cosine else np.square(centers, dtype=np.float64).sum(axis=1)
        self.intercept_ = self._cool_prior() - squares / self.confidence_temperature_
        self._fitted(labels, strength, centers, X)

    def _placed(self, rows: Sample) -> tuple[Ints, Floats, Ints]:
        """Group and probability of each row, and the row nearest to each prototype."""
        k = len(self._prototypes)
        labels, strength = np.empty(len(rows.X), np.int64), np.empty(len(rows.X), np.float32)
        best, medoid = torch.full((k,), -np.inf, dtype=torch.float64), torch.zeros(k, dtype=torch.int64)
        for part, block, scores in self._logits(rows):
            top, label = scores.max(dim=1)
            labels[part] = label.cpu().numpy()
            strength[part] = (1 / (scores - top[:, None]).exp().sum(dim=1)).cpu().numpy()
            scores -= (block.square().sum(dim=1) / self.confidence_temperature_)[:, None]
            scores[torch.from_numpy(rows.weight[part] <= 0).to(scores.device)] = -np.inf
            near, row = (value.cpu() for value in scores.max(dim=0))
            medoid = torch.where(near > best, row + part.start, medoid)
            best = torch.maximum(best, near.double())
        return labels, strength, medoid.numpy()

    def _cool_prior(self) -> Doubles:
        return self._log_prior * (self.temperature_ / self.confidence_temperature_)

    def _logits(self, rows: Sample) -> Iterator[tuple[slice, torch.Tensor, torch.Tensor]]:
        """Position, rows and logits of each block, at the temperature of the confidences."""
        at = (self._prototypes, self.confidence_temperature_, rows.cosine, self._cool_prior())
        for part, block in rows.blocks(len(self._prototypes)):
            yield part, block, logits(block, *at)

    def _warn(self, k: int) -> None:
        distinct = apart(self._prototypes, self.temperature_)
        if distinct < k:
            warnings.warn(
                f"{distinct} prototypes of the {k} asked for are distinct at temperature {self.temperature_:.3g}.",
                ConvergenceWarning,
                stacklevel=3,
            )
