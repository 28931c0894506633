"""The noise that dropout makes on a cosine: the unit in which the width of the Gaussian gate is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from ...parameters import real, whole
from ...seeds import Seed
from .judge import forward, mode

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


@dataclass(frozen=True)
class Noise:
    """How dropout alone shifts ``cos / τ`` of anchors and their negatives.

    Attributes
    ----------
    mean, sd : float
        Of the shift, in units of ``cos / τ``; `sd` is over the rows, with n in the denominator.
    rows : int
        How many were measured.
    """

    mean: float
    sd: float
    rows: int


def dropout_noise(
    model: SentenceTransformer,
    anchors: Sequence[str],
    negatives: Sequence[str],
    *,
    temperature: float = 0.05,
    rows: int = 256,
    batch_size: int = 32,
    seed: int = 0,
) -> Noise:
    """Measure by how much dropout shifts the similarity of an anchor and its negative, before anything is learnt.

    Parameters
    ----------
    model : SentenceTransformer
        The mode of each of its modules and the global random numbers are as before afterwards.
    anchors, negatives : sequences of str, of length n
    temperature : float
        τ.
    rows : int
        Rows that are drawn for it, without return.
    batch_size : int
    seed : int
        The same seed gives the same rows and the same dropout.

    Returns
    -------
    Noise
        All zero for a model without dropout.

    Raises
    ------
    InputError
        A parameter is out of range.

    Notes
    -----
    Both sides are under dropout, each with its own, as in training. Dropout shortens what two texts share, so the mean is below zero.

    Examples
    --------
    >>> from sentence_transformers import SentenceTransformer
    >>> from sentence_transformers.sentence_transformer.modules import BoW
    >>> model = SentenceTransformer(modules=[BoW(["red", "blue", "cat"])], device="cpu")
    >>> dropout_noise(model, ["red cat"], ["blue cat"])
    Noise(mean=0.0, sd=0.0, rows=1)
    """
    real(dropout_noise, "temperature", temperature, 0)
    for name, value in (("rows", rows), ("batch_size", batch_size)):
        whole(dropout_noise, name, value, 1)
    streams = Seed(whole(dropout_noise, "seed", seed, 0))
    drawn = np.sort(streams.stream("rows of the dropout noise").permutation(len(anchors))[:rows]).tolist()
    shifts: list[torch.Tensor] = []
    devices = [model.device] if model.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), torch.no_grad():
        torch.manual_seed(streams.number("dropout noise"))
        for start in range(0, len(drawn), batch_size):
            batch = drawn[start : start + batch_size]
            sides = [anchors[row] for row in batch], [negatives[row] for row in batch]
            with mode(model, training=True):
                shaken = _cosines(model, *sides)
            with mode(model, training=False):
                shifts.append((shaken - _cosines(model, *sides)) / temperature)
    shift = torch.cat(shifts)
    return Noise(float(shift.mean()), float(shift.std(correction=0)), len(drawn))


def _cosines(model: SentenceTransformer, left: list[str], right: list[str]) -> torch.Tensor:
    return torch.nn.functional.cosine_similarity(forward(model, left).double(), forward(model, right).double())
