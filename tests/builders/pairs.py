"""Pairs to be read, and what of them is refused."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from matomari.errors import InputError
from matomari.rows.pairs import Pairs, read_pairs

ROWS = [("why, then?", "日本語\nbelow"), ('say "so"', "007"), ("c", "[1]")]


def flat(found: Pairs) -> list[tuple[str, str]]:
    return list(zip(found.anchors.to_pylist(), found.positives.to_pylist(), strict=True))


def refused(source: Any, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pairs(source, **options)
    assert caught.value.hint
    assert caught.value.exit_code == 2
    assert len(caught.value.message.splitlines()) == 1
    return caught.value


def table(*names: str, rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})
