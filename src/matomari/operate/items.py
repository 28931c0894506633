"""Items: the distinct texts or images of a source, each with its rows. The one place that knows how texts and images differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..cluster.naming.function_words import languages
from ..cluster.naming.tokens import runs
from ..cluster.variants.records.records import NO_RECORDS, Records
from ..encode.image import ImageEncoder, image_encoder
from ..encode.language import language_hint
from ..encode.text import load_encoder
from ..errors import InputError, setting
from ..logs import log
from ..protocols import Encoder, EncoderLike
from ..rows.boilerplate.boilerplate import NO_BOILERPLATE, Boilerplate
from ..rows.columns import listed
from ..rows.images import ImageRows, read_images
from ..rows.read import Rows, read
from ..vectors import Floats, Ints, normalise

LONGEST = 60  # characters of a path in a name
SPOKEN = 500  # texts whose function words tell the language


@dataclass(frozen=True, eq=False, kw_only=True)
class Items:
    """What is encoded and grouped: each distinct text, or each distinct image, once.

    Attributes
    ----------
    medium : Medium
        TEXTS or IMAGES.
    rows : Rows, of n rows
        The source.
    names : list of str, length u
        The texts; of images the ends of their paths.
    keys : list of str, length u
        What each is known again by: the text, or the digest of the file.
    inputs : sequence, length u
        What the encoder takes: the texts, without their boilerplate where it was taken off, or the files.
    letters : list of str, length u
        What is compared letter by letter: the texts without what nearly all of them share, but with their numbers and codes.
    place : array of int64, shape (n,)
        Which item each row has; -1 for a row without a word.
    boilerplate : Boilerplate
        What was taken off the texts.
    records : Records
        What is known of them beside their texts, where that counts.
    """

    medium: Medium
    rows: Rows
    names: list[str] = field(repr=False)
    keys: list[str] = field(repr=False)
    inputs: Sequence[Any] = field(repr=False)
    letters: list[str] = field(repr=False)
    place: Ints = field(repr=False)
    boilerplate: Boilerplate = NO_BOILERPLATE
    records: Records = NO_RECORDS

    @property
    def weight(self) -> Ints:
        """How many rows have each item, shape (u,)."""
        return np.bincount(self.place[self.place >= 0], minlength=len(self))

    def without(self, boilerplate: Boilerplate) -> Items:
        """The same items, to be encoded and compared without their boilerplate."""
        if not boilerplate:
            return self
        return replace(
            self,
            boilerplate=boilerplate,
            inputs=[boilerplate.content(t) for t in self.names],
            letters=[boilerplate.frame(t) for t in self.names],
        )

    def __len__(self) -> int:
        return len(self.names)

    def encode(
        self, encoder: EncoderLike, *, fast: str = "auto", cache: str | Path | None = None, device: str | None = None
    ) -> EncodedItems:
        """The items with their vectors, made by the encoder of that name."""
        model = self.medium.encoder_for(self.rows, encoder, fast=fast, cache=cache, device=device)
        hints = self.medium.hints(model, self.names)
        log.info("encoding %s distinct %ss", f"{len(self):,}", self.medium.noun)
        X = normalise(np.asarray(model.encode(self.inputs), np.float32))
        mine = {f.name: getattr(self, f.name) for f in fields(self)}
        return EncodedItems(**mine, encoder=model, encoder_name=self.medium.name_of(encoder, model), X=X, notes=[*model.notes, *hints])


@dataclass(frozen=True, eq=False, kw_only=True)
class EncodedItems(Items):
    """Items with their vectors.

    Attributes
    ----------
    encoder : Encoder
    encoder_name : str
        What it can be loaded again by; empty for an object without a name.
    X : array of float32, shape (u, d)
        At unit length.
    notes : list of str
        What its user should know of the encoding.
    """

    encoder: Encoder
    encoder_name: str
    X: Floats = field(repr=False)
    notes: list[str] = field(repr=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class NewRows:
    """Rows to place among what is known.

    Attributes
    ----------
    rows : Rows, of m rows
    inputs : list of str, length m
        What the encoder takes; empty for a row without a word.
    keys : list of str, length m
        What each is known again by.
    """

    rows: Rows
    inputs: list[str] = field(repr=False)
    keys: list[str] = field(repr=False)


class Medium(ABC):
    """Texts or images: how they are read, encoded and spoken of."""

    noun: ClassVar[str]
    column: ClassVar[str]  # what tables call the item itself
    image: ClassVar[bool]
    example: ClassVar[str]  # of a source of new ones, for a sentence
    has_words: ClassVar[bool] = True  # names are made of them, and boilerplate is taken off them
    only_kind: ClassVar[tuple[str, str] | None] = None  # the one kind of groups that they make, and why

    @abstractmethod
    def read(self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, label: str | None = None) -> Items:
        """The items of a source; InputError where it cannot be read, holds none, or has no such columns."""

    @abstractmethod
    def read_new(self, source: Any, *, text: str | Sequence[str] | None, id: str | None, known: Sequence[str]) -> NewRows:
        """Rows to place; their text from the columns `known` where these are there and no others are named."""

    @abstractmethod
    def labels_column(self, rows: Rows, label: str | None) -> str:
        """The column that holds the labels; InputError where it is not known."""

    @abstractmethod
    def load(self, name: EncoderLike, *, fast: str = "auto", cache: str | Path | None = None, device: str | None = None) -> Encoder:
        """The encoder of that name."""

    @abstractmethod
    def encoder_for(self, rows: Rows, name: EncoderLike, *, fast: str, cache: str | Path | None, device: str | None) -> Encoder:
        """The encoder of that name, or the one that suits these rows where the name leaves it open."""

    @abstractmethod
    def name_of(self, given: EncoderLike, encoder: Encoder) -> str:
        """The name that an encoder can be loaded again by; empty where it has none."""

    @abstractmethod
    def files(self, rows: Rows) -> Mapping[str, Path]:
        """Where the image of each row lies, by id; nothing for texts."""

    @abstractmethod
    def text_fact(self, columns: Sequence[str]) -> dict[str, str]:
        """What the head of a report says of where the texts stood."""

    @abstractmethod
    def labels_said(self, column: str | None) -> str:
        """Where a report says that the labels stood."""

    def hints(self, encoder: Encoder, names: Sequence[str]) -> list[str]:
        """What the user should know before trusting the encoder with these items."""
        return []

    @property
    def plural(self) -> str:
        """Several of them."""
        return f"{self.noun}s"


class _Texts(Medium):
    noun, column, image, example = "text", "text", False, "new.csv"

    def read(self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, label: str | None = None) -> Items:
        rows = read(source, text=text, id=id)
        texts, place = distinct_texts(rows)
        return Items(medium=self, rows=rows, names=texts, keys=texts, inputs=texts, letters=texts, place=place)

    def read_new(self, source: Any, *, text: str | Sequence[str] | None, id: str | None, known: Sequence[str]) -> NewRows:
        rows = read(source, text=text, id=id, prefer=known)
        texts = [cell or "" for cell in rows.texts.to_pylist()]
        return NewRows(rows=rows, inputs=texts, keys=texts)

    def labels_column(self, rows: Rows, label: str | None) -> str:
        if label is None:
            raise InputError(
                "no column of labels was given.", hint=f"name it with {setting('label')}; {rows.source} has: {listed(rows.table)}."
            )
        return label

    def load(self, name: EncoderLike, *, fast: str = "auto", cache: str | Path | None = None, device: str | None = None) -> Encoder:
        return load_encoder(name, fast=fast, cache=cache, device=device)

    def encoder_for(self, rows: Rows, name: EncoderLike, *, fast: str, cache: str | Path | None, device: str | None) -> Encoder:
        return self.load(name, fast=fast, cache=cache, device=device)

    def name_of(self, given: EncoderLike, encoder: Encoder) -> str:
        return str(given) if isinstance(given, str | Path) else ""

    def files(self, rows: Rows) -> Mapping[str, Path]:
        return {}

    def text_fact(self, columns: Sequence[str]) -> dict[str, str]:
        return {"text": ", ".join(columns)}

    def labels_said(self, column: str | None) -> str:
        return str(column)

    def hints(self, encoder: Encoder, names: Sequence[str]) -> list[str]:
        some = names[:: max(1, len(names) // SPOKEN)]
        hint = language_hint(encoder, names, spoken=languages(word.casefold() for text in some for run in runs(text) for word in run))
        if hint is None:
            return []
        log.warning("%s", hint)
        return [hint]


class _Images(Medium):
    noun, column, image, example = "image", "path", True, "folder/"
    has_words = False
    only_kind = ("themes", "images are grouped by what they look like")

    def read(self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, label: str | None = None) -> Items:
        _refuse_columns(text=text, id=id, label=label)
        rows = read_images(source)
        number: dict[bytes, int] = {}
        place = np.asarray([number.setdefault(digest, len(number)) for digest in rows.digests], np.int64)
        first = np.unique(place, return_index=True)[1].tolist()
        names = [shortened(rows.ids[row].as_py()) for row in first]
        return Items(
            medium=self,
            rows=rows,
            names=names,
            letters=names,
            keys=[rows.digests[row].hex() for row in first],
            inputs=[rows.files[row] for row in first],
            place=place,
        )

    def read_new(self, source: Any, *, text: str | Sequence[str] | None, id: str | None, known: Sequence[str]) -> NewRows:
        _refuse_columns(text=text, id=id)
        rows = read_images(source, single=True)
        return NewRows(rows=rows, inputs=[str(file) for file in rows.files], keys=[digest.hex() for digest in rows.digests])

    def labels_column(self, rows: Rows, label: str | None) -> str:
        return "folder"

    def load(self, name: EncoderLike, *, fast: str = "auto", cache: str | Path | None = None, device: str | None = None) -> Encoder:
        if not isinstance(name, str):
            raise InputError(f"images need the name of an encoder, got {type(name).__name__}.", hint="encoder='auto' chooses.")
        return ImageEncoder(name, cache=cache)

    def encoder_for(self, rows: Rows, name: EncoderLike, *, fast: str, cache: str | Path | None, device: str | None) -> Encoder:
        if not isinstance(name, str):
            raise InputError(f"images need the name of an encoder, got {type(name).__name__}.", hint="encoder='auto' chooses.")
        assert isinstance(rows, ImageRows)
        return image_encoder(rows, "auto" if name == "minilm" else name, cache=cache)  # the default of texts is none of images

    def name_of(self, given: EncoderLike, encoder: Encoder) -> str:
        return encoder.name

    def files(self, rows: Rows) -> Mapping[str, Path]:
        assert isinstance(rows, ImageRows)
        return dict(zip(rows.ids.to_pylist(), rows.files, strict=True))

    def text_fact(self, columns: Sequence[str]) -> dict[str, str]:
        return {}

    def labels_said(self, column: str | None) -> str:
        return "top folder"


TEXTS, IMAGES = _Texts(), _Images()


def medium_of(image: bool) -> Medium:
    """What the items are, as run.json says it."""
    return IMAGES if image else TEXTS


def distinct_texts(rows: Rows) -> tuple[list[str], Ints]:
    """The distinct texts with a word in them, in order of first appearance, and for each row which of them it has (-1: blank)."""
    number: dict[str, int] = {}
    place = np.full(len(rows), -1, np.int64)
    row = 0
    for chunk in rows.texts.chunks:
        for text in chunk.to_pylist():
            if text and text.strip():
                place[row] = number.setdefault(text, len(number))
            row += 1
    if not number:
        raise InputError(f"{rows.source} holds no text.", hint="choose another column.")
    return list(number), place


def shortened(path: str) -> str:
    """The end of a long path, the part that tells most.

    Examples
    --------
    >>> shortened("a/b.png"), len(shortened("x" * 100))
    ('a/b.png', 60)
    """
    return path if len(path) <= LONGEST else "…" + path[1 - LONGEST :]


def _refuse_columns(**columns: Any) -> None:
    """A column has no meaning where rows are files."""
    for name, value in columns.items():
        if value is not None:
            instead = "an image's label is its top folder" if name == "label" else "images go by their path"
            raise InputError(f"'{name}' names a column, and images have none to choose.", hint=f"leave '{name}' out: {instead}.")
