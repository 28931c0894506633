"""Train an encoder on triplets, anchor, positive and hard negative, and keep it where a search with it is not worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ....encode.text import TextEncoder
from ....encode.transformer import no_progress_bar, open_model
from ....errors import InputError
from ....learn.triplets.settings import TripletSettings, preset
from ....learn.triplets.trainer import train_triplets
from ....logs import log
from ....protocols import Encodes
from ....store.strictjson import plain
from ...options import LearnPairsOptions
from ...provenance import digest_of_columns, source_name, version_of
from ...run import PairsRun
from ..encoder_folder import TrainedEncoder, refuse_foreign, save, start_folder, trainable
from ..probe import Verdict, judge, query_ndcg
from ..resume import check_reporter, claimed, folder_beside, interruptible
from .bias import associations, compare, sentences
from .held import HeldTriplets, hold_out_triplets
from .page import render
from .swaps import ALL, by_kind, told_apart

COLUMNS = ("anchor", "positive", "negative", "kind")
LEFT = ("mixing", "piece", "margin", "refresh")  # options of batches drawn from clusters, and of their filter: triplets have neither
REPORTED = ("matomari", "sentence-transformers", "transformers", "torch", "numpy")
ALONE = {"distillation": 0.0, "learning_rate": 2e-5}  # without distillation a higher rate loses similarity in general
OBJECTIVES: dict[str, dict[str, Any]] = {  # what each changes of its set, "sharp" or "balanced"
    "balanced": {},
    "sharp": {},
    "none": ALONE,
    "gaussian": ALONE | {"decay": "gaussian-2024"},
    "gaussian-2025": ALONE | {"decay": "gaussian-2025"},
    "gist": ALONE | {"decay": "gist"},
    "margin": ALONE | {"decay": "margin"},
    "weight": ALONE | {"decay": "weight"},
}


@dataclass(frozen=True)
class Measured:
    """What one encoder makes of the triplets held out: NDCG of each query, None where it gives no numbers, which triplets are right, and its `associations`."""

    ndcg: NDArray[np.float64] | None
    right: NDArray[np.bool_]
    associations: dict[str, NDArray[np.float64]]


def learn_triplets(triplets: pa.Table, source: Any, out: Path, options: LearnPairsOptions, notes: list[str]) -> TrainedEncoder:
    """Train on triplets.

    Parameters
    ----------
    triplets : pyarrow.Table
        With the columns anchor, positive, negative, kind.
    source : object
        Where they come from, for the record.
    out : path
    options : LearnPairsOptions
        `objective` is one of `OBJECTIVES`.
    notes : list of str
        What was noted while they were read.

    Raises
    ------
    InputError
        There are too few; the encoder cannot be trained; `out` holds something else; a run with other settings was left unfinished.
    Stopped
        SIGINT or SIGTERM came; training left a checkpoint.
    """
    check_reporter(options.report_to)
    start, settings = start_folder(options.encoder), settings_of(options)
    refuse_foreign(out, start)
    with interruptible() as watch:
        held = hold_out_triplets(triplets, settings.seed)
        if len(held.kinds) < settings.batch_size:
            raise InputError(
                f"{len(held.kinds):,} of the {len(triplets):,} triplets are left to learn from, which do not fill one batch of {settings.batch_size}.",
                hint="take a smaller batch size.",
            )
        first = trainable(options.encoder, options.device, options.cache)
        digest = digest_of_columns([triplets[name].to_pylist() for name in COLUMNS])
        facts = {"pairs": digest, "encoder": first.fingerprint, **plain(asdict(settings))}
        with claimed(folder_beside(out), facts) as folder, no_progress_bar():
            log.info("probing the start encoder")
            before = measured(TextEncoder(first.model, name=first.name, fast="off", cache=options.cache), held)
            model = open_model(start, options.device)
            training = train_triplets(
                model, held.columns, held.kinds, settings, folder=folder, callbacks=[watch], report_to=options.report_to
            )
            watch.stop_if_asked()
            log.info("probing the trained encoder")
            after = measured(TextEncoder(training.model, fast="off"), held)
            assert before.ndcg is not None
            verdict = judge(before.ndcg, after.ndcg, len(held.search.documents), settings.seed)
            swaps = by_kind(before.right, after.right, held.aside_kinds, settings.seed)
            kept = verdict.kept and swaps[-1]["after"] >= swaps[-1]["before"]  # what was to be learnt must not get worse, either
            bias = compare(before.associations, after.associations, settings.seed) if after.associations else []
            said = [*notes, *held.notes, *unused(options), *_gated(training.gate), *sentences(bias)]
            watch.stop_if_asked()
            run = PairsRun(
                source=source_name(source),
                encoder=str(options.encoder),
                encoder_fingerprint=first.fingerprint,
                fingerprint=digest,
                pairs=len(triplets),
                training_pairs=len(held.kinds),
                negatives=1,
                clusters=0,
                steps=watch.steps,
                loss=[[step, loss] for step, loss in watch.curve],
                settings={"objective": options.objective, **_settings(settings)},
                seed=settings.seed,
                difficulty=[],
                probe={**asdict(verdict), "kept": kept},
                outcome=outcome(verdict, swaps, kept),
                versions={name: version_of(name) for name in REPORTED},
                swaps=swaps,
                gate=training.gate,
                bias=bias,
                notes=said,
                options=options.record(),
            )
            trained = save(training.model if kept else open_model(start, options.device), run, render(run), out)
    for note in said:
        log.info("note: %s", note)
    (log.info if kept else log.warning)("%s", run.outcome)
    return trained


def settings_of(options: LearnPairsOptions) -> TripletSettings:
    """The settings of the training among the options."""
    shared = ("epochs", "steps", "batch_size", "learning_rate", "every", "distillation", "seed")
    given = {name: getattr(options, name) for name in shared if getattr(options, name) is not None}
    return preset("sharp" if options.objective == "sharp" else "balanced", **OBJECTIVES[options.objective] | given)


def unused(options: LearnPairsOptions) -> list[str]:
    """A note on options that were given and have no use here."""
    given = options.changed(LEFT)
    return [f"{', '.join(given)} had no use: batches of triplets are drawn at random"] if given else []


def measured(encoder: Encodes, held: HeldTriplets) -> Measured:
    """What an encoder makes of the triplets held out."""
    try:
        return Measured(query_ndcg(encoder, held.search), told_apart(encoder, held.aside), associations(encoder))
    except InputError as error:
        log.warning("the trained encoder is of no use: %s", error.message)
        return Measured(None, np.zeros(len(held.aside_kinds), bool), {})


def outcome(verdict: Verdict, swaps: list[dict[str, Any]], kept: bool) -> str:
    """The verdict in two sentences.

    Examples
    --------
    >>> rows = [{"kind": "mean of kinds", "before": 0.7, "after": 0.9}]
    >>> outcome(Verdict(50, 500, 0.5, 0.6, 0.05, 0.15), rows, True)
    'Small differences: 70% told apart before, 90% after. The trained encoder was saved: NDCG@10 of 50 held-out anchors went from 0.500 to 0.600.'
    """
    mean = next(row for row in swaps if row["kind"] == ALL)
    told = f"Small differences: {mean['before']:.0%} told apart before, {mean['after']:.0%} after."
    of = f"NDCG@10 of {verdict.queries:,} held-out anchors"
    if not verdict.finite:
        return "Training broke the encoder, which gives no finite numbers any more, so the start encoder was saved, unchanged."
    if not kept and verdict.kept:
        return f"{told} So the start encoder was saved, unchanged, though {of} went from {verdict.before:.3f} to {verdict.after:.3f}."
    if not kept:
        return f"{told} But {of} fell from {verdict.before:.3f} to {verdict.after:.3f}, so the start encoder was saved, unchanged."
    return f"{told} The trained encoder was saved: {of} went from {verdict.before:.3f} to {verdict.after:.3f}."


def _settings(settings: TripletSettings) -> dict[str, Any]:
    values: Mapping[str, Any] = plain(asdict(settings))
    unused = {"epochs" if settings.steps else "steps", "seed"}
    if not settings.decay.startswith("gaussian"):
        unused |= {"sigma", "follow", "target", "rate", "bounds", "noise"}
    if settings.decay != "margin":
        unused |= {"margin", "margins"}
    if settings.decay != "weight":
        unused |= {"pull"}
    return {name: value for name, value in values.items() if name not in unused}


def _gated(gate: list[dict[str, Any]]) -> list[str]:
    """What the gate of a Gaussian decay did in each epoch."""
    return [
        f"epoch {row['epoch']:g}: {row['mean']:.0%} of the pull of the own hard negative was held back in the mean, half of it where the similarity had "
        f"moved by {row['half_width']:.2f} in cos/τ"
        for row in gate
    ]
