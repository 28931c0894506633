"""Does a teacher know what the encoder does not? Asked of cases whose answer the data gives and on which the encoder alone is a coin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....metrics.intervals import RESAMPLES, compared
from ....seeds import Seed
from ....teach.question import Question
from ....vectors import Floats
from .stage import Outcome

ITEMS = 40  # cases of a portion of a probe
PORTIONS = 3  # at most; a further one is asked while the ones before leave the matter open


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a probe says of a teacher for one kind of question.

    Attributes
    ----------
    kind : str
    measure : str
        "right" for shares of right answers, "AUC" for areas under the ROC curve.
    asked, answered : int
        Cases of the probe.
    teacher, encoder : float
        How each did on the answered cases.
    difference, low, high : float
        By how much the teacher is better, with the 95 % interval (bootstrap).
    right : float
        The teacher's share of right answers: what it is trusted with.
    agreement : float
        Share of the cases in which both orders of the same question had the same answer.
    first : float
        Mean weight of the choice that stood first; one over the number of choices without a bias.
    """

    kind: str
    asked: int
    measure: str = "right"
    answered: int = 0
    teacher: float = 0.0
    encoder: float = 0.0
    difference: float = 0.0
    low: float = 0.0
    high: float = 0.0
    right: float = 0.0
    agreement: float = 0.0
    first: float = 0.0

    @property
    def accepted(self) -> bool:
        """Whether the teacher may propose by questions of this kind."""
        return self.low > 0

    @property
    def sentence(self) -> str:
        """The figures and what follows from them."""
        if not self.answered:
            why = f"none of {self.asked} cases of the probe was answered" if self.asked else "the data has no case whose answer it gives"
            return f"{self.kind}: refused, because {why}"
        unit = "AUC " if self.measure == "AUC" else ""
        return (
            f"{self.kind}: {unit}{self.teacher:.2f} in {self.answered} cases that the data answers, each in both orders, the encoder {self.encoder:.2f} "
            f"(difference {self.difference:+.2f}, 95% interval {self.low:+.2f} to {self.high:+.2f}); "
            + ("accepted" if self.accepted else "refused, because it is not better than the encoder beyond the interval")
        )

    def outcome(self, remarks: Sequence[str] = ()) -> Outcome:
        """The verdict as what came of a stage."""
        undecided = self.low <= 0 < self.difference
        figures = {"probe": asdict(self)}
        return Outcome(title=self.kind, accepted=self.accepted, open=undecided, sentences=[self.sentence, *remarks], figures=figures)


def verdict(
    kind: str, shares: Sequence[NDArray[np.float64] | None], encoder: Sequence[bool], *, both: Sequence[Orders], seed: int = 0
) -> Verdict:
    """The verdict on a kind of question; in every case the right answer is choice 0.

    Parameters
    ----------
    kind : str
    shares : sequence of arrays or None, length m
        What the teacher says of the choices of each case, both orders together; None for no answer.
    encoder : sequence of bool, length m
        Whether the encoder is right, from the same texts.
    both : sequence of Orders, length m
        The two orders for themselves.
    seed : int
        Of the bootstrap.
    """
    usable = [i for i, share in enumerate(shares) if share is not None]
    if not usable:
        return Verdict(kind=kind, asked=len(shares))
    right = np.asarray([_best(shares[i]) == 0 for i in usable])
    theirs = np.asarray([encoder[i] for i in usable])
    difference, low, high = compared(theirs, right, seed)
    return Verdict(
        kind=kind,
        asked=len(shares),
        answered=len(usable),
        teacher=float(right.mean()),
        encoder=float(theirs.mean()),
        difference=difference,
        low=low,
        high=high,
        right=float(right.mean()),
        agreement=float(np.mean([both[i].agree for i in usable])),
        first=float(np.mean([both[i].first for i in usable])),
    )


def verdict_on_pairs(
    kind: str, same: NDArray[np.float64], cosine: Floats, truth: NDArray[np.bool_], *, both: Sequence[Orders], seed: int = 0
) -> Verdict:
    """The verdict on questions that ask whether two things are one; the figures are areas under the ROC curve.

    Parameters
    ----------
    kind : str
    same : array, shape (m,)
        How much the teacher says that each pair is one thing; NaN for no answer.
    cosine : array, shape (m,)
        What the encoder says.
    truth : array of bool, shape (m,)
        What the data says.
    both : sequence of Orders, length m
    seed : int
        Of the bootstrap, which draws pairs of either kind for themselves.
    """
    usable = np.isfinite(same)
    yes, no = np.flatnonzero(usable & truth), np.flatnonzero(usable & ~truth)
    if not (len(yes) and len(no)):
        return Verdict(kind=kind, asked=len(same))
    theirs, ours = _above(same, yes, no), _above(cosine, yes, no)
    rng = Seed(seed).stream("teach/bootstrap")
    draws = rng.integers(len(yes), size=(RESAMPLES, len(yes))), rng.integers(len(no), size=(RESAMPLES, len(no)))
    excess = [(theirs - ours)[np.ix_(a, b)].mean() for a, b in zip(*draws, strict=True)]
    low, high = np.percentile(excess, [2.5, 97.5])
    right = (same[usable] > 0.5) == truth[usable]
    return Verdict(
        kind=kind,
        measure="AUC",
        asked=len(same),
        answered=int(usable.sum()),
        teacher=float(theirs.mean()),
        encoder=float(ours.mean()),
        difference=float((theirs - ours).mean()),
        low=float(low),
        high=float(high),
        right=float(right.mean()),
        agreement=float(np.mean([both[i].agree for i in np.flatnonzero(usable).tolist()])),
        first=float(np.mean([both[i].first for i in np.flatnonzero(usable).tolist()])),
    )


def portions(questions: Sequence[Question], cases: int = ITEMS) -> list[list[Question]]:
    """Questions, two for each case, in portions of so many cases."""
    return [list(questions[start : start + 2 * cases]) for start in range(0, len(questions), 2 * cases)]


def _above(score: NDArray[Any], yes: NDArray[np.int64], no: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each pair of a true and a false case, whether the true one scores higher; one half where they are equal."""
    difference = score[yes][:, None] - score[no][None, :]
    return np.asarray((difference > 0) + 0.5 * (difference == 0), np.float64)


def matched(yes: Floats, no: Floats, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """True and false cases that the encoder takes for equally likely, as far as there are such: at most n of either.

    Cosines count by their first two digits: the last ones differ from one processor to another, and with them every case of a probe would.

    Parameters
    ----------
    yes, no : arrays, shapes (a,), (b,)
        Cosines of true and of false cases.
    n : int

    Examples
    --------
    >>> [side.tolist() for side in matched(np.array([0.9, 0.5, 0.7]), np.array([0.6, 0.1, 0.72]), 2)]
    [[2, 1], [2, 0]]
    """
    left, right = np.ones(len(yes), bool), np.ones(len(no), bool)
    alike = [np.rint(100 * np.asarray(side, np.float64)).astype(np.int64) for side in (yes, no)]
    order = np.argsort(np.abs(alike[0][:, None] - alike[1][None, :]), axis=None, kind="stable")
    chosen: list[tuple[int, int]] = []
    for place in order.tolist():
        a, b = divmod(place, len(no))
        if len(chosen) == n:
            break
        if left[a] and right[b]:
            left[a] = right[b] = False
            chosen.append((a, b))
    pairs = np.asarray(chosen, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True)
class Orders:
    """The two orders of one question: whether they agree, and the mean weight of whatever stood first."""

    agree: bool
    first: float


def _best(share: NDArray[np.float64] | None) -> int:
    """The choice with most weight; a tie is no answer that could be right."""
    assert share is not None
    best = int(share.argmax())
    return best if (share == share[best]).sum() == 1 else -1


def balanced(gap: Floats, n: int) -> NDArray[np.int64]:
    """Cases on which the encoder is a coin: as many that it decides rightly as wrongly, each side with the smallest margins.

    Parameters
    ----------
    gap : array, shape (m,)
        By how much the encoder prefers the right answer; negative where it is wrong.
    n : int
        Cases that are wanted.

    Returns
    -------
    array of int64
        At most n positions; of one sign alone where there are no others.

    Examples
    --------
    >>> balanced(np.array([0.5, 0.1, -0.2, -0.6, 0.3]), 4).tolist()
    [1, 2, 4, 3]
    """
    order = np.argsort(np.abs(gap), kind="stable")
    right, wrong = order[gap[order] > 0], order[gap[order] <= 0]
    pairs = min(len(right), len(wrong), n // 2)
    chosen = np.stack([right[:pairs], wrong[:pairs]], axis=1).ravel()
    if len(chosen) < n and pairs == len(wrong):  # the encoder is hardly ever wrong here: then it is shown to be
        chosen = np.concatenate([chosen, right[pairs : pairs + n - len(chosen)]])
    return chosen
