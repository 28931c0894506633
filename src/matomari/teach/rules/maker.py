"""Triplets made by rules, one sentence at a time: no model, no network, the same for the same sentence and seed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from ...seeds import Seed
from ..graph.vocabulary import Vocabulary
from ..graph.wordnet import WordNet
from .check import Check
from .knowledge import Knowledge, Reading
from .negatives import action, attribute, entity, negation, quantity, relation, role, unit
from .positives import clauses, frame, japanese, order, phrases, wording
from .statistics import Statistics
from .triplet import Dropped, Edit, Triplet

TRIES = 3  # candidates of one kind that are checked before the next kind's turn
OPERATIONS = 3  # that a positive chains, at most
FRAMELESS = 0.7  # share of the positives that go without a frame where they have something else
Family = Callable[[Reading, Knowledge, Random], Iterator[Edit]]
NEGATIVES: dict[str, tuple[Family, float]] = {  # with the weight of its turn: what few sentences offer comes first
    "entity": (entity.edits, 1.5),
    "action": (action.edits, 1.5),
    "attribute": (attribute.edits, 1.5),
    "quantity": (quantity.edits, 2),
    "negation": (negation.edits, 0.8),
    "role": (role.edits, 8),
    "relation": (relation.edits, 6),
    "unit": (unit.edits, 2.5),
}
POSITIVES: dict[str, Callable[[Reading, Knowledge, Random], Edit | None]] = {
    "synonym": wording.synonym,
    "alias": wording.alias,
    "number": wording.number,
    "unit": wording.unit,
    "determiner": wording.determiner,
    "contraction": wording.contraction,
    "finite": frame.there_is,
    "passive": order.passive,
    "front": order.front,
    "order": order.part,
    "clause": clauses.clause,
    "day": clauses.day,
    "conjuncts": phrases.conjuncts,
    "worn": phrases.worn,
    "which is": phrases.which_is,
    "owner": phrases.owner,
    "aspect": phrases.aspect,
    "manner": japanese.manner,
    "width": japanese.width,
}
_OPERATIONS = list(POSITIVES.values())
_JAPANESE = frozenset({"quantity", "attribute", "unit", "negation", "entity"})


@dataclass(frozen=True)
class Rules:
    """Makes triplets of sentences.

    Parameters
    ----------
    know : Knowledge
        Made by `Rules.of`.
    seed : Seed
    per_sentence : int
        Triplets of one sentence, each of another kind.

    Examples
    --------
    >>> rules = Rules.of(["bolt M8 20 mm", "nut 25 mm", "bolt 30 mm"], wordnet=None)
    >>> [(t.positive, t.negative, t.kind) for t in rules.make(["bolt M8 20 mm"])]
    [('bolt M8 20 millimetres', 'bolt M8 30 mm', 'quantity')]
    >>> len(rules.notes)
    1
    """

    know: Knowledge
    seed: Seed
    per_sentence: int = 1

    @classmethod
    def of(
        cls,
        corpus: Iterable[str] | Statistics,
        *,
        wordnet: WordNet | None,
        vocabulary: Vocabulary | None = None,
        seed: int = 0,
        per_sentence: int = 1,
        balanced: bool = False,
    ) -> Rules:
        """For a corpus, which is read once for its statistics.

        Parameters
        ----------
        corpus : iterable of str, or Statistics
        wordnet : WordNet or None
        vocabulary : Vocabulary, optional
        seed : int
        per_sentence : int
            Triplets of one sentence, each of another kind.
        balanced : bool
            See `vetoes.Vetoes`.
        """
        known = corpus if isinstance(corpus, Statistics) else Statistics.of(corpus)
        return cls(Knowledge(wordnet, vocabulary or Vocabulary(), known, balanced=balanced), Seed(seed), per_sentence)

    @property
    def notes(self) -> list[str]:
        """What the rules go without."""
        if self.know.wordnet is not None:
            return []
        return ["WordNet is not there: entities are the user's terms alone, actions and qualities those of our tables."]

    def make(self, sentences: Iterable[str]) -> Iterator[Triplet | Dropped]:
        """The triplets of each sentence, or why there is none.

        What is made of a sentence depends on its text and the seed alone, so a stream can be cut and taken up anywhere.

        Parameters
        ----------
        sentences : iterable of str
            Empty ones are passed over.
        """
        check = Check(self.know)
        for sentence in sentences:
            text = " ".join(sentence.split())
            if text:
                yield from self._of_one(text, check)

    def usable(self, sentence: str) -> bool:
        """Whether a hard negative can be made of a sentence, for the coverage of a graph."""
        return any(isinstance(made, Triplet) for made in self.make([sentence]))

    def _of_one(self, text: str, check: Check) -> Iterator[Triplet | Dropped]:
        draw = Random(self.seed.number(text))
        reading = self.know.read(text)
        positive = yield from self._positive(reading, check, draw)
        if positive is None:
            yield Dropped(text, "", "positive", reason="no rule says it in other words", made="")
            return
        made = 0
        for kind in self._turns(reading, draw):
            negative = yield from self._negative(reading, check, draw, kind=kind)
            if negative is not None and negative.text != positive.text:
                made += 1
                note = f"negative: {kind} {negative.made}; positive: {positive.made}"
                yield Triplet(text, positive.text, negative.text, kind=kind, made=note)
                if made == self.per_sentence:
                    return
        if not made:
            yield Dropped(text, "", "negative", reason="no rule makes a negative", made="")

    @staticmethod
    def _turns(reading: Reading, draw: Random) -> list[str]:
        """The kinds in the order of their turns: a draw without replacement by their weights."""
        kinds = [kind for kind in NEGATIVES if not reading.sentence.japanese or kind in _JAPANESE]
        return sorted(kinds, key=lambda kind: -(draw.random() ** (1 / NEGATIVES[kind][1])))

    def _negative(self, reading: Reading, check: Check, draw: Random, *, kind: str) -> Generator[Dropped, None, Edit | None]:
        for number, edit in enumerate(NEGATIVES[kind][0](reading, self.know, draw)):
            reason = check.negative(reading.sentence.text, edit.text, kind)
            if not reason:
                return edit
            yield Dropped(reading.sentence.text, edit.text, kind, reason=reason, made=edit.made)
            if number + 1 == TRIES:
                return None
        return None

    def _positive(self, reading: Reading, check: Check, draw: Random) -> Generator[Dropped, None, Edit | None]:
        """Several operations one after another, each on what the last one made; a frame seldom, or where nothing else is left."""
        anchor, steps = reading.sentence.text, list[Edit]()
        wanted = draw.randint(1, OPERATIONS)
        for operation in [*draw.sample(_OPERATIONS, len(_OPERATIONS)), frame.frame]:
            if len(steps) == wanted or (operation is frame.frame and steps and draw.random() < FRAMELESS):
                break
            edit = operation(self.know.read(steps[-1].text) if steps else reading, self.know, draw)
            if edit is not None:
                steps.append(edit)
        found = bool(steps)
        while steps and (reason := check.positive(anchor, steps[-1].text)):
            yield Dropped(anchor, steps[-1].text, "positive", reason=reason, made=", ".join(edit.made for edit in steps))
            steps.pop()  # what the last operation did was wrong, or what one before it did
        if steps:
            return Edit(steps[-1].text, ", ".join(edit.made for edit in steps))
        for operation in [*([*draw.sample(_OPERATIONS, len(_OPERATIONS)), frame.frame] if found else []), frame.plain]:
            edit = operation(reading, self.know, draw)  # each by itself
            if edit is not None and not check.positive(anchor, edit.text):
                return edit
        return None
