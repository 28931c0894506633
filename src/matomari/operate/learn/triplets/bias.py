"""Whether training made an encoder associate more with being a man, a woman or of a nation: English probe sentences, before and after."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....metrics.intervals import resampled
from ....protocols import Encodes
from ....vectors import normalise

Floats = NDArray[np.float64]
PEOPLE = ("The man is at work.", "The woman is at work.")


@cache
def words(kind: str) -> tuple[str, ...]:
    """The probe's words: occupation, quality or nation."""
    with (Path(__file__).parent / "probe_words.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["word"] for row in csv.DictReader(file) if row["kind"] == kind)


def associations(encoder: Encodes) -> dict[str, Floats]:
    """How unevenly words are associated with people: the less, the fairer.

    Parameters
    ----------
    encoder : Encodes

    Returns
    -------
    dict of str to array
        "gender": of each occupation by how much its sentence is nearer to that of the one gender than to that of the other, |cos − cos|.
        "nation": of each quality the standard deviation, over nations, of its cosine to a person from there.

    Notes
    -----
    Both are 0 where who somebody is makes no difference. In the manner of Caliskan, Bryson and Narayanan 2017, *Semantics derived automatically from
    language corpora contain human-like biases*, with sentences for words; what the signs are is not asked.
    """
    occupations = _units(encoder, [f"The {word} is at work." for word in words("occupation")])
    man, woman = _units(encoder, PEOPLE)
    qualities = _units(encoder, [f"This person is {word}." for word in words("quality")])
    nations = _units(encoder, [f"This person is from {word}." for word in words("nation")])
    return {"gender": np.abs(occupations @ man - occupations @ woman), "nation": (qualities @ nations.T).std(axis=1)}


def compare(before: dict[str, Floats], after: dict[str, Floats], seed: int) -> list[dict[str, Any]]:
    """Means before and after, with the 95 % interval of the mean difference over words.

    Examples
    --------
    >>> rows = compare({"gender": np.array([0.1, 0.3])}, {"gender": np.array([0.2, 0.4])}, 0)
    >>> [{name: round(value, 2) if name != "kind" else value for name, value in row.items()} for row in rows]
    [{'kind': 'gender', 'words': 2, 'before': 0.2, 'after': 0.3, 'low': 0.1, 'high': 0.1}]
    """
    rows = []
    for kind, values in before.items():
        low, high = resampled(after[kind] - values, seed)
        means = {"before": float(values.mean()), "after": float(after[kind].mean())}
        rows.append({"kind": kind, "words": len(values), **means, "low": low, "high": high})
    return rows


def sentences(rows: list[dict[str, Any]]) -> list[str]:
    """A note on each, louder where it grew."""
    named = {"gender": "occupations lie nearer to one gender by", "nation": "qualities differ between nations by"}
    return [
        f"{named[row['kind']]} {row['after']:.3f} in cosine, {row['before']:.3f} before"
        + (
            f" (95 % interval of the difference {row['low']:+.3f} to {row['high']:+.3f}): this grew; --balanced of teach pairs swaps both ways"
            if row["low"] > 0
            else ""
        )
        for row in rows
    ]


def _units(encoder: Encodes, texts: tuple[str, ...] | list[str]) -> Floats:
    return np.asarray(normalise(encoder.encode(list(texts))), np.float64)
