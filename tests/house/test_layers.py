"""The house: a file imports only from floors below its own, or from its own folder; heavy libraries live in their rooms."""

from __future__ import annotations

import ast
import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from builders import ROOT, SOURCE
from builders.house import MOST_FILES, PACKAGE, circles, faults, full_folders, imports, modules, ours

BENCHMARKS = ROOT / "benchmarks"


def test_the_house_stands() -> None:
    assert faults(SOURCE) == []


def test_the_house_was_found() -> None:
    found = list(modules(SOURCE))
    assert len(found) > 20
    assert {f"{PACKAGE}.partition", f"{PACKAGE}.cluster.kmeans", PACKAGE} <= set(found)
    reached = {ours(i.target, modules(SOURCE)) for i in imports(SOURCE / "cluster" / "kmeans.py", SOURCE)}
    assert {f"{PACKAGE}.errors", f"{PACKAGE}.vectors", f"{PACKAGE}.cluster.estimator"} <= reached


PLANTED = {
    "upward": ("errors.py", "from .partition import Partition", "errors (floor 0) imports partition (floor 2)"),
    "upward, absolute": ("vectors.py", "import matomari.partition", "vectors (floor 1) imports partition (floor 2)"),
    "upward, from the package": ("partition.py", "from . import metrics", "partition (floor 2) imports metrics (floor 3)"),
    "upward, inside a function": (
        "metrics/planted.py",
        "def f():\n    from ..cluster import kmeans",
        "metrics (floor 3) imports cluster (floor 4)",
    ),
    "upward, for types": ("seeds.py", "if TYPE_CHECKING:\n    from .rows.read import Rows", "seeds (floor 0) imports rows (floor 1)"),
    "beside, on floor 0": ("logs.py", "from .errors import InputError", "logs (floor 0) imports errors (floor 0)"),
    "the wrong way, on floor 1": ("store/planted.py", "from ..rows import read", "store (floor 1) imports rows (floor 1)"),
    "areas of one floor": ("cluster/planted.py", "from ..encode import text", "cluster (floor 4) imports encode (floor 4)"),
    "areas of one floor, turned round": (
        "encode/planted.py",
        "from ..cluster.kmeans import assign",
        "encode (floor 4) imports cluster (floor 4)",
    ),
    "the door": ("operate/planted.py", "from .. import nothing", "operate (floor 6) imports __init__ (floor 7)"),
    "torch": ("metrics/planted.py", "import torch", "torch belongs in"),
    "torch in a wrong method": ("cluster/planted.py", "from torch import nn", "torch belongs in"),
    "torch at load": ("seeds.py", "import torch", "only be imported inside a function"),
    "faiss": ("cluster/planted.py", "def f():\n    import faiss", "faiss belongs in"),
    "httpx": ("operate/planted.py", "import httpx as web", "httpx belongs in"),
    "ray": ("operate/planted.py", "from ray.data import x", "ray belongs in"),
    "a private name": ("operate/planted.py", "from .tables import _safe", "takes _safe of matomari.operate.tables"),
    "a private name, inside a function": ("learn/planted.py", "def f():\n    from ..vectors import _x", "takes _x of matomari.vectors"),
    "a key of run.json": ("operate/planted.py", "print(model.run['kind'])", "model.run['kind']"),
    "a key of run.json, by get": ("cli/score.py", "run.get('curve')", "run.get('curve')"),
    "texts or images?": ("operate/planted.py", "x = 1 if run.image else 2", "1 if run.image else 2"),
    "texts or images, by their noun": ("cli/score.py", "if model.noun == 'image':\n    pass", "if model.noun == 'image':"),
    "five positional arguments": ("cluster/planted.py", "f(1, 2, 3, 4, 5)", "f(1, 2, 3, 4, 5)"),
    "an encoder without a type": ("encode/planted.py", "def f(encoder: Any) -> None: ...", "encoder: Any"),
    "no floor": ("attic.py", "x = 1", "attic has no floor"),
    "no floor, a folder": ("attic/thing.py", "x = 1", "attic has no floor"),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", "assets"))
    return tmp_path / PACKAGE


@pytest.mark.parametrize("name", PLANTED)
def test_planted_violations_are_caught(name: str, copied: Path) -> None:
    before = set(faults(copied))
    file, code, fault = PLANTED[name]
    path = copied / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{code}\n", encoding="utf-8")
    fresh = [f for f in set(faults(copied)) - before if not f.startswith("circle")]
    assert len(fresh) == 1
    assert fresh[0].startswith(file)
    assert fault in fresh[0]


@pytest.mark.parametrize(
    "last",
    ["from .one import y", "def f():\n    from .one import y", "if TYPE_CHECKING:\n    from .one import y"],
    ids=["at load", "inside a function", "for types"],
)
def test_planted_circles_are_caught(last: str, copied: Path) -> None:
    (copied / "cluster" / "one.py").write_text("from .two import x\n")
    (copied / "cluster" / "two.py").write_text("from . import three\n")
    (copied / "cluster" / "three.py").write_text("")
    assert circles(copied) == []
    (copied / "cluster" / "three.py").write_text(f"{last}\n")
    (ring,) = circles(copied)
    assert ring.startswith("circle: ")
    assert all(f"matomari.cluster.{name}" in ring for name in ("one", "two", "three"))


def test_a_full_folder_is_caught(copied: Path) -> None:
    assert full_folders(copied) == []
    for number in range(MOST_FILES):
        (copied / "store" / f"planted_{number}.py").write_text("")
    assert full_folders(copied) == [f"store holds {len(list((copied / 'store').glob('*.py')))} files"]


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    root = tmp_path / PACKAGE
    for file, code in {
        "__init__.py": "",
        "errors.py": "",
        "seeds.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\ndef f():\n    import torch\n",
        "store/__init__.py": "",
        "store/folder.py": "from ..errors import x\nfrom . import disk\n",
        "store/disk.py": "import os\n",
        "encode/__init__.py": "",
        "rows/read.py": "from ..store import folder\nfrom ..store.disk import x\n",
        "partition.py": "from . import store\nfrom .errors import x\n",
        "learn/soft.py": "import torch\nfrom ..cluster.kmeans import x\nfrom ..encode import y\n",
        "cluster/kmeans.py": "import faiss\nfrom .other import x\nfrom ..partition import Partition\n",
        "cluster/other.py": "import numpy\n",
        "cli/app.py": "from .. import __version__\nfrom ..learn import soft\n",
        "operate/run.py": "run['kind']\n",
        "operate/items.py": "x = 1 if medium.image else 2\n",
        "operate/other.py": "run[0]\nf(1, 2, 3, 4)\nlog.info('%s %s %s %s', 1, 2, 3, 4)\n'{} {} {} {} {}'.format(1, 2, 3, 4, 5)\n",
    }.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(code)
    assert faults(root) == []


@pytest.mark.parametrize("file", sorted(BENCHMARKS.rglob("*.py")), ids=lambda file: file.relative_to(BENCHMARKS).as_posix())
def test_benchmarks_ask_for_names_that_are_there(file: Path) -> None:
    """They are run by hand and seldom: a name that moved would be noticed months later."""
    asked = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    for node in (one for one in asked if (one.module or "").split(".")[0] == PACKAGE):
        room = import_module(str(node.module))
        for alias in node.names:
            assert hasattr(room, alias.name) or find_spec(f"{node.module}.{alias.name}"), f"{node.module} has no {alias.name}"
    for node in (one for one in asked if (one.module or "").split(".")[0] == "harness"):
        place = BENCHMARKS.joinpath(*str(node.module).split("."))
        there = _top_level(place.with_suffix(".py")) if place.with_suffix(".py").exists() else {path.stem for path in place.glob("*.py")}
        assert {alias.name for alias in node.names} <= there, f"{node.module} has not all of {[alias.name for alias in node.names]}"


def _top_level(file: Path) -> set[str]:
    """The names that a file defines or imports for all to use."""
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
    return names
