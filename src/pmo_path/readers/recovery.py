"""Run the rules on a framework that does not fit its model everywhere.

A wrong type must not hide a wrong reference elsewhere. So the framework is built entry by entry
from all that fits: an entry with a mistake keeps its id and its other fields, and what the rules
find at the mistake itself is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from pmo_path.domain.codes import Code
from pmo_path.domain.competences import LevelTexts
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import parse_number
from pmo_path.domain.rules import check
from pmo_path.readers.schema_errors import misplaced
from pmo_path.readers.schema_paths import entry_model, keyed, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

    from pmo_path.domain.diagnostics import Finding, Path

_LENGTH_TO_ID = {"domains": 4, "roles": 2, "training": 2}
"""The length of the path to an id that others refer to, by section."""


def rule_findings(schema: Iterable[Finding], data: Any) -> list[Finding]:
    """The findings of the rules on the parts of `data` that fit the model.

    `schema` are all findings where it does not fit.
    """
    if not isinstance(data, Mapping):
        return []
    mistakes = _Mistakes.of(schema, data)
    framework = _Recovery(mistakes).entry(Framework, data, ())
    return [
        finding for finding in check(framework, mistakes.lost) if not mistakes.explain(finding)
    ]


class _Mistakes(NamedTuple):
    """The paths at which a document does not fit the model."""

    values: frozenset[Path]
    """Paths of wrong and missing values."""
    keys: frozenset[Path]
    """Paths of wrong keys."""
    above: frozenset[Path]
    """All paths that lead to one of them, or to an unknown key."""
    lost: frozenset[str]
    """The sections that are incomplete."""

    @classmethod
    def of(cls, findings: Iterable[Finding], data: Any) -> _Mistakes:
        values: set[Path] = set()
        keys: set[Path] = set()
        above: set[Path] = set()
        lost: set[str] = set()
        for finding in findings:
            lost |= _lost_with(finding, data)
            above |= {finding.path[:length] for length in range(len(finding.path))}
            if finding.code != Code.UNKNOWN_KEY:
                (keys if _is_bad_key(finding) else values).add(finding.path)
        return cls(frozenset(values), frozenset(keys), frozenset(above), frozenset(lost))

    def explain(self, finding: Finding) -> bool:
        """Whether a finding of a rule is a result of one of the mistakes."""
        path = finding.path
        if finding.at_key and path in self.keys:
            return True
        # A reference to something that is missing is wrong whatever the value below it.
        is_reference = finding.at_key and bool(finding.missing)
        longest = len(path) if is_reference else len(path) + 1
        return any(path[:length] in self.values for length in range(longest))


def _is_bad_key(finding: Finding) -> bool:
    return finding.at_key and finding.code not in {Code.MISSING_KEY, Code.UNKNOWN_KEY}


def _lost_with(finding: Finding, data: Any) -> set[str]:
    """The section that is incomplete after a schema finding, if any."""
    path = finding.path
    part = str(path[0])
    if finding.code == Code.UNKNOWN_KEY:
        # If it is a misspelt key, the missing key is a finding as well.
        return set(map(str, misplaced(Framework, path, data)[:1]))
    if len(path) == 1:
        return {part}
    is_key, inside = _is_bad_key(finding), path[2:]
    is_id = is_key and len(path) == _LENGTH_TO_ID.get(part)
    match part:
        case "scale":
            is_lost = is_key and not inside
        case "readiness":
            is_lost = not is_key and inside != ("label",)
        case "domains":
            is_lost = is_id or inside == ("competences",) or (not is_key and not inside)
        case _:
            is_lost = is_id
    return {part} if is_lost else set()


class _Recovery:
    """Builds models from the values of a document that fit."""

    def __init__(self, mistakes: _Mistakes) -> None:
        self._mistakes = mistakes

    def entry(self, model: type[BaseModel], data: Any, path: Path) -> Any:
        """The value of a model, in which wrong fields have their default or a neutral value."""
        if path not in self._mistakes.above and path not in self._mistakes.values:
            return model.model_validate(data)
        entries = data if isinstance(data, Mapping) and path not in self._mistakes.values else {}
        values: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            key = field.alias or name
            entry_path = (*path, key)
            if key in entries and entry_path not in self._mistakes.values:
                values[name] = self._field(model, name, entries[key], entry_path)
            elif field.is_required():
                values[name] = _neutral(field, path)
        return model.model_construct(**values)

    def _field(self, model: type[BaseModel], name: str, value: Any, path: Path) -> Any:
        if path not in self._mistakes.above:
            return _adapter(model, name).validate_python(value, strict=True)
        annotation = keyed(model.model_fields[name].annotation)
        inner = entry_model(annotation)
        if inner is None or isinstance(value, tuple):
            sound = self._sound(value, path)
            # A list keeps its length, so the positions of what the rules find in it are right.
            is_list = isinstance(sound, tuple) and annotation is not LevelTexts
            return sound if is_list else _adapter(model, name).validate_python(sound, strict=True)
        if get_origin(annotation) is not Mapping:
            return self.entry(inner, value, path)
        return dict(self._entries(annotation, inner, value, path))

    def _entries(
        self, annotation: Any, inner: type[BaseModel], entries: Mapping[Any, Any], path: Path
    ) -> Iterator[tuple[Any, Any]]:
        """Entries by id, those with a wrong id among them, or by level."""
        is_by_level = get_args(get_args(annotation)[0])[:1] == (Decimal,)
        for key, value in entries.items():
            entry_path = (*path, step_of(key))
            level = parse_number(str(entry_path[-1])) if is_by_level else None
            if not is_by_level or (level is not None and entry_path not in self._mistakes.keys):
                yield (
                    entry_path[-1] if level is None else level,
                    self.entry(inner, value, entry_path),
                )

    def _sound(self, value: Any, path: Path) -> Any:
        """A value of plain texts and numbers without what is wrong in it.

        A wrong entry of a list is replaced by a text that is like no other.
        """
        if isinstance(value, tuple):
            entries = [((*path, position), item) for position, item in enumerate(value)]
            return tuple(
                repr(entry) if entry in self._mistakes.values else self._sound(item, entry)
                for entry, item in entries
            )
        if isinstance(value, Mapping):
            return {
                key: self._sound(item, (*path, step_of(key)))
                for key, item in value.items()
                if not self._is_wrong(path, key)
            }
        return value

    def _is_wrong(self, path: Path, key: Any) -> bool:
        entry_path = (*path, step_of(key))
        return entry_path in self._mistakes.values or entry_path in self._mistakes.keys


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    kind: Any = field.annotation
    return TypeAdapter(Annotated[kind, *field.metadata] if field.metadata else kind)


def _neutral(field: FieldInfo, path: Path) -> Any:
    """A value that no rule reports: for a missing name, the id of the entry."""
    match field.annotation:
        case kind if kind is str:
            return str(path[-1]) if path else ""
        case kind if kind is Decimal:
            return Decimal("Infinity")
    return {}
