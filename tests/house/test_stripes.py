"""The counterexample of docs/soft-kmeans.md: what the page says of it, and that the picture is the one the script draws."""

from __future__ import annotations

import runpy

import numpy as np
import pytest
from scipy.optimize import check_grad

from builders import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    return runpy.run_path(str(DOCS / "stripes.py"))


def test_soft_kmeans_halves_the_stripes_and_mutual_information_keeps_them(page: dict) -> None:
    _, found, stuck = page["measured"]()
    (_, halved, short), (_, whole, long) = found.values()
    assert halved < 0.55
    assert whole == 1
    assert short < long  # the halves are what k-means wants
    assert stuck > 0.01  # and a descent from there does not get away
    assert f"(accuracy {halved:.2f})".replace("0.", ".") in (DOCS / "soft-kmeans.md").read_text(encoding="utf-8")


def test_the_gradient_of_the_mutual_information_is_right(page: dict) -> None:
    X, _ = page["stripes"]()
    rng = np.random.default_rng(0)
    for _ in range(5):
        assert check_grad(lambda w: page["loss"](w, X)[0], lambda w: page["loss"](w, X)[1], rng.normal(size=6)) < 1e-5


def test_the_picture_is_what_the_script_draws(page: dict) -> None:
    assert (DOCS / "stripes.svg").read_text(encoding="utf-8") == page["drawn"]()
