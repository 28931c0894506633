"""Whether training helped: NDCG@10 of held-out anchors before and after, and the interval of their difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...metrics.intervals import resampled
from ...metrics.ranking import ndcg
from ...vectors import normalise
from ..score.encoder import nearest
from .holdout import Holdout

if TYPE_CHECKING:
    from ...protocols import Encodes

Floats = NDArray[np.float64]
CUT = 10
WIDE = 0.1  # of NDCG: a guide that ranks so much worse than what it helped to train judges it badly


@dataclass(frozen=True)
class Verdict:
    """The probe before and after training, and which of both encoders is kept.

    Attributes
    ----------
    queries, documents : int
    before, after : float
        Mean NDCG@10.
    low, high : float
        Bounds of the 95 % interval of their difference: percentiles over resampled queries.
    finite : bool
        Whether the trained encoder gives numbers at all.
    """

    queries: int
    documents: int
    before: float
    after: float
    low: float
    high: float
    finite: bool = True

    @property
    def kept(self) -> bool:
        """Whether the trained encoder is kept: it is not worse than the start by any amount."""
        return self.finite and self.after >= self.before

    @property
    def weak_guide(self) -> bool:
        """Whether the encoder that said which negatives are false ranks far worse than the one that came of it."""
        return self.kept and self.after - self.before > WIDE


def query_ndcg(encoder: Encodes, held: Holdout) -> Floats:
    """NDCG@10 of each query (q,) by exact search with ``encoder.encode``.

    A document that has the query's own text is not counted as found, unless it is relevant.
    """
    documents, queries = (normalise(encoder.encode(texts)) for texts in (held.documents, held.queries))
    place = {text: i for i, text in enumerate(held.documents)}
    scores = []
    for query, relevant, rows in zip(held.queries, held.relevant, nearest(documents, queries, CUT + 1), strict=True):
        own = place.get(query, -1)
        ranked = [row for row in rows.tolist() if row != own or row in relevant][:CUT]
        scores.append(ndcg([row in relevant for row in ranked], [1] * len(relevant), CUT))
    return np.array(scores)


def judge(before: Floats, after: Floats | None, documents: int, seed: int) -> Verdict:
    """What the scores of the same queries (q,) before and after say.

    Examples
    --------
    >>> verdict = judge(np.array([0.5, 0.5]), np.array([1.0, 0.75]), 9, 0)
    >>> verdict.kept, verdict.low, verdict.high
    (True, 0.25, 0.5)
    """
    if after is None:
        return Verdict(
            queries=len(before),
            documents=documents,
            before=float(before.mean()),
            after=0.0,
            low=-float(before.mean()),
            high=-float(before.mean()),
            finite=False,
        )
    low, high = resampled(after - before, seed)
    return Verdict(queries=len(before), documents=documents, before=float(before.mean()), after=float(after.mean()), low=low, high=high)
