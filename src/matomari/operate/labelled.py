"""Rows whose classes are told: read, corrected by hand where they were, encoded; and which of them are held out."""

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
from ..rows.columns import check_column, listed
from ..rows.gold import choices, read_gold
from ..rows.read import Rows, read
from ..seeds import Seed
from ..vectors import Floats, Ints
from .examples import rows_by_class
from .items import Pictures, distinct_texts, encoded, refuse
from .provenance import digest_of_columns, origin_of

FOLDS = 5
FEWEST = 5  # labelled rows
DISTINCT = 5  # texts of a class that can be held out, a fifth at a time


@dataclass(frozen=True, eq=False)
class Told:
    """The rows of an input, all of them, and what is said of their classes; nothing is encoded yet.

    Attributes
    ----------
    rows : Rows, n of them
    pictures : Pictures, optional
        Where they are images.
    distinct : list of str, length u
        Texts, or names of images.
    place : array of int64, shape (n,)
        Which of them each row has; -1 for a row without a word.
    given, gold : list of str or None, length n
        The label in the input, and what a person said instead.
    classes : list of str, length c
        Sorted.
    labels : array of int64, shape (n,)
        The class that counts; -1 for a row without one, or without anything to judge it by.
    origin : dict
        Of the input; JSON values.
    """

    rows: Rows
    pictures: Pictures | None
    distinct: list[str] = field(repr=False)
    place: Ints = field(repr=False)
    given: list[str | None] = field(repr=False)
    gold: list[str | None] = field(repr=False)
    classes: list[str]
    labels: Ints = field(repr=False)
    origin: dict[str, Any] = field(repr=False)

    def facts(self, model: Any, encoder: Any) -> dict[str, Any]:
        """Where everything comes from, for run.json."""
        named = model.name if self.pictures else str(encoder) if isinstance(encoder, str | Path) else ""
        counts = {"blank": int((self.place < 0).sum()), "gold": sum(one is not None for one in self.gold)}
        return self.origin | {"encoder": named, "encoder_fingerprint": model.fingerprint} | counts


def read_told(
    source: Any,
    *,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    gold: Any = None,
) -> Told:
    """Read rows with their classes; all that can be wrong with them is found here, before the encoding.

    Parameters
    ----------
    source, label, text, id, image, gold
        As `matomari.operate.audit.audit` takes them.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing or serves as two, there are fewer than 5 labelled rows or than 2 classes, or more classes
        than half the rows.
    """
    pictures = _pictures(source, text, id, label) if image else None
    taken = pictures.rows if pictures else read(source, text=text, id=id)
    if label in taken.text_columns:
        raise InputError(
            f"column {label!r} of {taken.source} is both the text and the label.", hint="name another column of text, or of labels."
        )
    given = _given(taken, label, image)
    distinct, place = (pictures.names, pictures.place) if pictures else distinct_texts(taken)
    ids, texts = taken.ids.to_pylist(), taken.texts.to_pylist()
    known = sorted({own for own in given if own is not None})
    corrected = {} if gold is None else read_gold(gold, dict(zip(ids, texts, strict=True)), choices(known))
    said = [corrected.get(row) for row in ids]
    classes, labels = _numbered([own if new is None else new for own, new in zip(given, said, strict=True)], place, taken, label)
    columns = {"id_column": id, "label_column": "folder" if image else label, "image": image}
    origin = {**origin_of(taken), "labels_fingerprint": digest_of_columns([given, said]), **columns}
    return Told(taken, pictures, distinct, place, given, said, classes, labels, origin)


@dataclass(frozen=True, eq=False)
class Labelled:
    """The rows that have a class, in the order of the input.

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
        A person has looked at the label.
    classes : list of str, length c
    encoder : object
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
    encoder: Any
    facts: dict[str, Any] = field(repr=False)
    notes: list[str]

    @property
    def table(self) -> pa.Table:
        """`id`, `text` or `path`, and `label` of each row."""
        names = [self.classes[one] for one in self.labels.tolist()]
        columns = {"id": self.ids, "path" if self.facts["image"] else "text": self.texts, "label": names}
        return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def read_labelled(
    source: Any,
    *,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    gold: Any = None,
    encoder: Any = "minilm",
    cache: Any = None,
    device: str | None = None,
) -> Labelled:
    """Read rows with their classes, and encode them; all that can be wrong is found before the encoding.

    Parameters
    ----------
    source, label, text, id, image, gold
        As `matomari.operate.audit.audit` takes them.
    encoder : str, path or object
    cache : path, optional
    device : str, optional
        Of the encoder of texts.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing or serves as two, there are fewer than 5 labelled rows or than 2 classes, or more classes
        than half the rows.
    """
    told = read_told(source, label=label, text=text, id=id, image=image, gold=gold)
    X, model, hints = encoded(told, encoder, cache, device)
    rows = np.flatnonzero(told.labels >= 0)
    facts = {**told.facts(model, encoder), "labelled": len(rows)}
    notes = [*told.rows.notes, *model.notes, *hints, *_remarks(facts)]
    ids, texts = told.rows.ids.to_pylist(), told.rows.texts.to_pylist()
    mine, own = rows.tolist(), told.place[rows]
    checked = np.array([told.gold[i] is not None for i in mine])
    return Labelled(
        [ids[i] for i in mine], [texts[i] for i in mine], own, X[own], told.labels[rows], checked, told.classes, model, facts, notes
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

    A text that has several labels is in none of them: what is right for it cannot be said. So no text stands on both sides.

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
    >>> found = folds(place, labels)
    >>> sorted(found[1:].tolist()), bool(found[0] == found[1])
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
        raise InputError("no column of labels was given.", hint=f"name it with --label; {taken.source} has: {listed(taken.table)}.")
    column = "folder" if image else str(label)
    check_column(taken.table, column, taken.source)
    return [cell if cell and cell.strip() else None for cell in taken.table[column].cast(pa.string()).to_pylist()]


def _numbered(labels: Sequence[str | None], place: Ints, taken: Rows, label: str | None) -> tuple[list[str], Ints]:
    """Classes by name, and the number of each row's; -1 for a row without a label, or without anything to judge it by."""
    where = f"column {label!r} of {taken.source}" if label else taken.source
    told = [one if there >= 0 else None for one, there in zip(labels, place.tolist(), strict=True)]
    counts = Counter(one for one in told if one is not None)
    rows, classes = counts.total(), sorted(counts)
    if not rows:
        raise InputError(
            f"{where} holds no label.", hint="give a folder for each class." if label is None else f"it has: {listed(taken.table)}."
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
