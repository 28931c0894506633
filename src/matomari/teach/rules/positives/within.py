"""What operations that turn a sentence round share: one sentence of several, and whether it is a simple one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from random import Random

from ..knowledge import Knowledge, Reading
from ..speech import Span, asks, spans
from ..triplet import Edit

_SHORT = re.compile(r"\w+['’](?:m|re|ve|ll|d)|(?:it|he|she|that|there|here|what|who)['’]s")  # I'm, it's
Operation = Callable[[Reading, Knowledge, Random], Edit | None]


def in_one(operation: Operation) -> Operation:
    """An operation on one sentence, for texts of several: it is done to one that lets it.

    Parameters
    ----------
    operation : callable
        Takes a reading, knowledge and a `Random`; gives an `Edit` or None.
    """

    @wraps(operation)
    def on_one(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
        sentence, found = reading.sentence, spans(reading.sentence)
        if len(found) == 1:
            return operation(reading, know, draw)
        for span in draw.sample(found, len(found)):
            start, end = sentence.tokens[span.start].start, sentence.tokens[span.end - 1].end
            edit = operation(know.read(sentence.text[start:end]), know, draw)
            if edit is not None:
                return Edit(sentence.text[:start] + edit.text + sentence.text[end:], edit.made)
        return None

    return on_one


def is_finite(reading: Reading, know: Knowledge, i: int) -> bool:
    """Whether a token is an auxiliary, or a verb that is no participle.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    i : int

    Examples
    --------
    >>> know = Knowledge()
    >>> [is_finite(know.read("A dog sits there sitting"), know, i) for i in (1, 2, 4)]
    [False, True, False]
    """
    verb = know.tagger.word(reading.sentence.words[i]).verb if reading.tags[i] == "VERB" else None
    return reading.tags[i] == "AUX" or (verb is not None and verb[1] in ("", "s", "ed"))


def finite_verbs(reading: Reading, know: Knowledge, start: int, end: int) -> int:
    """How many clauses there are between two tokens, by the verbs that are no participle and no infinitive.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    start, end : int

    Examples
    --------
    >>> know = Knowledge()
    >>> [finite_verbs(know.read(text), know, 0, 4) for text in ("It is open .", "am sure it is", "a dog sitting there")]
    [1, 2, 0]
    """
    count, helped = 0, False  # by an auxiliary, or by to
    headline = reading.sentence.text.isupper()  # COMPANY TO MEET
    for i in range(start, end):
        short, tag = _SHORT.fullmatch(reading.sentence.words[i]), reading.tags[i]
        if ((short or is_finite(reading, know, i)) and not helped) or (tag == "TO" and headline):
            count += 1
        helped = bool(short) or tag in ("AUX", "TO") or (helped and tag in ("NEG", "ADV"))
    return count


def named(reading: Reading, know: Knowledge) -> bool:
    """Whether a sentence may begin with a name, which keeps its capital wherever it stands."""
    asked = asks(reading.sentence, Span(0, len(reading.sentence)))  # why did it stop
    first = reading.sentence.words[0]
    return reading.tags[0] in ("NAME", "NOUN") and not (asked or know.is_many(first) or _SHORT.fullmatch(first))
