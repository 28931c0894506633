"""Numbers of groups by their size, by hand."""

from __future__ import annotations

import numpy as np

from matomari.cluster.relabel import by_size


def test_by_size_by_hand() -> None:
    assert by_size(np.array([7, 3, 3, 5, 5, 9])).tolist() == [2, 0, 0, 1, 1, 3]
