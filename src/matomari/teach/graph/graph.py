"""The graph of what a corpus speaks of: entities, their types, quantities, units and parts of sentences, and how they hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from ...errors import InputError
from .entities import Entities
from .quantities import Quantity, quantities
from .units import of_dimension
from .vocabulary import Term, folded

NODE_KINDS = ("entity", "type", "quantity", "unit", "part")
EDGE_KINDS = ("is-a", "has", "near", "alias")
NEIGHBOURS, LEAST = 5, 0.5  # soft edges of a node, and the cosine that they need
_RANK = {"user": 2, "wordnet": 1}  # whose word about a node counts


@dataclass(frozen=True)
class Node:
    """A thing of the graph.

    Attributes
    ----------
    name, kind : str
        Together they tell it from any other; the kind is one of `NODE_KINDS`.
    provenance : str
        user, wordnet or corpus.
    aliases : tuple of str
    count : int
        Sentences that hold it.
    """

    name: str
    kind: str
    provenance: str = "corpus"
    aliases: tuple[str, ...] = ()
    count: int = 0


class Edge(NamedTuple):
    """From one node to another, each given by kind and name: is-a, has, near (soft, of one type) or alias."""

    start: tuple[str, str]
    end: tuple[str, str]
    kind: str


@dataclass
class Graph:
    """Nodes and weighted edges, made by `Graph.of` in one pass over the sentences; it holds what is distinct, so memory does not grow with repetition.

    Attributes
    ----------
    nodes : dict
        `Node` by kind and name.
    edges : dict
        Weight of each `Edge`: sentences that show it, or a cosine for one that is near.
    sentences, with_entity, with_quantity, with_negative : int
        What was read, and how many held an entity, a quantity, and whatever `usable` looked for.

    Examples
    --------
    >>> from .vocabulary import Term, Vocabulary
    >>> words = Vocabulary([Term("hex bolt", "fastener", ("hexagon bolt",)), Term("nut", "fastener")])
    >>> graph = Graph.of(["hex bolt 20 mm", "Hexagon bolt 2 cm", "a nut"], Entities(None, words))
    >>> graph.nodes["entity", "hex bolt"]
    Node(name='hex bolt', kind='entity', provenance='user', aliases=('hexagon bolt',), count=2)
    >>> graph.edges[Edge(("entity", "hex bolt"), ("quantity", "0.02 m"), "has")]
    2
    """

    nodes: dict[tuple[str, str], Node] = field(default_factory=dict)
    edges: dict[Edge, float] = field(default_factory=dict)
    sentences: int = 0
    with_entity: int = 0
    with_quantity: int = 0
    with_negative: int = 0

    @classmethod
    def of(
        cls,
        sentences: Iterable[str],
        entities: Entities,
        *,
        parts: Callable[[str], Iterable[tuple[str, str]]] | None = None,
        usable: Callable[[str], bool] | None = None,
    ) -> Graph:
        """Of a stream of sentences.

        Parameters
        ----------
        sentences : iterable of str
        entities : Entities
        parts : callable, optional
            The parts of a sentence, each as its role and its lemma: ("action", "run").
        usable : callable, optional
            Whether a hard negative can be made of a sentence: counted for the coverage.
        """
        graph = cls()
        for term in entities.vocabulary.terms:
            graph._term(term)
        for sentence in sentences:
            graph._read(sentence, entities, parts)
            graph.with_negative += bool(usable and usable(sentence))
        return graph

    def _term(self, term: Term) -> None:
        named, of = ("entity", term.name), ("type", term.type)
        self.nodes[named] = Node(term.name, "entity", term.source, term.aliases)
        self.nodes.setdefault(of, Node(term.type, "type", term.source))
        self.edges[Edge(named, of, "is-a")] = 0
        for alias in term.aliases:
            self.nodes.setdefault(("entity", alias), Node(alias, "entity", term.source))
            self.edges[Edge(("entity", alias), named, "alias")] = 0

    def _read(self, sentence: str, entities: Entities, parts: Callable[[str], Iterable[tuple[str, str]]] | None) -> None:
        mentions, amounts = entities(sentence), quantities(sentence)
        self.sentences += 1
        self.with_entity += bool(mentions)
        self.with_quantity += bool(amounts)
        named = list(dict.fromkeys((("entity", m.lemma), m.type, m.source) for m in mentions))
        measured = list(dict.fromkeys(amount_name(q) for q in amounts))
        acted = list(dict.fromkeys(parts(sentence))) if parts else []
        for key, kind, source in named:
            self._count(key, source)
            self._count(("type", kind), source)
            self._tie(key, ("type", kind), "is-a")
        for name, unit in measured:
            self._count(("quantity", name), "corpus")
            if unit:
                self._count(("unit", unit), "corpus")
                self._tie(("quantity", name), ("unit", unit), "is-a")
        for role, lemma in acted:
            self._count(("part", f"{role}: {lemma}"), "corpus")
        for key, _, _ in named:
            for name, _ in measured:
                self._tie(key, ("quantity", name), "has")
            for role, lemma in acted:
                self._tie(key, ("part", f"{role}: {lemma}"), "has")
        for mention in mentions:
            if mention.source != "wordnet":
                self._alias(mention.text, mention.lemma, mention.source)

    def _alias(self, text: str, name: str, source: str) -> None:
        """A term was called by another of its names."""
        known = ("entity", name)
        alias = next((a for a in self.nodes[known].aliases if folded(a) == folded(text)), None)
        if alias is not None:
            self._count(("entity", alias), source)
            self._tie(("entity", alias), known, "alias")

    def _count(self, key: tuple[str, str], provenance: str, times: int = 1) -> None:
        node = self.nodes.get(key) or Node(key[1], key[0], provenance)
        best = max(node.provenance, provenance, key=lambda source: _RANK.get(source, 0))
        self.nodes[key] = replace(node, count=node.count + times, provenance=best)

    def _tie(self, start: tuple[str, str], end: tuple[str, str], kind: str) -> None:
        edge = Edge(start, end, kind)
        self.edges[edge] = self.edges.get(edge, 0) + 1

    def with_near(self, vectors_of: Callable[[list[str]], Any], *, neighbours: int = NEIGHBOURS, least: float = LEAST) -> Graph:
        """With soft edges between entities of one type that lie close to each other.

        Parameters
        ----------
        vectors_of : callable
            Vectors of n names, shape (n, d).
        neighbours : int
            Soft edges from each entity, at most.
        least : float
            Cosine that an edge needs.

        Raises
        ------
        InputError
            When there is not one finite vector for each name.
        """
        edges = dict(self.edges)
        for members in self.types().values():
            if len(members) > 1:
                for first, second, cosine in _near(members, vectors_of, neighbours):
                    if cosine >= least:
                        edges[Edge(("entity", first), ("entity", second), "near")] = cosine
        return replace(self, nodes=dict(self.nodes), edges=edges)

    def types(self) -> dict[str, list[str]]:
        """The names of the entities of each type."""
        found: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.kind == "is-a" and edge.start[0] == "entity":
                found.setdefault(edge.end[1], []).append(edge.start[1])
        return found

    def orphans(self) -> list[Node]:
        """Nodes without any edge."""
        tied = {end for edge in self.edges for end in (edge.start, edge.end)}
        return [node for key, node in self.nodes.items() if key not in tied]

    def grow(self, old: Graph) -> Graph:
        """With an earlier graph: counts and weights add up, aliases come together, the user's word stays.

        A cosine is no count: where both have a soft edge, that of this graph stands. Where the user of one of them gave a type to an
        entity, no other type of it is kept.
        """
        grown = Graph(dict(self.nodes), dict(self.edges))
        for key, node in old.nodes.items():
            grown._count(key, node.provenance, node.count)
            aliases = tuple(dict.fromkeys((*grown.nodes[key].aliases, *node.aliases)))
            grown.nodes[key] = replace(grown.nodes[key], aliases=aliases)
        for edge, weight in old.edges.items():
            known = grown.edges.get(edge)
            grown.edges[edge] = weight if known is None else known if edge.kind == "near" else known + weight
        for name in ("sentences", "with_entity", "with_quantity", "with_negative"):
            setattr(grown, name, getattr(self, name) + getattr(old, name))
        said = _types_by_user(self) | {key: kinds for key, kinds in _types_by_user(old).items() if key not in _types_by_user(self)}
        for edge in [e for e in grown.edges if e.kind == "is-a" and e.start in said and e.end not in said[e.start]]:
            del grown.edges[edge]
        return grown


def _types_by_user(graph: Graph) -> dict[tuple[str, str], set[tuple[str, str]]]:
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for edge in graph.edges:
        if edge.kind == "is-a" and edge.start[0] == "entity" and graph.nodes[edge.start].provenance == "user":
            found.setdefault(edge.start, set()).add(edge.end)
    return found


def amount_name(quantity: Quantity) -> tuple[str, str]:
    """The name of an amount, the same for 100 cm and 1 m, and the unit that it counts in.

    Examples
    --------
    >>> amount_name(quantities("100 cm")[0]), amount_name(quantities("two dogs")[0])
    (('1 m', 'm'), ('2', ''))
    """
    unit = next((one.unit for one in of_dimension(quantity.dimension) if one.factor == 1), "")
    return f"{float(quantity.amount):.12g} {unit}".strip(), unit


def _near(names: Sequence[str], vectors_of: Callable[[list[str]], Any], neighbours: int) -> Iterator[tuple[str, str, float]]:
    """For each name the nearest others with their cosines; a thousand rows at a time."""
    rows = np.asarray(vectors_of(list(names)), dtype=np.float32)
    if rows.ndim != 2 or len(rows) != len(names) or not np.isfinite(rows).all():
        raise InputError(f"vectors_of gave {rows.shape} for {len(names)} names.", hint="it must give one finite row for each name.")
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    for start in range(0, len(names), 1000):
        cosines = rows[start : start + 1000] @ rows.T
        for i, row in enumerate(cosines):
            row[start + i] = -2
            for j in np.argsort(-row, kind="stable")[: min(neighbours, len(names) - 1)]:
                yield names[start + i], names[j], float(row[j])
