"""Score a sheet of people with the options of `pmo-path batch`."""

from __future__ import annotations

import codecs
import io
import os
import stat
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from pmo_path.app.input_scoring import InputOptions, InputsResult, score_inputs
from pmo_path.app.inputs import STDIN_NAME
from pmo_path.app.output_files import check_files, finish_interrupted, is_same_file
from pmo_path.app.sheet_scoring import Job, Target, check_rejects, score_sheet
from pmo_path.batch.results import ResultDetail
from pmo_path.domain.assessment import role_named
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.limits import MAX_TABLE_BYTES
from pmo_path.domain.options import Combine, SheetFormat
from pmo_path.domain.progress import no_progress
from pmo_path.domain.target_level import with_target
from pmo_path.domain.team import MIN_GROUP, rows_of
from pmo_path.readers.column_map import SheetMap, load_heading_map
from pmo_path.readers.discovery import FoundFile, is_pattern
from pmo_path.readers.files import not_read, opened, too_large
from pmo_path.readers.framework import load_framework
from pmo_path.readers.returned_files import ReadingOptions, mentions_ratings, read_returned_file
from pmo_path.readers.table.sheet import SheetOptions
from pmo_path.writers.atomic import Outputs, blaming_temporary, is_special, is_there
from pmo_path.writers.leftovers import private_folder

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.app.input_scoring import ScoredFile
    from pmo_path.app.sheet_scoring import SheetResult
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.options import Layout
    from pmo_path.domain.progress import Progress
    from pmo_path.domain.team import Team
    from pmo_path.render.formats.registry import Format

ENDINGS = {
    ".csv": SheetFormat.CSV,
    ".xlsx": SheetFormat.XLSX,
    ".parquet": SheetFormat.PARQUET,
    ".jsonl": SheetFormat.JSON_LINES,
    ".ndjson": SheetFormat.JSON_LINES,
}
_REJECTS_ENDINGS = (".csv", ".xlsx")
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
_CHUNK = 1 << 20
"""Bytes of a stream that are copied at once."""
_NO_FILE = Path("-")
"""Stdin or stdout."""


class BatchOptions(NamedTuple):
    """The options of a batch run; their defaults are those of the command."""

    framework: Path | None = None
    """A framework file; the shipped framework by default."""
    roles: Sequence[str] = ()
    """Roles that everybody is rated against; by default, each row names its own."""
    target_level: str | None = None
    """A level that everybody is to reach in every competence, in place of a role."""
    format: SheetFormat | None = None
    """The format of the results; by default, from the output's extension, or CSV for a stream."""
    top: int = 5
    """How many gaps and courses to list."""
    brief: bool = False
    """Figures alone, without gaps and courses."""
    gaps: bool = False
    """Add a column for the gap in each competence."""
    long: bool = False
    """Write a row for each person and competence instead."""
    combine: Combine = Combine.MEDIAN
    strict: bool = False
    """Write nothing if any row is rejected."""
    rejects: Path | None = None
    """The file for rejected rows; by default beside the results, and none beside a stream."""
    fixed: Sequence[Path] = ()
    """Rejects files whose rows, fixed by hand, replace those of the sheet; the last file wins."""
    summary: Path | None = None
    """A JSON file for the summary without figures about few people."""
    report: Path | None = None
    """A file about the team: a page, Markdown or text."""
    names: bool = True
    """Whether the report names people; without names, it has no figures about few people."""
    team: bool = True
    """Whether to count the team's gaps and courses though no file needs them."""
    group_by: Sequence[str] = ()
    """Headings of columns; the summary shows the groups of each."""
    min_group: int | None = None
    """The fewest people that a figure may be about in summary and reports without names; 5 by default."""
    mapping: Path | None = None
    """A YAML file that says what columns and cells mean."""
    encoding: str | None = None
    delimiter: str | None = None
    heading_line: int | None = None
    sheet: str | None = None
    """The name of the sheet in a workbook."""
    layout: Layout | None = None
    raw: bool = False
    """Do not escape CSV cells that look like formulas."""
    today: datetime.date | None = None
    """The date in results and summary."""
    processes: int = 1
    """How many processes may read ratings files, where there are hundreds.

    A program that asks for more than one needs `if __name__ == "__main__":` around its work.
    """

    def files(self) -> list[Path]:
        """All files that the options name."""
        paths = (self.rejects, self.summary, self.report, *self.fixed)
        return [path for path in paths if path is not None]


People = str | os.PathLike[str] | BinaryIO
"""An input of a run."""
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
    framework, options = aimed(load_framework(options.framework), options)
    written = [output] if isinstance(output, Path) else []
    finish_interrupted([*written, *options.files()])
    job = scoring_job(framework, options)
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
    written_to = {"--summary": options.summary, "--report": options.report}
    check_files(named_files(read), named_files({**target.files(), **written_to}))
    check_summary(options.summary)
    with Outputs() as outputs:
        target = target._replace(outputs=outputs)
        if len(sources) > 1 or _is_of_files(first):
            scored = _scored_together(list(map(str, sources)), job, target, options, progress)
        else:
            scored = _scored(first, job, target, options, progress)
        if scored.sheet.is_written:
            _write_team(scored.sheet, options, outputs)
    return BatchResult(scored.sheet, framework, target.rejects, scored.files)


def _names(people: People | Sequence[str | os.PathLike[str]]) -> Sequence[People]:
    """The inputs. Raises UsageProblem for none, and for a stream among others."""
    if not isinstance(people, list | tuple):
        return [cast("People", people)]
    if not people:
        raise UsageProblem("name a sheet of people, a ratings file or a folder")
    if len(people) > 1 and any(os.fspath(name) == str(_NO_FILE) for name in people):
        raise UsageProblem("stdin (-) can only be read alone; name files or folders")
    return people


def aimed(framework: Framework, options: BatchOptions) -> tuple[Framework, BatchOptions]:
    """The framework and the options in which a target level is a role. Raises UsageProblem."""
    if options.target_level is None:
        return framework, options
    given = options.roles[0] if options.roles else None
    framework, role = with_target(framework, given, options.target_level)
    return framework, options._replace(roles=(role,) if role else ())


def _path_or_stream(file: str | os.PathLike[str] | BinaryIO) -> Path | BinaryIO:
    return Path(file) if isinstance(file, str | os.PathLike) else file


def scoring_job(framework: Framework, options: BatchOptions) -> Job:
    """What to do with a sheet by these options. Raises UsageProblem and InputInvalid."""
    _check(options)
    roles = tuple(dict.fromkeys(role_named(framework, role) for role in options.roles))
    mapping = options.mapping
    sheet_map = SheetMap() if mapping is None else load_heading_map(mapping, framework)
    return Job(
        framework=framework,
        roles=roles,
        sheet=SheetOptions(
            encoding=_codec_name(options.encoding),
            delimiter=_delimiter(options.delimiter),
            layout=options.layout,
            sheet=options.sheet,
            heading_line=options.heading_line,
            mapping=sheet_map.headings,
            values=sheet_map.values,
            has_roles=not roles,
            fixed=_fixed(options.fixed),
        ),
        detail=ResultDetail(
            0 if options.brief else options.top,
            gaps=options.gaps,
            long=options.long,
            is_summed_up=options.team or bool(options.summary or options.report),
        ),
        combine=options.combine,
        raw=options.raw,
        strict=options.strict,
        group_by=tuple(options.group_by),
        min_group=MIN_GROUP if options.min_group is None else options.min_group,
        is_guarded=options.summary is not None,
        has_names=options.names,
        date=options.today,
        is_reported=options.report is not None,
    )


# --- Options --------------------------------------------------------------------------------------


def _check(options: BatchOptions) -> None:
    report = options.report
    if options.long and (options.brief or options.gaps):
        raise UsageProblem("--long has every gap in rows of its own; leave out --brief and --gaps")
    if report is not None:
        _report_format(report)
    if not options.names and report is None:
        raise UsageProblem("--no-names is for the page; add --report FILE")
    if options.min_group is not None and options.summary is None and options.names:
        raise UsageProblem(
            "--min-group is for figures that are shared; add --summary or --no-names"
        )


def _report_format(report: Path) -> Format:
    """Return the format of a report by its extension. Raises UsageProblem if it has none."""
    from pmo_path.render.formats.registry import (  # noqa: PLC0415  if needed
        DATA_FORMATS,
        PAGE_FORMATS,
        cannot_write,
        format_of,
    )

    format_ = format_of(report.suffix)
    if format_ is None or format_ in DATA_FORMATS:
        raise cannot_write(report.suffix or f"'{report}'", PAGE_FORMATS - DATA_FORMATS)
    return format_


def check_summary(summary: Path | None) -> None:
    """Raise UsageProblem for a summary file that does not end as JSON does."""
    if summary is not None and summary.suffix.casefold() not in {"", ".json"}:
        raise UsageProblem(f"--summary writes JSON; end '{summary}' in .json")


def _fixed(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files with fixed rows. Raises UsageProblem and InputInvalid."""
    for path in paths:
        if path == _NO_FILE or is_special(_readable(path)):
            raise UsageProblem(f"--fixed takes a file, and '{path}' is not one")
    return tuple(paths)


def _codec_name(encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        codec = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, UnicodeError):
        raise UsageProblem(
            f"there is no encoding '{encoding}'; try utf-8, utf-16 or cp1252"
        ) from None
    return codec.name


def _delimiter(delimiter: str | None) -> str | None:
    character = _DELIMITERS.get((delimiter or "").casefold(), delimiter)
    if character is not None and (len(character) != 1 or character in "\"'\r\n\0"):
        raise UsageProblem(f"--delimiter takes a single character or 'tab', not '{delimiter}'")
    return character


# --- Files ----------------------------------------------------------------------------------------


def named_files(files: Mapping[str, Path | None]) -> dict[str, Path]:
    """Those that are files, and not stdin or stdout."""
    return {what: path for what, path in files.items() if path is not None and path != _NO_FILE}


def _target(people: Path | BinaryIO, output: Path | BinaryIO, options: BatchOptions) -> Target:
    """Where results and rejected rows go. Raises UsageProblem."""
    rejects = options.rejects
    if rejects is not None and rejects.suffix.casefold() not in _REJECTS_ENDINGS:
        is_file = rejects != _NO_FILE and not is_special(rejects)
        if is_file or rejects == _NO_FILE:
            raise UsageProblem(f"--rejects takes a file; end '{rejects}' in .csv or .xlsx")
    if not isinstance(output, Path):
        return Target(options.format or SheetFormat.CSV, output, rejects)
    chosen = _format(output, options.format)
    if rejects is None and not is_special(output):
        ending = "xlsx" if chosen is SheetFormat.XLSX else "csv"
        rejects = output.with_name(f"{output.stem}.rejects.{ending}")
        # Rows that somebody has fixed are not to be replaced by those that are rejected now.
        is_sheet = isinstance(people, Path) and is_same_file(rejects, people)
        if options.fixed or is_sheet:
            rejects = _free(rejects)
    return Target(chosen, output, rejects)


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
    from pmo_path.render.formats.json import write_document  # noqa: PLC0415  if needed
    from pmo_path.render.results.team import team_record  # noqa: PLC0415  if needed

    text = io.StringIO()
    write_document(team_record(team, rows_of(read, scored)), text)
    return text.getvalue()


def _write_team(sheet: SheetResult, options: BatchOptions, outputs: Outputs) -> None:
    if options.summary is not None and sheet.guarded is not None:
        outputs.write(options.summary, summary_json(sheet.guarded, sheet.read, sheet.scored))
    if options.report is not None and sheet.report is not None:
        from pmo_path.app.texts import text_of  # noqa: PLC0415  if needed
        from pmo_path.render.results.team import team_result  # noqa: PLC0415  if needed

        text_of_report = text_of(team_result(sheet.report), _report_format(options.report))
        outputs.write(options.report, text_of_report)


# --- The run --------------------------------------------------------------------------------------


def _is_of_files(people: Path | BinaryIO) -> bool:
    """Whether an input is a folder, a pattern for files, or a ratings file in YAML or JSON."""
    if not isinstance(people, Path) or people == _NO_FILE:
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
    check_rejects(target.rejects)
    written = [path for path in (options.summary, options.report) if path is not None]
    return score_inputs(
        names, job, target, InputOptions(options.processes, tuple(written)), progress
    )


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
    if isinstance(people, Path) and not is_special(_readable(people)):
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


def _readable(path: Path) -> Path:
    """The path of a file that can be read. Raises InputInvalid."""
    try:
        mode = path.stat().st_mode
        # A folder says that it is one; a pipe would be waited for.
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            path.open("rb").close()
    except OSError as error:
        raise not_read(str(path), error) from None
    return path
