"""Learning from triplets with hard negatives, beside a judge that stays as it was."""

from .settings import PRESETS, TripletSettings, preset
from .trainer import TrainedOnTriplets, train_triplets

__all__ = ["PRESETS", "TrainedOnTriplets", "TripletSettings", "preset", "train_triplets"]
