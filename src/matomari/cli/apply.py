"""The verb `apply`."""

from __future__ import annotations

from pathlib import Path

from ..operate.options import ApplyOptions
from .options import Edits, Folder, Out, Talk
from .terminal import print_csv, print_run, say, say_notes

KEYS = ("rows", "kind", "groups", "unassigned", "edits", "notes")


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
        print_run({"edits": [], **edited.run}, KEYS, out)
    elif not talk.quiet:
        say(f"{before.run.groups:,} groups before, {edited.run.groups:,} groups now, {edited.run.unassigned:,} rows unassigned")
        say_notes(edited.notes[len(before.notes) :])
        if out is not None:
            say(f"open {out / 'report.html'} in a browser; items.csv and groups.csv are beside it")
