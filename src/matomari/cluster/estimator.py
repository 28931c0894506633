"""Base classes of the clusterers in the style of scikit-learn: they check the input and create the Partition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..errors import InputError
from ..partition import Partition
from ..vectors import Floats, Ints, check


class Grouper(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Base of the clusterers: the steps of `fit` and `predict` before and after the method itself."""

    def _checked(self, X: ArrayLike, reset: bool = True, min_rows: int = 1) -> Floats:
        with np.errstate(over="ignore"):  # a double that float32 cannot hold becomes inf, which `check` names
            table = validate_data(self, X, reset=reset, dtype=[np.float32], ensure_all_finite=False, ensure_min_samples=min_rows)
        return check(table, min_rows=min_rows)

    def _fitted(self, labels: Ints, strength: Floats, centers: Floats | None, X: ArrayLike) -> None:
        """Set `labels_` and `partition_`; the index of a data frame names the items."""
        self.labels_ = labels
        index = getattr(X, "index", None)
        ids = [str(i) for i in (range(len(labels)) if index is None or callable(index) else index)]
        if len(set(ids)) != len(ids):
            ids = [str(i) for i in range(len(labels))]
        origin = {"clusterer": type(self).__name__, "parameters": {k: _plain(v) for k, v in self.get_params(deep=False).items()}}
        self.partition_ = Partition(ids=np.asarray(ids), labels=labels, strength=strength.clip(0, 1), centers=centers, origin=origin)

    def _known(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        return self._checked(X, reset=False)


class CenteredGrouper(TransformerMixin, Grouper):  # type: ignore[misc]
    """Base of the clusterers with `n_clusters` centres: `transform` gives the distance of every row to each of them."""

    cluster_centers_: Floats

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @staticmethod
    def _enough(X: Floats, k: int) -> None:
        if len(X) < k:
            raise InputError(f"n_samples={len(X)} should be >= n_clusters={k}.", hint="ask for fewer clusters.")


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | type(None)):
        return value
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return type(value).__name__
