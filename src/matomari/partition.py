"""A Partition, which says which items belong together, and the protocol of a training objective."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import DamagedError, InputError
from .store.artefact import load, writing
from .store.formats import load_arrays, load_table, save_arrays, save_table
from .vectors import check, normalise

KIND = "partition"


@dataclass(frozen=True, eq=False)
class Partition:
    """Which items belong together, and how strongly.

    Parameters
    ----------
    ids : array of str, shape (n,)
        One stable name per item, unique.
    labels : array of int64, shape (n,)
        Cluster of each item, 0..k-1; -1 means none.
    strength : array of float32, shape (n,), optional
        How strongly each item belongs to its cluster, in [0, 1]; by default 1 for every item that has a cluster.
    centers : array of float32, shape (k, d), optional
        One vector per cluster. With centres, k is their number, so a cluster may be empty.
    origin : mapping
        Where it comes from: encoder, clusterer, parameters, seed, fingerprint of the data. JSON values only.

    Raises
    ------
    InputError
        Lengths differ, an id repeats, a label is out of range, a strength is outside [0, 1].

    Examples
    --------
    >>> p = Partition(["a", "b", "c", "d"], [0, 0, 1, -1])
    >>> p.k, p.sizes.tolist(), p.members(0).tolist()
    (2, [2, 1], ['a', 'b'])
    """

    ids: NDArray[np.str_]
    labels: NDArray[np.int64]
    strength: NDArray[np.float32] = None  # type: ignore[assignment]  # always an array after __post_init__
    centers: NDArray[np.float32] | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = np.asarray(self.ids, dtype=np.str_).reshape(-1)
        labels = np.asarray(self.labels)
        if labels.size and not np.issubdtype(labels.dtype, np.integer):
            raise InputError(f"labels of a Partition must be integers, got {labels.dtype}.", hint="-1 means no cluster.")
        labels = labels.astype(np.int64).reshape(-1)
        given = self.strength is not None
        strength = np.asarray(self.strength, np.float32).reshape(-1) if given else (labels >= 0).astype(np.float32)
        centers = None if self.centers is None else np.asarray(self.centers, np.float32)
        for name, value in (("ids", ids), ("labels", labels), ("strength", strength), ("centers", centers)):
            if value is not None:
                value = value.view()
                value.flags.writeable = False
            object.__setattr__(self, name, value)
        object.__setattr__(self, "origin", MappingProxyType(dict(self.origin)))
        _check(self)

    def __repr__(self) -> str:
        return f"Partition({len(self.ids):,} items, {self.k:,} clusters, {int((self.labels < 0).sum()):,} without one)"

    def __reduce__(self) -> tuple[type[Partition], tuple[Any, ...]]:
        return Partition, (self.ids, self.labels, self.strength, self.centers, dict(self.origin))

    @property
    def k(self) -> int:
        """Number of clusters: one per centre, or one more than the highest label."""
        if self.centers is not None:
            return len(self.centers)
        return int(self.labels.max(initial=-1)) + 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Items in each cluster, shape (k,)."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.k)

    def members(self, cluster: int) -> NDArray[np.str_]:
        """Ids of the items of one cluster, in item order; ``members(-1)`` gives those without one."""
        if not -1 <= cluster < self.k:
            raise InputError(f"there is no cluster {cluster}.", hint=f"clusters run from 0 to {self.k - 1}.")
        return np.asarray(self.ids[self.labels == cluster])

    def assign(self, vectors: NDArray[Any], ids: Sequence[str] | None = None) -> Partition:
        """Assign new vectors (m, d) to these clusters by the nearest centre (cosine). Numbers stay the same, and clusters may be empty.

        The strength of an item is its cosine to that centre, clipped to [0, 1].
        """
        if self.centers is None:
            raise InputError("this Partition has no centers, so nothing can be assigned to it.", hint="fit one that keeps centers.")
        X = check(vectors, "vectors", min_rows=0)
        if X.shape[1] != self.centers.shape[1]:
            raise InputError(
                f"vectors have shape {X.shape}, centers have {self.centers.shape[1]} dimensions.",
                hint="encode with the encoder of the fit.",
            )
        names = [str(i) for i in range(len(X))] if ids is None else ids
        labels, strength = np.empty(len(X), np.int64), np.empty(len(X), np.float32)
        unit = normalise(self.centers).T
        for start in range(0, len(X), 8192):  # in blocks, so that the cosines stay small
            cosines = normalise(X[start : start + 8192]) @ unit
            best = cosines.argmax(1)
            labels[start : start + len(best)] = best
            strength[start : start + len(best)] = cosines[np.arange(len(best)), best].clip(0, 1)
        return replace(self, ids=np.asarray(names, dtype=np.str_), labels=labels, strength=strength)

    def match(self, other: Partition) -> NDArray[np.int64]:
        """For each cluster of `self`, the cluster of `other` that it shares most items with (one to one), or -1.

        Hungarian method on the table of shared ids (Kuhn 1955); a pair that shares nothing is not a match.
        """
        from scipy.optimize import linear_sum_assignment

        _, mine, theirs = np.intersect1d(self.ids, other.ids, return_indices=True)
        a, b = self.labels[mine], other.labels[theirs]
        both = (a >= 0) & (b >= 0)
        shared = np.zeros((self.k, other.k), np.int64)
        np.add.at(shared, (a[both], b[both]), 1)
        rows, columns = linear_sum_assignment(shared, maximize=True)
        matches = np.full(self.k, -1, np.int64)
        overlapping = shared[rows, columns] > 0
        matches[rows[overlapping]] = columns[overlapping]
        return matches

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
        """Full batches of `size` item positions, each drawn from one cluster, in shuffled order.

        Items that do not fill a batch are left out, so a batch never mixes clusters (Merrick 2024, section 3).
        """
        if size < 1:
            raise InputError(f"a batch must hold at least 1 item, got size={size}.", hint="size=64, for example.")
        batches = []
        for cluster in range(self.k):
            rows = rng.permutation(np.flatnonzero(self.labels == cluster))
            batches += [rows[i : i + size] for i in range(0, len(rows) - size + 1, size)]
        yield from (batches[i] for i in rng.permutation(len(batches)))

    def save(self, path: str | Path) -> Path:
        """Write to folder `path` atomically, and return the folder."""
        with writing(path, kind=KIND, meta={"origin": dict(self.origin)}) as stage:
            save_table(stage / "items.parquet", {"id": self.ids, "cluster": self.labels, "strength": self.strength})
            if self.centers is not None:
                save_arrays(stage / "centers.safetensors", {"centers": self.centers})
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Partition:
        """Read what `save` wrote, and check every digest; raises DamagedError if one is wrong."""
        artefact = load(path, kind=KIND)
        items = load_table(artefact.file("items.parquet"))
        arrays = load_arrays(artefact.file("centers.safetensors")) if artefact.has("centers.safetensors") else {"centers": None}
        try:
            centers = arrays["centers"]
            return cls(
                ids=items["id"], labels=items["cluster"], strength=items["strength"], centers=centers, origin=artefact.meta["origin"]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedError(
                f"{path} is not a Partition: {getattr(error, 'message', error)}", hint="write it again with Partition.save."
            ) from error


def _check(p: Partition) -> None:
    if not len(p.ids) == len(p.labels) == len(p.strength):
        raise InputError(
            f"a Partition needs one label and one strength per id: got {len(p.ids)} ids, {len(p.labels)} labels, {len(p.strength)} strengths.",
            hint="pass arrays of one length.",
        )
    if len(np.unique(p.ids)) != len(p.ids):
        values, counts = np.unique(p.ids, return_counts=True)
        raise InputError(f"id {str(values[counts > 1][0])!r} stands more than once in a Partition.", hint="ids must be unique.")
    if p.centers is not None and (p.centers.ndim != 2 or not np.isfinite(p.centers).all()):
        raise InputError("centers must be a finite table of shape (k, d).", hint="one row a cluster.")
    if len(p.labels) and (p.labels.min() < -1 or p.labels.max() >= p.k):
        raise InputError(f"labels run from {p.labels.min()} to {p.labels.max()}, allowed are -1 to {p.k - 1}.", hint="-1 means no cluster.")
    if len(p.labels) and not ((p.strength >= 0) & (p.strength <= 1)).all():
        raise InputError("strength must lie in [0, 1].", hint="1 is certain, 0 is a guess.")


class Objective(Protocol):
    """A loss for the vectors of one batch, given which rows belong together."""

    def __call__(self, vectors: Any, labels: Any) -> Any:
        """Scalar loss for vectors (b, d) and labels (b,)."""
        ...
