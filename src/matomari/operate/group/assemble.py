"""From groups of distinct items to the tables, names and map that people see, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ...cluster.clustering import Clustering
from ...cluster.communities.graph import neighbor_graph
from ...cluster.membership import Membership
from ...cluster.naming.central import central, usual_spelling
from ...cluster.naming.keywords import Keywords
from ...cluster.naming.names import Namer, names
from ...cluster.soft.themes import Softness
from ...cluster.variants.review import Doubtful
from ...cluster.variants.variants import Merges
from ...errors import InputError
from ...vectors import Floats, Ints, neighbors
from ..items import EncodedItems
from ..run import GroupRun
from ..tables import input_columns, numbers
from .deep import Deep
from .grouping import Grouping
from .layout import places
from .placing import STRANGE, Reference
from .tables import NEIGHBORS, OURS, group_columns, named
from .thumbnails import thumbnails

NEAREST = 15  # of each item, for the map
LISTED = 10  # of them in the table


@dataclass(frozen=True, eq=False, kw_only=True)
class Draft:
    """Everything that the result is made of.

    Parameters
    ----------
    items : EncodedItems, u of n rows
    clustering : Clustering
        Of the items.
    kind : "themes" or "variants"
        Variants are called by their usual spelling.
    seed : int
    merges : Merges, optional
        What tied variants together.
    soft : Softness, optional
        Prototypes, where the groups were made around them.
    deep : Deep, optional
        The code that the groups were made on, where one was learnt.
    stop_words : frozenset of str
        More words that no keyword begins or ends with.
    namer : callable, optional
        Names the groups instead.
    """

    items: EncodedItems
    clustering: Clustering
    kind: str
    seed: int
    merges: Merges | None = None
    soft: Softness | None = None
    deep: Deep | None = None
    stop_words: frozenset[str] = frozenset()
    namer: Namer | None = None

    def finish(self, settings: dict[str, Any], notes: list[str]) -> Grouping:
        """The result, with settings and notes written down in it."""
        table, summary = self.table(), self.summary()
        thumbnails, shown = self.thumbnails(table)
        nearest = float(np.quantile(self.near[0][:, 0], STRANGE)) if self.near[0].size else -1.0
        run = GroupRun(
            **settings,
            groups=self.clustering.k,
            unassigned=int((self.by_row.label < 0).sum()),
            coarser_names=self.coarser_called,
            finer_names=self.finer_called,
            nearest=round(nearest, 6),
            notes=[*notes, *shown, *self.said_of_names],
            **({} if self.clustering.curve is None else {"curve": self.clustering.curve.round(4).tolist()}),
            **({} if self.soft is None else softness(self.soft)),
        )
        run = replace(run, facts=facts(run, self.items))
        return Grouping(
            items=table,
            groups=summary,
            run=run,
            reference=self.reference(run),
            merges=None if self.merges is None else self.merge_table(self.merges),
            review=None if self.merges is None else self.review_table(self.merges.doubtful),
            thumbnails=thumbnails,
        )

    def reference(self, run: GroupRun) -> Reference:
        """What places new items."""
        return Reference(
            medium=self.items.medium,
            kind=self.kind,
            encoder_name=run.encoder,
            fingerprint=run.encoder_fingerprint,
            keys=self.items.keys,
            vectors=self.items.X.astype(np.float16),
            labels=self.clustering.labels,
            k=self.clustering.k,
            nearest=run.nearest,
            encoder=self.items.encoder,
            posterior=None if self.soft is None else self.soft.posterior,
            code=None if self.deep is None else self.deep.code,
            boilerplate=self.items.boilerplate,
            vocabulary=run.vocabulary or (),
            records=self.items.records,
        )

    def thumbnails(self, table: pa.Table) -> tuple[pa.Table | None, list[str]]:
        """Small copies of images for the report, and a note where they are not all."""
        files = self.items.medium.files(self.items.rows)
        if not files:
            return None, []
        examples = [int(self.first_row[item]) for of in self.center[0] for item in of]
        return thumbnails(list(files.values()), examples, numbers(table, "cluster"), numbers(table, "margin"))

    def spread(self, values: Any, blank: Any) -> Any:
        """Values of the items, per row; `blank` for a row without a word."""
        place = self.items.place
        return np.where(place < 0, blank, values[np.maximum(place, 0)])

    @cached_property
    def by_row(self) -> Membership:
        """The membership of each row; a row without a word has none."""
        member = self.clustering.membership
        return Membership(
            label=self.spread(member.label, -1),
            strength=self.spread(member.strength, 0.0),
            runner_up=self.spread(member.runner_up, -1),
            runner_strength=self.spread(member.runner_strength, 0.0),
        )

    @cached_property
    def coarse(self) -> Ints:
        """Coarser group of each item."""
        labels = self.clustering.labels
        return np.where(labels >= 0, self.clustering.coarser[np.maximum(labels, 0)], -1)

    @cached_property
    def near(self) -> tuple[Floats, Ints]:
        """Cosines and positions of the nearest other items of each."""
        table, X = self.clustering.near, self.items.X
        if table is not None and table[0].shape[1] >= min(NEAREST, len(X) - 1):
            return table[0][:, :NEAREST], table[1][:, :NEAREST]
        return neighbors(X, NEAREST, seed=self.seed)

    @cached_property
    def first_row(self) -> Ints:
        """The first row that has each item."""
        place = self.items.place
        spoken = np.flatnonzero(place >= 0)
        first = np.empty(len(self.items), np.int64)
        first[place[spoken[::-1]]] = spoken[::-1]
        return first

    @cached_property
    def center(self) -> tuple[list[list[int]], Floats, Floats]:
        """Most central items, centre and cohesion of each group."""
        return central(self.items.X, self.clustering.labels, self.clustering.k)

    @cached_property
    def words(self) -> Keywords:
        """The phrases of the items."""
        items = self.items
        encode = None if self.kind == "variants" else items.encoder.encode  # variants are called by a text: counts will do for keywords
        return Keywords(items.inputs, items.X, encode=encode, stop_words=self.stop_words, seed=self.seed)

    @property
    def said_of_names(self) -> list[str]:
        """How keywords were made, of which themes have names."""
        if self.kind == "variants" or not self.items.medium.has_words:
            return []
        return [f"{self.words.note}; --stop-words FILE (stop_words=…) adds words"]

    @cached_property
    def terms(self) -> list[list[str]]:
        """Keywords of each group; images have none."""
        return self.keywords(self.clustering.labels, self.clustering.k)

    def keywords(self, labels: Ints, k: int) -> list[list[str]]:
        """Keywords of each of k groups of the items."""
        return self.words.of(labels, k) if self.items.medium.has_words else [[]] * k

    @cached_property
    def called(self) -> list[str]:
        """Name of each group."""
        labels, (examples, _, _) = self.clustering.labels, self.center
        texts = [[self.items.names[e] for e in of] for of in examples]
        if self.namer is not None:
            return names([[]] * self.clustering.k, [_text(self.namer(t, e)) for t, e in zip(self.terms, texts, strict=True)])
        parents = [self.coarser_called[c] for c in self.clustering.coarser.tolist()]
        return self._names(self.terms, self._stands_for(labels, self.clustering.k), labels, parents)

    @cached_property
    def coarser_called(self) -> list[str]:
        """Name of each coarser group."""
        return self._layer_names(self.coarse, None)

    @cached_property
    def finer_called(self) -> list[str]:
        """Name of each finer group."""
        finer, labels = self.clustering.finer, self.clustering.labels
        inside = np.zeros(int(finer.max(initial=-1)) + 1, np.int64)
        inside[finer[finer >= 0]] = labels[finer >= 0]
        return self._layer_names(finer, [self.called[group] for group in inside.tolist()])

    def _layer_names(self, labels: Ints, parents: list[str] | None) -> list[str]:
        k = int(labels.max(initial=-1)) + 1
        terms = [[]] * k if self.kind == "variants" else self.keywords(labels, k)
        return self._names(terms, self._stands_for(labels, k), labels, parents)

    def _stands_for(self, labels: Ints, k: int) -> list[str]:
        """The text that stands for each of k groups: the most central, or the usual one of spellings."""
        if self.kind == "variants":
            chosen = usual_spelling(self.items.names, self.items.weight, labels, k)
        else:
            chosen = [of[0] for of in central(self.items.X, labels, k, 1)[0]]
        return [self.items.names[item] for item in chosen]

    def _names(self, terms: list[list[str]], examples: list[str], labels: Ints, parents: list[str] | None) -> list[str]:
        """Names by keywords, or by what most rows say; variants are called by their usual spelling."""
        if self.kind == "variants":
            return names([[]] * len(examples), examples)
        return names(terms, examples, usual=self._usual(labels, len(examples)), parents=parents)

    def _usual(self, labels: Ints, k: int) -> list[str | None]:
        """The text that more than half of the rows of a group have, where several have it."""
        weight = self.items.weight
        rows = np.bincount(labels[labels >= 0], weight[labels >= 0], minlength=k)
        usual: list[str | None] = [None] * k
        for item in np.flatnonzero((labels >= 0) & (weight > 1)).tolist():
            if 2 * weight[item] > rows[labels[item]]:
                usual[labels[item]] = self.items.names[item]
        return usual

    def table(self) -> pa.Table:
        """One row per input row: all its columns, and ours."""
        coarse, finer = self.spread(self.coarse, -1), self.spread(self.clustering.finer, -1)
        rows = self.items.rows
        columns: dict[str, Any] = {"id": rows.ids, **input_columns(rows, OURS), **group_columns(self.by_row, self.called)}
        columns |= {"coarser": pa.array(coarse), "coarser_name": named(coarse, self.coarser_called)}
        columns |= {"finer": pa.array(finer), "finer_name": named(finer, self.finer_called)}
        xy = self._xy()
        columns |= {"x": pa.array(xy[:, 0]), "y": pa.array(xy[:, 1]), "neighbors": self._neighbors()}
        return pa.table(columns)

    def summary(self) -> pa.Table:
        """One row per group."""
        clustering, (examples, _, cohesion) = self.clustering, self.center
        ids, labels, items = self.items.rows.ids, self.by_row.label, self.items.names
        return pa.table(
            {
                "cluster": pa.array(np.arange(clustering.k)),
                "size": pa.array(np.bincount(labels[labels >= 0], minlength=clustering.k)),
                "name": pa.array(self.called, pa.string()),
                "keywords": pa.array(self.terms, pa.list_(pa.string())),
                "representative_ids": pa.array(
                    [[ids[int(self.first_row[e])].as_py() for e in of] for of in examples], pa.list_(pa.string())
                ),
                "examples": pa.array([[items[e] for e in of] for of in examples], pa.list_(pa.string())),
                "cohesion": pa.array(cohesion.clip(0, 1)),
                "stability": pa.array(clustering.stability),
                "coarser": pa.array(clustering.coarser),
                "coarser_name": named(clustering.coarser, self.coarser_called),
                **({"spelling": pa.array(self._stands_for(clustering.labels, clustering.k))} if self.kind == "variants" else {}),
            }
        )

    def merge_table(self, merges: Merges) -> pa.Table:
        """One row per merge: the two texts that tied it, the average score, and why."""
        ours = {"cluster": pa.array(self.clustering.labels[merges.first]), "score": pa.array(merges.score)}
        return pa.table({**self._two(merges.first, merges.second), **ours, "why": pa.array(merges.why, pa.string())})

    def review_table(self, of: Doubtful) -> pa.Table:
        """One row per doubtful pair, the most doubtful first: whether it is in one group, how probably it should be, and why."""
        labels = self.clustering.labels
        ours = {
            "together": pa.array(of.together),
            "score": pa.array(of.score),
            "cluster_a": pa.array(labels[of.first]),
            "cluster_b": pa.array(labels[of.second]),
        }
        return pa.table({**self._two(of.first, of.second), **ours, "why": pa.array(of.why, pa.string())})

    def _two(self, first: Ints, second: Ints) -> dict[str, pa.Array]:
        """Ids and texts of pairs of items."""
        ids, rows, items = self.items.rows.ids, self.first_row, self.items.names
        sides = (("a", first.tolist()), ("b", second.tolist()))
        named = {f"id_{side}": pa.array([ids[int(rows[i])].as_py() for i in of], pa.string()) for side, of in sides}
        return named | {f"text_{side}": pa.array([items[i] for i in of], pa.string()) for side, of in sides}

    def _xy(self) -> Floats:
        cosines, near = self.near
        X, place = self.items.X, self.items.place
        xy = places(X, near, neighbor_graph(cosines, near), self.seed) if near.shape[1] else np.zeros((len(X), 2), np.float32)
        corner = xy.min(axis=0) - 0.05 * np.ptp(xy, axis=0)  # rows without a word wait in a corner of the map
        return np.where(place[:, None] < 0, corner, xy[np.maximum(place, 0)]).astype(np.float32)

    def _neighbors(self) -> pa.Array:
        """For each row the numbers of its nearest rows with another text, and their cosine distances."""
        cosines, near = (values[:, :LISTED] for values in self.near)
        place = self.items.place
        offsets = np.concatenate([[0], np.cumsum(np.where(place >= 0, near.shape[1], 0))]).astype(np.int32)
        spoken = place[place >= 0]
        ids = pa.ListArray.from_arrays(offsets, pa.array(self.first_row[near[spoken]].ravel()))
        distances = pa.ListArray.from_arrays(offsets, pa.array((1 - cosines[spoken]).clip(0, 2).astype(np.float32).ravel()))
        return pa.StructArray.from_arrays([ids, distances], fields=list(NEIGHBORS))


def _text(name: object) -> str:
    """What a namer returned, if it is a name."""
    if not isinstance(name, str):
        raise InputError(f"the namer returned {type(name).__name__}, not a text.", hint="return the name of one group as a str.")
    return name


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


def facts(run: GroupRun, items: EncodedItems) -> dict[str, str]:
    """The head of the report."""
    return {
        "rows": f"{run.rows:,} ({run.distinct_texts:,} distinct {items.medium.plural})",
        "kind": f"{run.kind}, because {run.kind_reason}",
        "groups": f"{run.groups:,}: {run.groups_reason}",
        **items.medium.text_fact(run.text_columns),
        "encoder": f"{items.encoder.name}, {items.encoder.dimension} dimensions",
        "seed": str(run.seed),
        "version": f"matomari {run.matomari}",
    }
