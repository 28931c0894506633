"""What a folder holds already, and whether something else may be put there: asked before hours of work, not after."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import DamagedError, InputError
from .artefact import pointer, writing
from .formats import load_json
from .manifest import MANIFEST, a_kind


def kind_of(path: str | Path) -> str | None:
    """What the folder says it holds, unchecked; None where it says nothing that can be read."""
    try:
        name = pointer(Path(path))
        return None if name is None else str(load_json(Path(path) / name / MANIFEST)["kind"])
    except (DamagedError, KeyError, TypeError):
        return None


def refuse_other(path: str | Path, kind: str, files: Iterable[str]) -> None:
    """Refuse a folder that cannot take a result of this kind with these files.

    Raises
    ------
    InputError
        It is a file, holds files that are not ours under names that will be written, or another thing that matomari wrote.
    MachineError
        It cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> out = Path(tempfile.mkdtemp()) / "out"
    >>> with writing(out, kind="audit") as stage:
    ...     _ = (stage / "a.txt").write_text("hello")
    >>> refuse_other(out, "audit", ["a.txt"]), kind_of(out)
    (None, 'audit')
    """
    found = kind_of(path)
    if found is not None and found != kind:
        raise InputError(f"{path} holds {a_kind(found)}, which {a_kind(kind)} would replace.", hint="give -o another folder.")
    try:
        with writing(path, kind=kind, files=files):
            raise _Enough
    except _Enough:
        return


class _Enough(Exception):
    pass
