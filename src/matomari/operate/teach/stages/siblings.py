"""Are two sibling groups one, and is one group two? One question for both: do the texts of 1 and 2 belong together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....seeds import Seed
from ....teach.question import Answer, Question
from ..proposals import Proposal
from .material import Material
from .probe import Verdict, portions
from .same import Pairs, judge, pairs_of, probe_groups, shares_of
from .stage import Outcome, Session, counted
from .worth import believed, prevalence, shares_of_one, weight_of

MOST = 120  # pairs of sibling groups, and as many pairs of finer groups, that are asked about
PART = 5  # distinct texts of a finer group that may stand alone, and as many are shown of it
APART, TOGETHER = 0.1, 0.5  # how likely two sibling groups are one, and two finer groups of one group, to begin with
SURE = 0.7
LEAST = 10  # pairs of either kind that say something about all groups
DRAWS = 200  # resamples of the answers, for the intervals of the advice


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Two groups that may be one, or a group one finer part of which may be another one.

    Attributes
    ----------
    do : "merge" or "split"
    what, to : str
        Names, as in a proposal.
    sides : tuple of tuple of int
        The texts that are shown of both.
    """

    do: str
    what: str
    to: str
    sides: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass
class GroupsStage:
    """Merges and splits."""

    session: Session
    title: str = "merges and splits"
    needs_proof: bool = True
    _probe: tuple[Pairs, np.ndarray] | None = None
    _weight: tuple[float, float] = (0.0, 0.0)
    _candidates: list[Candidate] = field(default_factory=list)

    def probe(self) -> list[list[Question]]:
        """Far ends of one group, near edges of two."""
        s = self.session
        self._probe = probe_groups(s.material, s.seed)
        return portions(self._probe[0].questions(s.material, s.relation, s.about))

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """The verdict, and what an answer is worth."""
        assert self._probe is not None
        pairs, truth = self._probe
        verdict: Verdict = judge(self.title, pairs, truth, answers, seed=self.session.seed)
        self._weight = weight_of(shares_of(answers), truth[: len(answers) // 2])
        return verdict.outcome(counted(answers))

    def questions(self) -> list[Question]:
        """The nearest siblings, and the finer parts of groups."""
        s = self.session
        self._candidates = [*merges(s.material), *splits(s.material)]
        return pairs_of(s.material, [c.sides for c in self._candidates]).questions(s.material, s.relation, s.about)

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """A merge where two are believed to be one, a split where a part is believed to be another."""
        shares, split = shares_of(answers), np.asarray([c.do == "split" for c in self._candidates], bool)
        same = believed(np.where(split, prevalence(TOGETHER, shares[split], self._weight), APART), shares, self._weight)
        proposals = []
        for candidate, together in zip(self._candidates, same.tolist(), strict=True):
            confidence = together if candidate.do == "merge" else 1 - together
            if confidence > 0.5:
                why = f"the texts of both {'belong' if candidate.do == 'merge' else 'do not belong'} together"
                proposals.append(
                    Proposal(
                        do=candidate.do,
                        what=candidate.what,
                        to=candidate.to,
                        why=why,
                        confidence=round(confidence, 4),
                        by=self.session.by,
                        recommended=confidence >= SURE,
                    )
                )
        kinds = [p.do for p in proposals if p.recommended]
        sentence = f"{self.title}: {kinds.count('merge')} merges and {kinds.count('split')} splits recommended of {len(self._candidates)} asked about"
        full = [f"at most {MOST} pairs of siblings and {MOST} of parts are asked about"] if max(split.sum(), (~split).sum()) == MOST else []
        advice, figures = granularity(shares[~split], shares[split], self._weight, self.session.seed)
        sentences = [sentence, advice, *full, *counted(answers)]
        return Outcome(title=self.title, accepted=True, sentences=sentences, figures={"granularity": figures}, proposals=proposals)


def granularity(
    siblings: NDArray[np.float64], parts: NDArray[np.float64], weight: tuple[float, float], seed: int
) -> tuple[str, dict[str, Any]]:
    """Are the groups too fine or too coarse, by the answers on all of them together? Advice alone: nothing is proposed.

    Too fine where most nearest siblings are one thing, too coarse where most parts of a group are another thing, each beyond a 95 % interval
    (bootstrap of the answers; what an answer is worth is taken as known); about right where the contrary of both is; else undecided.

    Parameters
    ----------
    siblings, parts : arrays
        How much nearest siblings, and a group's largest part and another one, are said to be one thing; NaN for no answer.
    weight : tuple of float
        As `weight_of` gives it.
    seed : int

    Examples
    --------
    >>> granularity(np.full(20, 0.9), np.full(20, 0.9), (0.0, 1.0), 0)[1]["advice"]
    'too fine'
    """
    rng, ranges = Seed(seed).stream("teach/granularity"), list[tuple[float, float]]()
    for shares in (siblings, parts):
        said = shares[np.isfinite(shares)]
        if len(said) < LEAST:
            ranges.append((0.0, 1.0))
            continue
        low, high = np.percentile(shares_of_one(TOGETHER, rng.choice(said, (DRAWS, len(said))), weight), [2.5, 97.5])
        ranges.append((float(low), float(high)))
    (low, high), (few, many) = ranges
    fine, coarse = low > 0.5, many < 0.5
    right = high < 0.5 < few
    advice = "too fine" if fine and not coarse else "too coarse" if coarse and not fine else "about right" if right else "undecided"
    hints = {
        "too fine": "; the column coarser holds larger groups, and --groups (groups=…) asks for fewer",
        "too coarse": "; the column finer holds smaller groups, and --groups (groups=…) asks for more",
    }
    sentence = (
        f"granularity: {advice}; {low:.0%} to {high:.0%} of nearest siblings are one thing by the answers, "
        f"and {few:.0%} to {many:.0%} of the parts of a group{hints.get(advice, '')}"
    )
    return sentence, {"advice": advice, "siblings": ranges[0], "parts": ranges[1]}


def merges(material: Material) -> list[Candidate]:
    """Each group with its nearest sibling, the nearest pairs first; the smaller one would join the larger one."""
    if material.k < 2:
        return []
    _, centers = material.middle
    size = np.bincount(material.labels[material.labels >= 0], material.rows[material.labels >= 0], minlength=material.k)
    pairs = {tuple(sorted((g, int(material.siblings[g, 0])))) for g in range(material.k)}
    ordered = sorted(pairs, key=lambda pair: (-float(centers[pair[0]] @ centers[pair[1]]), pair))
    listed = []
    for a, b in ordered[:MOST]:
        small, large = (a, b) if size[a] < size[b] else (b, a)
        sides = tuple(material.shown[small]), tuple(material.shown[large])
        if all(sides):
            listed.append(Candidate(do="merge", what=material.names[small], to=material.names[large], sides=sides))
    return listed


def splits(material: Material) -> list[Candidate]:
    """Each group with several finer parts: its largest part against each other one of at least five texts, the largest groups first."""
    listed = []
    members, _ = material.middle
    for g in sorted(range(material.k), key=lambda g: -len(members[g])):
        parts = material.finer[members[g]]
        numbers, counts = np.unique(parts[parts >= 0], return_counts=True)
        ordered = numbers[np.argsort(-counts, kind="stable")][: int((counts >= PART).sum())].tolist()
        shown = {part: _middle(material, part) for part in ordered}
        for part in ordered[1:]:
            name = material.finer_names[part]
            if name not in material.names:
                listed.append(Candidate(do="split", what=material.names[g], to=name, sides=(shown[ordered[0]], shown[part])))
    return listed[:MOST]


def _middle(material: Material, part: int) -> tuple[int, ...]:
    """The most central texts of a finer group."""
    items = np.flatnonzero(material.finer == part)
    center = material.X[items].mean(axis=0)
    return tuple(items[np.argsort(-(material.X[items] @ center), kind="stable")[:PART]].tolist())
