"""The noise of dropout against a loop, and that measuring it leaves no trace."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

from builders.learner import student
from builders.triplets import dropping, triplets
from matomari.errors import InputError
from matomari.learn.triplets.judge import judge_of, mode
from matomari.learn.triplets.noise import Noise, dropout_noise
from matomari.seeds import Seed


def shifts_by_loop(model: Any, anchors: list[str], negatives: list[str], temperature: float, seed: int) -> list[float]:
    """Of one batch: both sides under dropout, then both without, and pair by pair the difference."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        sides: list[Any] = []
        for training in (True, False):
            model.train(training)
            sides += [model(model.preprocess(texts))["sentence_embedding"].double().numpy() for texts in (anchors, negatives)]
    model.eval()

    def cosine(a: Any, b: Any) -> float:
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    return [(cosine(a, b) - cosine(c, d)) / temperature for a, b, c, d in zip(*sides, strict=True)]


def test_mean_and_deviation_are_those_of_a_loop() -> None:
    model, (columns, _) = dropping(), triplets(40)
    found = dropout_noise(model, columns["anchor"], columns["negative"], temperature=0.1, batch_size=40, seed=3)
    shifts = shifts_by_loop(model, columns["anchor"], columns["negative"], 0.1, Seed(3).number("dropout noise"))
    mean = sum(shifts) / 40
    assert found.rows == 40
    assert found.mean == pytest.approx(mean, rel=1e-6)
    assert found.sd == pytest.approx((sum((shift - mean) ** 2 for shift in shifts) / 40) ** 0.5, rel=1e-6)


def test_it_is_of_the_size_that_theory_gives() -> None:
    """With inverted dropout of a share p, a dot product of like vectors keeps its mean and a squared length grows by 1 / (1 - p)."""
    model, (columns, _) = dropping(0.2), triplets(600)
    found = dropout_noise(model, columns["anchor"], columns["anchor"], temperature=1.0, rows=600)
    assert found.mean == pytest.approx(0.8 - 1, abs=0.02)  # but for 32 dimensions, which are few
    assert 0.02 < found.sd < 0.2


def test_temperature_batches_and_seed_do_what_they_should() -> None:
    model, (columns, _) = dropping(), triplets(300)
    sides = columns["anchor"], columns["negative"]
    first = dropout_noise(model, *sides, rows=200, seed=1)
    assert dropout_noise(model, *sides, rows=200, seed=1) == first
    other = dropout_noise(model, *sides, rows=200, seed=2)
    assert other.sd != first.sd
    assert other.sd == pytest.approx(first.sd, rel=0.25)
    cooler = dropout_noise(model, *sides, rows=200, seed=1, temperature=0.1)
    assert (cooler.mean, cooler.sd) == pytest.approx((first.mean / 2, first.sd / 2))
    assert dropout_noise(model, *sides).rows == 256
    assert dropout_noise(model, *sides, rows=1000).rows == 300


def test_no_trace_is_left() -> None:
    model, (columns, _) = dropping(), triplets(50)
    model.train()
    model[1].eval()
    random.seed(1), np.random.seed(2), torch.manual_seed(3)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())
    weights = model[0].embedding.weight.detach().clone()
    dropout_noise(model, columns["anchor"], columns["negative"])
    judge_of(model, columns)
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.random.get_rng_state().tolist())
    assert [module.training for module in (model, model[0], model[1], model[1].dropout_layer)] == [True, True, False, False]
    assert torch.equal(model[0].embedding.weight, weights)
    assert model[0].embedding.weight.grad is None


def test_the_modes_come_back_after_an_error_too() -> None:
    model = dropping()
    model.eval()
    with pytest.raises(KeyError), mode(model, training=True):
        assert model[1].training
        raise KeyError
    assert not model[1].training


def test_without_dropout_there_is_none() -> None:
    columns, _ = triplets(20)
    assert dropout_noise(student(), columns["anchor"], columns["negative"]) == Noise(0.0, 0.0, 20)


@pytest.mark.parametrize(("named", "value"), [("rows", 0), ("batch_size", 0), ("temperature", 0.0), ("seed", -1)])
def test_what_cannot_be_measured_is_refused(named: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"'{named}' parameter of dropout_noise"):
        dropout_noise(student(), ["w1"], ["w2"], **{named: value})


# The judge


@pytest.mark.parametrize("batch_size", [3, 64])
def test_the_judge_gives_each_text_its_own_vector_without_dropout(batch_size: int) -> None:
    model, (columns, _) = dropping(), triplets(30)
    columns["anchor"][7], columns["negative"][4] = columns["anchor"][9], columns["positive"][4]  # equal texts, encoded once
    columns["anchor"][3] = " ".join(f"w{i}" for i in range(60))
    model.train()
    model.default_prompt_name, model.prompts = "p", {"p": "w5 w6 w7 "}  # which training does not use either
    found = judge_of(model, columns, batch_size)
    weight = model[0].embedding.weight.detach().numpy()
    for side, vectors in zip(("anchor", "positive", "negative"), found, strict=True):
        assert vectors.dtype == np.float32
        for text, vector in zip(columns[side], vectors, strict=True):
            np.testing.assert_allclose(vector, np.mean([weight[int(word[1:]) + 1] for word in text.split()], axis=0), atol=1e-6)
