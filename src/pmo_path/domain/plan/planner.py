"""Make a development plan: choose actions, give them weeks, and show what they lead to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import framework_facts, role_facts, scale_facts
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import nearest
from pmo_path.domain.plan.actions import without
from pmo_path.domain.plan.fitting import Fitted, Timing, fit
from pmo_path.domain.plan.goal import blocked, reaches
from pmo_path.domain.plan.limits import weeks_of
from pmo_path.domain.plan.model import (
    ActionKind,
    ActionStatus,
    Mix,
    Phase,
    Plan,
    Slot,
    Task,
    Worth,
)
from pmo_path.domain.plan.planned_actions import ActionTexts
from pmo_path.domain.plan.remaining_gaps import Ended
from pmo_path.domain.plan.situation import can_be_done, situation
from pmo_path.domain.plan.standings import levels_by, rated_at, standing
from pmo_path.domain.plan.trials import shares_of_trials
from pmo_path.domain.plan.weekdays import (
    date_to_rate_again,
    first_monday,
    friday,
    monday,
    phases_within,
    review_dates,
    week_of,
    weeks_over,
)
from pmo_path.domain.report import Reference, Status
from pmo_path.domain.scoring import score, strengths_in_order

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import (
        Action,
        Blocked,
        EarlierAction,
        Limits,
        PlannedAction,
        Solver,
        Standing,
    )
    from pmo_path.domain.plan.situation import Situation
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import CompetenceResult

TRIALS = 25
"""How often the task is solved with other efforts."""
WEEKS_TO_A_POSITION = 13
"""Somebody whose role does not lead to the target gets no position and no outside event sooner."""
MOST_STRENGTHS = 5
"""Longer lists of strengths are not used."""


def make_plan(  # noqa: PLR0913  the options of the command
    framework: Framework,
    ratings: Ratings,
    role: str,
    *,
    starts: datetime.date,
    today: datetime.date,
    limits: Limits,
    solver: Solver,
    reach: str | None = None,
    keep: Collection[str] = (),
    exclude: Collection[str] = (),
    earlier: Iterable[EarlierAction] = (),
    trials: int = TRIALS,
    explain: bool = False,
) -> Plan | Blocked:
    """Return a plan for a person towards a role, or what keeps the band out of reach.

    `role` and `reach` are ids of a role and of a band. Weeks count from the Monday on or after
    `starts`, and nothing begins before the one on or after `today`. `keep` and `exclude` are ids of
    actions; `exclude` wins. `earlier` are the actions of a plan made before: what is done counts,
    what is pinned or running keeps its dates, and the rest keeps its weeks where they fit.
    `explain` adds what each action buys. Raises UsageProblem for a budget in a currency without
    any known price, and for an action to keep that there is not.
    """
    written = {action.id: action for action in earlier}
    order = Order(
        starts=first_monday(starts),
        today=today,
        limits=limits,
        keep=frozenset(keep),
        exclude=frozenset(exclude),
        earlier=written,
    )
    person = situation(
        framework, ratings, role, limits=limits, reach=reach, earlier=tuple(written.values())
    )
    _check_known(order.keep, person.catalogue)
    return _Planner(person, order, solver).plan(trials, explain=explain)


def _check_known(keep: Iterable[str], catalogue: Collection[str]) -> None:
    """Raise UsageProblem for an action to keep that does not lead to the role."""
    for key in sorted(keep):
        if key not in catalogue:
            raise UsageProblem(
                f"there is no action '{key}' to keep on the way to this role; "
                + (nearest(key, catalogue) or "leave it out")
            )


class Order(NamedTuple):
    """What is asked of a plan."""

    starts: datetime.date
    """The Monday of week 0."""
    today: datetime.date
    limits: Limits
    keep: frozenset[str]
    exclude: frozenset[str]
    earlier: Mapping[str, EarlierAction]
    """By id."""

    @property
    def weeks_over(self) -> int:
        """How many weeks are over or have begun: nothing new begins in them."""
        return max(0, week_of(self.starts, first_monday(self.today)))

    @property
    def ends(self) -> datetime.date:
        """The last Friday."""
        return friday(self.starts, self.limits.weeks - 1)


class _Planner:
    """Makes one plan."""

    def __init__(self, person: Situation, order: Order, solver: Solver) -> None:
        self._person = person
        self._order = order
        self._solver = solver
        self._allowed = without(person.actions, order.exclude)
        self._pinned = self._slots_kept()
        self._timing = Timing(
            limits=order.limits,
            practice_first=any(action.kind is ActionKind.STEP for action in person.actions),
            not_before={action.id: self._first_week(action) for action in person.actions},
            pinned=self._pinned,
            preferred=self._weeks_preferred(),
            reaches=lambda levels: reaches(person.goal, levels),
        )
        kept = order.keep.union(self._pinned)
        able = can_be_done(self._allowed, self._soonest_ends(), order.limits.weeks, kept)
        self._task = Task(
            actions=able,
            goal=person.goal,
            limits=order.limits._replace(weeks=max(1, order.limits.weeks - order.weeks_over)),
            kept=kept.intersection(action.id for action in able),
        )

    def plan(self, trials: int, *, explain: bool) -> Plan | Blocked:
        """Return the plan, or what blocks it."""
        fitted = fit(self._task, self._timing, self._solver)
        if not isinstance(fitted, Fitted):
            # What cannot end in time is no choice, but it says that more weeks would help.
            return blocked(self._task._replace(actions=self._allowed))
        person, order = self._person, self._order
        shares = shares_of_trials(self._task, self._solver, trials) if trials else {}
        buys = dict(self._buys(fitted)) if explain else {}
        actions = self._shown(fitted, shares, buys)
        results = score(person.framework, person.role, person.ratings)
        levels = self._levels(fitted, order.limits.weeks)
        last_due = max((action.due for action in actions), default=order.ends)
        return Plan(
            framework=framework_facts(person.framework),
            person=person.ratings.person,
            role=role_facts(person.framework, person.role),
            rated_on=person.ratings.date,
            starts=order.starts,
            ends=order.ends,
            limits=order.limits,
            reach=person.goal.band,
            reaches_band=fitted.reached,
            method=fitted.method,
            worth=fitted.worth,
            bound=fitted.bound,
            actions=actions,
            excluded=tuple(self._references(order.exclude)),
            now=standing(person.framework, person.role, person.reached, order.today),
            phases=tuple(self._phases(fitted, actions)),
            end=self._standing(levels, order.ends),
            open_gaps=tuple(self._ended(fitted).gaps(self._results(levels))),
            rate_first=_with_status(results, Status.UNRATED),
            not_applicable=_with_status(results, Status.NOT_APPLICABLE),
            strengths_to_use=tuple(
                Reference(result.id, result.name)
                for result in strengths_in_order(results)[:MOST_STRENGTHS]
            ),
            mix=_mix(fitted.actions),
            reviews=tuple(date for date in self._reviews(actions) if date >= order.today),
            rate_again=date_to_rate_again(max(order.starts, order.today), last_due),
            left_out=tuple(self._left_out(actions)),
            trials=trials,
            scale=scale_facts(person.framework),
            levels_at_end=levels,
        )

    # --- Before: what is kept, and when something can begin ---------------------------------------

    def _slots_kept(self) -> Mapping[str, Slot]:
        """The weeks of what is pinned, and of what has begun and is not due yet."""
        order = self._order
        begins = monday(order.starts, order.weeks_over)
        kept = {}
        for action in self._allowed:
            written = order.earlier.get(action.id)
            if written is not None and (written.pinned or written.starts < begins <= written.due):
                first = max(0, week_of(order.starts, written.starts))
                last = max(first, week_of(order.starts, written.due))
                kept[action.id] = Slot(action.id, first, last)
        return kept

    def _weeks_preferred(self) -> Mapping[str, int]:
        """The first weeks of what was planned before and has not begun."""
        order = self._order
        weeks = {
            action.id: week_of(order.starts, action.starts) for action in order.earlier.values()
        }
        return {key: week for key, week in weeks.items() if week >= order.weeks_over}

    def _first_week(self, action: Action) -> int:
        """The first week in which an action can begin, whatever it waits for."""
        needs_a_chance = action.start in {"position", "event"} and not self._is_next_role()
        return max(self._order.weeks_over, WEEKS_TO_A_POSITION if needs_a_chance else 0)

    def _is_next_role(self) -> bool:
        """Whether the person holds the target or a role that leads to it."""
        held, target = self._person.ratings.role, self._person.role
        roles = self._person.framework.roles
        return held == target or (held is not None and target in roles[held].leads_to)

    def _soonest_ends(self) -> Mapping[str, int]:
        return {
            action.id: self._timing.not_before[action.id] + weeks_of(action, self._order.limits)
            for action in self._allowed
        }

    # --- After: what the actions lead to ---------------------------------------------------------

    def _shown(
        self, fitted: Fitted, shares: Mapping[str, Fraction], buys: Mapping[str, Worth]
    ) -> tuple[PlannedAction, ...]:
        person = self._person
        texts = ActionTexts(
            person.framework,
            person.role,
            self._order.starts,
            self._order.limits.budget,
            self._order.earlier,
            shares,
            buys,
        )
        known = {action.id: action for action in fitted.actions}
        shown = [
            *(texts.done(action, self._raised_from(action)) for action in person.done),
            *texts.open(known, fitted.slots, person.levels),
        ]
        return tuple(sorted(shown, key=lambda action: (action.starts, action.due)))

    def _raised_from(self, action: Action) -> Mapping[str, Decimal]:
        return {
            climb.competence: climb.from_level
            for climb in self._person.climbs
            if climb.action == action.id
        }

    def _levels(self, fitted: Fitted, week: int) -> dict[str, Decimal]:
        """The levels at the beginning of a week."""
        known = {action.id: action for action in fitted.actions}
        return levels_by(known, fitted.slots, self._person.levels, week)

    def _results(self, levels: Mapping[str, Decimal]) -> tuple[CompetenceResult, ...]:
        person = self._person
        return score(person.framework, person.role, rated_at(person.ratings, levels))

    def _standing(self, levels: Mapping[str, Decimal], date: datetime.date) -> Standing:
        person = self._person
        return standing(person.framework, person.role, rated_at(person.ratings, levels), date)

    def _phases(self, fitted: Fitted, actions: Sequence[PlannedAction]) -> Iterator[Phase]:
        starts = self._order.starts
        shown: set[str] = set()
        for last_day, date in phases_within(starts, self._order.ends):
            due = [
                action
                for action in actions
                if action.id not in shown and (action.due <= date or last_day is None)
            ]
            shown.update(action.id for action in due)
            yield Phase(
                last_day=last_day,
                action_ids=tuple(
                    action.id for action in sorted(due, key=lambda action: action.due)
                ),
                standing=self._standing(
                    self._levels(fitted, max(0, weeks_over(starts, date))), date
                ),
            )

    def _ended(self, fitted: Fitted) -> Ended:
        return Ended(
            actions=self._person.actions,
            slots={slot.action: slot for slot in fitted.slots},
            limits=self._order.limits,
            not_before=self._timing.not_before,
            excluded=self._order.exclude,
        )

    def _reviews(self, actions: Sequence[PlannedAction]) -> tuple[datetime.date, ...]:
        return review_dates(
            self._order.starts,
            self._order.ends,
            [
                (action.starts, action.due)
                for action in actions
                if action.status is ActionStatus.OPEN
            ],
        )

    def _left_out(self, actions: Iterable[PlannedAction]) -> Iterator[EarlierAction]:
        shown = {action.id for action in actions}
        known = self._person.catalogue
        for key, action in self._order.earlier.items():
            if key not in shown:
                yield action._replace(title=known[key].title if key in known else "")

    def _references(self, keys: Iterable[str]) -> Iterator[Reference]:
        known = self._person.catalogue
        for key in sorted(keys):
            yield Reference(key, known[key].title if key in known else key)

    def _buys(self, fitted: Fitted) -> Iterator[tuple[str, Worth]]:
        """Yield for each action what the best plan without it is worth less."""
        for action in fitted.actions:
            task = self._task._replace(
                actions=without(self._task.actions, (action.id,)),
                kept=self._task.kept - {action.id},
            )
            other = fit(task, self._timing, self._solver)
            if isinstance(other, Fitted):
                yield action.id, _lost(fitted.worth, other.worth)


def _lost(with_it: Worth, without_it: Worth) -> Worth:
    """What is lost; nothing where the plan without it was found to be better."""
    if without_it.rank >= with_it.rank:
        return Worth(0, Decimal(0), Decimal(0))
    return Worth(
        with_it.must_haves_met - without_it.must_haves_met,
        with_it.points - without_it.points,
        with_it.expected_hours - without_it.expected_hours,
    )


def _with_status(results: Iterable[CompetenceResult], status: Status) -> tuple[Reference, ...]:
    return tuple(
        Reference(result.id, result.name) for result in results if result.status is status
    )


def _mix(actions: Iterable[Action]) -> Mix:
    hours = {kind: Decimal(0) for kind in ActionKind}
    for action in actions:
        hours[action.kind] += action.expected_hours
    return Mix(hours[ActionKind.STEP], hours[ActionKind.COURSE])
