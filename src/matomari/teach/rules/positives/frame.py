"""The sentence inside a frame that adds nothing: "a photo of …", "there is …", "note: …"."""

from __future__ import annotations

from random import Random

from ...graph.quantities import quantities
from ..knowledge import Knowledge, Reading
from ..lexicon import rows
from ..speech import asks, spans
from ..triplet import Edit
from .order import is_part
from .within import is_finite

_INDEFINITE = frozenset({"a", "an", "some", "several", "many", "another"})
_SEEN = frozenset({"animal", "person", "artifact"})


def frame(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """In a frame of its style, or None where no style is certain.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> frame(know.read("hose clamp 20 mm"), know, Random(1)).text
    'Item: hose clamp 20 mm'
    """
    text = reading.sentence.text
    style = _style(reading, know)
    choices = [row["frame"] for row in rows("frames") if row["style"] == style]
    if not choices:
        return None
    chosen = draw.choice(choices)
    inside = text[:1].lower() + text[1:] if style == "scene" and reading.tags[0] in ("DET", "NUM") else text
    shown = chosen.upper() if text.isupper() and text.isascii() else chosen
    if chosen.startswith("There is") and (reading.tags[0] == "NUM" or reading.sentence.words[0] not in ("a", "an", "one")):
        shown = shown.replace("There is", "There are") if reading.tags[0] == "NUM" else "In view: {}"
    return Edit(shown.replace("{}", inside), f"frame {chosen}")


def _style(reading: Reading, know: Knowledge) -> str:
    sentence, tags = reading.sentence, reading.tags
    if sentence.japanese:
        return "japanese part" if is_part(reading) else "japanese"
    if is_part(reading):
        return "part"
    first = tags[0] if tags else "END"
    amounts = quantities(sentence.text)
    if amounts and first == "NUM" and (amounts[0].unit is not None or amounts[0].value.denominator > 1):
        return ""  # 7.0 cu.ft. dryer
    finite = any(is_finite(reading, know, i) for i in range(len(tags)))
    seen = know.wordnet is not None and any(know.wordnet.topic(mention.lemma) in _SEEN for mention in know.anything(sentence.text))
    scene = (first == "NUM" or sentence.words[0] in _INDEFINITE) and not finite and seen and "?" not in sentence.words
    return "scene" if scene else ""


def plain(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """Behind a word that says nothing: for what nothing else can be done to.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [plain(know.read(text), know, Random(1)).text for text in ("The soup was salty.", "Why was it salty?")]
    ['Note: The soup was salty.', 'Question: Why was it salty?']
    """
    sentence = reading.sentence
    if sentence.japanese:
        return None
    style = "question" if any(asks(sentence, span) for span in spans(sentence)) else "statement"
    chosen = draw.choice([row["frame"] for row in rows("frames") if row["style"] == style])
    return Edit((chosen.upper() if sentence.text.isupper() else chosen).replace("{}", sentence.text), f"frame {chosen}")


def there_is(reading: Reading, know: Knowledge, draw: Random) -> Edit | None:
    """As a whole sentence: a dog running for a dog is running."""
    sentence, tags = reading.sentence, reading.tags
    if not tags or tags[0] not in ("DET", "NUM") or "AUX" in tags:
        return None
    at = next((i for i, tag in enumerate(tags) if tag not in ("DET", "NUM", "ADJ", "NOUN")), 0)
    known = know.tagger.word(sentence.words[at]).verb if at > 1 and tags[at] == "VERB" else None
    noun = know.tagger.word(sentence.words[at - 1]).noun if known else None
    if known is None or known[1] != "ing" or noun is None or tags[at - 1] != "NOUN" or tags[at - 2] == "NOUN":
        return None  # a man mountain biking
    if any(
        tag == "VERB" and (verb := know.tagger.word(word).verb) and verb[1] == "s" for tag, word in zip(tags, sentence.words, strict=True)
    ):
        return None
    are = "are" if know.is_many(sentence.words[at - 1]) else "is"
    return Edit(sentence.with_words({at: f"{are} {sentence.words[at]}"}), f"finite {sentence.words[at]}")
