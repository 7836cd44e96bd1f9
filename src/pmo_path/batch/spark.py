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
from pmo_path.batch.job import Job, check_options
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
from pmo_path.batch.results import today
from pmo_path.batch.staging import with_remarks
from pmo_path.batch.team_counts import Count, tally_of
from pmo_path.batch.team_summary import team_of
from pmo_path.domain.cells import CellReader, Doubt
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.options import Layout, SheetFormat
from pmo_path.readers.files import unusable
from pmo_path.readers.table.columns import match
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.csv_records import Record
from pmo_path.readers.table.header_row import Cells, Header, sample_rows
from pmo_path.readers.table.sheet import Kind, Sheet
from pmo_path.readers.table.unnamed_columns import unnamed_ratings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame

    from pmo_path.domain.team import Team

BROKEN = "_pmo_path_broken_line"
"""The column into which Spark's CSV reader puts lines that do not fit the header."""
TABLE = "the table"
"""The name of the input in messages if it has none."""
_ON_ONE_MACHINE = "score it on one machine, without --spark"


class Accounted(NamedTuple):
    """The numbers of rows, and the summary of the scored ones."""

    sheet: Sheet
    """The columns, with remarks and notices about how they and their cells were read."""
    read: int
    rejected: int
    team: Team
    guarded: Team
    """The summary without figures about few people."""

    @property
    def scored(self) -> int:
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

    def account(self) -> Accounted:
        """Add up all counts. Raises InputInvalid if the order of rows matters in the table."""
        counted = (
            self.counts.groupBy("role", "group", "figure", "value", "of")
            .agg(sql.sum("people").alias("people"))
            .select(*COUNT_SCHEMA.names)
            .collect()
        )
        counts = [Count(*row) for row in counted]
        extra = {kind: [count for count in counts if count.figure == kind] for kind in ExtraCount}
        _check_order(self.part.sheet.name, extra)
        rejected = sum(count.people for count in extra[ExtraCount.REJECTED])
        scored = sum(count.people for count in extra[ExtraCount.SCORED])
        job, sheet = self.part.job, self.part.sheet
        reader = CellReader.of(job.framework, sheet.values)
        doubts = [
            Doubt(count.group, meaning, count.people)
            for count in extra[ExtraCount.DOUBTFUL]
            if (meaning := reader.meaning(count.group)) is not None
        ]
        translated = (count.group for count in extra[ExtraCount.TRANSLATED])
        sheet = with_remarks(sheet, reader, translated, doubts)
        roles = {count.role for count in counts if count.role}
        tally = tally_of(
            job,
            sheet,
            job.roles or [role for role in job.framework.roles if role in roles],
            [count for count in counts if count.figure not in extra],
        )
        return Accounted(
            sheet=sheet._replace(notices=(*sheet.notices, *_misread(extra[ExtraCount.MISREAD]))),
            read=scored + rejected,
            rejected=rejected,
            team=team_of(tally),
            guarded=guarded_team_of(tally, job.min_group),
        )

    def release(self) -> None:
        self.packed.unpersist()


def score(
    dataframe: DataFrame,
    job: Job,
    *,
    output: SheetFormat = SheetFormat.PARQUET,
    delimiter: str = ",",
    name: str = TABLE,
) -> Scored:
    """Score a wide table of people: a row a person, a column a competence.

    Column names are matched like the headers of a sheet. `delimiter` divides lines that do not
    fit the header. The order of rows is not kept. The columns that identify people and the first
    rows are read immediately. Raises InputInvalid for columns that cannot be used, and
    UsageProblem for options that do not fit them.
    """
    # Workers may have another day.
    job = job._replace(date=job.date or today())
    headings = [heading for heading in dataframe.columns if heading != BROKEN]
    reader = CellReader.of(job.framework, job.sheet.values)
    sheet = _sheet(_first_rows(dataframe, headings, reader), headings, job, name)
    sheet = sheet._replace(delimiter=delimiter)
    check_options(sheet, job)
    cells = _cells(dataframe, headings)
    _check_unnamed(cells, sheet, reader)
    part = PartScorer(job, sheet, output)
    part = part._replace(repeated=_repeated(cells, part))
    packed = cells.mapInArrow(part.scored, from_arrow_schema(PACKED_SCHEMA))
    packed = packed.persist(StorageLevel.DISK_ONLY)
    return Scored(
        results=_unpacked(packed, Packed.RESULTS, part.schema()),
        rejects=_unpacked(packed, Packed.REJECTS, part.rejects_schema()),
        counts=_unpacked(packed, Packed.COUNTS, COUNT_SCHEMA),
        packed=packed,
        part=part,
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


def _check_order(name: str, extra: Mapping[ExtraCount, Sequence[Count]]) -> None:
    """Raise InputInvalid if rows of the table depend on those above."""
    if extra[ExtraCount.SECOND_TABLE]:
        raise unusable(
            Code.ROW_OF_SECOND_TABLE,
            name,
            "the rows include the headings of a second table, and Spark does not keep the order "
            "of rows, so those below the headings are not known",
            f"move the second table to its own file, or {_ON_ONE_MACHINE}",
        )
    if extra[ExtraCount.NAMED_ONCE]:
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


def _sheet(first: Cells, headings: list[str], job: Job, name: str) -> Sheet:
    """The table as a sheet, whose columns are known. Raises InputInvalid and UsageProblem."""
    names = Names(job.framework, job.sheet.mapping)
    # What Spark calls a column that has no heading.
    shown = [
        "" if heading == f"_c{index}" and names.mapped(heading) is None else heading
        for index, heading in enumerate(headings)
    ]
    matched = match(Header.of(shown, name, 0, first), names, job.sheet)
    if matched.problems:
        raise InputInvalid(in_order(matched.problems))
    kinds = {column.kind for column in matched.columns}
    if matched.layout is Layout.LONG or Kind.RATER in kinds:
        raise UsageProblem(
            "a table with a row for each rating, or with several raters, is scored on one machine; "
            "give it a row for each person first"
        )
    return Sheet(
        name=name,
        names=names,
        columns=matched.columns,
        input_headings=tuple(column.heading for column in matched.columns),
        layout=Layout.WIDE,
        values=job.sheet.values,
        unnamed=matched.unnamed,
        remarks=matched.remarks,
        notices=matched.notices,
    )


def _check_unnamed(cells: DataFrame, sheet: Sheet, reader: CellReader) -> None:
    """Raise InputInvalid if columns without a header have levels in most of their cells.

    Reads the whole table, but only if such a column was unclear from its first rows.
    """
    if not sheet.unnamed:
        return
    levels, absent = words_for(reader)
    counts = []
    for index in sheet.unnamed:
        cell = sql.trim(sql.col(f"f{index}").cast("string"))
        counts += [
            sql.count(sql.when(cell.isin(*levels), 1)),
            sql.count(sql.when(cell.isin(*absent), 1)),
            sql.count(sql.when(cell != "", 1)),
        ]
    named = [count.alias(f"n{number}") for number, count in enumerate(counts)]
    row = tuple(cells.agg(*named).collect()[0])
    counted = zip(sheet.unnamed, row[::3], row[1::3], row[2::3], strict=True)
    rated = [index for index, *figures in counted if is_mostly_rated(*figures)]
    if rated:
        raise InputInvalid((unnamed_ratings(sheet.columns, rated, sheet.name, 0),))


def _cells(dataframe: DataFrame, headings: list[str]) -> DataFrame:
    """The cells, and in a last column the lines that do not fit the header."""
    line = dataframe[BROKEN] if BROKEN in dataframe.columns else sql.lit(None).cast("string")
    return dataframe.select(*_columns(dataframe, headings), line.alias("line"))


def _columns(dataframe: DataFrame, headings: list[str]) -> list[SparkColumn]:
    return [
        dataframe[f"`{heading.replace('`', '``')}`"].alias(f"f{index}")
        for index, heading in enumerate(headings)
    ]
