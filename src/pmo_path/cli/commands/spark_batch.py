"""`pmo-path batch --spark`: the same on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.cli.batch_summary import tell_rows, tell_team, write_summary
from pmo_path.cli.errors import Exit, say
from pmo_path.domain.cells import unused_shown
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.team import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmo_path.app.batch import Job
    from pmo_path.batch.spark import Accounted


class OnSpark(NamedTuple):
    """What only matters on a cluster."""

    master: str
    settings: Sequence[str]
    people: str
    output: str | None
    format: str
    encoding: str | None
    delimiter: str | None
    summary: Path | None
    quiet: bool


def batch_on_spark(job: Job, wanted: OnSpark) -> Exit:
    """Read, score and write where the cluster can. Raises UsageProblem and the like."""
    if wanted.output is None or wanted.output == "-":
        raise UsageProblem("--spark writes a folder; name it with --output")
    if wanted.format not in {"csv", "parquet"}:
        raise UsageProblem(f"--spark writes csv or parquet, not {wanted.format}")
    try:
        from pmo_path.batch.export import Output
        from pmo_path.batch.spark import score
        from pmo_path.batch.spark_errors import reading
        from pmo_path.batch.spark_files import (
            Separated,
            all_or_none,
            free_folder,
            read_people,
            write_people,
        )
        from pmo_path.batch.spark_session import session
    except ImportError as error:
        raise UsageProblem(
            f"--spark needs {error.name}; install it with: pip install 'pmo-path[spark]'"
        ) from None

    rejects = f"{wanted.output.rstrip('/')}.rejects"
    separated = Separated(wanted.delimiter, wanted.encoding)
    from pmo_path.writers.leftovers import private_folder

    settings = _settings(wanted.settings)
    with private_folder() as temporary, session(wanted.master, settings, temporary) as running:
        spark, log = running
        folders = [free_folder(spark, path) for path in (wanted.output, rejects)]
        with reading(wanted.people, log):
            scored = score(
                read_people(spark, wanted.people, separated),
                job.framework,
                job.roles,
                date=job.date,
                detail=job.detail,
                mapping=job.sheet.mapping,
                values=job.sheet.values,
                group_by=job.group_by,
                min_group=job.min_group,
                output=Output(wanted.format),
                is_guarded=wanted.format == "csv" and not job.raw,
                delimiter=separated.delimiter_of(wanted.people) or ",",
                name=wanted.people,
            )
            account = scored.account()
        for remark in () if wanted.quiet else scored.remarks:
            say(f"{wanted.people}: {remark}")
        for notice in scored.notices:
            say(f"{wanted.people}: note: {notice}")
        is_written = not (job.strict and account.rejected)
        if is_written:
            tables = [scored.results, *([scored.rejects] if account.rejected else [])]
            with all_or_none(spark, *folders):
                for table, folder in zip(tables, folders, strict=False):
                    write_people(table, folder, wanted.format, log)
    _tell(job, account, wanted, rejects, is_written=is_written)
    return Exit.FOUND if account.rejected else Exit.FINE


def _settings(given: Sequence[str]) -> dict[str, str]:
    settings = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise UsageProblem(f"--spark-conf takes key=value, not '{one}'")
        settings[key] = value
    return settings


def _tell(
    job: Job, account: Accounted, wanted: OnSpark, rejects: str, *, is_written: bool
) -> None:
    rows = rows_of(account.read, account.scored)
    if account.unused and not wanted.quiet:
        say(f"{wanted.people}: {unused_shown(account.unused)}")
    for notice in account.notices:
        say(f"{wanted.people}: note: {notice}")
    if not wanted.quiet:
        tell_team(account.team, job.framework, {})
    tell_rows(rows, rejects, is_written=is_written)
    if wanted.summary is not None and is_written:
        write_summary(account.guarded, rows, wanted.summary)
