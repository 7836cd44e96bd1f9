"""Readiness over time: what several ratings of the same people say, in the order of their dates."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import assess, framework_facts, role_facts, target_role
from pmo_path.domain.diagnostics import Diagnostic
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold
from pmo_path.domain.nudges import rated_on
from pmo_path.domain.progress import unwatched, watched
from pmo_path.domain.ranking import Fit, ReadinessChange, fit_of, readiness_change
from pmo_path.domain.ratings import is_self
from pmo_path.domain.references import Reference
from pmo_path.domain.report import FrameworkFacts, RatedOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Watch
    from pmo_path.domain.ratings import Ratings


class OtherFile(NamedTuple):
    """A file that merely lies among the ratings and is none."""

    file: str
    """The file."""
    what: str
    """What it seems to be, in words."""
    hint: str
    """Where it belongs, or what to do; empty where there is nothing to do."""


class ReadFile(NamedTuple):
    """A file as it was read: ratings, mistakes, or something else than ratings."""

    file: str
    ratings: Ratings | None = None
    mistakes: tuple[Diagnostic, ...] = ()
    """What keeps it from being used; empty for a framework, which is no mistake here."""
    other: OtherFile | None = None
    """What it is that is neither ratings nor a framework, and no mistake either."""
    notes: tuple[tuple[int, str], ...] = ()
    """How words were read that may mean no answer, each with its line."""

    @property
    def is_framework(self) -> bool:
        """Whether it is nothing else."""
        return self.ratings is None and self.other is None and not self.mistakes


class SeriesPoint(NamedTuple):
    """Where a person stood on one day."""

    date: datetime.date
    """The day that the file names."""
    file: str
    """The ratings file."""
    fit: Fit
    """How far the person was from the role."""
    change: ReadinessChange | None
    """How readiness changed since the point before; None where one of them has none."""
    other_framework: RatedOn
    """The framework that the file names, beside the one in use."""


class Series(NamedTuple):
    """One person as one rater saw them, in the order of dates."""

    person: str
    """As the newest file that names the person writes it; empty when none does."""
    rater: str
    """Who rated: self, a manager, a peer."""
    points: tuple[SeriesPoint, ...]
    """By date; files of one day by their names."""
    change: ReadinessChange | None
    """How readiness changed from the first point to the last; None where one of them has none."""
    same_day: tuple[datetime.date, ...]
    """Days of which there are several files."""
    nameless: tuple[str, ...]
    """Files that name nobody, and count as this person's because nobody else is named."""


class History(NamedTuple):
    """What became of people's readiness for one role."""

    framework: FrameworkFacts
    """The framework in use, with which all points are computed."""
    role: Reference
    """The role that all are assessed against."""
    series: tuple[Series, ...]
    """By person, their own ratings first."""
    without_date: tuple[str, ...]
    """Ratings files that cannot be placed in time."""
    frameworks: tuple[str, ...]
    """Files that are frameworks and no ratings."""
    others: tuple[OtherFile, ...]
    """Files in folders that are neither."""
    mistakes: tuple[Diagnostic, ...]
    """Everything that is wrong with files that could not be used."""


def history_of(
    framework: Framework,
    files: Sequence[ReadFile],
    role: str | None = None,
    watch: Watch = unwatched,
) -> History:
    """The history that files tell, all computed with `framework`.

    `role` is an id, name or alias; without it the newest file says it as in `assess`. Raises
    UsageProblem when no role can be told, or no file can be placed in time.
    """
    rated = [(one.file, one.ratings) for one in files if one.ratings is not None]
    dated = sorted(_dated(rated), key=lambda one: one[:2])
    if not dated:
        raise UsageProblem(_nothing_to_place(files))
    target = target_role(framework, dated[-1][2], role)
    return History(
        framework=framework_facts(framework),
        role=role_facts(framework, target),
        series=tuple(_series(framework, target, dated, watch)),
        without_date=tuple(file for file, ratings in rated if ratings.date is None),
        frameworks=tuple(one.file for one in files if one.is_framework),
        others=tuple(one.other for one in files if one.other is not None),
        mistakes=tuple(found for one in files for found in one.mistakes),
    )


_Dated = tuple[datetime.date, str, "Ratings"]


def _dated(rated: Iterable[tuple[str, Ratings]]) -> Iterator[_Dated]:
    return ((ratings.date, file, ratings) for file, ratings in rated if ratings.date is not None)


def _nothing_to_place(files: Sequence[ReadFile]) -> str:
    undated = [one.file for one in files if one.ratings is not None]
    if undated:
        return (
            "none of these ratings has a date, so they cannot be placed in time; "
            f"add one such as 'date: 2026-11-23' to: {', '.join(undated)}"
        )
    beside = {
        "frameworks": [one.file for one in files if one.is_framework],
        "other files": [one.file for one in files if one.other is not None],
    }
    told = "; ".join(f"{what}: {', '.join(named)}" for what, named in beside.items() if named)
    return f"there are no ratings here{told and f', but {told}'}"


class _Placed(NamedTuple):
    """Ratings of one day, and where they put the person."""

    date: datetime.date
    file: str
    ratings: Ratings
    fit: Fit
    other_framework: RatedOn


def _placed(framework: Framework, target: str, dated: _Dated) -> _Placed:
    report = assess(framework, dated[2], target, top=0)
    return _Placed(*dated, fit_of(report), rated_on(framework, dated[2]))


def _series(
    framework: Framework, target: str, dated: Sequence[_Dated], watch: Watch
) -> Iterator[Series]:
    named = {fold(one.person): one.person for *_, one in dated if one.person.strip()}
    only = next(iter(named)) if len(named) == 1 else ""

    def who(ratings: Ratings) -> tuple[str, bool, str]:
        """What makes ratings those of one person by one rater, and their order."""
        rater = fold(ratings.rater)
        return fold(ratings.person) or only, not is_self(rater), rater

    in_order = sorted(dated, key=lambda one: who(one[2]))
    placed = (
        _placed(framework, target, one) for one in watched(in_order, "Computing readiness", watch)
    )
    for (person, *_), group in groupby(placed, key=lambda one: who(one.ratings)):
        of_one = list(group)
        points = tuple(_points(of_one))
        days = Counter(one.date for one in points)
        nameless = [one.file for one in of_one if not one.ratings.person.strip()]
        yield Series(
            person=named.get(person, ""),
            rater=of_one[-1].ratings.rater,
            points=points,
            change=readiness_change(points[0].fit, points[-1].fit),
            same_day=tuple(day for day, files_of_it in days.items() if files_of_it > 1),
            nameless=tuple(nameless) if person else (),
        )


def _points(of_one: Iterable[_Placed]) -> Iterator[SeriesPoint]:
    before: Fit | None = None
    for one in of_one:
        yield SeriesPoint(
            date=one.date,
            file=one.file,
            fit=one.fit,
            change=None if before is None else readiness_change(before, one.fit),
            other_framework=one.other_framework,
        )
        before = one.fit
