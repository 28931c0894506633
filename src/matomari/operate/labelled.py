"""Rows whose classes are told: read, corrected by hand where they were, encoded; and which of them are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ..encode.script import language_hint
from ..encode.text import load_encoder
from ..errors import InputError
from ..logs import log
from ..rows.gold import read_gold
from ..rows.read import read
from ..seeds import Seed
from ..vectors import Floats, Ints, normalise
from . import label_studio
from .audit import _digest, _given, _numbered, _pictures
from .audit_tables import _by_class
from .group import _distinct, _origin

FOLDS = 5
DISTINCT = 5  # texts of a class that can be held out, a fifth at a time


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
    pictures = _pictures(source, text, id, label) if image else None
    taken = pictures.rows if pictures else read(source, text=text, id=id)
    if label in taken.text_columns:
        raise InputError(
            f"column {label!r} of {taken.source} is both the text and the label.", hint="name another column of text, or of labels."
        )
    given = _given(taken, label, image)
    distinct, place = (pictures.names, pictures.place) if pictures else _distinct(taken)
    ids, texts = taken.ids.to_pylist(), taken.texts.to_pylist()
    known = sorted({own for own in given if own is not None})
    corrected = {} if gold is None else read_gold(gold, dict(zip(ids, texts, strict=True)), label_studio.choices(known))
    said = [corrected.get(row) for row in ids]
    classes, labels = _numbered([own if new is None else new for own, new in zip(given, said, strict=True)], place, taken, label)
    model = pictures.encoder(encoder, cache) if pictures else load_encoder(encoder, device=device, cache=cache)
    hint = None if pictures else language_hint(model, distinct)
    log.info("encoding %s distinct %ss", f"{len(distinct):,}", "image" if pictures else "text")
    X = normalise(np.asarray(model.encode(pictures.files if pictures else distinct), np.float32))
    rows = np.flatnonzero(labels >= 0)
    facts = {
        **_origin(taken),
        "labels_fingerprint": _digest([given, said]),
        "id_column": id,
        "label_column": "folder" if image else label,
        "image": image,
        "encoder": model.name if pictures else str(encoder) if isinstance(encoder, str | Path) else "",
        "encoder_fingerprint": model.fingerprint,
        "labelled": len(rows),
        "blank": int((place < 0).sum()),
        "gold": len(corrected),
    }
    notes = [*taken.notes, *model.notes, *([hint] if hint else []), *_remarks(facts)]
    mine, own = rows.tolist(), place[rows]
    return Labelled([ids[i] for i in mine], [texts[i] for i in mine], own, X[own], labels[rows], classes, model, facts, notes)


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
    for own in _by_class(np.where(low == high, low, -1)).values():
        if len(own) >= DISTINCT:
            drawn[rng.permutation(own)] = np.arange(len(own)) % FOLDS
    return np.asarray(drawn[where])
