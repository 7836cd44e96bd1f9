"""The words that say what a column of a matrix holds: usual headings, and exported or mapped ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.base_model import OWN_KEY
from pmo_path.domain.fields import is_id
from pmo_path.domain.matrix.levels import level_heading
from pmo_path.domain.matrix.model import SINGLE, ColumnMeaning, MatrixColumn, TakenBy
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from decimal import Decimal

    from pmo_path.domain.framework import Role

_HEADINGS = {
    ColumnMeaning.COMPETENCE: (
        "competence", "competency", "competence name", "competency name", "skill", "skill name",
        "capability", "theme", "practice", "kompetenz", "competencia", "competenza",
    ),
    ColumnMeaning.ID: ("id", "competence id", "competency id", "skill id", "code", "skill code"),
    ColumnMeaning.DOMAIN: (
        "domain", "domain name", "area", "competence area", "competency area", "skill area",
        "category", "pillar", "cluster", "bereich", "domaine", "dominio",
    ),
    ColumnMeaning.DOMAIN_ID: ("domain id",),
    ColumnMeaning.GROUP: (
        "group", "competence group", "competency group", "skill group", "subcategory",
        "sub category", "subdomain", "sub domain", "subarea", "sub area", "gruppe", "groupe",
    ),
    ColumnMeaning.DESCRIPTION: ("description", "summary", "definition", "beschreibung"),
    ColumnMeaning.ALIASES: ("aliases", "alias", "other names", "also known as"),
    ColumnMeaning.KEY: ("key competence", "key competency", "key skill"),
    ColumnMeaning.SECOND_RATER: ("second rater",),
    ColumnMeaning.URL: ("url", "link", "web page"),
    ColumnMeaning.BEHAVIOURS: ("behaviours", "behaviors", "indicators"),
    ColumnMeaning.EVIDENCE: ("evidence",),
    ColumnMeaning.EXPOSURE: ("exposure",),
    ColumnMeaning.IMPORTANCE: ("importance", "weight"),
    ColumnMeaning.MUST_HAVE: ("must have",),
    ColumnMeaning.OWN: (
        "#", "no", "no.", "nr", "nr.", "number", "order", "sort", "notes", "note", "comment",
        "comments", "remark", "remarks", "owner", "source", "status", "tags", "examples",
        "example", "tools", "kommentar", "bemerkung", "bemerkungen", "total", "average", "mean",
        "last updated", "updated", "version",
    ),
}  # fmt: skip
HEADINGS = {
    fold_accents(heading): meaning
    for meaning, headings in _HEADINGS.items()
    for heading in headings
}
"""What a column holds, by its folded heading."""

YES = frozenset({"yes", "y", "true", "x", "1", "ja", "oui", "✓", "✔"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", "", "-", "\u2013"})


_OF_ROLE = {
    "role": ColumnMeaning.ROLE,
    "expects": ColumnMeaning.EXPECTS,
    "importance": ColumnMeaning.IMPORTANCE,
    "must-have": ColumnMeaning.MUST_HAVE,
}
_WITH_NAME = re.compile(
    r"(?P<word>role|expects|importance|must-have)(?:: *(?P<name>\S.*))?", re.DOTALL
)
_WITH_LEVEL = re.compile(
    r"(?P<word>role at level|role and level|level|baseline) (?P<level>-?[0-9.]{1,10})"
    r"(?:: *(?P<name>\S.*))?",
    re.DOTALL,
)
_WITH_ID = re.compile(r"(?P<name>\S.*?) \[(?P<id>\S+)\]", re.DOTALL)
EXPLICIT = re.compile(
    r"(?:role|expects|importance|must-have|(?:role at level|role and level|level|baseline) \S+): *\S|x-\S"
)
"""The beginning of a heading that states what its column holds."""


def column_of(text: str, index: int, heading: str, by: TakenBy) -> MatrixColumn | None:
    """The column that a text such as `domain`, `role: Analyst` or `level 3: Expert` describes.

    Without a name, a role or a level has that of the heading. None for any other text.
    """
    column = MatrixColumn(index, heading, ColumnMeaning.IGNORE, by)
    if text == ColumnMeaning.IGNORE:
        return column
    if text.startswith(OWN_KEY) and text != OWN_KEY:
        return column._replace(meaning=ColumnMeaning.OWN, key=text)
    if text in SINGLE:
        return column._replace(meaning=ColumnMeaning(text))
    match = _WITH_NAME.fullmatch(text)
    if match is None:
        return _of_level(column, text)
    is_general = match["word"] in {"importance", "must-have"} and match["name"] is None
    column = column._replace(meaning=_OF_ROLE[match["word"]])
    return column if is_general else _named(column, match["name"])


def _of_level(column: MatrixColumn, text: str) -> MatrixColumn | None:
    """The column that a text such as `level 3: Expert` or `role at level 2` describes."""
    match = _WITH_LEVEL.fullmatch(text)
    named = None if match is None else level_heading(match["level"])
    if match is None or named is None:
        return None
    column = column._replace(level=named.level)
    word, name = match["word"], match["name"]
    if word == "level":
        return column._replace(meaning=ColumnMeaning.LEVEL, name=name or _label_in(column.heading))
    if word == "baseline":
        return column._replace(meaning=ColumnMeaning.BASELINE, name=name or column.heading)
    role = column._replace(meaning=ColumnMeaning.ROLE, is_level_too=word == "role and level")
    return _named(role, name)


def _named(column: MatrixColumn, name: str | None) -> MatrixColumn:
    """The column of a role with its name, and its id if that is written behind it."""
    name, key = _name_and_id(name or column.heading)
    return column._replace(name=name, id=key)


def _label_in(heading: str) -> str:
    """The label in a heading such as `3 - Competent`; else all of it."""
    named = level_heading(heading)
    return named.label if named is not None and named.label else heading


def _name_and_id(text: str) -> tuple[str, str]:
    match = _WITH_ID.fullmatch(text)
    return (match["name"], match["id"]) if match and is_id(match["id"]) else (text, "")


def level_title(level: Decimal, label: str) -> str:
    """The heading of a column with the texts of a level."""
    return f"{ColumnMeaning.LEVEL} {show_number(level)}: {label}"


def baseline_title(level: Decimal, label: str) -> str:
    """The heading of a column that names the baseline."""
    return f"{ColumnMeaning.BASELINE} {show_number(level)}: {label}"


def role_title(meaning: ColumnMeaning, key: str, role: Role) -> str:
    """The heading of a column about a role, which always holds the id."""
    return f"{meaning}: {role.name} [{key}]"
