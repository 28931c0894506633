"""The same number of another unit or scale: 500 g for 500 kg, million for billion."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ...graph.quantities import quantities
from ...graph.values import other_units
from ..knowledge import Knowledge, Reading
from ..triplet import Edit


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence with one unit changed, so that the amount is another.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
        Its statistics say which units the corpus uses: these come first.
    draw : Random

    Examples
    --------
    >>> from ...graph.vocabulary import Vocabulary
    >>> from ..statistics import Statistics
    >>> know = Knowledge(None, Vocabulary(), Statistics.of(["10 kg", "20 kg"]))
    >>> next(edits(know.read("flour, 500 g"), know, Random(0)))
    Edit(text='flour, 500 kg', made='500 g>500 kg')
    """
    sentence = reading.sentence
    found = list(quantities(sentence.text))
    draw.shuffle(found)
    for quantity in found:
        ways = other_units(quantity, sentence.text)
        draw.shuffle(ways)
        used = {unit for unit, _, _ in know.statistics.values}
        ways.sort(key=lambda way: not any(q.unit and q.unit.unit in used for q in quantities(way)))
        for way in ways[:2]:
            old = sentence.text[quantity.start : quantity.end]
            again = quantities(way)
            if again and (again[0].dimension, again[0].amount) != (quantity.dimension, quantity.amount):
                yield Edit(sentence.text[: quantity.start] + way + sentence.text[quantity.end :], f"{old}>{way}")
