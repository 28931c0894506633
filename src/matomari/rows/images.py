"""Read a folder, a file or a list of image files as rows, as for a table. The text of a row is the path."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import InputError
from ..logs import progress
from .image_file import ENDINGS, Seen, look
from .read import Rows

NAMED = 3  # unreadable files that are named in the note
SLOW = 500  # show a progress bar from this many files
_KINDS = ", ".join(ending[1:] for ending in ENDINGS)


@dataclass(frozen=True, eq=False)
class ImageRows(Rows):
    """Rows that are images: `table` has the columns path, folder, width and height; texts and ids are the paths.

    Parameters
    ----------
    files : list of Path, length n
        Path of each image.
    digests : list of bytes, length n
        sha256 of each file.
    grey : bool
        No image has a colour.
    """

    files: list[Path]
    digests: list[bytes]
    grey: bool


@dataclass
class _Found:
    """The files to read: their paths, their names, and what was left out."""

    names: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    links: int = 0
    others: int = 0

    def add(self, name: str, path: Path) -> None:
        self.names.append(name)
        self.files.append(path)


def read_images(source: Any, *, single: bool = False) -> ImageRows:
    """Read a folder of images and its subfolders, sorted by path, or a list of image files in its order.

    Hidden files and folders are skipped, and links that lead out of the folder are not followed. Files that cannot be read are
    left out and listed in a note.

    Parameters
    ----------
    source : path or list of paths
        A folder with png, jpg, webp, gif, bmp or tiff files, or the files.
    single : bool
        Whether a single image file is accepted too.

    Raises
    ------
    InputError
        It is not a folder, it holds no image that can be read, or a path is in a list twice.
    MachineError
        The extra ``images`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "red").mkdir()
    >>> Image.new("RGB", (4, 3), "red").save(folder / "red" / "a.png")
    >>> read_images(folder).table.to_pylist()
    [{'path': 'red/a.png', 'folder': 'red', 'width': 4, 'height': 3}]
    """
    listing, name = _find(source, single)
    if not listing.files:
        raise InputError(f"{name} holds no images.", hint=_nothing(listing))
    often, times = Counter(listing.names).most_common(1)[0]
    if times > 1:
        raise InputError(f"{often!r} stands {times} times in {name}.", hint="give each image once.")
    seen = list(_seen(listing))
    readable = [i for i, item in enumerate(seen) if item is not None]
    if not readable:
        what, why = listing.left_out[0]
        some = f"none of the {len(listing.files):,} images in {name} can be read" if len(listing.files) > 1 else f"{name} cannot be read"
        raise InputError(f"{some}: {what}: {why}.", hint=f"are they whole? Kinds that are read: {_KINDS}.")
    return _rows(
        [listing.names[i] for i in readable],
        [listing.files[i] for i in readable],
        seen=[s for s in seen if s],
        source=name,
        notes=_notes(listing),
    )


def _find(source: Any, single: bool) -> tuple[_Found, str]:
    if isinstance(source, str | os.PathLike):
        path = Path(os.fsdecode(source))
        if path.is_dir():
            return _walked(path), _name(path)
        if single and path.is_file():
            return _Found([_name(Path(path.name))], [path]), _name(path)
        wrong = "is a file" if path.is_file() else "is no folder" if path.exists() else "does not exist"
        raise InputError(f"{_name(path)} {wrong}; images are read from a folder.", hint="give the folder that holds them.")
    if not isinstance(source, Iterable):
        raise InputError(f"a {type(source).__name__} holds no images.", hint="give a folder, or a list of image files.")
    return _listed(list(source)), f"the {type(source).__name__}"


def _listed(paths: list[Any]) -> _Found:
    listing = _Found()
    for number, path in enumerate(paths):
        if not isinstance(path, str | os.PathLike):
            raise InputError(f"item {number} of the list is of type {type(path).__name__}, not a path.", hint="give paths of image files.")
        listing.files.append(Path(os.fsdecode(path)))
    if listing.files:
        whole = [os.path.abspath(path) for path in listing.files]  # noqa: PTH100  a link keeps its own name
        top = os.path.commonpath([os.path.dirname(path) for path in whole])  # noqa: PTH120
        listing.names += [_name(Path(path).relative_to(top)) for path in whole]
    return listing


def _walked(top: Path) -> _Found:
    listing = _Found()
    inside = top.resolve()
    unread: list[OSError] = []
    for folder, folders, names in os.walk(top, onerror=unread.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if not name.lower().endswith(ENDINGS):
                listing.others += 1
            elif path.is_symlink() and _leads_out(path, inside):
                listing.links += 1
            else:
                listing.add(_name(path.relative_to(top)), path)
    listing.left_out += [(_name(Path(error.filename)), f"{error.strerror}") for error in unread]
    order = sorted(range(len(listing.names)), key=listing.names.__getitem__)
    listing.names, listing.files = [listing.names[i] for i in order], [listing.files[i] for i in order]
    return listing


def _leads_out(link: Path, top: Path) -> bool:
    try:
        return not link.resolve().is_relative_to(top)
    except (OSError, RuntimeError):  # it leads to itself
        return True


def _name(path: Path) -> str:
    """The path with forward slashes, as valid text even if the file name is not."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _seen(found: _Found) -> Iterator[Seen | None]:
    shown = None if len(found.files) >= SLOW else False
    for name, path in zip(found.names, progress(found.files, what="read", enabled=shown), strict=True):
        try:
            yield look(path)
        except InputError as error:
            found.left_out.append((name, error.message))
            yield None


def _notes(found: _Found) -> list[str]:
    notes = []
    if found.left_out:
        count = len(found.left_out)
        some = ", ".join(f"{name!r} ({why})" for name, why in found.left_out[:NAMED])
        more = f" and {count - NAMED:,} more" if count > NAMED else ""
        notes.append(f"{count:,} image{'s' * (count != 1)} could not be read and {'are' if count != 1 else 'is'} left out: {some}{more}")
    if found.links:
        notes.append(f"{found.links:,} link{'s' * (found.links != 1)} out of the folder not followed")
    return notes


def _nothing(found: _Found) -> str:
    if found.left_out:
        what, why = found.left_out[0]
        return f"{what} cannot be listed: {why}."
    others = f"it holds {found.others:,} file{'s' * (found.others != 1)} of other kinds; " if found.others else ""
    return f"{others}kinds that are read: {_KINDS}."


def _rows(names: list[str], files: list[Path], seen: list[Seen], source: str, notes: list[str]) -> ImageRows:
    paths = pa.chunked_array([pa.array(names, pa.string())])
    folders = [name.partition("/")[0] if "/" in name else "" for name in names]
    sizes = {"width": pa.array([s.width for s in seen], pa.int64()), "height": pa.array([s.height for s in seen], pa.int64())}
    table = pa.table({"path": paths, "folder": pa.array(folders, pa.string()), **sizes})
    marks = hashlib.sha256()
    for name, item in zip(names, seen, strict=True):
        marks.update(name.encode() + b"\0" + item.digest)
    digests, grey = [s.digest for s in seen], all(s.grey for s in seen)
    return ImageRows(
        table=table,
        texts=paths,
        ids=paths,
        text_columns=["path"],
        notes=notes,
        source=source,
        fingerprint=marks.hexdigest(),
        files=files,
        digests=digests,
        grey=grey,
    )
