"""Ratings of one person held against each other: frozen values that say what a writer may show.

Levels, gaps and steps are exact decimals and percentages exact fractions, as in the gap report.
A step is the way from one level of the scale to the next, whatever lies between the two numbers.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from pmo_path.domain.ranking import Fit, ReadinessChange
from pmo_path.domain.references import Reference
from pmo_path.domain.report import (
    FrameworkFacts,
    LevelFacts,
    Status,
)


class ComparedRating(NamedTuple):
    """What one file says of one competence."""

    status: Status
    """Rated, unrated or not applicable."""
    level: Decimal | None
    """None unless the status is rated."""
    label: str
    """The scale's word for the level; empty unless rated."""


class Unfit(NamedTuple):
    """An answer that the framework in use has no place for, so that it cannot be compared."""

    file: str
    """The file that it stands in."""
    line: int
    """Where the answer stands in the file; 0 when that cannot be told."""
    called: str
    """The competence as the file, or the framework that it was given on, calls it."""
    competence: Reference | None
    """The competence in the framework in use; none when it is not there."""
    answer: str
    """What was answered, in the file's words."""
    reason: str
    """Why it cannot be compared."""


class NotThere(NamedTuple):
    """What a file could not rate: competences that its version of the framework did not have."""

    file: str
    """The file."""
    version: str
    """The version of the framework that it was given on."""
    competences: tuple[Reference, ...]
    """What that version did not have."""


class AssessedFile(NamedTuple):
    """Where one file puts the person, as `assess` does."""

    file: str
    """The ratings file."""
    rater: str
    """Who rated."""
    date: datetime.date | None
    """When, if the file says so."""
    version: str | None
    """The version of the framework that the file names."""
    fit: Fit
    """How far the person is from the role by this file."""


class Turn(StrEnum):
    """What became of a competence from one time to the next; every one has just one turn."""

    CLOSED = "closed"
    """A gap then, and none now."""
    NARROWER = "narrower"
    WIDER = "wider"
    OPENED = "opened"
    """No gap then, and one now."""
    MOVED = "moved"
    """Another level, and no gap either time: at or above target, or not asked by the role."""
    NEWLY_RATED = "newly rated"
    NO_LONGER_RATED = "no longer rated"
    APPLIES_OTHERWISE = "applies otherwise"
    """Not rated either time: unrated once, and not applicable once."""
    NOT_THERE = "not there"
    """The version of the framework that one of the files was given on did not have it."""
    INCOMPARABLE = "incomparable"
    """One of the two answers does not fit the framework in use."""
    SAME = "same"


class MustHaveTurn(StrEnum):
    """What became of a must-have; as everywhere, one that is not rated is missing."""

    NEWLY_MET = "newly met"
    NEWLY_MISSING = "newly missing"
    MET = "met"
    MISSING = "missing"


class CompetenceChange(NamedTuple):
    """One competence, then and now."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    domain: str
    """The id of its domain."""
    required: Decimal | None
    """The level that the role requires; none when the role asks nothing of it."""
    importance: Decimal | None
    """How much it weighs; none when the role asks nothing of it."""
    then: ComparedRating
    """What was answered then."""
    now: ComparedRating
    """What is answered now."""
    by: Decimal | None
    """How many levels higher it is now; negative when lower, none unless rated both times."""
    steps: int | None
    """The same in steps of the scale."""
    gap_then: Decimal | None
    """How many levels were missing to what is required; none unless rated."""
    gap_now: Decimal | None
    """The same now."""
    turn: Turn
    """What became of it."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    must_have_turn: MustHaveTurn | None
    """None when it is no must-have. Now's state when the two times cannot be compared."""


class OverTime(NamedTuple):
    """What moved between two ratings of one person by one rater."""

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
    verdict: str
    """What moved, in one sentence."""
    then: AssessedFile
    """Where the earlier ratings put the person."""
    now: AssessedFile
    """Where the later ratings put the person."""
    readiness_moved_by: ReadinessChange | None
    """None when nothing was rated one of the times."""
    moves: tuple[CompetenceChange, ...]
    """Each competence that the role asks or a file rates, in the framework's order."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    domains: tuple[Reference, ...]
    """Each domain that `moves` speak of, in the framework's order."""
    not_there: tuple[NotThere, ...]
    """Competences that could not be rated on the version named."""
    unfit: tuple[Unfit, ...]
    """Answers that cannot be compared."""
    notes: tuple[str, ...]
    """What to know when reading this."""

    def turned(self, turn: Turn) -> list[CompetenceChange]:
        """The competences of which this became, in the framework's order."""
        return [move for move in self.moves if move.turn is turn]


class View(NamedTuple):
    """One competence as each rater sees it."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    domain: str
    """The id of its domain."""
    required: Decimal | None
    """The level that the role requires; none when the role asks nothing of it."""
    importance: Decimal | None
    """How much it weighs; none when the role asks nothing of it."""
    answers: tuple[ComparedRating, ...]
    """One for each rater, in their order."""
    spread: Decimal | None
    """The highest level less the lowest; none unless two rated it."""
    steps: int | None
    """The same in steps of the scale."""
    others: tuple[Decimal, ...]
    """The level in the middle of those that the others gave, or the two in the middle, lower
    first; empty unless self and another rated it."""
    self_above: Decimal | None
    """How many steps self is above the middle of the others; negative below it."""


class Agreement(NamedTuple):
    """How far raters agree on the competences that all of them rated."""

    rated_by_all: int
    """How many competences all of them rated."""
    same: int
    """On how many all gave the same level."""
    within_one_step: int
    """On how many no two are more than a step apart; the same ones are among them."""


class SecondRaterWanted(NamedTuple):
    """A competence in which one rating is too little, and who gave it."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    rated_by: str
    """The only one who rated it."""
    unrated_by: tuple[str, ...]
    """Who could still: the raters who left it unrated."""


class Raters(NamedTuple):
    """How raters of one person see them."""

    comparison: Literal["raters"]
    """Which kind of comparison this is."""
    framework: FrameworkFacts
    """The framework in use."""
    person: str
    """Who is rated."""
    role: Reference
    """The role that all are assessed against."""
    verdict: str
    """How far they agree, in words."""
    raters: tuple[AssessedFile, ...]
    """In the order given; self first."""
    has_self: bool
    """Whether one of them is the person."""
    agreement: Agreement
    """How far they agree."""
    views: tuple[View, ...]
    """Each competence that the role asks or a rater rates: most apart first."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    domains: tuple[Reference, ...]
    """Each domain that `views` speak of, in the framework's order."""
    blind_spots: tuple[str, ...]
    """Ids of what self sees two or more steps higher than the others, most apart first."""
    hidden_strengths: tuple[str, ...]
    """Ids of what self sees two or more steps lower than the others, most apart first."""
    second_raters_wanted: tuple[SecondRaterWanted, ...]
    """Competences in which a second rating is wanted."""
    advice: str
    """Whom to ask for a second rating of what, in words; empty when that is not needed."""
    not_there: tuple[NotThere, ...]
    """Competences that could not be rated on the version named."""
    unfit: tuple[Unfit, ...]
    """Answers that cannot be compared."""
    notes: tuple[str, ...]
    """What to know when reading this."""

    def view(self, competence: str) -> View:
        """What is seen of a competence. Raises KeyError for one that nobody rates or asks."""
        for view in self.views:
            if view.id == competence:
                return view
        raise KeyError(competence)
