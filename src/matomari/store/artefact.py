"""Atomic artefact folders: a reader gets the old content or the new, complete and checked, or an error that it is damaged.

out/CURRENT -> results.1f0c…      one pointer, replaced in one step
out/results.1f0c…/                 the files and manifest.json, which names the size and sha256 of each
out/items.csv -> CURRENT/items.csv a view for people; one switch of the pointer moves all views at once
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DamagedError, InputError, MachineError
from ..logs import log
from ..wording import one_line
from .destination import POINTER, is_view, pointer, refuse_clashes, refuse_other_kind
from .locks import Lease, locked
from .manifest import AGAIN, MANIFEST, RESULTS, check, intact, seal, sync, unreadable

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, None)


@dataclass(frozen=True)
class Artefact:
    """A checked result folder; while it is held, no writer sweeps the folder away.

    Parameters
    ----------
    path : Path
        The results folder that was checked.
    meta : mapping
        Facts that the writer stored; JSON values.
    digest : str
        sha256 of the manifest, which covers all files.
    files : tuple of str
        Names relative to `path`, sorted.
    """

    path: Path
    meta: Mapping[str, Any]
    digest: str
    files: tuple[str, ...]
    _lease: Lease = field(repr=False, compare=False)

    def has(self, name: str) -> bool:
        """Whether the artefact has a file of this name."""
        return name in self.files

    def file(self, name: str) -> Path:
        """The path of one file; DamagedError if the artefact has no file of this name."""
        if name not in self.files:
            raise DamagedError(f"{self.path} has no {name}.", hint=AGAIN)
        return self.path / name


@contextmanager
def writing(path: str | Path, *, kind: str, meta: Mapping[str, Any] = MappingProxyType({}), files: Iterable[str] = ()) -> Iterator[Path]:
    """Replace the content of folder `path` by what the block writes into the stage folder, completely or not at all.

    Parameters
    ----------
    path : path
        The artefact folder; created if it is missing.
    kind : str
        The kind of artefact; `load` must be given the same word.
    meta : mapping
        Small facts kept in the manifest; JSON values only.
    files : iterable of str
        Names that will be written, so that a clash with a user's own file is found before the work is done.

    Raises
    ------
    InputError
        `path` is a file, holds a result of another kind, or a file that is not ours under a name that would be written.
    MachineError
        The disk is full or permission is missing; the old content is kept.

    Examples
    --------
    >>> import tempfile
    >>> out = Path(tempfile.mkdtemp()) / "out"
    >>> with writing(out, kind="note", meta={"by": "me"}) as stage:
    ...     _ = (stage / "a.txt").write_text("hello")
    >>> load(out, kind="note").file("a.txt").read_text(), (out / "a.txt").read_text()
    ('hello', 'hello')
    """
    folder = Path(path)
    try:
        is_new = _prepare(folder)
        refuse_other_kind(folder, kind)
        refuse_clashes(folder, files)
        stage, lease = _open_stage(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield stage
        digest = seal(stage, kind, meta)
        with locked(folder / ".lock"):
            lease.release()  # nobody else sweeps while we hold this lock
            _commit(folder, stage, digest)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        lease.release()
        shutil.rmtree(stage, ignore_errors=True)
        with suppress(OSError):
            if is_new and not (folder / POINTER).exists():
                (folder / ".lock").unlink(missing_ok=True)
                folder.rmdir()


def load(path: str | Path, *, kind: str) -> Artefact:
    """Open an artefact folder after checking the size and sha256 of every file in it.

    Raises
    ------
    InputError
        `path` does not exist, is not an artefact folder, or is of another kind.
    DamagedError
        Something is missing, altered, extra, or from a newer version.
    """
    folder = Path(path)
    for attempt in range(8):
        name = pointer(folder)
        if name is None:
            raise InputError(f"{folder} is not a matomari folder.", hint="give a folder that matomari wrote; it holds CURRENT.")
        try:
            lease = Lease(folder / name, shared=True)
        except FileNotFoundError:
            time.sleep(0.005 * attempt)  # a writer may have swept it since we read the pointer
            continue
        except OSError as error:
            raise unreadable(folder / name, error) from error
        checked = check(folder / name, kind)
        return Artefact(path=folder / name, meta=MappingProxyType(checked.meta), digest=checked.digest, files=checked.files, _lease=lease)
    raise DamagedError(f"{folder} points to {name}, which is missing.", hint=AGAIN)


def refuse_other(path: str | Path, kind: str, files: Iterable[str]) -> None:
    """Refuse a folder that cannot take a result of this kind with these files. Use it before long work.

    Raises
    ------
    InputError, MachineError
        As `writing` would.

    Examples
    --------
    >>> import tempfile
    >>> out = Path(tempfile.mkdtemp()) / "out"
    >>> with writing(out, kind="audit") as stage:
    ...     _ = (stage / "a.txt").write_text("hello")
    >>> refuse_other(out, "audit", ["a.txt"])
    """
    with suppress(_Enough), writing(path, kind=kind, files=files):
        raise _Enough


class _Enough(Exception):
    """Raised to stop once the folder is known to be writable."""


def _unwritable(folder: Path, error: OSError) -> MachineError:
    where = f" ({error.filename})" if error.filename and str(error.filename) != str(folder) else ""
    return MachineError(
        f"{folder} could not be written: {error.strerror or one_line(error)}{where}.",
        hint="check space and permissions; what was there before still stands.",
    )


def _prepare(folder: Path) -> bool:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, so nothing can be saved into it.", hint="give a folder, or a name that is free.")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if is_new:
        sync(folder.parent)
    return is_new


def _open_stage(folder: Path) -> tuple[Path, Lease]:
    for _ in range(8):
        stage = folder / f".stage-{os.getpid()}-{secrets.token_hex(4)}"
        stage.mkdir()
        with suppress(FileNotFoundError, BlockingIOError):  # swept between these two lines
            return stage, Lease(stage, shared=False)
    raise OSError(errno.EAGAIN, "no stage folder could be kept", str(folder))


def _commit(folder: Path, stage: Path, digest: str) -> None:
    names = {entry.name for entry in stage.iterdir()} - {MANIFEST}
    refuse_clashes(folder, names)
    name, before = f"results.{digest[:16]}", pointer(folder)
    if os.path.lexists(folder / name) and not intact(folder / name):
        (folder / name).rename(_stray(folder))
    if not os.path.lexists(folder / name):
        stage.rename(folder / name)
    stale = {entry.name for entry in folder.iterdir() if entry.name not in names and is_view(folder, entry.name)}
    draft = _stray(folder)
    linked = _draft_pointer(draft, name)
    if linked:
        _link_views(folder, names)
    sync(folder)
    draft.replace(folder / POINTER)
    sync(folder)
    if not linked:
        _copy_views(folder, name, names)
    try:
        _sweep(folder, {name, before}, stale)
    except OSError as error:  # the result is written; the next writer sweeps again
        log.warning("%s could not be swept: %s", folder, one_line(error))


def _draft_pointer(draft: Path, name: str) -> bool:
    """Create the pointer under another name; False if it had to be a text file."""
    try:
        draft.symlink_to(name, target_is_directory=True)
    except (OSError, NotImplementedError) as error:
        if getattr(error, "errno", None) not in _NO_LINKS:
            raise
        draft.write_text(name + "\n", encoding="ascii")
        sync(draft)
        return False
    return True


def _link_views(folder: Path, names: Iterable[str]) -> None:
    for name in sorted(names):
        if not (folder / name).is_symlink():
            draft = _stray(folder)
            draft.symlink_to(f"{POINTER}/{name}")
            draft.replace(folder / name)


def _copy_views(folder: Path, result: str, names: Iterable[str]) -> None:
    for name in sorted(names):
        if (folder / result / name).is_file():
            draft = _stray(folder)
            shutil.copyfile(folder / result / name, draft)
            draft.replace(folder / name)


def _sweep(folder: Path, keep: set[str | None], stale: set[str]) -> None:
    for entry in sorted(folder.iterdir()):
        result = bool(RESULTS.fullmatch(entry.name)) and entry.name not in keep and (entry / MANIFEST).is_file()
        if entry.name in stale:
            entry.unlink()
        elif entry.name.startswith(".stage-") and (entry.is_symlink() or entry.is_file()):
            entry.unlink()  # drafts live only under the commit lock, which we hold
        elif result or (entry.name.startswith(".stage-") and entry.is_dir()):
            _remove_unless_held(folder, entry)


def _remove_unless_held(folder: Path, entry: Path) -> None:
    try:
        lease = Lease(entry, shared=False)
    except (FileNotFoundError, BlockingIOError):
        return  # a living writer's stage, or a result that somebody is reading
    away = _stray(folder)
    try:
        if not lease.held:
            return
        entry.rename(away)  # first, so that no reader sees a half removed results folder
    finally:
        lease.release()
    shutil.rmtree(away)


def _stray(folder: Path) -> Path:
    return folder / f".stage-{os.getpid()}-{secrets.token_hex(4)}"
