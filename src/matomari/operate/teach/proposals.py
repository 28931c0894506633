"""Proposals: what a teacher, or a person, would change in a grouping, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One change to a grouping.

    Attributes
    ----------
    do : str
        "rename", "merge", "split", "move", "same" or "different".
    what, to : str
        Names of groups, or ids of items, as `matomari apply` takes them.
    why : str
    confidence : float
        In [0, 1].
    by : str
        Who says so: the model.
    recommended : bool
        What the data itself says of the teacher and of this change speaks for it.
    """

    do: str
    what: str
    to: str
    why: str
    confidence: float
    by: str
    recommended: bool


def table_of(proposals: Sequence[Proposal]) -> pa.Table:
    """The proposals as a table, a column for each attribute."""
    kinds = {"str": pa.string(), "float": pa.float64(), "bool": pa.bool_()}
    rows = [asdict(proposal) for proposal in proposals]
    return pa.table({f.name: pa.array([row[f.name] for row in rows], kinds[str(f.type)]) for f in fields(Proposal)})
