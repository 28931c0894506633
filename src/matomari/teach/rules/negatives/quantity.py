"""Another number, as near as the corpus or common sense has it; never the same amount."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from ...graph.quantities import Quantity, quantities
from ...graph.values import other_values
from ..knowledge import Knowledge, Reading
from ..triplet import Edit

_BOUND = re.compile(
    r"\b(?:below|above|under|over|beyond|within|up to|at (?:least|most)|(?:more|less|fewer|larger|smaller|longer|shorter|higher|lower|older|younger|"
    r"greater|heavier|faster|slower|colder|warmer|hotter|thicker|thinner) than|max\.?|min\.?|maximum|minimum|about|around|some|nearly|almost)$",
    re.IGNORECASE,
)
_WIDE = str.maketrans("0123456789.,/", "０１２３４５６７８９．，／")


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one number changed.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
        Its statistics say which values stand before the unit elsewhere.
    draw : Random

    Examples
    --------
    >>> from ...graph.vocabulary import Vocabulary
    >>> from ..statistics import Statistics
    >>> know = Knowledge(None, Vocabulary(), Statistics.of(["bolt 20 mm", "bolt 25 mm", "bolt 30 mm"]))
    >>> sorted(edit.text for edit in edits(know.read("nut, 25 mm"), know, Random(0)))
    ['nut, 20 mm', 'nut, 30 mm']
    """
    sentence = reading.sentence
    found = [q for q in quantities(sentence.text) if not _beyond(q, sentence.text)]
    draw.shuffle(found)
    for quantity in found:
        others = other_values(quantity, know.statistics.near(quantity))
        draw.shuffle(others)
        for other in others[:3]:
            start, end = quantity.at
            wide = any("０" <= c <= "９" for c in sentence.text[start:end])
            made = f"{quantity.number}>{other}"
            yield Edit(sentence.with_spans([(start, end, other.translate(_WIDE) if wide else other)]), made)


def _beyond(quantity: Quantity, text: str) -> bool:
    """Whether the number is a bound, or part of a name or a score: changed, the sentence might follow, mean nothing else, or nothing."""
    before, after = text[: quantity.start].rstrip(), text[quantity.end :]
    if _BOUND.search(before):
        return True  # what is below 12 is below 20, too
    return before.endswith(("'", "#", "No.")) or after.startswith((" of them", "'"))
