"""Who is the same: by what the rows of a sheet are told apart.

A person and a rater are told by the text that stands there, whatever its case, the spaces around
it and the way its accents are composed; a role by its id, however it is called. `docs/batch.md`
says so to people.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.domain.names import fold_accents
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.readers.table.sheet import Column

UNNAMED_KEYS = ("", "anonymous")
"""What stands for a person where nobody is named; such rows are never the same person."""

_DITTO = ("do.", "dito", "ditto", "idem", "々", "同上")
"""Words that stand for what is in the cell above; marks such as `"` hold no letter at all."""
_LONGEST_DITTO = 12
"""Bytes of the longest of them, with a few spaces around."""
_LETTER = re.compile("[^\\W_]|[\u00a1-\u00bf]")
"""A letter or a digit, or a symbol that letters of other encodings are misread as."""

_LIKE_RATER = re.compile(
    r"\b(reviewer|evaluator|respondent|relationship|perspective|rated by|reviewed by|assessed by)\b"
    r"|\b(review|reviewer|rating|rater|assessment|evaluation|feedback|respondent) (type|source)\b"
    r"|^(source|type of (review|rating|assessment|feedback)|quelle|bewerter)$"
)
"""Headings of columns that may say who rated."""


def identity_key(value: str) -> str:
    """The form in which two texts are compared."""
    return unicodedata.normalize("NFC", value.strip()).lower()


def identity_key_sql(value: str) -> str:
    """SQL of a text as SQL of what `identity_key` makes of it."""
    return f"lower(nfc_normalize(trim(coalesce({value}, ''))))"


def is_nameless(value: str) -> bool:
    """Whether a text names nobody: it has no letter and no digit, or is a word for the one above."""
    return _LETTER.search(value) is None or identity_key(value) in _DITTO


def is_nameless_sql(value: str) -> str:
    """SQL of a text as SQL of whether it is empty or `is_nameless`; never null."""
    # Only what begins with neither a letter nor a digit of ASCII can be a mark.
    mark = f"({value} < '0' OR {value} > 'z' OR {value} BETWEEN ':' AND '@' OR {value} BETWEEN '[' AND 'a')"
    marks = ", ".join(map(text, _DITTO))
    return (
        rf"({value} IS NULL OR ({mark} AND NOT regexp_matches({value}, '[\p{{L}}\p{{N}}\x{{a1}}-\x{{bf}}]')) "
        f"OR (strlen({value}) <= {_LONGEST_DITTO} AND lower(trim({value})) IN ({marks})))"
    )


def is_mark_sql(value: str) -> str:
    """SQL of whether a text is nameless and not empty."""
    return f"(trim(coalesce({value}, '')) <> '' AND {is_nameless_sql(value)})"


def keys_sql(columns: Sequence[Column], spellings: Mapping[str, str]) -> dict[Kind, str]:
    """SQL of what tells rows apart, by kind, over a table with `f0`, `f1` … for the columns.

    `spellings` leads from each text in the column of roles to the role that it names.
    """
    keys: dict[Kind, str] = {}
    for kind in (Kind.PERSON, Kind.ROLE, Kind.RATER):
        for index, column in enumerate(columns):
            if column.kind is kind:
                is_role = kind is Kind.ROLE
                value = f"f{index}"
                keys[kind] = _role_sql(value, spellings) if is_role else identity_key_sql(value)
    return keys


def is_named_sql(key: str) -> str:
    """SQL of whether the key of a person is somebody's."""
    return f"{key} NOT IN ({', '.join(map(text, UNNAMED_KEYS))})"


def distinct_key_sql(key: str) -> str:
    """The key of a person as SQL in which every row that names nobody has a key of its own."""
    return f"if({is_named_sql(key)}, {key}, concat({key}, ' ', rowid))"


def _role_sql(value: str, spellings: Mapping[str, str]) -> str:
    by_role: dict[str, list[str]] = {}
    for spelling, role in spellings.items():
        by_role.setdefault(role, []).append(text(spelling))
    cases = " ".join(
        f"WHEN {value} IN ({', '.join(literals)}) THEN {text(role)}"
        for role, literals in by_role.items()
    )
    return (
        f"(CASE {cases} ELSE {identity_key_sql(value)} END)" if cases else identity_key_sql(value)
    )


def rater_hint(columns: Sequence[Column]) -> str:
    """What may tell the rows of a person apart: a column whose heading is like that of raters.

    It continues the sentence that says that there are several; empty if there is no such column.
    """
    if any(column.kind is Kind.RATER for column in columns):
        return ""
    carried = (column.heading for column in columns if column.kind is Kind.CARRIED)
    heading = next(
        (heading for heading in carried if _LIKE_RATER.search(fold_accents(heading))), None
    )
    if heading is None:
        return ""
    return f"; if '{heading}' says who rated, pass --map with '{heading}: {Kind.RATER}'"
