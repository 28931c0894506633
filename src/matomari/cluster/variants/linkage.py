"""Average linkage over candidate pairs: merge the two groups whose texts are most similar on average, until no two are similar enough."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...vectors import Floats, Ints
from ..relabel import by_size


@dataclass(frozen=True)
class Linkage:
    """The merges of an average linkage, best first.

    Attributes
    ----------
    n : int
        Number of items.
    first, second : arrays of int64, shape (m,)
        One item of each of the two groups merged: those of the strongest pair between them.
    height : array of float32, shape (m,)
        Average score of the two groups when they were merged.
    tie : array of float32, shape (m,)
        Score of the strongest pair between them.
    """

    n: int
    first: Ints
    second: Ints
    height: Floats
    tie: Floats

    def cut(self, height: float) -> Ints:
        """Groups when merges below `height` are undone, largest first, shape (n,)."""
        import scipy.sparse as sp
        from scipy.sparse.csgraph import connected_components

        merged = self.height >= height
        links = sp.csr_matrix((np.ones(merged.sum()), (self.first[merged], self.second[merged])), shape=(self.n, self.n))
        return by_size(connected_components(links, directed=False)[1].astype(np.int64))


def average_linkage(
    n: int,
    left: Ints,
    right: Ints,
    score: Floats,
    *,
    floor: float = 0.3,
    width: int = 20,
    faint: float = 0.0,
    sources: Sequence[frozenset[str]] = (),
) -> Linkage:
    """Average linkage (Sokal and Michener 1958) on the pairs given; a pair that was not given counts as score 0.

    A text names at most `width` candidates, so the average of two large groups is taken over the pairs that could have been
    named, not over all: otherwise no group could ever outgrow the candidate list.

    Parameters
    ----------
    n : int
        Number of items.
    left, right : arrays of int64, shape (m,)
    score : array of float32, shape (m,)
    floor : float
        Merging stops below this average.
    width : int
        Candidates a text can name.
    faint : float
        A pair of this score or less counts as not given: most candidates are nothing alike, and take room.
    sources : sequence of frozenset of str, length n or 0
        Two groups that both hold an item of one source are never merged.

    Examples
    --------
    >>> tree = average_linkage(3, np.array([0, 1]), np.array([1, 2]), np.array([0.9, 0.8], np.float32))
    >>> tree.cut(0.8).tolist(), tree.cut(0.3).tolist()  # the third joins at (0.8 + 0) / 2
    ([0, 0, 1], [0, 0, 0])
    >>> sources = [frozenset("a"), frozenset("b"), frozenset("a")]
    >>> average_linkage(3, np.array([0, 1]), np.array([1, 2]), np.array([0.9, 0.8], np.float32), sources=sources).cut(0.3).tolist()
    [0, 0, 1]
    """
    listed = list(sources) or [frozenset[str]()] * n  # by whom each group is
    links: list[dict[int, tuple[float, float, int]]] = [{} for _ in range(n)]  # other -> sum, strongest, its pair
    for pair in np.flatnonzero(score > faint).tolist():
        a, b, s = int(left[pair]), int(right[pair]), float(score[pair])
        if listed[a].isdisjoint(listed[b]):
            links[a][b] = links[b][a] = (s, s, pair)
    size, alive = [1] * n, [0] * n  # alive counts the merges of a group, so that outdated heap entries are recognised

    def possible(a: int, b: int) -> float:
        return (size[a] * min(size[b], width) + size[b] * min(size[a], width)) / 2

    heap = [(-s, a, b, 0, 0) for a in range(n) for b, (s, _, _) in links[a].items() if a < b and s >= floor]
    heapq.heapify(heap)
    merges: list[tuple[int, float]] = []
    while heap:
        negative, a, b, va, vb = heapq.heappop(heap)
        if alive[a] != va or alive[b] != vb:
            continue
        merges.append((links[a][b][2], -negative))
        if len(links[a]) < len(links[b]):
            a, b = b, a
        size[a] += size[b]
        listed[a] |= listed[b]
        alive[a] += 1
        alive[b] = -1
        del links[a][b]
        for other, (total, best, pair) in links[b].items():
            if other == a:
                continue
            del links[other][b]
            known = links[a].get(other)
            if known:
                total, (best, pair) = total + known[0], max((best, pair), (known[1], known[2]))
            links[a][other] = links[other][a] = (total, best, pair)
        links[b] = {}
        if listed[a]:  # what shares a source with the merged group can never join it
            for other in [other for other in links[a] if not listed[a].isdisjoint(listed[other])]:
                del links[a][other], links[other][a]
        for other, (total, _, _) in links[a].items():
            average = total / possible(a, other)
            if average >= floor:
                low, high = min(a, other), max(a, other)
                heapq.heappush(heap, (-average, low, high, alive[low], alive[high]))
    pairs = np.asarray([pair for pair, _ in merges], np.int64)
    height = np.asarray([h for _, h in merges], np.float32)
    return Linkage(n=n, first=left[pairs], second=right[pairs], height=height, tie=np.asarray(score[pairs], np.float32))
