"""Read a file that somebody sent back: ratings of a person, a sheet of people, or something else."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.assessment import target_role
from pmo_path.domain.codes import Code
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.ratings import SELF, show_rating
from pmo_path.domain.text import one_line
from pmo_path.readers.discovery import FoundFile
from pmo_path.readers.files import (
    DAMAGED_ZIP,
    PARQUET,
    ZIP,
    is_self_scored,
    not_read,
    opened,
    problem,
    read_bytes,
    signature_of,
)
from pmo_path.readers.filetype import FileType, beside_ratings, identify
from pmo_path.readers.ratings import ratings_document, read_ratings

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.readers.parsed import ParsedFile

DOCUMENTS = frozenset({".yaml", ".yml", ".json"})
_SHEETS = frozenset({".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet"})
_HEAD = 1 << 16
"""Bytes at the beginning of a file that show what it is."""
_RATINGS_KEY = re.compile(rb"""(?:^|[{,])\s*["']?ratings["']?\s*:""", re.MULTILINE)
_FIRST_PARTS = frozenset({"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"})
_OF_RESULTS = ("readiness_low", "scored_on", "content_hash")
"""Columns that no sheet has but the results of a run."""
_OF_NO_SHEET = frozenset({Code.WRONG_FILE_TYPE, Code.MISSING_KEY})
"""Mistakes of a table as a ratings file that say nothing about it as a sheet of people."""


class ReturnedAnswers(NamedTuple):
    """One person's ratings by one rater, as a row of a sheet has them."""

    person: str = ""
    rater: str = SELF
    date: str = ""
    """As in 2026-11-23, or empty."""
    role: str = ""
    """The id of the role to score against; empty where everybody has the same."""
    levels: Mapping[str, str] = {}
    """By id of the competence: a level, `n/a`, or an empty text."""


class ReturnedFile(NamedTuple):
    """What a file turned out to be: one of answers, a sheet, mistakes, or something else."""

    name: str
    answers: ReturnedAnswers | None = None
    """The ratings in it; of a file with mistakes, what is known of whose they are."""
    is_sheet: bool = False
    """Whether it is to be read as a sheet of people; `mistakes` are what it has as ratings."""
    mistakes: tuple[Diagnostic, ...] = ()
    """Why it is rejected."""
    other: str = ""
    """What it is, if it is skipped."""
    remarks: tuple[str, ...] = ()
    """How a table was read; not shown with --quiet."""
    notices: tuple[str, ...] = ()
    """Words that may mean no answer."""


class ReadingOptions(NamedTuple):
    """How files are read."""

    has_roles: bool = True
    """Whether each file says which role its person aims at."""
    has_map: bool = False
    """Whether a mapping says what the columns and cells of sheets mean."""
    latest_date: datetime.date | None = None
    """The last day that ratings may have: a slip in the year would make them the newest for ever."""


def other_by_name(file: FoundFile) -> ReturnedFile | None:
    """What a file in a folder is by the ending of its name alone; None if it has to be read."""
    name, suffix = str(file.path), file.path.suffix.lower()
    if not file.is_in_folder or file.fault is not None or suffix in DOCUMENTS | _SHEETS:
        return None
    return ReturnedFile(name, other=f"{suffix} file" if suffix else "file without an ending")


def read_returned_file(
    file: FoundFile, framework: Framework, options: ReadingOptions
) -> ReturnedFile:
    """Read a ratings file, or find out what else a file is.

    Of a file that can be no ratings, no more is read than its first bytes. What merely lies in
    a folder may be anything; what is named itself is rejected if it is no ratings and no sheet.
    """
    name, suffix = str(file.path), file.path.suffix.lower()
    try:
        file.check()
        head = _head(file)
        if signature_of(head) is PARQUET or (len(head) > _HEAD and suffix not in DOCUMENTS):
            is_workbook = signature_of(head) is ZIP
            if not is_workbook or file.path.stat().st_size > _MOST_OF_RATINGS:
                return _large_table(file, head)
        is_large = len(head) > _HEAD and suffix in DOCUMENTS
        if is_large and file.is_in_folder and not _RATINGS_KEY.search(head):
            return ReturnedFile(name, other="large file in which nothing looks like ratings")
        content = read_bytes(file.path) if len(head) > _HEAD else head
    except InputInvalid as error:
        return ReturnedFile(name, mistakes=error.diagnostics)
    return _Reading(file, content, framework, options).result()


_MOST_OF_RATINGS = 4 << 20
"""Bytes beyond which a workbook is taken for a sheet of people."""


def mentions_ratings(path: Path) -> bool:
    """Whether a file is a workbook that scores itself, or YAML or JSON that begins as ratings do."""
    try:
        if path.suffix.lower() not in DOCUMENTS:
            return path.is_file() and _is_self_scored(path)
        return path.is_file() and _RATINGS_KEY.search(_head(FoundFile(path))) is not None
    except (InputInvalid, OSError):  # reading it reports why
        return False


def _is_self_scored(path: Path) -> bool:
    is_small = path.stat().st_size <= _MOST_OF_RATINGS
    head = _head(FoundFile(path)) if is_small else b""
    return signature_of(head) is ZIP and is_self_scored(read_bytes(path))


def _head(file: FoundFile) -> bytes:
    """The first bytes of a file, one more than are looked at if there are more."""
    try:
        with opened(file.path) as stream:
            return stream.read(_HEAD + 1)
    except (OSError, ValueError) as error:
        raise not_read(str(file.path), error) from None


def _large_table(file: FoundFile, head: bytes) -> ReturnedFile:
    """A table with more rows than a person has ratings: a sheet, unless pmo-path wrote it."""
    name = str(file.path)
    if signature_of(head) not in {PARQUET, ZIP}:
        file_type = identify(head, name).type
        if file.is_in_folder and file_type in {FileType.RESULT, FileType.REJECTS}:
            return ReturnedFile(name, other=_without_article(file_type))
    return ReturnedFile(name, is_sheet=True)


def _without_article(what: str) -> str:
    return what.removeprefix("an ").removeprefix("a ")


class _Reading:
    def __init__(
        self, file: FoundFile, content: bytes, framework: Framework, options: ReadingOptions
    ) -> None:
        self._name, self._is_in_folder = str(file.path), file.is_in_folder
        self._framework, self._options = framework, options
        self._file = identify(content, self._name)
        self._document: ParsedFile | None = None

    def result(self) -> ReturnedFile:
        try:
            self._document = ratings_document(self._file, self._framework)
            if self._document.is_of_people:
                return ReturnedFile(self._name, is_sheet=True)
            read = read_ratings(self._document, self._framework).checked()
        except InputInvalid as error:
            return self._without_ratings(error)
        answers = self._answers(read.ratings)
        if self._options.has_roles and not answers.role:
            return ReturnedFile(self._name, answers, mistakes=(self._no_role(read.ratings),))
        latest = self._options.latest_date
        if latest is not None and read.ratings.date is not None and read.ratings.date > latest:
            # Whose they are does not matter: with this date, they would keep others from counting.
            return ReturnedFile(self._name, mistakes=(self._not_yet(read.ratings),))
        remarks = tuple(note for _, note in self._document.notes)
        notices = tuple(note for _, note in islice(read.notes(), len(remarks), None))
        return ReturnedFile(self._name, answers, remarks=remarks, notices=notices)

    def _answers(self, ratings: Ratings) -> ReturnedAnswers:
        levels = {
            competence: show_rating(rating.level) for competence, rating in ratings.ratings.items()
        }
        date = "" if ratings.date is None else ratings.date.isoformat()
        role = self._role(ratings) if self._options.has_roles else ""
        return ReturnedAnswers(
            one_line(ratings.person), one_line(ratings.rater), date, role, levels
        )

    def _role(self, ratings: Ratings) -> str:
        """The role to score against; empty where the file does not lead to one."""
        try:
            return target_role(self._framework, ratings)
        except UsageProblem:
            return ""

    def _no_role(self, ratings: Ratings) -> Diagnostic:
        held = self._framework.roles.get(ratings.role or "")
        ahead = (held.leads_to if held is not None else ()) or tuple(self._framework.roles)
        message = "the file does not name the role that the person aims at"
        where = "a column 'role'" if self._file.is_table else "'target'"
        hint = f"add {where} to the file, or pass --role with one of: {', '.join(ahead)}"
        if level := ratings.target_level:
            hint = f"pass --target-level {level}, for which the workbook was made"
        return problem(Code.ROW_UNKNOWN_ROLE, self._name, message, hint)

    def _not_yet(self, ratings: Ratings) -> Diagnostic:
        message = f"the ratings are of {ratings.date}, a day to come"
        return problem(Code.INVALID_VALUE, self._name, message, "correct 'date' in the file")

    def _without_ratings(self, error: InputInvalid) -> ReturnedFile:
        document, file_type = self._document, self._file.type
        is_other = file_type in {FileType.RESULT, FileType.REJECTS, FileType.FRAMEWORK}
        if self._file.is_table and not is_other and not self._file.is_self_scored:
            if document is None or self._options.has_map:
                return ReturnedFile(self._name, is_sheet=True, mistakes=error.diagnostics)
        elif self._is_in_folder:
            aside = beside_ratings(self._file, error.diagnostics[0])
            if aside is not None:
                return ReturnedFile(self._name, other=self._other(aside.what))
        return ReturnedFile(self._name, self._facts(), mistakes=error.diagnostics)

    def _other(self, what: str) -> str:
        return what if self._file.type is None else _without_article(self._file.type)

    def _facts(self) -> ReturnedAnswers | None:
        """Whose ratings a file with mistakes has, as far as that can be read."""
        data = self._document.data if self._document is not None else None
        if data is None and not self._file.is_table:
            try:
                data = self._file.document().data
            except InputInvalid:
                data = None
        if not isinstance(data, Mapping):
            return None
        role = data.get("target")
        known = self._framework.role_names.find(role) if isinstance(role, str) else None
        return ReturnedAnswers(
            person=_text(data.get("person")),
            rater=_text(data.get("rater")) or SELF,
            date=_date(data.get("date")),
            role=known or "",
        )


def _date(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    with suppress(ValueError):
        return datetime.date.fromisoformat(str(value)).isoformat()
    return ""


def _text(value: Any) -> str:
    return one_line(value) if isinstance(value, str) else ""


def is_workbook_of_results(path: Path) -> bool:
    """Whether a workbook begins with the headings of results."""
    text = b""
    with suppress(*DAMAGED_ZIP), zipfile.ZipFile(path) as archive:
        for part in _FIRST_PARTS & set(archive.namelist()):
            with archive.open(part) as stream:
                text += stream.read(_HEAD)
    return all(heading.encode() in text for heading in _OF_RESULTS)


def is_better_as_sheet(mistakes: tuple[Diagnostic, ...]) -> bool:
    """Whether what a table lacks as a ratings file says nothing about it."""
    return all(mistake.code in _OF_NO_SHEET for mistake in mistakes[:1])
