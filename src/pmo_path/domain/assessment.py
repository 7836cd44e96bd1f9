"""From a framework and ratings to the gap report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.gap import (
    band_facts,
    band_for,
    gaps_in_order,
    readiness_of,
    score,
    strengths_in_order,
)
from pmo_path.domain.levels import one_decimal
from pmo_path.domain.nudges import nudges
from pmo_path.domain.recommend import priorities, rank_training
from pmo_path.domain.report import (
    DomainResult,
    FrameworkFacts,
    GapReport,
    LevelFacts,
    RoleFacts,
    Status,
    missing_name,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import BandFacts, CompetenceResult, Readiness

DEFAULT_TOP = 5
"""How many gaps to work on at once: longer lists are not acted on."""


def target_role(framework: Framework, ratings: Ratings, asked: str | None = None) -> str:
    """The id of the role to assess against: asked for, in the ratings, or where the role leads.

    Raises UsageProblem when none of them says which, with the roles to choose from.
    """
    wanted = asked or ratings.target
    if wanted is not None:
        return role_named(framework, wanted)
    held = framework.roles.get(ratings.role) if ratings.role is not None else None
    ahead = held.leads_to if held is not None else ()
    if len(ahead) == 1:
        return ahead[0]
    choices = ahead or tuple(framework.roles)
    raise UsageProblem(f"which role? pass --role with one of: {', '.join(choices)}")


def role_named(framework: Framework, text: str) -> str:
    """The id of the role known by an id, name or alias. Raises UsageProblem."""
    found = framework.role_names.find(text)
    if found is None:
        hint = framework.role_names.suggest(text) or f"roles: {', '.join(framework.roles)}"
        raise UsageProblem(f"there is no role '{text}'; {hint}")
    return found


def assess(
    framework: Framework,
    ratings: Ratings,
    role: str | None = None,
    *,
    top: int = DEFAULT_TOP,
    today: datetime.date | None = None,
) -> GapReport:
    """The gap report for one person against one role.

    `role` is an id, name or alias; without it the ratings' target counts, then the role that the
    person's current role leads to. `top` is how many priorities to name. `today` dates a report
    whose ratings have no date, and ages evidence. Raises UsageProblem when no role can be told.
    """
    target = target_role(framework, ratings, role)
    results = score(framework, target, ratings)
    gaps = gaps_in_order(results)
    training = rank_training(framework, gaps)
    readiness = readiness_of(results)
    missing = [result for result in results if result.must_have_missing]
    band = band_for(framework, readiness, len(missing))
    return GapReport(
        framework=framework_facts(framework),
        person=ratings.person,
        rater=ratings.rater,
        date=ratings.date or today,
        current_role=None if ratings.role is None else role_facts(framework, ratings.role),
        role=role_facts(framework, target),
        readiness=readiness,
        band=band,
        at_target=sum(result.at_target for result in results),
        applicable=_applicable(results),
        unrated=sum(result.status is Status.UNRATED for result in results),
        verdict=_verdict(results, readiness, band, missing),
        must_haves_missing=tuple(result.id for result in missing),
        results=results,
        domains=tuple(_domains(framework, results)),
        scale=scale_facts(framework),
        bands=tuple(band_facts(key, one) for key, one in framework.readiness.items()),
        strengths=tuple(result.id for result in strengths_in_order(results)),
        gaps=tuple(gap.id for gap in gaps),
        priorities=priorities(framework, gaps, training, top),
        training=training,
        nudges=nudges(framework, ratings, results, today or ratings.date),
    )


def _domains(framework: Framework, results: Sequence[CompetenceResult]) -> Iterator[DomainResult]:
    for key, domain in framework.domains.items():
        within = [result for result in results if result.domain == key]
        if within:
            yield DomainResult(
                id=key,
                name=domain.name,
                readiness=readiness_of(within),
                at_target=sum(result.at_target for result in within),
                applicable=_applicable(within),
            )


def _applicable(results: Iterable[CompetenceResult]) -> int:
    return sum(result.status is not Status.NOT_APPLICABLE for result in results)


def framework_facts(framework: Framework) -> FrameworkFacts:
    """The framework as reports name it."""
    about = framework.framework
    return FrameworkFacts(
        id=about.id,
        version=about.version,
        title=about.title,
        notice=about.notice,
        content_hash=framework.content_hash,
    )


def scale_facts(framework: Framework) -> tuple[LevelFacts, ...]:
    """The levels as reports name them, lowest first."""
    return tuple(LevelFacts(key, framework.scale[key].label) for key in framework.levels)


def role_facts(framework: Framework, role: str) -> RoleFacts:
    """A role as reports name it; `role` is an id of the framework."""
    return RoleFacts(id=role, name=framework.roles[role].name)


def _verdict(
    results: Sequence[CompetenceResult],
    readiness: Readiness | None,
    band: BandFacts | None,
    missing: Sequence[CompetenceResult],
) -> str:
    if readiness is None:
        return "Nothing is rated yet, so there is no readiness to tell."
    applicable = [one for one in results if one.status is not Status.NOT_APPLICABLE]
    unrated = sum(one.status is Status.UNRATED for one in applicable)
    at_target = sum(one.at_target for one in applicable)
    parts = [f"{band.label}: " if band else "", f"readiness {one_decimal(readiness.percent)} %"]
    if unrated:
        parts.append(
            f" (between {one_decimal(readiness.low)} and {one_decimal(readiness.high)} % "
            f"with {unrated} unrated)"
        )
    parts.append(f", {at_target} of {len(applicable)} at target, ")
    parts.append(_must_have_words(missing))
    return "".join(parts) + "."


def _must_have_words(missing: Sequence[CompetenceResult]) -> str:
    if not missing:
        return "no must-have missing"
    names = ", ".join(missing_name(one.name, one.status) for one in missing)
    return f"{len(missing)} must-have{'s' if len(missing) > 1 else ''} missing: {names}"
