"""One family of errors: a sentence that names what is wrong and where, a hint, an exit code."""

from __future__ import annotations


class MatomariError(Exception):
    """Base of every error that matomari raises on purpose.

    Parameters
    ----------
    message : str
        One sentence: what is wrong and where (file, row, column, parameter).
    hint : str
        What the user can do about it.

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
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


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
