"""Labels that a person has checked: an export of Label Studio, or a table with the columns id and label."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import InputError, setting
from ..store.strictjson import parse_json
from ..wording import one_line, visible
from .read import read


def choice(label: str) -> str:
    """A label as the name of a choice: XML does not allow control characters.

    Examples
    --------
    >>> choice("card" + chr(7))
    'card␇'
    """
    return visible(label).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def choices(labels: Iterable[str]) -> dict[str, str]:
    """The label that each choice stands for.

    Examples
    --------
    >>> choices(["card", "pin"])
    {'card': 'card', 'pin': 'pin'}
    """
    return {choice(label): label for label in labels}


FROM = "label"  # the name of the choice in a task, and of the column in a table
ROW = "row_id"  # the name of the row id in a task, because Label Studio uses `id` for itself
_OURS = "import the label_studio.json of an audit of the same file, and export that project as JSON or JSON_MIN."


class _Said(NamedTuple):
    """One annotation: its task, the row and its text, the time, and the choices."""

    task: int
    row: str
    text: str | None
    when: str
    choices: list[Any]


def read_gold(source: Any, ids: Collection[str] | Mapping[str, str], choices: Mapping[str, str]) -> dict[str, str]:
    """The corrected label of each row that a person has checked.

    Cancelled annotations are skipped. If a row has several, the newest one counts; without times, the last one in the file.

    Parameters
    ----------
    source : path, or table in memory
        A JSON or JSON_MIN export of Label Studio whose tasks hold `row_id`; or anything that `read` takes, with the columns row_id, or id, and label.
    ids : collection of str, or mapping of str to str
        The ids of the rows, and the text of each; a task that shows a different text is refused.
    choices : mapping of str to str
        Each allowed choice, and the label that it stands for.

    Returns
    -------
    dict of str to str
        The label of each row that has one, by the id of the row.

    Raises
    ------
    InputError
        An id or a choice is unknown, none or two were chosen (the task or the row is named), or the file cannot be read.

    Examples
    --------
    >>> import json, tempfile
    >>> file = Path(tempfile.mkdtemp()) / "export.json"
    >>> _ = file.write_text(json.dumps([{"id": 7, "row_id": "a", "label": "card", "annotation_id": 1}]))
    >>> read_gold(file, {"a", "b"}, {"card": "card", "pin": "pin"})
    {'a': 'card'}
    """
    tasks = _tasks(source)
    if tasks is None:
        return _table(source, ids, choices)
    last: dict[str, _Said] = {}
    for annotation in _all_said(tasks, source):
        if annotation.row not in last or annotation.when >= last[annotation.row].when:
            last[annotation.row] = annotation
    for row, annotation in last.items():
        if isinstance(ids, Mapping) and annotation.text is not None and ids.get(row, annotation.text) != annotation.text:
            raise InputError(
                f"task {annotation.task} of {source} is of {annotation.text[:60]!r}, but row {row[:100]!r} is {ids[row][:60]!r}.",
                hint="correct the file that was audited; rows that may move need ids of their own: " + setting("id") + ".",
            )
    return {
        row: _label(f"task {annotation.task} of {source}", annotation.row, said=annotation.choices, ids=ids, choices=choices)
        for row, annotation in last.items()
    }


def _text(data: Any) -> str | None:
    """The text or image that the task shows, if it has one."""
    shown = data.get("text", data.get("image"))
    return shown if isinstance(shown, str) else None


def _tasks(source: Any) -> list[Any] | None:
    """The tasks of an export; None if the source is not an export."""
    if not isinstance(source, str | os.PathLike) or not str(source).lower().endswith(".json"):
        return None
    try:
        tasks = parse_json(Path(source).read_bytes())
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.", hint="give the file that Label Studio exported.") from error
    except ValueError as error:
        raise InputError(f"{source} is not readable JSON: {one_line(error)}.", hint="export it again.") from error
    ours = isinstance(tasks, list) and any(isinstance(task, dict) and ("annotations" in task or ROW in task) for task in tasks)
    return tasks if ours else None


def _all_said(tasks: Sequence[Any], source: Any) -> Iterator[_Said]:
    for number, task in enumerate(tasks, 1):
        data = task.get("data", task) if isinstance(task, dict) else None
        row = data.get(ROW) if isinstance(data, dict) else None
        if not isinstance(row, str | int):
            raise InputError(f"task {number} of {source} does not say which row it is: it has no {ROW!r}.", hint=_OURS)
        if "annotations" in task:
            yield from (
                _Said(number, str(row), _text(data), *annotation) for annotation in _annotations(task["annotations"], number, source)
            )
        elif FROM in task or task.get("annotation_id") is not None:
            yield _Said(task=number, row=str(row), text=_text(data), when=str(task.get("created_at") or ""), choices=_flat(task.get(FROM)))


def _annotations(found: Any, number: int, source: Any) -> Iterator[tuple[str, list[Any]]]:
    """The time and the choices of each annotation; cancelled ones are skipped."""
    try:
        for annotation in found:
            if not annotation.get("was_cancelled"):
                results = [r for r in annotation.get("result") or [] if r.get("type") == "choices" and r.get("from_name", FROM) == FROM]
                yield str(annotation.get("created_at") or ""), [choice for r in results for choice in r["value"]["choices"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(f"the annotations of task {number} of {source} are not those of Label Studio.", hint=_OURS) from error


def _flat(value: Any) -> list[Any]:
    """JSON_MIN writes one choice as text, two as a mapping, and several regions as a list."""
    if isinstance(value, dict):
        return list(value.get("choices") or [])
    if isinstance(value, list):
        return [choice for region in value for choice in _flat(region)]
    return [] if value is None or value == "" else [value]


def _label(where: str, row: str, said: Sequence[Any], ids: Collection[str], choices: Mapping[str, str]) -> str:
    if row not in ids:
        raise InputError(
            f"{where} is of row {row[:100]!r}, and there is no such row.", hint="correct the file that was audited, with the same ids."
        )
    if len(said) != 1:
        chosen = "no choice" if not said else f"{len(said)} choices"
        raise InputError(
            f"{where} has {chosen} for row {row[:100]!r}.", hint="a row has one label: choose exactly one, or cancel the annotation."
        )
    if said[0] not in choices:
        near = ", ".join(repr(allowed[:60]) for allowed in sorted(choices)[:5])
        raise InputError(f"{where} has the choice {str(said[0])[:100]!r}, which is no label here.", hint=f"labels are {near} …")
    return choices[said[0]]


def _table(source: Any, ids: Collection[str], choices: Mapping[str, str]) -> dict[str, str]:
    try:
        taken = read(source, text=FROM, id=ROW)  # the column of our rows in tables from Label Studio; their `id` is the number of the task
    except InputError:
        taken = read(source, text=FROM, id="id")
    rows = zip(taken.ids.to_pylist(), taken.texts.to_pylist(), strict=True)
    return {
        row: _label(f"row {number} of {taken.source}", row, said=[label] if label.strip() else [], ids=ids, choices=choices)
        for number, (row, label) in enumerate(rows, 1)
    }
