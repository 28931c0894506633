"""Tasks as Label Studio exports them, in both of its forms."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

from matomari.operate.audit.label_studio import config

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the SDK's own dependencies say when loaded is not ours to mend
    from label_studio_sdk.converter import Converter


NASTY = ["=1+1", "<script>alert(1)</script>", "a \"b\" & 'c' > d", "日本語 🙂", "x" * 5000, "tab\tline\nend", "bell\x07", " edge ", "$text"]


LABELS = ["card", "money", "pin"]


IDS = ["a", "b", "c", "d"]


def annotation(*chosen: str, cancelled: bool = False, when: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    told = {"id": "x", "from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": list(chosen)}}
    return {
        "id": 1,
        "was_cancelled": cancelled,
        "created_at": when,
        "updated_at": when,
        "completed_by": {"id": 1},
        "lead_time": 1,
        "result": [told] if chosen else [],
    }


def exported(told: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"id": 100 + i, "data": {"text": f"text of {id}", "row_id": id, "given_label": "pin"}, "annotations": made}
        for i, (id, made) in enumerate(told.items())
    ]


def both(folder: Path, told: list[dict[str, Any]], labels: list[str] = LABELS) -> dict[str, Path]:
    """The same work as JSON and as JSON_MIN, the latter by Label Studio's own converter."""
    full = folder / "full.json"
    full.write_text(json.dumps(told), encoding="utf-8")
    Converter(config=config(labels), project_dir=None).convert_to_json_min(str(full), str(folder / "min"), is_dir=False)
    return {"JSON": full, "JSON_MIN": folder / "min" / "result.json"}
