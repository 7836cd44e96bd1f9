"""Render a development plan: what to do by when, what it brings, and what stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.render.document import (
    Card,
    Cards,
    Cell,
    Detail,
    Document,
    Facts,
    ListBlock,
    Mood,
    Paragraph,
    Section,
    Table,
    columns,
    sections_of,
    ungrouped,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Calendar, Event, Result
from pmo_path.render.results.plan_words import (
    aims,
    cost_of,
    effort,
    guess_words,
    is_certain,
    left_out_words,
    loss_words,
    method_words,
    open_words,
    opening,
    phase_title,
    raised,
    standing_cells,
    standing_words,
    status_words,
    supported_by,
    to_grant,
    verdict,
    why_words,
)
from pmo_path.render.words import (
    BRIEF_AID,
    START,
    brief_version,
    footnotes,
    joined,
    version,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from pmo_path.domain.plan.result import Plan, PlannedAction
    from pmo_path.render.document import CardRow

RIGHT_ANYWAY = "holds for most estimates"
"""What a step is called that nearly all trials chose."""
MORE = "Everything: --full; to edit: -o plan.yaml; for your calendar: -o plan.ics."
_STANDING = ("When", "Date", "Readiness", "Band", "At target", "Must-haves missing")
CSV_COLUMNS = (
    *("id", "kind", "title", "raises", "for_must_have", "first_move", "hours_low", "hours_high"),
    *("weeks", "starts", "due", "start", "supporter", "evidence", "cost", "currency", "guessed"),
    *("status", "done_on", "pinned", "note", "share_of_trials"),
)


def plan_result(
    plan: Plan,
    *,
    made_at: datetime.datetime,
    explain: bool = False,
    is_brief: bool = False,
    file: Callable[[], str] | None = None,
) -> Result:
    """Return the plan for any format; `file` makes the file to edit.

    With `explain`, what each action buys is shown; with `is_brief`, a terminal shows the short form.
    """
    return Result(
        lambda: plan_document(plan, explain=explain, is_brief=is_brief),
        lambda: record(plan),
        lambda: csv_rows(plan),
        lambda: plan_calendar(plan, made_at),
        file,
    )


def plan_document(plan: Plan, *, explain: bool = False, is_brief: bool = False) -> Document:
    """Return the plan laid out; `explain` and `is_brief` are as in `plan_result`."""
    about = brief_version(plan.framework) if is_brief else version(plan.framework)
    rated = f"ratings of {plan.rated_on}" if plan.rated_on else ""
    return Document(
        title=joined((plan.person, f"plan towards {plan.role.name}"), ": "),
        subtitle=joined((f"{plan.starts} to {plan.ends}", rated, about), "; "),
        verdict=verdict(plan),
        opening=tuple(map(Paragraph, opening(plan))),
        sections=(
            *(_sections(plan, explain=explain) if plan.now.readiness is not None else ()),
            *sections_of("No longer part of the plan", left_out_words(plan)),
        ),
        framework=plan.framework,
        footnotes=(f"{BRIEF_AID} {MORE}",) if is_brief else footnotes(plan.framework),
        detail=Detail.BRIEF if is_brief else Detail.FULL,
    )


def _sections(plan: Plan, *, explain: bool) -> Iterator[Section]:
    """Yield what a plan says about somebody who has rated something."""
    yield from _in_brief(plan)
    yield from _phases(plan, explain=explain)
    yield _readiness(plan)
    yield from sections_of("What your manager needs to grant", to_grant(plan))
    strengths = tuple(strength.name for strength in plan.strengths_to_use)
    none = Paragraph("Nothing rated is at target yet.")
    yield Section("Strengths to use", (ListBlock(strengths) if strengths else none,))
    yield from _rate_first(plan)
    yield from sections_of("What stays open", open_words(plan))
    yield _dates(plan)
    yield from sections_of("How it was made", method_words(plan))


# --- Actions ---------------------------------------------------------------------------------------


def _in_brief(plan: Plan) -> Iterator[Section]:
    """Yield a line for each action: for the short form, and for the head of a page."""
    if not plan.actions:
        return
    rows = (
        (
            f"{action.starts}",
            f"{action.due}",
            _mark(action),
            aims(action) or _no_aim(action),
            effort(action),
        )
        for action in plan.actions
    )
    table = Table(
        columns(("Starts", "Due", "Action", "Towards", "Takes"), drops=("Takes", "Towards")),
        ungrouped(rows),
        has_sentences=True,
    )
    yield Section("The plan", (table, *map(Paragraph, _first_move(plan))), detail=Detail.BRIEF)


def _first_move(plan: Plan) -> Iterator[str]:
    """Yield the first thing to do, and from when."""
    for action in plan.actions:
        if action.is_open and action.first_move:
            is_now = action.starts <= max(plan.starts, plan.now.date)
            when = "This week" if is_now else f"From {action.starts}"
            yield f"{when}, for '{action.title}': {action.first_move}"
            return


def _no_aim(action: PlannedAction) -> str:
    """Return why an action raises nothing: newer ratings count what is done."""
    return "needed for another course" if action.is_open else "already in your ratings"


def _mark(action: PlannedAction) -> str:
    """Return the title of an action, marked where it is done."""
    return action.title if action.is_open else f"done: {action.title}"


def _phases(plan: Plan, *, explain: bool) -> Iterator[Section]:
    actions = {action.id: action for action in plan.actions}
    for index, phase in enumerate(plan.phases):
        inside = [actions[key] for key in phase.action_ids]
        if not inside:
            continue
        before = plan.phases[index - 1].last_day if index else 0
        yield Section(
            phase_title(phase, before),
            (
                Cards(tuple(_card(action, plan, explain=explain) for action in inside)),
                Paragraph(f"Then: {standing_words(phase.standing)}."),
            ),
        )


def _card(action: PlannedAction, plan: Plan, *, explain: bool) -> Card:
    return Card(
        action.title,
        tuple(_card_rows(action, plan, explain=explain)),
        Cell("must-have", Mood.BAD, is_tag=True) if action.for_must_have else None,
    )


def _card_rows(action: PlannedAction, plan: Plan, *, explain: bool) -> Iterator[CardRow]:
    yield "Why", why_words(action)
    yield "Towards", raised(action, plan.scale)
    yield "First move", action.first_move
    yield "When", f"{action.starts} to {action.due}{' (dates pinned)' if action.pinned else ''}"
    yield "Takes", joined((effort(action), START.get(action.start or "", "")), "; ")
    yield "Estimated", guess_words(action.guesses)
    yield "Cost", cost_of(action)
    yield "Supported by", supported_by(action)
    yield "Evidence", action.evidence_to_collect
    yield "Status", status_words(action)
    yield "Note", action.note
    if is_certain(action):
        yield "Confidence", RIGHT_ANYWAY
    if explain:
        yield "Without it", loss_words(action.buys)


# --- Expected progress --------------------------------------------------------------------------------


_IF_IT_HOLDS = (
    "These figures assume that every action brings its level. A course prepares for a level; show "
    "it at work before you rate it."
)


def _readiness(plan: Plan) -> Section:
    """Return the readiness now, after each phase that has actions, and at the end."""
    rows = [("Now", *standing_cells(plan.now))]
    before: int | None = 0
    for phase in plan.phases:
        if phase.action_ids:
            rows.append((phase_title(phase, before), *standing_cells(phase.standing)))
        before = phase.last_day
    rows.append(("At the end", *standing_cells(plan.end)))
    table = Table(
        columns(_STANDING, ("Readiness", "At target"), ("Must-haves missing", "Date")),
        ungrouped(rows),
        has_sentences=True,
    )
    return Section("Expected progress", (table, Paragraph(_IF_IT_HOLDS, is_small=True)))


def _rate_first(plan: Plan) -> Iterator[Section]:
    if plan.rate_first:
        yield Section(
            "Rate these first",
            (
                Paragraph(
                    "Nothing is planned for what is unrated. "
                    "Rate it, then plan again: pmo-path assess --update ratings.yaml"
                ),
                ListBlock(tuple(competence.name for competence in plan.rate_first)),
            ),
        )


# --- Dates ------------------------------------------------------------------------------


def _dates(plan: Plan) -> Section:
    reviews = joined(f"{day}" for day in plan.reviews)
    return Section(
        "Key dates", (Facts((("Reviews", reviews), ("Rate again", f"{plan.rate_again}"))),)
    )


# --- Programs and calendars ------------------------------------------------------------------------


def csv_rows(plan: Plan) -> Iterator[Sequence[str]]:
    """Yield the headings, and a row for each action in the order of their dates."""
    yield CSV_COLUMNS
    for action in plan.actions:
        yield tuple(_csv_cells(action))


def _csv_cells(action: PlannedAction) -> Iterator[str]:
    yield from (action.id, action.kind, action.title, aims(action))
    yield "true" if action.for_must_have else "false"
    yield action.first_move
    yield from map(show_number, action.hours_range)
    yield from (str(action.weeks), f"{action.starts}", f"{action.due}", action.start or "")
    yield action.supporter or "; ".join(action.supporters)
    yield "; ".join(action.evidence_to_collect)
    yield from ("", "") if action.cost is None else map(str, action.cost)
    yield ", ".join(action.guesses)
    yield from (action.status, f"{action.done_on or ''}", "true" if action.pinned else "false")
    yield action.note
    yield "" if action.share_of_trials is None else one_decimal(action.share_of_trials * 100)


def plan_calendar(plan: Plan, made_at: datetime.datetime) -> Calendar:
    """Return the actions with their days, the reviews, and the day to rate again."""
    return Calendar(
        name=f"Plan towards {plan.role.name}",
        key=(plan.person, plan.framework.id, plan.role.id),
        made_at=made_at,
        events=(
            *map(_event, plan.actions),
            *(
                Event(f"review:{number}", day, day, "Review your plan", (), is_reminded=True)
                for number, day in enumerate(plan.reviews, 1)
            ),
            Event(
                "rate-again",
                plan.rate_again,
                plan.rate_again,
                f"Rate yourself again for {plan.role.name}",
                (),
                is_reminded=True,
            ),
        ),
    )


def _event(action: PlannedAction) -> Event:
    supported = supported_by(action)
    proof = joined(action.evidence_to_collect, "; ")
    lines = (
        ("Towards", aims(action)),
        ("First move", action.first_move),
        ("Takes", effort(action)),
        ("Supported by", supported if isinstance(supported, str) else joined(supported, "; ")),
        ("Proof", proof),
        ("Note", action.note),
    )
    shown = tuple(f"{label}: {text}" for label, text in lines if text)
    return Event(action.id, action.starts, action.due, _mark(action), shown)
