"""Which labels are suspect, which classes are really several, which share a community: found out, with nothing trained."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..encode.script import language_hint
from ..encode.text import load_encoder
from ..errors import InputError
from ..logs import log
from ..rows.gold import read_gold
from ..rows.read import Rows, _check_column, _listed, read
from ..store.artefact import writing
from ..store.claims import refuse_other
from ..store.formats import save_json
from ..vectors import Floats, Ints, normalise
from . import label_studio
from .audit_report import counts, headline, remarks, render
from .audit_tables import cells_table, classes_table, issues_table, judge
from .group import _distinct, _origin
from .pictures import Pictures, refuse
from .rates import grouped, rates
from .tables import write_csv

KIND = "audit"
TABLES = ("label_issues", "classes", "class_by_community", "rates")
FILES = (
    *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")),
    *("label_studio.json", "label_studio_config.xml", "report.html", "run.json"),
)
FEWEST = 5  # labelled rows


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
        The source cannot be read, a column is missing, there are fewer than 5 labelled rows or than 2 classes, or more classes than half the rows.

    Examples
    --------
    >>> texts = ["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed", "top up did not work"]
    >>> found = audit(pa.table({"text": texts, "team": ["cards"] * 3 + ["money"] * 3}), label="team", text="text")
    >>> found.run["rows"], found.classes["label"].to_pylist()
    (6, ['cards', 'money'])
    """
    _check(seed)
    log.info("reading")
    pictures = _pictures(source, text, id, label) if image else None
    taken = pictures.rows if pictures else read(source, text=text, id=id)
    given, attributes = _given(taken, label, image), _attributes(taken, by)
    distinct, place = (pictures.names, pictures.place) if pictures else _distinct(taken)
    ids, texts = taken.ids.to_pylist(), taken.texts.to_pylist()
    known = sorted({own for own in given if own is not None})
    corrected = {} if gold is None else read_gold(gold, dict(zip(ids, texts, strict=True)), label_studio.choices(known))
    said = [corrected.get(row) for row in ids]
    classes, labels = _numbered([own if new is None else new for own, new in zip(given, said, strict=True)], place, taken, label)
    X, model, hints = _encoded(distinct, encoder, cache, pictures)
    log.info("matching %s classes to communities", f"{len(classes):,}")
    judged = judge(X, place, labels, ids, np.array([new is not None for new in said]), seed)
    matching, issue = judged.matching, judged.doubts.issue
    table = issues_table(ids, texts, "path" if image else "text", given, None if gold is None else said, classes, judged)
    per_class = classes_table(classes, matching, issue)
    compared = (
        rates(attributes, labels >= 0, *(np.asarray(table[name]) for name in ("is_misclustered", "is_label_issue"))) if attributes else None
    )
    run = {
        **_origin(taken),
        "labels_fingerprint": _digest([given, said]),
        "id_column": id,
        "label_column": "folder" if image else label,
        "by": list(attributes),
        "image": image,
        "encoder": model.name if pictures else str(encoder) if isinstance(encoder, str | Path) else "",
        "encoder_fingerprint": model.fingerprint,
        "seed": seed,
        **counts(matching, issue, per_class),
        "blank": int((place < 0).sum()),
        "gold": len(corrected),
    }
    notes = [*taken.notes, *model.notes, *hints, *remarks(run, judged)]
    files = dict(zip(ids, pictures.rows.files, strict=True)) if pictures else {}
    return Audit(table, per_class, cells_table(classes, matching), compared, run | {"headline": headline(run), "notes": notes}, files)


def _check(seed: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            f"The 'seed' parameter of audit must be an int in the range [0, inf). Got {seed!r} instead.", hint="seed=0 is the default."
        )


def _pictures(source: Any, text: Any, id: Any, label: str | None) -> Pictures:
    refuse(text, id)
    if label is not None:
        raise InputError(
            "'label' names a column, and images have none to choose.", hint="leave 'label' out: an image's label is its top folder."
        )
    return Pictures.of(source, None, None, "themes")


def _given(taken: Rows, label: str | None, image: bool) -> list[str | None]:
    """The label of each row as it stands there; None where it is blank."""
    if label is None and not image:
        raise InputError("no column of labels was given.", hint=f"name it with --label; {taken.source} has: {_listed(taken.table)}.")
    column = "folder" if image else str(label)
    _check_column(taken.table, column, taken.source)
    return [cell if cell and cell.strip() else None for cell in taken.table[column].cast(pa.string()).to_pylist()]


def _attributes(taken: Rows, by: str | Sequence[str]) -> dict[str, pa.ChunkedArray]:
    """The columns of attributes, looked at now: after the encoding would be late for an error."""
    found = {}
    for name in [by] if isinstance(by, str) else by:
        _check_column(taken.table, name, taken.source)
        grouped(name, taken.table[name])
        found[name] = taken.table[name]
    return found


def _numbered(labels: Sequence[str | None], place: Ints, taken: Rows, label: str | None) -> tuple[list[str], Ints]:
    """Classes by name, and the number of each row's; -1 for a row without a label, or without anything to judge it by."""
    where = f"column {label!r} of {taken.source}" if label else taken.source
    told = [one if there >= 0 else None for one, there in zip(labels, place.tolist(), strict=True)]
    counts = Counter(one for one in told if one is not None)
    rows, classes = counts.total(), sorted(counts)
    if not rows:
        raise InputError(
            f"{where} holds no label.", hint="give a folder for each class." if label is None else f"it has: {_listed(taken.table)}."
        )
    if len(classes) < 2:
        raise InputError(
            f"{where} holds only one class, {classes[0][:60]!r}.", hint="labels are compared with one another: there must be two or more."
        )
    if rows < FEWEST:
        raise InputError(f"{where} holds {rows} labels.", hint=f"at least {FEWEST} labelled rows are needed.")
    if len(classes) > rows / 2:
        raise InputError(
            f"{where} holds {len(classes):,} different labels in {rows:,} rows.", hint="is it a column of ids? Choose another one."
        )
    number = {name: code for code, name in enumerate(classes)}
    return classes, np.array([-1 if one is None else number[one] for one in told], np.int64)


def _encoded(distinct: list[str], encoder: Any, cache: Any, pictures: Pictures | None) -> tuple[Floats, Any, list[str]]:
    """The vector of each distinct text or image, the encoder, and what its user should know."""
    model = pictures.encoder(encoder, cache) if pictures else load_encoder(encoder, cache=cache)
    hint = None if pictures else language_hint(model, distinct)
    log.info("encoding %s distinct %ss", f"{len(distinct):,}", "image" if pictures else "text")
    X = normalise(np.asarray(model.encode(pictures.files if pictures else distinct), np.float32))
    return X, model, [hint] if hint else []


def _digest(columns: Sequence[Sequence[str | None]]) -> str:
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).hexdigest()
