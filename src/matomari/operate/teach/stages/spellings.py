"""Doubtful pairs of variants: are both texts one thing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ....teach.question import Answer, Question
from ..proposals import Proposal
from .probe import portions
from .same import Pairs, believed, judge, logit, pairs_of, probe_texts, shares_of, weight_of
from .stage import Outcome, Session, counted

SURE = 0.6  # probability, by the pair's own score and the teacher, from which on a change is recommended


@dataclass
class PairsStage:
    """Pairs of texts nearest to the cut.

    Parameters
    ----------
    session : Session
    review : pyarrow.Table
        The doubtful pairs of the grouping, the most doubtful first.
    most : int
        Pairs that are asked about.
    """

    session: Session
    review: pa.Table
    most: int
    title: str = "pairs of texts"
    needs_proof: bool = True
    _probe: tuple[Pairs, np.ndarray] | None = None
    _weight: tuple[float, float] = (0.0, 0.0)
    _rows: list[dict[str, Any]] = field(default_factory=list)

    def _place(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.session.material.ids)}

    def probe(self) -> list[list[Question]]:
        """Pairs of one group, and near strangers."""
        s, place = self.session, self._place()
        rows = self.review.to_pylist()
        doubtful = {tuple(sorted((place[r["id_a"]], place[r["id_b"]]))) for r in rows if r["id_a"] in place and r["id_b"] in place}
        self._probe = probe_texts(s.material, s.seed, frozenset((a, b) for a, b in doubtful))
        return portions(self._probe[0].questions(s.material, s.relation, s.about))

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """The verdict, and what an answer is worth."""
        assert self._probe is not None
        pairs, truth = self._probe
        self._weight = weight_of(shares_of(answers), truth[: len(answers) // 2])
        return judge(self.title, pairs, truth, answers, seed=self.session.seed).outcome(counted(answers))

    def questions(self) -> list[Question]:
        """The doubtful pairs."""
        s, place = self.session, self._place()
        self._rows = [row for row in self.review.slice(0, self.most).to_pylist() if row["id_a"] in place and row["id_b"] in place]
        sides = [((place[row["id_a"]],), (place[row["id_b"]],)) for row in self._rows]
        return pairs_of(s.material, sides).questions(s.material, s.relation, s.about)

    def _prior(self) -> NDArray[np.float64]:
        """How likely each pair is one thing before anybody is asked: its score, unless it is the likeliest pair of two groups.

        Of two groups of a and b texts the review shows one of a · b pairs, and the others speak against it: the odds are divided by their number.
        """
        labels, place = self.session.material.labels, self._place()
        size = np.bincount(labels[labels >= 0], minlength=self.session.material.k)
        pairs = np.asarray(
            [1 if row["together"] else np.prod([size[labels[place[row[side]]]] for side in ("id_a", "id_b")]) for row in self._rows], float
        )
        odds = logit([row["score"] for row in self._rows]) - np.log(np.maximum(pairs, 1))
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """Pairs to be put together or parted, where the grouping has it otherwise, by its own score and the teacher's answer together."""
        same = believed(self._prior(), shares_of(answers), self._weight)
        proposals = []
        for row, together in zip(self._rows, same.tolist(), strict=True):
            confidence = 1 - together if row["together"] else together
            if confidence <= 0.5:
                continue
            proposals.append(
                Proposal(
                    do="different" if row["together"] else "same",
                    what=row["id_a"],
                    to=row["id_b"],
                    why=f"{row['text_a'][:60]} | {row['text_b'][:60]}; score {row['score']:.2f}, {together:.2f} with the teacher",
                    confidence=round(confidence, 4),
                    by=self.session.by,
                    recommended=confidence >= SURE,
                )
            )
        kinds = [p.do for p in proposals if p.recommended]
        sentence = (
            f"{self.title}: {kinds.count('same')} pairs to be put together and {kinds.count('different')} to be parted "
            f"recommended; {len(self._rows)} of {len(self.review)} doubtful pairs asked about; --most (most=…) changes how many"
        )
        return Outcome(title=self.title, accepted=True, sentences=[sentence, *counted(answers)], proposals=proposals)
