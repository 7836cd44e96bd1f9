"""The steps from a sheet of people to their results and the rejected rows."""

from __future__ import annotations

import errno
import re
import shutil
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pmo_path.app.output_files import check_files
from pmo_path.batch.engine import sealed, share_done
from pmo_path.batch.export import harmless_sql, number_sql, result_rows, write_results
from pmo_path.batch.guarded_summary import guarded_team_of
from pmo_path.batch.long import stage_long
from pmo_path.batch.names_carried_down import fill_in_names
from pmo_path.batch.people_sheet import open_people_sheet
from pmo_path.batch.raters import combine_raters
from pmo_path.batch.rejections import (
    ScoredRole,
    reject_duplicates,
    reject_other_raters,
    roles_in_rows,
)
from pmo_path.batch.results import ResultDetail, ResultsQuery, create_results, today
from pmo_path.batch.second_table import reject_second_table
from pmo_path.batch.staging import stage
from pmo_path.batch.summary_rows import reject_summary_rows
from pmo_path.batch.team_counts import counts_of, tally_of
from pmo_path.batch.team_summary import called_like, everybody, holders, team_of
from pmo_path.domain.bands import band_facts
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold_accents, nearest
from pmo_path.domain.options import Combine, Layout, SheetFormat
from pmo_path.domain.progress import no_progress
from pmo_path.domain.target_level import no_roles
from pmo_path.domain.team import (
    MAX_REJECTS_SHOWN,
    MIN_GROUP,
    NamedPeople,
    RejectedRow,
    TeamReport,
)
from pmo_path.readers.files import not_read
from pmo_path.readers.filetype import check_sheet
from pmo_path.readers.table.corrections import holds_changes
from pmo_path.readers.table.rejects_file import causes_of, located, reject_rows
from pmo_path.readers.table.sheet import Kind, SheetOptions
from pmo_path.writers.atomic import Outputs, blaming, blaming_temporary, is_special, is_there
from pmo_path.writers.leftovers import private_folder
from pmo_path.writers.tables import write_csv, write_workbook

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.batch.rejections import Older
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Progress
    from pmo_path.domain.team import Team
    from pmo_path.readers.table.rejected_rows import Rejections
    from pmo_path.readers.table.rejects_file import Causes
    from pmo_path.readers.table.sheet import Sheet

MOST_HEADINGS = 12
"""Headings that a message lists."""
_PATTERN = frozenset("*?[")
_WRITE_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""What the system says only of a file that is written."""
PIECE = "piece"
"""The file in the private folder through which pieces of results go."""


class Job(NamedTuple):
    """What to do with a sheet."""

    framework: Framework
    roles: tuple[str, ...]
    """Ids of the roles that everybody is rated against; none where each row names its own."""
    sheet: SheetOptions = SheetOptions()
    detail: ResultDetail = ResultDetail()
    combine: Combine = Combine.MEDIAN
    raw: bool = False
    """Do not escape cells that look like formulas."""
    strict: bool = False
    """Write nothing if any row is rejected."""
    group_by: tuple[str, ...] = ()
    """The headings of columns to group the summary by."""
    min_group: int = MIN_GROUP
    """The fewest people that a figure of the guarded summary may be about."""
    is_guarded: bool = False
    """Whether to make the summary from which no figure about few people can be computed."""
    has_names: bool = True
    """Whether the report names people; without names, it is guarded."""
    date: datetime.date | None = None
    """The day of the run, which results and summary name; today by default."""
    is_reported: bool = False
    """Whether to make the report about the team."""


class Target(NamedTuple):
    """Where results and rejected rows go."""

    output: SheetFormat
    results: Path | BinaryIO
    rejects: Path | None
    """None to write no rejects file; the result has the rows anyway. A workbook if it ends in .xlsx."""
    outputs: Outputs | None = None
    """Other files of the run, with which both take their names together."""

    def files(self) -> dict[str, Path]:
        """The paths among both, by option."""
        both = {"--output": self.results, "--rejects": self.rejects}
        return {option: path for option, path in both.items() if isinstance(path, Path)}


class SheetResult(NamedTuple):
    """A scored sheet: its counts, rejected rows and team."""

    sheet: Sheet
    read: int
    """Rows of the input."""
    scored: int
    """Rows of the input that count; the others are rejected."""
    rejections: Rejections
    """The rows that were rejected."""
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
        """How many rows were rejected."""
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
    _check_files(source, job, target)
    with ExitStack() as stack:
        outputs = target.outputs or stack.enter_context(Outputs())
        folder = stack.enter_context(private_folder())
        progress("Reading the sheet", None)
        with reading(name, folder):
            sheet = open_sheet(source, name, job, folder)
        check_options(sheet, job)
        place = results_place(target, outputs, folder)
        files = [sheet.path, place.written, folder / PIECE]
        engine = stack.enter_context(
            sealed(folder, files, len(sheet.columns), is_small=sheet.is_small)
        )
        share = partial(share_done, engine)
        progress("Reading", share)
        with reading(name, folder):
            staged, roles = _read(engine, sheet, job)
        return score_people(Staged(staged, roles), job, target, place, progress)


class ResultsPlace(NamedTuple):
    """Where results are written."""

    written: Path
    final: Path
    """Where they go then; the same file unless the engine cannot name it."""
    outputs: Outputs
    folder: Path
    """The private folder of the run."""


def results_place(target: Target, outputs: Outputs, folder: Path) -> ResultsPlace:
    """Where to write the results for a target, so that they take their names with all others."""
    final = written = folder / "results"
    if isinstance(target.results, Path) and not is_special(target.results):
        final = outputs.add(target.results)
        written = final if _is_nameable(final) else written
    return ResultsPlace(written, final, outputs, folder)


class Staged(NamedTuple):
    """People who can be scored, and the roles to score them against."""

    people: PeopleTable
    roles: list[ScoredRole]
    older: tuple[Older, ...] = ()
    """Rows of several inputs in place of which newer ones count."""


def score_people(
    staged: Staged, job: Job, target: Target, place: ResultsPlace, progress: Progress
) -> SheetResult:
    """Score people, and write results and rejected rows."""
    people, roles, older = staged
    people = combine_raters(people, job.combine, roles)
    date = job.date or today()
    share = partial(share_done, people.connection)
    progress("Scoring", share)
    create_results(people, roles, job.detail)
    done = _summed_up(people, roles, job, date)._replace(older=older)
    if not done.is_written:
        place.outputs.drop(place.final)
        return done
    progress("Writing", share)
    query = _query(people, roles, job, target, date)
    _write_results(query, target, place.written, place.folder)
    _hand_over(place.written, place.final, target)
    _write_rejects(people, target, place.outputs, place.folder, raw=job.raw)
    return done


def _summed_up(
    staged: PeopleTable,
    roles: Sequence[ScoredRole],
    job: Job,
    date: datetime.date,
) -> SheetResult:
    groups = _groups(staged.sheet, job.group_by)
    tally = tally_of(
        job.framework,
        date,
        [staged.sheet.columns[group].heading for group in groups],
        [role.id for role in roles],
        counts_of(staged, roles, job.detail.courses, groups),
        has_same_people=bool(job.roles),
    )
    done = SheetResult(
        sheet=staged.sheet,
        read=staged.read,
        scored=staged.scored,
        rejections=staged.rejections,
        team=team_of(tally),
        is_written=not (job.strict and staged.rejections),
    )
    if job.is_guarded or not job.has_names:
        done = done._replace(guarded=guarded_team_of(tally, job.min_group))
    if job.detail.is_summed_up:
        done = done._replace(sole_holders=holders(staged, done.team))
    return done._replace(report=_report(staged, job, done)) if job.is_reported else done


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


def _check_files(source: Path, job: Job, target: Target) -> None:
    """Raise UsageProblem before a file that is read, or holds fixed rows, is overwritten."""
    fixed = {f"--fixed {path}": path for path in job.sheet.fixed}
    check_files({"the sheet": source, **fixed}, target.files())
    if not fixed:
        check_rejects(target.rejects)


def check_rejects(path: Path | None) -> None:
    """Raise UsageProblem before rejected rows are overwritten that somebody has changed."""
    if path is None or is_special(path) or not is_there(path):
        return
    if holds_changes(path):
        raise UsageProblem(
            f"'{path}' contains rows that you changed; pass --fixed '{path}' to score them, or "
            "choose another file with --rejects"
        )


def open_sheet(source: Path, name: str, job: Job, folder: Path) -> Sheet:
    """Open the sheet at `source`, of which a copy may be made in `folder`."""
    check_sheet(source, name)
    source = _within_reach(source.resolve(), folder / "source")
    return open_people_sheet(source, job.framework, job.sheet, folder, name)


def _is_nameable(path: Path) -> bool:
    """Whether the engine, which knows names in UTF-8 alone, can open a file."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


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


def check_options(sheet: Sheet, job: Job) -> None:
    """Raise UsageProblem for options that do not fit the columns of a sheet."""
    if not job.framework.roles:
        raise no_roles(job.framework)
    if not job.roles and all(column.kind is not Kind.ROLE for column in sheet.columns):
        raise UsageProblem(
            f"no column is called 'target role' or 'role', {_read_as(sheet)}; name the role that "
            "everybody aims at with --role, or a column with --map and 'HEADING: role' "
            f"(roles: {', '.join(job.framework.roles)})"
        )
    _groups(sheet, job.group_by)


def _read_as(sheet: Sheet) -> str:
    """How a sheet was read, and what its columns are that are not known."""
    carried = [column.heading for column in sheet.columns if column.kind is Kind.CARRIED]
    # A heading that has the word is likelier than the others.
    carried.sort(key=lambda heading: "role" not in re.findall(r"\w+", fold_accents(heading)))
    shown = ", ".join(f"'{heading[:60]}'" for heading in carried[:MOST_HEADINGS])
    more = " …" if len(carried) > MOST_HEADINGS else ""
    others = f"its other columns are {shown}{more}" if carried else "it has no other columns"
    how = next(iter(sheet.remarks), "read as it is")
    return f"and the sheet was {how}: {others}"


def _groups(sheet: Sheet, headings: Sequence[str]) -> list[int]:
    """The indexes of the columns to group by. Raises UsageProblem."""
    return list(dict.fromkeys(_group(sheet, heading) for heading in headings))


def _group(sheet: Sheet, group_by: str) -> int:
    carried = {
        fold_accents(column.heading): (index, column.heading)
        for index, column in enumerate(sheet.columns)
        if column.kind is Kind.CARRIED
    }
    if fold_accents(group_by) in carried:
        return carried[fold_accents(group_by)][0]
    headings = [heading for _, heading in carried.values()]
    hint = nearest(group_by, headings) or f"columns to group by: {', '.join(headings) or 'none'}"
    kinds = {fold_accents(column.heading): column.kind for column in sheet.columns}
    kind = kinds.get(fold_accents(group_by))
    problem = (
        f"there is no column '{group_by}' to group by"
        if kind is None
        else f"'{group_by}' is a {kind} column, which cannot make groups"
    )
    raise UsageProblem(f"{problem}; {hint}")


# --- Between --------------------------------------------------------------------------------------


def read_rows(
    engine: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
) -> PeopleTable:
    """Read the rows of a sheet, and reject those that by themselves cannot be scored."""
    if sheet.layout is Layout.LONG:
        return stage_long(engine, sheet, framework)
    staged = reject_second_table(stage(engine, sheet, framework))
    return fill_in_names(reject_summary_rows(staged))


def _read(
    engine: duckdb.DuckDBPyConnection, sheet: Sheet, job: Job
) -> tuple[PeopleTable, list[ScoredRole]]:
    staged = read_rows(engine, sheet, job.framework)
    roles = [ScoredRole(role, "") for role in job.roles]
    if not roles:
        roles, staged = roles_in_rows(staged)
    if sheet.layout is Layout.WIDE:
        staged, roles = reject_repeated_people(staged, roles, job)
    return staged, roles


def reject_repeated_people(
    staged: PeopleTable, roles: list[ScoredRole], job: Job
) -> tuple[PeopleTable, list[ScoredRole]]:
    """Reject people who are in several rows, and return the roles that rows are left for."""
    once = reject_other_raters(reject_duplicates(staged, roles), roles)
    if once.scored < staged.scored and not job.roles:
        roles, once = roles_in_rows(once)
    return once, roles


def _report(staged: PeopleTable, job: Job, done: SheetResult) -> TeamReport:
    """What the page shows. Raises UsageProblem where groups are called as people are."""
    bands = tuple(band_facts(key, band) for key, band in job.framework.readiness.items())
    competences = {key: job.framework.shown_name(key) for key in job.framework.competences}
    if done.guarded is not None and not job.has_names:
        _check_group_names(staged, done.guarded)
        return TeamReport(bands, competences, done.read, done.scored, done.guarded)
    rejects = (located(done.sheet, reject) for reject in done.rejections.reasons())
    return TeamReport(
        bands=bands,
        competences=competences,
        read=done.read,
        scored=done.scored,
        team=done.team,
        named=NamedPeople(
            sheet=done.sheet.name,
            rejects=tuple(islice(rejects, MAX_REJECTS_SHOWN)),
            more_rejects=sum(1 for _ in rejects),
            people=everybody(staged, done.team),
            sole_holders=done.sole_holders,
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


# --- After ----------------------------------------------------------------------------------------


def _query(
    staged: PeopleTable, roles: Sequence[ScoredRole], job: Job, target: Target, date: datetime.date
) -> ResultsQuery:
    return ResultsQuery(
        staged,
        tuple(role.id for role in roles),
        job.detail,
        date,
        harmless_sql if target.output is SheetFormat.CSV and not job.raw else None,
        number=number_sql(target.output),
    )


def _write_results(
    query: ResultsQuery,
    target: Target,
    path: Path,
    folder: Path,
) -> None:
    # Results for a stream are a temporary file at first.
    to = target.results
    with blaming(to) if isinstance(to, Path) else blaming_temporary(folder):
        if target.output is SheetFormat.XLSX:
            write_workbook(path, "Results", result_rows(query), folder)
        else:
            write_results(query, path, target.output, folder / PIECE)


def _hand_over(written: Path, final: Path, target: Target) -> None:
    """Copy results to their target, unless they were written there."""
    if not isinstance(target.results, Path):
        with written.open("rb") as stream:
            shutil.copyfileobj(stream, target.results)
        target.results.flush()
        return
    with blaming(target.results):
        if is_special(target.results):
            _copy(written, target.results)
        elif final != written:
            _copy(written, final)


def _copy(written: Path, path: Path) -> None:
    """Copy a file, also into a pipe."""
    if not is_special(path):
        shutil.copyfile(written, path)
        return
    with written.open("rb") as stream, path.open("wb") as pipe:
        shutil.copyfileobj(stream, pipe)


def _write_rejects(
    staged: PeopleTable, target: Target, outputs: Outputs, folder: Path, *, raw: bool
) -> None:
    path = target.rejects
    # A rejects file of an earlier run would be mistaken for that of this run.
    if path is None or (not staged.rejections and not is_there(path)):
        return
    table = reject_rows(staged.sheet, staged.rejections)
    temporary = folder / "rejects"
    with blaming_temporary(folder):
        if path.suffix.casefold() == ".xlsx":
            write_workbook(temporary, "Rejected", table, folder)
        else:
            write_csv(temporary, table, raw=raw)
    with blaming(path):
        # Rejected rows are as confidential as results, so they get the same permissions.
        results = target.results if isinstance(target.results, Path) else None
        _copy(temporary, path if is_special(path) else outputs.add(path, like=results))
