"""What kind of file a file is, and the words for it where another kind was asked for.

People have several kinds of files around pmo-path, and each belongs to another command. To list
all that keeps a framework from being ratings would help nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.files import decode, read_bytes, unreadable
from pmo_path.readers.parsed import Document, json_document, yaml_document
from pmo_path.readers.table.first_line import (
    has_ratings_heading,
    is_like_people,
    is_like_ratings,
    is_like_rejects,
    is_like_results,
    rates_many_people,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pmo_path.domain.diagnostics import Path as DocumentPath


def _a_key_of(keys: Iterable[str]) -> re.Pattern[str]:
    """What looks like one of the keys in a text that cannot be parsed."""
    return re.compile(rf"""(?:^|[{{,])\s*["']?(?:{"|".join(keys)})["']?\s*:""", re.MULTILINE)


_FRAMEWORK_KEYS = ("extends", "framework", "scale", "readiness", "domains", "roles", "training")
_FRAMEWORK_KEY = _a_key_of(("schema", *_FRAMEWORK_KEYS))
_RATINGS_KEYS = ("ratings", "person", "rater", "target")
_RATINGS_KEY = _a_key_of(_RATINGS_KEYS)
_YAML = frozenset({".yaml", ".yml"})
_TABLES = frozenset({".csv", ".tsv", ".tab", ".xlsx"})


class Kind(StrEnum):
    """A kind of file, in the words for it."""

    RATINGS = "a ratings file"
    FRAMEWORK = "a framework"
    PEOPLE = "a sheet of people"
    REJECTS = "a sheet of rejected rows"
    WORKBOOK = "a workbook"
    PARQUET = "a Parquet table"
    RESULT = "a result that pmo-path wrote"


_WHAT_TO_DO = {
    Kind.RATINGS: "give it to 'pmo-path assess'",
    Kind.FRAMEWORK: "pass it with --framework; 'pmo-path validate' checks it, and 'pmo-path diff' "
    "compares two",
    Kind.PEOPLE: "give it to 'pmo-path batch'",
    Kind.REJECTS: "fix the rows and pass it to 'pmo-path batch' with --fixed, beside the sheet",
    Kind.WORKBOOK: "if it is a sheet of people, give it to 'pmo-path batch'",
    Kind.PARQUET: "if it is a sheet of people, give it to 'pmo-path batch'",
    Kind.RESULT: "give the file that it was made of",
}


def read_as(wanted: Kind, content: bytes, name: str) -> Document:
    """The YAML or JSON in the bytes of a file that is to be a framework or ratings.

    Raises InputInvalid when it cannot be read, or plainly is of another kind.
    """
    refuse(_kind_of_bytes(content), wanted, name)
    text = decode(content, name)
    try:
        document = _document(wanted, text, name)
    except InputInvalid:
        refuse(_kind_of_table(text), wanted, name)
        raise
    data = document.data
    if not isinstance(data, Mapping):
        refuse(_kind_of_table(text), wanted, name)
        return document
    kind = _kind_of_data(data)
    if kind not in {None, wanted}:
        raise InputInvalid(document.diagnose([_finding(kind, wanted, data)]))
    return document


def is_table(content: bytes, name: str) -> bool:
    """Whether a file that is to hold ratings is text in columns or a workbook, not YAML or JSON."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _TABLES or _kind_of_bytes(content) is Kind.WORKBOOK:
        return True
    return suffix not in {*_YAML, ".json"} and _kind_of_table(_ascii_of(content)) is not None


def kind_of(content: bytes, name: str) -> Kind | None:
    """What a file plainly is, whether or not it is right; None where that cannot be told."""
    if is_table(content, name):
        return _kind_of_bytes(content) or _kind_of_table(_ascii_of(content))
    try:
        text = decode(content, name)
    except InputInvalid:
        return _kind_of_bytes(content) or _kind_of_table(_ascii_of(content))
    try:
        data = _document(Kind.RATINGS, text, name).data
    except InputInvalid:
        return _kind_of_table(text)
    return _kind_of_data(data) if isinstance(data, Mapping) else _kind_of_table(text)


def may_be_framework(content: bytes, name: str) -> bool:
    """Whether a file with mistakes may be meant as a framework: no, where nothing speaks for it.

    Of a text that cannot be parsed, single words speak; an empty file may have been anything.
    """
    try:
        text = decode(content, name)
    except InputInvalid:
        return True
    try:
        data = yaml_document(text, name).data
    except InputInvalid as error:
        is_empty = error.diagnostics[0].code == Code.EMPTY_FILE
        return is_empty or _FRAMEWORK_KEY.search(text) is not None
    if not isinstance(data, Mapping) or _kind_of_data(data) not in {None, Kind.FRAMEWORK}:
        return False
    return not data.keys().isdisjoint(_FRAMEWORK_KEYS)


def is_like_framework(data: Any) -> bool:
    """Whether data has keys of a framework, and not mostly others.

    One key among others is no proof: files of many programs have `roles` or `extends`.
    """
    if not isinstance(data, Mapping) or _kind_of_data(data) not in {None, Kind.FRAMEWORK}:
        return False
    known = len(data.keys() & {"schema", *_FRAMEWORK_KEYS})
    others = len(data) - known
    return known >= max(1, others) and (known > 1 or not others)


class Aside(NamedTuple):
    """What a file is that merely lies beside ratings."""

    what: str
    """In words."""
    hint: str
    """Where it belongs, or what to do; empty where there is nothing to do."""


def beside_ratings(content: bytes, name: str) -> Aside | None:
    """What a file is that is no ratings; None where it is, or where it may be meant as such."""
    kind = kind_of(content, name)
    if kind is Kind.RATINGS:
        return None
    if kind is not None:
        # What a result was made of is no ratings file either, or lies beside it.
        hint = "" if kind is Kind.RESULT else _WHAT_TO_DO[kind]
        return Aside(f"{_seen(kind)}, not ratings", hint)
    if _may_be_ratings(content, name):
        return None
    hint = "name the file itself to have its mistakes listed"
    return Aside("nothing in it looks like ratings", hint)


def _may_be_ratings(content: bytes, name: str) -> bool:
    """As `may_be_framework`; a misspelt key or heading speaks for ratings too."""
    if is_table(content, name):
        return _speaks_of_ratings(_ascii_of(content))
    try:
        text = decode(content, name)
    except InputInvalid:
        return True
    try:
        data = _document(Kind.RATINGS, text, name).data
    except InputInvalid:
        return _speaks_of_ratings(text)
    if not isinstance(data, Mapping):
        return False
    return any(key in _RATINGS_KEYS or _is_nearly(str(key), "ratings") for key in data)


def _speaks_of_ratings(text: str) -> bool:
    """Whether a text with mistakes has a word that ratings have, or is empty."""
    has_word = has_ratings_heading(text) or _RATINGS_KEY.search(text) is not None
    return has_word or not text.strip()


def _is_nearly(word: str, wanted: str) -> bool:
    """Whether one is a misspelling of the other, with hardly a letter wrong."""
    return bool(get_close_matches(word, [wanted], cutoff=0.8))


def check_sheet(path: Path, name: str) -> None:
    """Raises InputInvalid where a file that is to be a sheet of people ends as none does.

    Nearly every text can be read as a table, and lines of YAML would be taken for rows.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in {*_YAML, ".json"}:
        return
    kind: Kind | None = None
    with suppress(InputInvalid):
        kind = kind_of(read_bytes(path), name)
    refuse(kind, Kind.PEOPLE, name)
    if kind is None and suffix in _YAML:
        raise unreadable(
            name, "this is YAML, not a table", "export it as .xlsx or CSV", Code.NOT_A_SHEET
        )


def _document(wanted: Kind, text: str, name: str) -> Document:
    """Told by the ending of the name, else by the text; a framework is YAML, or JSON read as such."""
    suffix = PurePath(name).suffix.lower()
    if wanted is Kind.FRAMEWORK or suffix in _YAML:
        return yaml_document(text, name)
    is_json = suffix == ".json" or text.lstrip().startswith("{")
    return json_document(text, name) if is_json else yaml_document(text, name)


def _kind_of_bytes(content: bytes) -> Kind | None:
    if content.startswith(b"PK\x03\x04") and b"xl/workbook" in content:
        return Kind.WORKBOOK
    return Kind.PARQUET if content.startswith(b"PAR1") else None


def _ascii_of(content: bytes) -> str:
    """The letters of ASCII in a text of any encoding, which tell the headings of a table."""
    return content.replace(b"\0", b"").decode("ascii", "ignore")


def _kind_of_table(text: str) -> Kind | None:
    if is_like_rejects(text):
        return Kind.REJECTS
    if is_like_results(text):
        return Kind.RESULT
    if is_like_ratings(text):
        return Kind.PEOPLE if rates_many_people(text) else Kind.RATINGS
    return Kind.PEOPLE if is_like_people(text) else None


def _kind_of_data(data: Mapping[Any, Any]) -> Kind | None:
    if "schema" in data and "reminder" in data:
        return Kind.RESULT
    if "ratings" in data:
        is_mixed = any(key in data for key in ("extends", "domains", "roles", "scale"))
        return None if is_mixed else Kind.RATINGS
    has_parts = any(isinstance(data.get(key), Mapping) for key in ("domains", "roles"))
    return Kind.FRAMEWORK if has_parts or "extends" in data else None


def refuse(kind: Kind | None, wanted: Kind, name: str) -> None:
    """Raise InputInvalid for a file that is of another kind as a whole."""
    if kind is not None and kind is not wanted:
        raise unreadable(name, _words(kind, wanted), _WHAT_TO_DO[kind], Code.WRONG_FILE_TYPE)


def _finding(kind: Kind, wanted: Kind, data: Mapping[Any, Any]) -> Finding:
    """The same for a document, at the key that tells what it is."""
    telling = {Kind.RATINGS: ("ratings",), Kind.FRAMEWORK: ("extends", "domains", "roles")}
    path: DocumentPath = next(((key,) for key in telling.get(kind, ()) if key in data), ())
    hint = _WHAT_TO_DO[kind]
    return Finding(Code.WRONG_FILE_TYPE, _words(kind, wanted), path, at_key=bool(path), hint=hint)


def _words(kind: Kind, wanted: Kind) -> str:
    return f"{_seen(kind)}, not {wanted}"


def _seen(kind: Kind) -> str:
    # A table is told by a single heading.
    verb = "seems to be" if kind is Kind.PEOPLE else "is"
    return f"this {verb} {kind}"
