"""The tables of a grouping, written anew where the edits changed them."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ...cluster.naming.central import central
from ...cluster.naming.keywords import Encode, Keywords
from ...cluster.naming.stop_words import read_stop_words
from ...errors import MatomariError
from ...vectors import Floats, Ints
from ..group.tables import named
from ..tables import numbers
from .known import Known
from .regroup import Regrouped
from .renaming import Names
from .standing import changed, stability, standing

NO_ENCODER = "the keywords of changed groups rest on counts alone, because the encoder of the groups is not at hand"
NO_STOP_WORDS = "the keywords of changed groups know no stop words of yours, because they are not at hand any more"


class Rewriter:
    """Tables of edited groups.

    Parameters
    ----------
    known : Known
        The items of the grouping as it was.
    done : Regrouped
        Their edited groups.
    names : Names
        What these are called.
    """

    def __init__(self, known: Known, done: Regrouped, names: Names) -> None:
        self.known, self.done, self.names = known, done, names
        self.old = known.grouping
        self.notes: list[str] = []

    @cached_property
    def labels(self) -> Ints:
        """Group of each row."""
        return self.known.by_row(self.done.labels)

    @cached_property
    def coarse(self) -> Ints:
        """Coarser group of each item."""
        labels = self.done.labels
        return np.where(labels >= 0, self.done.coarser[np.maximum(labels, 0)], -1) if len(self.done.coarser) else labels

    def items(self) -> pa.Table:
        """One row per input row; what rows without a word have stays as it is."""
        known, sits = self.known, standing(self.known, self.done)
        runner_up = known.by_row(sits.runner_up)
        finer, coarse = known.by_row(self.done.finer), known.by_row(self.coarse)
        columns = {
            "cluster": pa.array(self.labels),
            "cluster_name": named(self.labels, self.names.groups),
            "confidence": pa.array(self._spread(sits.confidence, "confidence")),
            "margin": pa.array(self._spread(sits.margin, "margin")),
            "runner_up": pa.array(runner_up),
            "runner_up_name": named(runner_up, self.names.groups),
            "coarser": pa.array(coarse),
            "coarser_name": named(coarse, self.names.coarser),
            "finer": pa.array(finer),
            "finer_name": named(finer, self.names.finer),
        }
        return _replaced(self.old.items, columns)

    def _spread(self, values: Floats, column: str) -> Floats:
        place = self.known.place
        before = numbers(self.old.items, column)
        return np.where(place < 0, before, values[np.maximum(place, 0)]).astype(np.float32)

    def groups(self) -> pa.Table:
        """One row per group; one that holds the same items as before keeps all but its number and its names."""
        before, names, done = self.old.groups.to_pylist(), self.names, self.done
        anew = self._anew(np.flatnonzero(changed(self.known, done)).tolist())
        size = np.bincount(self.labels[self.labels >= 0], minlength=len(done.groups)).tolist()
        rows = []
        for group, was in enumerate(done.groups):
            row: dict[str, Any] = dict(before[was]) if was < len(before) else {}
            row |= anew.get(group, {}) | {"cluster": group, "size": size[group], "name": names.groups[group]}
            coarser = int(done.coarser[group])
            row |= {"coarser": coarser, "coarser_name": names.coarser[coarser]}
            rows.append(row | ({"spelling": names.spellings[group]} if names.spellings else {}))
        return pa.Table.from_pylist(rows, schema=self.old.groups.schema)

    def _anew(self, groups: list[int]) -> dict[int, dict[str, Any]]:
        """What has to be found again for some groups: keywords, the items that stand for them, cohesion and stability."""
        if not groups:
            return {}
        known, k = self.known, len(self.done.groups)
        of_some = np.where(np.isin(self.done.labels, groups), self.done.labels, -1)
        examples, _, cohesion = central(known.X, of_some, k)
        back, keywords = stability(known, self.done, groups), self._keywords(groups)
        rows = known.first.tolist()
        return {
            group: {
                "keywords": keywords[group],
                "representative_ids": [known.ids[rows[item]] for item in examples[group]],
                "examples": [known.names[item] for item in examples[group]],
                "cohesion": float(cohesion[group].clip(0, 1)),
                "stability": back[group],
            }
            for group in groups
        }

    def _keywords(self, groups: list[int]) -> list[list[str]]:
        """Keywords of some groups, made as those of the others were; images have none."""
        k, reference, run = len(self.done.groups), self.old.reference, self.old.run
        if not self.old.medium.has_words:
            return [[]] * k
        texts = [reference.boilerplate.content(text) for text in self.known.names] if reference.boilerplate else self.known.names
        encode = None if self.known.is_variants else self._encode()
        words = Keywords(texts, self.known.X, encode=encode, stop_words=self._stop_words(), seed=run.seed)
        return words.of(self.done.labels, k, only=groups)

    def _encode(self) -> Encode | None:
        reference = self.old.reference
        try:
            encoder = reference.encoder or self.old.encoder()
        except MatomariError:  # keywords are worth less than the edits: a model that is gone should not keep anybody from them
            encoder = None
        if encoder is None or encoder.fingerprint != reference.fingerprint:
            self.notes.append(NO_ENCODER)
            return None
        return encoder.encode

    def _stop_words(self) -> frozenset[str]:
        given = (self.old.run.options or {}).get("stop_words")
        if not isinstance(given, dict):
            with suppress(MatomariError):
                return read_stop_words(given)
        self.notes.append(NO_STOP_WORDS)
        return frozenset()

    def merges(self) -> pa.Table | None:
        """The pairs that tied groups together, but for those that the edits parted."""
        table = self.old.merges
        if table is None:
            return None
        first, second = self._group_of(table, "id_a"), self._group_of(table, "id_b")
        return _replaced(table, {"cluster": pa.array(first)}).filter(pa.array(first == second))

    def review(self) -> pa.Table | None:
        """The pairs worth a look, as they are now."""
        table = self.old.review
        if table is None:
            return None
        first, second = self._group_of(table, "id_a"), self._group_of(table, "id_b")
        return _replaced(table, {"together": pa.array(first == second), "cluster_a": pa.array(first), "cluster_b": pa.array(second)})

    def _group_of(self, table: pa.Table, column: str) -> Ints:
        return np.asarray([self._group_by_id[id] for id in table[column].to_pylist()], np.int64)

    @cached_property
    def _group_by_id(self) -> dict[str, int]:
        return dict(zip(self.known.ids, self.labels.tolist(), strict=True))


def _replaced(table: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    """The table with other values in some of its columns, in the same order and of the same types."""
    for name, values in columns.items():
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, values.cast(table.schema.field(name).type))
    return table
