"""The house: a file imports only from floors below its own, or from its own folder; heavy libraries live in their rooms."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGE = "matomari"
SOURCE = Path(__file__).parent.parent / "src" / PACKAGE
FLOORS = [
    {"errors", "wording", "seeds", "logs"},
    {"parameters", "store", "rows", "vectors", "engine"},
    {"partition", "protocols"},
    {"metrics"},
    {"encode", "cluster", "teach"},
    {"learn"},
    {"operate"},
    {"cli", "__init__", "__main__"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
ONE_ROOM = {1, 2, 7}  # floors whose modules may import one another
ONE_WAY = {("store", "rows"), ("partition", "protocols")}  # but not these: rows stands on store
ROOMS = {
    "PIL": ("rows/image_file.py",),
    "torch": ("encode/", "cluster/soft", "learn/", "seeds.py"),
    "faiss": ("vectors.py", "cluster/kmeans.py"),
    "httpx": ("teach/client.py", "operate/serve.py"),
    "ray": ("engine.py",),
}
LAZY = {"torch": ("seeds.py",)}  # here only inside a function, or for types


@dataclass(frozen=True)
class Import:
    """One imported name: where, what, and whether it happens when the file is loaded."""

    line: int
    target: str  # dotted, absolute
    at_load: bool


def imports(path: Path, root: Path) -> tuple[Import, ...]:
    """Every import of a file, relative ones made absolute; `from a import b` gives a.b."""
    return _imports(path.read_text(encoding="utf-8"), (PACKAGE, *path.relative_to(root).parts[:-1]))


@cache
def _imports(code: str, package: tuple[str, ...]) -> tuple[Import, ...]:

    def walk(node: ast.AST, at_load: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(child.lineno, alias.name, at_load) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                start = package[: len(package) - child.level + 1] if child.level else ()
                module = ".".join([*start, *([child.module] if child.module else [])])
                yield from (Import(child.lineno, f"{module}.{alias.name}", at_load) for alias in child.names)
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                yield from walk(ast.Module(child.body, []), False)
                yield from walk(ast.Module(child.orelse, []), at_load)
            else:
                yield from walk(child, at_load and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))

    return tuple(walk(ast.parse(code), True))


def modules(root: Path) -> dict[str, Path]:
    """Dotted name of every file below `root`; a package has the name of its folder."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = [PACKAGE, *path.relative_to(root).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room(module: str) -> str:
    """The top-level module or folder that a module stands in."""
    return module.split(".")[1] if "." in module else "__init__"


def ours(target: str, known: dict[str, Path]) -> str | None:
    """The module of ours that an import reaches, or None for a foreign one."""
    if target.split(".")[0] != PACKAGE:
        return None
    while target not in known:
        target = target.rpartition(".")[0]
    return target


def faults(root: Path) -> list[str]:
    known = modules(root)
    found = []
    for module, path in known.items():
        name = path.relative_to(root).as_posix()
        if room(module) not in FLOOR:
            found.append(f"{name}: {room(module)} has no floor")
            continue
        for item in imports(path, root):
            reached = ours(item.target, known)
            fault = _foreign(name, item) if reached is None else _upward(room(module), room(reached))
            if fault:
                found.append(f"{name}:{item.line}: {fault}")
    return found + [f"cycle: {' -> '.join(cycle)}" for cycle in cycles(root)]


def _upward(here: str, there: str) -> str:
    if there not in FLOOR or here == there or FLOOR[there] < FLOOR[here]:
        return ""
    if FLOOR[here] == FLOOR[there] and FLOOR[here] in ONE_ROOM and (here, there) not in ONE_WAY:
        return ""
    return f"{here} (floor {FLOOR[here]}) imports {there} (floor {FLOOR[there]})"


def _foreign(name: str, item: Import) -> str:
    library = item.target.split(".")[0]
    if library not in ROOMS:
        return ""
    if not name.startswith(ROOMS[library]):
        return f"{library} belongs in {', '.join(ROOMS[library])}"
    if item.at_load and name in LAZY.get(library, ()):
        return f"{library} may only be imported inside a function here"
    return ""


def cycles(root: Path) -> list[list[str]]:
    """Cycles among imports that happen when files are loaded, each once."""
    known = modules(root)
    edges = {
        module: sorted({r for i in imports(path, root) if i.at_load and (r := ours(i.target, known)) and r != module})
        for module, path in known.items()
    }
    done: set[str] = set()
    found: list[list[str]] = []

    def visit(module: str, way: list[str]) -> None:
        if module in way:
            found.append([*way[way.index(module) :], module])
        elif module not in done:
            for reached in edges[module]:
                visit(reached, [*way, module])
            done.add(module)

    for module in edges:
        visit(module, [])
    return found


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
    "upward, inside a function": ("metrics.py", "def f():\n    from .cluster import kmeans", "metrics (floor 3) imports cluster (floor 4)"),
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
    "torch": ("metrics.py", "import torch", "torch belongs in"),
    "torch in a wrong method": ("cluster/planted.py", "from torch import nn", "torch belongs in"),
    "torch at load": ("seeds.py", "import torch", "only be imported inside a function"),
    "faiss": ("cluster/planted.py", "def f():\n    import faiss", "faiss belongs in"),
    "httpx": ("operate/planted.py", "import httpx as web", "httpx belongs in"),
    "ray": ("operate/planted.py", "from ray.data import x", "ray belongs in"),
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
    fresh = [f for f in set(faults(copied)) - before if not f.startswith("cycle")]
    assert len(fresh) == 1
    assert fresh[0].startswith(file)
    assert fault in fresh[0]


def test_planted_cycles_are_caught(copied: Path) -> None:
    (copied / "cluster" / "one.py").write_text("from .two import x\n")
    (copied / "cluster" / "two.py").write_text("from . import three\n")
    (copied / "cluster" / "three.py").write_text("def f():\n    from .one import y\n")
    assert cycles(copied) == cycles(SOURCE)
    (copied / "cluster" / "three.py").write_text("class C:\n    from .one import y\n")
    assert len(cycles(copied)) == len(cycles(SOURCE)) + 1
    assert any("cycle: matomari.cluster.one -> " in f or "matomari.cluster.one -> matomari.cluster.two" in f for f in faults(copied))


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    root = tmp_path / PACKAGE
    for file, code in {
        "__init__.py": "",
        "errors.py": "",
        "seeds.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\ndef f():\n    import torch\n",
        "store/__init__.py": "",
        "store/folder.py": "from ..errors import x\nfrom . import disk\n",
        "store/disk.py": "def f():\n    from .folder import y\n",
        "encode/__init__.py": "",
        "rows/read.py": "from ..store import folder\nfrom ..store.disk import x\n",
        "partition.py": "from . import store\nfrom .errors import x\n",
        "learn/soft.py": "import torch\nfrom ..cluster.kmeans import x\nfrom ..encode import y\n",
        "cluster/kmeans.py": "import faiss\nfrom .other import x\nfrom ..partition import Partition\n",
        "cluster/other.py": "import numpy\n",
        "cli.py": "from . import __version__\nfrom .learn import soft\n",
    }.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(code)
    assert faults(root) == []


BENCHMARKS = sorted(SOURCE.parents[1].glob("benchmarks/**/*.py"))


@pytest.mark.parametrize("file", BENCHMARKS, ids=lambda file: "/".join(file.parts[-2:]))
def test_benchmarks_ask_for_names_that_are_there(file: Path) -> None:
    """They are run by hand and seldom: a name that moved would be noticed months later."""
    asked = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    for node in (one for one in asked if (one.module or "").split(".")[0] == PACKAGE):
        room = import_module(str(node.module))
        for alias in node.names:
            assert hasattr(room, alias.name) or find_spec(f"{node.module}.{alias.name}"), f"{node.module} has no {alias.name}"
