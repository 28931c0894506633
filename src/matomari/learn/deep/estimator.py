"""Deep soft k-means: an encoder and its prototypes trained together, and kept only when that was better than the start."""

from __future__ import annotations

import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ...cluster.estimator import Grouper
from ...errors import DamagedError, InputError
from ...logs import log
from ...store.strictjson import plain
from ...vectors import Floats, Ints
from .checkpoint import Checkpoint
from .code import Code
from .persistence import Saved, read, write
from .preparation import Intake
from .settings import Training, checked
from .training import TrainingRun


class DeepSoftKMeans(TransformerMixin, Grouper):  # type: ignore[misc]
    """Soft k-means on a code that an auto-encoder learns, first alone and then together with the prototypes.

    Parameters
    ----------
    n_clusters : int
    network : {"auto", "mlp", "conv"}
        "auto" takes the convolutional one for images of at least 8 x 8 pixels and full layers for everything else.
    code : int
        Dimensions of the code, whose rows have unit length.
    objective : {"mi_adm", "soft"}
        What the code is trained on: cross-entropy against the sharpened and balanced assignments of regularised mutual information, or
        the weighted distance to the prototypes, which tends to draw all rows to one point and is then not kept.
    device : str or None
        Where to train; the GPU when there is one.
    random_state : int, RandomState or None
    training : Training or None
    checkpoint : path or None
        A folder that holds the state after each epoch: the same fit again goes on from there, to the result of an undisturbed run.

    Attributes
    ----------
    labels_ : array of int64, shape (n,)
    embedding_ : array of float32, shape (n, code)
    cluster_centers_ : array of float32, shape (k, code)
    start_, soft_ : Stage
        The code and prototypes after pre-training, and those that are kept.
    code_ : Code
        The network that is kept, and how rows become what it takes.
    kept_ : {"trained", "start"}
        Which has the lower cost on rows that nothing was trained on: reconstruction + λ (log k - mutual information).
    objective_history_ : list of float
        That cost, of the start and after every joint epoch.
    partition_ : Partition
        Strength is the probability of the own group.
    n_iter_ : int
        Joint epochs.

    Notes
    -----
    After Jabi, Pedersoli, Mitiche and Ben Ayed 2019, *Deep clustering: On the link between discriminative models and K-means*.
    On one machine with one number of threads the same seed gives the same bytes on the CPU.

    Examples
    --------
    >>> X = np.repeat(np.eye(3), 40, axis=0) + np.random.default_rng(0).normal(0, 0.1, (120, 3))
    >>> model = DeepSoftKMeans(3, code=2, random_state=0, training=Training(pretrain_epochs=10, epochs=10)).fit(X)
    >>> model.kept_, np.bincount(model.labels_).tolist(), model.transform(X).shape
    ('trained', [40, 40, 40], (120, 2))
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        network: str = "auto",
        code: int = 10,
        objective: str = "mi_adm",
        device: str | None = None,
        random_state: Any = None,
        training: Training | None = None,
        checkpoint: str | Path | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.network = network
        self.code = code
        self.objective = objective
        self.device = device
        self.random_state = random_state
        self.training = training
        self.checkpoint = checkpoint

    def fit(self, X: ArrayLike, y: object = None) -> DeepSoftKMeans:
        """Learn from vectors (n, d) or images (n, h, w) or (n, h, w, c); bytes count as shares of 255.

        Raises
        ------
        InputError
            A parameter is out of range, X is not finite or does not suit the network, there are fewer rows than clusters,
            or the checkpoint is of another run.
        """
        task = checked(self)
        intake, rows = Intake.of(self._rows(X, reset=True), task.network)
        if len(rows) < task.n_clusters:
            raise InputError(f"n_samples={len(rows)} should be >= n_clusters={task.n_clusters}.", hint="ask for fewer clusters.")
        run = TrainingRun(rows, replace(task, network=intake.network))
        checkpoint = Checkpoint(self.checkpoint, run) if self.checkpoint is not None else None
        if checkpoint:
            checkpoint.restore()
        while run.advance():
            if checkpoint:
                checkpoint.write()
        self._choose(run, intake)
        self._describe(X)
        return self

    def predict(self, X: ArrayLike) -> Ints:
        """The likeliest group of each row of X (m, ...)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1), np.int64)

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Probability of each group, shape (m, k), at the temperature of the training: it sharpens, it is not calibrated."""
        check_is_fitted(self)
        return self.soft_.predict_proba(self.transform(X))

    def transform(self, X: ArrayLike) -> Floats:
        """The unit code of each row of X (m, ...), shape (m, code)."""
        check_is_fitted(self)
        return self.code_.transform(self._rows(X, reset=False))

    def save(self, path: str | Path) -> Path:
        """Write to folder `path`: the old content or the new, never a mixture. Returns the folder."""
        check_is_fitted(self)
        parameters = plain(self.get_params(deep=False)) | {"checkpoint": None, "device": None}
        parameters |= {"training": plain(asdict(self.training or Training()))}
        if not isinstance(parameters["random_state"], int):  # the state of a generator has changed since, so it cannot be kept
            parameters["random_state"] = None
        facts = {"parameters": parameters, "kept": self.kept_, "history": [h if np.isfinite(h) else None for h in self.objective_history_]}
        write(path, Saved(code=self.code_, start=self.start_, soft=self.soft_, partition=self.partition_, facts=facts))
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> DeepSoftKMeans:
        """Read what `save` wrote, after checking every digest; raises DamagedError otherwise."""
        saved = read(path)
        try:
            parameters = dict(saved.facts["parameters"])
            model = cls(**parameters | {"training": Training(**parameters["training"])})
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedError(f"{path} is no DeepSoftKMeans: its parameters are not ours.", hint="write it again with save.") from error
        model.code_, model.start_, model.soft_ = saved.code, saved.start, saved.soft
        model.kept_ = saved.facts["kept"]
        model.objective_history_ = [float("nan") if h is None else h for h in saved.facts["history"]]
        model._attributes()
        model.labels_, model.partition_ = saved.partition.labels, saved.partition
        return model

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _rows(self, X: ArrayLike, reset: bool) -> ArrayLike:
        """Vectors as scikit-learn checks them; images, which it has no rule for, as they are."""
        if (X.ndim if hasattr(X, "ndim") else np.asarray(X).ndim) > 2:
            return X
        table = self._checked(X, reset=reset)
        return table / np.float32(255) if getattr(X, "dtype", None) == np.uint8 else table

    def _choose(self, run: TrainingRun, intake: Intake) -> None:
        """Keep the better of start and trained, by the cost on the rows held out."""
        weight = run.task.training.weight
        trained = run.stage(run.progress.prototypes)
        learnt = {name: value.clone() for name, value in run.net.state_dict().items()}
        run.net.load_state_dict(run.progress.start)
        self.start_ = run.stage(run.progress.first)
        before, after = self.start_.judgement_.cost(weight), trained.judgement_.cost(weight)
        better = after < before  # never so for NaN
        if better:
            run.net.load_state_dict(learnt)
        self.soft_, self.kept_ = (trained, "trained") if better else (self.start_, "start")
        self.code_ = Code(run.net.cpu(), intake)
        self.objective_history_ = list(run.progress.history)
        log.info("kept the %s: cost %.4f at the start, %.4f trained", self.kept_, before, after)
        if not better and run.task.training.epochs:
            warnings.warn(
                f"Joint training did not lower the cost ({before:.4f} at the start, {after:.4f} trained): the start is kept.",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _describe(self, X: ArrayLike) -> None:
        self._attributes()
        share = self.soft_.predict_proba(self.soft_.embedding_)
        self._fitted(np.asarray(share.argmax(axis=1), np.int64), share.max(axis=1), self.cluster_centers_, X)

    def _attributes(self) -> None:
        self.cluster_centers_, self.embedding_ = self.soft_.cluster_centers_, self.soft_.embedding_
        self.n_iter_ = len(self.objective_history_) - 1
        shape = self.code_.intake.shape
        if len(shape) == 1:
            self.n_features_in_ = shape[0]
