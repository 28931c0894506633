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
        ("M8 x 20", ["quantity 8thread", "number 20"]),
        ("M-8", ["quantity 8thread"]),
        ("m8×20 mm", ["quantity 8thread", "quantity 0.02length"]),
        ("valve DN25 PN-16", ["word valve", "quantity 25bore", "quantity 16nominal pressure"]),
        ("Photo 2007 v3.1", ["word photo", "number 2007", "quantity 3.1version"]),
        ("12 V 3 A", ["quantity 12voltage", "quantity 3current"]),
        ("hose brass (50)", ["word hose", "member brass", "quantity 50pieces"]),
        ("hose brass x50", ["word hose", "member brass", "quantity 50pieces"]),
        ("Metropolis (1927)", ["word metropolis", "number 1927"]),
        ("suite 4b", ["quantity 4bflat"]),
        ("Miami FL 33101", ["word miami", "word fl", "number 33101"]),
        ("6 x 330ml", ["quantity 6pieces", "quantity 0.33volume"]),
        ("330 ml x 6", ["quantity 0.33volume", "quantity 6pieces"]),
        ("50/pk", ["quantity 50pieces"]),
        ("pack of 1, 2 kg", ["quantity 2mass"]),
        ("Oy Saimaa Ab", ["word saimaa", "form ab", "form oy"]),
        ("Sp. z o.o. Alfa", ["word alfa", "form spzoo"]),
        ("GmbH", ["word gmbh"]),
        ("㈱ﾒﾙｶｰﾄ", ["word メルカト", "form kk"]),
        ("髙邊", ["kanji 高", "kanji 辺"]),
        ("取手 黒", ["kanji 取", "kanji 手", "member black"]),
        ("取手 左用", ["kanji 取", "kanji 手", "member left", "kanji 用"]),
        ("目黒 黒田", ["kanji 目", "kanji 黒", "kanji 黒#2", "kanji 田"]),
        ("Müller & Söhne", ["word muller", "stop and", "word sohne"]),
        ("1000000000000000", ["number 1000000000000000"]),
        ("0042", ["number 0042"]),
        ("100nF 0603", ["quantity 1e-07capacitance", "member 0603"]),
        ("5.0", ["number 5"]),
        ("10 x 10", ["number 10", "number 10#2"]),
        ("LC-40LE830U", ["code lc40le830u"]),
        ("iPhone7", ["word iphone", "number 7"]),
        ("No. 12", ["stop no", "number 12"]),
        ("S9+", ["code s9", "member plus"]),
        ("26th", ["number 26"]),
        ("hose L=3m", ["word hose", "quantity 3length"]),
        ("motor n2=71", ["word motor", "number 71"]),
        ("elbow 8-G1/4", ["member elbow", "number 8", "code g025"]),
        ("elbow 8 mm G 1/4", ["member elbow", "quantity 0.008length", "code g025"]),
        ("coupling 1/2 M", ["word coupling", "quantity 0.0127length", "word m"]),
        ("elbow 45 - 3/4 in", ["member elbow", "number 45", "quantity 0.01905length"]),
        ("gloves 100's", ["word gloves", "quantity 100pieces"]),
        ("the 1980's", ["stop the", "number 1980", "word s"]),
        ("bolt verz. x50", ["word bolt", "member galvanised", "quantity 50pieces"]),
        ("valve PN10 x50", ["word valve", "quantity 10nominal pressure", "quantity 50pieces"]),
        ("pipe 10 x50", ["word pipe", "number 10", "number 50"]),
        ("Office Suite 4.5", ["word office", "stop suite", "number 4.5"]),
        ("12 Mill Lane suite 4", ["quantity 12house number", "word mill", "member lane", "quantity 4flat"]),
        ("power supply unit 5", ["word power", "word supply", "stop unit", "number 5"]),
        ("st. steel tail", ["member stainless", "word steel", "word tail"]),
        ("6kt-mutter", ["word hexagon", "word mutter"]),
        ("4201plus", ["number 4201", "member plus"]),
        ("K7max", ["code k7", "member max"]),
        ("なべ小ねじ", ["word ナベ", "kanji 小", "word ネジ"]),
        ("吊りボルト", ["kanji 吊", "word り", "word ボルト"]),
        ("Smit Ramen Besloten Vennootschap", ["word smit", "word ramen", "form bv"]),
        ("", []),
        ("?!", []),
    ],
)
def test_tokens_by_hand(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5136 S Tripp Ave", "5136"),
        ("Hauptstr. 12 a, 80331 München", "12a"),
        ("Hauptstraße 12A", "12a"),
        ("Lindenallee 9 b, Kiel", "9b"),
        ("Flat 12, 5 Hewitt Court", "5"),
        ("Calle Mayor 5, 3º B", "5"),
        ("1200 K Street", "1200"),
    ],
)
def test_a_list_of_addresses_has_house_numbers(text: str, expected: str) -> None:
    tokeniser = Tokeniser.of([text, "12 High Street", "9 North Road"])
    assert [token.key for token in tokeniser(text) if token.group == "house number"] == [f"{expected}house number"]
    assert tokeniser.notes[-1] == "the texts were read as addresses: two house numbers or flats are never the same"


def test_a_number_is_a_chip_size_among_chip_sizes() -> None:
    assert "member 1206" in read("100nF 1206", "10k 0603")
    assert "number 1206" in read("hose 1206", "hose 1207")


def test_other_lists_with_streets_have_none() -> None:
    assert "number 12" in read("Golden Dragon, 12 High Street", "Red Lion, 5 High Street")
    assert "number 6204" in read("bearing 6204", "bearing 6205", "spring 12 mm")


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


def test_a_word_of_a_set_stays_in_it() -> None:
    texts = ["pen rouge", "pen red", "pen black"]
    own = built_in().extended([{"written": "rouge", "meaning": "red", "set": "wine"}])
    read_by = Tokeniser.of(texts, own)
    assert {token.group for text in texts for token in read_by(text) if token.kind == "member"} == {"colour"}
    assert read_by.notes == ["red is of the set colour already, so rouge is too, and not of wine", "1 of your 1 words stands in the texts"]


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
        "1 of your 2 words stands in the texts; not nie",
    ]
    firms = ["Alfa GmbH", "Alfa Ltd", "Beta"]
    assert Lexicon.of(firms, Tokeniser.of(firms)).notes == ["legal forms (gmbh, ltd) do not tell texts apart: set aside in 2 texts"]
    plain = ["bolt", "nut"]
    assert Tokeniser.of(plain).notes + Lexicon.of(plain, Tokeniser.of(plain)).notes == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"written,meaning\na,b\nc,\n", r"my\.csv, line 3: a written form and its meaning are needed\."),
        (b"old,meaning\na,b\n", r"my\.csv' has no column written\."),
        (b"written;meaning\na;b\n", r"my\.csv' has no column meaning and no column written\."),
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
