"""The result of asking a teacher: proposals, what each kind of question proved, what was spent; saved as one folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ...errors import DamagedError
from ...store.artefact import load, writing
from ...store.atomic import replacing
from ...store.formats import load_json, save_json
from ...teach.client.endpoint import Endpoint
from ...teach.guard.suspicion import suspicious
from ...teach.prompt import LONGEST
from ..tables import write_csv
from .page import render
from .stages.stage import Outcome

KIND = "teaching"
FILES = ("proposals.csv", "proposals.parquet", "teacher.json", "report.html")


@dataclass(frozen=True, eq=False, kw_only=True)
class Teaching:
    """What a teacher proposes for a grouping, and why it may.

    Attributes
    ----------
    proposals : pyarrow.Table
        `do`, `what`, `to`, `why`, `confidence`, `by`, `recommended`, as `apply` takes them.
    outcomes : list of Outcome
        Of each probe and each stage.
    teacher, source, fingerprint : str
        Who was asked about what.
    cost : dict
        Calls, tokens and US dollars of this run.
    notes : list of str
        Every cap, warning and decision, a sentence each.
    options : dict
    """

    proposals: pa.Table
    outcomes: list[Outcome]
    teacher: str
    source: str
    fingerprint: str
    cost: dict[str, Any]
    notes: list[str]
    options: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        recommended = sum(self.proposals["recommended"].to_pylist())
        return f"Teaching({len(self.proposals):,} proposals, {recommended:,} recommended, by {self.teacher})"

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        text = render(self.record(), self.proposals)
        if path is None:
            return text
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")
        return Path(path)

    def record(self) -> dict[str, Any]:
        """All but the proposals, as JSON values."""
        outcomes = [{name: value for name, value in asdict(outcome).items() if name != "proposals"} for outcome in self.outcomes]
        values = {"teacher": self.teacher, "source": self.source, "fingerprint": self.fingerprint, "cost": self.cost}
        return values | {"outcomes": outcomes, "notes": self.notes, "options": self.options}

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: proposals as CSV and Parquet, report.html, teacher.json."""
        with writing(path, kind=KIND, files=FILES) as stage:
            pq.write_table(self.proposals, stage / "proposals.parquet")
            write_csv(self.proposals, stage / "proposals.csv")
            save_json(stage / "teacher.json", self.record())
            (stage / "report.html").write_text(str(self.report()), encoding="utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Teaching:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            record = load_json(artefact.file("teacher.json"))
            outcomes = [Outcome(**values) for values in record.pop("outcomes")]
            return cls(proposals=pq.read_table(artefact.file("proposals.parquet")), outcomes=outcomes, **record)
        except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold what a teacher said: {error}.", hint="run matomari teach again.") from error


def cost_of(endpoint: Endpoint | None) -> dict[str, Any]:
    """What was spent; nothing where no endpoint was asked."""
    if endpoint is None:
        return {}
    return asdict(endpoint.spent) | {"dollars": round(endpoint.budget.spent, 6), "cap": endpoint.budget.cap}


def manner(endpoint: Endpoint | None) -> list[str]:
    """How the endpoint was found to answer, how much of long texts was not sent, and what was masked; nothing where none was asked."""
    if endpoint is None:
        return []
    spoken = [] if endpoint.spoken is None else [endpoint.spoken.sentence]
    cut = [f"{endpoint.spent.cut:,} characters of long texts were left out: {LONGEST} of a text are sent"] if endpoint.spent.cut else []
    return [*spoken, *cut, *endpoint.guard.notes]


def watched(texts: Sequence[str]) -> list[str]:
    """A note on texts that read like orders to a model; each can change the answer to its own question and no other."""
    reasons = {text: reason for text in dict.fromkeys(texts) if (reason := suspicious(text)) is not None}
    if not reasons:
        return []
    text, reason = next(iter(reasons.items()))
    first = f"{len(reasons):,} text{'s read' if len(reasons) > 1 else ' reads'} like orders to a model"
    return [f"{first} (the first: {text[:60]!r}, {reason}): such a text can change the answers to questions that show it, and no others"]
