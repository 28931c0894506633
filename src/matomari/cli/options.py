"""Verbs out of functions: the options of a job's options class become options of the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from ..errors import InputError
from ..operate.options import Options
from .config import read_config
from .terminal import listen, stopped

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="a file, a folder of images, or - for stdin", show_default=False)]
Table = Annotated[str, typer.Argument(metavar="SOURCE", help="a file, or - for standard input", show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="folder for tables, report and model")]
Edits = Annotated[str, typer.Argument(metavar="EDITS", help="table with the columns do, what, to; or - for stdin", show_default=False)]
OutNeeded = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="folder for the result and its report")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="folder that matomari wrote", show_default=False)]


ORDER = ("group", "assign", "teach", "apply", "learn", "audit", "score", "report", "groups", "pairs", "texts", "labels")


@dataclass(frozen=True)
class Talk:
    """How a verb answers: as JSON on stdout, or on stderr, or not at all."""

    as_json: bool
    quiet: bool


class Verb(TyperCommand):
    """A command whose `--help` shows what is used most, and `--help-all` everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any(getattr(parameter, "hidden", False) for parameter in self.params if parameter.name != "help_all"):
            self.epilog = "More options: --help-all"


class Verbs(TyperGroup):
    """A group of verbs, each of which can be stopped: typer itself makes the same of every signal, and says nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs in the order of a day's work."""
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; 130 after Ctrl-C, 143 after a request to terminate."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            stopped("stopped; run the same command again to go on where it stopped", getattr(interrupt, "exit_code", 130))


class VerbsOfOne(Verbs):
    """Verbs one of which needs no name: `matomari teach FOLDER` is `matomari teach groups FOLDER`."""

    unnamed = "groups"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the name that is left out."""
        return super().parse_args(ctx, args if args and args[0] in self.commands else [self.unnamed, *args])


def verb(
    app: typer.Typer, options: type[Options] | None = None, *, rare: tuple[str, ...] = (), name: str | None = None
) -> Callable[[Any], Any]:
    """Make a verb of a function.

    Parameters
    ----------
    app : Typer
    options : type of Options, optional
        Its fields become options; the function takes them together as ``options``.
    rare : tuple of str
        Options that only `--help-all` shows.
    name : str, optional
        Of the verb; that of the function when left out.
    """

    def register(function: Any) -> Any:
        parameters = inspect.signature(function, eval_str=True).parameters
        own, talks = [p for p in parameters.values() if p.name not in ("options", "talk")], "talk" in parameters
        known = [] if options is None else [f for f in fields(options) if not f.metadata["python_only"]]
        given = [] if options is None else [_parameter(options, f, f.name in rare) for f in known]
        cached = options is not None and "cache" in options.names()

        def command(**values: Any) -> None:
            listen(values.get("quiet", False))
            arguments = {p.name: values[p.name] for p in own}
            if talks:
                arguments["talk"] = Talk(values["as_json"], values["quiet"])
            if options is not None:
                chosen = {f.name: _value(f, values[f.name]) for f in known}
                if cached:
                    chosen["cache"] = _cache(values["cache"], values["no_cache"])
                arguments["options"] = options(**chosen)
            function(**arguments)

        common = [
            *([_NO_CACHE] if cached else []),
            *([_JSON, _QUIET] if talks else []),
            *([_CONFIG] if options is not None else []),
            _HELP_ALL,
        ]
        signature = inspect.Signature(sorted([*own, *given, *common], key=lambda p: p.default is not inspect.Parameter.empty))
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
        command.__doc__, command.__name__ = function.__doc__, function.__name__
        app.command(name or function.__name__, cls=Verb)(command)
        return function

    return register


def _parameter(options: type[Options], f: Field[Any], rare: bool) -> inspect.Parameter:
    """One field as a parameter of typer."""
    hint, default = get_type_hints(options)[f.name], f.default
    kind, shown = _kind(hint, f), default not in (None, False, ())
    if f.metadata["many"]:
        default = None
    elif f.metadata["metavar"] == "SHARE":
        default = f"{default:g}"
    metavar = f.metadata["metavar"] or ("|".join(get_args(hint)) if get_origin(hint) is Literal else None)
    info = typer.Option(
        f"--{f.name.replace('_', '-')}", help=f.metadata["help"], metavar=metavar, hidden=rare, show_default=shown and not metavar
    )
    return _keyword(f.name, Annotated[kind, info], None if default is MISSING else default)


def _kind(hint: Any, f: Field[Any]) -> Any:
    if f.metadata["many"]:
        return list[str] | None
    by_metavar = {
        "ANCHOR POSITIVE": tuple[str, str] | None,
        "FILE": Path | None,
        "FOLDER": Path | None,
        "SHARE": str,
        "READ WRITTEN": tuple[float, float] | None,
    }
    if f.metadata["metavar"] in by_metavar:
        return by_metavar[f.metadata["metavar"]]
    return str if hint in (object, str | Path) else hint


def _value(f: Field[Any], value: Any) -> Any:
    """What the command line gave, as Python takes it."""
    if f.metadata["many"]:
        return value or f.default
    return _shares(value) if f.metadata["metavar"] == "SHARE" else value


def _shares(text: str) -> float | tuple[float, ...]:
    """One number, or one for each epoch."""
    try:
        shares = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            f"--mixing takes shares between 0 and 1, got {text!r}.", hint="0.2, or 0.5,0.2,0 for one epoch after the other."
        ) from error
    return shares[0] if len(shares) == 1 else shares


def _cache(cache: Path | None, no_cache: bool) -> Path | None:
    """Where vectors are kept, if they are."""
    if no_cache:
        return None
    from ..encode.cache import default_root

    return cache or default_root()


def _configure(context: typer.Context, path: Path | None) -> Path | None:
    """The options of a settings file, below those of the command line."""
    if path is not None:
        known = [p.name for p in context.command.params if p.name not in ("config", "help", "help_all")]
        options = read_config(path, [str(name) for name in known])
        if isinstance(options.get("mixing"), list):
            options["mixing"] = ",".join(map(str, options["mixing"]))
        if isinstance(options.get("text"), str):
            options["text"] = [options["text"]]
        context.default_map = options
    return path


def _help_all(context: typer.Context, wanted: bool) -> None:
    if wanted:
        for parameter in context.command.params:
            parameter.hidden = False  # type: ignore[attr-defined]
        context.command.epilog = None
        typer.echo(context.get_help())
        raise typer.Exit


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


_NO_CACHE = _keyword("no_cache", Annotated[bool, typer.Option("--no-cache", help="keep no vectors", hidden=True)], False)
_JSON = _keyword("as_json", Annotated[bool, typer.Option("--json", help="print the outcome as JSON on stdout")], False)
_QUIET = _keyword("quiet", Annotated[bool, typer.Option("--quiet", "-q", help="say nothing but errors")], False)
_CONFIG = _keyword(
    "config",
    Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="options in YAML, or a run.json to repeat", callback=_configure, is_eager=True),
    ],
    None,
)
_HELP_ALL = _keyword(
    "help_all",
    Annotated[bool, typer.Option("--help-all", help="show every option", callback=_help_all, is_eager=True, hidden=True)],
    False,
)
