"""Compare the raters of one person: agreement, spread, blind spots and hidden strengths.

Differences are in steps of the scale: the index of a level among the framework's levels, lowest
first. For a competence that self and at least one other rated, self's index is compared with the
median of the others' (the mean of the two middle ones for an even number). It is a blind spot when
self is `APART` steps or more above the median, and a hidden strength when `APART` or more below.
The spread is the highest level rated less the lowest. `docs/scoring.md` explains the method.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.assessment import assess
from pmo_path.domain.compare.inputs import (
    AssessedFile,
    ComparedRating,
    NotThere,
    Remark,
    RemarkKind,
    Unfit,
    answer_in,
    assessed_file,
    compared,
    distance,
    domains_of,
    newest_first,
    not_there,
    person_of,
    remark,
    role_for,
    steps_up,
)
from pmo_path.domain.compare.versions import remarks_on_versions
from pmo_path.domain.nudges import needs_second_rater
from pmo_path.domain.ratings import is_self
from pmo_path.domain.report import FrameworkFacts, LevelFacts, Reference
from pmo_path.domain.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.compare.inputs import RatedFile
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.scoring import CompetenceResult

APART = 2
"""Steps between self and the others from which on they see a person differently."""


class View(NamedTuple):
    """One competence as each rater sees it."""

    id: str
    name: str
    domain: str
    required: Decimal | None
    """The level that the role requires; none when it requires none."""
    importance: Decimal | None
    """The importance of the requirement; null if not required."""
    answers: tuple[ComparedRating, ...]
    """One for each rater, in their order."""
    spread: Decimal | None
    """The highest level less the lowest; none unless two rated it."""
    spread_steps: int | None
    """The same in steps of the scale."""
    others_median: tuple[Decimal, ...]
    """The median of the other raters' levels, or the two around it, lower first; empty unless
    self and another rated it."""
    self_above: Decimal | None
    """Steps by which self is above the median of the others; negative below it."""


class Agreement(NamedTuple):
    """The agreement of raters on the competences that all of them rated."""

    rated_by_all: int
    """The number of competences that all of them rated."""
    same: int
    """On how many all gave the same level."""
    within_one_step: int
    """On how many no two are more than a step apart, the same ones included."""


class Consensus(NamedTuple):
    """The agreement of raters in numbers. JSON has a sentence instead."""

    raters: int
    """The number of raters."""
    agreement: Agreement
    """Their agreement."""
    has_self: bool
    """Whether one of them is the person."""
    blind_spots: int
    """The number of blind spots."""
    hidden_strengths: int
    """The number of hidden strengths."""


class SecondRaterWanted(NamedTuple):
    """A competence with one rating where one is not enough."""

    id: str
    name: str
    rated_by: str
    """The only one who rated it."""
    unrated_by: tuple[str, ...]
    """The raters who left it unrated."""


class Advice(NamedTuple):
    """Whom to ask for a second rating. JSON has a sentence instead, or an empty string."""

    second_raters: tuple[SecondRaterWanted, ...]
    """Competences that need a second rating."""


class Raters(NamedTuple):
    """Several raters' views of one person."""

    comparison: Literal["raters"]
    """Which kind of comparison this is."""
    framework: FrameworkFacts
    """The framework in use."""
    person: str
    """Who is rated."""
    role: Reference
    """The role that all are assessed against."""
    verdict: Consensus
    """Their agreement."""
    raters: tuple[AssessedFile, ...]
    """In the order given; self first."""
    has_self: bool
    """Whether one of them is the person."""
    agreement: Agreement
    """Their agreement."""
    views: tuple[View, ...]
    """Each competence that the role requires or a rater rates, most apart first."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    domains: tuple[Reference, ...]
    """The domains of `views`, in the framework's order."""
    blind_spots: tuple[str, ...]
    """Ids of competences that self rates two or more steps above the others, widest first."""
    hidden_strengths: tuple[str, ...]
    """Ids of competences that self rates two or more steps below the others, widest first."""
    second_raters_wanted: tuple[SecondRaterWanted, ...]
    """Competences that need a second rating."""
    advice: Advice
    """Whom to ask for a second rating of what."""
    not_there: tuple[NotThere, ...]
    """Competences that the version a file names did not have."""
    unfit: tuple[Unfit, ...]
    """Answers that cannot be compared."""
    notes: tuple[Remark, ...]
    """Remarks that help to read this."""

    def view(self, competence: str) -> View:
        """Return the view of a competence. Raises KeyError for one that is not compared."""
        for view in self.views:
            if view.id == competence:
                return view
        raise KeyError(competence)


def raters(
    framework: Framework,
    files: Sequence[RatedFile],
    role: str | None = None,
    old: Framework | None = None,
) -> Raters:
    """Compare how raters of one person, a file each, see them against one role.

    The role is `role`, else the one that the newest file leads to. `old` is the framework with
    which files that name its version were read. Raises UsageProblem for files of two people, and
    when there is no role to assess against.
    """
    person = person_of(files)
    in_order = sorted(files, key=lambda file: not is_self(file.rater))
    target = role_for(framework, newest_first(files), role)
    reports = [assess(framework, file.ratings, target) for file in in_order]
    ids = compared(framework, target, files)
    results = {result.id: result for result in reports[0].results}
    seen = (_view(framework, in_order, key, results.get(key)) for key in ids)
    views = tuple(
        sorted(seen, key=lambda view: 1 if view.spread_steps is None else -view.spread_steps)
    )
    agreement = _agreement(views)
    blind, hidden = _far_above(views, 1), _far_above(views, -1)
    has_self = is_self(in_order[0].rater)
    second_raters = _second_raters_wanted(framework, in_order, views)
    return Raters(
        comparison="raters",
        framework=reports[0].framework,
        person=person,
        role=reports[0].role,
        verdict=Consensus(len(files), agreement, has_self, len(blind), len(hidden)),
        raters=tuple(map(assessed_file, in_order, reports)),
        has_self=has_self,
        agreement=agreement,
        views=views,
        scale=reports[0].scale,
        domains=domains_of(framework, ids),
        blind_spots=blind,
        hidden_strengths=hidden,
        second_raters_wanted=second_raters,
        advice=Advice(second_raters),
        not_there=not_there(framework, in_order, ids),
        unfit=tuple(unfit for file in in_order for unfit in file.unfit),
        notes=(
            _method(in_order),
            *(note for file in in_order for note in file.remarks),
            *remarks_on_versions(framework, old, files, target),
        ),
    )


def _view(
    framework: Framework, files: Sequence[RatedFile], key: str, result: CompetenceResult | None
) -> View:
    answers = tuple(answer_in(framework, file, key) for file in files)
    levels = [answer.level for answer in answers if answer.level is not None]
    low, high = (min(levels), max(levels)) if len(levels) > 1 else (None, None)
    spread, steps = distance(framework, low, high)
    own = answers[0].level if is_self(files[0].rater) else None
    others = middle([answer.level for answer in answers[1:] if answer.level is not None])
    if own is None:
        others = ()
    return View(
        id=key,
        name=framework.shown_name(key),
        domain=framework.domain_of[key],
        required=None if result is None else result.required,
        importance=None if result is None else result.importance,
        answers=answers,
        spread=spread,
        spread_steps=steps,
        others_median=others,
        self_above=None if own is None or not others else _above(framework, own, others),
    )


def middle(levels: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return the middle level, or the two middle ones, lower first; empty for no levels."""
    ordered = sorted(levels)
    half = len(ordered) // 2
    if not ordered or len(ordered) % 2:
        return tuple(ordered[half : half + 1])
    return tuple(ordered[half - 1 : half + 1])


def _above(framework: Framework, own: Decimal, others: Sequence[Decimal]) -> Decimal:
    steps = sum(steps_up(framework, level, own) for level in others)
    return Decimal(steps) / len(others)


def _agreement(views: Sequence[View]) -> Agreement:
    by_all = [
        view.spread_steps
        for view in views
        if view.spread_steps is not None
        and all(answer.level is not None for answer in view.answers)
    ]
    return Agreement(
        rated_by_all=len(by_all),
        same=sum(steps == 0 for steps in by_all),
        within_one_step=sum(steps <= 1 for steps in by_all),
    )


def _far_above(views: Sequence[View], sign: int) -> tuple[str, ...]:
    """Return the ids where self is `APART` steps above the others, or below with -1, widest first."""
    steps = {view.id: sign * (view.self_above or 0) for view in views}
    return tuple(
        sorted((key for key in steps if steps[key] >= APART), key=lambda key: -steps[key])
    )


def _second_raters_wanted(
    framework: Framework, files: Sequence[RatedFile], views: Sequence[View]
) -> tuple[SecondRaterWanted, ...]:
    by_id = {view.id: view for view in views}
    competences = []
    for key in framework.competences:
        if key not in by_id or not needs_second_rater(framework, key):
            continue
        view = by_id[key]
        raters: dict[Status, list[str]] = {status: [] for status in Status}
        for file, answer in zip(files, view.answers, strict=True):
            raters[answer.status].append(file.rater)
        if len(raters[Status.RATED]) == 1:
            unrated_by = tuple(raters[Status.UNRATED])
            competences.append(
                SecondRaterWanted(key, view.name, raters[Status.RATED][0], unrated_by)
            )
    return tuple(competences)


def _method(files: Sequence[RatedFile]) -> Remark:
    if not is_self(files[0].rater):
        return remark(RemarkKind.NO_SELF)
    if len(files) == 2:  # noqa: PLR2004  self and one other
        return remark(RemarkKind.APART_FROM_RATER, steps=APART, rater=files[1].rater)
    return remark(RemarkKind.APART_FROM_MEDIAN, steps=APART)
