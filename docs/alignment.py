"""The picture of docs/variants.md: one merge and one refusal, each as the program aligns it. `python docs/alignment.py` draws it again."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np

from matomari.cluster.variants.align import Aligner, Alignment
from matomari.cluster.variants.evidence.evidence import aligned
from matomari.cluster.variants.evidence.features import NAMES
from matomari.cluster.variants.pairs import VETOES, vetoes
from matomari.cluster.variants.reading.lexicon import Lexicon
from matomari.cluster.variants.reading.tokens import Tokeniser

HERE = Path(__file__).parent
PAIRS = (
    ("BOLT HEX M8 X 20 ZN", "Hex bolts M8x20 mm zinc"),
    ("100nF 16V 0603", "0.1uF 50V 0603"),
)
WIDE, ROW, PAIR, LEFT, BOX, GAP = 460, 56, 140, 14, 26, 10
INK, EQUAL, NEAR, REST = "#444", "#2a6f4e", "#3b6ea5", "#b5542a"


def compared(one: str, other: str) -> tuple[list[dict[int, str]], Alignment, str]:
    """The tokens of two texts as they were written, how they agree, and what forbids that they are one thing."""
    texts = [one, other]
    read = Tokeniser.of(texts)
    lexicon = Lexicon.of(texts, read)
    written = [{t: token.said for t, token in zip(row, read(text), strict=True)} for row, text in zip(lexicon.rows, texts, strict=True)]
    table = np.zeros((1, len(NAMES)), np.float32)
    part = aligned(lexicon, np.array([0]), np.array([1]))
    table[:, : part.shape[1]] = part
    return written, Aligner(lexicon)(0, 1), VETOES[int(vetoes(table)[0])]


def boxes(tokens: dict[int, str], y: float, rest: list[int]) -> tuple[list[str], dict[int, float]]:
    """The tokens of a text in a row, those left over hollow, and where the middle of each lies."""
    x, drawn, middle = float(LEFT), [], {}
    for token, said in tokens.items():
        wide = 18 + 7.6 * len(said)
        style = f'fill="#fff" stroke="{REST}" stroke-dasharray="3 2"' if token in rest else f'fill="#eef2f0" stroke="{INK}"'
        drawn.append(f'<rect x="{x:.0f}" y="{y}" width="{wide:.0f}" height="{BOX}" rx="4" {style}/>')
        drawn.append(f'<text x="{x + wide / 2:.0f}" y="{y + 17}" text-anchor="middle" fill="{INK}">{escape(said)}</text>')
        middle[token] = x + wide / 2
        x += wide + GAP
    return drawn, middle


def one_pair(one: str, other: str, top: float) -> list[str]:
    """Two texts, their tokens below each other, and lines between those that stand for each other."""
    tokens, found, veto = compared(one, other)
    upper, above = boxes(tokens[0], top + 8, found.left)
    lower, below = boxes(tokens[1], top + 8 + ROW, found.right)
    ties = [(t, t, EQUAL, "") for t in found.equal]
    ties += [(s.left, s.right, NEAR, ' stroke-dasharray="5 3"' if s.credit < 1 else "") for s in found.spellings]
    lines = [
        f'<line x1="{above[a]:.0f}" y1="{top + 8 + BOX}" x2="{below[b]:.0f}" y2="{top + 8 + ROW}" stroke="{colour}" stroke-width="2"{dash}/>'
        for a, b, colour, dash in ties
    ]
    said = f"refused: {veto}" if veto else "nothing is left over: the same"
    verdict = f'<text x="{LEFT}" y="{top + ROW + BOX + 32}" fill="{REST if veto else EQUAL}">{said}</text>'
    return [*lines, *upper, *lower, verdict]


def drawn() -> str:
    """The picture."""
    key = (
        f'<text x="{LEFT}" y="{2 * PAIR + 8}" fill="{EQUAL}">equal</text><text x="{LEFT + 60}" y="{2 * PAIR + 8}" fill="{NEAR}">'
        f'stands for it (dashed: counts in part)</text><text x="{LEFT + 330}" y="{2 * PAIR + 8}" fill="{REST}">left over</text>'
    )
    body = "\n".join(line for place, pair in enumerate(PAIRS) for line in one_pair(*pair, top=place * PAIR))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {2 * PAIR + 20}" font-family="sans-serif" font-size="13">\n'
        f'<rect width="{WIDE}" height="{2 * PAIR + 20}" fill="#fff"/>\n{body}\n{key}\n</svg>\n'
    )


if __name__ == "__main__":
    (HERE / "alignment.svg").write_text(drawn(), encoding="utf-8")
