"""The options of `pmo-path batch`, and the job that they describe."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.domain.assessment import role_named
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import Combine, Layout, SheetFormat
from pmo_path.domain.target_level import with_target
from pmo_path.domain.team import MIN_GROUP
from pmo_path.readers.column_map import SheetMap, load_heading_map
from pmo_path.readers.files import not_read
from pmo_path.readers.framework import load_framework
from pmo_path.readers.table.sheet import SheetOptions
from pmo_path.writers.atomic import is_special

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from pmo_path.render.formats.registry import Format

NO_FILE = Path("-")
"""Stdin or stdout."""
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}


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
    """A YAML file that defines what columns and cells mean."""
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
        paths = (self.rejects, self.summary, self.report, *self.fixed)
        return [path for path in paths if path is not None]


def scoring_job(options: BatchOptions) -> Job:
    """What to do with a sheet by these options; the framework has the target level as a role.

    Raises UsageProblem and InputInvalid.
    """
    framework, names = load_framework(options.framework), options.roles
    if options.target_level is not None:
        role = names[0] if names else None
        framework, role = with_target(framework, role, options.target_level)
        names = (role,) if role else ()
    _check(options)
    roles = tuple(dict.fromkeys(role_named(framework, name) for name in names))
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


def _check(options: BatchOptions) -> None:
    report, summary = options.report, options.summary
    if options.long and (options.brief or options.gaps):
        raise UsageProblem("--long has every gap in rows of its own; leave out --brief and --gaps")
    if report is not None:
        report_format(report)
    if summary is not None and summary.suffix.casefold() not in {"", ".json"}:
        raise UsageProblem(f"--summary writes JSON; end '{summary}' in .json")
    if not options.names and report is None:
        raise UsageProblem("--no-names is for the page; add --report FILE")
    if options.min_group is not None and summary is None and options.names:
        raise UsageProblem(
            "--min-group is for figures that are shared; add --summary or --no-names"
        )


def report_format(report: Path) -> Format:
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


def _fixed(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files with fixed rows. Raises UsageProblem and InputInvalid."""
    for path in paths:
        if path == NO_FILE or is_special(readable(path)):
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


def readable(path: Path) -> Path:
    """The path of a file that can be read. Raises InputInvalid."""
    try:
        mode = path.stat().st_mode
        # Opening a folder fails with the right reason; opening a pipe would block.
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            path.open("rb").close()
    except OSError as error:
        raise not_read(str(path), error) from None
    return path
