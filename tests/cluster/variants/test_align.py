"""Which tokens stand for each other, by hand."""

from __future__ import annotations

import pytest

from matomari.cluster.variants.align import Aligner
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser


def aligned(a: str, b: str) -> tuple[list[str], list[tuple[str, str, str]], list[str], list[str]]:
    lexicon = Lexicon.of([a, b], Tokeniser.of([a, b]))
    found = Aligner(lexicon)(0, 1)
    key = [token.key for token in lexicon.tokens]
    spellings = [(key[s.left], s.how, key[s.right]) for s in found.spellings]
    return [key[t] for t in found.equal], spellings, [key[t] for t in found.left], [key[t] for t in found.right]


@pytest.mark.parametrize(
    ("a", "b", "spellings", "left", "right"),
    [
        ("33 pF", "33p", [("3.3e-11capacitance", "quantity", "3.3e-11prefix")], [], []),
        ("0.1uF 50V", "100nF 16V", [], ["50voltage"], ["16voltage"]),
        ("M8 x 20", "M8 x 20 mm", [("20", "number", "0.02length")], [], []),
        ("Mill Lane 5", "Mill Lane 5a", [], ["5house number"], ["5ahouse number"]),
        ("6521 South Ave", "6523 South Ave", [], ["6521house number"], ["6523house number"]),
        ("fuse 5", "fuse 5a", [], ["5"], ["5current"]),
        ("M8 x 10", "M10 x 8", [], ["8thread", "10"], ["10thread", "8"]),
        ("Studio V11", "Studio 11", [("11version", "number", "11")], [], []),
        ("Aqua Bloom", "Aquabloom", [("aqua", "joined", "aquabloom")], [], []),
        ("Aquabloom", "Aqua Bloom", [("aquabloom", "joined", "aqua")], [], []),
        ("UCC27524P", "595-UCC27524P", [("ucc27524p", "contained", "595ucc27524p")], [], []),
        ("Mueller", "Müller", [("mueller", "sound", "muller")], [], []),
        ("mgmt", "management", [], [], []),
        ("J Miller", "James Miller", [("j", "initial", "james")], [], []),
        ("baering", "bearing", [("baering", "typo", "bearing")], [], []),
        ("Oil Works", "Gas Works", [], ["oil"], ["gas"]),
        ("12345 a1", "112345 a1", [], ["12345"], ["112345"]),
        ("10 x 10 cm", "10 x 20 cm", [], ["0.1length"], ["0.2length"]),
    ],
)
def test_alignment_by_hand(a: str, b: str, spellings: list[tuple[str, str, str]], left: list[str], right: list[str]) -> None:
    _, found, rest_a, rest_b = aligned(a, b)
    assert (found, rest_a, rest_b) == (spellings, left, right)


def test_each_token_stands_for_one() -> None:
    equal, found, left, right = aligned("bolt bolts bolted", "bolt boltz")
    assert equal == ["bolt"]
    assert len(found) == 1
    assert len(left) + len(right) == 1


def test_the_best_spelling_comes_first() -> None:
    _, found, _, right = aligned("bearing", "baering bearings")
    assert found == [("bearing", "abbreviation", "bearings")]  # worth .9; the typing error is worth .57
    assert right == ["baering"]
