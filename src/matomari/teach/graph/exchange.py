"""A graph as tables, and as GraphML for other programs."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa

from ...errors import InputError
from ...wording import visible
from .graph import EDGE_KINDS, NODE_KINDS, Edge, Graph, Node

_COUNTS = ("sentences", "with_entity", "with_quantity", "with_negative")
_XMLNS = "http://graphml.graphdrawing.org/xmlns"


def node_table(graph: Graph) -> pa.Table:
    """One row a node: name, kind, provenance, aliases, count.

    Examples
    --------
    >>> node_table(Graph({("type", "animal"): Node("animal", "type")})).to_pylist()
    [{'name': 'animal', 'kind': 'type', 'provenance': 'corpus', 'aliases': [], 'count': 0}]
    """
    nodes = list(graph.nodes.values())
    return pa.table(
        {
            "name": pa.array([n.name for n in nodes], pa.string()),
            "kind": pa.array([n.kind for n in nodes], pa.string()),
            "provenance": pa.array([n.provenance for n in nodes], pa.string()),
            "aliases": pa.array([list(n.aliases) for n in nodes], pa.list_(pa.string())),
            "count": pa.array([n.count for n in nodes], pa.int64()),
        }
    )


def edge_table(graph: Graph) -> pa.Table:
    """One row an edge: from_kind, from, to_kind, to, kind, weight; what was read of how many sentences stands in the schema's metadata.

    Examples
    --------
    >>> edge = Edge(("entity", "dog"), ("type", "animal"), "is-a")
    >>> list(edge_table(Graph(edges={edge: 3})).to_pylist()[0].values())
    ['entity', 'dog', 'type', 'animal', 'is-a', 3.0]
    """
    edges = list(graph.edges)
    columns = {
        "from_kind": [e.start[0] for e in edges],
        "from": [e.start[1] for e in edges],
        "to_kind": [e.end[0] for e in edges],
        "to": [e.end[1] for e in edges],
        "kind": [e.kind for e in edges],
    }
    table = pa.table(
        {name: pa.array(values, pa.string()) for name, values in columns.items()} | {"weight": pa.array(graph.edges.values(), pa.float64())}
    )
    return table.replace_schema_metadata({name: str(getattr(graph, name)) for name in _COUNTS})


def from_tables(nodes: pa.Table, edges: pa.Table) -> Graph:
    """The graph that `node_table` and `edge_table` were made of.

    Raises
    ------
    InputError
        When a column is missing, a kind is unknown, or an edge ends at no node.

    Examples
    --------
    >>> graph = Graph({("type", "animal"): Node("animal", "type", count=2)}, sentences=7)
    >>> from_tables(node_table(graph), edge_table(graph)) == graph
    True
    """
    for table, name, columns in ((nodes, "nodes", node_table(Graph())), (edges, "edges", edge_table(Graph()))):
        missing = [column for column in columns.column_names if column not in table.column_names]
        if missing:
            raise InputError(
                f"the table of {name} has no column {missing[0]!r}.", hint=f"its columns are {', '.join(columns.column_names)}."
            )
    found: dict[tuple[str, str], Node] = {}
    for row in nodes.to_pylist():
        if row["kind"] not in NODE_KINDS:
            raise InputError(
                f"the node {row['name']!r} is of no known kind: {row['kind']!r}.", hint=f"a node is one of {', '.join(NODE_KINDS)}."
            )
        found[row["kind"], row["name"]] = Node(
            row["name"], row["kind"], row["provenance"], aliases=tuple(row["aliases"]), count=row["count"]
        )
    weights: dict[Edge, float] = {}
    for row in edges.to_pylist():
        edge = Edge((row["from_kind"], row["from"]), (row["to_kind"], row["to"]), row["kind"])
        if edge.kind not in EDGE_KINDS:
            raise InputError(
                f"an edge from {row['from']!r} is of no known kind: {edge.kind!r}.", hint=f"an edge is one of {', '.join(EDGE_KINDS)}."
            )
        if edge.start not in found or edge.end not in found:
            raise InputError(f"the edge from {row['from']!r} to {row['to']!r} ends at no node.", hint="give the tables of one graph.")
        weights[edge] = row["weight"]
    counts = {key.decode(): int(value) for key, value in (edges.schema.metadata or {}).items() if key.decode() in _COUNTS}
    return Graph(found, weights, **counts)


def write_graphml(graph: Graph, path: str | os.PathLike[str]) -> None:
    """As GraphML, which Gephi, yEd and networkx read: directed, with all that nodes and edges hold.

    Parameters
    ----------
    graph : Graph
    path : path
        A file, which is written anew.

    References
    ----------
    Brandes et al., "GraphML Progress Report", Graph Drawing 2001; http://graphml.graphdrawing.org.

    Examples
    --------
    >>> write_graphml(Graph(), "graph.graphml")  # doctest: +SKIP
    """
    root = ET.Element("graphml", xmlns=_XMLNS)
    fields = [("name", "node", "string"), ("kind", "node", "string"), ("provenance", "node", "string"), ("aliases", "node", "string")]
    fields += [("count", "node", "long"), ("relation", "edge", "string"), ("weight", "edge", "double")]
    for name, owner, kind in fields:
        ET.SubElement(root, "key", {"id": name, "for": owner, "attr.name": name, "attr.type": kind})
    inside = ET.SubElement(root, "graph", edgedefault="directed")
    numbers = {key: f"n{number}" for number, key in enumerate(graph.nodes)}
    for key, node in graph.nodes.items():
        element = ET.SubElement(inside, "node", id=numbers[key])
        for name, value in (("name", node.name), ("kind", node.kind), ("provenance", node.provenance), ("aliases", "|".join(node.aliases))):
            ET.SubElement(element, "data", key=name).text = visible(value)
        ET.SubElement(element, "data", key="count").text = str(node.count)
    for edge, weight in graph.edges.items():
        element = ET.SubElement(inside, "edge", source=numbers[edge.start], target=numbers[edge.end])
        ET.SubElement(element, "data", key="relation").text = edge.kind
        ET.SubElement(element, "data", key="weight").text = repr(float(weight))
    Path(path).write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
