"""Compare texts of a list: how probably each candidate pair names one thing, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...vectors import Floats, Ints
from .align import Aligner, Alignment
from .candidates import candidates_within, letter_groups
from .evidence import PLACE, evidence
from .filled import tempered
from .model import Model, built_in
from .reading.columns import ColumnTokeniser
from .reading.lexicon import Lexicon
from .reading.tokens import Token, Tokeniser
from .reading.vocabulary import Vocabulary
from .records import NO_RECORDS, Records

VETOED = -4.0  # log odds that a vetoed pair has at most
TRIVIAL = 0.05  # what is left over beside a modifier weighs less than this
SURPRISE, BAR = (0.1, 0.6), (1.5, -1.5)  # the log odds a pair needs fall from one bar to the other as its surprise rises
FEW, LEAST = 100, 1.7  # in a list of fewer texts chance says little, and the bar is never below this


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """Candidate pairs of the texts of a list.

    Attributes
    ----------
    lexicon : Lexicon
        The texts as they were read.
    left, right : arrays of int64, shape (m,)
        Places of the two texts, left < right.
    same : array of float32, shape (m,)
        Probability that they name one thing.
    veto : array of int8, shape (m,)
        Place in `VETOES` of what forbids it; 0 for nothing.
    notes : list of str
        What was guessed and set aside in reading.
    """

    lexicon: Lexicon
    left: Ints
    right: Ints
    same: Floats
    veto: NDArray[np.int8]
    notes: list[str] = field(default_factory=list)

    def reasons(self, first: Ints, second: Ints) -> list[str]:
        """The alignment of each two texts in words: what is equal, what stands for what, and what only one of them has.

        Examples
        --------
        >>> texts = ["Bolt M8x20 zinc", "bolts M8 x 20 mm zinc plated", "nut M6"]
        >>> compare(texts, np.eye(3, dtype=np.float32)).reasons(np.array([0]), np.array([1]))
        ['equal m8, zinc; 20 = 20 mm, bolt ~ bolts; left over plated']
        """
        align, tokens = Aligner(self.lexicon), self.lexicon.tokens
        return [_in_words(align(a, b), tokens) for a, b in zip(first.tolist(), second.tolist(), strict=True)]


def _in_words(found: Alignment, tokens: Sequence[Token]) -> str:
    said = [
        ("equal ", [tokens[t].said for t in found.equal]),
        ("", [f"{tokens[s.left].said} {'~' if s.credit < 1 else '='} {tokens[s.right].said}" for s in found.spellings]),
        ("left over ", [tokens[t].said for t in (*found.left, *found.right)]),
    ]
    return "; ".join(head + ", ".join(part) for head, part in said if part)


def compare(
    texts: Sequence[str],
    vectors: Floats,
    *,
    vocabulary: Vocabulary | None = None,
    model: Model | None = None,
    records: Records = NO_RECORDS,
) -> ScoredPairs:
    """Candidate pairs of distinct texts, with the probability that they name one thing.

    Parameters
    ----------
    texts : sequence of str, length n
        Distinct texts.
    vectors : array, shape (n, d), float32
        Their vectors at unit length.
    vocabulary : Vocabulary, optional
        What people write for one thing; by default what comes along.
    model : Model, optional
        By default the one that comes along.
    records : Records
        The cells that the texts are made of, who lists them, and whom they may meet, where that is known.

    Raises
    ------
    InputError
        There are not as many vectors as texts.
    """
    if len(texts) != len(vectors):
        raise InputError(f"{len(texts)} texts came with {len(vectors)} vectors.", hint="pass one vector a text.")
    tokeniser = ColumnTokeniser.of(records.cells, vocabulary) if records.cells else Tokeniser.of(texts, vocabulary)
    lexicon = Lexicon.of(records.cells or texts, tokeniser)
    vectoriser, letters = letter_groups([lexicon.plain(i) for i in range(len(texts))])
    left, right = comparable(lexicon, *candidates_within(records.blocks_of(len(texts)), vectors, letters, lexicon.table()))
    table = evidence(lexicon, left, right, letters=letters, vectors=vectors, vectoriser=vectoriser)
    veto = vetoes(table)
    veto[records.of_one_source(left, right)] = VETOES.index("another of a source")
    same = tempered(lexicon, left, right, same=probability(table, veto, model or built_in()))
    return ScoredPairs(lexicon=lexicon, left=left, right=right, same=same, veto=veto, notes=[*tokeniser.notes, *lexicon.notes])


VETOES = ("", "another quantity", "another of a set", "a modifier", "a number of pieces", "another of a source")


def comparable(lexicon: Lexicon, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The pairs that have anything to be compared by: a column that both texts have filled."""
    if lexicon.width == 1:
        return left, right
    some = np.asarray([bool(lexicon.shared(a, b)) for a, b in zip(left.tolist(), right.tolist(), strict=True)], bool)
    return left[some], right[some]


def vetoes(table: Floats) -> NDArray[np.int8]:
    """What its evidence says that forbids that a pair is one thing, as a place in `VETOES`, shape (m,).

    Two quantities of one dimension; two members of one set; a modifier (plus, XL, pro) or a number of pieces that is all that one of them
    has more. The last of `VETOES` is no matter of evidence: one source lists both texts.
    """
    names = ("quantity_conflict", "member_conflict", "modifier_one", "pieces_one", "left_low")
    quantity, member, modifier, pieces, left = (table[:, PLACE[name]] for name in names)
    alone = left < TRIVIAL
    forbids = [quantity > 0, member > 0, (modifier > 0) & alone, (pieces > 0) & alone]
    return np.select(forbids, [1, 2, 3, 4], 0).astype(np.int8)


def probability(table: Floats, veto: NDArray[np.int8], model: Model) -> Floats:
    """Probability of each pair, shape (m,), from its evidence.

    The model's log odds are held against a bar that falls as the pair's surprise rises: on kinds of lists that it was not made from, the
    model asks too little of a pair that may agree by chance, and too much of one that can hardly.
    """
    odds = model.log_odds(table)
    odds = np.where(veto > 0, np.minimum(odds, VETOED), odds)
    bar = np.interp(table[:, PLACE["surprise"]], SURPRISE, BAR)
    bar = np.where(table[:, PLACE["chance"]] < math.log(FEW + 1), np.maximum(bar, LEAST), bar)
    return np.asarray(1 / (1 + np.exp(bar - odds)), np.float32)
