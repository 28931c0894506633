"""Partitions made by chance, and when two are the same."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from matomari.partition import Partition

NAMES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), unique=True, max_size=30)


@st.composite
def partitions(draw: st.DrawFn, with_centers: bool | None = None) -> Partition:
    ids = draw(NAMES)
    k = draw(st.integers(1, 6))
    labels = draw(st.lists(st.integers(-1, k - 1), min_size=len(ids), max_size=len(ids)))
    strength = draw(st.lists(st.floats(0, 1, width=32), min_size=len(ids), max_size=len(ids)))
    centers = None
    if draw(st.booleans()) if with_centers is None else with_centers:
        centers = np.asarray(
            draw(st.lists(st.lists(st.floats(-4, 4, width=32), min_size=3, max_size=3), min_size=k, max_size=k)), np.float32
        )
    origin = draw(st.dictionaries(st.sampled_from(["seed", "encoder", "名"]), st.none() | st.integers(-9, 9) | st.text(max_size=3)))
    return Partition(ids, labels, strength, centers, origin)


def same(a: Partition, b: Partition) -> bool:
    centers = (a.centers is None and b.centers is None) or np.array_equal(a.centers, b.centers)
    arrays = all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("ids", "labels", "strength"))
    return bool(centers and arrays and dict(a.origin) == dict(b.origin))
