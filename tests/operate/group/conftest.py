"""Groupings that many tests look at, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import matomari
from builders import EXAMPLE
from builders.report_reader import Reader, chromium, make
from builders.topics import topical
from matomari.operate.group.page import write


@pytest.fixture(scope="session")
def themes() -> matomari.Grouping:
    return matomari.group(topical()[0], kind="themes")


@pytest.fixture(scope="session")
def soft() -> matomari.Grouping:
    return matomari.group(topical()[0], method="soft")


@pytest.fixture(scope="session")
def variants() -> matomari.Grouping:
    return matomari.group(EXAMPLE, text="name")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(make(), tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture
def reader(browser: Any, report: Path) -> Iterator[Reader]:
    opened = Reader(browser, report)
    opened.wait("document.getElementById('map').dataset.zoom")
    yield opened
    opened.clean()
    opened.context.close()
