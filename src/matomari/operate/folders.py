"""Any folder that matomari wrote, opened as what it holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from ..errors import InputError
from ..learn.labels.novelty import STRANGE
from ..partition import KIND as PARTITION
from ..partition import Partition
from ..store.destination import kind_of
from ..store.manifest import a_kind
from .audit.audit import KIND as AUDIT
from .audit.audit import Audit
from .group.grouping import KIND as GROUPING
from .group.grouping import Grouping
from .learn.classifier import KIND as CLASSIFIER
from .learn.classifier import LabelClassifier
from .learn.encoder_folder import KIND as ENCODER
from .learn.encoder_folder import TrainedEncoder
from .triplets import KIND as TRIPLETS
from .triplets import TripletSet

Result = Grouping | Audit | LabelClassifier | TrainedEncoder | TripletSet

RESULTS: dict[str, type[Grouping] | type[Audit] | type[LabelClassifier] | type[TrainedEncoder] | type[TripletSet]] = {
    GROUPING: Grouping,
    AUDIT: Audit,
    CLASSIFIER: LabelClassifier,
    ENCODER: TrainedEncoder,
    TRIPLETS: TripletSet,
}


def load(path: str | Path) -> Result | Partition:
    """Open a folder that matomari wrote: a Grouping, an Audit, a LabelClassifier, a TrainedEncoder, a TripletSet or a Partition.

    Parameters
    ----------
    path : path
        What `save`, or ``-o`` of the command line, wrote.

    Raises
    ------
    InputError
        The folder is not one of ours, or is of a kind that is not opened for itself, such as a checkpoint.
    DamagedError
        Something in it was altered.

    Examples
    --------
    >>> import tempfile
    >>> folder = Partition(["a", "b"], [0, 0]).save(Path(tempfile.mkdtemp()) / "groups")
    >>> load(folder)
    Partition(2 items, 1 clusters, 0 without one)
    """
    kind = kind_of(path)
    if kind == PARTITION:
        return Partition.load(path)
    return load_result(path)


def load_result(path: str | Path) -> Result:
    """Open the folder of a job; its content is checked by the class that opens it."""
    kind = kind_of(path)
    if kind is not None and kind not in RESULTS:
        raise InputError(
            f"{path} holds {a_kind(kind)}, which has no report.", hint="give a folder that group, learn, audit or teach pairs wrote."
        )
    return RESULTS.get(str(kind), Grouping).load(path)


def load_placer(path: str | Path) -> LabelClassifier | Grouping:
    """What can place new rows, read from its folder: a classifier where it holds one, else a grouping."""
    kind = kind_of(path)
    if kind not in (None, CLASSIFIER, GROUPING):
        raise InputError(f"{path} holds {a_kind(str(kind))}, which places no rows.", hint="give a folder that group or learn labels wrote.")
    return LabelClassifier.load(path) if kind == CLASSIFIER else Grouping.load(path)


def placed(model: LabelClassifier | Grouping, table: pa.Table) -> tuple[int, str]:
    """How many rows of an assigned table have a place, and among what."""
    if isinstance(model, LabelClassifier):
        strange = unfamiliar(table)
        note = f", {strange:,} of them unlike anything that was learnt (familiarity below {STRANGE:g})" if strange else ""
        return table.num_rows - table["class"].null_count, f"{len(model.names):,} classes{note}"
    return int((table["cluster"].to_numpy() >= 0).sum()), f"{model.run.groups:,} groups"


def unfamiliar(table: pa.Table) -> int:
    """How many rows of a table that a classifier assigned have a class and resemble nothing that was learnt."""
    return int(((table["familiarity"].to_numpy() < STRANGE) & np.asarray(table["class"].is_valid())).sum())
