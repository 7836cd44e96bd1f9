"""What can still be judged of a framework whose shape is wrong in places.

One wrong type must not hide the wrong references elsewhere. So what does not fit the model is
replaced by a stand-in, the rules run over the rest, and what they say about the replaced places
is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, get_origin

from pydantic import ValidationError

from pmo_path.domain.codes import Code
from pmo_path.domain.framework import Framework
from pmo_path.domain.rules import check
from pmo_path.readers.schema_errors import (
    MISSING_KEY,
    every_shape_finding,
    field_at,
    key_in,
    misplaced,
    model_at,
    value_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Finding, Path

_ROUNDS = 8
"""A stand-in may itself lack something; the model is not deeper than this."""

_STAND_INS: dict[str, Any] = {
    "schema": 1,
    "scale": {0: {"label": "stand-in 0"}, 1: {"label": "stand-in 1"}},
    "readiness": {"stand-in": {"label": "stand-in", "at_least": 0}},
    "domains": {"stand-in": {"name": "stand-in", "competences": {}}},
    "roles": {"stand-in": {"name": "stand-in", "requires": {}}},
    "training": {},
}
_PARTS = frozenset(_STAND_INS)
_JUDGED_WHOLE = frozenset({"scale", "readiness"})
_OF_NO_CONSEQUENCE = {("label",), ("meaning",)}
"""What may be wrong about a level or a band while all that is judged as a whole is known."""
_LENGTH_TO_ID = {"domains": 4, "roles": 2, "training": 2}
"""How long the path to an id is that others refer to."""


class _Mended(NamedTuple):
    data: Any
    broken: frozenset[Path]
    lost: frozenset[str]


def findings_despite(error: ValidationError, data: Any) -> Iterator[Finding]:
    """What the rules find in the parts of `data` that fit the model."""
    mended = _mend(error, data)
    try:
        framework = Framework.model_validate(mended.data)
    except ValidationError:
        return  # too little is left to judge
    above = {path[:length] for path in mended.broken for length in range(len(path) + 1)}
    for finding in check(framework, mended.lost):
        here = finding.path
        under = any(here[:length] in mended.broken for length in range(len(here) + 1))
        if not under and here not in above:
            yield finding


def _mend(error: ValidationError, data: Any) -> _Mended:
    if not isinstance(data, Mapping):
        return _Mended({}, frozenset(), _PARTS)
    mended = _thawed(data)
    broken: set[Path] = set()
    lost: set[str] = set()
    numbers = count()
    for _ in range(_ROUNDS):
        for finding in every_shape_finding(error, Framework, mended):
            lost |= _lost_with(finding, mended)
            broken.add(_replace(mended, finding, numbers))
        try:
            Framework.model_validate(mended)
        except ValidationError as next_error:
            error = next_error
        else:
            break
    return _Mended(mended, frozenset(broken), frozenset(lost))


def _thawed(data: Any) -> Any:
    """A copy in which mappings can be changed."""
    if isinstance(data, Mapping):
        return {key: _thawed(value) for key, value in data.items()}
    return tuple(map(_thawed, data)) if isinstance(data, tuple) else data


def _lost_with(finding: Finding, data: Any) -> set[str]:
    """The parts that cannot be judged as a whole after this finding."""
    path = finding.path
    part = str(path[0])
    if finding.code == Code.UNKNOWN_KEY:
        # Where it stands for a key that is missing, that is reported as well.
        return set(map(str, misplaced(Framework, path, data)[:1]))
    if len(path) == 1 or (part in _JUDGED_WHOLE and path[2:] not in _OF_NO_CONSEQUENCE):
        return {part}
    is_id = (
        len(path) == _LENGTH_TO_ID.get(part)
        and finding.at_key
        and finding.code != Code.MISSING_KEY
    )
    holds_ids = part == "domains" and (len(path) == 2 or path[2:] == ("competences",))  # noqa: PLR2004
    return {part} if is_id or holds_ids else set()


def _replace(data: dict[Any, Any], finding: Finding, numbers: Iterator[int]) -> Path:
    """Put a stand-in at the finding's place; the path of what is no longer as it was."""
    path = finding.path
    holder = value_at(data, path[:-1])
    if isinstance(holder, tuple):
        _put(data, path[:-1], _with_stand_in(holder, path[-1], numbers))
        return path
    if not isinstance(holder, dict):
        return path
    key = key_in(holder, path[-1])
    is_bad_key = finding.code == Code.UNKNOWN_KEY or (
        finding.at_key and finding.code != Code.MISSING_KEY
    )
    field = field_at(Framework, path)
    if is_bad_key or (field is not None and not field.is_required() and len(path) > 1):
        holder.pop(key, None)
        return path
    stand_in = _stand_in(path, numbers)
    if stand_in is None:
        # A number cannot be made up: the requirement, range or band goes as a whole.
        owner = value_at(data, path[:-2])
        owner.pop(key_in(owner, path[-2]), None)
        return path[:-1]
    holder[path[-1] if key is MISSING_KEY else key] = stand_in
    return path


def _with_stand_in(
    entries: tuple[Any, ...], position: Any, numbers: Iterator[int]
) -> tuple[Any, ...]:
    return (*entries[:position], f"stand-in-{next(numbers)}", *entries[position + 1 :])


def _stand_in(path: Path, numbers: Iterator[int]) -> Any:
    if len(path) == 1 and path[0] in _STAND_INS:
        return _thawed(_STAND_INS[str(path[0])])
    if model_at(Framework, path) is not None:
        return {}
    field = field_at(Framework, path)
    kind = str if field is None else field.annotation
    if kind is str:
        return f"stand-in-{next(numbers)}"
    return {} if get_origin(kind) is Mapping else None


def _put(data: dict[Any, Any], path: Path, value: Any) -> None:
    holder = value_at(data, path[:-1])
    holder[key_in(holder, path[-1])] = value
