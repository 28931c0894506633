"""An audit of planted labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from builders import labels
from matomari.operate.audit.audit import Audit, audit


def topics() -> labels.Topics:
    """Topics that lie well apart."""
    return labels.Topics(noise=0.05, dimension=16)


def planted(classes: int = 5, each: int = 24, wrong: int = 9, names: Sequence[str] = ()) -> pa.Table:
    """Planted labels beside the truth; all wrong ones are of the northern site."""
    table = labels.planted(classes, each, wrong, names=names)
    called = list(names) or [f"topic {c}" for c in range(classes)]
    truth = [called[c] for c in np.repeat(np.arange(classes), each)]
    wrongs = [given != true for given, true in zip(table["team"].to_pylist(), truth, strict=True)]
    site = ["north" if bad or i % 4 == 0 else "south" for i, bad in enumerate(wrongs)]
    return table.append_column("truth", [truth]).append_column("site", [site])


def run(table: pa.Table, **more: Any) -> Audit:
    return audit(table, **({"label": "team", "text": "body", "id": "key", "encoder": topics()} | more))
