"""`pmo-path batch`: a sheet of people to a row of results each."""

from __future__ import annotations

import codecs
import datetime
import io
import os
import stat
import sys
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from pmo_path.cli import completion
from pmo_path.cli.batch_summary import (
    tell_rows,
    tell_team,
    write_summary,
    write_team_report,
)
from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import STDIN, STDIN_NAME, given_framework, stdin_bytes
from pmo_path.cli.options import FrameworkOption, day
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.cli.terminal import is_terminal
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.limits import MAX_TABLE_BYTES
from pmo_path.domain.team import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.app.batch import Done, Job, Target
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.column_map import SheetMap

REJECTS_SHOWN = 10
REJECTS_ENDINGS = (".csv", ".xlsx")
VALUE_SHOWN = 80
PIECE = 1 << 20
"""Bytes of a stream that are copied at once."""


class SheetFormat(StrEnum):
    """What results are written as."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"


class Layout(StrEnum):
    """How a sheet is laid out."""

    WIDE = "wide"
    LONG = "long"


class Combine(StrEnum):
    """How the ratings of several raters become one."""

    MEDIAN = "median"
    MEAN = "mean"
    MIN = "min"


ENDINGS = {
    ".csv": SheetFormat.CSV,
    ".xlsx": SheetFormat.XLSX,
    ".parquet": SheetFormat.PARQUET,
    ".jsonl": SheetFormat.JSON_LINES,
    ".ndjson": SheetFormat.JSON_LINES,
}


def batch(  # noqa: PLR0913  one parameter an option
    people: Annotated[
        str,
        typer.Argument(
            metavar="PEOPLE",
            help="Sheet of people: CSV, TSV, XLSX or Parquet; - reads CSV from stdin.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="Write to this file instead of stdout.", metavar="FILE"
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            autocompletion=completion.roles,
            help="The role that everybody is rated against; several give a row for each. "
            "Without it, the sheet's column 'role' says it for each row.",
        ),
    ] = None,
    framework: FrameworkOption = None,
    format_: Annotated[
        SheetFormat | None,
        typer.Option("--format", help="How to write results; the ending of --output by default."),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=1, max=20, help="How many gaps and courses.")
    ] = 5,
    brief: Annotated[
        bool, typer.Option("--brief", help="Figures alone: no names of gaps and courses.")
    ] = False,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Add a column for the gap in each competence.")
    ] = False,
    long: Annotated[
        bool, typer.Option("--long", help="A row for each person and competence instead.")
    ] = False,
    combine: Annotated[
        Combine, typer.Option("--combine", help="How several raters of a person become one.")
    ] = Combine.MEDIAN,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing when any row is rejected.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            readable=False,
            help="Where rejected rows go; by default beside results.csv in results.rejects.csv.",
        ),
    ] = None,
    fixed: Annotated[
        list[Path] | None,
        typer.Option(
            "--fixed",
            metavar="FILE",
            readable=False,
            help="Score the sheet with the rows of this rejects file, which you fixed, in place. "
            "Repeatable; the last file wins.",
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            "--summary",
            metavar="FILE",
            readable=False,
            help="Write the summary to this file as JSON, without figures about few people.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            readable=False,
            help="Write a page about the team to this file (HTML).",
        ),
    ] = None,
    no_names: Annotated[
        bool,
        typer.Option(
            "--no-names",
            help="Name nobody in --report, and withhold figures about few people as in --summary.",
        ),
    ] = False,
    group_by: Annotated[
        list[str] | None,
        typer.Option(
            "--group-by",
            metavar="COLUMN",
            help="Show groups by this column. Repeatable: groups side by side.",
        ),
    ] = None,
    min_group: Annotated[
        int,
        typer.Option(
            "--min-group",
            min=1,
            help="In --summary and with --no-names, withhold figures about fewer people.",
        ),
    ] = 5,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            readable=False,
            help="YAML that says what columns hold ('heading: competence') and what cells mean "
            "('values: {cell: level}').",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="Read text as this, such as cp1252."),
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option("--delimiter", metavar="CHAR", help="What separates cells; 'tab' for tabs."),
    ] = None,
    heading_line: Annotated[
        int | None,
        typer.Option("--heading-line", min=1, metavar="LINE", help="Where the headings stand."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook.")
    ] = None,
    layout: Annotated[
        Layout | None,
        typer.Option("--layout", help="A row a person (wide), or a row a rating (long)."),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="Leave cells in CSV as they are that a spreadsheet would run."),
    ] = False,
    today: Annotated[
        datetime.date | None,
        typer.Option(
            metavar="DATE",
            parser=day,
            help="The date of the run in results and summary; today by default.",
        ),
    ] = None,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            help="Say only how the rows add up, and why rows are rejected where no file says it.",
        ),
    ] = False,
    spark: Annotated[
        str | None,
        typer.Option(
            "--spark",
            metavar="MASTER",
            help="Read, score and write on this Apache Spark cluster, or with local[2].",
        ),
    ] = None,
    spark_conf: Annotated[
        list[str] | None,
        typer.Option("--spark-conf", metavar="KEY=VALUE", help="A setting of Spark's."),
    ] = None,
) -> Exit:
    """Score a spreadsheet of people: a row of results each, and every bad row named.

    Examples:

      pmo-path batch people.csv -o results.csv --role pmo-director

      pmo-path batch survey.xlsx -o results.xlsx --group-by department

      pmo-path batch survey.xlsx --fixed results.rejects.xlsx -o results.xlsx
    """
    known = given_framework(framework)
    if spark is None:
        _complete((output, rejects, summary, report, *(fixed or ())))
    from pmo_path.app.batch import Job
    from pmo_path.app.output_files import check_files, is_same_file
    from pmo_path.batch.raters import Combine as Combining
    from pmo_path.batch.results import Detail
    from pmo_path.readers.table import SheetOptions
    from pmo_path.readers.table.sheet import Layout as SheetLayout
    from pmo_path.writers.atomic import Outputs

    _check(brief=brief, gaps=gaps, long=long, report=report, no_names=no_names)
    roles = _roles(known, role or ())
    sheet_map = _mapping(mapping, known)
    options = SheetOptions(
        encoding=_known_encoding(encoding),
        delimiter=_one_character(delimiter),
        layout=None if layout is None else SheetLayout(layout.value),
        sheet=sheet,
        heading_line=heading_line,
        mapping=sheet_map.headings,
        values=sheet_map.values,
        has_roles=not roles,
        fixed=_fixed(fixed or ()),
    )
    job = Job(
        framework=known,
        roles=roles,
        sheet=options,
        detail=Detail(
            0 if brief else top,
            gaps=gaps,
            long=long,
            is_summed_up=not quiet or summary is not None or report is not None,
        ),
        combine=Combining(combine.value),
        raw=raw,
        strict=strict,
        group_by=tuple(group_by or ()),
        min_group=min_group,
        is_guarded=summary is not None,
        has_names=not no_names,
        date=today,
        is_reported=report is not None,
    )
    if spark is not None:
        read = _named({"--map": mapping, "--framework": framework})
        check_files(read, _named({"--summary": summary}))
        _check_summary(summary)
        _refuse_on_spark(
            sheet=sheet,
            heading_line=heading_line,
            layout=layout,
            rejects=rejects,
            report=report,
            fixed=fixed,
        )
        from pmo_path.cli.commands.spark_batch import OnSpark, batch_on_spark  # noqa: PLC0415  rare

        on_spark = OnSpark(
            master=spark,
            settings=spark_conf or (),
            people=people,
            output=output,
            format=str(format_ or SheetFormat.PARQUET),
            encoding=options.encoding,
            delimiter=options.delimiter,
            summary=summary,
            quiet=quiet,
        )
        return batch_on_spark(job, on_spark)
    target = _target(None if output is None else Path(output), format_, rejects)
    if rejects is None and target.rejects is not None:
        # Rows that somebody has fixed are not to be replaced by those that are rejected now.
        is_sheet = is_same_file(target.rejects, Path(people))
        if options.fixed or is_sheet:
            target = target._replace(rejects=_free(target.rejects))
    read = _named({"the sheet": Path(people), "--map": mapping, "--framework": framework})
    check_files(
        {**read, **{f"--fixed {path}": path for path in options.fixed}},
        _named({**target.files(), "--summary": summary, "--report": report}),
    )
    _check_summary(summary)
    with Outputs() as outputs:
        done = _scored(Path(people), job, target._replace(outputs=outputs))
        if summary is not None and done.guarded is not None and done.is_written:
            write_summary(done.guarded, rows_of(done.read, done.scored), summary, outputs)
        if report is not None and done.report is not None and done.is_written:
            write_team_report(done.report, report, outputs)
    _tell(done, known, target.rejects, quiet=quiet)
    return Exit.FOUND if done.rejected else Exit.FINE


# --- What was asked for -------------------------------------------------------------------------


def _check(*, brief: bool, gaps: bool, long: bool, report: Path | None, no_names: bool) -> None:
    if long and (brief or gaps):
        raise UsageProblem("--long has every gap in rows of its own; leave out --brief and --gaps")
    if report is not None and report.suffix.casefold() not in {".html", ".htm"}:
        raise UsageProblem(f"--report writes a page; end '{report}' in .html")
    if no_names and report is None:
        raise UsageProblem("--no-names is for the page; add --report FILE")


def _complete(paths: Iterable[Path | str | None]) -> None:
    """Complete what an interrupted run left of its outputs, before they are looked at."""
    from pmo_path.writers.leftovers import tidy

    for folder in {Path(os.path.realpath(path)).parent for path in paths if path is not None}:
        for note in tidy(folder, completes=True):
            say(f"note: {note}")


def _check_summary(summary: Path | None) -> None:
    if summary is not None and summary.suffix.casefold() not in {"", ".json"}:
        raise UsageProblem(f"--summary writes JSON; end '{summary}' in .json")


def _refuse_on_spark(**options: object) -> None:
    for option, value in options.items():
        if value is not None:
            raise UsageProblem(f"--{option.replace('_', '-')} is not for --spark")


def _roles(framework: Framework, asked: Sequence[str]) -> tuple[str, ...]:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415

    return tuple(dict.fromkeys(role_named(framework, one) for one in asked))


def _fixed(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files with fixed rows. Raises UsageProblem and InputInvalid."""
    from pmo_path.writers.atomic import is_special

    for path in paths:
        if path == STDIN or is_special(_readable(path)):
            raise UsageProblem(f"--fixed takes a file, and '{path}' is not one")
    return tuple(paths)


def _free(path: Path) -> Path:
    """The path, or the next one like it that is not taken."""
    from pmo_path.writers.atomic import is_there

    free, number = path, 1
    while is_there(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _mapping(path: Path | None, framework: Framework) -> SheetMap:
    from pmo_path.readers.column_map import SheetMap, load_heading_map

    return SheetMap() if path is None else load_heading_map(path, framework)


def _known_encoding(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        codec = codecs.lookup(name)
        "".encode(name)
    except (LookupError, UnicodeError):
        raise UsageProblem(f"there is no encoding '{name}'; try utf-8, utf-16 or cp1252") from None
    return codec.name


def _one_character(delimiter: str | None) -> str | None:
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
    character = named.get((delimiter or "").casefold(), delimiter)
    if character is not None and (len(character) != 1 or character in "\"'\r\n\0"):
        raise UsageProblem(f"--delimiter takes a single character or 'tab', not '{delimiter}'")
    return character


def _named(files: Mapping[str, Path | None]) -> dict[str, Path]:
    """Those that are files, and not stdin or stdout."""
    return {what: path for what, path in files.items() if path is not None and path != STDIN}


def _target(output: Path | None, format_: SheetFormat | None, rejects: Path | None) -> Target:
    from pmo_path.app.batch import Target
    from pmo_path.batch.export import Output
    from pmo_path.writers.atomic import is_special

    if rejects is not None and rejects.suffix.casefold() not in REJECTS_ENDINGS:
        is_file = rejects != STDIN and not is_special(rejects)
        if is_file or rejects == STDIN:
            raise UsageProblem(f"--rejects takes a file; end '{rejects}' in .csv or .xlsx")
    if output is None or output == STDIN:
        if format_ in {SheetFormat.XLSX, SheetFormat.PARQUET} and is_terminal(sys.stdout):
            raise UsageProblem(f"{format_} is not for a terminal; name a file with --output")
        return Target(Output(format_ or SheetFormat.CSV), sys.stdout.buffer, rejects)
    chosen = format_ or ENDINGS.get(output.suffix.casefold())
    if chosen is None and is_special(output):
        chosen = SheetFormat.CSV
    if chosen is None:
        raise UsageProblem(
            f"'{output}' does not name a format; end it in {', '.join(ENDINGS)}, or pass --format"
        )
    ending = "xlsx" if chosen is SheetFormat.XLSX else "csv"
    beside = None if is_special(output) else output.with_name(f"{output.stem}.rejects.{ending}")
    return Target(Output(chosen), output, rejects or beside)


# --- The run --------------------------------------------------------------------------------------


def _scored(people: Path, job: Job, target: Target) -> Done:
    """What became of the people; results are where they belong."""
    if isinstance(target.results, Path) or not is_terminal(sys.stdout):
        return _watched(people, job, target)
    import tempfile

    from pmo_path.domain.text import shown  # noqa: PLC0415  only for a terminal

    # What is drawn on the terminal must be off it before results come to it.
    with tempfile.TemporaryFile() as results:
        done = _watched(people, job, target._replace(results=results))
        results.seek(0)
        for line in io.TextIOWrapper(results, encoding="utf-8", errors="replace"):
            sys.stdout.write(shown(line))
        sys.stdout.flush()
    return done


def _watched(people: Path, job: Job, target: Target) -> Done:
    from pmo_path.app.batch import score_sheet
    from pmo_path.writers.atomic import blaming_temporary, is_special
    from pmo_path.writers.leftovers import private_folder

    with shown_on_terminal() as watch:
        if people != STDIN and not is_special(_readable(people)):
            return score_sheet(people, str(people), job, target, watch)
        # A sheet is read more than once, and what comes through a pipe comes once.
        with private_folder() as folder:
            copy = folder / "people"
            name = STDIN_NAME if people == STDIN else str(people)
            with _piped(people) as source, blaming_temporary(folder), copy.open("wb") as stream:
                for piece in _pieces(source, name):
                    stream.write(piece)
            return score_sheet(copy, name, job, target, watch)


@contextmanager
def _piped(path: Path) -> Iterator[BinaryIO]:
    """A pipe, or stdin, to read from. Raises InputInvalid when it cannot be opened."""
    from pmo_path.readers.files import not_read, opened, wait_for_input

    if path != STDIN:
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(opened(path))
            except OSError as error:
                raise not_read(str(path), error) from None
            yield stream
        return
    stdin = stdin_bytes()
    wait_for_input(stdin)
    yield stdin


def _pieces(source: BinaryIO, name: str) -> Iterator[bytes]:
    """What a stream brings, piece by piece. Raises InputInvalid."""
    from pmo_path.readers.files import not_read, too_large

    remaining = MAX_TABLE_BYTES
    try:
        while piece := source.read(PIECE):
            remaining -= len(piece)
            if remaining < 0:
                raise too_large(name, MAX_TABLE_BYTES)
            yield piece
    except OSError as error:
        raise not_read(name, error) from None


def _readable(path: Path) -> Path:
    """The path of a file that can be read. Raises InputInvalid."""
    from pmo_path.readers.files import not_read

    try:
        mode = path.stat().st_mode
        # A folder says that it is one; a pipe would be waited for.
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            path.open("rb").close()
    except OSError as error:
        raise not_read(str(path), error) from None
    return path


# --- What is said ---------------------------------------------------------------------------------


def _tell(done: Done, framework: Framework, rejects: Path | None, *, quiet: bool) -> None:
    for remark in () if quiet else done.sheet.remarks:
        say(f"{done.sheet.name}: {remark}")
    for notice in done.sheet.notices:
        say(f"{done.sheet.name}: note: {notice}")
    # Why a row was refused is said somewhere, whatever the run is to be quiet about.
    if not (quiet and done.is_written and rejects is not None):
        _tell_rejects(done)
    if done.read == 0:
        say(f"{done.sheet.name}: there are no rows: nothing is filled in below the headings")
    elif not quiet:
        tell_team(done.team, framework, done.sole_holders)
    tell_rows(rows_of(done.read, done.scored), rejects, is_written=done.is_written)


def _short(value: str) -> str:
    return value if len(value) <= VALUE_SHOWN else f"{value[:VALUE_SHOWN]}…"


def _tell_rejects(done: Done) -> None:
    from pmo_path.readers.table.rejects_file import causes_of

    causes = causes_of(done.rejections.reasons(), REJECTS_SHOWN)
    for cause in causes.first:
        one, more = cause
        where = f"{done.sheet.name}:{one.line}"
        column = f"{one.column} is '{_short(one.value)}': " if one.column else ""
        others = f" ({more:,} more row{'' if more == 1 else 's'} like it)" if more else ""
        say(f"{where}: {one.code} rejected: {column}{one.reason}{others}")
    if causes.more:
        say(f"… and {causes.more:,} more reasons")
    unknown = [_short(said) for said in causes.unknown]
    if unknown:
        say(
            f"hint: to leave out what is not in the framework, pass --map with "
            f"'{unknown[0]}: carry'" + (" and so on" if len(unknown) > 1 else "")
        )
