"""A teacher beside the rules: some texts are rewritten and refuted by a language model, and the rules check what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ....logs import log
from ....rows.read import read
from ....seeds import Seed
from ....teach.prompt import LONGEST
from ....teach.question import Teacher
from ....teach.rules.maker import Rules
from ....teach.rules.triplet import Dropped, Triplet
from ....teach.written import askable, questions_of, write_triplets
from ...items import distinct_texts
from ...options import TeachPairsOptions
from ..connect import connect, foreseen, guard_of
from ..plan import Plan, plan_of
from ..teaching import cost_of, manner, watched

OF_A_MODEL = ("most", "max_cost", "price", "allow_remote", "people", "dictionary", "parallel", "timeout")


def wanted(options: TeachPairsOptions) -> bool:
    """Whether a language model is to be asked."""
    return options.llm is not None or options.replay or options.teacher is not None


def unused(options: TeachPairsOptions) -> list[str]:
    """A note on options that were given for a model where none is asked."""
    given = options.changed(OF_A_MODEL)
    return [f"{', '.join(given)} had no use: nobody was asked (--llm MODEL, llm=… names a model)"] if given else []


def drawn(texts: Sequence[str], options: TeachPairsOptions) -> list[str]:
    """The texts that are asked about: as many as were wanted, drawn by the seed, in their order."""
    fit = askable(texts)
    rows = np.sort(Seed(options.seed).stream("texts that a teacher rewrites").permutation(len(fit))[: options.most])
    return [fit[row] for row in rows.tolist()]


def asked(texts: Sequence[str], rules: Rules, options: TeachPairsOptions) -> tuple[list[Triplet | Dropped], list[str], dict[str, Any]]:
    """What a teacher makes of some of the texts, notes on it, and what it cost; no more than a note where none is wanted.

    Raises
    ------
    InputError
        No endpoint is named, or it does not accept the key, the model or the host.
    MachineError
        Nothing answers at the address of the endpoint.
    """
    if not wanted(options):
        return [], unused(options), {}
    some = drawn(texts, options)
    journal = None if options.journal is None else Path(options.journal)
    endpoint, notes = (None, list[str]()) if options.teacher is not None else connect(options, journal)
    teacher: Teacher = endpoint if endpoint is not None else options.teacher  # type: ignore[assignment]  # its name is read only
    log.info("%s rewrites and refutes %s texts", teacher.name, f"{len(some):,}")
    try:
        entries = list(write_triplets(some, teacher, rules))
    finally:
        if endpoint is not None:
            endpoint.close()
    return entries, [*_passed(texts, some, entries, by=teacher.name), *notes, *manner(endpoint), *watched(some)], cost_of(endpoint)


def _passed(texts: Sequence[str], some: Sequence[str], entries: Sequence[Triplet | Dropped], by: str) -> list[str]:
    """How much of what was asked for passed the checks, and what was never sent."""
    refused = {kind: sum(isinstance(e, Dropped) and e.kind == kind for e in entries) for kind in ("positive", "refutation")}
    passed = [f"{len(some) - count:,} {name}" for name, count in zip(("rewrites", "refutations"), refused.values(), strict=True)]
    long = len(texts) - len(askable(texts))
    unsent = [f"{long:,} texts of more than {LONGEST} characters were not among those that {by} was asked about"] if long else []
    return [
        f"{by} was asked about {len(some):,} of {len(texts):,} texts (--most, most=…): {' and '.join(passed)} passed the checks",
        *unsent,
    ]


def plan_pairs(source: Any, options: TeachPairsOptions) -> Plan:
    """What a teacher would be asked, without asking anybody."""
    texts, _ = distinct_texts(read(source, text=options.text))
    price, notes, marked = foreseen(options)
    questions = questions_of(drawn(texts, options))
    titles = {"rewrite": "rewrites", "refute": "refutations"}
    stages = [(title, [q for q in questions if q.kind == kind]) for kind, title in titles.items()]
    return plan_of(stages, guard_of(options), price, marked=marked, notes=notes)
