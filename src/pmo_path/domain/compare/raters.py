"""How raters of one person see them: agreement, spread, blind spots and hidden strengths.

Everything is measured in steps of the scale: the place of a level among the framework's levels,
lowest first. For a competence that self and at least one other rated, self's place is held
against the median of the places that the others gave: the middle one, or halfway between the two
in the middle when they are even in number. It is a blind spot when self is `APART` steps or more
above the median, and a hidden strength when `APART` or more below. The spread is the highest
level that anybody gave less the lowest. `docs/scoring.md` says the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.assessment import assess
from pmo_path.domain.compare.inputs import newest_first, person_of, role_for
from pmo_path.domain.compare.model import Agreement, Raters, SecondRaterWanted, View
from pmo_path.domain.compare.role_fit import (
    answer,
    compared,
    count,
    domains_of,
    not_there,
    standing,
    steps_up,
)
from pmo_path.domain.compare.versions import since_then
from pmo_path.domain.nudges import needs_second_rater
from pmo_path.domain.ratings import SELF, is_self
from pmo_path.domain.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.compare.inputs import Given
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import CompetenceResult

APART = 2
"""Steps between self and the others from which on they see a person differently."""


def raters(
    framework: Framework,
    given: Sequence[Given],
    asked: str | None = None,
    old: Framework | None = None,
) -> Raters:
    """How the raters of one person, a file each, see them against one role.

    The role is `asked`, else the one that the newest file leads to. `old` is the framework with
    which files naming its version were read. Raises UsageProblem for files of two people, and
    when no role can be told.
    """
    person = person_of(given)
    in_order = sorted(given, key=lambda one: not is_self(one.rater))
    role = role_for(framework, newest_first(given), asked)
    reports = [assess(framework, one.ratings, role) for one in in_order]
    concerned = compared(framework, role, given)
    asks = {result.id: result for result in reports[0].results}
    views = _most_apart_first(_view(framework, in_order, key, asks.get(key)) for key in concerned)
    agreement = _agreement(views)
    blind, hidden = _blind_spots(views), _hidden_strengths(views)
    wanted = _second_raters_wanted(framework, in_order, views)
    return Raters(
        comparison="raters",
        framework=reports[0].framework,
        person=person,
        role=reports[0].role,
        verdict=_verdict(agreement, in_order, blind, hidden),
        raters=tuple(map(standing, in_order, reports)),
        has_self=is_self(in_order[0].rater),
        agreement=agreement,
        views=views,
        scale=reports[0].scale,
        domains=domains_of(framework, concerned),
        blind_spots=blind,
        hidden_strengths=hidden,
        second_raters_wanted=wanted,
        advice=_advice(wanted),
        not_there=not_there(framework, in_order, concerned),
        unfit=tuple(unfit for one in in_order for unfit in one.unfit),
        notes=(
            *_method(in_order),
            *(remark for one in in_order for remark in one.remarks),
            *since_then(framework, old, given, role),
        ),
    )


def _view(
    framework: Framework, given: Sequence[Given], key: str, asked: CompetenceResult | None
) -> View:
    answers = tuple(answer(framework, one, key) for one in given)
    levels = [one.level for one in answers if one.level is not None]
    low, high = (min(levels), max(levels)) if len(levels) > 1 else (None, None)
    own = answers[0].level if is_self(given[0].rater) else None
    others = middle([one.level for one in answers[1:] if one.level is not None])
    if own is None:
        others = ()
    return View(
        id=key,
        name=framework.competences[key].name,
        domain=framework.domain_of[key],
        required=None if asked is None else asked.required,
        importance=None if asked is None else asked.importance,
        answers=answers,
        spread=None if low is None or high is None else high - low,
        steps=None if low is None or high is None else steps_up(framework, low, high),
        others=others,
        self_above=None if own is None or not others else _above(framework, own, others),
    )


def middle(levels: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """The level in the middle, or the two there, lower first; nothing in the middle of nothing."""
    ordered = sorted(levels)
    half = len(ordered) // 2
    if not ordered or len(ordered) % 2:
        return tuple(ordered[half : half + 1])
    return tuple(ordered[half - 1 : half + 1])


def _above(framework: Framework, own: Decimal, others: Sequence[Decimal]) -> Decimal:
    steps = sum(steps_up(framework, level, own) for level in others)
    return Decimal(steps) / len(others)


def _most_apart_first(views: Iterable[View]) -> tuple[View, ...]:
    return tuple(sorted(views, key=lambda view: 1 if view.steps is None else -view.steps))


def _agreement(views: Sequence[View]) -> Agreement:
    by_all = [
        view.steps
        for view in views
        if view.steps is not None and all(one.level is not None for one in view.answers)
    ]
    return Agreement(
        rated_by_all=len(by_all),
        same=sum(steps == 0 for steps in by_all),
        within_one_step=sum(steps <= 1 for steps in by_all),
    )


def _blind_spots(views: Sequence[View]) -> tuple[str, ...]:
    found = [
        (view.self_above, view.id)
        for view in views
        if view.self_above is not None and view.self_above >= APART
    ]
    return tuple(key for _, key in sorted(found, key=lambda one: -one[0]))


def _hidden_strengths(views: Sequence[View]) -> tuple[str, ...]:
    found = [
        (view.self_above, view.id)
        for view in views
        if view.self_above is not None and view.self_above <= -APART
    ]
    return tuple(key for _, key in sorted(found, key=lambda one: one[0]))


def _second_raters_wanted(
    framework: Framework, given: Sequence[Given], views: Sequence[View]
) -> tuple[SecondRaterWanted, ...]:
    place = {key: number for number, key in enumerate(framework.competences)}
    found = []
    for view in sorted(views, key=lambda one: place[one.id]):
        said: dict[Status, list[str]] = {status: [] for status in Status}
        for one, answered in zip(given, view.answers, strict=True):
            said[answered.status].append(one.rater)
        by = said[Status.RATED]
        if len(by) == 1 and needs_second_rater(framework, view.id):
            unrated_by = tuple(said[Status.UNRATED])
            found.append(SecondRaterWanted(view.id, view.name, by[0], unrated_by))
    return tuple(found)


def _advice(wanted: Sequence[SecondRaterWanted]) -> str:
    if not wanted:
        return ""
    names = ", ".join(map(_whom_to_ask, wanted))
    return f"One person's rating misleads most here; ask somebody else to rate it too: {names}."


def _whom_to_ask(wanted: SecondRaterWanted) -> str:
    others = " or ".join(wanted.unrated_by)
    ask = f"; ask {others}" if others else ""
    return f"{wanted.name} (rated by {wanted.rated_by} alone{ask})"


def _verdict(
    agreement: Agreement,
    given: Sequence[Given],
    blind: Sequence[str],
    hidden: Sequence[str],
) -> str:
    everybody = "both" if len(given) == 2 else f"all {len(given)}"  # noqa: PLR2004  both are two
    if not agreement.rated_by_all:
        sentence = f"No competence is rated by {everybody}."
    else:
        near, number = agreement.within_one_step, agreement.rated_by_all
        numbers = (
            (agreement.same, "at the same level"),
            (near - agreement.same, "one step apart"),
            (number - near, "further apart"),
        )
        told = ", ".join(f"{many} {words}" for many, words in numbers if many)
        sentence = f"Of {count(number, 'competence')} rated by {everybody}: {told}."
    if not is_self(given[0].rater):
        return sentence
    found = f"{count(len(blind), 'blind spot')}, {count(len(hidden), 'hidden strength')}"
    return f"{sentence} {found}."


def _method(given: Sequence[Given]) -> Iterator[str]:
    if not is_self(given[0].rater):
        yield (
            f"None of the raters is '{SELF}', so nothing is said of blind spots and hidden "
            "strengths."
        )
        return
    others = (
        f"'{given[1].rater}' does"
        if len(given) == 2  # noqa: PLR2004  self and one other
        else "the median of the others who rated it"
    )
    yield (
        f"Blind spot: self rates it {APART} or more steps of the scale higher than {others}. "
        f"Hidden strength: {APART} or more lower."
    )
