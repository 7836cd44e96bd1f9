"""Score sheets on Apache Spark, which divides them into parts that the engine scores.

Spark reads, divides and writes. The rules of scoring stay in the engine, because Spark plans wide
tables badly and its SQL would be a second implementation. A first pass reads the columns that
identify people, and a second one scores whole parts and returns packed results.

Needs the extra `pmo-path[spark]`, and Java. `docs/scale.md` says when it is worth it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyspark import StorageLevel
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema

from pmo_path.batch.guarded_summary import guarded_team_of
from pmo_path.batch.partition import (
    COUNT_SCHEMA,
    KEY_SCHEMA,
    PACKED_SCHEMA,
    ExtraCount,
    Packed,
    PartScorer,
    unpacked,
)
from pmo_path.batch.rating_cells import is_mostly_rated, words_for
from pmo_path.batch.results import ResultDetail, today
from pmo_path.batch.team_counts import Count, tally_of
from pmo_path.batch.team_summary import team_of
from pmo_path.domain.assessment import role_named
from pmo_path.domain.cells import CellReader, Doubt, doubts_shown
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.names import fold_accents
from pmo_path.domain.options import Layout, SheetFormat
from pmo_path.domain.team import MIN_GROUP
from pmo_path.readers.files import unusable
from pmo_path.readers.table.columns import match
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.csv_records import Record
from pmo_path.readers.table.header_row import Cells, Header, sample_rows
from pmo_path.readers.table.sheet import Kind, SheetOptions
from pmo_path.readers.table.unnamed_columns import unnamed_ratings

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame

    from pmo_path.batch.team_counts import Tally
    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.team import Team
    from pmo_path.readers.table.columns import Matched
    from pmo_path.readers.table.sheet import Column

BROKEN = "_pmo_path_broken_line"
"""The column into which Spark's CSV reader puts lines that do not fit the header."""
TABLE = "the table"
"""The name of the input in messages if it has none."""
_ON_ONE_MACHINE = "score it on one machine, without --spark"


class Accounted(NamedTuple):
    """The numbers of rows, and the summary of the scored ones."""

    read: int
    rejected: int
    team: Team
    guarded: Team
    """The summary without figures about few people."""
    notices: tuple[str, ...] = ()
    """How cells were read that may mean a missing value."""
    unused: tuple[str, ...] = ()
    """Mapped cell texts that do not occur."""

    @property
    def scored(self) -> int:
        """The number of scored rows."""
        return self.read - self.rejected


class Scored(NamedTuple):
    """A scored table of people, computed when one of its tables is first used.

    Spark keeps the results on its workers until `release` is called.
    """

    results: DataFrame
    """A row for each person and role, with the columns that the command writes."""
    rejects: DataFrame
    """The rejected rows with their reasons first."""
    counts: DataFrame
    """The counts that `account` adds up."""
    packed: DataFrame
    """The three tables above, packed."""
    part: PartScorer
    min_group: int
    name: str
    """The name of the table in messages."""
    remarks: tuple[str, ...]
    """Remarks on the columns."""
    notices: tuple[str, ...] = ()
    """Notices about what may change figures and needs checking."""

    def account(self) -> Accounted:
        """Add up all counts. Raises InputInvalid if the order of rows matters in the table."""
        counted = (
            self.counts.groupBy("role", "group", "figure", "value", "of")
            .agg(sql.sum("people").alias("people"))
            .select(*COUNT_SCHEMA.names)
            .collect()
        )
        counts = [Count(*row) for row in counted]
        also = {kind: [count for count in counts if count.figure == kind] for kind in ExtraCount}
        _check_order(self.name, also)
        rejected = sum(count.people for count in also[ExtraCount.REJECTED])
        scored = sum(count.people for count in also[ExtraCount.SCORED])
        reader = CellReader.of(self.part.framework, self.part.values)
        doubts = [
            Doubt(count.group, meaning, count.people)
            for count in also[ExtraCount.DOUBTFUL]
            if (meaning := reader.meaning(count.group)) is not None
        ]
        unused = reader.unused(count.group for count in also[ExtraCount.TRANSLATED])
        tally = self._tally([count for count in counts if count.figure not in also])
        return Accounted(
            read=scored + rejected,
            rejected=rejected,
            team=team_of(tally),
            guarded=guarded_team_of(tally, self.min_group),
            notices=(*doubts_shown(doubts), *_misread(also[ExtraCount.MISREAD])),
            unused=tuple(unused),
        )

    def release(self) -> None:
        """Free the results on the workers."""
        self.packed.unpersist()

    def _tally(self, counts: Sequence[Count]) -> Tally:
        part = self.part
        scored = {count.role for count in counts if count.role}
        return tally_of(
            part.framework,
            part.date,
            [part.columns[group].heading for group in part.groups],
            part.roles or tuple(role for role in part.framework.roles if role in scored),
            counts,
            has_same_people=bool(part.roles),
        )


def score(  # noqa: PLR0913  what the command has as options
    dataframe: DataFrame,
    framework: Framework,
    role: str | Iterable[str] = (),
    *,
    detail: ResultDetail = ResultDetail(),  # noqa: B008  never changed
    mapping: Mapping[str, str] | None = None,
    values: Mapping[str, Meaning] | None = None,
    group_by: Iterable[str] = (),
    min_group: int = MIN_GROUP,
    output: SheetFormat = SheetFormat.PARQUET,
    is_guarded: bool = False,
    delimiter: str = ",",
    name: str = TABLE,
    date: datetime.date | None = None,
) -> Scored:
    """Score a wide table of people: a row a person, a column a competence.

    Column names are matched like the headers of a sheet. `role` is one or more roles for
    everybody, by id, name or alias; by default, each row names its own. `values` maps cell texts
    that the scale does not know, and `date` is written in the results (default: today). The order
    of rows is not kept. The columns that identify people and the first rows are read immediately.
    Raises InputInvalid for columns that cannot be used, and UsageProblem for options that do not
    fit them.
    """
    chosen = [role] if isinstance(role, str) else list(role)
    roles = tuple(role_named(framework, role) for role in chosen)
    headings = [heading for heading in dataframe.columns if heading != BROKEN]
    reader = CellReader.of(framework, values or {})
    first = _first_rows(dataframe, headings, reader)
    matched = _matched(headings, framework, mapping or {}, first, name, has_roles=not roles)
    columns = matched.columns
    if not roles and not any(column.kind is Kind.ROLE for column in columns):
        raise UsageProblem("no column says which role each person aims at; name a role")
    part = PartScorer(
        framework=framework,
        columns=columns,
        roles=roles,
        detail=detail,
        date=date or today(),
        groups=tuple(dict.fromkeys(_group(columns, heading) for heading in group_by)),
        mapping=mapping or {},
        values=values or {},
        output=output,
        is_guarded=is_guarded,
        delimiter=delimiter,
    )
    cells = _cells(dataframe, headings)
    _check_unnamed(cells, matched, reader, name)
    part = part._replace(repeated=_repeated(cells, part))
    packed = cells.mapInArrow(part.scored, from_arrow_schema(PACKED_SCHEMA))
    packed = packed.persist(StorageLevel.DISK_ONLY)
    return Scored(
        results=_unpacked(packed, Packed.RESULTS, part.schema()),
        rejects=_unpacked(packed, Packed.REJECTS, part.rejects_schema()),
        counts=_unpacked(packed, Packed.COUNTS, COUNT_SCHEMA),
        packed=packed,
        part=part,
        min_group=min_group,
        name=name,
        remarks=matched.remarks,
        notices=matched.notices,
    )


def _unpacked(packed: DataFrame, kind: Packed, schema: pa.Schema) -> DataFrame:
    return packed.where(sql.col("kind") == str(kind)).mapInArrow(
        unpacked, from_arrow_schema(schema)
    )


def _repeated(cells: DataFrame, part: PartScorer) -> pa.Table | None:
    """The keys of people with several rows, which every part needs; mostly few."""
    indexes = part.key_indexes()
    if not indexes:
        return None
    chosen = cells.select(*(f"f{index}" for index in indexes), "line")
    keys = chosen.mapInArrow(part.keys, from_arrow_schema(KEY_SCHEMA))
    together = keys.groupBy("person", "role").agg(sql.sum("rows").alias("rows"))
    repeated = together.where((sql.col("rows") > 1) | sql.col("role").isNull())
    return repeated.select("person", "role").toArrow()


def _check_order(name: str, also: Mapping[ExtraCount, Sequence[Count]]) -> None:
    """Raise InputInvalid if rows of the table depend on those above."""
    if also[ExtraCount.SECOND_TABLE]:
        raise unusable(
            Code.ROW_OF_SECOND_TABLE,
            name,
            "the rows include the headings of a second table, and Spark does not keep the order "
            "of rows, so those below the headings are not known",
            f"move the second table to its own file, or {_ON_ONE_MACHINE}",
        )
    if also[ExtraCount.NAMED_ONCE]:
        raise unusable(
            Code.ROW_WITHOUT_PERSON,
            name,
            "some rows without a person may belong to the person above, and Spark does not keep "
            "the order of rows",
            f"repeat the name in every row, write 'anonymous', or {_ON_ONE_MACHINE}",
        )


def _misread(counts: Sequence[Count]) -> list[str]:
    """The notice about rows with unreadable characters."""
    rows = sum(count.people for count in counts)
    if not rows:
        return []
    which = "1 row has" if rows == 1 else f"{rows:,} rows have"
    return [
        f"{which} unreadable characters; if the text is not UTF-8, pass --encoding, such as cp1252"
    ]


def _first_rows(dataframe: DataFrame, headings: list[str], reader: CellReader) -> Cells:
    """Some rows, which decide what the header leaves open."""
    texts = [column.cast("string") for column in _columns(dataframe, headings)]
    rows = dataframe.select(*texts).limit(sample_rows(len(headings)))
    records = [Record(0, [cell or "" for cell in row]) for row in rows.collect()]
    return Cells(records, reader, is_whole=False)


def _matched(  # noqa: PLR0913  what tells one column from another
    headings: list[str],
    framework: Framework,
    mapping: Mapping[str, str],
    first: Cells,
    name: str,
    *,
    has_roles: bool,
) -> Matched:
    names = Names(framework, mapping)
    # What Spark calls a column that has no heading.
    shown = [
        "" if heading == f"_c{index}" and names.mapped(heading) is None else heading
        for index, heading in enumerate(headings)
    ]
    header = Header.of(shown, name, 0, first)
    matched = match(header, names, SheetOptions(has_roles=has_roles))
    if matched.problems:
        raise InputInvalid(in_order(matched.problems))
    kinds = {column.kind for column in matched.columns}
    if matched.layout is Layout.LONG or Kind.RATER in kinds:
        raise UsageProblem(
            "a table with a row for each rating, or with several raters, is scored on one machine; "
            "give it a row for each person first"
        )
    return matched


def _check_unnamed(cells: DataFrame, matched: Matched, reader: CellReader, name: str) -> None:
    """Raise InputInvalid if columns without a header have levels in most of their cells.

    Reads the whole table, but only if such a column was unclear from its first rows.
    """
    if not matched.unnamed:
        return
    levels, absent = words_for(reader)
    counts = []
    for index in matched.unnamed:
        cell = sql.trim(sql.col(f"f{index}").cast("string"))
        counts += [
            sql.count(sql.when(cell.isin(*levels), 1)),
            sql.count(sql.when(cell.isin(*absent), 1)),
            sql.count(sql.when(cell != "", 1)),
        ]
    named = [count.alias(f"n{number}") for number, count in enumerate(counts)]
    row = tuple(cells.agg(*named).collect()[0])
    counted = zip(matched.unnamed, row[::3], row[1::3], row[2::3], strict=True)
    rated = [index for index, *figures in counted if is_mostly_rated(*figures)]
    if rated:
        raise InputInvalid((unnamed_ratings(matched.columns, rated, name, 0),))


def _group(columns: tuple[Column, ...], heading: str) -> int:
    for index, column in enumerate(columns):
        if column.kind is Kind.CARRIED and fold_accents(column.heading) == fold_accents(heading):
            return index
    carried = ", ".join(column.heading for column in columns if column.kind is Kind.CARRIED)
    raise UsageProblem(
        f"there is no column '{heading}' to group by; columns to group by: {carried or 'none'}"
    )


def _cells(dataframe: DataFrame, headings: list[str]) -> DataFrame:
    """The cells, and in a last column the lines that do not fit the header."""
    line = dataframe[BROKEN] if BROKEN in dataframe.columns else sql.lit(None).cast("string")
    return dataframe.select(*_columns(dataframe, headings), line.alias("line"))


def _columns(dataframe: DataFrame, headings: list[str]) -> list[SparkColumn]:
    return [
        dataframe[f"`{heading.replace('`', '``')}`"].alias(f"f{index}")
        for index, heading in enumerate(headings)
    ]
