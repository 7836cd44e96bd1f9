"""From a file to a sheet whose columns are known."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.headings import Names
from pmo_path.batch.look.columns import is_of_rejects, match, rated_in
from pmo_path.batch.look.copying import copy_rows
from pmo_path.batch.look.delimiter import CANDIDATES, delimiter_of
from pmo_path.batch.look.encoding import text_of
from pmo_path.batch.look.heading import SEARCHED_ROWS, heading_of, is_of_people
from pmo_path.batch.look.problems import unusable
from pmo_path.batch.look.records import Record, records_of
from pmo_path.batch.sheet import Kind, Layout, Sheet
from pmo_path.domain.diagnostics import in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.formulas import as_it_was

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pmo_path.batch.look.encoding import Text
    from pmo_path.batch.look.heading import Heading
    from pmo_path.batch.look.workbook import Table
    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework

NO_RATINGS, NOT_A_SHEET = "PMO603", "PMO605"
SAMPLE_BYTES = 1 << 16
SMALL_BYTES = 200_000
"""Up to here a file is small: some thousands of people."""
MAX_COLUMNS = 1000
"""Columns of a sheet; the engine's time grows with their square."""


class LookOptions(NamedTuple):
    """What the person said of the sheet; the rest is found out."""

    encoding: str | None = None
    delimiter: str | None = None
    layout: Layout | None = None
    sheet: str | None = None
    """The sheet of a workbook."""
    heading_line: int | None = None
    mapping: Mapping[str, str] = {}
    """By heading, or by competence as a long sheet calls it: what it holds."""
    values: Mapping[str, Meaning] = {}
    """What cells with ratings mean that are translated, by what stands in them."""
    has_roles: bool = True
    """Whether a column may name the role of each row."""


def look(
    source: Path, framework: Framework, options: LookOptions, folder: Path, name: str
) -> Sheet:
    """What the sheet at `source` is. What the engine cannot read as it is goes to `folder`.

    Raises InputInvalid with everything that makes the sheet unusable.
    """
    return _Look(source, name, framework, options, folder).sheet()


class _Look:
    def __init__(
        self, source: Path, name: str, framework: Framework, options: LookOptions, folder: Path
    ) -> None:
        self._source, self._name, self._options = source, name, options
        self._framework, self._copy = framework, folder / "sheet.csv"
        self._folder = folder
        self._names = Names(framework, options.mapping)

    def sheet(self) -> Sheet:
        """The sheet, told by the first bytes of its file."""
        try:
            with self._source.open("rb") as stream:
                start = stream.read(4)
        except OSError as error:
            raise unusable("PMO101", self._name, f"it cannot be read: {error.strerror}") from None
        is_workbook = start == b"PK\x03\x04"
        is_text = not is_workbook and start != b"PAR1"
        if self._options.sheet is not None and not is_workbook:
            raise UsageProblem("--sheet is for workbooks")
        if not is_text and (self._options.encoding or self._options.delimiter):
            raise UsageProblem("--encoding and --delimiter are for text")
        if is_text:
            sheet = self._of_text()
        else:
            sheet = self._of_workbook() if is_workbook else self._of_parquet()
        return sheet._replace(is_small=sheet.path.stat().st_size < SMALL_BYTES)

    # --- Kinds of files -------------------------------------------------------------------------

    def _of_text(self) -> Sheet:
        text = text_of(self._source, self._name, self._options.encoding)
        try:
            return self._of_decoded(text)
        except UnicodeError as error:
            # Some codecs raise what does not say where.
            message = f"the bytes are not {text.shown}"
            if isinstance(error, UnicodeDecodeError):
                wrong = error.object[error.start : error.end][:4]
                message = f"the bytes {wrong!r} are not {text.shown}"
            raise unusable(
                "PMO103", self._name, message, "name another --encoding, or save it as UTF-8"
            ) from None

    def _of_decoded(self, text: Text) -> Sheet:
        delimiter = self._delimiter(text)
        with self._opened(text) as stream:
            records = records_of(stream, delimiter)
            start = list(islice(records, SEARCHED_ROWS))
            heading = self._heading(start)
            below: Iterable[Record] = chain(start, records)
            is_clean = text.is_clean
            if is_of_rejects(heading.cells):
                # What was made harmless on its way out is to be what it was.
                heading = heading._replace(cells=tuple(map(as_it_was, heading.cells)))
                below = (one._replace(cells=list(map(as_it_was, one.cells))) for one in below)
                is_clean = False
            shown = CANDIDATES.get(delimiter, f"{delimiter} separated")
            self._check_quotes(start, heading)
            sheet = self._matched(heading, (f"read as {shown}, {text.shown}", *heading.remarks))
            if is_clean and len(sheet.columns) > 1 and not delimiter.isalnum():
                return sheet._replace(
                    path=self._source,
                    delimiter=delimiter,
                    crlf=text.crlf,
                    skip=heading.line,
                    sample=_sample(start, heading, sheet),
                )
            return self._copied(below, heading, sheet)

    def _of_workbook(self) -> Sheet:
        from pmo_path.batch.look.workbook import opened, tables_of  # noqa: PLC0415  slow to load

        with opened(self._source, self._name) as workbook:
            first_problem: InputInvalid | None = None
            tables = tables_of(workbook, self._name, self._options.sheet)
            for table, start in self._likeliest_first(tables):
                try:
                    heading = _over_all(self._heading(start), start)
                    remark = f"read sheet '{table.title}' of the workbook"
                    sheet = self._matched(heading, (remark, *heading.remarks))
                except InputInvalid as problem:
                    if any(
                        one.code not in {NO_RATINGS, NOT_A_SHEET} for one in problem.diagnostics
                    ):
                        raise
                    first_problem = first_problem or problem
                    continue
                rows = _as_wide(chain(start, table.rows), len(sheet.columns))
                return self._copied(rows, heading, sheet)
        raise first_problem or unusable(NOT_A_SHEET, self._name, "the workbook has no sheet")

    def _of_parquet(self) -> Sheet:
        from pmo_path.batch.look.parquet import copy_parquet  # noqa: PLC0415  only for Parquet

        headings = copy_parquet(self._source, self._name, self._copy, self._folder)
        sheet = self._matched_headings(headings, 0, ("read as Parquet",))
        return sheet._replace(path=self._copy, is_copy=True, quoted=True)

    def _likeliest_first(self, tables: Iterable[Table]) -> Iterator[tuple[Table, list[Record]]]:
        """Each sheet of a workbook and its first rows; those that rate no person come last.

        A page that explains a sheet names competences too, and may stand before it.
        """
        others = []
        for table in tables:
            start = list(islice(table.rows, SEARCHED_ROWS))
            heading = heading_of(start, self._names, self._options.heading_line)
            if heading is not None and is_of_people(heading, self._names):
                yield table, start
            else:
                others.append((table, start))
        yield from others

    # --- Steps ----------------------------------------------------------------------------------

    def _opened(self, text: Text) -> io.TextIOWrapper:
        return self._source.open(encoding=text.codec, errors=text.errors, newline="")

    def _delimiter(self, text: Text) -> str:
        if self._options.delimiter is not None:
            return self._options.delimiter
        with self._opened(text) as stream:
            sample = stream.read(SAMPLE_BYTES)
        lines = sample.splitlines(keepends=True)
        if len(sample) == SAMPLE_BYTES and len(lines) > 1:
            lines.pop()  # it may be cut
        first = lines[0].strip().casefold() if lines else ""
        if first.startswith("sep=") and len(first) == len("sep=,"):
            return first[-1]
        by_name = "\t" if self._name.casefold().endswith((".tsv", ".tab")) else ","
        return delimiter_of(lines, by_name)

    def _heading(self, start: Sequence[Record]) -> Heading:
        wanted = self._options.heading_line
        heading = heading_of(start, self._names, wanted)
        if heading is None:
            if wanted is not None:
                message = f"there are no headings in line {wanted}"
                raise unusable(NOT_A_SHEET, self._name, message, "name another --heading-line")
            raise unusable(NOT_A_SHEET, self._name, "the sheet is empty", "export it again")
        return heading

    def _check_quotes(self, start: Sequence[Record], heading: Heading) -> None:
        """Raises InputInvalid where a quote makes a single cell of what must be the headings."""
        broken = next((one for one in start if one.fault and one.line <= heading.line), None)
        if broken is not None and not rated_in(heading.cells, self._names):
            message = "a quote in the headings is not closed, or has text behind it"
            hint = "close it, or take it out"
            raise unusable(NOT_A_SHEET, self._name, message, hint, broken.line)

    def _matched(self, heading: Heading, remarks: Iterable[str]) -> Sheet:
        return self._matched_headings(heading.cells, heading.line, remarks)

    def _matched_headings(self, cells: Sequence[str], line: int, remarks: Iterable[str]) -> Sheet:
        if len(cells) > MAX_COLUMNS:
            message = f"{len(cells):,} columns are more than the {MAX_COLUMNS:,} that can be read"
            raise unusable(NOT_A_SHEET, self._name, message, "take out those that are not needed")
        matched = match(
            cells,
            self._framework,
            self._names,
            self._name,
            line,
            layout=self._options.layout,
            has_roles=self._options.has_roles,
        )
        if matched.problems:
            raise InputInvalid(in_order(matched.problems))
        return Sheet(
            name=self._name,
            names=self._names,
            path=self._source,
            delimiter=",",
            columns=matched.columns,
            input_headings=tuple(one.heading for one in matched.columns),
            layout=matched.layout,
            values=self._options.values,
            remarks=(*remarks, *matched.remarks),
        )

    def _copied(self, records: Iterable[Record], heading: Heading, sheet: Sheet) -> Sheet:
        below = (one for one in records if one.line > heading.line)
        copied = copy_rows(below, sheet.columns, self._copy)
        return sheet._replace(
            path=self._copy,
            is_copy=True,
            crlf=True,
            quoted=copied.quoted,
            rejects=copied.rejects,
            raw_rejects=copied.raw_rejects,
            sample=copied.sample,
        )


def _sample(start: Sequence[Record], heading: Heading, sheet: Sheet) -> frozenset[str]:
    """Texts in the rating columns of the first rows."""
    rated = [place for place, one in enumerate(sheet.columns) if one.kind is Kind.RATING]
    rows = (one.cells for one in start if one.line > heading.line and not one.fault)
    return frozenset(cells[place] for cells in rows for place in rated if place < len(cells))


def _over_all(heading: Heading, start: Sequence[Record]) -> Heading:
    """The headings of a workbook's table, with empty ones over columns that have none."""
    width = max(len(one.cells) for one in start if one.line >= heading.line)
    missing = width - len(heading.cells)
    return heading._replace(cells=(*heading.cells, *[""] * missing))


def _as_wide(records: Iterable[Record], width: int) -> Iterator[Record]:
    """Rows of a workbook, which end with their last filled cell, filled up to the width."""
    for record in records:
        missing = width - len(record.cells)
        yield record._replace(cells=record.cells + [""] * missing) if missing > 0 else record
