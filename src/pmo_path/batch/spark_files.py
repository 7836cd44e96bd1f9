"""Read and write tables with Spark, in files and folders that the cluster can reach."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql.types import StringType, StructField, StructType

from pmo_path.batch.spark import BROKEN
from pmo_path.batch.spark_session import in_time, writing
from pmo_path.domain.errors import OutputFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame, SparkSession

_TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")


class Separated(NamedTuple):
    """How to read a text file."""

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
        """Remove the folder with everything in it."""
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


def write_people(table: DataFrame, folder: Folder, output: str, log: Path | None = None) -> None:
    """Write a table as a folder of CSV or Parquet files. Raises OutputFailed and UsageProblem."""
    with writing(folder.name, log):
        if output == "csv":
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
