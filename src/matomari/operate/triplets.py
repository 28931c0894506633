"""Triplets in a folder: what an encoder is to bring together and what it is to tell apart, with what was left out and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DamagedError, InputError
from ..rows.pairs import read_pairs
from ..store.artefact import load, writing
from ..store.atomic import replacing
from ..store.destination import kind_of
from ..store.formats import load_json, save_json
from .tables import write_csv

KIND = "triplet-set"
TABLES = ("triplets", "audit", "nodes", "edges")
PLACES = {"triplets": "triplets.parquet", "audit": "audit.parquet", "nodes": "graph/nodes.parquet", "edges": "graph/edges.parquet"}
OTHERS = ("exports/sentence-transformers.jsonl", "exports/flagembedding.jsonl")  # the triplets as other libraries read them
FILES = (*PLACES.values(), "audit.csv", "graph/graph.graphml", "report.html", "run.json", *OTHERS)
COLUMNS = ("anchor", "positive", "negative", "kind")
GIVEN = "given"  # the kind of triplets whose table names none


@dataclass(frozen=True, eq=False, kw_only=True)
class TripletSet:
    """Triplets, and how they came about.

    Attributes
    ----------
    triplets : pyarrow.Table
        `anchor`, `positive`, `negative`, `kind`, `made` (how the positive and the negative were made).
    audit : pyarrow.Table
        What was left out: the same columns, `side` (positive or negative: which of them was at fault) and `reason`; `kind` is empty where no negative was tried.
    nodes, edges : pyarrow.Table
        The graph of what the texts speak of.
    graphml : str
        The same as GraphML.
    record : dict
        Source, counts, coverage, options, notes, as JSON values.
    page : str
        The report.
    """

    triplets: pa.Table
    audit: pa.Table
    nodes: pa.Table = field(repr=False)
    edges: pa.Table = field(repr=False)
    graphml: str = field(repr=False)
    record: Mapping[str, Any] = field(repr=False)
    page: str = field(repr=False)

    def __len__(self) -> int:
        return len(self.triplets)

    def __repr__(self) -> str:
        return f"TripletSet({len(self.triplets):,} triplets, {len(self.audit):,} left out)"

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.record["notes"])

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        if path is None:
            return self.page
        with replacing(path) as draft:
            draft.write_text(self.page, encoding="utf-8")
        return Path(path)

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new."""
        with writing(path, kind=KIND, files=FILES) as stage:
            (stage / "graph").mkdir()
            for name in TABLES:
                pq.write_table(getattr(self, name), stage / PLACES[name])
            write_csv(self.audit, stage / "audit.csv")
            (stage / "graph" / "graph.graphml").write_text(self.graphml, encoding="utf-8")
            (stage / "report.html").write_text(self.page, encoding="utf-8")
            save_json(stage / "run.json", dict(self.record))
            (stage / "exports").mkdir()
            for place, lines in zip(OTHERS, (as_rows(self.triplets), as_queries(self.triplets)), strict=True):
                (stage / place).write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> TripletSet:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            tables = {name: pq.read_table(artefact.file(PLACES[name])) for name in TABLES}
            return cls(
                **tables,
                graphml=artefact.file("graph/graph.graphml").read_text(encoding="utf-8"),
                record=load_json(artefact.file("run.json")),
                page=artefact.file("report.html").read_text(encoding="utf-8"),
            )
        except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold triplets: {error}.", hint="run matomari teach pairs again.") from error


def as_rows(triplets: pa.Table) -> Iterator[dict[str, Any]]:
    """The three texts of each triplet, under names that sentence-transformers takes in this order.

    Examples
    --------
    >>> table = pa.table({"anchor": ["a", "a"], "positive": ["b", "b"], "negative": ["c", "d"], "kind": ["unit", "role"]})
    >>> list(as_rows(table))[0]
    {'anchor': 'a', 'positive': 'b', 'negative': 'c'}
    """
    yield from triplets.select(COLUMNS[:3]).to_pylist()


def as_queries(triplets: pa.Table) -> Iterator[dict[str, Any]]:
    """Each anchor once with all its positives and negatives, as FlagEmbedding reads them.

    Examples
    --------
    >>> table = pa.table({"anchor": ["a", "a"], "positive": ["b", "b"], "negative": ["c", "d"], "kind": ["unit", "role"]})
    >>> list(as_queries(table))
    [{'query': 'a', 'pos': ['b'], 'neg': ['c', 'd']}]
    """
    sides: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for anchor, positive, negative in zip(*(triplets[name].to_pylist() for name in COLUMNS[:3]), strict=True):
        positives, negatives = sides.setdefault(anchor, ({}, {}))
        positives[positive] = negatives[negative] = None
    for anchor, (positives, negatives) in sides.items():
        yield {"query": anchor, "pos": list(positives), "neg": list(negatives)}


def read_triplets(source: Any, columns: Any = None) -> tuple[pa.Table, list[str]]:
    """Triplets of a folder of ours, or of any table of pairs with negatives.

    Parameters
    ----------
    source : path, "-", table or TripletSet
    columns : (str, str), optional
        As of `read_pairs`.

    Returns
    -------
    table : pyarrow.Table
        With the columns anchor, positive, negative, kind; a pair with several negatives is as many triplets.
    notes : list of str

    Raises
    ------
    InputError
        There is no negative, or the table cannot be read.
    """
    if isinstance(source, TripletSet):
        return source.triplets.select(COLUMNS), []
    if is_triplets(source):
        return TripletSet.load(source).triplets.select(COLUMNS), []
    pairs = read_pairs(source, columns=columns)
    if pairs.negatives is None:
        raise InputError("the pairs have no negatives, and this objective learns from them.", hint="name a column of them 'negative'.")
    rows = [
        (anchor, positive, negative)
        for anchor, positive, negatives in zip(
            pairs.anchors.to_pylist(), pairs.positives.to_pylist(), pairs.negatives.to_pylist(), strict=True
        )
        for negative in negatives
    ]
    if not rows:
        raise InputError("none of the pairs has a negative, and this objective learns from them.", hint="fill the column of negatives.")
    sides = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(COLUMNS[:3])}
    return pa.table({**sides, "kind": pa.array([GIVEN] * len(rows), pa.string())}), list(pairs.notes)


def is_triplets(source: Any) -> bool:
    """Whether the source is a folder of triplets, or triplets in memory."""
    return isinstance(source, TripletSet) or (isinstance(source, str | Path) and source != "-" and kind_of(source) == KIND)
