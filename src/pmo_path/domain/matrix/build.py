"""A matrix as the data of a framework file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pmo_path.domain.fields import is_id
from pmo_path.domain.matrix.columns import matrix_columns
from pmo_path.domain.matrix.heading_row import heading_row
from pmo_path.domain.matrix.levels import NOTHING, cell_level, matrix_scale
from pmo_path.domain.matrix.model import (
    OF_ROLES,
    ColumnMeaning,
    MatrixNote,
    MatrixReading,
    NoteKind,
)
from pmo_path.domain.matrix.rows import CompetenceRow, competence_rows
from pmo_path.domain.matrix.vocabulary import NO, YES
from pmo_path.domain.names import fold, free_id, slug
from pmo_path.domain.numbers import exact_or_none, parse_number, show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_path.domain.matrix.heading_row import HeadingRow
    from pmo_path.domain.matrix.model import Matrix, MatrixColumn, MatrixMap

VERSION = "0.1.0"
"""The version of a framework whose table has none."""
DOMAIN = "Competences"
"""The name of the domain of competences that the table puts into none."""
EVERYBODY = {"everybody": {"label": "Everybody", "at_least": 0}}
"""The readiness bands of a framework whose table has none: a single one, which names nothing."""
UNPLACED_CELLS, UNPLACED_ROWS = "x-cells", "x-rows"
"""The keys of what has no other home."""
_PLAIN = {ColumnMeaning.DESCRIPTION: "summary", ColumnMeaning.URL: "url"}
_FLAGS = {ColumnMeaning.KEY: "key", ColumnMeaning.SECOND_RATER: "second_rater"}
_LISTS = {
    ColumnMeaning.ALIASES: "aliases",
    ColumnMeaning.BEHAVIOURS: "behaviours",
    ColumnMeaning.EVIDENCE: "evidence",
    ColumnMeaning.EXPOSURE: "exposure",
}
_BULLETS = ("- ", "* ", "\u2022 ")
_ORDER = (
    "name", "aliases", "key", "group", "summary", "url", "behaviours", "levels", "evidence",
    "exposure", "second_rater",
)  # fmt: skip
"""The keys of a competence, in the order in which they are written."""


def framework_of(matrix: Matrix, settings: MatrixMap, name: str) -> MatrixReading:
    """The framework in a matrix; `name` is its title where the mapping has none.

    Raises InputInvalid where it cannot be decided what a column holds.
    """
    header = heading_row(matrix, settings.heading_line)
    columns = matrix_columns(matrix, header, settings)
    return _Builder(matrix, header, columns, settings, name).reading()


class _Builder:
    """Puts every cell of a matrix into its place."""

    def __init__(
        self,
        matrix: Matrix,
        header: HeadingRow,
        columns: tuple[MatrixColumn, ...],
        settings: MatrixMap,
        name: str,
    ) -> None:
        self._matrix, self._header, self._columns = matrix, header, columns
        self._settings, self._name = settings, name
        rows = competence_rows(header.below, columns, matrix.merged)
        self._rows, self._notes, self._unplaced = rows.rows, list(rows.notes), list(rows.unplaced)
        self._scale = matrix_scale(columns, self._rows, settings)
        self._domains: dict[str, dict[str, Any]] = {}
        self._domain_ids: dict[str, str] = {}
        self._competence_ids: set[str] = set()
        self._names: set[tuple[str, str]] = set()
        self._roles: dict[str, dict[str, Any]] = {}
        self._role_of: dict[int, str] = {}
        """The id of the role that each column is about, by index."""
        self._role_named: dict[str, str] = {}

    def reading(self) -> MatrixReading:
        """The framework, and all that should be known of how it was read."""
        self._note_columns()
        self._add_roles()
        for row in self._rows:
            self._add_competence(row)
        self._note_levels()
        self._note_unused()
        above = [(row.line, row.text) for row in self._header.above]
        self._notes += [MatrixNote(NoteKind.ABOVE, line, text) for line, text in above]
        return MatrixReading(
            self._matrix,
            self._header.line,
            self._columns,
            self._scale.source,
            self._data([*above, *self._unplaced]),
            tuple(self._notes),
        )

    def _data(self, unplaced: Iterable[tuple[int, str]]) -> dict[str, Any]:
        about = {
            "id": slug(self._name, "framework"),
            "version": VERSION,
            "title": self._name,
            **self._settings.framework,
        }
        data: dict[str, Any] = {"schema": 1, "framework": about}
        if self._scale.levels:
            data["scale"] = {
                level: {"label": label} for level, label in self._scale.levels.items()
            }
        if self._scale.baseline is not None:
            data["baseline"] = self._scale.baseline
            if self._scale.baseline_label:
                data["baseline_label"] = self._scale.baseline_label
        data["readiness"] = EVERYBODY
        data["domains"] = self._domains
        if self._roles:
            data["roles"] = self._roles
        rows = [f"{line}: {text}" for line, text in sorted(unplaced)]
        return {**data, UNPLACED_ROWS: rows} if rows else data

    # --- Roles --------------------------------------------------------------------------------

    def _add_roles(self) -> None:
        named = [column for column in self._columns if column.meaning in OF_ROLES and column.name]
        for column in sorted(named, key=_roles_first):
            known = self._known_role(column)
            if known is not None and column.meaning is not ColumnMeaning.ROLE:
                self._role_of[column.position] = known
                continue
            if known is not None:
                self._note(NoteKind.SAME_NAME, self._header.line, column.name)
            default = f"role-{len(self._roles) + 1}"
            role_id = free_id([column.id or slug(column.name, default)], self._roles)
            self._role_of[column.position] = role_id
            self._role_named.setdefault(fold(column.name), role_id)
            role: dict[str, Any] = {"name": column.name}
            if column.family:
                role |= {"family": column.family, "grade": column.grade}
            self._roles[role_id] = {**role, "requires": {}}

    def _known_role(self, column: MatrixColumn) -> str | None:
        """The id of the role that a column is about, if another column has it."""
        if column.id:
            return column.id if column.id in self._roles else None
        return self._role_named.get(fold(column.name))

    # --- Competences --------------------------------------------------------------------------

    def _add_competence(self, row: CompetenceRow) -> None:
        domain = self._domain(row)
        key = self._competence_id(row, domain)
        competence: dict[str, Any] = {"name": row.name}
        if row.group:
            competence["group"] = row.group
        for column in self._columns:
            text = row.texts.get(column.position, "")
            if text and column.meaning not in OF_ROLES:
                self._place(competence, column, text, row)
        self._domains[domain]["competences"][key] = competence
        requirements: dict[str, dict[str, Any]] = {}
        # The level comes first, since other columns are read beside it.
        of_roles = [column for column in self._columns if column.meaning in OF_ROLES]
        for column in sorted(of_roles, key=_roles_first):
            text = row.texts.get(column.position, "")
            if text and not self._require(requirements, column, text, competence):
                self._leave(competence, column, text, row)
        for role, requirement in requirements.items():
            self._roles[role]["requires"][key] = _short_form(requirement)
        own = [name for name in competence if name not in _ORDER]
        ordered = [name for name in _ORDER if name in competence]
        self._domains[domain]["competences"][key] = {
            name: competence[name] for name in (*ordered, *own)
        }

    def _domain(self, row: CompetenceRow) -> str:
        """The id of the row's domain, which is added if it is new."""
        name = row.domain or DOMAIN
        known = self._domain_ids.get(fold(row.domain_id or name))
        if known is not None:
            return known
        own = slug(name, f"domain-{len(self._domains) + 1}")
        if row.domain_id and not is_id(row.domain_id):
            self._note(NoteKind.NEW_ID, row.line, row.domain_id)
        elif row.domain_id:
            own = row.domain_id
        key = free_id([own], self._domains)
        self._domain_ids[fold(row.domain_id or name)] = key
        self._domains[key] = {"name": name, "competences": {}}
        return key

    def _competence_id(self, row: CompetenceRow, domain: str) -> str:
        default = f"competence-{len(self._competence_ids) + 1}"
        own = slug(row.name, default)
        candidates = [own, f"{domain}-{own}"]
        if row.id and is_id(row.id) and row.id not in self._competence_ids:
            candidates = [row.id]
        elif row.id:
            self._note(NoteKind.NEW_ID, row.line, row.id)
        if (domain, fold(row.name)) in self._names:
            self._note(NoteKind.SAME_NAME, row.line, row.name)
        self._names.add((domain, fold(row.name)))
        key = free_id(candidates, self._competence_ids)
        self._competence_ids.add(key)
        return key

    def _place(
        self, competence: dict[str, Any], column: MatrixColumn, text: str, row: CompetenceRow
    ) -> None:
        """Put a text into the key of a competence that its column stands for."""
        meaning = column.meaning
        if meaning in _PLAIN:
            competence[_PLAIN[meaning]] = text
        elif meaning in _LISTS:
            competence[_LISTS[meaning]] = _entries(text)
        elif meaning in _FLAGS and fold(text) in YES:
            competence[_FLAGS[meaning]] = True
        elif meaning is ColumnMeaning.LEVEL and column.level is not None:
            if fold(text) in NOTHING:
                return
            levels = competence.setdefault("levels", {})
            before = levels.get(column.level)
            levels[column.level] = text if before is None else f"{before}\n{text}"
        elif meaning is ColumnMeaning.OWN:
            competence[free_id([column.key], competence)] = text
        elif meaning is ColumnMeaning.BASELINE or (meaning in _FLAGS and fold(text) not in NO):
            self._leave(competence, column, text, row)

    def _leave(
        self, competence: dict[str, Any], column: MatrixColumn, text: str, row: CompetenceRow
    ) -> None:
        """Keep a text that has no other home under the heading of its column."""
        cells = competence.setdefault(UNPLACED_CELLS, {})
        # Grades repeat from profession to profession.
        heading = column.name if column.family else column.heading
        cells[free_id([heading], cells) if heading in cells else heading] = text
        self._note(NoteKind.UNPLACED_CELL, row.line, f"{heading}: {text}")

    def _require(
        self,
        requirements: dict[str, dict[str, Any]],
        column: MatrixColumn,
        text: str,
        competence: dict[str, Any],
    ) -> bool:
        """Put a cell about a role into its requirement; false if it cannot be one."""
        if not column.name:
            return self._for_all_roles(requirements, column, text)
        if column.meaning is not ColumnMeaning.EXPECTS and fold(text) in NOTHING:
            return True
        role = self._role_of[column.position]
        requirement = requirements.get(role, {})
        if column.meaning is ColumnMeaning.ROLE:
            changes = self._level(column, text, competence)
        elif column.meaning is ColumnMeaning.EXPECTS:
            before = requirement.get("expects")
            changes = {"expects": text if before is None else f"{before}\n{text}"}
        else:
            changes = self._figure(column, text, requirement)
        if changes:
            requirements[role] = {**requirement, **changes}
        return bool(changes) or (column.meaning is ColumnMeaning.MUST_HAVE and fold(text) in NO)

    def _level(
        self, column: MatrixColumn, text: str, competence: dict[str, Any]
    ) -> dict[str, Any]:
        if column.level is None and column.position not in self._scale.text_columns:
            cell = cell_level(text, self._scale.meanings)
            if cell is None:
                return {}
            rest = "" if self._scale.is_label(cell) else cell.rest
            return {"level": cell.level} | ({"expects": rest} if rest else {})
        if column.level is None:
            return {"expects": text}
        if not column.is_level_too:
            return {"level": column.level, "expects": text}
        levels = competence.setdefault("levels", {})
        if levels.setdefault(column.level, text) != text:
            return {"level": column.level, "expects": text}
        return {"level": column.level}

    def _for_all_roles(
        self, requirements: dict[str, dict[str, Any]], column: MatrixColumn, text: str
    ) -> bool:
        """Put an importance or a must-have that is no role's own into all requirements."""
        is_placed = column.meaning is ColumnMeaning.MUST_HAVE and fold(text) in NO
        for role, requirement in requirements.items():
            changes = self._figure(column, text, requirement)
            is_placed = is_placed or bool(changes)
            requirements[role] = {**changes, **requirement}
        return is_placed

    def _figure(
        self, column: MatrixColumn, text: str, requirement: Mapping[str, Any]
    ) -> dict[str, Any]:
        is_must_have = column.meaning is ColumnMeaning.MUST_HAVE
        key = "must_have" if is_must_have else "importance"
        if is_must_have and fold(text) in YES - {"1"} and "level" in requirement:
            return {key: requirement["level"]}
        if is_must_have:
            cell = cell_level(text, self._scale.meanings)
            return {} if cell is None or cell.rest else {key: cell.level}
        number = exact_or_none(parse_number(text))
        return {} if number is None or number <= 0 else {key: number}

    # --- Notes --------------------------------------------------------------------------------

    def _note(self, kind: NoteKind, line: int, text: str) -> None:
        self._notes.append(MatrixNote(kind, line, text))

    def _note_columns(self) -> None:
        for column in self._columns:
            if column.meaning is ColumnMeaning.IGNORE:
                is_empty = not any(row.texts.get(column.position) for row in self._rows)
                kind = NoteKind.EMPTY_COLUMN if is_empty else NoteKind.IGNORED_COLUMN
                self._note(kind, self._header.line, column.heading)

    def _note_levels(self) -> None:
        lowest = self._scale.lowest
        missing: Counter[str] = Counter()
        at_lowest = 0
        for role in self._roles.values():
            for requirement in role["requires"].values():
                level = requirement.get("level") if isinstance(requirement, dict) else requirement
                missing[role["name"]] += level is None
                at_lowest += level is not None and level == lowest
        for name, count in missing.items():
            if count:
                self._notes.append(MatrixNote(NoteKind.NO_LEVEL, 0, name, count))
        if self._scale.baseline is not None or lowest is None or lowest <= 0:
            return
        text = show_number(lowest)
        if at_lowest:
            self._notes.append(MatrixNote(NoteKind.LOWEST_LEVEL, 0, text, at_lowest))
        described = sum(
            lowest in competence.get("levels", {})
            for domain in self._domains.values()
            for competence in domain["competences"].values()
        )
        if described and not self._roles:
            self._notes.append(MatrixNote(NoteKind.LOWEST_TEXTS, 0, text, described))

    def _note_unused(self) -> None:
        headings = {fold(column.heading) for column in self._columns}
        for heading, column in self._settings.columns.items():
            if heading not in headings:
                self._note(NoteKind.UNUSED_MAPPING, 0, column.heading)


def _entries(text: str) -> list[str]:
    """The entries of a list in one cell: a line each, or between semicolons."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if all(line.startswith(_BULLETS) for line in lines):
        return [line[2:].strip() for line in lines if line[2:].strip()]
    parts = lines if len(lines) > 1 else text.split(";")
    return [part.strip() for part in parts if part.strip()]


def _roles_first(column: MatrixColumn) -> bool:
    return column.meaning is not ColumnMeaning.ROLE


def _short_form(requirement: Mapping[str, Any]) -> Any:
    return requirement["level"] if requirement.keys() == {"level"} else dict(requirement)
