"""Groupings that many tests look at, made once."""

from __future__ import annotations

import pytest

import matomari
from builders import EXAMPLE
from builders.topics import topical


@pytest.fixture(scope="session")
def themes() -> matomari.Grouping:
    return matomari.group(topical()[0], kind="themes")


@pytest.fixture(scope="session")
def soft() -> matomari.Grouping:
    return matomari.group(topical()[0], method="soft")


@pytest.fixture(scope="session")
def variants() -> matomari.Grouping:
    return matomari.group(EXAMPLE, text="name")
