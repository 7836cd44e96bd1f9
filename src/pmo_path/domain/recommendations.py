"""Next steps for gaps: work experience, exposure and courses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.report import (
    ExperienceStep,
    Help,
    Priority,
    PriorityReason,
    TrainingOption,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.framework import Framework, Training
    from pmo_path.domain.report import CompetenceResult


def rank_training(
    framework: Framework, gaps: Sequence[CompetenceResult]
) -> tuple[TrainingOption, ...]:
    """Return every course that fits the rating of a gap, best first.

    Best is the largest weighted gap closed over all gaps; ties go to fewer days (unknown last),
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
            key=lambda option: (-option.closes, option.days is None, option.days or Decimal(0)),
        )
    )


def _helps(training: Training, gaps: Mapping[str, CompetenceResult]) -> tuple[Help, ...]:
    helps = []
    for competence, levels in training.develops.items():
        gap = gaps.get(competence)
        if gap is None or gap.rating is None or not levels.from_ <= gap.rating < levels.to:
            continue
        reached = min(levels.to, gap.required)
        helps.append(
            Help(
                competence=competence,
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
    return TrainingOption(
        id=key,
        title=training.title,
        provider=training.provider,
        kind=training.kind,
        format=training.format,
        days=training.days,
        duration=training.duration,
        prerequisites=tuple(
            framework.training[prerequisite].title
            if prerequisite in framework.training
            else prerequisite
            for prerequisite in training.prerequisites
        ),
        checked=training.checked,
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
    return Priority(
        competence=gap.id,
        name=gap.name,
        why=_why(gap),
        experience=_next_step(competence.experience, gap),
        exposure=competence.exposure[0] if competence.exposure else "",
        evidence=competence.evidence,
        training=tuple(
            option.id
            for option in training
            if any(helped.competence == gap.id for helped in option.helps)
        ),
    )


def _next_step(steps: Mapping[Decimal, str], gap: CompetenceResult) -> ExperienceStep | None:
    above = [level for level in steps if gap.rating is not None and level > gap.rating]
    return ExperienceStep(level=min(above), action=steps[min(above)]) if above else None


def _why(gap: CompetenceResult) -> PriorityReason:
    return PriorityReason(
        rating=gap.rating or Decimal(0),
        required=gap.required,
        must_have=gap.must_have if gap.must_have_shortfall else None,
        importance=gap.importance,
        gap=gap.gap or Decimal(0),
        priority=gap.priority or Decimal(0),
    )
