"""The verb `learn` of the command line: an encoder from pairs or from texts alone, or a classifier from labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import (
    Cache,
    Columns,
    Correct,
    Gold,
    Id,
    Image,
    Json,
    Judges,
    Label,
    Lesson,
    Mixing,
    NoCache,
    Quiet,
    Refresh,
    Rounds,
    Start,
    Text,
)
from .terminal import cache_root, check_learning, print_json, say, shares, talk

if TYPE_CHECKING:
    from ..operate.learn.encoder_folder import Learned

# what only learning from pairs heeds
PAIRS_ALONE = ("epochs", "steps", "batch_size", "learning_rate", "mixing", "piece", "refresh", "every", "report_to")


def learn(
    context: typer.Context,
    source: Lesson,
    out: Annotated[Path, typer.Option("--out", "-o", help="folder for the trained encoder or the classifier, and its report")],
    columns: Columns = None,
    text: Text = None,
    label: Label = None,
    image: Image = False,
    correct: Correct = False,
    gold: Gold = None,
    id: Id = None,
    rounds: Rounds = 0,
    pairs: Judges = None,
    encoder: Start = "minilm",
    epochs: Annotated[float, typer.Option("--epochs", help="passes over the pairs")] = 1.0,
    steps: Annotated[int, typer.Option("--steps", help="so many steps, whatever --epochs says")] = 0,
    batch_size: Annotated[int, typer.Option("--batch-size", help="pairs a step")] = 64,
    learning_rate: Annotated[float, typer.Option("--learning-rate", help="the highest; it is warmed up and falls to 0")] = 2e-5,
    mixing: Mixing = "0",
    piece: Annotated[int, typer.Option("--piece", help="rows of one cluster in a batch; the batch size makes it one cluster")] = 2,
    refresh: Refresh = 0,
    every: Annotated[int, typer.Option("--every", help="steps from checkpoint to checkpoint")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="same pairs, same seed: same encoder")] = 0,
    device: Annotated[str | None, typer.Option("--device", help="cpu, cuda …; the CPU when left out")] = None,
    report_to: Annotated[str, typer.Option("--report-to", help="none, or tensorboard, wandb …")] = "none",
    cache: Cache = None,
    no_cache: NoCache = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train an encoder on pairs that belong together, or with --rounds on texts alone; with --label, or --image, make a classifier."""
    talk(quiet)
    asked = {"--label": label is not None, "--image": image, "--correct": correct, "--gold": gold is not None, "--id": id is not None}
    of_pairs = [name for name in PAIRS_ALONE if str(context.get_parameter_source(name)).endswith("COMMANDLINE")]
    check_learning(bool(text), rounds, bool(columns), pairs is not None, asked, of_pairs)
    root = cache_root(cache, no_cache)
    if label is not None or image:
        from ..operate.learn.labels import learn_labels

        made = learn_labels(
            source, out=out, label=label, text=text or None, id=id, image=image, correct=correct, gold=gold, encoder=encoder, seed=seed, cache=root, device=device
        )  # fmt: skip
        _tell_classes(made.run, out, as_json, quiet)
    elif rounds:
        from ..operate.learn.texts import learn_texts

        told = learn_texts(
            source, out=out, text=text, encoder=encoder, rounds=rounds, pairs=pairs, columns=columns, seed=seed, cache=root, device=device
        )
        _tell_rounds(told, as_json, quiet)
    else:
        from ..learn.pairs.recipe import Recipe
        from ..operate.learn.pairs import learn as run

        recipe = Recipe(
            batch_size=batch_size, epochs=epochs, steps=steps, learning_rate=learning_rate, mixing=shares(mixing), piece=piece, refresh=refresh, every=every, seed=seed
        )  # fmt: skip
        found = run(source, out=out, encoder=encoder, columns=columns, recipe=recipe, cache=root, device=device, report_to=report_to)
        _tell_pairs(found, as_json, quiet)


def _tell_pairs(found: Learned, as_json: bool, quiet: bool) -> None:
    if as_json:
        kept = ("pairs", "training_pairs", "clusters", "steps", "probe", "outcome", "encoder", "seed", "fingerprint", "notes")
        print_json({key: found.run[key] for key in kept} | {"out": str(found.path)})
    elif not quiet:
        say(f"open {found.path / 'report.html'} in a browser; matomari group … --encoder {found.path} groups with it")


def _tell_rounds(found: Learned, as_json: bool, quiet: bool) -> None:
    if as_json:
        kept = ("texts", "rounds", "groups", "outcome", "encoder", "seed", "fingerprint", "notes")
        print_json({key: found.run[key] for key in kept} | {"out": str(found.path)})
    elif not quiet:
        groups = found.run["groups"]
        say(f"open {found.path / 'report.html'} in a browser; matomari group … --encoder {found.path} --groups {groups} groups with it")


def _tell_classes(run: Any, out: Path, as_json: bool, quiet: bool) -> None:
    if as_json:
        kept = (
            "rows",
            "labelled",
            "classes",
            "probe",
            "corrected",
            "left_out",
            "temperature",
            "outcome",
            "encoder",
            "seed",
            "fingerprint",
            "notes",
        )
        print_json({key: run[key] for key in kept} | {"out": str(out)})
    elif not quiet:
        for note in run["notes"]:
            say(f"note: {note}")
        noun, new = ("images", "folder/") if run["image"] else ("texts", "new.csv")
        say(f"open {out / 'report.html'} in a browser; matomari assign {out} {new} places new {noun}")
