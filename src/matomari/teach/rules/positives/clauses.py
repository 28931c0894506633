"""The same sentence with another part of it first: a clause of reason, time or condition, a word that says when."""

from __future__ import annotations

from random import Random

from ..knowledge import Knowledge, Reading
from ..lexicon import clause_words
from ..sentence import Sentence
from ..speech import Span, asks, denies
from ..triplet import Edit
from .within import finite_verbs, in_one, named

_SIGNS = frozenset(',;:()[]"“”„«»–—…&')
_OTHERS = frozenset({"it", "he", "she", "they", "him", "them", "its", "his", "her", "their", "one", "this", "these", "those"})
_SUBJECTS = frozenset({"PRON", "DET", "POSS", "NOUN", "NAME", "NUM", "ADJ"})
_DAYS = frozenset({"today", "yesterday", "tomorrow", "tonight"})
_WHICH = frozenset({"last", "this", "next"})
_SPANS = frozenset({"week", "month", "year", "morning", "afternoon", "evening", "night", "weekend"})
_NOT_BEFORE_DAYS = frozenset({"since", "until", "till", "only", "early", "late", "not", "than", "later", "earlier"})


@in_one
def clause(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With the clause that ends it put in front, or the one in front put behind.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [clause(know.read(text), know, Random(0)).text for text in ("I was late because it was red.", "If the valve was shut, can I open the pump?")]
    ['Because it was red, I was late.', 'Can I open the pump if the valve was shut?']
    """
    sentence, tags = reading.sentence, reading.tags
    places = [i for i, word in enumerate(sentence.words) if word in clause_words("link")]
    if len(places) != 1 or clause_words("involved") & set(sentence.words) or _said(reading, know):
        return None
    at, end = places[0], sentence.end
    if at == 0:
        comma = next((i for i, word in enumerate(sentence.words) if word == ","), 0)
        if not comma or _signs(sentence, 0, comma) or _signs(sentence, comma + 1, end) or _OTHERS & set(sentence.words[comma + 1 : end]):
            return None  # when the pump leaks, it stops: it stops when the pump leaks
        main, of = (comma + 1, end), (0, comma)
        pieces = [sentence.piece(*main), _small(sentence.piece(*of), sentence)]
    else:
        if at == 1 or sentence.words[at - 1] in clause_words("held") or tags[at - 1] == "AUX":
            return None  # I am sure when it rains; the worst is when it rains
        if _signs(sentence, 0, end):
            return None
        main, of = (0, at), (at, end)
        pieces = [sentence.piece(*of) + ",", sentence.piece(*main)]
    denied = denies(sentence, Span(*main)) and sentence.words[at] == "because"  # whether the reason is denied, or because of it
    if denied or finite_verbs(reading, know, *main) != 1 or not _whole(reading, know, *of):
        return None
    return Edit(sentence.arranged(pieces, named=named(reading, know)), f"clause {sentence.words[at]}")


@in_one
def day(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With the word for when that ends it put in front, or the one in front put behind.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [day(know.read(text), know, Random(0)).text for text in ("He sold it last week.", "Today the valve is shut.")]
    ['Last week, he sold it.', 'The valve is shut today.']
    """
    sentence, tags = reading.sentence, reading.tags
    end, words = sentence.end, sentence.words
    if not (_DAYS | _SPANS) & set(words) or "CONJ" in tags or _said(reading, know) or asks(sentence, Span(0, len(sentence))):
        return None
    size = _day_at(words, 0)
    if size:
        start = size + (words[size : size + 1] == (",",))
        main = (start, end)
        pieces = [sentence.piece(*main), _small(sentence.piece(0, size), sentence)]
    else:
        size = 1 if end and words[end - 1] in _DAYS else 2 if end > 2 and _day_at(words, end - 2) == 2 else 0
        main = (0, end - size)
        if not size or words[main[1] - 1] in _NOT_BEFORE_DAYS or tags[main[1] - 1] in ("PREP", "AUX", "DET"):
            return None
        pieces = [sentence.piece(main[1], end) + ",", sentence.piece(*main)]
    begun = tags[main[0]] if main[0] < end else "END"
    if begun not in _SUBJECTS or _day_at(words, main[0]) or _signs(sentence, *main) or finite_verbs(reading, know, *main) != 1:
        return None  # the money that I sent last week
    return Edit(sentence.arranged(pieces, named=named(reading, know)), "day")


def _day_at(words: tuple[str, ...], at: int) -> int:
    """How many tokens the word for when has that begins here; 0 where none does."""
    if words[at : at + 1] and words[at] in _DAYS:
        return 1
    return 2 if len(words) > at + 1 and words[at] in _WHICH and words[at + 1] in _SPANS else 0


def _small(piece: str, sentence: Sentence) -> str:
    """What began the sentence and now stands inside of it."""
    return piece if sentence.text.isupper() else piece[:1].lower() + piece[1:]


def _signs(sentence: Sentence, start: int, end: int) -> bool:
    return bool(_SIGNS & set(sentence.words[start:end])) or " - " in sentence.text


def _said(reading: Reading, know: Knowledge) -> bool:
    known = (know.tagger.word(word).verb for word in reading.sentence.words)
    return any(verb is not None and verb[0] in clause_words("said") for verb in known)


def _whole(reading: Reading, know: Knowledge, start: int, end: int) -> bool:
    """Whether a clause has a subject and a finite verb behind its first word, or begins with a participle."""
    first = start + 1
    if first >= end:
        return False
    verb = know.tagger.word(reading.sentence.words[first]).verb
    if (
        reading.sentence.words[start] in clause_words("without subject")
        and verb
        and verb[1] == "ing"
        and reading.tags[first] in ("VERB", "GERUND")
    ):
        return True
    return reading.tags[first] in _SUBJECTS and finite_verbs(reading, know, first + 1, end) == 1
