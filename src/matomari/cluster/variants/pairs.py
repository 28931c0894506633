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
from .evidence.evidence import evidence
from .evidence.features import PLACE
from .model import Model, built_in
from .reading.columns import ColumnTokeniser
from .reading.lexicon import Lexicon
from .reading.token import Token
from .reading.tokens import Tokeniser
from .reading.vocabulary import Vocabulary
from .records.filled import tempered
from .records.records import NO_RECORDS, Records

STRANGE = "the list looks like none that the model of variants was made from, so its probabilities say less: look at review.csv first"
ONE_SHAPE = "most texts are records of one shape (names, then numbers), so a single number or code that differs may be a typing error"
FEW = 100  # texts
ENOUGH = 50  # texts from which a list looks like anything
VETOED = -4.0  # margin that a vetoed pair has at most
TRIVIAL = 0.05  # what is left over beside a modifier weighs less than this


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
    otherwise : array of float32, shape (m,)
        The probability without what forbids it.
    notes : list of str
        What was guessed and set aside in reading.
    """

    lexicon: Lexicon
    left: Ints
    right: Ints
    same: Floats
    veto: NDArray[np.int8]
    otherwise: Floats
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
    model = model or built_in()
    margin = margins(table, model)
    same = tempered(lexicon, left, right, same=probability(margin, veto))
    records_of_one_shape = [ONE_SHAPE] if lexicon.shape >= BAR.records else []
    notes = [
        *tokeniser.notes,
        *lexicon.notes,
        *records_of_one_shape,
        *([STRANGE] if len(texts) >= ENOUGH and model.strangeness(table) > 1 else []),
    ]
    return ScoredPairs(lexicon=lexicon, left=left, right=right, same=same, veto=veto, otherwise=probability(margin), notes=notes)


VETOES = ("", "another quantity", "another of a set", "a modifier", "a number of pieces", "another street", "another of a source")


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
    names = ("quantity_conflict", "member_conflict", "modifier_one", "pieces_one", "street_conflict", "left_low")
    quantity, member, modifier, pieces, street, left = (table[:, PLACE[name]] for name in names)
    alone = left < TRIVIAL
    forbids = [quantity > 0, member > 0, (modifier > 0) & alone, (pieces > 0) & alone, street > 0]
    return np.select(forbids, [1, 2, 3, 4, 5], 0).astype(np.int8)


@dataclass(frozen=True)
class Bar:
    """The log odds that a pair needs, which are more where agreement says little.

    They fall from `high` to `low` as the pair's surprise rises: on kinds of lists that it was not made from, the model asks too little of a
    pair that may agree by chance, and too much of one that can hardly. They fall the less, the more texts of the list stand in families that
    differ just where the pair differs (see `Families`). `benchmarks/variants/settle.py` chooses the numbers with families left out.

    Attributes
    ----------
    high, low : float
        At a surprise of `falls[0]` and less, and of `falls[1]` and more.
    kin : float
        Added to `low` where a share `words` of the texts stand in families that differ in words, or `numbers` in numbers and codes.
    numbered : tuple of float
        The least where a number or a code is all that differs: where no text stands in a family that differs in numbers, and from a share
        `telling` of them on. Not in records of one shape, where it may be mistyped (a shape of `records`).
    copied : float
        Added where near copies are common: from a share `many[0]` of the texts that have one, in full at `many[1]`. In a list of things
        that are written in many ways, a pair is rather one thing.
    few : float
        The least in a list of fewer than a hundred texts, where chance says little and most lists that people bring are full of near misses.
    """

    falls: tuple[float, float] = (0.1, 0.8)
    high: float = 1.5
    low: float = -1.5
    kin: float = 2.0
    words: float = 0.15
    numbers: float = 0.3
    numbered: tuple[float, float] = (-1.0, 1.0)
    telling: float = 0.1
    records: float = 0.45
    many: tuple[float, float] = (0.3, 0.7)
    copied: float = -2.0
    few: float = 1.7

    def of(self, table: Floats) -> Floats:
        """The log odds that each pair needs, shape (m,), from its evidence.

        Examples
        --------
        >>> table = np.zeros((3, len(PLACE)), np.float32)
        >>> table[:, PLACE["chance"]], table[1:, PLACE["surprise"]], table[2, PLACE["words_apart"]] = 7, 2, 0.3
        >>> Bar().of(table).tolist()
        [1.5, -1.5, 0.5]
        """

        def column(name: str) -> Floats:
            return table[:, PLACE[name]]

        kin = np.minimum(column("words_apart") / self.words, 1) + np.minimum(column("numbers_apart") / self.numbers, 1)
        fallen = np.interp(column("surprise"), self.falls, (0, 1))
        common = np.interp(column("copies"), self.many, (0, 1))
        bar = self.high + (self.low + self.kin * kin - self.high) * fallen + self.copied * common
        numbered = (column("number_conflict") + column("code_conflict") > 0) & (column("words_low") < TRIVIAL)
        least = np.interp(column("numbers_apart"), (0, self.telling), self.numbered)
        bar = np.where(numbered & (column("shape") < self.records), np.maximum(bar, least), bar)
        return np.asarray(np.where(column("chance") < math.log(FEW + 1), np.maximum(bar, self.few), bar), np.float32)


BAR = Bar()


def margins(table: Floats, model: Model, bar: Bar = BAR) -> Floats:
    """Log odds of each pair beyond those that it needs, shape (m,), from its evidence."""
    return np.asarray(model.log_odds(table) - bar.of(table), np.float32)


def probability(margin: Floats, veto: NDArray[np.int8] | None = None) -> Floats:
    """Probability of each pair, shape (m,), from its margin; where something forbids it, hardly any."""
    if veto is not None:
        margin = np.where(veto > 0, np.minimum(margin, VETOED), margin)
    return np.asarray(1 / (1 + np.exp(-margin)), np.float32)
