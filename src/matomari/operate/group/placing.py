"""What is kept of a grouping to place new texts: the vectors and groups of the texts it was made from."""

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

from ...cluster.communities.support import vote
from ...cluster.names import central
from ...cluster.soft.posterior import Posterior
from ...cluster.variants.linkage import CUT
from ...cluster.variants.match import match_variants
from ...encode.image import ImageEncoder
from ...encode.text import load_encoder
from ...errors import InputError
from ...learn.deep.code import Code
from ...rows.read import JOINER
from ...store.artefact import Artefact
from ...store.formats import load_arrays, save_arrays
from ...vectors import Floats, Ints, NeighborIndex, normalise

NEIGHBORS = 15
EXACT = 5_000  # known texts that each new one is compared with one by one; above, inverted lists keep placing fast
RECALL = 0.95  # of those lists: a vote of fifteen comes out the same for 99 of 100 texts (benchmarks/bench_assign.py)
STRANGE = 0.005  # share of the fitted texts that stand as far from their nearest as a stranger would

Placed = tuple[Ints, Floats, Ints, Floats]


@dataclass(frozen=True, eq=False)
class Reference:
    """Distinct texts of the fit, their vectors (half precision) and groups.

    Attributes
    ----------
    kind : "themes" or "variants"
    encoder : str
        Name to load the encoder by.
    fingerprint : str
        Which encoder it has to be.
    texts : list of str, length u
        What each is known again by; of an image, the digest of its file.
    vectors : array of float16, shape (u, d)
    labels : array of int64, shape (u,)
    k : int
    nearest : float
        A text whose nearest known text is farther than this cosine is unlike anything grouped.
    """

    kind: str
    encoder: str
    fingerprint: str
    texts: list[str] = field(repr=False)
    vectors: NDArray[np.float16] = field(repr=False)
    labels: Ints = field(repr=False)
    k: int
    nearest: float
    live: Any = field(default=None, repr=False)  # the encoder itself, where this process made or was given one
    posterior: Posterior | None = field(default=None, repr=False)  # where the groups have prototypes
    images: bool = False
    code: Code | None = field(default=None, repr=False)  # what the prototypes are prototypes of, where it was learnt

    @cached_property
    def unit(self) -> Floats:
        """The vectors in single precision at unit length, shape (u, d)."""
        return normalise(self.vectors.astype(np.float32))

    @cached_property
    def known(self) -> dict[str, int]:
        """Place of each known text."""
        return {text: i for i, text in enumerate(self.texts)}

    @cached_property
    def index(self) -> NeighborIndex:
        """Nearest known texts."""
        return NeighborIndex(self.unit, exact=len(self.unit) <= EXACT, k=NEIGHBORS, recall=RECALL)

    def centers(self) -> Floats:
        """Centre of each group, shape (k, d)."""
        return central(self.unit, self.labels, self.k)[1]

    def place(self, texts: Sequence[str], encoder: Any = None, assign_all: bool = False, keys: Sequence[str] | None = None) -> Placed:
        """Group, confidence, runner-up and its confidence of each new text; a text without a word gets -1.

        Of images, `texts` are the files and `keys` what they are known again by.
        """
        if self.k == 0:
            raise InputError("there are no groups to assign to.", hint="group texts first.")
        plain = [text or "" for text in texts]
        spoken = np.asarray([bool(text.strip()) for text in plain], bool)
        labels, own = np.full(len(plain), -1, np.int64), np.zeros(len(plain), np.float32)
        runner_up, other = labels.copy(), own.copy()
        if spoken.any():
            said = [text for text, real in zip(plain, spoken, strict=True) if real]
            known = said if keys is None else [key for key, real in zip(keys, spoken, strict=True) if real]
            vectors = normalise(np.asarray(self._encoder(encoder).encode(said), np.float32))
            found = self._theme(vectors, assign_all) if self.kind == "themes" else self._variant(said, vectors, assign_all)
            labels[spoken], own[spoken], runner_up[spoken], other[spoken] = self._remembered(known, found, assign_all)
        none = labels < 0
        own[none] = other[none] = 0  # nothing is firm about having no group
        return labels, own, runner_up, other

    def place_vectors(self, vectors: Floats, assign_all: bool = False) -> Placed:
        """The same for vectors (m, d) of texts that are encoded already; themes only."""
        return self._theme(normalise(vectors), assign_all)

    def named(self, name: str, fast: str = "auto", cache: str | Path | None = None) -> Any:
        """The encoder of that name, for texts or for images as these groups are."""
        return ImageEncoder(name, cache=cache) if self.images else load_encoder(name, fast=fast, cache=cache)

    def _encoder(self, given: Any) -> Any:
        encoder = given if given is not None else self.live
        if encoder is None or isinstance(encoder, str):
            name = encoder or self.encoder
            if not name or name == "custom":
                raise InputError(
                    "these groups were made with an encoder that has no name.", hint="pass the same encoder again, as encoder=…."
                )
            encoder = self.named(name)
        elif not hasattr(encoder, "fingerprint"):
            encoder = load_encoder(encoder)
        if self.fingerprint and encoder.fingerprint != self.fingerprint and self.live is not encoder:
            raise InputError(
                f"the encoder {encoder.name!r} is not the one these groups were made with.", hint="use the same model in the same version."
            )
        return encoder

    def _theme(self, vectors: Floats, assign_all: bool) -> Placed:
        cosines, rows = self.index.search(vectors, NEIGHBORS)
        place = vote(cosines, rows, self.labels, self.k) if self.posterior is None else self.posterior.place(self._coded(vectors))
        label, own, runner_up, other = place
        if not assign_all:
            label = np.where(cosines[:, 0] < self.nearest, -1, label)
        else:
            lost = label < 0
            if lost.any():
                label = label.copy()
                label[lost] = (vectors[lost] @ self.centers().T).argmax(axis=1)
        return label, own, runner_up, np.minimum(other, own).astype(np.float32)

    def _coded(self, vectors: Floats) -> Floats:
        return vectors if self.code is None else self.code.transform(vectors.reshape(len(vectors), *self.code.intake.shape))

    def _remembered(self, texts: list[str], found: Placed, assign_all: bool) -> Placed:
        """A text that was there before keeps its group, or goes without one, whatever its neighbours say now."""
        label, own, runner_up, other = found
        row = np.asarray([self.known.get(text, -1) for text in texts], np.int64)
        before = np.where(row >= 0, self.labels[row], -1)
        left_out = (row >= 0) & (before < 0) & (not assign_all)
        changed = (before >= 0) & (before != label)
        runner_up = np.where(changed & (label >= 0), label, runner_up)
        return (
            np.where(before >= 0, before, np.where(left_out, -1, label)),
            own,
            np.where(runner_up == before, -1, runner_up),
            np.where(changed, 0, other).astype(np.float32),
        )

    def _variant(self, texts: Sequence[str], vectors: Floats, assign_all: bool) -> Placed:
        known, score, second, second_score = match_variants(self.texts, self.unit, self.labels, texts, vectors)
        kept = (score >= CUT) | assign_all
        labels = np.where(kept & (known >= 0), known, -1)
        own = np.where(labels >= 0, score.clip(0, 1), 1 - (score / (2 * CUT)).clip(0, 1)).astype(np.float32)
        runner_up = np.where(labels >= 0, second, known)
        other = np.minimum(np.where(labels >= 0, second_score, score).clip(0, 1), own).astype(np.float32)
        return labels, own, runner_up, other

    @staticmethod
    def text_of(table: pa.Table, columns: Sequence[str]) -> list[str]:
        """The text of each row of an items table."""
        cells = [table[c if c in table.column_names else f"input_{c}"].cast(pa.string()).to_pylist() for c in columns]
        if len(cells) == 1:
            return [cell or "" for cell in cells[0]]
        return [JOINER.join(cell for cell in row if cell and cell.strip()) for row in zip(*cells, strict=True)]

    def save(self, stage: Path) -> None:
        """Write the two files of the model into an artefact's stage."""
        soft = {} if self.posterior is None else {"prototypes": self.posterior.prototypes}
        soft |= {} if self.code is None else {f"code/{name}": value for name, value in self.code.arrays().items()}
        save_arrays(stage / "reference.safetensors", {"vectors": self.vectors, **soft})
        pq.write_table(pa.table({"text": pa.array(self.texts, pa.string()), "cluster": self.labels}), stage / "reference.parquet")

    @classmethod
    def load(cls, artefact: Artefact, run: Mapping[str, Any]) -> Reference:
        """Read them back from a checked artefact."""
        table = pq.read_table(artefact.file("reference.parquet"))
        arrays = load_arrays(artefact.file("reference.safetensors"))
        soft = Posterior(arrays["prototypes"], float(run["confidence_temperature"])) if "prototypes" in arrays else None
        learnt = {name.removeprefix("code/"): value for name, value in arrays.items() if name.startswith("code/")}
        labels = table["cluster"].to_numpy()
        return cls(
            run["kind"],
            run["encoder"],
            run["encoder_fingerprint"],
            table["text"].to_pylist(),
            arrays["vectors"],
            labels,
            run["groups"],
            run["nearest"],
            posterior=soft,
            code=Code.of(learnt, run["deep"]) if learnt else None,
            images=run.get("image", False),
        )
