"""Groupings whose three layers are set by hand, with an encoder that needs no model."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa

import matomari
from matomari.cluster.clustering import Clustering
from matomari.cluster.membership import Membership
from matomari.operate.group.assemble import Draft
from matomari.operate.items import TEXTS, EncodedItems
from matomari.operate.provenance import origin_of
from matomari.vectors import normalise

D = 6


class Hand:
    """Vectors by letters: of a text that was there the given one, of any other that of its first letter."""

    name, fingerprint, dimension = "hand", "hand", D

    def __init__(self, vectors: dict[str, list[float]] | None = None) -> None:
        self.notes: list[str] = []
        self.vectors = vectors or {}

    def encode(self, texts: Any) -> np.ndarray:
        other = [np.eye(D)[ord(text[:1] or "a") % D] for text in texts]
        return np.asarray([self.vectors.get(text, spot) for text, spot in zip(texts, other, strict=True)], np.float32)


def by_hand(rows: list[tuple[Any, ...]], coarser: list[int], *, kind: str = "themes") -> tuple[matomari.Grouping, Hand]:
    """A grouping of rows (id, text, vector, group, finer group); a blank text has no group."""
    table = pa.table({"key": [row[0] for row in rows], "wording": [row[1] for row in rows]})
    items = TEXTS.read(table, text="wording", id="key")
    first = {row[1]: row for row in reversed(rows) if row[1].strip()}
    spoken = [first[name] for name in items.names]
    hand = Hand({row[1]: row[2] for row in spoken})
    X = normalise(np.asarray([row[2] for row in spoken], np.float32))
    labels = np.asarray([row[3] for row in spoken], np.int64)
    k = len(coarser)
    other = np.where(labels >= 0, (labels + 1) % k, 0)
    member = Membership(labels, np.full(len(X), 0.75, np.float32), other, np.full(len(X), 0.25, np.float32))
    encoded = EncodedItems(
        **{f.name: getattr(items, f.name) for f in fields(items)}, encoder=hand, encoder_name="", X=X, notes=[]
    )  # fmt: skip
    clustering = Clustering(
        partition=member.partition("hand"),
        membership=member,
        finer=np.asarray([row[4] for row in spoken], np.int64),
        coarser=np.asarray(coarser, np.int64),
        stability=np.full(k, 0.5, np.float32),
        reason="set by hand",
    )
    settings = {
        **origin_of(items.rows), "id_column": "key", "distinct_texts": len(items), "kind": kind, "kind_reason": "set by hand",
        "groups_reason": "set by hand", "assign_all": False, "encoder": "", "encoder_fingerprint": "hand", "fast": "auto", "seed": 0,
        "options": {},
    }  # fmt: skip
    return Draft(items=encoded, clustering=clustering, kind=kind, seed=0).finish(settings, []), hand


def spot(axis: int, lean: int = 0, much: float = 0.0) -> list[float]:
    """A direction along one axis that leans to another."""
    vector = np.eye(D)[axis] + much * np.eye(D)[lean]
    return vector.tolist()


def themes() -> tuple[matomari.Grouping, Hand]:
    """Three groups: apples (two finer groups), bolts (two) and cards (one); one row without a group, one without a word."""
    return by_hand(
        [
            ("a1", "apple pie", spot(0, 1, 0.1), 0, 0),
            ("a2", "apple cake", spot(0, 1, 0.2), 0, 0),
            ("a3", "apple juice", spot(0, 2, 0.3), 0, 1),
            ("a4", "apple cider", spot(0, 2, 0.4), 0, 1),
            ("a5", "apple pie", spot(0, 1, 0.1), 0, 0),
            ("b1", "bolt zinc", spot(1, 3, 0.1), 1, 2),
            ("b2", "bolt steel", spot(1, 3, 0.2), 1, 2),
            ("b3", "bolt brass", spot(1, 4, 0.4), 1, 3),
            ("c1", "card lost", spot(2, 5, 0.1), 2, 4),
            ("c2", "card stolen", spot(2, 5, 0.2), 2, 4),
            ("u1", "nothing much", spot(5, 4, 0.9), -1, -1),
            ("x1", "", spot(0), -1, -1),
        ],
        [0, 0, 1],
    )


def variants() -> tuple[matomari.Grouping, Hand]:
    """Three things: Kessler (two finer groups), Harlow and Nordmann (one each); a coarser group holds the first two."""
    return by_hand(
        [
            ("1", "Kessler AG Bonn", spot(0, 1, 0.1), 0, 0),
            ("2", "Kessler AG", spot(0, 1, 0.2), 0, 0),
            ("3", "Kessler Stahl", spot(0, 2, 0.3), 0, 1),
            ("4", "Kessler Stahl", spot(0, 2, 0.3), 0, 1),
            ("5", "Harlow Gears Ltd", spot(1, 3, 0.1), 1, 2),
            ("6", "Harlow Gears", spot(1, 3, 0.3), 1, 2),
            ("7", "Nordmann", spot(2, 3, 0.1), 2, 3),
        ],
        [0, 0, 1],
        kind="variants",
    )


def cluster_of(grouping: matomari.Grouping) -> dict[str, str]:
    """The name of the group of each row."""
    return dict(zip(grouping.items["id"].to_pylist(), grouping.items["cluster_name"].to_pylist(), strict=True))


def together(grouping: matomari.Grouping) -> set[frozenset[str]]:
    """The groups as sets of ids."""
    groups: dict[int, set[str]] = {}
    for id, label in zip(grouping.items["id"].to_pylist(), grouping.items["cluster"].to_pylist(), strict=True):
        groups.setdefault(label, set()).add(id)
    return {frozenset(ids) for label, ids in groups.items() if label >= 0}


def names(grouping: matomari.Grouping) -> list[str]:
    return grouping.groups["name"].to_pylist()


def unsound(grouping: matomari.Grouping) -> list[str]:
    """What does not fit in a grouping: sizes, numbers, nesting, names, and what its model knows."""
    items, groups, run = grouping.items, grouping.groups, grouping.run
    label, finer, coarser = (items[name].to_numpy() for name in ("cluster", "finer", "coarser"))
    faults = []
    if sorted(set(label[label >= 0].tolist())) != list(range(len(groups))) or groups["cluster"].to_pylist() != list(range(len(groups))):
        faults.append("numbers of groups")
    if groups["size"].to_pylist() != np.bincount(label[label >= 0], minlength=len(groups)).tolist():
        faults.append("sizes")
    if run.groups != len(groups) or run.unassigned != int((label < 0).sum()) or grouping.reference.k != len(groups):
        faults.append("run")
    for what, layer, called in (("finer", finer, run.finer_names), ("coarser", coarser, run.coarser_names)):
        if sorted(set(layer[layer >= 0].tolist())) != list(range(len(called))):
            faults.append(f"numbers of {what}")
        if ((layer >= 0) != (label >= 0)).any():
            faults.append(f"{what} without group")
        if [called[n] if n >= 0 else None for n in layer.tolist()] != items[f"{what}_name"].to_pylist():
            faults.append(f"{what} names")
        if len(set(called)) != len(called):
            faults.append(f"twins in {what}")
    if any(len(set(label[finer == part].tolist())) != 1 for part in set(finer[finer >= 0].tolist())):
        faults.append("finer groups cross groups")
    if [groups["coarser"][n].as_py() for n in label[label >= 0].tolist()] != coarser[label >= 0].tolist():
        faults.append("coarser groups cross groups")
    called = groups["name"].to_pylist()
    if len(set(called)) != len(called):
        faults.append("twins")
    for column in ("cluster", "runner_up"):
        if [called[n] if n >= 0 else None for n in items[column].to_pylist()] != items[f"{column}_name"].to_pylist():
            faults.append(f"names of {column}")
    if ((items["runner_up"].to_numpy() == label) & (label >= 0)).any():
        faults.append("a runner-up that is the group itself")
    if any(
        grouping.items["cluster"][items["id"].to_pylist().index(id)].as_py() != g
        for g, ids in enumerate(groups["representative_ids"].to_pylist())
        for id in ids
    ):
        faults.append("representatives")
    return faults
