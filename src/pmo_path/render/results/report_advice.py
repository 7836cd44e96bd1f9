"""What a gap report advises: the way to the next band, steps, training, and people to learn from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.next_band_path import next_band_path
from pmo_path.domain.numbers import show_level, show_number
from pmo_path.render.document import (
    Card,
    Cards,
    Cell,
    ListBlock,
    Mood,
    Paragraph,
    Section,
    WebAddress,
)
from pmo_path.render.role_fit import range_words
from pmo_path.render.words import (
    START,
    chain_words,
    change_text,
    cost_words,
    count,
    effort_words,
    facts_words,
    joined,
    length_words,
    span_words,
    take_first_words,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.recommendations import ExperienceStep, Priority, TrainingOption
    from pmo_path.domain.report import GapReport, NextBandPath, RaisedCompetence, Reference
    from pmo_path.render.document import Block, CardRow

COURSES_PER_GAP = 3
NO_COURSE = "no course in the framework fits this level"
NO_SHORT_COURSE = "no short course in the framework fits this level"
NETWORK = (
    "Skills, experience and the people you know grow together. Besides the steps above, get to "
    "know people who already do this work, and stay in touch with them."
)
MOST_NAMED = 5
"""The most competences that are named as blocking; JSON has all."""
BEGIN_WITH = "Begin with those under Learn from."


# --- The next band --------------------------------------------------------------------------------


def next_band_sections(report: GapReport) -> Iterator[Section]:
    """Yield the shortest way to the next band, if there is one."""
    path = next_band_path(report)
    if path is not None:
        yield Section(f"Shortest way to {path.band.label}", tuple(_way(path)))


def _way(path: NextBandPath) -> Iterator[Block]:
    if path.step_count is None or path.readiness is None:
        yield Paragraph(f"Raising rated competences cannot reach it. {_blocked(path)}")
        return
    steps = count(path.step_count, "level")
    yield Paragraph(
        f"At least {steps} to gain, for a readiness of {range_words(path.readiness)}. "
        "This counts levels, not the effort that they take."
    )
    yield ListBlock(tuple(map(_raised, path.raised)))


def _blocked(path: NextBandPath) -> str:
    rate, never = _named(path.rate_first), _named(path.never_applicable)
    reasons = (
        f"Rate first: {rate}." if rate else "",
        f"Must-haves that are n/a count as missing: {never}." if never else "",
    )
    return joined(reasons, " ")


def _named(competences: Sequence[Reference]) -> str:
    """Return the names, or the first of many and how many more there are."""
    more = len(competences) - MOST_NAMED
    names = joined(competence.name for competence in competences[:MOST_NAMED])
    return f"{names} and {more} more" if more > 0 else names


def _raised(raised: RaisedCompetence) -> str:
    levels = change_text(show_level(raised.from_level), show_level(raised.to_level))
    return f"{raised.name}: {levels}"


# --- Priorities -----------------------------------------------------------------------------------


def priorities_section(report: GapReport) -> Iterator[Section]:
    """Yield the section with a card for each priority; nothing without a gap."""
    if report.priorities:
        cards = tuple(_priority(report, priority) for priority in report.priorities)
        yield Section("Work on these first", (Cards(cards), *_together(report)), name="first")


def _together(report: GapReport) -> Iterator[Paragraph]:
    """Yield how long all steps take; nothing for one step, or if a length is not known."""
    hours = [step.hours_range for priority in report.priorities if (step := priority.experience)]
    known = [span for span in hours if span is not None]
    if len(known) > 1 and len(known) == len(hours):
        low, high = (sum(ends, Decimal(0)) for ends in zip(*known, strict=True))
        yield Paragraph(
            f"These {len(known)} steps take {span_words((low, high), 'hour')} together. "
            "Begin with one or two of them."
        )


def _priority(report: GapReport, priority: Priority) -> Card:
    step = priority.experience
    result = report.result(priority.id)
    return Card(
        priority.name,
        (
            ("Why", why(priority.why)),
            ("The role expects", result.expects),
            *(() if step is None else _step(step)),
            ("Learn from", priority.exposure),
            ("Evidence", priority.evidence_to_collect),
            ("Courses", _courses_for(report, priority)),
        ),
        Cell("must-have missing", Mood.BAD, is_tag=True) if result.must_have_missing else None,
    )


def _step(step: ExperienceStep) -> Iterator[CardRow]:
    yield "This week", step.first_move
    yield "Do", f"{step.do} (towards {show_number(step.level)})"
    effort = effort_words(step.hours_range, step.weeks_range)
    yield "Takes", joined((effort, START.get(step.start or "", "")), "; ")


def _courses_for(report: GapReport, priority: Priority) -> str | tuple[str, ...]:
    """Return the courses that cover most of a gap, best first, or that there are none."""
    options = {option.id: option for option in report.training}
    fitting = [options[key] for key in priority.training_ids[:COURSES_PER_GAP]]
    if fitting:
        return tuple(_course_for(option, priority.id) for option in fitting)
    if longer := [option for option in report.qualifications if _helps(option, priority.id)]:
        qualifications = (_course_for(option, priority.id) for option in longer[:COURSES_PER_GAP])
        return f"{NO_SHORT_COURSE}; a long qualification does: {joined(qualifications, '; ')}"
    return f"{NO_COURSE}; learn it through the work above" if priority.experience else NO_COURSE


def _helps(option: TrainingOption, competence: str) -> bool:
    return any(help_.id == competence for help_ in option.helps)


def _course_for(option: TrainingOption, competence: str) -> str:
    """Return a course with those to take before it, its length, and what it does for one gap."""
    levels = "".join(
        f"level {show_number(help_.from_level)} to {show_number(help_.to_level)}"
        for help_ in option.helps
        if help_.id == competence and help_.to_level is not None
    )
    if levels and option.take_first:
        levels = f"{levels} in all"
    aside = joined((levels, length_words(option), "" if option.checked else "facts not verified"))
    return f"{chain_words(option)} ({aside})"


# --- Training -------------------------------------------------------------------------------------


def training_sections(report: GapReport) -> Iterator[Section]:
    """Yield the lists of courses, long qualifications and recognition that are not empty."""
    total = sum((result.priority or Decimal(0) for result in report.results), Decimal(0))
    yield from _trainings(
        "Courses that would help most",
        "A course prepares for a level; only work at that level proves it. Check dates, length, "
        "entry rules and price with the provider before you pay.",
        report.training,
        total,
    )
    yield from _trainings(
        "Long qualifications",
        "They take months. Like courses, they prepare for a level and prove none.",
        report.qualifications,
        total,
    )
    yield from _trainings(
        "Recognition",
        "It proves experience that you have, and closes no gap.",
        report.recognition,
        total,
    )


def _trainings(
    heading: str, remark: str, options: Iterable[TrainingOption], total: Decimal
) -> Iterator[Section]:
    cards = tuple(_training(option, total) for option in options)
    if cards:
        yield Section(heading, (Paragraph(remark, is_small=True), Cards(cards)))


def _training(option: TrainingOption, total: Decimal) -> Card:
    length = "" if option.type == "recognition" else length_words(option)
    return Card(
        option.title,
        (
            ("From", joined((option.provider, option.format), "; ")),
            ("For", option.audience),
            ("Takes" if length else "Kind", joined((length, option.kind), "; ")),
            ("Take first", take_first_words(option)),
            ("Requires", joined(option.prerequisites, "; ")),
            *_effect(option, total),
            ("Cost", cost_words(option.cost)),
            ("Facts", facts_words(option)),
            ("Web page", WebAddress(option.url or "")),
            ("Note", option.note),
        ),
    )


def _effect(option: TrainingOption, total: Decimal) -> Iterator[CardRow]:
    """Yield what training does for the gaps; nothing for recognition, which closes none."""
    if not option.helps:
        return
    helps = (
        help_.name
        if help_.to_level is None
        else f"{help_.name} {show_number(help_.from_level)} to {show_number(help_.to_level)}"
        for help_ in option.helps
    )
    yield "Prepares for", joined(helps)
    covered = f"{show_number(option.covers)} of your {show_number(total)} gap points"
    if len(option.helps) > 1:
        covered += f" ({' + '.join(show_number(help_.covers) for help_ in option.helps)})"
    yield "Covers", covered


# --- People ---------------------------------------------------------------------------------------


def network_section(report: GapReport) -> Section:
    """Return the closing advice: to know more people, beginning with those to learn from."""
    has_people = any(priority.exposure for priority in report.priorities)
    advice = joined((NETWORK, BEGIN_WITH if has_people else ""), " ")
    return Section("Widen your network", (Paragraph(advice),))
