"""Train an encoder on pairs: clusters, batches from inside them, training, and a gate that keeps the start encoder where training did not help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ...encode.text import TextEncoder
from ...encode.transformer import no_progress_bar, open_model
from ...errors import InputError, setting
from ...learn.pairs.clusters import cluster_pairs
from ...learn.pairs.contrastive import Sides
from ...learn.pairs.difficulty import Difficulty, difficulty
from ...learn.pairs.recipe import Lesson, Recipe
from ...learn.pairs.trainer import train
from ...logs import log
from ...rows.pairs import Pairs, read_pairs
from ...store.strictjson import plain
from ..options import LearnPairsOptions, Objective
from ..provenance import digest_of_pairs, source_name, version_of
from ..run import PairsRun
from ..triplets import is_triplets, read_triplets
from .encoder_folder import TrainedEncoder, refuse_foreign, save, start_folder, trainable
from .holdout import Holdout, hold_out
from .pairs_page import render
from .probe import Verdict, judge, query_ndcg
from .resume import Watch, check_reporter, claimed, folder_beside, interruptible, keep_guide, kept_guide
from .triplets.triplets import learn_triplets

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CONTRASTIVE: Final = "contrastive"
REPORTED = ("matomari", "sentence-transformers", "transformers", "torch", "faiss-cpu", "numpy")


def learn_pairs(
    source: Any,
    *,
    out: str | Path,
    columns: Sequence[str] | None = None,
    encoder: str | Path = "minilm",
    epochs: float = 1.0,
    steps: int = 0,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    mixing: float | Sequence[float] = 0.0,
    piece: int = 1,
    margin: float | None = None,
    refresh: int = 0,
    every: int = 200,
    distillation: float | None = None,
    objective: Objective = "auto",
    seed: int = 0,
    cache: str | Path | None = None,
    device: str | None = None,
    report_to: str = "none",
) -> TrainedEncoder:
    """Train an encoder on pairs of texts that belong together, and keep it if it got better.

    Parameters
    ----------
    source : path, "-", or table
        Pairs, as `matomari.rows.pairs.read_pairs` takes them; or a folder of triplets.
    out : path
        Folder of the result. A run that was stopped is taken up by the same call; what it needs for that stays beside `out` until it is done.
    columns : (str, str), optional
        The columns of anchors and of positives; found by their names when left out.
    encoder : str or path
        The start: "minilm", a sentence-transformers name or a folder.
    epochs, steps, batch_size, learning_rate, mixing, piece, margin, refresh, every, distillation, seed
        See `matomari.learn.pairs.recipe.Recipe`, and for triplets `matomari.learn.triplets.settings.TripletSettings`, whose defaults are taken for
        what is None.
    objective : str
        "contrastive" for pairs, or one of `matomari.operate.learn.triplets.triplets.OBJECTIVES` for triplets; "auto" takes "balanced" for a folder of
        triplets and "contrastive" for all else.
    cache : path, optional
        Folder that keeps vectors between runs.
    device : str, optional
        Where torch runs, such as "cuda"; the CPU when left out.
    report_to : str
        Where the trainer reports to: "tensorboard", "wandb", …

    Returns
    -------
    TrainedEncoder
        With the start encoder, unchanged, where the probe was lower after training, by any amount.

    Raises
    ------
    InputError
        The pairs cannot be read, are too few for a batch or hang together too much to hold any out; the encoder cannot be trained; `out` holds
        something else; a run with other settings or data was left unfinished.
    Stopped
        SIGINT or SIGTERM came; training left a checkpoint.
    """
    options = LearnPairsOptions(
        columns=columns, encoder=encoder, epochs=epochs, steps=steps, batch_size=batch_size, learning_rate=learning_rate, mixing=mixing,
        piece=piece, margin=margin, refresh=refresh, every=every, distillation=distillation, objective=objective, seed=seed, cache=cache, device=device,
        report_to=report_to,
    )  # fmt: skip
    if objective == CONTRASTIVE or (objective == "auto" and not is_triplets(source)):
        return train_pairs(source, Path(out), replace(options, objective=CONTRASTIVE), recipe_of(options))
    triplets, notes = read_triplets(source, options.columns)
    chosen: Objective = "balanced" if objective == "auto" else objective
    if objective == "auto":
        notes.append(f"learnt with the objective {chosen}, because these are triplets; --objective (objective=…) names another")
    return learn_triplets(triplets, source, Path(out), replace(options, objective=chosen), notes=notes)


def recipe_of(options: LearnPairsOptions) -> Recipe:
    """The settings of the training among the options."""
    given = {f.name: getattr(options, f.name) for f in fields(Recipe) if f.name in options.names() and getattr(options, f.name) is not None}
    mixing = tuple(options.mixing) if isinstance(options.mixing, Sequence) else options.mixing
    return Recipe(**given | {"mixing": mixing})


def train_pairs(source: Any, out: Path, options: LearnPairsOptions, recipe: Recipe) -> TrainedEncoder:
    """`learn_pairs` with a whole recipe, which has settings that are not options."""
    check_reporter(options.report_to)
    _refuse_unused(recipe)
    start = start_folder(options.encoder)
    refuse_foreign(out, start)
    with interruptible() as watch:
        log.info("reading")
        pairs = read_pairs(source, columns=options.columns)
        held = hold_out(pairs, recipe.seed)
        if len(held.rows) < recipe.batch_size:
            raise InputError(
                f"{len(held.rows):,} of the {len(pairs):,} pairs are left to learn from, which do not fill one batch of {recipe.batch_size}.",
                hint="take a smaller batch size.",
            )
        first = trainable(options.encoder, options.device, options.cache)
        digest = digest_of_pairs(pairs)
        with claimed(folder_beside(out), {"pairs": digest, "encoder": first.fingerprint, **plain(asdict(recipe))}) as folder:
            lesson, hardness, notes = _lesson(first, held, pairs=pairs, recipe=recipe, folder=folder)
            log.info("probing the start encoder")
            before = query_ndcg(TextEncoder(first.model, name=first.name, fast="off", cache=options.cache), held)
            model = _trained(open_model(start, options.device), lesson, recipe, folder=folder, watch=watch, report_to=options.report_to)
            log.info("probing the trained encoder")
            verdict = judge(before, _after(model, held), len(held.documents), recipe.seed)
            watch.stop_if_asked()
            run = PairsRun(
                source=source_name(source),
                encoder=str(options.encoder),
                encoder_fingerprint=first.fingerprint,
                fingerprint=digest,
                **_counts(pairs, held, recipe, hardness),
                **_training(watch),
                probe={**asdict(verdict), "kept": verdict.kept},
                outcome=outcome(verdict),
                versions={name: version_of(name) for name in REPORTED},
                notes=[*pairs.notes, *held.notes, *notes, *_notes(hardness, verdict, recipe), *_churned(watch)],
                options=options.record(),
            )
            trained = save(model if verdict.kept else open_model(start, options.device), run, render(run, hardness), out)
    (log.info if verdict.kept else log.warning)("%s", run.outcome)
    return trained


def _refuse_unused(recipe: Recipe) -> None:
    """Settings of batches from clusters mean nothing where batches are drawn at random."""
    if recipe.piece == 1 and (recipe.refresh or np.any(recipe.mixing)):
        name = "refresh" if recipe.refresh else "mixing"
        raise InputError(
            f"{name!r} is about batches from clusters, and these are drawn at random.",
            hint=f"{setting('piece', 2)} draws them from clusters; or leave {name} out.",
        )


def _lesson(first: TextEncoder, held: Holdout, pairs: Pairs, recipe: Recipe, folder: Path) -> tuple[Lesson, Difficulty, list[str]]:
    """The training pairs with their clusters and the start encoder's word on false negatives; how hard that is, and what was noted."""
    left = kept_guide(folder)
    if left is None or len(left[0][0]) != len(held.rows):
        log.info("encoding %s training pairs", f"{len(held.rows):,}")
        left = (first.encode(held.columns["anchor"]), first.encode(held.columns["positive"])), list(first.notes)
        keep_guide(folder, *left)
    guide, notes = left
    sources = None if pairs.source is None else np.asarray(pairs.source.to_pylist(), object)[held.rows]
    partition = cluster_pairs(
        guide[0], guide[1], recipe.batch_size, batches_a_cluster=recipe.batches_a_cluster, sources=sources, seed=recipe.seed
    )
    lesson = Lesson(held.columns, partition, guide, sources)
    return lesson, _difficulty(guide, lesson, recipe), notes


def _difficulty(guide: Sides, lesson: Lesson, recipe: Recipe) -> Difficulty:
    assert lesson.partition is not None and not isinstance(lesson.partition, Sequence)
    margin = recipe.margin or 0.0  # what a filter would do is measured without one, too
    measured = difficulty(guide, lesson.partition, recipe.batch_size, margin=margin, same=lesson.same(), seed=recipe.seed)
    log.info("%s", _hardness(measured, recipe))
    return measured


def _hardness(found: Difficulty, recipe: Recipe) -> str:
    hard, random = (f"{s.hardest:.2f}" if s.hardest is not None else "none" for s in (found.typical(), found.random))
    return (
        f"{len(found.clusters):,} clusters: cosine of the hardest negative {hard} in their batches, {random} in random ones; "
        f"the start encoder takes {found.typical().suspected:.1%} of the negatives for right, {found.random.suspected:.1%} in random batches; "
        + ("they are left out" if recipe.margin is not None else "they stay negatives, --margin 0 (margin=0) leaves them out")
    )


def _trained(
    model: SentenceTransformer, lesson: Lesson, recipe: Recipe, *, folder: Path, watch: Watch, report_to: str
) -> SentenceTransformer:
    with no_progress_bar():
        train(model, lesson, recipe, folder=folder, callbacks=[watch], report_to=report_to)
    watch.stop_if_asked()
    return model


def _after(model: SentenceTransformer, held: Holdout) -> Any:
    """NDCG of the queries; None where the model gives NaN or infinity."""
    try:
        return query_ndcg(TextEncoder(model, fast="off"), held)
    except InputError as error:
        log.warning("the trained encoder is of no use: %s", error.message)
        return None


def _counts(pairs: Pairs, held: Holdout, recipe: Recipe, hardness: Difficulty) -> dict[str, Any]:
    settings = plain(asdict(recipe))
    settings.pop("epochs" if recipe.steps else "steps")
    return {
        "pairs": len(pairs),
        "training_pairs": len(held.rows),
        "negatives": sum(name.startswith("negative") for name in held.columns),
        "clusters": len(hardness.clusters),
        "settings": settings,
        "seed": recipe.seed,
        "difficulty": hardness.table(),
    }


def _training(watch: Watch) -> dict[str, Any]:
    return {
        "steps": watch.steps,
        "loss": [[step, loss] for step, loss in watch.curve],
        "refreshes": [{"epoch": epoch, "moved": churn} for epoch, churn in watch.churn],
    }


def outcome(verdict: Verdict) -> str:
    """The verdict in one sentence.

    Examples
    --------
    >>> outcome(Verdict(300, 3000, 0.5, 0.4, -0.12, -0.08))
    'Training did not help: NDCG@10 of 300 held-out queries fell from 0.500 to 0.400, so the start encoder was saved, unchanged.'
    """
    of = f"NDCG@10 of {verdict.queries:,} held-out queries"
    if not verdict.finite:
        return "Training broke the encoder, which gives no finite numbers any more, so the start encoder was saved, unchanged."
    if not verdict.kept:
        return (
            f"Training did not help: {of} fell from {verdict.before:.3f} to {verdict.after:.3f}, so the start encoder was saved, unchanged."
        )
    sure = "" if verdict.low > 0 else ", which may be chance"
    if verdict.after == verdict.before:
        return f"The trained encoder was saved, though {of} stayed at {verdict.before:.3f}."
    return (
        f"The trained encoder was saved: {of} rose from {verdict.before:.3f} to {verdict.after:.3f} "
        f"(difference {verdict.low:+.3f} to {verdict.high:+.3f} in 95 % of resamplings{sure})."
    )


def _churned(watch: Watch) -> list[str]:
    if not watch.churn:
        return []
    shares = ", ".join(f"{churn:.0%}" for _, churn in watch.churn)
    return [f"the clusters were made again from the model's own vectors {len(watch.churn)} times; of the pairs, {shares} moved"]


def _notes(found: Difficulty, verdict: Verdict, recipe: Recipe) -> list[str]:
    notes = [_hardness(found, recipe)]
    outside = [s for s in found.clusters if s.outlier]
    if outside:
        numbers = ", ".join(str(s.cluster) for s in outside[:10]) + (" …" if len(outside) > 10 else "")
        rows = sum(s.rows for s in outside)
        notes.append(
            f"{len(outside)} of the clusters lie outside the others ({numbers}), with {rows:,} pairs: look whether they belong to the data"
        )
    if verdict.weak_guide and recipe.margin is not None:
        notes.append(
            f"the guide was weak: the start encoder, which said which negatives are false, ranks the probe at {verdict.before:.3f} and the trained one at "
            f"{verdict.after:.3f}, so its filter may have cost something; a second run with the trained encoder as the start has a better guide"
        )
    for note in notes[1:]:
        log.warning("note: %s", note)
    return notes
