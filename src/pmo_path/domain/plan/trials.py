"""What would be chosen if things took other efforts than expected: within their ranges, at random."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.plan.model import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.plan.model import Action, Solver, Task

PARTS = 100
"""An effort is drawn from this many equal parts of its range, so it is an exact number."""


def shares_of_trials(task: Task, solver: Solver, trials: int) -> Mapping[str, Fraction]:
    """Return in which share of the trials each action of a task is chosen, by its id.

    The draws depend on nothing but the number of the trial and the id of the action, so results
    are the same everywhere, and an action keeps its efforts when others come or go.
    """
    chosen = dict.fromkeys((action.id for action in task.actions), 0)
    for trial in range(trials):
        drawn = tuple(_drawn(action, trial) for action in task.actions)
        selection = solver(task._replace(actions=drawn), ())
        for key in selection.actions if isinstance(selection, Selection) else ():
            chosen[key] += 1
    return {key: Fraction(count, trials) for key, count in chosen.items()}


def _drawn(action: Action, trial: int) -> Action:
    """The action with hours drawn from its range."""
    low, high = action.hours
    part = random.Random(f"{trial} {action.id}").randrange(PARTS + 1)  # noqa: S311  no secret
    hours = low + (high - low) * part / PARTS
    return action._replace(hours=(Decimal(hours), Decimal(hours)))
