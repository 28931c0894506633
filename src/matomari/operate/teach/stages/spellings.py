"""Doubtful pairs of variants: are both texts one thing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ....cluster.variants.review import whole
from ....teach.question import Answer, Question
from ....vectors import Ints
from ..proposals import Proposal
from .probe import portions
from .same import Pairs, enough, judge, pairs_of, probe_texts, shares_of
from .stage import Outcome, Session, counted
from .worth import witnesses

TOGETHER, ALONE, LARGER = 0, 1, 2  # sorts of pairs: of one group, of two texts that both stand alone, of other groups
SURE = {ALONE: 0.5, TOGETHER: 0.9, LARGER: 0.7}  # from which on a change is recommended: errors cost more in larger groups


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
    _proof: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    _order: int | None = None
    _rows: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.session.material.ids)}

    @cached_property
    def _size(self) -> Ints:
        labels = self.session.material.labels
        return np.bincount(labels[labels >= 0], minlength=self.session.material.k)

    def probe(self) -> list[list[Question]]:
        """Pairs of one group, and near strangers."""
        s, place = self.session, self._place
        rows = self.review.to_pylist()
        doubtful = {tuple(sorted((place[r["id_a"]], place[r["id_b"]]))) for r in rows if r["id_a"] in place and r["id_b"] in place}
        self._probe = probe_texts(s.material, s.seed, frozenset((a, b) for a, b in doubtful))
        return portions(self._probe[0].questions(s.material, s.relation, s.about))

    def prove(self, answers: Sequence[Answer]) -> Outcome:
        """The verdict, and what an answer is worth."""
        assert self._probe is not None
        pairs, truth = self._probe
        self._order = enough(answers, truth[: len(answers) // 2])
        self._proof = shares_of(answers if self._order is None else answers[self._order :: 2], self._order)
        return judge(self.title, pairs, truth, answers, seed=self.session.seed).outcome(counted(answers))

    def questions(self) -> list[Question]:
        """The doubtful pairs: first those of two texts that both stand alone, whose answer decides a whole merge, then the others."""
        s, place = self.session, self._place
        known = [row for row in self.review.to_pylist() if row["id_a"] in place and row["id_b"] in place]
        self._rows = sorted(known, key=lambda row: self._sort(row) != ALONE)[: self.most]
        sides = [((place[row["id_a"]],), (place[row["id_b"]],)) for row in self._rows]
        questions = pairs_of(s.material, sides).questions(s.material, s.relation, s.about)
        return questions if self._order is None else questions[self._order :: 2]

    def _sizes(self, row: dict[str, Any]) -> tuple[int, int]:
        """How many texts are in the groups of both sides."""
        one, two = (self.session.material.labels[self._place[row[side]]] for side in ("id_a", "id_b"))
        return int(self._size[one]), int(self._size[two])

    def _sort(self, row: dict[str, Any]) -> int:
        return TOGETHER if row["together"] else ALONE if self._sizes(row) == (1, 1) else LARGER

    def _prior(self) -> NDArray[np.float64]:
        """How likely each pair is one thing before anybody is asked: its score, unless it is the likeliest pair of two groups."""
        pairs = [1 if row["together"] else int(np.prod(self._sizes(row))) for row in self._rows]
        return whole(np.asarray([row["score"] for row in self._rows]), np.asarray(pairs, np.int64))

    def conclude(self, answers: Sequence[Answer]) -> Outcome:
        """Pairs to be put together or parted, where the grouping has it otherwise, by its own score and the teacher's answer together."""
        truth = np.empty(0, bool) if self._probe is None else self._probe[1][: len(self._proof)]
        sorts = np.asarray([self._sort(row) for row in self._rows], np.int64)
        same = witnesses(self._prior(), shares_of(answers, self._order), self._proof, truth, sorts=sorts)
        proposals = []
        for row, together, sort in zip(self._rows, same.tolist(), sorts.tolist(), strict=True):
            confidence = 1 - together if row["together"] else together
            if confidence <= 0.5:
                continue
            proposals.append(
                Proposal(
                    do="different" if row["together"] else "same",
                    what=row["id_a"],
                    to=row["id_b"],
                    why=f"{row['text_a'][:60]} | {row['text_b'][:60]}; one thing by this pair's score alone {row['score']:.2f}, "
                    f"by all pairs of their groups and the teacher {together:.2f}",
                    confidence=round(confidence, 4),
                    by=self.session.by,
                    recommended=confidence >= SURE[sort],
                )
            )
        kinds, shares = [p.do for p in proposals if p.recommended], shares_of(answers, self._order)
        asked, more = f"{len(self._rows)} of {len(self.review)}", "; --most (most=…) changes how many"
        if len(self._rows) == len(self.review):
            asked, more = f"all {len(self._rows)}", "; there are no more"
        order = "both orders" if self._order is None else "one order, which told as much as both in the probe"
        sentence = (
            f"{self.title}: {kinds.count('same')} pairs to be put together and {kinds.count('different')} to be parted "
            f"recommended; {asked} doubtful pairs asked about in {order}{more}"
        )
        said = f"it said yes to {int((shares > 0.5).sum())} of {int(np.isfinite(shares).sum())} pairs; what counts is to which ones more firmly than to others"
        figures = {"asked": len(self._rows), "questions": len(answers)}
        return Outcome(title=self.title, accepted=True, sentences=[sentence, said, *counted(answers)], figures=figures, proposals=proposals)
