"""What the README and the docs say is so: their Python runs, their links lead somewhere, their promises name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builders import ROOT, TESTS

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    (page.name, code)
    for page in dict.fromkeys(PAGES)
    for code in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
]


@pytest.mark.parametrize(("page", "code"), BLOCKS)
def test_python_blocks_run(page: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, page, "exec"), {})


@pytest.mark.parametrize("page", dict.fromkeys(PAGES), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_promises_name_tests_that_exist() -> None:
    said = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    for file, name in re.findall(r"`((?:test_\w+|conftest)\.py)(?:::(\w+))?", said):
        sources = [path.read_text(encoding="utf-8") for path in TESTS.rglob(file)]
        assert any(f"def {name}" in source for source in sources), f"{file}::{name}"


def test_the_readme_fits_one_screen_and_shows_what_happens() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 60
    example = (ROOT / "examples" / "parts.csv").read_text(encoding="utf-8").splitlines()
    assert f"{len(example) - 1} rows, " in readme
    assert not re.search(r"[A-Z0-9]+_ROW", readme)
