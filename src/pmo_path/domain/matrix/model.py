"""A matrix as it was read, what its columns hold, and the framework that comes of it."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


class ColumnMeaning(StrEnum):
    """What a column of a matrix holds, by the word for it in headings and mapping files."""

    COMPETENCE = "competence"
    ID = "id"
    DOMAIN = "domain"
    DOMAIN_ID = "domain id"
    GROUP = "group"
    DESCRIPTION = "description"
    ALIASES = "aliases"
    KEY = "key competence"
    SECOND_RATER = "second rater"
    URL = "url"
    BEHAVIOURS = "behaviours"
    EVIDENCE = "evidence"
    EXPOSURE = "exposure"
    LEVEL = "level"
    """The texts of a level."""
    BASELINE = "baseline"
    """Nothing: its heading names the baseline of the scale."""
    ROLE = "role"
    """The levels that a role requires, or texts about it."""
    EXPECTS = "expects"
    IMPORTANCE = "importance"
    MUST_HAVE = "must-have"
    OWN = "x-"
    """Data of the owner."""
    IGNORE = "ignore"


OF_ROLES = frozenset(
    {ColumnMeaning.ROLE, ColumnMeaning.EXPECTS, ColumnMeaning.IMPORTANCE, ColumnMeaning.MUST_HAVE}
)
SINGLE = (
    frozenset(ColumnMeaning)
    - OF_ROLES
    - {ColumnMeaning.LEVEL, ColumnMeaning.BASELINE, ColumnMeaning.OWN, ColumnMeaning.IGNORE}
)
"""What only one column can hold."""


class TakenBy(Enum):
    """Why a column was taken for what it is."""

    MAP = auto()
    HEADING = auto()
    POSITION = auto()
    """The first column of different texts, or one before it."""
    CELLS = auto()


class MatrixColumn(NamedTuple):
    """What a column holds."""

    position: int
    """Its index in a row."""
    heading: str
    meaning: ColumnMeaning
    by: TakenBy = TakenBy.HEADING
    name: str = ""
    """The name of the role or, of a level, its label."""
    id: str = ""
    """The id of the role, if the heading has one."""
    level: Decimal | None = None
    """The level whose texts it holds; of a role, the level that its texts stand for."""
    family: str = ""
    grade: str = ""
    is_level_too: bool = False
    """Whether the texts of a role describe the level that it requires."""
    key: str = ""
    """The `x-` key of data of the owner."""


class MatrixRow(NamedTuple):
    """A row below the headings."""

    line: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text of a cell, without spaces around it; empty beyond the end of the row."""
        return self.cells[index].strip() if index < len(self.cells) else ""

    @property
    def filled(self) -> list[int]:
        """The indexes of the cells that are not blank."""
        return [index for index, cell in enumerate(self.cells) if cell.strip()]

    @property
    def text(self) -> str:
        """The filled cells as one text."""
        return " | ".join(self.cell(index) for index in self.filled)


class MergedCells(NamedTuple):
    """A range of merged cells; rows count from 1, columns from 0, and both ends are in it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Matrix(NamedTuple):
    """A table as it was read."""

    name: str
    """Of the file, in messages."""
    rows: tuple[MatrixRow, ...]
    """All of them, titles and headings included, without blank ones."""
    title: str = ""
    """The name of a workbook's sheet."""
    merged: tuple[MergedCells, ...] = ()


class MatrixMap(NamedTuple):
    """What a mapping file says about a matrix."""

    columns: Mapping[str, MatrixColumn] = {}
    """What columns hold, by the folded heading."""
    values: Mapping[str, Decimal] = {}
    """The level that a cell means, by its folded text."""
    scale: Mapping[Decimal, str] = {}
    """The label of each level."""
    baseline: Decimal | None = None
    heading_line: int | None = None
    sheet: str | None = None
    framework: Mapping[str, str] = {}
    """The id, version and title of the framework."""


class ScaleSource(Enum):
    """Where the scale comes from."""

    MAP = auto()
    HEADINGS = auto()
    HEADING_WORDS = auto()
    """Words such as Beginner and Expert, numbered in the order of the headings."""
    NUMBERS = auto()
    """The lowest to the highest number in the cells."""
    CELL_LABELS = auto()
    """Numbers in the cells, each with the same label behind it everywhere."""
    CELL_WORDS = auto()
    """Words such as Beginner and Expert in the cells, numbered in their usual order."""
    NONE = auto()


class NoteKind(Enum):
    """What a reader should know of how a matrix was read."""

    ABOVE = auto()
    """A row above the headings."""
    CARRIED_DOWN = auto()
    """A blank domain or group was taken from the row above."""
    SECTION = auto()
    """A row with a heading alone."""
    TOTALS = auto()
    """A row of totals or means, which is not a competence."""
    CONTINUED = auto()
    """A row without a competence whose texts belong to the one above."""
    UNPLACED_ROW = auto()
    UNPLACED_CELL = auto()
    EMPTY_COLUMN = auto()
    IGNORED_COLUMN = auto()
    SAME_NAME = auto()
    """A competence or role with the name of another one."""
    NEW_ID = auto()
    """An id of the table that cannot be one."""
    NO_LEVEL = auto()
    """A role has texts about a competence, but no level."""
    LOWEST_LEVEL = auto()
    """A role requires the lowest level, which counts for nothing."""
    LOWEST_TEXTS = auto()
    """Competences describe the lowest level, from which scores count, and no role requires any."""
    UNUSED_MAPPING = auto()
    """A heading or a text in the mapping file that the table does not have."""


class MatrixNote(NamedTuple):
    """A note, with the line and the text that it is about."""

    kind: NoteKind
    line: int = 0
    text: str = ""
    cases: int = 1
    """The number of requirements that it is about."""


class MatrixReading(NamedTuple):
    """A framework read from a matrix, and how it was read."""

    matrix: Matrix
    heading_line: int
    columns: tuple[MatrixColumn, ...]
    scale_source: ScaleSource
    data: Mapping[str, Any]
    """The framework as a file holds it; what the table does not have is missing."""
    notes: tuple[MatrixNote, ...]
