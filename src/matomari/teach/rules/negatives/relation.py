"""Another place or time: in for out, before for after, up for down, where that is another thing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from ..knowledge import Knowledge, Reading
from ..lexicon import rows
from ..triplet import Edit

AHEAD = 4  # tokens after a preposition in which its noun is looked for
BEHIND = 4  # tokens before it in which its verb is
_LED = {  # nothing falls above, or rises below
    "below": frozenset({"fall", "drop", "sink", "decline", "go"}),
    "above": frozenset({"rise", "climb", "jump", "go"}),
}


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one preposition or direction changed, by the table of relations.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [next(edits(know.read(text), know, Random(0))).text for text in ("The dog is behind the car.", "PROFITS UP 5 PCT")]
    ['The dog is in front of the car.', 'PROFITS DOWN 5 PCT']
    """
    found = list(_changed(reading, know))
    draw.shuffle(found)
    yield from found


def _changed(reading: Reading, know: Knowledge) -> Iterator[Edit]:
    words, sentence = reading.sentence.words, reading.sentence
    for i, word in enumerate(words):
        if word in ("up", "down") and i and i + 1 < len(words) and reading.tags[i + 1] == "NUM" and words[i + 2 : i + 3] not in ((",",),):
            other = "down" if word == "up" else "up"
            verb = know.tagger.word(words[i - 1]).verb if reading.tags[i - 1] == "VERB" else None
            if verb and know.wordnet is not None and not know.wordnet.has(f"{verb[0]} {other}", "v"):
                continue  # topped up
            yield Edit(sentence.with_words({i: other}), f"{word}>{other}")
            continue
        for row in _rows_at(words, i):
            size = len(row["word"].split())
            if i and _holds(reading, know, i, size=size, row=row):
                new = {i: row["other"]} | dict.fromkeys(range(i + 1, i + size), "")
                yield Edit(_trimmed(sentence.with_words(new)), f"{row['word']}>{row['other']}")
                break


@cache
def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], dict[str, str]], ...]]:
    found: dict[str, tuple[tuple[tuple[str, ...], dict[str, str]], ...]] = {}
    for row in rows("relations"):
        written = tuple(row["word"].split())
        found[written[0]] = (*found.get(written[0], ()), (written, row))
    return found


def _rows_at(words: tuple[str, ...], i: int) -> Iterator[dict[str, str]]:
    """The rows of the table whose words stand here."""
    for written, row in _by_first_word().get(words[i], ()):
        if words[i : i + len(written)] == written:
            yield row


def _holds(reading: Reading, know: Knowledge, i: int, *, size: int, row: dict[str, str]) -> bool:
    """Whether the table's conditions on the words around hold."""
    words, tags = reading.sentence.words, reading.tags
    if reading.sentence.hyphenated(i) or (
        row["word"] in ("behind", "inside", "outside", "before", "after") and not _has_noun(tags, i + size)
    ):
        return False
    if row["word"] == "from" and "to" in words[i:]:
        return False
    ahead = set(words[i + size : i + size + AHEAD])
    listed = set(row["next"].split("|")) - {""}
    if row["word"] == "on":
        if not ahead & listed:
            return False
    elif ahead & listed:
        return False
    after = set(row["after"].split("|")) - {""}
    lemmas = {verb[0] for word in words[max(0, i - BEHIND) : i] if (verb := know.tagger.word(word).verb)}
    if lemmas & _LED.get(row["word"], frozenset()):
        return False
    return not after or bool(after & (lemmas | set(words[max(0, i - BEHIND) : i])))


def _has_noun(tags: tuple[str, ...], start: int) -> bool:
    return start < len(tags) and tags[start] in ("DET", "POSS", "NOUN", "NAME", "ADJ", "NUM")


def _trimmed(text: str) -> str:
    return text.replace("  ", " ")
