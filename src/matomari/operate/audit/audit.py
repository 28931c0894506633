"""The audit of labels: suspect labels, classes with several communities, and classes that share one. Nothing is trained."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import DamagedError
from ...logs import log
from ...protocols import EncoderLike
from ...rows.columns import check_column
from ...rows.read import Rows
from ...store.artefact import load, writing
from ...store.atomic import replacing
from ...store.formats import save_json
from ..items import Medium, medium_of
from ..labelled import read_labelled
from ..options import AuditOptions
from ..run import AuditRun
from ..tables import write_csv
from . import label_studio
from .judge import judge
from .page import counts, headline, remarks, render
from .rates import grouped, rates
from .tables import cells_table, classes_table, issues_table

KIND = "audit"
TABLES = ("label_issues", "classes", "class_by_community", "rates")
FILES = (
    *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")),
    *("label_studio.json", "label_studio_config.xml", "report.html", "run.json"),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Audit:
    """The audit of the labels of a data set.

    Attributes
    ----------
    label_issues : pyarrow.Table, n rows
        `id`, `text` or `path`, `given_label`, `suggested_label`, `is_label_issue`, `label_score` (0 bad … 1 good), `community`, `is_misclustered`,
        `nearest_correct_id`, `nearest_correct`, `nearest_correct_cosine`; with corrections also `gold_label`.
    classes : pyarrow.Table, c rows
        Each class, the worst first; see `classes_table`.
    class_by_community : pyarrow.Table
        `label`, `community`, `samples`, `owner`.
    rates : pyarrow.Table, optional
        See `matomari.operate.audit.rates.rates`.
    run : AuditRun
        Settings, counts, curve, notes, versions, fingerprints; also a mapping of JSON values.
    files : mapping of str to Path
        Of images, where each lies.
    page : str, optional
        The report as it was written, of an audit that was loaded.
    """

    label_issues: pa.Table
    classes: pa.Table
    class_by_community: pa.Table
    rates: pa.Table | None
    run: AuditRun
    files: Mapping[str, Path] = field(default_factory=dict, repr=False)
    page: str | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"Audit({self.run.headline})"

    def _repr_html_(self) -> str:
        """The headline, as a notebook shows it."""
        return f"<p>{html.escape(self.run.headline)}</p>"

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run.notes)

    @property
    def medium(self) -> Medium:
        """What a row is: a text or an image."""
        return medium_of(self.run.image)

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        text = self.page or render(
            self.label_issues, self.classes, cells=self.class_by_community, rates=self.rates, run=self.run, files=self.files
        )
        if path is None:
            return text
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")
        return Path(path)

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: tables as CSV and Parquet, tasks for Label Studio, report.html, run.json."""
        with writing(path, kind=KIND, meta={"rows": self.run.rows}, files=FILES) as stage:
            for name in TABLES:
                table = getattr(self, name)
                if table is not None:
                    pq.write_table(table, stage / f"{name}.parquet")
                    write_csv(table, stage / f"{name}.csv")
            save_json(stage / "label_studio.json", label_studio.tasks(self.label_issues.to_pylist(), self.medium))
            xml = label_studio.config(sorted(self.classes["label"].to_pylist()), self.medium.noun)
            (stage / "label_studio_config.xml").write_text(xml, encoding="utf-8")
            (stage / "report.html").write_text(str(self.report()), encoding="utf-8")
            self.run.save(stage / "run.json")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Audit:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            tables: dict[str, Any] = {
                name: pq.read_table(artefact.file(f"{name}.parquet")) if artefact.has(f"{name}.parquet") else None for name in TABLES
            }
            page = artefact.file("report.html").read_text(encoding="utf-8")
            return cls(run=AuditRun.load(artefact.file("run.json")), page=page, **tables)
        except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold an audit: {error}.", hint="run matomari audit again.") from error


def audit(
    source: Any,
    *,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    by: str | Sequence[str] = (),
    gold: Any = None,
    encoder: EncoderLike = "minilm",
    cache: str | Path | None = None,
    seed: int = 0,
) -> Audit:
    """Find the labels that are suspect and the classes that do not hang together.

    Every class is matched to the communities of the encoder's space that it has most of; every label is believed or doubted by a classifier that
    never saw it, by the nearest neighbours and by the community.

    Parameters
    ----------
    source : path, "-" or table in memory
        As `matomari.group` takes it.
    label : str, optional
        Column of labels; a row without one is part of the space and never an issue. Of images the label is the top folder.
    text : str or list of str, optional
        Column or columns of text; chosen, and said, when left out.
    id : str, optional
        Column of unique ids.
    image : bool
        The source is a folder with a folder of images for each class.
    by : str or sequence of str
        Columns for whose values rates are compared.
    gold : path or table, optional
        Labels that a person has corrected, as `matomari.rows.gold.read_gold` takes them: they replace the given ones, and are no issues.
    encoder : str, path or SentenceTransformer
    cache : path, optional
    seed : int

    Raises
    ------
    InputError
        The source cannot be read, a column is missing, there are fewer than 5 labelled rows or than 2 classes, more classes than half the rows, or
        the label is the text.

    Examples
    --------
    >>> texts = ["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed", "top up did not work"]
    >>> cards = audit(pa.table({"text": texts, "team": ["cards"] * 3 + ["money"] * 3}), label="team", text="text")
    >>> cards.run.rows, cards.classes["label"].to_pylist()
    (6, ['cards', 'money'])
    """
    options = AuditOptions(label=label, text=text, id=id, image=image, by=by, gold=gold, encoder=encoder, cache=cache, seed=seed)
    log.info("reading")
    data = read_labelled(source, medium=medium_of(image), label=label, text=text, id=id, gold=gold)
    attributes = _attributes(data.rows, by)
    encoded = data.items.encode(encoder, cache=cache)
    log.info("matching %s classes to communities", f"{len(data.classes):,}")
    checked = np.array([label is not None for label in data.gold])
    judged = judge(encoded.X, data.items.place, data.labels, data.rows.ids.to_pylist(), looked_at=checked, seed=seed)
    issues = issues_table(data, judged, corrected=gold is not None)
    classes = classes_table(data.classes, judged.matching, judged.doubts.issue)
    flags = (np.asarray(issues[name]) for name in ("is_misclustered", "is_label_issue"))
    run = AuditRun(
        **data.facts(encoded),
        by=list(attributes),
        seed=seed,
        **counts(judged.matching, judged.doubts.issue, classes),
        options=options.record(),
    )
    notes = [*data.rows.notes, *encoded.notes, *remarks(run, judged)]
    return Audit(
        label_issues=issues,
        classes=classes,
        class_by_community=cells_table(data.classes, judged.matching),
        rates=rates(attributes, data.labels >= 0, *flags) if attributes else None,
        run=replace(run, headline=headline(run), notes=notes),
        files=encoded.medium.files(data.rows),
    )


def _attributes(rows: Rows, by: str | Sequence[str]) -> dict[str, pa.ChunkedArray]:
    """The columns of attributes, checked before the encoding so that an error comes early."""
    columns = {}
    for name in [by] if isinstance(by, str) else by:
        check_column(rows.table, name, rows.source)
        grouped(name, rows.table[name])
        columns[name] = rows.table[name]
    return columns
