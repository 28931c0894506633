"""Find out what a folder already holds, and whether a result may be written there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..errors import DamagedError, InputError
from .formats import load_json
from .manifest import AGAIN, MANIFEST, RESULTS, a_kind, open_regular, sha256, unreadable

POINTER = "CURRENT"


def pointer(folder: Path) -> str | None:
    """The name in CURRENT, or None if there is no CURRENT."""
    pointer = folder / POINTER
    try:
        if pointer.is_symlink():
            name = str(pointer.readlink())
        else:
            with open_regular(pointer) as file:
                name = file.read(100).decode("ascii", "replace").removesuffix("\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(pointer, error) from error
    if not RESULTS.fullmatch(name):
        raise DamagedError(f"{pointer} names {name[:60]!r}, which is no results folder.", hint=AGAIN)
    return name


def kind_of(path: str | Path) -> str | None:
    """The kind of result that the folder claims to hold, unchecked; None if that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> kind_of(tempfile.mkdtemp()) is None
    True
    """
    try:
        name = pointer(Path(path))
        return None if name is None else str(load_json(Path(path) / name / MANIFEST)["kind"])
    except (DamagedError, KeyError, TypeError):
        return None


def refuse_other_kind(folder: Path, kind: str) -> None:
    """Refuse a folder that holds a result of another kind, which would be lost."""
    present = kind_of(folder)
    if present not in (None, kind):
        raise InputError(f"{folder} holds {a_kind(str(present))}, which {a_kind(kind)} would replace.", hint="give another folder.")


def refuse_clashes(folder: Path, files: Iterable[str]) -> None:
    """Refuse a folder in which somebody else's file has a name that would be written."""
    names = {name.split("/")[0] for name in files}
    for name in sorted(names):
        if os.path.lexists(folder / name) and not is_view(folder, name):
            raise InputError(
                f"{folder / name} is already there and is not ours to replace.", hint="move it away, or choose another folder."
            )
    if os.path.lexists(folder / POINTER):
        try:
            pointer(folder)
        except DamagedError as error:
            raise InputError(
                f"{folder / POINTER} is not ours to replace.", hint="delete it if it is damaged, or choose another folder."
            ) from error


def is_view(folder: Path, name: str) -> bool:
    """Whether `folder/name` is a link that we made or, where links are impossible, an unchanged copy."""
    view = folder / name
    if view.is_symlink():
        return view.readlink().as_posix() == f"{POINTER}/{name}"
    if (folder / POINTER).is_symlink() or not view.is_file():
        return False
    copies = [r / name for r in folder.glob("results.*") if (r / name).is_file() and (r / name).stat().st_size == view.stat().st_size]
    return bool(copies) and sha256(view) in {sha256(k) for k in copies}
