"""Lists of made-up names with known truth, of any length and with any share of things that are spelt in several ways."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from harness.data.files import TextSet
from harness.data.made_up import addresses, firms, goods, japanese, offers, parts, people, places
from harness.data.made_up.thing import Draws, Thing, cased, chance, normal

TRIES = 12  # sayings for each spelling that is wanted
DRY = 3_000  # things in a row that could not be had: the kind has no more
KINDS: dict[str, Callable[[random.Random], Thing]] = {
    "firms": firms.firm,
    "firms_europe": firms.firm_of_europe,
    "addresses_america": addresses.american,
    "addresses_europe": addresses.european,
    "values": parts.part,
    "fasteners": parts.fastener,
    "fittings": parts.fitting,
    "groceries": goods.grocery,
    "drugs": goods.dose,
    "software": goods.software,
    "models": offers.model,
    "offers": offers.offer,
    "people": people.person,
    "records": people.record,
    "citations": people.citation,
    "places": places.place,
    "organisations": places.body,
    "firms_japan": japanese.japanese_firm,
    "parts_japan": japanese.japanese_part,
}


def made_up(kind: str, rows: int, share: float, seed: int, spellings: Sequence[int] = (2, 2, 3, 4), siblings: float = 0.25) -> TextSet:
    """About so many names, shuffled; this share of the things has several spellings, and this share has a sibling that is another thing."""
    rng = Draws(f"{kind} {rows} {share} {seed} {tuple(spellings)} {siblings}")
    page, style = _Page(rng), rng.random()
    dry = 0
    while len(page.texts) < rows:
        thing = KINDS[kind](rng)
        added = page.add(thing, rng.choice(spellings) if chance(rng, share) else 1)
        if added and chance(rng, siblings) and len(page.texts) < rows:
            count = rng.choice(spellings) if chance(rng, share) else 1
            any(page.add(thing.sibling(), count) for _ in range(4))
        dry = 0 if added else dry + 1
        if dry > DRY:
            raise ValueError(f"there are no {rows} names of the kind {kind}: {len(page.texts)} were made")
    texts = [_of_the_list(text, style) for text in page.texts]
    order = rng.sample(range(len(texts)), len(texts))
    return [texts[i] for i in order], np.asarray([page.truth[i] for i in order], np.int64)


def _of_the_list(text: str, style: float) -> str:
    """Some lists hold nothing but capitals, some no capitals."""
    if style < 0.07:
        return text.replace("µ", "u").upper()
    return text.lower() if style < 0.13 else text


class _Page:
    """The names so far, and which thing owns each normalised text."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.texts: list[str] = []
        self.truth: list[int] = []
        self.keys: set[str] = set()
        self.owner: dict[str, str] = {}

    def add(self, thing: Thing, count: int) -> bool:
        """The thing in so many spellings; False when it was there before, or too few of its spellings are its own."""
        if thing.key in self.keys:
            return False
        said: dict[str, str] = {}  # without case, so that a list in capitals holds no text twice
        for attempt in range(TRIES * count):
            text = " ".join(thing.say(attempt == 0).split())
            text = text if attempt == 0 and chance(self.rng, 0.8) else cased(self.rng, text)
            if self.owner.get(normal(text), thing.key) == thing.key and normal(text):
                said.setdefault(text.casefold(), text)
            if len(said) == count:
                break
        if len(said) < min(count, 2):
            return False
        number = len(self.keys)
        self.keys.add(thing.key)
        for text in said.values():
            self.owner[normal(text)] = thing.key
            self.texts.append(text)
            self.truth.append(number)
        return True
