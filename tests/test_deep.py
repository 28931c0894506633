"""Deep soft k-means: its loss against plain loops, and what a run promises: never worse, the same again, and taken up where it was killed."""

from __future__ import annotations

import hashlib
import math
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from matomari.errors import DamagedError, InputError
from matomari.learn.deep import DeepSoftKMeans
from matomari.learn.deep.autoencoder import auto_encoder, shaken
from matomari.learn.deep.objective import auxiliary, clustering_loss, free_energy, judged, posterior, refit
from matomari.learn.deep.settings import Training
from matomari.learn.deep.training import Run
from matomari.vectors import Floats, normalise

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # trained too briefly to be better
SHORT = Training(pretrain_epochs=3, epochs=4, fresh_every=2, tol=0)


def clouds(n: int = 160, k: int = 4, d: int = 12, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    return (3 * np.eye(k, d)[rng.integers(k, size=n)] + rng.normal(0, 0.3, (n, d))).astype(np.float32)


def bars(n: int = 96, side: int = 9, wide: int = 8, seed: int = 0) -> Floats:
    """Images with one bright line, upright or lying."""
    rng = np.random.default_rng(seed)
    images = rng.random((n, side, wide)) * 0.2
    for image, lying in zip(images, rng.integers(2, size=n), strict=True):
        image[(3, slice(None)) if lying else (slice(None), 3)] = 1
    return images.astype(np.float32)


def unit(n: int, d: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(normalise(np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32))).double()


def fitted(X: Any = None, k: int = 4, training: Training = SHORT, **parameters: Any) -> DeepSoftKMeans:
    return DeepSoftKMeans(k, **{"code": 3, "random_state": 0, "device": "cpu", "training": training, **parameters}).fit(
        clouds() if X is None else X
    )


def everything(model: DeepSoftKMeans) -> list[bytes]:
    stages = [a for s in (model.start_, model.soft_) for a in (s.cluster_centers_, s.embedding_)]
    weights = [w.numpy() for w in model.code_.net.state_dict().values()]
    return [a.tobytes() for a in (*stages, *weights, model.labels_, model.partition_.strength, np.asarray(model.objective_history_))]


def digest(model: DeepSoftKMeans) -> str:
    return hashlib.sha256(b"".join(everything(model))).hexdigest()


@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
def test_the_loss_is_that_of_a_plain_loop(objective: str) -> None:
    code, prototypes, heat = unit(7, 4), unit(3, 4, 1), 0.3
    assigned = torch.softmax(torch.randn(7, 3, generator=torch.Generator().manual_seed(2)), dim=1).double()
    total = 0.0
    for z, q in zip(code.numpy(), assigned.numpy(), strict=True):
        distance = [float(((z - p) ** 2).sum()) for p in prototypes.numpy()]
        partition = math.log(sum(math.exp(-d / heat) for d in distance)) if objective == "mi_adm" else 0.0
        total += sum(share * d / heat for share, d in zip(q, distance, strict=True)) + partition
    found = clustering_loss(code, prototypes, assigned, heat, objective)
    assert float(found) == pytest.approx(total / 7, rel=1e-5)


@pytest.mark.parametrize("objective", ["soft", "mi_adm"])
@pytest.mark.parametrize("seed", range(5))
def test_gradients_are_those_of_finite_differences(objective: str, seed: int) -> None:
    raw = torch.randn(5, 3, generator=torch.Generator().manual_seed(seed)).double().requires_grad_()
    prototypes = unit(4, 3, seed).requires_grad_()
    assigned = torch.softmax(unit(5, 4, seed + 9), dim=1)

    def loss(raw: torch.Tensor, prototypes: torch.Tensor) -> torch.Tensor:
        return clustering_loss(torch.nn.functional.normalize(raw, dim=1), prototypes, assigned, 0.5, objective)

    assert torch.autograd.gradcheck(loss, (raw, prototypes))


def test_the_auxiliary_assignments_by_hand() -> None:
    p = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.6, 0.1, 0.3]])
    q = np.empty_like(p)
    for i in range(3):
        row = [p[i, k] ** 2 / math.sqrt(sum(p[j, k] ** 2 for j in range(3))) for k in range(3)]
        q[i] = np.array(row) / sum(row)
    np.testing.assert_allclose(auxiliary(torch.from_numpy(p), "mi_adm").numpy(), q, rtol=1e-12)
    np.testing.assert_array_equal(auxiliary(torch.from_numpy(p), "soft").numpy(), p)


def test_prototypes_are_unit_means_and_a_lost_one_is_born_again() -> None:
    code = torch.tensor([[1.0, 0.0], [0.8, 0.6], [-1.0, 0.0]])
    before = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    made = refit(code, torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), before)
    torch.testing.assert_close(made, torch.tensor([[3 / math.sqrt(10), 1 / math.sqrt(10)], [-1.0, 0.0]]))
    reborn = refit(code, torch.tensor([[1.0, 0.0]] * 3), before)
    torch.testing.assert_close(reborn[1], code[2])


def test_the_judge_by_hand_and_why_the_free_energy_is_none() -> None:
    share = torch.tensor([[0.9, 0.1], [0.2, 0.8]]).double()
    rows, rebuilt = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 1.0], [3.0, 2.0]])
    found = judged(rows, rebuilt, share)

    def entropy(p: list[float]) -> float:
        return -sum(v * math.log(v) for v in p)

    information = entropy([0.55, 0.45]) - (entropy([0.9, 0.1]) + entropy([0.2, 0.8])) / 2
    assert found.reconstruction == pytest.approx((1 + 4) / 4)
    assert found.information == pytest.approx(information)
    assert found.cost(0.5) == pytest.approx(1.25 + 0.5 * (math.log(2) - information))

    apart, heat = torch.eye(3).repeat(5, 1), 0.1
    one = torch.eye(3)[:1]
    collapsed, together = one.repeat(15, 1), one.repeat(3, 1)
    assert free_energy(collapsed, together, heat) < free_energy(apart, torch.eye(3), heat)
    worth = [judged(code, code, posterior(code, places, heat)).cost(1.0) for code, places in ((collapsed, together), (apart, torch.eye(3)))]
    assert worth[0] > worth[1] + 1


@pytest.mark.parametrize(("shape", "network"), [((1, 28, 28), "conv"), ((3, 9, 8), "conv"), ((1, 16, 33), "conv"), ((7,), "mlp")])
def test_a_network_gives_unit_codes_and_rows_of_the_same_shape(shape: tuple[int, ...], network: str) -> None:
    net = auto_encoder(network, shape, 5, torch.Generator().manual_seed(0))
    rows = torch.randn(4, *shape, generator=torch.Generator().manual_seed(1))
    code = net.encode(rows)
    torch.testing.assert_close(code.norm(dim=1), torch.ones(4))
    assert net.decode(code).shape == rows.shape


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, 3)])
def test_shaking_turns_and_does_not_shear(right: int, down: int) -> None:
    image = torch.zeros(1, 1, 13, 9)
    image[0, 0, 6 + down, 4 + right] = 1
    torch.testing.assert_close(shaken(image, 0.0, 1e-9, torch.Generator().manual_seed(5)), image, atol=1e-5, rtol=0)
    angle = 1.5 * float(2 * torch.rand(3, 1, generator=torch.Generator().manual_seed(5))[0] - 1)
    turned = shaken(image, 0.0, 1.5, torch.Generator().manual_seed(5))
    row, column = divmod(int(turned.argmax()), 9)
    # the grid says where each pixel comes from, so the picture turns the other way
    there = right * math.cos(angle) + down * math.sin(angle), down * math.cos(angle) - right * math.sin(angle)
    assert (column - 4, row - 6) == (round(there[0]), round(there[1]))


def test_shaking_moves() -> None:
    image = torch.zeros(1, 1, 9, 9)
    image[0, 0, 4, 4] = 1
    _, x, y = (2 * torch.rand(3, 1, generator=torch.Generator().manual_seed(3)) - 1).ravel().tolist()
    moved = shaken(image, 0.8, 0.0, torch.Generator().manual_seed(3))
    row, column = divmod(int(moved.argmax()), 9)
    assert (column, row) == (round(4 - 0.8 * x * 4.5), round(4 - 0.8 * y * 4.5)) != (4, 4)


@pytest.mark.parametrize(
    "X", [clouds(), bars(), (bars() * 255).astype(np.uint8), clouds().astype(np.float16)], ids=["vectors", "images", "bytes", "half"]
)
def test_labels_are_the_likeliest_groups(X: Any) -> None:
    model = fitted(X, k=2)
    p = model.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(model.predict(X), p.argmax(axis=1))
    np.testing.assert_array_equal(model.labels_, model.predict(X))
    np.testing.assert_allclose(np.linalg.norm(model.transform(X), axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(model.partition_.labels, model.labels_)
    assert model.code_.intake.network == ("conv" if np.ndim(X) == 3 else "mlp")


def test_groups_that_are_there_are_found() -> None:
    X, truth = clouds(300), np.argmax(clouds(300)[:, :4], axis=1)
    model = fitted(X, training=Training(pretrain_epochs=10, epochs=5))
    table = np.zeros((4, 4), int)
    np.add.at(table, (truth, model.labels_), 1)
    assert sorted(table.argmax(axis=1)) == [0, 1, 2, 3] and table.max(axis=1).sum() >= 297


def test_bytes_count_as_shares_of_255() -> None:
    X = (bars() * 255).astype(np.uint8)
    model = fitted(X, k=2)
    np.testing.assert_allclose(model.transform(X / np.float32(255)), model.transform(X), atol=1e-5)


def test_the_order_of_rows_changes_nothing_but_the_order() -> None:
    X, order = bars(), np.random.default_rng(5).permutation(96)
    model = fitted(X, k=2)
    np.testing.assert_allclose(model.predict_proba(X[order]), model.predict_proba(X)[order], atol=1e-4)


@pytest.mark.parametrize("harm", [{"lr": 30.0, "pretrain_lr": 1e-3}, {"objective": "soft", "weight": 50.0}], ids=["rate", "collapse"])
def test_never_worse_than_the_start(harm: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    training = replace(SHORT, weight=harm.get("weight", 0.5), epochs=8, pretrain_epochs=12)
    if "lr" in harm:
        monkeypatch.setattr(Run, "_steady", lambda self: iter(lambda: harm["lr"], None))
    with pytest.warns(ConvergenceWarning, match="the start is kept"):
        model = fitted(training=training, objective=harm.get("objective", "mi_adm"))
    assert model.kept_ == "start"
    np.testing.assert_array_equal(model.transform(clouds()), model.start_.embedding_)
    assert not model.objective_history_[-1] < model.objective_history_[0]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_has_the_lower_cost(seed: int) -> None:
    model = fitted(random_state=seed)
    start, kept = (stage.judgement_.cost(SHORT.weight) for stage in (model.start_, model.soft_))
    assert model.objective_history_[0] == pytest.approx(start, rel=1e-6)
    assert kept == pytest.approx(min(start, model.objective_history_[-1]), rel=1e-6)
    assert model.kept_ == ("trained" if model.objective_history_[-1] < start else "start")


def test_rows_held_out_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[torch.Tensor] = []
    changed = Run._changed
    monkeypatch.setattr(Run, "_changed", lambda self, rows, draw: (seen.append(rows), changed(self, rows, draw))[1])
    runs: list[Run] = []
    split = Run._split
    monkeypatch.setattr(Run, "_split", lambda self: (runs.append(self), split(self))[1])
    fitted()
    trained = {row.numpy().tobytes() for rows in seen for row in rows}
    held = {row.numpy().tobytes() for row in runs[0].rows[runs[0].held]}
    assert len(held) == 16 and len(trained) == 144 and not trained & held


def test_the_seed_decides_and_nobody_elses_numbers_are_touched() -> None:
    np.random.seed(1)
    torch.manual_seed(1)
    random.seed(1)
    before = (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate())
    first = everything(fitted(bars(), k=2))
    assert (np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(), random.getstate()) == before
    torch.manual_seed(2)
    np.random.seed(2)
    assert everything(fitted(bars(), k=2)) == first
    assert everything(fitted(bars(), k=2, random_state=1)) != first


class Killed(Exception):
    pass


@pytest.mark.parametrize("epoch", [1, 3, 4, 6])
def test_a_run_taken_up_ends_as_if_undisturbed(epoch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X, advance = bars(), Run.advance
    whole = everything(fitted(X, k=2))

    def dying(self: Run) -> bool:
        if self.progress.epoch == epoch:
            raise Killed
        return advance(self)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Run, "advance", dying)
        fitted(X, k=2, checkpoint=tmp_path / "c")
    taken: list[int] = []
    monkeypatch.setattr(Run, "advance", lambda self: (taken.append(self.progress.epoch), advance(self))[1])
    assert everything(fitted(X, k=2, checkpoint=tmp_path / "c")) == whole
    assert taken[0] == epoch
    assert everything(fitted(X, k=2, checkpoint=tmp_path / "c")) == whole


KILLED_RUN = """
import sys
from test_deep import *
torch.set_num_threads(1)
advance = Run.advance
def slow(self):
    print(self.progress.epoch, flush=True)
    return advance(self)
Run.advance = slow
print(digest(fitted(bars(), k=2, checkpoint=sys.argv[1])), flush=True)
"""


@pytest.mark.long
def test_a_killed_process_is_taken_up(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", KILLED_RUN, str(tmp_path / "c")]
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True, "env": {**os.environ, "PYTHONPATH": paths}}
    with subprocess.Popen(command, **options) as dying:
        assert dying.stdout is not None
        for line in dying.stdout:
            if line == "4\n":
                dying.send_signal(signal.SIGKILL)
    assert dying.returncode == -signal.SIGKILL
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        whole = fitted(bars(), k=2)
    finally:
        torch.set_num_threads(threads)
    again = subprocess.run(command, check=True, **options).stdout.splitlines()
    assert again[0] in ("4", "5")
    assert again[-1] == digest(whole)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"X": clouds(seed=1)}, "other data"),
        ({"random_state": 1}, "other random_state"),
        ({"k": 3}, "other n_clusters"),
        ({"training": replace(SHORT, lr=1e-4)}, "other lr"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    fitted(checkpoint=tmp_path / "c")
    with pytest.raises(InputError, match=said) as caught:
        fitted(checkpoint=tmp_path / "c", **changed)
    assert caught.value.hint


@pytest.mark.parametrize("X", [clouds(), bars()], ids=["vectors", "images"])
def test_saved_and_loaded_it_is_the_same(X: Floats, tmp_path: Path) -> None:
    model = fitted(X, k=2)
    again = DeepSoftKMeans.load(model.save(tmp_path / "m"))
    assert everything(again) == everything(model)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(again.partition_.ids, model.partition_.ids)
    assert again.kept_ == model.kept_ and again.get_params()["training"] == SHORT
    assert again.soft_.judgement_ == model.soft_.judgement_
    a, b = (sorted(p.name for p in m.save(tmp_path / n).resolve().glob("results.*")) for m, n in ((model, "a"), (again, "b")))
    assert a == b


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    folder = fitted().save(tmp_path / "m")
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(2000)
        file.write(b"oops")
    with pytest.raises(DamagedError):
        DeepSoftKMeans.load(folder)


def test_with_hardly_more_rows_than_clusters_all_are_trained_on() -> None:
    X = clouds(4)
    model = fitted(X)
    assert set(model.labels_) <= {0, 1, 2, 3} and len(model.labels_) == 4


def test_every_epoch_draws_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: set[int] = set()
    monkeypatch.setattr(Run, "_changed", lambda self, rows, draw: (seeds.add(draw.initial_seed()), rows)[1])
    assert len(fitted().objective_history_) - 1 + SHORT.pretrain_epochs == len(seeds)


def test_a_clone_has_the_same_parameters() -> None:
    model = DeepSoftKMeans(3, training=SHORT)
    assert clone(model).get_params() == model.get_params()


HOLED = clouds()
HOLED[3, 2] = np.nan


@pytest.mark.parametrize(
    ("X", "parameters", "said"),
    [
        (HOLED, {}, "X holds NaN in row 3, column 2"),
        (clouds(3), {}, "n_samples=3 should be >= n_clusters=4"),
        (np.zeros((2, 2, 2, 2, 2)), {}, r"got shape \(2, 2, 2, 2, 2\)"),
        (clouds(), {"network": "deep"}, "'network' parameter of DeepSoftKMeans must be one of"),
        (clouds(), {"network": "conv"}, "needs images"),
        (bars(side=7), {"network": "conv"}, "at least 8 x 8 pixels, got 7 x 8"),
        (clouds(), {"code": 1}, "'code'"),
        (clouds(), {"k": 0}, "'n_clusters'"),
        (clouds(), {"objective": "hard"}, "'objective'"),
        (clouds(), {"device": "abacus"}, "'device'"),
        (clouds(), {"random_state": "x"}, "'random_state'"),
        (clouds(), {"training": Training(lr=0)}, "'lr' parameter of Training"),
        (clouds(), {"training": Training(epochs=-1)}, "'epochs'"),
        (clouds(), {"training": Training(held_out=0.9)}, "'held_out'"),
        (clouds(), {"training": replace(SHORT, lr=1e12)}, "Pre-training diverged"),
        (clouds(), {"checkpoint": "x", "random_state": None}, "without random_state"),
    ],
)
def test_wrong_input_is_named(X: Any, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        fitted(X, **parameters)
    assert caught.value.hint


def test_rows_of_another_kind_are_named() -> None:
    model = fitted()
    with pytest.raises(InputError, match=r"rows of shape \(3, 4\), but DeepSoftKMeans was fitted on rows of shape \(12,\)"):
        model.predict(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="X has 5 features, but DeepSoftKMeans is expecting 12"):  # in scikit-learn's words
        model.predict(np.zeros((2, 5)))


def test_one_row_alone_is_named_in_scikit_learns_words() -> None:
    with pytest.raises(ValueError, match="Reshape your data"):
        fitted(np.zeros(4))


def test_small_images_go_to_full_layers() -> None:
    assert fitted(bars(side=7), k=2).code_.intake.network == "mlp"
