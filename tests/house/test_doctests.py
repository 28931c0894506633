"""Every example in a docstring does what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import matomari

# a module that runs something when it is imported is started, not imported
MODULES = sorted(m.name for m in pkgutil.walk_packages(matomari.__path__, "matomari.") if not m.name.endswith("__main__"))


@pytest.mark.parametrize("name", ["matomari", *MODULES])
def test_examples(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_examples_were_found() -> None:
    finder = doctest.DocTestFinder()
    assert sum(len(t.examples) for t in finder.find(importlib.import_module("matomari.partition"))) >= 2


def test_a_planted_lie_is_caught() -> None:
    module = ModuleType("planted", ">>> 1 + 1\n3\n")
    assert doctest.testmod(module, report=False).failed == 1
