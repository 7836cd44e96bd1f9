"""Read, score and write tables with Spark, in files and folders that the cluster can reach."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql.types import StringType, StructField, StructType

from pmo_path.batch.spark import BROKEN, Accounted, score
from pmo_path.batch.spark_session import Running, in_time, reading, writing
from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.options import SheetFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from pmo_path.batch.job import Job

_TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")


class Separated(NamedTuple):
    delimiter: str | None = None
    encoding: str | None = None

    def delimiter_of(self, path: str) -> str | None:
        """The delimiter in a file with this name; None if it is not a text file."""
        if not (path.casefold().endswith(_TEXT) or self.delimiter):
            return None
        return self.delimiter or ("\t" if ".tsv" in path.casefold() else ",")


def read_people(spark: SparkSession, path: str, separated: Separated) -> DataFrame:
    """The table at a path: text if its name or `separated` says so, else Parquet.

    All cells of text are text; a line that does not fit the headings is left in a column of its
    own.
    """
    delimiter = separated.delimiter_of(path)
    if delimiter is None:
        return spark.read.parquet(path)
    reader = spark.read.options(
        header="true",
        sep=delimiter,
        encoding=separated.encoding or "UTF-8",
        escape='"',
        # Else it is not noticed where a line has too few or too many cells for those left out.
        columnPruning="false",
        columnNameOfCorruptRecord=BROKEN,
    )
    headings = reader.csv(path).columns
    fields = [StructField(heading, StringType()) for heading in (*headings, BROKEN)]
    return reader.schema(StructType(fields)).csv(path)


class Folder(NamedTuple):
    """A folder to write a table to, on any file system of Hadoop."""

    name: str
    files: Any
    path: Any
    local: Path | None
    """Its path if it is on this machine."""

    def remove(self) -> None:
        self.files.delete(self.path, True)  # noqa: FBT003  Java's


def free_folder(spark: SparkSession, path: str) -> Folder:
    """A folder to write to. Raises OutputFailed if the path exists."""
    context = spark.sparkContext
    with writing(path):
        where = context._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001  no other way
        files = where.getFileSystem(context._jsc.hadoopConfiguration())  # noqa: SLF001
        uri = files.makeQualified(where).toUri()
        local = Path(uri.getPath()) if uri.getScheme() == "file" else None
        is_there = files.exists(where)
    if is_there:
        raise OutputFailed(f"'{path}' is there already; remove it or name another --output")
    return Folder(path, files, where, local)


@contextmanager
def all_or_none(spark: SparkSession, *folders: Folder) -> Iterator[None]:
    """Remove all folders if the block, which writes them, fails."""
    try:
        yield
    except BaseException:
        in_time(spark.stop)  # else it may go on writing
        for folder in folders:
            in_time(folder.remove)
            # Java may be gone.
            if folder.local is not None:
                shutil.rmtree(folder.local, ignore_errors=True)
        raise


def write_people(
    table: DataFrame, folder: Folder, output: SheetFormat, log: Path | None = None
) -> None:
    """Write a table as a folder of CSV or Parquet files. Raises OutputFailed and UsageProblem."""
    with writing(folder.name, log):
        if output is SheetFormat.CSV:
            # Cells go out as they came, also with spaces around what they hold.
            table.write.csv(
                folder.name,
                header=True,
                escape='"',
                ignoreLeadingWhiteSpace=False,
                ignoreTrailingWhiteSpace=False,
            )
        else:
            table.write.parquet(folder.name)


def score_files(
    running: Running, people: str, outputs: Sequence[str], job: Job, format_: SheetFormat
) -> tuple[Accounted, bool]:
    """Score the table at a path, and write two folders: the results and the rejected rows.

    Returns the counts, and whether anything is written. Raises InputInvalid, UsageProblem and
    OutputFailed.
    """
    spark, log = running
    separated = Separated(job.sheet.delimiter, job.sheet.encoding)
    folders = [free_folder(spark, path) for path in outputs]
    with reading(people, log):
        scored = score(
            read_people(spark, people, separated),
            job,
            output=format_,
            delimiter=separated.delimiter_of(people) or ",",
            name=people,
        )
        account = scored.account()
    if job.strict and account.rejected:
        return account, False
    tables = [scored.results, *([scored.rejects] if account.rejected else [])]
    with all_or_none(spark, *folders):
        for table, folder in zip(tables, folders, strict=False):
            write_people(table, folder, format_, log)
    return account, True
