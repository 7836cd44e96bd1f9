"""A document as a page for a browser: one file that loads nothing and reveals nothing.

The page's own policy forbids every request, and every style and script but the two whose hashes
it names. Text that a person typed could therefore not run even if it were not escaped, and it is.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from itertools import count, groupby
from typing import TYPE_CHECKING, Any, TextIO

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pmo_path.domain.fields import is_web_address
from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.text import one_line
from pmo_path.domain.text import shown as safe
from pmo_path.render.document import Section, WebAddress, cell
from pmo_path.render.formats.html import charts
from pmo_path.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from pmo_path.render.document import Block, Document
    from pmo_path.render.words import TextStyle

SHAPES = 6
"""The number of marks with distinct shapes."""


def write(document: Document, out: TextIO, _style: TextStyle | None = None) -> None:
    """Write a document as a page."""
    template = _environment().get_template("document.html")
    # Each section has a number of its own, for links, and each table, for labels.
    page = template.render(document=document, numbers=count(1), table_numbers=count(1))
    out.write(page.lstrip())
    out.write("\n")


@cache
def _environment() -> Environment:
    """The templates, compiled once for all pages of a process."""
    environment = Environment(
        loader=FunctionLoader(lambda name: _text("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A page is written once or a few times, so that a quick compilation counts for more.
        optimized=False,
        finalize=_shown,
    )
    style, script = asset("page.css"), asset("page.js")
    environment.globals |= {
        "style": style,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "made_with": f"pmo-path {__version__}",
        "shapes": SHAPES,
        "geometry": charts,
    }
    environment.tests["web_address"] = lambda value: (
        isinstance(value, WebAddress) and is_web_address(value)
    )
    environment.filters |= {
        "number": show_number,
        "percent": one_decimal,
        "share": _share,
        "verbatim": lambda text: Markup.escape(safe(text)),
        "cell": cell,
        "kind": lambda block: type(block).__name__,
        "side_by_side": lambda blocks: list(_side_by_side(blocks)),
        "filled": lambda rows: [row for row in rows if row[1]],
    }
    return environment


def _side_by_side(blocks: Iterable[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """The blocks in order, panels that follow each other together; and whether they are panels."""

    def is_panel(block: Block) -> bool:
        return isinstance(block, Section) and block.panel is not None

    return ((are_panels, list(group)) for are_panels, group in groupby(blocks, is_panel))


def _share(share: Fraction) -> str:
    return f"{100 * float(share):.2f}%"


def _shown(value: Any) -> Any:
    """Text without what a browser would obey rather than show; it is escaped after this."""
    return one_line(value) if type(value) is str else value


@cache
def asset(name: str) -> Markup:
    """Our own style or script: the only text that is not escaped."""
    return Markup(_text("assets", name))  # noqa: S704


def _text(folder: str, name: str) -> str:
    return files("pmo_path.render.formats.html").joinpath(folder, name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
