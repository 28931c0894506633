"""Names of people in scripts with capitals: by lists of names, titles, and phrases that announce a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .name_lists import NameLists, plain

_LETTER = r"A-Za-zÀ-ÖØ-öø-ɏͰ-ӿḀ-ỿ"
WORD = re.compile(rf"[{_LETTER}](?:[{_LETTER}]|['’\-](?=[{_LETTER}])(?!s(?![{_LETTER}])))*")  # Bush's is Bush
TITLE = re.compile(
    r"(?<![^\W_])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Herrn?|Frau|Hr|M|Mme|Mlle|Madame|Monsieur|Mademoiselle)\b\.?\s(?:(?:Dr|Prof)\.?\s)?"
)
NAMED = re.compile(r"\b(?:my name is|name is|name:|ich hei(?:ß|ss)e|mein Name ist|Name:|je m'appelle|mon nom est|nom :) ?", re.IGNORECASE)
ANNOUNCED = re.compile(
    r"\b(?:I am called|this is|ask for|attn:?|attention:?|signed,?|(?:best |kind )?regards,?|sincerely,?|yours,?|dear|sp[oe]ken? (?:with|to)"
    r"|gezeichnet:?|Grüße,?|Gruß,?|Ansprechpartner(?:in)?(?: ist|:)?|fragen Sie nach|je suis|cordialement,?|bien à vous,?|demandez|contactez)\s+",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    [
        "de",
        "la",
        "le",
        "du",
        "des",
        "von",
        "van",
        "der",
        "den",
        "zu",
        "zum",
        "zur",
        "da",
        "di",
        "del",
        "dos",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
    ]
)
NOT_AFTER = frozenset(  # what makes a place, a firm or a sentence of words that look like a name
    [
        "street",
        "st",
        "road",
        "rd",
        "avenue",
        "ave",
        "lane",
        "drive",
        "university",
        "college",
        "school",
        "hospital",
        "airport",
        "park",
        "lake",
        "river",
        "city",
        "county",
        "beach",
        "bank",
        "tech",
        "state",
        "island",
        "islands",
        "inc",
        "ltd",
        "llc",
        "corp",
        "gmbh",
        "ag",
        "sa",
        "straße",
        "strasse",
        "platz",
        "allee",
        "weg",
        "rue",
        "place",
        "house",
        "hotel",
        "center",
        "centre",
        "museum",
        "day",
        "days",
        "hill",
        "street's",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "for",
        "with",
        "by",
        "at",
        "to",
        "from",
        "is",
        "was",
        "has",
        "had",
        "said",
        "says",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "not",
        "a",
        "an",
        "are",
        "my",
        "your",
        "our",
        "so",
        "but",
        "if",
    ]
)
MOST_CAPITALS = 0.5  # above this share of its words, the capitals of a text are a habit and tell no names


class WesternNames:
    """Finds a given name with a surname, and what stands after a title or a phrase like "my name is".

    Parameters
    ----------
    lists : NameLists
        Names and ordinary words.
    """

    def __init__(self, lists: NameLists) -> None:
        self._lists = lists

    def __call__(self, text: str) -> list[tuple[int, int]]:
        """Where names stand; a part of one that comes again alone counts, too."""
        words = list(WORD.finditer(text))
        spans = [*self._led(text, words)]
        pairs = self._pairs(text, words)
        if len(words) >= 6 and sum(_capital(w[0]) for w in words) > MOST_CAPITALS * len(words):
            pairs = (pair for pair in pairs if self._stands_alone(text, *pair))
        return (spans := [*spans, *pairs]) + _again(words, spans)

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether a name is no piece of a longer run of capitalised words, and both its ends are listed; a word or a colon before it saves the surname."""
        before, after = text[max(0, start - 40) : start], text[end : end + 2]
        word = before.split(" ")[-2] if before.endswith(" ") and before.count(" ") > 1 else ""
        if (word[-1:].isalpha() and word[:1].isupper()) or (after[:1] == " " and after[1:].isupper()):
            return False
        names = [w for w in WORD.findall(text[start:end]) if len(w) > 1 and plain(w) not in PARTICLES]
        first, last = names[0], names[-1]
        if self._given(last) and self._surname(first):
            first, last = last, first
        led = word.islower() or before.rstrip().endswith((":", "„", "“", '"', "(", "«"))
        return self._given(first) and (self._surname(last) or led) and not (self._common(first) and self._common(last))

    def _pairs(self, text: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
        """A given name and what follows it, and a surname with its given name behind it."""
        last = 0
        for at, word in enumerate(words):
            if word.start() < last or not _capital(word[0]):
                continue
            known = self._given(word[0]) or self._surname(word[0])
            end = self._end(text, words, at) if known else word.end()
            if self._holds(text, words, at, end=end) or self._turned(text, words, at):
                last = end if self._holds(text, words, at, end=end) else words[at + 1].end()
                yield word.start(), last

    def _holds(self, text: str, words: list[re.Match[str]], at: int, *, end: int) -> bool:
        """Whether the words up to `end` are a name: two at least, one known and not ordinary, the first a given name or the last."""
        taken = [w[0] for w in words[at : at + 7] if w.end() <= end and plain(w[0]) not in PARTICLES]
        if len(taken) < 2 or words[at][0].isupper():
            return False
        given = [self._given(w) and not self._common(w) for w in taken]
        surname = [self._surname(w) and not self._common(w) for w in taken]
        between = text[words[at].end() : end]
        if "." in between or any(plain(w) in PARTICLES for w in WORD.findall(between)):
            return given[0] or surname[-1]
        listed = self._surname(taken[-1]) or not self._common(taken[-1])
        return (given[0] and listed) or (self._given(taken[0]) and surname[-1]) or (self._surname(taken[0]) and given[-1])

    def _end(self, text: str, words: list[re.Match[str]], at: int) -> int:
        """The end of the capitalised words from one on, at most three, with initials and particles between them."""
        end, taken = words[at].end(), 1
        for before, word in zip(words[at:], words[at + 1 : at + 7], strict=False):
            gap, dotted = text[before.end() : word.start()], len(before[0]) == 1 or before[0] in ("Dr", "Prof", "St")
            if gap not in (" ", "-") and not (gap == ". " and dotted):
                break
            if plain(word[0]) in PARTICLES or (len(word[0]) == 1 and word[0].isupper() and text[word.end() : word.end() + 1] == "."):
                continue
            if not _capital(word[0]) or plain(word[0]) in NOT_AFTER or taken == 3:
                break
            end, taken = word.end(), taken + 1
        return end

    def _turned(self, text: str, words: list[re.Match[str]], at: int) -> bool:
        """Whether a surname, a comma and a given name stand here."""
        if at + 1 == len(words) or text[words[at].end() : words[at + 1].start()] != ", ":
            return False
        given = words[at + 1][0]
        return self._surname(words[at][0]) and _capital(given) and self._given(given) and not self._common(given)

    def _led(self, text: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
        """Names after a title or "my name is", whatever they are; after other phrases two words, or one that a list knows."""
        starts = {word.start(): at for at, word in enumerate(words)}
        for pattern in (TITLE, NAMED, ANNOUNCED):
            for match in pattern.finditer(text):
                at = starts.get(match.end())
                while at is not None and at + 1 < len(words) and plain(words[at][0]) in PARTICLES:
                    at += 1
                if at is not None and self._can_begin(words[at][0]):
                    end = self._end(text, words, at)
                    if pattern is not ANNOUNCED or self._believed(words[at][0], alone=end == words[at].end()):
                        yield match.end(), self._with_given(text, words, at, end=end)

    def _can_begin(self, word: str) -> bool:
        return len(word) > 1 and _capital(word) and plain(word) not in NOT_AFTER

    def _believed(self, word: str, *, alone: bool) -> bool:
        """Whether a word after a phrase that leads to names, but to other things as well, begins one."""
        return not self._common(word) and (not alone or self._given(word) or self._surname(word))

    def _with_given(self, text: str, words: list[re.Match[str]], at: int, *, end: int) -> int:
        """The end of the given name behind a comma, or `end`."""
        behind = words[at + 1] if at + 1 < len(words) else None
        comma = behind and text[end : behind.start()] == ", " and _capital(behind[0]) and self._given(behind[0])
        return behind.end() if behind and comma else end

    def _given(self, word: str) -> bool:
        return len(word) > 1 and all(part in self._lists.given for part in plain(word).split("-"))

    def _surname(self, word: str) -> bool:
        name = plain(word)
        if name in self._lists.surnames or all(part in self._lists.surnames for part in name.split("-")):
            return True
        return bool(re.match(r"(?:o'|mc|n'|d')[a-z]{3}", name))

    def _common(self, word: str) -> bool:
        name = plain(word)
        return name in self._lists.ordinary or name in NOT_AFTER or (word.isupper() and len(word) < 4)


def _again(words: list[re.Match[str]], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    parts = {w[0] for w in words for start, end in spans if start <= w.start() < end and len(w[0]) > 2 and plain(w[0]) not in PARTICLES}
    return [w.span() for w in words if w[0] in parts and not any(start <= w.start() < end for start, end in spans)]


def _capital(word: str) -> bool:
    return word[0].isupper()
