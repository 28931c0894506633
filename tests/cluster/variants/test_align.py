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
        ("MCB b16", "miniature circuit breaker b16", [("mcb", "abbreviation", "miniature")], [], []),
        ("power supply unit 5", "PSU 5", [("power", "abbreviation", "psu")], [], []),
        ("DMV forms", "department of motor vehicles forms", [("dmv", "abbreviation", "department")], [], ["of"]),
        ("MCB miniature", "miniature circuit breaker", [], ["mcb"], ["circuit", "breaker"]),  # one of its words is taken
        ("hexnut", "hex nut", [("hexnut", "joined", "hexagon")], [], []),
        ("hexnut", "nut, hex", [("hexnut", "joined", "nut")], [], []),
        ("gs7858n", "gs 7858 n", [("gs7858n", "joined", "gs")], [], []),
        ("elbow 20", "eblow 20", [("elbow", "typo", "eblow")], [], []),
        ("washer stainle", "washer stainless", [("stainle", "abbreviation", "stainless")], [], []),
        ("rod 20", "red 20", [], ["rod"], ["red"]),  # too short to be a colour misspelt
        ("gauge d63", "gauge 63 mm", [("d63", "number", "0.063length")], [], []),
        ("gauge d63", "gauge 63", [("d63", "number", "63")], [], []),
        ("gauge d63", "gauge 63 kg", [], ["d63"], ["63mass"]),
        ("rail k1000", "rail 1000", [], ["k1000"], ["1000"]),  # k is the letter of no dimension
        ("cable 0.75", "cable 0.75 mm2", [("0.75", "number", "7.5e-07area")], [], []),
        ("case 0603", "case 603 mm", [], ["0603"], ["0.603length"]),
        ("bolt 20 x 70, 100 pcs", "bolt 20 x 100", [], ["70", "100pieces"], ["100"]),
        ("bolt 20 x 70, 100 pcs", "bolt 20 x 70, 100", [("100pieces", "number", "100")], [], []),
        ("type 8957 t", "type 8967 t", [], ["8.957e+06mass"], ["8.967e+06mass"]),
        ("holzschraube", "schlossschraube", [], ["holzschraube"], ["schlossschraube"]),
        ("elektromagnetisch", "elektromagnetishc", [("elektromagnetisch", "typo", "elektromagnetishc")], [], []),
    ],
)
def test_alignment_by_hand(a: str, b: str, spellings: list[tuple[str, str, str]], left: list[str], right: list[str]) -> None:
    _, found, rest_a, rest_b = aligned(a, b)
    assert (found, rest_a, rest_b) == (spellings, left, right)


def test_a_number_is_that_of_any_writing_of_an_amount() -> None:
    texts = ["rod 1 m", "rod 1000 mm", "rod 1000", "rod 100"]
    lexicon = Lexicon.of(texts, Tokeniser.of(texts))
    assert [len(Aligner(lexicon)(0, other).spellings) for other in (2, 3)] == [1, 0]


def test_how_one_new_text_is_written_says_nothing_of_another() -> None:
    known = ["rod 1 m", "rod 1000", "rod 2000"]
    read = Tokeniser.of(known)
    lexicon = Lexicon.of(known, read)

    def matched(new: list[str], of: int) -> list[int]:
        """Which of the known numbers a new text is matched with."""
        found = Aligner(lexicon.extended(new, read))
        return [number for number in (1, 2) if found(3 + of, number).spellings]

    assert matched(["rod 1 m zinc", "rod 1000 mm"], 0) == matched(["rod 1 m zinc"], 0) == []
    assert matched(["rod 2000 mm", "rod 2 m"], 0) == matched(["rod 2000 mm"], 0) == [2]
    assert matched(["rod 2000 mm", "rod 2 m"], 1) == matched(["rod 2 m"], 0) == []


def test_each_token_stands_for_one() -> None:
    equal, found, left, right = aligned("bolt bolts bolted", "bolt boltz")
    assert equal == ["bolt"]
    assert len(found) == 1
    assert len(left) + len(right) == 1


def test_the_best_spelling_comes_first() -> None:
    _, found, _, right = aligned("bearing", "baering bearings")
    assert found == [("bearing", "abbreviation", "bearings")]  # worth .9; the typing error is worth .57
    assert right == ["baering"]
