"""Methods of other libraries that several claims are compared with; each is imported where it is used."""

from __future__ import annotations

from typing import Any

import numpy as np


def kmeans(X: np.ndarray, k: int, seed: int, starts: int = 1) -> np.ndarray:
    """Labels of scikit-learn's k-means."""
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=starts, random_state=seed).fit_predict(X)


def mixture(X: np.ndarray, k: int, seed: int, form: str = "spherical", **options: Any) -> np.ndarray:
    """Probabilities of scikit-learn's Gaussian mixture, shape (n, k)."""
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(k, covariance_type=form, random_state=seed, **options).fit(X).predict_proba(X)


def umap(X: np.ndarray, seed: int, **options: Any) -> np.ndarray:
    """A map in few dimensions."""
    from umap import UMAP

    return UMAP(min_dist=0.0, random_state=seed, **options).fit_transform(X)


def hdbscan(X: np.ndarray, **options: Any) -> np.ndarray:
    """Labels, -1 where there is none."""
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=10, **options).fit_predict(X)
