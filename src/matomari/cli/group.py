"""The verb `group`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..operate.options import GroupOptions
from .options import Out, Source, Talk
from .terminal import print_csv, print_run, say, say_notes

if TYPE_CHECKING:
    from ..operate.group.grouping import Grouping

SHOWN = 8  # groups that are named at the end
KEYS = ("rows", "distinct_texts", "kind", "kind_reason", "groups", "groups_reason", "unassigned", "encoder", "seed", "fingerprint", "notes")


def group(source: Source, *, out: Out = None, options: GroupOptions, talk: Talk) -> None:
    """Group a column of texts, or a folder of images."""
    from ..operate.group.group import group as run
    from ..operate.group.grouping import FILES, KIND
    from ..store.artefact import refuse_other

    if out is not None:
        refuse_other(out, KIND, FILES)  # before hours of work, not after
    grouping = run(source, **options.arguments())
    if out is not None:
        grouping.save(out)
    elif not talk.as_json:
        print_csv(grouping.items)
    if talk.as_json:
        print_run(grouping.run, KEYS, out)
    elif not talk.quiet:
        _summary(grouping, out)


def _summary(grouping: Grouping, out: Path | None) -> None:
    run = grouping.run
    say(f"{run.rows:,} rows, {run.groups:,} groups, {run.unassigned:,} unassigned ({run.kind})")
    for row in grouping.groups.slice(0, SHOWN).to_pylist():
        say(f"{row['size']:>7,}  {row['name']}")
    if run.groups > SHOWN:
        say(f"         … and {run.groups - SHOWN:,} more")
    say_notes(run.notes)
    if out is not None:
        say(f"open {out / 'report.html'} in a browser; items.csv and groups.csv are beside it")
