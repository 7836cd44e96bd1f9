"""Read a wide sheet into the people table, and reject rows with invalid ratings."""

from __future__ import annotations

import json
import re
from functools import lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from pmo_path.batch.engine import enum_members, text
from pmo_path.batch.integers import units_of
from pmo_path.batch.level_words import level_words_of
from pmo_path.batch.people_table import PEOPLE, PeopleTable, record_of, rows_of_records
from pmo_path.batch.scoring_sql import MASK_BITS
from pmo_path.batch.summary_rows import label_of, summary_row_reason
from pmo_path.domain.cells import CellReader, Doubt, doubts_shown, unused_shown
from pmo_path.domain.codes import Code
from pmo_path.domain.limits import (
    MANY_COLUMNS,
    MAX_REJECTED_ROWS,
    MAX_SPELLINGS,
    MAX_WIDE_CELLS,
    MAX_WRONG_CELLS,
)
from pmo_path.domain.names import half_width
from pmo_path.domain.numbers import parse_number, show_number
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.files import unusable
from pmo_path.readers.table.normalise import too_many_cells, without_empty_ends, wrong_cells
from pmo_path.readers.table.rejected_rows import Rejections, Row
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.batch.integers import Units
    from pmo_path.batch.level_words import LevelWords
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.sheet import Sheet

TOO_LONG = "the row is longer than the engine reads, about 2 million characters"
_PERCENTAGE = re.compile(r"\s*[+-]?[0-9.,]+\s*%\s*", re.ASCII)
_MISFIT = "misfit"
"""The column that marks rows with a cell that is not a known rating text."""
_CHUNK = 1 << 20
_REMEMBERED = 100_000
_MORE = 8
"""Factor by which more rows are searched after unusual texts were found."""
_SOME = 5000
"""Rejected rows that are searched for unusual texts first."""
_WORD = 40
"""The longest cell, in characters, for which a reason suggests a mapping."""
_TRANSLATED = 5
"""The most cells of a row for which it does."""


def stage(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read a wide sheet into the table `people`.

    The engine matches rating cells with known texts. Rows with other texts are checked by
    `CellReader`, which decides: if it knows a text, the text is added and the sheet is read again.
    """
    reader = CellReader.of(framework, sheet.values)
    is_known = lru_cache(_REMEMBERED)(lambda cell: reader.meaning(cell) is not None)
    seen = set(sheet.sample)
    rejections = sheet.rejections or Rejections(sheet.name)
    check_lines(sheet)
    some = _SOME
    while True:
        level_words = level_words_of(reader, seen)
        doubtful = [word for word in level_words.members if reader.is_doubtful(word)]
        _create_table(connection, sheet, level_words, units_of(framework), doubtful)
        unread = rejected_records(connection, sheet)
        # Where many rows have the same unusual word, the first of them show it soon enough.
        records = sorted((*unread, *_misfits(connection, unread, MAX_REJECTED_ROWS + 1)))
        late = _unusual_words(sheet, records, some, is_known)
        if not late <= level_words.texts():
            seen |= late
            some *= _MORE
            _check_spellings(sheet, seen)
            continue
        before = rejections.size
        late = _reject(sheet, reader, records, is_known, rejections)
        if late <= level_words.texts():
            break
        rejections.forget_since(before)
        seen |= late
    _forget_misfits(connection)
    count = connection.execute(f"SELECT count(*) FROM {PEOPLE}").fetchall()[0][0]
    return PeopleTable(
        sheet=with_remarks(
            sheet,
            reader,
            chain(seen, _cells_of(sheet, rows_of_records(sheet, records))),
            _doubts(connection, reader, doubtful),
        ),
        framework=framework,
        units=units_of(framework),
        rejected=tuple(records),
        rejections=rejections,
        fetch=partial(rows_of_records, sheet),
        scored=count,
    )


def _unusual_words(
    sheet: Sheet, records: Sequence[int], some: int, is_known: Callable[[str], bool]
) -> set[str]:
    """Valid texts in the first `some` records, or in all if there are too many to reject."""
    if len(records) > MAX_REJECTED_ROWS:
        some = len(records)
    return set(filter(is_known, _cells_of(sheet, rows_of_records(sheet, records[:some]))))


def _reject(
    sheet: Sheet,
    reader: CellReader,
    records: Sequence[int],
    is_known: Callable[[str], bool],
    rejections: Rejections,
) -> set[str]:
    """Reject records and return the rating cells of those without a fault."""
    late: set[str] = set()
    for count, row in enumerate(rows_of_records(sheet, records)):
        reasons = sorted(row_reasons(sheet, reader, row, is_known))
        if not reasons:
            late.update(_cells_of(sheet, [row]))
        rejections.add(row, reasons or [RejectedRow(row.line, "", "", Code.ROW_SHAPE, TOO_LONG)])
        if count == 0:
            rejections.check(len(records) - 1)
    return late


def with_remarks(
    sheet: Sheet, reader: CellReader, seen: Iterable[str], doubts: Iterable[Doubt]
) -> Sheet:
    """The sheet with remarks on its cells; `seen` are all texts in rating cells."""
    unused = reader.unused(seen)
    return sheet._replace(
        remarks=(*sheet.remarks, *([unused_shown(unused)] if unused else [])),
        notices=(*sheet.notices, *doubts_shown(doubts)),
    )


def _doubts(
    connection: duckdb.DuckDBPyConnection, reader: CellReader, spellings: Sequence[str]
) -> list[Doubt]:
    """Count the cells with each doubtful text, and drop the counting columns."""
    doubts = []
    for number, word in enumerate(spellings):
        count = f"SELECT coalesce(sum(doubt_{number}), 0) FROM {PEOPLE}"
        cells = int(connection.execute(count).fetchall()[0][0])
        meaning = reader.meaning(word)
        if meaning is not None:
            doubts.append(Doubt(word, meaning, cells))
        connection.execute(f"ALTER TABLE {PEOPLE} DROP COLUMN doubt_{number}")
    return doubts


def doubt_counts_sql(rated: Sequence[str], spellings: Sequence[str]) -> list[str]:
    """SQL that counts the rating cells of a row with each text, as columns `doubt_0` and so on."""
    return [
        f"({' + '.join(f'coalesce(({column} = {text(word)}::word)::INTEGER, 0)' for column in rated)}) "
        f"AS doubt_{number}"
        for number, word in enumerate(spellings)
    ]


def _create_table(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    level_words: LevelWords,
    units: Units,
    doubtful: Sequence[str],
) -> None:
    for statement in (
        f"DROP TABLE IF EXISTS {PEOPLE}",
        "DROP TYPE IF EXISTS word",
        "DROP TABLE IF EXISTS reject_errors",
        "DROP TABLE IF EXISTS reject_scans",
        f"CREATE TYPE word AS ENUM {enum_members(level_words.members)}",
    ):
        connection.execute(statement)
    first = ["line"] if sheet.is_copy else []
    chosen, cells, misfits = [*first], [*first], ["false"]
    groups = []
    for index, column in enumerate(sheet.columns):
        if column.kind is not Kind.RATING:
            cells.append(f"f{index}")
        else:
            # Cells that are no words are found here: the reader would keep a kilobyte for each.
            cells.append(f"f{index} AS text{index}, TRY_CAST(f{index} AS word) AS f{index}")
            misfits.append(f"(f{index} IS NULL AND text{index} IS NOT NULL)")
            group = f"(enum_code(f{index}) >> {level_words.shift})"
            groups.append(group)
            chosen.append(f"{units_sql(group, level_words, units)} AS f{index}")
            continue
        chosen.append(f"f{index}")
    chosen += not_applicable_masks_sql(groups, level_words)
    chosen += doubt_counts_sql([f"f{index}" for index in rating_indexes(sheet)], doubtful)
    chosen.append(f"{' OR '.join(misfits)} AS {_MISFIT}")
    read = f"SELECT {', '.join(cells)} FROM {read_csv_sql(sheet)}"
    connection.execute(f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} FROM ({read})")


def _check_spellings(sheet: Sheet, spellings: Collection[str]) -> None:
    if len(spellings) > MAX_SPELLINGS:
        message = f"more than {MAX_SPELLINGS:,} different texts for levels"
        hint = "write the number of the level alone"
        raise unusable(Code.TOO_LARGE, sheet.name, message, hint)


def _misfits(
    connection: duckdb.DuckDBPyConnection, unread: Sequence[int], most: int
) -> Iterator[int]:
    """The first `most` records with a cell that is not a known text."""
    query = f"SELECT rowid FROM {PEOPLE} WHERE {_MISFIT} ORDER BY rowid LIMIT {most}"
    for (number,) in connection.execute(query).fetchall():
        yield record_of(number, unread)


def _forget_misfits(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove records with such cells by rebuilding the table, which renumbers its rows."""
    has_misfits = connection.execute(f"SELECT 1 FROM {PEOPLE} WHERE {_MISFIT} LIMIT 1").fetchall()
    if not has_misfits:
        connection.execute(f"ALTER TABLE {PEOPLE} DROP COLUMN {_MISFIT}")
        return
    connection.execute(
        f"CREATE TABLE fitting AS SELECT * EXCLUDE ({_MISFIT}) FROM {PEOPLE} WHERE NOT {_MISFIT}"
    )
    connection.execute(f"DROP TABLE {PEOPLE}")
    connection.execute(f"ALTER TABLE fitting RENAME TO {PEOPLE}")


def check_lines(sheet: Sheet) -> None:
    """Raise InputInvalid if far too many lines have the wrong number of cells.

    The engine keeps a kilobyte for each cell that is missing, and as much for few cells of a sheet
    that is very wide.
    """
    columns = len(sheet.columns)
    if columns > MANY_COLUMNS:
        with sheet.path.open("rb") as stream:
            rows = sum(chunk.count(b"\n") for chunk in iter(partial(stream.read, _CHUNK), b""))
        if rows * columns > MAX_WIDE_CELLS:
            raise too_many_cells(sheet.name, MAX_WIDE_CELLS, columns)
    if sheet.is_copy:
        return
    delimiter, most = sheet.delimiter.encode(), len(sheet.columns) - 1
    wrong, line = 0, sheet.skip
    with sheet.path.open("rb") as stream:
        for _ in islice(stream, sheet.skip):
            pass
        while lines := stream.readlines(_CHUNK):
            counts = [line.count(delimiter) for line in lines]
            if min(counts) < most or max(counts) > most:
                wrong += sum(map(partial(_wrong_cells, delimiter, most), lines, counts))
            if wrong > MAX_WRONG_CELLS:
                raise Rejections(sheet.name).too_many_cells(line + 1)
            line += len(lines)


def _wrong_cells(delimiter: bytes, most: int, line: bytes, count: int) -> int:
    """How many cells are missing in a line; 1 if it has too many."""
    if count <= most:
        return most - count
    return line.rstrip(b"\r\n" + delimiter).count(delimiter) > most


def units_sql(group: str, level_words: LevelWords, units: Units) -> str:
    """SQL for the units of the level with group number `group`; null if it is not a level."""
    levels = [units.of_level(level) for level in level_words.levels]
    bound = max(map(abs, levels))
    kind = "TINYINT" if bound < 2**7 else "SMALLINT" if bound < 2**15 else "INTEGER"
    step = levels[1] - levels[0]
    if levels == list(range(levels[0], levels[-1] + 1, step)):
        # Where the number of a group is the level, nothing is to be computed for each cell.
        is_level = (levels[0], step) == (0, 1)
        value = group if is_level else f"{levels[0]} + {group}::INTEGER * {step}"
        return f"if({group} < {len(levels)}, {value}, NULL)::{kind}"
    cases = " ".join(f"WHEN {index} THEN {level}" for index, level in enumerate(levels))
    return f"(CASE {group} {cases} END)::{kind}"


def not_applicable_masks_sql(groups: Sequence[str], level_words: LevelWords) -> list[str]:
    """SQL for the bit masks of not applicable competences."""
    masks = []
    for start in range(0, max(len(groups), 1), MASK_BITS):
        bits = (
            f"if({group} = {level_words.not_applicable}, {1 << index}::BIGINT, 0)"
            for index, group in enumerate(groups[start : start + MASK_BITS])
        )
        masks.append(f"({' | '.join((*bits, '0::BIGINT'))}) AS na_{start // MASK_BITS}")
    return masks


def read_csv_sql(sheet: Sheet) -> str:
    """SQL that reads the sheet's file with all cells as text.

    The engine puts records that do not fit into its table `reject_errors`.
    """
    kinds = {f"f{index}": "VARCHAR" for index in range(len(sheet.columns))}
    if sheet.is_copy:
        kinds = {"line": "BIGINT", **kinds}
    quote = '"' if sheet.quoted else ""
    options = {
        "columns": "{"
        + ", ".join(f"{text(key)}: {text(kind)}" for key, kind in kinds.items())
        + "}",
        "auto_detect": "false",
        "header": "false",
        "skip": str(sheet.skip),
        "delim": text(sheet.delimiter),
        "quote": text(quote),
        "escape": text(quote),
        "nullstr": "''",
        "new_line": text("\\r\\n" if sheet.crlf else "\\n"),
        "encoding": "'utf-8'",
        "parallel": "false" if sheet.quoted else "true",
        "store_rejects": "true",
        "rejects_limit": str(MAX_WRONG_CELLS + 1),
    }
    arguments = ", ".join(f"{key} = {value}" for key, value in options.items())
    return f"read_csv({text(str(sheet.path))}, {arguments})"


def rejected_records(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[int]:
    """The numbers of records, from 0 and in order, that the engine could not read.

    Raises InputInvalid where there are far too many.
    """
    query = "SELECT DISTINCT line FROM reject_errors ORDER BY line"
    rejections = sheet.rejections or Rejections(sheet.name)
    ((errors, first),) = connection.execute(
        "SELECT count(*), min(line) FROM reject_errors"
    ).fetchall()
    if errors > MAX_WRONG_CELLS:
        raise rejections.too_many_cells(0 if sheet.is_copy else first)
    lines = rejections.fetched(connection.execute(query))
    return [line - sheet.skip - 1 for (line,) in lines]


def rating_indexes(sheet: Sheet) -> list[int]:
    """The indexes of the rating columns."""
    return [index for index, column in enumerate(sheet.columns) if column.kind is Kind.RATING]


def _cells_of(sheet: Sheet, rows: Iterable[Row]) -> Iterator[str]:
    """The filled rating cells of some rows."""
    rated = rating_indexes(sheet)
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
    is_of_person = sheet.columns[index].kind is Kind.PERSON
    reason = summary_row_reason(label, reader.framework.role_names, is_of_person=is_of_person)
    if reason:
        yield RejectedRow(
            row.line, sheet.columns[index].heading, label, Code.ROW_WITHOUT_PERSON, reason
        )
        return
    wrong = [
        (column.heading, cell)
        for column, cell in zip(sheet.columns, cells, strict=True)
        if column.kind is Kind.RATING and not is_known(cell)
    ]
    others = [cell for _, cell in wrong]
    for heading, cell in wrong:
        yield RejectedRow(
            row.line,
            heading,
            cell,
            Code.ROW_RATING_OFF_SCALE,
            off_scale_reason(reader.framework, cell, others),
        )


def off_scale_reason(framework: Framework, cell: str, together: Sequence[str]) -> str:
    """What a cell must hold that holds no rating, and how to translate it and those beside it.

    A number is not translated: it is more likely mistyped than a word of their own for a level.
    """
    levels = ", ".join(map(show_number, framework.levels))
    percentage = "a percentage, " if _PERCENTAGE.fullmatch(cell) else ""
    reason = f"{percentage}not a level of the scale: use {levels}, n/a, or leave it empty"
    spellings = list(dict.fromkeys(filter(_is_word, map(str.strip, together))))[:_TRANSLATED]
    if not _is_word(cell.strip()):
        return reason
    entries = ", ".join(f"{json.dumps(word, ensure_ascii=False)}: LEVEL" for word in spellings)
    pronoun = "it" if len(spellings) == 1 else "them"
    return f"{reason}; to translate {pronoun}, pass --map with 'values: {{{entries}}}'"


def _is_word(cell: str) -> bool:
    return cell.isprintable() and len(cell) <= _WORD and parse_number(half_width(cell)) is None
