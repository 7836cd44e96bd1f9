"""Create the table of results, and write the query for what is exported."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import name, text
from pmo_path.batch.integers import MASK_BITS, Bit, Units, is_whole, levels
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.requirements import ManyRolesQuery, create_tables, rare_roles, role_batches
from pmo_path.batch.scoring_sql import BAND_REASONS, FIGURES, SUMS, RatedRequirement, RoleQuery
from pmo_path.domain.columns import BETWEEN_IDS, RUN_COLUMNS, FitColumn
from pmo_path.domain.team import COURSES_COUNTED
from pmo_path.domain.text import harmless
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pmo_path.batch.rejections import ScoredRole

RESULTS = "results"
ROLE, TRAINING, MISSING_COUNT = "role", "next_training", "must_haves_missing_count"
RESULT_COLUMNS = (ROLE, *FitColumn, TRAINING)
LONG_COLUMNS = (
    "role",
    "competence",
    "status",
    "rating",
    "required",
    "gap",
    "priority",
    "must_have_missing",
)
RATER_COLUMNS = ("raters", "spread")
IDS, STARTS = "competence_ids", "first_ids"
"""Engine variables that map indexes of competences in a role to ids."""


def today() -> datetime.date:
    """The date in the user's time zone."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


class ResultDetail(NamedTuple):
    """How much to write about each person."""

    top: int = 5
    """How many gaps and courses to list; 0 for figures only."""
    gaps: bool = False
    """Add a column with the gap in each competence."""
    long: bool = False
    """Write a row for each competence of a person instead of the figures."""
    is_summed_up: bool = True
    """Whether there is a summary, which counts courses whatever is listed."""

    @property
    def courses(self) -> int:
        """How many courses to compute for each person."""
        return max(self.top, COURSES_COUNTED) if self.is_summed_up else self.top


def create_results(staged: PeopleTable, roles: Sequence[ScoredRole], detail: ResultDetail) -> None:
    """Create the table of results with a row for each person and role; empty without roles."""
    keep = [f"f{index}" for index in carried_indexes(staged)]
    if detail.gaps or detail.long:
        keep += [f"f{index}" for index in staged.rating_indexes()]
        keep += [f"na_{mask}" for mask in range(staged.masks)]
    if staged.is_combined:
        keep += RATER_COLUMNS
    most = max((len(staged.framework.scored(role.id)) for role in roles), default=0)
    masks = max(1, -(-most // MASK_BITS))
    columns = [
        "number",
        "role",
        *keep,
        *FIGURES,
        *(f"missing_{mask}" for mask in range(masks)),
        *(f"gap_{number}" for number in range(1, detail.top + 1)),
        *(f"course_{number}" for number in range(1, detail.courses + 1)),
        *SUMS,
    ]
    # By name, since a role with fewer competences has fewer masks.
    queries = _queries(staged, roles, keep, (detail.top, detail.courses), masks)
    union = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
    staged.connection.execute(
        f"CREATE TABLE {RESULTS} AS SELECT {', '.join(columns)} FROM ({union})"
    )
    if len(roles) > 1:
        _store_competence_ids(staged, roles)


def _queries(
    staged: PeopleTable,
    roles: Sequence[ScoredRole],
    keep: Sequence[str],
    tops: tuple[int, int],
    masks: int,
) -> Iterator[str]:
    """A query for each role with many people, and for each group of rare roles."""
    rare = rare_roles(roles)
    rare_ids = {role.id for role in rare}
    indexes = {role: index for index, role in enumerate(staged.framework.roles)}
    for role in roles:
        if role.id not in rare_ids:
            source = (
                f"(SELECT rowid AS number, {indexes[role.id]}::SMALLINT AS role, * "
                f"FROM {PEOPLE} {role.condition})"
            )
            yield role_query(staged, role.id).scored(source, ["number", "role", *keep], *tops)
    if rare or not roles:
        create_tables(staged, rare)
        query = ManyRolesQuery(staged.framework, "", staged.units, {}, {}, masks=masks)
        for group in (*role_batches(staged, rare), *([] if roles else [[]])):
            yield query.result(staged, [indexes[role.id] for role in group], keep, tops)


def _store_competence_ids(staged: PeopleTable, roles: Sequence[ScoredRole]) -> None:
    """Store the ids of the competences of each role in engine variables.

    `STARTS` has, by index of the role, where its ids start in `IDS`.
    """
    ids: list[str] = []
    starts: list[int | None] = [None] * len(staged.framework.roles)
    indexes = {role: index for index, role in enumerate(staged.framework.roles)}
    for role in roles:
        starts[indexes[role.id]] = len(ids)
        ids += staged.framework.scored(role.id)
    staged.connection.execute(f"SET VARIABLE {IDS} = {_list(map(text, ids))}")
    begin = _list("NULL" if start is None else str(start) for start in starts)
    staged.connection.execute(f"SET VARIABLE {STARTS} = {begin}")


def role_query(staged: PeopleTable, role: str) -> RoleQuery:
    """The query for one role over the people table."""
    return RoleQuery(
        staged.framework,
        role,
        staged.units,
        staged.columns(),
        staged.not_applicable(),
        staged.sheet.is_small,
    )


def carried_indexes(staged: PeopleTable) -> list[int]:
    """The indexes of columns that are copied to the results, the person first."""
    columns = staged.sheet.columns
    people = [index for index, column in enumerate(columns) if column.kind is Kind.PERSON]
    others = [
        index
        for index, column in enumerate(columns)
        if column.kind in {Kind.CARRIED, Kind.RATER, Kind.ORIGIN}
    ]
    return people + others


def unreserved(headings: Iterable[str], reserved: Iterable[str]) -> list[str]:
    """The headings of an input, with `input_` before those in `reserved`."""
    taken = {column.casefold() for column in reserved}
    return [f"input_{column}" if column.casefold() in taken else column for column in headings]


class ResultsQuery(NamedTuple):
    """Writes the query that exports the results."""

    staged: PeopleTable
    roles: tuple[str, ...]
    """The roles with rows in the results."""
    detail: ResultDetail
    date: datetime.date
    """The date of the run, written in every row."""
    guard: Callable[[str], str] | None = None
    """Turns SQL for a text into SQL that escapes formulas."""

    people: range | None = None
    """The row numbers of the people to write; all by default."""
    number: Callable[[str], str] | None = None
    """Turns SQL for a decimal into SQL for how it is written; unchanged by default."""
    headings_of: tuple[str, ...] = ()
    """The roles that decide which gap columns there are; `roles` by default."""

    def query(self) -> str:
        """The results in the order of the input."""
        columns = self._long_columns() if self.detail.long else self._columns()
        return f"SELECT {', '.join(columns)} FROM {self._in_order()}"

    def rows_a_person(self) -> int:
        """The most rows that one person has for one role in long results."""
        framework = self.staged.framework
        return max((len(framework.scored(role)) for role in self.roles), default=1)

    def _in_order(self) -> str:
        """The table in the order of the input, then of the roles.

        It was filled role by role; it has an alias because a header may equal a column's name.
        """
        order = " ORDER BY number, role" if len(self.roles) > 1 else ""
        where = ""
        if self.people is not None:
            where = f" WHERE number >= {self.people.start} AND number < {self.people.stop}"
        return (
            f"(SELECT * FROM {RESULTS}{where}{order}) AS {RESULTS}" if where or order else RESULTS
        )

    def _columns(self) -> Iterator[str]:
        competences = self._competences() if self.detail.gaps else []
        gaps = [f"gap_{competence}" for competence in competences]
        raters = RATER_COLUMNS if self.staged.is_combined else ()
        fit = self._fit()
        yield from self._kept((*RESULT_COLUMNS, *fit, *raters, *gaps, *RUN_COLUMNS))
        for column, value in fit.items():
            yield f"{value} AS {column}"
        if self.staged.is_combined:
            yield f"raters, {self._levels('spread')} AS spread"
        if gaps:
            for heading, gap in zip(gaps, self._gaps_by_competence(), strict=True):
                yield f"{gap} AS {name(heading)}"
        yield from self._run()

    def _run(self) -> Iterator[str]:
        """The date and the framework, which identify the run in every row."""
        framework = self.staged.framework
        about = framework.framework
        values = [text(fact) for fact in (about.id, about.version, framework.content_hash)]
        for column, value in zip(RUN_COLUMNS, [f"DATE '{self.date}'", *values], strict=True):
            yield f"{value} AS {column}"

    def _fit(self) -> dict[str, str]:
        framework = self.staged.framework
        bands = list(framework.readiness)
        figures: dict[str, str] = {
            ROLE: _named("role", list(framework.roles)),
            FitColumn.BAND: _named("band", bands),
            FitColumn.BAND_HIGH: _named("band_high", bands),
            FitColumn.BAND_REASON: _named("band_reason", list(BAND_REASONS)),
            FitColumn.READINESS: _percent("readiness"),
            FitColumn.READINESS_LOW: _percent("readiness_low"),
            FitColumn.READINESS_HIGH: _percent("readiness_high"),
            FitColumn.AT_TARGET: "at_target::INTEGER",
            FitColumn.APPLICABLE: "applicable::INTEGER",
        }
        further: dict[str, str] = {
            FitColumn.UNRATED_COUNT: "unrated::INTEGER",
            FitColumn.NOT_APPLICABLE_COUNT: "not_applicable::INTEGER",
            FitColumn.NEXT_BAND: _named("band - 1", bands),
            FitColumn.NEXT_BAND_POINTS: _percent("next_points"),
            FitColumn.NEXT_BAND_MUST_HAVES: "next_must_haves::INTEGER",
        }
        if not self.detail.top:
            return {**figures, MISSING_COUNT: "must_haves_missing::INTEGER", **further}
        return {
            **figures,
            FitColumn.MUST_HAVES_MISSING: self._missing(),
            **further,
            FitColumn.TOP_GAPS: self._gaps(),
            TRAINING: self._courses(),
        }

    def _kept(self, reserved: Sequence[str]) -> Iterator[str]:
        indexes, columns = carried_indexes(self.staged), self.staged.sheet.columns
        headings = unreserved((columns[index].heading for index in indexes), reserved)
        for index, heading in zip(indexes, headings, strict=True):
            value = f"f{index}" if self.guard is None else self.guard(f"f{index}")
            yield f"{value} AS {name(heading if self.guard is None else harmless(heading))}"

    def _courses(self) -> str:
        ids = list(self.staged.framework.training)
        courses = [_named(f"course_{rank}", ids) for rank in range(1, self.detail.top + 1)]
        return _joined(courses)

    def _missing(self) -> str:
        """SQL for the missing must-haves.

        With one role, ids are literals; else they are looked up, since planning a query with the
        ids of all roles takes longer than running it.
        """
        must_haves: dict[int, str] = {}
        for role in self.roles:
            for rated in role_query(self.staged, role).competences:
                if rated.must_have is not None:
                    must_haves[rated.position] = self._id(str(rated.position), rated.id)
        named = [
            f"if({Bit.at('missing', index).is_set()}, {key}, NULL)"
            for index, key in sorted(must_haves.items())
        ]
        return _joined(named)

    def _id(self, index: str, key: str) -> str:
        """SQL for the id of a competence by its index in the row's role; `key` with one role."""
        if len(self.roles) == 1:
            return text(key)
        start = f"getvariable('{STARTS}')[{RESULTS}.role + 1]"
        return f"getvariable('{IDS}')[{start} + {index} + 1]"

    def _gaps(self) -> str:
        gaps = [f"gap_{number}" for number in range(1, self.detail.top + 1)]
        if len(self.roles) == 1:
            ids = list(self.staged.framework.scored(self.roles[0]))
            return _joined([_named(gap, ids) for gap in gaps])
        return _joined([self._id(gap, "") for gap in gaps] if self.roles else [])

    def _of_role(self, value: Callable[[str], str]) -> str:
        """SQL that picks `value` of the row's role."""
        if len(self.roles) == 1:
            return value(self.roles[0])
        indexes = list(self.staged.framework.roles)
        cases = " ".join(f"WHEN {indexes.index(role)} THEN {value(role)}" for role in self.roles)
        return f"CASE {RESULTS}.role {cases} END"

    # --- Competence by competence ---------------------------------------------------------------

    def _competences(self) -> list[str]:
        """The competences that any role requires, in the framework's order."""
        framework = self.staged.framework
        roles = self.headings_of or self.roles or framework.roles
        required = {key for role in roles for key in framework.scored(role)}
        return [competence for competence in framework.competences if competence in required]

    def _gaps_by_competence(self) -> Iterator[str]:
        """SQL for the gap in each competence, in levels."""
        columns, units = self.staged.columns(), self.staged.units
        indexes = {role: index for index, role in enumerate(self.staged.framework.roles)}
        targets: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for role in self.roles:
            for key, requirement in self.staged.framework.scored(role).items():
                target = units.of_level(requirement.level)
                targets[key][target].append(str(indexes[role]))
        for key in self._competences():
            if key not in targets or key not in columns:
                yield self._levels("NULL::BIGINT")
                continue
            cases = " ".join(
                f"WHEN {RESULTS}.role IN ({', '.join(roles)}) THEN {target}"
                for target, roles in targets[key].items()
            )
            distance = f"((CASE {cases} END) - {columns[key]})"
            # Null where it is, since `greatest` passes over nulls.
            yield self._levels(f"greatest({distance}, 0 * {distance})")

    def _levels(self, value: str, units: Units | None = None) -> str:
        """SQL for levels as they are written, from units."""
        units = units or self.staged.units
        shown = levels(value, units)
        return shown if self.number is None or is_whole(units) else self.number(shown)

    def _long_columns(self) -> list[str]:
        """SQL that makes a row for each person, role and required competence.

        The engine keeps the order of rows; sorting so many would exhaust its memory.
        """
        ids = list(self.staged.framework.roles)
        role = f"{_named('role', ids)} AS role"
        # Without people, any role has the columns.
        listed = self._of_role(self._rows) if self.roles else self._rows(ids[0])
        rows = f"unnest({listed}, recursive := true)"
        reserved = (*LONG_COLUMNS, *RUN_COLUMNS)
        return [*self._kept(reserved), role, rows, *self._run()]

    def _rows(self, role: str) -> str:
        rows = map(self._row, role_query(self.staged, role).competences)
        return f"[{', '.join(rows)}]"

    def _row(self, rated: RatedRequirement) -> str:
        units, target = self.staged.units, rated.target
        value = f"{rated.column}::BIGINT" if rated.column else "NULL::BIGINT"
        gap = f"greatest({target} - {value}, 0 * {value})"
        status = (
            f"if({value} IS NOT NULL, 'rated', if({rated.is_not_applicable()}, 'n/a', 'unrated'))"
        )
        fields = {
            "competence": text(rated.id),
            "status": status,
            "rating": self._levels(value),
            "required": self._levels(f"{target}::BIGINT"),
            "gap": self._levels(gap),
            "priority": self._levels(
                f"({gap}) * {rated.weight}", units._replace(level=units.level * units.weight)
            ),
            "must_have_missing": (
                "false" if rated.must_have is None else Bit.at("missing", rated.position).is_set()
            ),
        }
        return f"{{{', '.join(f'{text(key)}: {value}' for key, value in fields.items())}}}"


def _percent(column: str) -> str:
    """SQL for a readiness in percent, from tenths of a percent."""
    return f"({column} / 10)::DECIMAL(5, 1)"


def _joined(ids: list[str]) -> str:
    """SQL that joins the ids that are not null; null if there are none."""
    return (
        f"nullif(concat_ws({text(BETWEEN_IDS)}, {', '.join(ids)}), '')" if ids else "NULL::VARCHAR"
    )


def _named(index: str, ids: Iterable[str]) -> str:
    """SQL for the id at an index; null if the index is."""
    return f"{_list(map(text, ids))}[{index} + 1]"


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(values)}]"
