"""The keys that identify people, roles and raters in a sheet.

A person or rater is identified by the cell's text, ignoring case, surrounding spaces and Unicode
composition; a role by its id. `docs/batch.md` documents this.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.domain.names import fold_accents
from pmo_path.readers.table.sheet import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


UNNAMED_KEYS = ("", "anonymous")
"""Keys of rows without a name; each such row is a separate person."""

_DITTO = ("do.", "dito", "ditto", "idem", "々", "同上")
"""Words for "as above"; marks such as `"` are recognised by having no letter."""
_LONGEST_DITTO = 12
"""Bytes of the longest of them, with a few surrounding spaces."""
_LETTER = re.compile("[^\\W_]|[\u00a1-\u00bf]")
"""A letter, a digit, or a symbol that appears when letters are decoded with the wrong encoding."""

_LIKE_RATER = re.compile(
    r"\b(reviewer|evaluator|respondent|relationship|perspective|rated by|reviewed by|assessed by)\b"
    r"|\b(review|reviewer|rating|rater|assessment|evaluation|feedback|respondent) (type|source)\b"
    r"|^(source|type of (review|rating|assessment|feedback)|quelle|bewerter)$"
)
"""Headers of columns that may name the rater."""


def identity_key(value: str) -> str:
    """The key of a person or rater, from the cell's text."""
    return unicodedata.normalize("NFC", value.strip()).lower()


def identity_key_sql(value: str) -> str:
    """SQL for the `identity_key` of the SQL text `value`."""
    return f"lower(nfc_normalize(trim(coalesce({value}, ''))))"


def is_nameless(value: str) -> bool:
    """Whether a text is not a name: it has no letter or digit, or means "as above"."""
    return _LETTER.search(value) is None or identity_key(value) in _DITTO


def is_nameless_sql(value: str) -> str:
    """SQL for whether the SQL text `value` is empty or `is_nameless`; never null."""
    # Only what begins with neither a letter nor a digit of ASCII can be a mark.
    mark = f"({value} < '0' OR {value} > 'z' OR {value} BETWEEN ':' AND '@' OR {value} BETWEEN '[' AND 'a')"
    marks = ", ".join(map(text, _DITTO))
    return (
        rf"({value} IS NULL OR ({mark} AND NOT regexp_matches({value}, '[\p{{L}}\p{{N}}\x{{a1}}-\x{{bf}}]')) "
        f"OR (strlen({value}) <= {_LONGEST_DITTO} AND lower(trim({value})) IN ({marks})))"
    )


def is_mark_sql(value: str) -> str:
    """SQL for whether a text is nameless but not empty."""
    return f"(trim(coalesce({value}, '')) <> '' AND {is_nameless_sql(value)})"


def keys_sql(columns: Sequence[Column], spellings: Mapping[str, str]) -> dict[Kind, str]:
    """SQL for the identity keys of a row, by kind of column, in a table of cells `f0`, `f1` and so on.

    `spellings` maps each text in the role column to the role's id.
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
    """SQL for whether a person key names somebody."""
    return f"{key} NOT IN ({', '.join(map(text, UNNAMED_KEYS))})"


def distinct_key_sql(key: str) -> str:
    """SQL for a person key that is unique for each row without a name."""
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
    """A hint to map a column that looks like the rater column; or an empty text.

    It continues a sentence about several rows of a person.
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
