"""Learn a calibrated classifier from labelled rows, on the encoder's vectors, with correction where a probe shows that it does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...learn.correction.matching import latent_communities
from ...learn.labels.classifier import BATCH, DECAY, EPOCHS, HIDDEN, RATE, STEPS, Curve, fit
from ...learn.labels.doubt import believed
from ...learn.labels.novelty import nearness
from ...learn.labels.temperature import calm, softmax
from ...logs import log
from ...metrics.calibration import calibration_error, reliability
from ...metrics.intervals import compared
from ...protocols import EncoderLike
from ...seeds import Seed
from ...store.artefact import refuse_other
from ...vectors import Ints
from ..items import medium_of
from ..labelled import Labelled, encode_labelled, folds, read_labelled
from ..options import LearnLabelsOptions
from ..run import ClassifierRun
from .classifier import FILES, KIND, LabelClassifier
from .classifier_page import outcome, remarks

CROSSED = 20_000  # rows up to which all are held out, a fifth in turn
Bounds = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, eq=False)
class HeldOutProbe:
    """Both classifiers, made for each fold anew, on rows that they have not seen.

    Attributes
    ----------
    held_out, trained_on : int
        Rows in all folds together, and those that each classifier was trained on, at least.
    plain, corrected : float
        Share of the held-out rows that is right; None for what was not asked for.
    difference, low, high : float
        Of corrected and plain, with its 95 % interval over resampled rows, in which both are compared row by row; None likewise.
    temperature : float
        Of the kept one, chosen on the held-out rows.
    ece_before, ece_after : float
        Expected calibration error of the kept one on these same rows, at temperature 1 and at the chosen one.
    reliability : list of dict
        Of the kept one at its temperature.
    curve : list of dict
        Of the refreshes of the correction in the first fold.
    """

    held_out: int
    trained_on: int
    plain: float
    corrected: float | None
    difference: float | None
    low: float | None
    high: float | None
    temperature: float
    ece_before: float
    ece_after: float
    reliability: list[dict[str, Any]]
    curve: Curve

    @property
    def kept(self) -> bool:
        """Whether correction was tried and is not worse."""
        return _no_worse(self.corrected, self.plain)


def learn_labels(
    source: Any,
    *,
    out: str | Path | None = None,
    label: str | None = None,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    correct: bool = False,
    gold: Any = None,
    encoder: EncoderLike = "minilm",
    seed: int = 0,
    cache: str | Path | None = None,
    device: str | None = None,
) -> LabelClassifier:
    """Make a classifier of rows with labels; the encoder stays as it is.

    Parameters
    ----------
    source : path, "-" or table in memory
        As `matomari.group` takes it.
    out : path, optional
        Folder of the result; looked at before the work. Without it nothing is written until `save` is called.
    label : str, optional
        Column of labels; nothing is learnt from a row without one. Of images the label is the top folder.
    text : str or list of str, optional
        Column or columns of text; chosen, and said, when left out.
    id : str, optional
        Column of unique ids.
    image : bool
        The source is a folder with a folder of images for each class.
    correct : bool
        Also train one with latent cluster correction, and without the rows whose label is hardly believed; keep it unless it places fewer held-out rows
        right.
    gold : path or table, optional
        Labels that a person has corrected, as `matomari.rows.gold.read_gold` takes them: they replace the given ones.
    encoder : str, path or SentenceTransformer
        For images "pixels", "efficientnet" or "auto", which looks at their size.
    seed : int
    cache : path, optional
        Folder that keeps vectors between runs.
    device : str, optional
        Where torch encodes texts, such as "cuda"; the classifier itself is small and trained on the CPU.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing or serves as two, there are too few labels, or more classes than half the rows; `out` holds
        something else.
    """
    options = LearnLabelsOptions(
        label=label, text=text, id=id, image=image, correct=correct, gold=gold, encoder=encoder, seed=seed, cache=cache, device=device
    )
    if out is not None:
        refuse_other(out, KIND, FILES)
    log.info("reading")
    items = read_labelled(source, medium=medium_of(image), label=label, text=text, id=id, gold=gold)
    data = encode_labelled(items, encoder, cache=cache, device=device)
    fold = folds(data.place, data.labels, seed)
    if len(fold) > CROSSED:
        fold = np.where(fold == 0, 0, -1)  # a fifth of that many rows is enough
    held = fold >= 0
    log.info("training on %s rows of %s classes; %s are held out in turn", f"{len(held):,}", f"{len(data.classes):,}", f"{held.sum():,}")
    probe, predicted = judged(data, fold, correct, seed) if held.any() else (None, None)
    corrected = correct if probe is None else probe.kept
    log.info("training on all rows")
    learnt = worth_learning(data, np.ones(len(data.labels), bool), seed) if corrected else data.labels
    head, curve = fit(data.X, learnt, len(data.classes), correct=corrected, seed=seed)
    head = replace(head, temperature=1.0 if probe is None else probe.temperature)
    vectors = data.X.astype(np.float16)
    latent = head.latent(vectors.astype(np.float32))  # from the stored vectors, because new rows are compared with these
    home = latent_communities(latent, learnt, seed=Seed(seed).number("labels/communities")).correct
    run = ClassifierRun(
        **data.facts,
        settings={"correct": correct, "epochs": list(EPOCHS), "most_steps": STEPS, "batch_size": BATCH, "hidden": HIDDEN, "learning_rate": RATE, "weight_decay": DECAY},
        classes=_classes(data, held, predicted),
        probe=None if probe is None else asdict(probe),
        corrected=corrected,
        left_out=int((learnt < 0).sum()),
        correctly_clustered=int(home.sum()),
        temperature=head.temperature,
        curve=curve,
        seed=seed,
        options=options.record(),
    )  # fmt: skip
    run = replace(run, outcome=outcome(run), notes=[*data.notes, *remarks(run)])
    rows = data.table.append_column("correctly_clustered", [home]).append_column("nearness", [nearness(latent)])
    classifier = LabelClassifier(head, vectors, rows, run)
    if out is not None:
        classifier.save(out)
    (log.warning if correct and not corrected else log.info)("%s", run.outcome)
    return classifier


def judged(data: Labelled, fold: Ints, correct: bool, seed: int = 0) -> tuple[HeldOutProbe, Ints]:
    """Train without each fold in turn, once or twice, and judge on what was left out.

    Parameters
    ----------
    data : Labelled, of n rows
    fold : array of int64, shape (n,)
        -1 for a row that is always trained on; at least one is not.
    correct : bool
    seed : int

    Returns
    -------
    probe : HeldOutProbe
    found : array of int64, shape (m,)
        What the kept ones say of the held-out rows.
    """
    held = fold >= 0
    truth = data.labels[held]
    curve: Curve = []
    predictions = {way: np.empty((len(data.labels), len(data.classes))) for way in ((False, True) if correct else (False,))}
    for number in np.unique(fold[held])[::-1]:  # the first fold last: its curve is shown
        out = fold == number
        for way, outputs in predictions.items():
            learnt = worth_learning(data, ~out, seed) if way else np.where(out, -1, data.labels)
            model, curve = fit(data.X, learnt, len(data.classes), correct=way, seed=seed)
            outputs[out] = model.outputs(data.X[out])
    right = {way: np.asarray(outputs[held].argmax(axis=1) == truth) for way, outputs in predictions.items()}
    plain, share = float(right[False].mean()), float(right[True].mean()) if correct else None
    bounds: Bounds = compared(right[False], right[True], seed) if correct else (None, None, None)
    use_corrected = _no_worse(share, plain)
    outputs = predictions[use_corrected][held]
    heat = calm(outputs, truth)
    before, after = (softmax(outputs / temperature).max(axis=1) for temperature in (1.0, heat))
    errors = calibration_error(before, right[use_corrected]), calibration_error(after, right[use_corrected])
    if errors[1] > errors[0]:  # a better likelihood but worse calibration: wrong labels lower the confidence more than right ones need
        heat, after, errors = 1.0, before, (errors[0], errors[0])
    counts = len(truth), min(int((fold != number).sum()) for number in np.unique(fold[held]))
    return HeldOutProbe(*counts, plain, share, *bounds, heat, *errors, reliability(after, right[use_corrected]), curve), outputs.argmax(
        axis=1
    )


def worth_learning(data: Labelled, trained: NDArray[np.bool_], seed: int = 0) -> Ints:
    """The classes to train on: -1 for a row that is not trained on, and for one whose label has a very low score, unless a person has checked it."""
    rows = np.flatnonzero(trained)
    trusted = rows[believed(data.X[rows], data.labels[rows], seed=Seed(seed).number("labels/doubts")) | data.checked[rows]]
    learnt = np.full(len(data.labels), -1, np.int64)
    learnt[trusted] = data.labels[trusted]
    return learnt


def _no_worse(corrected: float | None, plain: float) -> bool:
    """The gate: what was tried and places as many rows right, or more, is kept."""
    return corrected is not None and corrected >= plain


def _classes(data: Labelled, held: NDArray[np.bool_], found: Ints | None) -> list[dict[str, Any]]:
    """Each class with the recall of its held-out rows, and the class that most of its other rows were given."""
    k = len(data.classes)
    sizes, predictions = np.bincount(data.labels, minlength=k), dict[int, list[int]]()
    for own, predicted in zip(data.labels[held].tolist(), [] if found is None else found.tolist(), strict=True):
        predictions.setdefault(own, []).append(predicted)
    return [_class(data.classes, c, int(sizes[c]), predictions.get(c, [])) for c in range(k)]


def _class(names: Sequence[str], own: int, size: int, said: list[int]) -> dict[str, Any]:
    wrong = sorted(label for label in said if label != own)
    most = max(dict.fromkeys(wrong), key=wrong.count, default=None)
    recall = 1 - len(wrong) / len(said) if said else None
    return {
        "label": names[own],
        "size": size,
        "held_out": len(said),
        "recall": recall,
        "confused_with": None if most is None else names[most],
    }
