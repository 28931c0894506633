"""Match new texts with known variants: find the known thing that each text names, if any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from ...vectors import Floats, Ints
from ..membership import Membership, two_best
from .candidates import candidates_among, letter_groups
from .evidence.evidence import evidence
from .model import built_in
from .pairs import comparable, margins, probability, vetoes
from .reading import vocabulary
from .reading.columns import ColumnTokeniser
from .reading.lexicon import Lexicon
from .reading.tokens import Tokeniser
from .records.filled import tempered
from .records.records import NO_RECORDS, Records


def match_variants(
    known: Sequence[str],
    X: Floats,
    labels: Ints,
    texts: Sequence[str],
    vectors: Floats,
    words: Sequence[dict[str, str]] = (),
    records: tuple[Records, Records] = (NO_RECORDS, NO_RECORDS),
) -> Membership:
    """The group of the best known text for each new text with its probability, and the best other group with its probability.

    Words weigh what they weigh among the known texts, so it does not matter which new texts are asked about together.

    Parameters
    ----------
    known : sequence of str, length u
    X : array, shape (u, d), float32
        Their vectors at unit length.
    labels : array of int64, shape (u,)
    texts : sequence of str, length m
    vectors : array, shape (m, d), float32
    words : sequence of dict
        The user's own, as `read_words` gives them.
    records : two Records
        Cells and blocks of the known and of the new texts; only texts of one block match.

    Returns
    -------
    Membership
        Of m texts; -1 and 0 if nothing is similar.

    Examples
    --------
    >>> X = np.eye(2, dtype=np.float32)
    >>> match_variants(["bolt M8x20 zinc", "hose 3/4"], X, np.array([0, 1]), ["Bolt M8 x20 zinc"], X[:1]).label.tolist()
    [0]
    """
    m, u = len(texts), len(known)
    own, (there, here) = vocabulary.built_in().extended(words), records
    tokeniser = ColumnTokeniser.of(there.cells, own) if there.cells else Tokeniser.of(known, own)
    lexicon = Lexicon.of(there.cells or known, tokeniser).extended(here.cells or texts, tokeniser)
    plain = [lexicon.plain(i) for i in range(u + m)]
    vectoriser, letters = letter_groups(plain[:u])
    asking, tokens = vectoriser.transform(plain[u:]).tocsr(), lexicon.table()
    tables = [(letters, asking), (tokens[:u], tokens[u:])]
    parts = [_candidates(rows, (X, vectors), tables) for rows in there.met_by(here, (u, m))]
    new, old = (np.concatenate([part[side] for part in parts] or [np.empty(0, np.int64)]) for side in (0, 1))
    new, old = comparable(lexicon, new + u, old)
    new -= u
    table = evidence(
        lexicon,
        new + u,
        old,
        letters=sp.csr_matrix(sp.vstack([letters, asking])),
        vectors=np.concatenate([X, vectors]),
        copies=float((np.bincount(labels)[labels] > 1).mean()),
        vectoriser=vectoriser,
    )
    same = probability(margins(table, built_in()), vetoes(table))
    return two_best(new, labels[old], tempered(lexicon, new + u, old, same=same, groups=labels), m)


def _candidates(
    rows: tuple[Ints, Ints], vectors: tuple[Floats, Floats], tables: Sequence[tuple[sp.csr_matrix, sp.csr_matrix]]
) -> tuple[Ints, Ints]:
    """Places of a new and a known text of each candidate pair among some known and some new ones."""
    known, asked = rows
    if len(known) == len(vectors[0]) and len(asked) == len(vectors[1]):
        return candidates_among(vectors, *tables)
    some = [(sp.csr_matrix(there[known]), sp.csr_matrix(here[asked])) for there, here in tables]
    new, old = candidates_among((vectors[0][known], vectors[1][asked]), *some)
    return asked[new], known[old]
