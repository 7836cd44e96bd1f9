"""The steps from several sheets, ratings files and folders of both to results and rejected rows."""

from __future__ import annotations

import datetime
from collections import Counter
from contextlib import ExitStack
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.output_files import is_same_file
from pmo_path.app.returned_files import read_returned_files
from pmo_path.app.sheet_scoring import (
    SheetFiles,
    SheetResult,
    Staged,
    Target,
    open_sheet,
    read_rows,
    reading,
    reject_repeated_people,
    score_people,
)
from pmo_path.batch.engine import sealed, share_done
from pmo_path.batch.identity import identity_key
from pmo_path.batch.inputs_together import (
    RejectedFile,
    SheetPart,
    inputs_in,
    people_of_parts,
    set_aside,
    sheet_of_answers,
)
from pmo_path.batch.job import Job, check_options
from pmo_path.batch.people_sheet import SMALL_BYTES
from pmo_path.batch.rejections import keep_newest, roles_to_score
from pmo_path.batch.results import today
from pmo_path.batch.staging import stage
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import FitColumn
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import is_self
from pmo_path.domain.text import one_line
from pmo_path.readers.discovery import FoundFile, all_files
from pmo_path.readers.files import LONGEST, ZIP, signature_of
from pmo_path.readers.returned_files import (
    ReadingOptions,
    ReturnedAnswers,
    ReturnedFile,
    is_better_as_sheet,
    is_workbook_of_results,
)
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.sheet import InputName, Kind, Sheet, SheetOptions
from pmo_path.writers.atomic import Outputs
from pmo_path.writers.leftovers import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.progress import Progress

_OF_SOMETHING_ELSE = frozenset({Code.NO_RATING_COLUMN, Code.REJECTS_MISMATCH})
"""What is wrong with a table that is no sheet of people at all."""
_OF_RESULTS = frozenset(FitColumn) - {FitColumn.MUST_HAVES_MISSING, FitColumn.TOP_GAPS}
_OF_LONG_RESULTS = frozenset({"competence", "status", "required", "gap", "must_have_missing"})
_SKIPPED = ", and was skipped"
_RESULT = "result that pmo-path wrote"
_OUTPUT = "output of this run"
_FEW_FILES = 500
"""Files up to which planning a query takes longer than running it."""


class FileOutcome(StrEnum):
    """What became of a file."""

    SCORED = "scored"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class ScoredFile(NamedTuple):
    """A file, and what became of it."""

    name: str
    outcome: FileOutcome
    why: str = ""
    """What it is instead, if it is skipped."""
    mistakes: tuple[Diagnostic, ...] = ()
    """Why it is rejected, if that is for mistakes in it."""
    remarks: tuple[str, ...] = ()
    """How it was read; not shown with --quiet."""
    notices: tuple[str, ...] = ()
    """Notes that may affect figures; shown with --quiet too."""


class InputsResult(NamedTuple):
    """The scored people of several inputs, and what became of each file."""

    sheet: SheetResult
    files: tuple[ScoredFile, ...]

    def counts(self) -> Mapping[FileOutcome, int]:
        """How many files have each outcome; together, these are all that were found."""
        return Counter(file.outcome for file in self.files)


def score_inputs(
    names: Sequence[str], job: Job, target: Target, processes: int, progress: Progress
) -> InputsResult:
    """Score the people in all files that the names lead to.

    `processes` is how many may read ratings files, where there are many. A file that cannot be
    used is rejected, and the others are scored. Raises InputInvalid if none can be, UsageProblem
    if there is none, and what `score_sheet` raises.
    """
    kept, skipped = _sources(names, target)
    how = ReadingOptions(
        has_roles=not job.roles,
        has_map=bool(job.sheet.mapping or job.sheet.values),
        # Where a file was written, it may already be the next day.
        latest_date=max(today(), job.date or today()) + datetime.timedelta(days=1),
    )
    read = read_returned_files(kept, job.framework, how, processes, progress)
    title = names[0] if len(names) == 1 else f"{len(kept)} files"
    with ExitStack() as stack:
        folder = stack.enter_context(private_folder())
        run = _Run(one_line(title), job, folder, kept, read)
        run.open_sheets(progress)
        run.check_any(names)
        outputs = target.outputs or stack.enter_context(Outputs())
        files = SheetFiles.of(target, outputs, folder)
        answers = folder / "answers.csv"
        opened = [answers, *(sheet.path for sheet in run.sheets.values()), *files.of_engine()]
        size = sum(sheet.path.stat().st_size for sheet in run.sheets.values())
        engine = stack.enter_context(
            sealed(
                folder,
                opened,
                len(job.framework.competences),
                is_small=size < SMALL_BYTES and len(read) < _FEW_FILES,
            )
        )
        progress("Reading", partial(share_done, engine))
        staged = run.staged(engine, answers)
        scored = inputs_in(staged.people)
        sheet = score_people(staged, job, files, progress)
    files_of_run = [*run.outcomes(scored, staged), *skipped]
    return InputsResult(sheet, tuple(sorted(files_of_run, key=lambda file: file.name)))


def _sources(names: Sequence[str], target: Target) -> tuple[list[FoundFile], list[ScoredFile]]:
    """The files to score, and those that are skipped unread."""
    inputs = all_files(names)
    skipped = [(path, why.removesuffix(_SKIPPED)) for path, why in inputs.notes]
    kept = []
    for file in inputs.files:
        outputs = target.files().values() if file.is_in_folder else ()
        if any(is_same_file(file.path, path) for path in outputs):
            skipped.append((file.path, _OUTPUT))
        else:
            kept.append(file)
    return kept, [
        ScoredFile(one_line(str(path)), FileOutcome.SKIPPED, why) for path, why in skipped
    ]


class _Run:
    """The files of a run: what each holds, and its sheet if it is one."""

    def __init__(
        self,
        title: str,
        job: Job,
        folder: Path,
        sources: Sequence[FoundFile],
        read: Sequence[ReturnedFile],
    ) -> None:
        self._title, self._job, self._folder = title, job, folder
        self._sources, self._read = sources, list(read)
        self.sheets: dict[int, Sheet] = {}
        """The sheets by the number of their file."""

    def open_sheets(self, progress: Progress) -> None:
        """Sniff each sheet, and copy it for the engine."""
        progress("Reading sheets", None)
        for number, file in enumerate(self._read):
            if file.is_sheet:
                self._open_sheet(number, file)

    def _open_sheet(self, number: int, file: ReturnedFile) -> None:
        source = self._sources[number]
        folder = self._folder / f"sheet-{number}"
        folder.mkdir()
        try:
            with reading(file.name, folder):
                job = self._job._replace(sheet=_fitting(self._job.sheet, source.path))
                sheet = open_sheet(source.path, file.name, job, folder)
        except InputInvalid as error:
            self._read[number] = _unopened(source, file, error.diagnostics)
            return
        if _is_of_results(sheet.input_headings):
            self._read[number] = ReturnedFile(file.name, other=_RESULT)
        else:
            self.sheets[number] = sheet

    def check_any(self, names: Sequence[str]) -> None:
        """Raise UsageProblem if no file is for `batch`, and InputInvalid if none can be used."""
        if self.sheets or any(file.answers and not file.mistakes for file in self._read):
            return
        mistakes = tuple(mistake for file in self._read for mistake in file.mistakes)
        if mistakes:
            raise InputInvalid(mistakes)
        listed = ", ".join(f"'{name}'" for name in names)
        raise UsageProblem(f"there is neither a sheet of people nor a ratings file in {listed}")

    def staged(self, engine: duckdb.DuckDBPyConnection, answers: Path) -> Staged:
        """The people of all files in one table, each once for a role and rater."""
        parts = list(self._parts(engine, answers))
        rejected = [
            RejectedFile(number, file.mistakes, self._claimed(file))
            for number, file in enumerate(self._read)
            if file.mistakes and number not in self.sheets
        ]
        people = people_of_parts(engine, self._job.framework, parts, rejected, self._sheet(parts))
        check_options(people.sheet, self._job)
        roles, people = roles_to_score(people, self._job.roles)
        people, older = keep_newest(people, roles)
        roles, people = reject_repeated_people(people, roles, self._job)
        return Staged(people, roles, older)

    def _parts(self, engine: duckdb.DuckDBPyConnection, answers: Path) -> Iterator[SheetPart]:
        rated = {
            number: file.answers
            for number, file in enumerate(self._read)
            if file.answers is not None and not file.mistakes
        }
        framework = self._job.framework
        if rated:
            sheet = sheet_of_answers(rated, framework, answers, has_raters=self._has_raters())
            yield set_aside(stage(engine, sheet, framework), sheet.columns, None)
        for number, sheet in self.sheets.items():
            with reading(sheet.name, self._folder):
                staged = read_rows(engine, sheet, framework)
            self.sheets[number] = staged.sheet
            yield set_aside(staged, sheet.columns, number)

    def _has_raters(self) -> bool:
        """Whether anybody rates others; in files of self-ratings alone, nobody is to be combined."""
        return any(
            column.kind is Kind.RATER for sheet in self.sheets.values() for column in sheet.columns
        ) or any(file.answers and not is_self(file.answers.rater) for file in self._read)

    def _claimed(self, file: ReturnedFile) -> ReturnedAnswers | None:
        """Whose ratings a rejected file has; None if a newer file of theirs counts anyway."""
        claimed = file.answers
        if claimed is None or not claimed.date:
            return claimed
        newest = max(
            (
                other.answers.date
                for other in self._read
                if other.answers and not other.mistakes and _is_same(other.answers, claimed)
            ),
            default="",
        )
        return None if newest > claimed.date else claimed

    def _sheet(self, parts: Sequence[SheetPart]) -> Sheet:
        names = [
            InputName(
                one_line(file.name), self.sheets[number].title if number in self.sheets else ""
            )
            for number, file in enumerate(self._read)
        ]
        return Sheet(
            name=self._title,
            names=Names(self._job.framework, {}),
            columns=(),
            input_headings=(),
            layout=Layout.WIDE,
            is_copy=True,
            is_small=all(part.staged.sheet.is_small for part in parts if part.number is not None),
            inputs=tuple(names),
        )

    def outcomes(self, scored: set[int], staged: Staged) -> Iterator[ScoredFile]:
        """What became of each file; `scored` are the numbers of those with rows that count."""
        older = {row.origin.file: row for row in staged.older}
        rejected = {
            staged.people.sheet.origin(row.line).file for row in staged.people.rejections.rows()
        }
        for number, file in enumerate(self._read):
            name = one_line(file.name)
            sheet = self.sheets.get(number)
            outcome, why = FileOutcome.REJECTED, ""
            if number in scored:
                outcome = FileOutcome.SCORED
            elif file.other:
                outcome, why = FileOutcome.SKIPPED, file.other
            elif name in older and name not in rejected:
                outcome = FileOutcome.SKIPPED
                why = older[name].why
            elif sheet is not None and name not in rejected:
                outcome, why = FileOutcome.SKIPPED, "sheet without rows"
            yield ScoredFile(
                name,
                outcome,
                why,
                file.mistakes if sheet is None else (),
                (file if sheet is None else sheet).remarks,
                (file if sheet is None else sheet).notices,
            )


def _is_same(answers: ReturnedAnswers, others: ReturnedAnswers) -> bool:
    """Whether both are ratings of the same person by the same rater, for a role if it is known."""
    return (
        identity_key(answers.person) == identity_key(others.person)
        and identity_key(answers.rater) == identity_key(others.rater)
        and (answers.role == others.role or not (answers.role and others.role))
    )


def _unopened(
    source: FoundFile, file: ReturnedFile, mistakes: tuple[Diagnostic, ...]
) -> ReturnedFile:
    """What a table is that cannot be read as a sheet of people, for these mistakes."""
    if source.is_in_folder and mistakes[0].code in _OF_SOMETHING_ELSE:
        return ReturnedFile(file.name, other="table that is not a sheet of people")
    if source.is_in_folder and is_workbook_of_results(source.path):
        return ReturnedFile(file.name, other=_RESULT)
    if file.mistakes and not is_better_as_sheet(file.mistakes):
        mistakes = file.mistakes
    return ReturnedFile(file.name, mistakes=mistakes)


def _fitting(options: SheetOptions, path: Path) -> SheetOptions:
    """The options of a sheet without those that are for another type of file."""
    with path.open("rb") as stream:
        signature = signature_of(stream.read(LONGEST))
    if signature is not None:
        options = options._replace(encoding=None, delimiter=None)
    if signature is not ZIP:
        options = options._replace(sheet=None)
    return options._replace(has_lines=True)


def _is_of_results(headings: Iterable[str]) -> bool:
    """Whether a table is what `batch` wrote."""
    known = set(headings)
    return known >= _OF_RESULTS or known >= _OF_LONG_RESULTS
