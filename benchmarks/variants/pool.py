"""Lists with known truth, by family: what the model of variants is made from, and what it is measured on with its family left out.

Public ones: people (FEBRL 1–3), RLdata, Abt-Buy, Amazon-Google, Cora; of the large ones thinned copies too, in which few rows are repeated.
Made-up ones (`harness.data.made_up`): nineteen kinds, each in five shapes, from 3 % of things that are repeated to thirty spellings of one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from harness.data import development, texts
from harness.data.files import TextSet, where
from harness.data.made_up.lists import KINDS, made_up

THIN = ((400, 0.10), (1_000, 0.08), (1_000, 0.15))  # rows, and share of the rows that are repeated
SHAPES = (
    (1_000, 0.03, (2, 2, 3)),
    (1_000, 0.12, (2, 2, 3, 4)),
    (400, 0.3, (2, 2, 3, 4)),
    (600, 0.6, (2, 3, 4, 8, 15, 30)),
    (45, 0.6, (2, 3, 6, 10)),
)
LARGE: dict[str, Callable[[], TextSet]] = {
    "Abt-Buy": texts.abt_buy,
    "Amazon-Google": texts.amazon_google,
    "Cora": texts.cora,
    "RLdata10000": partial(texts.rldata, 10_000),
}
NEVER = ("RLdata10000",)  # its licence is that of a package under the GPL: measured, never a part
SEED = 1
MOST = 4  # spellings of a thing in a thinned list


class Listed(NamedTuple):
    """A list, and the family that is left out when the model is measured on it."""

    family: str
    load: Callable[[], TextSet]


def thinned(whole: TextSet, rows: int, share: float, seed: int = 0) -> TextSet:
    """About so many rows of a set, of which this share is repeated: one row of most things, up to four of some."""
    labels, rng = whole[1], np.random.default_rng([seed, rows, int(share * 100)])
    members = np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels))[:-1])
    kept: list[int] = []
    repeated = 0
    for thing in rng.permutation(len(members)):
        if len(kept) >= rows:
            break
        many = len(members[thing]) > 1 and repeated < share * len(kept) + 1
        drawn = rng.permutation(members[thing])[: MOST if many else 1].tolist()
        repeated += len(drawn) if many else 0
        kept += drawn
    return where(whole, sorted(kept))


def public() -> dict[str, Listed]:
    """The public lists that are here, with their thinned copies."""
    lists = {}
    for number in (1, 2, 3):
        people = development.febrl(number)
        if people is not None:
            lists[f"FEBRL {number}"] = Listed("FEBRL", partial(development.by_entity, people, development.PEOPLE))
    lists["RLdata500"] = Listed("RLdata10000", partial(texts.rldata, 500))
    for name, load in LARGE.items():
        lists[name] = Listed(name, load)
        for rows, share in THIN:
            lists[f"{name}, {rows} rows, {share:.0%} repeated"] = Listed(name, lambda load=load, r=rows, s=share: thinned(load(), r, s))  # type: ignore[misc]
    return lists


def invented(seed: int = SEED) -> dict[str, Listed]:
    """The made-up lists; another seed makes others of the same kinds."""
    return {
        f"{kind}, {rows} rows, {share:.0%}": Listed(kind, partial(made_up, kind, rows, share, seed, spellings))
        for kind in KINDS
        for rows, share, spellings in SHAPES
    }
