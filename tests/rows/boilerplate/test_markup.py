"""HTML: what is one, and what a reader of the page would see."""

from __future__ import annotations

import pytest

from matomari.rows.boilerplate.markup import is_html, text_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>my card is lost</p>", True),
        ("line<br>break", True),
        ("R&amp;D and caf&eacute;", True),
        ("price &#8364; 5", True),
        ("<!-- say what\nis wrong -->\nit crashes", True),
        ("a < b and c > d", False),
        ("if x<y then z>0", False),
        ("List<String> is a type", False),
        ("AT&T; Q&A", False),
        ("<john@example.org>", False),
    ],
)
def test_what_is_html(text: str, said: bool) -> None:
    assert is_html(text) is said


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>my card<br>is <b>lost</b></p>", "my card\nis lost"),
        ("<ul><li>one</li><li>two &amp; three</li></ul>", "one\ntwo & three"),
        ("<style>p {color: red}</style><script>alert('x')</script>hello", "hello"),
        ("<!-- secret -->shown", "shown"),
        ("un<b>believ</b>able", "unbelievable"),
        ("<p>never closed", "never closed"),
        ("a&nbsp;&nbsp;b", "a b"),
        ("", ""),
    ],
)
def test_the_text_of_html(markup: str, text: str) -> None:
    assert text_of(markup) == text
