"""What an answer on a pair is worth, and what is believed of the pair then, together with what was thought before."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 5  # kinds of answers that are told apart, from a firm no to a firm yes
ROUNDS = 200  # of expectation and maximisation
SETTLED = 1e-7  # a share that moves less has arrived


def weight_of(shares: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """What an answer is worth: intercept and slope that make log odds for "one thing" of the logit of a share.

    Fitted on the probe, whose pairs are as often one thing as not, by logistic regression with a ridge (Platt 1999, *Probabilistic outputs for
    support vector machines*): teachers say yes too seldom or too often, and with too much or too little weight.

    Parameters
    ----------
    shares : array, shape (m,)
        NaN for no answer.
    truth : array of bool, shape (m,)

    Examples
    --------
    >>> intercept, slope = weight_of(np.array([0.4, 0.45, 0.2, 0.25] * 5), np.array([True, True, False, False] * 5))
    >>> slope > 0, bool(intercept + slope * logit(0.4) > 0 > intercept + slope * logit(0.25))
    (True, True)
    """
    from sklearn.linear_model import LogisticRegression

    usable = np.isfinite(shares)
    if len(set(truth[usable].tolist())) < 2:
        return 0.0, 0.0
    x = logit(shares[usable])
    middle, width = float(x.mean()), max(float(x.std()), 1e-6)
    fit = LogisticRegression(C=1.0).fit(((x - middle) / width)[:, None], truth[usable])
    slope = max(0.0, float(fit.coef_[0, 0]) / width)  # a teacher that is worse than chance is not turned round
    return (float(fit.intercept_[0]) - slope * middle, slope) if slope else (0.0, 0.0)


def logit(share: Any) -> Any:
    """Log odds of shares, which are kept from certainty.

    Examples
    --------
    >>> float(logit(0.5))
    0.0
    """
    share = np.clip(share, 0.005, 0.995)
    return np.log(share / (1 - share))


def believed(prior: Any, shares: NDArray[np.float64], weight: tuple[float, float]) -> NDArray[np.float64]:
    """Probability that each pair is one thing, by what was thought before and by what the teacher says; the prior where it says nothing."""
    odds = logit(prior) + np.where(np.isfinite(shares), weight[0] + weight[1] * logit(np.nan_to_num(shares, nan=0.5)), 0.0)
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def witnesses(
    prior: NDArray[np.float64],
    shares: NDArray[np.float64],
    proof: NDArray[np.float64],
    truth: NDArray[np.bool_],
    sorts: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Probability that each pair is one thing, by two witnesses, the score and the teacher, who tell of each other how far they can be trusted.

    Doubtful pairs are not like those of a probe: a teacher may say no to nearly all of them, and still be right about which ones are likelier; and
    scores may be too low for pairs of one sort and too high for those of another. So what an answer is worth, and by how much the scores of each sort
    are off, is learnt from the doubtful pairs themselves, together with the probe, whose truth is known. Answers fall into five kinds, as many in
    each; how often each kind is given for one thing and for two is found by expectation and maximisation (Dawid and Skene 1979, *Maximum likelihood
    estimation of observer error-rates using the EM algorithm*; two witnesses of several populations are enough: Hui and Walter 1980, *Estimating the
    error rates of diagnostic tests*). A teacher whose answers have nothing to do with the scores is worth nothing by it, however firm they are.

    Parameters
    ----------
    prior : array, shape (q,)
        Of the doubtful pairs, by their scores.
    shares : array, shape (q,)
        How much the teacher says that each is one thing; NaN for no answer.
    proof : array, shape (m,)
        The same of the pairs of the probe.
    truth : array of bool, shape (m,)
        Which of these are one thing.
    sorts : array of int, shape (q,), optional
        The sort of each pair; log odds of one sort are off by one number, which is as likely as a standard normal one.

    Returns
    -------
    array, shape (q,)
        The prior where there is no answer.

    Examples
    --------
    >>> prior = np.array([0.4] * 20 + [0.2] * 20)
    >>> said = np.array([0.3] * 18 + [0.1] * 2 + [0.3] * 2 + [0.1] * 18)  # no to all, but firmer where it is true
    >>> found = witnesses(prior, said, np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, True, False, False]))
    >>> bool(found[0] > 0.5 > found[-1])
    True
    """
    known, asked = np.isfinite(proof), np.isfinite(shares)
    said = np.concatenate([proof[known], shares[asked]])
    belief = np.concatenate([truth[known].astype(float), prior[asked]])
    odds, fixed = logit(prior[asked]), int(known.sum())
    sort = np.zeros(len(odds), np.int64) if sorts is None else np.unique(sorts[asked], return_inverse=True)[1]
    off = np.zeros(int(sort.max(initial=0)) + 1)
    kind = _kinds(said)
    common = np.bincount(kind) / max(len(kind), 1)
    counted = np.arange(len(said)) < fixed  # to begin with, the probe alone
    for _ in range(ROUNDS if len(said) else 0):
        one, two = (np.bincount(kind[counted], weight[counted], len(common)) + len(common) * common for weight in (belief, 1 - belief))
        worth = np.log(one / one.sum()) - np.log(two / two.sum())
        belief[fixed:] = _probability(odds + off[sort] + worth[kind[fixed:]])
        counted = np.ones(len(said), bool)
        if sorts is not None:
            alone = _probability(odds + off[sort])
            excess, width = (np.bincount(sort, weight, len(off)) for weight in (belief[fixed:] - alone, alone * (1 - alone)))
            off = off + (excess - off) / (width + 1)  # a step of Newton's
    found = np.asarray(prior, np.float64).copy()
    found[asked] = belief[fixed:]
    return found


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def _kinds(said: NDArray[np.float64]) -> NDArray[np.int64]:
    """The kind of each answer, from 0, the firmest no: as many of each, as far as they differ."""
    if not len(said):
        return np.empty(0, np.int64)
    edges = np.unique(np.quantile(said, np.arange(1, BINS) / BINS))
    return np.asarray(np.unique(np.searchsorted(edges, said, side="right"), return_inverse=True)[1], np.int64)


def prevalence(start: float, shares: NDArray[np.float64], weight: tuple[float, float], rounds: int = ROUNDS) -> float:
    """How often such pairs are one thing, as the answers themselves tell: a few "no" of a teacher that errs that often are no news.

    Expectation and maximisation over the share of pairs that are one thing, the weight of an answer being known (Saerens, Latinne and Decaestecker
    2002, *Adjusting the outputs of a classifier to new a priori probabilities*).

    Parameters
    ----------
    start : float
        What is thought before; it is what comes out where nothing was answered.
    shares : array, shape (q,)
    weight : tuple of float
        As `weight_of` gives it.

    Examples
    --------
    >>> said = np.array([0.9] * 85 + [0.1] * 15)
    >>> prevalence(0.5, said, (0.0, 0.8)) > 0.95  # of a teacher that is right in 85 of 100
    True
    """
    answered = shares[np.isfinite(shares)]
    return float(shares_of_one(start, answered[None, :], weight, rounds)[0]) if len(answered) else start


def shares_of_one(start: float, draws: NDArray[np.float64], weight: tuple[float, float], rounds: int = ROUNDS) -> NDArray[np.float64]:
    """`prevalence` of many samples of answers at once.

    Parameters
    ----------
    start : float
    draws : array, shape (d, q)
        No NaN among them.
    weight : tuple of float

    Returns
    -------
    array, shape (d,)
    """
    worth = weight[0] + weight[1] * logit(draws)
    share = np.full(len(draws), start)
    for _ in range(rounds):
        old, share = share, _probability(logit(share)[:, None] + worth).mean(axis=1).clip(0.01, 0.99)
        if np.abs(share - old).max() < SETTLED:
            break
    return share
