"""The rulebook that comes with pmo-path: one Markdown file a code.

The files keep to a small part of Markdown: a title, headings of the second rank, paragraphs,
lists without lists in them, and fenced examples. `_intro.md`, and `_PMO1.md` and so on, hold what
the page made of all of them says besides.
"""

from __future__ import annotations

import re

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import nearest
from pmo_path.domain.rulebook import Family, Kind, Piece, RulePage
from pmo_path.readers.package_data import package_file, package_text

RULEBOOK = "rulebook"
"""The folder of the pages in the package."""
# A paragraph comes last: it is what nothing else is.
_PIECE = re.compile(
    r"^```[^\n]*\n(?P<example>(?s:.*?))^```$"
    r"|^## (?P<heading>.+)$"
    r"|^- (?P<item>.+)$"
    r"|^(?P<paragraph>\S.*(?:\n(?!```|## |- )\S.*)*)$",
    re.MULTILINE,
)
_CODE = re.compile(r"PMO[0-9]{1,3}")
_KIND = len("PMO1")
"""So much of a code says what kind of thing it is about."""


def rule_page(code: str) -> RulePage:
    """The page of a code, in capitals or not. Raises UsageProblem for a code that has none."""
    known = _codes()
    wanted = code.strip().upper()
    if wanted not in known:
        raise UsageProblem(f"there is no code '{code}'; {_instead(wanted, known)}")
    return _read(wanted)


def _instead(wanted: str, known: list[str]) -> str:
    """What there is instead of a code: another number is no misspelling, but shows the kind."""
    listed = "'pmo-path explain' lists all codes"
    if not _CODE.fullmatch(wanted):
        return nearest(wanted, known) or listed
    alike = [one for one in known if one.startswith(wanted[:_KIND])]
    if not alike:
        return listed
    title = _title(_text(f"_{wanted[:_KIND]}"))
    return f"those on '{title}' are {alike[0]} to {alike[-1]}; {listed}"


def rule_families() -> tuple[Family, ...]:
    """All pages in the order of their codes, by the kind of thing that they are about."""
    pages = [_read(code) for code in _codes()]
    return tuple(
        Family(
            _title(_text(intro)),
            tuple(page for page in pages if f"_{page.code}".startswith(intro)),
        )
        for intro in _pages("_PMO")
    )


def _codes() -> list[str]:
    return _pages("PMO")


def _pages(beginning: str) -> list[str]:
    """The names of the pages that begin so, without their ending, in order."""
    names = (page.name for page in package_file(RULEBOOK).iterdir())
    return sorted(name.removesuffix(".md") for name in names if name.startswith(beginning))


def _read(code: str) -> RulePage:
    text = _text(code)
    return RulePage(code, _title(text).removeprefix(f"{code}: "), _pieces(text))


def _text(page: str) -> str:
    return package_text(RULEBOOK, f"{page}.md")


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _pieces(text: str) -> tuple[Piece, ...]:
    found = _PIECE.finditer(text.partition("\n")[2])
    return tuple(Piece(Kind(one.lastgroup), one[one.lastgroup]) for one in found if one.lastgroup)


def codes() -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(_codes())


def rule_markdown(code: str) -> tuple[str, str]:
    """The title of a code's page, and the page without it, in Markdown."""
    text = _text(code)
    return _title(text).removeprefix(f"{code}: "), text.partition("\n")[2].strip()
