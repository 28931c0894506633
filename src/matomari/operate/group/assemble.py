"""From groups of distinct texts to the tables, names and map that people see, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ...cluster.clustering import Clustering
from ...cluster.communities.graph import neighbor_graph
from ...cluster.names import Vocabulary, central, names
from ...cluster.soft.themes import Softness
from ...cluster.variants.variants import Merges
from ...rows.read import Rows
from ...vectors import Floats, Ints, neighbors
from ..items import Pictures
from ..tables import input_columns, numbers
from .deep import Deep
from .grouping import Grouping
from .layout import places
from .placing import STRANGE, Reference
from .tables import NEIGHBORS, OURS, group_columns, named
from .thumbnails import thumbnails

NEAREST = 15  # of each text, for the map
LISTED = 10  # of them in the table


@dataclass(frozen=True, eq=False)
class Draft:
    """Everything that the output is made of.

    Parameters
    ----------
    taken : Rows
        The input, n rows.
    distinct : list of str, length u
        Its distinct texts.
    place : array of int64, shape (n,)
        Which distinct text each row has; -1 for a row without text, which stays without a group.
    X : array, shape (u, d), float32
        Vectors of the distinct texts.
    found : Clustering
        Their groups.
    seed : int
    variants : bool
        Groups are variants of one thing: they are called by their most central text.
    soft : Softness, optional
        Prototypes, where the groups were made around them.
    pictures : Pictures, optional
        The items are images, which have no words: groups are called by their most central one.
    learnt : Deep, optional
        The code that the groups were made on, where one was learnt.
    """

    taken: Rows
    distinct: list[str]
    place: Ints
    X: Floats
    found: Clustering
    seed: int
    variants: bool
    soft: Softness | None = None
    pictures: Pictures | None = None
    learnt: Deep | None = None

    def finish(self, settings: dict[str, Any], notes: list[str], model: Any, merges: Merges | None) -> Grouping:
        """The result, with settings and notes written down in it."""
        table, summary = self.items(), self.groups()
        shown, said = self.shown(table)
        nearest = float(np.quantile(self.near[0][:, 0], STRANGE)) if self.near[0].size else -1.0
        run = settings | {
            "groups": self.found.k,
            "unassigned": int((self.spread(self.found.labels, -1) < 0).sum()),
            "coarser_names": self.coarser_called,
            "finer_names": self.finer_called,
            "nearest": round(nearest, 6),
            "notes": [*notes, *said],
        }
        if self.found.curve is not None:
            run["curve"] = self.found.curve.round(4).tolist()
        if self.soft is not None:
            run |= softness(self.soft)
        run["facts"] = facts(run, model)
        reference = Reference(
            settings["kind"],
            run["encoder"],
            model.fingerprint,
            self.distinct if self.pictures is None else self.pictures.keys,
            self.X.astype(np.float16),
            self.found.labels,
            self.found.k,
            run["nearest"],
            model,
            None if self.soft is None else self.soft.posterior,
            self.pictures is not None,
            None if self.learnt is None else self.learnt.code,
        )
        return Grouping(table, summary, run, reference, None if merges is None else self.merges(merges), shown)

    def shown(self, table: pa.Table) -> tuple[pa.Table | None, list[str]]:
        """Small copies of images for the report, and a note where they are not all."""
        if self.pictures is None:
            return None, []
        central = [int(self.first_row[e]) for of in self.center[0] for e in of]
        return thumbnails(self.pictures.rows.files, central, numbers(table, "cluster"), numbers(table, "margin"))

    def spread(self, values: Any, blank: Any) -> Any:
        """Values of the distinct texts, per row; `blank` for a row without text."""
        return np.where(self.place < 0, blank, values[np.maximum(self.place, 0)])

    @cached_property
    def coarse(self) -> Ints:
        """Coarser group of each distinct text."""
        return np.where(self.found.labels >= 0, self.found.coarser[np.maximum(self.found.labels, 0)], -1)

    @cached_property
    def near(self) -> tuple[Floats, Ints]:
        """Cosines and positions of the nearest distinct texts of each."""
        if self.found.near is not None and self.found.near[0].shape[1] >= min(NEAREST, len(self.X) - 1):
            return self.found.near[0][:, :NEAREST], self.found.near[1][:, :NEAREST]
        return neighbors(self.X, NEAREST, seed=self.seed)

    @cached_property
    def first_row(self) -> Ints:
        """The first row that has each distinct text."""
        spoken = np.flatnonzero(self.place >= 0)
        first = np.empty(len(self.distinct), np.int64)
        first[self.place[spoken[::-1]]] = spoken[::-1]
        return first

    @cached_property
    def center(self) -> tuple[list[list[int]], Floats, Floats]:
        """Most central texts, centre and cohesion of each group."""
        return central(self.X, self.found.labels, self.found.k)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the distinct texts."""
        return Vocabulary(self.distinct, self.seed)

    @cached_property
    def terms(self) -> list[list[str]]:
        """Keywords of each group."""
        if self.pictures is not None:
            return [[]] * self.found.k
        return self.vocabulary.keywords(self.found.labels, self.found.k)

    @cached_property
    def called(self) -> list[str]:
        """Name of each group."""
        return names(self.terms, [self.distinct[of[0]] for of in self.center[0]], self.variants)

    @cached_property
    def coarser_called(self) -> list[str]:
        """Name of each coarser group."""
        return self._layer_names(self.coarse)

    @cached_property
    def finer_called(self) -> list[str]:
        """Name of each finer group."""
        return self._layer_names(self.found.finer)

    def _layer_names(self, labels: Ints) -> list[str]:
        k = int(labels.max(initial=-1)) + 1
        examples = [self.distinct[of[0]] for of in central(self.X, labels, k, 1)[0]]
        terms: list[list[str]] = [[]] * k if self.variants or self.pictures is not None else self.vocabulary.keywords(labels, k)
        return names(terms, examples, self.variants)

    def items(self) -> pa.Table:
        """One row an input row: all its columns, and ours."""
        found = self.found
        labels, runner_up = self.spread(found.labels, -1), self.spread(found.runner_up, -1)
        own, other = self.spread(found.own, 0.0), self.spread(found.other, 0.0)
        coarse, finer = self.spread(self.coarse, -1), self.spread(found.finer, -1)
        columns: dict[str, Any] = {"id": self.taken.ids, **input_columns(self.taken, OURS)}
        columns |= group_columns(labels, own, runner_up, other, self.called)
        columns |= {"coarser": pa.array(coarse), "coarser_name": named(coarse, self.coarser_called)}
        columns |= {"finer": pa.array(finer), "finer_name": named(finer, self.finer_called)}
        xy = self._xy()
        columns |= {"x": pa.array(xy[:, 0]), "y": pa.array(xy[:, 1]), "neighbors": self._neighbors()}
        return pa.table(columns)

    def groups(self) -> pa.Table:
        """One row a group."""
        found, (examples, _, cohesion) = self.found, self.center
        ids, labels = self.taken.ids, self.spread(found.labels, -1)
        return pa.table(
            {
                "cluster": pa.array(np.arange(found.k)),
                "size": pa.array(np.bincount(labels[labels >= 0], minlength=found.k)),
                "name": pa.array(self.called, pa.string()),
                "keywords": pa.array(self.terms, pa.list_(pa.string())),
                "representative_ids": pa.array(
                    [[ids[int(self.first_row[e])].as_py() for e in of] for of in examples], pa.list_(pa.string())
                ),
                "examples": pa.array([[self.distinct[e] for e in of] for of in examples], pa.list_(pa.string())),
                "cohesion": pa.array(cohesion.clip(0, 1)),
                "stability": pa.array(found.stability),
                "coarser": pa.array(found.coarser),
                "coarser_name": named(found.coarser, self.coarser_called),
            }
        )

    def merges(self, merges: Merges) -> pa.Table:
        """One row a merge: the two texts that tied it, the average score, and why."""
        ids, rows = self.taken.ids, self.first_row
        first, second = merges.first.tolist(), merges.second.tolist()
        return pa.table(
            {
                "id_a": pa.array([ids[int(rows[i])].as_py() for i in first], pa.string()),
                "id_b": pa.array([ids[int(rows[i])].as_py() for i in second], pa.string()),
                "text_a": pa.array([self.distinct[i] for i in first], pa.string()),
                "text_b": pa.array([self.distinct[i] for i in second], pa.string()),
                "cluster": pa.array(self.found.labels[merges.first]),
                "score": pa.array(merges.score),
                "why": pa.array(merges.why, pa.string()),
            }
        )

    def _xy(self) -> Floats:
        cosines, near = self.near
        xy = places(self.X, near, neighbor_graph(cosines, near), self.seed) if near.shape[1] else np.zeros((len(self.X), 2), np.float32)
        corner = xy.min(axis=0) - 0.05 * np.ptp(xy, axis=0)  # rows without text wait in a corner of the map
        return np.where(self.place[:, None] < 0, corner, xy[np.maximum(self.place, 0)]).astype(np.float32)

    def _neighbors(self) -> pa.Array:
        """For each row the numbers of its nearest rows with another text, and their cosine distances."""
        cosines, near = (values[:, :LISTED] for values in self.near)
        offsets = np.concatenate([[0], np.cumsum(np.where(self.place >= 0, near.shape[1], 0))]).astype(np.int32)
        spoken = self.place[self.place >= 0]
        ids = pa.ListArray.from_arrays(offsets, pa.array(self.first_row[near[spoken]].ravel()))
        distances = pa.ListArray.from_arrays(offsets, pa.array((1 - cosines[spoken]).clip(0, 2).astype(np.float32).ravel()))
        return pa.StructArray.from_arrays([ids, distances], fields=list(NEIGHBORS))


def softness(soft: Softness) -> dict[str, Any]:
    """What the report tells of the temperature."""
    return {
        "confidence_temperature": soft.posterior.temperature,
        "path": {
            "temperatures": soft.path.temperatures.tolist(),
            "distinct": soft.path.distinct.tolist(),
            "critical": soft.path.critical,
            "chosen": soft.learnt,
            "agreement": soft.agreement,
        },
    }


def facts(run: dict[str, Any], model: Any) -> dict[str, str]:
    """The head of the report."""
    return {
        "rows": f"{run['rows']:,} ({run['distinct_texts']:,} distinct {'images' if run['image'] else 'texts'})",
        "kind": f"{run['kind']}, because {run['kind_reason']}",
        "groups": f"{run['groups']:,}: {run['groups_reason']}",
        **({} if run["image"] else {"text": ", ".join(run["text_columns"])}),
        "encoder": f"{model.name}, {model.dimension} dimensions",
        "seed": str(run["seed"]),
        "version": f"matomari {run['matomari']}",
    }
