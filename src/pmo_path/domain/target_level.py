"""A level of every competence as the target, in place of a role."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.framework import Framework, Requirement, Role
from pmo_path.domain.names import half_width
from pmo_path.domain.numbers import exact_or_none, parse_number, show_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


class LevelRole(Role):
    """A role that no file has: it requires the same level of every competence."""


def with_target(
    framework: Framework, role: str | None, target_level: str | None
) -> tuple[Framework, str | None]:
    """The framework and the role to rate against, as given or for a target level.

    Raises UsageProblem for both a role and a level, and for a level that cannot be a target.
    """
    if target_level is None:
        return framework, role
    if role is not None:
        raise UsageProblem("--role and --target-level both set the target; leave one of them out")
    return at_target_level(framework, target_level)


def at_target_level(framework: Framework, level: str | Decimal) -> tuple[Framework, str]:
    """The framework with one more role, and its id: all competences required at `level`.

    The importance of each is the default, and there are no must-haves. The level is above the
    lowest possible rating, and may lie between two levels. Raises UsageProblem for another one.
    """
    target = _level(framework, str(level))
    number = show_number(target)
    role = LevelRole(
        name=f"Level {number} {framework.label_of(target)}".strip(),
        requires={key: Requirement(level=target) for key in framework.competences},
    )
    ids = (f"level-{number}{'' if turn == 1 else f'-{turn}'}" for turn in count(1))
    key = next(key for key in ids if framework.role_names.find(key) is None)
    return _with_role(framework, key, role), key


def with_levels(framework: Framework, levels: Sequence[str]) -> tuple[Framework, tuple[str, ...]]:
    """The framework with a role for each of several target levels, and the ids of these.

    Raises UsageProblem for a level that cannot be a target, and for one that is repeated.
    """
    targets = [_level(framework, level) for level in levels]
    roles: list[str] = []
    for index, level in enumerate(targets):
        if level in targets[:index]:
            raise UsageProblem(
                f"--target-level {show_number(level)} is repeated; name another one"
            )
        framework, role = at_target_level(framework, level)
        roles.append(role)
    return framework, tuple(roles)


def _level(framework: Framework, text: str) -> Decimal:
    level = exact_or_none(parse_number(half_width(text).strip()))
    low, high = framework.levels[0], framework.levels[-1]
    if level is None or not low < level <= high:
        raise UsageProblem(
            f"--target-level takes a level above {show_number(low)} and up to "
            f"{show_number(high)}, not '{text}'"
        )
    return level


def _with_role(framework: Framework, key: str, role: Role) -> Framework:
    fields = {name: getattr(framework, name) for name in Framework.model_fields}
    fields["roles"] = {**framework.roles, key: role}
    copy = Framework.model_construct(**fields, **(framework.model_extra or {}))
    # Reports name the framework that people have, not this copy.
    copy.__dict__["content_hash"] = framework.content_hash
    return copy


def no_roles(framework: Framework) -> UsageProblem:
    """The problem of a framework without roles where one is needed."""
    low, high = framework.levels[0], framework.levels[-1]
    return UsageProblem(
        "this framework has no roles; name the level to reach with --target-level "
        f"(above {show_number(low)}, up to {show_number(high)})"
    )
