"""An interview in progress: which questions, where we are, and what was answered.

Pure values: each step gives the next interview, so that whoever asks can save it at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.ratings import FrameworkRef, Rating, Ratings

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework

FULL = "full"
QUICK = "quick"


class Answer(NamedTuple):
    """What a person said of one competence; without a level it is unrated."""

    level: Decimal | Literal["n/a"] | None = None
    evidence: str = ""
    year: int | None = None


class Interview(NamedTuple):
    """One person's way through the questions."""

    person: str
    role: str | None
    """The id of the role held now."""
    target: str
    """The id of the role aimed at."""
    scope: str
    """`full`, `quick`, or the id of a domain."""
    questions: tuple[str, ...]
    """Ids of competences, in the order in which they are asked."""
    position: int = 0
    """Which question comes next; past the last one all have been shown."""
    answers: Mapping[str, Answer] = {}

    @property
    def current(self) -> str | None:
        """The competence asked now; None when all have been shown."""
        return self.questions[self.position] if self.position < len(self.questions) else None

    @property
    def answered(self) -> int:
        """How many questions have a level or n/a."""
        return sum(self.answer_to(key).level is not None for key in self.questions)

    def answer_to(self, competence: str) -> Answer:
        """What was said of a competence so far."""
        return self.answers.get(competence, Answer())

    def rate(self, level: Decimal | Literal["n/a"] | None) -> Interview:
        """Give the current question a level, n/a, or nothing (skip), and go on."""
        return self._with(self._here()._replace(level=level)).forward()

    def note(self, evidence: str, year: int | None) -> Interview:
        """Give the current question evidence, and stay."""
        return self._with(self._here()._replace(evidence=evidence, year=year))

    def forward(self) -> Interview:
        """Go on, leaving the answer as it is."""
        return self.go_to(self.position + 1)

    def back(self) -> Interview:
        """Return to the question before."""
        return self.go_to(self.position - 1)

    def go_to(self, position: int) -> Interview:
        """Show a certain question next; positions beyond the ends mean the ends."""
        return self._replace(position=min(max(0, position), len(self.questions)))

    def _here(self) -> Answer:
        return Answer() if self.current is None else self.answer_to(self.current)

    def _with(self, answer: Answer) -> Interview:
        if self.current is None:
            return self
        return self._replace(answers={**self.answers, self.current: answer})


def questions_for(framework: Framework, target: str, scope: str) -> tuple[str, ...]:
    """The competences to ask: what the role requires, all or key ones or those of a domain."""
    return tuple(
        key
        for key in framework.scored(target)
        if scope == FULL
        or (scope == QUICK and framework.competences[key].key)
        or framework.domain_of[key] == scope
    )


def resumed(interview: Interview, framework: Framework) -> tuple[Interview, tuple[str, ...]]:
    """The interview on the framework as it is now, and the answered ids that it no longer has.

    Competences that were renamed are found by their aliases. Answers without a place are kept in
    the interview: they are only not asked about, and not part of the ratings.
    """
    names = framework.competence_names
    answers = {names.find(key) or key: answer for key, answer in interview.answers.items()}
    questions = questions_for(framework, interview.target, interview.scope)
    unplaced = tuple(key for key in answers if key not in framework.competences)
    return interview._replace(answers=answers, questions=questions).go_to(
        interview.position
    ), unplaced


def to_ratings(interview: Interview, framework: Framework, today: datetime.date) -> Ratings:
    """The ratings that the answers amount to; evidence for what is unrated is kept."""
    about = framework.framework
    return Ratings(
        person=interview.person,
        role=interview.role,
        target=interview.target,
        date=today,
        framework=FrameworkRef(id=about.id, version=about.version),
        ratings={
            key: Rating(level=answer.level, evidence=answer.evidence, year=answer.year)
            for key, answer in interview.answers.items()
            if key in framework.competences and answer != Answer()
        },
    )
