"""Families of texts that are equal but for one token, against a plain loop and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from matomari.cluster.variants.evidence.evidence import aligned
from matomari.cluster.variants.evidence.families import MOST, Families
from matomari.cluster.variants.evidence.features import NAMES, PLACE
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.token import FORM, STOP
from matomari.cluster.variants.reading.tokens import Tokeniser


def families_of(texts: list[str]) -> Families:
    return Families(Lexicon.of(texts, Tokeniser.of(texts)))


def by_loop(families: Families) -> tuple[dict[str, int], dict[str, int]]:
    """Takers and extras of each token, two texts at a time."""
    lexicon = families.lexicon
    spoken = [frozenset(t for t in row if lexicon.tokens[t].kind not in (STOP, FORM)) for row in lexicon.rows]
    around: dict[tuple[frozenset[int], int], set[int]] = {}
    extra = {token.key: 0 for token in lexicon.tokens}
    for one in spoken:
        for token in one:
            rest = one - {token}
            extra[lexicon.tokens[token].key] += bool(rest) and rest in spoken
            others = {next(iter(other - rest)) for other in spoken if rest and rest < other and len(other) == len(one)}
            around[rest, token] = others - {token}
    takers = {token.key: 0 for token in lexicon.tokens}
    for (_, token), others in around.items():
        takers[lexicon.tokens[token].key] += min(len(others), MOST)
    return takers, extra


def test_takers_and_extras_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    words, seen = ["bolt", "nut", "gear", "hose"], set()
    for _ in range(120):
        seen.add(
            " ".join([str(rng.choice(words)), *(str(n) for n in rng.choice([11, 37, 59, 83, 20], int(rng.integers(1, 4)), replace=False))])
        )
    families = families_of(sorted(seen))
    takers, extra = by_loop(families)
    keys = [token.key for token in families.lexicon.tokens]
    assert dict(zip(keys, families.takers.tolist(), strict=True)) == takers
    assert dict(zip(keys, families.extra.tolist(), strict=True)) == extra
    assert max(takers.values()) > 3 < max(extra.values())


@pytest.mark.parametrize(("a", "b"), [("jane joremann 20", "jane jormann 20"), ("jane miller 20", "jane miller 21"), ("x ab12", "x ab13")])
def test_what_may_be_a_mistake_tells_nothing_apart(a: str, b: str) -> None:
    assert families_of([a, b, "hose"]).takers.sum() == 0


def test_three_in_one_place_are_no_mistakes() -> None:
    assert families_of(["bolt 20", "bolt 21", "bolt 22"]).takers.sum() == 3 * 2


def test_what_families_say_of_a_pair_by_hand() -> None:
    texts = ["bolt zinc 20", "bolt zinc 25", "bolt zinc 37", "bolt plain 20", "bolt zinc", "gear long", "hose long"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    table = aligned(lexicon, np.array([0, 0, 0, 5, 5]), np.array([1, 3, 4, 6, 0]))
    rows = [dict(zip(NAMES, row, strict=False)) for row in table.tolist()]
    numbers = {"taken": np.log1p(2), "words_apart": 0, "numbers_apart": 3 / 7, "extra": 0, "longer": 0}
    colours = {"taken": np.log1p(1), "words_apart": 4 / 7, "numbers_apart": 0, "extra": 0, "longer": 0}
    longer = {"taken": 0, "words_apart": 0, "numbers_apart": 0, "extra": np.log1p(1), "longer": 3 / 7}
    for row, expected in zip(rows[:3], (numbers, colours, longer), strict=True):
        assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_taken_is_that_of_the_side_with_fewer_takers() -> None:
    texts = ["bolt zinc 20", "bolt plain 20", "nut zinc", "nut dull"]  # zinc has two takers, plain has one
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    row = dict(zip(NAMES, aligned(lexicon, np.array([0]), np.array([1]))[0].tolist(), strict=False))
    assert row["taken"] == pytest.approx(np.log1p(1), abs=1e-6)


def test_a_word_against_a_number_counts_as_any_kind() -> None:
    texts = ["bolt zinc 20", "bolt zinc 25", "bolt zinc 37", "bolt zinc plain", "hose"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    row = dict(zip(NAMES, aligned(lexicon, np.array([0]), np.array([3]))[0].tolist(), strict=False))
    assert (row["words_apart"], row["numbers_apart"]) == pytest.approx((3 / 5, 0), abs=1e-6)


def test_new_texts_change_no_family() -> None:
    texts = ["bolt", "bolt 20", "bolt 25", "nut 7"]
    tokeniser = Tokeniser.of(texts)
    lexicon = Lexicon.of(texts, tokeniser)
    before, after = Families(lexicon), Families(lexicon.extended(["bolt 30", "bolt 31", "bolt 20 25"], tokeniser))
    assert after.shares == before.shares
    known = len(lexicon.tokens)
    assert after.takers[:known].tolist() == before.takers.tolist()
    assert after.extra.tolist() == [*before.extra.tolist(), 0, 0]


def test_records_of_one_shape() -> None:
    records = [f"jane {name} {year}" for name in ("smith", "moore", "baker", "jones") for year in (1970, 1980)]
    free = ["hose", "hose red", "hose 12 red", "hose 3 m", "ab12 hose", "red", "12 hose", "nut gear"]
    assert Lexicon.of(records, Tokeniser.of(records)).shape == pytest.approx(0.7)
    values = [f"{n} pF 50 V" for n in range(1, 9)]
    assert Lexicon.of(values, Tokeniser.of(values)).shape == 0
    assert Lexicon.of(free, Tokeniser.of(free)).shape == 0
    assert PLACE["shape"] == len(NAMES) - 1
