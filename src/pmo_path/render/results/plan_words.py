"""The sentences of a plan: why an action, how a person stands, how it was chosen, what blocks it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.plan.model import ActionKind, Guess, Method, Obstruction
from pmo_path.domain.plan.result import ActionStatus, OpenReason
from pmo_path.render.document import ARROW
from pmo_path.render.role_fit import BAND_REASONS, NO_FIGURE, must_haves_missing, range_words
from pmo_path.render.words import START, count, joined, missing_name, span_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.plan.model import Blocked, Limits, Obstacle, Worth
    from pmo_path.domain.plan.result import OpenGap, Phase, Plan, PlannedAction, Standing
    from pmo_path.domain.report import LevelFacts

_GUESSES = {Guess.HOURS: "hours", Guess.WEEKS: "weeks", Guess.COST: "price"}


def hours_words(hours: Decimal) -> str:
    """Return hours to one decimal: `37.5 hours`, `1 hour`."""
    shown = one_decimal(Fraction(hours)).removesuffix(".0")
    return f"{shown} hour{'' if shown == '1' else 's'}"


def money(amount: Decimal, currency: str) -> str:
    """Return `EUR 1,200`."""
    return f"{currency} {amount:,f}"


# --- Actions ---------------------------------------------------------------------------------------


def why_words(action: PlannedAction) -> str:
    """Return which gaps an action closes or narrows, or which course presupposes it."""
    gaps = (
        f"{step.competence.name}: {show_number(step.from_level)} by then, "
        f"{show_number(step.required)} required"
        for step in action.raises
    )
    must_have = "leads to a missing must-have" if action.for_must_have else ""
    needed = f"needed for {joined(action.needed_for)}" if action.needed_for else ""
    return joined((*gaps, must_have, needed), "; ")


def aims(action: PlannedAction) -> str:
    """Return what an action raises, in a line: `Strategic Thinking 3 → 4`."""
    return joined(
        f"{step.competence.name} {show_number(step.from_level)} {ARROW} {show_number(step.to_level)}"
        for step in action.raises
    )


def raised(action: PlannedAction, scale: Sequence[LevelFacts]) -> tuple[str, ...]:
    """Return the levels that an action raises, with the words of the scale."""
    labels = {level.level: level.label for level in scale}

    def level_shown(level: Decimal) -> str:
        return joined((show_number(level), labels.get(level, "")), " ")

    return tuple(
        f"{step.competence.name}: {level_shown(step.from_level)} {ARROW} {level_shown(step.to_level)}"
        for step in action.raises
    )


def effort(action: PlannedAction) -> str:
    """Return `20 to 30 hours over 12 weeks`; a guessed figure is marked `about`."""
    hours = span_words(action.hours_range, "hour")
    weeks = count(action.weeks, "week")
    if Guess.HOURS in action.guesses:
        hours = f"about {hours}"
    if Guess.WEEKS in action.guesses:
        weeks = f"about {weeks}"
    return f"{hours} over {weeks}"


def guess_words(guesses: Iterable[Guess]) -> str:
    """Return which figures the framework does not state; empty for none."""
    figures = joined(_GUESSES[guess] for guess in guesses)
    return f"{figures}: not in the framework" if figures else ""


def cost_of(action: PlannedAction) -> str:
    """Return the price of a course; empty for a step, and without a budget."""
    if action.cost is None or not action.cost.amount:
        return ""
    about = "about " if Guess.COST in action.guesses else ""
    return f"{about}{money(*action.cost)}"


def supported_by(action: PlannedAction) -> str | tuple[str, ...]:
    """Return who supports an action: whom the person named, else whom to learn from."""
    if action.supporter:
        return action.supporter
    if action.supporters:
        return action.supporters
    return "nobody yet; name somebody" if action.kind is ActionKind.STEP else ""


def status_words(action: PlannedAction) -> str:
    """Return `open`, `done`, or `done on` with its day."""
    if action.status is ActionStatus.OPEN:
        return "open"
    return f"done on {action.done_on}" if action.done_on else "done"


def loss_words(loss: Worth | None) -> str:
    """Return what a plan loses without an action; empty if nobody asked."""
    if loss is None:
        return ""
    lost = joined(_losses(loss), " and ")
    longer = f"needs {hours_words(-loss.expected_hours)} more" if loss.expected_hours < 0 else ""
    parts = joined((f"loses {lost}" if lost else "", longer), ", and ")
    return f"the plan {parts}" if parts else "another action could replace it at no loss"


def _losses(loss: Worth) -> Iterator[str]:
    if loss.must_haves_met:
        yield count(loss.must_haves_met, "must-have")
    if loss.points:
        yield f"{show_number(loss.points)} weighted gap point{'' if loss.points == 1 else 's'}"


def is_certain(action: PlannedAction) -> bool:
    """Whether nearly all trials chose an action."""
    return action.share_of_trials is not None and action.share_of_trials >= Decimal(4) / 5


# --- Standing --------------------------------------------------------------------------------------


def standing_words(standing: Standing) -> str:
    """Return the band, the readiness, and what must accompany it."""
    if standing.readiness is None:
        return "nothing is rated, so there is no score"
    band = f"{standing.band.label}, " if standing.band else ""
    missing = standing.must_haves_missing
    names = joined(missing_name(must_have.name, must_have.status) for must_have in missing)
    return (
        f"{band}readiness {range_words(standing.readiness)}, "
        f"{standing.at_target} of {standing.applicable} at target, "
        f"{must_haves_missing(len(missing))}{f': {names}' if names else ''}"
    )


def standing_cells(standing: Standing) -> tuple[str, ...]:
    """Return the same as cells: day, readiness, band, at target, must-haves missing."""
    reason = standing.band_reason
    band = standing.band.label if standing.band else NO_FIGURE
    names = joined(
        missing_name(must_have.name, must_have.status) for must_have in standing.must_haves_missing
    )
    return (
        f"{standing.date}",
        NO_FIGURE if standing.readiness is None else range_words(standing.readiness),
        band if reason is None else BAND_REASONS[reason],
        f"{standing.at_target} of {standing.applicable}",
        names or "none",
    )


def phase_title(phase: Phase, after: int | None) -> str:
    """Return the days of a phase; `after` is the last day of the one before."""
    if phase.last_day is None:
        return f"After day {after}" if after else "The whole plan"
    return f"Days {(after or 0) + 1} to {phase.last_day}"


# --- The plan --------------------------------------------------------------------------------------


def verdict(plan: Plan) -> str:
    """Return how much there is to do and where it leads, or why there is nothing to do."""
    if not plan.actions:
        return _nothing_planned(plan)
    number = sum(action.is_open for action in plan.actions)
    reaches = ""
    if plan.reach is not None:
        reaches = f" It {'reaches' if plan.reaches_band else 'does not reach'} {plan.reach.label}."
    return f"{count(number, 'action')} to do.{reaches} At the end: {standing_words(plan.end)}."


def _nothing_planned(plan: Plan) -> str:
    """Return why a plan has no actions, and what to do if that can be changed."""
    if plan.now.readiness is None:
        return "There is nothing to plan yet, because nothing is rated. Rate yourself: pmo-path assess"
    if plan.reach is not None and plan.reaches_band:
        return f"There is nothing to plan: {plan.reach.label} is already reached."
    if plan.open_gaps:
        gaps = count(len(plan.open_gaps), "gap")
        return f"No action fits these limits ({gaps} open)."
    if plan.rate_first or plan.not_applicable:
        return "There is nothing to plan: your rated competences have no gaps."
    return "There is nothing to plan: there are no gaps."


def opening(plan: Plan) -> Iterator[str]:
    """Yield what to know before the plan: what dropped out, where the person is, and the limits."""
    yield from _dropped(plan)
    if plan.now.readiness is None:
        return
    is_done = any(action.raises and not action.is_open for action in plan.actions)
    when = "Now, counting what is done" if is_done else "Now"
    yield f"{when}: {standing_words(plan.now)}."
    if plan.rate_first:
        number = len(plan.rate_first)
        verb, them = ("is", "it") if number == 1 else ("are", "them")
        unrated = f"{count(number, 'competence')} {verb} unrated"
        yield f"{unrated}, so nothing is planned for {them}."
    yield f"Limits: {_limits_words(plan.limits)}."


def _dropped(plan: Plan) -> Iterator[str]:
    """Yield what the person wrote something about, but the plan no longer has."""
    excluded = {reference.id for reference in plan.excluded}
    titles = [
        action.title or action.id
        for action in plan.left_out
        if action.is_noted and action.status is ActionStatus.OPEN and action.id not in excluded
    ]
    if titles:
        yield f"No longer in the plan, but you wrote something about it: {joined(titles, '; ')}."


def to_grant(plan: Plan) -> Iterator[str]:
    """Yield what a manager needs to grant."""
    if plan.actions:
        yield f"{hours_words(plan.limits.hours_per_week)} a week for learning, until {plan.ends}"
    for action in plan.actions:
        if action.is_open and action.start in {"ask", "position", "event"}:
            yield f"From {action.starts}: {action.title} ({START[action.start]})"
    if total := _total_cost(plan):
        yield f"Courses: {total}"


def _total_cost(plan: Plan) -> str:
    costs = [action.cost for action in plan.actions if action.cost is not None and action.is_open]
    total = sum((cost.amount for cost in costs), Decimal(0))
    return f"{money(total, costs[0].currency)} in all" if costs and total else ""


def open_words(plan: Plan) -> Iterator[str]:
    """Yield the gaps that stay open, and why."""
    for gap in plan.open_gaps:
        must_have = gap.must_have is not None and gap.level < gap.must_have
        levels = f"{show_number(gap.level)} reached, {show_number(gap.required)} required"
        missing = "must-have still missing" if must_have else ""
        why = joined((levels, missing, _open_reason(gap, plan)), "; ")
        yield f"{gap.competence.name}: {why}"


def left_out_words(plan: Plan) -> Iterator[str]:
    """Yield what is no longer part of the plan, with what the person noted."""
    for action in plan.left_out:
        yield joined((action.title or action.id, action.status, action.note), "; ")
    for reference in plan.excluded:
        yield f"{reference.name}: you excluded it"


def _limits_words(limits: Limits) -> str:
    """Return what a plan keeps to."""
    budget = limits.budget
    return joined(
        (
            f"{hours_words(limits.hours_per_week)} a week",
            count(limits.weeks, "week"),
            f"at most {count(limits.assignments_at_once, 'assignment')} at once",
            f"{count(limits.competences_at_once, 'competence')} in progress at once",
            f"{money(*budget)} for courses" if budget else "",
        )
    )


def _open_reason(gap: OpenGap, plan: Plan) -> str:
    """Return why a gap stays open."""
    match gap.reason:
        case OpenReason.NO_ACTION:
            return "the framework has no step or course beyond this level"
        case OpenReason.NO_TIME:
            return f"the next action does not fit into {count(plan.limits.weeks, 'week')}"
        case OpenReason.OTHERS_FIRST:
            return "other gaps come first within your time, money and assignments"
        case OpenReason.EXCLUDED:
            return "you excluded the action that would close it"


def _chosen_words(plan: Plan) -> str:
    """Return how the actions were chosen, and how good a plan could be at best."""
    match plan.method:
        case Method.EXACT:
            return "Optimal: no other plan within these limits is better."
        case Method.BEST_FOUND:
            return f"The best plan found that fits the calendar.{_bound(plan)}"
        case Method.GREEDY:
            return (
                "Chosen step by step, by gain per hour, because the solver is not installed; "
                "a better plan may exist. Install it with: pip install 'pmo-path[plan]'"
            )


def _bound(plan: Plan) -> str:
    if plan.bound is None:
        return " A better plan may exist."
    here, best = plan.worth, plan.bound
    return (
        f" It meets {count(here.must_haves_met, 'missing must-have')} and closes "
        f"{show_number(here.points)} weighted gap points; no plan can exceed "
        f"{count(best.must_haves_met, 'must-have')} and {show_number(best.points)} points."
    )


def method_words(plan: Plan) -> Iterator[str]:
    """Yield how the plan was made, and how certain it is."""
    if plan.actions or plan.open_gaps:
        yield _chosen_words(plan)
    if plan.actions:
        steps, courses = map(hours_words, plan.mix)
        yield f"Hours: {steps} for steps at work, {courses} for courses."
    if names := joined(competence.name for competence in plan.not_applicable):
        yield f"n/a, so not planned: {names}."
    guessed = sum(bool(action.guesses) for action in plan.actions)
    if guessed:
        figures = sum(len(action.guesses) for action in plan.actions)
        yield (
            f"{count(figures, 'figure')} in {count(guessed, 'action')} "
            f"{'is an estimate' if figures == 1 else 'are estimates'}, because the framework gives none."
        )
    if plan.trials and plan.actions:
        certain = sum(map(is_certain, plan.actions))
        yield (
            f"The plan was made {plan.trials} more times with other hours from the same ranges: "
            f"{certain} of {count(len(plan.actions), 'action')} were chosen in at least 80 % of "
            "them."
        )


# --- Why there is no plan --------------------------------------------------------------------------

_UNRATED = frozenset(
    {Obstruction.NOTHING_RATED, Obstruction.UNRATED, Obstruction.MUST_HAVE_UNRATED}
)
_LISTED = 15
"""The competences that a sentence about obstacles names."""
_IN_THE_WAY = {
    Obstruction.NOTHING_RATED: "nothing is rated; rate at least one competence",
    Obstruction.TOO_MUCH_NA: (
        "more than a third of the role is n/a, so there is no band; rate more of it"
    ),
    Obstruction.UNRATED: (
        "too many competences are unrated: closing every gap would not be enough; rate more first"
    ),
    Obstruction.MUST_HAVE_UNRATED: "{must_haves_are} unrated; rate {them} first",
    Obstruction.MUST_HAVE_NA: (
        "{must_haves_are} n/a, which counts as missing; rate {them}, or choose a lower band"
    ),
    Obstruction.NO_ACTION: (
        "nothing leads to {goals}; choose a lower band, or add a step or course to the framework"
    ),
    Obstruction.NO_WEEKS: "nothing leads to {goals} within {weeks}; {enough}",
    Obstruction.LIMITS: (
        "{hours} hours a week for {weeks} are not enough within these limits; {enough}"
    ),
    Obstruction.KEPT: (
        "the pinned actions do not fit into {weeks} within these limits; {enough}, or unpin some"
    ),
}


def is_about_ratings(blocked: Blocked) -> bool:
    """Whether ratings that are missing block the band, so that no limit would help."""
    return any(obstacle.reason in _UNRATED for obstacle in blocked.obstacles)


def blocked_words(blocked: Blocked, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each kind of obstacle; `names` are the competences' names by id."""
    band, limits = blocked.band, blocked.limits
    goal = f"'{band.label}' cannot be reached" if band else "there is no such plan"
    grouped: dict[Obstruction, list[Obstacle]] = {}
    for obstacle in blocked.obstacles:
        grouped.setdefault(obstacle.reason, []).append(obstacle)
    for reason, obstacles in grouped.items():
        listed = _listed([names.get(each.competence, "") for each in obstacles])
        is_one = len(obstacles) == 1
        facts = {
            "must_haves_are": f"the must-have {listed} is"
            if is_one
            else f"the must-haves {listed} are",
            "them": "it" if is_one else "them",
            "goals": _listed(
                [
                    f"level {show_number(each.level)} in {names.get(each.competence, '')}"
                    for each in obstacles
                    if each.level is not None
                ]
            ),
            "hours": show_number(limits.hours_per_week),
            "weeks": count(limits.weeks, "week"),
            "enough": _enough(blocked),
        }
        yield f"{goal}: {_IN_THE_WAY[reason].format(**facts)}"


def _listed(texts: Sequence[str]) -> str:
    """Return the first texts as one safe line with "and", and how many more there are."""
    shown = list(texts[:_LISTED])
    if len(texts) > _LISTED:
        shown.append(f"{len(texts) - _LISTED} more")
    return joined([joined(shown[:-1]), *shown[-1:]], " and ")


def _enough(blocked: Blocked) -> str:
    """Return which options to change so that there is a plan, with numbers if they are known."""
    if blocked.enough is None:
        return "choose a later end"
    if not blocked.enough:
        lower = ", or choose a lower band" if blocked.band else ""
        return (
            "raise --weeks, --hours-per-week, --assignments, --competences or --budget, perhaps "
            f"more than one{lower}"
        )
    options = (
        f"--weeks {limits.weeks}"
        if limits.weeks > blocked.limits.weeks
        else f"--hours-per-week {show_number(limits.hours_per_week)}"
        for limits in blocked.enough
    )
    return f"{joined(options, ' or ')} would be enough"
