"""Development plans: their limits, what they are made from, and how they are made."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.inputs import Read, read_file
from pmo_path.domain.assessment import target_role
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.numbers import exact_or_none
from pmo_path.domain.plan.file import PlanFile, in_calendar, plan_file
from pmo_path.domain.plan.goal import band_named
from pmo_path.domain.plan.limits import MAX_AT_ONCE, MAX_HOURS_PER_WEEK, MAX_WEEKS
from pmo_path.domain.plan.model import Blocked, Limits, Money, Solver
from pmo_path.domain.plan.planner import TRIALS, make_plan
from pmo_path.domain.plan.situation import Order, situation
from pmo_path.domain.plan.weekdays import first_monday, weeks_over
from pmo_path.domain.target_level import with_target
from pmo_path.readers.files import read_bytes
from pmo_path.readers.filetype import FileType, IdentifiedFile, identify
from pmo_path.readers.plan import ReadPlan, action_ids, read_plan
from pmo_path.readers.ratings import ratings_read
from pmo_path.writers.plan import plan_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.result import EarlierAction, Plan
    from pmo_path.domain.ratings import Ratings

DEFAULT_WEEKS = 26
"""Half a year: as long as people can foresee, and when to rate again."""
_AMOUNT = r"(?P<amount>\d{1,8}(?:\.\d{1,2})?)"
_CURRENCY = r"(?P<currency>[A-Za-z]{3})"
_BUDGET = (
    re.compile(rf"{_AMOUNT} *{_CURRENCY}", re.ASCII),
    re.compile(rf"{_CURRENCY} *{_AMOUNT}", re.ASCII),
)


def plan(  # noqa: PLR0913  the options of the command
    framework: Framework,
    ratings: Ratings,
    role: str | None = None,
    *,
    limits: Limits,
    starts: datetime.date | None = None,
    reach: str | None = None,
    exclude: Iterable[str] = (),
    earlier: Iterable[EarlierAction] = (),
    trials: int = TRIALS,
    explain: bool = False,
    today: datetime.date | None = None,
    solver: Solver | None = None,
) -> Plan | Blocked:
    """Return a development plan, or what keeps the band to reach out of reach.

    `role` and `reach` are an id, name or label; `role` is found as in `assess`. Weeks count from
    the Monday on or after `starts`, by default `today`. `exclude` are ids of actions, `earlier` the
    actions of a plan made before, and `solver` chooses, by default the best one installed. Raises
    UsageProblem for an unknown role or band, and for a budget in a currency without any known
    price.
    """
    today = today or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    order = Order(
        starts=first_monday(starts or today),
        today=today,
        limits=limits,
        reach=None if reach is None else band_named(framework, reach),
        exclude=frozenset(exclude),
        earlier={action.id: action for action in earlier},
    )
    person = situation(framework, ratings, target_role(framework, ratings, role), order)
    return make_plan(person, solver or best_solver(), trials=trials, explain=explain)


def best_solver() -> Solver:
    """Return the exact solver if the extra `plan` is installed, else the simple one."""
    try:
        from pmo_path.planning.highs import choose  # noqa: PLC0415  an extra
    except ImportError:
        from pmo_path.domain.plan.greedy import choose_greedily  # noqa: PLC0415

        return choose_greedily
    return choose


# --- Limits --------------------------------------------------------------------------------------


class PlanOptions(NamedTuple):
    """The options of `pmo-path plan`; None takes the earlier plan's value, or the default."""

    hours_per_week: Decimal | None = None
    until: datetime.date | None = None
    weeks: int | None = None
    start: datetime.date | None = None
    assignments: int | None = None
    competences: int | None = None
    budget: str | None = None
    reach: str | None = None
    exclude: Sequence[str] = ()
    """In addition to what the earlier plan excludes."""


def plan_from(
    source: PlanSource, options: PlanOptions, *, today: datetime.date, explain: bool = False
) -> Plan | Blocked:
    """Return the plan for the options, which override those of an earlier plan.

    Raises UsageProblem for impossible limits.
    """
    before = source.before
    starts = _start(options.start) or (today if before is None else before.starts)
    excluded = actions_named(source.framework, options.exclude)
    return plan(
        source.framework,
        source.ratings,
        source.role,
        limits=_limits(options, before, starts),
        starts=starts,
        reach=before.reach if before is not None and options.reach is None else options.reach,
        exclude=excluded if before is None else (*before.excluded, *excluded),
        earlier=() if before is None else [entry.earlier for entry in before.entries],
        explain=explain,
        today=today,
    )


def _limits(options: PlanOptions, before: PlanFile | None, starts: datetime.date) -> Limits:
    if options.until is not None and options.weeks is not None:
        raise UsageProblem("--until and --weeks both set the end; leave one of them out")
    hours, weeks, assignments, competences = options.hours_per_week, DEFAULT_WEEKS, 2, 3
    if before is not None:
        hours = before.limits.hours_per_week if hours is None else hours
        weeks = before.weeks
        assignments, competences = before.limits.assignments, before.limits.competences
    return Limits(
        hours_per_week=_hours(hours),
        weeks=_weeks(options, starts, weeks),
        assignments_at_once=_at_once("assignments", options.assignments, assignments, least=0),
        competences_at_once=_at_once("competences", options.competences, competences, least=1),
        budget=_budget(options, before),
    )


def _start(start: datetime.date | None) -> datetime.date | None:
    try:
        return None if start is None else in_calendar(start)
    except ValueError as error:
        raise UsageProblem(f"--start: {error}, not {start}") from None


def _hours(hours: Decimal | None) -> Decimal:
    if hours is None:
        raise UsageProblem(
            "how many hours a week can you find for learning? Add --hours-per-week 4"
        )
    number = exact_or_none(hours)
    if number is None or not 0 < number <= MAX_HOURS_PER_WEEK:
        raise UsageProblem(
            f"--hours-per-week takes a number above 0 and up to {MAX_HOURS_PER_WEEK}, not {hours}"
        )
    return hours


def _weeks(options: PlanOptions, starts: datetime.date, default: int) -> int:
    weeks = options.weeks if options.weeks is not None else default
    if options.until is not None:
        weeks = _weeks_until(options.until, starts)
    if weeks < 1:
        raise UsageProblem(f"--weeks takes a number of 1 or more, not {weeks}")
    if weeks > MAX_WEEKS:
        raise UsageProblem(
            f"a plan of {weeks} weeks is longer than five years ({MAX_WEEKS} weeks); "
            "choose an earlier end"
        )
    return weeks


def _weeks_until(until: datetime.date, starts: datetime.date) -> int:
    """How many weeks from Monday to Friday lie between the start and the end."""
    if until < starts:
        raise UsageProblem(f"the end, {until}, is before the start, {starts}; choose a later end")
    weeks = weeks_over(first_monday(starts), until)
    if weeks < 1:
        raise UsageProblem(
            f"there is no whole week from Monday to Friday between {starts} and {until}; "
            "choose a later end"
        )
    return weeks


def _at_once(option: str, number: int | None, default: int, *, least: int) -> int:
    chosen = default if number is None else number
    if not least <= chosen <= MAX_AT_ONCE:
        raise UsageProblem(
            f"--{option} takes a whole number from {least} to {MAX_AT_ONCE}, not {chosen}"
        )
    return chosen


def _budget(options: PlanOptions, before: PlanFile | None) -> Money | None:
    if options.budget is None:
        earlier = None if before is None else before.limits.budget
        return None if earlier is None else Money(earlier.amount, earlier.currency)
    for pattern in _BUDGET:
        if match := pattern.fullmatch(options.budget.strip()):
            return Money(Decimal(match["amount"]), match["currency"].upper())
    raise UsageProblem(
        f"--budget takes a sum and its currency, such as '2000 EUR', not '{options.budget}'"
    )


# --- Sources -------------------------------------------------------------------------------------


class PlanSource(NamedTuple):
    """What a plan is made from."""

    framework: Framework
    """The framework, with one more role where the target is a level."""
    role: str
    """The id of the role aimed at."""
    ratings: Ratings
    before: PlanFile | None
    """The plan made before; None where it is made from ratings."""
    notes: tuple[tuple[str, int, str], ...]
    """What to know about the files: each with the file's name and its line."""


def read_plan_source(  # noqa: PLR0913  the options of the command
    path: Path,
    framework: Framework,
    *,
    role: str | None = None,
    target_level: str | None = None,
    newer: Path | None = None,
    today: datetime.date,
    read: Read = read_file,
) -> PlanSource:
    """Read ratings or a plan file; `newer` are ratings in place of those in the plan file.

    Raises InputInvalid with every mistake in a file, and UsageProblem where the options and the
    files do not go together.
    """
    name, content = read(path)
    file = identify(content, name)
    if file.type is FileType.PLAN:
        if role is not None or target_level is not None:
            raise UsageProblem(
                "a plan file names its role; change role or target_level in it, or make a new plan "
                "from ratings"
            )
        plan_read = read_plan(identify(content, name, FileType.PLAN), framework, today)
        return _again(plan_read, name, newer, read)
    if newer is not None:
        raise UsageProblem("--ratings goes with a plan file; pass one file of ratings alone")
    framework, target = with_target(framework, role, target_level)
    result = ratings_read(file, framework)
    if target is None and result.ratings.target_level:
        framework, target = with_target(framework, None, result.ratings.target_level)
    return PlanSource(
        framework,
        target_role(framework, result.ratings, target),
        result.ratings,
        None,
        tuple((name, line, note) for line, note in result.notes()),
    )


def _again(plan_read: ReadPlan, name: str, newer: Path | None, read: Read) -> PlanSource:
    """Return what to remake an earlier plan from."""
    plan, framework = plan_read.plan, plan_read.framework
    notes: list[tuple[str, int, str]] = []
    if plan_read.is_on_other_version:
        ours = framework.framework.version
        made = plan.framework.version
        note = f"this plan was made on version {made} of the framework, and {ours} is in use"
        notes.append((name, 1, note))
    ratings = plan_read.ratings
    if newer is not None:
        newer_name, content = read(newer)
        result = ratings_read(identify(content, newer_name), framework)
        ratings = result.ratings
        _check_person(plan.person, ratings.person, newer_name)
        notes += ((newer_name, line, note) for line, note in result.notes())
        if ratings.role is None:
            ratings = ratings.model_copy(update={"role": plan_read.ratings.role})
    return PlanSource(framework, plan_read.role, ratings, plan, tuple(notes))


def _check_person(planned: str, rated: str, name: str) -> None:
    """Raise UsageProblem for newer ratings of somebody else, to whom no tick of the plan belongs."""
    if planned and rated and fold(planned) != fold(rated):
        raise UsageProblem(
            f"the plan is for '{planned}', but '{name}' has the ratings of '{rated}'; "
            "make a new plan from those ratings"
        )


def keep_what_is_written(output: Path, source: PlanSource) -> None:
    """Raise UsageProblem if a file is another plan that somebody has edited."""
    if not output.is_file():
        return
    file = identify(read_bytes(output), str(output), FileType.PLAN)
    if file.type is FileType.PLAN and _is_edited(file, source.before):
        raise UsageProblem(
            f"'{output}' is a plan with ticks, dates or notes of yours; pass it to this command to "
            "keep them, or write the new plan to another file"
        )


def _is_edited(file: IdentifiedFile, source: PlanFile | None) -> bool:
    """Whether a plan file has something that a person wrote, and that the new plan does not get."""
    try:
        plan = PlanFile.model_validate(file.document().data)
    except (InputInvalid, ValueError):  # it has mistakes, so somebody has edited it
        return True
    known = [] if source is None else list(_written_in(source))
    return any(part not in known for part in _written_in(plan))


def _written_in(plan: PlanFile) -> Iterator[object]:
    """Yield what a person has written into a plan, the part about each action with its id."""
    if plan.note or plan.model_extra:
        yield plan.note, plan.model_extra
    for entry in plan.entries:
        if entry.is_worth_keeping:
            ticks = (entry.status, entry.done_on, entry.pin)
            yield entry.id, ticks, entry.supporter, entry.note, entry.model_extra


def plan_text(plan: Plan, source: PlanSource, name: str) -> str:
    """Return a plan as the text of the file `name`, with what a person wrote into the one before."""
    return plan_yaml(plan_file(plan, source.framework, source.ratings, source.before), name)


def action_titles(framework: Framework) -> Iterator[tuple[str, str]]:
    """Yield the id of each step and course of a framework, and its competence or title."""
    for key in action_ids(framework):
        kind, _, rest = key.partition(":")
        if kind == "course":
            yield key, framework.training[rest].title
        else:
            yield key, framework.shown_name(rest.rpartition(":")[0])


def actions_named(framework: Framework, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of actions. Raises UsageProblem for one that the framework does not have."""
    known = dict.fromkeys(action_ids(framework))
    named = tuple(texts)
    for text in named:
        if text not in known:
            hint = nearest(text, known) or "--format json shows the ids of a plan's actions"
            raise UsageProblem(f"there is no action '{text}'; {hint}")
    return named
