"""What is true of all people together, counted by the engine."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.batch.query import MASK_BITS
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.batch.staged import PEOPLE
from pmo_path.domain.team import Coverage, Crowd, Demand, RoleTeam, Team, shown_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.query import Rated
    from pmo_path.batch.refusing import Role
    from pmo_path.batch.staged import Staged

NO_GROUP = "(none)"
"""What people are under whose cell in the column of groups is empty."""


def team_of(  # noqa: PLR0913  what is counted, and how it is grouped
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    roles: Sequence[Role],
    top: int,
    *,
    group: int | None,
    min_group: int,
) -> Team:
    """The summary, by the column at the place `group`. Each person counts once a role.

    Where there are several raters, what they say together counts.
    """
    teams = []
    for role in roles:
        counting = _Counting(connection, staged, role, top)
        everybody = counting.crowds(None)[""]
        groups = {} if group is None else counting.crowds(group)
        shown = shown_groups({key: one.people for key, one in groups.items()}, min_group)
        apart = {key: groups[key] for key in shown}
        hidden = everybody.people - sum(one.people for one in apart.values()) if groups else 0
        name = staged.framework.roles[role.id].name
        teams.append(RoleTeam(role.id, name, everybody, apart, hidden))
    heading = "" if group is None else staged.sheet.columns[group].heading
    return Team(heading, min_group, tuple(teams))


class _Counting:
    """Counts for one role."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, staged: Staged, role: Role, top: int
    ) -> None:
        self._connection, self._staged, self._role, self._top = connection, staged, role, top
        self._rated = role_query(staged, role.id).competences
        self._of_role = list(staged.framework.roles).index(role.id)

    def crowds(self, group: int | None) -> dict[str, Crowd]:
        """The people in each group; all of them under "" where there is none."""
        by = "''" if group is None else f"coalesce(nullif(trim(f{group}), ''), '{NO_GROUP}')"
        figures = {row[0]: row[1:] for row in self._figures(by)}
        levels = {row[0]: row[1:] for row in self._levels(by)}
        training = self._training(by)
        if not figures and group is None:
            figures, levels = {"": self._nobody()}, {"": (0,) * (2 * len(self._rated))}
        return {
            key: self._crowd(row, levels[key], training.get(key, {}))
            for key, row in sorted(figures.items())
        }

    def _crowd(
        self, figures: Sequence[Any], levels: Sequence[int], training: Mapping[int, int]
    ) -> Crowd:
        people, without, median, *counts = figures
        bands = list(self._staged.framework.readiness)
        missing = dict(zip(self._must_haves(), counts[len(bands) :], strict=True))
        return Crowd(
            people=people,
            bands=dict(zip(bands, counts[: len(bands)], strict=True)),
            without_band=without,
            readiness_median=None if median is None else Decimal(median) / 10,
            coverage=tuple(self._coverage(levels, missing)),
            training=tuple(self._demand(training)),
        )

    def _coverage(self, levels: Sequence[int], missing: Mapping[int, int]) -> Iterator[Coverage]:
        for place, rated in enumerate(self._rated):
            at_target, with_level = levels[2 * place : 2 * place + 2]
            yield Coverage(
                id=rated.id,
                name=self._staged.framework.competences[rated.id].name,
                must_have=place in missing,
                people_at_target=at_target,
                people_with_gap=with_level - at_target,
                people_missing_must_have=missing.get(place, 0),
            )

    def _must_haves(self) -> list[int]:
        """Their places among the competences of the role."""
        return [
            place
            for place, rated in enumerate(self._rated)
            if rated.requirement.must_have is not None
        ]

    def _demand(self, training: Mapping[int, int]) -> Iterator[Demand]:
        courses = list(self._staged.framework.training.items())
        for place, people in sorted(training.items(), key=lambda one: (-one[1], one[0])):
            key, course = courses[place]
            days = None if course.days is None else people * course.days
            yield Demand(key, course.title, people, days)

    # --- Counting -------------------------------------------------------------------------------

    def _nobody(self) -> tuple[Any, ...]:
        return (
            0,
            0,
            None,
            *[0] * (len(self._staged.framework.readiness) + len(self._must_haves())),
        )

    def _figures(self, by: str) -> list[tuple[Any, ...]]:
        bands = (
            f"count(*) FILTER (band = {place})"
            for place in range(len(self._staged.framework.readiness))
        )
        missing = (
            f"count(*) FILTER ((missing_{place // MASK_BITS} >> {place % MASK_BITS} & 1) = 1)"
            for place in self._must_haves()
        )
        # The middle of an even number of people is rounded half up, to whole tenths.
        chosen = ", ".join(
            [
                by,
                "count(*)",
                "count(*) FILTER (band IS NULL)",
                "floor(median(readiness) + 0.5)::INTEGER",
                *bands,
                *missing,
            ]
        )
        return self._all(f"SELECT {chosen} FROM {RESULTS} WHERE {self._in_results()} GROUP BY 1")

    def _levels(self, by: str) -> list[tuple[Any, ...]]:
        chosen = [one for rated in self._rated for one in self._counted(rated)]
        where = self._role.condition
        if self._staged.is_combined:
            where = f"{where} AND" if where else "WHERE"
            where += " raters IS NOT NULL"
        return self._all(f"SELECT {', '.join([by, *chosen])} FROM {PEOPLE} {where} GROUP BY 1")

    def _counted(self, rated: Rated) -> tuple[str, str]:
        """How many are at target, and how many have a level at all."""
        if not rated.column:
            return "0", "0"
        target = self._staged.units.of_level(rated.requirement.level)
        at_target = f"coalesce(sum(({rated.column} >= {target})::TINYINT), 0)::BIGINT"
        return at_target, f"count({rated.column})"

    def _training(self, by: str) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for number in range(1, self._top + 1):
            query = (
                f"SELECT {by}, course_{number}, count(*) FROM {RESULTS} "
                f"WHERE {self._in_results()} AND course_{number} IS NOT NULL GROUP BY 1, 2"
            )
            for key, course, people in self._all(query):
                found[key][course] += people
        return found

    def _in_results(self) -> str:
        together = " AND raters IS NOT NULL" if self._staged.is_combined else ""
        return f"role = {self._of_role}{together}"

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()
