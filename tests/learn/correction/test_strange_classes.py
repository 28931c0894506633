"""What is wrong or strange has a clear sentence or a defined result."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch

from builders.corrector import Net, data, digest
from matomari import LatentClusterCorrection
from matomari.errors import InputError
from matomari.learn.correction.targets import WAYS


def strange(labels: list[int], Z: torch.Tensor, **settings: Any) -> LatentClusterCorrection:
    model = torch.nn.Sequential(torch.nn.Linear(Z.shape[1], Z.shape[1], bias=False))
    torch.nn.init.eye_(model[0].weight)
    y, rows = torch.tensor(labels), torch.arange(len(labels))
    lcc = LatentClusterCorrection("0", **settings).attach(model)
    (model(Z).sum() + lcc(rows, y)).backward()
    lcc.epoch_ended()
    loss = (model(Z), lcc(rows, y))[1]
    loss.backward()
    assert math.isfinite(loss.item())
    assert all(bool(value.grad.isfinite().all()) for value in model.parameters())
    return lcc


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("labels", "constant"),
    [
        ([0] * 12, False),  # one class
        (list(range(12)), False),  # one sample a class
        ([0, 1] * 3 + [-1] * 6, False),  # half without a label
        ([0, 500, 1000] * 4, False),  # numbers with holes
        ([0, 1, 2] * 4, True),  # nothing to tell samples by
    ],
)
def test_strange_classes_have_a_defined_result(way: str, labels: list[int], constant: bool) -> None:
    Z = torch.ones(12, 3) if constant else torch.randn(12, 3, generator=torch.Generator().manual_seed(1))
    lcc = strange(labels, Z, way=way)
    assert lcc.matching is not None
    assert lcc._targets is not None
    assert not lcc._targets.active[np.array(labels) < 0].any()


def test_clear_sentences() -> None:
    model, (x, y) = Net(), data()
    rows = torch.arange(90)
    with pytest.raises(InputError, match="no layer 'bodi'"):
        LatentClusterCorrection("bodi").attach(model)
    with pytest.raises(InputError, match="listens to no model"):
        LatentClusterCorrection("body")(rows, y)
    lcc = LatentClusterCorrection("body").attach(model)
    with pytest.raises(InputError, match="no latent vectors"):
        lcc(rows, y)
    with pytest.raises(InputError, match="no latent vectors were gathered"):
        lcc.epoch_ended()
    model(x)
    with pytest.raises(InputError, match="90 latent vectors, labels of shape"):
        lcc(rows, y[:5])
    with pytest.raises(InputError, match="no sample has a label"):
        lcc.refresh([(x, torch.full((90,), -100), rows)])
    bad = x.clone()
    bad[41] = torch.nan
    with pytest.raises(InputError, match="latent vector of sample 41 is not finite"):
        lcc.refresh([(bad, y, rows)])
    for settings in (
        {"way": "all of them"},
        {"weight": -1},
        {"weight": "some"},
        {"warmup": 0},
        {"interval": 0.5},
        {"trust": 2},
        {"resolution": 0},
    ):
        with pytest.raises(InputError, match=next(iter(settings))):
            LatentClusterCorrection("body", **settings)  # type: ignore[arg-type]


def test_the_model_is_left_as_it_was() -> None:
    model = Net()
    before = copy.deepcopy(model)
    lcc = LatentClusterCorrection("body").attach(model)
    lcc.detach()
    assert digest(model) == digest(before)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
