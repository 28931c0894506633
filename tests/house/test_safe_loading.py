"""E1: nothing in the library can run what it loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import SOURCE

FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "skops"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "joblib.load",
    "yaml.load",
    "yaml.unsafe_load",
    "os.system",
    "os.popen",
}


def faults(code: str) -> Iterator[str]:
    tree = ast.parse(code)
    known = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"line {node.lineno}: import of {m}" for m in modules if m.split(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.Call):
            fault = _call(node, known)
            if fault:
                yield f"line {node.lineno}: {fault}"


def _aliases(tree: ast.AST) -> dict[str, str]:
    """What each imported name really is, so that `from torch import load as l` does not hide it."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known.update({a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names})
        elif isinstance(node, ast.ImportFrom):
            known.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
    return known


def _name(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    return f"{_name(node.value, known)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def _call(node: ast.Call, known: dict[str, str]) -> str:
    name = _name(node.func, known)
    given = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
    if name in FORBIDDEN_CALLS or name.removeprefix("builtins.") in FORBIDDEN_CALLS:
        return f"call of {name}"
    if name == "numpy.load" and given.get("allow_pickle") is not False:
        return "numpy.load without allow_pickle=False"
    if name == "torch.load" and given.get("weights_only") is not True:
        return "torch.load without weights_only=True"
    if given.get("allow_pickle") is True or given.get("shell") is True or given.get("trust_remote_code") is True:
        return f"{name} is told to run what it is given"
    if name == "importlib.import_module" and not (node.args and isinstance(node.args[0], ast.Constant)):
        return "importlib.import_module of a computed name"
    return ""


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_source_runs_nothing_it_loads(path: Path) -> None:
    found = list(faults(path.read_text(encoding="utf-8")))
    if path == SOURCE / "__init__.py":  # its names come from the closed table beside them, never from data
        found = [fault for fault in found if not fault.endswith("importlib.import_module of a computed name")]
    assert found == []


def test_source_was_found() -> None:
    assert (SOURCE / "store" / "artefact.py").is_file()


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib; joblib.load(p)",
        "from joblib import load as get; get(p)",
        "import torch; torch.load(p)",
        "import torch as t; t.load(p)",
        "import torch; torch.load(p, weights_only=False)",
        "import torch; torch.load(p, weights_only=x)",
        "eval(x)",
        "exec(x)",
        "import builtins; builtins.eval(x)",
        "import yaml; yaml.load(x)",
        "import numpy as np; np.load(p)",
        "import numpy as np; np.load(p, allow_pickle=True)",
        "import subprocess; subprocess.run(x, shell=True)",
        "import importlib; importlib.import_module(x)",
        "f(x, trust_remote_code=True)",
    ],
)
def test_planted_violations_are_caught(code: str) -> None:
    assert len(list(faults(code))) == 1


def test_harmless_code_passes() -> None:
    code = "import numpy as np, re, torch; np.load(p, allow_pickle=False); re.compile(x); model.eval(); torch.save(x, p); f(shell=False); torch.load(p, weights_only=True)"
    assert list(faults(code)) == []
