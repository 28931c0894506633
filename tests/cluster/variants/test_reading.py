"""What texts are read as, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from matomari.cluster.variants.align import Aligner
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser
from matomari.cluster.variants.reading.vocabulary import built_in, read_words
from matomari.errors import InputError


def read(text: str, *others: str) -> list[str]:
    return [f"{token.kind} {token.key}" for token in Tokeniser.of([text, *others])(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("33p", ["quantity 3.3e-11prefix"]),
        ("0,1 µF", ["quantity 1e-07capacitance"]),
        ("4k7", ["quantity 4700resistance"]),
        ('Valve 1½"', ["word valve", "quantity 0.0381length"]),
        ('Valve 1-1/2"', ["word valve", "quantity 0.0381length"]),
        ("M8 x 20", ["code m8", "number 20"]),
        ("m8×20 mm", ["code m8", "quantity 0.02length"]),
        ("6 x 330ml", ["quantity 6pieces", "quantity 0.33volume"]),
        ("330 ml x 6", ["quantity 0.33volume", "quantity 6pieces"]),
        ("50/pk", ["quantity 50pieces"]),
        ("pack of 1, 2 kg", ["quantity 2mass"]),
        ("Oy Saimaa Ab", ["word saimaa", "form ab", "form oy"]),
        ("Sp. z o.o. Alfa", ["word alfa", "form spzoo"]),
        ("GmbH", ["word gmbh"]),
        ("㈱ﾒﾙｶｰﾄ", ["word メルカト", "form kk"]),
        ("髙邊", ["kanji 高", "kanji 辺"]),
        ("Müller & Söhne", ["word muller", "stop and", "word sohne"]),
        ("1000000000000000", ["number 1000000000000000"]),
        ("0042", ["number 0042"]),
        ("5.0", ["number 5"]),
        ("10 x 10", ["number 10", "number 10#2"]),
        ("LC-40LE830U", ["code lc40le830u"]),
        ("iPhone7", ["word iphone", "number 7"]),
        ("No. 12", ["stop no", "number 12"]),
        ("S9+", ["code s9", "member plus"]),
        ("26th", ["number 26"]),
        ("", []),
        ("?!", []),
    ],
)
def test_tokens_by_hand(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_a_long_number_keeps_all_its_digits() -> None:
    assert read("1234567890123456") != read("1234567890123457")


def test_a_form_with_several_readings_is_read_as_suits_the_list() -> None:
    assert "member s" in read("Gloves S", "Gloves XL", "Gloves small")
    assert "member south" in read("12 S Mill Road", "9 North Road", "3 south road")
    assert "word s" in read("S. Miller", "Jane Miller")
    assert "member l" in read("Gloves nitrile L (100)", "Gloves nitrile M (100)", "Gloves latex S")
    assert "word m" in read("SMITH JOHN M", "MILLER ANN L", "MILLER ANN K", "BAKER JO R")


def test_peoples_own_words(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text("written,meaning,set\nVZ,zinc,\nfein,fine,grade\ngrob,coarse,grade\n", encoding="utf-8")
    read_by = Tokeniser.of(["bolt vz"], built_in().extended(read_words(tmp_path / "my.csv")))
    assert [token.key for token in read_by("Bolt VZ")] == ["bolt", "zinc"]
    assert [(token.kind, token.key, token.group) for token in read_by("grob")] == [("member", "coarse", "grade")]


def test_peoples_own_words_are_folded_followed_and_always_read() -> None:
    own = built_in().extended(read_words({"Größe": "size", "qpz": "ZN", "ZP": "zinc plated", "s": "steel"}))
    read_by = Tokeniser.of(["a"], own)
    assert [token.key for token in read_by("grösse QPZ s")] == ["size", "zinc", "steel"]  # s is steel whatever the list
    texts = ["bolt zp 5", "bolt zinc plated 5"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts, own))
    assert [spelling.how for spelling in Aligner(lexicon)(0, 1).spellings] == ["joined"]


def test_a_letter_with_a_set_of_the_user_is_read_in_any_list() -> None:
    read_by = Tokeniser.of(["a"], built_in().extended([{"written": "s", "meaning": "starboard", "set": "side"}]))
    assert [(token.kind, token.key) for token in read_by("lamp S")] == [("word", "lamp"), ("member", "starboard")]


def test_texts_beyond_the_list_hold_no_weight() -> None:
    known = Lexicon.of(["bolt m8", "nut m8"], Tokeniser.of(["bolt m8"]))
    more = known.extended(["bolt m8", "bolt m9"], Tokeniser.of(["bolt m8"]))
    assert more.weight[: len(known.weight)] == known.weight
    assert more.holders[:3] == known.holders == [{0}, {0, 1}, {1}]


def test_what_was_guessed_and_set_aside_is_said() -> None:
    gloves = Tokeniser.of(["glove small s", "glove xl", "glove qpz"], built_in().extended(read_words({"qpz": "zinc", "nie": "never"})))
    assert gloves.notes == [
        "as suits this list, read s as s (size); --vocabulary FILE (vocabulary=…) says otherwise",
        "1 of your 2 words stand in the texts",
    ]
    firms = ["Alfa GmbH", "Alfa Ltd", "Beta"]
    assert Lexicon.of(firms, Tokeniser.of(firms)).notes == ["legal forms (gmbh, ltd) do not tell texts apart: set aside in 2 texts"]
    plain = ["bolt", "nut"]
    assert Tokeniser.of(plain).notes + Lexicon.of(plain, Tokeniser.of(plain)).notes == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"written,meaning\na,b\nc,\n", r"my\.csv, line 3: a written form and its meaning are needed\."),
        (b"old,new\na,b\n", r"my\.csv, line 2: a written form and its meaning are needed\."),
        (b"written,meaning\nM8 x,b\n", r"my\.csv, line 2: 'm8 x' is not one word of letters\."),
        (b"written,meaning\n\xff,b\n", r"cannot be read: it is not UTF-8\."),
        (b"written,meaning\n", r"my\.csv' holds no word\."),
    ],
)
def test_faults_of_peoples_own_words(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_words(tmp_path / "my.csv")
    with pytest.raises(InputError, match="No such file"):
        read_words(tmp_path / "none.csv")


def test_weights_of_a_lexicon_by_hand() -> None:
    texts = ["the bolt ltd", "the nut ltd", "the gear ltd"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    weight = {token.key: w for token, w in zip(lexicon.tokens, lexicon.weight, strict=True)}
    assert weight["the"] == 0.15
    assert weight["bolt"] == pytest.approx(1.3863, abs=1e-4)  # ln(4 / 1)
    assert weight["ltd"] == 0
