"""Read a wide sheet into the people table, and reject rows with wrong cells or invalid ratings."""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from pmo_path.batch.engine import enum_members, text
from pmo_path.batch.people_table import PEOPLE, PeopleTable, label_of, record_of
from pmo_path.batch.rating_cells import (
    LevelWords,
    check_unnamed,
    level_words_of,
    off_scale_reason,
    people_columns_sql,
)
from pmo_path.batch.summary_rows import summary_row_reason
from pmo_path.domain.cells import CellReader, Doubt, doubts_shown, unused_shown
from pmo_path.domain.codes import Code
from pmo_path.domain.limits import (
    MANY_COLUMNS,
    MAX_REJECTED_ROWS,
    MAX_SPELLINGS,
    MAX_WIDE_CELLS,
    MAX_WRONG_CELLS,
)
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.files import unusable
from pmo_path.readers.table.normalise import (
    SurplusCells,
    shifted_reason,
    surplus_of,
    too_many_cells,
    without_empty_ends,
    wrong_cells,
)
from pmo_path.readers.table.rejected_rows import WHOLE_ROW, Rejections, Row, RowReason
from pmo_path.readers.table.sheet import Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.domain.framework import Framework

_TOO_LONG = "the row is longer than the engine reads, about 2 million characters"
_MISFIT = "misfit"
"""The column that marks rows with a cell that is not a known rating text."""
_CHUNK = 1 << 20
_REMEMBERED = 100_000
_MORE = 8
"""Factor by which more rows are searched after unusual texts were found."""
_SOME = 5000
"""Rejected rows that are searched for unusual texts first."""


def stage(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read a wide sheet into the table `people`.

    The engine matches rating cells with known texts. Rows with other texts are checked by
    `CellReader`, which decides: if it knows a text, the text is added and the sheet is read again.
    """
    has_surplus = check_lines(sheet)
    staged = _with_cells(PeopleTable.empty(connection, sheet, framework))
    check_unnamed(staged)
    lines = shifted_lines(staged, has_surplus=has_surplus)
    reason = RowReason(WHOLE_ROW, Code.ROW_SHAPE, shifted_reason(len(sheet.columns)))
    return staged.reject(dict.fromkeys(staged.numbers_at(lines), reason))


def _with_cells(staged: PeopleTable) -> PeopleTable:
    """Fill the table, and reject rows with wrong cells."""
    sheet, rejections = staged.sheet, staged.rejections
    reader = CellReader.of(staged.framework, sheet.values)
    is_known = lru_cache(_REMEMBERED)(lambda cell: reader.meaning(cell) is not None)
    seen, some = set(sheet.sample), _SOME
    while True:
        level_words = level_words_of(reader, seen)
        doubtful = [word for word in level_words.members if reader.is_doubtful(word)]
        _create_table(staged, level_words, doubtful)
        records = _records_to_check(staged)
        # Where many rows have the same unusual word, the first of them show it soon enough; all
        # are searched where there are too many to reject.
        first = records[:some] if len(records) <= MAX_REJECTED_ROWS else records
        late = set(filter(is_known, _rating_cells(sheet, staged.fetch(first))))
        if not late <= level_words.texts():
            seen |= late
            some *= _MORE
            _check_spellings(sheet, seen)
            continue
        before = rejections.size
        late = _reject(staged, reader, records, is_known)
        if late <= level_words.texts():
            break
        rejections.forget_since(before)
        seen |= late
    doubts = _doubts(staged, reader, doubtful)
    _forget_marks(staged, doubtful)
    cells = chain(seen, _rating_cells(sheet, staged.fetch(records)))
    return staged._replace(
        sheet=with_remarks(sheet, reader, cells, doubts),
        rejected=tuple(records),
        scored=staged.count(),
    )


def _records_to_check(staged: PeopleTable) -> list[int]:
    """The numbers of records that the engine could not read or with a cell of unknown text."""
    unread = rejected_records(staged)
    most = MAX_REJECTED_ROWS + 1
    misfits = staged.values(f"SELECT rowid FROM {PEOPLE} WHERE {_MISFIT} ORDER BY 1 LIMIT {most}")
    return sorted([*unread, *(record_of(row, unread) for row in misfits)])


def _check_spellings(sheet: Sheet, spellings: Collection[str]) -> None:
    if len(spellings) > MAX_SPELLINGS:
        message = f"more than {MAX_SPELLINGS:,} different texts for levels"
        hint = "write the number of the level alone"
        raise unusable(Code.TOO_LARGE, sheet.name, message, hint)


def _create_table(staged: PeopleTable, level_words: LevelWords, doubtful: Sequence[str]) -> None:
    """Create the people table, with columns that count doubtful texts and mark unknown ones."""
    sheet, rated = staged.sheet, staged.rating_indexes()
    # Cells that are no words are found here: the reader would keep a kilobyte for each.
    rating_words = [
        f"TRY_CAST(f{index} AS word) AS f{index}, f{index} AS text{index}" for index in rated
    ]
    line = ["line"] if sheet.is_copy else []
    cells = [
        *line,
        *(f"f{index}" for index in sheet.indexes(*(set(Kind) - {Kind.RATING}))),
        *rating_words,
    ]
    misfits = [f"(f{index} IS NULL AND text{index} IS NOT NULL)" for index in rated]
    chosen = [*line, *people_columns_sql(sheet.columns, level_words, staged.units)]
    for number, word in enumerate(doubtful):
        counts = (f"coalesce((f{index} = {text(word)}::word)::INTEGER, 0)" for index in rated)
        chosen.append(f"({' + '.join(counts)}) AS doubt_{number}")
    chosen.append(f"{' OR '.join(['false', *misfits])} AS {_MISFIT}")
    source = f"SELECT {', '.join(cells)} FROM {read_csv_sql(sheet)}"
    for statement in (
        f"DROP TABLE IF EXISTS {PEOPLE}",
        "DROP TYPE IF EXISTS word",
        "DROP TABLE IF EXISTS reject_errors",
        "DROP TABLE IF EXISTS reject_scans",
        f"CREATE TYPE word AS ENUM {enum_members(level_words.members)}",
        f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} FROM ({source})",
    ):
        staged.connection.execute(statement)


def _reject(
    staged: PeopleTable,
    reader: CellReader,
    records: Sequence[int],
    is_known: Callable[[str], bool],
) -> set[str]:
    """Reject records and return the rating cells of those without a fault."""
    late: set[str] = set()
    for count, row in enumerate(staged.fetch(records)):
        reasons = list(row_reasons(staged.sheet, reader, row, is_known))
        if not reasons:
            late.update(_rating_cells(staged.sheet, [row]))
            reasons = [RejectedRow(row.line, "", "", Code.ROW_SHAPE, _TOO_LONG)]
        staged.rejections.add(row, reasons)
        if count == 0:
            staged.rejections.check(len(records) - 1)
    return late


def _doubts(staged: PeopleTable, reader: CellReader, spellings: Sequence[str]) -> list[Doubt]:
    """The doubtful texts, and how many cells of rows with known texts have each."""
    if not spellings:
        return []
    sums = [f"coalesce(sum(doubt_{number}), 0)" for number in range(len(spellings))]
    query = f"SELECT {', '.join(sums)} FROM {PEOPLE} WHERE NOT {_MISFIT}"
    (counts,) = staged.rows(query)
    return [
        Doubt(word, meaning, int(cells))
        for word, cells in zip(spellings, counts, strict=True)
        if (meaning := reader.meaning(word)) is not None
    ]


def _forget_marks(staged: PeopleTable, doubtful: Sequence[str]) -> None:
    """Remove the marks, and rows with unknown texts by rebuilding the table, which renumbers it."""
    marks = [_MISFIT, *(f"doubt_{number}" for number in range(len(doubtful)))]
    if staged.rows(f"SELECT 1 FROM {PEOPLE} WHERE {_MISFIT} LIMIT 1"):
        staged.replace(f"SELECT * EXCLUDE ({', '.join(marks)}) FROM {PEOPLE} WHERE NOT {_MISFIT}")
        return
    for mark in marks:
        staged.connection.execute(f"ALTER TABLE {PEOPLE} DROP COLUMN {mark}")


def _rating_cells(sheet: Sheet, rows: Iterable[Row]) -> Iterator[str]:
    """The filled rating cells of some rows."""
    rated = sheet.indexes(Kind.RATING)
    for row in rows:
        yield from (cell for index in rated if (cell := "".join(row.cells[index : index + 1])))


def row_reasons(
    sheet: Sheet, reader: CellReader, row: Row, is_known: Callable[[str], bool]
) -> Iterator[RejectedRow]:
    """The reasons why a row cannot be scored."""
    cells, width = without_empty_ends(row.cells, len(sheet.columns)), len(sheet.columns)
    if len(cells) != width:
        yield RejectedRow(row.line, "", "", Code.ROW_SHAPE, wrong_cells(len(cells), width))
        return
    index, label = label_of(sheet.columns, cells)
    heading, kind, _ = sheet.columns[index]
    reason = summary_row_reason(
        label, reader.framework.role_names, is_of_person=kind is Kind.PERSON
    )
    if reason:
        yield RejectedRow(row.line, heading, label, Code.ROW_WITHOUT_PERSON, reason)
        return
    wrong = [index for index in sheet.indexes(Kind.RATING) if not is_known(cells[index])]
    for index in wrong:
        reason = off_scale_reason(
            reader.framework, cells[index], [cells[index] for index in wrong]
        )
        heading = sheet.columns[index].heading
        yield RejectedRow(row.line, heading, cells[index], Code.ROW_RATING_OFF_SCALE, reason)


def with_remarks(
    sheet: Sheet, reader: CellReader, seen: Iterable[str], doubts: Iterable[Doubt]
) -> Sheet:
    """The sheet with remarks on its cells; `seen` are all texts in rating cells."""
    unused = reader.unused(seen)
    return sheet._replace(
        remarks=(*sheet.remarks, *([unused_shown(unused)] if unused else [])),
        notices=(*sheet.notices, *doubts_shown(doubts)),
    )


# --- The file -------------------------------------------------------------------------------------


def check_lines(sheet: Sheet) -> bool:
    """Whether lines have more delimiters than columns need; always false for a copy.

    Raises InputInvalid if far too many lines have the wrong number of cells: the engine keeps a
    kilobyte for each cell that is missing, and as much for few cells of a very wide sheet.
    """
    columns = len(sheet.columns)
    if columns > MANY_COLUMNS:
        with sheet.path.open("rb") as stream:
            rows = sum(chunk.count(b"\n") for chunk in iter(partial(stream.read, _CHUNK), b""))
        if rows * columns > MAX_WIDE_CELLS:
            raise too_many_cells(sheet.name, MAX_WIDE_CELLS, columns)
    if sheet.is_copy:
        return False
    delimiter, most, has_surplus = sheet.delimiter.encode(), columns - 1, False
    wrong, line = 0, sheet.skip
    with sheet.path.open("rb") as stream:
        for _ in islice(stream, sheet.skip):
            pass
        while lines := stream.readlines(_CHUNK):
            counts = [line.count(delimiter) for line in lines]
            has_surplus = has_surplus or max(counts) > most
            if min(counts) < most or max(counts) > most:
                wrong += sum(map(partial(_wrong_cells, delimiter, most), lines, counts))
            if wrong > MAX_WRONG_CELLS:
                raise Rejections(sheet.name).too_many_cells(line + 1)
            line += len(lines)
    return has_surplus


def _wrong_cells(delimiter: bytes, most: int, line: bytes, count: int) -> int:
    """How many cells are missing in a line; 1 if it has too many."""
    if count <= most:
        return most - count
    return line.rstrip(b"\r\n" + delimiter).count(delimiter) > most


def read_csv_sql(sheet: Sheet) -> str:
    """SQL that reads the sheet's file with all cells as text.

    The engine puts records that do not fit into its table `reject_errors`.
    """
    kinds = {"line": "BIGINT"} if sheet.is_copy else {}
    kinds |= {f"f{index}": "VARCHAR" for index in range(len(sheet.columns))}
    quote, line_end = text('"' if sheet.quoted else ""), r"\r\n" if sheet.crlf else r"\n"
    columns = ", ".join(f"{text(key)}: {text(kind)}" for key, kind in kinds.items())
    return (
        f"read_csv({text(str(sheet.path))}, columns = {{{columns}}}, auto_detect = false, "
        f"header = false, skip = {sheet.skip}, delim = {text(sheet.delimiter)}, quote = {quote}, "
        f"escape = {quote}, nullstr = '', encoding = 'utf-8', "
        f"new_line = {text(line_end)}, parallel = {not sheet.quoted}, store_rejects = true, rejects_limit = {MAX_WRONG_CELLS + 1})"
    )


def rejected_records(staged: PeopleTable) -> list[int]:
    """The numbers of records, from 0 and in order, that the engine could not read.

    Raises InputInvalid where there are far too many.
    """
    ((errors, first),) = staged.rows("SELECT count(*), min(line) FROM reject_errors")
    if errors > MAX_WRONG_CELLS:
        raise staged.rejections.too_many_cells(0 if staged.sheet.is_copy else first)
    lines = staged.rows_to_reject("SELECT DISTINCT line FROM reject_errors ORDER BY line")
    return [line - staged.sheet.skip - 1 for (line,) in lines]


def shifted_lines(staged: PeopleTable, *, has_surplus: bool) -> tuple[int, ...]:
    """The lines of rows in the engine's table whose cells may be shifted.

    The engine silently drops empty cells after the last column. So the lines are read once more,
    but only if some have more delimiters than columns need.
    """
    sheet, columns = staged.sheet, len(staged.sheet.columns)
    if not has_surplus:
        return sheet.shifted
    delimiter, surplus, count = sheet.delimiter.encode(), SurplusCells(), 0
    with sheet.path.open("rb") as stream:
        for line, row in enumerate(islice(stream, sheet.skip, None), sheet.skip + 1):
            if row.count(delimiter) < columns:
                continue
            cells = row.decode("utf-8").rstrip("\r\n").split(sheet.delimiter)
            kind = surplus_of(cells, columns)
            if kind.is_there:
                count += 1
                surplus.take(line, kind)
    surplus.take_others(max(0, staged.scored - count))
    return surplus.shifted()
