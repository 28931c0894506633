"""What is published: the wheel holds the package and nothing else, its metadata is in order, and it works where only it was installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from builders import ROOT, SOURCE

TOOLS = ("build", "hatchling", "twine")
MISSING = [name for name in TOOLS if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} not installed: pip install 'matomari[test]'")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = "bolt M8\nBolt M-8\nnut M6\n"


def call(*command: str, folder: Path, **more: str) -> str:
    """What a command says; it must end well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, env={**os.environ, **more}, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def package() -> set[str]:
    """Every file of the package, as a wheel names it."""
    files = (path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"matomari/{path.relative_to(SOURCE).as_posix()}" for path in files}


def faults(held: Iterable[str], wanted: set[str]) -> list[str]:
    """What an archive lacks, and what it should not hold."""
    names = set(held)
    return sorted([f"lacks {name}" for name in wanted - names] + [f"also holds {name}" for name in names - wanted])


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT), folder=out)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment where the wheel alone was installed; what it needs is found in the environment of the tests."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    call(str(programs / "python"), "-I", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel), folder=home)
    (own,) = home.rglob("matomari/__init__.py")
    needed = [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    (own.parents[1] / "needed.pth").write_text(
        "\n".join(needed) + "\n", encoding="utf-8"
    )  # no .pth below these is read: no editable install
    return programs


def test_planted_faults_are_found() -> None:
    wanted = {"matomari/__init__.py", "matomari/operate/html/assets/report.css"}
    assert faults(wanted, wanted) == []
    assert faults(["matomari/__init__.py", "tests/a.py"], wanted) == [
        "also holds tests/a.py",
        "lacks matomari/operate/html/assets/report.css",
    ]


@pytest.mark.long
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()
    assert faults([name for name in held if ".dist-info/" not in name], package()) == []
    beside = {Path(name).name for name in held if ".dist-info/" in name}
    assert beside == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE"}
    assert {"matomari/py.typed", "matomari/operate/html/assets/report.html.j2"} <= set(held)


@pytest.mark.long
def test_the_sdist_holds_what_the_wheel_is_built_from(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/{name}" for name in package()} | {"pyproject.toml", "README.md", "LICENSE"} <= held
    assert [name for name in held if name.startswith((".venv/", ".cache/", "site/", "parts/", "dist/"))] == []


@pytest.mark.long
def test_the_metadata_is_in_order(dist: Path) -> None:
    said = call(sys.executable, "-m", "twine", "check", "--strict", *map(str, dist.iterdir()), folder=dist)
    assert said.count("PASSED") == 2


@pytest.mark.long
def test_the_wheel_is_imported_from_where_it_was_installed(installed: Path) -> None:
    code = "import matomari; print(matomari.__file__); print(matomari.Partition(['a', 'b'], [0, 0]))"
    where, shown = call(str(installed / "python"), "-I", "-c", code, folder=installed).splitlines()
    assert Path(where).is_relative_to(installed.parent)
    assert shown == "Partition(2 items, 1 clusters, 0 without one)"


@pytest.mark.long
def test_the_command_answers(installed: Path) -> None:
    assert call(str(installed / "matomari"), "--version", folder=installed, PYTHONPATH="").strip() == f"matomari {PROJECT['version']}"


@pytest.mark.long
def test_the_command_groups_and_reports_with_what_the_wheel_brings(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(LINES, encoding="utf-8")
    call(str(installed / "matomari"), "group", "t.txt", "-o", "out", "-q", "--no-cache", folder=tmp_path, PYTHONPATH="", HF_HUB_OFFLINE="1")
    assert "Bolt M-8" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
