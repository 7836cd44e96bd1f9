"""Identify files by type, and refuse those that belong to another command.

A framework passed as ratings is one mistake, and not a list of unknown and missing keys.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATING_HEADINGS,
    FitColumn,
    are_of_rejects,
)
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.names import fold
from pmo_path.readers.files import (
    PARQUET,
    ZIP,
    decode,
    is_self_scored,
    read_bytes,
    signature_of,
    unusable,
)
from pmo_path.readers.parsed import ParsedFile, json_document, yaml_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diagnostics import Path as DocumentPath


class FileType(StrEnum):
    """A type of file; its value is what messages call it."""

    RATINGS = "a ratings file"
    FRAMEWORK = "a framework"
    PEOPLE = "a sheet of people"
    REJECTS = "a sheet of rejected rows"
    WORKBOOK = "a workbook"
    PARQUET = "a Parquet table"
    PLAN = "a development plan"
    RESULT = "a result that pmo-path wrote"


_WHAT_TO_DO = {
    FileType.RATINGS: "give it to 'pmo-path assess'",
    FileType.FRAMEWORK: "pass it with --framework; 'pmo-path validate' checks it, and "
    "'pmo-path diff' compares two",
    FileType.PEOPLE: "give it to 'pmo-path batch'",
    FileType.REJECTS: "fix the rows and pass it to 'pmo-path batch' with --fixed, beside the sheet",
    FileType.WORKBOOK: "if it is a sheet of people, give it to 'pmo-path batch'",
    FileType.PARQUET: "if it is a sheet of people, give it to 'pmo-path batch'",
    FileType.PLAN: "give it to 'pmo-path plan', which makes it again; 'pmo-path validate' checks it",
    FileType.RESULT: "give the file that it was made of",
}


def _key_pattern(keys: Iterable[str]) -> re.Pattern[str]:
    """Matches what looks like one of the keys in a text that cannot be parsed."""
    return re.compile(rf"""(?:^|[{{,])\s*["']?(?:{"|".join(keys)})["']?\s*:""", re.MULTILINE)


_FRAMEWORK_KEYS = ("extends", "framework", "scale", "readiness", "domains", "roles", "training")
_FRAMEWORK_KEY = _key_pattern(("schema", *_FRAMEWORK_KEYS))
_RATINGS_KEYS = ("ratings", "person", "rater", "target")
_RATINGS_KEY = _key_pattern(_RATINGS_KEYS)
_DELIMITERS = ",;\t|"
_PERSON = "person"
_COMPETENCE, _RATING = frozenset(COMPETENCE_HEADINGS), frozenset(RATING_HEADINGS)
_OF_RESULTS = frozenset(FitColumn) - {FitColumn.MUST_HAVES_MISSING, FitColumn.TOP_GAPS}
"""The columns that brief results have too."""
_YAML = frozenset({".yaml", ".yml"})
_TABLES = frozenset({".csv", ".tsv", ".tab", ".xlsx"})


def identify(content: bytes, name: str, expected: FileType = FileType.RATINGS) -> IdentifiedFile:
    """The type of a file, by its signature, its name, its first line or its keys."""
    return IdentifiedFile(content, name, expected)


class IdentifiedFile:
    """The content of a file and its type; it is parsed when needed, and only once."""

    def __init__(self, content: bytes, name: str, expected: FileType) -> None:
        self.content, self.name, self.expected = content, name, expected
        self._suffix = PurePath(name).suffix.lower()

    @cached_property
    def type(self) -> FileType | None:
        """The type of the file, valid or not; None if it is unclear."""
        if self._binary_type is not None:
            return self._binary_type
        if self.is_table or isinstance(self._text, InputInvalid):
            return self._table_type
        document = self._parsed
        if isinstance(document, ParsedFile) and isinstance(document.data, Mapping):
            return _type_of_data(document.data)
        return self._table_type

    @cached_property
    def is_table(self) -> bool:
        """Whether a file that should hold ratings is a table or a workbook, not YAML or JSON."""
        if self.expected is FileType.FRAMEWORK:
            return False
        if self._suffix in _TABLES or self._binary_type in {FileType.WORKBOOK, FileType.RATINGS}:
            return True
        return self._suffix not in {*_YAML, ".json"} and self._table_type is not None

    @cached_property
    def is_self_scored(self) -> bool:
        """Whether it is a workbook with one person's answers that shows their result."""
        return is_self_scored(self.content)

    def document(self) -> ParsedFile:
        """The file's YAML or JSON. Raises InputInvalid, also for a file of another type."""
        refuse(self._binary_type, self.expected, self.name)
        document = self._parsed
        if not isinstance(document, ParsedFile) or not isinstance(document.data, Mapping):
            if not isinstance(self._text, InputInvalid):
                refuse(self._table_type, self.expected, self.name)
            if isinstance(document, InputInvalid):
                raise document
            return document
        file_type = _type_of_data(document.data)
        if file_type not in {None, self.expected}:
            finding = _wrong_type(file_type, self.expected, document.data)
            raise InputInvalid(document.diagnose([finding]))
        return document

    @property
    def may_be_framework(self) -> bool:
        """Whether a file with mistakes may be meant as a framework.

        In a text that cannot be parsed, a single key is enough; an empty file may be anything.
        """
        match self._parsed:
            case ParsedFile(data=Mapping() as data):
                is_other = _type_of_data(data) not in {None, FileType.FRAMEWORK}
                return not is_other and not data.keys().isdisjoint(_FRAMEWORK_KEYS)
            case InputInvalid(diagnostics=(first, *_)) if isinstance(self._text, str):
                is_empty = first.code == Code.EMPTY_FILE
                return is_empty or _FRAMEWORK_KEY.search(self._text) is not None
            case parsed:
                return isinstance(parsed, InputInvalid)

    @property
    def may_be_ratings(self) -> bool:
        """Whether a file with mistakes may be meant as ratings; a misspelt key is enough."""
        if self.is_self_scored:
            return True
        if self.is_table:
            return self._mentions_ratings(self._ascii)
        match self._parsed:
            case ParsedFile(data=Mapping() as data):
                return any(key in _RATINGS_KEYS or _is_nearly(str(key), "ratings") for key in data)
            case InputInvalid() if isinstance(self._text, str):
                return self._mentions_ratings(self._text)
            case parsed:
                return isinstance(parsed, InputInvalid)

    def _mentions_ratings(self, text: str) -> bool:
        has_word = _has_ratings_heading(text) or _RATINGS_KEY.search(text) is not None
        return has_word or not text.strip()

    @cached_property
    def _text(self) -> str | InputInvalid:
        try:
            return decode(self.content, self.name)
        except InputInvalid as error:
            return error

    @cached_property
    def _parsed(self) -> ParsedFile | InputInvalid:
        """The document; JSON by its name or first character, but a framework is always YAML."""
        text = self._text
        if isinstance(text, InputInvalid):
            return text
        is_yaml = self.expected is FileType.FRAMEWORK or self._suffix in _YAML
        is_json = not is_yaml and (self._suffix == ".json" or text.lstrip().startswith("{"))
        try:
            return (json_document if is_json else yaml_document)(text, self.name)
        except InputInvalid as error:
            return error

    @cached_property
    def _binary_type(self) -> FileType | None:
        signature = signature_of(self.content)
        if signature is ZIP and b"xl/workbook" in self.content:
            return FileType.RATINGS if self.is_self_scored else FileType.WORKBOOK
        return FileType.PARQUET if signature is PARQUET else None

    @cached_property
    def _table_type(self) -> FileType | None:
        return _type_of_table(self._ascii)

    @cached_property
    def _ascii(self) -> str:
        """The letters of ASCII in a text of any encoding, which are enough for the headings."""
        return self.content.replace(b"\0", b"").decode("ascii", "ignore")


def is_like_framework(data: Any) -> bool:
    """Whether data has keys of a framework, and not mostly others.

    One key among others is no proof: files of many programs have `roles` or `extends`.
    """
    if not isinstance(data, Mapping) or _type_of_data(data) not in {None, FileType.FRAMEWORK}:
        return False
    known = len(data.keys() & {"schema", *_FRAMEWORK_KEYS})
    others = len(data) - known
    return known >= max(1, others) and (known > 1 or not others)


class Aside(NamedTuple):
    """A file that is not ratings but was found beside them."""

    what: str
    """A description of what it is."""
    hint: str
    """The command that it belongs to, or what to do; empty if nothing needs doing."""


def beside_ratings(file: IdentifiedFile, problem: Diagnostic) -> Aside | None:
    """Describe a file that is not ratings; None if it is or may be meant as ratings.

    `problem` is the first one of reading it; of some tables, only the rows show what they are.
    """
    file_type = file.type
    if file_type in {None, FileType.RATINGS} and problem.code == Code.WRONG_FILE_TYPE:
        return Aside(problem.message, problem.hint)
    if file_type is FileType.RATINGS or (file_type is None and file.may_be_ratings):
        return None
    if file_type is None:
        hint = "name the file itself to have its mistakes listed"
        return Aside("nothing in it looks like ratings", hint)
    # The ratings that a result was made of are there as well, or belong elsewhere.
    hint = "" if file_type is FileType.RESULT else _WHAT_TO_DO[file_type]
    return Aside(f"{_this_is(file_type)}, not ratings", hint)


def check_sheet(path: Path, name: str) -> None:
    """Raises InputInvalid where the name of a sheet of people ends as that of YAML or JSON does.

    Nearly every text can be read as a table, and lines of YAML would be taken for rows.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in {*_YAML, ".json"}:
        return
    try:
        file_type = identify(read_bytes(path), name).type
    except InputInvalid:
        file_type = None
    refuse(file_type, FileType.PEOPLE, name)
    if file_type is None and suffix in _YAML:
        message = "this is YAML, not a table"
        raise unusable(Code.NOT_A_SHEET, name, message, "export it as .xlsx or CSV")


def refuse(file_type: FileType | None, expected: FileType, name: str) -> None:
    """Raise InputInvalid for a file that as a whole is of another type."""
    if file_type is not None and file_type is not expected:
        raise wrong_file(file_type, expected, name)


def wrong_file(file_type: FileType, expected: FileType, name: str) -> InputInvalid:
    """Return the error about a file of one type where another is expected."""
    message = f"{_this_is(file_type)}, not {expected}"
    return unusable(Code.WRONG_FILE_TYPE, name, message, _WHAT_TO_DO[file_type])


def _type_of_data(data: Mapping[Any, Any]) -> FileType | None:
    if "schema" in data and "reminder" in data:
        return FileType.RESULT
    if data.get("kind") == "plan":
        return FileType.PLAN
    if "ratings" in data:
        is_mixed = any(key in data for key in ("extends", "domains", "roles", "scale"))
        return None if is_mixed else FileType.RATINGS
    has_parts = any(isinstance(data.get(key), Mapping) for key in ("domains", "roles"))
    return FileType.FRAMEWORK if has_parts or "extends" in data else None


def _wrong_type(file_type: FileType, expected: FileType, data: Mapping[Any, Any]) -> Finding:
    """The finding for a document of another type, at the key that shows its type."""
    keys = {
        FileType.RATINGS: ("ratings",),
        FileType.FRAMEWORK: ("extends", "domains", "roles"),
        FileType.PLAN: ("kind",),
    }
    path: DocumentPath = next(((key,) for key in keys.get(file_type, ()) if key in data), ())
    message = f"{_this_is(file_type)}, not {expected}"
    hint = _WHAT_TO_DO[file_type]
    return Finding(Code.WRONG_FILE_TYPE, message, path, at_key=bool(path), hint=hint)


def _this_is(file_type: FileType) -> str:
    # A single heading is enough for a table.
    verb = "seems to be" if file_type is FileType.PEOPLE else "is"
    return f"this {verb} {file_type}"


def _is_nearly(word: str, expected: str) -> bool:
    """Whether one is a misspelling of the other, with hardly a letter wrong."""
    return bool(get_close_matches(word, [expected], cutoff=0.8))


# --- What the first line of a table shows ---------------------------------------------------------


def _type_of_table(text: str) -> FileType | None:
    """The type of a table as its headings show it; None where they name nothing known."""
    headers = dict(_headers(text))
    if any(map(are_of_rejects, headers.values())):
        return FileType.REJECTS
    if any(set(cells) >= _OF_RESULTS for cells in headers.values()):
        return FileType.RESULT
    folded = {delimiter: [*map(fold, cells)] for delimiter, cells in headers.items()}
    for delimiter, names in folded.items():
        if _COMPETENCE.intersection(names) and _RATING.intersection(names):
            is_of_many = _names_many_people(text, delimiter, names)
            return FileType.PEOPLE if is_of_many else FileType.RATINGS
    is_of_people = any(
        len(set(names)) > 1 and not set(names).isdisjoint(PERSON_HEADINGS)
        for names in folded.values()
    )
    return FileType.PEOPLE if is_of_people else None


def _names_many_people(text: str, delimiter: str, names: list[str]) -> bool:
    """Whether a table with a row for each rating names more than one person."""
    if _PERSON not in names:
        return False
    index = names.index(_PERSON)
    rows = csv.reader(text.lstrip().splitlines(keepends=True)[1:], delimiter=delimiter)
    with suppress(csv.Error):
        people = {fold(row[index]) for row in rows if len(row) > index}
        return len(people - {""}) > 1
    return False


def _has_ratings_heading(text: str) -> bool:
    """Whether a heading is that of the competence or of the rating."""
    return any(
        not (_COMPETENCE | _RATING).isdisjoint(map(fold, cells)) for _, cells in _headers(text)
    )


def _headers(text: str) -> Iterator[tuple[str, list[str]]]:
    """The cells of the first line that is not blank, for each delimiter that may separate them."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        with suppress(csv.Error):  # a line too long for a cell
            yield delimiter, next(csv.reader([line], delimiter=delimiter), [])
