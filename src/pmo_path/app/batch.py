"""Score sheets of people and ratings files, here or on Spark."""

from __future__ import annotations

import io
import os
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from pmo_path.app.batch_options import NO_FILE, BatchOptions, readable, report_format, scoring_job
from pmo_path.app.input_scoring import InputsResult, ScoredFile, score_inputs
from pmo_path.app.inputs import STDIN_NAME
from pmo_path.app.output_files import (
    check_files,
    finish_interrupted,
    is_same_file,
    write_atomically,
)
from pmo_path.app.sheet_scoring import SheetResult, Target, score_sheet
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.limits import MAX_TABLE_BYTES
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.progress import Progress, no_progress
from pmo_path.domain.team import Team, rows_of
from pmo_path.readers.discovery import FoundFile, is_pattern
from pmo_path.readers.files import not_read, opened, too_large
from pmo_path.readers.returned_files import ReadingOptions, mentions_ratings, read_returned_file
from pmo_path.readers.table.corrections import holds_changes
from pmo_path.writers.atomic import Outputs, blaming_temporary, is_special, is_there
from pmo_path.writers.leftovers import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.batch.job import Job
    from pmo_path.batch.spark import Accounted
    from pmo_path.domain.framework import Framework

ENDINGS = {
    ".csv": SheetFormat.CSV,
    ".xlsx": SheetFormat.XLSX,
    ".parquet": SheetFormat.PARQUET,
    ".jsonl": SheetFormat.JSON_LINES,
    ".ndjson": SheetFormat.JSON_LINES,
}
_REJECTS_ENDINGS = (".csv", ".xlsx")
_CHUNK = 1 << 20
"""Bytes of a stream that are copied at once."""
_NOT_ON_SPARK = ("sheet", "heading_line", "layout", "rejects", "report", "fixed")
"""Options for files on this machine."""
_NO_PARTS = (".yaml", ".yml", ".json", ".xlsx")
"""Endings of files that are inputs by themselves, and not parts of a table."""


People = str | os.PathLike[str] | BinaryIO
_DEFAULTS = BatchOptions()


class BatchResult(NamedTuple):
    """A scored sheet, and where its files are."""

    sheet: SheetResult
    framework: Framework
    rejects: Path | None
    """The file for rejected rows; None for none."""
    files: tuple[ScoredFile, ...] = ()
    """What became of each file, where there may be several; empty for a single sheet."""


def run_batch(
    people: People | Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str] | BinaryIO,
    options: BatchOptions = _DEFAULTS,
    *,
    progress: Progress = no_progress,
) -> BatchResult:
    """Score sheets of people and ratings files, and write a row of results for each person.

    `people` is a CSV, TSV, XLSX or Parquet file, a ratings file, a folder of these, a list of
    paths, or a stream of CSV; `output` is a file or a stream. All files are written, or none.
    Raises InputInvalid for files that cannot be used, UsageProblem for options that do not fit,
    and OutputFailed.
    """
    sources = [_path_or_stream(name) for name in _names(people)]
    first, output = sources[0], _path_or_stream(output)
    job = scoring_job(options)
    written = [output] if isinstance(output, Path) else []
    finish_interrupted([*written, *options.files()])
    target = _target(first, output, options)
    read = {
        **{
            "the sheet" if len(sources) == 1 else f"input {number}": source
            for number, source in enumerate(sources, 1)
            if isinstance(source, Path)
        },
        "--map": options.mapping,
        "--framework": options.framework,
        **{f"--fixed {path}": path for path in options.fixed},
    }
    check_files(named_files(read), named_files(target.files()))
    if not options.fixed:
        _check_rejects(target.rejects)
    with Outputs() as outputs:
        target = target._replace(outputs=outputs)
        if len(sources) > 1 or _is_of_files(first):
            scored = _scored_together(list(map(str, sources)), job, target, options, progress)
        else:
            scored = _scored(first, job, target, options, progress)
        if scored.sheet.is_written:
            _write_team(scored.sheet, options, outputs)
    return BatchResult(scored.sheet, job.framework, target.rejects, scored.files)


def _names(people: People | Sequence[str | os.PathLike[str]]) -> Sequence[People]:
    """The inputs. Raises UsageProblem for none, and for a stream among others."""
    if not isinstance(people, list | tuple):
        return [cast("People", people)]
    if not people:
        raise UsageProblem("name a sheet of people, a ratings file or a folder")
    if len(people) > 1 and any(os.fspath(name) == str(NO_FILE) for name in people):
        raise UsageProblem("stdin (-) can only be read alone; name files or folders")
    return people


def _path_or_stream(file: str | os.PathLike[str] | BinaryIO) -> Path | BinaryIO:
    return Path(file) if isinstance(file, str | os.PathLike) else file


# --- Files ----------------------------------------------------------------------------------------


def named_files(files: Mapping[str, Path | None]) -> dict[str, Path]:
    """Those that are files, and not stdin or stdout."""
    return {what: path for what, path in files.items() if path is not None and path != NO_FILE}


def _target(people: Path | BinaryIO, output: Path | BinaryIO, options: BatchOptions) -> Target:
    """Where results and rejected rows go. Raises UsageProblem."""
    rejects = options.rejects
    others = {"--summary": options.summary, "--report": options.report}
    is_file = rejects is not None and (rejects == NO_FILE or not is_special(rejects))
    if rejects is not None and is_file and rejects.suffix.casefold() not in _REJECTS_ENDINGS:
        raise UsageProblem(f"--rejects takes a file; end '{rejects}' in .csv or .xlsx")
    if not isinstance(output, Path):
        return Target(options.format or SheetFormat.CSV, output, rejects, others=others)
    chosen = _format(output, options.format)
    if rejects is None and not is_special(output):
        ending = "xlsx" if chosen is SheetFormat.XLSX else "csv"
        rejects = output.with_name(f"{output.stem}.rejects.{ending}")
        # Rows that somebody has fixed are not to be replaced by those that are rejected now.
        is_sheet = isinstance(people, Path) and is_same_file(rejects, people)
        if options.fixed or is_sheet:
            rejects = _free(rejects)
    return Target(chosen, output, rejects, others=others)


def _check_rejects(path: Path | None) -> None:
    """Raise UsageProblem before rejected rows are overwritten that somebody has changed."""
    if path is None or is_special(path) or not is_there(path):
        return
    if holds_changes(path):
        raise UsageProblem(
            f"'{path}' contains rows that you changed; pass --fixed '{path}' to score them, or "
            "choose another file with --rejects"
        )


def _format(output: Path, chosen: SheetFormat | None) -> SheetFormat:
    chosen = chosen or ENDINGS.get(output.suffix.casefold())
    if chosen is None and not is_special(output):
        raise UsageProblem(
            f"'{output}' does not name a format; end it in {', '.join(ENDINGS)}, or pass --format"
        )
    return chosen or SheetFormat.CSV


def _free(path: Path) -> Path:
    """The path, or the next one like it at which there is no file."""
    free, number = path, 1
    while is_there(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def summary_json(team: Team, read: int, scored: int) -> str:
    """The summary of a team as JSON; `read` and `scored` count the rows of the input."""
    from pmo_path.render.formats.json import write  # noqa: PLC0415  if needed
    from pmo_path.render.results.team import team_record  # noqa: PLC0415  if needed

    text = io.StringIO()
    write(team_record(team, rows_of(read, scored)), text)
    return text.getvalue()


def _write_team(sheet: SheetResult, options: BatchOptions, outputs: Outputs) -> None:
    if options.summary is not None and sheet.guarded is not None:
        outputs.write(options.summary, summary_json(sheet.guarded, sheet.read, sheet.scored))
    if options.report is not None and sheet.report is not None:
        from pmo_path.app.texts import text_of  # noqa: PLC0415  if needed
        from pmo_path.render.results.team import team_result  # noqa: PLC0415  if needed

        text_of_report = text_of(team_result(sheet.report), report_format(options.report))
        outputs.write(options.report, text_of_report)


# --- The run --------------------------------------------------------------------------------------


def _is_of_files(people: Path | BinaryIO) -> bool:
    """Whether an input is a folder, a pattern for files, or a ratings file in YAML or JSON."""
    if not isinstance(people, Path) or people == NO_FILE:
        return False
    if os.path.isdir(people) or is_pattern(str(people)):  # noqa: PTH112  a name may be too long
        return True
    return mentions_ratings(people)


def _has_ratings(people: Path, framework: Framework) -> bool:
    """Whether a file is one of ratings, good or bad, and no sheet of people."""
    if not os.path.isfile(people):  # noqa: PTH113  a name may be too long
        return False
    read = read_returned_file(FoundFile(people), framework, ReadingOptions(has_roles=False))
    return read.answers is not None


def _scored_together(
    names: Sequence[str], job: Job, target: Target, options: BatchOptions, progress: Progress
) -> InputsResult:
    """Score the people of several inputs. Raises UsageProblem for what only a sheet can have."""
    if options.fixed:
        raise UsageProblem(
            "--fixed is for a single sheet; correct the files themselves, and score them again"
        )
    pipes = (name for name in names if is_special(Path(name)) and not Path(name).is_dir())
    pipe = next(pipes, None)
    if pipe is not None:
        raise UsageProblem(f"'{pipe}' is not a file, so it can only be read alone")
    return score_inputs(names, job, target, options.processes, progress)


def _scored(
    people: Path | BinaryIO, job: Job, target: Target, options: BatchOptions, progress: Progress
) -> InputsResult:
    try:
        return InputsResult(_scored_alone(people, job, target, progress), ())
    except InputInvalid:
        # A table of one person need not name the person, as a sheet has to.
        is_file = isinstance(people, Path) and not options.fixed
        if not is_file or not _has_ratings(cast("Path", people), job.framework):
            raise
    return _scored_together([str(people)], job, target, options, progress)


def _scored_alone(
    people: Path | BinaryIO, job: Job, target: Target, progress: Progress
) -> SheetResult:
    if isinstance(people, Path) and not is_special(readable(people)):
        return score_sheet(people, str(people), job, target, progress)
    # A sheet is read more than once, and what comes through a pipe comes once.
    with private_folder() as folder:
        copy = folder / "people"
        name = str(people) if isinstance(people, Path) else STDIN_NAME
        with _stream(people) as source, blaming_temporary(folder), copy.open("wb") as stream:
            for chunk in _chunks(source, name):
                stream.write(chunk)
        return score_sheet(copy, name, job, target, progress)


@contextmanager
def _stream(people: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The stream, or a pipe, to read from. Raises InputInvalid when it cannot be opened."""
    if not isinstance(people, Path):
        yield people
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(opened(people))
        except OSError as error:
            raise not_read(str(people), error) from None
        yield stream


def _chunks(source: BinaryIO, name: str) -> Iterator[bytes]:
    """The content of a stream in pieces. Raises InputInvalid."""
    remaining = MAX_TABLE_BYTES
    try:
        while chunk := source.read(_CHUNK):
            remaining -= len(chunk)
            if remaining < 0:
                raise too_large(name, MAX_TABLE_BYTES)
            yield chunk
    except OSError as error:
        raise not_read(name, error) from None


# --- On Spark ------------------------------------------------------------------------------------


class SparkResult(NamedTuple):
    """The counts of a scored table, and where its results are."""

    account: Accounted
    framework: Framework
    rejects: str
    """The folder for rejected rows."""
    is_written: bool


def run_batch_on_spark(
    people: str, output: str, options: BatchOptions, master: str, settings: Mapping[str, str]
) -> SparkResult:
    """Read, score and write where the cluster can.

    `people` and `output` are a table and a folder by any name that the cluster knows. `master` is
    its address, such as `local[2]`; `settings` are Spark's own. Raises UsageProblem for options
    that do not fit, InputInvalid and OutputFailed.
    """
    _check_table(people)
    job = scoring_job(options)
    read = {"--map": options.mapping, "--framework": options.framework}
    check_files(named_files(read), named_files({"--summary": options.summary}))
    format_ = _format_on_spark(options)
    try:
        from pmo_path.batch.spark_files import score_files  # noqa: PLC0415  an extra
        from pmo_path.batch.spark_session import session  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UsageProblem(
            f"--spark needs {error.name}; install it with: pip install 'pmo-path[spark]'"
        ) from None

    rejects = f"{output.rstrip('/')}.rejects"
    with private_folder() as temporary, session(master, settings, temporary) as running:
        account, is_written = score_files(running, people, (output, rejects), job, format_)
    if is_written and options.summary is not None:
        text = summary_json(account.guarded, account.read, account.scored)
        write_atomically(options.summary, text)
    return SparkResult(account, job.framework, rejects, is_written)


def _format_on_spark(options: BatchOptions) -> SheetFormat:
    """The format of the results. Raises UsageProblem for options that Spark does not have."""
    for option in _NOT_ON_SPARK:
        if getattr(options, option):
            raise UsageProblem(f"--{option.replace('_', '-')} is not for --spark")
    format_ = options.format or SheetFormat.PARQUET
    if format_ not in {SheetFormat.CSV, SheetFormat.PARQUET}:
        raise UsageProblem(f"--spark writes csv or parquet, not {format_}")
    return format_


def _check_table(people: str) -> None:
    """Raise UsageProblem for a folder of files that are not parts of a table."""
    with suppress(OSError):
        names = os.listdir(people)  # noqa: PTH208  what the cluster reads may be no path here
        if any(name.lower().endswith(_NO_PARTS) for name in names):
            raise UsageProblem(
                f"--spark scores a table, and '{people}' is a folder of other files; "
                "leave out --spark to score them"
            )
