"""The command line: one function a verb. stdout is data, stderr is talk; exit 0, 2 (your input), 3 (our environment), 130 or 143 (stopped)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError, MachineError, MatomariError
from .audit import audit
from .learn import learn
from .options import (
    AssignAll,
    Cache,
    Deep,
    Encoder,
    Fast,
    HowMade,
    Id,
    Image,
    Input,
    Json,
    Kind,
    Method,
    NoCache,
    Placer,
    Quiet,
    Reported,
    Retrieval,
    Scored,
    Sts,
    Text,
    Truth,
    WhatFor,
)
from .terminal import Verbs, cache_root, check_free, fail, print_csv, print_json, say, talk, usage

if TYPE_CHECKING:
    from ..operate.group.grouping import Grouping

app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"matomari {version('matomari')}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="say which version this is")] = False,
) -> None:
    """Texts in, named groups out, on your own machine."""


@app.command()
def group(
    source: Input,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for tables, report and model; without it the items go to stdout as CSV")
    ] = None,
    text: Text = None,
    id: Id = None,
    image: Image = False,
    kind: WhatFor = Kind.auto,
    method: HowMade = Method.louvain,
    deep: Deep = False,
    groups: Annotated[int | None, typer.Option("--groups", help="how many; found when left out")] = None,
    assign_all: AssignAll = False,
    encoder: Encoder = "minilm",
    fast: Annotated[Fast, typer.Option("--fast", help="int8 encoding on the CPU: auto uses it where it keeps the neighbours")] = Fast.auto,
    seed: Annotated[int, typer.Option("--seed", help="same texts, same seed: same groups")] = 0,
    cache: Cache = None,
    no_cache: NoCache = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Group a column of texts or a folder of images; write tables, a report and a model that can place new ones."""
    talk(quiet)
    if out is not None:
        check_free(out)
    from ..operate.group.group import group as run

    found = run(
        source, text=text or None, id=id, image=image, kind=kind.value, method=method.value, deep=deep, groups=groups, assign_all=assign_all, encoder=encoder, fast=fast.value,
        cache=cache_root(cache, no_cache), seed=seed,
    )  # fmt: skip
    if out is None and not as_json:
        print_csv(found.table)
    if out is not None:
        found.save(out)
    if as_json:
        print_json(_outcome(found, out))
    elif not quiet:
        _tell(found, out)


app.command()(learn)


@app.command()
def assign(
    model: Placer,
    source: Input,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="csv, parquet or jsonl file; without it CSV goes to stdout")] = None,
    text: Text = None,
    id: Id = None,
    assign_all: AssignAll = False,
    cache: Cache = None,
    no_cache: NoCache = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Place new rows in the groups of an earlier run, or in the classes of one that learnt from labels."""
    talk(quiet)
    from ..operate.folders import placed, placer, unfamiliar
    from ..operate.learn.classifier import Classes
    from ..operate.tables import write_any

    if out is not None and out.exists() and Path(source).exists() and out.samefile(source):
        raise InputError(f"{out} is the file of the new texts itself.", hint="give -o another name.")
    known = placer(model)
    given: dict[str, Any] = {"text": text or None, "id": id, "encoder": known.encoder(cache_root(cache, no_cache))}
    if isinstance(known, Classes):
        if assign_all:
            raise InputError(f"{model} holds a classifier, which gives every text a class.", hint="leave --assign-all out.")
        table = known.assign(source, **given)
    else:
        table = known.assign(source, **given, assign_all=assign_all)
    if out is not None:
        write_any(table, out)
    elif not as_json:
        print_csv(table)
    there, where = placed(known, table)
    if as_json:
        strange = {"unfamiliar": unfamiliar(table)} if isinstance(known, Classes) else {}
        counted = {"rows": table.num_rows, "assigned": there, "unassigned": table.num_rows - there, **strange}
        print_json(counted | {"out": None if out is None else str(out)})
    elif not quiet:
        say(f"{there:,} of {table.num_rows:,} {known.noun}s placed in {where}" + (f"; see {out}" if out else ""))


@app.command()
def score(
    model: Scored,
    truth: Truth = None,
    retrieval: Retrieval = None,
    sts: Sts = None,
    cache: Cache = None,
    no_cache: NoCache = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare groups with a column of true ones (--truth), or an encoder with judged documents (--retrieval) or pairs (--sts)."""
    if sum(given is not None for given in (truth, retrieval, sts)) != 1:
        hint = "--truth COLUMN scores groups; --retrieval CORPUS QUERIES QRELS and --sts FILE score an encoder."
        raise InputError("score needs exactly one of --truth, --retrieval and --sts.", hint=hint)
    talk(quiet)
    if truth is not None:
        from ..operate.group.grouping import Grouping
        from ..operate.score.grouping import score as run

        figures = run(Grouping.load(model), truth)
    else:
        from ..encode.text import load_encoder
        from ..operate.score.encoder import retrieval_scores, similarity_scores

        encoder = load_encoder(model, fast="off", cache=cache_root(cache, no_cache))  # the model is scored, not its int8 copy
        figures = retrieval_scores(encoder, *retrieval) if retrieval else similarity_scores(encoder, sts or "")
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        print(f"{name}\t{value:,}" if isinstance(value, int) else f"{name}\t{value:.4f}")


@app.command()
def report(model: Reported, out: Annotated[Path, typer.Option("--out", "-o", help="HTML file")]) -> None:
    """Write the report of an earlier run again, as one HTML file that opens offline."""
    from ..operate.folders import again

    again(model, out)


def main() -> None:
    """Entry point: every error one sentence and a hint, and the exit code that says whose it is."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the tokenizers' own warning about forks means nothing here
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:  # before any verb
        fail("stopped", 130)
    except MatomariError as error:
        fail(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of stdout left: nothing is wrong
        sys.exit(0)
    except (OSError, MemoryError) as error:
        fail(str(MachineError(f"{type(error).__name__}: {error}.", hint="free some disk or memory, or look at the permissions.")), 3)
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("click", "typer"):
            usage(error)
        if os.environ.get("MATOMARI_TRACEBACK"):
            raise
        hint = "this is a bug in matomari: please report it with what MATOMARI_TRACEBACK=1 shows."
        fail(str(MachineError(f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", hint=hint)), 3)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _outcome(found: Grouping, out: Path | None) -> dict[str, Any]:
    found_out = ("rows", "distinct_texts", "kind", "kind_reason", "groups", "groups_reason", "unassigned")
    kept = (*found_out, "encoder", "seed", "fingerprint", "notes")
    return {key: found.run[key] for key in kept} | {"out": None if out is None else str(out)}


def _tell(found: Grouping, out: Path | None) -> None:
    run = found.run
    say(f"{run['rows']:,} rows, {run['groups']:,} groups, {run['unassigned']:,} unassigned ({run['kind']})")
    for row in found.summary.slice(0, 8).to_pylist():
        say(f"{row['size']:>7,}  {row['name']}")
    if run["groups"] > 8:
        say(f"         … and {run['groups'] - 8:,} more")
    for note in run["notes"]:
        say(f"note: {note}")
    if out is not None:
        say(f"open {out / 'report.html'} in a browser; items.csv and groups.csv are beside it")


app.command()(audit)

if __name__ == "__main__":
    main()
