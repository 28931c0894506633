"""The report of an earlier run, whatever it made, as one file anywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from ..errors import InputError
from ..learn.labels.novelty import STRANGE
from ..store.artefact import load
from ..store.atomic import replacing
from ..store.destination import kind_of
from ..store.manifest import a_kind
from .group.grouping import KIND as GROUPING
from .group.grouping import Grouping
from .learn.classifier import KIND, Classes

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


def placer(path: str | Path) -> Classes | Grouping:
    """What can place new rows, read from its folder: a classifier where it holds one, else a grouping."""
    found = kind_of(path)
    if found not in (None, KIND, GROUPING):
        raise InputError(
            f"{path} holds {a_kind(str(found))}, which places no rows.", hint="give a folder that group or learn --label wrote."
        )
    return Classes.load(path) if found == KIND else Grouping.load(path)


def placed(known: Classes | Grouping, table: pa.Table) -> tuple[int, str]:
    """How many rows of an assigned table have a place, and among what."""
    if isinstance(known, Classes):
        there = table.num_rows - table["class"].null_count
        strange = unfamiliar(table)
        said = f", {strange:,} of them unlike anything that was learnt (familiarity below {STRANGE:g})" if strange else ""
        return there, f"{len(known.names):,} classes{said}"
    return int((table["cluster"].to_numpy() >= 0).sum()), f"{known.run['groups']:,} groups"


def unfamiliar(table: pa.Table) -> int:
    """How many rows of a table that a classifier assigned have a class and resemble nothing that was learnt."""
    return int(((table["familiarity"].to_numpy() < STRANGE) & np.asarray(table["class"].is_valid())).sum())
