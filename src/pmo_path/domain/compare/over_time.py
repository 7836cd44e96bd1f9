"""Compare two ratings of one person by one rater."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
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
    not_there,
    person_of,
    remark,
    role_for,
)
from pmo_path.domain.compare.versions import remarks_on_versions
from pmo_path.domain.report import FrameworkFacts, LevelFacts, ReadinessChange, Reference
from pmo_path.domain.role_fit import readiness_change
from pmo_path.domain.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.compare.inputs import RatedFile
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import GapReport
    from pmo_path.domain.scoring import CompetenceResult


class Turn(StrEnum):
    """The change of a competence between two ratings; each competence has one turn."""

    CLOSED = "closed"
    """A gap then, and none now."""
    NARROWER = "narrower"
    WIDER = "wider"
    OPENED = "opened"
    """No gap then, and one now."""
    MOVED = "moved"
    """Another level, and no gap either time: at or above target, or not required by the role."""
    NEWLY_RATED = "newly rated"
    NO_LONGER_RATED = "no longer rated"
    APPLIES_OTHERWISE = "applies otherwise"
    """Unrated one time and n/a the other."""
    NOT_THERE = "not there"
    """The version of the framework that one of the files was rated on did not have it."""
    INCOMPARABLE = "incomparable"
    """One of the two answers does not fit the framework in use."""
    SAME = "same"


class MustHaveTurn(StrEnum):
    """The change of a must-have; one without a rating counts as missing."""

    NEWLY_MET = "newly met"
    NEWLY_MISSING = "newly missing"
    MET = "met"
    MISSING = "missing"


class CompetenceChange(NamedTuple):
    """One competence, then and now."""

    id: str
    name: str
    domain: str
    required: Decimal | None
    """The level that the role requires; none when it requires none."""
    importance: Decimal | None
    """The importance of the requirement; null if not required."""
    then: ComparedRating
    """The answer in the earlier file."""
    now: ComparedRating
    """The answer in the later file."""
    by: Decimal | None
    """Levels gained since; negative if lost, none unless rated both times."""
    steps: int | None
    """The same in steps of the scale."""
    gap_then: Decimal | None
    """Levels missing to the required level then; none unless rated."""
    gap_now: Decimal | None
    """The same now."""
    turn: Turn
    """The kind of change."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    must_have_turn: MustHaveTurn | None
    """None when it is no must-have. Now's state when the two times cannot be compared."""


class Movement(NamedTuple):
    """The number of competences by kind of change. JSON has a sentence instead."""

    turns: Mapping[Turn, int]
    """The number of competences by turn."""
    must_haves: Mapping[MustHaveTurn, int]
    """The number of must-haves by turn."""
    rated_both: int
    """The number of competences rated both times."""
    higher: int
    """The number of those that are higher now."""
    lower: int
    """The number of those that are lower now."""


class OverTime(NamedTuple):
    """The changes between two ratings of one person by one rater."""

    comparison: Literal["over-time"]
    """Which kind of comparison this is."""
    framework: FrameworkFacts
    """The framework in use, on which both are assessed."""
    person: str
    """Who is rated."""
    rater: str
    """Who rated, both times."""
    role: Reference
    """The role that both are assessed against."""
    verdict: Movement
    """The counts of changes."""
    then: AssessedFile
    """The assessment of the earlier ratings."""
    now: AssessedFile
    """The assessment of the later ratings."""
    readiness_moved_by: ReadinessChange | None
    """None when one of the files rates nothing."""
    moves: tuple[CompetenceChange, ...]
    """Each competence that the role requires or a file rates, in the framework's order."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    domains: tuple[Reference, ...]
    """The domains of `moves`, in the framework's order."""
    not_there: tuple[NotThere, ...]
    """Competences that the version a file names did not have."""
    unfit: tuple[Unfit, ...]
    """Answers that cannot be compared."""
    notes: tuple[Remark, ...]
    """Remarks that help to read this."""

    def turned(self, turn: Turn) -> list[CompetenceChange]:
        """Return the competences with this turn, in the framework's order."""
        return [move for move in self.moves if move.turn is turn]


def over_time(
    framework: Framework,
    files: tuple[RatedFile, RatedFile],
    role: str | None = None,
    old: Framework | None = None,
) -> OverTime:
    """Compare two files of one rater; the earlier one may come second.

    Both are assessed on the framework in use against one role: `role`, else the one that the
    later file leads to. `old` is the framework with which files that name its version were read.
    Raises UsageProblem for files of two people, and when there is no role to assess against.
    """
    then, now, order = _in_order(*files)
    person = person_of((now, then))
    target = role_for(framework, (now, then), role)
    before, after = (assess(framework, file.ratings, target) for file in (then, now))
    ids = compared(framework, target, files)
    moves = tuple(map(_Moves(framework, then, now, before, after).move, ids))
    first, second = assessed_file(then, before), assessed_file(now, after)
    return OverTime(
        comparison="over-time",
        framework=after.framework,
        person=person,
        rater=now.rater,
        role=after.role,
        verdict=_movement(moves),
        then=first,
        now=second,
        readiness_moved_by=readiness_change(first.fit, second.fit),
        moves=moves,
        scale=after.scale,
        domains=domains_of(framework, ids),
        not_there=not_there(framework, (then, now), ids),
        unfit=(*then.unfit, *now.unfit),
        notes=(
            *order,
            *(_other_target(framework, then, target) if role is None else ()),
            *then.remarks,
            *now.remarks,
            *remarks_on_versions(framework, old, files, target),
        ),
    )


def _in_order(
    first: RatedFile, second: RatedFile
) -> tuple[RatedFile, RatedFile, tuple[Remark, ...]]:
    """Return the earlier file, the later file, and remarks on their order."""
    dates = first.ratings.date, second.ratings.date
    if dates[0] is not None and dates[1] is not None:
        if dates[1] < dates[0]:
            swapped = remark(RemarkKind.SWAPPED, earlier=second.file, later=first.file)
            return second, first, (swapped,)
        if dates[0] < dates[1]:
            return first, second, ()
        why = remark(RemarkKind.SAME_DATE, date=dates[0])
    elif dates == (None, None):
        why = remark(RemarkKind.NO_DATES)
    else:
        why = remark(RemarkKind.NO_DATE, file=(first if dates[0] is None else second).file)
    return first, second, (why,)


def _other_target(framework: Framework, then: RatedFile, role: str) -> Iterator[Remark]:
    target = then.ratings.target
    if target is not None and target != role:
        names = framework.roles[target].name, framework.roles[role].name
        yield remark(RemarkKind.OTHER_TARGET, file=then.file, target=names[0], role=names[1])


class _Moves:
    """Compares competence by competence."""

    def __init__(
        self,
        framework: Framework,
        then: RatedFile,
        now: RatedFile,
        before: GapReport,
        after: GapReport,
    ) -> None:
        self._framework, self._then, self._now = framework, then, now
        self._before = {result.id: result for result in before.results}
        self._after = {result.id: result for result in after.results}
        unfit_answers = (*then.unfit, *now.unfit)
        self._incomparable = {unfit.competence.id for unfit in unfit_answers if unfit.competence}
        self._not_there = {*then.not_there, *now.not_there}

    def move(self, key: str) -> CompetenceChange:
        then, now = (answer_in(self._framework, file, key) for file in (self._then, self._now))
        before, after = self._before.get(key), self._after.get(key)
        by, steps = distance(self._framework, then.level, now.level)
        turn = self._turn(key, then, now)
        return CompetenceChange(
            id=key,
            name=self._framework.shown_name(key),
            domain=self._framework.domain_of[key],
            required=None if after is None else after.required,
            importance=None if after is None else after.importance,
            then=then,
            now=now,
            by=by,
            steps=steps,
            gap_then=None if before is None else before.gap,
            gap_now=None if after is None else after.gap,
            turn=turn,
            must_have=None if after is None else after.must_have,
            must_have_turn=_must_have_turn(before, after, turn),
        )

    def _turn(self, key: str, then: ComparedRating, now: ComparedRating) -> Turn:
        if key in self._incomparable:
            return Turn.INCOMPARABLE
        if key in self._not_there:
            return Turn.NOT_THERE
        if then == now:
            return Turn.SAME
        if Status.RATED not in {then.status, now.status}:
            return Turn.APPLIES_OTHERWISE
        if then.status is not now.status:
            return Turn.NEWLY_RATED if now.status is Status.RATED else Turn.NO_LONGER_RATED
        return self._gap_turn(key)

    def _gap_turn(self, key: str) -> Turn:
        """Return how the gap changed for a competence with two different levels."""
        before, after = self._before.get(key), self._after.get(key)
        was, now = before and before.gap, after and after.gap
        if was is None or now is None or was == now:
            return Turn.MOVED
        if not now:
            return Turn.CLOSED
        if not was:
            return Turn.OPENED
        return Turn.NARROWER if now < was else Turn.WIDER


def _must_have_turn(
    before: CompetenceResult | None, after: CompetenceResult | None, turn: Turn
) -> MustHaveTurn | None:
    if before is None or after is None or after.must_have is None:
        return None
    is_comparable = turn not in {Turn.INCOMPARABLE, Turn.NOT_THERE}
    if is_comparable and before.must_have_missing != after.must_have_missing:
        return MustHaveTurn.NEWLY_MISSING if after.must_have_missing else MustHaveTurn.NEWLY_MET
    return MustHaveTurn.MISSING if after.must_have_missing else MustHaveTurn.MET


def _movement(moves: Sequence[CompetenceChange]) -> Movement:
    changes = [move.by for move in moves if move.by is not None]
    return Movement(
        turns=Counter(move.turn for move in moves),
        must_haves=Counter(move.must_have_turn for move in moves if move.must_have_turn),
        rated_both=len(changes),
        higher=sum(change > 0 for change in changes),
        lower=sum(change < 0 for change in changes),
    )
