"""Score a table of people on an Apache Spark cluster."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.batch import (
    BatchOptions,
    aimed,
    check_summary,
    named_files,
    scoring_job,
    summary_json,
)
from pmo_path.app.output_files import check_files
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.framework import load_framework
from pmo_path.writers.atomic import write_atomically
from pmo_path.writers.leftovers import private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.batch.spark import Accounted
    from pmo_path.domain.framework import Framework

_NOT_ON_SPARK = ("sheet", "heading_line", "layout", "rejects", "report", "fixed")
"""Options for files on this machine."""
_NO_PARTS = (".yaml", ".yml", ".json", ".xlsx")
"""Endings of files that are inputs by themselves, and not parts of a table."""


class SparkResult(NamedTuple):
    """The counts of a scored table, and where its results are."""

    account: Accounted
    framework: Framework
    rejects: str
    """The folder for rejected rows."""
    remarks: tuple[str, ...]
    """Remarks on the format of the table."""
    notices: tuple[str, ...]
    """Possible mistakes in reading it."""
    is_written: bool


def run_batch_on_spark(
    people: str,
    output: str,
    options: BatchOptions,
    master: str,
    settings: Mapping[str, str],
) -> SparkResult:
    """Read, score and write where the cluster can.

    `people` and `output` are a table and a folder by any name that the cluster knows. `master` is
    its address, such as `local[2]`; `settings` are Spark's own. Raises UsageProblem for options
    that do not fit, InputInvalid and OutputFailed.
    """
    _check_table(people)
    framework, options = aimed(load_framework(options.framework), options)
    job = scoring_job(framework, options)
    read = {"--map": options.mapping, "--framework": options.framework}
    check_files(named_files(read), named_files({"--summary": options.summary}))
    check_summary(options.summary)
    for option in _NOT_ON_SPARK:
        if getattr(options, option):
            raise UsageProblem(f"--{option.replace('_', '-')} is not for --spark")
    format_ = options.format or SheetFormat.PARQUET
    if format_ not in {SheetFormat.CSV, SheetFormat.PARQUET}:
        raise UsageProblem(f"--spark writes csv or parquet, not {format_}")
    try:
        from pmo_path.batch.spark import score  # noqa: PLC0415  an extra
        from pmo_path.batch.spark_files import (  # noqa: PLC0415  an extra
            Separated,
            all_or_none,
            free_folder,
            read_people,
            write_people,
        )
        from pmo_path.batch.spark_session import reading, session  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UsageProblem(
            f"--spark needs {error.name}; install it with: pip install 'pmo-path[spark]'"
        ) from None

    rejects = f"{output.rstrip('/')}.rejects"
    separated = Separated(job.sheet.delimiter, job.sheet.encoding)
    with private_folder() as temporary, session(master, settings, temporary) as running:
        spark, log = running
        folders = [free_folder(spark, path) for path in (output, rejects)]
        with reading(people, log):
            scored = score(
                read_people(spark, people, separated),
                framework,
                job.roles,
                date=job.date,
                detail=job.detail,
                mapping=job.sheet.mapping,
                values=job.sheet.values,
                group_by=job.group_by,
                min_group=job.min_group,
                output=format_,
                is_guarded=format_ is SheetFormat.CSV and not job.raw,
                delimiter=separated.delimiter_of(people) or ",",
                name=people,
            )
            account = scored.account()
        is_written = not (job.strict and account.rejected)
        if is_written:
            tables = [scored.results, *([scored.rejects] if account.rejected else [])]
            with all_or_none(spark, *folders):
                for table, folder in zip(tables, folders, strict=False):
                    write_people(table, folder, str(format_), log)
    if is_written and options.summary is not None:
        text = summary_json(account.guarded, account.read, account.scored)
        write_atomically(options.summary, text)
    return SparkResult(
        account, framework, rejects, tuple(scored.remarks), tuple(scored.notices), is_written
    )


def _check_table(people: str) -> None:
    """Raise UsageProblem for a folder of files that are no parts of a table."""
    with suppress(OSError):
        names = os.listdir(people)  # noqa: PTH208  what the cluster reads may be no path here
        if any(name.lower().endswith(_NO_PARTS) for name in names):
            raise UsageProblem(
                f"--spark scores a table, and '{people}' is a folder of other files; "
                "leave out --spark to score them"
            )
