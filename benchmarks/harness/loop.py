"""The loop of all benchmarks: every title, seed and arm that a results file lacks is measured, and written down when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness import results

Place = tuple[str, ...]


class Table:
    """The runs of a results file, by their place in it, such as title, seed and arm.

    `figures` makes of the table what stands in the file; without it the table alone stands there, under `key`. With a part the file is one
    of its own, so that several processes measure at once; `merge` makes one file of all parts.
    """

    def __init__(
        self,
        name: str,
        key: str = "table",
        figures: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        packages: Iterable[str] = (),
        part: str = "",
    ) -> None:
        self.name, self.key, self.figures, self.packages = name, key, figures or (lambda runs: {key: runs}), packages
        self.file = f"{name}_part{part}" if part else name
        self.runs = self._read(self.file)

    def _read(self, file: str) -> dict[str, Any]:
        return (results.read(file) or {}).get(self.key, {})

    def __contains__(self, place: Place) -> bool:
        inner: Any = self.runs
        for name in place:
            if name not in inner:
                return False
            inner = inner[name]
        return True

    def add(self, runs: Mapping[Place, Any]) -> None:
        """Put runs beside those that are in the file by now, and print them: others may measure at once, each its own title."""
        self.runs = self._read(self.file)
        for place, run in runs.items():
            inner = self.runs
            for name in place[:-1]:
                inner = inner.setdefault(name, {})
            inner[place[-1]] = run
            print(*place, run, sep=", ", flush=True)
        self.write()

    def write(self) -> None:
        """Write the file anew."""
        results.write(self.file, self.figures(self.runs), self.packages)

    def merge(self, order: Iterable[str]) -> None:
        """One file of what was measured in parts, its titles in this order."""
        parts = sorted(results.RESULTS.glob(f"{self.name}_part*.json"))
        for part in parts:
            for title, runs in self._read(part.stem).items():
                self.runs.setdefault(title, {}).update(runs)
        self.runs = {title: self.runs[title] for title in order if title in self.runs}
        self.write()
        for part in parts:
            part.unlink()


def measure(
    table: Table,
    seeds: Mapping[str, Iterable[int]],
    arms: Iterable[str],
    run: Callable[[str, int, list[str]], Mapping[str, Any]],
    arms_first: bool = False,
) -> None:
    """Measure every title, seed and arm that the table lacks.

    `run` takes a title, a seed and all arms that this seed lacks, since they share a start, and gives their figures by arm, which stand
    below title, seed and arm. With `arms_first` they stand below title, arm and seed, and `run` is given each arm by itself.
    """
    for title, numbers in seeds.items():
        for seed in numbers:

            def place(arm: str, title: str = title, seed: str = str(seed)) -> Place:
                return (title, arm, seed) if arms_first else (title, seed, arm)

            missing = [arm for arm in arms if place(arm) not in table]
            for group in [[arm] for arm in missing] if arms_first else [missing]:
                if group:
                    table.add({place(arm): figures for arm, figures in run(title, seed, group).items()})


def asked(words: list[str]) -> tuple[list[str], list[int]]:
    """Titles and seeds among the words of the command line."""
    return [word for word in words if not word.isdigit()], [int(word) for word in words if word.isdigit()]
