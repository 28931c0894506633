"""Take a text apart into typed tokens: words, numbers, quantities, codes, members of sets that exclude each other, legal forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .fold import fold, one_amount, one_notation
from .numbered import STREET, are_addresses, counted, named_numbers, read_out, with_house
from .token import CODE, FORM, KANJI, MEMBER, NUMBER, OF_MODELS, QUANTITY, STOP, WORD, Token
from .vocabulary import LETTERS, Vocabulary, built_in

SHOWN = 4  # guessed readings that a note names
LONG = 160  # characters: a text longer than this is no firm's name, and legal forms are not sought in it
_LONE = frozenset("wsnpukre")  # after a space these letters are no unit: W is West, and K a name's initial
_DIGITS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}

_RUN = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
_SPLIT = re.compile(r"[-/.]")
_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々]")
_OF_A_KIND = "用色系"  # after a single kanji of a set: left-hand use, black colour
_CJK_PARTS = re.compile(r"[\u3400-\u9fff々]|[\u30a1-\u30fa\u30fc]+|[\u3041-\u309f]+|\d+(?:\.\d+)?|[^\W\d_\u3041-\u30ff\u3400-\u9fff々]+")
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBERS = re.compile(r"\d+(?:[-/.]\d+)+")
_NAMED_NUMBER = re.compile(r"([a-z]{3,}|no|nr|v|vol|hp)(\d+)")
_ENDED = re.compile(r"(\w*\d)([a-z]{3,})")
OF_GOODS = ("suite", "unit")  # not only flats: an office suite 4, a power supply unit 5
YEAR = 4  # digits
_DIGIT_NEXT = re.compile(r"[. ]?\d")
_UNSPOKEN = frozenset({"no", "nr", "v", "vol", "ver", "num"})
_EDGES = " ,;.-"


@dataclass(frozen=True, eq=False)
class Tokeniser:
    """Takes the texts of one list apart, with one reading of each written form.

    Attributes
    ----------
    vocabulary : Vocabulary
    readings : mapping
        Written form to (meaning, set) in this list.
    seen : frozenset of str
        Words of letters that stand in the list.
    addresses : bool
        The texts are addresses: a house number is a quantity, of which each text has one.

    Examples
    --------
    >>> read = Tokeniser.of(["Hex bolt M8 x 20 mm, blk", "Brandt Hydraulik G.m.b.H."])
    >>> [f"{token.kind}:{token.key}" for token in read("Hex bolt M8 x 20 mm, blk")]
    ['word:hexagon', 'word:bolt', 'quantity:8thread', 'quantity:0.02length', 'member:black']
    >>> [f"{token.kind}:{token.key}" for token in read("Brandt Hydraulik G.m.b.H.")]
    ['word:brandt', 'word:hydraulik', 'form:gmbh']
    """

    vocabulary: Vocabulary
    readings: Mapping[str, tuple[str, str]]
    seen: frozenset[str] = frozenset()
    addresses: bool = False

    @classmethod
    def of(cls, texts: Sequence[str], vocabulary: Vocabulary | None = None) -> Tokeniser:
        """For a list of texts: forms with several readings are read as suits the list."""
        words = vocabulary or built_in()
        folded = [fold(text, words.kanji) for text in texts]
        readings = words.settled(folded)
        streets = frozenset(written for written, (_, group) in readings.items() if group == STREET)
        seen = frozenset(word for text in folded for word in LETTERS.findall(text))
        return cls(words, readings, seen, are_addresses(folded, streets))

    @property
    def notes(self) -> list[str]:
        """What was guessed about written forms, and whether the user's own were met."""
        return [*self.guesses, *self.vocabulary.met(self.seen)]

    @property
    def guesses(self) -> list[str]:
        """What was guessed about written forms, in one sentence, or nothing."""
        guessed = sorted(w for w in self.seen if self.vocabulary.is_open(w) and w in self.readings)
        said = []
        if guessed:
            means = ", ".join(f"{w} as {self.readings[w][0]} ({self.readings[w][1]})" for w in guessed[:SHOWN])
            more = ", …" if len(guessed) > SHOWN else ""
            said.append(f"as suits this list, read {means}{more}; --vocabulary FILE (vocabulary=…) says otherwise")
        if self.addresses:
            said.append("the texts were read as addresses: two house numbers or flats are never the same")
        return said

    def __call__(self, text: str) -> tuple[Token, ...]:
        """The tokens of a text in order; a second one that is the same has its key marked, so that it has to be matched too."""
        plain = one_notation(fold(text, self.vocabulary.kanji))
        rest, forms = self._without_forms(plain) if len(plain) <= LONG else (plain, [])
        found = [*self._tokens(one_amount(rest)), *(Token(FORM, form) for form in forms)]
        seen: dict[tuple[str, str], int] = {}
        marked = []
        for token in found:
            times = seen[token[:2]] = seen.get(token[:2], 0) + 1
            marked.append(token if times == 1 else token._replace(key=f"{token.key}#{times}"))
        return tuple(marked)

    @cached_property
    def _quantity(self) -> re.Pattern[str]:
        units = "|".join(sorted(map(re.escape, self.vocabulary.units), key=len, reverse=True))
        return re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?)(\s?-?\s?)({units})(?![^\W_])")

    @cached_property
    def _named(self) -> re.Pattern[str]:
        return named_numbers(self.vocabulary.numbered)

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        everywhere = [written for written, (_, place) in self.vocabulary.forms.items() if place == "any"]
        longest = sorted(everywhere, key=len, reverse=True)
        bound = (re.escape(w) if _CJK.search(w) else rf"(?<!\w){re.escape(w)}(?!\w)" for w in longest)
        return re.compile("|".join(bound))

    def _without_forms(self, text: str) -> tuple[str, list[str]]:
        """The text without its legal forms, and these; a text that is nothing else stays as it is."""
        spaced = " ".join(re.sub(r"\.(?!\d)", " ", text).split())
        known, forms = self.vocabulary.forms, []

        def take(match: re.Match[str]) -> str:
            forms.append(known[match.group(0)][0])
            return " "

        words = self._anywhere.sub(take, spaced).split()
        while len(words) > 1 and known.get(words[-1].strip(",;()"), ("", ""))[1] in ("end", "edge") and not words[-2][-1].isdigit():
            forms.append(known[words.pop().strip(",;()")][0])
        while len(words) > 1 and known.get(words[0].strip(",;"), ("", ""))[1] in ("start", "edge"):
            forms.append(known[words.pop(0).strip(",;")][0])
        rest = " ".join(words)
        if not forms or not re.search(r"\w", rest):
            return text, []
        return rest, list(dict.fromkeys(forms))

    def _tokens(self, text: str) -> list[Token]:
        placed: list[tuple[int, Token]] = []

        def quantity(match: re.Match[str]) -> bool:
            number, space, unit = match.groups()
            version = unit == "v" and len(number) == YEAR and _DIGIT_NEXT.match(match.string, match.end())  # 2007 v 3 is no voltage
            if space and (unit in _LONE or version):
                return False
            dimension, factor = self.vocabulary.units[unit]
            value = float(number) * factor
            key, said = f"{value:.4g}{dimension}", f"{number} {unit}"
            placed.append((match.start(), Token(QUANTITY, key, group=dimension, value=value, written=float(number), text=said)))
            return True

        def named(match: re.Match[str]) -> bool:
            if match.group(1) in OF_GOODS and match.start() and not self._in_street(match.string):
                return False
            placed.append((match.start(), counted(match.group(2), self.vocabulary.numbered[match.group(1)], match.group(0))))
            return True

        rest = read_out(read_out(text, self._quantity, quantity), self._named, named)
        for run in _RUN.finditer(rest):
            placed += [(run.start(), token) for token in self._run(run.group(0))]
        found = [token for _, token in sorted(placed, key=lambda at: at[0])]
        return with_house(found) if self.addresses else found

    def _in_street(self, text: str) -> bool:
        return any(self.readings.get(word, ("", ""))[1] == STREET for word in LETTERS.findall(text))

    def _run(self, run: str) -> Iterator[Token]:
        """The tokens of letters and digits that only dashes, slashes and points part."""
        parts = _SPLIT.split(run)
        if _CJK.search(run):
            yield from self._cjk(run)
        elif not any(c.isdigit() for c in run):
            yield from (self._word(part) for part in parts if part)
        elif _NUMBER.fullmatch(run):
            yield self._word(run) if run in self.readings else _number(run)
        elif _NUMBERS.fullmatch(run):
            yield from (_number(part.lstrip("0") or "0") for part in parts)
        elif any(len(part) >= 4 and part.isalpha() for part in parts):
            yield from (self._plain(part) for part in parts if part)
        else:
            yield from self._code(parts)

    def _cjk(self, run: str) -> Iterator[Token]:
        for found in _CJK_PARTS.finditer(run):
            part = found.group(0)
            kanji = len(part) == 1 and "\u3400" <= part <= "\u9fff"
            if part in self.readings and not (kanji and _inside_word(run, found)):
                yield self._word(part)
            elif kanji:
                yield Token(KANJI, part)
            else:
                yield _number(part) if part[0].isdigit() else Token(WORD, _kana(part))

    def _plain(self, part: str) -> Token:
        if part.isalpha() or part in self.readings:
            return self._word(part)
        return _number(part.lstrip("0") or "0") if part.isdigit() else Token(CODE, part)

    def _code(self, parts: list[str]) -> Iterator[Token]:
        code = "".join(parts)
        ended = _ENDED.fullmatch(code)
        if ended and self.readings.get(ended.group(2), ("", ""))[1] in OF_MODELS:  # 4201plus
            yield from self._run(ended.group(1))
            yield self._word(ended.group(2))
            return
        named = _NAMED_NUMBER.fullmatch(code) if len(parts) == 1 else None
        if not named:
            yield Token(CODE, code)
            return
        if named.group(1) not in _UNSPOKEN:
            yield self._word(named.group(1))
        yield _number(named.group(2))

    def _word(self, word: str) -> Token:
        if word in _DIGITS:
            return _number(_DIGITS[word])
        meaning, group = self.readings.get(word, (word, ""))
        if group:
            return Token(MEMBER, meaning, group)
        return Token(STOP if meaning in self.vocabulary.stop_words else WORD, meaning, spelt=word if word != meaning else "")


def _inside_word(run: str, found: re.Match[str]) -> bool:
    """Whether a single kanji is part of a word of several: the black of a name, not of a colour."""
    before, after = run[: found.start()][-1:], run[found.end() :][:1]
    return _is_kanji(before) or (_is_kanji(after) and after not in _OF_A_KIND)


def _is_kanji(character: str) -> bool:
    return bool(character) and "\u3400" <= character <= "\u9fff"


def _kana(part: str) -> str:
    """Kana in one script, without long vowels: screws are written in both; a single hiragana is an ending."""
    one = part.translate(_KATAKANA) if len(part) > 1 else part
    return one.replace("ー", "") or part


def _number(written: str) -> Token:
    """A number; whole ones keep all their digits, because a long one is an identifier, and so is one that begins with a zero."""
    return Token(NUMBER, f"{float(written):.10g}" if "." in written else written, value=float(written))
