"""The text of HTML: tags, entities, scripts and comments taken off."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(["script", "style", "head", "template"])
_INLINE = "a abbr b body center code em font html i img input label link meta s small span strike strong sub sup tbody thead u"
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted({*_BLOCK, *_SILENT, *_INLINE.split()}, key=len, reverse=True))})(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp|copy|reg|euro|[a-z]{1,6}(?:acute|grave|uml|circ|tilde|cedil)|szlig);", re.I
)


def is_html(text: str) -> bool:
    """Whether a text holds a tag, a comment or an entity of HTML.

    Examples
    --------
    >>> is_html("<p>lost</p>"), is_html("R&amp;D"), is_html("a < b and c > d")
    (True, True, False)
    """
    return bool(_TAG.search(text) or _ENTITY.search(text) or _COMMENT.search(text))


def text_of(markup: str) -> str:
    """What a reader of the page would see, a line per block.

    Examples
    --------
    >>> text_of("<p>my card<br>is <b>lost</b></p>&nbsp;<a href='x'>view</a>")
    'my card\\nis lost\\nview'
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BLOCK:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCK:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
