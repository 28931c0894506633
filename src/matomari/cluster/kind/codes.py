"""Find numbers, sizes and model codes in texts, and measure how far two texts agree on them, regardless of spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...vectors import Floats, Ints

SIZES = frozenset({"xs", "s", "m", "l", "xl", "xxl", "xxxl"})
FULL = 0.999

_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_JOINT = re.compile(r"(?<=[^\W_])[-‐–/.](?=[^\W\d_])|(?<=[^\W\d_])[-‐–/.](?=\d)")  # inside a code, but not between two digits
_TOKEN = re.compile(r"\d+\.\d+[^\W_]*|[^\W_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w.]+(?=\d)")


def normal(text: str) -> str:
    """A text normalised for comparison: compatibility forms and case folded, × as x, decimal commas as points, marks inside codes dropped.

    Examples
    --------
    >>> normal("ＰＳ-LX350H/B  Turntable"), normal("O-Ring 20×2,5"), normal("33-1/3")
    ('pslx350hb  turntable', 'oring 20x2.5', '33-1/3')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("×", "x")
    return _JOINT.sub("", _DECIMAL_COMMA.sub(".", plain))


def codes(text: str) -> list[str]:
    """The distinct tokens of a text that hold a digit: sizes, quantities, model numbers.

    Examples
    --------
    >>> codes("Bolt M8 x 20, 500 ml (PS-LX350H) 2,5")
    ['2.5', '20', '500', 'm8', 'pslx350h']
    """
    return sorted({token for token in _TOKEN.findall(normal(text)) if any(c.isdigit() for c in token)})


def sizes(text: str) -> set[str]:
    """Sizes in letters, except after a number, because the "m" of "3 m" is a metre.

    Examples
    --------
    >>> sizes("Gloves nitrile L"), sizes("hose 3 m")
    ({'l'}, set())
    """
    tokens = _TOKEN.findall(normal(text))
    return {b for a, b in zip(["", *tokens], tokens, strict=False) if b in SIZES and not a[-1:].isdigit()}


def compact(text: str) -> str:
    """Letters and digits only, so that "M8 X 20" holds "m8x20"; two separate numbers stay separate.

    Examples
    --------
    >>> compact("Bolt M8 X 20, 5 pcs.")
    'boltm8x20 5pcs'
    """
    marked = _BETWEEN_DIGITS.sub("\0", normal(text))
    joined = "".join(c if c.isalnum() or c in "\0." else "" for c in marked).replace("\0", " ")
    return re.sub(r"(?<!\d)\.|\.(?!\d)", "", joined)


def holds(packed: str, code: str) -> bool:
    """Whether a compact text has a code, not as part of a longer number.

    Examples
    --------
    >>> holds("boltm8x20zn", "m8x20"), holds("cable200mm", "20"), holds("ring2.5", "2")
    (True, False, False)
    """
    start = packed.find(code)
    while start >= 0:
        end = start + len(code)
        before, after = packed[start - 1 : start], packed[end : end + 1]
        inside = (code[0].isdigit() and (before.isdigit() or before == ".")) or (code[-1].isdigit() and (after.isdigit() or after == "."))
        if not inside:
            return True
        start = packed.find(code, start + 1)
    return False


def agreement(texts: Sequence[str], left: Ints, right: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """How far the codes of two texts agree, for each pair.

    Parameters
    ----------
    texts : sequence of str, length n
    left, right : arrays of int64, shape (m,)
        Positions of the two texts of each pair.

    Returns
    -------
    share : array of float32, shape (m,)
        The larger of two shares: of the codes of one text, how many the other has too, weighed by rarity (log(n / frequency) + 1).
        NaN if a text has no code; 0 if their letter sizes differ, regardless of everything else.
    conflict : array of bool, shape (m,)
        Each text has a code that the other lacks, or their letter sizes differ.

    Examples
    --------
    >>> texts = ["Bolt M8x20", "BOLT M8 X 20 ZN", "bolt M8x25", "Gloves L", "Gloves M"]
    >>> share, conflict = agreement(texts, np.array([0, 0, 3]), np.array([1, 2, 4]))
    >>> share.tolist(), conflict.tolist()
    ([1.0, 0.0, 0.0], [False, True, True])
    """
    code_lists, lettered, packed = [codes(t) for t in texts], [sizes(t) for t in texts], [compact(t) for t in texts]
    frequency = Counter(code for row in code_lists for code in row)
    weight = {code: float(np.log((1 + len(texts)) / (1 + count)) + 1) for code, count in frequency.items()}
    total = [sum(weight[code] for code in row) for row in code_lists]
    share, conflict = np.full(len(left), np.nan, np.float32), np.zeros(len(left), bool)

    def part(a: int, b: int) -> float:
        return sum(weight[code] for code in code_lists[a] if code in code_lists[b] or holds(packed[b], code)) / total[a]

    for pair, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if lettered[a] and lettered[b] and not lettered[a] & lettered[b]:
            share[pair], conflict[pair] = 0, True
        elif code_lists[a] and code_lists[b]:
            of_a, of_b = part(a, b), part(b, a)
            share[pair] = max(of_a, of_b)
            conflict[pair] = of_a < FULL and of_b < FULL
    return share, conflict
