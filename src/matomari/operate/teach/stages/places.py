"""The stage of doubtful items: which of them go to another group, and whether these changes hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....teach.question import Answer, Question
from ....vectors import Ints
from ..proposals import Proposal
from .doubtful import Places, changes, doubtful, judge, moves, probe_cases
from .gate import Coherence, coherence
from .probe import portions
from .stage import Outcome, Session, both_orders, counted, one_order

STEADY = 0.9  # share of the cases of the probe in which both orders agree, from which on each item is asked about in one order alone
SURE = 0.7  # probability of a group, by the encoder and the teacher together, from which on a move is recommended


@dataclass(frozen=True, eq=False, kw_only=True)
class Answered:
    """The items that were answered, for which of them the answer is another group, and which are recommended to move; shapes (q,)."""

    items: Ints
    changed: NDArray[np.bool_]
    recommended: NDArray[np.bool_]


@dataclass
class PlacesStage:
    """Moves of items.

    Parameters
    ----------
    session : Session
    most : int
        Items that are asked about.

    Attributes
    ----------
    asked : Answered or None
        Once it has concluded.
    """

    session: Session
    most: int
    title: str = "places of items"
    needs_proof: bool = True
    _cases: tuple[Places, Any] | None = None
    _places: Places | None = None
    asked: Answered | None = None
    _right: float = 0.0
    _one_order: bool = False

    def probe(self) -> list[list[Question]]:
        """Members far inside their groups, among far members of it and near ones of a sibling."""
        s = self.session
        self._cases = probe_cases(s.material, s.seed)
        return portions(self._cases[0].questions(s.material, s.names, s.about))

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """The verdict on the answers."""
        assert self._cases is not None
        cases, encoder = self._cases
        verdict = judge(answers, encoder[: len(answers) // 2], cases.options.shape[1], self.session.seed)
        self._right, self._one_order = verdict.right, verdict.agreement >= STEADY
        return verdict.outcome(counted(answers))

    def questions(self) -> list[Question]:
        """The items with the lowest margins, each among the groups that the encoder thinks of."""
        s = self.session
        self._places = doubtful(s.material, self.most)
        questions = self._places.questions(s.material, s.names, s.about)
        return one_order(questions) if self._one_order else questions

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """Moves; recommended where all changes together pass the gate, and this one is likely enough."""
        assert self._places is not None
        s, places = self.session, self._places
        remarks = counted(answers)
        answers = both_orders(answers) if self._one_order else answers
        answered, preferred = changes(places, answers)
        labels = s.material.labels
        changed = answered & (preferred != labels[places.items])
        gate: Coherence = coherence(
            s.material.X, labels, places.items[changed], preferred[changed], options=places.options[changed], seed=s.seed
        )
        moved = moves(s.material, places, answers, self._right)
        proposals = []
        for item, group, probability in zip(moved.items.tolist(), moved.groups.tolist(), moved.probability.tolist(), strict=True):
            own = s.material.names[labels[item]] if labels[item] >= 0 else "no group"
            proposals.append(
                Proposal(
                    do="move",
                    what=s.material.ids[item],
                    to=s.material.names[group],
                    why=f"{s.material.texts[item][:80]!r} was in {own!r}",
                    confidence=round(probability, 4),
                    by=s.by,
                    recommended=gate.passed and probability >= SURE,
                )
            )
        recommended = sum(p.recommended for p in proposals)
        moving = {p.what for p in proposals if p.recommended}
        self.asked = Answered(
            items=places.items[answered],
            changed=changed[answered],
            recommended=np.asarray([s.material.ids[item] in moving for item in places.items[answered].tolist()], bool),
        )
        figures = {"gate": asdict(gate), "trust": moved.trust, "asked": len(places.items), "answered": int(np.sum(answered))}
        order = "in one order, because both agree" if self._one_order else "in both orders"
        whole = f"{len(places.items):,} items asked about {order}, of {len(labels):,}; --most (most=…) changes how many"
        sentence = f"{self.title}: {recommended} moves recommended; {whole}"
        return Outcome(
            title=self.title,
            accepted=gate.passed,
            sentences=[sentence, gate.sentence, *remarks],
            figures=figures,
            proposals=sorted(proposals, key=lambda p: -p.confidence),
        )
