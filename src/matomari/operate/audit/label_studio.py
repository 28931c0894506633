"""Suspected labels as tasks of Label Studio, a program in which people label data: what it imports, and how it shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from ...rows.gold import FROM, ROW, choice
from ..items import TEXTS, Medium

MODEL = "matomari-audit"


def config(labels: Sequence[str], noun: str = "text") -> str:
    """The labelling interface: one text or image and one choice among all labels.

    Parameters
    ----------
    labels : sequence of str
        In the order in which they are offered.
    noun : {"text", "image"}

    Examples
    --------
    >>> print(config(["a < b", "pin"]))
    <View>
      <Text name="text" value="$text"/>
      <Choices name="label" toName="text" choice="single">
        <Choice value="a &lt; b"/>
        <Choice value="pin"/>
      </Choices>
    </View>
    <BLANKLINE>
    """
    lines = [
        "<View>",
        f'  <{noun.capitalize()} name="{noun}" value="${noun}"/>',
        f'  <Choices name="{FROM}" toName="{noun}" choice="single">',
        *(f"    <Choice value={quoteattr(choice(label))}/>" for label in labels),
        "  </Choices>",
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def tasks(rows: Iterable[Mapping[str, Any]], medium: Medium = TEXTS) -> list[dict[str, Any]]:
    """The rows that are suspected, worst first, each with the suggested label as a prediction.

    Parameters
    ----------
    rows : iterable of mapping
        Of the table of label issues: `id`, `text` or `path`, `given_label`, `suggested_label`, `is_label_issue`, `label_score`,
        `nearest_correct`.
    medium : Medium

    Examples
    --------
    >>> row = {"id": "7", "text": "lost", "given_label": "pin", "suggested_label": "card", "nearest_correct": "it is lost"}
    >>> (task,) = tasks([row | {"is_label_issue": True, "label_score": 0.25}])
    >>> task["data"]
    {'text': 'lost', 'row_id': '7', 'given_label': 'pin', 'nearest_correct': 'it is lost'}
    >>> task["predictions"][0]["score"], task["predictions"][0]["result"][0]["value"]
    (0.75, {'choices': ['card']})
    """
    suspected = sorted((row for row in rows if row["is_label_issue"]), key=lambda row: (row["label_score"], row["id"]))
    return [_task(row, medium) for row in suspected]


def _task(row: Mapping[str, Any], medium: Medium) -> dict[str, Any]:
    result = {"from_name": FROM, "to_name": medium.noun, "type": "choices", "value": {"choices": [choice(row["suggested_label"])]}}
    return {
        "data": {
            medium.noun: row[medium.column],
            ROW: row["id"],
            "given_label": row["given_label"],
            "nearest_correct": row["nearest_correct"] or "",
        },
        "predictions": [{"model_version": MODEL, "score": round(1 - row["label_score"], 6), "result": [result]}],
    }
