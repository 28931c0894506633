"""How constants are settled: every setting is scored on every set, the best on average is chosen, and each set is judged without itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.data.files import CACHE


@dataclass(frozen=True)
class Sweep:
    """The score of every setting on every set; `choose` takes the mean scores and gives the place of the setting to take."""

    settings: Sequence[Hashable]
    scores: dict[str, np.ndarray]
    choose: Callable[[np.ndarray], int] = np.argmax

    def mean(self) -> np.ndarray:
        """The mean score of every setting over the sets."""
        return np.mean(list(self.scores.values()), axis=0)

    def best(self) -> Any:
        """The setting that is chosen."""
        return self.settings[int(self.choose(self.mean()))]

    def at(self, setting: Hashable) -> float:
        """The mean score of a setting."""
        return float(self.mean()[self.settings.index(setting)])

    def of(self, name: str, setting: Hashable) -> float:
        """The score of a setting on a set."""
        return float(self.scores[name][self.settings.index(setting)])

    def near(self, margin: float) -> list[Any]:
        """The settings whose mean is this close to the highest."""
        mean = self.mean()
        return [setting for setting, score in zip(self.settings, mean, strict=True) if score >= mean.max() - margin]

    def only(self, names: Sequence[str]) -> Sweep:
        """The same over some of the sets."""
        return replace(self, scores={name: self.scores[name] for name in names})

    def without(self, *names: str) -> Sweep:
        """The same over the other sets."""
        return self.only([name for name in self.scores if name not in names])

    def __or__(self, other: Sweep) -> Sweep:
        return replace(self, scores=self.scores | other.scores)


def remembered(name: str, digested: bytes, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was measured once of these bytes; delete .cache/curves after a change of the code it was measured with."""
    path = CACHE / "curves" / f"{name}-{hashlib.sha256(digested).hexdigest()[:16]}.npz"
    if not path.exists():
        measured = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **measured)
        return measured
    with np.load(path) as arrays:
        return {key: arrays[key] if arrays[key].ndim else arrays[key].item() for key in arrays.files}
