"""The gap report: one frozen value that says everything a writer may show.

Levels, gaps and priorities are exact decimals; readiness is an exact fraction of one hundred.
Nothing here is rounded: that is the writers' business. The values are named tuples because a
dataclass costs every start of the command several times as much.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pmo_path.domain.bands import BandFacts, BandReason, NextBand
from pmo_path.domain.nudges import Nudge
from pmo_path.domain.recommendations import Priority, TrainingOption
from pmo_path.domain.scoring import CompetenceResult, Readiness, Status


class Reference(NamedTuple):
    """An entry of the framework: a competence, role, course, domain or band."""

    id: str
    name: str


class FrameworkFacts(NamedTuple):
    """The framework of a report."""

    id: str
    """Its short id, which ratings files name."""
    version: str
    """Its version, as the file says."""
    title: str
    """Its title."""
    notice: str
    """Whose it is and what it is not; empty when it says nothing."""
    content_hash: str
    """Differs when the content does, whatever the version says."""
    language: str
    """The language of its texts as a BCP 47 tag; empty when it says nothing."""


class LevelFacts(NamedTuple):
    """A level of the scale as a report names it."""

    level: Decimal
    """Its number."""
    label: str
    """The scale's word for it."""


class MissingMustHave(NamedTuple):
    """A must-have that is not shown to be reached."""

    id: str
    name: str
    status: Status
    """Rated below it, unrated, or not applicable."""


class RaisedCompetence(NamedTuple):
    """A competence to raise on the shortest way to the next band."""

    id: str
    name: str
    from_level: Decimal
    """The person's level."""
    to_level: Decimal
    """The level of the scale to reach."""
    step_count: int
    """The number of levels of the scale from one to the other."""


class NextBandPath(NamedTuple):
    """The fewest steps on the scale that reach the next better band."""

    band: BandFacts
    """The band."""
    step_count: int | None
    """The number of steps; none if raising rated competences cannot reach the band."""
    raised: tuple[RaisedCompetence, ...]
    """The competences to raise, in the order of gaps."""
    readiness: Readiness | None
    """Readiness at these levels; none if the band cannot be reached."""
    rate_first: tuple[Reference, ...]
    """Unrated competences that keep the band out of reach, in the framework's order."""
    never_applicable: tuple[Reference, ...]
    """Must-haves that are n/a and keep the band out of reach, in the framework's order."""


class Verdict(NamedTuple):
    """The facts of a verdict: what the ratings prove about one role. JSON has a sentence instead.

    The other figures mean the same as in `Fit`.
    """

    is_banded: bool
    """Whether the framework has more than one band."""
    band: BandFacts | None
    band_high: BandFacts | None
    band_reason: BandReason | None
    readiness: Readiness | None
    at_target: int
    applicable: int
    not_applicable: tuple[Reference, ...]
    unrated: tuple[Reference, ...]
    unrated_must_haves: int
    """The number of must-haves among the unrated competences."""
    must_haves_missing: tuple[MissingMustHave, ...]


class DomainResult(NamedTuple):
    """A person's result in one domain, computed from its competences alone."""

    id: str
    name: str
    readiness: Readiness | None
    """None when nothing in it is rated."""
    at_target: int
    """The number of required competences in it at or above target."""
    applicable: int
    """Required competences in it that apply to the person."""


class Waypoint(NamedTuple):
    """A role on the way from the role held to the target, and how far the person is from it."""

    role: Reference
    """The role."""
    readiness: Readiness | None
    """None when nothing is rated."""
    band: BandFacts | None
    """The band that the low end of the range reaches; none without one."""
    must_haves_missing: tuple[MissingMustHave, ...]
    """In the framework's order."""


class Fit(NamedTuple):
    """A person's fit to a role: readiness, and the figures always shown with it."""

    role: Reference
    """The role."""
    readiness: Readiness | None
    """None when nothing is rated."""
    band: BandFacts | None
    """The band that the low end of the range reaches; none for the reason in `band_reason`."""
    band_high: BandFacts | None
    """The band that the high end reaches: the best that rating the unrated could show."""
    band_reason: BandReason | None
    """Why there is no band; none when there is one."""
    next_band: NextBand | None
    """The distance to the next better band; none in the best one and without a band."""
    at_target: int
    """The number of required competences at or above target."""
    applicable: int
    """Required competences that apply to the person: rated or unrated, not n/a."""
    unrated: tuple[Reference, ...]
    """Those of them that are not rated, in the framework's order."""
    not_applicable: tuple[Reference, ...]
    """Required competences that are n/a, in the framework's order."""
    must_haves_missing: tuple[MissingMustHave, ...]
    """Must-haves that are not shown to be reached, in the framework's order."""
    verdict: Verdict
    """The verdict that the ratings prove."""


class ReadinessChange(NamedTuple):
    """The change of readiness between two assessments, in points: each end of the range by itself."""

    low: Fraction
    """From low end to low end."""
    high: Fraction
    """From high end to high end."""


class WhatIfRating(NamedTuple):
    """A rating that a what-if report assumes, beside the person's own."""

    id: str
    """The id of the competence."""
    name: str
    """The name of the competence."""
    is_required: bool
    """Whether the role requires it; if not, the rating changes no figure."""
    status: Status
    """Whether it is assumed to be rated or n/a."""
    rating: Decimal | None
    """The level assumed; none for n/a."""
    status_today: Status
    """Whether the person is rated in it today."""
    rating_today: Decimal | None
    """The person's level today; none unless rated."""


class WhatIf(NamedTuple):
    """The ratings that a what-if report assumes, and the figures without them."""

    ratings: tuple[WhatIfRating, ...]
    """In the order in which they were set."""
    today: Fit
    """The figures of the person's own ratings."""
    readiness_moved_by: ReadinessChange | None
    """The points of readiness from there to the figures assumed; none if one has no readiness."""
    results_today: tuple[CompetenceResult, ...]
    """Today's results of the competences that were set, as far as the role requires them."""


class GapReport(NamedTuple):
    """One person's result against one role."""

    framework: FrameworkFacts
    """The framework that was rated against."""
    person: str
    """Who is rated; empty if not specified."""
    rater: str
    """Who rated: self, a manager, a peer."""
    date: datetime.date | None
    """When the ratings were given; none if not specified."""
    current_role: Reference | None
    """The role held now."""
    role: Reference
    """The role assessed against."""
    what_if: WhatIf | None
    """The ratings assumed, for a what-if report: its figures are then not the person's own."""
    # The figures of `Fit`, with the same meaning.
    readiness: Readiness | None
    band: BandFacts | None
    band_high: BandFacts | None
    band_reason: BandReason | None
    next_band: NextBand | None
    at_target: int
    applicable: int
    unrated: tuple[Reference, ...]
    not_applicable: tuple[Reference, ...]
    must_haves_missing: tuple[MissingMustHave, ...]
    verdict: Verdict
    results: tuple[CompetenceResult, ...]
    """One for each competence the role requires, in the framework's order."""
    domains: tuple[DomainResult, ...]
    """Each domain that `results` speak of, in the framework's order."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    bands: tuple[BandFacts, ...]
    """The framework's readiness bands, best first."""
    strengths: tuple[str, ...]
    """Ids of what is at or above target: key competences and the heaviest first."""
    gaps: tuple[str, ...]
    """Ids of all gaps in the order in which to work on them."""
    priorities: tuple[Priority, ...]
    """The first gaps to work on, with steps."""
    training: tuple[TrainingOption, ...]
    """Every course that suits the role and helps with a gap, best first."""
    qualifications: tuple[TrainingOption, ...]
    """The same for long qualifications."""
    recognition: tuple[TrainingOption, ...]
    """What recognises the levels that the person has reached."""
    career_path: tuple[Waypoint, ...]
    """The roles from the role held to the target, with the target; empty if it is the next one."""
    nudges: tuple[Nudge, ...]
    """Ratings that are worth checking."""

    def result(self, competence: str) -> CompetenceResult:
        """The result for a competence id. Raises KeyError when the role does not require it."""
        for result in self.results:
            if result.id == competence:
                return result
        raise KeyError(competence)
