"""What all writers of the gap report say alike: words for what it holds, computing nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.ratings import is_self, rater_named
from pmo_path.domain.report import Status
from pmo_path.render.role_fit import NEXT_BAND, band_rule, next_band_words
from pmo_path.render.words import (
    CONVERSATION_AID,
    checked_words,
    joined,
    length_words,
    now_words,
    why,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pmo_path.domain.report import (
        CompetenceResult,
        DomainResult,
        FrameworkFacts,
        GapReport,
        Priority,
        Readiness,
        TrainingOption,
    )

STRENGTHS_SHOWN = 5
COURSES_SHOWN = 5
COURSES_PER_GAP = 2
STANDING = "Where you stand"
FIRST = "Work on these first"
TRAINING = "Training, by how much of all your gaps it closes"
LOOK_AGAIN = "Worth checking"
EXPLAINED = "How the numbers were made"
GAP_RULE = "Gap: required level minus rating, never below 0. Priority: weight times gap."
REACHED_RULE = (
    "Reached: weight times the levels reached of those required, counted from the bottom of "
    "the scale. Of: the most it can be."
)
READINESS_RULE = (
    "Readiness: the total reached as a share of the total possible. The low end of its range puts "
    "unrated competences at the lowest level, the high end at the required level; n/a is not "
    "counted. A surplus never makes up for a gap."
)
ORDER_RULE = "Order of gaps: must-have shortfalls, deepest first; then priority; then gap."
METHOD = (GAP_RULE, REACHED_RULE, READINESS_RULE, ORDER_RULE)
COLUMNS = ("Competence", "Now", "Required", "Gap", "Must-have", "Weight")


class Rated(Protocol):
    """Anything made of one person's ratings."""

    @property
    def rater(self) -> str:
        """Who rated."""

    @property
    def date(self) -> datetime.date | None:
        """When."""


def title(report: GapReport, arrow: str = "→") -> str:
    """Whose report it is, and from which role to which."""
    path = report.role.name
    if report.current_role is not None and report.current_role.id != report.role.id:
        path = f"{report.current_role.name} {arrow} {path}"
    return joined((report.person, path), ": ")


def facts(report: GapReport) -> str:
    """Who rated, when, and on which framework."""
    return joined((rated_words(report), edition(report.framework)), "; ")


def edition(about: FrameworkFacts) -> str:
    """Which framework, in which version."""
    return f"{about.title} (version {about.version})"


def footnotes(framework: FrameworkFacts) -> tuple[str, ...]:
    """What stands below everything that is said of a person."""
    return tuple(filter(None, (CONVERSATION_AID, framework.notice)))


def rated_words(report: Rated) -> str:
    """Who rated, and when."""
    rated = assessed_by(report.rater)
    return f"{rated} of {report.date}" if report.date else rated


def assessed_by(rater: str, *, several: bool = False) -> str:
    """By whom ratings were given; `several` files or one."""
    if is_self(rater):
        return "self-assessments" if several else "self-assessment"
    return f"rated by {rater_named(rater)}"


def strength(result: CompetenceResult) -> str:
    """A competence at or above target, in words."""
    words = f"{result.name}: {now_words(result)} ({result.label})"
    required = f"{show_number(result.required)} required"
    if result.surplus:
        return f"{words}, {show_number(result.surplus)} above the {required}"
    return f"{words}, {required}"


def strengths(report: GapReport) -> tuple[list[str], str]:
    """The first strengths in words, and the names of the others."""
    strong = [report.result(key) for key in report.strengths]
    rest = ", ".join(result.name for result in strong[STRENGTHS_SHOWN:])
    return [strength(one) for one in strong[:STRENGTHS_SHOWN]], rest


def by_domain(report: GapReport) -> Iterator[tuple[DomainResult, list[CompetenceResult]]]:
    """The results of each domain, widest gaps first and what is met last."""
    for domain in report.domains:
        results = [result for result in report.results if result.domain == domain.id]
        yield domain, sorted(results, key=_worst_first)


def _worst_first(result: CompetenceResult) -> tuple[Decimal, bool, Decimal, Decimal]:
    gap = result.gap if result.gap is not None else Decimal(0)
    known = result.status is Status.RATED
    return -gap, known and not gap, -result.importance, -(result.surplus or Decimal(0))


def priority_rows(report: GapReport, priority: Priority) -> Iterator[tuple[str, str]]:
    """What a priority says, by label; a text may be empty."""
    yield "Why", why(priority.why)
    if priority.experience is not None:
        step = priority.experience
        yield "Do", f"{step.action} (towards {show_number(step.level)})"
    yield "Learn from", priority.exposure
    yield "Training", fitting(report, priority)
    yield "Proof", "; ".join(priority.evidence)


def fitting(report: GapReport, priority: Priority) -> str:
    """The courses that fit a gap best, or that there is none."""
    options = {option.id: option for option in report.training}
    found = [options[key] for key in priority.training[:COURSES_PER_GAP]]
    if not found:
        nothing = "no course in the framework fits this level"
        return f"{nothing}; the work above is the way" if priority.experience else nothing
    return "; or ".join(
        joined(
            (
                option.title,
                option.provider,
                length_words(option),
                "" if option.checked else checked_words(None),
            )
        )
        for option in found
    )


def course_rows(option: TrainingOption) -> Iterator[tuple[str, str]]:
    """What is known of a course, by label; a text may be empty."""
    helps = (
        f"{one.name} {show_number(one.from_level)} to {show_number(one.to_level)}"
        for one in option.helps
    )
    yield "From", joined((option.provider, option.format), "; ")
    yield "Takes", joined((length_words(option), option.kind, checked_words(option.checked)))
    yield "Prepares for", f"{joined(helps)} (closes {show_number(option.closes)} by weight)"
    yield "Needs first", joined(option.prerequisites, "; ")
    yield "Note", option.note


def more_courses(report: GapReport) -> str:
    """How many courses help beyond those shown; empty when there are none."""
    rest = len(report.training) - COURSES_SHOWN
    if rest <= 0:
        return ""
    return f"{rest} more {'course helps' if rest == 1 else 'courses help'}"


def explained(report: GapReport) -> Iterator[str]:
    """How the numbers of this report were made."""
    yield from (GAP_RULE, REACHED_RULE)
    if report.readiness is not None:
        one = report.readiness
        yield (
            f"Readiness: {show_number(one.reached)} reached of {show_number(one.reachable)} "
            f"over the rated competences = {one_decimal(one.percent)} % (exactly {one.percent})."
        )
        yield from _range(one)
    yield from _band(report)
    yield ORDER_RULE


def _range(one: Readiness) -> Iterator[str]:
    if one.low != one.high:
        yield (
            f"Range: {one_decimal(one.low)} % (exactly {one.low}) with every unrated competence at "
            f"the lowest level, {one_decimal(one.high)} % (exactly {one.high}) with all of them at "
            "the required level."
        )


def _band(report: GapReport) -> Iterator[str]:
    if report.band is not None and report.band_high is not None:
        count = len(report.must_haves_missing)
        yield (
            f"Band: '{report.band.label}' is the best band for the low end, within its limits on "
            f"must-haves ({count} missing, including unrated and n/a)."
        )
        if report.band != report.band_high:
            yield (
                f"At most: '{report.band_high.label}' is the best band for the high end, with "
                "unrated must-haves met."
            )
        yield f"Bands: {joined(f'{band.label} {band_rule(band)}' for band in report.bands)}."


def next_band(report: GapReport) -> str:
    """What is missing to the next band, as a sentence; empty where there is none."""
    words = next_band_words(report.next_band)
    return f"{NEXT_BAND}: {words}." if words else ""


def worked(result: CompetenceResult) -> list[str]:
    """Weight, reached, of and priority of one competence."""
    numbers = (result.importance, result.reached, result.reachable, result.priority)
    return [str(result.status) if one is None else show_number(one) for one in numbers]


def worked_words(result: CompetenceResult) -> str:
    """How the gap and the priority of one competence were made, in words."""
    if result.rating is None or result.gap is None or result.priority is None:
        return f"{result.status}: no gap is counted".capitalize()
    rating, required, gap, weight, priority, reached, of = map(
        show_number,
        (
            result.rating,
            result.required,
            result.gap,
            result.importance,
            result.priority,
            result.reached or Decimal(0),
            result.reachable,
        ),
    )
    return (
        f"Gap: {required} required, {rating} now: {gap}. "
        f"Priority: weight {weight} times gap {gap} = {priority}. Reached {reached} of {of}."
    )


def evidence_words(result: CompetenceResult) -> str:
    """What the person points to, when, and how sure the rater is; empty for nothing."""
    said = joined(
        (
            "" if result.year is None else str(result.year),
            f"confidence {result.confidence}" if result.confidence else "",
        )
    )
    if not result.evidence:
        return said.capitalize()
    return f"Evidence: {result.evidence}" + (f" ({said})" if said else "")


WORKED = ("Weight", "Reached", "Of", "Priority")
"""What `worked` gives."""
