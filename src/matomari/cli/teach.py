"""The verbs `teach`, which is `teach groups`, and `teach pairs`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..operate.options import TeachOptions, TeachPairsOptions
from .options import Folder, Source, Talk
from .terminal import print_json, print_line, say, say_notes, terminable

if TYPE_CHECKING:
    from ..operate.teach.plan import Plan
    from ..operate.teach.teaching import Teaching
    from ..operate.triplets import TripletSet

DryRun = Annotated[bool, typer.Option("--dry-run", help="what would be asked, and at what price; sends nothing")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="folder for proposals and their page; else FOLDER/teacher")]
OutTriplets = Annotated[Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="folder for triplets, graph and page")]
Sampled = Annotated[bool, typer.Option("--dry-run", help="kinds, counts, some of each kind; writes nothing")]
SAMPLES = 20
SHOWN = 8  # proposals that are named at the end
CSV = "proposals.csv"


def teach(model: Folder, *, dry_run: DryRun = False, out: Out = None, options: TeachOptions, talk: Talk) -> None:
    """Ask a language model about groups, where it knows better; teach pairs makes triplets."""
    from ..operate.teach.teach import ask_teacher, plan, refuse_without_groups
    from ..operate.teach.teaching import FILES, KIND
    from ..store.artefact import refuse_other

    if dry_run:
        _planned(plan(model, options), talk)
        return
    refuse_without_groups(model)
    target, copy = out or model / "teacher", None if out is not None else model / CSV
    refuse_other(target, KIND, FILES)
    if copy is not None:
        _refuse_edited(copy, target)
    with terminable():
        result = ask_teacher(model, **options.arguments())
    if copy is not None:
        _refuse_edited(copy, target)  # again: asking may take an hour, in which a person can edit
        copy.unlink(missing_ok=True)  # a kill before the new copy must not leave one that looks edited; the folder has the same table
    result.save(target)
    if copy is not None:
        _copied(target / CSV, copy)
    if talk.as_json:
        print_json(result.record() | {"proposals": len(result.proposals), "out": str(target)})
    elif not talk.quiet:
        _summary(result, target, copy or target / CSV)


def pairs(source: Source, *, dry_run: Sampled = False, out: OutTriplets = None, options: TeachPairsOptions, talk: Talk) -> None:
    """Make triplets of texts by rules: the same meaning, and a small difference that matters; --llm adds a model's."""
    from ..operate.teach.triplets.asked import plan_pairs, wanted
    from ..operate.teach.triplets.make import teach_pairs
    from ..operate.triplets import FILES, KIND
    from ..store.artefact import refuse_other

    if not dry_run and out is None:
        raise InputError("triplets need a folder.", hint="-o pairs/ names one; --dry-run shows samples and writes nothing.")
    if out is not None:
        refuse_other(out, KIND, FILES)
    plan = plan_pairs(source, options) if dry_run and wanted(options) else None
    if plan is not None:
        options = replace(options, llm=None, replay=False)
    if out is not None and options.journal is None:
        options = replace(options, journal=out.with_name(f"{out.name}.journal"))
    with terminable():
        made = teach_pairs(source, **options.arguments())
    if not dry_run and out is not None:
        made.save(out)
    if talk.as_json:
        print_json({**made.record, "out": None if dry_run else str(out), **({} if plan is None else {"plan": values_of(plan)})})
        return
    if dry_run:
        _sampled(made)
    if not talk.quiet:
        _told(made)
    if plan is not None:
        _planned(plan, talk)
    elif not talk.quiet:
        say(
            "nothing was written"
            if dry_run
            else f"open {out}/report.html in a browser; matomari learn pairs {out} -o tuned/ learns from them"
        )


def _sampled(made: TripletSet) -> None:
    """Twenty triplets, of all kinds by turns."""
    by_kind: dict[str, list[dict[str, str]]] = {}
    for row in made.triplets.to_pylist():
        by_kind.setdefault(row["kind"], []).append(row)
    each = max(1, SAMPLES // max(1, len(by_kind)))
    for kind in sorted(by_kind):
        for row in by_kind[kind][:each]:
            print_line(f"{kind}\n  {row['anchor']}\n  + {row['positive']}\n  - {row['negative']}")


def _told(made: TripletSet) -> None:
    known = made.record["coverage"]
    say("; ".join(f"{kind} {count:,}" for kind, count in made.record["kinds"].items()))
    say(
        f"of {known['sentences']:,} texts {known['with_entity']:.0%} hold an entity, {known['with_quantity']:.0%} a quantity, and "
        f"{known['with_negative']:.0%} give a usable negative; entropy of types {known['type_entropy']:.1f} bits, {known['orphans']:,} orphans"
    )
    say_notes(made.notes)


def values_of(plan: Plan) -> dict[str, Any]:
    """A plan as JSON values."""
    return {name: getattr(plan, name) for name in ("calls", "read", "written", "cost", "masked", "samples", "notes")}


def _planned(plan: Plan, talk: Talk) -> None:
    """What would be asked: prompts on stdout, the rest on stderr."""
    if talk.as_json:
        print_json(values_of(plan))
        return
    for i, sample in enumerate(plan.samples, 1):
        print_line(f"--- sample {i} of {len(plan.samples)} ---\n{sample}\n")
    if not talk.quiet:
        say(plan.sentence)
        say_notes(plan.notes)
        say("nothing was sent")


def _refuse_edited(copy: Path, target: Path) -> None:
    """A table that a person has edited is not replaced."""
    written = target / CSV
    if copy.exists() and not (written.exists() and written.read_bytes() == copy.read_bytes()):
        raise InputError(
            f"{copy} is not as matomari teach wrote it, and would be replaced.",
            hint="rename it, or give -o a folder for the new proposals.",
        )


def _copied(source: Path, copy: Path) -> None:
    """A copy that a person may edit."""
    from ..store.atomic import replacing

    with replacing(copy) as draft:
        draft.write_bytes(source.read_bytes())


def _summary(result: Teaching, target: Path, table: Path) -> None:
    for outcome in result.outcomes:
        for sentence in outcome.sentences:
            say(sentence)
    rows = result.proposals.to_pylist()
    for row in [row for row in rows if row["recommended"]][:SHOWN]:
        about = row["why"].partition(";")[0] if row["do"] in ("same", "different") else f"{row['what'][:40]} → {row['to'][:40]}"
        say(f"  {row['do']:>9}  {about}")
    say_notes(result.notes)
    if cost := result.cost:
        known = f", {cost['remembered']:,} answers from the journal" if cost["remembered"] else ""
        say(f"{cost['calls']:,} calls{known}, {cost['read']:,} tokens read, {cost['written']:,} written, {cost['dollars']:.4f} dollars")
    say(f"{len(rows):,} proposals, {sum(row['recommended'] for row in rows):,} recommended; nothing is changed")
    say(f"open {target / 'report.html'} in a browser; matomari apply takes {table}")
