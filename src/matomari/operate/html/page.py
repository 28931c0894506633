"""An HTML page that runs and loads nothing but itself: its styles and scripts stand in it, and a policy names them by their digests."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

NAME = 60  # characters of a label on a page
ASSETS = Path(__file__).with_name("assets")


def page(template: str, styles: Sequence[str] = ("report.css",), script: Markup | None = None, **values: Any) -> str:
    """The page of a template: the same values give the same bytes.

    Parameters
    ----------
    template : str
        Its name among the assets; it is given `policy`, `css`, `early`, `script` and the values, whose text is escaped.
    styles : sequence of str
        Names of style sheets among the assets, in their order.
    script : Markup, optional
        What runs after the page is there.
    """
    css, early = Markup("").join(map(source, styles)), source("report.theme.js")
    scripts = " ".join(map(_digest, [early] if script is None else [early, script]))
    policy = f"default-src 'none'; script-src {scripts}; style-src {_digest(css)}; img-src data:; base-uri 'none'; form-action 'none'"
    return filled(template, True, policy=policy, css=css, early=early, script=script, **values)


def filled(template: str, escaped: bool, **values: Any) -> str:
    """A template of the assets with its values, each of which must be there."""
    environment = jinja2.Environment(
        autoescape=escaped, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["joints"] = joints
    return environment.from_string(source(template)).render(**values)


def joints(name: object) -> Markup:
    """A name that may break where its parts meet, as in card_payment_fee, before it breaks anywhere else.

    Examples
    --------
    >>> joints("lost_card & more")
    Markup('lost_<wbr>card &amp; more')
    """
    return Markup(re.sub("([_/.:-])", r"\1<wbr>", str(escape(name))))


def source(name: str) -> Markup:
    """An asset, as it is."""
    return Markup((ASSETS / name).read_text(encoding="utf-8"))


def _digest(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode('ascii')}'"
