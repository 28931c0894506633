"""Japanese nouns that a corpus is made of: compounds, typed by their last word, and towns; read by Sudachi, whose package is an extra.

Japanese compounds end with what they are: 六角ボルト and 蝶ボルト are both ボルト, and neither is the other. So the last word of a compound is its hypernym, which
no lexical file has to know. Sudachi writes every word in one standard form, so that ﾈｼﾞ, ねじ and 螺子 are aliases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .vocabulary import Term, Vocabulary, folded

FLOOR = 5  # times that a compound stands in the corpus
TOWN = "地名"
_LETTERS = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9f々]+")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_OURS = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_NOUNS = {("名詞", "普通名詞"), ("名詞", "固有名詞"), ("接頭辞", "*"), ("接尾辞", "名詞的")}
_COUNTERS = {"助数詞", "助数詞可能"}
_SMALL_WORDS = {
    "用",
    "入",
    "入り",
    "付",
    "付き",
    "付け",
    "型",
    "式",
    "製",
    "等",
    "類",
    "品",
    "染め",
    "色",
    "形",
}  # what ends with them is described, not named
# Compounds of people, by gender, origin or belief among them
_PEOPLE = frozenset("人者男女民員") | {"男性", "女性", "教徒", "信者", "国民", "住民", "系", "教", "国"}


class Noun(NamedTuple):
    """A compound or a town.

    Attributes
    ----------
    text : str
        As it is written.
    name : str
        In the standard forms of its words.
    type : str
        The standard form of its last word; "地名" of towns.
    reading : str
        In katakana.
    synonyms : tuple of frozenset
        Of each word its standard form and the numbers of Sudachi's groups of synonyms that it is in.
    """

    text: str
    name: str
    type: str
    reading: str = ""
    synonyms: tuple[frozenset[int | str], ...] = ()

    def may_be(self, other: Noun) -> bool:
        """Whether two compounds could be one: they sound alike, differ in kana between kanji, or in a word and its synonym.

        Examples
        --------
        >>> Noun("穴付ボルト", "", "").may_be(Noun("穴付きボルト", "", "")), Noun("皿ネジ", "", "", "サラネジ").may_be(Noun("サラネジ", "", "", "サラネジ"))
        (True, True)
        """
        bones = _HIRAGANA.sub("", folded(self.text))
        if (self.reading and self.reading == other.reading) or (len(bones) > 1 and bones == _HIRAGANA.sub("", folded(other.text))):
            return True
        pairs = list(zip(self.synonyms, other.synonyms, strict=False))
        return bool(pairs) and len(self.synonyms) == len(other.synonyms) and all(one & its for one, its in pairs)


def is_japanese(text: str) -> bool:
    """Whether a text holds kana or kanji.

    Examples
    --------
    >>> is_japanese("ボルト M8"), is_japanese("bolt M8")
    (True, False)
    """
    return not text.isascii() and bool(_OURS.search(text))


def known() -> bool:
    """Whether Sudachi and its dictionary are installed."""
    try:
        import sudachidict_core
        import sudachipy
    except ImportError:
        return False
    return bool(sudachidict_core and sudachipy)


def reader() -> Callable[[str], list[Noun]]:
    """Reads the nouns of a text.

    Raises
    ------
    ImportError
        Sudachi or its dictionary is missing, see `known`.

    Examples
    --------
    >>> nouns = reader()  # doctest: +SKIP
    >>> nouns("なべ小ﾈｼﾞ M4を大阪へ")  # doctest: +SKIP
    [Noun(text='なべ小ﾈｼﾞ', name='鍋小螺子', type='螺子', …), Noun(text='大阪', name='大阪', type='地名', …)]
    """
    from sudachipy import Dictionary, SplitMode

    tokenize = Dictionary(dict="core").tokenizer(SplitMode.A).tokenize
    return lambda text: [noun for run in _runs(tokenize(text)) if (noun := _noun(run))]


def _runs(morphemes: Iterable[Any]) -> Iterator[list[Any]]:
    """Nouns that stand side by side, with what is put before and behind them."""
    run: list[Any] = []
    for morpheme in morphemes:
        kind = morpheme.part_of_speech()
        if (kind[0], kind[1]) in _NOUNS and _LETTERS.fullmatch(morpheme.surface()) and not (kind[0] == "接尾辞" and kind[2] in _COUNTERS):
            run.append(morpheme)
        else:
            yield run
            run = []
    yield run


def _noun(run: list[Any]) -> Noun | None:
    while run and run[0].part_of_speech()[0] == "接尾辞":
        run = run[1:]  # what is left of 50個入り
    if not run:
        return None
    last, forms = run[-1], [morpheme.normalized_form() for morpheme in run]
    text, reading = "".join(morpheme.surface() for morpheme in run), "".join(morpheme.reading_form() for morpheme in run)
    if len(run) == 1:
        town = last.part_of_speech()[1:4] == ("固有名詞", "地名", "一般") and len(text) > 1
        return Noun(text, forms[0], TOWN, reading) if town else None
    if last.part_of_speech()[0] == "接頭辞" or _PEOPLE & set(forms) or forms[-1] in _SMALL_WORDS or last.surface() in _SMALL_WORDS:
        return None
    synonyms = [frozenset([*morpheme.synonym_group_ids(), morpheme.normalized_form()]) for morpheme in run]
    return Noun(text, "".join(forms), forms[-1], reading=reading, synonyms=tuple(synonyms))


def with_nouns(vocabulary: Vocabulary, texts: Iterable[str], read: Callable[[str], list[Noun]]) -> tuple[Vocabulary, int]:
    """The user's terms, and beside them the nouns that stand often in the texts and of whose type there are several.

    Of nouns that could be one (`Noun.may_be`) the most frequent one is taken, and the others are left alone.

    Parameters
    ----------
    vocabulary : Vocabulary
    texts : iterable of str
    read : callable
        `reader()`.

    Returns
    -------
    Vocabulary
    int
        How many nouns came to it.

    Examples
    --------
    >>> read = lambda text: [Noun(text, text, "ボルト")]
    >>> words, new = with_nouns(Vocabulary([Term("蝶ボルト", "部品")]), ["六角ボルト", "アイボルト", "蝶ボルト"] * 5, read)
    >>> [(term.name, term.type, term.source) for term in words.terms], new
    ([('蝶ボルト', '部品', 'user'), ('六角ボルト', 'ボルト', 'corpus'), ('アイボルト', 'ボルト', 'corpus')], 2)
    """
    found: dict[tuple[str, str], tuple[Noun, Counter[str]]] = {}  # of each noun one as it was read, and how often it is written how
    for text in texts:
        for noun in read(text):
            found.setdefault((noun.type, noun.name), (noun, Counter()))[1][noun.text] += 1
    kept: dict[str, list[tuple[Noun, Counter[str]]]] = {}
    for noun, written in sorted(found.values(), key=lambda one: -one[1].total()):
        several = kept.setdefault(noun.type, [])
        if written.total() >= FLOOR and not any(noun.may_be(other) for other, _ in several):
            several.append((noun, written))
    taken = {folded(name) for term in vocabulary.terms for name in (term.name, *term.aliases)}
    new = []
    for noun, written in (one for several in kept.values() if len(several) > 1 for one in several):
        names = [name for name, _ in written.most_common()]
        forms = dict.fromkeys(folded(name) for name in names)
        if taken.isdisjoint(forms):
            new.append(Term(names[0], noun.type, tuple(form for form in forms if form != folded(names[0])), "corpus"))
            taken |= forms.keys()
    return (Vocabulary([*vocabulary.terms, *new]) if new else vocabulary), len(new)
