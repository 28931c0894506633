"""The result of grouping: two tables, a Partition, a report; saved as one folder, and able to place new texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import DamagedError, InputError
from ...partition import Partition
from ...rows.images import read_images
from ...rows.read import read
from ...store.artefact import load, writing
from ...store.formats import load_json, save_json
from .. import items as pictures
from ..tables import numbers, strings, write_csv
from . import page
from .figures import figures
from .placing import Reference
from .tables import assigned_table

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


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of texts, with everything known about them.

    Attributes
    ----------
    table : pyarrow.Table, n rows
        All input columns, and `cluster`, `cluster_name`, `confidence`, `margin`, `runner_up`, `coarser`, `finer`,
        `x`, `y`, `neighbors`.
    summary : pyarrow.Table, k rows
        `cluster`, `size`, `name`, `keywords`, `representative_ids`, `cohesion`, `stability`, …
    run : mapping
        Resolved settings, versions, seed, fingerprint of the input, reasons and notes; JSON values only.
    merges : pyarrow.Table, optional
        For variants: which pair of texts tied each merge, its score and why.
    thumbnails : pyarrow.Table, optional
        For images: small copies of those that the report shows.

    Examples
    --------
    >>> import matomari
    >>> groups = matomari.group(["bolt M8", "BOLT M-8", "hose 3/4 inch", "Hose 3/4 in."], kind="variants")
    >>> groups.table["cluster"].to_pylist()
    [0, 0, 1, 1]
    """

    table: pa.Table
    summary: pa.Table
    run: Mapping[str, Any]
    reference: Reference = field(repr=False)
    merges: pa.Table | None = None
    thumbnails: pa.Table | None = None

    def __repr__(self) -> str:
        return (
            f"Grouping({len(self.table):,} rows, {len(self.summary):,} groups, {self.run['unassigned']:,} unassigned, {self.run['kind']})"
        )

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run["notes"])

    @property
    def noun(self) -> str:
        """What an item is: a text or an image."""
        return "image" if self.run.get("image") else "text"

    @property
    def partition(self) -> Partition:
        """The chosen layer as a Partition, with the centres of the groups."""
        origin = {key: self.run[key] for key in ("encoder", "encoder_fingerprint", "kind", "seed", "fingerprint")}
        centers = self.reference.centers()
        return Partition(
            np.asarray(strings(self.table, "id")), numbers(self.table, "cluster"), numbers(self.table, "confidence"), centers, origin
        )

    def assign(
        self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, encoder: Any = None, assign_all: bool = False
    ) -> pa.Table:
        """The same groups for new texts: their rows with `cluster`, `cluster_name`, `confidence`, `margin`, `runner_up`.

        Parameters
        ----------
        source, text, id
            As for `matomari.group`; the columns of the fit when `text` is left out and the source has them. Of images, a
            folder, one file or a list of files.
        encoder : optional
            Needed only where the groups were made with an encoder object that has no name.
        assign_all : bool
            Place even a text that is unlike everything grouped.

        Raises
        ------
        InputError
            The source cannot be read, or the encoder is not the one of the fit.
        """
        if self.noun == "image":
            pictures.refuse(text, id)
            images = read_images(source, single=True)
            placed = self.reference.place(list(map(str, images.files)), encoder, assign_all, pictures.keys(images))
            return assigned_table(images, placed, strings(self.summary, "name"))
        taken = read(source, text=self._columns(source) if text is None else text, id=id)
        return assigned_table(taken, self.reference.place(taken.texts.to_pylist(), encoder, assign_all), strings(self.summary, "name"))

    def encoder(self, cache: str | Path | None = None) -> Any:
        """The encoder of the fit, loaded again by its name; None where it has none."""
        return self.reference.named(self.run["encoder"], self.run["fast"], cache) if self.run["encoder"] else None

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML file that opens offline."""
        return page.write(self.report_data(), path)

    def report_data(self) -> page.ReportData:
        """What the report shows."""
        table, summary, run = self.table, self.summary, self.run
        position = {name: i for i, name in enumerate(strings(table, "id"))}
        groups = [
            {
                "name": group["name"],
                "keywords": group["keywords"],
                "size": group["size"],
                "cohesion": group["cohesion"],
                "stability": group["stability"],
                "examples": [position[i] for i in group["representative_ids"]],
            }
            for group in summary.to_pylist()
        ]
        return page.ReportData(
            title=Path(run["source"]).name or "texts",
            ids=strings(table, "id"),
            texts=self.reference.text_of(table, run["text_columns"]),
            labels=numbers(table, "cluster"),
            confidence=numbers(table, "confidence"),
            margin=numbers(table, "margin"),
            runner_up=numbers(table, "runner_up"),
            xy=np.stack([numbers(table, "x"), numbers(table, "y")], axis=1),
            finer=numbers(table, "finer"),
            coarser=numbers(summary, "coarser"),
            groups=groups,
            coarser_names=run["coarser_names"],
            finer_names=run["finer_names"],
            facts=run["facts"],
            notes=run["notes"],
            figures=figures(run),
            thumbnails=dict(zip(*(c.to_pylist() for c in self.thumbnails.columns), strict=True)) if self.thumbnails is not None else {},
            noun=self.noun,
        )

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: items and groups as CSV and Parquet, report.html, run.json, the model."""
        with writing(path, kind=KIND, meta={"kind": self.run["kind"]}, files=FILES) as stage:
            pq.write_table(self.table, stage / "items.parquet")
            write_csv(self.table, stage / "items.csv")
            pq.write_table(self.summary, stage / "groups.parquet")
            write_csv(self.summary, stage / "groups.csv")
            if self.merges is not None:
                pq.write_table(self.merges, stage / "merges.parquet")
                write_csv(self.merges, stage / "merges.csv")
            if self.thumbnails is not None:
                pq.write_table(self.thumbnails, stage / "thumbnails.parquet")
            (stage / "report.html").write_text(page.render(self.report_data()), encoding="utf-8")
            save_json(stage / "run.json", dict(self.run))
            self.reference.save(stage)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Grouping:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            run = load_json(artefact.file("run.json"))
            merges, shown = (
                pq.read_table(artefact.file(name)) if artefact.has(name) else None for name in ("merges.parquet", "thumbnails.parquet")
            )
            items, groups = (pq.read_table(artefact.file(name)) for name in ("items.parquet", "groups.parquet"))
            return cls(items, groups, run, Reference.load(artefact, run), merges, shown)
        except (KeyError, TypeError, ValueError, RuntimeError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold a grouping: {error}.", hint="run matomari group again.") from error

    def _columns(self, source: Any) -> list[str] | None:
        wanted = list(self.run["text_columns"])
        try:
            known = read(source, text=wanted) if not (isinstance(source, str) and source == "-") else None
        except InputError:
            return None
        return wanted if known is not None else None
