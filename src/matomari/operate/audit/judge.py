"""The judgement of each row in an audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...learn.correction.matching import Matching, canonical, latent_communities
from ...learn.labels.doubt import Doubts, doubts
from ...vectors import Floats, Ints
from ..examples import nearest_correct


@dataclass(frozen=True, eq=False)
class Judged:
    """The results for each row that can be judged.

    Attributes
    ----------
    rows : array of int64, shape (m,)
        Which rows of the input these are.
    matching : Matching
        Their classes and communities.
    doubts : Doubts
        Of their labels; a label that a person has checked is not an issue.
    nearest : array of int64, shape (m,)
        Row of the input that is the nearest correct example, -1 for none.
    cosines : array of float64, shape (m,)
        How near it is, NaN for none.
    """

    rows: Ints
    matching: Matching
    doubts: Doubts
    nearest: Ints
    cosines: NDArray[np.float64]


def judge(X: Floats, place: Ints, labels: Ints, ids: Sequence[str], looked_at: NDArray[np.bool_], seed: int = 0) -> Judged:
    """Match classes to communities and doubt labels, in an order that does not depend on the order of the rows.

    Parameters
    ----------
    X : array, shape (u, d), float32
        Distinct rows at unit length.
    place : array of int64, shape (n,)
        Which of them each row has; -1 for a row that is not judged.
    labels : array of int64, shape (n,)
        -1 for none.
    ids : sequence of str, length n
        They decide between rows that are equal otherwise.
    looked_at : array of bool, shape (n,)
        A person has checked the label, so it is not an issue.
    seed : int

    Raises
    ------
    InputError
        No row has a label.
    """
    there = np.flatnonzero(place >= 0)
    rank = np.empty(len(there), np.int64)
    named = [ids[row] for row in there.tolist()]
    rank[sorted(range(len(there)), key=named.__getitem__)] = np.arange(len(there))
    rows = there[np.lexsort((rank, labels[there], canonical(X)[1][place[there]]))]
    Z, own = X[place[rows]], labels[rows]
    matching = latent_communities(Z, own, seed=seed)
    label_doubts = doubts(Z, matching, seed=seed)
    suggested = np.where(looked_at[rows], own, label_doubts.suggested)
    label_doubts = Doubts(label_doubts.score, suggested, label_doubts.issue & ~looked_at[rows])
    shown = np.where(matching.correct & ~label_doubts.issue, own, -1)
    nearest, cosines = nearest_correct(Z, label_doubts.suggested, shown)
    return Judged(rows=rows, matching=matching, doubts=label_doubts, nearest=np.where(nearest < 0, -1, rows[nearest]), cosines=cosines)
