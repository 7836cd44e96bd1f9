"""Read the answers in a workbook that scores itself, as the document that a ratings file would be.

Only what a person entered is read, never the result of a formula. The hidden sheet says what the
workbook was made of, so that a row that is missing, moved or pasted over is noticed.
"""

from __future__ import annotations

import datetime
import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.names import fold
from pmo_path.domain.ratings import FIRST_YEAR, LAST_YEAR, SELF, answers_hint, level_named
from pmo_path.domain.self_scoring import (
    FIRST_COMPETENCE,
    FORMAT,
    NOT_SURE,
    RATE,
    STAMP,
    Fact,
    RateColumn,
    StampKey,
)
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.workbook import cell_name
from pmo_path.readers.files import problem, unusable
from pmo_path.readers.parsed import ParsedFile
from pmo_path.readers.ratings_table import RowPositions
from pmo_path.readers.table.xlsx import cells_with_formulas, opened, sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.xlsx import CheckedWorkbook

_YEAR = re.compile("[0-9]{4}")
_DATE_LENGTH = len("2026-11-23")
_NOT_SURE = frozenset({NOT_SURE, "unsure", "x", "yes", "?", "low"})
_NEW = "fill in a new one: 'pmo-path template ratings --role ROLE -o FILE.xlsx'"
_UNDO = "undo the change, or " + _NEW
_ENTERED = (RateColumn.LEVEL, RateColumn.EVIDENCE, RateColumn.YEAR, RateColumn.NOT_SURE)


def self_scored_document(content: bytes, name: str, framework: Framework) -> ParsedFile:
    """Return the answers in a workbook. Raises InputInvalid with every mistake in it."""
    with opened(io.BytesIO(content), name, needs_values=False) as workbook:
        _check_sheets(workbook, name)
        stamp = _stamp(_rows(workbook, STAMP, name), name)
        rows = _rows(workbook, RATE, name)
        formulas = cells_with_formulas(workbook, RATE)
    _check_framework(stamp, framework, name)
    return _Answers(name, framework, stamp, rows, formulas).document()


def _check_sheets(workbook: CheckedWorkbook, name: str) -> None:
    titles = [sheet.title for sheet in workbook.sheets]
    for needed in (RATE, STAMP):
        if needed.casefold() not in {title.casefold() for title in titles}:
            shown = ", ".join(f"'{title}'" for title in titles[:10])
            message = f"the sheet '{needed}' is missing or has another name"
            hint = f"there are: {shown}; rename it back, or {_NEW}"
            raise unusable(Code.UNREADABLE, name, message, hint)


def _rows(workbook: CheckedWorkbook, title: str, name: str) -> dict[int, Record]:
    """The rows of a sheet by their number."""
    (table,) = sheets_of(workbook, name, title)
    return {row.line: row for row in table.rows if not row.is_blank}


class _Stamp(NamedTuple):
    """What a workbook was made of."""

    facts: Mapping[str, str]
    names: Mapping[str, str]
    """The names of its competences by id, in the order of the rows."""


def _stamp(rows: Mapping[int, Record], name: str) -> _Stamp:
    pairs = [(row.cell(0), row.cell(1)) for _, row in sorted(rows.items())]
    facts, names = dict(pairs[: len(StampKey)]), dict(pairs[len(StampKey) :])
    if set(facts) != set(StampKey) or facts[StampKey.FORMAT] != FORMAT or not names:
        message = f"the hidden sheet '{STAMP}' was changed, or is of another version of pmo-path"
        raise unusable(Code.UNREADABLE, name, message, _NEW)
    return _Stamp(facts, names)


def _check_framework(stamp: _Stamp, framework: Framework, name: str) -> None:
    """Raise InputInvalid where most competences of a workbook are not in the framework."""
    identity = stamp.facts[StampKey.FRAMEWORK]
    known = sum(framework.competence_names.find(key) is not None for key in stamp.names)
    if identity != framework.framework.id and known * 2 < len(stamp.names):
        message = (
            f"this workbook is for the framework '{identity}', but the one in use is "
            f"'{framework.framework.id}', which has {known} of its {len(stamp.names)} competences"
        )
        raise unusable(Code.OTHER_FRAMEWORK, name, message, "pass that framework with --framework")


class _Answers:
    """Reads the rows of the sheet to rate on."""

    def __init__(
        self,
        name: str,
        framework: Framework,
        stamp: _Stamp,
        rows: Mapping[int, Record],
        formulas: frozenset[str],
    ) -> None:
        self._name, self._framework, self._stamp = name, framework, stamp
        self._rows, self._formulas = rows, formulas
        self._problems: list[Diagnostic] = []
        self._line_of: dict[str, int] = {}

    def document(self) -> ParsedFile:
        """Return the document. Raises InputInvalid with every mistake."""
        self._check_heading()
        facts = {key: fact for key, fact in self._facts().items() if fact}
        ratings = dict(self._ratings())
        self._check_complete()
        if self._problems:
            raise InputInvalid(tuple(sorted(self._problems, key=lambda known: known.place.line)))
        if not any("level" in rating for rating in ratings.values()):
            message = f"nothing is rated: no level is chosen on the sheet '{RATE}'"
            hint = "choose levels in column C, and save the workbook"
            raise unusable(Code.MISSING_KEY, self._name, message, hint)
        stamp = self._stamp.facts
        reference = {"id": stamp[StampKey.FRAMEWORK], "version": stamp[StampKey.VERSION]}
        data = {"schema": 1, **facts, "framework": reference, "ratings": ratings}
        positions = RowPositions(self._name, (), self._line_of)
        notes = tuple((1, note) for note in self._notes())
        level = stamp[StampKey.TARGET_LEVEL]
        return ParsedFile(data, positions, is_table=True, notes=notes, target_level=level)

    def _notes(self) -> Iterator[str]:
        stamp, about = self._stamp.facts, self._framework.framework
        if (stamp[StampKey.FRAMEWORK], stamp[StampKey.VERSION]) != (about.id, about.version):
            yield (
                f"the workbook was made for {stamp[StampKey.FRAMEWORK]} "
                f"{stamp[StampKey.VERSION]}, and the framework in use is {about.id} "
                f"{about.version}; what both have is read, and figures may differ from its own"
            )
        elif stamp[StampKey.CONTENT_HASH] != self._framework.content_hash:
            yield (
                "the framework has changed since the workbook was made, so figures may differ "
                "from its own"
            )
        level = stamp[StampKey.TARGET_LEVEL]
        if level and not any(
            isinstance(role, LevelRole) for role in self._framework.roles.values()
        ):
            yield f"the workbook was made with --target-level {level}"

    # --- About all answers ------------------------------------------------------------------------

    def _check_heading(self) -> None:
        heading = self._rows.get(FIRST_COMPETENCE)
        if heading is None or heading.cell(RateColumn.ID) != "id":
            message = (
                f"the headings of the sheet '{RATE}' are not in row {FIRST_COMPETENCE}: rows or "
                "columns were added, deleted or moved"
            )
            raise unusable(Code.UNREADABLE, self._name, message, _UNDO)

    def _facts(self) -> dict[str, str]:
        role, target = self._fact(Fact.ROLE), self._stamp.facts[StampKey.ROLE]
        names = self._framework.role_names
        if role and names.find(role) is None:
            hint = names.suggest(role) or "choose one from the list, or leave the cell empty"
            message = f"'{role}' is not a role of the framework"
            self._add(Code.UNKNOWN_TARGET_ROLE, Fact.ROLE, RateColumn.LEVEL, message, hint)
        return {
            "person": self._fact(Fact.PERSON),
            "rater": self._fact(Fact.RATER) or SELF,
            "role": role,
            "target": target,
            "date": self._date(),
        }

    def _fact(self, fact: Fact) -> str:
        row = self._rows.get(fact + 1)
        return "" if row is None else self._entered(row, RateColumn.LEVEL)

    def _date(self) -> str:
        text = self._fact(Fact.DATE)
        if not text:
            return ""
        day, rest = text[:_DATE_LENGTH], text[_DATE_LENGTH:]
        with suppress(ValueError):
            if not rest or rest.startswith(" "):
                return datetime.date.fromisoformat(day).isoformat()
        message, hint = f"'{text}' is not a date", "write it as 2026-11-23, or leave it empty"
        self._add(Code.INVALID_VALUE, Fact.DATE, RateColumn.LEVEL, message, hint)
        return ""

    # --- A row each -------------------------------------------------------------------------------

    def _ratings(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for line, row in sorted(self._rows.items()):
            if line <= FIRST_COMPETENCE:
                continue
            key = row.cell(RateColumn.ID)
            if self._is_own(row, key):
                self._line_of[key] = line
                rating = dict(self._rating(row))
                if rating:
                    yield key, rating

    def _is_own(self, row: Record, key: str) -> bool:
        """Whether a row is one of the workbook's, as it was written; if not, adds why."""
        name = self._stamp.names.get(key)
        index = row.line - 1
        if name is None:
            message = (
                "this row is not one of the workbook's competences: something was pasted here, or "
                "a hidden id was changed"
            )
            self._add(Code.INVALID_VALUE, index, RateColumn.COMPETENCE, message, _UNDO)
        elif key in self._line_of:
            message = f"'{name}' is in row {self._line_of[key]} as well"
            self._add(Code.DUPLICATE_RATING, index, RateColumn.COMPETENCE, message, _UNDO)
        elif fold(row.cell(RateColumn.COMPETENCE).split("\n")[0]) != fold(name):
            message = f"this cell was '{name}' and was changed or pasted over"
            self._add(Code.INVALID_VALUE, index, RateColumn.COMPETENCE, message, _UNDO)
        else:
            return True
        return False

    def _check_complete(self) -> None:
        known = {known.place.line for known in self._problems}
        for number, (key, name) in enumerate(self._stamp.names.items()):
            if key not in self._line_of and FIRST_COMPETENCE + number + 1 not in known:
                message = f"the row of '{name}' is missing from the sheet '{RATE}'"
                self._problems.append(problem(Code.MISSING_KEY, self._name, message, _UNDO))

    def _rating(self, row: Record) -> Iterator[tuple[str, Any]]:
        level, evidence, year, doubt = (self._entered(row, column) for column in _ENTERED)
        index = row.line - 1
        if level and level_named(self._framework, level) is None:
            message = f"'{level}' is not a level of the scale"
            hint = answers_hint(self._framework)
            self._add(Code.RATING_OFF_SCALE, index, RateColumn.LEVEL, message, hint)
        elif level:
            yield "level", level
        if evidence:
            yield "evidence", evidence
        is_year = _YEAR.fullmatch(year) is not None
        if is_year and FIRST_YEAR <= int(year) <= LAST_YEAR:
            yield "year", int(year)
        elif year:
            message = f"'{year}' is not a year from {FIRST_YEAR} to {LAST_YEAR}"
            hint = "write it as 2025, or leave the cell empty"
            self._add(Code.INVALID_VALUE, index, RateColumn.YEAR, message, hint)
        if fold(doubt) in _NOT_SURE:
            yield "confidence", "low"
        elif doubt:
            message = f"'{doubt}' is not '{NOT_SURE}'"
            hint = f"choose '{NOT_SURE}', or leave the cell empty"
            self._add(Code.INVALID_VALUE, index, RateColumn.NOT_SURE, message, hint)

    def _entered(self, row: Record, column: RateColumn) -> str:
        """The text in a cell to fill in; a formula is refused, since its result may be outdated."""
        if cell_name(row.line - 1, column) in self._formulas:
            message = "this cell holds a formula"
            self._add(Code.INVALID_VALUE, row.line - 1, column, message, "type the answer itself")
            return ""
        return row.cell(column)

    def _add(self, code: Code, row: int, column: int, message: str, hint: str) -> None:
        text = f"'{RATE}'!{cell_name(row, column)}: {message}"
        self._problems.append(problem(code, self._name, text, hint, row + 1))
