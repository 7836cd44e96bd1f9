"""Render a development plan: what to do by when, what it brings, and what stays open."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.plan.model import ActionStatus
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
    chosen_words,
    cost_of,
    effort,
    guess_words,
    hours_words,
    limits_words,
    loss_words,
    mix_words,
    money,
    open_reason,
    phase_title,
    raised,
    standing_cells,
    standing_words,
    status_words,
    supported_by,
    why_words,
)
from pmo_path.render.words import (
    BRIEF_AID,
    START,
    brief_version,
    count,
    footnotes,
    joined,
    version,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from pmo_path.domain.plan.model import Plan, PlannedAction
    from pmo_path.render.document import Block, CardRow

RIGHT_ANYWAY = "holds for most estimates"
"""What a step is called that nearly all trials chose."""
_NEARLY_ALL = Decimal(4) / 5
MORE = "Everything: --full; to edit: -o plan.yaml; for your calendar: -o plan.ics."
_STANDING = ("When", "Date", "Readiness", "Band", "At target", "Must-haves missing")
_STRENGTHS_SHOWN = 5
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
        verdict=_verdict(plan),
        opening=tuple(_opening(plan)),
        sections=(
            *(_sections(plan, explain=explain) if plan.now.readiness is not None else ()),
            *sections_of("No longer part of the plan", _left_out(plan)),
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
    yield from sections_of("What your manager needs to grant", _to_grant(plan))
    yield _strengths(plan)
    yield from _rate_first(plan)
    yield from sections_of("What stays open", _open(plan))
    yield _dates(plan)
    yield from sections_of("How it was made", _method(plan))


def _verdict(plan: Plan) -> str:
    if not plan.actions:
        return _nothing_planned(plan)
    number = sum(action.is_open for action in plan.actions)
    reaches = ""
    if plan.reach is not None:
        reaches = f" It {'reaches' if plan.reaches_band else 'does not reach'} {plan.reach.label}."
    return f"{count(number, 'action')} to do.{reaches} At the end: {standing_words(plan.end)}."


def _nothing_planned(plan: Plan) -> str:
    """Return why a plan has no actions, and what to do if that can be changed."""
    if plan.now.readiness is None:
        return "There is nothing to plan yet, because nothing is rated. Rate yourself: pmo-path assess"
    if plan.reach is not None and plan.reaches_band:
        return f"There is nothing to plan: {plan.reach.label} is already reached."
    if plan.open_gaps:
        gaps = count(len(plan.open_gaps), "gap")
        return f"No action fits these limits ({gaps} open)."
    if plan.rate_first or plan.not_applicable:
        return "There is nothing to plan: your rated competences have no gaps."
    return "There is nothing to plan: there are no gaps."


def _opening(plan: Plan) -> Iterator[Block]:
    yield from map(Paragraph, _dropped(plan))
    if plan.now.readiness is None:
        return
    is_done = any(action.raises and not action.is_open for action in plan.actions)
    when = "Now, counting what is done" if is_done else "Now"
    yield Paragraph(f"{when}: {standing_words(plan.now)}.")
    if plan.rate_first:
        number = len(plan.rate_first)
        verb, them = ("is", "it") if number == 1 else ("are", "them")
        unrated = f"{count(number, 'competence')} {verb} unrated"
        yield Paragraph(f"{unrated}, so nothing is planned for {them}.")
    yield Paragraph(f"Limits: {limits_words(plan.limits)}.")


def _dropped(plan: Plan) -> Iterator[str]:
    """Yield what the person wrote something about, but the plan no longer has."""
    excluded = {reference.id for reference in plan.excluded}
    titles = [
        action.title or action.id
        for action in plan.left_out
        if action.is_noted and action.status is ActionStatus.OPEN and action.id not in excluded
    ]
    if titles:
        yield f"No longer part of the plan, though you noted something: {joined(titles, '; ')}."


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
    if _is_certain(action):
        yield "Confidence", RIGHT_ANYWAY
    if explain:
        yield "Without it", loss_words(action.buys)


def _is_certain(action: PlannedAction) -> bool:
    return action.share_of_trials is not None and action.share_of_trials >= _NEARLY_ALL


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


def _to_grant(plan: Plan) -> Iterator[str]:
    if plan.actions:
        yield f"{hours_words(plan.limits.hours_per_week)} a week for learning, until {plan.ends}"
    for action in plan.actions:
        if action.is_open and action.start in {"ask", "position", "event"}:
            yield f"From {action.starts}: {action.title} ({START[action.start]})"
    if total := _total_cost(plan):
        yield f"Courses: {total}"


def _total_cost(plan: Plan) -> str:
    costs = [action.cost for action in plan.actions if action.cost is not None and action.is_open]
    total = sum((cost.amount for cost in costs), Decimal(0))
    return f"{money(total, costs[0].currency)} in all" if costs and total else ""


def _strengths(plan: Plan) -> Section:
    names = [strength.name for strength in plan.strengths_to_use]
    blocks: tuple[Block, ...] = (Paragraph("Nothing rated is at target yet."),)
    if names:
        blocks = (ListBlock(tuple(names[:_STRENGTHS_SHOWN])),)
        if others := joined(names[_STRENGTHS_SHOWN:]):
            blocks = (*blocks, Paragraph(f"Also at target: {others}"))
    return Section("Strengths to use", blocks)


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


def _open(plan: Plan) -> Iterator[str]:
    for gap in plan.open_gaps:
        must_have = gap.must_have is not None and gap.level < gap.must_have
        levels = f"{show_number(gap.level)} reached, {show_number(gap.required)} required"
        missing = "must-have still missing" if must_have else ""
        why = joined((levels, missing, open_reason(gap, plan)), "; ")
        yield f"{gap.competence.name}: {why}"


def _left_out(plan: Plan) -> Iterator[str]:
    for action in plan.left_out:
        done = "done" if action.status is ActionStatus.DONE else "open"
        yield joined((action.title or action.id, done, action.note), "; ")
    for reference in plan.excluded:
        yield f"{reference.name}: you excluded it"


# --- Dates and method ------------------------------------------------------------------------------


def _dates(plan: Plan) -> Section:
    reviews = joined(f"{day}" for day in plan.reviews)
    return Section(
        "Key dates", (Facts((("Reviews", reviews), ("Rate again", f"{plan.rate_again}"))),)
    )


def _method(plan: Plan) -> Iterator[str]:
    if plan.actions or plan.open_gaps:
        yield chosen_words(plan)
    if plan.actions:
        yield mix_words(plan)
    if names := joined(competence.name for competence in plan.not_applicable):
        yield f"n/a, so not planned: {names}."
    guessed = sum(bool(action.guesses) for action in plan.actions)
    if guessed:
        figures = sum(len(action.guesses) for action in plan.actions)
        yield (
            f"{count(figures, 'figure')} in {count(guessed, 'action')} "
            f"{'is an estimate' if figures == 1 else 'are estimates'}, because the framework gives none."
        )
    if plan.trials and plan.actions:
        certain = sum(map(_is_certain, plan.actions))
        yield (
            f"The plan was made {plan.trials} more times with other hours from the same ranges: "
            f"{certain} of {count(len(plan.actions), 'action')} were chosen in at least 80 % of "
            "them."
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
