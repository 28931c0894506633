"""The site: every page is reached, every public name is in the reference, links lead somewhere, and reading it asks nobody for anything."""

from __future__ import annotations

import importlib.util
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import matomari
import matomari.metrics
from builders import ROOT
from builders.report_reader import Reader, chromium, needs_chromium

DOCS = ROOT / "docs"
CONFIG = ROOT / "mkdocs.yml"
RESULTS = ["Grouping", "Audit", "TrainedEncoder", "LabelClassifier"]
FROM_THE_ROOT = {"architecture.md", "changelog.md"}
OUTSIDE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
LOADING = {  # what a browser fetches without a click
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
needs_mkdocs = pytest.mark.skipif(
    importlib.util.find_spec("mkdocs") is None, reason="mkdocs is not installed: pip install 'matomari[docs]', or make docs"
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Fetches(HTMLParser):
    """What a page makes a browser fetch from elsewhere, and the ids of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        self.outside += [f"{tag} {given[name]}" for name in LOADING.get(tag, ()) if OUTSIDE.match(given.get(name, "").strip())]
        if "mermaid" in given.get("class", "").split() or given.get("data-md-component") == "source":
            self.outside.append(f"{tag}: the theme would load a library, or ask a code host, for this")


def outside_of_css(css: str) -> list[str]:
    """What a style sheet makes a browser fetch from elsewhere."""
    found = re.findall(r"@import\s+(?:url\()?[\"']?([^\"');]+)|url\(\s*[\"']?([^\"')]+)", css)
    return [one or other for one, other in found if OUTSIDE.match((one or other).strip())]


def pages() -> set[str]:
    """Every page of docs/, and those that a hook adds."""
    return {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} | FROM_THE_ROOT


def referenced() -> set[str]:
    """The names that the reference shows."""
    return {name for path in (DOCS / "reference").glob("*.md") for name in re.findall(r"(?m)^::: (\S+)", path.read_text(encoding="utf-8"))}


def test_the_navigation_has_every_page_once() -> None:
    listed = re.findall(r"(?m)^ +- [^:\n]+: (\S+\.md)$", CONFIG.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(pages())


def test_every_verb_has_a_page() -> None:
    assert {f"{verb}.md" for verb in ("group", "assign", "learn", "audit", "score", "report")} <= pages()


def test_the_reference_has_every_public_name() -> None:
    shown = referenced()
    assert [name for name in matomari.__all__ if f"matomari.{name}" not in shown] == []
    last = {name.rpartition(".")[2] for name in shown}
    assert [name for name in (*RESULTS, *matomari.metrics.__all__) if name not in last] == []
    assert "matomari.rows.read.read" in shown


@pytest.mark.parametrize("name", sorted(referenced()))
def test_the_reference_names_what_exists(name: str) -> None:
    module, _, last = name.rpartition(".")
    assert getattr(importlib.import_module(module), last).__doc__


def test_pages_from_the_root_keep_their_links() -> None:
    moved = runpy.run_path(str(DOCS / "mkdocs_hooks.py"))["from_the_root"]
    assert moved("[how](docs/how-many.md#rule) [more](ARCHITECTURE.md)") == "[how](how-many.md#rule) [more](architecture.md)"
    assert moved("[out](https://example.org/docs/)") == "[out](https://example.org/docs/)"


def test_planted_requests_are_found() -> None:
    assert Fetches("<script src=//cdn.example.org/a.js></script>").outside
    assert Fetches("<link rel=stylesheet href='https://fonts.example.org/a.css'>").outside
    assert Fetches("<img src='a.png' srcset='http://example.org/a.png 2x'>").outside
    assert Fetches("<pre class=mermaid></pre>").outside
    assert not Fetches("<a href='https://example.org'>out</a><img src='a.png'><link href='a.css'>").outside
    assert outside_of_css("@import url('https://example.org/a.css');") == ["https://example.org/a.css"]
    assert outside_of_css('@import "//example.org/a.css";') == ["//example.org/a.css"]
    assert outside_of_css("a{background:url(data:image/svg+xml;x)} b{background:url(../a.png)}") == []


def build(config: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, timeout=300)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    built = build(CONFIG, out)
    assert built.returncode == 0, built.stdout + built.stderr
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.mark.long
@needs_mkdocs
def test_nothing_in_the_site_asks_anybody(site: Path) -> None:
    html = {path: Fetches(path.read_text(encoding="utf-8")).outside for path in site.rglob("*.html")}
    css = {path: outside_of_css(path.read_text(encoding="utf-8")) for path in site.rglob("*.css")}
    assert len(html) > 20
    assert css
    assert {str(path): found for path, found in {**html, **css}.items() if found} == {}


@pytest.mark.long
@needs_mkdocs
def test_the_built_reference_shows_every_name(site: Path) -> None:
    ids = {one for path in (site / "reference").glob("*.html") for one in Fetches(path.read_text(encoding="utf-8")).ids}
    assert referenced() - ids == set()


@pytest.mark.long
@needs_mkdocs
def test_no_source_of_a_tool_is_published(site: Path) -> None:
    assert list(site.rglob("*.py")) == []


@pytest.mark.long
@needs_mkdocs
@needs_chromium
@pytest.mark.parametrize("page", ["index.html", "reference/jobs.html", "benchmarks.html"])
def test_a_browser_asks_nobody(page: str, site: Path, browser: Any) -> None:
    reader = Reader(browser, site / page)
    reader.page.wait_for_timeout(500)
    assert [url for url in reader.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert any(url.endswith(".css") for url in reader.requests)
    reader.context.close()


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """Where the site is served, on this machine alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.long
@needs_mkdocs
@needs_chromium
def test_the_search_finds_and_asks_nobody_else(served: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{served}index.html")
    box = page.locator("input.md-search__input")
    page.wait_for_load_state("networkidle")  # the index is read
    box.click()
    box.press_sequentially("familiarity", delay=50)  # the search answers to keys, not to a value that is set
    page.locator("a.md-search-result__link[href*='glossary.html']").first.wait_for(state="attached")
    assert [url for url in requests if not url.startswith((served, "data:", "blob:"))] == []
    page.close()


@pytest.mark.long
@needs_mkdocs
@pytest.mark.parametrize("fault", ["[gone](gone.md)", "[gone](group.md#gone)", "::: matomari.gone"])
def test_a_planted_fault_stops_the_build(fault: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"# Home\n\n{fault}\n", encoding="utf-8")
    (docs / "group.md").write_text("# group\n", encoding="utf-8")
    settings = CONFIG.read_text(encoding="utf-8").partition("\nnav:")[0].replace("  - docs/mkdocs_hooks.py", f"  - {DOCS}/mkdocs_hooks.py")
    (tmp_path / "mkdocs.yml").write_text(settings.replace("paths: [src]", f"paths: [{ROOT / 'src'}]"), encoding="utf-8")
    for name in ("ARCHITECTURE.md", "CHANGELOG.md"):
        (tmp_path / name).write_text("# Beside\n", encoding="utf-8")
    good = (docs / "index.md").read_text(encoding="utf-8").replace(fault, "[there](group.md#group)")
    assert build(tmp_path / "mkdocs.yml", tmp_path / "bad").returncode != 0
    (docs / "index.md").write_text(good, encoding="utf-8")
    passed = build(tmp_path / "mkdocs.yml", tmp_path / "good")
    assert passed.returncode == 0, passed.stdout + passed.stderr
