"""Function words: which languages a column speaks, and what no list may drop."""

from __future__ import annotations

import pytest

from matomari.cluster.naming.function_words import FUNCTION_WORDS, NEGATIONS, PARTICLES, function_words, languages

SENTENCES = {
    "English": "where is my card and why has it not arrived yet",
    "German": "wo ist meine Karte und warum ist sie noch nicht da",
    "French": "où est ma carte et pourquoi est-ce que je ne l'ai pas",
    "Spanish": "dónde está mi tarjeta y por qué no ha llegado todavía",
    "Italian": "dove è la mia carta e perché non è ancora arrivata",
    "Portuguese": "onde está o meu cartão e por que ainda não chegou",
    "Dutch": "waar is mijn kaart en waarom is hij er nog niet",
    "Swedish": "var är mitt kort och varför har det inte kommit ännu",
    "Polish": "gdzie jest moja karta i dlaczego jeszcze jej nie ma",
    "Russian": "где моя карта и почему она ещё не пришла ко мне",
    "Turkish": "benim kart nerede ve neden hala bana daha var",
    "Hindi": "मेरा कार्ड कहाँ है और यह अभी तक क्यों नहीं आया",
}


@pytest.mark.parametrize("language", list(SENTENCES))
def test_each_language_is_recognised(language: str) -> None:
    assert languages(SENTENCES[language].casefold().split()) == [language]


def test_a_column_of_two_languages_has_both() -> None:
    words = (SENTENCES["German"] + " " + SENTENCES["Polish"]).casefold().split()
    assert set(languages(words)) == {"German", "Polish"}


def test_names_without_function_words_are_read_as_english() -> None:
    assert languages(["bolt", "m8", "zinc", "plated"]) == []
    function, spoken = function_words(["bolt", "m8", "zinc", "plated"])
    assert spoken == ["English (no language was recognised)"]
    assert "the" in function


@pytest.mark.parametrize("word", ["top", "bill", "fire", "call", "system", "interest", "not", "cannot", "no", "work", "need", "help"])
def test_words_that_groups_are_about_are_no_function_words(word: str) -> None:
    assert word not in FUNCTION_WORDS["English"]


def test_negations_and_particles_stay() -> None:
    assert {"not", "cannot", "nicht", "pas"} <= NEGATIONS
    assert {"up", "out"} <= PARTICLES & FUNCTION_WORDS["English"]
