"""The ratings files to compare, and what every comparison takes from them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import target_role
from pmo_path.domain.compare.model import AssessedFile, ComparedRating, NotThere
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold
from pmo_path.domain.ratings import rater_named
from pmo_path.domain.report import Reference, Status
from pmo_path.domain.verdict import fit_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from decimal import Decimal

    from pmo_path.domain.compare.model import Remark, Unfit
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import GapReport


class RatedFile(NamedTuple):
    """A file's ratings on the framework in use, and the parts of it that do not fit."""

    file: str
    ratings: Ratings
    unfit: tuple[Unfit, ...] = ()
    """Answers that do not fit the framework in use."""
    not_there: tuple[str, ...] = ()
    """Ids of competences that the version which the file was rated on did not have."""
    followed: bool = False
    """Whether the file was read with the version that it was rated on."""
    remarks: tuple[Remark, ...] = ()
    """Remarks on reading the file."""

    @property
    def rater(self) -> str:
        """The rater's name, or a label for a rater without a name."""
        return rater_named(self.ratings.rater)

    @property
    def version(self) -> str | None:
        """The version of the framework that the file names."""
        reference = self.ratings.framework
        return None if reference is None else reference.version


def person_of(files: Iterable[RatedFile]) -> str:
    """Return the person rated, or an empty text if no file names one.

    Raises UsageProblem when the files name two people.
    """
    first: RatedFile | None = None
    for file in files:
        if not file.ratings.person.strip():
            continue
        if first is None:
            first = file
        elif fold(file.ratings.person) != fold(first.ratings.person):
            raise UsageProblem(
                f"these are ratings of different people: '{first.ratings.person}' ({first.file}) "
                f"and '{file.ratings.person}' ({file.file}); compare files of one person, "
                "or run 'pmo-path batch' for many people"
            )
    return "" if first is None else first.ratings.person


def newest_first(files: Iterable[RatedFile]) -> list[RatedFile]:
    """Sort files by date, newest first and undated last; of one date, the last file first."""
    return sorted(files, key=lambda file: file.ratings.date or datetime.date.min)[::-1]


def role_for(framework: Framework, newest: Sequence[RatedFile], role: str | None) -> str:
    """Return the id of `role`, else of the role that the first of `newest` to name one leads to.

    Raises UsageProblem when no file leads to a role.
    """
    problems = []
    for file in newest:
        try:
            return target_role(framework, file.ratings, role)
        except UsageProblem as problem:
            problems.append(problem)
    raise problems[0]


def assessed_file(file: RatedFile, report: GapReport) -> AssessedFile:
    """Return a file's assessment; `report` is the gap report of its ratings."""
    return AssessedFile(
        file=file.file,
        rater=file.rater,
        date=file.ratings.date,
        version=file.version,
        fit=fit_of(report),
    )


def answer_in(framework: Framework, file: RatedFile, competence: str) -> ComparedRating:
    """Return a file's answer for a competence, an id of the framework."""
    rating = file.ratings.ratings.get(competence)
    if rating is None or rating.level is None:
        return ComparedRating(Status.UNRATED, None, "")
    if isinstance(rating.level, str):
        return ComparedRating(Status.NOT_APPLICABLE, None, "")
    return ComparedRating(Status.RATED, rating.level, framework.label_of(rating.level))


def compared(framework: Framework, role: str, files: Iterable[RatedFile]) -> list[str]:
    """Return the ids that the role requires or a file answers, in the framework's order."""
    ids = set(framework.scored(role))
    for file in files:
        ratings = file.ratings.ratings.items()
        ids.update(key for key, rating in ratings if rating.level is not None)
        ids.update(unfit.competence.id for unfit in file.unfit if unfit.competence)
    return [key for key in framework.competences if key in ids]


def domains_of(framework: Framework, competences: Iterable[str]) -> tuple[Reference, ...]:
    """Return the domains of competences, in the framework's order."""
    ids = {framework.domain_of[key] for key in competences}
    return tuple(
        Reference(key, domain.name) for key, domain in framework.domains.items() if key in ids
    )


def steps_up(framework: Framework, low: Decimal, high: Decimal) -> int:
    """Return the number of steps of the scale between two levels of it; negative downwards."""
    return framework.levels.index(high) - framework.levels.index(low)


def distance(
    framework: Framework, low: Decimal | None, high: Decimal | None
) -> tuple[Decimal, int] | tuple[None, None]:
    """Return how much higher `high` is, as a number and in steps; none unless both are levels."""
    if low is None or high is None:
        return None, None
    return high - low, steps_up(framework, low, high)


def not_there(
    framework: Framework, files: Iterable[RatedFile], compared: Collection[str]
) -> tuple[NotThere, ...]:
    """Return, for each file on another version, the compared competences that it did not have."""
    missing = (
        NotThere(
            file.file,
            file.version or "",
            tuple(
                Reference(key, framework.shown_name(key))
                for key in file.not_there
                if key in compared
            ),
        )
        for file in files
    )
    return tuple(entry for entry in missing if entry.competences)
