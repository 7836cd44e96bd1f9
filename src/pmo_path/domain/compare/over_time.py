"""What moved between two ratings of one person by one rater."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.assessment import assess
from pmo_path.domain.compare.inputs import person_of, role_for
from pmo_path.domain.compare.model import CompetenceChange, MustHaveTurn, OverTime, Turn
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
from pmo_path.domain.ranking import readiness_change
from pmo_path.domain.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.compare.inputs import Given
    from pmo_path.domain.compare.model import ComparedRating
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import CompetenceResult, GapReport


def over_time(
    framework: Framework,
    given: tuple[Given, Given],
    asked: str | None = None,
    old: Framework | None = None,
) -> OverTime:
    """What moved between two files of one rater; the earlier one may come second.

    Both are assessed against one role on the framework in use: `asked`, else the one that the
    later file leads to. `old` is the framework with which files naming its version were read.
    Raises UsageProblem for files of two people, and when no role can be told.
    """
    then, now, notes = _in_order(*given)
    person = person_of((now, then))
    role = role_for(framework, (now, then), asked)
    before, after = (assess(framework, one.ratings, role) for one in (then, now))
    concerned = compared(framework, role, given)
    moves = _Moves(framework, then, now, before, after).of(concerned)
    standings = standing(then, before), standing(now, after)
    return OverTime(
        comparison="over-time",
        framework=after.framework,
        person=person,
        rater=now.rater,
        role=after.role,
        verdict=_verdict(moves),
        then=standings[0],
        now=standings[1],
        readiness_moved_by=readiness_change(standings[0].fit, standings[1].fit),
        moves=moves,
        scale=after.scale,
        domains=domains_of(framework, concerned),
        not_there=not_there(framework, (then, now), concerned),
        unfit=(*then.unfit, *now.unfit),
        notes=(
            *notes,
            *(_other_aim(framework, then, role) if asked is None else ()),
            *then.remarks,
            *now.remarks,
            *since_then(framework, old, given, role),
        ),
    )


def _in_order(first: Given, second: Given) -> tuple[Given, Given, tuple[str, ...]]:
    """Then and now, and what is to be said of their order."""
    dates = first.ratings.date, second.ratings.date
    if dates[0] is not None and dates[1] is not None:
        if dates[1] < dates[0]:
            note = (
                f"The earlier date comes first, so '{second.file}' is then and '{first.file}' now."
            )
            return second, first, (note,)
        if dates[0] < dates[1]:
            return first, second, ()
        why = f"Both files are of {dates[0]}"
    elif dates == (None, None):
        why = "Neither file has a date"
    else:
        why = f"'{(first if dates[0] is None else second).file}' has no date"
    return first, second, (f"{why}, so the file given first is then.",)


def _other_aim(framework: Framework, then: Given, role: str) -> Iterator[str]:
    aim = then.ratings.target
    if aim is not None and aim != role:
        yield (
            f"'{then.file}' aims at {framework.roles[aim].name}; both are assessed against "
            f"{framework.roles[role].name}, to which the later file leads."
        )


class _Moves:
    """Compares competence by competence."""

    def __init__(
        self, framework: Framework, then: Given, now: Given, before: GapReport, after: GapReport
    ) -> None:
        self._framework, self._then, self._now = framework, then, now
        self._before = {result.id: result for result in before.results}
        self._after = {result.id: result for result in after.results}
        unfit = (*then.unfit, *now.unfit)
        self._incomparable = {one.competence.id for one in unfit if one.competence}
        self._not_there = {*then.not_there, *now.not_there}

    def of(self, competences: Sequence[str]) -> tuple[CompetenceChange, ...]:
        return tuple(map(self._move, competences))

    def _move(self, key: str) -> CompetenceChange:
        then, now = (answer(self._framework, one, key) for one in (self._then, self._now))
        before, after = self._before.get(key), self._after.get(key)
        turn = self._turn(key, then, now)
        competence = self._framework.competences[key]
        return CompetenceChange(
            id=key,
            name=competence.name,
            domain=self._framework.domain_of[key],
            required=None if after is None else after.required,
            importance=None if after is None else after.importance,
            then=then,
            now=now,
            by=_by(then, now),
            steps=_steps(self._framework, then, now),
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
        if then.status is not Status.RATED or now.status is not Status.RATED:
            return _rated_turn(then, now)
        return self._gap_turn(key)

    def _gap_turn(self, key: str) -> Turn:
        """What became of the gap of a competence with two levels that differ."""
        before, after = self._before.get(key), self._after.get(key)
        if before is None or after is None or before.gap is None or after.gap is None:
            return Turn.MOVED
        if before.gap == after.gap:
            return Turn.MOVED
        if not after.gap:
            return Turn.CLOSED
        if not before.gap:
            return Turn.OPENED
        return Turn.NARROWER if after.gap < before.gap else Turn.WIDER


def _rated_turn(then: ComparedRating, now: ComparedRating) -> Turn:
    if now.status is Status.RATED:
        return Turn.NEWLY_RATED
    return Turn.NO_LONGER_RATED if then.status is Status.RATED else Turn.APPLIES_OTHERWISE


def _by(then: ComparedRating, now: ComparedRating) -> Decimal | None:
    return None if then.level is None or now.level is None else now.level - then.level


def _steps(framework: Framework, then: ComparedRating, now: ComparedRating) -> int | None:
    if then.level is None or now.level is None:
        return None
    return steps_up(framework, then.level, now.level)


def _must_have_turn(
    before: CompetenceResult | None, after: CompetenceResult | None, turn: Turn
) -> MustHaveTurn | None:
    if before is None or after is None or after.must_have is None:
        return None
    is_comparable = turn not in {Turn.INCOMPARABLE, Turn.NOT_THERE}
    if is_comparable and before.must_have_missing != after.must_have_missing:
        return MustHaveTurn.NEWLY_MISSING if after.must_have_missing else MustHaveTurn.NEWLY_MET
    return MustHaveTurn.MISSING if after.must_have_missing else MustHaveTurn.MET


_COUNTED = {
    Turn.CLOSED: "closed",
    Turn.NARROWER: "narrower",
    Turn.WIDER: "wider",
    Turn.OPENED: "opened",
}


def _verdict(moves: Sequence[CompetenceChange]) -> str:
    turns = [move.turn for move in moves]
    if set(turns) <= {Turn.SAME}:
        return "Nothing moved."
    return "; ".join(filter(None, (_levels(moves), _gaps(turns), _must_haves(moves)))) + "."


def _levels(moves: Sequence[CompetenceChange]) -> str:
    by = [move.by for move in moves if move.by is not None]
    if not by:
        return "No competence is rated both times"
    higher, lower = sum(one > 0 for one in by), sum(one < 0 for one in by)
    return (
        f"Of {count(len(by), 'competence')} rated both times, {higher} {_is(higher)} higher, "
        f"{lower} lower and {len(by) - higher - lower} the same"
    )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _gaps(turns: Sequence[Turn]) -> str:
    told = [f"{turns.count(turn)} {words}" for turn, words in _COUNTED.items() if turn in turns]
    return f"gaps: {', '.join(told)}" if told else ""


def _must_haves(moves: Sequence[CompetenceChange]) -> str:
    turns = [move.must_have_turn for move in moves]
    told = [
        f"{turns.count(turn)} {turn}"
        for turn in (MustHaveTurn.NEWLY_MET, MustHaveTurn.NEWLY_MISSING)
        if turn in turns
    ]
    return f"must-haves: {', '.join(told)}" if told else ""
