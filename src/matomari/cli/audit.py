"""The verb `audit` of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import By, Cache, Encoder, Gold, Id, Image, Input, Json, Label, NoCache, Quiet, Text
from .terminal import cache_root, check_free, print_csv, print_json, say, talk

if TYPE_CHECKING:
    from ..operate.audit.audit import Audit

WORST = 8


def audit(
    source: Input,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for tables, tasks and report; without it the rows go to stdout as CSV")
    ] = None,
    label: Label = None,
    text: Text = None,
    id: Id = None,
    image: Image = False,
    by: By = None,
    gold: Gold = None,
    encoder: Encoder = "minilm",
    seed: Annotated[int, typer.Option("--seed", help="same rows, same seed: same audit")] = 0,
    cache: Cache = None,
    no_cache: NoCache = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the labels that are suspect and the classes that are really several; nothing is trained."""
    talk(quiet)
    from ..operate.audit.audit import audit as run

    if out is not None:
        check_free(out, "audit")
    found = run(
        source, label=label, text=text or None, id=id, image=image, by=by or (), gold=gold, encoder=encoder, cache=cache_root(cache, no_cache), seed=seed
    )  # fmt: skip
    if out is None and not as_json:
        print_csv(found.table)
    if out is not None:
        found.save(out)
    if as_json:
        print_json(_outcome(found, out))
    elif not quiet:
        _tell(found, out)


def _outcome(found: Audit, out: Path | None) -> dict[str, Any]:
    counts = ("rows", "labelled", "classes", "owning", "communities", "resolution", "issues", "misclustered", "misclustered_rate", "gold")
    kept = (*counts, "headline", "encoder", "seed", "fingerprint", "notes")
    return {key: found.run[key] for key in kept} | {"out": None if out is None else str(out)}


def _tell(found: Audit, out: Path | None) -> None:
    say(found.run["headline"])
    worst = [row for row in found.classes.to_pylist() if row["misclustered"] or row["issues"] or row["remark"]]
    for row in worst[:WORST]:
        remark = f" ({row['remark']})" if row["remark"] else ""
        say(f"{row['misclustered']:>7,} of {row['size']:,} elsewhere, {row['issues']:,} suspected  {row['label']}{remark}")
    if len(worst) > WORST:
        say(f"        … and {len(worst) - WORST:,} more classes")
    for note in found.notes:
        say(f"note: {note}")
    if out is not None:
        say(f"open {out / 'report.html'} in a browser; label_issues.csv is beside it")
