"""The real WordNet, where the machine has one."""

from __future__ import annotations

from functools import cache

import pytest

from matomari.teach.graph.wordnet import WordNet, find_wordnet

needs_wordnet = pytest.mark.skipif(find_wordnet() is None, reason="WordNet is not installed (Debian: apt-get install wordnet-base)")


@cache
def the_wordnet() -> WordNet:
    """Loaded once for all tests."""
    return WordNet.load()
