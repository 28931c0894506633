"""Entities and the graph that is built of them, on sentences whose counts are made by hand."""

from __future__ import annotations

import math
import tracemalloc
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest

from builders.tiny_wordnet import tiny_wordnet
from builders.wordnet import needs_wordnet, the_wordnet
from matomari.errors import InputError
from matomari.teach.graph.coverage import coverage
from matomari.teach.graph.entities import Entities
from matomari.teach.graph.exchange import edge_table, from_tables, node_table, write_graphml
from matomari.teach.graph.graph import Edge, Graph, Node
from matomari.teach.graph.vocabulary import Term, Vocabulary
from matomari.teach.graph.wordnet import WordNet

WORDS = Vocabulary([Term("hex bolt", "fastener", ("hexagon bolt",)), Term("rivet", "fastener"), Term("oak", "wood")])
TEXTS = ["hex bolt 20 mm", "Hexagon bolt, 2 cm", "two rivets", "oak", "nothing", "oak, 3 kg"]
BOLT, FASTENER = ("entity", "hex bolt"), ("type", "fastener")


@pytest.fixture
def graph() -> Graph:
    return Graph.of(TEXTS, Entities(None, WORDS), usable=lambda text: "mm" in text)


def test_mentions_of_a_tiny_wordnet(tmp_path: Path) -> None:
    net = WordNet.load(tiny_wordnet(tmp_path))
    find = Entities(net, Vocabulary([Term("Rex", "name")]), {"dog": 9, "goose": 1}, floor=5)
    found = find("Rex, dogs, geese and a HOT DOG")
    assert [(m.text, m.lemma, m.type, m.source) for m in found] == [
        ("Rex", "Rex", "name", "user"),
        ("dogs", "dog", "animal", "wordnet"),  # geese are too rare in this corpus
        ("HOT DOG", "hot dog", "entity", "wordnet"),
    ]


@needs_wordnet
def test_clear_nouns_of_the_real_wordnet() -> None:
    find = Entities(the_wordnet())
    assert [m.lemma for m in find("A dog runs by the fire hydrant, swimming in two rivers")] == ["dog", "fire hydrant", "river"]
    assert [m.type for m in find("a dog and a truck")] == ["animal", "conveyance"]


def test_counts_and_edges_by_hand(graph: Graph) -> None:
    assert graph.nodes[BOLT] == Node("hex bolt", "entity", "user", ("hexagon bolt",), 2)
    assert graph.nodes["entity", "hexagon bolt"].count == 1
    assert graph.nodes[FASTENER].count == 3
    assert graph.edges[Edge(BOLT, FASTENER, "is-a")] == 2
    assert graph.edges[Edge(BOLT, ("quantity", "0.02 m"), "has")] == 2  # 20 mm and 2 cm
    assert graph.edges[Edge(("quantity", "0.02 m"), ("unit", "m"), "is-a")] == 2
    assert graph.edges[Edge(("entity", "hexagon bolt"), BOLT, "alias")] == 1


def test_parts_are_nodes() -> None:
    graph = Graph.of(["a rivet holds"], Entities(None, WORDS), parts=lambda text: [("action", "hold")])
    assert graph.nodes["part", "action: hold"].count == 1
    assert graph.edges[Edge(("entity", "rivet"), ("part", "action: hold"), "has")] == 1


def test_coverage_by_hand(graph: Graph) -> None:
    found = coverage(graph)
    assert (found.sentences, found.orphans) == (6, 0)
    assert (found.with_entity, found.with_quantity, found.with_negative) == (5 / 6, 4 / 6, 1 / 6)
    shares = (3 / 5, 2 / 5)  # fasteners and woods
    assert found.type_entropy == pytest.approx(-sum(p * math.log2(p) for p in shares))
    assert coverage(Graph()) == (0, 0, 0, 0, 0, 0)


def test_orphans_are_found(graph: Graph) -> None:
    graph.nodes["part", "lost"] = Node("lost", "part")
    assert [node.name for node in graph.orphans()] == ["lost"]


def test_growing_adds_up_and_the_user_wins(graph: Graph) -> None:
    guess = ("entity", "hex bolt"), ("type", "device")
    old = Graph({BOLT: Node("hex bolt", "entity", "wordnet", ("hex",), 5), guess[1]: Node("device", "type")}, {Edge(*guess, "is-a"): 5})
    old.sentences = 5
    for grown in (graph.grow(old), old.grow(graph)):
        assert grown.nodes[BOLT].count == 7
        assert grown.nodes[BOLT].provenance == "user"
        assert set(grown.nodes[BOLT].aliases) == {"hexagon bolt", "hex"}
        assert Edge(*guess, "is-a") not in grown.edges
        assert grown.edges[Edge(BOLT, FASTENER, "is-a")] == 2
        assert grown.sentences == 11
    twice = graph.grow(graph)
    assert twice.edges[Edge(BOLT, ("quantity", "0.02 m"), "has")] == 4
    assert graph.nodes[BOLT].count == 2  # what grew is another graph


def test_two_halves_make_the_whole(graph: Graph) -> None:
    find = Entities(None, WORDS)
    halves = Graph.of(TEXTS[3:], find, usable=lambda text: "mm" in text).grow(Graph.of(TEXTS[:3], find, usable=lambda text: "mm" in text))
    assert halves.nodes == graph.nodes
    assert halves.edges == graph.edges
    assert coverage(halves) == coverage(graph)


def test_soft_edges_join_near_entities_of_one_type(graph: Graph) -> None:
    places = {"hex bolt": [1.0, 0.0], "rivet": [1.0, 0.1], "oak": [1.0, 0.0]}
    near = graph.with_near(lambda names: np.array([places[name] for name in names]))
    soft = {(edge.start[1], edge.end[1]): weight for edge, weight in near.edges.items() if edge.kind == "near"}
    assert set(soft) == {("hex bolt", "rivet"), ("rivet", "hex bolt")}  # an oak is of another type
    assert soft["rivet", "hex bolt"] == pytest.approx(1 / math.hypot(1, 0.1))
    assert not any(edge.kind == "near" for edge in graph.edges)
    far = graph.with_near(lambda names: np.eye(len(names)))
    assert not any(edge.kind == "near" for edge in far.edges)


@pytest.mark.parametrize("rows", [np.zeros((1, 2)), np.full((2, 2), np.nan), np.zeros(2)])
def test_wrong_vectors_are_refused(graph: Graph, rows: np.ndarray) -> None:
    with pytest.raises(InputError, match="vectors_of gave"):
        graph.with_near(lambda names: rows)


def test_tables_and_back(graph: Graph) -> None:
    assert from_tables(node_table(graph), edge_table(graph)) == graph


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n, e: (n.drop_columns(["count"]), e), "the table of nodes has no column 'count'"),
        (lambda n, e: (n.slice(1), e), "ends at no node"),
        (lambda n, e: (n, e.set_column(4, "kind", pa.array(["x"] * len(e)))), "is of no known kind: 'x'"),
        (lambda n, e: (n.set_column(1, "kind", pa.array(["x"] * len(n))), e), "is of no known kind: 'x'"),
    ],
)
def test_wrong_tables_are_refused(graph: Graph, change: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_tables(*change(node_table(graph), edge_table(graph)))  # type: ignore[operator]


def test_graphml_is_read_by_others(graph: Graph, tmp_path: Path) -> None:
    graph.nodes["entity", "a<b&\x00c"] = Node("a<b&\x00c", "entity")
    write_graphml(graph, tmp_path / "graph.graphml")
    root = ElementTree.parse(tmp_path / "graph.graphml").getroot()
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f"{space}graph/{space}node")) == len(graph.nodes)
    assert len(root.findall(f"{space}graph/{space}edge")) == len(graph.edges)
    networkx = pytest.importorskip("networkx")
    read = networkx.read_graphml(tmp_path / "graph.graphml")
    names = networkx.get_node_attributes(read, "name")
    assert {"hex bolt", "a<b&␀c"} <= set(names.values())
    bolt = next(key for key, name in names.items() if name == "hex bolt")
    assert read.nodes[bolt]["count"] == 2
    kinds = {(names[a], names[b]): data["relation"] for a, b, data in read.edges(data=True)}
    assert kinds["hex bolt", "fastener"] == "is-a"


def test_memory_does_not_grow_with_repetition() -> None:
    find = Entities(None, WORDS)

    def peak(times: int) -> int:
        tracemalloc.start()
        Graph.of((text for _ in range(times) for text in TEXTS), find)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(1000) < 1.5 * peak(100)
