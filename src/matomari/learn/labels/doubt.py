"""How far each label can be trusted, judged by a classifier that never saw the sample, by its neighbours and by its community."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, Ints, neighbors, normalise
from ..correction.matching import Matching, canonical, latent_communities

FOLDS = 5
STRENGTH = 10.0  # of the classifier: one over its ridge
STEPS = 200  # at most; more steps did not change the ranking of labels
NEIGHBORS = 20
WIDTH = 0.05  # difference of cosines over which a neighbour's weight falls by a factor e
LEAST = (0.01, 0.1, 0.5)  # floor of each score, so that none alone decides: classifier, neighbours, community
SURE = 9.0  # times that another class must be likelier for a label to be an issue
BELIEVED = 0.01  # score up to which an issue is not learnt from: where all labels are right .1 lost .8 points of accuracy, and .01 none


@dataclass(frozen=True, eq=False)
class Doubts:
    """The score of each label.

    Attributes
    ----------
    score : array of float64, shape (n,)
        0 bad … 1 good; NaN for a sample without a label.
    suggested : array of int64, shape (n,)
        Of an issue the likeliest class, else the sample's own; of a sample without a label the best guess.
    issue : array of bool, shape (n,)
        The label is suspected to be wrong: another class is at least nine times likelier by all three scores together.
    """

    score: NDArray[np.float64]
    suggested: Ints
    issue: NDArray[np.bool_] = field(repr=False)


def doubts(Z: Floats, matching: Matching, *, probabilities: NDArray[np.float64] | None = None, seed: int = 0) -> Doubts:
    """Score the label of every sample, by three judges that do not see the sample's own label.

    For each class: its probability by a logistic regression of the other folds, its share among the nearest neighbours, weighted by closeness, and
    its share in the rest of the sample's community. Each is kept above a floor, the three are multiplied and brought to a sum of 1; the score is
    what the given label gets. Another class that gets nine times as much makes it an issue. The only sample of a class cannot be judged.

    Parameters
    ----------
    Z : array, shape (n, d), float
        Compared by cosine.
    matching : Matching
        Of the same n samples.
    probabilities : array, shape (n, c), float, optional
        Those of a classifier that did not see the sample, instead of the logistic regression's.
    seed : int

    Raises
    ------
    InputError
        Lengths differ.

    Examples
    --------
    >>> from matomari.learn.correction.matching import latent_communities
    >>> Z = np.repeat(np.eye(2), 10, axis=0) + np.random.default_rng(0).normal(0, 0.02, (20, 2))
    >>> labels = np.repeat([0, 1], 10)
    >>> labels[3] = 1
    >>> scored = doubts(Z, latent_communities(Z, labels, n_neighbors=4))
    >>> np.flatnonzero(scored.issue).tolist(), int(scored.suggested[3])
    ([3], 0)
    """
    X = normalise(np.asarray(Z, np.float32).reshape(len(Z), -1))
    labels, classes = matching.labels, len(matching.table)
    if len(X) != len(labels):
        raise InputError(f"there are {len(X):,} latent vectors and {len(labels):,} samples in the matching.")
    if probabilities is not None and np.shape(probabilities) != (len(X), classes):
        raise InputError(f"the probabilities are {np.shape(probabilities)}, not ({len(X)}, {classes}), samples by classes.")
    first = out_of_fold(X, labels, classes, seed) if probabilities is None else np.asarray(probabilities, np.float64)
    voices = first, _near(X, labels, classes, seed), _around(matching)
    logs = np.stack([np.log(voice + least) for voice, least in zip(voices, LEAST, strict=True)]).sum(axis=0)
    logs[:, matching.table.sum(axis=1) == 0] = -np.inf
    believed = np.exp(logs - logs.max(axis=1, keepdims=True))
    believed /= believed.sum(axis=1, keepdims=True)
    suggested, score = believed.argmax(axis=1), np.full(len(X), np.nan)
    judged = np.flatnonzero((labels >= 0) & (matching.table.sum(axis=1) > 1)[labels])
    score[judged] = believed[judged, labels[judged]]
    own = np.flatnonzero(labels >= 0)
    unchanged = own[np.isnan(score[own]) | (SURE * score[own] >= believed[own].max(axis=1))]
    suggested[unchanged] = labels[unchanged]
    return Doubts(score, suggested, (labels >= 0) & (suggested != labels))


def believed(Z: Floats, labels: Ints, *, seed: int = 0) -> NDArray[np.bool_]:
    """Which samples have a label that is worth learning from: all except those with a very low score.

    A network that is trained long enough memorises wrong labels, and no pull in its latent space undoes that; leaving out the samples whose label
    is least believed before training does (Northcutt et al. 2021, *Confident learning*). Here the score of `doubts` decides. A class
    that would lose half of its samples or more keeps them all: these vectors do not show it.

    Parameters
    ----------
    Z : array, shape (n, d), float
        Vectors that were not trained on these labels, such as a sentence encoder's; compared by cosine.
    labels : array of int64, shape (n,)
        -1 for none.
    seed : int

    Returns
    -------
    array of bool, shape (n,)
        False also for a sample without a label.

    Raises
    ------
    InputError
        Lengths differ, no sample has a label, or a vector is not finite.

    Examples
    --------
    >>> Z = np.repeat(np.eye(2), 20, axis=0) + np.random.default_rng(0).normal(0, 0.02, (40, 2))
    >>> labels = np.repeat([0, 1], 20)
    >>> labels[3] = 1
    >>> np.flatnonzero(~believed(Z, labels)).tolist()
    [3]
    """
    matching = latent_communities(Z, labels, seed=seed)
    doubted = doubts(Z, matching, seed=seed)
    labelled = matching.labels >= 0
    left = labelled & doubted.issue & (doubted.score <= BELIEVED)
    lost, size = (np.bincount(matching.labels[rows], minlength=len(matching.table)) for rows in (left, labelled))
    return np.asarray(labelled & ~(left & (2 * lost < size)[matching.labels]))


def out_of_fold(X: Floats, labels: Ints, classes: int, seed: int = 0) -> NDArray[np.float64]:
    """Probabilities (n, classes) of a logistic regression that did not see the sample; 0 for a class that its folds lack.

    The folds are drawn over the samples in an order that only their values decide, so the order of storage changes nothing. Samples without a label
    are judged by the first fold's regression.
    """
    probabilities = np.zeros((len(X), classes))
    place = canonical(X)[1]
    order = np.lexsort((labels, place))
    labelled = order[labels[order] >= 0]
    present = np.unique(labels[labelled])
    most = int(np.bincount(labels[labelled], minlength=1).max())
    if len(present) < 2 or most < 2:  # nothing to tell apart, or nothing to learn from
        probabilities[:, present] = 1 / len(present)
        return probabilities
    folds = StratifiedKFold(min(FOLDS, most), shuffle=True, random_state=Seed(seed).number("doubt/folds"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        for number, (train, test) in enumerate(folds.split(np.zeros(len(labelled)), labels[labelled])):
            asked = labelled[test] if number else np.concatenate([labelled[test], np.flatnonzero(labels < 0)])
            seen = np.unique(labels[labelled[train]])
            if len(seen) < 2:
                probabilities[np.ix_(asked, seen)] = 1
                continue
            model = LogisticRegression(C=STRENGTH, max_iter=STEPS).fit(X[labelled[train]], labels[labelled[train]])
            probabilities[np.ix_(asked, model.classes_)] = model.predict_proba(X[asked])
    return probabilities


def _near(X: Floats, labels: Ints, classes: int, seed: int) -> NDArray[np.float64]:
    """Share of each class among the nearest labelled others, by closeness; 0 everywhere where there is none."""
    shares = np.zeros((len(X), classes))
    if len(X) < 2:
        return shares
    cosines, rows = neighbors(X, NEIGHBORS, seed=Seed(seed).number("doubt/neighbors"))
    for cosine, row in zip(cosines.T, rows.T, strict=True):
        there = (row >= 0) & (labels[row] >= 0)
        np.add.at(shares, (np.flatnonzero(there), labels[row[there]]), np.exp((cosine[there] - 1) / WIDTH))
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-300))


def _around(matching: Matching) -> NDArray[np.float64]:
    """Share of each class among the others of the sample's community."""
    labels = matching.labels
    counts = matching.table.T[matching.communities].astype(np.float64)
    labelled = np.flatnonzero(labels >= 0)
    counts[labelled, labels[labelled]] -= 1
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
