"""What the rulebook says about a diagnostic code, or all codes with their summaries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pmo_path.render.document import (
    Document,
    Facts,
    ListBlock,
    Paragraph,
    Prose,
    Section,
    Verbatim,
)
from pmo_path.render.formats.json import SCHEMA
from pmo_path.render.formats.registry import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.codes import Code
    from pmo_path.domain.rulebook import Family, RulePage
    from pmo_path.render.document import TextBlock

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
# The pages keep to this much of Markdown, so a full parser is not needed.
_BLOCK = re.compile(
    r"^```[^\n]*\n(?P<example>(?s:.*?))^```$"
    r"|^(?P<list>- .+(?:\n- .+)*)$"
    r"|^(?P<paragraph>\S.*(?:\n(?!```|- )\S.*)*)$",
    re.MULTILINE,
)
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
_INLINE_CODE = re.compile(r"`([^`]+)`")


def rule_result(page: RulePage) -> Result:
    """A code's page for any format."""
    return Result(
        lambda: _rule(page),
        lambda: {"schema": SCHEMA, **_code_record(page.code), "text": page.text},
    )


def rules_result(families: Sequence[Family]) -> Result:
    """Every code with its summary for any format."""
    return Result(lambda: _rules(families), lambda: _rules_record(families))


def _rule(page: RulePage) -> Document:
    lead, *parts = _HEADING.split(page.text)
    first, *others = _blocks(lead)
    return Document(
        title=f"{page.code}: {_plain(page.code.summary)}",
        subtitle=first.text if isinstance(first, Paragraph) else "",
        opening=(Prose(tuple(others)),) if others else (),
        sections=tuple(
            Section(heading, (Prose(tuple(_blocks(text))),))
            for heading, text in zip(parts[::2], parts[1::2], strict=True)
        ),
    )


def _blocks(markdown: str) -> Iterator[TextBlock]:
    for match in _BLOCK.finditer(markdown):
        if match["example"] is not None:
            yield Verbatim(match["example"])
        elif match["list"] is not None:
            items = match["list"].removeprefix("- ").split("\n- ")
            yield ListBlock(tuple(map(_plain, items)))
        else:
            yield Paragraph(_plain(match["paragraph"]))


def _plain(markdown: str) -> str:
    """The text without Markdown; code in quotes, as in diagnostics."""
    return _INLINE_CODE.sub(r"'\1'", _LINK.sub(r"\1", markdown))


def _rules(families: Sequence[Family]) -> Document:
    return Document(
        title="Diagnostics",
        subtitle="'pmo-path explain CODE' explains one of them, with examples.",
        sections=tuple(Section(family.title, (_summaries(family),)) for family in families),
    )


def _summaries(family: Family) -> Facts:
    return Facts(tuple((page.code, _plain(page.code.summary)) for page in family.pages), indent=1)


def _rules_record(families: Sequence[Family]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "families": [
            {"title": family.title, "codes": [_code_record(page.code) for page in family.pages]}
            for family in families
        ],
    }


def _code_record(code: Code) -> dict[str, Any]:
    return {"code": code.value, "severity": code.severity.word, "title": code.summary}
