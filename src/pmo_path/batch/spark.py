"""Sheets beyond one machine: Apache Spark divides them, and each part is scored by the same query.

Needs the extra `pmo-path[spark]`, and Java. `docs/scale.md` says when it is worth it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from pmo_path.batch.clock import today
from pmo_path.batch.headings import Names, plain
from pmo_path.batch.look.cells import Cells, sample_rows
from pmo_path.batch.look.columns import match
from pmo_path.batch.look.copying import CELLS
from pmo_path.batch.look.records import Record
from pmo_path.batch.look.unnamed import unnamed_ratings
from pmo_path.batch.part import COUNT_SCHEMA, DOUBTFUL, FAULT, REJECTED, TRANSLATED, Part
from pmo_path.batch.reasons import TWICE
from pmo_path.batch.results import Detail
from pmo_path.batch.same import NOBODY
from pmo_path.batch.sheet import Kind, Layout
from pmo_path.batch.teaming import Count, team_of
from pmo_path.batch.unnamed import is_mostly_rated, words_for
from pmo_path.domain.assessment import role_named
from pmo_path.domain.cells import CellReader, Doubt, doubts_shown
from pmo_path.domain.columns import REJECT_REASONS
from pmo_path.domain.diagnostics import in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame

    from pmo_path.batch.look.columns import Matched
    from pmo_path.batch.sheet import Column
    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.team import Team

BROKEN = "_pmo_path_broken_line"
"""The column in which a reader of CSV leaves lines that do not fit the headings."""


class Accounted(NamedTuple):
    """How many rows there were, and the summary of those that count."""

    read: int
    rejected: int
    team: Team
    notices: tuple[str, ...] = ()
    """How cells were read that may have been written for no answer."""
    unused: tuple[str, ...] = ()
    """Cells that are translated and not there."""

    @property
    def scored(self) -> int:
        """Rows that count."""
        return self.read - self.rejected


class Scored(NamedTuple):
    """A scored table of people; nothing is computed before it is asked for."""

    results: DataFrame
    """A row for each person and role, with the columns that the command writes."""
    rejects: DataFrame
    """The rows that cannot be scored, after the reasons."""
    counts: DataFrame
    """What the account is added up from."""
    part: Part
    min_group: int
    remarks: tuple[str, ...]
    """What was found out about the columns."""
    notices: tuple[str, ...] = ()
    """What may change a figure and only a person can judge."""

    def account(self) -> Accounted:
        """Count everything, in one pass over the data."""
        counted = (
            self.counts.groupBy("role", "group", "what", "place", "of")
            .agg(sql.sum("people").alias("people"))
            .select(*COUNT_SCHEMA.names)
            .collect()
        )
        counts = [Count(*row) for row in counted]
        rejected = sum(one.people for one in counts if one.what == REJECTED)
        reader = CellReader.of(self.part.framework, self.part.values)
        doubts = [
            Doubt(one.group, meaning, one.people)
            for one in counts
            if one.what == DOUBTFUL and (meaning := reader.meaning(one.group)) is not None
        ]
        unused = reader.unused(count.group for count in counts if count.what == TRANSLATED)
        roles = self.part.roles or tuple(self.part.framework.roles)
        there = {one.role for one in counts if one.role}
        group = self.part.group
        heading = "" if group is None else self.part.columns[group].heading
        named = [role for role in roles if role in there or self.part.roles]
        of_people = [
            count for count in counts if count.what not in {REJECTED, DOUBTFUL, TRANSLATED}
        ]
        team = team_of(self.part.framework, named, of_people, heading, self.min_group)
        scored = sum(row.people for row in of_people if row.what == "band" and row.role in there)
        # With several roles for everybody, each person stands in the counts of all of them.
        people = scored // max(1, len(self.part.roles))
        return Accounted(people + rejected, rejected, team, doubts_shown(doubts), tuple(unused))


def score(  # noqa: PLR0913  what the command has as options
    dataframe: DataFrame,
    framework: Framework,
    role: str | Iterable[str] = (),
    *,
    detail: Detail = Detail(),  # noqa: B008  never changed
    mapping: Mapping[str, str] | None = None,
    values: Mapping[str, Meaning] | None = None,
    group_by: str | None = None,
    min_group: int = 5,
    is_guarded: bool = False,
    date: datetime.date | None = None,
) -> Scored:
    """Score a wide table of people: a row a person, a column a competence.

    Columns are matched by their names as headings of a sheet are. `role` is one role or several
    for everybody, by id, name or alias; without it the table's column says it for each row. The
    order of rows is not kept. `date` is the day that results
    name, today by default. `values` says what cells mean that the scale does not know. A few
    rows are read at once, to see what the headings leave open, and the whole table where a column
    without a heading may hold ratings further down. Raises InputInvalid for columns
    that cannot be used, and UsageProblem
    for what does not fit them.
    """
    several = [role] if isinstance(role, str) else list(role)
    roles = tuple(role_named(framework, one) for one in several)
    headings = [one for one in dataframe.columns if one != BROKEN]
    first = _first_rows(dataframe, headings, CellReader.of(framework, values or {}))
    matched = _matched(headings, framework, mapping or {}, first, has_roles=not roles)
    columns = matched.columns
    part = Part(
        framework=framework,
        columns=columns,
        roles=roles,
        detail=detail,
        date=date or today(),
        group=_group(columns, group_by),
        values=values or {},
        is_guarded=is_guarded,
    )
    if not roles and not any(one.kind is Kind.ROLE for one in columns):
        raise UsageProblem("no column says which role each person aims at; name a role")
    cells = _cells(dataframe, headings, columns, framework)
    _check_unnamed(cells, matched, CellReader.of(framework, values or {}))
    return Scored(
        results=cells.mapInArrow(part.results, from_arrow_schema(part.schema())),
        rejects=_rejects(cells, part),
        counts=cells.mapInArrow(part.counts, from_arrow_schema(COUNT_SCHEMA)),
        part=part,
        min_group=min_group,
        remarks=matched.remarks,
        notices=matched.notices,
    )


def _first_rows(dataframe: DataFrame, headings: list[str], reader: CellReader) -> Cells:
    """Some rows, which decide what the headings leave open."""
    rows = dataframe.select(*_as_text(dataframe, headings)).limit(sample_rows(len(headings)))
    records = [Record(0, [cell or "" for cell in row]) for row in rows.collect()]
    return Cells(records, reader, is_whole=False)


def _matched(
    headings: list[str],
    framework: Framework,
    mapping: Mapping[str, str],
    first: Cells,
    *,
    has_roles: bool,
) -> Matched:
    names = Names(framework, mapping)
    # What Spark calls a column that has no heading.
    said = [
        "" if heading == f"_c{place}" and names.mapped(heading) is None else heading
        for place, heading in enumerate(headings)
    ]
    matched = match(said, framework, names, "the table", 0, has_roles=has_roles, cells=first)
    if matched.problems:
        raise InputInvalid(in_order(matched.problems))
    kinds = {one.kind for one in matched.columns}
    if matched.layout is Layout.LONG or Kind.RATER in kinds:
        raise UsageProblem(
            "a table with a row for each rating, or with several raters, is scored on one machine; "
            "give it a row for each person first"
        )
    return matched


def _check_unnamed(cells: DataFrame, matched: Matched, reader: CellReader) -> None:
    """Raise InputInvalid when columns without a heading hold levels in most of their cells.

    The whole table is read for it, but only where such a column was not clear from its first rows.
    """
    if not matched.unnamed:
        return
    levels, absent = words_for(reader)
    counts = []
    for index in matched.unnamed:
        cell = sql.trim(sql.col(f"f{index}"))
        counts += [
            sql.count(sql.when(cell.isin(*levels), 1)),
            sql.count(sql.when(cell.isin(*absent), 1)),
            sql.count(sql.when(cell != "", 1)),
        ]
    named = [count.alias(f"n{number}") for number, count in enumerate(counts)]
    row = tuple(cells.agg(*named).collect()[0])
    found = zip(matched.unnamed, row[::3], row[1::3], row[2::3], strict=True)
    rated = [index for index, *figures in found if is_mostly_rated(*figures)]
    if rated:
        raise InputInvalid((unnamed_ratings(matched.columns, rated, "the table", 0),))


def _group(columns: tuple[Column, ...], wanted: str | None) -> int | None:
    if wanted is None:
        return None
    for place, one in enumerate(columns):
        if one.kind is Kind.CARRIED and plain(one.heading) == plain(wanted):
            return place
    carried = ", ".join(one.heading for one in columns if one.kind is Kind.CARRIED)
    raise UsageProblem(
        f"there is no column '{wanted}' to group by; there are: {carried or 'none'}"
    )


def _cells(
    dataframe: DataFrame, headings: list[str], columns: tuple[Column, ...], framework: Framework
) -> DataFrame:
    """The cells as text, and in a last column what is wrong with a row as a whole.

    Blank rows are left out.
    """
    chosen = _as_text(dataframe, headings)
    broken = sql.lit(None).cast("string")
    if BROKEN in dataframe.columns:
        broken = sql.concat(sql.lit(f"{CELLS} "), dataframe[BROKEN])
    cells = dataframe.select(*chosen, broken.alias(FAULT))
    filled = sql.concat_ws("", *cells.columns).rlike(r"[^\s\p{Z}]")
    cells = cells.where(filled)
    keys = _keys(columns, framework)
    return _with_people_twice(cells, keys) if keys else cells


def _as_text(dataframe: DataFrame, headings: list[str]) -> list[SparkColumn]:
    return [
        dataframe[f"`{heading.replace('`', '``')}`"].cast("string").alias(f"f{place}")
        for place, heading in enumerate(headings)
    ]


def _keys(columns: tuple[Column, ...], framework: Framework) -> list[SparkColumn]:
    """What `pmo_path.batch.same` tells people apart by, the person first; none where nobody is."""
    places = {one.kind: f"f{place}" for place, one in enumerate(columns)}
    if Kind.PERSON not in places:
        return []
    keys = [_same(places[Kind.PERSON])]
    if Kind.ROLE in places:
        said = sql.regexp_replace(_same(places[Kind.ROLE]), r"[-_\s\p{Z}]+", " ")
        ids = {fold(one): framework.role_names.find(one) for one in framework.role_names.labels()}
        known = sql.create_map(*(sql.lit(one) for pair in ids.items() for one in pair))
        keys.append(sql.coalesce(known[said], said))
    return keys


def _same(column: str) -> SparkColumn:
    there = sql.coalesce(sql.col(column), sql.lit(""))
    return sql.lower(sql.regexp_replace(there, r"^[\s\p{Z}]+|[\s\p{Z}]+$", ""))


def _with_people_twice(cells: DataFrame, keys: list[SparkColumn]) -> DataFrame:
    # Only the keys of those who stand there twice are sent around, and there are few.
    names = [f"twice_{number}" for number in range(len(keys))]
    twice = (
        cells.where(~keys[0].isin(*NOBODY))
        .groupBy(*(key.alias(name) for key, name in zip(keys, names, strict=True)))
        .count()
        .where(sql.col("count") > 1)
        .select(*names)
        .withColumn("is_twice", sql.lit(True))  # noqa: FBT003  its only parameter
    )
    same = sql.lit(True)  # noqa: FBT003  its only parameter
    for key, name in zip(keys, names, strict=True):
        same &= key == twice[name]
    fault = sql.coalesce(sql.col(FAULT), sql.when(sql.col("is_twice"), sql.lit(TWICE)))
    joined = cells.join(twice, on=same, how="left")
    others = [one for one in cells.columns if one != FAULT]
    return joined.select(*others, fault.alias(FAULT))


def _rejects(cells: DataFrame, part: Part) -> DataFrame:
    headings = [*REJECT_REASONS, *(column.heading for column in part.columns)]
    schema = ", ".join(f"`{one.replace('`', '``')}` string" for one in headings)
    return cells.mapInArrow(part.rejects, schema)
