"""A classifier in a folder: what it learnt, what it learnt from, how far it is to be believed; and able to place new rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ...encode.image import ImageEncoder
from ...encode.text import load_encoder
from ...errors import DamagedError, InputError
from ...learn.labels.classifier import Classifier
from ...learn.labels.novelty import familiarity
from ...rows.images import read_images
from ...rows.read import Rows, read
from ...store.artefact import load, writing
from ...store.destination import refuse_other
from ...store.formats import load_arrays, load_json, save_arrays, save_json
from ...vectors import Floats, Ints, normalise
from ...wording import one_line
from .. import items as pictures
from ..examples import nearest_correct
from ..tables import input_columns, strings, write_csv
from .classifier_page import render

KIND = "classifier"
FILES = ("head.safetensors", "reference.safetensors", "reference.parquet", "classes.csv", "run.json", "report.html")
OURS = ("class", "confidence", "margin", "runner_up", "familiarity", "nearest_correct_id", "nearest_correct", "nearest_correct_cosine")


@dataclass(frozen=True, eq=False)
class Classes:
    """A classifier of texts or images, with the rows it learnt from.

    Attributes
    ----------
    head : Classifier
        Of unit vectors; calibrated.
    vectors : array of float16, shape (n, d)
        Of the rows it learnt from, at unit length.
    rows : pyarrow.Table, n rows
        `id`, `text` or `path`, `label`; of the hidden layer, `correctly_clustered`: whether the row lives in a community of its class, and `nearness`:
        how near its nearest others are, see `matomari.learn.familiarity`.
    run : mapping
        Settings, counts, classes, probe, notes, versions, fingerprints; JSON values only.
    """

    head: Classifier = field(repr=False)
    vectors: NDArray[np.float16] = field(repr=False)
    rows: pa.Table = field(repr=False)
    run: Mapping[str, Any] = field(repr=False)

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
        return f"Classes({len(self.names):,} classes, learnt from {len(self.rows):,} rows)"

    @property
    def names(self) -> list[str]:
        """The classes in the order of the classifier's outputs."""
        return [str(one["label"]) for one in self.run["classes"]]

    @property
    def noun(self) -> str:
        """What a row is: a text or an image."""
        return "image" if self.run["image"] else "text"

    @property
    def texts(self) -> list[str]:
        """What was learnt from, of images their paths."""
        return strings(self.rows, "path" if self.run["image"] else "text")

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run["notes"])

    @cached_property
    def examples(self) -> Ints:
        """The class that each row is a good example of, -1 for none; shape (n,)."""
        number = {name: code for code, name in enumerate(self.names)}
        labels = np.array([number[name] for name in strings(self.rows, "label")], np.int64)
        return np.where(np.asarray(self.rows["correctly_clustered"]), labels, -1)

    def assign(self, source: Any, *, text: str | Sequence[str] | None = None, id: str | None = None, encoder: Any = None) -> pa.Table:
        """The class of each new row, and the nearest example that speaks for it.

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
        if self.run["image"]:
            pictures.refuse(text, id)
            images = read_images(source, single=True)
            return self._placed(images, list(map(str, images.files)), encoder)
        taken = _read(source, text, id, list(self.run["text_columns"]))
        return self._placed(taken, [one or "" for one in taken.texts.to_pylist()], encoder)

    def encoder(self, cache: str | Path | None = None) -> Any:
        """The encoder that was learnt with, loaded again by its name; None where it has none."""
        if not self.run["encoder"]:
            return None
        return ImageEncoder(self.run["encoder"], cache=cache) if self.run["image"] else load_encoder(self.run["encoder"], cache=cache)

    def _placed(self, taken: Rows, said: Sequence[str], encoder: Any) -> pa.Table:
        spoken = np.asarray([bool(one.strip()) for one in said], bool)
        model = self._checked(encoder)
        kept = [one for one, there in zip(said, spoken, strict=True) if there]
        X = normalise(np.asarray(model.encode(kept), np.float32)) if kept else np.zeros((0, self.head.W1.shape[0]), np.float32)
        columns = {"id": taken.ids, **input_columns(taken, ("id", *OURS))}
        return pa.table(columns | {name: _spread(values, spoken) for name, values in self._columns(X).items()})

    def _columns(self, X: Floats) -> dict[str, pa.Array]:
        """What is said of rows (m, d) that have something in them."""
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
        made = (
            pa.array([self.names[one] for one in order[:, 0].tolist()], pa.string()),
            pa.array(best[:, 0].astype(np.float32)),
            pa.array((best[:, 0] - best[:, 1]).astype(np.float32)),
            pa.array([self.names[one] for one in order[:, 1].tolist()], pa.string()),
            pa.array(known.astype(np.float32)),
            pa.array([ids[row] if row >= 0 else None for row in near.tolist()], pa.string()),
            pa.array([texts[row] if row >= 0 else None for row in near.tolist()], pa.string()),
            pa.array(cosines, mask=near < 0),
        )
        return dict(zip(OURS, made, strict=True))

    def _nearest(self, X: Floats, wanted: Ints) -> tuple[Ints, NDArray[np.float64]]:
        known, nobody = normalise(self.vectors.astype(np.float32)), np.full(len(self.rows), -1, np.int64)
        asking = np.full(len(X), -1, np.int64)
        rows, cosines = nearest_correct(
            np.concatenate([known, X]), np.concatenate([nobody, wanted]), np.concatenate([self.examples, asking])
        )
        return rows[len(known) :], np.round(cosines[len(known) :], 6)

    def _checked(self, given: Any) -> Any:
        encoder = self.encoder() if given is None else given
        if encoder is None:
            raise InputError(
                "this classifier was made with an encoder that has no name.", hint="pass the same encoder again, as encoder=…."
            )
        if not hasattr(encoder, "fingerprint") or not hasattr(encoder, "encode"):
            encoder = ImageEncoder(encoder) if self.run["image"] else load_encoder(encoder)
        if encoder.fingerprint != self.run["encoder_fingerprint"]:
            raise InputError(
                f"the encoder {getattr(encoder, 'name', type(encoder).__name__)!r} is not the one this classifier was made with.",
                hint="use the same model in the same version.",
            )
        return encoder

    def save(self, path: str | Path) -> Path:
        """Write the folder, old content or new: the classifier, what it was made of, classes.csv, run.json, report.html."""
        refuse_other(path, KIND, FILES)
        with writing(path, kind=KIND, meta={"classes": len(self.names)}, files=FILES) as stage:
            save_arrays(stage / "head.safetensors", self.head.arrays())
            save_arrays(stage / "reference.safetensors", {"vectors": self.vectors})
            pq.write_table(self.rows, stage / "reference.parquet")
            write_csv(pa.Table.from_pylist(list(self.run["classes"]), schema=_CLASSES), stage / "classes.csv")
            save_json(stage / "run.json", dict(self.run))
            (stage / "report.html").write_text(render(self.run), encoding="utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Classes:
        """Read what `save` wrote, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            run = load_json(artefact.file("run.json"))
            head = Classifier.of(load_arrays(artefact.file("head.safetensors")))
            vectors = load_arrays(artefact.file("reference.safetensors"))["vectors"]
            return cls(head, vectors, pq.read_table(artefact.file("reference.parquet")), run)
        except (KeyError, TypeError, ValueError, InputError, pa.ArrowException) as error:
            raise DamagedError(f"{path} does not hold a classifier: {one_line(error)}.", hint="run matomari learn again.") from error


_CLASSES = pa.schema(
    [("label", pa.string()), ("size", pa.int64()), ("held_out", pa.int64()), ("recall", pa.float64()), ("confused_with", pa.string())]
)


def _read(source: Any, text: str | Sequence[str] | None, id: str | None, learnt: list[str]) -> Rows:
    """The rows, their text from the columns that were learnt from where these are there and no others are named."""
    if text is not None:
        return read(source, text=text, id=id)
    if isinstance(source, str) and source == "-":  # which can be read only once
        taken = read(source, id=id)
        return read(taken.table, text=learnt, id=id) if set(learnt) <= set(taken.table.column_names) else taken
    try:
        return read(source, text=learnt, id=id)
    except InputError:
        taken = read(source, id=id)
        if set(learnt) <= set(taken.table.column_names):  # they are there: what is wrong is not that they are called otherwise
            raise
        return taken


def _spread(values: pa.Array, spoken: NDArray[np.bool_]) -> pa.Array:
    """Values of the rows that have something in them, among nulls; a confidence, margin or familiarity of nothing is 0."""
    if spoken.all():
        return values
    found = values.take(pa.array(np.where(spoken, np.cumsum(spoken) - 1, 0), mask=~spoken))
    return found.fill_null(0) if pa.types.is_float32(values.type) else found
