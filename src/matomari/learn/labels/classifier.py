"""A small classifier on stored vectors: one hidden layer, trained by cross-entropy with or without correction, whose confidences are calibrated."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...seeds import Seed
from ...vectors import Floats, Ints
from .temperature import Probabilities, softmax

if TYPE_CHECKING:
    import torch

    from ..correction.correction import LatentClusterCorrection

HIDDEN, BATCH, RATE, DECAY = 256, 64, 1e-3, 1e-2
EPOCHS = (60, 60)  # of cross-entropy alone, and of what continues it
STEPS = 20_000  # most of either stage: large data need fewer passes, and 60 over a million rows would take hours
REFRESHES = 6  # of the correction in its stage: every tenth epoch of sixty

Curve = list[dict[str, float | None]]


@dataclass(frozen=True, eq=False)
class Classifier:
    """Vectors in, probabilities of classes out; numpy alone.

    Attributes
    ----------
    W1 : array of float32, shape (d, h)
    b1 : array of float32, shape (h,)
    W2 : array of float32, shape (h, c)
    b2 : array of float32, shape (c,)
    temperature : float
        The outputs are divided by it: above 1 the classifier is less sure than it was trained to be.

    Examples
    --------
    >>> weight = np.ones((1, 1), np.float32)
    >>> model = Classifier(weight, np.zeros(1, np.float32), np.array([[1, -1]], np.float32), np.zeros(2, np.float32), 0.5)
    >>> model.latent(np.array([[math.atanh(0.5)]])).round(3).tolist()
    [[0.5]]
    >>> model.probabilities(np.array([[math.atanh(0.5)]])).round(3).tolist()  # exp(1) against exp(-1)
    [[0.881, 0.119]]
    """

    W1: Floats
    b1: Floats
    W2: Floats
    b2: Floats
    temperature: float = 1.0

    def __post_init__(self) -> None:
        h, c = self.b1.size, self.b2.size
        shapes = {"W1": (*self.W1.shape[:1], h), "b1": (h,), "W2": (h, c), "b2": (c,)}
        for name, shape in shapes.items():
            value = getattr(self, name)
            if value.shape != shape or value.dtype != np.float32 or not np.isfinite(value).all():
                raise InputError(
                    f"{name} of a classifier is {value.dtype} of shape {value.shape}, or not finite.",
                    hint=f"float32 of shape {shape} is needed.",
                )
        if not 0 < self.temperature < math.inf:
            raise InputError(f"the temperature of a classifier is {self.temperature!r}.", hint="it must be greater than 0.")

    def latent(self, X: Floats) -> Floats:
        """The hidden layer of vectors (n, d): float32, shape (n, h)."""
        hidden: Floats = np.tanh(np.asarray(X, np.float32) @ self.W1 + self.b1)
        return hidden

    def outputs(self, X: Floats) -> Probabilities:
        """What the softmax is taken of, before the temperature: float64, shape (n, c)."""
        return np.asarray(self.latent(X) @ self.W2 + self.b2, np.float64)

    def probabilities(self, X: Floats) -> Probabilities:
        """The probability of each class: float64, shape (n, c); every row sums to 1."""
        return softmax(self.outputs(X) / self.temperature)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The weights and the temperature as arrays; `of` makes the same classifier from them."""
        return {name: getattr(self, name) for name in ("W1", "b1", "W2", "b2")} | {"temperature": np.array(self.temperature, np.float64)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Classifier:
        """The classifier of kept arrays.

        Raises
        ------
        KeyError
            One is missing.
        InputError
            They do not fit one another, or are not finite.
        """
        return cls(W1=arrays["W1"], b1=arrays["b1"], W2=arrays["W2"], b2=arrays["b2"], temperature=float(arrays["temperature"]))


def fit(
    X: Floats, labels: Ints, classes: int, *, correct: bool = False, seed: int = 0, epochs: tuple[int, int] = EPOCHS
) -> tuple[Classifier, Curve]:
    """A trained classifier: cross-entropy first, then as much again, with `correct` beside latent cluster correction.

    Parameters
    ----------
    X : array, shape (n, d), float
    labels : array of int, shape (n,)
        -1 for a row that is not trained on.
    classes : int
        All labels are lower.
    correct : bool
        With or without it the first weights and the order of batches are the same.
    seed : int
        It decides over the first weights and the order of batches; no other randomness is used or changed.
    epochs : (int, int)
        Of both halves; scaled down where one would take more than 20,000 steps.

    Returns
    -------
    classifier : Classifier
        At temperature 1.
    curve : list of dict
        Of the correction's refreshes; see `LatentClusterCorrection`. None stands for what could not be measured.

    Raises
    ------
    InputError
        Lengths differ, a label is not a class, or no row has a label.

    Examples
    --------
    >>> X = np.repeat(np.eye(2, dtype=np.float32), 8, axis=0)
    >>> model, _ = fit(X, np.repeat([0, 1], 8), 2, epochs=(20, 20))
    >>> model.probabilities(X).argmax(axis=1).tolist() == [0] * 8 + [1] * 8
    True
    """
    import torch

    X, labels = np.asarray(X, np.float32), np.asarray(labels, np.int64)
    rows = np.flatnonzero(labels >= 0)
    if X.ndim != 2 or labels.shape != X.shape[:1]:
        raise InputError(f"there are vectors of shape {X.shape} and labels of shape {labels.shape}.", hint="one label a vector.")
    if not len(rows) or labels.max() >= classes:
        raise InputError(f"labels must be lower than the {classes} classes, and one of them not -1.", hint="count classes from 0.")
    head = _head(X.shape[1], classes, Seed(seed).torch("classifier/weights"))
    x, y = torch.from_numpy(X[rows]), torch.from_numpy(labels[rows])
    base, more = (scaled(half, len(rows)) for half in epochs)
    _train(head, x, y=y, epochs=base, order=Seed(seed).torch("classifier/base"), lcc=None)
    lcc = _correction(head, more, seed) if correct else None
    _train(head, x, y=y, epochs=more, order=Seed(seed).torch("classifier/more"), lcc=lcc)
    if lcc is not None:
        lcc.detach()
    return _taken(head), [] if lcc is None else [{name: _finite(value) for name, value in refresh.items()} for refresh in lcc.curve]


def _correction(head: torch.nn.Module, epochs: int, seed: int) -> LatentClusterCorrection:
    from ..correction.correction import LatentClusterCorrection

    number = Seed(seed).number("classifier/correction")
    return LatentClusterCorrection("latent", interval=max(1, epochs // REFRESHES), random_state=number).attach(head)


def scaled(epochs: int, rows: int) -> int:
    """As many epochs as 20,000 steps allow, and at least one.

    Examples
    --------
    >>> scaled(60, 1_000), scaled(60, 100_000), scaled(60, 10_000_000)
    (60, 12, 1)
    """
    return max(1, min(epochs, STEPS // math.ceil(rows / BATCH)))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _head(width: int, classes: int, draw: torch.Generator) -> torch.nn.Module:
    """Weights as torch draws them, from a generator of our own."""
    import torch

    with torch.random.fork_rng(devices=[]):  # torch's own layers draw from the global one as they are made
        layers = torch.nn.Linear(width, HIDDEN), torch.nn.Linear(HIDDEN, classes)
    with torch.no_grad():
        for layer in layers:
            for weights in layer.parameters():
                weights.uniform_(-1 / math.sqrt(layer.in_features), 1 / math.sqrt(layer.in_features), generator=draw)
    return torch.nn.Sequential(OrderedDict(latent=torch.nn.Sequential(layers[0], torch.nn.Tanh()), out=layers[1]))


def _train(
    head: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, epochs: int, order: torch.Generator, lcc: LatentClusterCorrection | None
) -> None:
    import torch

    optimiser = torch.optim.AdamW(head.parameters(), RATE, weight_decay=DECAY)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(x), generator=order), BATCH):
            loss = torch.nn.functional.cross_entropy(head(x[rows]), y[rows])
            if lcc is not None:
                loss = loss + lcc(rows, y[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        if lcc is not None:
            lcc.epoch_ended()


def _taken(head: torch.nn.Module) -> Classifier:
    """The weights as numpy has them: inputs by outputs."""
    state = {name: value.detach().numpy() for name, value in head.state_dict().items()}
    return Classifier(state["latent.0.weight"].T.copy(), state["latent.0.bias"], state["out.weight"].T.copy(), state["out.bias"])
