"""Read a long sheet, with a row for each rating, into the people table."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.identity import (
    identity_key,
    identity_key_sql,
    is_nameless_sql,
    keys_sql,
    rater_hint,
)
from pmo_path.batch.integers import MASK_BITS
from pmo_path.batch.names_carried_down import HAS_REJECTED, NO_NAME, NameBlocks, filled_notice
from pmo_path.batch.people_table import PEOPLE, PeopleTable, rejected_row
from pmo_path.batch.rating_cells import check_unnamed, off_scale_reason
from pmo_path.batch.rejections import cells_of_people
from pmo_path.batch.second_table import (
    BELOW_BLANK,
    HEADINGS_AGAIN,
    below_reason,
    heading_words,
    is_other_heading,
)
from pmo_path.batch.staging import (
    check_lines,
    read_csv_sql,
    rejected_records,
    shifted_lines,
    with_remarks,
)
from pmo_path.batch.summary_rows import summary_labels
from pmo_path.domain.cells import UNRATED, CellReader, Doubt
from pmo_path.domain.codes import Code
from pmo_path.domain.names import fold_accents
from pmo_path.domain.options import Layout
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.normalise import shifted_reason, wrong_cells
from pmo_path.readers.table.rejected_rows import (
    WHOLE_ROW,
    Row,
    RowReason,
    another_row,
    no_competence,
    no_role,
)
from pmo_path.readers.table.sheet import CARRY, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.domain.framework import Framework


def stage_long(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read a long sheet into the table `people`, a row for each person, role and rater.

    If one row of a person cannot be read, all rows of that person are rejected, since a missing
    rating would change every figure.
    """
    has_surplus = check_lines(sheet)
    connection.execute(f"CREATE TABLE {PEOPLE} AS SELECT * FROM {read_csv_sql(sheet)}")
    staged = PeopleTable.empty(connection, sheet, framework)
    check_unnamed(staged)
    staged = staged._replace(rejected=tuple(rejected_records(staged)), scored=staged.count())
    for row in staged.fetch(staged.rejected):
        reason = wrong_cells(len(row.cells), len(sheet.columns))
        staged.rejections.add(row, [RejectedRow(row.line, "", "", Code.ROW_SHAPE, reason)])
    return _Long(staged, shifted_lines(staged, has_surplus=has_surplus)).pivoted()


class _Long:
    """Checks the rows of a long sheet, and turns those of each person into one."""

    def __init__(self, staged: PeopleTable, shifted: Sequence[int]) -> None:
        """`shifted` are the lines of rows whose cells may belong to other columns."""
        self._staged, self._sheet, self._framework = staged, staged.sheet, staged.framework
        indexes = {column.kind: index for index, column in enumerate(staged.sheet.columns)}
        self._person, self._rating = indexes[Kind.PERSON], indexes[Kind.RATING]
        self._competence, self._role = indexes[Kind.COMPETENCE], indexes.get(Kind.ROLE)
        self._named_sql = self._competence_sql(indexes.get(Kind.DOMAIN))
        """The name of the row's competence, with its domain where the row's domain settles it."""
        self._reader = CellReader.of(staged.framework, staged.sheet.values)
        self._faults: dict[int, list[RowReason]] = defaultdict(list)
        self._ignored: list[str] = []
        self._notices: list[str] = []
        self._suspects: dict[str, int] = {}
        """People who may own a row that cannot be scored, with its line."""
        self._named: dict[int, str] = {}
        """The person key of each row whose name was filled in from above."""
        whole = RowReason(WHOLE_ROW, Code.ROW_SHAPE, shifted_reason(len(staged.sheet.columns)))
        for number in staged.numbers_at(shifted):
            self._faults[number].append(whole)

    def pivoted(self) -> PeopleTable:
        """Reject rows and create the table with a row for each person."""
        self._fill_in_names()
        competences = self._competences()
        texts = self._distinct(self._rating)
        levels = self._levels(texts)
        self._check_second_table()
        spellings = self._roles()
        self._check_people()
        keys = ", ".join(keys_sql(self._sheet.columns, spellings).values())
        self._check_duplicates(keys, competences)
        staged = self._staged.delete(self._reject())
        sheet = with_remarks(self._sheet, self._reader, texts, self._doubts(texts))
        if self._ignored:
            ignored = f"left out as the mapping says: {', '.join(self._ignored)}"
            sheet = sheet._replace(remarks=(*sheet.remarks, ignored))
        rated = sorted(set(competences.values()), key=list(self._framework.competences).index)
        self._pivot(keys, rated, competences, levels)
        sheet = sheet._replace(
            columns=(
                *(sheet.columns[index] for index in self._carried()),
                *(
                    Column(self._framework.shown_name(competence), Kind.RATING, competence)
                    for competence in rated
                ),
            ),
            layout=Layout.WIDE,
            notices=(*sheet.notices, *self._notices),
        )
        return staged._replace(sheet=sheet, rejected=())

    # --- Cells -----------------------------------------------------------------------------------

    def _distinct(self, index: int) -> list[str]:
        return self._staged.values(
            f"SELECT DISTINCT coalesce(f{index}, '') FROM {PEOPLE} ORDER BY 1"
        )

    def _fault(
        self, index: int, code: Code, reasons: Mapping[str, str], sql: str | None = None
    ) -> None:
        """Add a fault to each row whose cell is one of the keys of `reasons`.

        `sql` is for the cell where it is not the column's text alone.
        """
        if not reasons:
            return
        cell = f"coalesce({sql or f'f{index}'}, '')"
        query = (
            f"SELECT rowid, {cell} FROM {PEOPLE} WHERE {cell} IN (SELECT unnest($1)) ORDER BY 1"
        )
        for number, value in self._staged.rows_to_reject(query, [list(reasons)]):
            self._faults[number].append(RowReason(index, code, reasons[value]))
        self._staged.rejections.check(len(self._faults))

    def _competence_sql(self, domain: int | None) -> str:
        """SQL for the name of a row's competence; `domain` is the column of the domains."""
        cell = f"f{self._competence}"
        names = self._sheet.names
        shared = [
            name
            for name in self._distinct(self._competence)
            if names.candidates(name) and names.mapped(name) is None
        ]
        if domain is None or not shared:
            return cell
        domains = filter(names.is_domain, self._distinct(domain))
        cases = [
            f"WHEN {cell} = {text(name)} AND f{domain} = {text(of)} THEN {text(in_domain)}"
            for of, name in product(domains, shared)
            if (in_domain := names.in_domain(of, name)) != name
        ]
        return f"(CASE {' '.join(cases)} ELSE {cell} END)" if cases else cell

    def _competences(self) -> dict[str, str]:
        """The competence that each cell names. Rows that the mapping leaves out are dropped."""
        names = self._sheet.names
        competences, unknown = {}, {}
        for cell in self._staged.values(
            f"SELECT DISTINCT coalesce({self._named_sql}, '') FROM {PEOPLE} ORDER BY 1"
        ):
            mapped = names.mapped(cell)
            competence = names.find(mapped or cell)
            if mapped == CARRY:
                self._ignored.append(f"'{cell}'")
            elif competence is not None:
                competences[cell] = competence
            else:
                ambiguous = names.ambiguous(mapped or cell)
                unknown[cell] = self._unknown(cell) if ambiguous is None else ambiguous.sentence
        code = Code.ROW_UNKNOWN_COMPETENCE
        self._fault(self._competence, code, unknown, self._named_sql)
        return competences

    def _unknown(self, cell: str) -> str:
        near = self._sheet.names.nearest(cell) if cell.strip() else None
        hint = f"; did you mean '{near}'?" if near else ""
        return f"{no_competence(cell)}{hint}"

    def _levels(self, cells: Iterable[str]) -> dict[str, int | None]:
        """The level of each rating cell in units, None for `n/a`; without unrated cells."""
        levels: dict[str, int | None] = {}
        unknown = {}
        for cell in cells:
            meaning = self._reader.meaning(cell)
            if meaning is None:
                unknown[cell] = off_scale_reason(self._framework, cell, [cell])
            elif isinstance(meaning, Decimal):
                levels[cell] = self._staged.units.of_level(meaning)
            elif meaning != UNRATED:
                levels[cell] = None
        self._fault(self._rating, Code.ROW_RATING_OFF_SCALE, unknown)
        return levels

    def _doubts(self, cells: Iterable[str]) -> list[Doubt]:
        """The texts that programs write for missing values, with their counts in the scored rows."""
        return [
            Doubt(cell, meaning, self._staged.count(f"f{self._rating} = {text(cell)}"))
            for cell in cells
            if self._reader.is_doubtful(cell)
            and (meaning := self._reader.meaning(cell)) is not None
        ]

    def _roles(self) -> dict[str, str]:
        if self._role is None:
            return {}
        cells = self._distinct(self._role)
        roles = {cell: self._framework.role_names.find(cell) for cell in cells}
        unknown = {cell: no_role(self._framework, cell) for cell in cells if roles[cell] is None}
        self._fault(self._role, Code.ROW_UNKNOWN_ROLE, unknown)
        return {cell: role for cell, role in roles.items() if role is not None}

    # --- Rows ------------------------------------------------------------------------------------

    def _fill_in_names(self) -> None:
        """Fill in the name from above if the sheet names each person only once."""
        blocks = NameBlocks(self._staged, (Kind.PERSON, Kind.ROLE, Kind.RATER))
        if not blocks.has_unnamed_rows():
            return
        with blocks:
            is_named_once = blocks.is_named_once()
            for block in blocks.uncertain(HAS_REJECTED if is_named_once else "true"):
                self._suspects[block.person] = block.line
            if is_named_once:
                self._named = blocks.fill()
                self._notices.append(filled_notice(len(self._named)))

    def _check_second_table(self) -> None:
        """Reject every row from the header of a second table on."""
        known = heading_words(self._sheet)
        cells = [
            [cell for cell in self._distinct(index) if fold_accents(cell) in known]
            for index in (self._rating, self._competence)
        ]
        query = (
            f"SELECT rowid FROM {PEOPLE} WHERE f{self._rating} IN (SELECT unnest($1)) "
            f"OR f{self._competence} IN (SELECT unnest($2)) ORDER BY 1"
        )
        numbers = self._staged.values(query, cells) if any(cells) else []
        rows = zip(numbers, self._staged.records(numbers), strict=True)
        heading = next((pair for pair in rows if is_other_heading(self._sheet, pair[1])), None)
        unknown = self._unknown_below_blank()
        if unknown is not None and (heading is None or unknown < heading[0]):
            (row,) = self._staged.records([unknown])
            self._reject_from(unknown, row.line, BELOW_BLANK)
        elif heading is not None:
            self._reject_from(heading[0], heading[1].line, HEADINGS_AGAIN)

    def _unknown_below_blank(self) -> int | None:
        """The first row below a blank row with an unknown competence and rating, by number."""
        if not self._faults:
            return None
        unknown = {Code.ROW_UNKNOWN_COMPETENCE, Code.ROW_RATING_OFF_SCALE}
        numbers = self._staged.numbers_at(self._sheet.below_blank)
        return min(
            (
                number
                for number in numbers
                if number > 0 and unknown <= {fault.code for fault in self._faults.get(number, ())}
            ),
            default=None,
        )

    def _reject_from(self, number: int, line: int, reason: str) -> None:
        """Reject the header of a second table and every row below."""
        code = Code.ROW_OF_SECOND_TABLE
        self._faults[number] = [RowReason(WHOLE_ROW, code, reason)]
        below = RowReason(WHOLE_ROW, code, below_reason(line))
        for (row,) in self._staged.rows_to_reject(
            f"SELECT rowid FROM {PEOPLE} WHERE rowid > {number} ORDER BY 1"
        ):
            self._faults[row].insert(0, below)

    def _check_people(self) -> None:
        person = f"f{self._person}"
        nameless = f"SELECT rowid FROM {PEOPLE} WHERE {is_nameless_sql(person)} ORDER BY 1"
        code = Code.ROW_WITHOUT_PERSON
        for (number,) in self._staged.rows_to_reject(nameless):
            self._faults[number].append(RowReason(self._person, code, NO_NAME))
        self._fault(self._person, code, summary_labels(self._staged))

    def _check_duplicates(self, keys: str, competences: Mapping[str, str]) -> None:
        competence = _lookup_sql(self._named_sql, competences)
        repeated = (
            f"FROM {PEOPLE} WHERE {competence} IS NOT NULL "
            f"GROUP BY {keys}, {competence} HAVING count(*) > 1"
        )
        (rows,) = self._staged.values(f"SELECT sum(n) FROM (SELECT count(*) AS n {repeated})")
        self._staged.rejections.check(int(rows or 0))
        code, hint = Code.ROW_DUPLICATE_PERSON, rater_hint(self._sheet.columns)
        for numbers in self._staged.values(f"SELECT list(rowid) {repeated}"):
            reason = f"{len(numbers)} rows rate this competence of this person{hint}"
            for number in numbers:
                self._faults[number].append(RowReason(self._competence, code, reason))

    # --- Rejections ------------------------------------------------------------------------------

    def _reject(self) -> list[int]:
        """Reject every row that cannot be scored, and return the numbers of these rows."""
        people = {**self._suspects, **self._people_of_rejected()}
        numbers = sorted({*self._faults, *self._rows_of(people)})
        self._staged.rejections.check(len(numbers))
        first = dict(people)
        for number, row in zip(numbers, self._staged.records(numbers), strict=True):
            if number in self._faults:
                person = self._person_of(number, row)
                first[person] = min(row.line, first.get(person, row.line))
        for number, row in zip(numbers, self._staged.records(numbers), strict=True):
            reasons = self._reasons(number, row, first)
            rejected = (rejected_row(self._sheet.columns, row, reason) for reason in reasons)
            self._staged.rejections.add(row, sorted(rejected))
        return numbers

    def _people_of_rejected(self) -> dict[str, int]:
        """The people of unreadable rows, as far as they are known, with the line."""
        people: dict[str, int] = {}
        for rejection in self._staged.rejections:
            for cells in cells_of_people(rejection):
                if self._person < len(cells):
                    people.setdefault(identity_key(cells[self._person]), rejection.row.line)
        return people

    def _rows_of(self, people: Iterable[str]) -> list[int]:
        """The numbers of all rows of these people and of people with a fault."""
        names = [name for name in people if name]
        person = identity_key_sql(f"f{self._person}")
        if self._faults:
            numbers = ", ".join(map(str, self._faults))
            query = f"SELECT DISTINCT {person} FROM {PEOPLE} WHERE rowid IN ({numbers})"
            names += filter(None, self._staged.values(query))
        query = f"SELECT rowid FROM {PEOPLE} WHERE {person} IN (SELECT unnest($1::VARCHAR[])) ORDER BY 1"
        return (
            [number for (number,) in self._staged.rows_to_reject(query, [names])] if names else []
        )

    def _reasons(self, number: int, row: Row, first: Mapping[str, int]) -> list[RowReason]:
        if number in self._faults:
            return self._faults[number]
        line = first.get(self._person_of(number, row))
        reason = another_row(f"line {line}" if line else "")
        return [RowReason(self._person, Code.ROW_OF_REJECTED_PERSON, reason)]

    def _person_of(self, number: int, row: Row) -> str:
        return self._named.get(number) or identity_key(row.cells[self._person])

    # --- The table of people --------------------------------------------------------------------

    def _carried(self) -> list[int]:
        """The indexes of the columns that the people table keeps."""
        return self._sheet.indexes(Kind.PERSON, Kind.ROLE, Kind.RATER, Kind.CARRIED)

    def _pivot(
        self,
        keys: str,
        rated: Sequence[str],
        competences: Mapping[str, str],
        levels: Mapping[str, int | None],
    ) -> None:
        """Replace the table by one with a row for each key and a column for each competence."""
        carried = self._carried()
        chosen = [
            *(f"arg_min(f{index}, rowid) AS f{number}" for number, index in enumerate(carried)),
            *(
                f"max(units) FILTER (competence = {text(competence)}) AS f{number}"
                for number, competence in enumerate(rated, len(carried))
            ),
            *_masks(rated),
            *(["min(line) AS line"] if self._sheet.is_copy else []),
        ]
        rating = f"f{self._rating}"
        competence = _lookup_sql(self._named_sql, competences)
        units = {cell: str(level) for cell, level in levels.items() if level is not None}
        absent = ", ".join(text(cell) for cell, level in levels.items() if level is None)
        not_applicable = f"coalesce({rating} IN ({absent}), false)" if absent else "false"
        ratings = (
            f"SELECT *, rowid, {competence} AS competence, {not_applicable} AS na, "
            f"{_lookup_sql(rating, units)}::INTEGER AS units FROM {PEOPLE}"
        )
        self._staged.replace(
            f"SELECT {', '.join(chosen)} FROM ({ratings}) GROUP BY {keys} ORDER BY min(rowid)"
        )


def _lookup_sql(column: str, values: Mapping[str, str]) -> str:
    """SQL that looks a text up in a mapping; null if it is not a key."""
    if not values:
        return "NULL::VARCHAR"
    pairs = ", ".join(f"{text(key)}: {text(value)}" for key, value in values.items())
    return f"MAP {{{pairs}}}[{column}]"


def _masks(rated: Sequence[str]) -> Iterator[str]:
    for start in range(0, max(len(rated), 1), MASK_BITS):
        bits = " ".join(
            f"WHEN {text(competence)} THEN {1 << index}::BIGINT"
            for index, competence in enumerate(rated[start : start + MASK_BITS])
        )
        value = f"bit_or(CASE competence {bits} ELSE 0 END) FILTER (na)" if bits else "0"
        yield f"coalesce({value}, 0)::BIGINT AS na_{start // MASK_BITS}"
