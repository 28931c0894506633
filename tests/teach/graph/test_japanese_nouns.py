"""Japanese compounds as Sudachi reads them: what they are called, what they are, and which of them could be one."""

from __future__ import annotations

import sys

import pytest

from matomari.teach.graph import japanese
from matomari.teach.graph.entities import Entities
from matomari.teach.graph.graph import Edge, Graph
from matomari.teach.graph.japanese import Noun, is_japanese, with_nouns
from matomari.teach.graph.vocabulary import Term, Vocabulary
from matomari.teach.rules.maker import Rules
from matomari.teach.rules.triplet import Triplet


@pytest.mark.parametrize(
    ("text", "ours"), [("ボルト", True), ("ﾎﾞﾙﾄ と", True), ("六角", True), ("bolt", False), ("Müller ５", False), ("", False)]
)
def test_what_is_japanese(text: str, ours: bool) -> None:
    assert is_japanese(text) is ours


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("なべ小ﾈｼﾞ M4", [("なべ小ﾈｼﾞ", "鍋小螺子", "螺子")]),
        ("ナベ小ねじ 50個", [("ナベ小ねじ", "鍋小螺子", "螺子")]),
        ("六角ボルト、蝶ナット", [("六角ボルト", "六角ボルト", "ボルト"), ("蝶ナット", "蝶ナット", "ナット")]),
        ("大阪の会議室へ行く", [("大阪", "大阪", "地名"), ("会議室", "会議室", "室")]),
        ("ボルト 50個入り", []),
        ("日本人と中国人", []),
        ("女性社員", []),
        ("50個入り", []),
    ],
)
def test_nouns_of_a_text(text: str, nouns: list[tuple[str, str, str]]) -> None:
    pytest.importorskip("sudachipy")
    assert [noun[:3] for noun in japanese.reader()(text)] == nouns


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("蝶ボルト", "チョウボルト", True),
        ("六角穴付ボルト", "六角穴付きボルト", True),
        ("会議室", "ミーティングルーム", False),
        ("六角ボルト", "蝶ボルト", False),
        ("皿小ねじ", "なべ小ねじ", False),
    ],
)
def test_which_could_be_one(one: str, other: str, same: bool) -> None:
    pytest.importorskip("sudachipy")
    read = japanese.reader()
    (first,), (second,) = read(one), read(other)
    assert first.may_be(second) is second.may_be(first) is same


def test_synonyms_word_by_word_could_be_one() -> None:
    one = Noun("甲ナット", "", "", "コウナット", (frozenset({"甲", 1}), frozenset({"ナット"})))
    assert one.may_be(Noun("乙ナット", "", "", "オツナット", (frozenset({"乙", 1}), frozenset({"ナット"}))))
    assert not one.may_be(Noun("乙ナット", "", "", "オツナット", (frozenset({"乙", 2}), frozenset({"ナット"}))))


def of_table(text: str) -> list[Noun]:
    """A reader that knows six words."""
    table = {"六角ボルト": "ボルト", "角ボルト": "ボルト", "六角ﾎﾞﾙﾄ": "ボルト", "蝶ボルト": "ボルト", "蝶ナット": "ナット", "京都": "地名"}
    return [Noun(word, word.replace("ﾎﾞﾙﾄ", "ボルト"), table[word], word.replace("ﾎﾞﾙﾄ", "ボルト")) for word in text.split() if word in table]


def test_frequent_nouns_that_have_others_of_their_kind_are_terms() -> None:
    texts = ["六角ボルト 六角ボルト 六角ﾎﾞﾙﾄ 蝶ボルト 蝶ナット 京都"] * 5 + ["角ボルト"] * 4
    words, new = with_nouns(Vocabulary([Term("京都", "town"), Term("hex", "part", ("六角",))]), texts, of_table)
    assert new == 2
    assert words.terms[2:] == (Term("六角ボルト", "ボルト", (), "corpus"), Term("蝶ボルト", "ボルト", (), "corpus"))


def test_what_the_user_named_stays_as_it_is() -> None:
    mine = Vocabulary([Term("蝶形", "形", ("蝶ボルト",))])
    words, new = with_nouns(mine, ["六角ボルト 蝶ボルト"] * 5, of_table)
    assert (new, words.named("蝶ボルト")) == (1, mine.terms[0])


def test_they_are_swapped_and_stand_in_the_graph() -> None:
    texts = ["六角ボルト M8 黒", "蝶ボルト M8 白"] * 5
    words, _ = with_nouns(Vocabulary(), texts, of_table)
    made = [t for t in Rules.of(texts, wordnet=None, vocabulary=words, per_sentence=9).make(["六角ボルト M8 黒"]) if isinstance(t, Triplet)]
    assert ("蝶ボルト M8 黒", "entity") in {(t.negative, t.kind) for t in made}
    graph = Graph.of(texts, Entities(None, words))
    assert graph.nodes["entity", "蝶ボルト"].provenance == "corpus"
    assert graph.edges[Edge(("entity", "蝶ボルト"), ("type", "ボルト"), "is-a")] == 5


def test_what_is_a_kind_of_the_other_is_no_swap() -> None:
    words = Vocabulary([Term("六角ボルト", "ボルト"), Term("ステンレス六角ボルト", "ボルト")])
    made = [*Rules.of(["六角ボルト"], wordnet=None, vocabulary=words).make(["六角ボルトは無い"])]
    assert not any(t.kind == "entity" for t in made if isinstance(t, Triplet))


def test_without_sudachi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sudachipy", None)
    assert not japanese.known()
