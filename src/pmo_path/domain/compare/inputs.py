"""The ratings files to compare, and what every comparison takes from them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import target_role
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold
from pmo_path.domain.ratings import rater_named
from pmo_path.domain.report import Fit, Reference
from pmo_path.domain.role_fit import fit_of
from pmo_path.domain.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import GapReport


class RemarkKind(StrEnum):
    """The subject of a remark; `render/compare_words.py` has a sentence for each."""

    SWAPPED = "swapped"
    """The files were passed in another order than their dates: `earlier`, `later`."""
    SAME_DATE = "same_date"
    """Both files have one `date`."""
    NO_DATES = "no_dates"
    NO_DATE = "no_date"
    """One of two files, `file`, has no date."""
    OTHER_TARGET = "other_target"
    """The earlier `file` has another target (`target`) than the `role` assessed against."""
    READ_AS = "read_as"
    """A `note` on reading a cell or key in a `line` of a `file`."""
    ROLE_GONE = "role_gone"
    """A `file` names a `role` that the framework in use does not have."""
    OTHER_VERSION = "other_version"
    """A `file` on another `version` was read as if on the one in use, `used`."""
    OLD_UNUSED = "old_unused"
    """No file names the `version` of the old framework."""
    ROLE_ADDED = "role_added"
    """The `role` came after version `before`."""
    REQUIREMENTS_CHANGED = "requirements_changed"
    """The `role` has `number` changed requirements since version `before`."""
    SCALE_CHANGED = "scale_changed"
    """The scale changed after version `before`."""
    ANCHORS_CHANGED = "anchors_changed"
    """The texts to rate `competences` by changed after version `before`."""
    ASSESSED_ON = "assessed_on"
    """Everything is assessed on one `version`, though the framework changed."""
    NO_SELF = "no_self"
    """No rater is `self`, so there are no blind spots and hidden strengths."""
    APART_FROM_RATER = "apart_from_rater"
    """Blind spots are `steps` or more above the only other `rater`."""
    APART_FROM_MEDIAN = "apart_from_median"
    """Blind spots are `steps` or more above the median of the other raters."""
    NO_COMPETENCE = "no_competence"
    """The framework in use does not have the competence."""
    LEADS_TO = "leads_to"
    """The same, and its name now leads to another `competence`."""
    NO_LEVEL = "no_level"
    """The `answer` is not one of the `levels` in use."""
    SAME_COMPETENCE = "same_competence"
    """The competence has become the same as the `other`, which is rated too."""


class Remark(NamedTuple):
    """Something to know when reading a comparison. JSON has a sentence instead."""

    kind: RemarkKind
    """Its subject."""
    facts: Mapping[str, str]
    """The names and figures in it, by the names that the kind states."""


def remark(kind: RemarkKind, **facts: object) -> Remark:
    """Return a remark with its facts as texts."""
    return Remark(kind, {name: str(fact) for name, fact in facts.items()})


class ComparedRating(NamedTuple):
    """One file's answer for one competence."""

    status: Status
    """Rated, unrated or not applicable."""
    level: Decimal | None
    """None unless the status is rated."""
    label: str
    """The scale's word for the level; empty unless rated."""


class Unfit(NamedTuple):
    """An answer that does not fit the framework in use and so cannot be compared."""

    file: str
    """The ratings file."""
    line: int
    """The line of the answer in the file; 0 when unknown."""
    called: str
    """The competence's name in the file or in the framework that it was rated on."""
    competence: Reference | None
    """The competence in the framework in use; none when it is not there."""
    answer: str
    """The answer as written in the file."""
    reason: Remark
    """Why it cannot be compared."""


class NotThere(NamedTuple):
    """Competences that a file could not rate, because its version of the framework had none."""

    file: str
    """The file."""
    version: str
    """The version of the framework that it was rated on."""
    competences: tuple[Reference, ...]
    """Those that this version did not have."""


class AssessedFile(NamedTuple):
    """The assessment of one ratings file."""

    file: str
    """The ratings file."""
    rater: str
    """Who rated."""
    date: datetime.date | None
    """The date in the file, if any."""
    version: str | None
    """The version of the framework that the file names."""
    fit: Fit
    """The person's fit to the role by this file."""


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

    Raises UsageProblem when no file leads to a role, or when one for a level of every competence
    comes before the first that does.
    """
    problems = []
    for file in newest:
        try:
            return target_role(framework, file.ratings, role)
        except UsageProblem as problem:
            if file.ratings.target_level:
                raise  # an older file's role is not what these ratings are for
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


def facts(framework: Framework, competence: str) -> Reference:
    """Return the id and name of a competence, an id of the framework."""
    return Reference(competence, framework.shown_name(competence))


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
            tuple(facts(framework, key) for key in file.not_there if key in compared),
        )
        for file in files
    )
    return tuple(entry for entry in missing if entry.competences)
