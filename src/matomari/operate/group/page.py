"""One HTML file that shows a grouping: a map, the groups, the texts. It loads nothing else, and data are shown as plain text only."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError
from ...store.atomic import replacing
from ...wording import visible, with_article
from ..html.drawing import Figure
from ..html.packing import data_uris, pack, pack_index, pack_places, shares
from ..html.page import page, source

SHOWN = 300  # characters of a text that the page holds
UNCERTAIN = 0.1  # a text whose margin is below this is called uncertain
PLAIN_ROWS = 500  # groups in the table for readers without scripts
SCRIPTS = ("report.data.js", "report.draw.js", "report.map.js", "report.groups.js", "report.items.js", "report.js")
NEEDED = ("name", "keywords", "size", "cohesion", "stability", "examples")


@dataclass(frozen=True, eq=False)
class ReportData:
    """Everything that a report shows; checked when made.

    Parameters
    ----------
    title : str
        What was grouped, such as the name of the file.
    ids, texts : sequence of str, length n
        Name and text of each item. Of a text, the page holds the first 300 characters.
    labels, runner_up : array of int, shape (n,)
        Group of each item and its second choice, 0..k-1; -1 means none.
    confidence, margin : array of float, shape (n,)
        How firmly each item belongs, and by how much it beats the second choice, in [0, 1].
    xy : array of float, shape (n, 2)
        Place of each item on the map, in any unit.
    finer : array of int, shape (n,)
        Group of each item in the finer layer, nested in the chosen one; -1 means none.
    coarser : array of int, shape (k,)
        Group of each chosen group in the coarser layer; -1 means none.
    groups : sequence of mapping, length k
        `name`, `keywords`, `size`, `cohesion`, `stability` and `examples` (indices of up to three items) of each group.
    coarser_names, finer_names : sequence of str
        Names of the groups of the two other layers; an empty one leaves its layer out.
    facts : mapping of str to str
        Short settings for the head of the page.
    notes : sequence of str
        Every cap, warning and decision, a sentence each.
    thumbnails : mapping of int to bytes
        A small PNG or JPEG of some items.
    noun : str
        What one item is called.
    figures : sequence of Figure
        What the number and the softness of the groups were read off.

    Raises
    ------
    InputError
        There is no text, lengths differ, an index is out of range, a number is not finite or outside its range.

    Examples
    --------
    >>> group = dict(name="cards", keywords=["card"], size=1, cohesion=1.0, stability=1.0, examples=[0])
    >>> zero = np.zeros(1, dtype=int)
    >>> data = ReportData("a.csv", ["0"], ["card"], zero, zero, zero, zero - 1, np.zeros((1, 2)), zero - 1, zero - 1, [group], [], [], {}, [])
    >>> outcome(data)
    '1 text fell into 1 group; 1 is uncertain, 0 unassigned.'
    """

    title: str
    ids: Sequence[str]
    texts: Sequence[str]
    labels: NDArray[np.integer[Any]]
    confidence: NDArray[np.floating[Any]]
    margin: NDArray[np.floating[Any]]
    runner_up: NDArray[np.integer[Any]]
    xy: NDArray[np.floating[Any]]
    finer: NDArray[np.integer[Any]]
    coarser: NDArray[np.integer[Any]]
    groups: Sequence[Mapping[str, Any]]
    coarser_names: Sequence[str]
    finer_names: Sequence[str]
    facts: Mapping[str, str]
    notes: Sequence[str]
    thumbnails: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    noun: str = "text"
    figures: Sequence[Figure] = ()

    def __post_init__(self) -> None:
        n, k = len(self.texts), len(self.groups)
        if n == 0:
            raise InputError("a report needs at least one text, got none.", hint="Was every row filtered out?")
        if len(self.ids) != n:
            raise InputError(f"'ids' of a report has {len(self.ids)} entries, 'texts' has {n}.")
        for name, top in (("labels", k), ("runner_up", k), ("finer", len(self.finer_names))):
            _check_index(name, getattr(self, name), n, top)
        _check_index("coarser", self.coarser, k, len(self.coarser_names))
        for name, shape in (("confidence", (n,)), ("margin", (n,)), ("xy", (n, 2))):
            _check_numbers(name, getattr(self, name), shape, unit=name != "xy")
        for number, group in enumerate(self.groups):
            _check_group(number, group, n)


def _check_index(name: str, values: ArrayLike, length: int, top: int) -> None:
    array = np.asarray(values)
    if array.shape != (length,):
        raise InputError(f"'{name}' of a report must have shape ({length},), got {array.shape}.")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise InputError(f"'{name}' of a report must hold integers, got {array.dtype}.")
    if array.size and (array.min() < -1 or array.max() >= top):
        raise InputError(f"'{name}' of a report must lie in -1..{top - 1}, got {array.min()}..{array.max()}.")


def _check_numbers(name: str, values: ArrayLike, shape: tuple[int, ...], *, unit: bool) -> None:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise InputError(f"'{name}' of a report must have shape {shape}, got {array.shape}.")
    bad = ~np.isfinite(array)
    if bad.any():
        raise InputError(
            f"'{name}' of a report is not finite at item {int(np.argwhere(bad)[0, 0])}.", hint="NaN and infinity have no place."
        )
    if unit and (array.min() < 0 or array.max() > 1):
        raise InputError(f"'{name}' of a report must lie in [0, 1], got {array.min():g}..{array.max():g}.")


def _check_group(number: int, group: Mapping[str, Any], n: int) -> None:
    missing = [key for key in NEEDED if key not in group]
    if missing:
        raise InputError(f"group {number} of a report has no {', '.join(missing)}.", hint=f"A group needs {', '.join(NEEDED)}.")
    if any(not 0 <= int(example) < n for example in group["examples"]):
        raise InputError(f"'examples' of group {number} of a report must lie in 0..{n - 1}, got {list(group['examples'])}.")


def _cut(text: object) -> str:
    return visible(text if len(str(text)) <= SHOWN else str(text)[:SHOWN].rstrip() + "…")


def _json(value: object) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _number(value: object) -> float | None:
    number = math.nan if value is None else float(str(value))
    return round(number, 3) if math.isfinite(number) else None


def _payload(data: ReportData) -> dict[str, Any]:
    groups, k = data.groups, len(data.groups)
    return {
        "n": len(data.texts),
        "uncertain": UNCERTAIN,
        "labels": pack_index(data.labels, k),
        "runner": pack_index(data.runner_up, k),
        "finer": pack_index(data.finer, len(data.finer_names)),
        "coarser": pack_index(data.coarser, len(data.coarser_names)),
        "confidence": pack(shares(data.confidence), "u1"),
        "margin": pack(shares(data.margin), "u1"),
        **pack_places(data.xy),
        "names": [_cut(group["name"]) for group in groups],
        "keywords": [_cut(", ".join(map(str, group["keywords"]))) for group in groups],
        "sizes": [int(group["size"]) for group in groups],
        "cohesion": [_number(group["cohesion"]) for group in groups],
        "stability": [_number(group["stability"]) for group in groups],
        "examples": [[int(example) for example in group["examples"]][:3] for group in groups],
        "coarserNames": list(map(_cut, data.coarser_names)),
        "finerNames": list(map(_cut, data.finer_names)),
        "noun": data.noun,
        "thumbs": data_uris(data.thumbnails, len(data.texts)),
    }


def outcome(data: ReportData) -> str:
    """The result in one sentence: how many texts, groups, uncertain and unassigned ones."""
    n, k = len(data.texts), len(data.groups)
    none = np.asarray(data.labels) < 0
    doubtful = int(np.sum((shares(data.margin) < UNCERTAIN * 255) & ~none))
    return (
        f"{n:,} {data.noun}{'s' * (n != 1)} fell into {k:,} group{'s' * (k != 1)}; "
        f"{doubtful:,} {'is' if doubtful == 1 else 'are'} uncertain, {int(np.sum(none)):,} unassigned."
    )


def _notes(data: ReportData) -> list[str]:
    long = sum(len(text) > SHOWN for text in data.texts)
    notes = [
        *data.notes,
        f"{with_article(data.noun).capitalize()} counts as uncertain when its margin over the runner-up is below {UNCERTAIN:.2f}.",
    ]
    if long:
        notes.append(
            f"Texts longer than {SHOWN} characters are cut there ({long:,} of {len(data.texts):,}); search sees only what is shown."
        )
    return list(map(visible, notes))


def render(data: ReportData) -> str:
    """The report as one HTML page: the same data gives the same bytes.

    Returns
    -------
    str
        HTML with its own style, script and data, and a policy that lets nothing else run or load.

    Examples
    --------
    >>> none = np.zeros(1, dtype=int) - 1
    >>> data = ReportData("<b>", ["0"], ["<i>"], none, none + 1, none + 1, none, np.zeros((1, 2)), none, none[1:], [], [], [], {}, [])
    >>> "<b>" in render(data) or "<i>" in render(data)
    False
    """
    script = Markup("(() => {{\n'use strict';\n{}}})();\n").format(Markup("\n").join(map(source, SCRIPTS)))
    ids = None if all(name == str(row) for row, name in enumerate(data.ids)) else list(map(_cut, data.ids))
    payload = _payload(data)
    rows = sorted(zip(payload["names"], payload["sizes"], payload["keywords"], strict=True), key=lambda row: -row[1])
    return page(
        "report.html.j2",
        script=script,
        title=visible(data.title),
        outcome=outcome(data),
        noun=data.noun,
        facts=[(visible(label), visible(value)) for label, value in data.facts.items()],
        figures=data.figures,
        notes=_notes(data),
        rows=rows[:PLAIN_ROWS],
        groups=len(data.groups),
        layers=[("coarser", len(data.coarser_names)), ("chosen", len(data.groups)), ("finer", len(data.finer_names))],
        data=_json(payload),
        texts=_json({"texts": list(map(_cut, data.texts)), "ids": ids}),
    )


def write(data: ReportData, path: str | Path) -> Path:
    """Render the report into a file, whole or not at all, and return its path.

    Raises
    ------
    MachineError
        The file cannot be written; an older report in its place is left as it was.
    """
    page = render(data).encode("utf-8")
    with replacing(path) as draft:
        draft.write_bytes(page)
    return Path(path)
