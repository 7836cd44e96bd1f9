"""Parse a YAML or JSON document into its data, with the position of every diagnostic."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pmo_path.domain.codes import CODE_PATTERN, Code, Severity
from pmo_path.domain.diagnostics import Diagnostic, Place, grouped, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.numbers import show_number
from pmo_path.readers.yaml import (
    complex_key,
    is_inside,
    is_merge,
    key_of,
    line_and_column,
    line_starts,
    parse_yaml,
    text_spans,
)
from pmo_path.readers.yaml_text import LINE_BREAK, YamlProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.diagnostics import Finding, Path

_Model = TypeVar("_Model", bound=BaseModel)
_LONGEST_NUMBER = 19
_EXPONENT = re.compile(r"[eE][-+]?0*([0-9]+)$")
_LONGEST_EXPONENT = 2
_UNREAD = frozenset({Code.TAG, Code.COMPLEX_KEY})
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class Positions(Protocol):
    """The positions of values by their paths."""

    def position(self, path: Path, *, at_key: bool = False) -> Place:
        """The position of the value at `path`; with `at_key`, of its key."""

    def depth_of(self, path: Path) -> int:
        """The number of steps of `path` that exist in the file."""

    def line(self, position: Place) -> str:
        """The text of the line at `position`."""


class SourceMap:
    """Positions in one file, looked up in its tree of nodes.

    Nothing is indexed before it is asked for, so a file without mistakes pays nothing, and a
    thousand mistakes in one mapping cost one pass over it.
    """

    def __init__(self, file: str, text: str, root: yaml.Node | None) -> None:
        self.file, self.text, self.root = file, text, root
        self._entries: dict[int, dict[str, _Entry]] = {}

    def position(self, path: Path, *, at_key: bool = False) -> Place:
        """The position of the value at `path`, or of its nearest ancestor that exists.

        With `at_key`, the position of the key that the path ends in, not of its value.
        """
        (key, node), depth = self._find(path)
        if depth < len(path):
            # Something is missing: its parent's key says where, but for the short form of an
            # entry (`planning: 3`), where the value is the whole entry.
            at_key = not isinstance(node, yaml.ScalarNode)
        mark = key if at_key and key is not None else node or key
        if mark is None or mark.start_mark is None:
            return Place(self.file, 1, 1)
        return Place(self.file, mark.start_mark.line + 1, mark.start_mark.column + 1)

    def depth_of(self, path: Path) -> int:
        """The number of steps of `path` that exist in this file."""
        return self._find(path)[1]

    def settles(self, path: Path) -> bool:
        """Whether this file has the value at `path`, also as the short form of an entry."""
        (_, node), depth = self._find(path)
        return depth == len(path) or (depth > 0 and isinstance(node, yaml.ScalarNode))

    def line(self, position: Place) -> str:
        """The text of the line at `position`; empty if there is no such line."""
        return self._lines[position.line - 1] if 0 < position.line <= len(self._lines) else ""

    def position_at(self, index: int) -> Place:
        """The position of the character at `index` in the text."""
        return Place(self.file, *line_and_column(self._line_starts, index))

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_BREAK.split(self.text)

    def _find(self, path: Path) -> tuple[_Entry, int]:
        entry: _Entry = (None, self.root)
        for depth, step in enumerate(path):
            child = self._child(entry[1], step)
            if child is None:
                return entry, depth
            entry = child
        return entry, len(path)

    def _child(self, node: yaml.Node | None, step: str | int) -> _Entry | None:
        if isinstance(node, yaml.MappingNode):
            entries = self._entries.get(id(node))
            if entries is None:
                entries = self._entries[id(node)] = _entries_of(node)
            return entries.get(str(step))
        if (
            isinstance(node, yaml.SequenceNode)
            and isinstance(step, int)
            and step < len(node.value)
        ):
            return None, node.value[step]
        return None


_Entry = tuple[yaml.Node | None, yaml.Node | None]
"""The key, if there is one, and the value at the end of a path."""


def _entries_of(node: yaml.MappingNode) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    merged: list[yaml.Node] = []
    for key, value in node.value:
        if is_merge(key):
            merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
        elif not isinstance(key, yaml.ScalarNode):
            entries[complex_key(key)] = (key, value)
        else:
            name = key_of(key)
            entries.setdefault(str(name), (key, value))
            if isinstance(name, Decimal):
                entries.setdefault(show_number(name), (key, value))
    for source in merged:
        if isinstance(source, yaml.MappingNode):
            entries = {**_entries_of(source), **entries}
    return entries


class ParsedFile(NamedTuple):
    """The data of a file, with its positions."""

    data: Any
    positions: Positions
    diagnostics: tuple[Diagnostic, ...] = ()
    """Mistakes in the text itself, such as duplicate keys."""
    is_table: bool = False
    """Whether the file is a table of ratings, and neither YAML nor JSON."""
    is_of_people: bool = False
    """Whether the table is a sheet of people that has a single person in it.

    It then has columns about the person that a ratings file has no place for.
    """
    notes: tuple[tuple[int, str], ...] = ()
    """Notes on how a table was read, each with its line."""
    target_level: str = ""
    """The `--target-level` that a workbook was made with; empty if it was made for a role."""

    @property
    def has_unread_parts(self) -> bool:
        """Whether a part could not be interpreted: one with a tag, or with a key that is not a scalar."""
        return not _UNREAD.isdisjoint(diagnostic.code for diagnostic in self.diagnostics)

    def diagnose(self, findings: Iterable[Finding]) -> tuple[Diagnostic, ...]:
        """The findings with their positions in this document.

        Findings at a part that could not be interpreted are left out: it has a diagnostic already.
        """
        unread = {known.place for known in self.diagnostics if known.code in _UNREAD}
        diagnosed = ((finding, self._diagnostic(finding)) for finding in findings)
        return tuple(grouped(pair for pair in diagnosed if pair[1].place not in unread))

    def invalid(self, findings: Iterable[Finding]) -> InputInvalid:
        """The error with these findings and all mistakes in the text itself."""
        return InputInvalid(in_order((*self.diagnostics, *self.diagnose(findings))))

    def check(self, findings: Iterable[Finding]) -> None:
        """Raise InputInvalid if there are findings, or mistakes in the text itself."""
        error = self.invalid(findings)
        if error.diagnostics:
            raise error

    def _diagnostic(self, finding: Finding) -> Diagnostic:
        code, message, path, hint = finding.code, finding.message, finding.path, finding.hint
        place = self.positions.position(path, at_key=finding.at_key)
        related = None
        if finding.related is not None:
            other, meaning = finding.related
            related = self.positions.position(other, at_key=True), meaning
        line = self.positions.line(place)
        return Diagnostic(place, code, message, hint, path, line, related)


def validated(model: type[_Model], data: Any) -> tuple[_Model | None, tuple[Finding, ...]]:
    """The value of a model, or None and the findings where `data` does not fit, in its order."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        from pmo_path.readers.schema_errors import schema_findings  # noqa: PLC0415  seldom needed

        return None, tuple(schema_findings(error, model, data))


def yaml_document(text: str, name: str) -> ParsedFile:
    """The YAML document in `text`. Raises InputInvalid when the text cannot be used."""
    try:
        data, root, problems = parse_yaml(text)
    except YamlProblem as problem:
        raise _invalid(problem, text, name) from None
    positions = SourceMap(name, text, root)
    return ParsedFile(
        data, positions, tuple(_from_problem(problem, positions) for problem in problems)
    )


def _invalid(problem: YamlProblem, text: str, name: str) -> InputInvalid:
    positions = SourceMap(name, text, None)
    problems = (*problem.others, problem)
    return InputInvalid(in_order(_from_problem(problem, positions) for problem in problems))


def _from_problem(problem: YamlProblem, positions: SourceMap) -> Diagnostic:
    place = Place(positions.file, problem.line, problem.column)
    source_line, related = positions.line(place), None
    if problem.related is not None:
        line, column, meaning = problem.related
        related = Place(positions.file, line, column), meaning
    return Diagnostic(place, problem.code, problem.message, problem.hint, (), source_line, related)


def json_document(text: str, name: str) -> ParsedFile:
    """The JSON document in `text`. Raises InputInvalid when the text cannot be used."""
    try:
        data = _frozen(
            json.loads(
                text,
                parse_int=_integer,
                parse_float=_decimal,
                parse_constant=str,
                object_pairs_hook=_pairs,
            )
        )
    except json.JSONDecodeError as error:
        problem = YamlProblem(Code.SYNTAX, f"not JSON: {error.msg}", error.lineno, error.colno)
        raise _invalid(problem, text, name) from None
    except RecursionError:
        problem = YamlProblem(Code.NESTED_TOO_DEEPLY, "nested too deeply", 1, 1)
        raise _invalid(problem, text, name) from None
    return ParsedFile(data, *_json_places(text, name))


def _integer(text: str) -> int | str:
    """Parse an integer; return one with too many digits as text, as for YAML."""
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _decimal(text: str) -> Decimal | str:
    exponent = _EXPONENT.search(text)
    is_small = exponent is None or len(exponent[1]) <= _LONGEST_EXPONENT
    return Decimal(text) if is_small and len(text) <= 2 * _LONGEST_NUMBER else text


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which the first of several equal keys counts."""
    data: dict[str, Any] = {}
    for key, value in pairs:
        data.setdefault(key, value)
    return data


def _frozen(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _frozen(value) for key, value in data.items()}
    return tuple(map(_frozen, data)) if isinstance(data, list) else data


def _json_places(text: str, name: str) -> tuple[SourceMap, tuple[Diagnostic, ...]]:
    # JSON is YAML but for escaped surrogate pairs; a replacement of the same length keeps every column.
    try:
        _, root, problems = parse_yaml(_SURROGATE.sub(r"\\u0041", text))
    except YamlProblem:
        return SourceMap(name, text, None), ()
    positions = SourceMap(name, text, root)
    return positions, tuple(_from_problem(problem, positions) for problem in problems)


# --- Warnings suppressed by comments --------------------------------------------------------------
#
# A comment on the line of a warning: `# pmo-path: ignore PMO405`.

_MARKER = "pmo-path: ignore"
_CODE = CODE_PATTERN.pattern
_COMMENT = re.compile(rf"#[ \t]*{_MARKER}\b(?P<codes>[ \t]+{_CODE}(?:[, \t]+{_CODE})*)?")


def silenced(
    diagnostics: Iterable[Diagnostic],
    positions: SourceMap,
    unchecked: AbstractSet[str] = frozenset(),
) -> list[Diagnostic]:
    """Remove suppressed warnings, and add a diagnostic for each comment without effect.

    `diagnostics` must be all warnings on the file. `unchecked` are codes that were not checked,
    so a comment for one of these may or may not have an effect. Errors cannot be silenced.
    """
    diagnostics = list(diagnostics)
    if _MARKER not in positions.text:
        return diagnostics
    comments = dict(_comments(positions))
    used: set[tuple[int, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        line = diagnostic.place.line if diagnostic.place.file == positions.file else 0
        is_named = diagnostic.code in comments.get(line, ((), 0))[0]
        if is_named and diagnostic.severity is Severity.WARNING:
            used.add((line, diagnostic.code))
        else:
            kept.append(diagnostic)
    return kept + list(_unused(comments, used, unchecked, positions))


def _comments(positions: SourceMap) -> Iterator[tuple[int, tuple[tuple[str, ...], int]]]:
    """The codes that each comment names and the column of the comment, by line."""
    spans = sorted(text_spans(positions.root))
    for match in _COMMENT.finditer(positions.text):
        if not is_inside(match.start(), spans):
            start = positions.position_at(match.start())
            yield start.line, (tuple(CODE_PATTERN.findall(match["codes"] or "")), start.column)


def _unused(
    comments: dict[int, tuple[tuple[str, ...], int]],
    used: set[tuple[int, str]],
    unchecked: AbstractSet[str],
    positions: SourceMap,
) -> Iterator[Diagnostic]:
    for line, (codes, column) in comments.items():
        start = Place(positions.file, line, column)
        unused = [code for code in codes if code not in unchecked and (line, code) not in used]
        if unused or not codes:
            message = f"this comment suppresses no {' and no '.join(unused)}"
            hint = "remove it; it works only on the line of a warning, and never on an error"
            if not codes:
                message = "this comment names no code to suppress"
                hint = f"write the code after it, as in '# {_MARKER} {Code.UNUSED_COURSE}'"
            shown, code = positions.line(start), Code.UNUSED_SUPPRESSION
            yield Diagnostic(start, code, message, hint, source_line=shown)
