"""Match new texts with known variants: find the known thing that each text names, if any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from ...vectors import Floats, Ints
from ..membership import Membership, two_best
from .candidates import candidates_among, letter_groups
from .evidence import evidence
from .model import built_in
from .pairs import probability, vetoes
from .reading import vocabulary
from .reading.lexicon import Lexicon
from .reading.tokens import Tokeniser


def match_variants(
    known: Sequence[str], X: Floats, labels: Ints, texts: Sequence[str], vectors: Floats, words: Sequence[dict[str, str]] = ()
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
    tokeniser = Tokeniser.of(known, vocabulary.built_in().extended(words))
    lexicon = Lexicon.of(known, tokeniser).extended(texts, tokeniser)
    plain = [lexicon.plain(i) for i in range(u + m)]
    vectoriser, letters = letter_groups(plain[:u])
    asking, tokens = vectoriser.transform(plain[u:]).tocsr(), lexicon.table()
    new, old = candidates_among((X, vectors), (letters, asking), (tokens[:u], tokens[u:]))
    table = evidence(
        lexicon,
        new + u,
        old,
        letters=sp.csr_matrix(sp.vstack([letters, asking])),
        vectors=np.concatenate([X, vectors]),
        copies=float((np.bincount(labels)[labels] > 1).mean()),
    )
    return two_best(new, labels[old], probability(table, vetoes(table), built_in()), m)
