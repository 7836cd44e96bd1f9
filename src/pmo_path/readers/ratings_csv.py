"""Two-column CSV ratings (`competence,rating`, and evidence if wanted) as a document."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATING_HEADINGS,
    REJECT_SOURCE,
    FitColumn,
)
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.names import fold
from pmo_path.readers.files import unreadable
from pmo_path.readers.parsed import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.diagnostics import Path

_YEAR = re.compile("[0-9]{1,9}")
_DELIMITERS = ",;\t|"
_REQUIRED = ("competence", "rating")
_PERSON = "person"
_OPTIONAL = ("evidence", "year", "confidence")
_SPEAKS = frozenset({*COMPETENCE_HEADINGS, *RATING_HEADINGS})
_OF_RESULTS = frozenset(FitColumn) - {FitColumn.MUST_HAVES_MISSING, FitColumn.TOP_GAPS}
"""What brief results have too."""
_HINT = "the first line names the columns: competence,rating"
_OR_PEOPLE = f"{_HINT}; a sheet of people is for 'pmo-path batch'"


class RowPlaces(NamedTuple):
    """Places of a table: the row of each competence."""

    file: str
    lines: list[str]
    rows: Mapping[str, int]

    def place(self, path: Path, *, at_key: bool = False) -> Place:  # noqa: ARG002
        label = str(path[1]) if len(path) > 1 else ""
        return Place(self.file, self.rows.get(label, 1), 1)

    def depth_of(self, path: Path) -> int:
        return len(path)

    def line(self, place: Place) -> str:
        return _line(self.lines, place.line)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the column names, if `line` is the header of a ratings table."""
    for delimiter, cells in _split(line):
        names = [cell.strip().casefold() for cell in cells]
        if all(name in names for name in _REQUIRED):
            return delimiter, names
    return None


def _split(line: str) -> Iterator[tuple[str, list[str]]]:
    """The cells of a line, for each of the delimiters that part it."""
    for delimiter in _DELIMITERS:
        with suppress(csv.Error):  # a line too long for a cell
            yield delimiter, next(csv.reader([line], delimiter=delimiter), [])


def looks_like_csv(text: str) -> bool:
    """Whether the first line with anything in it is the header of a ratings table."""
    return _header(_first_line(text)) is not None


def looks_like_people(text: str) -> bool:
    """Whether the first line with anything in it is the header of a sheet of people."""
    return any(
        len(cells) > 1 and not set(PERSON_HEADINGS).isdisjoint(map(fold, cells))
        for _, cells in _split(_first_line(text))
    )


def looks_like_rejects(text: str) -> bool:
    """Whether the first line with anything in it is that of rows which were rejected."""
    return any(not set(REJECT_SOURCE).isdisjoint(cells) for _, cells in _split(_first_line(text)))


def looks_like_results(text: str) -> bool:
    """Whether the first line with anything in it names the figures of results."""
    return any(set(cells) >= _OF_RESULTS for _, cells in _split(_first_line(text)))


def speaks_of_ratings(text: str) -> bool:
    """Whether the first line with anything in it has a heading that one of ratings may have."""
    return any(not _SPEAKS.isdisjoint(map(fold, cells)) for _, cells in _split(_first_line(text)))


def rates_several_people(text: str) -> bool:
    """Whether a ratings table says in each row whose rating it is, and there is more than one."""
    header = _header(_first_line(text))
    if header is None or _PERSON not in header[1]:
        return False
    delimiter, names = header
    rows = csv.reader(text.lstrip().splitlines(keepends=True)[1:], delimiter=delimiter)
    with suppress(csv.Error):
        people = {row[place] for row in rows if len(row) > (place := names.index(_PERSON))}
        return len({fold(one) for one in people} - {""}) > 1
    return False


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def csv_document(text: str, name: str) -> Document:
    """The table as the document that a YAML ratings file would be. Raises InputInvalid."""
    reader = _Reader(text, name)
    ratings = dict(reader.entries())
    places = RowPlaces(name, text.splitlines(), reader.rows)
    return Document({"schema": 1, "ratings": ratings}, places, tuple(reader.found))


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self.rows: dict[str, int] = {}
        self.found: list[Diagnostic] = []
        self._text, self._name = text, name
        self._lines = text.splitlines()

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Competence and rating of each row; what is wrong with a row goes to `found`."""
        lines = self._text.splitlines(keepends=True)
        start = next((place for place, line in enumerate(lines) if line.strip()), None)
        if start is None:
            raise unreadable(self._name, "the file is empty", _HINT, Code.EMPTY_FILE)
        header = _header(lines[start])
        if header is None:
            message = "the columns 'competence' and 'rating' are not there"
            raise InputInvalid((self._problem(Code.MISSING_KEY, start + 1, message, _OR_PEOPLE),))
        delimiter, names = header
        reader = csv.reader(lines[start + 1 :], delimiter=delimiter)
        row_line = start + 2
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield from self._entry(names, row, row_line)
                row_line = start + 2 + reader.line_num
        except csv.Error as error:
            raise InputInvalid(
                (self._problem(Code.SYNTAX, row_line, f"not CSV: {error}"),)
            ) from None

    def _entry(self, names: list[str], row: list[str], line: int) -> Iterator[tuple[str, Any]]:
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            message = f"{len(row)} cells in a row, but {len(names)} columns"
            hint = "put text that holds the separator in quotes"
            self.found.append(self._problem(Code.WRONG_TYPE, line, message, hint))
            return
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        label = cells.get("competence", "")
        if not label:
            self.found.append(self._problem(Code.MISSING_KEY, line, "the competence is missing"))
        elif label in self.rows:
            message = f"'{label}' is rated twice: first in line {self.rows[label]}"
            self.found.append(
                self._problem(Code.DUPLICATE_RATING, line, message, "keep one of the two")
            )
        else:
            self.rows[label] = line
            yield label, self._rating(cells)

    def _rating(self, cells: Mapping[str, str]) -> dict[str, Any]:
        rating: dict[str, Any] = {"level": cells.get("rating", "")}
        for column in _OPTIONAL:
            if value := cells.get(column):
                is_year = column == "year" and _YEAR.fullmatch(value) is not None
                rating[column] = int(value) if is_year else value
        return rating

    def _problem(self, code: Code, line: int, message: str, hint: str = "") -> Diagnostic:
        return Diagnostic(
            place=Place(self._name, line, 1),
            code=code,
            message=message,
            hint=hint,
            source_line=_line(self._lines, line),
        )
