"""The verbs on a folder that is there: `assign`, `report` and `apply`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import InputError, setting
from ..operate.options import ApplyOptions, AssignOptions
from .options import Edits, Folder, Out, Source, Talk
from .terminal import print_csv, print_json, print_run, say, say_notes

Table = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="csv, parquet or jsonl file; else stdout")]
Page = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="HTML file")]

APPLIED = ("rows", "kind", "groups", "unassigned", "edits", "notes")  # keys of the run that --json shows


def assign(model: Folder, source: Source, *, out: Table = None, options: AssignOptions, talk: Talk) -> None:
    """Place new rows in the groups or classes of a folder."""
    from ..operate.folders import load_placer, placed, unfamiliar
    from ..operate.learn.classifier import LabelClassifier
    from ..operate.tables import write_any

    if out is not None and out.exists() and Path(source).exists() and out.samefile(source):
        raise InputError(f"{out} is the file of the new texts itself.", hint="give -o another name.")
    placer = load_placer(model)
    given: Any = {"text": options.text, "id": options.id, "encoder": placer.encoder(options.cache)}
    if not isinstance(placer, LabelClassifier):
        given["assign_all"] = options.assign_all
    elif options.assign_all:
        raise InputError(f"{model} holds a classifier, which gives every text a class.", hint=f"leave {setting('assign_all', True)} out.")
    table = placer.assign(source, **given)
    if out is not None:
        write_any(table, out)
    elif not talk.as_json:
        print_csv(table)
    count, where = placed(placer, table)
    if talk.as_json:
        strange = {"unfamiliar": unfamiliar(table)} if isinstance(placer, LabelClassifier) else {}
        counts = {"rows": table.num_rows, "assigned": count, "unassigned": table.num_rows - count, **strange}
        print_json(counts | {"out": None if out is None else str(out)})
    elif not talk.quiet:
        say(f"{count:,} of {table.num_rows:,} {placer.medium.plural} placed in {where}" + (f"; see {out}" if out else ""))


def report(model: Folder, *, out: Page) -> None:
    """Write the report of an earlier run, as one HTML file."""
    from ..operate.folders import load_result

    load_result(model).report(out)


def apply(model: Folder, edits: Edits, *, out: Out = None, options: ApplyOptions, talk: Talk) -> None:
    """Rename, merge, split and correct groups by a table of edits."""
    from ..operate.apply.apply import apply as run
    from ..operate.group.grouping import FILES, KIND, Grouping
    from ..store.artefact import refuse_other

    if out is not None:
        refuse_other(out, KIND, FILES)
    before = Grouping.load(model)
    beside = model / edits
    edited = run(before, beside if edits != "-" and not Path(edits).exists() and beside.exists() else edits, **options.arguments())
    if out is not None:
        edited.save(out)
    elif not talk.as_json:
        print_csv(edited.items)
    if talk.as_json:
        print_run({"edits": [], **edited.run}, APPLIED, out)
    elif not talk.quiet:
        say(f"{before.run.groups:,} groups before, {edited.run.groups:,} groups now, {edited.run.unassigned:,} rows unassigned")
        say_notes(edited.notes[len(before.notes) :])
        if out is not None:
            say(f"open {out / 'report.html'} in a browser; items.csv and groups.csv are beside it")
