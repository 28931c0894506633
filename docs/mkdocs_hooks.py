"""A hook of mkdocs: the architecture and the changelog, which stand beside the README, become pages of the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

BESIDE = {"ARCHITECTURE.md": "architecture.md", "CHANGELOG.md": "changelog.md"}


def from_the_root(text: str) -> str:
    """The text of a file of the root with links as a page in docs/ has them.

    Examples
    --------
    >>> from_the_root("[how](docs/how-many.md#rule), [more](ARCHITECTURE.md), [out](https://example.org/docs/)")
    '[how](how-many.md#rule), [more](architecture.md), [out](https://example.org/docs/)'
    """
    inside = re.sub(r"\]\(docs/", "](", text)
    return re.sub(r"\]\(([A-Z]+\.md)", lambda link: f"]({BESIDE.get(link[1], link[1])}", inside)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are not in docs/."""
    from mkdocs.structure.files import File

    root = Path(config["config_file_path"]).parent
    for source, page in BESIDE.items():
        files.append(File.generated(config, page, content=from_the_root((root / source).read_text(encoding="utf-8"))))
    return files
