"""Put the people of several sheets and ratings files into one people table."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.integers import Bit, levels_text, masks_sql
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.domain.names import fold_accents
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import NOT_APPLICABLE, SELF
from pmo_path.domain.team import RejectedRow
from pmo_path.domain.text import one_line
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.rejected_rows import Row
from pmo_path.readers.table.sheet import Column, Kind, Sheet, input_of_line_sql, line_of_input

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.returned_files import ReturnedAnswers

FILE, SHEET, DATE = "file", "sheet", "date"
"""Headings of columns that the results of several inputs have."""
_DATE_KEY = ("", DATE, 0)
"""The key that `keyed` gives to the date column."""
_INPUTS = "inputs"
"""The table with file and sheet of each input."""
_AT_ONCE = 1000
"""Rows that are read back in one query."""


class SheetPart(NamedTuple):
    """The people table of one sheet, or of all ratings files, set aside under a name of its own."""

    staged: PeopleTable
    columns: tuple[Column, ...]
    """The columns of the sheet as it came, before rows of a person became one."""
    table: str
    number: int | None = None
    """The number of the input; None where each line has it already."""


class RejectedFile(NamedTuple):
    number: int
    """The number of the input."""
    mistakes: tuple[Diagnostic, ...]
    answers: ReturnedAnswers | None
    """Whose ratings it has, as far as that is known."""


def sheet_of_answers(
    files: Mapping[int, ReturnedAnswers], framework: Framework, path: Path, *, has_raters: bool
) -> Sheet:
    """Write a row for the ratings of each file to `path`, as a sheet that the engine reads.

    `files` are by the number of the input. There are columns for roles and dates only where files
    have them.
    """
    rated = {competence for answers in files.values() for competence in answers.levels}
    has_roles = any(answers.role for answers in files.values())
    has_dates = any(answers.date for answers in files.values())
    columns = (
        Column("person", Kind.PERSON),
        *([Column("rater", Kind.RATER)] if has_raters else []),
        *([Column("role", Kind.ROLE)] if has_roles else []),
        *([Column(DATE, Kind.CARRIED)] if has_dates else []),
        *(
            Column(framework.shown_name(key), Kind.RATING, key)
            for key in framework.competences
            if key in rated
        ),
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        for number, answers in files.items():
            facts, levels = _facts(answers), answers.levels
            cells = (
                levels.get(column.competence, "") if column.competence else facts[column.kind]
                for column in columns
            )
            writer.writerow([line_of_input(number, 0), *cells])
    levels_seen = (level for answers in files.values() for level in answers.levels.values())
    return Sheet(
        name="ratings files",
        names=Names(framework, {}),
        columns=columns,
        input_headings=tuple(column.heading for column in columns),
        layout=Layout.WIDE,
        path=path,
        is_copy=True,
        quoted=True,
        crlf=True,
        sample=frozenset(levels_seen),
    )


def set_aside(staged: PeopleTable, columns: tuple[Column, ...], number: int | None) -> SheetPart:
    """Give the people table a name of its own, so that the next sheet can be read."""
    table = f"part_{'answers' if number is None else number}"
    connection = staged.connection
    connection.execute(f"ALTER TABLE {PEOPLE} RENAME TO {table}")
    connection.execute("DROP TABLE IF EXISTS reject_errors")
    connection.execute("DROP TABLE IF EXISTS reject_scans")
    return SheetPart(staged, columns, table, number)


class _Columns:
    """The columns of all parts together, each known by a key."""

    def __init__(self, parts: Sequence[SheetPart], framework: Framework) -> None:
        known: dict[Hashable, Column] = {}
        for part in parts:
            for key, column in keyed(part.staged.sheet.columns):
                known.setdefault(key, column)
        if not known.keys() & {Kind.PERSON, Kind.ROLE}:
            known[Kind.PERSON] = Column("person", Kind.PERSON)
        known |= keyed([Column(FILE, Kind.ORIGIN), Column(SHEET, Kind.ORIGIN)])
        self.rated = [key for key in framework.competences if (Kind.RATING, key) in known]
        order = sorted(
            (key for key, column in known.items() if column.kind is not Kind.RATING),
            key=lambda key: (list(Kind).index(known[key].kind), known[key].heading == DATE),
        )
        self.columns = (
            *unique(known[key] for key in order),
            *(Column(framework.shown_name(key), Kind.RATING, key) for key in self.rated),
        )
        order += ((Kind.RATING, key) for key in self.rated)
        self.index: dict[Hashable, int] = {key: index for index, key in enumerate(order)}
        further: dict[Hashable, str] = {}
        for part in parts:
            for key, column in keyed(part.columns):
                if key not in self.index:
                    further.setdefault(key, column.heading)
        self.headings = (*(column.heading for column in self.columns), *further.values())
        """The columns, and those of sheets with a row for each rating that rejected rows have."""
        self.index_of_heading = {
            **self.index,
            **{key: len(self.columns) + index for index, key in enumerate(further)},
        }


def keyed(columns: Sequence[Column]) -> Iterator[tuple[Hashable, Column]]:
    """Each column with a key that is the same for the same column of another sheet."""
    counts: Counter[str] = Counter()
    for column in columns:
        folded = fold_accents(column.heading)
        match column.kind:
            case Kind.PERSON | Kind.ROLE | Kind.RATER:
                yield column.kind, column
            case Kind.RATING if column.competence:
                yield (Kind.RATING, column.competence), column
            case kind:
                # Of columns whose headings differ in accents alone, the first is that of others.
                name = kind if kind is not Kind.CARRIED else ""
                yield (name, folded, counts[folded]), column
                counts[folded] += 1


def unique(columns: Iterable[Column]) -> list[Column]:
    """The columns, with a number after a heading that a column before has."""
    taken: set[str] = {FILE, SHEET}
    renamed = []
    for column in columns:
        heading, number = column.heading, 1
        if column.kind is not Kind.ORIGIN:
            if heading.casefold() in {FILE, SHEET}:
                heading = f"input_{heading}"
            while heading.casefold() in taken:
                number += 1
                heading = f"{column.heading} {number}"
            taken.add(heading.casefold())
        renamed.append(column._replace(heading=heading))
    return renamed


def people_of_parts(
    connection: duckdb.DuckDBPyConnection,
    framework: Framework,
    parts: Sequence[SheetPart],
    rejected: Sequence[RejectedFile],
    sheet: Sheet,
) -> PeopleTable:
    """The people of all parts in one table, in the order of their inputs.

    `sheet` has the name and the inputs. A row without a rater is one's own where other sheets
    have raters. Each rejected file is one rejected row.
    """
    together = _Columns(parts, framework)
    names = sheet.inputs
    connection.execute(
        f"CREATE TABLE {_INPUTS} AS SELECT unnest($1) AS number, unnest($2::VARCHAR[]) AS file, "
        "unnest($3::VARCHAR[]) AS sheet",
        [list(range(len(names))), [name.file for name in names], [name.sheet for name in names]],
    )
    # The first part has no rows: it gives the columns, their order and types.
    rows = " UNION ALL BY NAME ".join(
        [_no_rows(together), *(f"({_rows_sql(part, together)})" for part in parts)]
    )
    connection.execute(
        f"CREATE TABLE {PEOPLE} AS SELECT people.* REPLACE ("
        f"i.file AS {_column(together, Kind.ORIGIN, FILE)}, "
        f"nullif(i.sheet, '') AS {_column(together, Kind.ORIGIN, SHEET)}) "
        f"FROM ({rows}) people JOIN {_INPUTS} i "
        f"ON i.number = {input_of_line_sql('people.line')} ORDER BY people.line"
    )
    for table in (_INPUTS, *(part.table for part in parts)):
        connection.execute(f"DROP TABLE {table}")
    sheet = sheet._replace(columns=together.columns, input_headings=together.headings)
    staged = PeopleTable.empty(connection, sheet, framework)
    staged = staged._replace(fetch=lambda numbers: _fetched(staged, list(numbers)))
    _add_rejections(staged, parts, rejected, together)
    return staged._replace(scored=staged.count())


def _column(together: _Columns, *key: Hashable) -> str:
    return f"f{together.index[(*key, 0)]}"


def _rows_sql(part: SheetPart, together: _Columns) -> str:
    """SQL for the rows of a part with the columns of all."""
    line = "line" if part.number is None else f"{line_of_input(part.number, 0)}::BIGINT + line"
    chosen = [f"{line} AS line"]
    own = {key: index for index, (key, _) in enumerate(keyed(part.staged.sheet.columns))}
    for key, index in together.index.items():
        if key in own:
            chosen.append(f"f{own[key]} AS f{index}")
        elif key == Kind.RATER:
            chosen.append(f"{text(SELF)} AS f{index}")
    chosen += _masks(together, part.staged.not_applicable())
    return f"SELECT {', '.join(chosen)} FROM {part.table}"


def _no_rows(together: _Columns) -> str:
    cells = [
        f"NULL::{'INTEGER' if column.kind is Kind.RATING else 'VARCHAR'} AS f{index}"
        for index, column in enumerate(together.columns)
    ]
    return f"SELECT 0::BIGINT AS line, {', '.join([*cells, *_masks(together, {})])} WHERE false"


def _masks(together: _Columns, bits: Mapping[str, Bit]) -> list[str]:
    is_set = [bits[key].is_set() if key in bits else "false" for key in together.rated]
    return [f"{mask} AS na_{number}" for number, mask in enumerate(masks_sql(is_set))]


def inputs_in(staged: PeopleTable) -> set[int]:
    """The numbers of the inputs that the table has rows of."""
    return set(staged.values(f"SELECT DISTINCT {input_of_line_sql('line')} FROM {PEOPLE}"))


# --- Rows that are rejected ---------------------------------------------------------------------


def _fetched(staged: PeopleTable, numbers: Sequence[int]) -> Iterator[Row]:
    """The rows with these numbers, ratings by their levels."""
    bits = list(staged.not_applicable().values())
    cells = [
        f"coalesce(f{index}, '')" for index in staged.sheet.indexes(*(set(Kind) - {Kind.RATING}))
    ]
    for index, bit in zip(staged.rating_indexes(), bits, strict=True):
        absent = f"if({bit.is_set()}, {text(NOT_APPLICABLE)}, '')"
        cells.append(f"coalesce({levels_text(f'f{index}', staged.units)}, {absent})")
    padding = [""] * (len(staged.sheet.input_headings) - len(cells))
    for start in range(0, len(numbers), _AT_ONCE):
        listed = ", ".join(map(str, numbers[start : start + _AT_ONCE]))
        for line, *values in staged.rows(
            f"SELECT line, {', '.join(cells)} FROM {PEOPLE} WHERE rowid IN ({listed}) ORDER BY rowid"
        ):
            yield Row(line, (*values, *padding))


def _add_rejections(
    staged: PeopleTable,
    parts: Sequence[SheetPart],
    rejected: Sequence[RejectedFile],
    together: _Columns,
) -> None:
    origins = [
        dict(zip(staged.sheet.indexes(Kind.ORIGIN), name, strict=True))
        for name in staged.sheet.inputs
    ]
    for part in parts:
        indexes = [together.index_of_heading[key] for key, _ in keyed(part.columns)]
        for row, reasons in part.staged.rejections:
            cells = dict(zip(indexes, row.cells, strict=False))
            number = part.number or 0
            staged.rejections.add(
                Row(line_of_input(number, row.line), _cells(together, cells | origins[number])),
                [reason._replace(line=line_of_input(number, reason.line)) for reason in reasons],
            )
    for file in rejected:
        lines = [line_of_input(file.number, mistake.place.line) for mistake in file.mistakes]
        mistakes = [
            RejectedRow(
                line,
                "",
                "",
                mistake.code,
                one_line("; ".join(filter(None, [mistake.message, mistake.hint]))),
            )
            for line, mistake in zip(lines, file.mistakes, strict=True)
        ]
        facts = {} if file.answers is None else _facts(file.answers)
        cells = {
            together.index[key]: fact
            for kind, fact in facts.items()
            if (key := _DATE_KEY if kind is Kind.CARRIED else kind) in together.index
        }
        row = Row(lines[0], _cells(together, cells | origins[file.number]))
        staged.rejections.add(row, mistakes)


def _facts(answers: ReturnedAnswers) -> dict[Kind, str]:
    """The person, rater, role and date of a ratings file, by kind of column."""
    return {
        Kind.PERSON: answers.person,
        Kind.RATER: answers.rater,
        Kind.ROLE: answers.role,
        Kind.CARRIED: answers.date,
    }


def _cells(together: _Columns, cells: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(cells.get(index, "") for index in range(len(together.headings)))
