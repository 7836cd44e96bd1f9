"""Advice on career paths: a role should require no less than the role that leads to it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.numbers import show_number
from pmo_path.domain.rules.registry import advice_rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


@advice_rule(Code.MUST_HAVE_DISAPPEARS)
def must_haves_that_disappear(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A must-have of a role that is none of a role to which it leads."""
    for key, target in _steps(framework):
        requires = framework.roles[target].requires
        for competence, requirement in framework.roles[key].requires.items():
            after = requires.get(competence)
            if requirement.must_have is None or (after and after.must_have is not None):
                continue
            path: Path = ("roles", target, "requires")
            yield Finding(
                code=Code.MUST_HAVE_DISAPPEARS,
                message=f"'{competence}' is a must-have of '{key}', but not of '{target}', to which "
                "that leads",
                path=(*path, competence) if after else path,
                at_key=True,
                hint="add a 'must_have', or suppress this and say why it matters less there",
                related=(
                    ("roles", key, "requires", competence, "must_have"),
                    "it is a must-have here",
                ),
                rests_on=(("roles", key), ("roles", target)),
            )


@advice_rule(Code.LESS_DEMANDING_ROLE)
def roles_that_demand_less(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A role that requires less in total than a role that leads to it."""
    total = {key: _total(framework, key) for key in framework.roles}
    for key, target in _steps(framework):
        if total[target] < total[key]:
            position = framework.roles[key].leads_to.index(target)
            yield Finding(
                code=Code.LESS_DEMANDING_ROLE,
                message=f"'{target}' requires less in total ({show_number(total[target])}) than "
                f"'{key}', which leads to it ({show_number(total[key])})",
                path=("roles", key, "leads_to", position),
                hint="correct the levels and importances, or the career path",
                related=(("roles", target, "requires"), f"'{target}' requires this"),
                rests_on=(("roles", key), ("roles", target)),
            )


def _steps(framework: Framework) -> Iterator[tuple[str, str]]:
    """Each role with each role that it leads to."""
    for key, role in framework.roles.items():
        for target in dict.fromkeys(role.leads_to):
            if target in framework.roles:
                yield key, target


def _total(framework: Framework, role: str) -> Decimal:
    """The levels that a role requires above the lowest one, times their importances."""
    lowest = framework.levels[0]
    return sum(
        (
            requirement.importance * (requirement.level - lowest)
            for requirement in framework.scored(role).values()
        ),
        Decimal(0),
    )
