"""The options of each job, once: the jobs in Python check them, the command line is made of them. Nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from ..errors import InputError, setting

Columns = str | Sequence[str] | None
Kind = Literal["auto", "themes", "variants"]
Method = Literal["louvain", "soft"]
Fast = Literal["auto", "on", "off"]
Objective = Literal["auto", "contrastive", "balanced", "sharp", "none", "gaussian", "gaussian-2025", "gist", "margin", "weight"]
VariantsBy = Literal["text", "columns"]
EDITS = ("rename", "merge", "split", "move", "same", "different")  # what `apply` can be asked to do

ID = "column of unique ids; numbered without"
IMAGE = "the source is a folder of images"
TEXT = "column of text; again to join several"
GOLD = "corrected labels: of Label Studio, or a table"
CACHE = "folder that keeps vectors between runs"
ENCODER = "minilm, multilingual, a model name or a folder"
STAGES = ("names", "places", "groups", "pairs")  # what a teacher can be asked for
DEVICE = "cpu, cuda …; the CPU when left out"


def option(default: Any, help: str, *, metavar: str = "", many: bool = False, least: int | None = None, python_only: bool = False) -> Any:
    """A field of an options class.

    Parameters
    ----------
    default : object
    help : str
        One line, as `--help` shows it.
    metavar : str
        What stands for the value there; made of the type when left out.
    many : bool
        On the command line it may be given several times.
    least : int, optional
        The lowest value of a whole number.
    python_only : bool
        It has no place on a command line, such as a function.
    """
    metadata = {"help": help, "metavar": metavar, "many": many, "least": least, "python_only": python_only}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Base of the options of a job; each is checked for itself, in scikit-learn's words, and then with the others."""

    job = "matomari"

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for f in fields(self):
            value = getattr(self, f.name)
            known = get_args(hints[f.name]) if getattr(hints[f.name], "__origin__", None) is Literal else ()
            if known and value not in known:
                self._refuse(f.name, f"one of {', '.join(map(repr, known))}", value, hint=f"{setting(f.name, known[1])}, for example.")
            least = f.metadata["least"]
            if least is not None and value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
                default = "leave it out to have it found." if f.default is None else f"{setting(f.name, f.default)} is the default."
                self._refuse(f.name, f"an int in the range [{least}, inf)", value, hint=default)

    def _refuse(self, name: str, wanted: str, value: object, hint: str) -> None:
        raise InputError(f"The {name!r} parameter of {self.job} must be {wanted}. Got {value!r} instead.", hint=hint)

    @classmethod
    def names(cls) -> list[str]:
        """The names of all options."""
        return [f.name for f in fields(cls)]

    def changed(self, names: Sequence[str]) -> list[str]:
        """Those of these options that are not as they are by default."""
        defaults = type(self)()
        return [name for name in names if getattr(self, name) != getattr(defaults, name)]

    def arguments(self) -> dict[str, Any]:
        """The options as keyword arguments of the job."""
        return {name: getattr(self, name) for name in self.names()}

    def record(self) -> dict[str, Any]:
        """The options as JSON values, for run.json: what cannot be written there is named by its type."""
        return {name: _plain(getattr(self, name)) for name in self.names() if name != "cache"}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | type(None)):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return {"object": type(value).__name__}


@dataclass(frozen=True, kw_only=True)
class GroupOptions(Options):
    """Options of `group`."""

    job = "group"
    text: Columns = option(None, TEXT, metavar="COLUMN", many=True)
    id: str | None = option(None, ID, metavar="COLUMN")
    image: bool = option(False, IMAGE)
    kind: Kind = option("auto", "topics, or spellings of one thing")
    method: Method = option("louvain", "communities, or calibrated prototypes")
    deep: bool = option(False, "with soft: learn a code first; takes minutes")
    groups: int | None = option(None, "how many; found when left out", metavar="N", least=1)
    assign_all: bool = option(False, "leave no text without a group")
    stop_words: Any = option(None, "file of more words that begin or end no name", metavar="FILE")
    vocabulary: Any = option(None, "table of your words: written, meaning, set", metavar="FILE")
    precision: float | None = option(None, "share of merged pairs that shall be right", metavar="NUMBER")
    variants_by: VariantsBy = option("text", "columns: compare each one for itself")
    distinct: str | None = option(None, "column of sources that list a thing once", metavar="COLUMN")
    block: str | None = option(None, "column: rows of two values are never together", metavar="COLUMN")
    namer: Any = option(None, "names a group by its keywords and examples", python_only=True)
    keep_boilerplate: bool = option(False, "compare with footers, ids, dates and HTML")
    encoder: object = option("minilm", ENCODER, metavar="NAME")
    fast: Fast = option("auto", "int8 encoding, where it keeps the neighbours")
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    seed: int = option(0, "same texts, same seed: same groups", metavar="N", least=0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image and self.kind == "variants":
            raise InputError("variants are of texts; images make themes.", hint="leave 'kind' out.")
        if self.precision is not None and not (isinstance(self.precision, float) and 0 < self.precision < 1):
            self._refuse("precision", "a float in the range (0, 1)", self.precision, hint=f"{setting('precision', 0.95)}, for example.")
        if self.precision is not None and self.groups is not None:
            raise InputError("a precision and a number of groups cannot both be had.", hint="leave out one of the two.")
        if self.namer is not None and not callable(self.namer):
            self._refuse("namer", "a function of keywords and examples", self.namer, hint="leave it out to have names made of phrases.")
        if self.method == "soft" and self.kind == "variants":
            raise InputError("variants are not made by soft k-means: they are pairs, not prototypes.", hint="leave out one of the two.")
        for name in ("distinct", "block"):
            if self.image and getattr(self, name) is not None:
                raise InputError(f"'{name}' names a column, and images have none to choose.", hint=f"leave '{name}' out.")
        if self.distinct is not None and self.distinct == self.block:
            raise InputError(
                f"'distinct' and 'block' both name {self.block!r}: rows of one value would be parted, and so would rows of two.",
                hint="leave out one of the two.",
            )
        if self.deep and self.method != "soft":
            raise InputError("the deep stage learns prototypes, and only soft k-means has them.", hint=f"{setting('method', 'soft')}.")


@dataclass(frozen=True, kw_only=True)
class AuditOptions(Options):
    """Options of `audit`."""

    job = "audit"
    label: str | None = option(None, "column of labels; of images the top folder", metavar="COLUMN")
    text: Columns = option(None, TEXT, metavar="COLUMN", many=True)
    id: str | None = option(None, ID, metavar="COLUMN")
    image: bool = option(False, "the source is a folder of images per class")
    by: str | Sequence[str] = option((), "column to compare rates by; again for more", metavar="COLUMN", many=True)
    gold: Any = option(None, GOLD, metavar="FILE")
    encoder: object = option("minilm", ENCODER, metavar="NAME")
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    seed: int = option(0, "same rows, same seed: same audit", metavar="N", least=0)


@dataclass(frozen=True, kw_only=True)
class LearnPairsOptions(Options):
    """Options of `learn_pairs`: those of the training are fields of `matomari.learn.pairs.recipe.Recipe` under the same names."""

    job = "learn_pairs"
    columns: Sequence[str] | None = option(None, "columns of the pairs; else by their names", metavar="ANCHOR POSITIVE")
    encoder: str | Path = option("minilm", "start: minilm, a model name or a folder", metavar="NAME")
    epochs: float = option(1.0, "passes over the pairs", metavar="NUMBER")
    steps: int = option(0, "steps instead of epochs; 0 leaves it to them", metavar="N", least=0)
    batch_size: int | None = option(None, "rows per step; 64 pairs or 32 triplets", metavar="N", least=2)
    learning_rate: float | None = option(None, "the highest; 5e-5 for balanced and sharp, else 2e-5", metavar="NUMBER")
    mixing: float | Sequence[float] = option(0.0, "share of random rows; 0.5,0.2,0 per epoch", metavar="SHARE")
    piece: int = option(1, "rows of one cluster in a batch; 1 is at random", metavar="N", least=1)
    margin: float | None = option(None, "leave out negatives this close to being right", metavar="NUMBER")
    refresh: int = option(0, "epochs between new clusters; 0 never", metavar="N", least=0)
    every: int = option(200, "steps from checkpoint to checkpoint", metavar="N", least=1)
    distillation: float | None = option(None, "weight of the pull to the start encoder; 0 for pairs", metavar="NUMBER")
    objective: Objective = option("auto", "for pairs contrastive; for triplets balanced, sharp, none, gaussian, gist …", metavar="NAME")
    seed: int = option(0, "same pairs, same seed: same encoder", metavar="N", least=0)
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    device: str | None = option(None, DEVICE, metavar="NAME")
    report_to: str = option("none", "none, or tensorboard, wandb …", metavar="NAME")


@dataclass(frozen=True, kw_only=True)
class LearnTextsOptions(Options):
    """Options of `learn_texts`."""

    job = "learn_texts"
    text: Columns = option(None, TEXT, metavar="COLUMN", many=True)
    rounds: int = option(3, "most rounds of group, learn, group again", metavar="N", least=1)
    pairs: Any = option(None, "pairs that judge each round", metavar="FILE")
    columns: Sequence[str] | None = option(None, "columns of the pairs; else by their names", metavar="ANCHOR POSITIVE")
    encoder: str | Path = option("minilm", "start: minilm, a model name or a folder", metavar="NAME")
    seed: int = option(0, "same texts, same seed: same encoder", metavar="N", least=0)
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    device: str | None = option(None, DEVICE, metavar="NAME")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.columns is not None and self.pairs is None:
            raise InputError("columns name pairs, and there are none.", hint=f"give {setting('pairs')} too, or leave the columns out.")


@dataclass(frozen=True, kw_only=True)
class LearnLabelsOptions(Options):
    """Options of `learn_labels`."""

    job = "learn_labels"
    label: str | None = option(None, "column of labels; of images the top folder", metavar="COLUMN")
    text: Columns = option(None, TEXT, metavar="COLUMN", many=True)
    id: str | None = option(None, ID, metavar="COLUMN")
    image: bool = option(False, "the source is a folder of images per class")
    correct: bool = option(False, "latent cluster correction, if it does no harm")
    gold: Any = option(None, GOLD, metavar="FILE")
    encoder: object = option("minilm", ENCODER, metavar="NAME")
    seed: int = option(0, "same rows, same seed: same classifier", metavar="N", least=0)
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    device: str | None = option(None, DEVICE, metavar="NAME")


@dataclass(frozen=True, kw_only=True)
class AssignOptions(Options):
    """Options of `assign`."""

    job = "assign"
    text: Columns = option(None, "column of text; else that of the earlier run", metavar="COLUMN", many=True)
    id: str | None = option(None, ID, metavar="COLUMN")
    assign_all: bool = option(False, "leave no text without a group")
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")


@dataclass(frozen=True, kw_only=True)
class AskOptions(Options):
    """What every job that asks a language model takes: whom, at what price, and what is masked."""

    llm: str | None = option(None, "model; the endpoint's only one when left out", metavar="MODEL")
    max_cost: float | None = option(None, "US dollars that are never passed", metavar="NUMBER")
    price: tuple[float, float] | None = option(None, "US dollars per million tokens read and written", metavar="READ WRITTEN")
    allow_remote: str | None = option(None, "the one other machine that texts may go to", metavar="HOST")
    replay: bool = option(False, "answer from the journal alone, send nothing")
    people: bool = option(False, "mask names of people, too: matomari[people]")
    dictionary: Any = option(None, "file of more words to be masked", metavar="FILE")
    parallel: int = option(4, "requests on their way at once", metavar="N", least=1)
    timeout: float = option(120.0, "seconds that a reply may take", metavar="SECONDS")
    teacher: Any = option(None, "answers instead of an endpoint", python_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.price is not None and not (len(self.price) == 2 and all(isinstance(p, int | float) and p >= 0 for p in self.price)):
            self._refuse("price", "two numbers of 0 or more", self.price, hint=f"{setting('price', (0.15, 0.6))}, for example.")
        if not (isinstance(self.timeout, int | float) and self.timeout > 0):
            self._refuse("timeout", "a number above 0", self.timeout, hint=f"{setting('timeout', 120.0)} is the default.")


@dataclass(frozen=True, kw_only=True)
class TeachOptions(AskOptions):
    """Options of `ask_teacher`, the verb `teach`."""

    job = "ask_teacher"
    about: str = option("texts", "what the texts are: 'questions to a bank'", metavar="WORDS")
    relation: str | None = option(None, "what makes two one: 'ask for the same thing'", metavar="WORDS")
    most: int = option(300, "doubtful items or pairs that are asked about", metavar="N", least=1)
    only: str | None = option(None, "names, places, groups, pairs; commas between", metavar="KINDS")
    by: str | Sequence[str] = option((), "column to compare answers by; again for more", metavar="COLUMN", many=True)
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")
    seed: int = option(0, "same folder, same seed: same questions", metavar="N", least=0)

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [kind for kind in (self.only or "").split(",") if self.only is not None and kind.strip() not in STAGES]
        if unknown:
            self._refuse(
                "only", f"of {', '.join(STAGES)}, with commas between", self.only, hint=f"{setting('only', 'names,places')}, for example."
            )


@dataclass(frozen=True, kw_only=True)
class TeachPairsOptions(AskOptions):
    """Options of `teach_pairs`, the verb `teach pairs`."""

    job = "teach_pairs"
    llm: str | None = option(None, "model that rewrites and refutes texts; none without", metavar="MODEL")
    text: Columns = option(None, TEXT, metavar="COLUMN", many=True)
    terms: str | Path | None = option(None, "your own words: term,type,aliases", metavar="FILE")
    graph: str | Path | None = option(None, "folder of triplets whose graph grows", metavar="FOLDER")
    encoder: str | Path = option("minilm", ENCODER, metavar="NAME")
    per_text: int = option(1, "triplets of a text, each of another kind", metavar="N", least=1)
    alpha: float = option(0.05, "share of each kind left out: least alike positives", metavar="NUMBER")
    beta: float = option(0.05, "share of each kind left out: most alike negatives", metavar="NUMBER")
    balanced: bool = option(False, "swap words for men, women and nations, too")
    most: int = option(200, "texts that a model rewrites and refutes", metavar="N", least=1)
    journal: str | Path | None = option(None, "file of the model's replies; else FOLDER.journal", metavar="FILE")
    apart: Any = option(None, "texts to measure with: none may be learnt from", metavar="FILE")
    seed: int = option(0, "same texts, same seed: same triplets", metavar="N", least=0)
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("alpha", "beta"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 0.5:
                self._refuse(name, "a number from 0 to below 0.5", value, hint=f"{setting(name, 0.05)} is the default.")


@dataclass(frozen=True, kw_only=True)
class ScoreOptions(Options):
    """Options of `score`."""

    job = "score"
    truth: str | None = option(None, "column of true groups: AMI, ARI, NMI, ACC …", metavar="COLUMN")
    sts: str | None = option(None, "score an encoder on scored pairs: STS-B", metavar="TABLE")
    cache: str | Path | None = option(None, CACHE, metavar="FOLDER")


@dataclass(frozen=True, kw_only=True)
class ApplyOptions(Options):
    """Options of `apply`."""

    job = "apply"
    only: str | None = option(None, "some kinds of edits: rename,move …", metavar="KINDS")
    recommended: bool = option(False, "leave out rows that are not recommended")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.only is not None and not isinstance(self.only, str):
            self._refuse("only", "a str", self.only, hint=f"{setting('only', 'rename,move')}, for example.")
        for kind in self.kinds or ():
            if kind not in EDITS:
                self._refuse("only", f"made of {', '.join(EDITS)}", self.only, hint=f"{setting('only', 'rename,move')}, for example.")

    @property
    def kinds(self) -> list[str] | None:
        """The kinds of edits that are taken; None for all."""
        return None if self.only is None else [kind.strip() for kind in self.only.split(",")]
