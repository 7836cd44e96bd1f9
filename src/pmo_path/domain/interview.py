"""An interview in progress: the questions, the position, and the answers; and what to ask about.

An interview is a frozen value: each step returns the next one, so that it can be saved at once.
What is asked about is everything, a short run, what is unrated, or one domain.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.ratings import NOT_APPLICABLE, SELF, FrameworkRef, Rating, Ratings
from pmo_path.domain.target_level import LevelRole

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pmo_path.domain.framework import Framework

Confidence = Literal["low", "medium", "high"]
FULL = "full"
SHORT = "quick"
"""The short run; saved answers hold the word."""
UNRATED = "unrated"
"""What an earlier file leaves unrated."""
ENOUGH = Fraction(60, 100)
"""The share of a role's points that a short run covers at least."""
ZERO = Decimal(0)


class Answer(NamedTuple):
    """A person's answer about one competence; without a level it is unrated."""

    level: Decimal | Literal["n/a"] | None = None
    evidence: str = ""
    year: int | None = None
    confidence: Confidence | None = None
    """Low for "not sure", with or without a level."""

    @property
    def is_unsure(self) -> bool:
        """Whether the person is not sure."""
        return self.confidence == "low"


class Interview(NamedTuple):
    """One person's progress through the questions."""

    person: str
    role: str | None
    """The id of the current role."""
    target: str | None
    """The id of the target role; None for any role."""
    scope: str
    """`full`, `quick`, `unrated`, or the id of a domain."""
    questions: tuple[str, ...]
    """Ids of competences, in the order in which they are asked."""
    position: int = 0
    """Which question comes next; past the last one all have been shown."""
    answers: Mapping[str, Answer] = {}
    rater: str = SELF
    """Who answers: the person, a manager, a peer."""
    earlier: tuple[str, ...] = ()
    """The competences (ids) that had an answer in an earlier file; the others are asked first."""

    @property
    def current(self) -> str | None:
        """The competence asked now; None when all have been shown."""
        return self.questions[self.position] if self.position < len(self.questions) else None

    @property
    def answered(self) -> int:
        """The number of questions with a level or n/a."""
        return sum(self.answer_to(key).level is not None for key in self.questions)

    def answer_to(self, competence: str) -> Answer:
        """Return the answer for a competence so far."""
        return self.answers.get(competence, Answer())

    def rate(self, level: Decimal | Literal["n/a"] | None) -> Interview:
        """Answer the current question with a level, n/a or nothing (skip), and move on.

        Only a level can be unsure.
        """
        answer = self._here()._replace(level=level)
        if answer.is_unsure and (level is None or level == NOT_APPLICABLE):
            answer = answer._replace(confidence=None)
        return self._with(answer).forward()

    def doubt(self, *, is_unsure: bool = True) -> Interview:
        """Mark the answer to the current question as not sure, or as sure again, and stay."""
        answer = self._here()
        if answer.is_unsure == is_unsure:
            return self
        return self._with(answer._replace(confidence="low" if is_unsure else None))

    def note(self, evidence: str, year: int | None) -> Interview:
        """Add evidence to the current question, and stay."""
        return self._with(self._here()._replace(evidence=evidence, year=year))

    def forward(self) -> Interview:
        """Move on without changing the answer."""
        return self.go_to(self.position + 1)

    def back(self) -> Interview:
        """Return to the previous question."""
        return self.go_to(self.position - 1)

    def go_to(self, position: int) -> Interview:
        """Move to a position; one beyond either end means that end."""
        return self._replace(position=min(max(0, position), len(self.questions)))

    def _here(self) -> Answer:
        return Answer() if self.current is None else self.answer_to(self.current)

    def _with(self, answer: Answer) -> Interview:
        if self.current is None:
            return self
        return self._replace(answers={**self.answers, self.current: answer})


def resumed(interview: Interview, framework: Framework) -> tuple[Interview, tuple[str, ...]]:
    """Return the interview on the current framework, and the answered ids that it no longer has.

    Renamed competences are matched by their aliases. Other answers stay in the interview, but are
    neither asked about nor part of the ratings. Questions that have been shown stay in front and in
    their order, even if the framework would now ask them later, so that none is passed over.
    """
    names = framework.competence_names
    answers = {names.find(key) or key: answer for key, answer in interview.answers.items()}
    had_answers = tuple(names.find(key) or key for key in interview.earlier)
    questions = questions_for(framework, interview.target, interview.scope, had_answers)
    unplaced = tuple(key for key in answers if key not in framework.competences)
    earlier = (names.find(key) or key for key in interview.questions[: interview.position])
    shown = [key for key in dict.fromkeys(earlier) if key in questions]
    return interview._replace(
        answers=answers,
        earlier=had_answers,
        questions=tuple(dict.fromkeys((*shown, *questions))),
        position=len(shown),
    ), unplaced


def update_of(ratings: Ratings) -> Interview:
    """Return an interview that offers ratings as answers so far, before its questions are chosen."""
    answers = {
        key: Answer(rating.level, rating.evidence, rating.year, rating.confidence)
        for key, rating in ratings.ratings.items()
    }
    return Interview(
        person=ratings.person,
        role=ratings.role,
        target=ratings.target,
        scope=FULL,
        questions=(),
        answers=answers,
        rater=ratings.rater,
        earlier=tuple(key for key, answer in answers.items() if answer.level is not None),
    )


def not_asked(interview: Interview, framework: Framework) -> tuple[str, ...]:
    """Return the competences that the target requires, and that are neither asked about nor rated."""
    return tuple(
        key
        for key in questions_for(framework, interview.target, FULL)
        if key not in interview.questions and interview.answer_to(key).level is None
    )


def extended(interview: Interview, framework: Framework) -> Interview:
    """Return the interview with all that is left, to go on after the last question."""
    asked = interview.questions
    return interview._replace(
        scope=FULL, questions=(*asked, *not_asked(interview, framework)), position=len(asked)
    )


def to_ratings(interview: Interview, framework: Framework, today: datetime.date) -> Ratings:
    """Return the answers as ratings, with the evidence for unrated competences."""
    about = framework.framework
    target = None if interview.target is None else framework.roles.get(interview.target)
    return Ratings(
        person=interview.person,
        role=interview.role,
        # A target that is a level is no role, which another run would not find.
        target=None if isinstance(target, LevelRole) else interview.target,
        rater=interview.rater,
        date=today,
        framework=FrameworkRef(id=about.id, version=about.version),
        ratings={
            key: Rating.model_validate(answer._asdict())
            for key, answer in interview.answers.items()
            if key in framework.competences and answer != Answer()
        },
    )


# --- What to ask about ---------------------------------------------------------------------------


class AskedCompetence(NamedTuple):
    """How much a competence counts for the target."""

    must_have: bool
    importance: Decimal
    points: Decimal
    """Its importance times the required levels above the lowest one."""


class ScopeCoverage(NamedTuple):
    """What a selection of competences covers of all that the target requires."""

    competences: int
    all_competences: int
    must_haves: int
    all_must_haves: int
    share: Fraction
    """The share of the points, from 0 to 1."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.competences == self.all_competences


def questions_for(
    framework: Framework, target: str | None, scope: str, rated: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the competences (ids) to ask about for a target role, or without one for any role.

    `rated` are those that have an earlier answer: the others come before them. Must-haves come
    first, since people tire; then the more important ones, then the framework's order. Without a
    target, the importance of all roles is added up, and there are no must-haves.
    """
    required = _required(framework, target)
    if scope == SHORT:
        asked = _short_run(required)
    else:
        domain_of = framework.domain_of
        asked = (key for key in required if scope in {FULL, UNRATED, domain_of[key]})
    if scope == UNRATED:
        asked = (key for key in asked if key not in rated)
    return tuple(sorted(asked, key=lambda key: key in rated))


def scopes(
    framework: Framework, target: str | None, rated: Collection[str] = ()
) -> Mapping[str, tuple[str, ...]]:
    """Return the scopes to choose from, each with its questions; none is empty.

    The short run and what is unrated are left out where they are the same as everything.
    """
    names = (FULL, UNRATED, SHORT, *framework.domains)
    asked = {scope: questions_for(framework, target, scope, rated) for scope in names}
    everything = len(asked[FULL])
    return {
        scope: questions
        for scope, questions in asked.items()
        if questions and (scope not in {SHORT, UNRATED} or len(questions) < everything)
    }


def coverage(
    framework: Framework, target: str | None, competences: Iterable[str]
) -> ScopeCoverage:
    """Return what these competences (ids) cover of all that the target requires."""
    required = _required(framework, target)
    chosen = [required[key] for key in set(competences) if key in required]
    everything = required.values()
    return ScopeCoverage(
        competences=len(chosen),
        all_competences=len(required),
        must_haves=sum(item.must_have for item in chosen),
        all_must_haves=sum(item.must_have for item in everything),
        share=Fraction(_points(chosen)) / Fraction(_points(everything) or 1),
    )


def _required(framework: Framework, target: str | None) -> dict[str, AskedCompetence]:
    """What the target requires, in the order to ask; without a target, what any role requires."""
    lowest = framework.levels[0]
    roles = [key for key, role in framework.roles.items() if not isinstance(role, LevelRole)]
    added: dict[str, AskedCompetence] = {}
    for role in roles if target is None else (target,):
        for key, requirement in framework.scored(role).items():
            before = added.get(key, AskedCompetence(must_have=False, importance=ZERO, points=ZERO))
            added[key] = AskedCompetence(
                must_have=target is not None and requirement.must_have is not None,
                importance=before.importance + requirement.importance,
                points=before.points + requirement.points(lowest),
            )
    in_framework = (key for key in framework.competences if key in added)
    order = sorted(
        in_framework, key=lambda key: (not added[key].must_have, -added[key].importance)
    )
    return {key: added[key] for key in order}


def _short_run(required: Mapping[str, AskedCompetence]) -> Iterator[str]:
    """The must-haves, then the most important, until enough of the points is covered."""
    enough = ENOUGH * Fraction(_points(required.values()))
    covered = ZERO
    for key, item in required.items():
        if not item.must_have and covered >= enough:
            return
        covered += item.points
        yield key


def _points(items: Iterable[AskedCompetence]) -> Decimal:
    return sum((item.points for item in items), ZERO)
