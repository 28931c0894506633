"""Rows with known classes: read, corrected by hand where they were, encoded; and which of them are held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import InputError
from ..logs import log
from ..protocols import Encoder, EncoderLike
from ..rows.columns import check_column, listed
from ..rows.gold import choices, read_gold
from ..rows.read import Rows
from ..seeds import Seed
from ..vectors import Floats, Ints
from .examples import rows_by_class
from .items import EncodedItems, Items, Medium
from .provenance import digest_of_columns, origin_of

FOLDS = 5
FEWEST = 5  # labelled rows
DISTINCT = 5  # texts of a class that can be held out, a fifth at a time


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelledItems:
    """The rows of a source, all of them, and their labels; nothing is encoded yet.

    Attributes
    ----------
    items : Items, of n rows
    given, gold : list of str or None, length n
        The label in the source, and the one that a person gave instead.
    classes : list of str, length c
        Sorted.
    labels : array of int64, shape (n,)
        The class that counts; -1 for a row without one, or without anything to judge it by.
    origin : dict
        Of the source; JSON values.
    """

    items: Items
    given: list[str | None] = field(repr=False)
    gold: list[str | None] = field(repr=False)
    classes: list[str]
    labels: Ints = field(repr=False)
    origin: dict[str, Any] = field(repr=False)

    @property
    def rows(self) -> Rows:
        """The source."""
        return self.items.rows

    def facts(self, encoded: EncodedItems) -> dict[str, Any]:
        """Where everything comes from, for run.json."""
        counts = {"blank": int((self.items.place < 0).sum()), "gold": sum(label is not None for label in self.gold)}
        return self.origin | {"encoder": encoded.encoder_name, "encoder_fingerprint": encoded.encoder.fingerprint} | counts


def read_labelled(
    source: Any,
    *,
    medium: Medium,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    gold: Any = None,
) -> LabelledItems:
    """Read rows with their labels; all that can be wrong with them is found here, before the encoding.

    Parameters
    ----------
    source, label, text, id, gold
        As `matomari.audit` takes them.
    medium : Medium
        What the rows are.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing or serves as two, there are fewer than 5 labelled rows or than 2 classes, or more classes
        than half the rows.
    """
    items = medium.read(source, text=text, id=id, label=label)
    rows = items.rows
    column = medium.labels_column(rows, label)
    if label in rows.text_columns:
        raise InputError(
            f"column {label!r} of {rows.source} is both the text and the label.", hint="name another column of text, or of labels."
        )
    check_column(rows.table, column, rows.source)
    given = [cell if cell and cell.strip() else None for cell in rows.table[column].cast(pa.string()).to_pylist()]
    ids, texts = rows.ids.to_pylist(), rows.texts.to_pylist()
    known = sorted({name for name in given if name is not None})
    corrected = {} if gold is None else read_gold(gold, dict(zip(ids, texts, strict=True)), choices(known))
    by_hand = [corrected.get(row) for row in ids]
    final = [old if new is None else new for old, new in zip(given, by_hand, strict=True)]
    classes, labels = _numbered(final, items.place, rows, label)
    columns = {"id_column": id, "label_column": column, "image": medium.image}
    origin = {**origin_of(rows), "labels_fingerprint": digest_of_columns([given, by_hand]), **columns}
    return LabelledItems(items=items, given=given, gold=by_hand, classes=classes, labels=labels, origin=origin)


@dataclass(frozen=True, eq=False, kw_only=True)
class Labelled:
    """The rows that have a class, in the order of the source, with their vectors.

    Attributes
    ----------
    ids, texts : list of str, length n
        Of an image the text is its path.
    place : array of int64, shape (n,)
        Which distinct text or image each is.
    X : array of float32, shape (n, d)
        At unit length.
    labels : array of int64, shape (n,)
    checked : array of bool, shape (n,)
        A person has checked the label.
    classes : list of str, length c
    medium : Medium
    encoder : Encoder
    facts : dict
        Where all that comes from; JSON values.
    notes : list of str
    """

    ids: list[str]
    texts: list[str]
    place: Ints
    X: Floats = field(repr=False)
    labels: Ints
    checked: NDArray[np.bool_] = field(repr=False)
    classes: list[str]
    medium: Medium
    encoder: Encoder
    facts: dict[str, Any] = field(repr=False)
    notes: list[str]

    @property
    def table(self) -> pa.Table:
        """`id`, `text` or `path`, and `label` of each row."""
        names = [self.classes[label] for label in self.labels.tolist()]
        columns = {"id": self.ids, self.medium.column: self.texts, "label": names}
        return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def encode_labelled(data: LabelledItems, encoder: EncoderLike, *, cache: str | Path | None = None, device: str | None = None) -> Labelled:
    """The rows that have a class, encoded.

    Parameters
    ----------
    data : LabelledItems
    encoder : str, path or object
    cache : path, optional
    device : str, optional
        Of the encoder of texts.
    """
    encoded = data.items.encode(encoder, cache=cache, device=device)
    labelled = np.flatnonzero(data.labels >= 0)
    facts = {**data.facts(encoded), "labelled": len(labelled)}
    ids, texts = data.rows.ids.to_pylist(), data.rows.texts.to_pylist()
    positions, place = labelled.tolist(), data.items.place[labelled]
    return Labelled(
        ids=[ids[i] for i in positions],
        texts=[texts[i] for i in positions],
        place=place,
        X=encoded.X[place],
        labels=data.labels[labelled],
        checked=np.array([data.gold[i] is not None for i in positions]),
        classes=data.classes,
        medium=data.items.medium,
        encoder=encoded.encoder,
        facts=facts,
        notes=[*data.rows.notes, *encoded.notes, *_remarks(facts)],
    )


def _remarks(facts: dict[str, Any]) -> list[str]:
    left, notes = facts["rows"] - facts["labelled"] - facts["blank"], []
    if left > 0:
        notes.append(f"{left:,} rows have no label: nothing is learnt from them")
    if facts["gold"]:
        notes.append(f"{facts['gold']:,} labels were looked at by a person: they replace the given ones")
    for note in notes:
        log.info("%s", note)
    return notes


def folds(place: Ints, labels: Ints, seed: int = 0) -> Ints:
    """Rows to judge by, in five parts, each with a fifth of the distinct texts of every class that has five of them or more.

    A text that has several labels is in none of them, because its right label is unknown. So no text stands on both sides.

    Parameters
    ----------
    place : array of int64, shape (n,)
        Which distinct text each row has.
    labels : array of int64, shape (n,)
    seed : int

    Returns
    -------
    array of int64, shape (n,)
        0..4; -1 for a row that is always trained on.

    Examples
    --------
    >>> place, labels = np.array([0, 0, 1, 2, 3, 4, 5, 6]), np.array([0, 0, 0, 0, 0, 0, 1, 1])
    >>> fold = folds(place, labels)
    >>> sorted(fold[1:].tolist()), bool(fold[0] == fold[1])
    ([-1, -1, 0, 1, 2, 3, 4], True)
    """
    texts, where = np.unique(place, return_inverse=True)
    low, high = np.full(len(texts), np.iinfo(np.int64).max), np.full(len(texts), -1, np.int64)
    np.minimum.at(low, where, labels)
    np.maximum.at(high, where, labels)
    rng, drawn = Seed(seed).stream("labels/holdout"), np.full(len(texts), -1, np.int64)
    for own in rows_by_class(np.where(low == high, low, -1)).values():
        if len(own) >= DISTINCT:
            drawn[rng.permutation(own)] = np.arange(len(own)) % FOLDS
    return np.asarray(drawn[where])


def _numbered(labels: Sequence[str | None], place: Ints, rows: Rows, label: str | None) -> tuple[list[str], Ints]:
    """Classes by name, and the number of each row's; -1 for a row without a label, or without anything to judge it by."""
    where = f"column {label!r} of {rows.source}" if label else rows.source
    spoken = [name if at >= 0 else None for name, at in zip(labels, place.tolist(), strict=True)]
    counts = Counter(name for name in spoken if name is not None)
    total, classes = counts.total(), sorted(counts)
    if not total:
        raise InputError(
            f"{where} holds no label.", hint="give a folder for each class." if label is None else f"it has: {listed(rows.table)}."
        )
    if len(classes) < 2:
        raise InputError(
            f"{where} holds only one class, {classes[0][:60]!r}.", hint="labels are compared with one another: there must be two or more."
        )
    if total < FEWEST:
        raise InputError(f"{where} holds {total} labels.", hint=f"at least {FEWEST} labelled rows are needed.")
    if len(classes) > total / 2:
        raise InputError(
            f"{where} holds {len(classes):,} different labels in {total:,} rows.", hint="is it a column of ids? Choose another one."
        )
    number = {name: code for code, name in enumerate(classes)}
    return classes, np.array([-1 if name is None else number[name] for name in spoken], np.int64)
