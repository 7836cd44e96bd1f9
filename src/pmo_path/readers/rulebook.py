"""The rulebook that comes with pmo-path: one Markdown file a code.

The files keep to a small part of Markdown: a title, headings of the second rank, paragraphs,
lists without lists in them, and fenced examples. The title is the code's summary. `_intro.md`
opens the page made of all of them, and a file for each family of codes opens its section.
"""

from __future__ import annotations

import re
from itertools import groupby

from pmo_path.domain.codes import CODE_BEGINNING, Code
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import nearest
from pmo_path.domain.rulebook import Family, Piece, PieceKind, RulePage
from pmo_path.readers.package_data import package_text

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


def rule_page(text: str) -> RulePage:
    """The page of a code that was typed, in capitals or not. Raises UsageProblem for no code."""
    typed = text.strip().upper()
    code = next((code for code in Code if code == typed), None)
    if code is None:
        raise UsageProblem(f"there is no code '{text}'; {_instead(typed)}")
    return _read(code)


def _instead(typed: str) -> str:
    """Codes to offer instead: for a misspelling the nearest, for a number the whole family."""
    listed = "'pmo-path explain' lists all codes"
    if not CODE_BEGINNING.fullmatch(typed):
        return nearest(typed, Code) or listed
    alike = [code for code in Code if typed.startswith(code.family)]
    if not alike:
        return listed
    title = _title(_text(f"_{alike[0].family}"))
    return f"those on '{title}' are {alike[0]} to {alike[-1]}; {listed}"


def rule_families() -> tuple[Family, ...]:
    """All pages in the order of their codes, grouped by family."""
    return tuple(
        Family(_title(_text(f"_{family}")), tuple(map(_read, codes)))
        for family, codes in groupby(Code, lambda code: code.family)
    )


def rule_markdown(code: Code) -> str:
    """The page of a code in Markdown, without its title."""
    return _text(code).partition("\n")[2].strip()


def _read(code: Code) -> RulePage:
    matches = _PIECE.finditer(rule_markdown(code))
    kinds = ((match.lastgroup, match) for match in matches)
    return RulePage(
        code, tuple(Piece(PieceKind(kind), match[kind]) for kind, match in kinds if kind)
    )


def _text(page: str) -> str:
    return package_text(RULEBOOK, f"{page}.md")


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")
