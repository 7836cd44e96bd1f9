"""What is in a page, read without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser


class Seen(HTMLParser):
    """The text of a page, and its elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._inside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in {"style", "script"}:
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in {"style", "script"}:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.words.append(data)

    def shape(self) -> list[tuple[str, list[str]]]:
        """Elements and the names of their attributes, but for the lines of a label."""
        return [(tag, sorted(named)) for tag, named in self.elements if tag != "tspan"]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def keeps_to_itself(page: str) -> None:
    """Assert that a page names its only style and script, and asks for nothing."""
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    allowed = {
        name: "'sha256-"
        + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        + "'"
        for name in ("style", "script")
        for content in re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
    }
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; style-src {allowed['style']}; script-src {allowed['script']}; "
        "base-uri 'none'; form-action 'none'"
    )
    for tag, attributes in Seen(page).elements:
        assert not {"src", "style", "data", "background"} & attributes.keys()
        address = attributes.get("href") or "#"
        if tag == "a" and not address.startswith("#"):  # opened only by a click
            assert address.startswith(("https://", "http://"))
            assert attributes["rel"] == "noopener noreferrer"
        else:
            assert address.startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    assert "@import" not in page
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatched", "#dotted"}
