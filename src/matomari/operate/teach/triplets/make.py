"""The job `teach_pairs`: triplets out of texts, by rules, with a graph of what the texts speak of and a record of all that was left out."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ....encode.text import load_encoder
from ....errors import InputError
from ....logs import log
from ....protocols import Encoder
from ....rows.read import Rows, read
from ....teach.graph import japanese
from ....teach.graph.coverage import Coverage, coverage
from ....teach.graph.exchange import edge_table, from_tables, node_table, write_graphml
from ....teach.graph.graph import Graph
from ....teach.graph.vocabulary import Vocabulary
from ....teach.graph.wordnet import WordNet, find_wordnet
from ....teach.question import Teacher
from ....teach.rules.maker import Rules
from ....teach.rules.triplet import Dropped, Triplet
from ....vectors import normalise
from ...items import distinct_texts
from ...options import TeachPairsOptions
from ...provenance import digest_of_texts, source_name
from ...triplets import TripletSet
from .asked import asked
from .leaks import refuse_leaks
from .page import render
from .sift import sifted

LONG = 60  # words of a text, from which on it is no sentence
SIDES = ("anchor", "positive", "negative")


def teach_pairs(
    source: Any,
    *,
    text: str | Sequence[str] | None = None,
    terms: str | Path | None = None,
    graph: str | Path | None = None,
    encoder: str | Path = "minilm",
    per_text: int = 1,
    alpha: float = 0.05,
    beta: float = 0.05,
    balanced: bool = False,
    apart: Any = None,
    llm: str | None = None,
    most: int = 200,
    journal: str | Path | None = None,
    max_cost: float | None = None,
    price: tuple[float, float] | None = None,
    allow_remote: str | None = None,
    replay: bool = False,
    people: bool = False,
    dictionary: Any = None,
    parallel: int = 4,
    timeout: float = 120.0,
    teacher: Teacher | None = None,
    seed: int = 0,
    cache: str | Path | None = None,
) -> TripletSet:
    """Make triplets of texts by rules, offline: each text, one that says the same, and one that differs in a small thing that matters.

    With a language model some texts are also rewritten and refuted by it, checked by the same rules.

    Parameters
    ----------
    source : path, "-" or texts in memory
        As `matomari.group` takes it.
    text : str or list of str, optional
        Column or columns of text.
    terms : path or table, optional
        Your own words, a table with the columns term, type, aliases (with | between): terms of one type are swapped for each other.
    graph : path, optional
        A folder of triplets whose graph grows by these texts.
    encoder : str or path
        The judge.
    per_text : int
        Triplets of one text, each of another kind.
    alpha, beta : float
        Shares of each kind that are left out: positives that the judge finds least alike, negatives that it finds most alike.
    balanced : bool
        Words for men, women and nations may be swapped, too, in both directions.
    apart : path or texts, optional
        What the encoder will be measured with; the run fails where a text is among them.
    llm : str, optional
        The model that rewrites and refutes texts, at the endpoint of OPENAI_BASE_URL; nobody is asked when left out.
    most : int
        Texts that it is asked about.
    journal : path, optional
        Where its replies are kept, so that none is paid for twice.
    max_cost, price, allow_remote, replay, people, dictionary, parallel, timeout, teacher
        As of `ask_teacher`.
    seed : int
    cache : path, optional
        Of vectors.

    Returns
    -------
    TripletSet
        Its notes say what was read, made and left out.

    Raises
    ------
    InputError
        The texts or the terms cannot be read, no triplet can be made, or a text is among `apart`; no endpoint is named, or it refuses.
    MachineError
        Nothing answers at the address of the endpoint.
    """
    given: dict[str, Any] = {"text": text, "terms": terms, "graph": graph, "encoder": encoder, "per_text": per_text, "balanced": balanced}
    given |= {"llm": llm, "most": most, "journal": journal, "max_cost": max_cost, "price": price, "allow_remote": allow_remote}
    given |= {"replay": replay, "people": people, "dictionary": dictionary, "parallel": parallel, "timeout": timeout, "teacher": teacher}
    options = TeachPairsOptions(**given, alpha=alpha, beta=beta, apart=apart, seed=seed, cache=cache)
    rows = read(source, text=text)
    return of_rows(rows, source_name(source), options)


def of_rows(rows: Rows, source: str, options: TeachPairsOptions) -> TripletSet:
    """`teach_pairs` of rows that are read."""
    texts, _ = distinct_texts(rows)
    if options.apart is not None:
        refuse_leaks(texts, distinct_texts(read(options.apart))[0], source_name(options.apart))
    rules, notes = rules_of(texts, options)
    log.info("making triplets of %s texts", f"{len(texts):,}")
    written, told, cost = asked(texts, rules, options)
    entries = [*rules.make(texts), *written]
    made, dropped = [e for e in entries if isinstance(e, Triplet)], [e for e in entries if isinstance(e, Dropped)]
    if not made:
        raise InputError(
            f"of {len(texts):,} texts no triplet could be made: {_reasons(dropped)}.",
            hint="texts with quantities, negations or words of --terms give some; English ones also with WordNet.",
        )
    judge = load_encoder(str(options.encoder), cache=options.cache)
    triplets, audit = _judged(made, dropped, judge, options)
    grown, known = _graph(texts, rules, {t.anchor for t in made}, judge=judge, options=options)
    notes = [*rows.notes, *notes, *told, *_said(texts, made, dropped, triplets, options=options)]
    record = {
        "source": source,
        "texts": len(texts),
        "fingerprint": digest_of_texts(texts),
        "encoder": str(options.encoder),
        "encoder_fingerprint": judge.fingerprint,
        "triplets": len(triplets),
        "left_out": len(audit),
        "kinds": dict(sorted(Counter(triplets["kind"].to_pylist()).items())),
        "coverage": known._asdict(),
        "cost": cost,
        "notes": notes,
        "options": options.record(),
        "seed": options.seed,
    }
    return TripletSet(
        triplets=triplets,
        audit=audit,
        nodes=node_table(grown),
        edges=edge_table(grown),
        graphml=_graphml(grown),
        record=record,
        page=render(record, triplets, audit),
    )


def rules_of(texts: Sequence[str], options: TeachPairsOptions) -> tuple[Rules, list[str]]:
    """The rules for these texts, and what they go without."""
    vocabulary = None if options.terms is None else Vocabulary.read(options.terms)
    wordnet = WordNet.load() if find_wordnet() is not None else None
    vocabulary, notes = _with_japanese(vocabulary or Vocabulary(), texts)
    rules = Rules.of(
        texts, wordnet=wordnet, vocabulary=vocabulary, seed=options.seed, per_sentence=options.per_text, balanced=options.balanced
    )
    return rules, [*rules.notes, *notes]


def _with_japanese(vocabulary: Vocabulary, texts: Sequence[str]) -> tuple[Vocabulary, list[str]]:
    """With the nouns of the texts that are Japanese, where there are some and the extra is there; a note on either."""
    ours = [text for text in texts if japanese.is_japanese(text)]
    if not ours:
        return vocabulary, []
    if not japanese.known():
        return vocabulary, [
            f"the nouns of {len(ours):,} Japanese texts were not read: pip install 'matomari[japanese]' has what reads them"
        ]
    more, new = japanese.with_nouns(vocabulary, ours, japanese.reader())
    return more, [
        f"{new:,} nouns of {len(ours):,} Japanese texts stand {japanese.FLOOR} times or more and have others of their kind; --terms (terms=…) names more"
    ]


def _judged(made: Sequence[Triplet], dropped: Sequence[Dropped], judge: Encoder, options: TeachPairsOptions) -> tuple[pa.Table, pa.Table]:
    """Triplets that stay, and all that do not, with the reasons."""
    distinct = list(dict.fromkeys(part for t in made for part in (t.anchor, t.positive, t.negative)))
    log.info("the judge reads %s texts", f"{len(distinct):,}")
    X = normalise(np.asarray(judge.encode(distinct), np.float32))
    place = {part: i for i, part in enumerate(distinct)}
    a, p, n = (X[[place[getattr(t, side)] for t in made]] for side in SIDES)
    kinds = [t.kind for t in made]
    far, near = sifted((a * p).sum(axis=1), (a * n).sum(axis=1), kinds, alpha=options.alpha, beta=options.beta)
    rows = [t._asdict() for t in made]
    kept = [row for row, out in zip(rows, far | near, strict=True) if not out]
    reasons = np.where(
        far, "the judge finds the positive less alike than others of its kind", "the judge finds the negative more alike than others"
    )
    judged = zip(rows, np.where(far, "positive", "negative"), reasons, far | near, strict=True)
    audit = [row | {"side": str(side), "reason": str(reason)} for row, side, reason, out in judged if out]
    for d in dropped:
        side = "positive" if d.kind == "positive" else "negative"
        texts = {"anchor": d.anchor, "positive": "", "negative": "", side: d.candidate}
        audit.append({**texts, "kind": "" if d.kind == side else d.kind, "made": d.made, "side": side, "reason": d.reason})
    names = [*SIDES, "kind", "made"]
    return _table(kept, names), _table(audit, [*names, "side", "reason"])


def _table(rows: list[dict[str, str]], names: list[str]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})


def _graph(texts: Sequence[str], rules: Rules, usable: set[str], *, judge: Encoder, options: TeachPairsOptions) -> tuple[Graph, Coverage]:
    """The graph of these texts, with an earlier one where there is one, and what it knows of these texts alone."""
    fresh = Graph.of(texts, rules.know.entities, usable=lambda text: " ".join(text.split()) in usable)
    known = coverage(fresh)
    if options.graph is not None:
        old = TripletSet.load(str(options.graph))
        fresh = fresh.grow(from_tables(old.nodes, old.edges))
    return fresh.with_near(lambda names: judge.encode(list(names))), known


def _graphml(graph: Graph) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.graphml"
        write_graphml(graph, path)
        return path.read_text(encoding="utf-8")


def _said(
    texts: Sequence[str], made: Sequence[Triplet], dropped: Sequence[Dropped], triplets: pa.Table, options: TeachPairsOptions
) -> list[str]:
    """What was made and left out, a sentence each."""
    without = len(texts) - len({t.anchor for t in made})
    none = f"; of {without:,} none could be made ({_reasons(dropped)})" if without else ""
    said = [f"{len(made):,} triplets of {len(texts):,} distinct texts{none}"]
    left = len(made) - len(triplets)
    if left:
        bounds = f"the {options.alpha:.0%} least alike positives and the {options.beta:.0%} most alike negatives of each kind"
        said.append(
            f"{left:,} of them were left out, {bounds} (--alpha, --beta; alpha=…, beta=…), {len(triplets):,} are left; audit.csv has all that was "
            "dropped, and why"
        )
    framed = sum("positive: frame " in row for row in triplets["made"].to_pylist())
    if framed:
        said.append(
            f"{framed:,} positives are their text behind words such as 'Note:', for no rule says it otherwise; --llm MODEL (llm=…) rewrites texts"
        )
    folded = sum(text != " ".join(text.split()) for text in texts)
    if folded:
        said.append(f"in {folded:,} texts several spaces or line breaks in a row were read as one space")
    long = sum(len(text.split()) > LONG for text in texts)
    if long:
        said.append(f"{long:,} texts have more than {LONG} words, and a text is taken whole: give sentences, so that one difference counts")
    if not options.balanced:
        said.append("words for men, women and nations were never swapped; --balanced (balanced=True) swaps them in both directions")
    return said


def _reasons(dropped: Sequence[Dropped]) -> str:
    counts = Counter(d.reason for d in dropped if not d.candidate)
    return "; ".join(f"{reason}: {count:,}" for reason, count in counts.most_common(3)) or "nothing was tried"
