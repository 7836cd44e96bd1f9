"""From a sheet with a row for each rating to the same table of people as from a wide one."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.identity import is_nameless_sql, keys_sql, rater_hint, same, same_sql
from pmo_path.batch.integers import units_of
from pmo_path.batch.names_carried_down import NO_NAME, NamedOnce, filled_notice, rejected_rows
from pmo_path.batch.people_table import PEOPLE, Staged, record_of, rows_at
from pmo_path.batch.scoring_sql import MASK_BITS
from pmo_path.batch.second_table import (
    BELOW_BLANK,
    HEADINGS_AGAIN,
    below_reason,
    heading_words,
    second_table_in_long,
)
from pmo_path.batch.shifted_rows import numbers_at, shifted_lines, shifted_reason
from pmo_path.batch.staging import check_lines, off_scale, reader_of, rejected_records, with_words
from pmo_path.batch.summary_rows import OF_ROLE, may_be_nobody_sql, named_sql, nobody, role_labels
from pmo_path.batch.unnamed_ratings import check_unnamed
from pmo_path.domain.cells import UNRATED, CellReader, Doubt
from pmo_path.domain.codes import Code
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.readers.table.competence_names import plain
from pmo_path.readers.table.csv_records import UNCLOSED
from pmo_path.readers.table.delimiter import divided
from pmo_path.readers.table.normalise import wrong_cells
from pmo_path.readers.table.rejected_rows import Reject, Rejections, Row
from pmo_path.readers.table.rejection_reasons import WHOLE_ROW, another_row, no_competence, no_role
from pmo_path.readers.table.sheet import CARRY, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import duckdb

    from pmo_path.domain.framework import Framework

_ANSWERS = "answers"


class _Fault(NamedTuple):
    """Why one row cannot be scored."""

    column: int
    value: str
    code: Code
    reason: str


def stage_long(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> Staged:
    """Read a long sheet into the table `people`, a row for each person, role and rater.

    A person of whom one row cannot be read is refused with all rows, since a rating that is
    missing would change every figure.
    """
    return _Long(connection, sheet, framework).staged()


class _Long:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
    ) -> None:
        self._connection, self._sheet, self._framework = connection, sheet, framework
        self._places = {one.kind: place for place, one in enumerate(sheet.columns)}
        self._faults: dict[int, list[_Fault]] = defaultdict(list)
        self._left_out: list[str] = []
        self._notices: list[str] = []
        self._suspects: dict[str, int] = {}
        """People who may have a row that cannot be counted, with its line."""
        self._named: dict[int, str] = {}
        """The person of each row that is read as of the one above, as `same` has it."""
        self._spellings: dict[str, str] = {}
        self._reader = CellReader.of(framework, sheet.values)
        self._texts: list[str] = []
        self._rejections = sheet.rejections or Rejections(sheet.name)

    def staged(self) -> Staged:
        """The table, and the rows that are not in it."""
        reader = reader_of(self._sheet)
        check_lines(self._sheet)
        self._connection.execute(f"CREATE TABLE {_ANSWERS} AS SELECT * FROM {reader}")
        check_unnamed(self._connection, _ANSWERS, self._sheet, self._reader)
        unread = rejected_records(self._connection, self._sheet)
        for row in rows_at(self._sheet, unread):
            reason = wrong_cells(len(row.cells), len(self._sheet.columns))
            self._rejections.add(row, [Reject(row.line, "", "", Code.ROW_SHAPE, reason)])
        self._check_shifted(unread)
        self._name_everybody(unread)
        competences = self._competences()
        words = self._words()
        self._check_second_table(unread)
        self._check_roles()
        self._check_people()
        self._check_twice(competences)
        self._forget(self._refused(unread))
        rated = sorted(set(competences.values()), key=list(self._framework.competences).index)
        columns = self._columns(rated)
        self._pivot(columns, competences, words)
        scored = self._count(_ANSWERS)
        sheet = with_words(self._sheet, self._reader, self._texts, self._doubts())
        self._connection.execute(f"DROP TABLE {_ANSWERS}")
        remarks = sheet.remarks
        if self._left_out:
            remarks += (f"left out as the mapping says: {', '.join(self._left_out)}",)
        return Staged(
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
            fetch=partial(rows_at, self._sheet),
            scored=scored,
        )

    # --- What the cells say ---------------------------------------------------------------------

    def _distinct(self, place: int) -> list[str]:
        query = f"SELECT DISTINCT coalesce(f{place}, '') FROM {_ANSWERS} ORDER BY 1"
        return [value for (value,) in self._connection.execute(query).fetchall()]

    def _numbers(self, condition: str) -> list[int]:
        query = f"SELECT rowid FROM {_ANSWERS} WHERE {condition} ORDER BY 1"
        return [number for (number,) in self._connection.execute(query).fetchall()]

    def _fault(self, place: int, code: Code, reasons: Mapping[str, str]) -> None:
        """Tell every row with one of these texts its reason."""
        if not reasons:
            return
        query = (
            f"SELECT rowid, coalesce(f{place}, '') FROM {_ANSWERS} "
            f"WHERE coalesce(f{place}, '') IN (SELECT unnest($1)) ORDER BY 1"
        )
        rows = self._rejections.fetched(self._connection.execute(query, [list(reasons)]))
        for number, value in rows:
            self._faults[number].append(_Fault(place, value, code, reasons[value]))
        self._rejections.check(len(self._faults))

    def _competences(self) -> dict[str, str]:
        """The competence that each text names; rows that the mapping leaves out are forgotten."""
        place, names = self._places[Kind.COMPETENCE], self._sheet.names
        found, unknown = {}, {}
        for said in self._distinct(place):
            mapped = names.mapped(said)
            if mapped == CARRY:
                self._left_out.append(f"'{said}'")
                continue
            competence = names.find(mapped or said)
            if competence is not None:
                found[said] = competence
                continue
            near = names.nearest(said) if said.strip() else None
            hint = f"; did you mean '{near}'?" if near else ""
            unknown[said] = f"{no_competence(said)}{hint}"
        self._fault(place, Code.ROW_UNKNOWN_COMPETENCE, unknown)
        return found

    def _words(self) -> dict[str, int | None]:
        """Units of the level that each rating names, None for `n/a`; unrated ones are not in it."""
        place, units = self._places[Kind.RATING], units_of(self._framework)
        found: dict[str, int | None] = {}
        unknown = {}
        self._texts = self._distinct(place)
        for said in self._texts:
            meaning = self._reader.meaning(said)
            if meaning is None:
                unknown[said] = off_scale(self._framework, said, [said])
            elif meaning != UNRATED:
                found[said] = None if meaning == NOT_APPLICABLE else units.of_level(meaning)
        self._fault(place, Code.ROW_RATING_OFF_SCALE, unknown)
        return found

    def _doubts(self) -> list[Doubt]:
        """The words that programs write for no value, among the rows that are left."""
        rating = f"f{self._places[Kind.RATING]}"
        words = [said for said in self._texts if self._reader.is_doubtful(said)]
        return [
            Doubt(word, meaning, self._count(f"{_ANSWERS} WHERE {rating} = {text(word)}"))
            for word in words
            if (meaning := self._reader.meaning(word)) is not None
        ]

    def _check_shifted(self, unread: list[int]) -> None:
        """Reject rows whose cells may belong to other columns."""
        lines = shifted_lines(self._sheet, self._count(_ANSWERS), self._rejections)
        reason = shifted_reason(self._sheet)
        for number in numbers_at(self._connection, _ANSWERS, self._sheet, unread, lines):
            self._faults[number].append(_Fault(WHOLE_ROW, "", Code.ROW_SHAPE, reason))

    def _name_everybody(self, unread: list[int]) -> None:
        """Give rows without a person the one above, where the sheet names people once."""
        kinds = (Kind.PERSON, Kind.ROLE, Kind.RATER)
        rows = rejected_rows(self._sheet, unread, self._rejections.rows())
        once = NamedOnce(self._connection, _ANSWERS, self._sheet, rows, kinds)
        if not once.is_there():
            return
        with once:
            is_habit = once.is_habit()
            for block in once.uncertain("false" if is_habit else "true"):
                self._suspects[block.who] = block.line
            if is_habit:
                self._named = once.fill()
                self._notices.append(filled_notice(len(self._named)))

    def _check_second_table(self, unread: list[int]) -> None:
        """Reject every row from the headings of a second table on."""
        place = self._places[Kind.RATING]
        words = heading_words(self._sheet)
        said = [cell for cell in self._distinct(place) if plain(cell) in words]
        others = [
            cell for cell in self._distinct(self._places[Kind.COMPETENCE]) if plain(cell) in words
        ]
        query = (
            f"SELECT rowid FROM {_ANSWERS} WHERE f{place} IN (SELECT unnest($1)) "
            f"OR f{self._places[Kind.COMPETENCE]} IN (SELECT unnest($2)) ORDER BY 1"
        )
        found: list[int] = []
        if said or others:
            numbers = self._connection.execute(query, [said, others]).fetchall()
            found = [number for (number,) in numbers]
        rows = list(rows_at(self._sheet, [record_of(number, unread) for number in found]))
        heading = second_table_in_long(self._sheet, rows)
        number = None if heading is None else found[rows.index(heading)]
        unknown = self._words_below_blank(unread)
        if unknown is not None and (number is None or unknown < number):
            (heading,) = rows_at(self._sheet, [record_of(unknown, unread)])
            self._reject_from(unknown, heading.line, BELOW_BLANK)
        elif number is not None and heading is not None:
            self._reject_from(number, heading.line, HEADINGS_AGAIN)

    def _reject_from(self, number: int, line: int, reason: str) -> None:
        """Reject the headings of a second table and every row below."""
        self._faults[number] = [_Fault(WHOLE_ROW, "", Code.ROW_OF_SECOND_TABLE, reason)]
        self._rejections.check(self._count(f"{_ANSWERS} WHERE rowid > {number}"))
        for below in self._numbers(f"rowid > {number}"):
            self._faults[below].insert(
                0, _Fault(WHOLE_ROW, "", Code.ROW_OF_SECOND_TABLE, below_reason(line))
            )

    def _words_below_blank(self, unread: list[int]) -> int | None:
        """The first row below a blank one in which neither competence nor rating is known."""
        if not self._faults:
            return None
        lines = self._sheet.below_blank
        numbers = numbers_at(self._connection, _ANSWERS, self._sheet, unread, lines)
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
        place = self._places.get(Kind.ROLE)
        if place is None:
            return
        unknown = {}
        for said in self._distinct(place):
            role = self._framework.role_names.find(said)
            if role is None:
                unknown[said] = no_role(self._framework, said)
            else:
                self._spellings[said] = role
        self._fault(place, Code.ROW_UNKNOWN_ROLE, unknown)

    def _check_people(self) -> None:
        place = self._places[Kind.PERSON]
        query = f"SELECT rowid, coalesce(trim(f{place}), '') FROM {_ANSWERS} "
        nameless = f"{query} WHERE {is_nameless_sql(f'f{place}')} ORDER BY 1"
        for number, said in self._rejections.fetched(self._connection.execute(nameless)):
            self._faults[number].append(_Fault(place, said, Code.ROW_WITHOUT_PERSON, NO_NAME))
        query = f"SELECT DISTINCT f{place} FROM {_ANSWERS} WHERE {may_be_nobody_sql(f'f{place}')}"
        labels = [said for (said,) in self._connection.execute(query).fetchall()]
        roles = self._framework.role_names
        reasons = {said: reason for said in labels if (reason := nobody(said, roles))}
        name = named_sql(f"f{place}", sorted(role_labels(roles)))
        query = f"SELECT DISTINCT f{place} FROM {_ANSWERS} WHERE {name} IS NOT NULL"
        of_roles = [said for (said,) in self._connection.execute(query).fetchall()]
        if of_roles and self._count(f"{_ANSWERS} WHERE {name} IS NULL"):
            reasons |= dict.fromkeys(of_roles, OF_ROLE)
        self._fault(place, Code.ROW_WITHOUT_PERSON, reasons)

    def _check_twice(self, competences: Mapping[str, str]) -> None:
        place = self._places[Kind.COMPETENCE]
        competence = _looked_up(f"f{place}", competences)
        several = (
            f"FROM {_ANSWERS} WHERE {competence} IS NOT NULL "
            f"GROUP BY {', '.join([*self._key(), competence])} HAVING count(*) > 1"
        )
        rows = f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n {several})"
        self._rejections.check(int(self._connection.execute(rows).fetchall()[0][0]))
        twice = self._connection.execute(
            f"SELECT list(rowid ORDER BY rowid), any_value(f{place}) {several}"
        ).fetchall()
        hint = rater_hint(self._sheet.columns)
        for numbers, said in twice:
            for number in numbers:
                reason = f"{len(numbers)} rows rate this competence of this person{hint}"
                self._faults[number].append(_Fault(place, said, Code.ROW_DUPLICATE_PERSON, reason))

    def _key(self) -> list[str]:
        """What tells one row of people from another."""
        return list(keys_sql(self._sheet.columns, self._spellings).values())

    # --- Who is refused -------------------------------------------------------------------------

    def _refused(self, unread: list[int]) -> list[int]:
        """Reject every row that cannot be counted; their numbers in the table of answers."""
        people = self._people_of_rejected()
        for who, line in self._suspects.items():
            people.setdefault(who, line)
        numbers = sorted({*self._faults, *self._rows_of(people)})
        self._rejections.check(len(numbers))
        records = [record_of(number, unread) for number in numbers]
        first = dict(people)
        for number, row in zip(numbers, rows_at(self._sheet, records), strict=True):
            if number in self._faults:
                person = self._person(number, row)
                first[person] = min(row.line, first.get(person, row.line))
        for number, row in zip(numbers, rows_at(self._sheet, records), strict=True):
            self._rejections.add(row, sorted(self._reasons(number, row, first)))
        return numbers

    def _people_of_rejected(self) -> dict[str, int]:
        """The people of rows that cannot be read, as far as they can be told; with the line."""
        place = self._places[Kind.PERSON]
        people: dict[str, int] = {}
        for row, reasons in self._rejections:
            is_undivided = any(reject.reason == UNCLOSED for reject in reasons)
            for cells in divided(row.cells[0]) if is_undivided else [row.cells]:
                if place < len(cells):
                    people.setdefault(same(cells[place]), row.line)
        return people

    def _rows_of(self, people: Iterable[str]) -> Iterator[int]:
        """Numbers of all rows of these people, and of everybody who has a fault."""
        place = self._places[Kind.PERSON]
        several = [one for one in people if one]
        if self._faults:
            numbers = ", ".join(map(str, self._faults))
            person = same_sql(f"f{place}")
            query = f"SELECT DISTINCT {person} FROM {_ANSWERS} WHERE rowid IN ({numbers})"
            several += [one for (one,) in self._connection.execute(query).fetchall() if one]
        if several:
            query = (
                f"SELECT rowid FROM {_ANSWERS} "
                f"WHERE {same_sql(f'f{place}')} IN (SELECT unnest($1::VARCHAR[])) ORDER BY 1"
            )
            rows = self._rejections.fetched(self._connection.execute(query, [several]))
            yield from (number for (number,) in rows)

    def _reasons(self, number: int, row: Row, first: Mapping[str, int]) -> Iterator[Reject]:
        for fault in self._faults.get(number, ()):
            heading = "" if fault.column < 0 else self._sheet.columns[fault.column].heading
            yield Reject(row.line, heading, fault.value, fault.code, fault.reason)
        if number not in self._faults:
            place = self._places[Kind.PERSON]
            column, person = self._sheet.columns[place].heading, row.cells[place]
            reason = another_row(first.get(self._person(number, row)))
            yield Reject(row.line, column, person, Code.ROW_OF_REJECTED_PERSON, reason)

    def _person(self, number: int, row: Row) -> str:
        """Who a row is for, as `same` has it."""
        return self._named.get(number) or same(row.cells[self._places[Kind.PERSON]])

    def _forget(self, numbers: list[int]) -> None:
        if numbers:
            listed = ", ".join(map(str, numbers))
            self._connection.execute(f"DELETE FROM {_ANSWERS} WHERE rowid IN ({listed})")

    # --- The table of people --------------------------------------------------------------------

    def _columns(self, rated: Iterable[str]) -> tuple[Column, ...]:
        own = [
            one for one in self._sheet.columns if one.kind not in {Kind.COMPETENCE, Kind.RATING}
        ]
        names = self._framework.competences
        return (*own, *(Column(names[one].name, Kind.RATING, one) for one in rated))

    def _pivot(
        self,
        columns: tuple[Column, ...],
        competences: Mapping[str, str],
        words: Mapping[str, int | None],
    ) -> None:
        key = self._key()
        chosen = []
        others = [
            place
            for place, one in enumerate(self._sheet.columns)
            if one.kind not in {Kind.COMPETENCE, Kind.RATING}
        ]
        for number, place in enumerate(others):
            chosen.append(f"arg_min(f{place}, rowid) AS f{number}")
        rated = [one.competence for one in columns[len(others) :]]
        for number, competence in enumerate(rated, len(others)):
            chosen.append(f"max(units) FILTER (competence = {text(competence)}) AS f{number}")
        chosen += _masks(rated)
        rating = f"f{self._places[Kind.RATING]}"
        competence = _looked_up(f"f{self._places[Kind.COMPETENCE]}", competences)
        levels = {said: str(level) for said, level in words.items() if level is not None}
        absent = [text(said) for said, level in words.items() if level is None]
        units = f"{_looked_up(rating, levels)}::INTEGER"
        not_applicable = (
            f"coalesce({rating} IN ({', '.join(absent)}), false)" if absent else "false"
        )
        self._connection.execute(
            f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} FROM (SELECT *, rowid, "
            f"{competence} AS competence, {units} AS units, {not_applicable} AS na "
            f"FROM {_ANSWERS}) GROUP BY {', '.join(key)} ORDER BY min(rowid)"
        )

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _looked_up(column: str, values: Mapping[str, str]) -> str:
    """SQL that finds what a text stands for; null for what is not among the keys."""
    if not values:
        return "NULL::VARCHAR"
    pairs = ", ".join(f"{text(key)}: {text(value)}" for key, value in values.items())
    return f"MAP {{{pairs}}}[{column}]"


def _masks(rated: list[str]) -> list[str]:
    masks = []
    for start in range(0, max(len(rated), 1), MASK_BITS):
        bits = " ".join(
            f"WHEN {text(one)} THEN {1 << place}::BIGINT"
            for place, one in enumerate(rated[start : start + MASK_BITS])
        )
        value = f"bit_or(CASE competence {bits} ELSE 0 END) FILTER (na)" if bits else "0"
        masks.append(f"coalesce({value}, 0)::BIGINT AS na_{start // MASK_BITS}")
    return masks
