"""One family of errors: a sentence that names what is wrong and where, a hint, an exit code."""

from __future__ import annotations

import re

_SETTING = re.compile("\ue000([a-z_]+)(?:=(.*?))?\ue001")


def setting(name: str, value: object = None) -> str:
    """How a hint names a parameter that is also an option: each surface words it in its own way.

    Parameters
    ----------
    name : str
        As in Python.
    value : optional
        What to set it to; True for a switch.

    Examples
    --------
    >>> error = InputError("cards.csv holds no label.", hint=f"name the column with {setting('label')}.")
    >>> error.hint, error.at_command_line().splitlines()[1]
    ('name the column with label=….', 'hint: name the column with --label.')
    """
    return f"\ue000{name}\ue001" if value is None else f"\ue000{name}={value!r}\ue001"


def _python(match: re.Match[str]) -> str:
    return f"{match[1]}={match[2] or '…'}"


def _command_line(match: re.Match[str]) -> str:
    value = "" if match[2] in (None, "True") else " " + match[2].strip("'")
    return f"--{match[1].replace('_', '-')}{value}"


class MatomariError(Exception):
    """Base of every error that matomari raises on purpose.

    Parameters
    ----------
    message : str
        One sentence: what is wrong and where (file, row, column, parameter).
    hint : str
        What the user can do about it; parameters are named by `setting`.

    Examples
    --------
    >>> print(InputError("parts.csv has no column 'nmae'.", hint="Did you mean 'name'?"))
    parts.csv has no column 'nmae'.
    hint: Did you mean 'name'?
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self._hint = hint

    @property
    def hint(self) -> str:
        """What the user can do about it, in the words of Python."""
        return _SETTING.sub(_python, self._hint)

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self._hint else self.message

    def at_command_line(self) -> str:
        """The sentence and the hint in the words of the command line."""
        return f"{self.message}\nhint: {_SETTING.sub(_command_line, self._hint)}" if self._hint else self.message


class InputError(MatomariError, ValueError):
    """What the caller gave cannot be used: a file, a column, a value, a parameter (exit code 2)."""

    exit_code = 2


class MachineError(MatomariError):
    """The machine could not do it: disk full, no permission, a missing optional package (exit code 3)."""


class DamagedError(MatomariError):
    """A saved artefact is incomplete, altered or not ours, and is refused unread (exit code 3)."""


class Stopped(KeyboardInterrupt):
    """A signal asked a long run to end, which it did at a place from which it can go on (exit code 128 and the signal's number)."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.exit_code = 128 + signal
