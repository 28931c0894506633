"""scikit-learn's own checks of every estimator (A1)."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from matomari.cluster.communities.louvain import LouvainCommunities
from matomari.cluster.kmeans import SphericalKMeans
from matomari.cluster.soft.estimator import SoftKMeans
from matomari.learn.deep import DeepSoftKMeans
from matomari.learn.deep.settings import Training

EXCEPTIONS: dict[str, dict[str, str]] = {  # check -> why it may fail; at most three a class
    "SphericalKMeans": {},
    "SoftKMeans": {},
    "LouvainCommunities": {},
    "DeepSoftKMeans": {},
}


def declared(estimator: Any) -> dict[str, str]:
    return EXCEPTIONS[type(estimator).__name__]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # some checks have fewer rows than clusters
@parametrize_with_checks(
    [SphericalKMeans(), SphericalKMeans(3), SoftKMeans(3), LouvainCommunities(resolution=1.0)], expected_failed_checks=declared
)
def test_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # two epochs are not always better than none
@parametrize_with_checks(
    [LouvainCommunities(), DeepSoftKMeans(3, code=4, training=Training(pretrain_epochs=2, epochs=2))], expected_failed_checks=declared
)
def test_scikit_learn_of_what_takes_longer(estimator: Any, check: Any) -> None:
    check(estimator)
