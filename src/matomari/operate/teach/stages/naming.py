"""Names for groups: asked beside a sibling, and recommended where texts that were not shown find their own name more often than before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....metrics.intervals import RESAMPLES
from ....seeds import Seed
from ....teach.ask.names import name_question
from ....teach.question import Answer, Question
from ....vectors import Floats, normalise
from ..proposals import Proposal
from .material import SHOWN, Material, spread
from .stage import Outcome, Session, counted

CENTRAL, EDGE = 5, 2  # texts of a group that its question shows
HELD_OUT = 20  # texts of a group in each of the two halves that judge its names
RIVALS = 5  # other groups whose names they may find instead

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def shown_for_names(material: Material) -> list[list[int]]:
    """The texts that the question for each name shows: of its middle, all different, and of its edge."""
    members, _ = material.middle
    shown = []
    for of in members:
        middle = spread(material.X, of[: max(CENTRAL, len(of) // 2)], CENTRAL)
        edge = [item for item in of[::-1] if item not in middle]
        shown.append(middle + edge[:EDGE])
    return shown


def name_questions(material: Material) -> list[Question]:
    """One question for each group."""
    shown = shown_for_names(material)
    asked = []
    for g in range(material.k):
        rivals = material.shown[int(material.siblings[g, 0])][:SHOWN] if material.k > 1 else []
        asked.append(name_question([material.texts[i] for i in shown[g]], [material.texts[i] for i in rivals]))
    return asked


@dataclass(frozen=True, eq=False, kw_only=True)
class Names:
    """Names that a teacher proposes, judged by texts that it was not shown: one half of them chooses, the other half judges what was chosen.

    Attributes
    ----------
    names : list of str, length k
        Empty where it gave none, or gave one to two groups.
    chosen : array of bool, shape (k,)
        Groups whose proposed name is found more often than the one before, by the first half.
    before, after : array, shape (k,)
        Share of the second half of each group that is nearer to its name than to those of its siblings, with the names as they were and with the
        chosen ones in their place; NaN where there is no such text.
    low, high : float
        95 % interval of the mean difference over the chosen groups (bootstrap).
    failures : list of str
        Why a group has no proposal.
    """

    names: list[str]
    chosen: NDArray[np.bool_]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    low: float
    high: float
    failures: list[str]

    @property
    def accepted(self) -> bool:
        """Whether the chosen names are found more often, beyond the interval."""
        return self.low > 0

    @property
    def sentence(self) -> str:
        """The figures and what follows from them."""
        given, chosen = sum(map(bool, self.names)), int(self.chosen.sum())
        if not chosen:
            return f"names: none of {given} is found more often than the name before by texts that were not shown; not recommended"
        before, after = (float(np.nanmean(values[self.chosen])) for values in (self.before, self.after))
        return (
            f"names: {chosen} of {given} are found more often by one half of the texts that were not shown; by the other half in {after:.0%}, and the "
            f"names before in {before:.0%} (95% interval of the difference {100 * self.low:+.0f} to {100 * self.high:+.0f} points); "
            + ("accepted" if self.accepted else "not recommended")
        )


def judge_names(material: Material, answers: Sequence[Answer], encode: Encode, seed: int) -> Names:
    """The names and what they are worth.

    Parameters
    ----------
    material : Material
    answers : sequence of Answer, length k
    encode : callable
        Texts to vectors, as the groups were made.
    seed : int
    """
    proposed, failures = _unique([answer.label for answer in answers], [answer.failure for answer in answers])

    def found(names: list[str], half: int) -> NDArray[np.float64]:
        return _found(material, normalise(np.asarray(encode(names), np.float32)), half=half, seed=seed)

    given = np.asarray([bool(name) for name in proposed])
    mixed = [new or old for new, old in zip(proposed, material.names, strict=True)]
    chosen = given & (found(mixed, 0) > found(material.names, 0))
    kept = [new if choose else old for new, old, choose in zip(proposed, material.names, chosen.tolist(), strict=True)]
    before, after = found(material.names, 1), found(kept, 1)
    difference = (after - before)[chosen & np.isfinite(before)]
    low = high = 0.0
    if len(difference):
        rng = Seed(seed).stream("teach/names")
        means = difference[rng.integers(len(difference), size=(RESAMPLES, len(difference)))].mean(axis=1)
        low, high = (float(end) for end in np.percentile(means, [2.5, 97.5]))
    return Names(names=proposed, chosen=chosen, before=before, after=after, low=low, high=high, failures=failures)


def _found(material: Material, vectors: Floats, *, half: int, seed: int) -> NDArray[np.float64]:
    """Share of one half of the held-out texts of each group that are nearest to the vector of its own name among those of its siblings."""
    members, _ = material.middle
    shown = shown_for_names(material)
    found = np.full(material.k, np.nan)
    for g in range(material.k if material.k > 1 else 0):
        rest = [item for item in members[g] if item not in set(shown[g])]
        some = Seed(seed).stream(f"teach/held out/{g}").permutation(rest)[: 2 * HELD_OUT][half::2].astype(np.int64)
        if not len(some):
            continue
        rivals = material.siblings[g][:RIVALS]
        cosines = material.X[some] @ vectors[[g, *rivals]].T
        found[g] = float((cosines[:, 0] > cosines[:, 1:].max(axis=1)).mean())
    return found


def _unique(names: list[str], failures: list[str]) -> tuple[list[str], list[str]]:
    """Names without those that two groups were given, and why each other group has none."""
    folded = [name.casefold() for name in names]
    twice = [bool(name) and folded.count(name) > 1 for name in folded]
    reasons = ["two groups were given this name" if two else failure for two, failure in zip(twice, failures, strict=True)]
    return ["" if two else name for two, name in zip(twice, names, strict=True)], reasons


@dataclass
class NamesStage:
    """Names of all groups; what they are worth is seen from where texts that were not shown belong by them."""

    session: Session
    encode: Encode
    title: str = "names"
    needs_proof: bool = False

    def probe(self) -> list[list[Question]]:
        """Nothing: names are judged by what comes of them."""
        return []

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """Anybody may propose names."""
        return Outcome(title=self.title, accepted=True)

    def questions(self) -> list[Question]:
        """One for each group."""
        return name_questions(self.session.material)

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """A rename for each new name; recommended where the names as a whole are better, and this one is no worse."""
        session, material = self.session, self.session.material
        names = judge_names(material, answers, self.encode, session.seed)
        proposals = []
        for g, (new, old) in enumerate(zip(names.names, material.names, strict=True)):
            if not new or new == old:
                continue
            chosen, known = bool(names.chosen[g]), bool(np.isfinite(names.after[g]))
            why = (
                f"found by {names.after[g]:.0%} of the texts that were not shown, {names.before[g]:.0%} before" if chosen and known else ""
            )
            confidence = round(float(names.after[g]), 4) if chosen and known else 0.0
            recommended = names.accepted and chosen
            why = why or "not found more often than the name before by texts that were not shown"
            proposals.append(
                Proposal(do="rename", what=old, to=new, why=why, confidence=confidence, by=session.by, recommended=recommended)
            )
        if names.accepted:
            better = {p.what: p.to for p in proposals if p.recommended}
            session.names[:] = [better.get(name, name) for name in session.names]
        figures = {"before": _mean(names.before), "after": _mean(names.after), "low": names.low, "high": names.high}
        sentences = [names.sentence, *counted(answers)]
        return Outcome(title=self.title, accepted=names.accepted, sentences=sentences, figures=figures, proposals=proposals)


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(np.nanmean(values)) if np.isfinite(values).any() else None
