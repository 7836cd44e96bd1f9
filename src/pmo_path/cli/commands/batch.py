"""`pmo-path batch`: score a sheet of people."""

from __future__ import annotations

import datetime
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from pmo_path.cli.batch_summary import show_result, show_table
from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import open_input
from pmo_path.cli.options import (
    FrameworkOption,
    TargetLevelOption,
    argument,
    day_option,
    file_option,
    flag,
    role_option,
    value_option,
)
from pmo_path.cli.output import shown_on_terminal
from pmo_path.cli.streams import is_terminal
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import Combine, Layout, SheetFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.app.batch import BatchResult
    from pmo_path.app.batch_options import BatchOptions

    _People = Path | BinaryIO | Sequence[str]

_MOST_PROCESSES = 4
"""Processes that read ratings files: more would wait for the disk."""


def batch(  # noqa: PLR0913  one parameter an option
    people: Annotated[
        list[str],
        argument(
            "PEOPLE",
            "Sheets of people (CSV, TSV, XLSX, Parquet), ratings files (YAML, JSON, CSV, XLSX) "
            "and folders of both; - reads CSV from stdin.",
        ),
    ],
    output: Annotated[
        str | None, file_option("Write to this file instead of stdout.", "--output", "-o")
    ] = None,
    role: Annotated[
        list[str] | None,
        role_option(
            help="Role to rate everybody against. Can be repeated: one row for each role. "
            "Default: the sheet's column 'role'."
        ),
    ] = None,
    target_level: TargetLevelOption = None,
    framework: FrameworkOption = None,
    format_: Annotated[
        SheetFormat | None,
        typer.Option("--format", help="Output format. Default: from the --output extension."),
    ] = None,
    top: Annotated[
        int, typer.Option(min=1, max=20, help="Number of gaps and courses to list.")
    ] = 5,
    brief: Annotated[bool, flag("--brief", "Leave out the columns of gaps and courses.")] = False,
    gaps: Annotated[bool, flag("--gaps", "Add a gap column for each competence.")] = False,
    long: Annotated[bool, flag("--long", "Write one row for each person and competence.")] = False,
    combine: Annotated[
        Combine, typer.Option(help="How to combine several raters' scores.")
    ] = Combine.MEDIAN,
    strict: Annotated[bool, flag("--strict", "Write nothing if any row is rejected.")] = False,
    rejects: Annotated[
        Path | None,
        file_option("File for rejected rows. Default: results.rejects.csv next to results.csv."),
    ] = None,
    fixed: Annotated[
        list[Path] | None,
        file_option(
            "Replace rows of the sheet with those you fixed in this rejects file. Can be "
            "repeated: the last file wins."
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        file_option("Write the summary to this file as JSON, without figures about small groups."),
    ] = None,
    report: Annotated[
        Path | None,
        file_option("Write a report about the team to this file (.html, .md or .txt)."),
    ] = None,
    no_names: Annotated[
        bool, flag("--no-names", "Leave names and figures about small groups out of --report.")
    ] = False,
    group_by: Annotated[
        list[str] | None,
        value_option(
            "COLUMN", "Group the summary by this column. Can be repeated: each column by itself."
        ),
    ] = None,
    min_group: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="With --summary or --no-names, withhold figures about fewer people. Default: 5.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        file_option(
            "YAML file that defines what columns hold ('heading: competence') and what cells "
            "mean ('values: {cell: level}').",
            "--map",
        ),
    ] = None,
    encoding: Annotated[str | None, value_option("NAME", "Text encoding, such as cp1252.")] = None,
    delimiter: Annotated[
        str | None, value_option("CHAR", "Character between cells; 'tab' for tabs.")
    ] = None,
    heading_line: Annotated[
        int | None, typer.Option(min=1, metavar="LINE", help="Line number of the headings.")
    ] = None,
    sheet: Annotated[str | None, value_option("NAME", "Sheet of a workbook to read.")] = None,
    layout: Annotated[
        Layout | None,
        typer.Option(help="One row for each person (wide) or for each rating (long)."),
    ] = None,
    raw: Annotated[
        bool, flag("--raw", "Do not escape CSV cells that look like formulas.")
    ] = False,
    today: Annotated[
        datetime.date | None,
        day_option(help="Date to write in results and the summary. Default: today."),
    ] = None,
    quiet: Annotated[
        bool,
        flag(
            "--quiet",
            "Show only the counts of rows, and rejected rows if no file lists them.",
            "-q",
        ),
    ] = False,
    spark: Annotated[
        str | None,
        value_option(
            "MASTER", "Run on this Apache Spark cluster, or on this machine with local[2]."
        ),
    ] = None,
    spark_conf: Annotated[
        list[str] | None, value_option("KEY=VALUE", "Spark setting. Can be repeated.")
    ] = None,
) -> Exit:
    """Score people from spreadsheets, ratings files and folders of both.

    Each person gets a row of results, and each rejected row a reason.

    Examples:

      pmo-path batch people.csv -o results.csv --role pmo-director

      pmo-path batch returned/ -o results.xlsx --report team.html

      pmo-path batch survey.xlsx -o results.xlsx --group-by department

      pmo-path batch survey.xlsx --fixed results.rejects.xlsx -o results.xlsx
    """
    from pmo_path.app.batch_options import BatchOptions

    options = BatchOptions(
        framework=framework,
        roles=role or (),
        target_level=target_level,
        format=format_,
        top=top,
        brief=brief,
        gaps=gaps,
        long=long,
        combine=combine,
        strict=strict,
        rejects=rejects,
        fixed=fixed or (),
        summary=summary,
        report=report,
        names=not no_names,
        team=not quiet,
        group_by=group_by or (),
        min_group=min_group,
        mapping=mapping,
        encoding=encoding,
        delimiter=delimiter,
        heading_line=heading_line,
        sheet=sheet,
        layout=layout,
        raw=raw,
        today=today,
        processes=min(os.cpu_count() or 1, _MOST_PROCESSES),
    )
    if spark is not None:
        if len(people) > 1:
            raise UsageProblem(
                "--spark scores a single table; leave it out to score several files"
            )
        return _on_spark(people[0], output, options, spark, spark_conf or ())
    result = _scored(people, None if output in {None, "-"} else Path(output), options)
    show_result(result, quiet=quiet)
    return Exit.FOUND if result.sheet.rejected else Exit.FINE


def _scored(people: Sequence[str], output: Path | None, options: BatchOptions) -> BatchResult:
    from pmo_path.app.output_files import finish_interrupted

    for note in finish_interrupted([*([output] if output else []), *options.files()]):
        say(f"note: {note}")
    source = open_input(Path(people[0])) if len(people) == 1 else people
    if output is not None:
        return _run(source, output, options)
    if not is_terminal(sys.stdout):
        return _run(source, sys.stdout.buffer, options)
    if options.format in {SheetFormat.XLSX, SheetFormat.PARQUET}:
        raise UsageProblem(f"{options.format} is not for a terminal; name a file with --output")
    return _printed(source, options)


def _run(people: _People, output: Path | BinaryIO, options: BatchOptions) -> BatchResult:
    from pmo_path.app.batch import run_batch

    with shown_on_terminal() as progress:
        return run_batch(people, output, options, progress=progress)


def _printed(people: _People, options: BatchOptions) -> BatchResult:
    """Score people and print their results on the terminal, once the progress bar is gone."""
    import tempfile

    from pmo_path.domain.text import shown  # noqa: PLC0415  only for a terminal

    with tempfile.TemporaryFile() as results:
        result = _run(people, results, options)
        results.seek(0)
        for line in io.TextIOWrapper(results, encoding="utf-8", errors="replace"):
            sys.stdout.write(shown(line))
        sys.stdout.flush()
    return result


def _on_spark(
    people: str, output: str | None, options: BatchOptions, master: str, settings: Sequence[str]
) -> Exit:
    from pmo_path.app.batch import run_batch_on_spark

    if output is None or output == "-":
        raise UsageProblem("--spark writes a folder; name it with --output")
    result = run_batch_on_spark(people, output, options, master, dict(map(_setting, settings)))
    show_table(result, people, quiet=not options.team)
    return Exit.FOUND if result.account.rejected else Exit.FINE


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageProblem(f"--spark-conf takes key=value, not '{text}'")
    return key, value
