"""WordNet 3's database files, read where they lie: the place of a line is its address, so a synset is parsed when it is asked for."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from ...errors import InputError

PLACES = ("/usr/share/wordnet", "/usr/local/share/wordnet", "/usr/share/wordnet-3.0/dict", "/usr/local/WordNet-3.0/dict")
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_NOUN_FILES = (
    "Tops act animal artifact attribute body cognition communication event feeling food group location motive object person "
    "phenomenon plant possession process quantity relation shape state substance time"
)
_SORT = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}  # the first digit of a sense key
_ENDINGS = {
    "n": (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ses", "s"), ("zes", "z"), ("men", "man"), ("s", "")),
    "v": (("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "a": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "r": (),
}
_MARK = re.compile(r"\([a-z]+\)$")  # where an adjective may stand: galore(ip)


class Pointer(NamedTuple):
    """From one synset, or from one of its words, to another: `@` hypernym, `~` hyponym, `!` antonym, and so on."""

    kind: str
    pos: str
    offset: int
    source: int  # number of the word that it starts from, 0 for all of them
    target: int


class Synset(NamedTuple):
    """Words of one meaning.

    Attributes
    ----------
    pos : str
        n, v, a or r.
    offset : int
        Where its line begins in the data file: with `pos`, its name.
    lexfile : int
        Number of the lexicographer's file: 5 holds animals, 18 people (see `WordNet.topic`).
    words : tuple of str
        In small letters, with spaces.
    pointers : tuple of Pointer
    gloss : str
    """

    pos: str
    offset: int
    lexfile: int
    words: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    gloss: str

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from any other."""
        return self.pos, self.offset


def find_wordnet(folder: str | os.PathLike[str] | None = None) -> Path | None:
    """The folder of WordNet's database files, or None where there is none.

    Parameters
    ----------
    folder : path, optional
        Looked at alone; without it, the folder that WNSEARCHDIR names, then where systems put it.

    Examples
    --------
    >>> find_wordnet("/nowhere") is None
    True
    """
    named = os.environ.get("WNSEARCHDIR")
    places = [folder] if folder is not None else [*([named] if named else []), *PLACES]
    return next((Path(place) for place in places if _holds(Path(place))), None)


def _holds(folder: Path) -> bool:
    return all((folder / f"{part}.{name}").is_file() for part in ("data", "index") for name in FILES.values())


class WordNet:
    """Senses, relations and word forms; made by `WordNet.load`.

    References
    ----------
    Fellbaum (ed.), "WordNet: An Electronic Lexical Database", MIT Press 1998; the formats are those of the manual pages wndb(5WN) and cntlist(5WN).
    """

    def __init__(
        self,
        data: Mapping[str, bytes],
        index: Mapping[str, Mapping[str, bytes]],
        counts: Mapping[str, Counter[str]],
        exceptions: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._data, self._index, self._counts, self._exceptions = data, index, counts, exceptions
        self._synsets: dict[tuple[str, int], Synset] = {}
        self._above: dict[tuple[str, int], frozenset[tuple[str, int]]] = {}
        self.senses = lru_cache(maxsize=50_000)(self._senses)
        self.lemma = lru_cache(maxsize=50_000)(self._lemma)

    @classmethod
    def load(cls, folder: str | os.PathLike[str] | None = None) -> WordNet:
        """From a folder, or from wherever `find_wordnet` finds one.

        Raises
        ------
        InputError
            When the files are not there.

        Examples
        --------
        >>> net = WordNet.load()  # doctest: +SKIP
        >>> net.lemma("geese", "n"), net.senses("dog", "n")[0].words  # doctest: +SKIP
        ('goose', ('dog', 'domestic dog', 'canis familiaris'))
        """
        place = find_wordnet(folder)
        if place is None:
            raise InputError(
                f"there is no WordNet {'in ' + str(folder) if folder is not None else 'on this machine'}.",
                hint="install it (Debian, Ubuntu: apt-get install wordnet-base), or let the environment variable WNSEARCHDIR name "
                "the folder that holds data.noun and index.noun.",
            )
        data = {pos: (place / f"data.{name}").read_bytes() for pos, name in FILES.items()}
        index = {pos: _lines(place / f"index.{name}") for pos, name in FILES.items()}
        exceptions = {pos: dict(_exceptions(place / f"{name}.exc")) for pos, name in FILES.items()}
        return cls(data, index, _frequencies(place / "cntlist.rev"), exceptions)

    @cached_property
    def _pairs(self) -> frozenset[str]:
        """The first two words of every noun of several words."""
        return frozenset("_".join(lemma.split("_", 2)[:2]) for lemma in self._index["n"] if "_" in lemma)

    def compound(self, words: Sequence[str], at: int, most: int = 3) -> tuple[str, int] | None:
        """The longest noun of several words that begins at a place: its lemma and how many words it has.

        Parameters
        ----------
        words : sequence of str
            In small letters.
        at : int
        most : int
            Words of a noun.

        Examples
        --------
        >>> WordNet.load().compound(["two", "fire", "hydrants"], 1)  # doctest: +SKIP
        ('fire hydrant', 2)
        """
        if at + 1 >= len(words):
            return None
        first, second = words[at], words[at + 1]
        if f"{first}_{second}" not in self._pairs and f"{first}_{self.lemma(second, 'n')}" not in self._pairs:
            return None
        for size in range(min(most, len(words) - at), 1, -1):
            start, last = "_".join(words[at : at + size - 1]), words[at + size - 1]
            for end in (last, self.lemma(last, "n")):
                if f"{start}_{end}" in self._index["n"]:
                    return f"{start}_{end}".replace("_", " "), size
        return None

    def has(self, lemma: str, pos: str) -> bool:
        """Whether it is the lemma of a word of this part of speech."""
        return lemma.replace(" ", "_") in self._index[pos]

    def _senses(self, lemma: str, pos: str) -> tuple[Synset, ...]:
        line = self._index[pos].get(lemma.replace(" ", "_"))
        if line is None:
            return ()
        fields = line.split()
        return tuple(self.synset(pos, int(offset)) for offset in fields[-int(fields[1]) :])

    def synset(self, pos: str, offset: int) -> Synset:
        """The synset whose line begins at a place of its data file."""
        found = self._synsets.get((pos, offset))
        if found is None:
            data = self._data[pos]
            found = self._synsets[pos, offset] = _parsed(pos, data[offset : data.index(b"\n", offset)].decode("utf-8", "replace"))
        return found

    def count(self, lemma: str, pos: str) -> int:
        """How often the lemma was tagged as this part of speech in the texts that WordNet's frequencies are of."""
        counts = self._counts.get(lemma.replace(" ", "_"))
        return counts[pos] if counts else 0

    def hypernyms(self, synset: Synset) -> list[Synset]:
        """What it is a kind of, or an instance of."""
        return self._reached(synset, ("@", "@i"))

    def hyponyms(self, synset: Synset) -> list[Synset]:
        """Its kinds and instances."""
        return self._reached(synset, ("~", "~i"))

    def _reached(self, synset: Synset, kinds: tuple[str, ...]) -> list[Synset]:
        return [self.synset(p.pos, p.offset) for p in synset.pointers if p.kind in kinds]

    def ancestors(self, synset: Synset) -> frozenset[tuple[str, int]]:
        """Keys of the synset and of everything above it."""
        found = self._above.get(synset.key)
        if found is None:
            self._above[synset.key] = frozenset()  # a circle in the files would end here
            found = self._above[synset.key] = frozenset({synset.key}).union(*(self.ancestors(up) for up in self.hypernyms(synset)))
        return found

    def path(self, synset: Synset) -> list[Synset]:
        """From the root to the synset along the first hypernyms."""
        way = [synset]
        while (above := self.hypernyms(way[-1])) and above[0] not in way:
            way.append(above[0])
        return way[::-1]

    def antonyms(self, lemma: str, pos: str, senses: int = 3) -> list[str]:
        """Opposites of a word, in the order of its senses; the pointers are from word to word.

        Parameters
        ----------
        lemma : str
        pos : str
        senses : int
            First senses to look at.
        """
        found: list[str] = []
        for synset in self.senses(lemma, pos)[:senses]:
            for p in synset.pointers:
                if p.kind == "!" and p.source and synset.words[p.source - 1] == lemma:
                    found.append(self.synset(p.pos, p.offset).words[p.target - 1])
        return list(dict.fromkeys(found))

    def topic(self, lemma: str) -> str:
        """The lexicographer's file of a noun's first sense, such as animal or person; empty for no noun."""
        senses = self.senses(lemma, "n")
        return _NOUN_FILES.split()[senses[0].lexfile - 3] if senses else ""

    def _lemma(self, word: str, pos: str) -> str | None:
        index, form = self._index[pos], word.replace(" ", "_")
        known = self._exceptions[pos].get(form)
        if known is not None and known in index:
            return known.replace("_", " ")
        if form in index:
            return word
        for base in _bases(form, pos):
            if base in index:
                return base.replace("_", " ")
        return None


def _bases(form: str, pos: str) -> Iterator[str]:
    """What a word may be a form of, likelier first."""
    for ending, start in _ENDINGS[pos]:
        stem = form[: -len(ending)]
        if form.endswith(ending) and len(stem) > 1:
            if not start and len(stem) > 3 and stem[-1] == stem[-2] and pos in "va" and stem[-1] not in "sl":
                yield stem[:-1]  # stopped, bigger
            yield stem + start
            if not start and len(stem) > 3 and stem[-1] == stem[-2] and pos in "va":
                yield stem[:-1]


def _parsed(pos: str, line: str) -> Synset:
    written, _, gloss = line.partition(" | ")
    fields = written.split()
    words = int(fields[3], 16)
    after = 4 + 2 * words
    pointers = []
    for at in range(after + 1, after + 1 + 4 * int(fields[after]), 4):
        kind, offset, to, ends = fields[at : at + 4]
        pos_to = "a" if to == "s" else to
        pointers.append(Pointer(kind, pos_to, int(offset), source=int(ends[:2], 16), target=int(ends[2:], 16)))
    return Synset(
        pos=pos,
        offset=int(fields[0]),
        lexfile=int(fields[1]),
        words=tuple(_MARK.sub("", fields[4 + 2 * i]).replace("_", " ").lower() for i in range(words)),
        pointers=tuple(pointers),
        gloss=gloss.strip(),
    )


def _lines(path: Path) -> dict[str, bytes]:
    """The lines of an index by their lemma, unparsed: pos, number of senses, …, offsets."""
    index = {}
    for line in path.read_bytes().split(b"\n"):
        if line and line[:1] != b" ":  # the licence stands on lines that begin with spaces
            lemma, _, rest = line.partition(b" ")
            index[lemma.decode()] = rest
    return index


def _exceptions(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        fields = line.split()
        if len(fields) > 1:
            yield fields[0], fields[1]


def _frequencies(path: Path) -> dict[str, Counter[str]]:
    """How often each lemma was tagged, by part of speech; nothing where the file is missing."""
    counts: dict[str, Counter[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        key, _, times = line.split(" ")
        lemma, _, sense = key.partition("%")
        counts.setdefault(lemma, Counter())[_SORT[sense[0]]] += int(times)
    return counts
