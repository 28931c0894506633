"""Make the README's picture of a report: `python docs/picture.py report.html picture.png`. Needs playwright and Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def picture(report: Path, png: Path) -> None:
    """Open a report as a reader would, 1440 by 900 in light colours, and save what shows."""
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        page.wait_for_selector("#map[data-zoom]")
        page.screenshot(path=str(png))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python docs/picture.py report.html picture.png")
    picture(Path(sys.argv[1]), Path(sys.argv[2]))
