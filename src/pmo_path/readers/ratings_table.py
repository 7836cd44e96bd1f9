"""Read a table of one person's ratings as the document that a YAML ratings file would be."""

from __future__ import annotations

import datetime
import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.names import fold
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import answers_hint, level_named
from pmo_path.readers.files import problem
from pmo_path.readers.filetype import FileType, refuse, wrong_file
from pmo_path.readers.parsed import ParsedFile
from pmo_path.readers.table.normalise import shifted_reason, surplus_of, wrong_cells
from pmo_path.readers.table.sheet import Kind as ColumnKind
from pmo_path.readers.table.sheet import SheetOptions
from pmo_path.readers.table.sniffer import Sniffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.sheet import Sheet

_DATE_HEADINGS = ("date", "assessment date")
_DETAILS = ("evidence", "year", "confidence")
"""Columns beside the rating of a row."""
_YEAR = re.compile("[0-9]{1,9}")
_COLUMNS = "the first line names the columns: competence,rating"
_HINTS = {
    Code.NO_RATING_COLUMN: f"{_COLUMNS}; a sheet of people is for 'pmo-path batch'",
    Code.INVALID_CHARACTERS: "save the file again as UTF-8",
    Code.EMPTY_FILE: _COLUMNS,
}
_WITH_OPTIONS = (
    "name the columns 'competence' and 'rating'; 'pmo-path batch' has options for other tables: "
    "--map, --heading-line and --delimiter"
)


class RowPositions(NamedTuple):
    """Positions in a table: the row of each competence."""

    file: str
    lines: Sequence[str]
    """The lines of the file; empty for a workbook."""
    rows: Mapping[str, int]
    """The line of each competence, as the table calls it."""

    def position(self, path: Path, *, at_key: bool = False) -> Place:  # noqa: ARG002
        label = str(path[1]) if len(path) > 1 else ""
        return Place(self.file, self.rows.get(label, 1), 1)

    def depth_of(self, path: Path) -> int:
        return len(path)

    def line(self, position: Place) -> str:
        return self.lines[position.line - 1] if 0 < position.line <= len(self.lines) else ""


def ratings_table(content: bytes, name: str, framework: Framework) -> ParsedFile:
    """The document in the bytes of a table. Raises InputInvalid, also for ratings of many people."""
    sniffer = _RatingsSniffer(content, name, framework)
    try:
        sheet = sniffer.sheet()
    except InputInvalid as error:
        if error.diagnostics[0].code == Code.REJECTS_MISMATCH:
            refuse(FileType.REJECTS, FileType.RATINGS, name)
        lines = sniffer.lines()
        diagnostics = (_explained(diagnostic, lines) for diagnostic in error.diagnostics)
        raise InputInvalid(tuple(diagnostics)) from None
    return _Reader(sheet, sniffer.rows, sniffer.lines(), framework).document()


def _explained(diagnostic: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    """A mistake of a table in terms of a ratings file, for which there are no options."""
    diagnostic = _with_source_line(diagnostic, lines)
    hint = _HINTS.get(diagnostic.code)
    if hint is None:
        hint = _WITH_OPTIONS if "--" in diagnostic.hint else diagnostic.hint
    if diagnostic.code == Code.NO_RATING_COLUMN:
        message = "the columns 'competence' and 'rating' are not there"
        diagnostic = diagnostic._replace(code=Code.MISSING_KEY, message=message)
    return diagnostic._replace(hint=hint)


class _RatingsSniffer(Sniffer):
    """Keeps the rows: there are few."""

    def __init__(self, content: bytes, name: str, framework: Framework) -> None:
        options = SheetOptions(is_ratings_file=True)
        super().__init__(lambda: io.BytesIO(content), name, framework, options)
        self.rows: list[Record] = []

    def _take(self, records: Iterable[Record], sheet: Sheet, *, is_clean: bool) -> Sheet:  # noqa: ARG002
        self.rows = [row for row in records if not row.is_blank]
        return sheet

    def _of_parquet(self) -> Sheet:
        raise wrong_file(FileType.PARQUET, FileType.RATINGS, self._name)


class _Reader:
    """Reads the rows of a sniffed table."""

    def __init__(
        self, sheet: Sheet, rows: list[Record], lines: list[str], framework: Framework
    ) -> None:
        self._sheet, self._framework = sheet, framework
        self._rows, self._lines = rows, lines
        self._indices: dict[str, int] = {}
        for index, column in enumerate(sheet.columns):
            self._indices.setdefault(column.kind, index)
        for index, column in enumerate(sheet.columns):
            self._indices.setdefault(fold(column.heading), index)
        self._line_of: dict[str, int] = {}
        self._diagnostics: list[Diagnostic] = []
        self._notes = [*sheet.remarks, *sheet.notices]

    def document(self) -> ParsedFile:
        """The document with all mistakes in its rows. Raises InputInvalid for many people."""
        self._check_is_of_one()
        is_long = self._sheet.layout is Layout.LONG
        entries = dict(self._long_entries() if is_long else self._wide_entries())
        data = {"schema": 1, **self._facts(), "ratings": entries}
        positions = RowPositions(self._sheet.name, self._lines, self._line_of)
        line = max(1, self._sheet.heading_line)
        return ParsedFile(
            data,
            positions,
            tuple(self._diagnostics),
            is_table=True,
            is_of_people=ColumnKind.PERSON in self._indices and (not is_long or self._is_wider()),
            notes=tuple((line, note) for note in self._notes),
        )

    def _is_wider(self) -> bool:
        """Whether there are columns that a ratings file has no key for."""
        keys = {*_DATE_HEADINGS, *_DETAILS}
        carried = (
            column.heading
            for column in self._sheet.columns
            if column.kind is ColumnKind.CARRIED and column.heading
        )
        return any(fold(heading) not in keys for heading in carried)

    def _check_is_of_one(self) -> None:
        is_wide = self._sheet.layout is Layout.WIDE
        is_of_people = is_wide and ColumnKind.PERSON in self._indices
        line = self._sheet.heading_line
        if is_wide and not self._rows and not is_of_people:
            message = "there are no ratings below the headings"
            raise InputInvalid((self._problem(Code.MISSING_KEY, line, message),))
        if len(self._different(ColumnKind.PERSON)) > 1 or (is_wide and len(self._rows) != 1):
            refuse(FileType.PEOPLE, FileType.RATINGS, self._sheet.name)
        raters = self._different(ColumnKind.RATER)
        if len(raters) > 1:
            message = f"the column of raters names more than one: '{raters[0]}' and '{raters[1]}'"
            hint = "save a file for each rater, or combine them with 'pmo-path batch'"
            raise InputInvalid((self._problem(Code.WRONG_FILE_TYPE, line, message, hint),))

    def _facts(self) -> dict[str, Any]:
        """The person, rater, date and role, as far as all rows agree."""
        person = self._only(ColumnKind.PERSON)
        rater = self._only(ColumnKind.RATER)
        facts = {"person": person, "rater": rater, "target": self._role(), "date": self._date()}
        return {key: fact for key, fact in facts.items() if fact}

    def _role(self) -> str:
        """The id of the target role, or an empty text; a column without one role is noted."""
        roles = self._different(ColumnKind.ROLE)
        names = self._framework.role_names
        role = names.find(roles[0]) if len(roles) == 1 else None
        if roles and role is None:
            suggestion = names.suggest(roles[0])
            hint = f"; {suggestion}" if suggestion else ""
            unknown = f"'{roles[0]}' is not a role of the framework{hint}"
            heading = self._sheet.columns[self._indices[ColumnKind.ROLE]].heading
            self._note_unused(heading, roles, "roles", unknown)
        return role or ""

    def _date(self) -> str:
        """The date of all ratings, or an empty text; a column without one date is noted."""
        for heading in _DATE_HEADINGS:
            dates = self._different(heading)
            with suppress(ValueError):
                if len(dates) == 1:
                    return datetime.date.fromisoformat(dates[0]).isoformat()
            if dates:
                invalid = f"'{dates[0]}' is not a date such as 2026-11-23"
                self._note_unused(heading, dates, "dates", invalid)
        return ""

    def _note_unused(self, heading: str, texts: Sequence[str], noun: str, invalid: str) -> None:
        """Note that a column is not used: its texts differ, or the only one is invalid."""
        reason = invalid
        if len(texts) > 1:
            reason = f"it holds several {noun}, such as '{texts[0]}' and '{texts[1]}'"
        self._notes.append(f"the column '{heading}' is not used: {reason}")

    def _different(self, key: str) -> list[str]:
        """The different texts in a column, where case and the like do not count."""
        index = self._indices.get(str(key))
        cells = (row.cell(index) for row in self._rows if index is not None)
        return list({fold(cell): cell for cell in cells if cell}.values())

    def _only(self, key: str) -> str:
        texts = self._different(key)
        return texts[0] if len(texts) == 1 else ""

    def _long_entries(self) -> Iterator[tuple[str, Any]]:
        competence = self._indices[ColumnKind.COMPETENCE]
        for row in self._rows:
            if not self._is_in_place(row):
                continue
            label = self._label(self._in_domain(row, row.cell(competence)))
            if not label:
                self._add(Code.MISSING_KEY, row.line, "the competence is missing")
            elif label in self._line_of:
                message = f"'{label}' is rated twice: first in line {self._line_of[label]}"
                self._add(Code.DUPLICATE_RATING, row.line, message, "keep one of the two")
            else:
                self._line_of[label] = row.line
                yield label, self._rating(row)

    def _is_in_place(self, row: Record, *, is_wide: bool = False) -> bool:
        """Whether no cell is beyond the last column; if not, adds why.

        In a wide table, none may be in another's column either, as `batch` requires too.
        """
        count, width = len(row.cells), len(self._sheet.columns)
        code, reason, hint = Code.WRONG_TYPE, "", ""
        if row.fault:
            code, reason = Code.SYNTAX, row.fault
        elif any(cell.strip() for cell in row.cells[width:]):
            reason = f"{count} cells in a row, but {width} columns"
            hint = "put text that holds the separator in quotes"
        elif is_wide and count < width:
            reason = wrong_cells(count, width)
        elif is_wide and surplus_of(row.cells, width).is_shifted:
            reason = shifted_reason(width)
        if reason:
            self._add(code, row.line, reason, hint)
        return not reason

    def _in_domain(self, row: Record, text: str) -> str:
        """The name of a row's competence, with the row's domain where that settles it."""
        domain = self._indices.get(ColumnKind.DOMAIN)
        return text if domain is None else self._sheet.names.in_domain(row.cell(domain), text)

    def _label(self, text: str) -> str:
        """The name of a competence; its id if the table spells the name without accents."""
        if self._framework.competence_names.find(text) is None:
            return self._sheet.names.find(text) or text
        return text

    def _rating(self, row: Record) -> dict[str, Any]:
        rating: dict[str, Any] = {"level": row.cell(self._indices[ColumnKind.RATING])}
        for key in _DETAILS:
            index = self._indices.get(key)
            if index is not None and (text := row.cell(index)):
                is_year = key == "year" and _YEAR.fullmatch(text) is not None
                rating[key] = int(text) if is_year else text
        return rating

    def _wide_entries(self) -> Iterator[tuple[str, Any]]:
        (row,) = self._rows
        if not self._is_in_place(row, is_wide=True):
            return
        for index, column in enumerate(self._sheet.columns):
            if column.kind is not ColumnKind.RATING:
                continue
            text = row.cell(index)
            if text and level_named(self._framework, text) is None:
                message = f"'{column.heading}' is '{text}', which is not a level of the scale"
                hint = answers_hint(self._framework)
                self._add(Code.RATING_OFF_SCALE, row.line, message, hint)
                continue
            self._line_of[column.competence] = row.line
            yield column.competence, text

    def _add(self, code: Code, line: int, message: str, hint: str = "") -> None:
        self._diagnostics.append(self._problem(code, line, message, hint))

    def _problem(self, code: Code, line: int, message: str, hint: str = "") -> Diagnostic:
        diagnostic = problem(code, self._sheet.name, message, hint, line)
        return _with_source_line(diagnostic, self._lines)


def _with_source_line(diagnostic: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    line = diagnostic.place.line
    return (
        diagnostic._replace(source_line=lines[line - 1]) if 0 < line <= len(lines) else diagnostic
    )
