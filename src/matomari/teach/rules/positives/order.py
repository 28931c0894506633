"""The same words in another order: a place in front, the passive, a size before its part."""

from __future__ import annotations

from functools import cache
from random import Random

from ...graph.inflection import verb_form
from ...graph.quantities import quantities
from ..knowledge import Knowledge, Reading
from ..lexicon import listed, rows
from ..speech import Span, asks, spans
from ..tagging import noun_phrase, parts
from ..triplet import Edit
from .within import finite_verbs, in_one, named

_TIMES = ("x", "X", "×", "*")
LONGEST = 6  # tokens of a phrase that is put in front
_PLACES = frozenset({"in", "on", "at", "near", "during", "along", "across", "behind", "under", "beside", "inside", "outside"})
_NO_PLACES = frozenset(
    {"animal", "person", "communication", "cognition", "possession", "act"}
)  # WordNet's topics of what is no place or time
_BEHIND_PASSIVE = _PLACES | {"before", "after", "while"}


@in_one
def front(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With the phrase of place or time that ends it put in front.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> front(know.read("A dog runs in the park."), know, Random(0)).text
    'In the park, a dog runs.'
    """
    sentence, tags = reading.sentence, reading.tags
    if asks(sentence, Span(0, len(sentence))) or tags[0] == "VERB":
        return None  # what is asked for or told is asked there, or told to be done there
    if {"that", "whether", '"', "“", "”"} & set(sentence.words):
        return None  # where it is, and not where somebody says so
    end = sentence.end
    prepositions = [i for i in range(end) if tags[i] == "PREP"]
    if len(prepositions) != 1 or prepositions[0] < 2 or "VERB" not in tags[: prepositions[0]] or "CONJ" in tags or "," in sentence.words:
        return None
    at = prepositions[0]
    if tags[at - 1] == "DET" or finite_verbs(reading, know, 0, at) > 1:
        return None  # an in country transfer; where I think that it is
    if sentence.words[at] not in _PLACES or end - at > LONGEST or noun_phrase(tags[:end], at + 1) != end or end == at + 1:
        return None
    noun = know.tagger.word(sentence.words[end - 1]).noun
    topic = know.wordnet.topic(noun[0]) if know.wordnet and noun else ""
    if topic in _NO_PLACES or (sentence.text.isupper() and topic not in ("location", "time")):
        return None  # what is bitten at, what is invested in
    return Edit(sentence.arranged([sentence.piece(at, end) + ",", sentence.piece(0, at)], named=named(reading, know)), "fronting")


@in_one
def passive(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """In the passive, where subject, verb and object stand side by side.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [passive(know.read(text), know, Random(0)).text for text in ("A dog is chasing a cat.", "FORD BUYS HERTZ")]
    ['A cat is being chased by a dog.', 'HERTZ IS BOUGHT BY FORD']
    """
    sentence, tags = reading.sentence, reading.tags
    found = parts(sentence, tags)
    if found.subject is None or found.action is None or found.object is None:
        return None
    (first, stop), (begin, end) = found.subject, found.object
    verb = know.tagger.word(sentence.words[found.action]).verb
    if verb is None or verb[0] not in _transitive() or any(tags[i] == "POSS" for i in (*range(first, stop), *range(begin, end))):
        return None
    if any(sentence.hyphenated(i) for i in range(end)) or (found.state and sentence.words[end] not in _BEHIND_PASSIVE):
        return None
    between = sentence.words[stop : found.action]
    many = know.is_many(sentence.words[end - 1])
    said = _said(verb, between, many=many)
    if said is None:
        return None
    rest = sentence.piece(end, sentence.end)
    return Edit(sentence.arranged([sentence.piece(begin, end), said, "by " + _subject(reading, first, stop), rest]), f"passive {verb[0]}")


def _subject(reading: Reading, first: int, stop: int) -> str:
    """The subject, its capital small where the sentence alone brought it: before a common word."""
    text = reading.sentence.piece(first, stop)
    common = reading.tags[first] in ("DET", "NUM", "ADJ", "NOUN") and not reading.sentence.tokens[first].text[1:2].isupper()
    return text[:1].lower() + text[1:] if common and not reading.sentence.text.isupper() else text


@cache
def _transitive() -> frozenset[str]:
    table = {row["verb"] for row in rows("actions") if row["use"] == "transitive"}
    return frozenset(table | listed("asymmetric")) - {"lead", "fight"}


def _said(verb: tuple[str, str], between: tuple[str, ...], *, many: bool) -> str | None:
    lemma, form = verb
    done, are = verb_form(lemma, "en"), "are" if many else "is"
    if form == "ing" and between in (("is",), ("are",), ()):
        return f"{are} being {done}"
    if form == "s" and not between:
        return f"{are} {done}"
    if form == "" and between == ("to",):
        return f"to be {done}"
    return f"{'were' if many else 'was'} {done}" if form == "ed" and not between and lemma not in ("cut", "hit", "read", "put") else None


def part(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """With the size of a part in another place: only in names, which hold no verb and no determiner.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> part(know.read("bolt M8 20 mm"), know, Random(0)).text
    '20 mm bolt, M8'
    >>> part(know.read("ステンレスボルト M8 20mm"), know, Random(0)).text
    '20mm ステンレスボルト M8'
    """
    text = reading.sentence.text
    if not is_part(reading):
        return None
    if reading.sentence.japanese:
        pieces = text.split()
        alone = any(piece in _TIMES for piece in pieces)  # M8 × 20
        return Edit(" ".join([pieces[-1], *pieces[:-1]]), "order") if 1 < len(pieces) < 6 and not alone else None
    sized = [quantity for quantity in quantities(text) if quantity.unit is not None]
    if len(sized) != 1 or sized[0].start == 0 or text[: sized[0].start].rstrip().lower().endswith(("x", "×", "-", "/")):
        return None
    size = text[sized[0].start : sized[0].end]
    words = (text[: sized[0].start] + text[sized[0].end :]).replace(",", " ").split()
    names = [word for word in words if not any(c.isdigit() for c in word)]
    codes = [word for word in words if any(c.isdigit() for c in word)]
    if not names or text[sized[0].end : sized[0].end + 1] not in ("", " ", ","):
        return None
    way = draw.randrange(2)
    return Edit(f"{size} {' '.join(names)}" if way == 0 and not codes else ", ".join([f"{size} {' '.join(names)}", *codes]), "order")


def is_part(reading: Reading) -> bool:
    """Whether a text is the name of a thing rather than a sentence: short, without verb, determiner and end sign.

    Examples
    --------
    >>> from ..sentence import Sentence
    >>> [is_part(Reading(Sentence(text), tags)) for text, tags in (("bolt M8", ("NAME", "NAME")), ("a bolt", ("DET", "NAME")))]
    [True, False]
    """
    sentence = reading.sentence
    if sentence.japanese:
        return not any(c in "。はがをで" for c in sentence.text) and len(sentence.text) < 40
    busy = {"VERB", "DET", "AUX", "PRON", "POSS", "CONJ", "NEG", "TO"}
    if len(sentence) < 2 or "to" in sentence.words or asks(sentence, spans(sentence)[0]):
        return False
    return len(sentence) <= 10 and sentence.end == len(sentence) and not busy & set(reading.tags) and not sentence.text.isupper()
