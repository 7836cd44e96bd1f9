"""The results of comparing one person's ratings: frozen values without a sentence.

Levels, gaps and steps are exact decimals and percentages exact fractions, as in the gap report.
A step is the way from one level of the scale to the next, whatever lies between the two numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from pmo_path.domain.report import (
    Fit,
    FrameworkFacts,
    LevelFacts,
    ReadinessChange,
    Reference,
    Status,
)


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
