"""Train an encoder on texts without labels or pairs: rounds of grouping and learning, each checked by a gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...cluster.communities.themes import themes
from ...encode.text import TextEncoder, load_encoder
from ...encode.transformer import open_model
from ...learn.texts.gate import FAITHFUL, SPREAD
from ...learn.texts.head import NEIGHBORS, PULL, RESOLUTIONS, RIDGE, with_head
from ...learn.texts.rounds import Rounds, learn_rounds
from ...logs import log
from ...rows.pairs import Pairs, read_pairs
from ...rows.read import read
from ...seeds import Seed
from ...vectors import Floats, normalise
from ...wording import visible
from ..html.page import filled, page
from ..items import distinct_texts
from ..options import LearnTextsOptions
from ..provenance import digest_of_texts, source_name, version_of
from ..run import TextsRun
from .encoder_folder import TrainedEncoder, refuse_foreign, save, short_name, start_folder
from .pairs import REPORTED
from .pairs_page import STYLES

MOST_PAIRS = 5000


def learn_texts(
    source: Any,
    *,
    out: str | Path,
    text: str | Sequence[str] | None = None,
    encoder: str | Path = "minilm",
    rounds: int = 3,
    pairs: Any = None,
    columns: Sequence[str] | None = None,
    seed: int = 0,
    cache: str | Path | None = None,
    device: str | None = None,
) -> TrainedEncoder:
    """Learn from texts alone: a linear head on the encoder, made of the texts' own communities, kept only where it does no harm.

    Parameters
    ----------
    source : path, "-" or texts in memory
        As `matomari.group` takes it.
    out : path
        Folder of the result: a stock sentence-transformers model, its card, run.json and report.html.
    text : str or list of str, optional
        Column or columns of text.
    encoder : str or path
        The start: "minilm", a sentence-transformers name or a folder.
    rounds : int
        Most rounds; the first that the gate rejects ends them.
    pairs : path, "-" or table, optional
        Pairs of texts that belong together, as `matomari.rows.pairs.read_pairs` takes them, with their `columns`. Nothing is learnt from them: a
        round after which they are found less well is rejected. Of more than 5,000 so many are drawn.
    seed : int
    cache : path, optional
        Folder that keeps vectors between runs.
    device : str, optional

    Returns
    -------
    TrainedEncoder
        With the start encoder, unchanged, where no round was kept.

    Raises
    ------
    InputError
        The texts or the pairs cannot be read or are too few, the encoder cannot be trained, `out` holds something else.
    """
    options = LearnTextsOptions(
        text=text, rounds=rounds, pairs=pairs, columns=columns, encoder=encoder, seed=seed, cache=cache, device=device
    )
    out, start = Path(out), start_folder(encoder)
    refuse_foreign(out, start)
    log.info("reading")
    rows = read(source, text=text)
    texts, _ = distinct_texts(rows)
    judges = None if pairs is None else read_pairs(pairs, columns=columns)
    first = load_encoder(str(encoder), device=device, cache=cache)
    log.info("encoding %s distinct texts", f"{len(texts):,}")
    X = normalise(np.asarray(first.encode(texts), np.float32))
    sides = None if judges is None else _sides(first, judges, seed)
    learnt = learn_rounds(X, rounds, pairs=sides, seed=seed, say=log.info)
    groups = themes(X, seed=seed, assign_all=True).k  # by the rule of `group`
    improved = learnt.head is not None
    run = TextsRun(
        source=source_name(source),
        texts=len(texts),
        pairs=0 if sides is None else len(sides[0]),
        encoder=str(encoder),
        encoder_fingerprint=first.fingerprint,
        fingerprint=digest_of_texts(texts),
        settings={"rounds": rounds, "resolutions": list(RESOLUTIONS), "neighbors": NEIGHBORS, "pull": PULL, "ridge": RIDGE, "seed": seed},
        gate={"fidelity": FAITHFUL, "rank_share": SPREAD},
        rounds=[asdict(entry) for entry in learnt.rounds],
        groups=groups,
        probe={"kept": improved},
        outcome=outcome(learnt),
        seed=seed,
        notes=[*rows.notes, *([] if judges is None else judges.notes), *first.notes, *([_keep(groups)] if improved else [])],
        versions={name: version_of(name) for name in REPORTED},
        options=options.record(),
    )
    base = open_model(start, device)
    shell = page("rounds.html.j2", STYLES, run=run, title=visible(run.source), notes=[visible(note) for note in run.notes])
    card = filled("rounds.md.j2", False, run=dict(run) | {"name": out.resolve().name}, encoder=short_name(run.encoder))
    trained = save(base if learnt.head is None else with_head(base, learnt.head), run, shell, out, card=card)
    (log.info if improved else log.warning)("%s", run.outcome)
    return trained


def _sides(encoder: TextEncoder, pairs: Pairs, seed: int) -> tuple[Floats, Floats]:
    """Vectors of both sides of the pairs that judge."""
    rows = np.arange(len(pairs))
    if len(rows) > MOST_PAIRS:
        rows = np.sort(Seed(seed).stream("rounds/pairs").permutation(rows)[:MOST_PAIRS])
    log.info("encoding %s pairs that judge", f"{len(rows):,}")
    anchors, positives = (
        normalise(np.asarray(encoder.encode(side.take(rows).to_pylist()), np.float32)) for side in (pairs.anchors, pairs.positives)
    )
    return anchors, positives


def outcome(found: Rounds) -> str:
    """The result in one sentence."""
    accepted = [entry for entry in found.rounds[1:] if entry.kept]
    if not accepted:
        return f"No round was kept, so the start encoder was saved, unchanged: {found.rounds[-1].reason}."
    last = accepted[-1]
    paired = "" if last.found is None else f"; NDCG@10 of the given pairs went from {found.rounds[0].found:.3f} to {last.found:.3f}"
    return (
        f"{len(accepted)} of {len(found.rounds) - 1} rounds kept: two halves of the texts agree on held-out ones with AMI {last.stability:.3f} "
        f"instead of {found.rounds[0].stability:.3f}, and the order of their cosines is kept to {last.fidelity:.3f}{paired}."
    )


def _keep(groups: int) -> str:
    """The note on the number of groups: structure that learning made firmer is not evidence for it."""
    return (
        f"the start encoder shows {groups} groups: give --groups {groups} when you group with the learnt one, "
        "for what was pulled together looks stable at more numbers than before"
    )
