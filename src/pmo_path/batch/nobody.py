"""Rows of a sheet that are no people: sums over the others, and notes below them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.batch.sheet import Column

NO_PERSON = "PMO615"
TOTAL = (
    "this looks like a total of the rows above, not like a person; take the row out, "
    "or write the name in full"
)
NOTE = "without any rating this looks like a note, not like a person; take the row out"
_SUMS = frozenset(
    {
        "average", "averages", "avg", "subtotal", "total", "totals",
        "durchschnitt", "gesamt", "gesamtergebnis", "mittelwert", "moyenne", "promedio", "totale",
    }
)  # fmt: skip
"""Words that say it wherever they begin or end a label, such as `IT Total`."""
_AMONG_SUMS = frozenset(
    {
        "mean", "median", "overall", "sum", "mittel", "mittelwerte", "somme", "summe",
        "ø", "\N{GREEK SMALL LETTER SIGMA}", "∑",
    }
)  # fmt: skip
"""Words that say it among others of these and below, but also stand in names."""
_ALSO_NAMES = frozenset(
    {"count", "max", "maximum", "media", "min", "minimum", "n", "number", "anzahl", "suma"}
)
"""Words that say it beside other such rows or in the last one; people are called Max as well."""
_BESIDE_SUMS = frozenset(
    {
        "all", "company", "department", "employees", "everybody", "everyone", "general", "grand",
        "group", "in", "level", "levels", "of", "participants", "people", "per", "person",
        "persons", "rating", "ratings", "respondents", "responses", "result", "results", "row",
        "rows", "score", "scores", "staff", "std", "team", "the", "value", "values",
        "abteilung", "alle", "aller", "der", "des", "die", "général", "générale", "les", "mitarbeiter",
        "pro", "personen", "von", "wert", "werte",
    }
)  # fmt: skip
_MOST_CARRIED = 4
"""Columns that are looked at where no person is named; a label stands at the left."""
_WORD = re.compile(r"[^\W\d_]+|∑")
_SOME_SUM = "|".join(sorted(_SUMS | _AMONG_SUMS | _ALSO_NAMES))
_NO_LETTER = r"[^\p{L}\p{N}]"
_NOTE = r"^[*†‡§]|:(\s|$)|(\S+\s+){8}"
_A_NOTE = re.compile(_NOTE)


def label_of(columns: Sequence[Column], cells: Sequence[str]) -> tuple[int, str]:
    """The column and the text of the cell that says whose row it is; -1 for none.

    It is the person's cell, or the first that is filled of those that hold no ratings.
    """
    for place in _labelling(columns):
        if place < len(cells) and cells[place].strip():
            return place, cells[place].strip()
    return -1, ""


def is_total(label: str) -> bool:
    """Whether a row with this label surely sums the others up."""
    words = _WORD.findall(label.casefold())
    if not words:
        return False
    if words[0] in _SUMS or words[-1] in _SUMS:
        return True
    return _says_it(words, _AMONG_SUMS)


def may_be_total(label: str) -> bool:
    """Whether a row with this label sums the others up, unless it is a name."""
    words = _WORD.findall(label.casefold())
    return is_total(label) or _says_it(words, _ALSO_NAMES)


def totals_among(labels: Mapping[int, str], last: int) -> set[int]:
    """Which rows sum the others up, by number, of those whose label may say so."""
    return {
        number
        for number, label in labels.items()
        if is_total(label)
        or (may_be_total(label) and (number == last or {number - 1, number + 1} & labels.keys()))
    }


def is_note(label: str) -> bool:
    """Whether a row with this label, and without any rating, is a note."""
    return _A_NOTE.search(label) is not None


def label_sql(columns: Sequence[Column]) -> str:
    """SQL of the label of each row of a table with `f0`, `f1` … for the columns; null for none."""
    cells = [f"f{place}" for place in _labelling(columns)]
    if not cells:
        return "NULL::VARCHAR"
    first, *others = cells
    if not others:
        return first
    # Only what begins with neither a letter nor a digit of ASCII can be blank.
    blank = f"{first} IS NULL OR (({first} < '0' OR {first} > '~') AND trim({first}) = '')"
    filled = ", ".join(f"nullif(trim({one}), '')" for one in others)
    return f"if({blank}, coalesce({filled}), {first})"


def may_be_total_sql(label: str) -> str:
    """SQL that is true of every row that `may_be_total`, and of few others."""
    pattern = f"(^|{_NO_LETTER})({_SOME_SUM})({_NO_LETTER}|$)"
    return f"regexp_matches(lower({label}), {text(pattern)})"


def is_note_sql(label: str) -> str:
    """SQL of what `is_note` says."""
    return f"regexp_matches({label}, {text(_NOTE)})"


def _says_it(words: Sequence[str], what: frozenset[str]) -> bool:
    known = what | _BESIDE_SUMS | _AMONG_SUMS | _SUMS
    return any(one in what for one in words) and all(one in known for one in words)


def _labelling(columns: Sequence[Column]) -> Iterator[int]:
    yield from (place for place, one in enumerate(columns) if one.kind is Kind.PERSON)
    carried = [place for place, one in enumerate(columns) if one.kind is Kind.CARRIED]
    yield from carried[:_MOST_CARRIED]
