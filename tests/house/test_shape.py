"""The house rules that can be counted: lengths, names, types, docstrings, and nothing printed."""

from __future__ import annotations

import ast
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from builders import SOURCE, TESTS

MAX_LINES, MAX_FUNCTION, MAX_P90, MAX_MEDIAN, MAX_PARAMETERS, MAX_NAMES = 350, 60, 40, 10, 8, 19
FLAT = {"SoftKMeans": 11}  # a grid search reaches the parameters of an estimator only where they lie flat
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "misc", "manager"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """A function or class and where it stands: public when no name on the way to it is private or a function."""

    name: str
    node: Function | ast.ClassDef
    public: bool


def places(tree: ast.Module) -> Iterator[Place]:
    def walk(node: ast.AST, way: str, public: bool) -> Iterator[Place]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function | ast.ClassDef):
                seen = public and not child.name.startswith("_")
                yield Place(f"{way}{child.name}", child, seen)
                yield from walk(child, f"{way}{child.name}.", seen and isinstance(child, ast.ClassDef))
            else:
                yield from walk(child, way, public)

    yield from walk(tree, "", True)


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def parameters(cls: ast.ClassDef) -> int:
    """Parameters of the constructor but self; none for a dataclass, whose fields are its parameters."""
    if any("dataclass" in ast.unparse(d) for d in cls.decorator_list):
        return 0
    for child in cls.body:
        if isinstance(child, ast.FunctionDef) and child.name == "__init__":
            a = child.args
            return len(a.posonlyargs) + len(a.args) + len(a.kwonlyargs) - 1
    return 0


def faults(name: str, code: str) -> Iterator[str]:
    """What is wrong with one file, `name` being its path in the package."""
    tree = ast.parse(code)
    stem = Path(name).stem
    if (lines := len(code.splitlines())) > MAX_LINES:
        yield f"{name} has {lines} lines"
    if stem in VAGUE or set(Path(name).parts[:-1]) & VAGUE:
        yield f"{name} has a name that says nothing"
    if code.strip() and not ast.get_docstring(tree):
        yield f"{name} has no docstring"
    for place in places(tree):
        where = f"{name}:{place.node.lineno} {place.name}"
        if isinstance(place.node, Function):
            if (size := length(place.node)) > MAX_FUNCTION:
                yield f"{where} has {size} lines"
            if place.node.returns is None:
                yield f"{where} has no return type"
        elif place.public and (count := parameters(place.node)) > FLAT.get(place.name, MAX_PARAMETERS):
            yield f"{where} takes {count} parameters"
        if place.public and not stem.startswith("_") and not ast.get_docstring(place.node):
            yield f"{where} has no docstring"
    if stem == "__init__":
        names = [
            n
            for node in tree.body
            if isinstance(node, ast.Assign) and "__all__" in map(ast.unparse, node.targets)
            for n in ast.literal_eval(node.value)
        ]
        if len(names) > MAX_NAMES:
            yield f"{name} has {len(names)} public names"
    if not name.startswith("cli/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stdout.write", "pprint"):
                yield f"{name}:{node.lineno} prints"


def sources() -> dict[str, str]:
    return {path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}


@pytest.mark.parametrize("name", sources())
def test_file(name: str) -> None:
    assert list(faults(name, sources()[name])) == []


def lengths(code: dict[str, str]) -> list[int]:
    return [length(p.node) for text in code.values() for p in places(ast.parse(text)) if isinstance(p.node, Function)]


def test_most_functions_are_short() -> None:
    found = lengths(sources())
    assert len(found) > 100
    assert statistics.median(found) <= MAX_MEDIAN
    assert np.percentile(found, 90) <= MAX_P90


GOOD = '"""What it is."""\n\n\n'

# The tests: short files too, each of a name of its own, so that a name alone says which file is meant


def faults_of_tests(root: Path) -> list[str]:
    """What is wrong with the files of tests below `root`."""
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    counted = {name: len(code.splitlines()) for name, code in files.items()}
    long = [f"{name} has {lines} lines" for name, lines in counted.items() if lines > MAX_LINES]
    mute = [f"{name} has no docstring" for name, code in files.items() if not ast.get_docstring(ast.parse(code))]
    names = Counter(Path(name).name for name in files)
    return long + mute + [f"{name} stands in {count} folders" for name, count in names.items() if count > 1 and name.startswith("test_")]


def test_the_tests_are_short_files_of_different_names() -> None:
    assert faults_of_tests(TESTS) == []
    assert len(list(TESTS.rglob("test_*.py"))) > 60


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"a/test_x.py": GOOD + "x = 1\n" * 348}, "a/test_x.py has 351 lines"),
        ({"builders/a.py": GOOD + "x = 1\n" * 348}, "builders/a.py has 351 lines"),
        ({"test_x.py": "x = 1\n"}, "test_x.py has no docstring"),
        ({"a/test_x.py": GOOD, "b/test_x.py": GOOD}, "test_x.py stands in 2 folders"),
    ],
)
def test_planted_violations_in_tests_are_caught(files: dict[str, str], fault: str, tmp_path: Path) -> None:
    for name, code in ({"conftest.py": GOOD, "a/conftest.py": GOOD, "b/test_y.py": GOOD + "x = 1\n" * 347} | files).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    assert faults_of_tests(tmp_path) == [fault]


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        ("a.py", GOOD + "x = 1\n" * 350, "a.py has 353 lines"),
        ("utils.py", GOOD, "says nothing"),
        ("cluster/helpers.py", GOOD, "says nothing"),
        ("common/a.py", GOOD, "says nothing"),
        ("a.py", "x = 1\n", "a.py has no docstring"),
        ("a.py", GOOD + "def _f() -> None:\n" + "    x = 1\n" * 60, "a.py:4 _f has 61 lines"),
        ("a.py", GOOD + 'def f():\n    """Doc."""\n', "f has no return type"),
        ("a.py", GOOD + "def _f() -> None:\n    def g():\n        pass\n", "_f.g has no return type"),
        ("a.py", GOOD + "def f() -> None:\n    pass\n", "f has no docstring"),
        ("a.py", GOOD + "async def f() -> None:\n    pass\n", "f has no docstring"),
        ("a.py", GOOD + "class C:\n    pass\n", "C has no docstring"),
        ("a.py", GOOD + 'class C:\n    """Doc."""\n    def m(self) -> None:\n        pass\n', "C.m has no docstring"),
        (
            "a.py",
            GOOD + 'class C:\n    """Doc."""\n    def __init__(self, a, b, c, d, *, e, f, g, h, i) -> None: ...\n',
            "C takes 9 parameters",
        ),
        ("a.py", GOOD + "print(1)\n", "a.py:4 prints"),
        ("operate/cli.py", GOOD + "print(1)\n", "operate/cli.py:4 prints"),
        ("__init__.py", GOOD + f"__all__ = {[f'n{i}' for i in range(20)]}\n", "20 public names"),
    ],
)
def test_planted_violations_are_caught(name: str, code: str, fault: str) -> None:
    found = list(faults(name, code))
    assert len(found) == 1
    assert fault in found[0]


def test_planted_long_functions_move_the_middle() -> None:
    long = {"a.py": "".join(f"def f{i}() -> None:\n" + "    x = 1\n" * 49 for i in range(5)), "b.py": "def g() -> None:\n    pass\n"}
    assert statistics.median(lengths(long)) > MAX_MEDIAN
    assert np.percentile(lengths(long), 90) > MAX_P90


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.py", ""),
        ("cli/app.py", GOOD + "print(1)\n"),
        ("a.py", GOOD + "class _C:\n    def m(self) -> None:\n        pass\n"),
        ("a.py", GOOD + 'def f() -> None:\n    """' + "Doc.\n" * 90 + '    """\n'),
        ("a.py", GOOD + '@dataclass(frozen=True)\nclass C:\n    """Doc."""\n' + "".join(f"    f{i}: int\n" for i in range(12))),
        (
            "a.py",
            GOOD
            + 'class C:\n    """Doc."""\n    def __init__(self, a, b, c, d, *, e, f, g, h) -> None: ...\n'
            + "    def __len__(self) -> int: ...\n",
        ),
    ],
)
def test_what_is_allowed_passes(name: str, code: str) -> None:
    assert list(faults(name, code)) == []
