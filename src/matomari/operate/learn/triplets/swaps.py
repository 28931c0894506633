"""Small differences: how often an encoder puts a positive nearer to its anchor than the hard negative, kind by kind, before and after training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....metrics.intervals import compared
from ....protocols import Encodes
from ....vectors import normalise

SIDES = ("anchor", "positive", "negative")
ALL = "mean of kinds"


def told_apart(encoder: Encodes, columns: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    """Whether each positive is nearer to its anchor than the negative, shape (n,); a tie is no.

    Parameters
    ----------
    encoder : Encodes
    columns : mapping of str to sequence of str, each of length n
        "anchor", "positive", "negative".
    """
    texts = list(dict.fromkeys(text for side in SIDES for text in columns[side]))
    place = {text: i for i, text in enumerate(texts)}
    X = normalise(encoder.encode(texts))
    a, p, n = (X[[place[text] for text in columns[side]]] for side in SIDES)
    return np.asarray((a * p).sum(axis=1) > (a * n).sum(axis=1), bool)


def by_kind(before: NDArray[np.bool_], after: NDArray[np.bool_], kinds: Sequence[str], seed: int) -> list[dict[str, Any]]:
    """What is right before and after, a row for each kind and one for their mean.

    Parameters
    ----------
    before, after : arrays of bool, shape (n,)
        As `told_apart` gives them.
    kinds : sequence of str, length n
    seed : int
        Of the bootstrap.

    Returns
    -------
    list of dict
        "kind", "triplets", "before", "after" (shares), "low", "high" (95 % interval of the difference); every kind counts the same in the mean,
        whose interval is not given.

    Examples
    --------
    >>> rows = by_kind(np.array([True, False]), np.array([True, True]), ["quantity", "entity"], 0)
    >>> [(row["kind"], row["before"], row["after"]) for row in rows]
    [('entity', 0.0, 1.0), ('quantity', 1.0, 1.0), ('mean of kinds', 0.5, 1.0)]
    """
    named, rows = np.asarray(kinds, object), list[dict[str, Any]]()
    for kind in sorted(set(kinds)):
        own = named == kind
        _, low, high = compared(before[own], after[own], seed)
        shares = {"before": float(before[own].mean()), "after": float(after[own].mean())}
        rows.append({"kind": kind, "triplets": int(own.sum()), **shares, "low": low, "high": high})
    if rows:
        means = {when: float(np.mean([row[when] for row in rows])) for when in ("before", "after")}
        rows.append({"kind": ALL, "triplets": len(kinds), **means, "low": None, "high": None})
    return rows
