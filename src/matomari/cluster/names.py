"""Name groups by the words that distinguish them, and find their most central texts."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from ..seeds import Seed
from ..vectors import Floats, Ints, normalise

KEYWORDS = 6
NAME_WORDS = 3
TEXTS = 100_000  # texts whose words are counted
CHARACTERS = 2_000  # of each text
LONGEST_NAME = 60

AUXILIARIES = frozenset(
    [
        "did",
        "does",
        "doing",
        "don",
        "didn",
        "doesn",
        "hasn",
        "haven",
        "isn",
        "aren",
        "wasn",
        "weren",
        "won",
        "wouldn",
        "couldn",
        "shouldn",
        "ain",
        "got",
        "just",
        "want",
    ]
)

# kanji and katakana runs are words in titles and notes; hiragana between them is grammar, except for the one letter that joins the
# stem of a verb to the next kanji (取り付け, 話し方)
_COMPOUND = "[一-龯々]+(?:[りめみけきしちえげじびぎれ][一-龯々]+)+[りめみけきしちえげじびぎれて]?"
_WORD = re.compile(rf"{_COMPOUND}|[一-龯々〆ヶ]{{2,}}|[ァ-ヴー]{{2,}}|[가-힣]{{2,}}|[^\W\d_](?:[^\W_]|['’](?=\w))*[^\W_]|[^\W_]+")
_JAPANESE = re.compile(r"[぀-ヿ一-龯]")
_CJK_SPLIT = re.compile(rf"({_COMPOUND}|[一-龯々〆ヶ]+|[ァ-ヴー]+|[ぁ-ゖ]+)")


def words(text: str) -> list[str]:
    """The words of a text that can be keywords, without stop words and plain numbers; Japanese is split by script and verb stems.

    Examples
    --------
    >>> words("The card hasn't arrived in 14 days"), words("産業用ロボットの取り付け金具")
    (['card', 'arrived', 'days'], ['産業用', 'ロボット', '取り付け金具'])
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    plain = unicodedata.normalize("NFKC", text[:CHARACTERS]).casefold()
    if _JAPANESE.search(plain):
        plain = _CJK_SPLIT.sub(r" \1 ", plain)
    keywords = []
    for word in _WORD.findall(plain):
        bare = word.split("'")[0].split("’")[0]
        if (
            len(word) < 2
            or bare in ENGLISH_STOP_WORDS
            or bare in AUXILIARIES
            or word.isdigit()
            or (_JAPANESE.match(word) and re.fullmatch("[ぁ-ゖー]+", word))
        ):
            continue
        keywords.append(word)
    return keywords


class Vocabulary:
    """The words and word pairs of each text, read once and used for the keywords of every layer of groups.

    Parameters
    ----------
    texts : sequence of str, length n
    seed : int
        Draws 100,000 texts if there are more; the others have no words here.

    Attributes
    ----------
    presence : scipy.sparse.csr_matrix, shape (n, t)
        1 where a text has a term.
    terms : list of str, length t
        Each term in its most frequent spelling.

    Examples
    --------
    >>> spoken = Vocabulary(["lost card", "my cards are lost", "cards", "top up failed", "failed top up"])
    >>> spoken.keywords(np.array([0, 0, 0, 1, 1]), 2)
    [['cards', 'lost'], ['failed']]
    """

    def __init__(self, texts: Sequence[str], seed: int = 0) -> None:
        rows: Ints = np.arange(len(texts))
        if len(rows) > TEXTS:
            rows = np.sort(Seed(seed).stream("names").choice(rows, TEXTS, replace=False))
        spelt: dict[str, int] = {}
        term_numbers, lengths = array("q"), np.zeros(len(texts), np.int64)
        for row in rows.tolist():
            text_words = words(texts[row])
            present = {*text_words, *(f"{a} {b}" for a, b in pairwise(text_words))}
            term_numbers.extend(spelt.setdefault(term, len(spelt)) for term in sorted(present))
            lengths[row] = len(present)
        stems: dict[str, int] = {}
        stem = np.asarray([stems.setdefault(_stem(term), len(stems)) for term in spelt], np.int64)
        spelling = np.frombuffer(term_numbers, np.int64) if term_numbers else np.empty(0, np.int64)
        uses = np.bincount(spelling, minlength=len(spelt))
        often = np.lexsort((np.arange(len(stem)), -uses, stem))  # the first of each stem is its most frequent spelling
        first = often[np.searchsorted(stem[often], np.arange(len(stems)))]
        spellings = list(spelt)
        self.terms = [spellings[i] for i in first.tolist()]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        self.presence = sp.csr_matrix((np.ones(len(spelling), np.float32), stem[spelling], ends), shape=(len(texts), len(stems)))
        self.presence.sum_duplicates()  # a text with "card" and "cards" has the term once
        self.presence.data[:] = 1
        self._pairs = np.asarray([" " in term for term in self.terms], bool)

    def keywords(self, labels: Ints, k: int) -> list[list[str]]:
        """Terms that distinguish each group, best first: class-based TF-IDF (Grootendorst 2022, equation 3) of presence.

        Parameters
        ----------
        labels : array of int64, shape (n,)
            Group of each text; -1 means none.
        k : int
            Number of groups.
        """
        rows = np.flatnonzero((labels >= 0) & (np.diff(self.presence.indptr) > 0))
        member = sp.csr_matrix((np.ones(len(rows), np.float32), (labels[rows], rows)), shape=(k, len(labels)))
        table = sp.csr_matrix(member @ self.presence)
        table.sort_indices()
        sizes = np.maximum(np.bincount(labels[labels >= 0], minlength=k), 1)
        share = table.data / np.repeat(sizes, np.diff(table.indptr))
        everywhere = np.bincount(table.indices, share, minlength=len(self.terms))
        score = share * np.log(1 + k / everywhere[table.indices])
        spans = [slice(a, b) for a, b in zip(table.indptr, table.indptr[1:], strict=False)]
        return [self._best(table.indices[s], score[s], table.data[s], int(size)) for s, size in zip(spans, sizes, strict=True)]

    def _best(self, terms: Ints, score: Floats, count: Floats, size: int) -> list[str]:
        pairs = self._pairs[terms]
        enough = count >= np.where(pairs, 3, min(2, size))  # a word from a single text says little about a group of several texts …
        enough = enough if enough.any() else ~pairs  # … but is better than no word
        terms, score = terms[enough], np.where(pairs, 1.1, 1.0)[enough] * score[enough]
        chosen: list[str] = []
        taken: set[str] = set()
        for i in np.lexsort((terms, -score)).tolist():
            term = self.terms[terms[i]]
            if taken.isdisjoint(term.split()):
                chosen.append(term)
                taken.update(term.split())
                if len(chosen) == KEYWORDS:
                    break
        return chosen


def _stem(term: str) -> str:
    """The term with plurals reduced to singulars; nothing more, so that all languages are treated alike."""
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in term.split())


def names(found: list[list[str]], examples: list[str], variants: bool) -> list[str]:
    """A short, unique name for each group: its first keywords, or for variants its most central text.

    Examples
    --------
    >>> names([["card", "lost"], ["card", "lost"], []], ["a", "b", "!!"], variants=False)
    ['card, lost', 'card, lost (2)', '!!']
    """
    unique_names, taken = [], Counter[str]()
    for terms, example in zip(found, examples, strict=True):
        text = " ".join(example.split())
        short = text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"
        name = short if variants or not terms else ", ".join(terms[:NAME_WORDS])
        if taken[name] and not variants and len(terms) > NAME_WORDS:
            name = ", ".join(terms[: NAME_WORDS + 1])
        base = name or "(no words)"
        name, number = base, 1
        while taken[name]:
            number += 1
            name = f"{base} ({number})"
        taken[name] += 1
        unique_names.append(name)
    return unique_names


def central(X: Floats, labels: Ints, k: int, most: int = 3) -> tuple[list[list[int]], Floats, Floats]:
    """The items nearest each group's centre, its centre (k, d), and its cohesion: the mean cosine of members to the centre.

    Examples
    --------
    >>> X = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    >>> central(X, np.array([0, 0, 1]), 2)[0]
    [[0, 1], [2]]
    """
    grouped = np.flatnonzero(labels >= 0)
    member = sp.csr_matrix((np.ones(len(grouped), np.float32), (labels[grouped], grouped)), shape=(k, len(labels)))
    centers = normalise(np.asarray(member @ X, np.float32))
    cosine = np.empty(len(grouped), np.float32)
    for start in range(0, len(grouped), 65_536):
        part = grouped[start : start + 65_536]
        cosine[start : start + 65_536] = np.einsum("ij,ij->i", X[part], centers[labels[part]])
    order = np.lexsort((grouped, -cosine.round(6), labels[grouped]))
    groups = labels[grouped][order]
    first = np.searchsorted(groups, np.arange(k))
    last = np.searchsorted(groups, np.arange(k), side="right")
    picked = [grouped[order[a : min(b, a + most)]].tolist() for a, b in zip(first, last, strict=True)]
    total = np.bincount(labels[grouped], cosine, minlength=k)
    return picked, centers, (total / np.maximum(last - first, 1)).astype(np.float32)
