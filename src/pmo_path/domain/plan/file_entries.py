"""A plan as the file to edit; what people wrote into an earlier file stays in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_path.domain.plan.file import ActionEntry, PlanFile
from pmo_path.domain.target_level import LevelRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Plan, PlannedAction
    from pmo_path.domain.ratings import Ratings


def plan_file(
    plan: Plan, framework: Framework, ratings: Ratings, before: PlanFile | None = None
) -> PlanFile:
    """Return the file of a plan that was made on these ratings.

    `before` is the file that it was made from: its notes and own keys stay, and so do actions that
    are no longer part of the plan but have a tick, a pin, a supporter or a note.
    """
    written = {} if before is None else {entry.id: entry for entry in before.entries}
    planned = {action.id for action in plan.actions}
    return PlanFile.model_validate(
        {
            "schema": 1,
            "kind": "plan",
            "framework": {"id": plan.framework.id, "version": plan.framework.version},
            "person": plan.person,
            "current_role": ratings.role,
            **_target(plan, framework),
            "starts": plan.starts,
            "weeks": plan.limits.weeks,
            "limits": _limits(plan),
            "reach": None if plan.reach is None else plan.reach.id,
            "rated_on": plan.rated_on,
            "ratings": {key: rating.level for key, rating in ratings.ratings.items()},
            "note": "" if before is None else before.note,
            "actions": tuple(_entry(action, written.get(action.id)) for action in plan.actions),
            "earlier": tuple(
                entry
                for entry in written.values()
                if entry.id not in planned and entry.is_worth_keeping
            ),
            "excluded": tuple(reference.id for reference in plan.excluded),
            **({} if before is None else before.model_extra or {}),
        }
    )


def _target(plan: Plan, framework: Framework) -> Mapping[str, Any]:
    role = framework.roles[plan.role.id]
    if not isinstance(role, LevelRole):
        return {"role": plan.role.id}
    return {"target_level": next(iter(role.requires.values())).level}


def _limits(plan: Plan) -> Mapping[str, Any]:
    limits = plan.limits
    return {
        "hours_per_week": limits.hours_per_week,
        "assignments": limits.assignments_at_once,
        "competences": limits.competences_at_once,
        "budget": None if limits.budget is None else limits.budget._asdict(),
    }


def _entry(action: PlannedAction, before: ActionEntry | None) -> ActionEntry:
    """Return the entry of an action, with the own keys that its entry had before."""
    return ActionEntry.model_validate(
        {
            "id": action.id,
            "do": action.title,
            "raises": dict(_raises(action)),
            "hours": action.hours_range,
            "starts": action.starts,
            "due": action.due,
            "status": action.status.value,
            "done_on": action.done_on,
            "pin": action.pinned,
            "supporter": action.supporter,
            "note": action.note,
            **({} if before is None else before.model_extra or {}),
        }
    )


def _raises(action: PlannedAction) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for step in action.raises:
        yield step.competence.id, {"from": step.from_level, "to": step.to_level}
