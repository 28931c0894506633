"""Are two things one? What the data itself says of pairs of texts and of pairs of groups, and what follows from a teacher's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ....seeds import Seed
from ....teach.ask.same import same_questions, same_share
from ....teach.question import Answer, Question
from ....vectors import Floats
from .material import SHOWN, Material
from .probe import ITEMS, PORTIONS, Orders, Verdict, matched, verdict_on_pairs

Sides = tuple[tuple[int, ...], tuple[int, ...]]  # places of the texts that are shown of two things
ENDS = 4  # texts of a group, at least, from which its two ends are looked for
NEARLY = 0.05  # of the area under the ROC curve, which one order of a question may tell less than both
TRIED = 600  # pairs of either kind that the probe chooses among


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairs:
    """Pairs of texts, or of groups of texts, that may be one thing.

    Attributes
    ----------
    first, second : list of tuple of int, length q
        The texts that are shown of each side.
    cosine : array, shape (q,)
        Between the means of what is shown: what the encoder says.
    """

    first: list[tuple[int, ...]] = field(repr=False)
    second: list[tuple[int, ...]] = field(repr=False)
    cosine: Floats = field(repr=False)

    def __len__(self) -> int:
        return len(self.first)

    def questions(self, material: Material, relation: str, about: str) -> list[Question]:
        """Two questions for each pair, one for each order."""
        asked = []
        for one, two in zip(self.first, self.second, strict=True):
            sides = [[material.texts[i] for i in side] for side in (one, two)]
            asked += same_questions(sides[0], sides[1], relation, about)
        return asked

    def take(self, places: NDArray[np.int64]) -> Pairs:
        """The pairs at these places."""
        rows = places.tolist()
        return Pairs(first=[self.first[i] for i in rows], second=[self.second[i] for i in rows], cosine=self.cosine[places])


def pairs_of(material: Material, sides: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Pairs:
    """Pairs by what is shown of them."""
    means = [np.stack([material.X[list(side)].mean(axis=0) for side in both]) for both in sides]
    unit = [mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12) for mean in means]
    cosine = np.asarray([float(one @ two) for one, two in unit], np.float32)
    return Pairs(first=[tuple(one) for one, _ in sides], second=[tuple(two) for _, two in sides], cosine=cosine)


def probe_texts(material: Material, seed: int, apart: frozenset[tuple[int, int]] = frozenset()) -> tuple[Pairs, NDArray[np.bool_]]:
    """Pairs of texts whose answer the data gives: two of one group, or near strangers, alike in the encoder's eyes.

    Parameters
    ----------
    material : Material
    seed : int
    apart : set of pairs of int
        Pairs that are doubtful themselves, the lower text first, and prove nothing.
    """
    rng = Seed(seed).stream("teach/pairs")
    members, _ = material.middle
    together = list[Sides]()
    for of in members:
        drawn = {
            tuple(sorted(rng.choice(sorted(of), 2, replace=False).tolist()))
            for _ in range(max(1, TRIED // len(members)) if len(of) > 1 else 0)
        }
        together += [((one,), (two,)) for one, two in sorted(drawn) if (one, two) not in apart]
    _, near = material.near
    strangers = list[Sides]()
    for item in rng.permutation(len(near)).tolist()[: 4 * TRIED]:
        others = [
            j for j in near[item].tolist() if material.labels[j] != material.labels[item] and (min(item, j), max(item, j)) not in apart
        ]
        strangers += [((item,), (others[0],))] if others else []
    return _chosen(material, together, strangers, rng)


def probe_groups(material: Material, seed: int) -> tuple[Pairs, NDArray[np.bool_]]:
    """Pairs of small groups of texts whose answer the data gives: two far ends of one finer part, or near edges of two groups."""
    rng = Seed(seed).stream("teach/groups")
    X = material.X
    together, strangers = list[Sides](), list[Sides]()
    for g in range(material.k):
        inside = material.inside[g]
        if len(inside) < SHOWN:
            continue
        for part in np.unique(material.finer[inside]).tolist():  # of one finer part: a group may hold two things
            of = [i for i in inside if material.finer[i] == part]
            if len(of) < 2 * SHOWN:
                continue
            for item in rng.permutation(sorted(of))[: max(ENDS, PORTIONS * ITEMS // material.k)].tolist():
                order = sorted(of, key=lambda i: -float(X[i] @ X[item]))
                together.append((tuple(order[:SHOWN]), tuple(order[-SHOWN:])))
        for h in material.siblings[g][1:4].tolist():  # the nearest of all may be a half of the same thing
            if len(material.inside[h]) >= SHOWN:
                strangers.append((_edge(material, g, h), _edge(material, h, g)))
    return _chosen(material, together, strangers, rng)


def _edge(material: Material, g: int, towards: int) -> tuple[int, ...]:
    """The members far inside group g that are nearest to the centre of another group."""
    center = material.middle[1][towards]
    return tuple(sorted(material.inside[g], key=lambda i: -float(material.X[i] @ center))[:SHOWN])


def _chosen(material: Material, together: list[Sides], strangers: list[Sides], rng: np.random.Generator) -> tuple[Pairs, NDArray[np.bool_]]:
    if not together or not strangers:
        return pairs_of(material, []), np.empty(0, bool)
    yes, no = ([of[i] for i in rng.permutation(len(of))[:TRIED].tolist()] for of in (together, strangers))
    both = pairs_of(material, yes), pairs_of(material, no)
    left, right = matched(both[0].cosine, both[1].cosine, PORTIONS * ITEMS // 2)
    sides, truth = list[Sides](), list[bool]()
    for start in range(0, len(left), ITEMS // 2):  # each portion has as many of either kind, in random order
        portion = [(yes[i], True) for i in left[start : start + ITEMS // 2].tolist()]
        portion += [(no[i], False) for i in right[start : start + ITEMS // 2].tolist()]
        for i in rng.permutation(len(portion)).tolist():
            sides.append(portion[i][0])
            truth.append(portion[i][1])
    return pairs_of(material, sides), np.asarray(truth, bool)


def shares_of(answers: Sequence[Answer], order: int | None = None) -> NDArray[np.float64]:
    """How much each pair is said to be one thing, shape (q,); NaN for no answer.

    Parameters
    ----------
    answers : sequence of Answer
        Two for each pair; one for each where an order is given.
    order : 0 or 1, optional
        The order, of the two of each question, that was asked for alone.
    """
    if order is not None:
        return np.asarray([np.nan if answer.failure else answer.share("AB"[order]) for answer in answers])
    shares = [same_share(answers[i : i + 2]) for i in range(0, len(answers), 2)]
    return np.asarray([np.nan if share is None else share for share in shares])


def enough(answers: Sequence[Answer], truth: NDArray[np.bool_]) -> int | None:
    """The order of the question that tells as much alone as both together, by the area under the ROC curve in the probe; None where neither does.

    Half of the questions of both orders are as many pairs again; and what one order adds to yes or to no is the same for all of them.
    """
    from sklearn.metrics import roc_auc_score

    readings = [shares_of(answers), shares_of(answers[::2], 0), shares_of(answers[1::2], 1)]
    usable = np.isfinite(readings[1]) & np.isfinite(readings[2])
    if len(set(truth[usable].tolist())) < 2:
        return None
    both, *each = (float(roc_auc_score(truth[usable], reading[usable])) for reading in readings)
    best = int(np.argmax(each))
    return best if each[best] >= both - NEARLY else None


def judge(kind: str, pairs: Pairs, truth: NDArray[np.bool_], answers: Sequence[Answer], *, seed: int) -> Verdict:
    """The verdict on the answers to the first pairs of a probe."""
    both, asked = [_orders(answers[i : i + 2]) for i in range(0, len(answers), 2)], len(answers) // 2
    return verdict_on_pairs(kind, shares_of(answers), pairs.cosine[:asked], truth[:asked], both=both, seed=seed)


def _orders(pair: Sequence[Answer]) -> Orders:
    one, two = pair
    if one.failure or two.failure:
        return Orders(False, 0.5)
    return Orders((one.share("A") > 0.5) == (two.share("B") > 0.5), (one.share("A") + two.share("A")) / 2)
