"""A plan as commented YAML to edit."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

from pmo_path.writers.yaml import InlineList, InlineMapping, commented, resolved_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.plan.file import ActionEntry, PlanFile

_EDITS = (
    "Tick off:     status: done, and done_on: 2027-01-15 if you know the day.",
    "Keep dates:   change starts and due, and set pin: true.",
    "Leave out:    add the action's id to excluded.",
    "Who and what: supporter and note are yours, and so is every key that begins with x-.",
    "The rest of an action is for reading. Comments are not kept; notes are.",
)
_ABOVE = {
    "limits": "What the plan keeps to: hours_per_week is what you can find for learning.",
    "ratings": "The ratings that the plan was made on. With newer ones: --ratings FILE.",
    "actions": "What to do, by date.",
    "earlier": "No longer part of the plan, kept for its ticks and notes.",
    "excluded": "Ids of actions that stay out: - course:ID",
}
_ALWAYS = frozenset({"note", "excluded"})
"""Keys that are written even if they are empty, because people fill them in."""


def plan_yaml(plan: PlanFile, name: str = "plan.yaml") -> str:
    """Return a plan as YAML that reads as the same plan, with comments on what to edit.

    `name` is that of the file, for the command in the comments.
    """
    file = quote(name)
    again = f"A development plan. Edit it, then make it again: pmo-path plan {file} -o {file}"
    return commented((again, *_EDITS), "\n".join(_parts(plan)))


def _parts(plan: PlanFile) -> Iterator[str]:
    head: dict[str, Any] = {}
    for key, value in _data(plan).items():
        if key not in _ABOVE:
            head[key] = value
            continue
        if head:
            yield resolved_yaml(head)
            head = {}
        yield f"# {_ABOVE[key]}\n{resolved_yaml({key: value})}"
    if head:
        yield resolved_yaml(head)


def _data(plan: PlanFile) -> Mapping[str, Any]:
    """The keys of a plan in their order, without those that say nothing."""
    data: dict[str, Any] = plan.model_dump(by_alias=True)
    data["framework"] = _filled(data["framework"])
    data["limits"] = _filled(data["limits"])
    data["actions"] = tuple(map(_entry, plan.actions))
    data["earlier"] = tuple(map(_entry, plan.earlier))
    return {
        key: value
        for key, value in data.items()
        if key in _ALWAYS or key == "actions" or not (value is None or value in ("", ()))
    }


def _filled(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _entry(entry: ActionEntry) -> Mapping[str, Any]:
    data: dict[str, Any] = entry.model_dump(by_alias=True)
    data["raises"] = {key: InlineMapping(change) for key, change in data["raises"].items()}
    if entry.hours is not None:
        low, high = entry.hours
        data["hours"] = low if low == high else InlineList(entry.hours)
    return {
        key: value for key, value in data.items() if value not in ({}, None) or key == "done_on"
    }
