"""What every page is made in: one file, no request to anywhere, nothing of a person's run.

The page's own policy forbids every request, and every style and script but the two whose hashes
it names; what a person typed can therefore not run even if it were not escaped, and it is.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TextIO

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.text import one_line
from pmo_path.render.words import CONVERSATION_AID
from pmo_path.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_page(template: str, values: Mapping[str, Any], out: TextIO) -> None:
    """Write the page of a template in `templates`, filled with `values`."""
    out.write(_environment().get_template(template).render(values))
    out.write("\n")


def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: _text("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    style, script = _asset("page.css"), _asset("page.js")
    environment.globals |= {
        "style": style,
        "script": script,
        "policy": (
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
        "made_with": f"pmo-path {__version__}",
        "reminder": CONVERSATION_AID,
    }
    environment.filters |= {"number": show_number, "percent": one_decimal}
    return environment


def _shown(value: Any) -> Any:
    """Text without what a browser would obey rather than show; it is escaped after this."""
    return one_line(value) if type(value) is str else value


@cache
def _asset(name: str) -> Markup:
    """Our own style or script: the only text that is not escaped."""
    return Markup(_text("assets", name))  # noqa: S704


def _text(folder: str, name: str) -> str:
    return files("pmo_path.render.formats.html").joinpath(folder, name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
