"""The verb `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..operate.options import AuditOptions
from .options import Out, Source, Talk
from .terminal import print_csv, print_run, say, say_notes

if TYPE_CHECKING:
    from ..operate.audit.audit import Audit

SHOWN = 8  # classes that are named at the end
COUNTS = ("rows", "labelled", "classes", "owning", "communities", "resolution", "issues", "misclustered", "misclustered_rate", "gold")
KEYS = (*COUNTS, "headline", "encoder", "seed", "fingerprint", "notes")


def audit(source: Source, *, out: Out = None, options: AuditOptions, talk: Talk) -> None:
    """Find suspect labels, and classes that are several."""
    from ..operate.audit.audit import FILES, KIND
    from ..operate.audit.audit import audit as run
    from ..store.artefact import refuse_other

    if out is not None:
        refuse_other(out, KIND, FILES)  # before hours of work, not after
    result = run(source, **options.arguments())
    if out is not None:
        result.save(out)
    elif not talk.as_json:
        print_csv(result.label_issues)
    if talk.as_json:
        print_run(result.run, KEYS, out)
    elif not talk.quiet:
        _summary(result, out)


def _summary(result: Audit, out: Path | None) -> None:
    say(result.run.headline)
    worst = [row for row in result.classes.to_pylist() if row["misclustered"] or row["issues"] or row["remark"]]
    for row in worst[:SHOWN]:
        remark = f" ({row['remark']})" if row["remark"] else ""
        say(f"{row['misclustered']:>7,} of {row['size']:,} elsewhere, {row['issues']:,} suspected  {row['label']}{remark}")
    if len(worst) > SHOWN:
        say(f"        … and {len(worst) - SHOWN:,} more classes")
    say_notes(result.notes)
    if out is not None:
        say(f"open {out / 'report.html'} in a browser; label_issues.csv is beside it")
