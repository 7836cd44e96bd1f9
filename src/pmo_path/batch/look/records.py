"""Records of a text file, each with the line at which it begins, whatever quotes do to them."""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LINES = 500
"""Lines that one record may span; an unclosed quote would otherwise swallow all that follows."""
UNCLOSED = "a quote is not closed, or has text behind it"
_MAX_FIELD = 2**31 - 1


class Record(NamedTuple):
    """One row as it came."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]
    fault: str = ""
    """Why its cells cannot be told apart; it then has a single one, the whole line."""


def records_of(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """The records of a file's lines, which keep their line ends.

    A record that a stray quote would stretch over the rows below it is cut: its first line has a
    fault, and the lines that it had swallowed are read as rows of their own.
    """
    csv.field_size_limit(_MAX_FIELD)
    source = _Lines(lines)
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
    """Lines that remember what was taken since the last record, and take it back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self.next_number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MAX_LINES:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self._taken.append(line)
        self.next_number += 1
        return line

    def forget(self) -> None:
        self._taken = []

    def give_back_all_but_first(self) -> str:
        first, *others = self._taken
        self._waiting.extendleft(reversed(others))
        self.next_number -= len(others)
        self._taken = []
        return first
