"""A development plan for one person: with the solver if it is installed, else one action at a time."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from pmo_path.domain.assessment import target_role
from pmo_path.domain.plan.goal import band_named
from pmo_path.domain.plan.planner import TRIALS, make_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Blocked, EarlierAction, Limits, Plan, Solver
    from pmo_path.domain.ratings import Ratings


def plan(  # noqa: PLR0913  the options of the command
    framework: Framework,
    ratings: Ratings,
    role: str | None = None,
    *,
    limits: Limits,
    starts: datetime.date | None = None,
    reach: str | None = None,
    keep: Collection[str] = (),
    exclude: Collection[str] = (),
    earlier: Iterable[EarlierAction] = (),
    trials: int = TRIALS,
    explain: bool = False,
    today: datetime.date | None = None,
) -> Plan | Blocked:
    """Return a development plan, or what keeps the band to reach out of reach.

    `role` and `reach` are an id, name or label; `role` is found as in `assess`. Weeks count from
    the Monday on or after `starts`, by default `today`. `keep` and `exclude` are ids of actions,
    and `earlier` the actions of a plan made before. Raises UsageProblem for an unknown role or
    band, and for a budget in a currency without any known price.
    """
    today = today or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    return make_plan(
        framework,
        ratings,
        target_role(framework, ratings, role),
        starts=starts or today,
        today=today,
        limits=limits,
        solver=best_solver(),
        reach=None if reach is None else band_named(framework, reach),
        keep=keep,
        exclude=exclude,
        earlier=earlier,
        trials=trials,
        explain=explain,
    )


def best_solver() -> Solver:
    """Return the exact solver if the extra `plan` is installed, else the simple one."""
    try:
        from pmo_path.planning.highs import choose  # noqa: PLC0415  an extra
    except ImportError:
        from pmo_path.domain.plan.greedy import choose_greedily  # noqa: PLC0415

        return choose_greedily
    return choose
