"""Peers of variants: other packages that find the spellings of one thing in a column of texts, set as their users would set them.

string_grouper (MIT) and Splink (MIT) need no labels. dedupe (MIT) is supervised: it is told of pairs. Nothing here was chosen on the four
sets of the benchmark but one kind of column: string_grouper runs at its defaults, dedupe at its own cut, and Splink's columns, passes and
cut were chosen on development sets (see SPLINK_CUT). That telling words go by a share of the texts, no longer by a number, was mended in
Splink's favour after RLdata10000 had been seen, where no name was rare. Each package is imported where it is used: none is a dependency.
"""

from __future__ import annotations

import logging
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

SPLINK_CUT = 0.95  # match probability; best mean F1 of 0.5, 0.9, 0.95, 0.99 on RLdata500, parts, FEBRL 1 and the development halves
ALL_PAIRS = 1_000_000  # a list with at most so many pairs needs no blocking
RARE = 50  # a word in at most so many texts may bring them together
TELLING = 0.1  # a word in at most this share of the texts says what a text is about
BUDGET = 100  # pairs that dedupe may ask about
JOINED = "len(list_intersect({0}, {1})) * {2} >= {3} * (len({0}) + len({1}))"  # Jaccard of two lists, each word once


def string_grouper_labels(rows: list[str], threshold: float = 0.8) -> np.ndarray:
    """string_grouper at its defaults: cosine of TF-IDF weighted character trigrams, everything linked from its 0.8 on is one group.

    It reduces texts to ASCII unless told otherwise, so it is told so where most letters are of another script: nothing would be left of them.
    """
    import pandas as pd
    from string_grouper import group_similar_strings

    written = unicodedata.normalize("NFKD", "".join(rows))
    latin = 2 * len(written.encode("ascii", "ignore")) >= len(written)
    found = group_similar_strings(
        pd.Series(rows), pd.Series(range(len(rows))), min_similarity=threshold, number_of_processes=1, normalize_to_ascii=latin
    )
    return np.unique(found["group_rep_id"], return_inverse=True)[1]


def columns(rows: list[str]) -> dict[str, list[Any]]:
    """What a user gets from one column by splitting it: its words, those with digits, those that few texts have, the rarest."""
    plain = [unicodedata.normalize("NFKC", text).casefold().strip() for text in rows]
    words = [re.findall(r"\w+", text) or [text or "-"] for text in plain]
    sets = [sorted(set(found)) for found in words]
    count = Counter(word for found in sets for word in found)
    codes = [[word for word in found if any(c.isdigit() for c in word)] or None for found in sets]
    return {
        "unique_id": list(range(len(rows))),
        "text": [" ".join(found) for found in words],
        "bag": [" ".join(found) for found in sets],
        "tokens": sets,
        "first": [found[0] for found in words],
        "codes": codes,
        "code": [" ".join(found) if found else None for found in codes],
        "rare": [[word for word in found if 1 < count[word] <= RARE] for found in sets],
        "telling": [[word for word in found if 1 < count[word] <= TELLING * len(rows)] for found in sets],
        "rarest": [min(found, key=lambda word: (count[word], word)) for found in sets],
    }


def _settings(n: int) -> Any:
    """Three comparisons, from the strongest agreement to none, and which pairs are compared at all."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on

    def shared(column: str, share: float) -> Any:
        return levels.CustomLevel(
            JOINED.format(f"{column}_l", f"{column}_r", round(1 + share, 2), share), f"Jaccard of {column} >= {share}"
        )

    text = [
        levels.NullLevel("bag"),
        levels.ExactMatchLevel("bag", term_frequency_adjustments=True),
        shared("tokens", 0.8),
        levels.JaroWinklerLevel("text", 0.95),
        shared("tokens", 0.6),
        levels.JaroWinklerLevel("text", 0.9),
        shared("tokens", 0.4),
        levels.JaroWinklerLevel("text", 0.8),
        shared("tokens", 0.2),
        levels.ElseLevel(),
    ]
    code = [
        levels.NullLevel("code"),
        levels.ExactMatchLevel("code", term_frequency_adjustments=True),
        shared("codes", 0.6),
        shared("codes", 0.3),
        levels.LevenshteinLevel("code", 1),
        levels.ElseLevel(),
    ]
    blocked = [
        block_on("rare", arrays_to_explode=["rare"]),
        block_on("first", "code"),
        block_on("substr(bag, 1, 6)"),
        block_on("substr(text, 1, 8)"),
    ]
    return SettingsCreator(
        "dedupe_only",
        comparisons=[
            comparisons.CustomComparison(text, "text"),
            comparisons.ArrayIntersectAtSizes("telling", [5, 4, 3, 2, 1]),
            comparisons.CustomComparison(code, "code"),
        ],
        blocking_rules_to_generate_predictions=["1=1"] if n * (n - 1) <= 2 * ALL_PAIRS else blocked,
        retain_matching_columns=False,
        max_iterations=50,
    )


def _table(rows: list[str]) -> Any:
    import pyarrow as pa

    words = pa.list_(pa.string())
    kinds = {"unique_id": pa.int64(), "tokens": words, "codes": words, "rare": words, "telling": words}
    return pa.table({name: pa.array(cells, kinds.get(name, pa.string())) for name, cells in columns(rows).items()})


def _trained(rows: list[str]) -> Any:
    """The Fellegi-Sunter model of these rows: how often two match, u by random pairs, m by EM in two passes."""
    import duckdb
    from splink import DuckDBAPI, Linker, block_on
    from splink.internals.exceptions import EMTrainingException

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    database = DuckDBAPI(duckdb.connect(":memory:", config={"threads": 1}))
    linker = Linker(database.register(_table(rows)), _settings(len(rows)), log_level=None)
    training = linker.training
    sure = [block_on("bag"), "l.rarest = r.rarest and " + JOINED.format("l.tokens", "r.tokens", 1.6, 0.6)]
    try:
        training.estimate_probability_two_random_records_match(sure, recall=0.7)
    except ValueError:  # more sure pairs than there can be at this recall: hardly two texts differ
        training.estimate_probability_two_random_records_match(sure, recall=1.0)
    if not linker._settings_obj._probability_two_random_records_match:
        linker._settings_obj._probability_two_random_records_match = 1 / max(len(rows) - 1, 2)
    training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=0)
    for rule in (block_on("rarest"), block_on("substr(bag, 1, 6)")):
        try:
            training.estimate_parameters_using_expectation_maximisation(rule)
        except (EMTrainingException, ValueError) as error:  # no pair to learn from, or so few that an m goes to 0
            print(f"splink: a pass of EM is left out: {str(error).splitlines()[0][:80]}")
    return linker


def splink_labels(rows: list[str]) -> np.ndarray:
    """Splink, unsupervised: pairs by blocking (all of them in a short list), a Fellegi-Sunter model, components at SPLINK_CUT.

    The text is compared by its words (exact with term frequencies, Jaccard) and letters (Jaro-Winkler), by the rare words shared, and by its
    words with digits. What a user does with a short list: all pairs are compared; where no pair is sure, the prior is that each text has one
    partner; a pass of EM that has no pairs, or so few that it fails, is left out, and it is printed; what no pass has seen stays as Splink
    leaves it. One text, however often, is not given to Splink at all.
    """
    same = np.unique(rows, return_inverse=True)[1]
    if same.max(initial=0) == 0:
        return same
    linker = _trained(rows)
    scored = linker.inference.predict(threshold_match_probability=SPLINK_CUT, warning_mode="never")
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, SPLINK_CUT).as_dict()
    labels = np.empty(len(rows), np.int64)
    labels[np.asarray(found["unique_id"])] = np.unique(found["cluster_id"], return_inverse=True)[1]
    return labels


@contextmanager
def _drawn(seed: int) -> Iterator[None]:
    """dedupe draws from generators that nobody can seed: for a while those without a seed have this one."""
    made, state = np.random.default_rng, random.getstate()
    random.seed(seed)
    np.random.default_rng = lambda given=None: made(seed if given is None else given)  # type: ignore[assignment]
    try:
        yield
    finally:
        np.random.default_rng = made
        random.setstate(state)


def dedupe_labels(rows: list[str], truth: np.ndarray, seed: int) -> np.ndarray:
    """dedupe, SUPERVISED: its active learner asks about BUDGET pairs and the truth answers; groups at its own cut of 0.5.

    The others of the table see no label, so its figures are a bound to read beside them, not a rival. Where its learner runs out of pairs, it
    has asked about all that it has; where no answer was yes, dedupe cannot learn and every text stays alone. For the same figures in each
    process set PYTHONHASHSEED, for it goes through sets of words.
    """
    import dedupe
    from dedupe.variables import ShortString, String, Text

    made = columns(rows)
    data = {i: {"row": i, "text": text, "code": code} for i, (text, code) in enumerate(zip(made["text"], made["code"], strict=True))}
    fields = [String("text"), Text("text", corpus=made["text"])]
    if any(made["code"]):
        fields.append(ShortString("code", has_missing=True))
    with _drawn(seed):
        matcher = dedupe.Dedupe(fields, num_cores=1, in_memory=True)
        matcher.classifier.n_jobs = 1
        matcher.prepare_training(data)
        for _ in range(BUDGET):
            if not len(matcher.active_learner):
                break
            (pair,) = matcher.uncertain_pairs()
            answer = "match" if truth[pair[0]["row"]] == truth[pair[1]["row"]] else "distinct"
            matcher.mark_pairs({"match": [], "distinct": []} | {answer: [pair]})
        if min(map(len, matcher.training_pairs.values())) == 0:
            return np.arange(len(rows))
        matcher.train()
        groups = [members for members, _ in matcher.partition(data, 0.5)]
    labels = np.empty(len(rows), np.int64)
    for number, members in enumerate(groups):
        labels[list(members)] = number
    return labels
