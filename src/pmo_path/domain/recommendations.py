"""Next steps for gaps: work experience, exposure and courses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.report import (
    CourseCost,
    ExperienceStep,
    Help,
    Priority,
    PriorityReason,
    TrainingOption,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import CompetenceResult
    from pmo_path.domain.training import Training
    from pmo_path.domain.work_steps import WorkStep


def rank_training(
    framework: Framework, gaps: Sequence[CompetenceResult]
) -> tuple[TrainingOption, ...]:
    """Return every course that fits the rating of a gap, best first.

    Best is the largest weighted gap closed over all gaps; ties go to the shorter one (unknown last),
    then to the framework's order.
    """
    by_id = {gap.id: gap for gap in gaps}
    options = [
        _option(framework, key, training, helps)
        for key, training in framework.training.items()
        if (helps := _helps(training, by_id))
    ]
    return tuple(
        sorted(
            options,
            key=lambda option: (-option.closes, by_length(framework.training[option.id])),
        )
    )


def by_length(course: Training) -> tuple[bool, Decimal]:
    """The sort key that puts shorter courses first, and those of unknown length last."""
    length = course.length_in_days
    return length is None, length or Decimal(0)


def _helps(training: Training, gaps: Mapping[str, CompetenceResult]) -> tuple[Help, ...]:
    helps = []
    for competence, levels in training.ranges.items():
        gap = gaps.get(competence)
        if gap is None or gap.rating is None or not levels.from_ <= gap.rating < levels.to:
            continue
        reached = min(levels.to, gap.required)
        helps.append(
            Help(
                id=competence,
                name=gap.name,
                from_level=gap.rating,
                to_level=reached,
                closes=gap.importance * (reached - gap.rating),
            )
        )
    return tuple(sorted(helps, key=lambda option: -option.closes))


def _option(
    framework: Framework, key: str, training: Training, helps: tuple[Help, ...]
) -> TrainingOption:
    cost = training.cost
    return TrainingOption(
        id=key,
        title=training.title,
        provider=training.provider,
        type=training.type,
        kind=training.kind,
        format=training.format,
        days=training.days,
        hours=training.hours,
        duration=training.duration,
        prerequisites=tuple(
            framework.training[prerequisite].title
            if prerequisite in framework.training
            else prerequisite
            for prerequisite in training.prerequisites
        ),
        cost=None
        if cost is None
        else CourseCost(cost.amount, cost.currency, cost.as_of, cost.note),
        url=training.url,
        checked=training.checked,
        source_date=training.source_date,
        note=training.note,
        closes=sum((helped.closes for helped in helps), Decimal(0)),
        helps=helps,
    )


def priorities(
    framework: Framework,
    gaps: Sequence[CompetenceResult],
    training: Sequence[TrainingOption],
    top: int,
) -> tuple[Priority, ...]:
    """Return next steps for the first `top` gaps; `gaps` and `training` are best first."""
    return tuple(_priority(framework, gap, training) for gap in gaps[:top])


def _priority(
    framework: Framework, gap: CompetenceResult, training: Sequence[TrainingOption]
) -> Priority:
    competence = framework.competences[gap.id]
    step = _next_step(competence.experience, gap)
    level = _next_level(framework, gap) if step is None else step.level
    return Priority(
        id=gap.id,
        name=gap.name,
        why=_why(gap),
        experience=step,
        exposure=next(iter(competence.exposure.at(level)), ""),
        evidence_to_collect=competence.evidence.at(level),
        training_ids=tuple(
            option.id for option in training if any(helped.id == gap.id for helped in option.helps)
        ),
    )


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
