"""Numbers, sizes and model codes in a text, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matomari.cluster.kind.codes import agreement, codes, compact, holds, normal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＰＳ－ＬＸ３５０Ｈ", "pslx350h"),
        ("ﾎﾞﾙﾄ Ｍ８×２０", "ボルト m8x20"),
        ("A-B/C.D", "abcd"),
        ("2,5 or 2.5 or 33-1/3", "2.5 or 2.5 or 33-1/3"),
        ("one, two", "one, two"),
        ("non–breaking‐hyphens", "nonbreakinghyphens"),
        ("- dash at the edge -", "- dash at the edge -"),
        ("Straße", "strasse"),
        ("㎏ ½", "kg 1⁄2"),
        ("", ""),
    ],
)
def test_normal(text: str, expected: str) -> None:
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bolt M8 x 20", ["20", "m8"]),
        ("六角ボルト Ｍ８－２０ 亜鉛", ["20", "m8"]),
        ("O-Ring 2,5 mm", ["2.5"]),
        ("3.5 and 35", ["3.5", "35"]),
        ("500ml", ["500ml"]),
        ("500 ml", ["500"]),
        ("PS-LX350H and ps lx350h", ["lx350h", "pslx350h"]),
        ("20 x 20 x 20", ["20"]),
        ("no code at all", []),
        ("第３回", ["第3回"]),
        ("", []),
        ("-- / .", []),
    ],
)
def test_codes(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("left", "right", "share", "conflict"),
    [
        ("Bolt M8x20", "BOLT M8 X 20 ZN", 1.0, False),
        ("bolt M8x20", "bolt M8x25", 0.0, True),
        ("hose 3.5 mm", "hose 35 mm", 0.0, True),
        ("hose 20 mm", "hose 200 mm", 0.0, True),
        ("ring 2,5", "ring 2.5", 1.0, False),
        ("hose", "hose 3 m", math.nan, False),
        ("gloves L", "gloves M", 0.0, True),
        ("gloves L", "gloves L", math.nan, False),
        ("PS-LX350H", "pslx350h black", 1.0, False),
    ],
)
def test_agreement_of_codes_by_hand(left: str, right: str, share: float, conflict: bool) -> None:
    for one, other in ((left, right), (right, left)):
        found, clash = agreement([one, other], np.array([0]), np.array([1]))
        assert float(found[0]) == pytest.approx(share, nan_ok=True)
        assert bool(clash[0]) is conflict


def test_part_of_a_longer_number_is_no_code() -> None:
    assert not holds(compact("cable 200 mm"), "20")
    assert not holds(compact("cable 1.20 m"), "20")
    assert not holds(compact("ring 2.5"), "2")
    assert holds(compact("cable 200 20"), "20")
    assert holds(compact("M8 x 20"), "m8x20")
