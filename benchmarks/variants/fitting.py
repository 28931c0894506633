"""Fit the model of variants on the evidence of many lists, with families left out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

import matomari.cluster.variants as measured_code
from harness.data import texts
from harness.data.files import TextSet
from harness.sweep import remembered
from matomari.cluster.variants.candidates import candidates, letter_groups
from matomari.cluster.variants.evidence.evidence import evidence
from matomari.cluster.variants.evidence.features import NAMES, PLACE
from matomari.cluster.variants.model import Model
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser
from variants.pool import KINDS, NEVER, Listed, invented, public

SETTINGS: dict[str, Any] = {"max_iter": 160, "learning_rate": 0.08, "max_leaf_nodes": 8, "min_samples_leaf": 60, "l2_regularization": 5.0}
MADE_UP = 0.5  # what a made-up family weighs beside a public one
EASY, HARD = 0.12, 0.6  # shares of the pairs that are not one thing which are drawn; the hard ones share most of their tokens
MATCHED = 0.6
DIGITS = 6  # of thresholds and leaves as they are stored


@dataclass(frozen=True, eq=False)
class Known:
    """A list's candidate pairs with their evidence and the truth."""

    n: int
    left: np.ndarray
    right: np.ndarray
    table: np.ndarray
    same: np.ndarray
    place: np.ndarray
    truth: np.ndarray


@lru_cache(maxsize=1)
def code() -> bytes:
    """A digest of what makes the evidence, so that none of other code is used again."""
    folder = Path(measured_code.__path__[0])
    files = sorted([*folder.glob("reading/**/*"), *folder.glob("evidence/*"), folder / "align.py", folder / "candidates.py"])
    return hashlib.sha256(b"".join(f.read_bytes() for f in files if f.suffix in (".py", ".csv"))).digest()


def known(data: TextSet) -> Known:
    """The evidence of a list, read again from the cache where the same code made it."""
    rows, truth = data

    def measured() -> dict[str, Any]:
        distinct, X, place = texts.distinct_texts(rows)
        lexicon = Lexicon.of(distinct, Tokeniser.of(distinct))
        letters = letter_groups([lexicon.plain(i) for i in range(len(distinct))])[1]
        left, right = candidates(X, letters, lexicon.table())
        owner = np.empty(len(distinct), np.int64)
        owner[place] = truth
        table = evidence(lexicon, left, right, letters=letters, vectors=X)
        return {"n": len(distinct), "left": left, "right": right, "table": table, "same": owner[left] == owner[right], "place": place}

    with threadpool_limits(1):  # several threads round otherwise, and a candidate or two would change
        found = remembered("evidence", code() + repr((rows, np.asarray(truth).tolist())).encode(), measured)
    return Known(**found, truth=np.asarray(truth))


def fitted(lists: Mapping[str, Listed], without: Collection[str] = (), seed: int = 0) -> Model:
    """The model made from these lists, families left out; each family weighs the same, however many lists it has."""
    families: dict[str, list[str]] = {}
    for name, listed in lists.items():
        if listed.family not in without:
            families.setdefault(listed.family, []).append(name)
    parts = []
    for family, names in families.items():
        for name in names:
            of = known(lists[name].load())
            hard = of.table[:, PLACE["share_low"]] > MATCHED
            drawn = np.where(of.same, 1.0, np.where(hard, HARD, EASY))
            kept = np.random.default_rng(seed + 5).random(len(drawn)) < drawn
            weight = (MADE_UP if family in KINDS else 1.0) / len(names) / max(1, len(of.same)) / drawn
            parts.append((of.table[kept], of.same[kept], weight[kept]))
    table, same, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    trees = HistGradientBoostingClassifier(**SETTINGS, monotonic_cst=list(NAMES.values()), early_stopping=False, random_state=seed)
    trees.fit(table, same, sample_weight=weight / weight.mean())
    return exported(trees, {"families": sorted(families), "lists": sum(map(len, families.values())), "pairs": len(same), **SETTINGS})


@lru_cache(maxsize=1)
def lists() -> dict[str, Listed]:
    """All that a model is made from or judged on."""
    return public() | invented()


@lru_cache(maxsize=2)
def blind(family: str) -> Model:
    """The model that has seen nothing of a family."""
    return fitted(lists(), without={family, *NEVER})


def left_out(listed: Listed) -> tuple[Known, np.ndarray]:
    """The evidence of a list, and the log odds by a model that has not seen its family; read again from the cache where the same code made it."""
    data = listed.load()
    of = known(data)
    digested = code() + repr((listed.family, data[0], np.asarray(data[1]).tolist())).encode()
    return of, remembered("left_out", digested, lambda: {"odds": blind(listed.family).log_odds(of.table)})["odds"]


def exported(trees: HistGradientBoostingClassifier, card: dict[str, Any]) -> Model:
    """A fitted classifier as nested lists, which `Model` reads and people can."""
    names = list(NAMES)

    def tree(nodes: Any, at: int = 0) -> Any:
        node = nodes[at]
        if node["is_leaf"]:
            return round(float(node["value"]), DIGITS)
        below, above = tree(nodes, node["left"]), tree(nodes, node["right"])
        return [names[node["feature_idx"]], float(f"{node['num_threshold']:.{DIGITS}g}"), below, above]

    base = float(trees._baseline_prediction.ravel()[0])
    return Model(round(base, DIGITS), [tree(stage[0].nodes) for stage in trees._predictors], card)
