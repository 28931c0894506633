"""Phrases that stand in the texts word for word: one to four words, none of them a mere function word at an edge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ...seeds import Seed
from ...vectors import Ints
from .function_words import NEGATIONS, PARTICLES, function_words
from .tokens import CHARACTERS, runs

TEXTS = 30_000  # texts whose phrases are counted
TOTAL = 6_000_000  # characters of all of them together; of each text the beginning
LEAST = 200  # characters of each text all the same
LONGEST = 4  # words

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Phrases:
    """Which of n texts holds which of p phrases.

    Attributes
    ----------
    presence : scipy.sparse.csr_matrix, shape (n, p), float32
        1 where a text has a phrase.
    words : list of tuple, length p
        Each phrase as numbers of its words; singular and plural are one word.
    content : list of frozenset, length p
        Those of its words that are no function words.
    spelling : list of str, length p
        Each in its most frequent spelling.
    note : str
        Whose function words were left off the edges, and what was not read.

    Examples
    --------
    >>> found = Phrases.of(["my card was lost", "The cards were lost", "cannot top up", "can't top up"])
    >>> found.spelling
    ['card', 'lost', 'top', 'top up']
    """

    presence: sp.csr_matrix
    words: list[tuple[int, ...]]
    content: list[frozenset[int]]
    spelling: list[str]
    note: str

    @classmethod
    def of(cls, texts: Sequence[str], *, stop_words: Collection[str] = (), seed: int = 0) -> Phrases:
        """The phrases that two texts or more have (one, where there are three texts or fewer).

        Parameters
        ----------
        texts : sequence of str, length n
        stop_words : collection of str
            More words that no phrase may begin or end with.
        seed : int
            Draws 30,000 texts if there are more; the others have no phrases here.
        """
        rows: Ints = np.arange(len(texts))
        if len(rows) > TEXTS:
            rows = np.sort(Seed(seed).stream("names").choice(rows, TEXTS, replace=False))
        some = [texts[i] for i in rows.tolist()]
        budget = max(LEAST, min(CHARACTERS, TOTAL // max(len(some), 1)))
        read = _Read.of(some, budget, stop_words)
        note = f"keywords begin and end with no function word of {read.spoken}"
        if len(rows) < len(texts) or any(len(text) > budget for text in some):
            note += f", and were read from the first {budget:,} characters of {len(rows):,} of {len(texts):,} texts"
        owner, phrase, spelt, words = [], [], [], []
        grams = stems = np.zeros(len(read.stem), np.int64)
        forms = grams
        for n in range(1, LONGEST + 1):
            if n > len(read.stem):
                break
            last = slice(n - 1, len(read.stem))
            grams = _codes(grams[: len(grams) - (n > 1)], read.stem[last])
            forms = _codes(forms[: len(forms) - (n > 1)], read.form[last])
            allowed = np.flatnonzero(read.allowed(n))
            if not len(allowed):
                continue
            stems = grams[allowed] + (n << 40)
            owner.append(read.text[allowed])
            phrase.append(stems)
            spelt.append(np.stack([forms[allowed] + (n << 40), read.initial[allowed], allowed], axis=1))
            words.append(np.full(len(allowed), n))
        if not owner:
            nothing = sp.csr_matrix((len(texts), 0), dtype=np.float32)
            return cls(presence=nothing, words=[], content=[], spelling=[], note=note)
        return read.gather(
            rows[np.concatenate(owner)], np.concatenate(phrase), np.concatenate(spelt), np.concatenate(words), n_texts=len(texts), note=note
        )


@dataclass(frozen=True, eq=False)
class _Read:
    """All words of all texts, one after another."""

    text: Ints  # number of the text
    run: Ints  # number of the run between punctuation marks
    stem: Ints  # number of the word, plural and capitals aside
    form: Ints  # number of the word as it is spelt
    initial: Ints  # 1 where it begins a run, and a capital may mean nothing
    bare: Flags  # it is a function word, or a number, or a single letter
    negation: Flags
    particle: Flags
    number: Flags
    forms: list[str]
    spoken: str  # the languages, in words

    @classmethod
    def of(cls, texts: list[str], budget: int, stop_words: Collection[str]) -> _Read:
        forms: dict[str, int] = {}
        text, run, form, initial = [], [], [], []
        run_number = 0
        for number, whole in enumerate(texts):
            for words in runs(whole[:budget]):
                form += [forms.setdefault(word, len(forms)) for word in words]
                text += [number] * len(words)
                run += [run_number] * len(words)
                initial += [1] + [0] * (len(words) - 1)
                run_number += 1
        plain = [word.casefold() for word in forms]
        stems: dict[str, int] = {}
        stem = np.asarray([stems.setdefault(_stem(word), len(stems)) for word in plain], np.int64)
        place = np.asarray(form, np.int64)
        function, spoken = function_words(plain[i] for i in form)
        function = (function | {word.casefold() for word in stop_words}) - NEGATIONS

        def of_form(flags: list[bool]) -> Flags:
            return np.asarray(flags, bool)[place] if len(flags) else np.zeros(0, bool)

        return cls(
            text=np.asarray(text, np.int64),
            run=np.asarray(run, np.int64),
            stem=stem[place] if len(stem) else place,
            form=place,
            initial=np.asarray(initial, np.int64),
            bare=of_form([word in function or word.isnumeric() or (len(word) < 2 and word.isascii()) for word in plain]),
            negation=of_form([word in NEGATIONS for word in plain]),
            particle=of_form([word in PARTICLES for word in plain]),
            number=of_form([word.isnumeric() for word in plain]),
            forms=list(forms),
            spoken=" and ".join(spoken),
        )

    def allowed(self, n: int) -> Flags:
        """Where a phrase of n words may begin: inside a run, with a word of meaning, and no function word at an edge.

        A negation may begin a phrase ("not working"), a particle may end one after a word of meaning ("top up").
        """
        first, last = slice(0, len(self.stem) - n + 1), slice(n - 1, len(self.stem))
        meaning = ~self.bare & ~self.negation
        inside = self.run[first] == self.run[last]
        some = np.zeros(len(inside), bool)
        for step in range(n):
            some |= meaning[step : step + len(inside)]
        begins = ~self.bare[first] | self.number[first] if n > 1 else meaning[first]
        ends = meaning[last] | (self.number[last] if n > 1 else False)
        if n > 1:
            before = slice(n - 2, len(self.stem) - 1)
            ends = ends | (self.particle[last] & meaning[before])
        return np.asarray(inside & some & begins & ends)

    def gather(self, owner: Ints, phrase: Ints, spelt: Ints, words: Ints, *, n_texts: int, note: str) -> Phrases:
        """The phrases that are frequent enough, numbered by their first place."""
        codes, first, inverse = np.unique(phrase, return_index=True, return_inverse=True)
        table = sp.csr_matrix((np.ones(len(owner), np.float32), (owner, inverse)), shape=(n_texts, len(codes)))
        table.sum_duplicates()
        table.data[:] = 1
        held = np.asarray(table.sum(axis=0)).ravel()
        kept = np.flatnonzero(held >= (2 if len(np.unique(owner)) > 3 else 1))
        start = spelt[:, 2]
        at = np.lexsort((start[first[kept]], words[first[kept]] * 0))
        kept = kept[at]
        new = np.full(len(codes), -1)
        new[kept] = np.arange(len(kept))
        places = start[first[kept]]
        lengths = words[first[kept]]
        numbers = [tuple(self.stem[i : i + n].tolist()) for i, n in zip(places.tolist(), lengths.tolist(), strict=True)]
        meaning = ~self.bare & ~self.negation
        content = [
            frozenset(self.stem[i : i + n][meaning[i : i + n]].tolist()) for i, n in zip(places.tolist(), lengths.tolist(), strict=True)
        ]
        return Phrases(
            presence=sp.csr_matrix(table[:, kept]),
            words=numbers,
            content=content,
            spelling=self._spellings(new[inverse], spelt, words, len(kept)),
            note=note,
        )

    def _spellings(self, phrase: Ints, spelt: Ints, words: Ints, count: int) -> list[str]:
        """The most frequent spelling of each phrase; one at the beginning of a sentence counts little, for its capital."""
        inside = phrase >= 0
        phrase, form, initial, start, length = phrase[inside], spelt[inside, 0], spelt[inside, 1], spelt[inside, 2], words[inside]
        pairs, first, inverse = np.unique(np.stack([phrase, form]), axis=1, return_index=True, return_inverse=True)
        weight = np.bincount(inverse.ravel(), np.where(initial == 1, 0.01, 1.0))
        order = np.lexsort((start[first], -weight, pairs[0]))
        best = order[np.searchsorted(pairs[0][order], np.arange(count))]
        spellings = []
        for at in first[best].tolist():
            written = [self.forms[i] for i in self.form[start[at] : start[at] + length[at]].tolist()]
            if initial[at] and weight[inverse.ravel()[at]] < 1 and written[0][1:].islower():
                written[0] = written[0].lower()
            spellings.append(_joined(written))
        return spellings


def _codes(left: Ints, right: Ints) -> Ints:
    """A number for each pair that occurs."""
    if not len(left):
        return left
    codes: Ints = np.unique(left * (int(right.max()) + 1) + right, return_inverse=True)[1].astype(np.int64)
    return codes


def _joined(words: list[str]) -> str:
    """Words as they are written: no space between those of a script without spaces."""
    text = words[0]
    for word in words[1:]:
        text += word if _unspaced(text[-1]) and _unspaced(word[0]) else f" {word}"
    return text


def _unspaced(character: str) -> bool:
    return "\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff" or "\u0e00" <= character <= "\u0e7f" or character == "々"


def _stem(word: str) -> str:
    """The word with 's or a plural s taken off and hyphens as spaces; nothing more, so that all languages are treated alike."""
    word = word.replace("-", " ").removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
