"""A comparison that knows nothing of how a candidate was made: entities, numbers and negations of two texts, side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ..graph.quantities import quantities
from ..graph.units import number_words, units
from ..graph.vocabulary import Found, folded
from .knowledge import Knowledge
from .lexicon import closed, colours, opposites, refusals, rows, same_word
from .sentence import Sentence

SHARED = 0.3  # of the anchor's words that a refutation has to speak of, too
CHANGED = 4  # words that an edit of one action, quality or relation takes out or puts in, at most
_NOT = frozenset(word for word, kind in closed().items() if kind == "NEG") - {"without"}
_ARTICLES = frozenset({"a", "an", "the", "one"})


class Facts(NamedTuple):
    """What two texts are compared by.

    Attributes
    ----------
    entities : tuple of str
        Their names, sorted; one name for all synonyms.
    numbers : tuple
        Of dimension and amount, sorted.
    negations : int
    """

    entities: tuple[str, ...]
    numbers: tuple[tuple[str, Fraction], ...]
    negations: int


class Check:
    """Compares a candidate with its anchor.

    Parameters
    ----------
    know : Knowledge

    Examples
    --------
    >>> check = Check(Knowledge())
    >>> check.positive("rope, 100 cm", "rope of 1 m"), check.positive("rope, 100 cm", "rope, 2 m")
    ('', 'numbers differ: length 1 / length 2')
    >>> check.negative("rope, 100 cm", "rope, 2 m", "quantity"), check.negative("rope, 100 cm", "rope of 1 m", "quantity")
    ('', 'no number differs')
    """

    def __init__(self, know: Knowledge) -> None:
        self._know = know
        self.facts = lru_cache(maxsize=256)(self._facts)
        self._name = lru_cache(maxsize=50_000)(self._named)
        self._step = lru_cache(maxsize=50_000)(self._phrase)
        self._negates = lru_cache(maxsize=50_000)(self._is_negation)

    def _facts(self, text: str) -> Facts:
        sentence = self._know.sentence(text)
        amounts = quantities(text)
        return Facts(
            entities=tuple(sorted(self._entities(sentence))),
            numbers=tuple(sorted([(q.dimension, q.amount) for q in amounts])) if amounts else (),
            negations=self._negations(sentence),
        )

    def _entities(self, sentence: Sentence) -> list[str]:
        """Names of entities, one for all synonyms; units and the words of frames are none."""
        words = (*sentence.words, "", "")
        ours = self._know.vocabulary.find(sentence.text)
        names = [found.term.name for found in ours]
        at, end = 0, len(sentence.words)
        while at < end:
            name, taken = self._step(words[at], words[at + 1], words[at + 2])
            if name and not (ours and self._inside(sentence, at, taken, ours=ours)):
                names.append(name)
            at += taken
        return names

    @staticmethod
    def _inside(sentence: Sentence, at: int, taken: int, *, ours: list[Found]) -> bool:
        """Whether some tokens are part of a term of the user."""
        start, end = sentence.tokens[at].start, sentence.tokens[at + taken - 1].end
        return any(found.start < end and start < found.end for found in ours)

    def _phrase(self, first: str, second: str, third: str) -> tuple[str | None, int]:
        """The name of the longest noun that begins with the first of three words, and how many of them it has."""
        words = [word for word in (first, second, third) if word]
        if first in _first_words():
            for size in (3, 2):
                if " ".join(words[:size]) in _phrases():
                    return self._name(" ".join(words[:size])), min(size, len(words))
        several = self._know.wordnet.compound(words, 0) if self._know.wordnet and first not in number_words() else None  # ten percent
        if several and (name := self._name(" ".join(words[: several[1]]))):
            return name, several[1]
        return self._name(first), 1

    def _named(self, phrase: str) -> str | None:
        """The name of a noun: clear ones, and those that our table has synonyms of."""
        if phrase in _phrases():
            return self._named(_phrases()[phrase]) or _phrases()[phrase]
        if phrase in _frame_words() or phrase in units():
            return None
        noun = self._know.tagger.word(phrase).noun if " " not in phrase else None
        listed = noun[0] if noun and noun[0] in same_word("noun") else None
        lemma = listed or self._know.anything.noun(phrase)
        if lemma is None and phrase in _shortened():
            return phrase
        return self._chief(lemma) if lemma else None

    def _chief(self, lemma: str) -> str:
        """One name for a noun and its synonyms: the first word of its first sense."""
        listed = same_word("noun").get(lemma, lemma)
        senses = self._know.wordnet.senses(listed, "n") if self._know.wordnet else ()
        return min(senses[0].words) if senses else listed

    def _negations(self, sentence: Sentence) -> int:
        if sentence.japanese:
            return len(_japanese_negations().findall(sentence.text))
        return sum(map(self._negates, sentence.words))

    def _is_negation(self, word: str) -> bool:
        if word in _NOT or word.endswith(("n't", "n’t")) or word == "cannot":
            return True
        verb = self._know.tagger.word(word).verb
        return verb is not None and verb[0] in refusals()

    def positive(self, anchor: str, candidate: str) -> str:
        """Why the candidate does not say the same, or nothing where entities, numbers and negations agree."""
        if folded(anchor) == folded(candidate):
            return "it is the anchor"
        one, other = self.facts(anchor), self.facts(candidate)
        if one.entities != other.entities:
            return "entities differ: {} / {}".format(*_apart(one.entities, other.entities))
        if one.numbers != other.numbers:
            return "numbers differ: {} / {}".format(*_apart(one.numbers, other.numbers))
        return "" if one.negations == other.negations else "negations differ"

    def negative(self, anchor: str, candidate: str, kind: str) -> str:
        """Why the candidate does not differ in what its kind says and in nothing else, or nothing where it does."""
        if folded(anchor) == folded(candidate):
            return "it is the anchor"
        one, other = self.facts(anchor), self.facts(candidate)
        if one.entities != other.entities and kind in ("entity", "quantity", "unit", "negation", "relation"):
            gone, new = Counter(one.entities) - Counter(other.entities), Counter(other.entities) - Counter(one.entities)
            if kind != "entity" or not gone.total() == new.total() == 1:
                return "entities differ otherwise: {} / {}".format(*_apart(one.entities, other.entities))
        elif kind == "entity":
            return "no entity differs"
        return _numbers(one, other, kind) or self._rest(anchor, candidate, kind)

    def refutation(self, anchor: str, candidate: str) -> str:
        """Why a sentence that somebody wrote to deny the anchor cannot be taken for that, or nothing.

        Whether two free sentences contradict is not for rules to say, so what none of them can see is refused. Enough words must be the same, and
        one sentence has one negation more, or a word stands in the place of its opposite, a colour or a number in that of another: a sentence that only
        says less denies nothing, and one about another thing may be true beside it.

        Examples
        --------
        >>> check = Check(Knowledge())
        >>> check.refutation("The order was not sent", "The order was sent"), check.refutation("The order was sent", "Everything went well")
        ('', 'it speaks of something else')
        """
        if folded(anchor) == folded(candidate):
            return "it is the anchor"
        one, other = (self._spoken(text) for text in (anchor, candidate))
        if len(one & other) < SHARED * len(one):
            return "it speaks of something else"
        facts = self.facts(anchor), self.facts(candidate)
        colour = colours().keys()
        denied = (
            (facts[0].negations - facts[1].negations) % 2
            or self._turned(one, other)
            or ((one - other) & colour and (other - one) & colour)
            or _replaced(facts[0].numbers, facts[1].numbers)
        )
        return "" if denied else "nothing in it can be seen to deny the anchor"

    def rewrite(self, anchor: str, candidate: str) -> str:
        """Why a sentence that somebody wrote to say the same does not, or nothing; stricter than `positive`, whose candidates rules made.

        Examples
        --------
        >>> check = Check(Knowledge())
        >>> check.rewrite("The red valve is open", "It is the red valve that is open"), check.rewrite("The valve is open", "The valve is closed")
        ('', 'it says the opposite of a word')
        >>> check.rewrite("The red valve is open", "The blue valve is open")
        'colours differ: red / blue'
        """
        if [w for w in self._know.sentence(anchor).words if w[0].isalnum()] == [
            w for w in self._know.sentence(candidate).words if w[0].isalnum()
        ]:
            return "it is the anchor"
        one, other = (self._spoken(text) for text in (anchor, candidate))
        if self._turned(one, other):
            return "it says the opposite of a word"
        sides = [", ".join(sorted(words & colours().keys())) or "none" for words in (one, other)]
        return f"colours differ: {sides[0]} / {sides[1]}" if sides[0] != sides[1] else self.positive(anchor, candidate)

    def _turned(self, one: set[str], other: set[str]) -> bool:
        """Whether a word of the one stands as its opposite in the other."""
        return any(opposite in other - one for word in one - other for opposite in self._against(word))

    def _spoken(self, text: str) -> set[str]:
        """The words of a text as they stand in a dictionary, or its signs where a script knows no spaces."""
        sentence = self._know.sentence(text)
        if sentence.japanese:
            return {sign for sign in text if sign.isalnum()}
        words = [(word, self._know.tagger.word(word)) for word in sentence.words if word[0].isalnum() and word not in _ARTICLES]
        return {known.verb[0] if known.verb else known.noun[0] if known.noun else word for word, known in words}

    @staticmethod
    def _against(word: str) -> set[str]:
        """The opposites of a word by our tables."""
        return {other for kind in ("verb", "noun", "adjective", "refusal") for other in opposites(kind).get(word, ())}

    def _rest(self, anchor: str, candidate: str, kind: str) -> str:
        differ = self.facts(anchor).negations - self.facts(candidate).negations
        if kind == "negation":
            return "" if differ % 2 else "the negations are as many"
        if differ:
            return "negations differ"
        if kind not in ("role", "action", "attribute", "relation"):
            return ""
        one, other = ([w for w in self._know.sentence(text).words if w not in _ARTICLES and w[0].isalnum()] for text in (anchor, candidate))
        before, after = Counter(one), Counter(other)
        if kind == "role":
            return "" if before == after and one != other else "not the same words in another order"
        changed = max((before - after).total(), (after - before).total())
        return "" if 1 <= changed <= CHANGED else f"{changed} words differ"


def _replaced(one: Sequence[tuple[str, Fraction]], other: Sequence[tuple[str, Fraction]]) -> bool:
    """Whether one number stands in the place of another of its dimension, and all others are the same."""
    gone, new = Counter(one) - Counter(other), Counter(other) - Counter(one)
    return gone.total() == new.total() == 1 and {dimension for dimension, _ in gone} == {dimension for dimension, _ in new}


def _numbers(one: Facts, other: Facts, kind: str) -> str:
    """What is wrong with the numbers of a negative."""
    if kind not in ("quantity", "unit"):
        return "" if one.numbers == other.numbers else "numbers differ: {} / {}".format(*_apart(one.numbers, other.numbers))
    if one.numbers == other.numbers:
        return "no number differs"
    gone, new = Counter(one.numbers) - Counter(other.numbers), Counter(other.numbers) - Counter(one.numbers)
    if kind == "unit" and gone.total() == new.total() and {dimension for dimension, _ in gone} == {"length"}:
        return ""  # 20×60 mm for 20×60 in: one unit, two numbers
    return "" if gone.total() == new.total() == 1 else "more than a number differs: {} / {}".format(*_apart(one.numbers, other.numbers))


@cache
def _japanese_negations() -> re.Pattern[str]:
    return re.compile("|".join(sorted((row["negative"] for row in rows("japanese")), key=len, reverse=True)))


@cache
def _frame_words() -> frozenset[str]:
    return frozenset(word for row in rows("frames") for word in Sentence(row["frame"]).words)


@cache
def _phrases() -> dict[str, str]:
    """Synonyms of several words, and the one word that each stands for."""
    return {row["other"].lower(): row["word"] for row in rows("synonyms") if " " in row["other"] and row["kind"] != "verb"}


@cache
def _shortened() -> frozenset[str]:
    return frozenset(_phrases().values())


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _phrases())


def _apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[str, str]:
    """What each of two lists has and the other has not, in words."""
    sides = (Counter(one) - Counter(other), Counter(other) - Counter(one))
    shown = [", ".join(x if isinstance(x, str) else f"{x[0]} {x[1]}" for x in sorted(side)) or "none" for side in sides]
    return shown[0], shown[1]
