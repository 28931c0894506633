"""The reader of WordNet on a tiny database written by hand, and on the real one where it is installed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from builders.tiny_wordnet import tiny_wordnet
from builders.wordnet import needs_wordnet, the_wordnet
from matomari.errors import InputError
from matomari.teach.graph.wordnet import PLACES, WordNet, find_wordnet


@pytest.fixture
def net(tmp_path: Path) -> WordNet:
    return WordNet.load(tiny_wordnet(tmp_path / "dict"))


def test_senses_stand_in_order_with_all_that_the_line_says(net: WordNet) -> None:
    first, second = net.senses("dog", "n")
    assert (first.words, first.lexfile, first.gloss) == (("dog", "domestic dog"), 5, "a barking animal")
    assert second.words == ("dog", "chap")
    assert net.senses("unicorn", "n") == ()


def test_relations(net: WordNet) -> None:
    dog = net.senses("dog", "n")[0]
    assert [s.words[0] for s in net.hypernyms(dog)] == ["animal"]
    assert [s.words[0] for s in net.hyponyms(dog)] == ["puppy"]
    assert [s.words[0] for s in net.path(net.senses("puppy", "n")[0])] == ["entity", "animal", "dog", "puppy"]
    assert dog.key in net.ancestors(net.senses("puppy", "n")[0])
    assert dog.key not in net.ancestors(net.senses("cat", "n")[0])


def test_antonyms_are_from_word_to_word(net: WordNet) -> None:
    assert net.antonyms("rise", "v") == ["fall"]
    assert net.antonyms("dog", "v") == []


@pytest.mark.parametrize(
    ("word", "pos", "lemma"),
    [
        ("dogs", "n", "dog"),
        ("geese", "n", "goose"),
        ("fell", "v", "fall"),
        ("rising", "v", "rise"),
        ("dogged", "v", "dog"),
        ("chased", "v", "chase"),
        ("hot dogs", "n", "hot dog"),
        ("cat", "v", None),
        ("unicorns", "n", None),
    ],
)
def test_lemmas(net: WordNet, word: str, pos: str, lemma: str | None) -> None:
    assert net.lemma(word, pos) == lemma


def test_counts_and_topics(net: WordNet) -> None:
    assert [net.count("dog", pos) for pos in "nva"] == [40, 2, 0]
    assert [net.topic(word) for word in ("dog", "hot dog", "unicorn")] == ["animal", "food", ""]


def test_nouns_of_several_words(net: WordNet) -> None:
    assert net.compound(["a", "hot", "dogs", "bark"], 1) == ("hot dog", 2)
    assert net.compound(["a", "hot", "cat"], 1) is None
    assert net.compound(["hot"], 0) is None


def test_a_missing_wordnet_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no WordNet") as caught:
        WordNet.load(tmp_path)
    assert "wordnet-base" in caught.value.hint
    assert "WNSEARCHDIR" in caught.value.hint


def test_the_variable_names_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matomari.teach.graph.wordnet.PLACES", (str(tmp_path / "usual"),))
    monkeypatch.delenv("WNSEARCHDIR", raising=False)
    assert find_wordnet() is None
    usual = tiny_wordnet(tmp_path / "usual")
    assert find_wordnet() == usual
    monkeypatch.setenv("WNSEARCHDIR", str(tiny_wordnet(tmp_path / "other")))
    assert find_wordnet() == tmp_path / "other"
    assert find_wordnet(tmp_path / "nowhere") is None


def test_the_usual_places_begin_with_debian() -> None:
    assert PLACES[0] == "/usr/share/wordnet"


@needs_wordnet
def test_the_real_one() -> None:
    net = the_wordnet()
    assert net.senses("dog", "n")[0].words == ("dog", "domestic dog", "canis familiaris")
    assert [net.lemma(word, "n") for word in ("geese", "women", "buses", "fire hydrants", "grasses")] == [
        "goose",
        "woman",
        "bus",
        "fire hydrant",
        "grass",
    ]
    assert [net.lemma(word, "v") for word in ("ran", "stopped", "lying", "falling")] == ["run", "stop", "lie", "fall"]
    assert net.antonyms("rise", "v") == ["fall"]
    assert [s.words[0] for s in net.hypernyms(net.senses("paris", "n")[0])] == ["national capital"]  # an instance
    assert {"fox", "wolf"} <= {word for s in net.hyponyms(net.hypernyms(net.senses("dog", "n")[0])[0]) for word in s.words}


@needs_wordnet
def test_it_loads_within_three_seconds() -> None:
    start = time.process_time()
    WordNet.load()
    assert time.process_time() - start < 3
