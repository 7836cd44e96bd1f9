"""Sniff a table: its encoding, delimiter, header row and columns, whatever kind of file it is."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections import deque
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.cells import CellReader
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import FAR, MAX_COLUMNS
from pmo_path.domain.diagnostics import in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.readers.files import LONGEST, PARQUET, ZIP, signature_of, unusable
from pmo_path.readers.table.columns import match
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.csv_records import (
    IN_TEXTS,
    RARE,
    Record,
    declared_delimiter,
    delimiter_of,
    is_regular,
    lines_of,
    records_of,
    separated_by,
)
from pmo_path.readers.table.encoding import not_decoded, text_of
from pmo_path.readers.table.header_row import (
    SEARCHED_ROWS,
    Cells,
    Header,
    find_header_row,
    level_test,
    line_of_names,
    rates_somebody,
    sample_rows,
)
from pmo_path.readers.table.rejects_file import refuse_rejects
from pmo_path.readers.table.sheet import Kind, Sheet, few, of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.readers.files import Signature
    from pmo_path.readers.table.encoding import Source, Text
    from pmo_path.readers.table.header_row import HeaderRow
    from pmo_path.readers.table.sheet import SheetOptions
    from pmo_path.readers.table.xlsx import Table

OF_ANOTHER_SHEET = frozenset(
    {Code.NO_RATING_COLUMN, Code.NOT_A_SHEET, Code.TRANSPOSED_SHEET, Code.AMBIGUOUS_RATING_COLUMN}
)
"""Problems of a sheet of a workbook that may be there for something else; the next one is tried."""
SAMPLE_BYTES = 1 << 16
_MOST_SHOWN = 5
"""Sheets of a workbook that a notice names."""
_MOST_BLANK_ROWS = 10_000
"""Rows among which the headings are looked for, if they are nearly all blank."""


class _SheetStart(NamedTuple):
    """The first rows of a sheet of a workbook."""

    table: Table
    rows: list[Record]
    header: HeaderRow | None
    rates_somebody: bool


class Sniffer(ABC):
    """Finds the header and the columns of a table; subclasses take its rows."""

    def __init__(
        self, source: Source, name: str, framework: Framework, options: SheetOptions
    ) -> None:
        self._source, self._name, self._options = source, name, options
        self._names = Names(framework, options.mapping)
        self._reader = CellReader.of(framework, options.values)
        self._is_level = level_test(self._reader)
        self._text: Text | None = None

    def sheet(self) -> Sheet:
        """Sniff the file. Raises InputInvalid with everything that is wrong."""
        try:
            with self._source() as stream:
                start = stream.read(LONGEST)
        except OSError as error:
            raise unusable(
                Code.UNREADABLE, self._name, f"it cannot be read: {error.strerror}"
            ) from None
        signature = signature_of(start)
        readers: dict[Signature | None, Callable[[], Sheet]] = {
            ZIP: self._of_workbook,
            PARQUET: self._of_parquet,
        }
        if self._options.sheet is not None and signature is not ZIP:
            raise UsageProblem("--sheet is for workbooks")
        if signature in readers and (self._options.encoding or self._options.delimiter):
            raise UsageProblem("--encoding and --delimiter are for text")
        return readers.get(signature, self._of_text)()

    @abstractmethod
    def _take(self, records: Iterable[Record], sheet: Sheet, *, is_clean: bool) -> Sheet:
        """Take the rows below the header; `is_clean` where the engine can read the file itself."""

    @abstractmethod
    def _of_parquet(self) -> Sheet:
        """The sheet in a Parquet file."""

    # --- File types -------------------------------------------------------------------------

    def _of_text(self) -> Sheet:
        self._text = text = text_of(self._source, self._name, self._options.encoding)
        try:
            return self._of_decoded(text)
        except UnicodeError as error:
            hint = "name another --encoding, or save it as UTF-8"
            raise not_decoded(error, text, self._name, hint) from None

    def _of_decoded(self, text: Text) -> Sheet:
        delimiter = self._delimiter(text)
        with self._opened(text) as stream:
            records = records_of(lines_of(stream, self._name), delimiter, self._name)
            start = self._start(records)
            header = self._checked(self._find_header(start), start)
            first = self._first_rows(start, header, records)
            below = chain(first.records, records)
            self._check_quotes(start, header)
            how = f"read as {separated_by(delimiter)}, {text.shown}"
            is_expected = self._options.is_ratings_file and text.shown == "UTF-8"
            remarks = header.remarks if is_expected else (how, *header.remarks)
            sheet = self._matched_headings(header.cells, header.line, first, remarks)
            sheet = sheet._replace(
                delimiter=delimiter,
                crlf=text.crlf,
                skip=header.line,
                sample=_sample(start, header, sheet),
            )
            is_clean = text.is_clean and len(sheet.columns) > 1 and not delimiter.isalnum()
            return self._take(_below(below, header), sheet, is_clean=is_clean)

    def _of_workbook(self) -> Sheet:
        from pmo_path.readers.table.xlsx import opened, sheets_of  # noqa: PLC0415  slow to load
        from pmo_path.readers.table.xlsx_layout import LaidOutRows  # noqa: PLC0415  slow to load

        with self._source() as stream, opened(stream, self._name) as workbook:
            first_problem: InputInvalid | None = None
            starts = self._likeliest_first(sheets_of(workbook, self._name, self._options.sheet))
            for start in starts:
                table = start.table
                self._check_width(start)
                try:
                    header = self._checked(start.header, start.rows)
                    first = self._first_rows(start.rows, header, table.rows)
                    header = _padded_header(header, first.records)
                    remarks = (f"read sheet '{table.title}' of the workbook", *header.remarks)
                    sheet = self._matched_headings(header.cells, header.line, first, remarks)
                    sheet = sheet._replace(title=table.title)
                except InputInvalid as problem:
                    if not {known.code for known in problem.diagnostics} <= OF_ANOTHER_SHEET:
                        raise
                    first_problem = first_problem or problem
                    continue
                laid_out = LaidOutRows(table.layout, sheet.columns, header.line, self._name)
                rows = laid_out.rows(chain(first.records, table.rows))
                filled = _below(_padded_rows(rows, len(sheet.columns)), header)
                sheet = self._take(filled, sheet, is_clean=False)
                others = self._other_sheets(starts)
                notices = (*sheet.notices, *laid_out.notices(table.title), *others)
                return sheet._replace(notices=notices)
        raise first_problem or unusable(Code.NOT_A_SHEET, self._name, "the workbook has no sheet")

    def _other_sheets(self, others: Iterable[_SheetStart]) -> Iterator[str]:
        """Yield a notice of further sheets with ratings."""
        titles: list[str] = []
        # A sheet that is broken was not to be read anyway.
        with suppress(InputInvalid):
            for start in others:
                if start.rates_somebody:
                    titles.append(f"'{start.table.title}'")  # noqa: PERF401  an error ends it
        shown = few(titles, _MOST_SHOWN)
        noun = "sheet" if len(titles) == 1 else "sheets"
        if titles and self._options.is_ratings_file:
            yield f"did not read {noun} {shown}; save the sheet that counts as a file of its own"
        elif titles:
            verb, which = ("lists", "it") if len(titles) == 1 else ("list", "one")
            yield (
                f"did not read {noun} {shown}, which also {verb} people; "
                f"use --sheet to choose {which}"
            )

    def _likeliest_first(self, tables: Iterable[Table]) -> Iterator[_SheetStart]:
        """Yield the start of each sheet of a workbook; those without ratings come last.

        A sheet that explains the ratings names competences, too, and may come first.
        """
        others = []
        for table in tables:
            rows = self._start(table.rows)
            header = self._find_header(rows)
            start = _SheetStart(table, rows, header, self._rates_somebody(header))
            if start.rates_somebody:
                yield start
            else:
                others.append(start)
        yield from others

    def lines(self) -> list[str]:
        """The lines of a text file for messages to quote; no lines of a workbook."""
        if self._text is None:
            return []
        with suppress(InputInvalid, UnicodeError), self._opened(self._text) as stream:
            return [line.rstrip("\r\n") for line in lines_of(stream, self._name)]
        return []

    # --- Steps ----------------------------------------------------------------------------------

    def _opened(self, text: Text) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            self._source(), encoding=text.codec, errors=text.errors, newline=""
        )

    def _delimiter(self, text: Text) -> str:
        if self._options.delimiter is not None:
            return self._options.delimiter
        with self._opened(text) as stream:
            sample = stream.read(SAMPLE_BYTES)
        lines = sample.splitlines(keepends=True)
        if len(sample) == SAMPLE_BYTES and len(lines) > 1:
            lines.pop()  # it may be cut
        declared = declared_delimiter(lines)
        if declared:
            return declared
        usual = delimiter_of(lines, self._name)
        if self._is_known(lines, usual):
            return usual
        is_table = is_regular(lines, usual)
        rare = (
            delimiter
            for delimiter in RARE
            if is_regular(lines, delimiter)
            and not (is_table and delimiter in IN_TEXTS)
            and self._is_known(lines, delimiter)
        )
        return next(rare, usual)

    def _is_known(self, lines: Sequence[str], delimiter: str) -> bool:
        """Whether a delimiter gives known headings."""
        records = islice(records_of(lines, delimiter), SEARCHED_ROWS)
        return line_of_names(records, self._names, self._is_level) is not None

    def _start(self, records: Iterator[Record]) -> list[Record]:
        """The rows to search for the header: down to the line in the options, if there is one."""
        line = self._options.heading_line
        if line is None:
            return _first_filled(records)
        first = list(islice(records, 1))
        last: deque[Record] = deque(maxlen=SEARCHED_ROWS)
        for record in chain(first, records):
            last.append(record)
            if record.line >= line:
                break
        return [*(row for row in first if row not in last), *last]

    def _first_rows(
        self, start: Sequence[Record], header: HeaderRow, records: Iterator[Record]
    ) -> Cells:
        """The first rows below the header, from `start`, then from `records`."""
        below = [record for record in start if record.line > header.line]
        most = sample_rows(len(header.cells))
        below += islice(records, max(0, most - len(below)))
        return self._cells(below, is_whole=len(below) < most)

    def _cells(self, records: Sequence[Record], *, is_whole: bool) -> Cells:
        return Cells(records, self._reader, is_whole=is_whole)

    def _find_header(self, start: Sequence[Record]) -> HeaderRow | None:
        wide = next((record for record in start if len(record.cells) > FAR), None)
        if wide is not None and wide.line == start[0].line:
            raise self._too_wide(len(wide.cells), wide.line)
        # To look for names in all of its cells would take minutes.
        start = [record for record in start if len(record.cells) <= FAR]
        hint = "" if self._options.is_ratings_file else " (--heading-line names another)"
        line = self._options.heading_line
        return find_header_row(start, self._names, self._is_level, line, hint)

    def _rates_somebody(self, header: HeaderRow | None) -> bool:
        if header is None:
            return False
        needs_person = not self._options.is_ratings_file
        return rates_somebody(header, self._names, self._is_level, needs_person=needs_person)

    def _checked(self, header: HeaderRow | None, start: Sequence[Record]) -> HeaderRow:
        """The header. Raises InputInvalid where there is none, and for that of a rejects file."""
        if header is None:
            line = self._options.heading_line
            message, hint = "the sheet is empty", "export it again"
            if line is not None:
                message = f"there is no header row in line {line}"
                hint = "name another --heading-line"
            raise unusable(Code.NOT_A_SHEET, self._name, message, hint)
        below = (record for record in start if record.line > header.line)
        refuse_rejects(self._name, Record(header.line, list(header.cells)), below)
        return header

    def _check_quotes(self, start: Sequence[Record], header: HeaderRow) -> None:
        """Raise InputInvalid if an open quote spoils the header row."""
        broken = next(
            (record for record in start if record.fault and record.line <= header.line), None
        )
        if broken is not None and not self._names.rated_in(header.cells):
            message = "a quote in the header row is not closed, or has text behind it"
            hint = "close it, or take it out"
            raise unusable(Code.NOT_A_SHEET, self._name, message, hint, broken.line)

    def _matched_headings(
        self, headings: Sequence[str], line: int, first: Cells, remarks: Iterable[str]
    ) -> Sheet:
        """Match the headings of a sheet; `line` is 0 if they are not in a row of it."""
        if len(headings) > MAX_COLUMNS:
            raise self._too_wide(len(headings), line)
        header = Header.of(headings, self._name, line, first)
        matched = match(header, self._names, self._options)
        if matched.problems:
            raise InputInvalid(in_order(matched.problems))
        return Sheet(
            name=self._name,
            names=self._names,
            columns=matched.columns,
            input_headings=tuple(column.heading for column in matched.columns),
            layout=matched.layout,
            values=self._options.values,
            remarks=(*remarks, *matched.remarks),
            notices=matched.notices,
            heading_line=line,
            unnamed=matched.unnamed,
        )

    def _check_width(self, start: _SheetStart) -> None:
        """Raise InputInvalid for a sheet with ratings that is too wide, before another is tried."""
        header = start.header
        if header is not None and start.rates_somebody:
            below = [record for record in start.rows if record.line > header.line]
            columns = len(_padded_header(header, below).cells)
            if columns > MAX_COLUMNS:
                raise self._too_wide(columns, header.line, start.table.title)

    def _too_wide(self, columns: int, line: int, title: str = "") -> InputInvalid:
        sheet = f"sheet '{title}' has " if title else ""
        message = f"{sheet}{columns:,} columns, more than the {MAX_COLUMNS:,} that can be read"
        hint = (
            "take out those that are not needed, or give a row for each rating, with the columns "
            "person, competence and rating"
        )
        return unusable(Code.NOT_A_SHEET, self._name, message, hint, line)


def _below(records: Iterable[Record], header: HeaderRow) -> Iterator[Record]:
    return (record for record in records if record.line > header.line)


def _first_filled(records: Iterable[Record]) -> list[Record]:
    """The first rows from the first filled one on, with blank ones in between."""
    start: list[Record] = []
    filled = 0
    for record in islice(records, _MOST_BLANK_ROWS):
        filled += not record.is_blank
        if filled:
            start.append(record)
        if filled == SEARCHED_ROWS:
            break
    return start


def _sample(start: Sequence[Record], header: HeaderRow, sheet: Sheet) -> frozenset[str]:
    """Texts in the rating columns of the first rows."""
    rated = of_kind(sheet.columns, Kind.RATING)
    rows = (record.cells for record in start if record.line > header.line and not record.fault)
    return frozenset(cells[index] for cells in rows for index in rated if index < len(cells))


def _padded_header(header: HeaderRow, rows: Sequence[Record]) -> HeaderRow:
    """The header row of a workbook's table, padded to the width of its rows."""
    width = max((len(row.cells) for row in rows), default=0)
    missing = width - len(header.cells)
    return header._replace(cells=(*header.cells, *[""] * missing))


def _padded_rows(records: Iterable[Record], width: int) -> Iterator[Record]:
    """Yield the rows of a workbook, which end at their last filled cell, padded to a width."""
    for record in records:
        missing = width - len(record.cells)
        yield record._replace(cells=record.cells + [""] * missing) if missing > 0 else record
