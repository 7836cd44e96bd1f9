"""Readiness over time, from several ratings files of the same people in the order of their dates."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from pmo_path.domain.assessment import framework_facts, target_role
from pmo_path.domain.diagnostics import Diagnostic
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold
from pmo_path.domain.nudges import RatedOn, rated_on
from pmo_path.domain.progress import no_progress, track
from pmo_path.domain.ratings import is_self
from pmo_path.domain.report import Fit, FrameworkFacts, ReadinessChange, Reference
from pmo_path.domain.role_fit import fit_to, readiness_change, role_facts
from pmo_path.domain.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Progress
    from pmo_path.domain.ratings import Ratings


class OtherFile(NamedTuple):
    """A file among the ratings files that is something else."""

    file: str
    """The file."""
    what: str
    """The kind of file that it seems to be."""
    hint: str
    """The command that takes it, or what to do; empty if nothing."""


class ReadFile(NamedTuple):
    """A file as it was read: ratings, mistakes, or something else."""

    file: str
    ratings: Ratings | None = None
    mistakes: tuple[Diagnostic, ...] = ()
    """Errors that keep it from being used; empty for a framework, which is no error here."""
    other: OtherFile | None = None
    """A file that is neither ratings nor a framework and has no errors."""
    notes: tuple[tuple[int, str], ...] = ()
    """Notes on ambiguous cells, each with its line."""

    @property
    def is_framework(self) -> bool:
        """Whether it is a framework."""
        return self.ratings is None and self.other is None and not self.mistakes


class SeriesPoint(NamedTuple):
    """A person's readiness on one date."""

    date: datetime.date
    """The date in the file."""
    file: str
    """The ratings file."""
    fit: Fit
    """The person's fit to the role."""
    change: ReadinessChange | None
    """The change in readiness since the previous point; none when one of them has none."""
    other_framework: RatedOn
    """The framework that the file names, beside the one in use."""


class Series(NamedTuple):
    """One person's ratings by one rater, in the order of their dates."""

    person: str
    """The name in the newest file that names the person; empty when none does."""
    rater: str
    """Who rated: self, a manager, a peer."""
    assessments: tuple[SeriesPoint, ...]
    """By date, files of one date by name."""
    change: ReadinessChange | None
    """The change in readiness from the first point to the last; none when one of them has none."""
    same_day: tuple[datetime.date, ...]
    """Dates with more than one file."""
    nameless: tuple[str, ...]
    """Files without a name, counted as this person's because no other person is named."""


class History(NamedTuple):
    """People's readiness for one role over time."""

    framework: FrameworkFacts
    """The framework in use, on which all points are assessed."""
    role: Reference
    """The role that everybody is assessed against."""
    series: tuple[Series, ...]
    """By person, their own ratings first."""
    without_date: tuple[str, ...]
    """Ratings files without a date."""
    frameworks: tuple[str, ...]
    """Files that are frameworks."""
    others: tuple[OtherFile, ...]
    """Files in folders that are neither ratings nor frameworks."""
    mistakes: tuple[Diagnostic, ...]
    """Every error in files that could not be used."""


def history_of(
    framework: Framework,
    files: Sequence[ReadFile],
    role: str | None = None,
    progress: Progress = no_progress,
) -> History:
    """Return the history of the people in `files`, all assessed on `framework`.

    `role` is an id, name or alias; without it the newest file leads to the role as in `assess`.
    Raises UsageProblem when there is no role to assess against, or no file with a date.
    """
    rated = [(file.file, file.ratings) for file in files if file.ratings is not None]
    dated = [
        _Dated(date, file, ratings)
        for file, ratings in rated
        if (date := ratings.date) is not None
    ]
    dated.sort(key=lambda file: (file.date, file.file))
    if not dated:
        _refuse(files)
    target = target_role(framework, dated[-1].ratings, role)
    return History(
        framework=framework_facts(framework),
        role=role_facts(framework, target),
        series=tuple(_series(framework, target, dated, progress)),
        without_date=tuple(file for file, ratings in rated if ratings.date is None),
        frameworks=tuple(file.file for file in files if file.is_framework),
        others=tuple(file.other for file in files if file.other is not None),
        mistakes=tuple(mistake for file in files for mistake in file.mistakes),
    )


class _Dated(NamedTuple):
    """A ratings file with a date."""

    date: datetime.date
    file: str
    ratings: Ratings


def _refuse(files: Sequence[ReadFile]) -> NoReturn:
    """Raise UsageProblem, because none of the files is a ratings file with a date."""
    undated = [file.file for file in files if file.ratings is not None]
    if undated:
        raise UsageProblem(
            f"no ratings file has a date; add one such as 'date: 2026-11-23' to: "
            f"{', '.join(undated)}"
        )
    frameworks = ", ".join(file.file for file in files if file.is_framework)
    others = ", ".join(file.file for file in files if file.other is not None)
    raise UsageProblem(
        "no ratings files here"
        f"{f'; frameworks: {frameworks}' if frameworks else ''}"
        f"{f'; other files: {others}' if others else ''}"
    )


def _series(
    framework: Framework, target: str, dated: Sequence[_Dated], progress: Progress
) -> Iterator[Series]:
    people = [file.ratings.person for file in dated if file.ratings.person.strip()]
    names = {fold(person): person for person in people}
    only = next(iter(names)) if len(names) == 1 else ""

    def key(file: _Dated) -> tuple[str, bool, str]:
        """Return the person and rater, such that self sorts first."""
        rater = fold(file.ratings.rater)
        return fold(file.ratings.person) or only, not is_self(rater), rater

    assessed = (
        (file, fit_to(framework, target, score(framework, target, file.ratings)))
        for file in track(sorted(dated, key=key), "Computing readiness", progress)
    )
    for (person, *_), group in groupby(assessed, key=lambda pair: key(pair[0])):
        fits = list(group)
        files = [file for file, _ in fits]
        points = tuple(_points(framework, fits))
        days = Counter(point.date for point in points)
        nameless = [file.file for file in files if not file.ratings.person.strip()]
        yield Series(
            person=names.get(person, ""),
            rater=files[-1].ratings.rater,
            assessments=points,
            change=readiness_change(points[0].fit, points[-1].fit),
            same_day=tuple(day for day, number in days.items() if number > 1),
            nameless=tuple(nameless) if person else (),
        )


def _points(framework: Framework, fits: Iterable[tuple[_Dated, Fit]]) -> Iterator[SeriesPoint]:
    before: Fit | None = None
    for (date, file, ratings), fit in fits:
        yield SeriesPoint(
            date=date,
            file=file,
            fit=fit,
            change=None if before is None else readiness_change(before, fit),
            other_framework=rated_on(framework, ratings),
        )
        before = fit
