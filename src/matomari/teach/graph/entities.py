"""What a sentence speaks of: the user's terms first, then nouns of WordNet that this corpus holds often and that can be nothing but nouns."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .inflection import noun_form
from .vocabulary import Vocabulary
from .wordnet import WordNet

DEPTH = 6  # steps from the root to the hypernym that is an entity's type: animal, instrumentality's kinds, ways, money
FLOOR = 5  # times that a noun stands in the corpus
CLEARLY = 3  # times that a clear noun was tagged as one for each time it was tagged as another part of speech
LONGEST = 3  # words of a noun of WordNet
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")


@cache
def _empty() -> frozenset[str]:
    """Nouns of WordNet that say what else is said, and nothing themselves."""
    with (Path(__file__).parent / "tables" / "empty.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"] for row in csv.DictReader(file))


class Mention(NamedTuple):
    """An entity in a sentence.

    Attributes
    ----------
    start, end : int
    text : str
        As it is written.
    lemma : str
        Its name: the user's, or WordNet's in the singular.
    type : str
    source : str
        user, corpus (see `graph.japanese`) or wordnet.
    """

    start: int
    end: int
    text: str
    lemma: str
    type: str
    source: str


class Entities:
    """Finds entities in sentences.

    Parameters
    ----------
    wordnet : WordNet or None
    vocabulary : Vocabulary
    counts : mapping of str to int, optional
        How often each noun of one word stands in the corpus, by its lemma; without it, no noun is too rare.
    floor : int
        Least of these counts.

    Examples
    --------
    >>> from .vocabulary import Term
    >>> find = Entities(None, Vocabulary([Term("hex bolt", "fastener", ("hexagon bolt",))]))
    >>> find("Hexagon bolts in a box")
    [Mention(start=0, end=13, text='Hexagon bolts', lemma='hex bolt', type='fastener', source='user')]
    """

    def __init__(
        self, wordnet: WordNet | None, vocabulary: Vocabulary | None = None, counts: Mapping[str, int] | None = None, *, floor: int = FLOOR
    ) -> None:
        self.wordnet, self.vocabulary = wordnet, vocabulary or Vocabulary()
        self._counts, self._floor = counts, floor
        self.noun = lru_cache(maxsize=50_000)(self._noun)
        self.type = lru_cache(maxsize=50_000)(self._type)

    def __call__(self, sentence: str) -> list[Mention]:
        """The entities of a sentence, in order, none inside another."""
        ours = [
            Mention(f.start, f.end, sentence[f.start : f.end], f.term.name, type=f.term.type, source=f.term.source)
            for f in self.vocabulary.find(sentence)
        ]
        if self.wordnet is None:
            return ours
        places = [match.span() for match in _WORD.finditer(sentence)]
        words = [sentence[start:end].lower() for start, end in places]
        found, at = [], 0
        while at < len(words):
            lemma, taken = self._longest(sentence, places, words, at=at)
            if lemma:
                start, end = places[at][0], places[at + taken - 1][1]
                if not any(m.start < end and start < m.end for m in ours):
                    found.append(Mention(start, end, sentence[start:end], lemma, type=self.type(lemma), source="wordnet"))
            at += taken
        return sorted([*ours, *found])

    def _longest(self, sentence: str, places: list[tuple[int, int]], words: list[str], *, at: int) -> tuple[str | None, int]:
        """The lemma of the longest noun that begins here, None where there is none, and how many words it has."""
        assert self.wordnet is not None
        several = self.wordnet.compound(words, at, LONGEST)
        if several:
            run = words[at : at + several[1]]
            together = sentence[places[at][0] : places[at + several[1] - 1][1]].lower() == " ".join(run)
            if together:
                return self.noun(" ".join(run)), several[1]
        return self.noun(words[at]), 1

    def _noun(self, words: str) -> str | None:
        """The lemma, where the words are a frequent and clear noun."""
        net = self.wordnet
        lemma = net.lemma(words, "n") if net else None
        if net is None or lemma is None or not _empty().isdisjoint((lemma, words)) or len(lemma) < 3:
            return None
        if lemma != words and noun_form(lemma, "s") != words:
            return None  # a form that we could not make again
        if self._counts is not None and " " not in lemma and self._counts.get(lemma, 0) < self._floor:
            return None
        if words.endswith(("ing", "ed")) and net.lemma(words, "v") not in (None, words):
            return None  # what somebody does, or what is done
        if clear_noun(net, lemma) and (lemma == words or not net.has(words, "n")):
            return lemma
        return None

    def _type(self, lemma: str) -> str:
        """The hypernym at a fixed depth; where a noun stands higher, the one above it."""
        assert self.wordnet is not None
        path = self.wordnet.path(self.wordnet.senses(lemma, "n")[0])
        return path[min(DEPTH, max(0, len(path) - 2))].words[0]


def clear_noun(net: WordNet, lemma: str) -> bool:
    """Whether a word is a noun much more often than anything else; a word that was never tagged, whether it can be nothing else.

    Examples
    --------
    >>> net = WordNet.load()  # doctest: +SKIP
    >>> clear_noun(net, "dog"), clear_noun(net, "run")  # doctest: +SKIP
    (True, False)
    """
    noun, others = net.count(lemma, "n"), sum(net.count(lemma, pos) for pos in "var")
    if noun + others == 0:
        return not any(net.has(lemma, pos) for pos in "var")
    return noun > 0 and noun >= CLEARLY * others
