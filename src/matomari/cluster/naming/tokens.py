"""Words of every script, with their spelling, in runs between punctuation."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import regex

CHARACTERS = 2_000  # of each text

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’\-][\p{L}\p{M}\p{N}]+)*|[^\p{L}\p{M}\p{N}\s]")
_UNSPACED = regex.compile(r"[\p{Han}々〆ヶー\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]")
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_MEANING = regex.compile(r"[\p{Han}\p{Katakana}]")
_THAI = regex.compile(r"\p{Thai}")
_PIECES = regex.compile(
    r"[\p{Han}々〆ヶー\p{Hiragana}\p{Katakana}]+|\p{Thai}[\p{Thai}\p{M}]*|[^\p{Han}々〆ヶー\p{Hiragana}\p{Katakana}\p{Thai}]+"
)
_PARTICLE = regex.compile(r"(?:は|が|を|に|の|で|と|も|へ|や|から|まで|より|には|では|とは)$")
_VERB = regex.compile(r"(?<=[\p{Han}\p{Katakana}ー])(?:を)?(?:して|した|する|します|しました|される|された|したい)$")
_TRADITIONAL = frozenset("們個這為與過會對讓還嗎麼來時說國學車東門開長點電話號碼請問機處後從無應關")


def runs(text: str) -> list[list[str]]:
    """The words of a text as they are spelt, in runs that no punctuation mark interrupts.

    Letters keep their combining marks; apostrophes and hyphens inside a word belong to it; Chinese, Japanese and Thai are cut into
    words by BudouX, and Japanese particles at the end of a word are words of their own.

    Examples
    --------
    >>> runs("My card's stolen, top-up failed!"), runs("नया पासवर्ड"), runs("取り付けのマニュアル")
    ([['My', "card's", 'stolen'], ['top-up', 'failed']], [['नया', 'पासवर्ड']], [['取り付け', 'の', 'マニュアル']])
    """
    found: list[list[str]] = []
    run: list[str] = []
    for token in _WORD.findall(unicodedata.normalize("NFKC", text[:CHARACTERS]).replace("’", "'")):
        if not (token[0].isalnum() or unicodedata.category(token[0])[0] in "LMN"):
            if run:
                found.append(run)
            run = []
        elif _UNSPACED.search(token):
            run += _cut(token)
        else:
            run.append(token)
    if run:
        found.append(run)
    return found


def _cut(token: str) -> list[str]:
    """A token of a script without spaces, word by word."""
    if token.isnumeric():
        return [token]
    words: list[str] = []
    for piece in _PIECES.findall(token):
        if _THAI.match(piece):
            words += _parser("thai").parse(piece)
        elif _KANA.search(piece):
            words += [part for word in _parser("japanese").parse(piece) for part in _stem_and_ending(word)]
        elif _UNSPACED.match(piece):
            traditional = any(character in _TRADITIONAL for character in piece)
            words += _parser("traditional_chinese" if traditional else "simplified_chinese").parse(piece)
        else:
            words.append(piece)
    return words


def _stem_and_ending(word: str) -> list[str]:
    """A Japanese word, and the particle or the form of "do" behind it: 組み立てと is 組み立て and と, 修理して is 修理 and して."""
    for ending in (_PARTICLE, _VERB):
        left = ending.sub("", word)
        if left != word and _MEANING.search(left):
            return [left, word[len(left) :]]
    return [word]


@cache
def _parser(language: str) -> Any:
    import budoux

    return getattr(budoux, f"load_default_{language}_parser")()
