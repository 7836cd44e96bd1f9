"""Texts that all results share: levels, gaps, courses, who rated, and what is worth checking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from pmo_path.domain.nudges import MAX_EVIDENCE_AGE, NudgeKind
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import is_self, rater_named
from pmo_path.domain.report import Reference
from pmo_path.domain.scoring import Status
from pmo_path.domain.text import one_line
from pmo_path.render.document import ARROW

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from typing import TypeAlias

    from pmo_path.domain.competences import WorkStep
    from pmo_path.domain.nudges import Nudge, RatedOn
    from pmo_path.domain.recommendations import (
        CourseCost,
        EarlierCourse,
        PriorityReason,
        TrainingOption,
    )
    from pmo_path.domain.report import FrameworkFacts
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.domain.team import Demand
    from pmo_path.domain.training import Cost, Training

    Span: TypeAlias = tuple[Decimal, Decimal]

CONVERSATION_AID = (
    "Ratings are people's own judgement: use this report to talk about development, "
    "not to select people."
)
BRIEF_AID = "For development, not for selection."
"""The same in the short form of a report."""

LOOK_AGAIN = "Worth checking"
"""The heading of what to check, in every result."""
_NUDGES = {
    NudgeKind.TOP_WITHOUT_EVIDENCE: "Rated at the top of the scale without evidence",
    NudgeKind.OLD_EVIDENCE: (
        f"The evidence is more than {MAX_EVIDENCE_AGE} years old; add a newer example"
    ),
    NudgeKind.LOW_CONFIDENCE: "Rated with low confidence; ask a second rater",
    NudgeKind.NOT_SURE: "Not sure, and left unrated; find out with someone who sees your work",
    NudgeKind.SECOND_RATER: (
        "People most often misjudge themselves on these; ask someone who sees your work to rate "
        "them too"
    ),
}
"""The beginning of each sentence; the names of the competences follow."""


START: Mapping[str, str] = {
    "alone": "start alone",
    "ask": "ask somebody first",
    "position": "needs a post or a mandate",
    "event": "needs an outside event",
}
"""What it takes to begin a step at work, in words."""


class Rated(Protocol):
    """Anything made from one person's ratings."""

    @property
    def rater(self) -> str:
        """Who rated."""

    @property
    def date(self) -> datetime.date | None:
        """When."""


class TextStyle(Protocol):
    """What the output can show."""

    @property
    def width(self) -> int | None:
        """Columns; None when the data decides."""

    @property
    def color(self) -> bool:
        """Whether colour may be used; it never carries a meaning alone."""

    @property
    def unicode(self) -> bool:
        """Whether characters beyond ASCII can be shown."""


def now_words(result: CompetenceResult) -> str:
    """Return a rating as shown: the level, `n/a`, or `?` for unrated."""
    return level_words(result.rating, result.status)


def level_words(level: Decimal | None, status: Status) -> str:
    """Return a level as shown; without one, `n/a`, or `?` for unrated."""
    if level is not None:
        return show_number(level)
    return "?" if status is Status.UNRATED else str(status)


def number_words(number: Decimal | None) -> str:
    """Return a number as shown; empty for none."""
    return "" if number is None else show_number(number)


def gap_words(result: CompetenceResult) -> str:
    """Return a gap as shown: `2`, `met`, `met +1`, `unrated` or `n/a`."""
    if result.gap is None or result.surplus is None:
        return str(result.status)
    if result.gap > 0:
        return show_number(result.gap)
    return f"met +{show_number(result.surplus)}" if result.surplus > 0 else "met"


def must_have_words(result: CompetenceResult) -> str:
    """Return the must-have as shown: `missing (4)`, `met (4)`, or empty for none."""
    if result.must_have is None:
        return ""
    state = "missing" if result.must_have_missing else "met"
    return f"{state} ({show_number(result.must_have)})"


def why(reason: PriorityReason) -> str:
    """Return why a gap is a priority: the levels, and how its priority was computed."""
    level, required = show_number(reason.rating), show_number(reason.required)
    priority = (
        f"importance {show_number(reason.importance)} x gap {show_number(reason.gap)} "
        f"= {show_number(reason.priority)}"
    )
    if reason.must_have is not None:
        must_have = show_number(reason.must_have)
        return f"must-have: {level} now, at least {must_have} needed, {required} required ({priority})"
    return f"{level} now, {required} required ({priority})"


def count(number: int | Decimal, noun: str, plural: str = "") -> str:
    """Return `1 gap`, `1,200 gaps`, `2.5 points`; `plural` is for nouns that take no `s`."""
    shown = f"{number:,}" if isinstance(number, int) else show_number(number)
    return f"{shown} {noun if number == 1 else plural or noun + 's'}"


def change_text(before: str, after: str) -> str:
    """Return `before → after`, or the text once if both are the same."""
    return before if before == after else f"{before} {ARROW} {after}"


def missing_name(name: str, status: Status) -> str:
    """Return the name of a missing must-have, with `(unrated)` or `(n/a)` if it has no level."""
    return name if status is Status.RATED else f"{name} ({status})"


def length_words(option: TrainingOption | EarlierCourse | Training) -> str:
    """Return how long a course is."""
    for number, unit in ((option.days, "day"), (option.hours, "hour")):
        if number is not None:
            return count(number, unit)
    return option.duration or "length not known"


def take_first_words(course: TrainingOption | Demand) -> str:
    """Return `W (2 days), then X (1 day)` for the courses to take before another; empty for none."""
    return ", then ".join(
        f"{earlier.name} ({length_words(earlier)})" for earlier in course.take_first
    )


def chain_words(course: TrainingOption | Demand) -> str:
    """Return `first W (2 days), then X`, or the title alone of a course that presupposes none."""
    earlier = take_first_words(course)
    return f"first {earlier}, then {course.title}" if earlier else course.title


def span_words(span: Span | None, unit: str) -> str:
    """Return `4 to 8 hours`, or `1 hour` where both ends are one; empty if not known."""
    if span is None:
        return ""
    low, high = map(show_number, span)
    return f"{low if low == high else f'{low} to {high}'} {unit}{'' if high == '1' else 's'}"


def effort_words(hours: Span | None, weeks: Span | None) -> str:
    """Return `20 to 30 hours over 12 to 15 weeks`, as far as it is known."""
    return " over ".join(filter(None, (span_words(hours, "hour"), span_words(weeks, "week"))))


def step_words(step: WorkStep) -> str:
    """Return a step at work with all that the framework says about it, as one line."""
    first = f"first: {step.first_move}" if step.first_move else ""
    effort = effort_words(step.hours, step.weeks)
    return joined((step.do, first, effort, START.get(step.start or "", "")), "; ")


def cost_words(cost: Cost | CourseCost | None) -> str:
    """Return the price of a course, how old it is and what it includes; empty if not known."""
    if cost is None:
        return ""
    amount = f"{cost.currency} {cost.amount:,f}"
    return joined((amount, f"as of {cost.as_of}" if cost.as_of else "", cost.note))


def facts_words(option: TrainingOption | Training) -> str:
    """Return how old the source of a course's facts is, and when somebody last looked them up."""
    source = f"from a source dated {option.source_date}" if option.source_date else ""
    return joined((source, f"last checked {option.checked}" if option.checked else "not verified"))


def joined(parts: Iterable[str], separator: str = ", ") -> str:
    """Return the parts that are not empty as one safe line."""
    return one_line(separator.join(part for part in parts if part))


def version(framework: FrameworkFacts) -> str:
    """Return the framework's title and version."""
    return f"{framework.title} (version {framework.version})"


def brief_version(framework: FrameworkFacts) -> str:
    """Return the framework's id and version."""
    return f"{framework.id} {framework.version}"


def footnotes(framework: FrameworkFacts) -> tuple[str, ...]:
    """Return the notes at the foot of every result about a person."""
    return tuple(filter(None, (CONVERSATION_AID, framework.notice)))


def rated_words(report: Rated) -> str:
    """Return who rated, and when."""
    rated = assessed_by(report.rater)
    return f"{rated} of {report.date}" if report.date else rated


def assessed_by(rater: str, *, plural: bool = False) -> str:
    """Return who rated; `plural` where there are several files."""
    if is_self(rater):
        return "self-assessments" if plural else "self-assessment"
    return f"rated by {rater_named(rater)}"


# --- Nudges ---------------------------------------------------------------------------------------


class NudgeText(NamedTuple):
    """Something worth checking; it never changes a figure."""

    kind: NudgeKind
    """What it is about, as a word for programs."""
    text: str
    """What to check, in words."""
    competences: tuple[Reference, ...]
    """The competences that it is about."""


def nudge_text(nudge: Nudge) -> NudgeText:
    """Return a nudge as JSON has it."""
    competences = tuple(
        Reference(competence.id, competence.name) for competence in nudge.competences
    )
    return NudgeText(nudge.kind, nudge_words(nudge), competences)


def nudge_words(nudge: Nudge) -> str:
    """Return a nudge as a sentence."""
    if nudge.rated_on is not None:
        return other_framework(nudge.rated_on)
    names = ", ".join(
        f"{competence.name} ({competence.year})"
        if nudge.kind is NudgeKind.OLD_EVIDENCE
        else competence.name
        for competence in nudge.competences
    )
    return f"{_NUDGES[nudge.kind]}: {names}."


def other_framework(rated_on: RatedOn) -> str:
    """Return which other framework or version the ratings name; empty for the one in use."""
    if rated_on.id != rated_on.used_id:
        return f"These ratings were made on another framework ('{rated_on.id}')."
    if rated_on.version != rated_on.used_version:
        return (
            f"These ratings were made on version {rated_on.version} of the framework, and this "
            f"report uses {rated_on.used_version}. Check what has changed since."
        )
    return ""
