"""`import matomari` costs next to nothing and changes nothing: seen from fresh processes."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import SOURCE

HEAVY = ["torch", "faiss", "sklearn", "scipy", "pandas", "pyarrow", "transformers", "sentence_transformers", "sknetwork"]
LIGHT = ["errors", "seeds", "logs", "store.artefact", "partition", "vectors"]  # what other floors stand on stays without these
LIGHT_WITHOUT = ["torch", "faiss", "sklearn", "pandas", "pyarrow", "transformers"]

PROBE = """
import json, logging, os, random, sys, warnings
import numpy as np  # first, so that only what our import does is seen
touched = []
sys.addaudithook(lambda event, args: touched.append(event) if event.startswith(("socket.", "subprocess.", "os.system")) else None)

def state():
    root = logging.getLogger()
    loggers = {n: l.level for n, l in logging.root.manager.loggerDict.items() if isinstance(l, logging.Logger)}
    return {
        "root logger": [root.level, [repr(h) for h in root.handlers], root.disabled, logging.root.manager.disable],
        "levels": {n: l for n, l in loggers.items() if l},
        "warnings": [repr(f) for f in warnings.filters],
        "environment": dict(os.environ),
        "random": repr(random.getstate()),
        "numpy": repr(np.random.get_state()),
        "numpy errors": repr(np.geterr()),
        "numpy printing": repr(np.get_printoptions()),
        "folder": os.getcwd(),
        "path": list(sys.path),
        "hook": repr(sys.excepthook),
    }

before = state()
import importlib
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
after = state()
print(json.dumps({
    "changed": [k for k in before if before[k] != after[k]],
    "touched": touched,
    "loaded": sorted({m.split(".")[0] for m in sys.modules}),
    "file": sys.modules["matomari"].__file__,
}))
"""


def fresh(*modules: str, path: Path | None = None) -> dict[str, Any]:
    """What loading these modules does in a process of its own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    env |= {"PYTHONPATH": str(path)} if path else {}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE, json.dumps(modules)], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


def test_the_package() -> None:
    seen = fresh("matomari")
    assert seen["changed"] == []
    assert seen["touched"] == []
    assert [m for m in HEAVY if m in seen["loaded"]] == []
    assert Path(seen["file"]).parent == SOURCE


def test_the_lower_floors() -> None:
    seen = fresh(*(f"matomari.{name}" for name in LIGHT))
    assert seen["changed"] == []
    assert seen["touched"] == []
    assert [m for m in LIGHT_WITHOUT if m in seen["loaded"]] == []


def test_the_command_line() -> None:
    if not (SOURCE / "cli" / "app.py").exists():
        pytest.skip("there is no command line yet")
    seen = fresh("matomari.cli.app")
    assert seen["changed"] == []
    assert seen["touched"] == []
    assert [m for m in HEAVY if m in seen["loaded"]] == []


@pytest.mark.parametrize(
    ("code", "key", "fault"),
    [
        ("import scipy.sparse", "loaded", "scipy"),
        ("import os; os.environ['MKL_NUM_THREADS'] = '1'", "changed", "environment"),
        ("import warnings; warnings.filterwarnings('ignore')", "changed", "warnings"),
        ("import logging; logging.basicConfig()", "changed", "root logger"),
        ("import logging; logging.getLogger('matomari').setLevel(10)", "changed", "levels"),
        ("import numpy; numpy.random.seed(0)", "changed", "numpy"),
        ("import random; random.seed(0)", "changed", "random"),
        ("import socket; socket.socket().close()", "touched", "socket.__new__"),
    ],
)
def test_planted_violations_are_caught(code: str, key: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "matomari").mkdir()
    (tmp_path / "matomari" / "__init__.py").write_text(code + "\n")
    seen = fresh("matomari", path=tmp_path)
    assert fault in seen[key]


# The same for every file, by reading it: what a process shares is never set while a file is loaded

SETTERS = {"basicConfig", "setLevel", "filterwarnings", "simplefilter", "seed", "manual_seed", "set_num_threads", "setdefault", "putenv"}
SETTERS |= {"captureWarnings", "seterr", "set_printoptions", "use_deterministic_algorithms", "chdir", "signal", "register"}


def at_load(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the file is loaded: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield from at_load(child)


def settings(code: str) -> list[str]:
    found = []
    for node in at_load(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SETTERS:
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
            targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
            found += [
                f"line {node.lineno}: {ast.unparse(t)}" for t in targets if ast.unparse(t).startswith(("os.environ", "environ[", "sys."))
            ]
    return found


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_file_sets_anything_shared(path: Path) -> None:
    assert settings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.environ['A'] = '1'",
        "os.environ.setdefault('A', '1')",
        "if x:\n    warnings.filterwarnings('ignore')",
        "class C:\n    np.random.seed(0)",
        "sys.excepthook = f",
    ],
)
def test_planted_settings_are_caught(code: str) -> None:
    assert len(settings(code)) == 1


def test_settings_inside_functions_pass() -> None:
    assert settings("import os\ndef f():\n    os.environ['A'] = '1'\nx = {}\nx['a'] = 1\ng = lambda: np.random.seed(0)\n") == []
