"""The table of results, and what goes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import name, text
from pmo_path.batch.query import BAND_REASONS, FIGURES, MASK_BITS, RoleQuery
from pmo_path.batch.sheet import Kind
from pmo_path.batch.staged import PEOPLE
from pmo_path.batch.units import levels
from pmo_path.domain.columns import BETWEEN_IDS, FitColumn
from pmo_path.domain.formulas import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import duckdb

    from pmo_path.batch.query import Bit, Rated
    from pmo_path.batch.refusing import Role
    from pmo_path.batch.staged import Staged

RESULTS = "results"
ROLE, TRAINING, MISSING_COUNT = "role", "next_training", "must_haves_missing_count"
OUR_COLUMNS = (ROLE, *FitColumn, TRAINING)
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


class Detail(NamedTuple):
    """How much of each person is wanted."""

    top: int = 5
    """How many gaps and courses; 0 for figures alone."""
    gaps: bool = False
    """A column for the gap in each competence."""
    long: bool = False
    """A row for each competence of a person, in place of the figures."""


def score(
    connection: duckdb.DuckDBPyConnection, staged: Staged, roles: Sequence[Role], detail: Detail
) -> None:
    """Make the table of results: a row for each person and role."""
    if not roles:
        raise ValueError("no role to score for")
    keep = [f"f{place}" for place in kept(staged)]
    if detail.gaps or detail.long:
        keep += [f"f{place}" for place in staged.ratings()]
        keep += [f"na_{one}" for one in range(staged.masks)]
    if staged.is_combined:
        keep += RATER_COLUMNS
    queries = []
    for role in roles:
        place = list(staged.framework.roles).index(role.id)
        source = f"(SELECT rowid AS number, {place}::SMALLINT AS role, * FROM {PEOPLE} {role.condition})"
        query = role_query(staged, role.id)
        queries.append(query.scored(source, ["number", "role", *keep], detail.top))
    masks = max(-(-len(role_query(staged, role.id).competences) // MASK_BITS) for role in roles)
    columns = [
        "number",
        "role",
        *keep,
        *FIGURES,
        *(f"missing_{one}" for one in range(masks)),
        *(f"{what}_{one}" for what in ("gap", "course") for one in range(1, detail.top + 1)),
    ]
    # By name, since a role with fewer competences has fewer masks.
    union = " UNION ALL BY NAME ".join(f"({query})" for query in queries)
    connection.execute(f"CREATE TABLE {RESULTS} AS SELECT {', '.join(columns)} FROM ({union})")


def role_query(staged: Staged, role: str) -> RoleQuery:
    """The query of one role over the table of people."""
    return RoleQuery(
        staged.framework,
        role,
        staged.units,
        staged.columns(),
        {
            staged.sheet.columns[place].competence: staged.not_applicable(place)
            for place in staged.ratings()
        },
        staged.sheet.is_small,
    )


def kept(staged: Staged) -> list[int]:
    """The places of the columns that go to the results as they came, the person's first."""
    columns = staged.sheet.columns
    people = [place for place, one in enumerate(columns) if one.kind is Kind.PERSON]
    others = [place for place, one in enumerate(columns) if one.kind in {Kind.CARRIED, Kind.RATER}]
    return people + others


def headings(staged: Staged, ours: Sequence[str]) -> list[str]:
    """The headings of what is kept; one that is called like one of `ours` gets `input_` before."""
    own = [staged.sheet.columns[place].heading for place in kept(staged)]
    taken = {one.casefold() for one in ours}
    return [f"input_{one}" if one.casefold() in taken else one for one in own]


class Selecting(NamedTuple):
    """The results as they are written."""

    staged: Staged
    roles: tuple[str, ...]
    detail: Detail
    guard: Callable[[str], str] | None = None
    """From SQL of a text to SQL of that text made harmless in a spreadsheet."""

    people: range | None = None
    """Numbers of the people in the table whose results are wanted; all of them without."""

    def query(self) -> str:
        """The results in the order of the input."""
        return self._long() if self.detail.long else self._wide()

    def rows_a_person(self) -> int:
        """The most rows that one person has for one role."""
        if not self.detail.long:
            return 1
        return max(len(role_query(self.staged, role).competences) for role in self.roles)

    def _wide(self) -> str:
        """A row for each person and role."""
        return f"SELECT {', '.join(self._columns())} FROM {self._in_order()}"

    def _in_order(self) -> str:
        """The table in the order of the input, and then of the roles.

        It is made role by role, and a heading of the sheet may be called as its columns are.
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
        gaps = [f"gap_{one}" for one in competences]
        raters = RATER_COLUMNS if self.staged.is_combined else ()
        fit = self._fit()
        yield from self._kept((*OUR_COLUMNS, *fit, *raters, *gaps))
        for column, said in fit.items():
            yield f"{said} AS {column}"
        if self.staged.is_combined:
            yield f"raters, {levels('spread', self.staged.units)} AS spread"
        for competence, gap in zip(competences, gaps, strict=True):
            yield f"{self._gap_of(competence)} AS {name(gap)}"

    def _fit(self) -> dict[str, str]:
        """SQL of what each column says of a person and a role."""
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
            FitColumn.OF: "applicable::INTEGER",
        }
        further: dict[str, str] = {
            FitColumn.UNRATED: "unrated::INTEGER",
            FitColumn.NOT_APPLICABLE: "not_applicable::INTEGER",
            FitColumn.NEXT_BAND: _named("band - 1", bands),
            FitColumn.NEXT_BAND_POINTS: _percent("next_points"),
            FitColumn.NEXT_BAND_MUST_HAVES: "next_must_haves::INTEGER",
        }
        if not self.detail.top:
            return {**figures, MISSING_COUNT: "must_haves_missing::INTEGER", **further}
        return {
            **figures,
            FitColumn.MUST_HAVES_MISSING: self._of_role(self._missing),
            **further,
            FitColumn.TOP_GAPS: self._of_role(self._gaps),
            TRAINING: self._courses(),
        }

    def _kept(self, ours: Sequence[str]) -> Iterator[str]:
        for place, heading in zip(kept(self.staged), headings(self.staged, ours), strict=True):
            value = f"f{place}" if self.guard is None else self.guard(f"f{place}")
            yield f"{value} AS {name(heading if self.guard is None else harmless(heading))}"

    def _courses(self) -> str:
        ids = list(self.staged.framework.training)
        courses = [_named(f"course_{one}", ids) for one in range(1, self.detail.top + 1)]
        return _joined(courses)

    def _missing(self, role: str) -> str:
        named = [
            f"if((missing_{place // MASK_BITS} >> {place % MASK_BITS} & 1) = 1, "
            f"{text(rated.id)}, NULL)"
            for place, rated in enumerate(role_query(self.staged, role).competences)
            if rated.requirement.must_have is not None
        ]
        return _joined(named)

    def _gaps(self, role: str) -> str:
        ids = [rated.id for rated in role_query(self.staged, role).competences]
        places = [_named(f"gap_{number}", ids) for number in range(1, self.detail.top + 1)]
        return _joined(places)

    def _of_role(self, said: Callable[[str], str]) -> str:
        """What is said of the row's own role."""
        if len(self.roles) == 1:
            return said(self.roles[0])
        places = list(self.staged.framework.roles)
        cases = " ".join(f"WHEN {places.index(role)} THEN {said(role)}" for role in self.roles)
        return f"CASE {RESULTS}.role {cases} END"

    # --- Competence by competence ---------------------------------------------------------------

    def _competences(self) -> list[str]:
        """What any of the roles requires, in the framework's order."""
        required = {
            rated.id for role in self.roles for rated in role_query(self.staged, role).competences
        }
        return [one for one in self.staged.framework.competences if one in required]

    def _gap_of(self, competence: str) -> str:
        def of_role(role: str) -> str:
            rated = _rated(role_query(self.staged, role), competence)
            if rated is None or not rated.column:
                return "NULL"
            target = self.staged.units.of_level(rated.requirement.level)
            return f"greatest({target} - {rated.column}, 0 * {rated.column})"

        return levels(f"({self._of_role(of_role)})", self.staged.units)

    def _long(self) -> str:
        """A row for each person, role and competence that the role requires.

        The engine keeps the order in which they come; sorting so many would take all its memory.
        """
        role = f"{_named('role', list(self.staged.framework.roles))} AS role"
        rows = f"unnest({self._of_role(self._rows)}, recursive := true)"
        chosen = ", ".join([*self._kept(LONG_COLUMNS), role, rows])
        return f"SELECT {chosen} FROM {self._in_order()}"

    def _rows(self, role: str) -> str:
        rows = [
            self._row(place, rated)
            for place, rated in enumerate(role_query(self.staged, role).competences)
        ]
        return f"[{', '.join(rows)}]"

    def _row(self, place: int, rated: Rated) -> str:
        units, required = self.staged.units, rated.requirement
        target, weight = units.of_level(required.level), units.of_weight(required.importance)
        value = f"{rated.column}::BIGINT" if rated.column else "NULL::BIGINT"
        gap = f"greatest({target} - {value}, 0 * {value})"
        status = f"if({value} IS NOT NULL, 'rated', {_absent(rated.not_applicable)})"
        missing = f"(missing_{place // MASK_BITS} >> {place % MASK_BITS} & 1) = 1"
        said = {
            "competence": text(rated.id),
            "status": status,
            "rating": levels(value, units),
            "required": levels(f"{target}::BIGINT", units),
            "gap": levels(gap, units),
            "priority": levels(
                f"({gap}) * {weight}", units._replace(level=units.level * units.weight)
            ),
            "must_have_missing": missing if required.must_have is not None else "false",
        }
        return f"{{{', '.join(f'{text(key)}: {value}' for key, value in said.items())}}}"


def _percent(column: str) -> str:
    """SQL of a readiness in percent, from tenths of it."""
    return f"({column} / 10)::DECIMAL(5, 1)"


def _absent(not_applicable: Bit | None) -> str:
    """SQL of the status of a competence without a level."""
    if not_applicable is None:
        return "'unrated'"
    return f"if(({not_applicable.column} >> {not_applicable.place} & 1) = 1, 'n/a', 'unrated')"


def _rated(query: RoleQuery, competence: str) -> Rated | None:
    return next((one for one in query.competences if one.id == competence), None)


def _joined(ids: list[str]) -> str:
    """The ids that are there, as one text; null where there are none."""
    return (
        f"nullif(concat_ws({text(BETWEEN_IDS)}, {', '.join(ids)}), '')" if ids else "NULL::VARCHAR"
    )


def _named(place: str, ids: list[str]) -> str:
    """The id at a place, null where there is none."""
    return f"[{', '.join(map(text, ids))}][{place} + 1]"
