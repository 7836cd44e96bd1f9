"""Files that come with the package, which may itself be in a zip archive."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import CODE_BEGINNING, Code
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import nearest
from pmo_path.domain.rulebook import Family, RulePage

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PACKAGE = "pmo_path"


class NamedContent(NamedTuple):
    """The bytes of a file, and the name that messages use for it."""

    name: str
    content: bytes


def package_file(*parts: str) -> Traversable:
    """A file or folder of the package, by its path below the package's folder."""
    return files(_PACKAGE).joinpath(*parts)


def package_text(*parts: str) -> str:
    """The text of a file of the package."""
    return package_file(*parts).read_text(encoding="utf-8")


def shipped_framework() -> NamedContent:
    """The framework that comes with pmo-path.

    The wheel has a copy in the package; a checkout has the file itself in its top folder.
    """
    packaged = package_file("data", "framework.yaml")
    if packaged.is_file():
        return NamedContent(str(packaged), packaged.read_bytes())
    path = Path(str(package_file())).parent.parent / "data" / "framework.yaml"
    return NamedContent(str(path), path.read_bytes())


def starter_framework() -> str:
    """The text of a small framework for another profession, which explains the format."""
    return package_text("starter", "framework.yaml")


# --- The rulebook ---------------------------------------------------------------------------------
#
# One Markdown file for each diagnostic code, whose title is the code's summary. `_intro.md` opens
# the page made of all of them, and a file for each family of codes opens its section.


def rule_page(text: str) -> RulePage:
    """The page of a code that was typed, in capitals or not. Raises UsageProblem for no code."""
    typed = text.strip().upper()
    code = next((code for code in Code if code == typed), None)
    if code is None:
        raise UsageProblem(f"there is no code '{text}'; {_instead(typed)}")
    return _page(code)


def _instead(typed: str) -> str:
    """Codes to offer instead: for a misspelling the nearest, for a number the whole family."""
    listed = "'pmo-path explain' lists all codes"
    if not CODE_BEGINNING.fullmatch(typed):
        return nearest(typed, Code) or listed
    alike = [code for code in Code if typed.startswith(code.family)]
    if not alike:
        return listed
    return f"those on '{_family_title(alike[0])}' are {alike[0]} to {alike[-1]}; {listed}"


def rule_families() -> tuple[Family, ...]:
    """All pages in the order of their codes, grouped by family."""
    return tuple(
        Family(_family_title(first), (_page(first), *map(_page, others)))
        for first, *others in (list(codes) for _, codes in groupby(Code, lambda code: code.family))
    )


def rule_markdown(code: Code) -> str:
    """The page of a code in Markdown, without its title."""
    return _text(code).partition("\n")[2].strip()


def _page(code: Code) -> RulePage:
    return RulePage(code, rule_markdown(code))


def _family_title(code: Code) -> str:
    return _text(f"_{code.family}").partition("\n")[0].removeprefix("# ")


def _text(page: str) -> str:
    return package_text("rulebook", f"{page}.md")
