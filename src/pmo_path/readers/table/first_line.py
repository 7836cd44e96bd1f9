"""Guess what a table contains from its first line, without a framework."""

from __future__ import annotations

import csv
from contextlib import suppress
from typing import TYPE_CHECKING

from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATING_HEADINGS,
    REJECT_SOURCE,
    FitColumn,
)
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = ",;\t|"
_PERSON = "person"
_OF_RESULTS = frozenset(FitColumn) - {FitColumn.MUST_HAVES_MISSING, FitColumn.TOP_GAPS}
"""The columns that brief results have too."""


def is_like_ratings(text: str) -> bool:
    """Whether the header has a column for the competence and one for its rating."""
    return _ratings_header(text) is not None


def is_like_people(text: str) -> bool:
    """Whether the header has a column for a person, and others."""
    return any(
        len(header) > 1 and not header.isdisjoint(PERSON_HEADINGS)
        for header in _folded_headers(text)
    )


def is_like_rejects(text: str) -> bool:
    """Whether the header has a column of a rejects file."""
    return any(not set(REJECT_SOURCE).isdisjoint(cells) for _, cells in _headers(text))


def is_like_results(text: str) -> bool:
    """Whether the header has the columns of results."""
    return any(set(cells) >= _OF_RESULTS for _, cells in _headers(text))


def has_ratings_heading(text: str) -> bool:
    """Whether the header has a column for the competence or one for its rating."""
    headings = {*COMPETENCE_HEADINGS, *RATING_HEADINGS}
    return any(not headings.isdisjoint(header) for header in _folded_headers(text))


def rates_many_people(text: str) -> bool:
    """Whether a table with a row for each rating names more than one person."""
    header = _ratings_header(text)
    if header is None or _PERSON not in header[1]:
        return False
    delimiter, names = header
    index = names.index(_PERSON)
    rows = csv.reader(text.lstrip().splitlines(keepends=True)[1:], delimiter=delimiter)
    with suppress(csv.Error):
        people = {fold(row[index]) for row in rows if len(row) > index}
        return len(people - {""}) > 1
    return False


def _ratings_header(text: str) -> tuple[str, list[str]] | None:
    """The delimiter and the headings of a table with a row for each rating."""
    for delimiter, cells in _headers(text):
        names = [fold(cell) for cell in cells]
        if not any(
            set(names).isdisjoint(known) for known in (COMPETENCE_HEADINGS, RATING_HEADINGS)
        ):
            return delimiter, names
    return None


def _folded_headers(text: str) -> Iterator[set[str]]:
    return (set(map(fold, cells)) for _, cells in _headers(text))


def _headers(text: str) -> Iterator[tuple[str, list[str]]]:
    """The cells of the first line that is not blank, for each delimiter that may separate them."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        with suppress(csv.Error):  # a line too long for a cell
            yield delimiter, next(csv.reader([line], delimiter=delimiter), [])
