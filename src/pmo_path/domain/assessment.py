"""Make the gap report of one person against one role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.bands import band_facts
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.nudges import nudges
from pmo_path.domain.recommendations import learning, priorities
from pmo_path.domain.report import DomainResult, FrameworkFacts, GapReport, LevelFacts, Waypoint
from pmo_path.domain.role_fit import fit_to, role_facts
from pmo_path.domain.scoring import Status, gaps_in_order, readiness_of, score, strengths_in_order
from pmo_path.domain.target_level import no_roles
from pmo_path.domain.what_if import assumed_levels, what_if_report, with_levels

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.scoring import CompetenceResult

DEFAULT_TOP = 5
"""Gaps to work on at once: longer lists are not acted on."""


def target_role(framework: Framework, ratings: Ratings, asked: str | None = None) -> str:
    """Return the id of the role to assess against: `asked`, the target, or what the role leads to.

    Raises UsageProblem, with the roles to choose from, when none of them names one, and for
    ratings that are for a level of every competence.
    """
    target = asked or ratings.target
    if target is not None:
        return role_named(framework, target)
    if level := ratings.target_level:
        raise UsageProblem(
            f"these ratings are for level {level} of every competence; pass --target-level {level}"
        )
    held = framework.roles.get(ratings.role) if ratings.role is not None else None
    ahead = held.leads_to if held is not None else ()
    if len(ahead) == 1:
        return ahead[0]
    if not framework.roles:
        raise no_roles(framework)
    choices = ahead or tuple(framework.roles)
    raise UsageProblem(f"which role? pass --role with one of: {', '.join(choices)}")


def role_named(framework: Framework, text: str) -> str:
    """The id of the role known by an id, name or alias. Raises UsageProblem."""
    role = framework.role_names.find(text)
    if role is None and not framework.roles:
        raise no_roles(framework)
    if role is None:
        raise UsageProblem(f"there is no role '{text}'; {framework.role_hint(text)}")
    return role


def assess(  # noqa: PLR0913  the ratings, the role, and what may be left out
    framework: Framework,
    ratings: Ratings,
    role: str | None = None,
    *,
    top: int = DEFAULT_TOP,
    today: datetime.date | None = None,
    what_if: Mapping[str, object] | None = None,
) -> GapReport:
    """Return the gap report for one person against one role.

    `role` is an id, name or alias; without it the ratings' target counts, then the role that the
    person's current role leads to. `top` is how many priorities to name. `today` dates a report
    whose ratings have no date, and ages evidence. Raises UsageProblem when there is no role to
    assess against. Ratings for a level of every competence need a role of `at_target_level`.

    With `what_if`, levels by competence, the report assumes these ratings and shows the figures
    without them beside its own; see `assumed_levels` for the names and levels, and for errors.
    """
    target = target_role(framework, ratings, role)
    report = _report(framework, ratings, target, top, today)
    if not what_if:
        return report
    levels = assumed_levels(framework, what_if.items())
    assumed = _report(framework, with_levels(ratings, levels), target, top, today)
    return what_if_report(framework, ratings, levels, today=report, assumed=assumed)


def _report(
    framework: Framework, ratings: Ratings, target: str, top: int, today: datetime.date | None
) -> GapReport:
    results = score(framework, target, ratings)
    gaps = gaps_in_order(results)
    advised = learning(framework, target, results)
    return GapReport(
        framework=framework_facts(framework),
        person=ratings.person,
        rater=ratings.rater,
        date=ratings.date or today,
        current_role=None if ratings.role is None else role_facts(framework, ratings.role),
        what_if=None,
        results=results,
        domains=tuple(_domains(framework, results)),
        scale=scale_facts(framework),
        bands=tuple(band_facts(key, band) for key, band in framework.readiness.items()),
        strengths=tuple(result.id for result in strengths_in_order(results)),
        gaps=tuple(gap.id for gap in gaps),
        priorities=priorities(framework, gaps, advised.courses, top),
        training=advised.courses,
        qualifications=advised.qualifications,
        recognition=advised.recognition,
        career_path=tuple(_path(framework, ratings, target)),
        nudges=nudges(framework, ratings, results, today or ratings.date),
        **fit_to(framework, target, results)._asdict(),
    )


def _path(framework: Framework, ratings: Ratings, target: str) -> Iterator[Waypoint]:
    """The roles between the one held and the target, and the target, if it is not the next one."""
    steps = () if ratings.role is None else steps_between(framework, ratings.role, target)
    for key in steps if len(steps) > 1 else ():
        fit = fit_to(framework, key, score(framework, key, ratings))
        yield Waypoint(fit.role, fit.readiness, fit.band, fit.must_haves_missing)


def steps_between(framework: Framework, held: str, target: str) -> tuple[str, ...]:
    """Return the shortest career path from a role to another one, without the first.

    Both are ids. Empty if no path leads there, or if they are the same role.
    """
    paths: list[tuple[str, ...]] = [(held,)]
    reached = {held}
    for path in paths:  # grows while it is read: a breadth-first search
        if path[-1] == target:
            return path[1:]
        ahead = [key for key in framework.roles[path[-1]].leads_to if key not in reached]
        reached.update(ahead)
        paths += [(*path, key) for key in ahead]
    return ()


def _domains(framework: Framework, results: Sequence[CompetenceResult]) -> Iterator[DomainResult]:
    for key, domain in framework.domains.items():
        within = [result for result in results if result.domain == key]
        if within:
            yield DomainResult(
                id=key,
                name=domain.name,
                readiness=readiness_of(within),
                at_target=sum(result.at_target for result in within),
                applicable=sum(result.status is not Status.NOT_APPLICABLE for result in within),
            )


def framework_facts(framework: Framework) -> FrameworkFacts:
    """Return the framework as reports name it."""
    about = framework.framework
    return FrameworkFacts(
        id=about.id,
        version=about.version,
        title=about.title,
        notice=about.notice,
        content_hash=framework.content_hash,
        language=about.language or "",
    )


def scale_facts(framework: Framework) -> tuple[LevelFacts, ...]:
    """Return the levels as reports name them, lowest first."""
    return tuple(LevelFacts(key, framework.scale[key].label) for key in framework.levels)
