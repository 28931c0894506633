"""What each word does in its sentence, by simple rules and the frequencies of WordNet; where in doubt, a word is nothing that is changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..graph.inflection import noun_bases, noun_form, verb_bases, verb_form
from ..graph.units import number_words
from ..graph.wordnet import WordNet
from .lexicon import actions, closed, colours, listed, opposites
from .sentence import Sentence

_BEFORE_NOUNS = frozenset({"DET", "POSS", "ADJ", "PREP", "NUM", "NEG"})
_AFTER_VERBS = frozenset({"DET", "POSS", "PREP", "PRON", "ADV", "NUM", "CONJ", "END", "PUNCT"})
_BE_OR_HAVE = frozenset({"is", "are", "was", "were", "be", "been", "being", "has", "have", "had"})


class Word(NamedTuple):
    """What a word can be.

    Attributes
    ----------
    noun, verb : tuple of str or None
        Lemma and form (see `graph.inflection`).
    adjective, adverb : bool
    counts : tuple of int
        How often it was tagged as a noun, a verb and an adjective or adverb.
    """

    noun: tuple[str, str] | None
    verb: tuple[str, str] | None
    adjective: bool
    adverb: bool
    counts: tuple[int, int, int]


class Tagger:
    """Gives tags to sentences: DET POSS PRON PREP CONJ AUX NEG ADV NUM PUNCT TO NOUN VERB ADJ NAME.

    Parameters
    ----------
    wordnet : WordNet or None
        Without it, verbs and adjectives of our tables alone are known, and any other word is a NAME.

    Examples
    --------
    >>> Tagger(None).tags(Sentence("The red dog is chasing 2 cats."))
    ('DET', 'ADJ', 'NAME', 'AUX', 'VERB', 'NUM', 'NAME', 'PUNCT')
    """

    def __init__(self, wordnet: WordNet | None) -> None:
        self.wordnet = wordnet
        self.word = lru_cache(maxsize=50_000)(self._word)
        self._alone = lru_cache(maxsize=50_000)(self._of_closed_class)
        self._guess = lru_cache(maxsize=50_000)(self._likeliest)
        self._verbs = frozenset(actions()) | frozenset(opposites("verb")) | frozenset(opposites("refusal")) | listed("asymmetric")
        self._adjectives = frozenset(opposites("adjective")) | frozenset(colours())

    def _word(self, word: str) -> Word:
        net = self.wordnet
        if net is None:
            verb = next(((base, form) for base, form in [(word, ""), *verb_bases(word)] if base in self._verbs), None)
            return Word(None, verb, adjective=word in self._adjectives, adverb=False, counts=(0, 0, 0))
        noun, verb = self._noun(net, word), self._verb(net, word)
        counts = (
            net.count(noun[0], "n") if noun else 0,
            net.count(verb[0], "v") if verb else 0,
            net.count(word, "a") + net.count(word, "r"),
        )
        adjective = net.has(word, "a") or word in self._adjectives
        return Word(noun, verb, adjective, adverb=net.has(word, "r"), counts=counts)

    @staticmethod
    def _noun(net: WordNet, word: str) -> tuple[str, str] | None:
        lemma = net.lemma(word, "n")
        if lemma is None:
            return None
        if lemma == word:
            plain = next(
                (b for b, form in noun_bases(word) if form == "s" and net.has(b, "n") and net.count(b, "n") > net.count(word, "n")), None
            )
            return (plain, "s") if plain and word.endswith("s") else (word, "")
        return (lemma, "s") if noun_form(lemma, "s") == word else None

    @staticmethod
    def _verb(net: WordNet, word: str) -> tuple[str, str] | None:
        if net.has(word, "v"):
            irregular = next(((b, f) for b, f in verb_bases(word) if net.count(b, "v") > net.count(word, "v")), None)
            return irregular or (word, "")
        lemma = net.lemma(word, "v")
        return next(((lemma, form) for form in ("s", "ing", "ed", "en") if lemma and verb_form(lemma, form) == word), None)

    def tags(self, sentence: Sentence) -> tuple[str, ...]:
        """The tag of each token."""
        words = sentence.words
        fixed = [self._alone(word) for word in words]
        for i, tag in enumerate(fixed):
            if tag == "TO":
                fixed[i] = "TO" if i + 1 < len(words) and fixed[i + 1] is None and self._base_verb(words[i + 1]) else "PREP"
        found: list[str] = []
        finite = False  # a clause has one finite verb
        before = "START"
        for i, word in enumerate(words):
            tag = fixed[i]
            if tag is None:
                after = (fixed[i + 1] or self._guess(words[i + 1])) if i + 1 < len(words) else "END"
                tag = self._open(self.word(word), before, after, finite)
            if tag == "VERB":
                known = self.word(word).verb
                finite = finite or (known is not None and known[1] in ("s", "ed"))
            elif tag == "AUX":
                finite = True
            elif tag in ("CONJ", "PUNCT"):
                finite = False
            found.append(tag)
            before = tag
        return tuple(found)

    def _base_verb(self, word: str) -> bool:
        known = self.word(word)
        return known.verb is not None and known.verb[1] == "" and known.counts[1] >= known.counts[0]

    @staticmethod
    def _of_closed_class(word: str) -> str | None:
        """The tag of a word that has but one, whatever stands around it."""
        if word == "to":
            return "TO"
        if word.endswith(("n't", "n’t")):
            return "AUX"
        if word in closed():
            return closed()[word]
        if word[0].isdigit() or word in number_words():
            return "NUM"
        if not word[0].isalpha():
            return "PUNCT"
        return "ADJ" if word in colours() else None

    def _open(self, known: Word, before: str, after: str, finite: bool) -> str:
        if not (known.noun or known.verb or known.adjective or known.adverb):
            return "NAME"
        if known.verb and known.verb[1] == "ing":
            return self._ing(known, before, after)
        if known.verb and known.verb[1] in ("ed", "en") and (not known.noun or known.counts[1] > known.counts[0]):
            modifies = before in _BEFORE_NOUNS and before != "PREP" and after in ("NOUN", "ADJ", "NAME")
            return "ADJ" if modifies or known.counts[2] > known.counts[1] else "VERB"
        return self._ambiguous(known, before, after, finite)

    @staticmethod
    def _ing(known: Word, before: str, after: str) -> str:
        if before in ("DET", "POSS", "ADJ", "NUM"):
            return "ADJ" if after in ("NOUN", "NAME", "ADJ") else "NOUN"
        if before == "PREP":
            return "GERUND"
        return "NOUN" if known.noun and known.counts[0] > 3 * known.counts[1] and before != "AUX" else "VERB"

    def _likeliest(self, word: str) -> str:
        """The tag of a word that nothing is known of but its frequencies."""
        known = self.word(word)
        if known.verb and known.verb[1] in ("ing", "ed", "en") and known.counts[0] <= known.counts[1]:
            return "PARTICIPLE"
        ranked = [("NOUN", known.noun, known.counts[0]), ("VERB", known.verb, known.counts[1]), ("ADJ", known.adjective, known.counts[2])]
        possible = [(count, tag) for tag, can, count in ranked if can]
        return max(possible, key=lambda pair: pair[0])[1] if possible else "ADV" if known.adverb else "NAME"

    @staticmethod
    def _ambiguous(known: Word, before: str, after: str, finite: bool) -> str:
        noun, verb, other = known.counts
        if known.verb and known.verb[1] == "" and (before == "TO" or (before == "AUX" and verb > other)):
            return "VERB"
        if before == "VERB" and known.noun and not known.adjective:
            return "NOUN"
        if before in _BEFORE_NOUNS:
            if known.adjective and after in ("NOUN", "NAME", "ADJ") and (other >= noun or not known.noun):
                return "ADJ"
            return "NOUN" if known.noun else "ADJ" if known.adjective else "VERB" if known.verb else "ADV"
        if known.verb and known.verb[1] in ("", "s") and before in ("NOUN", "NAME", "PRON") and not finite:
            likely = verb > noun or (after in _AFTER_VERBS and 4 * verb > noun and known.verb[1] == "s") or after == "PARTICIPLE"
            if not known.noun or likely:
                return "VERB"
        if known.noun and (noun >= max(verb, other) or not (known.verb or known.adjective)):
            return "NOUN"
        if known.verb and verb >= other and not finite:
            return "VERB"
        return "ADJ" if known.adjective else "ADV" if known.adverb else "NOUN" if known.noun else "VERB"


def form_in_place(words: Sequence[str], i: int, verb: tuple[str, str]) -> str:
    """The form of a verb where it stands: cut is a participle after was.

    Examples
    --------
    >>> form_in_place(("debt", "was", "cut"), 2, ("cut", "")), form_in_place(("to", "cut"), 1, ("cut", ""))
    ('en', '')
    """
    lemma, form = verb
    if form in ("", "ed") and i and words[i - 1] in _BE_OR_HAVE and verb_form(lemma, "en") == words[i]:
        return "en"
    return form


class Parts(NamedTuple):
    """The main parts of a sentence, each as its first token and the one after its last; None where it has none.

    Attributes
    ----------
    subject : tuple of int or None
        The first noun phrase.
    action : int or None
        The verb after it.
    object : tuple of int or None
        The noun phrase right after the verb.
    state : tuple of int or None
        What follows: place, manner, time.
    """

    subject: tuple[int, int] | None
    action: int | None
    object: tuple[int, int] | None
    state: tuple[int, int] | None


def noun_phrase(tags: Sequence[str], start: int) -> int:
    """The token after a noun phrase that starts here; `start` itself where none does."""
    at = start
    while at < len(tags) and tags[at] in ("DET", "POSS", "NUM", "ADJ", "NOUN", "NAME"):
        at += 1
    return at if at > start and tags[at - 1] in ("NOUN", "NAME") else start


def parts(sentence: Sentence, tags: Sequence[str]) -> Parts:
    """Subject, action, object and state of a simple sentence.

    Examples
    --------
    >>> sentence = Sentence("The boy is chasing the cat in a park.")
    >>> parts(sentence, Tagger(None).tags(sentence))
    Parts(subject=(0, 2), action=3, object=(4, 6), state=(6, 9))
    """
    end = sentence.end
    stop = noun_phrase(tags[:end], 0)
    if not stop:
        return Parts(None, None, None, None)
    at = stop
    while at < end and tags[at] in ("AUX", "ADV", "NEG", "TO"):
        at += 1
    if at >= end or tags[at] != "VERB":
        return Parts((0, stop), None, None, (stop, end) if stop < end else None)
    after = noun_phrase(tags[:end], at + 1)
    taken = (at + 1, after) if after > at + 1 else None
    return Parts((0, stop), at, taken, (after, end) if after < end else None)
