"""Which labels are suspect, which classes are really several, which share a community: found out, with nothing trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import InputError
from ...logs import log
from ...rows.columns import check_column
from ...rows.read import Rows
from ...store.artefact import writing
from ...store.destination import refuse_other
from ...store.formats import save_json
from ..items import encoded
from ..labelled import read_told
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


@dataclass(frozen=True, eq=False)
class Audit:
    """What is thought of the labels of a data set.

    Attributes
    ----------
    table : pyarrow.Table, n rows
        `id`, `text` or `path`, `given_label`, `suggested_label`, `is_label_issue`, `label_score` (0 bad … 1 good), `community`, `is_misclustered`,
        `nearest_correct_id`, `nearest_correct`, `nearest_correct_cosine`; with corrections also `gold_label`.
    classes : pyarrow.Table, c rows
        Each class, the worst first; see `classes_table`.
    cells : pyarrow.Table
        `label`, `community`, `samples`, `owner`.
    rates : pyarrow.Table, optional
        See `matomari.operate.rates.rates`.
    run : mapping
        Settings, counts, curve, notes, versions, fingerprints; JSON values only.
    files : mapping of str to Path
        Of images, where each lies.
    """

    table: pa.Table
    classes: pa.Table
    cells: pa.Table
    rates: pa.Table | None
    run: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"Audit({self.run['headline']})"

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run["notes"])

    @property
    def noun(self) -> str:
        """What a row is: a text or an image."""
        return "image" if self.run["image"] else "text"

    def report(self) -> str:
        """The report as one HTML page that opens offline."""
        return render(self.table, self.classes, self.cells, self.rates, self.run, self.files)

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: tables as CSV and Parquet, tasks for Label Studio, report.html, run.json."""
        refuse_other(path, KIND, FILES)
        with writing(path, kind=KIND, meta={"rows": self.run["rows"]}, files=FILES) as stage:
            for name, table in zip(TABLES, (self.table, self.classes, self.cells, self.rates), strict=True):
                if table is not None:
                    pq.write_table(table, stage / f"{name}.parquet")
                    write_csv(table, stage / f"{name}.csv")
            save_json(stage / "label_studio.json", label_studio.tasks(self.table.to_pylist(), self.noun))
            xml = label_studio.config(sorted(self.classes["label"].to_pylist()), self.noun)
            (stage / "label_studio_config.xml").write_text(xml, encoding="utf-8")
            (stage / "report.html").write_text(self.report(), encoding="utf-8")
            save_json(stage / "run.json", dict(self.run))
        return Path(path)


def audit(
    source: Any,
    *,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    by: str | Sequence[str] = (),
    gold: Any = None,
    encoder: Any = "minilm",
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
    >>> found = audit(pa.table({"text": texts, "team": ["cards"] * 3 + ["money"] * 3}), label="team", text="text")
    >>> found.run["rows"], found.classes["label"].to_pylist()
    (6, ['cards', 'money'])
    """
    _check(seed)
    log.info("reading")
    told = read_told(source, label=label, text=text, id=id, image=image, gold=gold)
    attributes = _attributes(told.rows, by)
    X, model, hints = encoded(told, encoder, cache)
    place, labels, classes, pictures = told.place, told.labels, told.classes, told.pictures
    ids, texts = told.rows.ids.to_pylist(), told.rows.texts.to_pylist()
    log.info("matching %s classes to communities", f"{len(classes):,}")
    judged = judge(X, place, labels, ids, np.array([new is not None for new in told.gold]), seed)
    matching, issue = judged.matching, judged.doubts.issue
    table = issues_table(ids, texts, "path" if image else "text", told.given, None if gold is None else told.gold, classes, judged)
    per_class = classes_table(classes, matching, issue)
    compared = (
        rates(attributes, labels >= 0, *(np.asarray(table[name]) for name in ("is_misclustered", "is_label_issue"))) if attributes else None
    )
    run = {
        **told.facts(model, encoder),
        "by": list(attributes),
        "seed": seed,
        **counts(matching, issue, per_class),
    }
    notes = [*told.rows.notes, *model.notes, *hints, *remarks(run, judged)]
    files = dict(zip(ids, pictures.rows.files, strict=True)) if pictures else {}
    return Audit(table, per_class, cells_table(classes, matching), compared, run | {"headline": headline(run), "notes": notes}, files)


def _check(seed: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            f"The 'seed' parameter of audit must be an int in the range [0, inf). Got {seed!r} instead.", hint="seed=0 is the default."
        )


def _attributes(taken: Rows, by: str | Sequence[str]) -> dict[str, pa.ChunkedArray]:
    """The columns of attributes, looked at now: after the encoding would be late for an error."""
    found = {}
    for name in [by] if isinstance(by, str) else by:
        check_column(taken.table, name, taken.source)
        grouped(name, taken.table[name])
        found[name] = taken.table[name]
    return found
