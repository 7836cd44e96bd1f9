"""The gap report: one frozen value that says everything a writer may show.

Levels, gaps and priorities are exact decimals; readiness is an exact fraction of one hundred.
Nothing here is rounded: that is the writers' business. The values are named tuples because a
dataclass costs every start of the command several times as much.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal, NamedTuple


class Status(StrEnum):
    """The state of a competence: rated, unrated or n/a, which are never mixed."""

    RATED = "rated"
    UNRATED = "unrated"
    NOT_APPLICABLE = "n/a"


class BandReason(StrEnum):
    """Why no readiness band is given."""

    NOTHING_RATED = "nothing_rated"
    TOO_MUCH_NA = "too_much_na"
    """More than a third of the role, by importance, does not apply to the person."""


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


class CompetenceResult(NamedTuple):
    """One required competence: what the role asks, what the person has, and the difference.

    `rating`, `gap`, `surplus`, `priority` and `reached` are None unless the status is rated.
    """

    id: str
    name: str
    domain: str
    key: bool
    """Among the competences that are asked first."""
    required: Decimal
    """The level that the role requires."""
    importance: Decimal
    """Its importance."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    status: Status
    """Whether the person is rated in it, not rated, or need not be."""
    rating: Decimal | None
    """The person's level; none unless rated."""
    label: str
    """The scale's word for the rating; empty unless rated."""
    gap: Decimal | None
    """Levels below the required level."""
    surplus: Decimal | None
    """Levels above the required level."""
    priority: Decimal | None
    """Importance times gap."""
    reached: Decimal | None
    """Importance times the levels reached of those required: the term in readiness."""
    reachable: Decimal
    """Importance times the levels required: the most that `reached` can be."""
    must_have_missing: bool
    """Whether it is a must-have that is not shown to be reached."""
    must_have_distance: Decimal
    """Levels below the must-have, counted from the lowest level if unrated; else 0."""
    evidence: str
    """Evidence that the person would point to."""
    year: int | None
    """The year of the evidence."""
    confidence: Literal["low", "medium", "high"] | None
    """The rater's confidence; none if not stated."""
    expects: str
    """The role's expectation as text; empty if the framework states none."""

    @property
    def at_target(self) -> bool:
        """Rated, and at or above the required level."""
        return self.gap == 0

    @property
    def short_by_half(self) -> bool:
        """Rated, below the required level, and at most half of the way to it."""
        return bool(self.gap) and self.reached is not None and self.reached * 2 <= self.reachable

    @property
    def must_have_shortfall(self) -> Decimal:
        """Levels by which a rating is below its must-have; 0 if it is not below, or unrated."""
        return Decimal(0) if self.rating is None else self.must_have_distance


class MissingMustHave(NamedTuple):
    """A must-have that is not shown to be reached."""

    id: str
    name: str
    status: Status
    """Rated below it, unrated, or not applicable."""


class Readiness(NamedTuple):
    """The weighted share of the role's requirements that is reached, in percent."""

    percent: Fraction
    """The part reached of what is reachable, over the rated competences."""
    low: Fraction
    """With every unrated competence at the scale's lowest level."""
    high: Fraction
    """With every unrated competence at its required level."""
    reached: Decimal
    """Weighted levels reached, over the rated competences."""
    reachable: Decimal
    """Weighted levels that could be reached, over the rated competences."""


class BandFacts(NamedTuple):
    """A readiness band, and what it asks."""

    id: str
    label: str
    """The words of the verdict."""
    at_least: Decimal
    """The readiness in percent from which it may be given."""
    max_must_haves_missing: int | None
    """The most must-haves that may be missing; none for any number."""
    max_must_have_gap: Decimal | None
    """By how many levels each of them may fall short at most; none for any number."""


class BlockingMustHave(NamedTuple):
    """A missing must-have that keeps a person from a band."""

    id: str
    name: str
    status: Status
    """Rated and below it, unrated, or not applicable."""
    must_have: Decimal
    """The level that it needs at least."""
    levels: Decimal
    """By how many levels it falls short, from the lowest level unless rated."""
    too_deep: bool
    """Whether that is more than the band allows."""


class NextBand(NamedTuple):
    """The next better band, and what is missing to it from the low end of the range."""

    band: BandFacts
    """The band."""
    points: Decimal
    """Points of readiness missing to it, rounded up to 0.1; 0 when the low end reaches it."""
    must_haves_to_meet: int
    """The number of `must_haves` to meet at least."""
    must_haves: tuple[BlockingMustHave, ...]
    """Those in the way: all that are missing where some have to be met, else those that are too
    deep; in the framework's order."""

    @property
    def must_haves_in_the_way(self) -> int:
        """The number of must-haves to meet or raise at least."""
        too_deep = sum(must_have.too_deep for must_have in self.must_haves)
        return max(self.must_haves_to_meet, too_deep)


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
    """The facts of a verdict: what the ratings prove about one role. JSON has a sentence instead."""

    is_banded: bool
    """Whether the framework has more than one band."""
    band: BandFacts | None
    """The band that the low end of the range reaches."""
    band_high: BandFacts | None
    """The band that the high end reaches."""
    band_reason: BandReason | None
    """Why there is no band."""
    readiness: Readiness | None
    """None when nothing is rated."""
    at_target: int
    """Number of required competences at or above target."""
    applicable: int
    """Number of required competences that are not n/a."""
    not_applicable: tuple[Reference, ...]
    """Required competences that are n/a, in the framework's order."""
    unrated: tuple[Reference, ...]
    """Required competences that apply and are not rated, in the framework's order."""
    unrated_must_haves: int
    """The number of must-haves among the unrated competences."""
    must_haves_missing: tuple[MissingMustHave, ...]
    """In the framework's order."""


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


class Help(NamedTuple):
    """The effect of a course on one gap of this person."""

    id: str
    """The id of the competence."""
    name: str
    """The name of the competence."""
    from_level: Decimal
    """The person's level."""
    to_level: Decimal | None
    """The level that it prepares for, at most the required one; null if it is not known."""
    covers: Decimal
    """Importance times the levels between the two; 0 if they are not known."""


class CourseCost(NamedTuple):
    """What a course costs, as far as it is known."""

    amount: Decimal
    """The price."""
    currency: str
    """Its currency, such as EUR."""
    as_of: str | None
    """The month or year of the price; null if not known."""
    note: str
    """What it includes; empty when not said."""


class EarlierCourse(NamedTuple):
    """A course to take before another one."""

    id: str
    name: str
    """The title shown."""
    days: Decimal | None
    """Length in days; none when not known."""
    hours: Decimal | None
    """Length in hours, where it is not given in days; none when not known."""
    duration: str
    """Length in words, where numbers cannot say it."""


class TrainingOption(NamedTuple):
    """Training that suits this person and role, and what it covers together with what comes before."""

    id: str
    title: str
    """The title shown."""
    provider: str
    """Who gives it; empty when not said."""
    type: Literal["course", "qualification", "recognition"]
    """What kind of learning it is: of days or weeks, of months, or proof of long practice."""
    kind: str
    """The same in the framework's own words; empty when not said."""
    format: str
    """Classroom, virtual, self-study, …; empty when not said."""
    days: Decimal | None
    """Length in days; none when not known."""
    hours: Decimal | None
    """Length in hours, where it is not given in days; none when not known."""
    duration: str
    """Length in words, where numbers cannot say it."""
    audience: str
    """Who it is for; empty when not said."""
    take_first: tuple[EarlierCourse, ...]
    """Other training that it presupposes, in the order in which to take it."""
    prerequisites: tuple[str, ...]
    """Conditions in words."""
    cost: CourseCost | None
    """Its price; none when not known."""
    url: str | None
    """The provider's page about it; null when not said."""
    checked: str | None
    """The month in which its facts were last checked; null if never."""
    source_date: str | None
    """The month or year of the source of its facts; null when not known."""
    note: str
    """A note for buyers; empty if there is none."""
    covers: Decimal
    """Importance times levels covered, over all gaps that it helps with."""
    helps: tuple[Help, ...]
    """Its effect on each gap that it helps with."""


class ExperienceStep(NamedTuple):
    """A step to take at work, and the level that it leads to."""

    level: Decimal
    """The level that it leads to."""
    do: str
    """The step."""
    first_move: str = ""
    """The first move, for this week; empty if the framework states none."""
    hours_range: tuple[Decimal, Decimal] | None = None
    """The lowest and the highest number of hours that it takes; none when not known."""
    weeks_range: tuple[Decimal, Decimal] | None = None
    """The lowest and the highest number of weeks from start to end; none when not known."""
    start: Literal["alone", "ask", "position", "event"] | None = None
    """The condition for beginning it; none when not known."""


class PriorityReason(NamedTuple):
    """The figures that put a gap among the priorities. JSON has them as a text."""

    rating: Decimal
    """The person's level."""
    required: Decimal
    """The level that the role requires."""
    must_have: Decimal | None
    """The must-have level when the rating is below it; else none."""
    importance: Decimal
    """The importance of the requirement."""
    gap: Decimal
    """Levels missing to the required one."""
    priority: Decimal
    """Importance times gap."""


class Priority(NamedTuple):
    """One of the gaps to work on first: why, and what to do about it."""

    id: str
    """The id of the competence."""
    name: str
    """The name of the competence."""
    why: PriorityReason
    """Why it comes first."""
    experience: ExperienceStep | None
    """The next step at work; none when the framework names none."""
    exposure: tuple[str, ...]
    """Whom to learn from on the way to that level; empty if the framework does not say."""
    evidence_to_collect: tuple[str, ...]
    """Evidence that would prove it."""
    training_ids: tuple[str, ...]
    """Ids of courses that help with this gap, those that cover most of it first."""


class NudgeKind(StrEnum):
    """The subject of a nudge."""

    OTHER_FRAMEWORK = "other-framework"
    """The ratings name another framework or version."""
    TOP_WITHOUT_EVIDENCE = "top-without-evidence"
    OLD_EVIDENCE = "old-evidence"
    LOW_CONFIDENCE = "low-confidence"
    NOT_SURE = "not-sure"
    """Left unrated, as the rater was not sure."""
    SECOND_RATER = "second-rater"


class NudgedCompetence(NamedTuple):
    """A competence that a nudge is about."""

    id: str
    name: str
    year: int | None
    """The year of the evidence."""


class RatedOn(NamedTuple):
    """The framework that ratings name, beside the one in use. JSON has a text, empty when alike."""

    id: str
    """The id that the ratings name, else that of the framework in use."""
    version: str
    """The version that the ratings name, else that of the framework in use."""
    used_id: str
    """The id of the framework in use."""
    used_version: str
    """The version of the framework in use."""

    @property
    def differs(self) -> bool:
        """Whether the ratings name another framework or version than the one in use."""
        return (self.id, self.version) != (self.used_id, self.used_version)


class Nudge(NamedTuple):
    """Something worth checking; it never changes a figure."""

    kind: NudgeKind
    """Its subject."""
    competences: tuple[NudgedCompetence, ...]
    """The competences that it is about."""
    rated_on: RatedOn | None = None
    """For `other-framework`: the two frameworks."""


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
    """Who is rated; empty when not said."""
    rater: str
    """Who rated: self, a manager, a peer."""
    date: datetime.date | None
    """When the ratings were given; none when not said."""
    current_role: Reference | None
    """The role held now."""
    role: Reference
    """The role assessed against."""
    what_if: WhatIf | None
    """The ratings assumed, for a what-if report: its figures are then not the person's own."""
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


class Reference(NamedTuple):
    """An entry of the framework: a competence, role, course, domain or band."""

    id: str
    name: str
