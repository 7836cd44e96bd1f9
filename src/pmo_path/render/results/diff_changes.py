"""Each kind of change between two frameworks in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import ChangeKind, Direction, Element
from pmo_path.domain.numbers import show_number
from pmo_path.render.words import change_text, cost_words, count, joined, number_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.diff.model import Change, LevelRange, RequirementFacts

REQUIREMENT_LABELS: Mapping[Direction | None, str] = {
    Direction.MORE: "raised",
    Direction.NEW: "new",
    Direction.MIXED: "raised and lowered",
    Direction.LESS: "lowered",
    Direction.GONE: "removed",
    Direction.IMPORTANCE: "importance",
}
_THRESHOLD_LABELS: Mapping[Direction | None, str] = {
    Direction.MORE: "harder",
    Direction.LESS: "easier",
    Direction.MIXED: "harder and easier",
}
_KEY_NAMES = {"levels": "anchors", "how_to_rate": "how to rate", "second_rater": "second rater"}


def change_label(change: Change) -> str:
    """Return what happened, in a word or two."""
    label = _KINDS[change.kind][0]
    return label if isinstance(label, str) else label[change.direction]


def change_words(change: Change) -> str:
    """Return what changed; empty where the label says it."""
    return _KINDS[change.kind][1](change)


def _requirement(change: Change) -> str:
    before, after = change.before, change.after
    if after is None:
        text = f"was {', '.join(_required(before))}"
    elif before is None:
        text = ", ".join((*_required(after), f"importance {show_number(after.importance)}"))
    else:
        text = ", ".join(_requirement_parts(before, after))
    return f"{_competence(change)}: {text}"


def _competence(change: Change) -> str:
    competence = change.subject.competence
    return "" if competence is None else competence.name


def _required(facts: RequirementFacts) -> Iterator[str]:
    yield f"level {show_number(facts.level)}{in_brackets(facts.label)}"
    if facts.must_have is not None:
        yield f"must-have {show_number(facts.must_have)}"


def _requirement_parts(before: RequirementFacts, after: RequirementFacts) -> Iterator[str]:
    if before.level != after.level:
        yield f"level {_number_change(before.level, after.level)}{in_brackets(after.label)}"
    if before.must_have != after.must_have:
        yield f"must-have {_number_change(before.must_have, after.must_have)}"
    if before.importance != after.importance:
        yield f"importance {_number_change(before.importance, after.importance)}"


def _path(change: Change) -> str:
    if change.after is None:
        return f"no longer leads to {change.before.name}"
    return f"now leads to {change.after.name}"


def _threshold(change: Change) -> str:
    before, after = change.before, change.after
    parts = []
    if before.at_least != after.at_least:
        parts.append(f"at least {_number_change(before.at_least, after.at_least)} %")
    for key, name in (
        ("max_must_haves_missing", "must-haves missing"),
        ("max_must_have_gap", "each short by"),
    ):
        limits = [_limit(getattr(threshold, key)) for threshold in (before, after)]
        if limits[0] != limits[1]:
            parts.append(f"{name} {change_text(*limits)}")
    return ", ".join(parts)


def _limit(maximum: Decimal | int | None) -> str:
    return "any number" if maximum is None else f"at most {maximum}"


def _added(change: Change) -> str:
    facts = change.after
    match change.subject.element:
        case Element.ROLE:
            competences = count_or_no(facts.requirements, "competence")
            return f"requires {competences}, {count_or_no(facts.must_haves, 'must-have')}"
        case Element.COMPETENCE:
            roles = ", ".join(role.name for role in facts.required_by)
            return f"in {facts.domain.name}; required by {roles or 'no role'}"
        case _:
            return ""


def _renamed(change: Change) -> str:
    before, after = change.before, change.after
    if before.name == after.name:
        return f"id {change_text(before.id, after.id)}"
    return f"was {before.name}"


def _develops(change: Change) -> str:
    name = _competence(change)
    if change.after is None:
        return f"no longer {name}"
    if change.before is None:
        return f"now {name}, {_range(change.after)}"
    return f"{name} {change_text(_range(change.before), _range(change.after))}"


def _range(levels: LevelRange) -> str:
    if levels.from_level is None or levels.to_level is None:
        return "levels not known"
    return f"{show_number(levels.from_level)} to {show_number(levels.to_level)}"


def _suits(change: Change) -> str:
    before, after = (
        ", ".join(role.name for role in roles) or "any role"
        for roles in (change.before, change.after)
    )
    return f"for {change_text(before, after)}"


def _cost(change: Change) -> str:
    before, after = (cost_words(cost) or "not known" for cost in (change.before, change.after))
    return f"cost {change_text(before, after)}"


def _text(change: Change) -> str:
    key = change.subject.key
    was = f" (was {change.before})" if key in {"name", "title", "label"} else ""
    name = f"{_KEY_NAMES.get(key, key)}{was}"
    return joined((_competence(change), name), ": ")


_KINDS: Mapping[
    ChangeKind, tuple[str | Mapping[Direction | None, str], Callable[[Change], str]]
] = {
    ChangeKind.REQUIREMENT: (REQUIREMENT_LABELS, _requirement),
    ChangeKind.PATH: ("path", _path),
    ChangeKind.THRESHOLD: (_THRESHOLD_LABELS, _threshold),
    ChangeKind.ADDED: ("added", _added),
    ChangeKind.REMOVED: (
        "removed",
        lambda change: f"its name now leads to {change.after.name}" if change.after else "",
    ),
    ChangeKind.RENAMED: ("renamed", _renamed),
    ChangeKind.MOVED: (
        "moved",
        lambda change: change_text(change.before.name, change.after.name),
    ),
    ChangeKind.DEVELOPS: ("develops", _develops),
    ChangeKind.SUITS: ("suits", _suits),
    ChangeKind.TYPE: ("type", lambda change: change_text(change.before, change.after)),
    ChangeKind.COST: ("changed", _cost),
    ChangeKind.LABEL: ("label", lambda change: f"was '{change.before}'"),
    ChangeKind.LABEL_MOVED: (
        "label",
        lambda change: f"was '{change.before}', which is now the label of another level",
    ),
    ChangeKind.RATED_BY: ("reworded", _text),
    ChangeKind.KEY: (
        "key",
        lambda change: f"{'now' if change.after else 'no longer'} a key competence",
    ),
    ChangeKind.TEXT: ("changed", _text),
}
"""The label of each kind of change, and the words for what changed."""


def _number_change(before: Decimal | None, after: Decimal | None) -> str:
    return change_text(number_words(before) or "none", number_words(after) or "none")


def in_brackets(label: str) -> str:
    """Return the label behind a space in brackets; empty for none."""
    return f" ({label})" if label else ""


def count_or_no(number: int, noun: str) -> str:
    """Return `no roles`, `1 role`, `2 roles`."""
    return count(number, noun) if number else f"no {noun}s"
