"""The part of a grouping that is kept to place new items: the vectors and groups of the items that it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ...cluster.communities.support import vote
from ...cluster.membership import Membership
from ...cluster.naming.central import central
from ...cluster.soft.posterior import Posterior
from ...cluster.variants.match import match_variants
from ...cluster.variants.records.records import NO_RECORDS, Records
from ...cluster.variants.variants import CUT
from ...errors import InputError
from ...learn.deep.code import Code
from ...protocols import Encoder, EncoderLike
from ...rows.boilerplate.boilerplate import NO_BOILERPLATE, Boilerplate
from ...store.artefact import Artefact
from ...store.formats import load_arrays, save_arrays
from ...vectors import Floats, Ints, NeighborIndex, normalise
from ..items import Medium, medium_of
from ..records import identities
from ..run import GroupRun

NEIGHBORS = 15
EXACT = 5_000  # known items that each new one is compared with one by one; above, inverted lists keep placing fast
RECALL = 0.95  # of those lists: a vote of fifteen comes out the same for 99 of 100 texts (benchmarks/speed/assign.py)
STRANGE = 0.005  # share of the fitted items that stand as far from their nearest as a stranger would


@dataclass(frozen=True, eq=False, kw_only=True)
class Reference:
    """Distinct items of the fit, their vectors (half precision) and groups.

    Attributes
    ----------
    medium : Medium
        Whether they are texts or images.
    kind : "themes" or "variants"
    encoder_name : str
        What to load the encoder by; empty for one without a name.
    fingerprint : str
        Which encoder it has to be.
    keys : list of str, length u
        What each is known again by: the text; of an image, the digest of its file.
    vectors : array of float16, shape (u, d)
    labels : array of int64, shape (u,)
    k : int
    nearest : float
        An item whose nearest known item is farther than this cosine is unlike anything grouped.
    encoder : Encoder, optional
        Where this process made or was given it.
    posterior : Posterior, optional
        Where the groups have prototypes.
    code : Code, optional
        What the prototypes are prototypes of, where it was learnt.
    boilerplate : Boilerplate
        What was taken off the texts of the fit, and is taken off new ones.
    vocabulary : sequence of dict
        The words of the user.
    records : Records
        Cells and blocks of the items, where variants were compared by them.
    """

    medium: Medium
    kind: str
    encoder_name: str
    fingerprint: str
    keys: list[str] = field(repr=False)
    vectors: NDArray[np.float16] = field(repr=False)
    labels: Ints = field(repr=False)
    k: int
    nearest: float
    encoder: Encoder | None = field(default=None, repr=False)
    posterior: Posterior | None = field(default=None, repr=False)
    code: Code | None = field(default=None, repr=False)
    boilerplate: Boilerplate = NO_BOILERPLATE
    vocabulary: Sequence[dict[str, str]] = ()
    records: Records = NO_RECORDS

    @cached_property
    def unit(self) -> Floats:
        """The vectors in single precision at unit length, shape (u, d)."""
        return normalise(self.vectors.astype(np.float32))

    @cached_property
    def position(self) -> dict[tuple[Any, ...], int]:
        """Where each known item stands, by what it is known again by."""
        return {identity: i for i, identity in enumerate(identities(self.keys, self.records))}

    @cached_property
    def index(self) -> NeighborIndex:
        """Nearest known items."""
        return NeighborIndex(self.unit, exact=len(self.unit) <= EXACT, k=NEIGHBORS, recall=RECALL)

    @cached_property
    def letters(self) -> list[str]:
        """What new texts are compared with letter by letter."""
        return [self.boilerplate.frame(key) for key in self.keys] if self.boilerplate else self.keys

    def centers(self) -> Floats:
        """Centre of each group, shape (k, d)."""
        return central(self.unit, self.labels, self.k)[1]

    def place(
        self,
        inputs: Sequence[str],
        keys: Sequence[str] | None = None,
        *,
        encoder: EncoderLike | None = None,
        assign_all: bool = False,
        records: Records = NO_RECORDS,
    ) -> Membership:
        """Group and runner-up of each new item; one without a word gets -1.

        Parameters
        ----------
        inputs : sequence of str, length m
            Texts, or the paths of image files.
        keys : sequence of str, length m, optional
            What they are known again by; the inputs themselves when left out.
        encoder : optional
            Needed only where the encoder of the fit has no name.
        assign_all : bool
            Place even what is unlike everything grouped.
        records : Records
            Cells and blocks of the new items, where variants were compared by them.
        """
        if self.k == 0:
            raise InputError("there are no groups to assign to.", hint="group texts first.")
        spoken = np.asarray([bool(text and text.strip()) for text in inputs], bool)
        placed = Membership.none(len(inputs))
        rows = np.flatnonzero(spoken).tolist()
        if rows:
            texts = [inputs[row] for row in rows]
            some = records.of(rows)
            known = identities(texts if keys is None else [keys[row] for row in rows], some)
            if self.boilerplate:
                texts = [self.boilerplate.content(text) for text in texts]
            vectors = normalise(np.asarray(self._checked(encoder).encode(texts), np.float32))
            fresh = self._theme(vectors, assign_all) if self.kind == "themes" else self._variant(texts, vectors, assign_all, some)
            placed = placed.put(spoken, self._remembered(known, fresh, assign_all))
        grouped = placed.label >= 0  # nothing is firm about having no group
        return replace(
            placed,
            strength=np.where(grouped, placed.strength, np.float32(0)),
            runner_strength=np.where(grouped, placed.runner_strength, np.float32(0)),
        )

    def place_vectors(self, vectors: Floats, assign_all: bool = False) -> Membership:
        """The same for vectors (m, d) of items that are encoded already, whatever was known before; themes only."""
        return self._theme(normalise(vectors), assign_all)

    def _theme(self, vectors: Floats, assign_all: bool) -> Membership:
        cosines, rows = self.index.search(vectors, NEIGHBORS)
        placed = vote(cosines, rows, self.labels, self.k) if self.posterior is None else self.posterior.place(self._coded(vectors))
        label = placed.label
        if not assign_all:
            label = np.where(cosines[:, 0] < self.nearest, -1, label)
        elif (lost := label < 0).any():
            label = label.copy()
            label[lost] = (vectors[lost] @ self.centers().T).argmax(axis=1)
        runner_strength = np.minimum(placed.runner_strength, placed.strength).astype(np.float32)
        return replace(placed, label=label, runner_strength=runner_strength)

    def load_encoder(self, fast: str = "auto", cache: str | Path | None = None) -> Encoder | None:
        """The encoder of the fit, loaded again by its name; None where it has none."""
        return self.medium.load(self.encoder_name, fast=fast, cache=cache) if self.encoder_name else None

    def _checked(self, given: EncoderLike | None) -> Encoder:
        encoder = given if given is not None else self.encoder
        if encoder is None or isinstance(encoder, str | Path):
            name = encoder or self.encoder_name
            if not name or name == "custom":
                raise InputError(
                    "these groups were made with an encoder that has no name.", hint="pass the same encoder again, as encoder=…."
                )
            encoder = self.medium.load(name)
        elif not isinstance(encoder, Encoder):
            encoder = self.medium.load(encoder)
        assert isinstance(encoder, Encoder)
        if self.fingerprint and encoder.fingerprint != self.fingerprint and self.encoder is not encoder:
            raise InputError(
                f"the encoder {encoder.name!r} is not the one these groups were made with.", hint="use the same model in the same version."
            )
        return encoder

    def _coded(self, vectors: Floats) -> Floats:
        return vectors if self.code is None else self.code.transform(vectors.reshape(len(vectors), *self.code.intake.shape))

    def _remembered(self, keys: list[tuple[Any, ...]], fresh: Membership, assign_all: bool) -> Membership:
        """An item that was there before keeps its group, or goes without one, whatever its neighbours say now."""
        row = np.asarray([self.position.get(key, -1) for key in keys], np.int64)
        before = np.where(row >= 0, self.labels[row], -1)
        left_out = (row >= 0) & (before < 0) & (not assign_all)
        changed = (before >= 0) & (before != fresh.label)
        runner_up = np.where(changed & (fresh.label >= 0), fresh.label, fresh.runner_up)
        return Membership(
            label=np.where(before >= 0, before, np.where(left_out, -1, fresh.label)),
            strength=fresh.strength,
            runner_up=np.where(runner_up == before, -1, runner_up),
            runner_strength=np.where(changed, 0, fresh.runner_strength).astype(np.float32),
        )

    def _variant(self, texts: Sequence[str], vectors: Floats, assign_all: bool, records: Records) -> Membership:
        both = self.records.framed(self.boilerplate.frames), records.framed(self.boilerplate.frames)
        best = match_variants(
            self.letters, self.unit, labels=self.labels, texts=texts, vectors=vectors, words=self.vocabulary, records=both
        )
        same = (best.label >= 0) & ((best.strength >= CUT) | assign_all)
        strength = np.where(same, best.strength, 1 - best.strength).astype(np.float32)
        return Membership(
            label=np.where(same, best.label, -1),
            strength=strength,
            runner_up=np.where(same, best.runner_up, best.label),
            runner_strength=np.minimum(np.where(same, best.runner_strength, best.strength), strength).astype(np.float32),
        )

    def save(self, stage: Path) -> None:
        """Write the two files of the model into an artefact's stage."""
        soft = {} if self.posterior is None else {"prototypes": self.posterior.prototypes}
        soft |= {} if self.code is None else {f"code/{name}": value for name, value in self.code.arrays().items()}
        save_arrays(stage / "reference.safetensors", {"vectors": self.vectors, **soft})
        columns: dict[str, Any] = {"text": pa.array(self.keys, pa.string()), "cluster": self.labels}
        if self.records.cells:
            columns["cells"] = pa.array([list(cells) for cells in self.records.cells], pa.list_(pa.string()))
        if self.records.blocks:
            columns["block"] = pa.array(self.records.blocks, pa.string())
        pq.write_table(pa.table(columns), stage / "reference.parquet")

    @classmethod
    def load(cls, artefact: Artefact, run: GroupRun) -> Reference:
        """Read them back from a checked artefact."""
        table = pq.read_table(artefact.file("reference.parquet"))
        arrays = load_arrays(artefact.file("reference.safetensors"))
        soft = Posterior(arrays["prototypes"], float(run.confidence_temperature)) if "prototypes" in arrays else None
        code = {name.removeprefix("code/"): value for name, value in arrays.items() if name.startswith("code/")}
        return cls(
            medium=medium_of(run.image),
            kind=run.kind,
            encoder_name=run.encoder,
            fingerprint=run.encoder_fingerprint,
            keys=table["text"].to_pylist(),
            vectors=arrays["vectors"],
            labels=table["cluster"].to_numpy(),
            k=run.groups,
            nearest=run.nearest,
            posterior=soft,
            boilerplate=Boilerplate.of(run.boilerplate) if run.boilerplate else Boilerplate(),
            vocabulary=run.vocabulary or (),
            records=Records(
                cells=list(map(tuple, table["cells"].to_pylist())) if "cells" in table.column_names else (),
                blocks=table["block"].to_pylist() if "block" in table.column_names else (),
            ),
            code=Code.of(code, run.deep or {}) if code else None,
        )
