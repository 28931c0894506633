"""Words, units, legal forms and characters that are written in several ways."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from ....errors import InputError
from .fold import fold

FOLDER = Path(__file__).parent / "tables"
COLUMNS = "a csv file with the columns written, meaning and, if some exclude each other, set; a written form is one word of letters."
SHOWN = 4  # words that a note names
SIZES, MOSTLY = "sml", 0.6
COMMON = 0.01  # a form of one letter, or of several meanings, is read as a member of a set that stands in so many of the texts


LETTERS = re.compile(r"[^\W\d_]+")
_WRITTEN = re.compile(r"[^\W\d_]+|(?<![\w.])\d+(?![\w.])")
_LAST = re.compile(r"(?<=[^\W_] )([^\W\d_])(?=\s*(?:$|[,(]))")  # a letter alone at the end, or before a comma or bracket


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Written forms and their meanings.

    Attributes
    ----------
    words : mapping
        Written form to its readings, each (meaning, set); members of one set exclude each other, and an abbreviation has the set "".
    units : mapping
        Written form to (dimension, factor to its base unit).
    numbered : mapping
        Word that names the number after it (apt, DN, version) to the dimension of that number.
    forms : mapping
        Legal form as written, in one or more words, to (form, place), with the place "any", "end", "start" or "edge".
    kanji : mapping
        Code point of an old character to the new one.
    stop_words : frozenset of str
    own : frozenset of str
        Written forms that the user gave: they are always read as the user said.
    notes : tuple of str
        What the user said that cannot be.
    """

    words: Mapping[str, tuple[tuple[str, str], ...]]
    units: Mapping[str, tuple[str, float]]
    numbered: Mapping[str, str]
    forms: Mapping[str, tuple[str, str]]
    kanji: Mapping[int, str]
    stop_words: frozenset[str]
    own: frozenset[str] = field(default_factory=frozenset)
    notes: tuple[str, ...] = ()

    def extended(self, rows: Iterable[Mapping[str, str]]) -> Vocabulary:
        """With people's own words, as `read_words` gives them; theirs come before those that were there.

        They are folded as the texts are; a meaning that is itself written in several ways is followed, and one of several words is written
        as one, which the alignment knows.

        Examples
        --------
        >>> words = built_in().extended(read_words({"ZP": "zinc plated", "qpz": "ZN", "Größe": "size"})).words
        >>> words["zp"], words["qpz"], words["grosse"]
        ((('zincplated', ''),), (('zinc', ''),), (('size', ''),))
        """
        own, notes = {}, []
        for row in rows:
            written, meaning = fold(row["written"], self.kanji), "".join(fold(row["meaning"], self.kanji).split())
            known = self.words.get(meaning, ((meaning, ""),))
            kept = known[0][1] if len(known) == 1 else ""
            if kept and row["set"] and row["set"] != kept:  # two sets of one meaning would be two things
                notes.append(f"{meaning} is of the set {kept} already, so {written} is too, and not of {row['set']}")
            own[written] = ((meaning, kept or row["set"]),) if row["set"] or len(known) > 1 else known
        return replace(self, words={**self.words, **own}, own=self.own | set(own), notes=(*self.notes, *notes)) if own else self

    def met(self, seen: frozenset[str]) -> list[str]:
        """How many of the user's own words are among these, which are not, and what of them cannot be.

        Examples
        --------
        >>> built_in().extended(read_words({"VZ": "zinc", "qpz": "zinc"})).met(frozenset({"bolt", "vz"}))
        ['1 of your 2 words stands in the texts; not qpz']
        """
        if not self.own:
            return []
        absent, many = sorted(self.own - seen), len(self.own & seen)
        less = f"; not {', '.join(absent[:SHOWN])}{', …' if len(absent) > SHOWN else ''}" if absent else ""
        return [*self.notes, f"{many:,} of your {len(self.own):,} words {'stands' if many == 1 else 'stand'} in the texts{less}"]

    def is_open(self, word: str) -> bool:
        """Whether a written form has a meaning only where the list suits it: a single Latin letter, a plain number, or one of several meanings."""
        readings = self.words.get(word, ())
        plain = (len(word) == 1 and word.isascii()) or (word.isdigit() and word[0] != "0")
        return word not in self.own and bool(readings) and (len(readings) > 1 or plain) and bool(readings[0][1])

    def settled(self, texts: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """One reading of each written form, for a list of texts.

        A form of one letter or of several readings ("s": south, or small) is a member of the set whose plain members stand in most of
        the texts, if they stand in one of a hundred; else it has no reading. S, M and L are sizes too where texts end in two of them
        and in hardly any other letter.

        Examples
        --------
        >>> readings = built_in().settled(["glove small s", "glove xl"])
        >>> readings["s"], readings["large"], "n" in readings
        (('s', 'size'), ('l', 'size'), False)
        """
        plain = {w: r[0] for w, r in self.words.items() if not self.is_open(w)}
        seen: dict[str, int] = defaultdict(int)
        last: Counter[str] = Counter()
        n = 0
        for text in texts:
            n += 1
            last.update(_LAST.findall(text))
            for name in {plain[word][1] for word in _WRITTEN.findall(text) if word in plain}:
                seen[name] += 1
        settled = dict(plain)
        for word, readings in self.words.items():
            if word not in plain:
                best = max(readings, key=lambda reading: seen[reading[1]])
                if seen[best[1]] >= max(1, COMMON * n):
                    settled[word] = best
        if sum(letter in last for letter in SIZES) >= 2 and sum(last[letter] for letter in SIZES) >= MOSTLY * last.total():
            settled |= {letter: (letter, "size") for letter in SIZES if letter not in self.own}
        return settled


def _table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def built_in() -> Vocabulary:
    """The vocabulary that comes along: the tables in `tables/`.

    Examples
    --------
    >>> words = built_in()
    >>> words.words["blk"], words.units["ml"], words.forms["pty ltd"]
    ((('black', 'colour'),), ('volume', 0.001), ('ltd', 'any'))
    """
    readings: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for row in _table("words.csv"):
        readings[row["written"]][row["meaning"], row["set"]] = None
    return Vocabulary(
        words={word: tuple(found) for word, found in readings.items()},
        units={row["written"]: (row["dimension"], float(row["factor"])) for row in _table("units.csv")},
        numbered={row["written"]: row["dimension"] for row in _table("numbered.csv")},
        forms={row["written"]: (row["form"], row["place"]) for row in _table("legal_forms.csv")},
        kanji={ord(row["old"]): row["new"] for row in _table("kanji.csv")},
        stop_words=frozenset(row["written"] for row in _table("stop_words.csv")),
    )


def read_words(given: str | Path | Mapping[str, str] | None) -> list[dict[str, str]]:
    """People's own words: a csv file with the columns written, meaning and perhaps set, or written forms and their meanings.

    Returns
    -------
    list of dict
        With `written`, `meaning` and `set`, small letters.

    Raises
    ------
    InputError
        The file cannot be read as UTF-8; a row has no written form or no meaning; a written form is no single word.

    Examples
    --------
    >>> read_words({"VA": "stainless"})
    [{'written': 'va', 'meaning': 'stainless', 'set': ''}]
    """
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [_checked({"written": w, "meaning": m}, "vocabulary", number) for number, (w, m) in enumerate(given.items(), start=1)]
    try:
        with Path(given).open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if table.fieldnames and (lacking := {"written", "meaning"} - set(table.fieldnames)):
                raise InputError(f"the vocabulary {str(given)!r} has no column {' and no column '.join(sorted(lacking))}.", hint=COLUMNS)
            words = [_checked(row, str(given), number) for number, row in enumerate(table, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or str(error)
        raise InputError(f"the vocabulary {str(given)!r} cannot be read: {said}.", hint=COLUMNS) from error
    if not words:
        raise InputError(f"the vocabulary {str(given)!r} holds no word.", hint=COLUMNS)
    return words


def _checked(row: Mapping[str, str | None], source: str, number: int) -> dict[str, str]:
    written, meaning, group = ((row.get(name) or "").strip().casefold() for name in ("written", "meaning", "set"))
    if not written or not meaning:
        raise InputError(f"{source}, line {number}: a written form and its meaning are needed.", hint=COLUMNS)
    if not LETTERS.fullmatch(written):
        raise InputError(f"{source}, line {number}: {written!r} is not one word of letters.", hint=COLUMNS)
    return {"written": written, "meaning": meaning, "set": group}
