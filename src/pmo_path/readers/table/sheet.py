"""A sniffed table: its options, columns and file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATER_HEADINGS,
    RATING_HEADINGS,
    ROLE_HEADINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.options import Layout
    from pmo_path.readers.table.competence_names import Names
    from pmo_path.readers.table.rejected_rows import Rejections

CARRY = "carry"
"""The meaning in a mapping of a column, or of a competence in a long sheet, to carry over."""


class Kind(StrEnum):
    """What a column of a sheet holds."""

    PERSON = "person"
    ROLE = "role"
    """The role that the person of this row aims at."""
    RATER = "rater"
    RATING = "rating"
    """In a wide sheet: the ratings in one competence. In a long one: the rating of the row."""
    COMPETENCE = "competence"
    """In a long sheet: which competence the row rates."""
    DOMAIN = "domain"
    """In a long sheet: the domain of the competence, which distinguishes competences with one name."""
    ORIGIN = "origin"
    """Of several inputs together: the file or sheet that the row comes from."""
    CARRIED = "carried"
    """Anything else: it goes to the results as it came."""


class Column(NamedTuple):
    """One column, in the order of the sheet."""

    heading: str
    """As the sheet has it, on one line; made unique where two are alike, `column 4` where none."""
    kind: Kind
    competence: str = ""
    """In a wide sheet, the id of the competence that it rates."""


def of_kind(columns: Iterable[Column], kind: Kind) -> list[int]:
    """The indices of the columns of a kind."""
    return [index for index, column in enumerate(columns) if column.kind is kind]


def few(texts: Sequence[str], most: int) -> str:
    """The first texts, and how many more there are."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more:,} more" if more > 0 else "")


class Replaced(NamedTuple):
    """A row of the sheet for which there is a row in a rejects file."""

    hash: str
    """The hash of the row in the sheet."""
    cells: tuple[str, ...] | None = None
    """What takes its place; None where nothing was fixed."""


_LINE_BITS = 40
"""Bits for the line in a number that holds the input of a row as well."""


class InputName(NamedTuple):
    """One of several inputs, as results and messages call it."""

    file: str
    sheet: str = ""
    """The sheet of a workbook."""


class Origin(NamedTuple):
    """Where a row comes from."""

    file: str
    sheet: str
    """The sheet of a workbook; else empty."""
    line: int
    """The line in the file; 0 where a row is a file as a whole."""

    def shown(self) -> str:
        """As in messages: `people.csv:3`."""
        return f"{self.file}:{self.line}" if self.line else self.file


def line_of_input(number: int, line: int) -> int:
    """The line of a row of the input with this number, from 0, among those of all inputs."""
    return (number << _LINE_BITS) + line


def input_of_line_sql(line: str) -> str:
    """SQL for the number of the input of a row, by its line among those of all inputs."""
    return f"({line} >> {_LINE_BITS})"


class SheetOptions(NamedTuple):
    """What the person specified about a table; the rest is sniffed."""

    encoding: str | None = None
    delimiter: str | None = None
    layout: Layout | None = None
    sheet: str | None = None
    """The sheet of a workbook."""
    heading_line: int | None = None
    mapping: Mapping[str, str] = {}
    """By heading, or by competence as a long sheet calls it: what it holds."""
    values: Mapping[str, Meaning] = {}
    """What translated cells with ratings mean, by their text."""
    has_roles: bool = True
    """Whether a column may name the role of each row."""
    fixed: tuple[Path, ...] = ()
    """Rejects files whose rows replace those of the sheet; of the same row, the last one counts."""
    is_ratings_file: bool = False
    """Whether the table is to hold the ratings of one person, who need not be named in it."""
    has_lines: bool = False
    """Whether rows are copied with their lines, even where the engine could read the file."""


class Sheet(NamedTuple):
    """A table with known columns, and the file with its rows for the engine.

    The file at `path` is UTF-8 with one kind of line end and, unless `quoted`, one record a line.
    It is the input itself if that is clean enough, else a private copy: each record has the line
    number of the input in its first field, then one field for each column.
    """

    name: str
    """The name of the input in messages."""
    names: Names
    """The names that competences may have in it."""
    columns: tuple[Column, ...]
    input_headings: tuple[str, ...]
    """The headings of the input, in its order."""
    layout: Layout
    path: Path = Path()
    delimiter: str = ","
    title: str = ""
    """The name of the sheet of a workbook."""
    is_copy: bool = False
    """Whether `path` is a private copy, with the line of the input in its first field."""
    quoted: bool = False
    """Whether fields may be in double quotes."""
    crlf: bool = False
    """Whether lines end with CR and LF."""
    skip: int = 0
    """How many lines of `path` come before the first row."""
    rejections: Rejections | None = None
    """Rows that were already rejected while copying; they are not in the copy."""
    shifted: tuple[int, ...] = ()
    """Lines of rows in a private copy whose cells may belong to other columns."""
    below_blank: tuple[int, ...] = ()
    """Lines of rows below a blank one whose ratings are all words, levels or not."""
    replaced: Mapping[int, Replaced] = {}
    """The rows that fixed rows take the place of, by line."""
    sample: frozenset[str] = frozenset()
    """Texts that were seen in rating columns, as they are spelt."""
    values: Mapping[str, Meaning] = {}
    """The meanings of translated rating cells, by text."""
    heading_line: int = 0
    """The line of the headings; 0 where a file has them apart from its rows."""
    unnamed: tuple[int, ...] = ()
    """Carried columns without a heading, by index, whose further rows may hold ratings."""
    is_small: bool = False
    """Whether its file is so small that planning takes longer than work."""
    remarks: tuple[str, ...] = ()
    """How the sheet was read: the separator, the encoding, skipped lines; not shown with --quiet."""
    notices: tuple[str, ...] = ()
    """Notes that may affect figures and only a person can judge; shown with --quiet too."""
    inputs: tuple[InputName, ...] = ()
    """The inputs whose rows are together here; empty for the rows of a single sheet.

    Lines are then those of `line_of_input`.
    """

    def indexes(self, *kinds: Kind) -> list[int]:
        """The indexes of the columns of these kinds, in order."""
        return [index for index, column in enumerate(self.columns) if column.kind in kinds]

    def column_index(self, kind: Kind) -> int | None:
        """The index of the first column of this kind, or None."""
        return next(iter(self.indexes(kind)), None)

    def origin(self, line: int) -> Origin:
        """Where the row at a line comes from."""
        if not self.inputs:
            return Origin(self.name, self.title, line)
        file, sheet = self.inputs[line >> _LINE_BITS]
        return Origin(file, sheet, line & ((1 << _LINE_BITS) - 1))

    def line_shown(self, line: int) -> str:
        """A line as reasons call it: `line 3`, and of several inputs `people.csv:3`."""
        return self.origin(line).shown() if self.inputs else f"line {line}"


KNOWN_HEADINGS = {
    Kind.PERSON: PERSON_HEADINGS,
    Kind.ROLE: ROLE_HEADINGS,
    Kind.RATER: RATER_HEADINGS,
    Kind.COMPETENCE: COMPETENCE_HEADINGS,
    Kind.RATING: RATING_HEADINGS,
}
"""Labels of the kinds of columns other than competences."""
