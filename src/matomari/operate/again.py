"""The report of an earlier run, whatever it made, as one file anywhere."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..store.artefact import load
from ..store.atomic import replacing
from ..store.claims import kind_of
from ..store.manifest import a_kind
from .grouping import KIND as GROUPING
from .grouping import Grouping

REPORT = "report.html"


def again(model: str | Path, out: str | Path) -> Path:
    """Write the report of a folder that matomari wrote into a file, whole or not at all; returns the file.

    That of a grouping is drawn anew, by this version; audits, classifiers and encoders give the one that was written with them.

    Raises
    ------
    InputError
        The folder is not one of ours, or what it holds has no report.
    DamagedError
        Something in it was altered.
    """
    kind = kind_of(model)
    if kind in (None, GROUPING):
        return Grouping.load(model).report(out)
    artefact = load(model, kind=str(kind))
    if REPORT not in artefact.files:
        raise InputError(f"{model} holds {a_kind(str(kind))}, which has no report.", hint="give a folder that group, learn or audit wrote.")
    page = artefact.file(REPORT).read_bytes()
    with replacing(out) as draft:
        draft.write_bytes(page)
    return Path(out)
