"""Sheets as Spark reads and writes them: folders and files that a cluster can reach."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from pmo_path.batch.look.problems import unusable
from pmo_path.batch.spark import BROKEN
from pmo_path.domain.errors import OutputFailed, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyspark.sql import DataFrame

NOT_A_SHEET = "PMO605"
_TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt")


class Separated(NamedTuple):
    """How a text file is to be read."""

    delimiter: str | None = None
    encoding: str | None = None


@contextmanager
def session(master: str, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """A session with a cluster, or on this machine for `local[2]`. Raises UsageProblem."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("pmo-path")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001  a gateway that does not start has many names
        raise UsageProblem(
            f"Spark does not start with '{master}': {_words(error)}; it needs Java 17 or newer"
        ) from None
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def read_people(spark: SparkSession, path: str, separated: Separated) -> DataFrame:
    """The table at a path: text where its name or `separated` says so, else Parquet.

    All cells of text are text; a line that does not fit the headings is left in a column of its
    own. Raises InputInvalid.
    """
    try:
        if not (path.casefold().endswith(_TEXT) or separated.delimiter):
            return spark.read.parquet(path)
        by_name = "\t" if ".tsv" in path.casefold() else ","
        options = {
            "header": "true",
            "sep": separated.delimiter or by_name,
            "encoding": separated.encoding or "UTF-8",
            "escape": '"',
        }
        headings = spark.read.options(**options).csv(path).columns
        fields = [StructField(one, StringType()) for one in (*headings, BROKEN)]
        return spark.read.csv(
            path, schema=StructType(fields), columnNameOfCorruptRecord=BROKEN, **options
        )
    except PySparkException as error:
        hint = "check the path; text needs a name that ends in .csv, or --delimiter"
        raise unusable(NOT_A_SHEET, path, _words(error), hint) from None


def check_free(spark: SparkSession, *paths: str) -> None:
    """Raises OutputFailed where something is already at one of the paths, before any work."""
    for path in paths:
        where = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001  no other way
        files = where.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())  # noqa: SLF001
        if files.exists(where):
            raise OutputFailed(f"'{path}' is there already; remove it or name another --output")


def write_people(table: DataFrame, path: str, output: str) -> None:
    """Write a table as a new folder of CSV or Parquet files. Raises OutputFailed."""
    try:
        if output == "csv":
            # Cells go out as they came, also with spaces around what they hold.
            table.write.csv(
                path,
                header=True,
                escape='"',
                ignoreLeadingWhiteSpace=False,
                ignoreTrailingWhiteSpace=False,
            )
        else:
            table.write.parquet(path)
    except PySparkException as error:
        raise OutputFailed(f"'{path}' could not be written: {_words(error)}") from None


def _words(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
