"""The rules of the house, measured on the source: floors, circles, private names, sizes, and what only one file may know.

Run it to see the counts: ``make house``.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "matomari"
SOURCE = Path(__file__).parents[2] / "src" / PACKAGE
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
    "httpx": ("teach/client/transport.py", "operate/serve.py"),
    "ray": ("engine.py",),
}
LAZY = {"torch": ("seeds.py",)}  # here only inside a function, or for types
MOST_FILES, MOST_POSITIONAL = 12, 4
RUN, ITEMS = "operate/run.py", "operate/items.py"  # the files that alone know the keys of run.json, and texts from images
MEDIUM = re.compile(r"\b(images?|noun)\b|^pictures$")


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

    return tuple(walk(_tree(code), True))


def modules(root: Path) -> dict[str, Path]:
    """Dotted name of every file below `root`; a package has the name of its folder."""
    known = {}
    for path in sorted(root.rglob("*.py")):
        parts = [PACKAGE, *path.relative_to(root).with_suffix("").parts]
        known[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return known


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


def arrows(root: Path) -> list[str]:
    """Imports that lead upwards, into a room without a floor, or to a library out of its room."""
    known, faults = modules(root), []
    for module, path in known.items():
        name = path.relative_to(root).as_posix()
        if room(module) not in FLOOR:
            faults.append(f"{name}: {room(module)} has no floor")
            continue
        for item in imports(path, root):
            reached = ours(item.target, known)
            fault = _foreign(name, item) if reached is None else _upward(room(module), room(reached))
            if fault:
                faults.append(f"{name}:{item.line}: {fault}")
    return faults


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


def circles(root: Path) -> list[str]:
    """Circles among all imports, also those inside functions and for types, each once; a door that hands on its room's names is none."""
    known = modules(root)
    edges = {
        module: sorted({r for i in imports(path, root) if (r := ours(i.target, known)) and r != module}) for module, path in known.items()
    }
    done: set[str] = set()
    rings: list[str] = []

    def visit(module: str, way: list[str]) -> None:
        if module in way:
            rings.append("circle: " + " -> ".join([*way[way.index(module) :], module]))
        elif module not in done:
            for reached in edges[module]:
                visit(reached, [*way, module])
            done.add(module)

    for module in edges:
        visit(module, [])
    return rings


def private_names(root: Path) -> list[str]:
    """Names with an underscore that a file takes from another file of ours."""
    known = modules(root)
    return [
        f"{path.relative_to(root).as_posix()}:{item.line} takes {item.target.rpartition('.')[2]} of {reached}"
        for path in known.values()
        for item in imports(path, root)
        if (reached := ours(item.target, known)) and re.match(r"_(?!_)", item.target.rpartition(".")[2]) and reached != item.target
    ]


def full_folders(root: Path) -> list[str]:
    """Folders with more than twelve files."""
    counts = Counter(path.parent.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return [f"{folder} holds {count} files" for folder, count in sorted(counts.items()) if count > MOST_FILES]


def look_ups(root: Path) -> list[str]:
    """Keys of run.json that are looked up by a string."""
    return _nodes(root, _looks_up, but=RUN)


def branches_on_medium(root: Path) -> list[str]:
    """Decisions in the jobs and the command line that ask whether the items are texts or images."""
    found = _nodes(root, _asks_for_medium, but=ITEMS)
    return [fault for fault in found if fault.startswith(("operate/", "cli/")) and not fault.startswith("operate/options.py")]


def crowded_calls(root: Path) -> list[str]:
    """Calls with more than four positional arguments; formats and log lines take as many as they have places."""
    return _nodes(root, _is_crowded)


def untyped_encoders(root: Path) -> list[str]:
    """Parameters called model or encoder that are annotated as Any."""
    return _nodes(root, _is_untyped)


def _looks_up(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        holder, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        holder, key = node.func.value, node.args[0]
    else:
        return False
    named = isinstance(key, ast.Constant) and isinstance(key.value, str)
    return named and ast.unparse(holder).split(".")[-1] == "run"


def _asks_for_medium(node: ast.AST) -> bool:
    return isinstance(node, ast.If | ast.IfExp) and bool(MEDIUM.search(ast.unparse(node.test)))


def _is_crowded(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or len(node.args) <= MOST_POSITIONAL or any(isinstance(a, ast.Starred) for a in node.args):
        return False
    called = ast.unparse(node.func)
    return not (called.endswith(".format") or called.startswith("log."))


def _is_untyped(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.arg)
        and node.arg in ("model", "encoder")
        and node.annotation is not None
        and ast.unparse(node.annotation) == "Any"
    )


def _nodes(root: Path, wrong: Callable[[ast.AST], bool], but: str = "") -> list[str]:
    places = ((path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.py")))
    return [f"{name}:{line} {shown}" for name, code in places if name != but for line, shown in _hits(wrong, code)]


@cache
def _hits(wrong: Callable[[ast.AST], bool], code: str) -> list[tuple[int, str]]:
    return [(node.lineno, ast.unparse(node).splitlines()[0][:80]) for node in ast.walk(_tree(code)) if wrong(node)]  # type: ignore[attr-defined]


@cache
def _tree(code: str) -> ast.Module:
    return ast.parse(code)


RULES: dict[str, Callable[[Path], list[str]]] = {
    "imports upwards, or of a library out of its room": arrows,
    "circles of imports, lazy and type-only ones too": circles,
    "private names taken from another file": private_names,
    "folders with more than 12 files": full_folders,
    "keys of run.json looked up by string": look_ups,
    "questions whether items are texts or images": branches_on_medium,
    "calls with more than 4 positional arguments": crowded_calls,
    "encoders or models annotated as Any": untyped_encoders,
}


def faults(root: Path) -> list[str]:
    """Everything that breaks a rule."""
    return [fault for rule in RULES.values() for fault in rule(root)]


if __name__ == "__main__":
    for title, rule in RULES.items():
        broken = rule(SOURCE)
        print(f"{len(broken):>4}  {title}")
        for fault in broken:
            print(f"        {fault}")
    files = [path.read_text(encoding="utf-8").count("\n") for path in SOURCE.rglob("*.py")]
    print(f"{len(files):>4}  files, the longest of {max(files)} lines")
