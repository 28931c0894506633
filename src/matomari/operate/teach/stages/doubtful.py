"""Doubtful items to named groups: those with the lowest margins first, each among the groups that the encoder thinks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ....seeds import Seed
from ....teach.ask.place import Group, place_questions, place_shares
from ....teach.question import Answer, Question
from ....vectors import Ints
from .material import SHOWN, Material
from .probe import ITEMS, PORTIONS, Orders, Verdict, balanced, verdict

OPTIONS = 4  # groups that an item may go to
FLOOR = 0.02  # weight of a group that no neighbour speaks for
EVEN = 0.5  # probability of a group, by the encoder and the teacher together, from which on an item may go there
CHUNK = 8192
LEVEL = 0.02  # by how much the encoder prefers one side of a case of the probe
DRAWS = 12  # members of each group that the probe looks at


@dataclass(frozen=True, eq=False, kw_only=True)
class Places:
    """Texts and the groups that each may belong to.

    Attributes
    ----------
    items : array of int64, shape (q,)
    options : array of int64, shape (q, m)
        The groups, the likeliest first.
    texts : list of list of tuple, shape (q, m)
        What each option shows.
    """

    items: Ints
    options: Ints
    texts: list[list[tuple[int, ...]]] = field(repr=False)

    def questions(self, material: Material, names: Sequence[str], about: str) -> list[Question]:
        """Two questions for each item, one for each order of its options."""
        asked = []
        for item, options, texts in zip(self.items.tolist(), self.options.tolist(), self.texts, strict=True):
            groups = [Group(names[g], tuple(material.texts[i] for i in shown)) for g, shown in zip(options, texts, strict=True)]
            asked += place_questions(material.texts[item], groups, about)
        return asked


def doubtful(material: Material, most: int) -> Places:
    """The items whose own group has least more of their neighbours than the best other one, and where they may belong.

    Parameters
    ----------
    material : Material
    most : int
        Items that are asked about.
    """
    m = min(OPTIONS, material.k)
    if m < 2:
        return Places(items=np.empty(0, np.int64), options=np.empty((0, 2), np.int64), texts=[])
    best = _best_groups(material, m)
    runner = np.where(best[:, 0] == material.labels, best[:, 1], best[:, 0])
    rival = np.asarray(material.votes[np.arange(len(runner)), runner]).ravel()
    items = np.argsort(material.own - rival, kind="stable")[:most]
    texts = [[tuple(i for i in material.shown[g] if i != item) for g in best[item].tolist()] for item in items.tolist()]
    return Places(items=items, options=best[items], texts=texts)


def probe_cases(material: Material, seed: int, n: int = PORTIONS * ITEMS) -> tuple[Places, NDArray[np.bool_]]:
    """Members far inside their group, shown far members of it and near ones of its sibling, so that the encoder is right in half of them.

    Returns
    -------
    cases : Places
        In each the first option is right.
    encoder : array of bool, shape (q,)
        Whether the encoder is, from the texts that are shown.
    """
    rng, X, m = Seed(seed).stream("teach/probe"), material.X, min(OPTIONS, material.k)
    items, options, texts, gaps = [], [], [], []
    for g in range(material.k if m > 1 else 0):
        inside, siblings = material.inside[g], [h for h in material.siblings[g].tolist() if len(material.inside[h]) >= SHOWN][:m]
        if len(inside) <= SHOWN + 1 or not siblings:
            continue
        for item in rng.permutation(inside)[:DRAWS].tolist():
            rival = int(rng.choice(siblings[1:3] or siblings))  # the nearest of all may be a half of the same thing
            near = sorted(material.inside[rival], key=lambda i: -float(X[i] @ X[item]))[:SHOWN]
            level = float((X[near] @ X[item]).mean()) + float(rng.choice([-LEVEL, LEVEL]))
            mine = sorted((i for i in inside if i != item), key=lambda i: abs(float(X[i] @ X[item]) - level))[:SHOWN]
            others = [h for h in siblings if h != rival][-(m - 2) :] if m > 2 else []
            shown = [tuple(mine), tuple(near), *(tuple(material.shown[h]) for h in others)]
            if len(shown) < m:
                continue
            cosines = [float((X[list(of)] @ X[item]).mean()) for of in shown]
            items.append(item)
            options.append([g, rival, *others])
            texts.append(shown)
            gaps.append(cosines[0] - max(cosines[1:]))
    gap = np.asarray(gaps)
    chosen = balanced(gap, n) if len(gap) else np.empty(0, np.int64)
    cases = Places(
        items=np.asarray(items, np.int64)[chosen],
        options=np.asarray(options, np.int64).reshape(-1, m)[chosen],
        texts=[texts[i] for i in chosen.tolist()],
    )
    return cases, gap[chosen] > 0


def judge(answers: Sequence[Answer], encoder: NDArray[np.bool_], m: int, seed: int) -> Verdict:
    """The verdict on the answers to the cases of the probe."""
    pairs = [answers[i : i + 2] for i in range(0, len(answers), 2)]
    shares = [_decided(place_shares(pair, m)) for pair in pairs]
    return verdict("places of items", shares, encoder.tolist(), both=[_orders(pair, m) for pair in pairs], seed=seed)


@dataclass(frozen=True, eq=False, kw_only=True)
class Moves:
    """Items that the encoder and the teacher together think to be of another group than their own.

    Attributes
    ----------
    items, groups : arrays of int64, shape (m,)
    probability : array, shape (m,)
        Of that group, by both together.
    trust : float
        How often the teacher is taken to be right.
    """

    items: Ints
    groups: Ints
    probability: NDArray[np.float64]
    trust: float


def moves(material: Material, places: Places, answers: Sequence[Answer], by_probe: float) -> Moves:
    """What follows from the answers: the encoder's votes times what an answer of this teacher is worth.

    The teacher is taken for one that names the right group with one probability, `trust`, and each other one as often as any; so a group has the
    probability ∝ votes · (share · trust + (1 - share) · (1 - trust) / (m - 1)). The trust is the mean of two: the share of right answers in the
    probe, and the likeliest one given the votes and the answers (Dawid and Skene 1979, *Maximum likelihood estimation of observer error-rates*,
    with one rate, by expectation and maximisation).

    Parameters
    ----------
    material : Material
    places : Places, of q items with m options
    answers : sequence of Answer, length 2 q
    by_probe : float
        The teacher's share of right answers, by the probe.
    """
    m = places.options.shape[1]
    votes = sp.csr_matrix(material.votes[places.items]).toarray()
    prior = np.take_along_axis(votes, places.options, axis=1) + FLOOR
    prior /= prior.sum(axis=1, keepdims=True)
    shares = [place_shares(answers[i : i + 2], m) for i in range(0, len(answers), 2)]
    share = np.asarray([np.full(m, 1 / m) if s is None else s[:m] + s[m] / m for s in shares]).reshape(-1, m)  # "none" speaks for no group
    answered = np.asarray([_decided(s) is not None for s in shares], bool)
    trust = max(1 / m, (by_probe + likeliest_rate(prior[answered], share[answered])) / 2)
    posterior = _posterior(prior, share, trust)
    best = posterior.argmax(axis=1)
    group, probability = places.options[np.arange(len(best)), best], posterior.max(axis=1)
    moved = (group != material.labels[places.items]) & (probability > EVEN) & answered
    return Moves(items=places.items[moved], groups=group[moved], probability=probability[moved], trust=trust)


def likeliest_rate(prior: NDArray[np.float64], share: NDArray[np.float64], rounds: int = 100) -> float:
    """How often the answers are right, as two witnesses tell of each other: what the encoder expects, and what was answered.

    Parameters
    ----------
    prior, share : arrays, shape (q, m), rows with sum 1
        The encoder's expectation and the weights of the answers.

    Examples
    --------
    >>> prior = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]])
    >>> agreeing, contrary = (prior > 0.5).astype(float), (prior < 0.5).astype(float)
    >>> likeliest_rate(prior, agreeing) > 0.99, likeliest_rate(prior, contrary) < 0.01
    (True, True)
    """
    if not len(prior):
        return 0.0
    rate = 0.6
    for _ in range(rounds):
        rate = float((_posterior(prior, share, rate) * share).sum(axis=1).mean())
    return rate


def changes(places: Places, answers: Sequence[Answer]) -> tuple[NDArray[np.bool_], Ints]:
    """Which items were answered, shape (q,), and the group that the teacher alone prefers for each."""
    m = places.options.shape[1]
    shares = [place_shares(answers[i : i + 2], m) for i in range(0, len(answers), 2)]
    decided = [_decided(share) for share in shares]
    best = np.asarray([0 if share is None else int(share.argmax()) for share in decided], np.int64)
    return np.asarray([share is not None for share in decided], bool), places.options[np.arange(len(best)), best]


def _decided(shares: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    """The weights of the groups; None where there is no answer, or where most of the weight is on "none of them"."""
    return None if shares is None or shares[-1] >= shares[:-1].max() else shares[:-1]


def _posterior(prior: NDArray[np.float64], share: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    m = prior.shape[1]
    weight = prior * (share * rate + (1 - share) * (1 - rate) / (m - 1)) + 1e-12
    return np.asarray(weight / weight.sum(axis=1, keepdims=True), np.float64)


def _best_groups(material: Material, m: int) -> Ints:
    """The m likeliest groups of each item, shape (u, m), its own among them."""
    _, centers = material.middle
    best = np.empty((len(material.X), m), np.int64)
    for start in range(0, len(best), CHUNK):  # all groups of all texts at once may be more than the memory holds
        rows = slice(start, start + CHUNK)
        votes = material.votes[rows].toarray() + 0.1 * (material.X[rows] @ centers.T)
        best[rows] = np.argsort(-votes, axis=1, kind="stable")[:, :m]
    own = material.labels
    missing = (own >= 0) & ~(best == own[:, None]).any(axis=1)
    best[missing, -1] = own[missing]
    return best


def _orders(pair: Sequence[Answer], m: int) -> Orders:
    one, two = (place_shares(part, m) for part in (pair[:1], [Answer(failure="-"), *pair[1:]]))
    if one is None or two is None:
        return Orders(False, 1 / m)
    return Orders(bool(one.argmax() == two.argmax()), float(one[0] + two[-2]) / 2)
