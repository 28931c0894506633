"""Align the tokens of two texts: which mean the same, which are spellings of each other, and what is left over on either side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from .reading.lexicon import Lexicon
from .reading.token import CODE, MEMBER, NUMBER, QUANTITY, WORD

EXACT = 2e-3  # two quantities in two units are the same within two thousandths
CLOSE = 0.66  # similarity from which two words are spellings of each other
INITIALS_CREDIT = 0.9
CLOSER, MOST_SLIPS = 0.8, 2  # from which they are if more than two letters differ: holzschraube is no schlossschraube
STEEP = 3.0  # credit of a misspelt word falls so much faster than its similarity
LONG_MEMBER = 5  # letters from which a word may be a misspelt member of a set
LONG_CODE = 5  # characters from which a code inside another counts
MOST_WORDS = 40
AMOUNTS = (QUANTITY, NUMBER, CODE)  # the unit says most; a code may be a number behind the letter of a dimension
_SIZED = re.compile(r"[dhltw](\d+)")
KEPT = 1 << 17  # comparisons of two words that are kept: most come again
BARE = ("capacitance", "inductance", "resistance")  # 33p is 33 pF among capacitors


class Spelling(NamedTuple):
    """Two tokens, or a token and several, that stand for each other.

    Attributes
    ----------
    left, right : int
        Numbers of the tokens in the lexicon.
    how : str
        "quantity", "number", "joined", "contained", "sound", "abbreviation", "initial" or "typo".
    credit : float
        Share of their weight that counts as matched.
    """

    left: int
    right: int
    how: str
    credit: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two texts agree.

    Attributes
    ----------
    equal : list of int
        Tokens that both have, in the order of the left text.
    spellings : list of Spelling
    left, right : list of int
        What is left over on either side.
    """

    equal: list[int]
    spellings: list[Spelling]
    left: list[int]
    right: list[int]


class Aligner:
    """Aligns texts of one list.

    Examples
    --------
    >>> from .reading.tokens import Tokeniser
    >>> texts = ["Hex bolt M8x20 mm zinc plated", "hexagon bolts M8 x 20 zn"]
    >>> lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    >>> found = Aligner(lexicon)(0, 1)
    >>> [lexicon.tokens[t].key for t in found.equal], [s.how for s in found.spellings], [lexicon.tokens[t].key for t in found.left]
    (['hexagon', '8thread', 'zinc'], ['number', 'abbreviation'], ['plated'])
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, first: int, second: int) -> Alignment:
        """Align two texts of the list, by their places, in the columns that both have filled."""
        columns = self.lexicon.shared(first, second)
        if len(columns) == 1:
            return self._column(first, second, columns[0])
        whole = Alignment([], [], [], [])
        for column in columns:
            part = self._column(first, second, column)
            whole.equal.extend(part.equal)
            whole.spellings.extend(part.spellings)
            whole.left.extend(part.left)
            whole.right.extend(part.right)
        return whole

    def _column(self, first: int, second: int, column: int) -> Alignment:
        a, b = self.lexicon.cells[first][column], self.lexicon.cells[second][column]
        common = set(a).intersection(b)
        equal = [t for t in a if t in common]
        left, right = [t for t in a if t not in common], [t for t in b if t not in common]
        found: list[Spelling] = []
        if left and right:
            self._quantities(left, right, found)
        if left or right:
            joined = self.lexicon.joined
            self._joined(left, right, found, joined[second][column])
            self._joined(right, left, found, joined[first][column], turned=True)
        if left and right:
            self._contained(left, right, found)
            self._words(left, right, found)
        return Alignment(equal, found, left, right)

    def _quantities(self, left: list[int], right: list[int], found: list[Spelling]) -> None:
        """Equal amounts in other units; a number that the other text gives a unit to, or the letter of a dimension, if it has no such amount
        of its own."""
        tokens = self.lexicon.tokens
        ours, theirs = ({tokens[t].group for t in rest if tokens[t].kind == QUANTITY} for rest in (left, right))
        both = ours & theirs
        amounts = [t for t in right if tokens[t].kind in AMOUNTS]
        for x in [t for t in left if tokens[t].kind in AMOUNTS]:
            for y in amounts:
                how = self._amount(x, y, both)
                if how == "number" and self._of_other_things((x, left), (y, right)):
                    continue
                if how:
                    left.remove(x)
                    right.remove(y)
                    amounts.remove(y)
                    found.append(Spelling(x, y, how, 1.0))
                    break

    def _of_other_things(self, *sides: tuple[int, list[int]]) -> bool:
        """Whether one is a number of pieces and the other stands against another number beside it: 20x70, 100 pieces and 20x100."""
        tokens = self.lexicon.tokens
        return any(tokens[t].group == "pieces" and any(tokens[other].kind == NUMBER for other in rest) for t, rest in sides)

    def _amount(self, x: int, y: int, both: set[str]) -> str:
        a, b = self.lexicon.tokens[x], self.lexicon.tokens[y]
        if a.kind == QUANTITY and b.kind == QUANTITY:
            bare = (a.group == "prefix" and b.group in BARE) or (b.group == "prefix" and a.group in BARE)
            near = abs(a.value - b.value) <= EXACT * max(a.value, b.value) and a.text.split()[1:] != b.text.split()[1:]
            return "quantity" if near and (a.group == b.group or bare) else ""
        if a.kind == b.kind:
            return ""
        if AMOUNTS.index(a.kind) > AMOUNTS.index(b.kind):
            a, b, x = b, a, y
        number = b.value if b.kind == NUMBER else _sized(b.key)
        if a.kind == NUMBER:
            return "number" if a.value == number else ""
        fits = a.group == "length" if b.kind == CODE else a.group != "current"  # the a of a house number 5a reads like amperes
        same = fits and number in self.lexicon.written[x] and a.group not in both and not _identifier(b.key)
        return "number" if same else ""

    def _joined(
        self, one: list[int], other: list[int], found: list[Spelling], spans: dict[str, tuple[int, ...]], *, turned: bool = False
    ) -> None:
        """A token that the other text writes as two or three, one of which it does not share otherwise, or the initials of its words."""
        tokens = self.lexicon.tokens
        for x in one[:]:
            span = spans.get(tokens[x].key)
            free = [t for t in span if t in other] if span else []
            if not span or not free:
                continue
            initials = len(tokens[x].key) == len(span) > 2
            if initials and len(free) < len(span):
                continue
            one.remove(x)
            for t in free:
                other.remove(t)
            way = ("abbreviation", INITIALS_CREDIT) if initials else ("joined", 1.0)
            found.append(Spelling(free[0], x, *way) if turned else Spelling(x, free[0], *way))

    def _contained(self, left: list[int], right: list[int], found: list[Spelling]) -> None:
        """A code, or a long number, inside a longer code; never a part of a longer number."""
        tokens = self.lexicon.tokens
        for x in [t for t in left if tokens[t].kind in (CODE, NUMBER)]:
            for y in [t for t in right if tokens[t].kind in (CODE, NUMBER)]:
                short, long = sorted((tokens[x].key, tokens[y].key), key=len)
                if len(short) >= LONG_CODE and _inside(short, long):
                    left.remove(x)
                    right.remove(y)
                    found.append(Spelling(x, y, "contained", 1.0))
                    break

    def _words(self, left: list[int], right: list[int], found: list[Spelling]) -> None:
        """Words that are spellings of each other, best first."""
        tokens = self.lexicon.tokens
        ours, theirs = (self._wordy(rest) for rest in (left, right))
        close = [Spelling(x, y, how, credit) for x, a in ours for y, b in theirs for how, credit in (alike(a, b),) if how]
        close = [s for s in close if MEMBER not in (tokens[s.left].kind, tokens[s.right].kind) or self._member_misspelt(s)]
        close.sort(key=lambda s: (-s.credit, s.left, s.right))
        for spelling in close:
            if spelling.left in left and spelling.right in right:
                left.remove(spelling.left)
                right.remove(spelling.right)
                found.append(spelling)

    def _wordy(self, rest: list[int]) -> list[tuple[int, str]]:
        """Words and members of sets: a member that is misspelt is a word."""
        tokens = self.lexicon.tokens
        return [(t, tokens[t].key) for t in rest if tokens[t].kind in (WORD, MEMBER)][:MOST_WORDS]

    def _member_misspelt(self, found: Spelling) -> bool:
        """Whether one of two tokens is a member of a set, and the other a word that is long enough to be the same, misspelt or shortened."""
        pair = [self.lexicon.tokens[t] for t in (found.left, found.right)]
        long = LONG_MEMBER - (found.how == "abbreviation")
        return {token.kind for token in pair} == {WORD, MEMBER} and min(len(token.key) for token in pair) >= long


@lru_cache(maxsize=KEPT)
def alike(a: str, b: str) -> tuple[str, float]:
    """How two words are spellings of each other, and how much of their weight that is worth; empty and 0 where they are not.

    Examples
    --------
    >>> alike("mueller", "muller"), alike("mgmt", "management"), alike("j", "james")
    (('sound', 1.0), ('abbreviation', 0.9), ('initial', 0.5))
    >>> [(how, round(credit, 2)) for how, credit in (alike("bearing", "baering"), alike("gear", "bearing"))]
    [('typo', 0.57), ('', 0)]
    """
    if _sound(a) == _sound(b):
        return "sound", 1.0
    short, long = sorted((a, b), key=len)
    if len(short) == 1:
        return ("initial", 0.5) if long[0] == short else ("", 0)
    if abbreviates(short, long):
        return "abbreviation", 0.9 if len(short) > 2 else 0.8
    if len(short) >= 3:
        similarity = OSA.normalized_similarity(a, b)
        if similarity >= (CLOSE if (1 - similarity) * len(long) < MOST_SLIPS + 0.5 else CLOSER):
            return "typo", max(0.0, 1 - STEEP * (1 - similarity))
    return "", 0


def abbreviates(short: str, long: str) -> bool:
    """Whether a word is a shorter form of another: its beginning, its plural, or its letters in order from the first to the last.

    Examples
    --------
    >>> abbreviates("eng", "engineering"), abbreviates("bolt", "bolts"), abbreviates("mgmt", "management"), abbreviates("cat", "cattle")
    (True, True, True, True)
    >>> abbreviates("gear", "bearing")
    False
    """
    if long.startswith(short):
        return long == short + "s" or len(long) - len(short) >= 2
    if len(short) < 3 or len(long) < len(short) + 2 or short[0] != long[0] or len(short) < 0.34 * len(long):
        return False
    letters = iter(long)
    return all(c in letters for c in short) and (short[-1] == long[-1] or not set(short) & set("aeiou"))


@lru_cache(maxsize=KEPT)
def _sound(word: str) -> str:
    for written, spoken in (("ue", "u"), ("oe", "o"), ("ae", "a"), ("ou", "o"), ("ph", "f")):
        word = word.replace(written, spoken)
    return word


def _identifier(number: str) -> bool:
    """Whether a number is no amount, because it begins with a zero: 0603."""
    return number.startswith("0") and "." not in number


def _sized(code: str) -> float | None:
    """The number behind the letter of a dimension: l1000, d63."""
    found = _SIZED.fullmatch(code)
    return float(found.group(1)) if found else None


def _inside(short: str, long: str) -> bool:
    start = long.find(short)
    if start < 0 or short == long:
        return False
    before, after = long[start - 1 : start], long[start + len(short) : start + len(short) + 1]
    return not (short[0].isdigit() and before.isdigit()) and not (short[-1].isdigit() and after.isdigit())
