"""The word lists of the rules, which are tables: closed classes, opposites, colours, words that may mean the same, and so on."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table in `tables/`.

    Examples
    --------
    >>> rows("colours")[0]["colour"]
    'red'
    """
    with (Path(__file__).parent / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def closed() -> dict[str, str]:
    """The class of every word of a closed class: DET, POSS, PRON, PREP, CONJ, AUX, NEG or ADV."""
    return {row["word"]: row["class"] for row in rows("closed")}


@cache
def colours() -> dict[str, frozenset[str]]:
    """Each colour with those that it may be taken for."""
    near: dict[str, set[str]] = {row["colour"]: set(filter(None, row["near"].split("|"))) for row in rows("colours")}
    for colour, others in list(near.items()):
        for other in others & near.keys():
            near[other].add(colour)
    return {colour: frozenset(others) for colour, others in near.items()}


@cache
def opposites(kind: str) -> dict[str, tuple[str, ...]]:
    """Opposites both ways of verbs, nouns or adjectives; refusals stand under `refusal`.

    Examples
    --------
    >>> opposites("verb")["rise"], opposites("refusal")["refuse"]
    (('fall',), ('accept', 'agree'))
    """
    found: dict[str, list[str]] = {}
    for row in rows("antonyms"):
        if kind == (row["family"] if row["family"] == "refusal" else row["kind"]):
            found.setdefault(row["one"], []).append(row["other"])
            found.setdefault(row["other"], []).append(row["one"])
    return {word: tuple(others) for word, others in found.items()}


@cache
def refusals() -> frozenset[str]:
    """The verbs that say no: the second of each pair of the table."""
    return frozenset(row["other"] for row in rows("antonyms") if row["family"] == "refusal") - {"lose"}


@cache
def alike(kind: str) -> dict[str, frozenset[str]]:
    """Words that may be said of the same thing: street and road, hold and carry. Such words are no hard negatives of each other.

    Examples
    --------
    >>> "road" in alike("noun")["street"], "dog" in alike("noun")["street"]
    (True, False)
    """
    found: dict[str, set[str]] = {}
    for row in rows("near"):
        if row["kind"] == kind:
            words = row["words"].split("|")
            for word in words:
                found.setdefault(word, set()).update(words)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def actions() -> dict[str, tuple[str, ...]]:
    """Other things that can be done instead, of each verb of the table."""
    sets: dict[str, list[str]] = {}
    for row in rows("actions"):
        sets.setdefault(row["set"], []).append(row["verb"])
    found: dict[str, list[str]] = {}
    for members in sets.values():
        for verb in members:
            found.setdefault(verb, []).extend(other for other in members if other != verb)
    near = alike("verb")
    return {verb: tuple(o for o in dict.fromkeys(others) if o not in near.get(verb, ())) for verb, others in found.items()}


@cache
def synonyms(kind: str) -> dict[str, tuple[str, ...]]:
    """Words that can stand for each other; the kind is noun, verb or any (as it is written)."""
    found: dict[str, list[str]] = {}
    for row in rows("synonyms"):
        if row["kind"] == kind:
            found.setdefault(row["word"], []).append(row["other"])
            if row["back"] == "yes":
                found.setdefault(row["other"], []).append(row["word"])
    return {word: tuple(others) for word, others in found.items()}


@cache
def another_word(word: str) -> frozenset[tuple[str, str]]:
    """Behind and before which words a word of the table of synonyms is no word of its own: how many, by and large.

    Examples
    --------
    >>> ("after", "how") in another_word("many"), ("before", "over") in another_word("start")
    (True, True)
    """
    found = {row["word"]: row for row in rows("synonyms")} | {row["other"]: row for row in rows("synonyms") if row["back"] == "yes"}
    if word not in found:
        return frozenset()
    return frozenset((side, other) for side in ("after", "before") for other in found[word][f"not_{side}"].split("|") if other)


@cache
def same_word(kind: str) -> dict[str, str]:
    """For each word of a synonym's row, the one that stands for all of them: union of the rows."""
    chief: dict[str, str] = {}

    def of(word: str) -> str:
        while chief.get(word, word) != word:
            word = chief[word]
        return word

    for row in rows("synonyms"):
        if row["kind"] == kind:
            one, other = of(row["word"]), of(row["other"])
            chief[max(one, other)] = chief[min(one, other)] = min(one, other)
    return {word: of(word) for word in chief}


@cache
def listed(name: str) -> frozenset[str]:
    """The first column of a table."""
    return frozenset(next(iter(row.values())) for row in rows(name))


@cache
def qualities() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Japanese words for colours, materials, sides: of each its family, and all words for the same quality.

    Examples
    --------
    >>> qualities()["白"]
    ('colour', ('白', 'ホワイト', '白色'))
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for row in rows("qualities"):
        words = tuple(row["words"].split("|"))
        found |= dict.fromkeys(words, (row["family"], words))
    return found


@cache
def clause_words(use: str) -> frozenset[str]:
    """Words of the table of clauses by what they do there.

    Parameters
    ----------
    use : {"link", "without subject", "involved", "said", "held"}
        Links between two clauses, and those that need no subject behind them; words of sentences that are too involved to be turned round; verbs
        whose clause is what is said or known; words that hold the clause behind them: sure if, the day when.

    Examples
    --------
    >>> "because" in clause_words("link"), "because" in clause_words("without subject")
    (True, False)
    """
    return frozenset(row["word"] for row in rows("clauses") if row["use"] == use)
