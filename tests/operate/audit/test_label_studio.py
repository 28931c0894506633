"""Tasks for Label Studio against its own checker."""

from __future__ import annotations

import json
import warnings
from typing import Any
from xml.etree import ElementTree

import pytest

from matomari.operate.audit.label_studio import config, tasks
from matomari.operate.items import IMAGES, TEXTS, Medium
from matomari.rows.gold import choice, choices

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the SDK's own dependencies say when loaded is not ours to mend
    from label_studio_sdk.label_interface import LabelInterface
from builders.label_studio import LABELS, NASTY


def row(id: str = "a", given: str = "pin", suggested: str = "card", score: float = 0.25, issue: bool = True, **more: Any) -> dict[str, Any]:
    known = {"text": f"text of {id}", "nearest_correct": None}
    return known | {"id": id, "given_label": given, "suggested_label": suggested, "label_score": score, "is_label_issue": issue} | more


@pytest.mark.parametrize("medium", [TEXTS, IMAGES], ids=["text", "image"])
@pytest.mark.parametrize("labels", [LABELS, NASTY])
def test_label_studio_takes_the_tasks(medium: Medium, labels: list[str]) -> None:
    interface = LabelInterface(config(labels, medium.noun))
    assert interface.validate() is None
    made = tasks([row(f"r{i}", labels[0], label, 0.5, path=f"p/{i}.png") for i, label in enumerate(labels)], medium)
    assert len(made) == len(labels)
    for task in made:
        assert interface.validate_task({"data": task["data"]})
        (prediction,) = task["predictions"]
        assert interface.validate_prediction(prediction, return_errors=True) == []
    assert [control.labels for control in interface.controls] == [[choice(label) for label in labels]]


def test_label_studio_refuses_what_is_broken() -> None:
    interface = LabelInterface(config(LABELS))
    (task,) = tasks([row()])
    assert not interface.validate_task({"data": {"words": "x"}})
    for key, value in {"value": {"choices": ["nothing of ours"]}, "from_name": "other", "to_name": "image"}.items():
        prediction = json.loads(json.dumps(task["predictions"][0]))
        prediction["result"][0][key] = value
        assert not interface.validate_prediction(prediction), key


def test_the_configuration_is_xml_that_holds_every_label() -> None:
    tree = ElementTree.fromstring(config(NASTY, "image"))
    assert (tree[0].tag, tree[0].attrib) == ("Image", {"name": "image", "value": "$image"})
    assert [one.get("value") for one in tree[1]] == [choice(label) for label in NASTY]
    assert [label for label in NASTY if choice(label) != label] == ["bell\x07"]
    assert [choices(NASTY)[str(one.get("value"))] for one in tree[1]] == NASTY


def test_the_worst_come_first_and_only_issues_come() -> None:
    made = tasks([row("a", score=0.3), row("b", score=0.1), row("c", issue=False), row("d", score=0.1, nearest_correct="near")])
    assert [task["data"]["row_id"] for task in made] == ["b", "d", "a"]
    assert made[1] == {
        "data": {"text": "text of d", "row_id": "d", "given_label": "pin", "nearest_correct": "near"},
        "predictions": [
            {
                "model_version": "matomari-audit",
                "score": 0.9,
                "result": [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["card"]}}],
            }
        ],
    }
