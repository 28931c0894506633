"""Metrics of groupings; rankings are in `ranking`, confidences in `calibration`, intervals in `intervals`."""

from .calibration import calibration_error
from .grouping import (
    adjusted_mutual_info,
    adjusted_rand,
    b_cubed,
    clustering_accuracy,
    matched,
    normalized_mutual_info,
    pairwise,
    scores,
)

__all__ = [
    "adjusted_mutual_info",
    "adjusted_rand",
    "b_cubed",
    "calibration_error",
    "clustering_accuracy",
    "matched",
    "normalized_mutual_info",
    "pairwise",
    "scores",
]
