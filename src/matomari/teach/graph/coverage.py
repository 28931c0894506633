"""How much of a corpus its graph knows."""

from __future__ import annotations

import math
from typing import NamedTuple

from .graph import Graph


class Coverage(NamedTuple):
    """What share of the sentences can be worked with, and how varied the graph is.

    Attributes
    ----------
    sentences : int
    with_entity, with_quantity, with_negative : float
        Shares of the sentences, 0 to 1.
    type_entropy : float
        Of the types of all mentions, in bits: 0 where all are of one type.
    orphans : int
        Nodes without an edge.
    """

    sentences: int
    with_entity: float
    with_quantity: float
    with_negative: float
    type_entropy: float
    orphans: int


def coverage(graph: Graph) -> Coverage:
    """The coverage of the corpus that a graph was built from; shares are 0 where nothing was read.

    Examples
    --------
    >>> from .entities import Entities
    >>> from .vocabulary import Term, Vocabulary
    >>> find = Entities(None, Vocabulary([Term("bolt", "fastener"), Term("oak", "wood")]))
    >>> coverage(Graph.of(["a bolt", "two bolts", "oak", "oak", "nothing"], find, usable=lambda sentence: "bolt" in sentence))
    Coverage(sentences=5, with_entity=0.8, with_quantity=0.2, with_negative=0.4, type_entropy=1.0, orphans=0)
    """
    total = max(1, graph.sentences)
    counts = [graph.nodes[key].count for key in graph.nodes if key[0] == "type" and graph.nodes[key].count]
    mass = sum(counts)
    return Coverage(
        sentences=graph.sentences,
        with_entity=graph.with_entity / total,
        with_quantity=graph.with_quantity / total,
        with_negative=graph.with_negative / total,
        type_entropy=-sum(c / mass * math.log2(c / mass) for c in counts) + 0.0,
        orphans=len(graph.orphans()),
    )
