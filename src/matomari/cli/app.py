"""The verbs together, and how errors become exit codes: 0, 2 (your input), 3 (our environment), 130 or 143 (stopped)."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from ..errors import MachineError, MatomariError
from ..operate.options import (
    ApplyOptions,
    AssignOptions,
    AuditOptions,
    GroupOptions,
    LearnLabelsOptions,
    LearnPairsOptions,
    LearnTextsOptions,
    ScoreOptions,
    TeachOptions,
    TeachPairsOptions,
)
from . import audit, folders, group, learn, score, teach
from .options import Verbs, VerbsOfOne, verb
from .terminal import fail, misused, print_line, stopped

RARE = ("cache", "fast", "device")  # options that only --help-all shows

app = typer.Typer(cls=Verbs, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
learning = typer.Typer(cls=Verbs, no_args_is_help=True, rich_markup_mode=None, help="Learn from pairs, from texts alone, or from labels.")
teaching = typer.Typer(cls=VerbsOfOne, rich_markup_mode=None, help="Ask a language model, or make triplets of texts.")

verb(app, GroupOptions, rare=RARE)(group.group)
app.add_typer(learning, name="learn")
verb(learning, LearnPairsOptions, rare=(*RARE, "every", "report_to", "refresh", "piece", "margin", "mixing"))(learn.pairs)
verb(learning, LearnTextsOptions, rare=RARE)(learn.texts)
verb(learning, LearnLabelsOptions, rare=RARE)(learn.labels)
verb(app, AuditOptions, rare=RARE)(audit.audit)
verb(app, AssignOptions, rare=("cache",))(folders.assign)
app.add_typer(teaching, name="teach")
verb(teaching, TeachOptions, rare=("cache", "timeout", "parallel"), name="groups")(teach.teach)
verb(teaching, TeachPairsOptions, rare=("cache", "encoder", "balanced"))(teach.pairs)
verb(app, ScoreOptions, rare=("cache",))(score.score)
verb(app)(folders.report)
verb(app, ApplyOptions)(folders.apply)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print_line(f"matomari {version('matomari')}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="show the version")] = False,
) -> None:
    """Texts or images in, named groups out, on your own machine."""


def run() -> None:
    """Run one command: every error is one sentence and a hint, and the exit code says whose it is."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the tokenizers' own warning about forks means nothing here
    try:
        code = app(standalone_mode=False, prog_name="matomari")
        sys.stdout.flush()
    except KeyboardInterrupt:  # before any verb
        stopped("stopped", 130)
    except MatomariError as error:
        fail(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of stdout left: nothing is wrong
        sys.exit(0)
    except (OSError, MemoryError) as error:
        fail(MachineError(f"{type(error).__name__}: {error}.", hint="free some disk or memory, or look at the permissions."))
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("click", "typer"):
            misused(error)
        if os.environ.get("MATOMARI_TRACEBACK"):
            raise
        hint = "this is a bug in matomari: please report it with what MATOMARI_TRACEBACK=1 shows."
        fail(MachineError(f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", hint=hint))
    else:
        sys.exit(code if isinstance(code, int) else 0)
