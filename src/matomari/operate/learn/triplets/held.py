"""Triplets held out before training: for the swaps of each kind, and as a search that must not get worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ..holdout import MOST_DOCUMENTS, Holdout, chosen, families
from .swaps import SIDES


@dataclass(frozen=True, eq=False)
class HeldTriplets:
    """Triplets for training, and triplets held out, none of whose texts is among the others.

    Attributes
    ----------
    columns : dict of str to list of str, each of length t
        "anchor", "positive", "negative" of the training triplets.
    kinds : list of str, length t
    aside : dict of str to list of str, each of length h
        Those held out.
    aside_kinds : list of str, length h
    search : Holdout
        Anchors held out look for their positives among positives, and among the hard negatives held out.
    notes : list of str
    """

    columns: dict[str, list[str]]
    kinds: list[str]
    aside: dict[str, list[str]]
    aside_kinds: list[str]
    search: Holdout
    notes: list[str]


def hold_out_triplets(triplets: pa.Table, seed: int) -> HeldTriplets:
    """Set about a tenth of the triplets aside, as `hold_out` does with pairs; texts keep their family together.

    Parameters
    ----------
    triplets : pyarrow.Table
        With the columns anchor, positive, negative, kind.
    seed : int

    Raises
    ------
    InputError
        Nearly all triplets hang together through the texts that they share, or there are fewer than three.
    """
    sides = {side: triplets[side].to_pylist() for side in SIDES}
    kinds = triplets["kind"].to_pylist()
    held = chosen(families(*sides.values()), seed)
    probe, rows = np.flatnonzero(held).tolist(), np.flatnonzero(~held).tolist()
    columns, aside = ({side: [texts[i] for i in of] for side, texts in sides.items()} for of in (rows, probe))
    notes = [f"{len(probe):,} of {len(kinds):,} triplets were held out: no text of theirs is in training"]
    return HeldTriplets(
        columns=columns,
        kinds=[kinds[i] for i in rows],
        aside=aside,
        aside_kinds=[kinds[i] for i in probe],
        search=_search(columns["positive"], aside, notes),
        notes=notes,
    )


def _search(others: Sequence[str], aside: dict[str, list[str]], notes: list[str]) -> Holdout:
    """Anchors that look for their positives; a text that is somebody's positive and somebody's negative counts as what it is for each anchor."""
    documents = list(dict.fromkeys([*aside["positive"], *aside["negative"], *others]))
    if len(documents) > MOST_DOCUMENTS:
        notes.append(f"the probe looks among {MOST_DOCUMENTS:,} of {len(documents):,} texts")
        documents = documents[:MOST_DOCUMENTS]
    place = {text: i for i, text in enumerate(documents)}
    relevant: dict[str, set[int]] = {}
    for anchor, positive in zip(aside["anchor"], aside["positive"], strict=True):
        relevant.setdefault(anchor, set()).add(place[positive])
    return Holdout(
        columns={},
        rows=np.empty(0, np.int64),
        queries=list(relevant),
        documents=documents,
        relevant=list(relevant.values()),
        notes=[],
    )
