"""Next steps for gaps: work experience, exposure, courses, and recognition of what one can do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.training import lifted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.competences import WorkStep
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.domain.training import Cost, CourseChain, TrainingType


class Help(NamedTuple):
    """The effect of a course on one gap of this person."""

    id: str
    """The id of the competence."""
    name: str
    """The name of the competence."""
    from_level: Decimal
    """The person's level."""
    to_level: Decimal | None
    """The level that it prepares for, at most the required one; null if it is not known."""
    covers: Decimal
    """Importance times the levels between the two; 0 if they are not known."""


class CourseCost(NamedTuple):
    """What a course costs, as far as it is known."""

    amount: Decimal
    """The price."""
    currency: str
    """Its currency, such as EUR."""
    as_of: str | None
    """The month or year of the price; null if not known."""
    note: str
    """What it includes; empty if not specified."""


class EarlierCourse(NamedTuple):
    """A course to take before another one."""

    id: str
    name: str
    """The title shown."""
    days: Decimal | None
    """Length in days; none when not known."""
    hours: Decimal | None
    """Length in hours, where it is not given in days; none when not known."""
    duration: str
    """Length in words, where numbers cannot say it."""


class TrainingOption(NamedTuple):
    """Training that suits this person and role, and what it covers together with what comes before."""

    id: str
    title: str
    """The title shown."""
    provider: str
    """Who gives it; empty if not specified."""
    type: Literal["course", "qualification", "recognition"]
    """What kind of learning it is: of days or weeks, of months, or proof of long practice."""
    kind: str
    """The same in the framework's own words; empty if not specified."""
    format: str
    """Classroom, virtual, self-study, …; empty if not specified."""
    days: Decimal | None
    """Length in days; none when not known."""
    hours: Decimal | None
    """Length in hours, where it is not given in days; none when not known."""
    duration: str
    """Length in words, where numbers cannot say it."""
    audience: str
    """Who it is for; empty if not specified."""
    take_first: tuple[EarlierCourse, ...]
    """Other training that it presupposes, in the order in which to take it."""
    prerequisites: tuple[str, ...]
    """Conditions in words."""
    cost: CourseCost | None
    """Its price; none when not known."""
    url: str | None
    """The provider's page about it; null if not specified."""
    checked: str | None
    """The month in which its facts were last checked; null if never."""
    source_date: str | None
    """The month or year of the source of its facts; null when not known."""
    note: str
    """A note for buyers; empty if there is none."""
    covers: Decimal
    """Importance times levels covered, over all gaps that it helps with."""
    helps: tuple[Help, ...]
    """Its effect on each gap that it helps with."""


class ExperienceStep(NamedTuple):
    """A step to take at work, and the level that it leads to."""

    level: Decimal
    """The level that it leads to."""
    do: str
    """The step."""
    first_move: str = ""
    """The first move, for this week; empty if the framework states none."""
    hours_range: tuple[Decimal, Decimal] | None = None
    """The lowest and the highest number of hours that it takes; none when not known."""
    weeks_range: tuple[Decimal, Decimal] | None = None
    """The lowest and the highest number of weeks from start to end; none when not known."""
    start: Literal["alone", "ask", "position", "event"] | None = None
    """The condition for beginning it; none when not known."""


class PriorityReason(NamedTuple):
    """The figures that put a gap among the priorities. JSON has them as a text."""

    rating: Decimal
    """The person's level."""
    required: Decimal
    """The level that the role requires."""
    must_have: Decimal | None
    """The must-have level when the rating is below it; else none."""
    importance: Decimal
    """The importance of the requirement."""
    gap: Decimal
    """Levels missing to the required one."""
    priority: Decimal
    """Importance times gap."""


class Priority(NamedTuple):
    """One of the gaps to work on first: why, and what to do about it."""

    id: str
    """The id of the competence."""
    name: str
    """The name of the competence."""
    why: PriorityReason
    """Why it comes first."""
    experience: ExperienceStep | None
    """The next step at work; none when the framework names none."""
    exposure: tuple[str, ...]
    """Whom to learn from on the way to that level; empty if the framework does not say."""
    evidence_to_collect: tuple[str, ...]
    """Evidence that would prove it."""
    training_ids: tuple[str, ...]
    """Ids of courses that help with this gap, those that cover most of it first."""


class Learning(NamedTuple):
    """The training that suits a person and a role, in three lists."""

    courses: tuple[TrainingOption, ...]
    """Courses, by the weighted gap that they cover."""
    qualifications: tuple[TrainingOption, ...]
    """Long qualifications, in the same order."""
    recognition: tuple[TrainingOption, ...]
    """What recognises the levels that the person has reached, most important for the role first."""


def learning(framework: Framework, role: str, results: Sequence[CompetenceResult]) -> Learning:
    """Return the training that suits the role with this id and the person's `results` in it.

    Courses and qualifications are each ranked by the weighted gap that they cover over all gaps,
    together with the courses that they presuppose; ties go to less time (unknown last), then to the
    framework's order. One that is taken on the way to another of its list is not listed again.
    Recognitions are ranked by the importance of what they recognise, all competences added up.
    """
    chains = [
        chain
        for chain in framework.course_chains.values()
        if framework.training[chain.id].suits(role)
    ]
    gaps = {result.id: result for result in results if result.gap}
    return Learning(
        courses=_ranked(framework, gaps, _of_type(framework, chains, "course")),
        qualifications=_ranked(framework, gaps, _of_type(framework, chains, "qualification")),
        recognition=_earned(framework, results, _of_type(framework, chains, "recognition")),
    )


def _of_type(
    framework: Framework, chains: Iterable[CourseChain], type_: TrainingType
) -> list[CourseChain]:
    return [chain for chain in chains if framework.training[chain.id].type == type_]


def _ranked(
    framework: Framework, gaps: Mapping[str, CompetenceResult], chains: Iterable[CourseChain]
) -> tuple[TrainingOption, ...]:
    fitting = {chain.id: (chain, helps) for chain in chains if (helps := _helps(chain, gaps))}
    on_the_way = {earlier for chain, _ in fitting.values() for earlier in chain.before}
    options = [
        (chain.length_order, _option(framework, chain, helps))
        for chain, helps in fitting.values()
        if chain.id not in on_the_way
    ]
    return tuple(
        option for _, option in sorted(options, key=lambda pair: (-pair[1].covers, pair[0]))
    )


def _helps(chain: CourseChain, gaps: Mapping[str, CompetenceResult]) -> tuple[Help, ...]:
    """Return what a chain does for gaps; nothing unless its last course adds something."""
    helps = []
    adds = False
    for key, gap in gaps.items():
        if gap.rating is None:
            continue
        reached = min(lifted(chain.lifts.get(key, ()), gap.rating), gap.required)
        before = min(lifted(chain.lifts_before.get(key, ()), gap.rating), gap.required)
        adds = adds or reached != before or key in chain.without_levels
        if reached > gap.rating or key in chain.without_levels:
            helps.append(
                Help(
                    id=key,
                    name=gap.name,
                    from_level=gap.rating,
                    to_level=reached if reached > gap.rating else None,
                    covers=gap.importance * (reached - gap.rating),
                )
            )
    return tuple(sorted(helps, key=lambda help_: -help_.covers)) if adds else ()


def _earned(
    framework: Framework, results: Sequence[CompetenceResult], chains: Iterable[CourseChain]
) -> tuple[TrainingOption, ...]:
    def importance(chain: CourseChain) -> Decimal:
        ranges = framework.training[chain.id].ranges
        return sum((result.importance for result in results if result.id in ranges), Decimal(0))

    earned = (chain for chain in chains if _is_earned(framework, chain.id, results))
    return tuple(
        _option(framework, chain, ())
        for chain in sorted(earned, key=lambda chain: -importance(chain))
    )


def _is_earned(framework: Framework, key: str, results: Iterable[CompetenceResult]) -> bool:
    """Return whether every rating that a recognition asks for, of those there are, is reached."""
    ranges = framework.training[key].ranges
    rated = [
        result.rating >= ranges[result.id].from_
        for result in results
        if result.id in ranges and result.rating is not None
    ]
    return bool(rated) and all(rated)


def take_first(framework: Framework, chain: CourseChain) -> tuple[EarlierCourse, ...]:
    """Return the courses to take before the last of a chain, in that order."""
    courses = ((key, framework.training[key]) for key in chain.before)
    return tuple(
        EarlierCourse(key, course.title, course.days, course.hours, course.duration)
        for key, course in courses
    )


def _option(framework: Framework, chain: CourseChain, helps: tuple[Help, ...]) -> TrainingOption:
    training = framework.training[chain.id]
    return TrainingOption(
        id=chain.id,
        title=training.title,
        type=training.type,
        provider=training.provider,
        kind=training.kind,
        format=training.format,
        days=training.days,
        hours=training.hours,
        duration=training.duration,
        audience=training.audience,
        cost=course_cost(training.cost),
        url=training.url,
        take_first=take_first(framework, chain),
        prerequisites=tuple(
            text for text in training.prerequisites if text not in framework.training
        ),
        source_date=training.source_date,
        checked=training.checked,
        note=training.note,
        covers=sum((help_.covers for help_ in helps), Decimal(0)),
        helps=helps,
    )


def course_cost(cost: Cost | None) -> CourseCost | None:
    """Return a cost in a framework as reports have it."""
    return None if cost is None else CourseCost(cost.amount, cost.currency, cost.as_of, cost.note)


def priorities(
    framework: Framework,
    gaps: Sequence[CompetenceResult],
    courses: Sequence[TrainingOption],
    top: int,
) -> tuple[Priority, ...]:
    """Return next steps for the first `top` gaps; `gaps` and `courses` are best first."""
    return tuple(_priority(framework, gap, courses) for gap in gaps[:top])


def _priority(
    framework: Framework, gap: CompetenceResult, courses: Sequence[TrainingOption]
) -> Priority:
    competence = framework.competences[gap.id]
    step = _next_step(competence.experience, gap)
    level = _next_level(framework, gap) if step is None else step.level
    return Priority(
        id=gap.id,
        name=gap.name,
        why=_why(gap),
        experience=step,
        exposure=competence.exposure.at(level),
        evidence_to_collect=competence.evidence.at(level),
        training_ids=tuple(_courses_for(gap, courses)),
    )


def _courses_for(gap: CompetenceResult, courses: Iterable[TrainingOption]) -> Iterator[str]:
    """Return the ids of the courses that help with a gap: those that cover most of it first."""
    helping = [
        (help_.covers, option.id)
        for option in courses
        for help_ in option.helps
        if help_.id == gap.id
    ]
    return (key for _, key in sorted(helping, key=lambda pair: -pair[0]))


def _next_step(steps: Mapping[Decimal, WorkStep], gap: CompetenceResult) -> ExperienceStep | None:
    above = [level for level in steps if gap.rating is not None and level > gap.rating]
    if not above:
        return None
    level = min(above)
    step = steps[level]
    return ExperienceStep(level, step.do, step.first_move, step.hours, step.weeks, step.start)


def _next_level(framework: Framework, gap: CompetenceResult) -> Decimal:
    """The level of the scale after the rating."""
    above = (level for level in framework.levels if gap.rating is None or level > gap.rating)
    return next(above, gap.required)


def _why(gap: CompetenceResult) -> PriorityReason:
    return PriorityReason(
        rating=gap.rating or Decimal(0),
        required=gap.required,
        must_have=gap.must_have if gap.must_have_shortfall else None,
        importance=gap.importance,
        gap=gap.gap or Decimal(0),
        priority=gap.priority or Decimal(0),
    )
