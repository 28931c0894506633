"""The distinct items of a source, each with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..encode.image import ImageEncoder, image_encoder
from ..encode.language import language_hint
from ..encode.text import load_encoder
from ..errors import InputError
from ..logs import log
from ..rows.images import ImageRows, read_images
from ..rows.read import Rows
from ..vectors import Floats, Ints, normalise

if TYPE_CHECKING:
    from .labelled import Told


def encoder_of(encoder: Any, fast: str, cache: str | Path | None, distinct: list[str], pictures: Pictures | None) -> tuple[Any, list[str]]:
    """The encoder, and what its user should know."""
    if pictures:
        return pictures.encoder(encoder, cache), []
    model = load_encoder(encoder, fast=fast, cache=cache)
    hint = language_hint(model, distinct)
    if hint:
        log.warning("%s", hint)
    return model, [hint] if hint else []


def distinct_texts(taken: Rows) -> tuple[list[str], Ints]:
    """The distinct texts with a word in them, in order of first appearance, and for each row which of them it has (-1: blank)."""
    known: dict[str, int] = {}
    place = np.full(len(taken), -1, np.int64)
    row = 0
    for chunk in taken.texts.chunks:
        for text in chunk.to_pylist():
            if text and text.strip():
                place[row] = known.setdefault(text, len(known))
            row += 1
    if not known:
        raise InputError(f"{taken.source} holds no text.", hint="choose another column.")
    return list(known), place


def encoded(told: Told, encoder: Any, cache: Any = None, device: str | None = None) -> tuple[Floats, Any, list[str]]:
    """The vector of each distinct text or image (u, d) at unit length, the encoder, and what its user should know."""
    pictures = told.pictures
    model = pictures.encoder(encoder, cache) if pictures else load_encoder(encoder, device=device, cache=cache)
    hint = None if pictures else language_hint(model, told.distinct)
    log.info("encoding %s distinct %ss", f"{len(told.distinct):,}", "image" if pictures else "text")
    X = normalise(np.asarray(model.encode(pictures.files if pictures else told.distinct), np.float32))
    return X, model, [hint] if hint else []


WHY = "images are grouped by what they look like"
LONGEST = 60  # characters of a path in a name


@dataclass(frozen=True, eq=False)
class Pictures:
    """The distinct images of a source; two files of the same bytes are one.

    Parameters
    ----------
    rows : ImageRows, n rows
    first : array of int64, shape (u,)
        The first row of each.
    place : array of int64, shape (n,)
        Which of them each row has.
    """

    rows: ImageRows
    first: Ints
    place: Ints

    @classmethod
    def of(cls, source: Any, text: Any, id: Any, kind: str) -> Pictures:
        """Read a folder, refusing what makes no sense of images."""
        refuse(text, id)
        if kind == "variants":
            raise InputError("variants are of texts; images make themes.", hint="leave 'kind' out.")
        rows = read_images(source)
        known: dict[bytes, int] = {}
        place = np.asarray([known.setdefault(digest, len(known)) for digest in rows.digests], np.int64)
        return cls(rows, np.unique(place, return_index=True)[1].astype(np.int64), place)

    @property
    def names(self) -> list[str]:
        """What each is called: the end of its path, the part that tells most."""
        return [shortened(self.rows.ids[int(row)].as_py()) for row in self.first]

    @property
    def keys(self) -> list[str]:
        """What each is known again by."""
        return keys(self.rows, self.first.tolist())

    @property
    def files(self) -> list[Path]:
        """Where each lies."""
        return [self.rows.files[int(row)] for row in self.first]

    def encoder(self, name: Any, cache: str | Path | None) -> ImageEncoder:
        """The encoder called `name`, a default of texts being none of images."""
        if not isinstance(name, str):
            raise InputError(f"images need the name of an encoder, got {type(name).__name__}.", hint="encoder='auto' chooses.")
        return image_encoder(self.rows, "auto" if name == "minilm" else name, cache=cache)


def keys(rows: ImageRows, of: Sequence[int] | None = None) -> list[str]:
    """sha256 of the files of some rows, or of all, in hex."""
    return [rows.digests[row].hex() for row in (range(len(rows)) if of is None else of)]


def refuse(text: Any, id: Any) -> None:
    """A column of text or of ids has no meaning where rows are files."""
    for name, value in (("text", text), ("id", id)):
        if value is not None:
            raise InputError(
                f"'{name}' names a column, and images have none to choose.", hint=f"leave '{name}' out: images go by their path."
            )


def shortened(path: str) -> str:
    """The end of a long path.

    Examples
    --------
    >>> shortened("a/b.png"), len(shortened("x" * 100))
    ('a/b.png', 60)
    """
    return path if len(path) <= LONGEST else "…" + path[1 - LONGEST :]
