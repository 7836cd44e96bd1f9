"""The steps from a sheet of people to their results and the rejected rows."""

from __future__ import annotations

import errno
import shutil
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from pmo_path.batch.engine import sealed, share_done
from pmo_path.batch.export import result_rows, results_query, write_results
from pmo_path.batch.guarded_summary import guarded_team_of
from pmo_path.batch.job import Job, check_options
from pmo_path.batch.long import stage_long
from pmo_path.batch.names_carried_down import fill_in_names
from pmo_path.batch.people_sheet import open_people_sheet
from pmo_path.batch.raters import combine_raters
from pmo_path.batch.rejections import (
    Older,
    ScoredRole,
    reject_duplicates,
    reject_other_raters,
    roles_to_score,
)
from pmo_path.batch.results import ResultsQuery, create_results
from pmo_path.batch.second_table import reject_second_table
from pmo_path.batch.staging import stage
from pmo_path.batch.summary_rows import reject_summary_rows
from pmo_path.batch.team_counts import counts_of, tally_of
from pmo_path.batch.team_summary import called_like, everybody, holders, team_of
from pmo_path.domain.bands import band_facts
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import Layout, SheetFormat
from pmo_path.domain.progress import Progress, no_progress
from pmo_path.domain.team import MAX_REJECTS_SHOWN, NamedPeople, RejectedRow, Team, TeamReport
from pmo_path.readers.files import not_read
from pmo_path.readers.filetype import check_sheet
from pmo_path.readers.table.rejects_file import Causes, causes_of, located, reject_rows
from pmo_path.writers.atomic import Outputs, blaming, blaming_temporary, is_special, is_there
from pmo_path.writers.leftovers import private_folder
from pmo_path.writers.tables import write_csv, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.rejected_rows import Rejections
    from pmo_path.readers.table.sheet import Sheet

_PATTERN = frozenset("*?[")
_WRITE_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""What the system says only of a file that is written."""
_PIECE = "piece"
"""The file in the private folder through which pieces of results go."""


class Target(NamedTuple):
    """Where results and rejected rows go."""

    output: SheetFormat
    results: Path | BinaryIO
    rejects: Path | None
    """None to write no rejects file; the result has the rows anyway. A workbook if it ends in .xlsx."""
    outputs: Outputs | None = None
    """All files of the run, which take their names together."""
    others: Mapping[str, Path | None] = {}
    """The other files that the run writes, by option."""

    def files(self) -> dict[str, Path]:
        files = {"--output": self.results, "--rejects": self.rejects, **self.others}
        return {option: path for option, path in files.items() if isinstance(path, Path)}


class SheetResult(NamedTuple):
    """A scored sheet: its counts, rejected rows and team."""

    sheet: Sheet
    read: int
    """Rows of the input."""
    scored: int
    """Rows of the input that count; the others are rejected."""
    rejections: Rejections
    team: Team
    """The summary with all figures, for people who may see the sheet."""
    is_written: bool
    guarded: Team | None = None
    """The summary from which no figure about few people can be computed, if requested."""
    sole_holders: Mapping[str, Mapping[str, str]] = {}
    """By role and competence: who is the only one at target."""
    report: TeamReport | None = None
    older: tuple[Older, ...] = ()
    """Rows of several inputs in place of which newer ones count; they are in no other count."""

    @property
    def rejected(self) -> int:
        return self.read - self.scored

    @property
    def rejects(self) -> tuple[RejectedRow, ...]:
        """Why rows were rejected, by line; one row can have several reasons."""
        return tuple(located(self.sheet, reject) for reject in self.rejections.reasons())

    def causes(self, limit: int) -> Causes:
        """The first reasons, like ones together, and how many more there are."""
        reasons = (located(self.sheet, reject) for reject in self.rejections.reasons())
        return causes_of(reasons, limit)


def score_sheet(
    source: Path, name: str, job: Job, target: Target, progress: Progress = no_progress
) -> SheetResult:
    """Score the people in the sheet at `source`, which messages call `name`.

    Results and rejected rows are both written, or neither. Raises InputInvalid for a sheet that
    cannot be used, UsageProblem for options that do not fit it, OutputFailed, and
    KeyboardInterrupt when the person breaks off.
    """
    with ExitStack() as stack:
        outputs = target.outputs or stack.enter_context(Outputs())
        folder = stack.enter_context(private_folder())
        progress("Reading the sheet", None)
        with reading(name, folder):
            sheet = open_sheet(source, name, job, folder)
        check_options(sheet, job)
        files = SheetFiles.of(target, outputs, folder)
        engine = stack.enter_context(
            sealed(
                folder,
                [sheet.path, *files.of_engine()],
                len(sheet.columns),
                is_small=sheet.is_small,
            )
        )
        progress("Reading", partial(share_done, engine))
        with reading(name, folder):
            staged = read_rows(engine, sheet, job.framework)
            roles, staged = roles_to_score(staged, job.roles)
            if sheet.layout is Layout.WIDE:
                roles, staged = reject_repeated_people(staged, roles, job)
        return score_people(Staged(staged, roles), job, files, progress)


class Staged(NamedTuple):
    """People who can be scored, and the roles to score them against."""

    people: PeopleTable
    roles: list[ScoredRole]
    older: tuple[Older, ...] = ()
    """Rows of several inputs in place of which newer ones count."""


def score_people(staged: Staged, job: Job, files: SheetFiles, progress: Progress) -> SheetResult:
    people, roles, older = staged
    people = combine_raters(people, job.combine, roles)
    share = partial(share_done, people.connection)
    progress("Scoring", share)
    create_results(people, roles, job.detail)
    result = _summed_up(people, roles, job)._replace(older=older)
    if not result.is_written:
        files.drop()
        return result
    progress("Writing", share)
    files.write_results(results_query(people, roles, job, files.target.output))
    files.write_rejects(people.sheet, people.rejections, raw=job.raw)
    return result


def _summed_up(staged: PeopleTable, roles: Sequence[ScoredRole], job: Job) -> SheetResult:
    scored_roles = [role.id for role in roles]
    tally = tally_of(job, staged.sheet, scored_roles, counts_of(staged, roles, job))
    result = SheetResult(
        sheet=staged.sheet,
        read=staged.read,
        scored=staged.scored,
        rejections=staged.rejections,
        team=team_of(tally),
        is_written=not (job.strict and staged.rejections),
    )
    if job.is_guarded or not job.has_names:
        result = result._replace(guarded=guarded_team_of(tally, job.min_group))
    if job.detail.is_summed_up:
        result = result._replace(sole_holders=holders(staged, result.team))
    return result._replace(report=_report(staged, job, result)) if job.is_reported else result


@contextmanager
def reading(name: str, folder: Path) -> Iterator[None]:
    """Blame an OSError on the sheet called `name`, unless a file in `folder` could not be written.

    Raises InputInvalid and OutputFailed.
    """
    with blaming_temporary(folder):
        try:
            yield
        except OSError as error:
            path = error.filename
            if error.errno in _WRITE_ERRORS or (path and Path(path).is_relative_to(folder)):
                raise
            raise not_read(name, error) from None


# --- Before ---------------------------------------------------------------------------------------


def open_sheet(source: Path, name: str, job: Job, folder: Path) -> Sheet:
    """Open the sheet at `source`, of which a copy may be made in `folder`."""
    check_sheet(source, name)
    source = _within_reach(source.resolve(), folder / "source")
    return open_people_sheet(source, job.framework, job.sheet, folder, name)


def _within_reach(source: Path, link: Path) -> Path:
    """The file under a name that the engine can open; `link` becomes that where its own is not.

    The engine takes some characters for a pattern, by which it would look for other files.
    """
    if _is_nameable(source) and _PATTERN.isdisjoint(str(source)):
        return source
    try:
        link.symlink_to(source)
    except OSError:  # where links are not for everybody
        shutil.copyfile(source, link)
    return link


# --- Between --------------------------------------------------------------------------------------


def read_rows(
    engine: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read the rows of a sheet, and reject those that by themselves cannot be scored."""
    if sheet.layout is Layout.LONG:
        return stage_long(engine, sheet, framework)
    staged = reject_second_table(stage(engine, sheet, framework))
    return fill_in_names(reject_summary_rows(staged))


def reject_repeated_people(
    staged: PeopleTable, roles: list[ScoredRole], job: Job
) -> tuple[list[ScoredRole], PeopleTable]:
    """Reject people who are in several rows, and return the roles that rows are left for."""
    once = reject_other_raters(reject_duplicates(staged, roles), roles)
    return roles_to_score(once, job.roles) if once.scored < staged.scored else (roles, once)


# --- The report -----------------------------------------------------------------------------------


def _report(staged: PeopleTable, job: Job, result: SheetResult) -> TeamReport:
    """What the page shows. Raises UsageProblem where groups are called as people are."""
    bands = tuple(band_facts(key, band) for key, band in job.framework.readiness.items())
    competences = {key: job.framework.shown_name(key) for key in job.framework.competences}
    if result.guarded is not None and not job.has_names:
        _check_group_names(staged, result.guarded)
        return TeamReport(bands, competences, result.read, result.scored, result.guarded)
    rejects = (located(result.sheet, reject) for reject in result.rejections.reasons())
    return TeamReport(
        bands=bands,
        competences=competences,
        read=result.read,
        scored=result.scored,
        team=result.team,
        named=NamedPeople(
            sheet=result.sheet.name,
            rejects=tuple(islice(rejects, MAX_REJECTS_SHOWN)),
            more_rejects=sum(1 for _ in rejects),
            people=everybody(staged, result.team),
            sole_holders=result.sole_holders,
        ),
    )


def _check_group_names(staged: PeopleTable, team: Team) -> None:
    groupings = [grouping for role in team.roles for grouping in team.groupings(role)]
    for grouping in groupings:
        if called := called_like(staged, grouping.groups):
            raise UsageProblem(
                f"with --no-names the page cannot be grouped by '{grouping.group_by}': "
                f"{'a group is' if len(called) == 1 else f'{len(called)} groups are'} called like "
                "a person of the sheet"
            )


# --- Files ----------------------------------------------------------------------------------------


def _is_nameable(path: Path) -> bool:
    """Whether the engine, which knows names in UTF-8 alone, can open a file."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


class SheetFiles(NamedTuple):
    """The file that the engine writes, and the one that it becomes."""

    target: Target
    outputs: Outputs
    folder: Path
    """The private folder of the run."""
    written: Path
    final: Path
    """What takes the name of the results; the same file unless the engine cannot name it."""

    @classmethod
    def of(cls, target: Target, outputs: Outputs, folder: Path) -> Self:
        """The files for a target, so that they take their names with all others."""
        final = written = folder / "results"
        if isinstance(target.results, Path) and not is_special(target.results):
            final = outputs.add(target.results)
            written = final if _is_nameable(final) else written
        return cls(target, outputs, folder, written, final)

    def of_engine(self) -> list[Path]:
        """The files that the engine opens."""
        return [self.written, self.folder / _PIECE]

    def drop(self) -> None:
        self.outputs.drop(self.final)

    def write_results(self, query: ResultsQuery) -> None:
        """Write the results, and copy them to where they go."""
        written, to = self.written, self.target.results
        # Results for a stream are a temporary file at first.
        with blaming(to) if isinstance(to, Path) else blaming_temporary(self.folder):
            if self.target.output is SheetFormat.XLSX:
                write_workbook(written, "Results", result_rows(query), self.folder)
            else:
                write_results(query, written, self.target.output, self.folder / _PIECE)
        if not isinstance(to, Path):
            with written.open("rb") as stream:
                shutil.copyfileobj(stream, to)
            to.flush()
            return
        final = to if is_special(to) else self.final
        if final != written:
            with blaming(to):
                _copy(written, final)

    def write_rejects(self, sheet: Sheet, rejections: Rejections, *, raw: bool) -> None:
        """Write the rejects file if there is one."""
        path = self.target.rejects
        # A rejects file of an earlier run would be mistaken for that of this run.
        if path is None or (not rejections and not is_there(path)):
            return
        table, temporary = reject_rows(sheet, rejections), self.folder / "rejects"
        with blaming_temporary(self.folder):
            if path.suffix.casefold() == ".xlsx":
                write_workbook(temporary, "Rejected", table, self.folder)
            else:
                write_csv(temporary, table, raw=raw)
        with blaming(path):
            # Rejected rows are as confidential as results, so they get the same permissions.
            results = self.target.results if isinstance(self.target.results, Path) else None
            _copy(temporary, path if is_special(path) else self.outputs.add(path, like=results))


def _copy(source: Path, path: Path) -> None:
    """Copy a file, also into a pipe."""
    with source.open("rb") as stream, path.open("wb") as copy:
        shutil.copyfileobj(stream, copy)
