"""Rejected rows with their reasons, kept on disk because there may be millions."""

from __future__ import annotations

import marshal
import weakref
from array import array
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.limits import MAX_REJECTED_ROWS, MAX_REJECTED_TEXT, MAX_WRONG_CELLS
from pmo_path.domain.team import RejectedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.domain.framework import Framework

_IN_MEMORY = 1 << 20
"""Bytes up to which nothing goes to disk."""
_HINT = "check the delimiter, the headings and the scale, fix the sheet, or divide it into several files"


class Row(NamedTuple):
    """A row of the input, unchanged."""

    line: int
    cells: tuple[str, ...]


class Rejection(NamedTuple):
    """A rejected row."""

    row: Row
    reasons: tuple[RejectedRow, ...]
    """In order."""


class Size(NamedTuple):
    """The size of what is stored."""

    rows: int = 0
    cells: int = 0
    """In all rows together."""
    faults: int = 0


class Rejections:
    """Stores rejected rows, each added once, and yields them in the order of lines."""

    def __init__(self, name: str, *, is_limited: bool = True) -> None:
        """`name` is for messages; a part of a sheet is not limited."""
        self._name, self._is_limited = name, is_limited
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  as long as we are
        weakref.finalize(self, self._file.close)
        self._lines, self._starts = array("q"), array("q", [0])
        self._instead: dict[int, tuple[RejectedRow, ...]] = {}
        self._is_sorted = self._is_at_end = True
        self.size = Size()

    def __len__(self) -> int:
        return self.size.rows

    def add(self, row: Row, reasons: Iterable[RejectedRow]) -> None:
        """Keep a row and why it is rejected. Raises InputInvalid when there are far too many."""
        listed = [
            (reason.line, reason.column, reason.value, reason.code.name, reason.reason)
            for reason in reasons
        ]
        content = marshal.dumps((row.line, tuple(row.cells), listed))
        self._is_sorted = self._is_sorted and (not self._lines or self._lines[-1] <= row.line)
        self._lines.append(row.line)
        self._starts.append(self._starts[-1] + len(content))
        if not self._is_at_end:
            self._file.seek(self._starts[-2])
            self._is_at_end = True
        self._file.write(content)
        rows, cells, faults = self.size
        self.size = Size(rows + 1, cells + len(row.cells), faults + len(listed))
        if self._is_limited:
            self._check_size()

    def _check_size(self) -> None:
        if len(self) > MAX_REJECTED_ROWS:
            raise self.too_many()
        if self.size.faults > MAX_WRONG_CELLS:
            raise self.too_many_cells()
        if self._starts[-1] > MAX_REJECTED_TEXT:
            size = f"{MAX_REJECTED_TEXT >> 20:,} MiB"
            raise self._too_large(f"the rejected rows are larger than {size} together")

    def forget_since(self, size: Size) -> None:
        """Forget the rows that were added since this size."""
        del self._lines[size.rows :], self._starts[size.rows + 1 :]
        self.size = size
        self._is_at_end = False

    def explain(self, line: int, reasons: Sequence[RejectedRow]) -> None:
        """Replace the reasons of a rejected row."""
        self._instead[line] = tuple(reasons)

    def __iter__(self) -> Iterator[Rejection]:
        order: Iterable[int] = range(len(self._lines))
        if not self._is_sorted:
            order = sorted(order, key=self._lines.__getitem__)
        for index in order:
            self._is_at_end = False
            self._file.seek(self._starts[index])
            content = self._file.read(self._starts[index + 1] - self._starts[index])
            line, cells, reasons = marshal.loads(content)  # noqa: S302  written above
            instead = self._instead.get(line)
            if instead is None:
                instead = tuple(
                    RejectedRow(row, column, value, Code[code], reason)
                    for row, column, value, code, reason in reasons
                )
            yield Rejection(Row(line, cells), instead)

    def rows(self) -> Iterator[Row]:
        """The rows, in order."""
        return (rejection.row for rejection in self)

    def reasons(self) -> Iterator[RejectedRow]:
        """All reasons, in the order of lines."""
        return (reason for rejection in self for reason in rejection.reasons)

    def check(self, more: int) -> None:
        """Raise InputInvalid if so many more rows are too many."""
        if self._is_limited and len(self) + more > MAX_REJECTED_ROWS:
            raise self.too_many()

    def fetched(self, result: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        """The rows of a query, one for each row to reject. Raises InputInvalid."""
        if not self._is_limited:
            return result.fetchall()
        rows = result.fetchmany(MAX_REJECTED_ROWS + 1 - len(self))
        self.check(len(rows))
        return rows

    def too_many(self) -> InputInvalid:
        """The error for a sheet with too many rejected rows."""
        return self._too_large(f"more than {MAX_REJECTED_ROWS:,} rows cannot be scored")

    def too_many_cells(self, line: int = 0) -> InputInvalid:
        """The error for a sheet with too many wrong cells, from a line on."""
        message = f"more than {MAX_WRONG_CELLS:,} cells are missing or hold no rating"
        return self._too_large(message, line)

    def _too_large(self, message: str, line: int = 0) -> InputInvalid:
        first = next(iter(self.reasons()), None)
        line = first.line if first else line
        why = f"; the first: {first.code} {first.reason}" if first else ""
        position = Place(self._name, line, 1 if line else 0)
        text = f"{message}{why[:300]}"
        return InputInvalid((Diagnostic(position, Code.TOO_LARGE, text, _HINT),))


OF_LABEL = -1
"""In place of a column: the one that says whose row it is."""
WHOLE_ROW = -2
"""In place of a column: the row as a whole."""


class RowReason(NamedTuple):
    """Why a row of the table of people is rejected."""

    column: int
    """Its place, or `OF_LABEL` or `WHOLE_ROW`."""
    code: Code
    reason: str


def no_competence(text: str) -> str:
    """The reason for rejecting a row of a long sheet with an unknown competence."""
    return f"there is no competence '{text}'" if text.strip() else "no competence"


def another_row(where: str) -> str:
    """The reason for rejecting a row because of a mistake in another row, such as `line 3`."""
    where = f" ({where})" if where else ""
    return f"another row of this person{where} is rejected"


def no_role(framework: Framework, text: str) -> str:
    """The reason for rejecting a row with an unknown role."""
    if not text.strip():
        return f"no role; roles: {', '.join(framework.roles)}"
    return f"there is no role '{text}'; {framework.role_hint(text)}"
