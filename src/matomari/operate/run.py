"""Run: the typed content of run.json, one class per verb. Nothing else in the package knows its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from ..store.formats import load_json, save_json


class _Absent:
    """The value of a key that this run does not have, as None is one that it has."""

    def __bool__(self) -> bool:
        return False


ABSENT: Any = _Absent()


class Run(Mapping[str, Any]):
    """What is written down of a run: attributes for the package, a mapping of JSON values for whoever holds the result.

    Attributes
    ----------
    notes : list of str
        Every cap, warning and decision, a sentence each.

    Examples
    --------
    >>> run = PairsRun.of(dict.fromkeys(PairsRun.required()) | {"encoder": "minilm", "notes": []})
    >>> run.encoder, run["encoder"], "options" in run
    ('minilm', 'minilm', False)
    """

    notes: list[str]

    def __getitem__(self, key: str) -> Any:
        value = getattr(self, key) if key in self.names() else ABSENT
        if value is ABSENT:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.names() if getattr(self, name) is not ABSENT)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @classmethod
    def names(cls) -> list[str]:
        """The keys of its run.json, as they stand there."""
        return [f.name for f in fields(cls)]  # type: ignore[arg-type]  # every subclass is a dataclass

    @classmethod
    def required(cls) -> list[str]:
        """The keys that every run of this verb has."""
        return [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]  # type: ignore[arg-type]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """The run that a run.json tells of; KeyError names a key that is missing, keys of a later version are left aside."""
        for key in cls.required():
            content[key]
        return cls(**{name: content[name] for name in cls.names() if name in content})

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a run.json strictly."""
        return cls.of(load_json(path))

    def save(self, path: str | Path) -> None:
        """Write run.json."""
        save_json(path, dict(self))


@dataclass(frozen=True, kw_only=True, eq=False)
class SourceRun(Run):
    """A run over rows: what they were, by which versions and with which encoder they were looked at.

    Attributes
    ----------
    versions : dict
        Of the libraries.
    fingerprint : str
        sha256 over the texts and ids.
    """

    matomari: str
    python: str
    versions: dict[str, str]
    source: str
    fingerprint: str
    text_columns: list[str]
    rows: int


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupRun(SourceRun):
    """Of `group`.

    Attributes
    ----------
    deep : dict or None
        What the learnt code is, where one was learnt.
    nearest : float
        The cosine below which a new text is unlike all that was grouped.
    curve : list, absent where the number was given
        Numbers of groups that were tried, and how reproducible each was.
    confidence_temperature, path : absent without soft k-means
    facts : dict
        The head of the report.
    boilerplate : dict, absent where none was taken off
        What was, so that new texts are treated alike.
    vocabulary : list of dict, absent without words of the user
        They, for variants.
    variants_by, distinct, block : str, absent where they were not used
        How variants were compared: "columns", one by one; the columns of sources and blocks.
    edits : list of dict, absent where `apply` changed nothing
        Each table that was applied: its source, its digest, the options, and how many edits of each kind.
    """

    id_column: str | None
    distinct_texts: int
    kind: str
    kind_reason: str
    method: str = "louvain"
    deep: dict[str, Any] | None = None
    groups_reason: str
    groups_asked: int | None = None
    assign_all: bool
    image: bool = False
    encoder: str
    encoder_fingerprint: str
    fast: str
    seed: int
    groups: int
    unassigned: int
    coarser_names: list[str]
    finer_names: list[str]
    nearest: float
    notes: list[str]
    curve: list[list[float]] = ABSENT
    confidence_temperature: float = ABSENT
    path: dict[str, Any] = ABSENT
    facts: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = ABSENT
    boilerplate: dict[str, Any] = ABSENT
    vocabulary: list[dict[str, str]] = ABSENT
    variants_by: str = ABSENT
    distinct: str = ABSENT
    block: str = ABSENT
    edits: list[dict[str, Any]] = ABSENT


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelledRun(SourceRun):
    """A run over rows with labels.

    Attributes
    ----------
    blank, gold, labelled : int
        Rows without a word, with a label that a person gave, with any label.
    """

    labels_fingerprint: str
    id_column: str | None
    label_column: str | None
    image: bool
    encoder: str
    encoder_fingerprint: str
    blank: int
    gold: int


@dataclass(frozen=True, kw_only=True, eq=False)
class AuditRun(LabelledRun):
    """Of `audit`."""

    by: list[str]
    seed: int
    labelled: int
    classes: int
    communities: int
    issues: int
    misclustered: int
    misclustered_rate: float
    owning: int
    resolution: float
    coverage: float
    curve: list[Any]
    headline: str = ""
    notes: list[str] = field(default_factory=list)
    options: dict[str, Any] = ABSENT


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassifierRun(LabelledRun):
    """Of `learn labels`.

    Attributes
    ----------
    classes : list of dict
        Each with its label, size, held-out rows, recall, and the class that it is most confused with.
    probe : dict or None
        See `matomari.operate.learn.labels.HeldOutProbe`; None where nothing could be held out.
    corrected : bool
        The classifier was trained with correction.
    left_out : int
        Rows that were not learnt from, because the score of their label is very low.
    """

    labelled: int
    settings: dict[str, Any]
    classes: list[dict[str, Any]]
    probe: dict[str, Any] | None
    corrected: bool
    left_out: int = 0
    correctly_clustered: int
    temperature: float
    curve: list[dict[str, Any]]
    seed: int
    outcome: str = ""
    notes: list[str] = field(default_factory=list)
    options: dict[str, Any] = ABSENT


class EncoderRun(Run):
    """What every trained encoder tells: where it comes from, what was learnt, how it was judged."""

    source: str
    encoder: str
    encoder_fingerprint: str
    fingerprint: str
    pairs: int
    settings: dict[str, Any]
    seed: int
    probe: dict[str, Any]
    outcome: str
    versions: dict[str, str]

    @property
    def improved(self) -> bool:
        """Whether the folder holds the trained encoder; else it holds the start."""
        return bool(self.probe["kept"])


@dataclass(frozen=True, kw_only=True, eq=False)
class PairsRun(EncoderRun):
    """Of `learn pairs`.

    Attributes
    ----------
    probe : dict
        See `matomari.operate.learn.probe.Verdict`, and whether the trained encoder was kept.
    difficulty : list of dict
        How hard the batches of each cluster are.
    loss : list
        Steps and losses.
    swaps : list of dict
        Of triplets: what is told apart before and after, kind by kind. See `matomari.operate.learn.triplets.swaps.by_kind`.
    gate : list of dict
        Of triplets with a Gaussian decay: what the gate was in each epoch.
    bias : list of dict
        Of triplets: how unevenly words lie to people before and after. See `matomari.operate.learn.triplets.bias.compare`.
    """

    source: str
    encoder: str
    encoder_fingerprint: str
    fingerprint: str
    pairs: int
    training_pairs: int
    negatives: int
    clusters: int
    steps: int
    settings: dict[str, Any]
    seed: int
    probe: dict[str, Any]
    outcome: str
    difficulty: list[dict[str, Any]]
    loss: list[Any]
    refreshes: list[dict[str, Any]] = field(default_factory=list)
    versions: dict[str, str]
    notes: list[str]
    options: dict[str, Any] = ABSENT
    swaps: list[dict[str, Any]] = ABSENT
    gate: list[dict[str, Any]] = ABSENT
    bias: list[dict[str, Any]] = ABSENT


@dataclass(frozen=True, kw_only=True, eq=False)
class TextsRun(EncoderRun):
    """Of `learn texts`.

    Attributes
    ----------
    pairs : int
        Pairs that judged the rounds.
    rounds : list of dict
        What the gate measured before and after each round.
    groups : int
        What the start encoder shows.
    """

    source: str
    texts: int
    pairs: int
    encoder: str
    encoder_fingerprint: str
    fingerprint: str
    settings: dict[str, Any]
    gate: dict[str, float]
    rounds: list[dict[str, Any]]
    groups: int
    probe: dict[str, Any]
    outcome: str
    seed: int
    notes: list[str]
    versions: dict[str, str]
    options: dict[str, Any] = ABSENT


def encoder_run(content: Mapping[str, Any]) -> EncoderRun:
    """The run of a trained encoder, whichever verb trained it."""
    return TextsRun.of(content) if "texts" in content else PairsRun.of(content)
