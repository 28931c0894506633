"""Choose how to group a column: by themes, or by variants of single things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..vectors import Floats
from .variants.candidates import variant_pairs
from .variants.codes import codes
from .variants.linkage import average_linkage

SAMPLE = 2_000
CODED, DIGITS, SHORT = 0.5, 0.05, 40  # share of texts with a code, share of digits among characters, words
DOUBLED = 0.5  # share of texts that have a variant …
STRICT = 0.85  # … at a stricter cut than for grouping, because informal questions resemble each other too


def choose_kind(texts: Sequence[str], X: Floats, seed_rows: np.random.Generator) -> tuple[str, str]:
    """("themes" or "variants", the reason in one sentence).

    Variants are chosen for short texts full of numbers and codes (at least half of the texts hold one, digits are 5 % of
    all characters, half of the texts have at most 40 words), and wherever at least half of the texts have a close variant.

    Parameters
    ----------
    texts : sequence of str, length n
        Distinct texts.
    X : array, shape (n, d), float32
        Their vectors at unit length.
    seed_rows : numpy Generator
        Draws the sample of 2,000 texts that is used.
    """
    picked = np.arange(len(texts))
    if len(picked) > SAMPLE:
        picked = np.sort(seed_rows.choice(len(texts), SAMPLE, replace=False))
    some = [texts[i] for i in picked.tolist()]
    coded = float(np.mean([bool(codes(text)) for text in some]))
    digits = sum(c.isdigit() for text in some for c in text[:1000]) / max(1, sum(len(text[:1000]) for text in some))
    words = float(np.median([len(text.split()) for text in some]))
    if coded >= CODED and digits >= DIGITS and words <= SHORT:
        return "variants", f"{coded:.0%} of the texts hold a number or code and {digits:.0%} of all characters are digits"
    if len(some) > 1:
        pairs = variant_pairs(some, X[picked])
        groups = average_linkage(len(some), pairs.left, pairs.right, pairs.score).cut(STRICT)
        doubled = float((np.bincount(groups)[groups] > 1).mean())
        if doubled >= DOUBLED:
            return "variants", f"{doubled:.0%} of the texts have a close variant among {len(some):,} looked at"
        return (
            "themes",
            f"{coded:.0%} of the texts hold a number or code and {doubled:.0%} have a close variant among {len(some):,} looked at",
        )
    return "themes", "there is one text"
