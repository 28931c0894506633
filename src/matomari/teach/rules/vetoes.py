"""What is never offered as a hard negative: words for the same thing, for its kind or a kind of it, and swaps of people's gender or origin."""

from __future__ import annotations

import re
from functools import lru_cache

from ..graph.wordnet import WordNet
from .lexicon import alike, rows, same_word

SENSES = 3  # first senses of a word in which it may be meant
_WORD = re.compile(r"[a-z]+")
# The synsets below which WordNet has words for people by origin or belief: any inhabitant, and religious persons
_ORIGINS = ("inhabitant", "religious person", "person of color", "white", "ethnic group")


class Vetoes:
    """Says which pairs of words must not be swapped.

    Parameters
    ----------
    wordnet : WordNet or None
    balanced : bool
        Whether words of the two genders may be swapped, each for its counterpart, as often one way as the other.

    Examples
    --------
    >>> vetoes = Vetoes(None)
    >>> vetoes.why("street", "road", "n"), vetoes.why("man", "dog", "n"), vetoes.why("dog", "cat", "n")
    ('said of the same thing', 'people by gender', '')
    >>> Vetoes(None, balanced=True).why("man", "woman", "n")
    ''
    """

    def __init__(self, wordnet: WordNet | None, *, balanced: bool = False) -> None:
        self._net, self._balanced = wordnet, balanced
        self.why = lru_cache(maxsize=50_000)(self._why)
        self._origin = lru_cache(maxsize=50_000)(self._by_origin)
        self._people = {row["word"]: row["group"] for row in rows("people")}
        self._pairs = {frozenset((row["one"], row["other"])) for row in rows("balanced")}

    def _why(self, one: str, other: str, pos: str) -> str:
        """Why not, or nothing where the swap may stand."""
        if self._balanced and frozenset((one, other)) in self._pairs:
            return ""
        for word in (one, other):
            if group := self.people(word):
                return f"people by {group}"
        kind = {"n": "noun", "v": "verb", "a": "adjective"}[pos]
        if other in alike(kind).get(one, ()):
            return "said of the same thing"
        if any(same_word(k).get(one, one) == same_word(k).get(other, other) for k in (kind, "any") if k != "adjective"):
            return "synonym"
        return self._related(one, other, pos) if self._net else ""

    def people(self, word: str) -> str:
        """The group of people that a word marks, such as gender; nothing for any other word."""
        if word in self._people:
            return self._people[word]
        tail = word.rpartition(" ")[2]
        if tail in self._people and " " in word:
            return self._people[tail]
        return self._origin(word)

    def _by_origin(self, word: str) -> str:
        net = self._net
        if net is None:
            return ""
        for sense in net.senses(word, "n")[:2]:
            if sense.lexfile == 18 and any(net.synset(*key).words[0] in _ORIGINS for key in net.ancestors(sense) if key != sense.key):
                return "origin"
        return ""

    def _related(self, one: str, other: str, pos: str) -> str:
        net = self._net
        assert net is not None
        first, second = net.senses(one, pos), net.senses(other, pos)
        if {s.key for s in first} & {s.key for s in second}:
            return "synonym"
        for a, b in ((first, second), (second, first)):
            above = frozenset().union(*(net.ancestors(s) for s in a[:SENSES]))
            if any(s.key in above for s in b[:SENSES]):
                return "hypernym"
        for a, word in ((first, other), (second, one)):
            if a and word in _WORD.findall(a[0].gloss.partition('"')[0]):
                return "its definition names the other"
        return ""
