"""The tables of an audit: every row with the score of its label, every class, and the classes in each community."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ...learn.correction.matching import Matching
from ...metrics.intervals import wilson
from ...vectors import Ints
from ..labelled import LabelledItems
from .judge import Judged

MODE, LEAST = 0.1, 5  # a mode of a class holds at least this share and this number of its correctly clustered rows
SHARED = 0.25  # of each of two classes that share a community
NAMED = 3  # classes in a remark


def issues_table(data: LabelledItems, judged: Judged, *, corrected: bool) -> pa.Table:
    """Every row of the source in its order, with the judgement of its label.

    Parameters
    ----------
    data : LabelledItems, of n rows
    judged : Judged
    corrected : bool
        Labels that a person gave are a column of their own.

    Returns
    -------
    pyarrow.Table, n rows
        `label_score` and `community` are null for a row that was not judged, `suggested_label` too where it has no label either.
    """
    ids, texts = data.rows.ids.to_pylist(), data.rows.texts.to_pylist()
    n, rows, given = len(ids), judged.rows, data.given
    matching, doubts = judged.matching, judged.doubts
    suggested = _spread(n, rows, doubts.suggested).tolist()
    nearest = _spread(n, rows, judged.nearest).tolist()
    columns: dict[str, Any] = {
        "id": pa.array(ids, pa.string()),
        data.items.medium.column: pa.array(texts, pa.string()),
        "given_label": pa.array(given, pa.string()),
        "suggested_label": pa.array(
            [data.classes[new] if new >= 0 else old for new, old in zip(suggested, given, strict=True)], pa.string()
        ),
        "is_label_issue": pa.array(_spread(n, rows, doubts.issue, False)),
        "label_score": _nullable(_spread(n, rows, doubts.score, np.nan)),
        "community": pa.array(_spread(n, rows, matching.communities), mask=_spread(n, rows, matching.communities) < 0),
        "is_misclustered": pa.array(_spread(n, rows, matching.misclustered, False)),
        "nearest_correct_id": pa.array([ids[row] if row >= 0 else None for row in nearest], pa.string()),
        "nearest_correct": pa.array([texts[row] if row >= 0 else None for row in nearest], pa.string()),
        "nearest_correct_cosine": _nullable(_spread(n, rows, judged.cosines, np.nan)),
    }
    return pa.table(columns | {"gold_label": pa.array(data.gold, pa.string())} if corrected else columns)


def _spread(n: int, rows: Ints, values: NDArray[Any], fill: Any = -1) -> NDArray[Any]:
    column = np.full(n, fill, values.dtype)
    column[rows] = values
    return column


def _nullable(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def classes_table(classes: Sequence[str], matching: Matching, issue: NDArray[np.bool_]) -> pa.Table:
    """The counts of each class, the worst first, by the lower bound of the share of misclustered rows.

    A class has as many `modes` as communities that it owns and that hold at least 5 of its rows and a tenth of its correctly clustered ones; one that
    owns any has at least one. Two classes share a community that holds at least a quarter of each, and two rows of each.

    Parameters
    ----------
    classes : sequence of str, length c
    matching : Matching, of m rows
    issue : array of bool, shape (m,)

    Examples
    --------
    >>> from matomari.learn.correction.matching import match
    >>> matching = match(np.array([0] * 6 + [1] * 3), np.array([0] * 9))
    >>> classes_table(["a", "b"], matching, np.zeros(9, bool)).select(["label", "misclustered", "confused_with", "remark"]).to_pylist()[0]
    {'label': 'b', 'misclustered': 3, 'confused_with': 'a', 'remark': 'owns no community; shares a community with a'}
    """
    labelled = matching.labels >= 0
    issues = np.bincount(matching.labels[labelled & issue], minlength=len(classes))
    rows = [_class(classes, label, matching, int(issues[label])) for label in range(len(classes))]
    rows.sort(key=lambda row: (-wilson(row["misclustered"], row["size"])[0], -row["issues"] / row["size"], row["label"]))
    kinds = {"communities": pa.list_(pa.int64())} | dict.fromkeys(("label", "confused_with", "remark"), pa.string())
    names = ("label", "size", "communities", "modes", "misclustered", "misclustered_rate", "issues", "confused_with", "remark")
    return pa.table({name: pa.array([row[name] for row in rows], kinds.get(name)) for name in names})


def _class(classes: Sequence[str], label: int, matching: Matching, issues: int) -> dict[str, Any]:
    counts, own = matching.table[label], matching.modes(label)
    size, correct = int(counts.sum()), int(counts[own].sum())
    modes = max(int((counts[own] >= max(LEAST, MODE * correct)).sum()), min(len(own), 1))
    lost = np.zeros(len(classes), np.int64)
    elsewhere = np.flatnonzero((matching.owner != label) & (counts > 0))
    np.add.at(lost, matching.owner[elsewhere], counts[elsewhere])
    return {
        "label": classes[label],
        "size": size,
        "communities": own,
        "modes": modes,
        "misclustered": size - correct,
        "misclustered_rate": (size - correct) / size,
        "issues": issues,
        "confused_with": classes[int(lost.argmax())] if lost.any() else None,
        "remark": _remark(classes, label, table=matching.table, modes=modes, owns=bool(own)),
    }


def _remark(classes: Sequence[str], label: int, table: Ints, modes: int, owns: bool) -> str:
    """The remarks on a class, as text."""
    sizes = table.sum(axis=1)
    large = (table[label] >= 2) & (table[label] >= SHARED * sizes[label])
    some = table[:, large]
    others = [c for c in np.flatnonzero(((some >= 2) & (some >= SHARED * sizes[:, None])).any(axis=1)).tolist() if c != label]
    remarks = ["several modes"] if modes > 1 else []
    remarks += [] if owns else ["owns no community"]
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        remarks.append(f"shares a community with {', '.join(classes[c] for c in others[:NAMED])}{more}")
    return "; ".join(remarks)


def cells_table(classes: Sequence[str], matching: Matching) -> pa.Table:
    """How many rows of which class are in which community, and whose that is; by class, then community.

    Examples
    --------
    >>> from matomari.learn.correction.matching import match
    >>> cells_table(["a", "b"], match(np.array([0, 0, 1]), np.array([0, 0, 0]))).to_pylist()[1]
    {'label': 'b', 'community': 0, 'samples': 1, 'owner': 'a'}
    """
    label, community = np.nonzero(matching.table)
    return pa.table(
        {
            "label": pa.array([classes[c] for c in label.tolist()], pa.string()),
            "community": pa.array(community.astype(np.int64)),
            "samples": pa.array(matching.table[label, community]),
            "owner": pa.array([classes[c] for c in matching.owner[community].tolist()], pa.string()),
        }
    )
