"""Words of every script, as they are spelt."""

from __future__ import annotations

import pytest

from matomari.cluster.naming.tokens import runs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("My card's stolen, top-up failed!", [["My", "card's", "stolen"], ["top-up", "failed"]]),
        ("it’s lost", [["it's", "lost"]]),
        ("मेरा पार्सल अभी तक नहीं आया", [["मेरा", "पार्सल", "अभी", "तक", "नहीं", "आया"]]),
        ("என் கடவுச்சொல்", [["என்", "கடவுச்சொல்"]]),
        ("পাসওয়ার্ড ভুলে গেছি", [["পাসওয়ার্ড", "ভুলে", "গেছি"]]),
        ("كلمة السرّ", [["كلمة", "السرّ"]]),
        ("Größe: 5,5 m²", [["Größe"], ["5"], ["5", "m2"]]),
        ("", []),
        ("!?", []),
    ],
)
def test_marks_of_a_letter_belong_to_its_word(text: str, said: list[list[str]]) -> None:
    assert runs(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("組み立てと取り付けのマニュアル", ["組み立て", "と", "取り付け", "の", "マニュアル"]),
        ("産業用ロボットのアーム", ["産業用ロボット", "の", "アーム"]),
        ("青い自転車を修理して配達", ["青い", "自転車", "を", "修理", "して", "配達"]),
        ("ゆっくり過ごせました", ["ゆっくり過ごせました"]),
        ("利用させていただきました", ["利用させていただきました"]),
        ("鉛筆の芯と消しゴム", ["鉛筆", "の", "芯", "と", "消しゴム"]),
        ("快递三个星期还没到", ["快递", "三", "个", "星期", "还", "没", "到"]),
    ],
)
def test_scripts_without_spaces_are_cut_into_words(text: str, said: list[str]) -> None:
    assert runs(text) == [said]


def test_thai_words_are_whole() -> None:
    """BudouX may cut a word too finely, but never inside a letter with its vowel sign."""
    (words,) = runs("วันนี้อากาศดี")
    assert "".join(words) == "วันนี้อากาศดี"
    assert "อากาศ" in words


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert len(runs("word " * 10_000)[0]) == 400
