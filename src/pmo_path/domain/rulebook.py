"""The pages of the rulebook: the meaning of each code, why it matters, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code


class RulePage(NamedTuple):
    """Everything the rulebook says about one code."""

    code: Code
    text: str
    """Markdown, without a title: that is the code's summary."""


class Family(NamedTuple):
    """Codes that begin alike, and what they are about."""

    title: str
    pages: tuple[RulePage, ...]
