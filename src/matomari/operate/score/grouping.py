"""A grouping against a column of true groups."""

from __future__ import annotations

import difflib

import numpy as np
import pyarrow as pa

from ...errors import InputError
from ...metrics.grouping import scores
from ..group.grouping import Grouping
from ..group.tables import OURS
from ..tables import numbers


def score(found: Grouping, truth: str) -> dict[str, float | int]:
    """AMI, ARI, NMI, ACC, pairwise and B-cubed of the groups; items without a true group are left out and counted.

    Raises
    ------
    InputError
        There is no such column, or it is empty.
    """
    columns = found.items.column_names
    name = truth if truth in columns and truth not in OURS else f"input_{truth}"
    if name not in columns and truth == "id":
        name = "id"
    if name not in columns:
        others = [c for c in columns if c not in OURS]
        near = difflib.get_close_matches(truth, others, n=1)
        asked = f"did you mean {near[0]!r}? " if near else ""
        raise InputError(f"the items have no column {truth!r}.", hint=f"{asked}They have: {', '.join(map(repr, others))}.")
    given = found.items[name].cast(pa.string()).to_pylist()
    rated = np.asarray([value is not None and value.strip() != "" for value in given], bool)
    if not rated.any():
        raise InputError(f"column {truth!r} holds no true group at all.", hint="choose another column.")
    labels = numbers(found.items, "cluster")[rated]
    real = np.asarray([value for value, there in zip(given, rated, strict=True) if there])
    counts = {"items": int(rated.sum()), "without_truth": int((~rated).sum()), "unassigned": int((labels < 0).sum())}
    return {**counts, "true_groups": len(np.unique(real)), "groups": len(np.unique(labels[labels >= 0])), **scores(real, labels)}
