"""An encoder against the truth: does it find the documents that answer a query, and rank pairs of sentences as people do?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...logs import log
from ...metrics.ranking import CUTS, check_cuts, has_relevant, mean_scores, query_scores
from ...rows.beir import read_corpus, read_qrels, read_queries
from ...rows.sts import read_scored
from ...vectors import BLOCK, check, normalise

if TYPE_CHECKING:
    from ...protocols import Encodes

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Texts = str | Path | Mapping[str, str]
DEPTH = 1000  # documents found a query, as in TREC and BEIR: map looks no deeper
QUERIES = 128  # in one block of cosines


def retrieval_scores(
    encoder: Encodes, corpus: Texts, queries: Texts, qrels: str | Path | Mapping[str, Mapping[str, int]], k: Sequence[int] = CUTS
) -> dict[str, float | int]:
    """NDCG, MRR and recall at each k, and MAP over the 1000 nearest documents, of an exact search by cosine.

    Parameters
    ----------
    encoder : TextEncoder, or object with ``encode``
        ``encode(list of str)`` must give an array (n, d).
    corpus, queries : path, or mapping of id to text
        As `read_corpus` and `read_queries` take them.
    qrels : path, or mapping of query id to mapping of document id to int
        As `read_qrels` takes it. Relevant documents that the corpus lacks stay in the truth, as never found.
    k : sequence of int
        Cut-offs, each at least 1.

    Returns
    -------
    dict
        First counts: the documents and the queries scored; the queries left out (without judgement, without a relevant document, judged but
        unknown), the judgements of unknown documents, and the documents passed over for their query's id; then the metrics of
        `matomari.metrics.ranking.query_scores`.

    Raises
    ------
    InputError
        A file cannot be read as its kind, no query can be scored, no judged document is in the corpus, or the encoder gives no vectors.

    Notes
    -----
    A document that has the query's own id is not counted as found, unless it is judged relevant: in sets whose queries are themselves
    documents BEIR does the same.

    Examples
    --------
    >>> class Letters:
    ...     def encode(self, texts):
    ...         return np.array([[text.count(c) + 1e-3 for c in "abc"] for text in texts])
    >>> scores = retrieval_scores(Letters(), {"d1": "aab", "d2": "cc"}, {"q": "c"}, {"q": {"d2": 1}}, k=[10])
    >>> scores["ndcg@10"], scores["queries"]
    (1.0, 1)
    """
    cuts = check_cuts(k)
    documents = dict(corpus) if isinstance(corpus, Mapping) else read_corpus(corpus)
    asked = dict(queries) if isinstance(queries, Mapping) else read_queries(queries)
    judged = qrels if isinstance(qrels, Mapping) else read_qrels(qrels)
    scored = [query for query in judged if query in asked and has_relevant(judged[query])]
    counts = _counts(documents, asked, judged, scored)
    names = sorted(documents, reverse=True)  # so that of equal cosines the higher id comes first, as trec_eval has it
    scores = {}
    order = nearest(_encoded(encoder, [documents[n] for n in names]), _encoded(encoder, [asked[q] for q in scored]), max(DEPTH, *cuts) + 1)
    for query, rows in zip(scored, order, strict=True):
        ranked = [names[row] for row in rows if names[row] != query or judged[query].get(query, 0) > 0]
        scores[query] = query_scores(ranked[: max(DEPTH, *cuts)], judged[query], cuts)
    return {**counts, **mean_scores(scores)}


def similarity_scores(encoder: Encodes, pairs_file: str | Path) -> dict[str, float | int]:
    """Spearman's rank correlation of the cosine of two sentences with a gold score.

    Parameters
    ----------
    encoder : TextEncoder, or object with ``encode``
        ``encode(list of str)`` must give an array (n, d).
    pairs_file : path
        As `matomari.rows.sts.read_scored` takes it.

    Returns
    -------
    dict
        ``pairs`` scored, ``without_score`` left out, and ``spearman`` in [-1, 1].

    Raises
    ------
    InputError
        The file cannot be read, or all its scores, or all the cosines, are the same.
    """
    from scipy.stats import spearmanr

    pairs = read_scored(pairs_file)
    n = len(pairs.gold)
    if len(set(pairs.gold)) < 2:
        raise InputError(f"{pairs_file} has {n} pairs with a score and no two different scores.", hint="a rank correlation needs two.")
    vectors = _encoded(encoder, pairs.first + pairs.second).astype(np.float64)
    cosines = np.einsum("ij,ij->i", vectors[:n], vectors[n:])
    if np.ptp(cosines) == 0:
        raise InputError("the encoder finds every pair equally alike, so there is nothing to rank.", hint="is the model damaged?")
    return {"pairs": n, "without_score": pairs.without_score, "spearman": float(spearmanr(cosines, pairs.gold).statistic)}


def nearest(documents: Floats, queries: Floats, k: int) -> Iterator[Ints]:
    """Rows of the k nearest documents of each query in turn, exact, nearest first, the earlier row first among equals.

    Parameters
    ----------
    documents : array, shape (n, d), float32
        At unit length.
    queries : array, shape (m, d), float32
        At unit length.
    k : int
        Rows a query; n when there are fewer.

    Yields
    ------
    rows : array, shape (min(k, n),), int64

    Examples
    --------
    >>> [rows.tolist() for rows in nearest(np.eye(3, dtype=np.float32), np.array([[0, 1, 0]], np.float32), 2)]
    [[1, 0]]
    """
    for start in range(0, len(queries), QUERIES):
        block = queries[start : start + QUERIES]
        cosines, rows = np.empty((len(block), 0), np.float32), np.empty((len(block), 0), np.int64)
        for first in range(0, len(documents), BLOCK):
            part = documents[first : first + BLOCK]
            cosines = np.hstack([cosines, block @ part.T])
            rows = np.hstack([rows, np.broadcast_to(np.arange(first, first + len(part)), (len(block), len(part)))])
            best = _best(cosines, k)
            cosines, rows = np.take_along_axis(cosines, best, 1), np.take_along_axis(rows, best, 1)
        yield from np.take_along_axis(rows, np.argsort(-cosines, axis=1, kind="stable"), 1)


def _best(values: Floats, k: int) -> Ints:
    """Columns of the k largest of each row, in rising order; of those equal to the last, the first ones."""
    if values.shape[1] <= k:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    last = np.partition(values, -k, axis=1)[:, [-k]]
    above, equal = values > last, values == last
    spare = k - above.sum(axis=1, keepdims=True)
    return np.nonzero(above | (equal & (np.cumsum(equal, axis=1) <= spare)))[1].reshape(len(values), k)


def _encoded(encoder: Encodes, texts: list[str]) -> Floats:
    vectors = check(encoder.encode(texts), "what the encoder gave")
    if len(vectors) != len(texts):
        raise InputError(f"the encoder gave {len(vectors)} vectors for {len(texts)} texts.", hint="encode must give one row a text.")
    return normalise(vectors)


def _counts(
    documents: Mapping[str, str], asked: Mapping[str, str], judged: Mapping[str, Mapping[str, int]], scored: list[str]
) -> dict[str, float | int]:
    """What is scored and what is left out, each reported once; InputError where nothing is left to score."""
    known = sum(query in asked for query in judged)
    if not known:
        raise _strangers("queries", judged, asked)
    if not scored:
        raise InputError("no query has a relevant document.", hint="relevant is what is judged 1 or higher; look at the judgements.")
    meant = [document for query in scored for document in judged[query]]
    missing = sum(document not in documents for document in meant)
    if missing == len(meant):
        raise _strangers("documents", meant, documents)
    counts: dict[str, float | int] = {
        "documents": len(documents),
        "queries": len(scored),
        "queries_without_judgement": sum(query not in judged for query in asked),
        "queries_without_relevant": known - len(scored),
        "unknown_queries": len(judged) - known,
        "unknown_documents": missing,
        "own_documents": sum(query in documents and judged[query].get(query, 0) <= 0 for query in scored),
    }
    if counts["unknown_queries"]:
        log.warning("note: %s judged queries are not among the queries and were left out", f"{counts['unknown_queries']:,}")
    if missing:
        log.warning("note: %s judgements are of documents that the corpus lacks; they count as never found", f"{missing:,}")
    if counts["own_documents"]:
        log.warning("note: %s queries have a document with their own id; it is not counted as found", f"{counts['own_documents']:,}")
    return counts


def _strangers(what: str, judged: Sequence[str] | Mapping[str, Any], known: Mapping[str, str]) -> InputError:
    given, there = next(iter(judged), ""), next(iter(known), "")
    hint = f"the judgements say {given!r}, the {what} have ids such as {there!r}."
    return InputError(f"none of the judged {what} is among the {what}.", hint=hint)
