"""Settings files: every option of a verb in YAML or JSON; a run.json of an earlier run repeats that run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..wording import did_you_mean, one_line


def read_config(path: Path, known: Iterable[str]) -> dict[str, Any]:
    """The options in a settings file, by their names in Python.

    Parameters
    ----------
    path : Path
        YAML or JSON: one mapping. Of the run.json of an earlier run its source and its options are taken.
    known : iterable of str
        The options of the verb.

    Raises
    ------
    InputError
        It cannot be read, is not a mapping, or holds a key that the verb does not know.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "run.yaml"
    >>> _ = file.write_text("kind: themes\\nassign-all: true\\n")
    >>> read_config(file, ["kind", "assign_all"])
    {'kind': 'themes', 'assign_all': True}
    """
    content = _mapping(path)
    if "matomari" in content or "encoder_fingerprint" in content:
        content = _of_run(path, content)
    names, options = sorted(known), dict[str, Any]()
    for key, value in content.items():
        name = str(key).replace("-", "_")
        if name not in names:
            raise InputError(f"{path} has an unknown key {str(key)!r}.", hint=did_you_mean(name, names))
        options[name] = value
    return options


def _mapping(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {one_line(error)}.", hint="give a settings file in YAML or JSON.") from error
    if path.suffix.lower() == ".json":
        try:
            content = json.loads(text)
        except ValueError as error:
            raise InputError(f"{path} is not JSON: {one_line(error)}.", hint="correct the file at that place.") from error
    else:
        import yaml

        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise InputError(f"{path} is not YAML: {' '.join(str(error).split())}.", hint="correct the file at that place.") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} holds no options.", hint="write one option per line, such as kind: themes.")
    return content


def _of_run(path: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    """The source and the options of an earlier run; those that were not given are left out."""
    if "options" not in content:
        raise InputError(f"{path} is of version 0.1, which did not write its options down.", hint="give the options by hand.")
    objects = [name for name, value in content["options"].items() if isinstance(value, dict)]
    if objects:
        raise InputError(
            f"{path} was written by a run whose {objects[0]!r} was an object in Python, which a file cannot repeat.",
            hint="repeat it in Python, or give the options by hand.",
        )
    return {"source": content["source"], **{name: value for name, value in content["options"].items() if value not in (None, [])}}
