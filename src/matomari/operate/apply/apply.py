"""Make the edits of a table on a grouping: names, groups and single items change, everything else stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..group.grouping import Grouping
from ..group.placing import Reference
from ..options import EDITS, ApplyOptions
from ..run import GroupRun
from .edits import Edit, EditTable, read_edits
from .known import Known
from .regroup import Regrouped, Regrouper
from .renaming import named_anew
from .resolve import resolve
from .rewrite import Rewriter

DONE = dict(zip(EDITS, ("renamed", "merged", "split", "moved", "put together", "parted"), strict=True))
BY_NEIGHBORS = "new texts are placed by their nearest neighbours from now on, because the prototypes know nothing of the edits"


def apply(
    grouping: Grouping | str | Path,
    edits: str | Path | pa.Table | Sequence[Mapping[str, Any]],
    *,
    only: str | None = None,
    recommended: bool = False,
) -> Grouping:
    """Rename, merge, split and correct groups by a table of edits; the old grouping stays as it is.

    All names are those of the grouping as it is given. Moves are made first, then merges, splits, what is the same, what is different, and
    renames; all rows are checked before anything is made.

    Parameters
    ----------
    grouping : Grouping or path
        A grouping, or the folder that holds one.
    edits : path, pyarrow.Table or list of dict
        A table with the columns do, what and to: `rename` a group to a name, `merge` a group into a group, `split` a finer group off a
        group, `move` an id or text to a group; two ids or texts are the `same`, or `different`. A column `recommended` may say which
        rows a program recommends.
    only : str, optional
        Kinds of edits that are taken, such as "rename,move"; all when left out.
    recommended : bool
        Leave out the rows that are not recommended.

    Returns
    -------
    Grouping
        Its notes say what was applied.

    Raises
    ------
    InputError
        A row names what is not there, contradicts another one, or leaves two groups with one name.

    Examples
    --------
    >>> import matomari
    >>> cards = matomari.group(["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed"], groups=2)
    >>> edited = apply(cards, [{"do": "rename", "what": "#1", "to": "Top-ups"}, {"do": "move", "what": "card was stolen", "to": "#1"}])
    >>> edited.groups["name"].to_pylist()[1], edited.groups["size"].to_pylist()
    ('Top-ups', [2, 3])
    """
    options = ApplyOptions(only=only, recommended=recommended)
    before = grouping if isinstance(grouping, Grouping) else Grouping.load(grouping)
    table = read_edits(edits)
    chosen = table.chosen(options.kinds, recommended)
    left_out = _left_out(table, chosen, options)
    if not chosen:
        return replace(before, run=replace(before.run, notes=[*before.notes, f"no edit of {table.name} was applied", *left_out]))
    known = Known.of(before)
    steps, remarks = resolve(known, table, chosen)
    regrouper = Regrouper(known.labels, known.finer, known.coarser, known.X, join=known.is_variants, source=table.source)
    done = regrouper.run(steps)
    rewriter = Rewriter(known, done, named_anew(known, done, table.source))
    items, groups = rewriter.items(), rewriter.groups()
    notes = [_applied(table, chosen, done), *left_out, *remarks, *rewriter.notes]
    regrouped = bool((done.labels != known.labels).any())
    if regrouped and before.reference.posterior is not None:
        notes.append(BY_NEIGHBORS)
    run = _run(before.run, rewriter, table, options, notes=notes)
    return Grouping(
        items=items,
        groups=groups,
        run=run,
        reference=_reference(before.reference, done, regrouped),
        merges=rewriter.merges(),
        review=rewriter.review(),
        thumbnails=before.thumbnails,
    )


def _applied(table: EditTable, chosen: Sequence[Edit], done: Regrouped) -> str:
    counts = ", ".join(f"{done.applied[do]:,} {DONE[do]}" for do in EDITS if do in done.applied)
    idle = f"{done.idle:,} asked for what was so already" if done.idle else ""
    edits = f"{len(chosen):,} edit{'s' if len(chosen) > 1 else ''}"
    return f"applied {edits} of {table.name}: {', '.join(part for part in (counts, idle) if part)}"


def _left_out(table: EditTable, chosen: Sequence[Edit], options: ApplyOptions) -> list[str]:
    """What of the table was not taken, or was taken although nothing recommends it."""
    if not table.edits:
        return ["the table holds no edit, so the groups are the same"]
    some = table.chosen(options.kinds, recommended=False)
    plain = sum(not edit.recommended for edit in some)
    remarks = []
    if len(some) < len(table.edits):
        remarks.append(
            f"{len(table.edits) - len(some):,} of {len(table.edits):,} rows are of other kinds than {options.only} and were left out"
        )
    if plain and options.recommended:
        remarks.append(f"{plain:,} of {len(some):,} rows are not recommended and were left out")
    elif plain:
        are = "are" if plain > 1 else "is"
        remarks.append(f"{plain:,} of {len(some):,} rows {are} not recommended; --recommended (recommended=True) leaves them out")
    return remarks if chosen else [*remarks, "the groups are the same"]


def _reference(reference: Reference, done: Regrouped, regrouped: bool) -> Reference:
    """What places new items: a known one goes to its edited group, and prototypes of groups that are no more are dropped."""
    if not regrouped:
        return reference
    return replace(reference, labels=done.labels, k=len(done.groups), posterior=None, code=None)


def _run(run: GroupRun, rewriter: Rewriter, table: EditTable, options: ApplyOptions, *, notes: list[str]) -> GroupRun:
    done, names = rewriter.done, rewriter.names
    k, reason = len(done.groups), f"{run.groups_reason}; then edited by {table.name}"
    record = {"source": table.source, "digest": table.digest, **options.record(), "applied": done.applied}
    return replace(
        run,
        groups=k,
        groups_reason=reason,
        unassigned=int((rewriter.labels < 0).sum()),
        coarser_names=names.coarser,
        finer_names=names.finer,
        facts=run.facts | ({"groups": f"{k:,}: {reason}"} if "groups" in run.facts else {}),
        notes=[*run.notes, *notes],
        edits=[*(run.edits or []), record],
    )
