"""Small files to be read, what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders import nasty
from matomari.errors import InputError
from matomari.rows.read import Rows, read


def put(folder: Path, name: str, content: bytes | str) -> Path:
    return nasty.data(name, content)(folder)


def texts(rows: Rows) -> list[str]:
    return rows.texts.to_pylist()


def refused(source: Any, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(source, **options)
    assert caught.value.hint
    return caught.value
