"""A made-up report, and a browser page that remembers everything the report should never do."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matomari.operate.group.page import ReportData

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: install it, or name it in CHROMIUM, to test the report"
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WORDS = ["card", "lost", "transfer", "pin", "fee", "top-up"]


def make(n: int = 600, k: int = 6, **changes: Any) -> ReportData:
    labels = np.arange(n) % k
    angle = 2 * np.pi * labels / k
    rng = np.random.default_rng(3)
    sizes = np.bincount(labels, minlength=k)
    labels = np.where(np.arange(n) >= max(n - 5, 1), -1, labels)
    groups = [
        {
            "name": f"about {WORDS[g % 6]} {g}",
            "keywords": [WORDS[g % 6], "help"],
            "size": int(sizes[g]) + g,
            "cohesion": 0.9 - g / (2 * k),
            "stability": 0.5,
            "examples": [g] if n < 3 * k else [g, g + k, g + 2 * k],
        }
        for g in range(k)
    ]
    data = ReportData(
        title="letters.csv",
        ids=[f"L-{i}" for i in range(n)],
        texts=[f"Letter {i} about my {WORDS[i % k % 6]}" for i in range(n)],
        labels=labels,
        confidence=np.linspace(1, 0, n),
        margin=np.linspace(0.9, 0, n),
        runner_up=(np.arange(n) + 1) % k,
        xy=np.c_[np.cos(angle), np.sin(angle)] + rng.normal(0, 0.08, (n, 2)),
        finer=np.where(labels < 0, -1, 2 * (np.arange(n) % k) + (np.arange(n) // k) % 2),
        coarser=np.arange(k) % 2,
        groups=groups,
        coarser_names=["north", "south"],
        finer_names=[f"fine {g}" for g in range(2 * k)],
        facts={"rows": str(n), "seed": "0"},
        notes=["No row was dropped."],
    )
    return dataclasses.replace(data, **changes)


EDGES: dict[str, ReportData] = {
    "one text": make(n=1, k=1, xy=np.zeros((1, 2)), coarser_names=["a", "b"]),
    "all unassigned": make(n=4, k=2, labels=np.full(4, -1)),
    "one place": make(n=300, xy=np.ones((300, 2))),
    "no keywords": make(n=6, k=1, groups=[{**make(n=6, k=1).groups[0], "keywords": [], "name": "", "cohesion": None}]),
    "right to left": make(n=2, k=1, texts=["مرحبا بالعالم \u202e", "👩‍🔬 e\u0301 \x00"], title="שלום"),
    "variants": make(n=20_000, k=20_000, finer=np.full(20_000, -1), finer_names=[], coarser=np.full(20_000, -1), coarser_names=[]),
}


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser that asks for nothing by itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Reader:
    """A page that remembers everything it should never do."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.url = path.resolve().as_uri()
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, "reduced_motion": "reduce", **context})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        self.page.on("popup", lambda _: self.complaints.append("popup"))
        self.page.goto(self.url)

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.page.locator(selector).all_text_contents()
        return found

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).text_content())

    def wait(self, expression: str) -> None:
        """Until the expression is true. Playwright's own wait needs eval, which the report's policy forbids."""
        for _ in range(100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true: {expression}")

    def clean(self) -> None:
        assert self.requests == [self.url]
        assert self.complaints == []

    def contrast(self, *names: str) -> float:
        """Between two colours of the page, by the formula of WCAG 2."""
        read = "(name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()"
        light = []
        for name in names:
            channels = np.frombuffer(bytes.fromhex(self.page.evaluate(read, name)[1:]), dtype=np.uint8) / 255
            linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
            light.append(float(linear @ [0.2126, 0.7152, 0.0722]))
        return (max(light) + 0.05) / (min(light) + 0.05)


class Tags(HTMLParser):
    """Every start tag of a page, its words, and the text of its scripts and styles, as a browser without scripts would meet them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.code: list[tuple[str, dict[str, str | None], str]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.cdata_elem:
            tag, attributes = self.tags[-1]
            self.code.append((tag, attributes, data))
