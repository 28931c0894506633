"""Rounds of grouping and learning without labels, and the gate that rejects a round which does harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, distinct, normalise
from .gate import Probe, Round
from .head import PULL, RIDGE, community_directions, linear_head, scales, through

FEWEST = 200
MOST = 20_000  # rows a head is learnt from: it has d x d numbers, and more rows change none of them by much
HELD_OUT = 0.2


@dataclass(frozen=True, eq=False)
class Rounds:
    """The result of the rounds.

    Attributes
    ----------
    head : array, shape (d, d), or None
        Of the last round that was kept; None where none was.
    rounds : list of Round
        The start, then every round that was tried.
    rows : int
        Number of distinct rows.
    """

    head: Floats | None
    rounds: list[Round] = field(default_factory=list)
    rows: int = 0


def learn_rounds(
    X: Floats,
    n_rounds: int = 1,
    *,
    pull: float = PULL,
    ridge: float = RIDGE,
    pairs: tuple[Floats, Floats] | None = None,
    seed: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> Rounds:
    """Learn a linear head from the communities of X, again and again while the gate lets it pass.

    Each round groups the rows as the last head shows them, at several scales; pulls every row towards its communities; and learns the map that
    does so from the *start* vectors, so that errors of one round are not built upon. Rows held out are never learnt from. A round is kept
    when the held-out rows are grouped at least as stably as before, their cosines still rank as they did at the start, and they have not
    collapsed, and, where `pairs` are given, when these are found at least as well; the first that is not ends the rounds.

    Parameters
    ----------
    X : array, shape (n, d)
        Vectors of the texts, by any encoder.
    n_rounds : int
    pull, ridge : float
        Of `linear_head`.
    pairs : pair of arrays, shapes (m, d), optional
        Vectors of texts that belong together, row by row, by the same encoder. Nothing is learnt from them; they only help to judge the rounds.
    seed : int
    say : callable
        Receives one line per round.

    Raises
    ------
    InputError
        Fewer than 200 distinct rows, or a parameter out of range.

    Notes
    -----
    Stability alone is not enough: a map that flattens everything onto its own communities raises it most. So it is only the floor, and what is
    asked for besides is that the geometry of the start survives.
    """
    if n_rounds < 1:
        raise InputError(f"The 'n_rounds' parameter of learn_rounds must be an int in the range [1, inf). Got {n_rounds!r} instead.")
    rows = distinct(normalise(np.asarray(X, np.float32)))[0]
    rows = rows[rows.any(axis=1)]
    if len(rows) < FEWEST:
        raise InputError(f"{len(rows)} distinct texts are too few to learn from: {FEWEST} are needed.", hint="bring more of them.")
    rng = Seed(seed).stream("rounds/rows")
    if len(rows) > MOST:
        say(f"learning from {MOST:,} of {len(rows):,} distinct texts, drawn at random")
        rows = rows[np.sort(rng.choice(len(rows), MOST, replace=False))]
    order = rng.permutation(len(rows))
    cut = int(HELD_OUT * len(rows))
    probe = Probe(rows[order[cut:]], rows[order[:cut]], seed, pairs)
    start = probe.of(0, None, ())
    rounds, head, before = [start], None, start
    for number in range(1, n_rounds + 1):
        shown = probe.seen if head is None else through(probe.seen, head)
        labels = scales(shown, seed + number)
        tried = linear_head(probe.seen, community_directions(probe.seen, labels), pull, ridge)
        now = probe.of(number, tried, tuple(int(part.max()) + 1 for part in labels), before)
        rounds.append(now)
        say(f"round {number}: {'kept' if now.kept else 'rejected'}, {now.reason}")
        if not now.kept:
            break
        head, before = tried, now
    return Rounds(head, rounds, len(rows))
