"""The same phrase put differently: A and B for B and A, in a coat for wearing a coat, whose it is."""

from __future__ import annotations

from random import Random

from ...graph.inflection import verb_form
from ..knowledge import Knowledge, Reading
from ..lexicon import actions
from ..speech import Span, asks
from ..tagging import noun_phrase, parts
from ..triplet import Edit
from .within import in_one, is_finite

_CLOTHES = frozenset({"clothing", "garment", "headdress"})
_OWNED = frozenset({"the", "this", "my", "our", "your", "his", "her", "their"})
_SEEN = frozenset({"a", "an", "one", "some", "several", "many", "another"})
_ELSE = frozenset({",", "between", "respectively", "both", "another", "other", "others", "same", "each"})


@in_one
def conjuncts(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With two things that stand beside each other in the other order.

    Only where nothing else can belong to one of them alone: at the start of the sentence or right behind its verb, and with nothing but a verb
    or the end behind them.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> conjuncts(know.read("The red valve and the pump are closed."), know, Random(0)).text
    'The pump and the red valve are closed.'
    """
    sentence, tags = reading.sentence, reading.tags
    places = [i for i, word in enumerate(sentence.words) if word == "and"]
    if len(places) != 1 or _ELSE & set(sentence.words) or sentence.text.isupper():
        return None
    at, end = places[0], sentence.end
    start = at
    while start and tags[start - 1] in ("DET", "NUM", "ADJ", "NOUN", "NAME"):
        start -= 1
    stop = noun_phrase(tags[:end], at + 1)
    if start == at or noun_phrase(tags[:at], start) != at or stop == at + 1:
        return None
    if not (is_finite(reading, know, stop) if start == 0 and stop < end else stop == end and (start == 0 or tags[start - 1] == "VERB")):
        return None  # she holds a dog and a cat sleeps; a dog and a cat in a box
    alone = at - start == stop - at - 1 == 1 and know.is_many(sentence.words[start]) and know.is_many(sentence.words[at + 1])
    first, second = tags[start], tags[at + 1]
    if not alone and not {first, second} <= {"DET", "NUM"}:
        return None  # red hats and gloves: are these red
    if any(sentence.hyphenated(i) for i in (*range(start, at), *range(at + 1, stop))):
        return None
    pieces = [sentence.piece(0, start), sentence.piece(at + 1, stop), "and", sentence.piece(start, at), sentence.piece(stop, end)]
    return Edit(sentence.arranged(pieces), "order around and")


def worn(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A man in a coat for a man wearing a coat, and the other way.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
        With WordNet, which says what is worn.
    draw : Random
    """
    net, sentence, tags = know.wordnet, reading.sentence, reading.tags
    if net is None or not {"in", "wearing"} & set(sentence.words):
        return None
    for i, word in enumerate(sentence.words):
        stop = noun_phrase(tags, i + 1) if word in ("in", "wearing") and i and tags[i - 1] == "NOUN" else i + 1
        if stop == i + 1:
            continue
        wearer, cloth = (know.tagger.word(sentence.words[at]).noun for at in (i - 1, stop - 1))
        senses = net.senses(cloth[0], "n") if cloth else ()
        if (
            wearer
            and net.topic(wearer[0]) == "person"
            and senses
            and _CLOTHES & {word for above in net.path(senses[0]) for word in above.words}
        ):
            other = "wearing" if word == "in" else "in"
            return Edit(sentence.with_words({i: other}), f"phrase {word}>{other}")
    return None


@in_one
def which_is(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A dog that is running barks for a dog running barks, and the other way.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random
    """
    net, sentence, tags = know.wordnet, reading.sentence, reading.tags
    stop = noun_phrase(tags, 0)
    if net is None or not stop or stop >= sentence.end or tags[stop - 1] != "NOUN" or asks(sentence, Span(0, len(sentence))):
        return None
    words = sentence.words
    relative = words[stop] in ("who", "that", "which") and words[stop + 1 : stop + 2] in (("is",), ("are",))
    verb = stop + 2 if relative else stop
    known = know.tagger.word(words[verb]).verb if verb < sentence.end and tags[verb] == "VERB" else None
    noun = know.tagger.word(words[stop - 1]).noun
    topic = net.topic(noun[0]) if noun else ""
    if tags[0] not in ("DET", "NUM", "POSS") and topic not in ("person", "animal"):
        return None  # place cleaning it on my list
    if not known or known[1] != "ing" or not noun or not any(is_finite(reading, know, i) for i in range(verb + 1, sentence.end)):
        return None
    if relative:
        return Edit(sentence.with_words({stop: "", stop + 1: ""}), f"phrase {words[stop]} {words[stop + 1]}>")
    said = f"{'who' if topic == 'person' else 'that'} {'are' if know.is_many(words[stop - 1]) else 'is'}"
    return Edit(sentence.with_words({verb: f"{said} {words[verb]}"}), f"phrase >{said}")


def owner(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """The lid of the pump for the pump's lid.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random
    """
    net, sentence, tags = know.wordnet, reading.sentence, reading.tags
    if net is None or sentence.text.isupper():
        return None
    for i, word in enumerate(sentence.words):
        base = word.removesuffix("'s").removesuffix("’s")
        if base == word or not i or sentence.words[i - 1] not in _OWNED or not net.has(base, "n"):
            continue
        stop = noun_phrase(tags, i + 1)
        plain = stop == i + 2 and tags[i + 1] == "NOUN" and net.lemma(f"{word} {sentence.words[i + 1]}", "n") is None
        if not plain:
            continue
        whose, what = sentence.tokens[i - 1], sentence.tokens[i + 1]
        said = f"the {what.text} of {whose.lower} {sentence.tokens[i].text[: len(base)]}"
        return Edit(sentence.with_spans([(whose.start, what.end, said)]), f"phrase {word} {what.lower}>of")
    return None


@in_one
def aspect(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """A dog is running for a dog runs, and the other way: of what is seen, which is what an indefinite subject and an action tell.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [aspect(know.read(text), know, Random(0)).text for text in ("A red dog sits on it.", "Two dogs are sitting on it.")]
    ['A red dog is sitting on it.', 'Two dogs sit on it.']
    """
    sentence, tags, words = reading.sentence, reading.tags, reading.sentence.words
    found = parts(sentence, tags)
    if found.subject is None or found.action is None or not (tags[0] == "NUM" or words[0] in _SEEN) or sentence.text.isupper():
        return None
    stop, at = found.subject[1], found.action
    verb = know.tagger.word(words[at]).verb
    if verb is None or verb[0] not in actions() or "AUX" in tags[at:]:
        return None
    many = (tags[0] == "NUM" and words[0] not in ("one", "1")) or words[0] in ("some", "several", "many")
    if at == stop and verb[1] == ("" if many else "s"):
        return Edit(sentence.with_words({at: f"{'are' if many else 'is'} {verb_form(verb[0], 'ing')}"}), f"aspect {words[at]}")
    if at == stop + 1 and verb[1] == "ing" and words[stop] == ("are" if many else "is"):
        return Edit(sentence.with_words({stop: "", at: verb_form(verb[0], "" if many else "s")}), f"aspect {words[at]}")
    return None
