"""Split text into records with their line numbers, and find its delimiter."""

from __future__ import annotations

import csv
from collections import Counter, deque
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_GIVEN_BACK, MAX_GIVEN_BACK_TEXT, MAX_LINE, MAX_LINES
from pmo_path.readers.files import unusable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from pmo_path.domain.errors import InputInvalid

UNCLOSED = "a quote is not closed, or has text behind it"
_MAX_FIELD = 2**31 - 1


class Record(NamedTuple):
    """A row of the input, unchanged."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]
    fault: str = ""
    """The reason why it cannot be split into cells; its single cell is then the whole line."""

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds more than spaces."""
        return not any(cell.strip() for cell in self.cells)

    def cell(self, index: int) -> str:
        """The text of a cell without spaces around it; empty where the row is too short."""
        return self.cells[index].strip() if index < len(self.cells) else ""


def lines_of(stream: TextIO, name: str) -> Iterator[str]:
    """The lines of a file, with their line ends. Raises InputInvalid for one that is too long."""
    for number, line in enumerate(iter(partial(stream.readline, MAX_LINE + 1), ""), 1):
        if len(line) > MAX_LINE:
            raise too_long(name, number)
        yield line


def too_long(name: str, line: int) -> InputInvalid:
    """The error for a line too long for a table."""
    message = f"a line has more than {MAX_LINE:,} characters"
    return unusable(Code.TOO_LARGE, name, message, "is it a table? export it again", line)


def records_of(lines: Iterable[str], delimiter: str, name: str = "") -> Iterator[Record]:
    """The records of a file's lines, which keep their line ends.

    A stray quote does not swallow the rows below it: its line becomes a record with a fault, and
    the lines after it are read as rows. Raises InputInvalid,
    with the `name` of the file, where there are too many such quotes.
    """
    csv.field_size_limit(_MAX_FIELD)
    source = _Lines(lines, name)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        line = source.next_number
        try:
            cells = next(reader, None)
        except csv.Error:
            first = source.give_back_all_but_first()
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            yield Record(line, [first.rstrip("\r\n")], UNCLOSED)
            continue
        if cells is None:
            return
        source.forget()
        yield Record(line, cells)


class _Lines:
    """Lines that can be put back as far as the last complete record."""

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._lines, self._name = iter(lines), name
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._length = 0
        self._given_back = self._given_back_text = 0
        self.next_number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MAX_LINES or self._length > MAX_LINE:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self._taken.append(line)
        self._length += len(line)
        self.next_number += 1
        return line

    def forget(self) -> None:
        self._taken = []
        self._length = 0

    def give_back_all_but_first(self) -> str:
        first, *others = self._taken
        self._waiting.extendleft(reversed(others))
        self.next_number -= len(others)
        self._given_back += len(others)
        self._given_back_text += self._length - len(first)
        if (
            self._given_back > MAX_GIVEN_BACK or self._given_back_text > MAX_GIVEN_BACK_TEXT
        ):  # each quote would cost as much as hundreds of rows
            line = self.next_number - 1
            message = "in very many rows a quote is not closed, or has text behind it"
            raise unusable(Code.TOO_LARGE, self._name, message, "export the sheet again", line)
        self.forget()
        return first


CANDIDATES = {
    ",": "comma-separated",
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "pipe-separated",
}
RARE = {
    "^": "caret-separated",
    "~": "tilde-separated",
    ":": "colon-separated",
    " ": "space-separated",
}
"""Candidates that also occur in texts; tried if none of the others gives known headings."""
IN_TEXTS = frozenset({":", " "})
"""Those that are in so many texts that any regular candidate goes before them."""
_ROWS = 1000
_REGULAR = 0.9


def separated_by(delimiter: str) -> str:
    """What messages call a table with this delimiter."""
    return (CANDIDATES | RARE).get(delimiter, f"'{delimiter}'-separated")


def declared_delimiter(sample: Sequence[str]) -> str:
    """The delimiter in a first line `sep=;`, which Excel writes; empty without such a line."""
    first = sample[0].strip().casefold() if sample else ""
    return first[-1] if first.startswith("sep=") and len(first) == len("sep=,") else ""


def delimiter_of(sample: Sequence[str], name: str) -> str:
    """The delimiter that gives the most regular rows; in a tie, that of the file's name."""
    preferred = "\t" if name.casefold().endswith((".tsv", ".tab")) else ","
    return max(
        CANDIDATES, key=lambda delimiter: (*_regularity(sample, delimiter), delimiter == preferred)
    )


def is_regular(sample: Sequence[str], delimiter: str) -> bool:
    """Whether nearly all lines have the same number of cells with this delimiter."""
    return _regularity(sample, delimiter)[0] >= _REGULAR


def divided(line: str) -> list[list[str]]:
    """The cells of a line with a stray quote, for each delimiter that may separate them."""
    unquoted = line.replace('"', "")
    return [unquoted.split(delimiter) for delimiter in CANDIDATES if delimiter in unquoted]


def _regularity(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    counts: Counter[int] = Counter()
    try:
        for row in islice(csv.reader(sample, delimiter=delimiter), _ROWS):
            counts[len(row)] += any(cell.strip() for cell in row)
    except csv.Error:
        return 0.0, 0
    divided_rows = {cells: rows for cells, rows in counts.items() if cells > 1 and rows}
    if not divided_rows:
        return 0.0, 0
    cells, rows = max(divided_rows.items(), key=lambda item: (item[1], item[0]))
    return rows / sum(counts.values()), cells
