"""Check parameters, with the error messages of scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from types import FunctionType
from typing import Any

import numpy as np

from .errors import InputError


def whole(owner: object, name: str, value: Any, low: int) -> int:
    """`value` as an int of at least `low`, or InputError in scikit-learn's words."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= low:
        return int(value)
    raise InputError(
        f"The {name!r} parameter of {_name(owner)} must be an int in the range [{low}, inf). Got {value!r} instead.",
        hint=f"{name}={max(low, 8)}, for example.",
    )


def real(owner: object, name: str, value: Any, low: float) -> float:
    """`value` as a float above `low`, or InputError in scikit-learn's words."""
    if isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value)) and float(value) > low:
        return float(value)
    raise InputError(
        f"The {name!r} parameter of {_name(owner)} must be a float in the range ({low}, inf). Got {value!r} instead.",
        hint=f"{name}=1.0, for example.",
    )


def from_zero(owner: object, name: str, value: Any) -> float:
    """`value` as a float of at least 0, or InputError in scikit-learn's words."""
    if isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value)) and float(value) >= 0:
        return float(value)
    raise InputError(
        f"The {name!r} parameter of {_name(owner)} must be a float in the range [0, inf). Got {value!r} instead.",
        hint=f"{name}=0.0, for example.",
    )


def share(owner: object, name: str, value: Any) -> float:
    """`value` as a float from 0 to 1, or InputError in scikit-learn's words."""
    if isinstance(value, Real) and not isinstance(value, bool) and 0 <= float(value) <= 1:
        return float(value)
    raise InputError(
        f"The {name!r} parameter of {_name(owner)} must be a float in the range [0, 1]. Got {value!r} instead.",
        hint=f"{name}=0.0, for example.",
    )


def one_of(owner: object, name: str, value: Any, known: Sequence[str]) -> str:
    """`value` as one of `known`, whose first is the default, or InputError in scikit-learn's words."""
    if isinstance(value, str) and value in known:
        return value
    raise InputError(
        f"The {name!r} parameter of {_name(owner)} must be one of {', '.join(map(repr, known))}. Got {value!r} instead.",
        hint=f"{name}={known[0]!r} is the default.",
    )


def _name(owner: object) -> str:
    """The owner of a parameter in a message: a function by its own name, anything else by its class."""
    return owner.__name__ if isinstance(owner, FunctionType) else type(owner).__name__
