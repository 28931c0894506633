"""Metrics of rankings: NDCG, recall, average precision and reciprocal rank, as trec_eval defines them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError

Floats = NDArray[np.float64]
CUTS = (10, 100)


def ndcg(gains: ArrayLike, judged: ArrayLike, k: int | None = None) -> float:
    """NDCG@k (Järvelin and Kekäläinen 2002) with linear gain: sum of gain / log2(1 + rank), divided by that of the best possible ranking.

    Parameters
    ----------
    gains : array, shape (r,)
        Relevance of the documents found, best first; 0 for one without judgement; values below 0 count as 0.
    judged : array, shape (j,)
        Relevance of every document judged for the query, found or not.
    k : int, optional
        Use only the first k.

    Returns
    -------
    float
        In [0, 1]; 0 where nothing is relevant.

    Examples
    --------
    >>> round(ndcg([0, 2, 1], [2, 1, 1], k=3), 4)
    0.5627
    """
    best = np.sort(_gains(judged))[::-1]
    ideal = _discounted(best[:k])
    return _discounted(_gains(gains)[:k]) / ideal if ideal else 0.0


def recall(gains: ArrayLike, judged: ArrayLike, k: int | None = None) -> float:
    """Recall@k: share of the relevant documents that are among the first k; parameters as for `ndcg`.

    Examples
    --------
    >>> recall([0, 2, 1], [2, 1, 1], k=2)
    0.3333333333333333
    """
    relevant = np.count_nonzero(_gains(judged))
    return float(np.count_nonzero(_gains(gains)[:k]) / relevant) if relevant else 0.0


def average_precision(gains: ArrayLike, judged: ArrayLike, k: int | None = None) -> float:
    """Average precision: mean over the relevant documents of the precision at their rank, 0 for those not found.

    Parameters as for `ndcg`; its mean over queries is MAP. With k it is trec_eval's ``map_cut``, which divides by all relevant
    documents and not by k of them.

    Examples
    --------
    >>> average_precision([0, 2, 1], [2, 1])
    0.5833333333333333
    """
    relevant = np.count_nonzero(_gains(judged))
    ranks = np.flatnonzero(_gains(gains)[:k]) + 1
    return float(np.sum(np.arange(1, len(ranks) + 1) / ranks) / relevant) if relevant else 0.0


def reciprocal_rank(gains: ArrayLike, k: int | None = None) -> float:
    """One over the rank of the first relevant document, 0 where none is among the first k; its mean over queries is MRR@k.

    Examples
    --------
    >>> reciprocal_rank([0, 2, 1])
    0.5
    """
    ranks = np.flatnonzero(_gains(gains)[:k]) + 1
    return 1 / int(ranks[0]) if len(ranks) else 0.0


def ranking(scores: Mapping[str, float]) -> list[str]:
    """Ids of documents, best score first, as trec_eval orders them.

    Scores are compared in single precision and equal ones ordered by id, falling, because that is what trec_eval does.

    Parameters
    ----------
    scores : mapping of document id to float

    Raises
    ------
    InputError
        A score is NaN; the document is named.

    Examples
    --------
    >>> ranking({"a": 0.5, "b": 0.5, "c": 0.9})
    ['c', 'b', 'a']
    """
    ids = sorted(scores, reverse=True)
    with np.errstate(over="ignore"):  # a value that single precision cannot hold becomes infinite, as in C
        values = np.array([scores[id] for id in ids], np.float64).astype(np.float32)
    if np.isnan(values).any():
        raise InputError(
            f"the score of document {ids[int(np.isnan(values).argmax())]!r} is NaN.", hint="give it a number, or leave it out."
        )
    return [ids[i] for i in np.argsort(-values, kind="stable")]


def query_scores(ranked: Sequence[str], relevance: Mapping[str, int], k: Sequence[int] = CUTS) -> dict[str, float]:
    """All metrics of one query by name: ndcg, recall and mrr at each k, and map over all documents found.

    Parameters
    ----------
    ranked : sequence of str, length r
        Ids of the documents found, best first, each once.
    relevance : mapping of document id to int
        Judgements of this query; a document without one, or with one below 1, is not relevant.
    k : sequence of int
        Cut-offs, each at least 1.

    Raises
    ------
    InputError
        A document occurs twice in the ranking, or a cut-off is not an int of at least 1.

    Examples
    --------
    >>> query_scores(["x", "b", "a"], {"a": 1, "b": 2}, k=[2])
    {'ndcg@2': 0.4796249331362629, 'mrr@2': 0.5, 'recall@2': 0.5, 'map': 0.5833333333333333}
    """
    cuts = check_cuts(k)
    if len(set(ranked)) < len(ranked):
        twice = next(id for id in ranked if ranked.count(id) > 1)
        raise InputError(f"document {twice!r} stands twice in a ranking.", hint="a ranking holds each document once.")
    gains = _gains([relevance.get(id, 0) for id in ranked])
    judged = _gains(list(relevance.values()))
    metrics = {f"ndcg@{cut}": ndcg(gains, judged, cut) for cut in cuts}
    metrics |= {f"mrr@{cut}": reciprocal_rank(gains, cut) for cut in cuts}
    metrics |= {f"recall@{cut}": recall(gains, judged, cut) for cut in cuts}
    return metrics | {"map": average_precision(gains, judged)}


@dataclass(frozen=True)
class RunScores:
    """The scores of a run.

    Parameters
    ----------
    mean : dict of metric to float
        Mean over the queries scored.
    queries : dict of query id to dict of metric to float
        Each query that has a relevant document; one without results scores 0.
    without_relevant : int
        Queries left out because none of their judgements is above 0.
    without_judgement : int
        Queries of the run left out because they have no judgement.
    """

    mean: dict[str, float]
    queries: dict[str, dict[str, float]]
    without_relevant: int
    without_judgement: int


def run_scores(run: Mapping[str, Mapping[str, float]], qrels: Mapping[str, Mapping[str, int]], k: Sequence[int] = CUTS) -> RunScores:
    """Metrics of a run against judgements: per query, and their mean.

    Parameters
    ----------
    run : mapping of query id to mapping of document id to float
        Scores of the documents found; higher is better.
    qrels : mapping of query id to mapping of document id to int
        Graded relevance; 0 and below is not relevant.
    k : sequence of int
        Cut-offs, each at least 1.

    Raises
    ------
    InputError
        No query has a relevant document, a score is NaN, or a cut-off is not an int of at least 1.

    Examples
    --------
    >>> found = run_scores({"q": {"a": 0.2, "b": 0.4}}, {"q": {"a": 1}, "r": {"a": 0}}, k=[10])
    >>> found.mean["mrr@10"], found.without_relevant
    (0.5, 1)
    """
    judgements = {query: judged for query, judged in qrels.items() if has_relevant(judged)}
    scored = {query: query_scores(ranking(run.get(query, {})), judged, k) for query, judged in judgements.items()}
    return RunScores(mean_scores(scored), scored, len(qrels) - len(judgements), sum(query not in qrels for query in run))


def mean_scores(queries: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over queries.

    Raises
    ------
    InputError
        There is no query.

    Examples
    --------
    >>> mean_scores({"q": {"map": 1.0}, "r": {"map": 0.5}})
    {'map': 0.75}
    """
    if not queries:
        raise InputError("no query has a relevant document.", hint="relevant is what is judged 1 or higher; look at the judgements.")
    names = next(iter(queries.values()))
    return {name: float(np.mean([scores[name] for scores in queries.values()])) for name in names}


def has_relevant(relevance: Mapping[str, int]) -> bool:
    """Whether any document is judged relevant.

    Examples
    --------
    >>> has_relevant({"a": 0, "b": -1})
    False
    """
    return any(value > 0 for value in relevance.values())


def check_cuts(k: Sequence[int]) -> list[int]:
    """Cut-offs as a list without repeats; InputError if one is not an int of at least 1.

    Examples
    --------
    >>> check_cuts((10, 100, 10))
    [10, 100]
    """
    given = [k] if isinstance(k, Integral | str) else list(k)
    if not given or any(isinstance(cut, bool) or not isinstance(cut, Integral) or cut < 1 for cut in given):
        raise InputError(f"The 'k' parameter must hold ints in the range [1, inf). Got {k!r} instead.", hint="(10, 100) is usual.")
    return list(dict.fromkeys(map(int, given)))


def _gains(relevance: ArrayLike) -> Floats:
    return np.maximum(np.asarray(relevance, np.float64), 0)


def _discounted(gains: Floats) -> float:
    return float(np.sum(gains / np.log2(np.arange(2, len(gains) + 2))))
