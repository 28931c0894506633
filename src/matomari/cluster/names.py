"""What to call a group: the words that set it apart, and its most central texts."""

from __future__ import annotations

import re
import unicodedata
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

# kanji and katakana runs are words in titles and notes; hiragana between them is grammar
_WORD = re.compile(r"[一-龯々〆ヶ]{2,}|[ァ-ヴー]{2,}|[가-힣]{2,}|[^\W\d_](?:[^\W_]|['’](?=\w))*[^\W_]|[^\W_]+", re.UNICODE)
_JAPANESE = re.compile(r"[぀-ヿ一-龯]")
_CJK_SPLIT = re.compile(r"([一-龯々〆ヶ]+|[ァ-ヴー]+|[ぁ-ゖ]+)")


def words(text: str) -> list[str]:
    """The words of a text that can be keywords: no stop words, no bare numbers, Japanese by runs of one script.

    Examples
    --------
    >>> words("The card hasn't arrived in 14 days"), words("産業用ロボットのアーム")
    (['card', 'arrived', 'days'], ['産業用', 'ロボット', 'アーム'])
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    plain = unicodedata.normalize("NFKC", text[:CHARACTERS]).casefold()
    if _JAPANESE.search(plain):
        plain = _CJK_SPLIT.sub(r" \1 ", plain)
    found = []
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
        found.append(word)
    return found


def keywords(texts: Sequence[str], labels: Ints, k: int, seed: int = 0) -> list[list[str]]:
    """Words and word pairs that set each group apart, best first: class-based TF-IDF (Grootendorst 2022, equation 3) of presence.

    Parameters
    ----------
    texts : sequence of str, length n
    labels : array of int64, shape (n,)
    k : int
        Number of groups.
    seed : int
        Draws 100,000 texts when there are more.

    Examples
    --------
    >>> keywords(["lost card", "my card is lost", "top up failed", "failed top up"], np.array([0, 0, 1, 1]), 2)
    [['lost', 'card'], ['failed']]
    """
    rows = np.flatnonzero(labels >= 0)
    if len(rows) > TEXTS:
        rows = np.sort(Seed(seed).stream("names").choice(rows, TEXTS, replace=False))
    vocabulary: dict[str, int] = {}
    spelling: dict[str, Counter[str]] = {}
    groups, terms = [], []
    for row in rows.tolist():
        found = words(texts[row])
        present = dict.fromkeys(found)
        present.update(dict.fromkeys(f"{a} {b}" for a, b in pairwise(found)))
        for term in present:
            stem = _stem(term)
            spelling.setdefault(stem, Counter())[term] += 1
            terms.append(vocabulary.setdefault(stem, len(vocabulary)))
            groups.append(int(labels[row]))
    if not vocabulary:
        return [[] for _ in range(k)]
    table = sp.csr_matrix((np.ones(len(terms), np.float32), (groups, terms)), shape=(k, len(vocabulary)))
    table.sum_duplicates()
    sizes = np.maximum(np.bincount(labels[rows], minlength=k), 1)
    share = table.data / np.repeat(sizes, np.diff(table.indptr))
    everywhere = np.bincount(table.indices, share, minlength=len(vocabulary))
    score = share * np.log(1 + k / everywhere[table.indices])
    known = [counts.most_common(1)[0][0] for counts in spelling.values()]
    spans = [slice(a, b) for a, b in zip(table.indptr, table.indptr[1:], strict=False)]
    return [_best(table.indices[s], score[s], table.data[s], int(size), known) for s, size in zip(spans, sizes, strict=True)]


def _best(terms: Ints, score: Floats, count: Floats, size: int, known: list[str]) -> list[str]:
    enough = count >= min(2, size)  # a word of one text says little about a group of several
    pairs = np.asarray([" " in known[t] for t in terms], bool)
    enough &= ~pairs | (count >= 3)
    terms, score = terms[enough], np.where(pairs[enough], 1.1, 1.0) * score[enough]
    chosen: list[str] = []
    for i in np.lexsort((terms, -score)):
        term = known[terms[i]]
        parts = set(term.split())
        if any(parts & set(other.split()) for other in chosen):
            continue
        chosen.append(term)
        if len(chosen) == KEYWORDS:
            break
    return chosen


def _stem(term: str) -> str:
    """Singular and plural counted as one; nothing cleverer, so that every language is treated alike."""
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in term.split())


def names(found: list[list[str]], examples: list[str], variants: bool) -> list[str]:
    """A short, unique name for each group: its first keywords, or for variants its most central text.

    Examples
    --------
    >>> names([["card", "lost"], ["card", "lost"], []], ["a", "b", "!!"], variants=False)
    ['card, lost', 'card, lost (2)', '!!']
    """
    made, taken = [], Counter[str]()
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
        made.append(name)
    return made


def central(X: Floats, labels: Ints, k: int, most: int = 3) -> tuple[list[list[int]], Floats, Floats]:
    """The items nearest each group's centre, its centre (k, d), and its cohesion: the mean cosine of members to the centre.

    Examples
    --------
    >>> X = np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32)
    >>> central(X, np.array([0, 0, 1]), 2)[0]
    [[0, 1], [2]]
    """
    kept = np.flatnonzero(labels >= 0)
    member = sp.csr_matrix((np.ones(len(kept), np.float32), (labels[kept], kept)), shape=(k, len(labels)))
    centers = normalise(np.asarray(member @ X, np.float32))
    cosine = np.empty(len(kept), np.float32)
    for start in range(0, len(kept), 65_536):
        part = kept[start : start + 65_536]
        cosine[start : start + 65_536] = np.einsum("ij,ij->i", X[part], centers[labels[part]])
    order = np.lexsort((kept, -cosine.round(6), labels[kept]))
    groups = labels[kept][order]
    first = np.searchsorted(groups, np.arange(k))
    last = np.searchsorted(groups, np.arange(k), side="right")
    picked = [kept[order[a : min(b, a + most)]].tolist() for a, b in zip(first, last, strict=True)]
    total = np.bincount(labels[kept], cosine, minlength=k)
    return picked, centers, (total / np.maximum(last - first, 1)).astype(np.float32)
