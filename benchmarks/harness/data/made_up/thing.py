"""A made-up thing that can be said in several ways, and what all kinds of things need: errors of typing, letter case, invented words.

One rule keeps the truth of a list true: what a spelling may leave out is not part of the key, and what is part of the key is always said
(shortened, reordered or in another unit, but said). So no two things of a list differ only in what one of them left out.
"""

from __future__ import annotations

import random
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class Draws(random.Random):
    """Random numbers of one list, which also know the list's own style: a number from 0 to 1 that all its things share."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.style = self.random()


@dataclass(frozen=True, kw_only=True)
class Thing(ABC):
    """One thing with its own key."""

    rng: random.Random = field(repr=False, compare=False)

    @property
    @abstractmethod
    def key(self) -> str:
        """What makes it this thing, however it is spelt."""

    @abstractmethod
    def say(self, first: bool) -> str:
        """A spelling; the first one is tidy."""

    @abstractmethod
    def sibling(self) -> Thing:
        """Another thing that looks much the same."""


def words(text: str, mark: str | None = None) -> tuple[str, ...]:
    """The words of a text, or what stands between the marks."""
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def style_of(rng: random.Random, styles: int) -> int:
    """The style of the list, one of so many; a plain generator has the first."""
    return int(getattr(rng, "style", 0.0) * styles * 997) % styles


def chance(rng: random.Random, share: float) -> bool:
    """True in this share of the calls."""
    return rng.random() < share


def common(rng: random.Random, options: Sequence[T]) -> T:
    """One of the options, the early ones more often: few words are common, most are rare."""
    return options[int(len(options) * rng.random() ** 1.7)]


def other(rng: random.Random, options: Sequence[T], but: T) -> T:
    """One of the options that is not this one."""
    return rng.choice([option for option in options if option != but])


def joined(*parts: str) -> str:
    """The parts that are not empty, with a space between."""
    return " ".join(part for part in parts if part)


def normal(text: str) -> str:
    """Only letters and digits, in one case and one width, words in alphabetical order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(sorted(re.findall(r"[^\W_]+", folded)))


def identity(parts: Iterable[object]) -> str:
    """A key out of parts; each loses case, accents and signs."""
    return "|".join(re.sub(r"[\W_]+", "", plain(unicodedata.normalize("NFKC", str(part))).casefold()) for part in parts)


SPECIAL = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae", "đ": "d"})
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def plain(text: str) -> str:
    """Latin letters without their accents; other scripts stay."""
    apart = unicodedata.normalize("NFD", text.translate(SPECIAL))
    kept = (c for i, c in enumerate(apart) if not (unicodedata.combining(c) and i and apart[i - 1].isascii()))
    return unicodedata.normalize("NFC", "".join(kept))


def unaccented(rng: random.Random, text: str, share: float = 0.3) -> str:
    """Without accents in this share of the calls; umlauts as two letters half the time."""
    if not chance(rng, share):
        return text
    return plain(text.translate(GERMAN) if chance(rng, 0.5) else text)


NEAR = {
    **dict(zip("qwertyuiop", ("wa", "qes", "wrd", "etf", "ryg", "tuh", "yij", "uok", "ipl", "ol"), strict=True)),
    **dict(zip("asdfghjkl", ("qsz", "adw", "sfe", "dgr", "fht", "gjy", "hku", "jli", "kop"), strict=True)),
    **dict(zip("zxcvbnm", ("xas", "zcs", "xvd", "cbf", "vng", "bmh", "njk"), strict=True)),
}
SOUND = (
    ("ph", "f"),
    ("ck", "k"),
    ("c", "k"),
    ("i", "y"),
    ("y", "ie"),
    ("tt", "t"),
    ("ll", "l"),
    ("ss", "s"),
    ("ei", "ie"),
    ("th", "t"),
    ("v", "w"),
)


def typo(rng: random.Random, word: str) -> str:
    """One error of typing or of hearing; the first letter stays."""
    if len(word) < 4:
        return word
    at, way = rng.randrange(1, len(word) - 1), rng.random()
    if way < 0.25:
        return word[:at] + word[at + 1 :]
    if way < 0.4:
        return word[:at] + word[at] + word[at:]
    if way < 0.6 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    heard = [(a, b) for a, b in SOUND if a in word[1:]]
    if way < 0.75 and heard:
        a, b = rng.choice(heard)
        return word[0] + word[1:].replace(a, b, 1)
    near = rng.choice(NEAR.get(word[at].lower(), "e"))
    if word.isupper():
        near = near.upper()
    return word[:at] + near + word[at + (way < 0.9) :]


def misspelt(rng: random.Random, text: str, share: float = 0.12) -> str:
    """In this share of the calls, one of the long words has an error of typing."""
    parts = text.split(" ")
    long = [i for i, word in enumerate(parts) if len(word) >= 5 and word.isalpha() and word.isascii()]
    if long and chance(rng, share):
        at = rng.choice(long)
        parts[at] = typo(rng, parts[at])
    return " ".join(parts)


def cased(rng: random.Random, text: str, share: float = 0.2) -> str:
    """In this share of the calls all capitals, all small, or a capital for each word."""
    if not chance(rng, share):
        return text
    way = rng.random()
    if way < 0.5:
        return text.replace("µ", "u").upper()
    if way < 0.9:
        return text.lower()
    return re.sub(r"(?<![\w'’])[a-z]", lambda letter: letter[0].upper(), text)


HEADS = words(
    "al an ar bel ber bra ca cor dal del dor el en fa fer gal gra hal hel in jo ka kel kor la len lor ma mel mer na nor ol or pa per qui ra rel ro sa sel sta ta tel tor ul va ver vi wen xa yel za zen"
)
MIDDLES = words(
    "ba be bi co da de di do fi ga gi go la le li lo ma me mi mo na ne ni no pa ra re ri ro sa se si ta te ti to tra va ve vi vo za"
)
TAILS = {
    "any": words("na ra lis dis xon tek ria via nor vex lux max mar tis ton lo ra mo za nix dra lan cor ven sys tron ra"),
    "english": words("ford wick ham ton field wood bury ley well stone bridge worth more land dale by shaw gate brook croft"),
    "german": words("mann berg hof bach dorf stein feld inger hardt wald burg ner auer eck meier tal hausen"),
    "french": words("ard eau ier in ois elle ville mont ac ot ine ert aud ay"),
    "italian": words("ini etti ano ello ucci ardi one ato esi iani oni era"),
    "spanish": words("ez ero ado illo ales era osa ada ano uela ito anes"),
    "polish": words("ski wicz czak owski ek nik ina owa cki ych bor"),
    "nordic": words("sen sson qvist berg lund strand nen vik gaard dal holm nes sund by"),
    "code": words("x tek trex dyne flex lux max pro sol net nova tec zon gen"),
}


def invented(rng: random.Random, flavour: str = "any") -> str:
    """A word that nobody has used, made of syllables."""
    middle = "".join(rng.choice(MIDDLES) for _ in range(rng.choice((0, 0, 1, 1, 1, 2))))
    return (rng.choice(HEADS) + middle + rng.choice(TAILS[flavour])).capitalize()


def short(rng: random.Random, text: str, forms: dict[str, tuple[str, ...]], share: float = 0.4) -> str:
    """Words that have another usual form take it in this share of the cases."""
    return " ".join(rng.choice(forms[word]) if word in forms and chance(rng, share) else word for word in text.split(" "))
