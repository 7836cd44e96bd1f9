"""Read a long sheet, with a row for each rating, into the people table."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.identity import (
    identity_key,
    identity_key_sql,
    is_nameless_sql,
    keys_sql,
    rater_hint,
)
from pmo_path.batch.integers import units_of
from pmo_path.batch.names_carried_down import NO_NAME, NameBlocks, filled_notice, rejected_rows
from pmo_path.batch.people_table import PEOPLE, PeopleTable, record_of, rows_of_records
from pmo_path.batch.scoring_sql import MASK_BITS
from pmo_path.batch.second_table import (
    BELOW_BLANK,
    HEADINGS_AGAIN,
    below_reason,
    heading_words,
    second_table_in_long,
)
from pmo_path.batch.shifted_rows import numbers_at, shifted_lines
from pmo_path.batch.staging import (
    check_lines,
    off_scale_reason,
    read_csv_sql,
    rejected_records,
    with_remarks,
)
from pmo_path.batch.summary_rows import (
    ROLE_NAME_REASON,
    may_be_summary_row_sql,
    named_sql,
    role_labels,
    summary_row_reason,
)
from pmo_path.batch.unnamed_ratings import check_unnamed
from pmo_path.domain.cells import UNRATED, CellReader, Doubt
from pmo_path.domain.codes import Code
from pmo_path.domain.names import fold_accents
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.csv_records import UNCLOSED, divided
from pmo_path.readers.table.normalise import shifted_reason, wrong_cells
from pmo_path.readers.table.rejected_rows import (
    WHOLE_ROW,
    Rejections,
    Row,
    another_row,
    no_competence,
    no_role,
)
from pmo_path.readers.table.sheet import CARRY, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import duckdb

    from pmo_path.domain.framework import Framework

_RATINGS = "ratings"


class _RowFault(NamedTuple):
    """One reason why a row cannot be scored."""

    column: int
    value: str
    code: Code
    reason: str


def stage_long(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read a long sheet into the table `people`, a row for each person, role and rater.

    If one row of a person cannot be read, all rows of that person are rejected, since a missing
    rating would change every figure.
    """
    return _Long(connection, sheet, framework).staged()


class _Long:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
    ) -> None:
        self._connection, self._sheet, self._framework = connection, sheet, framework
        self._indexes = {column.kind: index for index, column in enumerate(sheet.columns)}
        self._faults: dict[int, list[_RowFault]] = defaultdict(list)
        self._ignored: list[str] = []
        self._notices: list[str] = []
        self._suspects: dict[str, int] = {}
        """People who may own a row that cannot be scored, with its line."""
        self._named: dict[int, str] = {}
        """The person key of each row whose name was filled in from above."""
        self._spellings: dict[str, str] = {}
        self._reader = CellReader.of(framework, sheet.values)
        self._texts: list[str] = []
        self._rejections = sheet.rejections or Rejections(sheet.name)

    def staged(self) -> PeopleTable:
        """Read the sheet, reject rows and create the people table."""
        reader = read_csv_sql(self._sheet)
        check_lines(self._sheet)
        self._connection.execute(f"CREATE TABLE {_RATINGS} AS SELECT * FROM {reader}")
        check_unnamed(self._connection, _RATINGS, self._sheet, self._reader)
        unread = rejected_records(self._connection, self._sheet)
        for row in rows_of_records(self._sheet, unread):
            reason = wrong_cells(len(row.cells), len(self._sheet.columns))
            self._rejections.add(row, [RejectedRow(row.line, "", "", Code.ROW_SHAPE, reason)])
        self._check_shifted(unread)
        self._fill_in_names(unread)
        competences = self._competences()
        levels = self._levels()
        self._check_second_table(unread)
        self._check_roles()
        self._check_people()
        self._check_duplicates(competences)
        self._delete(self._rejected_numbers(unread))
        rated = sorted(set(competences.values()), key=list(self._framework.competences).index)
        columns = self._columns(rated)
        self._pivot(columns, competences, levels)
        scored = self._count(_RATINGS)
        sheet = with_remarks(self._sheet, self._reader, self._texts, self._doubts())
        self._connection.execute(f"DROP TABLE {_RATINGS}")
        remarks = sheet.remarks
        if self._ignored:
            remarks += (f"left out as the mapping says: {', '.join(self._ignored)}",)
        return PeopleTable(
            sheet=sheet._replace(
                columns=columns,
                layout=Layout.WIDE,
                remarks=remarks,
                notices=(*sheet.notices, *self._notices),
            ),
            framework=self._framework,
            units=units_of(self._framework),
            rejected=(),
            rejections=self._rejections,
            fetch=partial(rows_of_records, self._sheet),
            scored=scored,
        )

    # --- Cells -----------------------------------------------------------------------------------

    def _distinct(self, index: int) -> list[str]:
        query = f"SELECT DISTINCT coalesce(f{index}, '') FROM {_RATINGS} ORDER BY 1"
        return [value for (value,) in self._connection.execute(query).fetchall()]

    def _numbers(self, condition: str) -> list[int]:
        query = f"SELECT rowid FROM {_RATINGS} WHERE {condition} ORDER BY 1"
        return [number for (number,) in self._connection.execute(query).fetchall()]

    def _fault(self, index: int, code: Code, reasons: Mapping[str, str]) -> None:
        """Add a fault to each row whose cell is one of the keys of `reasons`."""
        if not reasons:
            return
        query = (
            f"SELECT rowid, coalesce(f{index}, '') FROM {_RATINGS} "
            f"WHERE coalesce(f{index}, '') IN (SELECT unnest($1)) ORDER BY 1"
        )
        rows = self._rejections.fetched(self._connection.execute(query, [list(reasons)]))
        for number, value in rows:
            self._faults[number].append(_RowFault(index, value, code, reasons[value]))
        self._rejections.check(len(self._faults))

    def _competences(self) -> dict[str, str]:
        """The competence that each cell names. Rows that the mapping leaves out are dropped."""
        index, names = self._indexes[Kind.COMPETENCE], self._sheet.names
        mapped_cells, unknown = {}, {}
        for cell in self._distinct(index):
            mapped = names.mapped(cell)
            if mapped == CARRY:
                self._ignored.append(f"'{cell}'")
                continue
            competence = names.find(mapped or cell)
            if competence is not None:
                mapped_cells[cell] = competence
                continue
            near = names.nearest(cell) if cell.strip() else None
            hint = f"; did you mean '{near}'?" if near else ""
            unknown[cell] = f"{no_competence(cell)}{hint}"
        self._fault(index, Code.ROW_UNKNOWN_COMPETENCE, unknown)
        return mapped_cells

    def _levels(self) -> dict[str, int | None]:
        """The level of each rating cell in units, None for `n/a`; without unrated cells."""
        index, units = self._indexes[Kind.RATING], units_of(self._framework)
        levels: dict[str, int | None] = {}
        unknown = {}
        self._texts = self._distinct(index)
        for cell in self._texts:
            meaning = self._reader.meaning(cell)
            if meaning is None:
                unknown[cell] = off_scale_reason(self._framework, cell, [cell])
            elif meaning != UNRATED:
                levels[cell] = None if meaning == NOT_APPLICABLE else units.of_level(meaning)
        self._fault(index, Code.ROW_RATING_OFF_SCALE, unknown)
        return levels

    def _doubts(self) -> list[Doubt]:
        """The texts that programs write for missing values, with their counts in the scored rows."""
        rating = f"f{self._indexes[Kind.RATING]}"
        doubtful = [cell for cell in self._texts if self._reader.is_doubtful(cell)]
        return [
            Doubt(word, meaning, self._count(f"{_RATINGS} WHERE {rating} = {text(word)}"))
            for word in doubtful
            if (meaning := self._reader.meaning(word)) is not None
        ]

    def _check_shifted(self, unread: list[int]) -> None:
        """Reject rows whose cells may belong to other columns."""
        lines = shifted_lines(self._sheet, self._count(_RATINGS), self._rejections)
        reason = shifted_reason(len(self._sheet.columns))
        for number in numbers_at(self._connection, _RATINGS, self._sheet, unread, lines):
            self._faults[number].append(_RowFault(WHOLE_ROW, "", Code.ROW_SHAPE, reason))

    def _fill_in_names(self, unread: list[int]) -> None:
        """Fill in the name from above if the sheet names each person only once."""
        kinds = (Kind.PERSON, Kind.ROLE, Kind.RATER)
        rows = rejected_rows(self._sheet, unread, self._rejections.rows())
        blocks = NameBlocks(self._connection, _RATINGS, self._sheet, rows, kinds)
        if not blocks.has_unnamed_rows():
            return
        with blocks:
            is_named_once = blocks.is_named_once()
            for block in blocks.uncertain("false" if is_named_once else "true"):
                self._suspects[block.person] = block.line
            if is_named_once:
                self._named = blocks.fill()
                self._notices.append(filled_notice(len(self._named)))

    def _check_second_table(self, unread: list[int]) -> None:
        """Reject every row from the header of a second table on."""
        index = self._indexes[Kind.RATING]
        headings = heading_words(self._sheet)
        cells = [cell for cell in self._distinct(index) if fold_accents(cell) in headings]
        others = [
            cell
            for cell in self._distinct(self._indexes[Kind.COMPETENCE])
            if fold_accents(cell) in headings
        ]
        query = (
            f"SELECT rowid FROM {_RATINGS} WHERE f{index} IN (SELECT unnest($1)) "
            f"OR f{self._indexes[Kind.COMPETENCE]} IN (SELECT unnest($2)) ORDER BY 1"
        )
        heading_rows: list[int] = []
        if cells or others:
            numbers = self._connection.execute(query, [cells, others]).fetchall()
            heading_rows = [number for (number,) in numbers]
        rows = list(
            rows_of_records(self._sheet, [record_of(number, unread) for number in heading_rows])
        )
        heading = second_table_in_long(self._sheet, rows)
        number = None if heading is None else heading_rows[rows.index(heading)]
        unknown = self._unknown_below_blank(unread)
        if unknown is not None and (number is None or unknown < number):
            (heading,) = rows_of_records(self._sheet, [record_of(unknown, unread)])
            self._reject_from(unknown, heading.line, BELOW_BLANK)
        elif number is not None and heading is not None:
            self._reject_from(number, heading.line, HEADINGS_AGAIN)

    def _reject_from(self, number: int, line: int, reason: str) -> None:
        """Reject the header of a second table and every row below."""
        self._faults[number] = [_RowFault(WHOLE_ROW, "", Code.ROW_OF_SECOND_TABLE, reason)]
        self._rejections.check(self._count(f"{_RATINGS} WHERE rowid > {number}"))
        for below in self._numbers(f"rowid > {number}"):
            self._faults[below].insert(
                0, _RowFault(WHOLE_ROW, "", Code.ROW_OF_SECOND_TABLE, below_reason(line))
            )

    def _unknown_below_blank(self, unread: list[int]) -> int | None:
        """The first row below a blank row with an unknown competence and rating, by number."""
        if not self._faults:
            return None
        lines = self._sheet.below_blank
        numbers = numbers_at(self._connection, _RATINGS, self._sheet, unread, lines)
        unknown = {Code.ROW_UNKNOWN_COMPETENCE, Code.ROW_RATING_OFF_SCALE}
        return min(
            (
                number
                for number in numbers
                if number > 0 and unknown <= {fault.code for fault in self._faults.get(number, ())}
            ),
            default=None,
        )

    def _check_roles(self) -> None:
        index = self._indexes.get(Kind.ROLE)
        if index is None:
            return
        unknown = {}
        for cell in self._distinct(index):
            role = self._framework.role_names.find(cell)
            if role is None:
                unknown[cell] = no_role(self._framework, cell)
            else:
                self._spellings[cell] = role
        self._fault(index, Code.ROW_UNKNOWN_ROLE, unknown)

    def _check_people(self) -> None:
        index = self._indexes[Kind.PERSON]
        query = f"SELECT rowid, coalesce(trim(f{index}), '') FROM {_RATINGS} "
        nameless = f"{query} WHERE {is_nameless_sql(f'f{index}')} ORDER BY 1"
        for number, cell in self._rejections.fetched(self._connection.execute(nameless)):
            self._faults[number].append(_RowFault(index, cell, Code.ROW_WITHOUT_PERSON, NO_NAME))
        query = (
            f"SELECT DISTINCT f{index} FROM {_RATINGS} WHERE {may_be_summary_row_sql(f'f{index}')}"
        )
        labels = [label for (label,) in self._connection.execute(query).fetchall()]
        roles = self._framework.role_names
        reasons = {
            label: reason for label in labels if (reason := summary_row_reason(label, roles))
        }
        name = named_sql(f"f{index}", sorted(role_labels(roles)))
        query = f"SELECT DISTINCT f{index} FROM {_RATINGS} WHERE {name} IS NOT NULL"
        of_roles = [label for (label,) in self._connection.execute(query).fetchall()]
        if of_roles and self._count(f"{_RATINGS} WHERE {name} IS NULL"):
            reasons |= dict.fromkeys(of_roles, ROLE_NAME_REASON)
        self._fault(index, Code.ROW_WITHOUT_PERSON, reasons)

    def _check_duplicates(self, competences: Mapping[str, str]) -> None:
        index = self._indexes[Kind.COMPETENCE]
        competence = _lookup_sql(f"f{index}", competences)
        repeated = (
            f"FROM {_RATINGS} WHERE {competence} IS NOT NULL "
            f"GROUP BY {', '.join([*self._key(), competence])} HAVING count(*) > 1"
        )
        rows = f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n {repeated})"
        self._rejections.check(int(self._connection.execute(rows).fetchall()[0][0]))
        duplicates = self._connection.execute(
            f"SELECT list(rowid ORDER BY rowid), any_value(f{index}) {repeated}"
        ).fetchall()
        hint = rater_hint(self._sheet.columns)
        for numbers, cell in duplicates:
            for number in numbers:
                reason = f"{len(numbers)} rows rate this competence of this person{hint}"
                self._faults[number].append(
                    _RowFault(index, cell, Code.ROW_DUPLICATE_PERSON, reason)
                )

    def _key(self) -> list[str]:
        """SQL for the keys that identify a person's row."""
        return list(keys_sql(self._sheet.columns, self._spellings).values())

    # --- Rejections ------------------------------------------------------------------------------

    def _rejected_numbers(self, unread: list[int]) -> list[int]:
        """Reject every row that cannot be scored, and return their numbers in the ratings table."""
        people = self._people_of_rejected()
        for suspect, line in self._suspects.items():
            people.setdefault(suspect, line)
        numbers = sorted({*self._faults, *self._rows_of(people)})
        self._rejections.check(len(numbers))
        records = [record_of(number, unread) for number in numbers]
        first = dict(people)
        for number, row in zip(numbers, rows_of_records(self._sheet, records), strict=True):
            if number in self._faults:
                person = self._person(number, row)
                first[person] = min(row.line, first.get(person, row.line))
        for number, row in zip(numbers, rows_of_records(self._sheet, records), strict=True):
            self._rejections.add(row, sorted(self._reasons(number, row, first)))
        return numbers

    def _people_of_rejected(self) -> dict[str, int]:
        """The people of unreadable rows, as far as they are known, with the line."""
        index = self._indexes[Kind.PERSON]
        people: dict[str, int] = {}
        for row, reasons in self._rejections:
            is_undivided = any(reject.reason == UNCLOSED for reject in reasons)
            for cells in divided(row.cells[0]) if is_undivided else [row.cells]:
                if index < len(cells):
                    people.setdefault(identity_key(cells[index]), row.line)
        return people

    def _rows_of(self, people: Iterable[str]) -> Iterator[int]:
        """The numbers of all rows of these people and of people with a fault."""
        index = self._indexes[Kind.PERSON]
        names = [name for name in people if name]
        if self._faults:
            numbers = ", ".join(map(str, self._faults))
            person = identity_key_sql(f"f{index}")
            query = f"SELECT DISTINCT {person} FROM {_RATINGS} WHERE rowid IN ({numbers})"
            names += [name for (name,) in self._connection.execute(query).fetchall() if name]
        if names:
            query = (
                f"SELECT rowid FROM {_RATINGS} "
                f"WHERE {identity_key_sql(f'f{index}')} IN (SELECT unnest($1::VARCHAR[])) ORDER BY 1"
            )
            rows = self._rejections.fetched(self._connection.execute(query, [names]))
            yield from (number for (number,) in rows)

    def _reasons(self, number: int, row: Row, first: Mapping[str, int]) -> Iterator[RejectedRow]:
        for fault in self._faults.get(number, ()):
            heading = "" if fault.column < 0 else self._sheet.columns[fault.column].heading
            yield RejectedRow(row.line, heading, fault.value, fault.code, fault.reason)
        if number not in self._faults:
            index = self._indexes[Kind.PERSON]
            column, person = self._sheet.columns[index].heading, row.cells[index]
            reason = another_row(first.get(self._person(number, row)))
            yield RejectedRow(row.line, column, person, Code.ROW_OF_REJECTED_PERSON, reason)

    def _person(self, number: int, row: Row) -> str:
        """The person key of a row."""
        return self._named.get(number) or identity_key(row.cells[self._indexes[Kind.PERSON]])

    def _delete(self, numbers: list[int]) -> None:
        if numbers:
            listed = ", ".join(map(str, numbers))
            self._connection.execute(f"DELETE FROM {_RATINGS} WHERE rowid IN ({listed})")

    # --- The table of people --------------------------------------------------------------------

    def _columns(self, rated: Iterable[str]) -> tuple[Column, ...]:
        carried = [
            column
            for column in self._sheet.columns
            if column.kind not in {Kind.COMPETENCE, Kind.RATING}
        ]
        names = self._framework.competences
        return (
            *carried,
            *(Column(names[competence].name, Kind.RATING, competence) for competence in rated),
        )

    def _pivot(
        self,
        columns: tuple[Column, ...],
        competences: Mapping[str, str],
        meanings: Mapping[str, int | None],
    ) -> None:
        key = self._key()
        chosen = []
        others = [
            index
            for index, column in enumerate(self._sheet.columns)
            if column.kind not in {Kind.COMPETENCE, Kind.RATING}
        ]
        for number, index in enumerate(others):
            chosen.append(f"arg_min(f{index}, rowid) AS f{number}")
        rated = [column.competence for column in columns[len(others) :]]
        for number, competence in enumerate(rated, len(others)):
            chosen.append(f"max(units) FILTER (competence = {text(competence)}) AS f{number}")
        chosen += _masks(rated)
        rating = f"f{self._indexes[Kind.RATING]}"
        competence = _lookup_sql(f"f{self._indexes[Kind.COMPETENCE]}", competences)
        levels = {cell: str(level) for cell, level in meanings.items() if level is not None}
        absent = [text(cell) for cell, level in meanings.items() if level is None]
        units = f"{_lookup_sql(rating, levels)}::INTEGER"
        not_applicable = (
            f"coalesce({rating} IN ({', '.join(absent)}), false)" if absent else "false"
        )
        self._connection.execute(
            f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} FROM (SELECT *, rowid, "
            f"{competence} AS competence, {units} AS units, {not_applicable} AS na "
            f"FROM {_RATINGS}) GROUP BY {', '.join(key)} ORDER BY min(rowid)"
        )

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _lookup_sql(column: str, values: Mapping[str, str]) -> str:
    """SQL that looks a text up in a mapping; null if it is not a key."""
    if not values:
        return "NULL::VARCHAR"
    pairs = ", ".join(f"{text(key)}: {text(value)}" for key, value in values.items())
    return f"MAP {{{pairs}}}[{column}]"


def _masks(rated: list[str]) -> list[str]:
    masks = []
    for start in range(0, max(len(rated), 1), MASK_BITS):
        bits = " ".join(
            f"WHEN {text(competence)} THEN {1 << index}::BIGINT"
            for index, competence in enumerate(rated[start : start + MASK_BITS])
        )
        value = f"bit_or(CASE competence {bits} ELSE 0 END) FILTER (na)" if bits else "0"
        masks.append(f"coalesce({value}, 0)::BIGINT AS na_{start // MASK_BITS}")
    return masks
