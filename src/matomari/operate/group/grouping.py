"""The result of grouping: two tables, a Partition, a report; saved as one folder, and able to place new items."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import DamagedError
from ...partition import Partition
from ...protocols import Encoder, EncoderLike
from ...store.artefact import load, writing
from ...vectors import Ints
from ..items import Medium, medium_of
from ..records import identities, of_new
from ..run import GroupRun
from ..tables import numbers, strings, write_csv
from . import page
from .figures import figures
from .placing import Reference
from .tables import OURS, assigned_table, texts_of

KIND = "grouping"
FILES = (
    "items.csv",
    "items.parquet",
    "groups.csv",
    "groups.parquet",
    "report.html",
    "run.json",
    "reference.safetensors",
    "reference.parquet",
)
SHOWN = 20  # groups in a notebook


@dataclass(frozen=True, eq=False, kw_only=True)
class Grouping:
    """Groups of texts or images, with everything known about them.

    Attributes
    ----------
    items : pyarrow.Table, n rows
        All input columns, and `cluster`, `cluster_name`, `confidence`, `margin`, `runner_up`, `coarser`, `finer`,
        `x`, `y`, `neighbors`.
    groups : pyarrow.Table, k rows
        `cluster`, `size`, `name`, `keywords`, `representative_ids`, `cohesion`, `stability`, …
    run : GroupRun
        Resolved settings, versions, seed, fingerprint of the input, reasons and notes; also a mapping of JSON values.
    merges : pyarrow.Table, optional
        For variants: which pair of texts tied each merge, its score and why.
    review : pyarrow.Table, optional
        For variants: the pairs of texts that are worth a look, the most doubtful first.
    thumbnails : pyarrow.Table, optional
        For images: small copies of those that the report shows.

    Examples
    --------
    >>> import matomari
    >>> parts = matomari.group(["bolt M8", "BOLT M-8", "hose 3/4 inch", "Hose 3/4 in."], kind="variants")
    >>> parts.items["cluster"].to_pylist()
    [0, 0, 1, 1]
    """

    items: pa.Table
    groups: pa.Table
    run: GroupRun
    reference: Reference = field(repr=False)
    merges: pa.Table | None = None
    review: pa.Table | None = None
    thumbnails: pa.Table | None = None

    def __repr__(self) -> str:
        return f"Grouping({len(self.items):,} rows, {len(self.groups):,} groups, {self.run.unassigned:,} unassigned, {self.run.kind})"

    def _repr_html_(self) -> str:
        """The largest groups, as a notebook shows them."""
        rows = "".join(
            f"<tr><td>{row['cluster']}</td><td style='text-align:right'>{row['size']:,}</td><td style='text-align:left'>"
            f"{html.escape(str(row['name']))}</td></tr>"
            for row in self.groups.slice(0, SHOWN).to_pylist()
        )
        more = len(self.groups) - SHOWN
        rest = f"<p>… and {more:,} more</p>" if more > 0 else ""
        head = "<thead><tr><th>cluster</th><th>size</th><th style='text-align:left'>name</th></tr></thead>"
        return f"<p>{html.escape(repr(self))}</p><table>{head}<tbody>{rows}</tbody></table>{rest}"

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run.notes)

    @property
    def medium(self) -> Medium:
        """What an item is: a text or an image."""
        return medium_of(self.run.image)

    @property
    def partition(self) -> Partition:
        """The chosen layer as a Partition, with the centres of the groups."""
        origin = {key: self.run[key] for key in ("encoder", "encoder_fingerprint", "kind", "seed", "fingerprint")}
        ids, labels, strength = np.asarray(strings(self.items, "id")), numbers(self.items, "cluster"), numbers(self.items, "confidence")
        return Partition(ids, labels, strength, centers=self.reference.centers(), origin=origin)

    def assign(
        self,
        source: Any,
        *,
        text: str | Sequence[str] | None = None,
        id: str | None = None,
        encoder: EncoderLike | None = None,
        assign_all: bool = False,
    ) -> pa.Table:
        """The same groups for new items: their rows with `cluster`, `cluster_name`, `confidence`, `margin`, `runner_up`.

        Parameters
        ----------
        source, text, id
            As for `matomari.group`; the columns of the fit when `text` is left out and the source has them. Of images, a
            folder, one file or a list of files. Variants that were compared column by column, or by block, need the same columns.
        encoder : optional
            Needed only where the groups were made with an encoder object that has no name.
        assign_all : bool
            Place even what is unlike everything grouped.

        Raises
        ------
        InputError
            The source cannot be read, it lacks a column that variants were compared by, or the encoder is not the one of the fit.
        """
        new = self.medium.read_new(source, text=text, id=id, known=self.run.text_columns)
        records = of_new(new.rows, self.run, named=text is not None)
        placed = self.reference.place(new.inputs, new.keys, encoder=encoder, assign_all=assign_all, records=records)
        return assigned_table(new.rows, placed, strings(self.groups, "name"))

    @property
    def mapping(self) -> pa.Table:
        """Each distinct text, the usual spelling of its group in full, and how many rows have it: what to look up old spellings in.

        Examples
        --------
        >>> import matomari
        >>> parts = matomari.group(["bolt M8", "bolt M8", "BOLT M-8", "hose 3/4 inch"], kind="variants")
        >>> parts.mapping.to_pydict()
        {'old': ['bolt M8', 'BOLT M-8', 'hose 3/4 inch'], 'new': ['bolt M8', 'bolt M8', 'hose 3/4 inch'], 'rows': [2, 1, 1]}
        """
        usual = strings(self.groups, "spelling" if "spelling" in self.groups.column_names else "name")
        texts, labels = texts_of(self.items, self.run.text_columns), numbers(self.items, "cluster").tolist()
        counted = Counter((text, usual[label] if label >= 0 else text) for text, label in zip(texts, labels, strict=True))
        old, new = zip(*counted, strict=True) if counted else ((), ())
        return pa.table(
            {"old": pa.array(old, pa.string()), "new": pa.array(new, pa.string()), "rows": pa.array(counted.values(), pa.int64())}
        )

    @property
    def places(self) -> Ints:
        """Which item of the reference each row has, shape (n,); -1 for a row without a word."""
        run, table = self.run, self.items
        columns = list(dict.fromkeys([*run.text_columns, run.block or run.text_columns[0]]))
        given = pa.table({name: table[name if name not in OURS else f"input_{name}"] for name in columns})
        new = self.medium.read_new(given, text=run.text_columns, id=None, known=run.text_columns)
        known = identities(new.keys, of_new(new.rows, run, named=False))
        return np.asarray([self.reference.position.get(identity, -1) for identity in known], np.int64)

    def encoder(self, cache: str | Path | None = None) -> Encoder | None:
        """The encoder of the fit, loaded again by its name; None where it has none."""
        return self.reference.load_encoder(self.run.fast, cache)

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        return page.render(self.report_data()) if path is None else page.write(self.report_data(), path)

    def report_data(self) -> page.ReportData:
        """What the report shows."""
        items, groups, run = self.items, self.groups, self.run
        position = {name: i for i, name in enumerate(strings(items, "id"))}
        shown = ("name", "keywords", "size", "cohesion", "stability")
        return page.ReportData(
            title=Path(run.source).name or "texts",
            ids=strings(items, "id"),
            texts=texts_of(items, run.text_columns),
            labels=numbers(items, "cluster"),
            confidence=numbers(items, "confidence"),
            margin=numbers(items, "margin"),
            runner_up=numbers(items, "runner_up"),
            xy=np.stack([numbers(items, "x"), numbers(items, "y")], axis=1),
            finer=numbers(items, "finer"),
            coarser=numbers(groups, "coarser"),
            groups=[
                {key: row[key] for key in shown} | {"examples": [position[i] for i in row["representative_ids"]]}
                for row in groups.to_pylist()
            ],
            coarser_names=run.coarser_names,
            finer_names=run.finer_names,
            facts=run.facts,
            notes=run.notes,
            figures=figures(run),
            thumbnails=dict(zip(*(c.to_pylist() for c in self.thumbnails.columns), strict=True)) if self.thumbnails is not None else {},
            noun=self.medium.noun,
        )

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: items and groups as CSV and Parquet, report.html, run.json, the model."""
        tables = {"items": self.items, "groups": self.groups, "merges": self.merges, "review": self.review}
        with writing(path, kind=KIND, meta={"kind": self.run.kind}, files=FILES) as stage:
            for name, table in tables.items():
                if table is not None:
                    pq.write_table(table, stage / f"{name}.parquet")
                    write_csv(table, stage / f"{name}.csv")
            if self.run.kind == "variants":
                write_csv(self.mapping, stage / "mapping.csv")
            if self.thumbnails is not None:
                pq.write_table(self.thumbnails, stage / "thumbnails.parquet")
            (stage / "report.html").write_text(page.render(self.report_data()), encoding="utf-8")
            self.run.save(stage / "run.json")
            self.reference.save(stage)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Grouping:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            run = GroupRun.load(artefact.file("run.json"))
            tables = {
                name: pq.read_table(artefact.file(f"{name}.parquet")) if artefact.has(f"{name}.parquet") else None
                for name in ("items", "groups", "merges", "review", "thumbnails")
            }
            return cls(run=run, reference=Reference.load(artefact, run), **tables)
        except (KeyError, TypeError, ValueError, RuntimeError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold a grouping: {error}.", hint="run matomari group again.") from error
