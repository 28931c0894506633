"""A classifier in a folder: its weights, the rows it learnt from and its calibration. It can place new rows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ...errors import DamagedError, InputError
from ...learn.labels.classifier import Classifier
from ...learn.labels.novelty import familiarity
from ...protocols import Encoder, EncoderLike
from ...rows.read import Rows
from ...store.artefact import load, writing
from ...store.atomic import replacing
from ...store.formats import load_arrays, save_arrays
from ...vectors import Floats, Ints, normalise
from ...wording import one_line
from ..examples import nearest_correct
from ..items import Medium, medium_of
from ..run import ClassifierRun
from ..tables import input_columns, strings, write_csv
from .classifier_page import render

KIND = "classifier"
FILES = ("head.safetensors", "reference.safetensors", "reference.parquet", "classes.csv", "run.json", "report.html")
OURS = ("class", "confidence", "margin", "runner_up", "familiarity", "nearest_correct_id", "nearest_correct", "nearest_correct_cosine")


@dataclass(frozen=True, eq=False)
class LabelClassifier:
    """A classifier of texts or images, with the rows it learnt from.

    Attributes
    ----------
    head : Classifier
        Of unit vectors; calibrated.
    vectors : array of float16, shape (n, d)
        Of the rows it learnt from, at unit length.
    rows : pyarrow.Table, n rows
        `id`, `text` or `path`, `label`; of the hidden layer, `correctly_clustered`: whether the row lives in a community of its class, and `nearness`:
        how near its nearest others are, see `matomari.learn.labels.novelty.familiarity`.
    run : ClassifierRun
        Settings, counts, classes, probe, notes, versions, fingerprints; also a mapping of JSON values.
    """

    head: Classifier = field(repr=False)
    vectors: NDArray[np.float16] = field(repr=False)
    rows: pa.Table = field(repr=False)
    run: ClassifierRun = field(repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.rows), self.head.W1.shape[0])
        if self.vectors.shape != shape or self.head.b2.size != len(self.names):
            raise InputError(
                f"a classifier of {len(self.names):,} classes has {self.head.b2.size:,} outputs and vectors of shape {self.vectors.shape}.",
                hint=f"one output a class and vectors of shape {shape} belong together.",
            )
        if not set(strings(self.rows, "label")) <= set(self.names) or len(self.texts) != len(self.rows["nearness"]):
            raise InputError("the rows of a classifier are of other classes.", hint="give those that it learnt from.")

    def __repr__(self) -> str:
        return f"LabelClassifier({len(self.names):,} classes, learnt from {len(self.rows):,} rows)"

    @property
    def names(self) -> list[str]:
        """The classes in the order of the classifier's outputs."""
        return [str(row["label"]) for row in self.run.classes]

    @property
    def medium(self) -> Medium:
        """What a row is: a text or an image."""
        return medium_of(self.run.image)

    @property
    def texts(self) -> list[str]:
        """What was learnt from, of images their paths."""
        return strings(self.rows, self.medium.column)

    @property
    def classes(self) -> pa.Table:
        """Each class with its size, its held-out rows, how many of them are right, and the class it is most confused with."""
        return pa.Table.from_pylist(list(self.run.classes), schema=_CLASSES)

    @property
    def corrected(self) -> bool:
        """Whether the classifier was trained with correction: it was asked for, and was not worse in the probe."""
        return bool(self.run.corrected)

    @property
    def outcome(self) -> str:
        """The result in one sentence."""
        return str(self.run.outcome)

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run.notes)

    def _repr_html_(self) -> str:
        """The outcome, as a notebook shows it."""
        return f"<p>{html.escape(self.outcome)}</p>"

    @cached_property
    def examples(self) -> Ints:
        """The class that each row is a good example of, -1 for none; shape (n,)."""
        number = {name: code for code, name in enumerate(self.names)}
        labels = np.array([number[name] for name in strings(self.rows, "label")], np.int64)
        return np.where(np.asarray(self.rows["correctly_clustered"]), labels, -1)

    def assign(
        self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, encoder: EncoderLike | None = None
    ) -> pa.Table:
        """The class of each new row, and the nearest correct example of it.

        Parameters
        ----------
        source, text, id
            As for `matomari.group`; the columns that were learnt from when `text` is left out and the source has them. Of images, a folder, one file
            or a list of files.
        encoder : optional
            Needed only where an encoder object that has no name was learnt with.

        Returns
        -------
        pyarrow.Table
            `id`, all columns of the input, and: `class`; `confidence`, its calibrated probability; `margin`, how much more that is than that of
            `runner_up`; `familiarity`, how often a row of the kind that was learnt from would stand so far off, so that one below .01 resembles nothing that was
            learnt, however sure of its class the classifier is; `nearest_correct_id`, `nearest_correct`,
            `nearest_correct_cosine`: the nearest row that was learnt from, has this class and lives with it, null where there is none. A row
            without a word has no class, and confidence and familiarity 0.

        Raises
        ------
        InputError
            The source cannot be read, or the encoder is another one.
        """
        new = self.medium.read_new(source, text=text, id=id, known=self.run.text_columns)
        return self._placed(new.rows, new.inputs, encoder)

    def encoder(self, cache: str | Path | None = None) -> Encoder | None:
        """The encoder that was learnt with, loaded again by its name; None where it has none."""
        return self.medium.load(self.run.encoder, cache=cache) if self.run.encoder else None

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        text = render(self.run)
        if path is None:
            return text
        with replacing(path) as draft:
            draft.write_text(text, encoding="utf-8")
        return Path(path)

    def _placed(self, rows: Rows, inputs: Sequence[str], given: EncoderLike | None) -> pa.Table:
        spoken = np.asarray([bool(text.strip()) for text in inputs], bool)
        encoder = self._checked(given)
        texts = [text for text, there in zip(inputs, spoken, strict=True) if there]
        X = normalise(np.asarray(encoder.encode(texts), np.float32)) if texts else np.zeros((0, self.head.W1.shape[0]), np.float32)
        columns = {"id": rows.ids, **input_columns(rows, ("id", *OURS))}
        return pa.table(columns | {name: _spread(values, spoken) for name, values in self._columns(X).items()})

    def _columns(self, X: Floats) -> dict[str, pa.Array]:
        """The output columns for vectors (m, d) of rows that are not blank."""
        sure = self.head.probabilities(X)
        order = np.argsort(-sure, axis=1, kind="stable")[:, :2]
        best = np.take_along_axis(sure, order, axis=1)
        near, cosines = self._nearest(X, order[:, 0])
        known = (
            familiarity(self.head.latent(X), self.head.latent(self.vectors.astype(np.float32)), np.asarray(self.rows["nearness"]))
            if len(X)
            else np.empty(0)
        )
        ids, texts = strings(self.rows, "id"), self.texts
        arrays = (
            pa.array([self.names[code] for code in order[:, 0].tolist()], pa.string()),
            pa.array(best[:, 0].astype(np.float32)),
            pa.array((best[:, 0] - best[:, 1]).astype(np.float32)),
            pa.array([self.names[code] for code in order[:, 1].tolist()], pa.string()),
            pa.array(known.astype(np.float32)),
            pa.array([ids[row] if row >= 0 else None for row in near.tolist()], pa.string()),
            pa.array([texts[row] if row >= 0 else None for row in near.tolist()], pa.string()),
            pa.array(cosines, mask=near < 0),
        )
        return dict(zip(OURS, arrays, strict=True))

    def _nearest(self, X: Floats, wanted: Ints) -> tuple[Ints, NDArray[np.float64]]:
        known, nobody = normalise(self.vectors.astype(np.float32)), np.full(len(self.rows), -1, np.int64)
        asking = np.full(len(X), -1, np.int64)
        rows, cosines = nearest_correct(
            np.concatenate([known, X]), np.concatenate([nobody, wanted]), np.concatenate([self.examples, asking])
        )
        return rows[len(known) :], np.round(cosines[len(known) :], 6)

    def _checked(self, given: EncoderLike | None) -> Encoder:
        encoder = self.encoder() if given is None else given
        if encoder is None:
            raise InputError(
                "this classifier was made with an encoder that has no name.", hint="pass the same encoder again, as encoder=…."
            )
        if not isinstance(encoder, Encoder):
            encoder = self.medium.load(encoder)
        if encoder.fingerprint != self.run.encoder_fingerprint:
            raise InputError(
                f"the encoder {encoder.name!r} is not the one this classifier was made with.",
                hint="use the same model in the same version.",
            )
        return encoder

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: the classifier, what it was made of, classes.csv, run.json, report.html."""
        with writing(path, kind=KIND, meta={"classes": len(self.names)}, files=FILES) as stage:
            save_arrays(stage / "head.safetensors", self.head.arrays())
            save_arrays(stage / "reference.safetensors", {"vectors": self.vectors})
            pq.write_table(self.rows, stage / "reference.parquet")
            write_csv(self.classes, stage / "classes.csv")
            self.run.save(stage / "run.json")
            (stage / "report.html").write_text(render(self.run), encoding="utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> LabelClassifier:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            run = ClassifierRun.load(artefact.file("run.json"))
            head = Classifier.of(load_arrays(artefact.file("head.safetensors")))
            vectors = load_arrays(artefact.file("reference.safetensors"))["vectors"]
            return cls(head, vectors, pq.read_table(artefact.file("reference.parquet")), run)
        except (KeyError, TypeError, ValueError, InputError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold a classifier: {one_line(error)}.", hint="run matomari learn again.") from error


_CLASSES = pa.schema(
    [("label", pa.string()), ("size", pa.int64()), ("held_out", pa.int64()), ("recall", pa.float64()), ("confused_with", pa.string())]
)


def _spread(values: pa.Array, spoken: NDArray[np.bool_]) -> pa.Array:
    """Values of the rows that have something in them, among nulls; a confidence, margin or familiarity of nothing is 0."""
    if spoken.all():
        return values
    column = values.take(pa.array(np.where(spoken, np.cumsum(spoken) - 1, 0), mask=~spoken))
    return column.fill_null(0) if pa.types.is_float32(values.type) else column
