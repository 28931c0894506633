"""A code learnt together with its prototypes."""

from .estimator import DeepSoftKMeans
from .settings import Training

__all__ = ["DeepSoftKMeans", "Training"]
