"""Where the command line meets the world: what it says, how it fails, what it may overwrite. Beside cli.py the one place that prints."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from typer.core import TyperGroup

from ..errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa


def usage(error: Any) -> NoReturn:
    """End as click means it to: help and a version are no faults, a wrong word is the user's."""
    if type(error).__name__ in ("Exit", "NoArgsIsHelpError"):
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
        sys.exit(getattr(error, "exit_code", 0))
    if type(error).__name__ == "Abort":
        fail("stopped", 130)
    context = getattr(error, "ctx", None)
    verb = f"{context.command_path} --help" if context else "matomari --help"
    said = error.format_message()
    fail(str(InputError(said if said.endswith(("?", ".", ")")) else f"{said}.", hint=f"{verb} lists what can be given.")), 2)


class Verbs(TyperGroup):
    """The verbs, each of which can be stopped: typer itself makes the same of every signal, and says nothing."""

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; 130 after Ctrl-C, 143 after a request to terminate."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            fail("stopped; run the same command again to go on where it stopped", getattr(stopped, "exit_code", 130))


def fail(message: str, code: int) -> NoReturn:
    """Say why, and end with this code; being stopped (130, 143) is no error."""
    print(message if code in (130, 143) else f"error: {message}", file=sys.stderr)
    sys.exit(code)


def talk(quiet: bool) -> None:
    """Progress and warnings on stderr; the libraries below keep silent."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("matomari")
    logger.handlers[:] = [handler]  # also where one process runs several commands
    logger.setLevel(logging.ERROR if quiet else logging.INFO)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, file=sys.stderr)


def check_free(out: Path, verb: str = "group") -> None:
    """Refuse a folder that cannot take the result of group or audit before hours of work, not after."""
    if verb == "audit":
        from ..operate.audit.audit import FILES, KIND
    else:
        from ..operate.group.grouping import FILES, KIND
    from ..store.destination import refuse_other

    refuse_other(out, KIND, FILES)


def check_learning(text: bool, rounds: int, columns: bool, pairs: bool, labels: Mapping[str, bool], of_pairs: Sequence[str] = ()) -> None:
    """Refuse options that contradict one another: pairs, texts alone and labels are learnt from in different ways.

    Parameters
    ----------
    labels : mapping of str to bool
        Whether --label, --image, --correct, --gold and --id were given.
    of_pairs : sequence of str
        The settings that were given and that only learning from pairs has.
    """
    if labels["--label"] or labels["--image"]:
        _check_labels(rounds, columns, pairs, labels, of_pairs)
        return
    for option in ("--correct", "--gold", "--id"):
        if labels[option]:
            raise InputError(
                f"{option} is of learning from labels, and there are none.",
                hint="name their column with --label, or give --image for folders.",
            )
    if text and not rounds:
        raise InputError(
            "--text names a column of texts without pairs, from which is learnt in rounds.",
            hint="add --rounds 1, or --label for labels, or give --columns.",
        )
    if rounds and columns and not pairs:
        raise InputError("--columns names pairs, --rounds learns without any.", hint="leave one of the two out.")
    if pairs and not rounds:
        raise InputError("--pairs judges rounds, and there are none.", hint="add --rounds 1, or give the pairs as what is learnt from.")


def _check_labels(rounds: int, columns: bool, pairs: bool, labels: Mapping[str, bool], of_pairs: Sequence[str]) -> None:
    """What has no meaning where labels are learnt from."""
    first = "--label" if labels["--label"] else "--image"
    if rounds:
        raise InputError(f"--rounds learns from texts alone, {first} from labels.", hint="leave one of the two out.")
    if pairs:
        raise InputError(f"--pairs judges rounds, and {first} makes a classifier without any.", hint="leave --pairs out.")
    if columns:
        raise InputError(f"--columns names pairs, and {first} makes a classifier of labels.", hint="leave one of the two out.")
    if of_pairs:
        option = "--" + of_pairs[0].replace("_", "-")
        raise InputError(f"{option} is of training on pairs; a classifier has no such setting.", hint=f"leave {option} out.")


def cache_root(cache: Path | None, no_cache: bool) -> Path | None:
    """Where vectors are kept, if they are."""
    if no_cache:
        return None
    from ..encode.cache import default_root

    return cache or default_root()


def shares(said: str) -> float | tuple[float, ...]:
    """One number, or one for each epoch.

    Examples
    --------
    >>> shares("0.5"), shares("0.5,0.2,0")
    (0.5, (0.5, 0.2, 0.0))
    """
    try:
        found = tuple(float(part) for part in said.split(","))
    except ValueError as error:
        raise InputError(
            f"--mixing takes shares between 0 and 1, got {said!r}.", hint="0.2, or 0.5,0.2,0 for one epoch after the other."
        ) from error
    return found[0] if len(found) == 1 else found


def print_csv(table: pa.Table) -> None:
    """A table on stdout."""
    from ..operate.tables import write_csv

    sys.stdout.flush()
    write_csv(table, sys.stdout.buffer)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, in one line."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))
