"""The end of `pmo-path batch` on stderr: rejected rows, the team, and the counts of rows."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import typer

from pmo_path.cli.errors import say
from pmo_path.cli.streams import style_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_path.app.batch import BatchResult, SparkResult
    from pmo_path.app.input_scoring import ScoredFile
    from pmo_path.app.sheet_scoring import SheetResult
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.team import Team

REJECTS_SHOWN = 10
VALUE_SHOWN = 80
LINES_SHOWN = 20
"""Notes on files that are shown."""
NAMES_SHOWN = 5
"""Skipped files of one kind that are named."""
SKIPPED = "skipped"
OUTCOMES = ("scored", "rejected", SKIPPED)
"""What becomes of a file."""


def show_result(result: BatchResult, *, quiet: bool) -> None:
    """Show how the input was read, why rows were rejected, and what the team is like."""
    sheet, files = result.sheet, result.files
    if files:
        _show_notes_on_files(files, sheet, quiet=quiet)
    else:
        _show_notes(sheet.sheet.name, () if quiet else sheet.sheet.remarks, sheet.sheet.notices)
    # The reasons for rejected rows are always shown somewhere, however quiet the run is to be.
    if not (quiet and sheet.is_written and result.rejects is not None):
        _show_rejects(sheet)
    if not quiet:
        _show_skipped(files)
    if sheet.read == 0 and not files:
        say(f"{sheet.sheet.name}: no rows to score: the sheet is empty below the headings")
    elif sheet.read and not quiet:
        _show_team(sheet.team, result.framework, sheet.sole_holders)
    if files:
        counts = Counter(file.outcome.value for file in files)
        outcomes = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES)
        say(f"{_count(len(files), 'file')}: {outcomes}")
    read, older = sheet.read + len(sheet.older), len(sheet.older)
    _show_counts(read, sheet.scored, result.rejects, is_written=sheet.is_written, older=older)


def _show_notes_on_files(files: Sequence[ScoredFile], sheet: SheetResult, *, quiet: bool) -> None:
    """How the files were read, and which of their rows are older than others."""
    notes = [f"{file.name}: note: {note}" for file in files for note in file.notices]
    notes += [f"{file.name}: {note}" for file in files if not quiet for note in file.remarks]
    older = [
        f"{row.origin.shown()}: note: {row.why}, so not counted; {row.counts.shown()} counts"
        for row in sheet.older
    ]
    _show_few(notes, "notes")
    _show_few(older, "older ratings")


def _show_few(lines: Sequence[str], noun: str) -> None:
    for line in lines[:LINES_SHOWN]:
        say(line)
    if len(lines) > LINES_SHOWN:
        say(f"… and {len(lines) - LINES_SHOWN:,} more {noun}")


def _show_skipped(files: Iterable[ScoredFile]) -> None:
    """Which files were skipped, by what they are."""
    skipped: dict[str, list[str]] = {}
    for file in files:
        if file.outcome == SKIPPED:
            skipped.setdefault(file.why, []).append(file.name)
    for what, names in sorted(skipped.items()):
        more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
        say(f"skipped ({what}): {', '.join(names[:NAMES_SHOWN])}{more}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def show_table(result: SparkResult, name: str, *, quiet: bool) -> None:
    """Show the same for a table that a cluster scored, which lists no rejected rows."""
    account = result.account
    _show_notes(name, () if quiet else account.sheet.remarks, account.sheet.notices)
    if not quiet:
        _show_team(account.team, result.framework, {})
    _show_counts(account.read, account.scored, result.rejects, is_written=result.is_written)


def _show_notes(name: str, remarks: Iterable[str], notices: Iterable[str]) -> None:
    """How a sheet or table was read, and what may be wrong with that."""
    for remark in remarks:
        say(f"{name}: {remark}")
    for notice in notices:
        say(f"{name}: note: {notice}")


def _show_team(
    team: Team, framework: Framework, sole_holders: Mapping[str, Mapping[str, str]]
) -> None:
    """The summary of the team; `sole_holders` are named by role and competence."""
    from pmo_path.render.formats.terminal import write
    from pmo_path.render.results.team import team_summary

    labels = {key: band.label for key, band in framework.readiness.items()}
    document = team_summary(team, labels, sole_holders)
    write(document, sys.stderr, style_of(sys.stderr))
    typer.echo("", err=True)


def _show_counts(
    read: int, scored: int, rejects: object, *, is_written: bool, older: int = 0
) -> None:
    """The line in which rows add up; `rejects` is the file of rejected rows, if there is one."""
    rejected = read - scored - older
    counts = f"{_count(read, 'row')} read: {scored:,} scored, {rejected:,} rejected"
    counts += f", {older:,} older" if older else ""
    if rejected and rejects is not None and is_written:
        counts += f" (see {rejects})"
    say(counts)
    if not is_written:
        say("Nothing is written, since --strict allows no rejected row.")


def _show_rejects(sheet: SheetResult) -> None:
    causes = sheet.causes(REJECTS_SHOWN)
    for reject, more in causes.first:
        column = f"{reject.column} is '{_short(reject.value)}': " if reject.column else ""
        others = f" ({more:,} more row{'' if more == 1 else 's'} like it)" if more else ""
        file, line = reject.file or sheet.sheet.name, f":{reject.line}" if reject.line else ""
        say(f"{file}{line}: {reject.code} rejected: {column}{reject.reason}{others}")
    if causes.more:
        say(f"… and {causes.more:,} more reasons")
    if causes.unknown:
        say(
            f"hint: to leave out what is not in the framework, pass --map with "
            f"'{_short(causes.unknown[0])}: carry'" + (" and so on" if causes.unknown[1:] else "")
        )


def _short(value: str) -> str:
    return value if len(value) <= VALUE_SHOWN else f"{value[:VALUE_SHOWN]}…"
