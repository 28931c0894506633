"""Choose the number of groups: what comes back when rows are left out, and how much it tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ...seeds import Seed
from ...vectors import Floats, Ints, normalise
from .agreement import KEPT, RESOLUTIONS, Agreement, Curve, agreement
from .few import FEW, most_separate

SAMPLE = 8_000  # rows on which the curve is measured
DRAWS, CHANCE_DRAWS = 6, 4  # subsamples of the data, and of data without structure


@dataclass(frozen=True)
class Rule:
    """The constants of the choice, settled on development sets (benchmarks/themes/settle.py).

    Attributes
    ----------
    exponent : float
        Of the information, which is multiplied with the stability: 0 asks only what comes back, 1 mostly how much.
    few : float
        So many groups count as few …
    largest, largest_of_few : float
        No group may hold a larger share of the rows; of few groups, a little more.
    smallest : float
        Rows per group on average; smaller groups agree too easily.
    clean : float
        Stability from which few groups are taken …
    steps : int
        … if that many resolutions in a row give that number.
    beyond : float
        Few groups are taken as well if they are this much more stable than the most useful ones …
    solid : float
        … and at least so stable.
    apart : float
        Ratio of the numbers of groups of two layers, at least.
    nothing : float
        Below this stability no grouping comes back much better than chance.
    nearly, open : float
        Where a fineness with `open` times as many groups as another is `nearly` as useful as the best, the number is open, and it is said.
    """

    exponent: float = 0.67
    few: float = 4.5
    largest: float = 0.5
    largest_of_few: float = 0.6
    smallest: float = 5.0
    clean: float = 0.85
    steps: int = 3
    beyond: float = 0.03
    solid: float = 0.63
    apart: float = 2.5
    nothing: float = 0.25
    nearly: float = 0.9
    open: float = 3.0

    def most(self, groups: float | Curve) -> float | Curve:
        """The largest share of the rows that one of so many groups may hold."""
        return np.where(np.asarray(groups) <= self.few, self.largest_of_few, self.largest)


RULE = Rule()


@dataclass(frozen=True, eq=False, kw_only=True)
class StabilityCurve:
    """What was measured at each resolution; all arrays of shape (r,), float64.

    Attributes
    ----------
    resolution : array
    groups : array
        Communities of a subsample, on average.
    largest : array
        Share of the rows in the largest of them.
    clean : array
        Agreement beyond that of structureless data at the same number of groups: 0 is chance, 1 is always the same.
    stability : array
        The same, smoothed over neighbouring resolutions (1-2-1) that give more than one group.
    information : array
        Bits of a row's group that come back, beyond structureless data, smoothed.
    """

    resolution: Curve
    groups: Curve
    largest: Curve
    clean: Curve
    stability: Curve
    information: Curve

    def usefulness(self, exponent: float) -> Curve:
        """Stability times information^exponent: stability alone would prefer few large groups to ninety that tell more."""
        return self.stability.clip(0) * self.information**exponent

    @classmethod
    def of(cls, data: Agreement, chance: Agreement) -> StabilityCurve:
        """The agreement of the data beyond that of structureless data, read at the same number of groups.

        The reference without structure is that of the gap statistic (Tibshirani, Walther and Hastie 2001).
        """
        order = np.argsort(chance.groups, kind="stable")

        def expected(values: Curve) -> Curve:
            return np.interp(np.log(data.groups), np.log(chance.groups[order]), values[order])

        by_chance = expected(chance.rand)
        clean = np.where(data.groups > 1, (data.rand - by_chance) / np.maximum(1 - by_chance, 1e-6), 0)
        return cls(
            resolution=RESOLUTIONS,
            groups=data.groups,
            largest=data.largest,
            clean=clean,
            stability=_smooth(clean, where=data.groups >= 1.5),
            information=_smooth(np.maximum(data.information - expected(chance.information), 0)),
        )


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One fineness: its resolution, communities of a subsample there, and how well they come back."""

    resolution: float
    groups: int
    stability: float


@dataclass(frozen=True, kw_only=True)
class Choice(Layer):
    """The chosen fineness, and what it was chosen from.

    Attributes
    ----------
    resolution : float
    groups : int
        Communities of the sample at that resolution.
    stability : float
        Chance-corrected agreement there, at most 1.
    coarser, finer : Layer or None
        Other scales of the data, each from a peak of its own.
    instead : Layer or None
        The most useful fineness of more groups than few, where few were taken: to be used if one of them turns out to hold most rows.
    curve : StabilityCurve or None
        None below sixty rows, where resampling says nothing.
    rows : int
        How many rows were used.
    reason : str
        One sentence for a person.
    """

    coarser: Layer | None = None
    finer: Layer | None = None
    instead: Layer | None = None
    curve: StabilityCurve | None = None
    rows: int
    reason: str

    @property
    def drawn(self) -> Curve | None:
        """Number of groups, stability and usefulness at each resolution, shape (r, 3), as a report draws them."""
        curve = self.curve
        return None if curve is None else np.stack([curve.groups, curve.stability, curve.usefulness(RULE.exponent)], axis=1)


def choose_resolution(X: Floats, *, weight: Ints | None = None, n_neighbors: int = 15, seed: int = 0, rule: Rule = RULE) -> Choice:
    """The resolution whose communities come back most reliably and tell most.

    At each of 25 resolutions the communities of six subsamples are compared pairwise on the rows they share; so are those of
    structureless data: Gaussian, with the mean and covariance of X. `decide` reads the number of groups off what is beyond chance.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Distinct rows at unit length; above 8,000 rows a sample of them is used.
    weight : array of int64, shape (n,), optional
        Items that have each row; it counts below sixty rows.
    n_neighbors : int
        Links per row in the graph.
    seed : int
    rule : Rule

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = normalise((np.repeat(np.eye(6), 40, axis=0) + rng.normal(0, 0.1, (240, 6))).astype(np.float32))
    >>> choose_resolution(X).groups
    6
    """
    streams, whole = Seed(seed), len(X)
    if whole > SAMPLE:
        X = X[np.sort(streams.stream("choose/rows").choice(len(X), SAMPLE, replace=False))]
    if len(X) < FEW:
        resolution, groups, separation = most_separate(X, weight=weight, n_neighbors=n_neighbors, seed=streams.number("choose/few"))
        return Choice(
            resolution=resolution,
            groups=groups,
            stability=separation,
            rows=len(X),
            reason=f"{len(X)} distinct rows are too few to be left out in turn; of all finenesses these groups lie farthest apart "
            f"(silhouette {separation:.2f})",
        )
    data = agreement(X, n_neighbors=n_neighbors, draws=DRAWS, seed=streams, name="data")
    flat = agreement(structureless(X, streams), n_neighbors=n_neighbors, draws=CHANCE_DRAWS, seed=streams, name="structureless")
    curve = StabilityCurve.of(data, flat)
    choice = decide(curve, len(X), rule)
    return choice if len(X) == whole else replace(choice, reason=f"{choice.reason}, measured on {len(X):,} of {whole:,} distinct rows")


def structureless(X: Floats, seed: Seed) -> Floats:
    """Random unit rows with the mean and covariance of X, shape (n, d)."""
    mean = X.mean(axis=0)
    _, scales, axes = np.linalg.svd(X - mean, full_matrices=False)
    drawn = seed.stream("choose/gaussian").standard_normal((len(X), len(scales))).astype(np.float32)
    return normalise((drawn * (scales / len(X) ** 0.5)) @ axes + mean)


def decide(curve: StabilityCurve, rows: int, rule: Rule = RULE) -> Choice:
    """The number of groups that a curve shows, and a coarser and a finer layer.

    1. Two, three or four groups, if that number comes back cleanly at several resolutions in a row and none holds more than 60 % of the rows.
    2. Otherwise the most useful fineness, where no group holds more than half of the rows.
    3. Two, three or four groups all the same, if they are solid, and more stable than the most useful fineness.

    The layers are the most stable peaks at least 2.5 times coarser and 2.5 to 12 times finer.
    """
    k, stable = curve.groups, curve.stability
    fine_enough = k <= KEPT * rows / rule.smallest
    even = (k >= 1.7) & (curve.largest <= rule.most(k))

    def coarser_than(at: int) -> int | None:
        return _peak(stable, even & (k <= k[at] / rule.apart))

    usable = fine_enough & (k >= 1.7)
    allowed = usable & even if (usable & even).any() else usable if usable.any() else np.ones(len(k), bool)
    usefulness = np.where(allowed, curve.usefulness(rule.exponent), -1)
    useful, alike = int(np.argmax(usefulness)), ""
    run = _few_and_clean(curve, rule)
    if run is not None:
        main = int(run[len(run) // 2])
        reason = f"the rows fall into the same {round(k[main])} groups at {len(run)} finenesses in a row, whichever 30 % are left out"
    else:
        main = useful
        reason = f"at this fineness (some {round(k[main])} groups in a subsample) most comes back when 30 % of the rows are left out"
        near = k[usefulness >= rule.nearly * usefulness.max()]
        if near.max() >= rule.open * near.min():
            alike = f"; from {round(near.min())} to {round(near.max())} groups nearly as much comes back: any such number will do"
        coarse = even & (k <= min(rule.few, k[main] / rule.apart))
        few = int(np.argmax(np.where(coarse, stable, -np.inf)))
        if coarse[few] and stable[few] >= max(stable[main] + rule.beyond, rule.solid):
            reason = f"some {round(k[few])} groups come back more reliably than {round(k[main])} that would tell more ({stable[main]:.2f})"
            main, alike = few, ""
    beyond_chance = max(float(stable[main]), 0.0)
    if beyond_chance < rule.nothing:
        reason, alike = f"no grouping comes back much better than chance; {reason}", ""
    more = np.where(k > rule.few, usefulness, -1)
    finer = _peak(stable, (k >= rule.apart * k[main]) & (k <= 12 * k[main]) & fine_enough)
    return Choice(
        **vars(_layer(curve, main)),
        coarser=_layer(curve, coarser_than(main)),
        finer=_layer(curve, finer),
        instead=_layer(curve, int(np.argmax(more))) if k[main] <= rule.few and more.max() > 0 else None,
        curve=curve,
        rows=rows,
        reason=f"{reason}: {beyond_chance:.2f} beyond chance (1 is always the same){alike}",
    )


@overload
def _layer(curve: StabilityCurve, at: int) -> Layer: ...
@overload
def _layer(curve: StabilityCurve, at: int | None) -> Layer | None: ...
def _layer(curve: StabilityCurve, at: int | None) -> Layer | None:
    if at is None:
        return None
    groups, stability = max(1, round(float(curve.groups[at]))), max(float(curve.stability[at]), 0.0)
    return Layer(resolution=float(curve.resolution[at]), groups=groups, stability=stability)


def _few_and_clean(curve: StabilityCurve, rule: Rule) -> Ints | None:
    """The finenesses at which two, three or four groups come back cleanly, if there are several in a row."""
    for groups in (2, 3, 4):
        run = np.flatnonzero((np.abs(curve.groups - groups) < 0.3) & (curve.clean >= rule.clean))
        if len(run) >= rule.steps and curve.largest[run].mean() <= rule.most(groups):
            return run
    return None


def _peak(values: Curve, allowed: NDArray[np.bool_]) -> int | None:
    """The highest interior peak among those allowed; the highest allowed value where there is none."""
    if not allowed.any():
        return None
    padded = np.pad(values, 1, constant_values=np.inf)
    peaks = (values >= padded[:-2]) & (values >= padded[2:]) & allowed
    return int(np.argmax(np.where(peaks if peaks.any() else allowed, values, -np.inf)))


def _smooth(values: Curve, where: NDArray[np.bool_] | None = None) -> Curve:
    """Running mean (1-2-1) over the places that count; 0 at the others."""
    counts = np.ones(len(values)) if where is None else where.astype(np.float64)
    total, weight = (np.convolve(np.pad(v, 1, mode="edge"), [0.25, 0.5, 0.25], "valid") for v in (values * counts, counts))
    return np.where(counts > 0, total / np.maximum(weight, 1e-12), 0.0)
