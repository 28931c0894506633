"""Random numbers that conftest.py turns back before every test."""

from __future__ import annotations

import numpy as np

RNG = np.random.default_rng(5)
START = RNG.bit_generator.state


def from_the_beginning() -> None:
    RNG.bit_generator.state = START
