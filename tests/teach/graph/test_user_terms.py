"""The user's terms: read from a file with clear errors, found in texts, the longest first."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from matomari.errors import InputError
from matomari.teach.graph.vocabulary import Term, Vocabulary

GOOD = "term,type,aliases\nhex bolt,fastener,hexagon bolt|ヘックスボルト\nnut,fastener,\nＳＵＳ３０４,material,SUS304; 304 stainless\n"


@pytest.fixture
def words(tmp_path: Path) -> Vocabulary:
    (tmp_path / "terms.csv").write_text(GOOD, encoding="utf-8-sig")
    return Vocabulary.read(tmp_path / "terms.csv")


def test_a_file_is_read(words: Vocabulary) -> None:
    assert words.terms[0] == Term("hex bolt", "fastener", ("hexagon bolt", "ヘックスボルト"))
    assert words.terms[1].aliases == ()
    assert words.terms[2].aliases == ("304 stainless",)  # the other alias is the term itself, in narrow letters
    assert [t.name for t in words.of_type("fastener")] == ["hex bolt", "nut"]
    assert words.named("HEXAGON  BOLT") is words.terms[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hex bolts and nuts", ["Hex bolts", "nuts"]),
        ("walnut, nutty", []),
        ("六角ヘックスボルトM8", ["ヘックスボルト"]),
        ("sus304 nut", ["sus304", "nut"]),
        ("ｈｅｘ ｂｏｌｔ", ["ｈｅｘ ｂｏｌｔ"]),
    ],
)
def test_terms_are_found(words: Vocabulary, text: str, found: list[str]) -> None:
    assert [text[f.start : f.end] for f in words.find(text)] == found


def test_half_width_kana_are_the_same_letters() -> None:
    words = Vocabulary([Term("六角ボルト", "part"), Term("パイプ", "part")])
    text = "白ﾊﾟｲﾌﾟと六角ﾎﾞﾙﾄM8"
    assert [(text[f.start : f.end], f.term.name) for f in words.find(text)] == [("ﾊﾟｲﾌﾟ", "パイプ"), ("六角ﾎﾞﾙﾄ", "六角ボルト")]


def test_no_term_is_found_beyond_the_end() -> None:
    words = Vocabulary([Term("木ネジ", "part"), Term("木ネ", "part")])
    assert [(f.start, f.end) for f in words.find("白い木ネ")] == [(2, 4)]


def test_the_longest_term_wins() -> None:
    words = Vocabulary([Term("bolt", "part"), Term("hex bolt", "part"), Term("bolt cutter", "tool")])
    assert [f.term.name for f in words.find("hex bolt, bolt cutter, bolt")] == ["hex bolt", "bolt cutter", "bolt"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,type\nbolt,part\n", "has no column 'term': name, type"),
        ("term\nbolt\n", "has no column 'type'"),
        ("", "is empty and holds no rows"),
        ("term,type\n,part\n", "row 1 of .* has no term"),
        ("term,type\n\nbolt,\n", "row 1 of .* gives no type for 'bolt'"),
        ("term,type,aliases\nbolt,part,\nnut,part,Bolt\n", "row 2 of .* names 'Bolt', which row 1 names, too"),
        ('term,type\n"bolt,part\n', "line 2 opens a quote that is not closed"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "terms.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        Vocabulary.read(tmp_path / "terms.csv")
    assert "terms.csv" in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        Vocabulary.read(tmp_path / "terms.csv")


def test_terms_as_a_spreadsheet_in_japan_saves_them(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_bytes("term,type,aliases\n六角ボルト,ねじ,ボルト;六角\n".encode("cp932"))
    (term,) = Vocabulary.read(tmp_path / "terms.csv").terms
    assert (term.name, term.type, term.aliases) == ("六角ボルト", "ねじ", ("ボルト", "六角"))
    table = pa.table({"Term": ["bolt", None], "TYPE": ["part", None]})
    assert [t.name for t in Vocabulary.read(table).terms] == ["bolt"]


def test_one_name_of_two_terms() -> None:
    with pytest.raises(InputError, match="belongs to two terms"):
        Vocabulary([Term("bolt", "part"), Term("screw", "part", ("bolt",))])
