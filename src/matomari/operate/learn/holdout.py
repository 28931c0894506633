"""Pairs held out before training, to measure whether it helps. None of their texts is in the training pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ...errors import InputError
from ...rows.pairs import Pairs
from ...seeds import Seed

Ints = NDArray[np.int64]
SHARE, FEWEST, MOST = 10, 50, 1000  # a tenth of the pairs, and between these numbers of them
MOST_DOCUMENTS = 20_000


@dataclass(frozen=True, eq=False)
class Holdout:
    """Pairs for training, and pairs held out.

    Attributes
    ----------
    columns : dict of str to list of str, each of length t
        "anchor", "positive" and, where all rows have some, "negative_1" … of the training pairs.
    rows : array of int64, shape (t,)
        Where the training pairs stand among all.
    queries : list of str, length q
        The distinct anchors held out.
    documents : list of str
        The distinct positives of all pairs, those of training too; at most 20,000.
    relevant : list of set of int, length q
        Which documents are the positives of each query.
    notes : list of str
    """

    columns: dict[str, list[str]]
    rows: Ints
    queries: list[str]
    documents: list[str]
    relevant: list[set[int]]
    notes: list[str]


def hold_out(pairs: Pairs, seed: int) -> Holdout:
    """Set about a tenth of the pairs aside, between 50 and 1,000 of them but never more than a third.

    Pairs that share a text, in any case and spacing, on whichever side, directly or through others, stay together: all of such a family are held
    out or none. Families are drawn at random; those larger than what is still wanted are passed over.

    Parameters
    ----------
    pairs : Pairs
        A negative whose text is held out is not used in training; a pair without another negative is left out.
    seed : int

    Raises
    ------
    InputError
        Nearly all pairs hang together through the texts that they share, or there are fewer than three.
    """
    anchors, positives = pairs.anchors.to_pylist(), pairs.positives.to_pylist()
    held = chosen(families(anchors, positives), seed)
    probe, rows = np.flatnonzero(held), np.flatnonzero(~held)
    notes: list[str] = []
    secret = {_folded(text) for row in probe for text in (anchors[row], positives[row])}
    negatives: list[list[str]] | None = None
    if pairs.negatives is not None:
        rows, negatives = _negatives(pairs.negatives.to_pylist(), rows, secret, notes)
    columns = {"anchor": [anchors[row] for row in rows], "positive": [positives[row] for row in rows]}
    for number, column in enumerate(zip(*negatives, strict=True) if negatives else (), 1):
        columns[f"negative_{number}"] = list(column)
    place = {text: i for i, text in enumerate(_documents(positives, probe, seed, notes))}
    relevant: dict[str, set[int]] = {}
    for row in probe:
        relevant.setdefault(anchors[row], set()).add(place[positives[row]])
    notes.insert(0, f"{len(probe):,} of {len(anchors):,} pairs were held out: no text of theirs is in training")
    if len(relevant) < FEWEST:
        notes.append(f"only {len(relevant)} queries are held out: what they say is rough")
    return Holdout(columns=columns, rows=rows, queries=list(relevant), documents=list(place), relevant=list(relevant.values()), notes=notes)


def _documents(positives: Sequence[str], probe: Ints, seed: int, notes: list[str]) -> list[str]:
    """The distinct positives, or where they are many those of the probe and others drawn at random: all of them are encoded twice."""
    documents = list(dict.fromkeys(positives))
    if len(documents) <= MOST_DOCUMENTS:
        return documents
    needed = {positives[row] for row in probe}
    others = [text for text in documents if text not in needed]
    drawn = Seed(seed).stream("holdout/documents").permutation(len(others))[: MOST_DOCUMENTS - len(needed)]
    chosen = needed | {others[i] for i in drawn.tolist()}
    notes.append(f"the probe looks among {MOST_DOCUMENTS:,} of {len(documents):,} positives, all of its own and others drawn at random")
    return [text for text in documents if text in chosen]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def families(*sides: Sequence[str]) -> Ints:
    """The number of the family of each row: rows that share a text, in any case and spacing, directly or through others.

    Parameters
    ----------
    *sides : sequences of str, each of length n
        Such as anchors and positives.

    Examples
    --------
    >>> families(["a", "b", "c"], ["x", "A", "y"]).tolist()
    [0, 0, 1]
    """
    n, texts = len(sides[0]), dict[str, int]()
    at = [texts.setdefault(_folded(text), len(texts)) for side in sides for text in side]
    graph = coo_matrix(
        (np.ones(len(at), np.int8), (np.tile(np.arange(n), len(sides)), n + np.array(at, np.int64))), shape=(n + len(texts),) * 2
    )
    return np.asarray(connected_components(graph, directed=False)[1][:n], np.int64)


def chosen(family: Ints, seed: int) -> NDArray[np.bool_]:
    """Which rows are held out, bool of shape (n,): whole families of them, about a tenth, between 50 and 1,000 and never more than a third.

    Raises
    ------
    InputError
        Nearly all hang together.
    """
    n = len(family)
    room = min(max(FEWEST, n // SHARE), MOST, n // 3)
    sizes = np.bincount(np.unique(family, return_inverse=True)[1])
    order = Seed(seed).stream("holdout").permutation(len(sizes))
    taken, left = [], room
    for number in order.tolist():
        if sizes[number] <= left:
            taken.append(number)
            left -= int(sizes[number])
    if room - left < min(FEWEST, room):  # what is left are families larger than the room: one of them, if that leaves enough
        larger = [number for number in order.tolist() if number not in set(taken)]
        smallest = min(larger, key=lambda number: sizes[number], default=None)
        if smallest is not None and room - left + sizes[smallest] <= n / 2:
            taken.append(smallest)
    if not taken:
        raise InputError(
            f"of the {n:,} pairs none can be held out: nearly all hang together through texts that they share.",
            hint="without pairs that share no text with the others nothing tells whether training helps; add some. Is one column a label? Then learn from labels.",
        )
    return np.isin(np.unique(family, return_inverse=True)[1], taken)


def _negatives(known: list[list[str]], rows: Ints, secret: set[str], notes: list[str]) -> tuple[Ints, list[list[str]] | None]:
    """Rows that have a negative, and as many negatives of each as all have; no text held out is among them."""
    if not all(known[row] for row in rows):
        notes.append("negatives were left out: not every pair has one")
        return rows, None
    allowed = {int(row): [text for text in known[row] if _folded(text) not in secret] for row in rows}
    remaining = np.array([row for row in rows if allowed[int(row)]], np.int64)
    if len(remaining) < len(rows) / 2:
        notes.append("negatives were left out: most of them are held out themselves")
        return rows, None
    if len(remaining) < len(rows):
        notes.append(f"{len(rows) - len(remaining):,} pairs were left out, whose negatives are all held out")
    count = min(len(allowed[int(row)]) for row in remaining)
    notes.append(f"{count} negative{'s' * (count > 1)} a pair {'are' if count > 1 else 'is'} learnt from")
    return remaining, [allowed[int(row)][:count] for row in remaining]
