"""A question about one competence, with all that a person needs to rate it.

The required level is left out, since knowing it biases the answer.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.interview import Answer, Interview

CHARACTERS_A_MINUTE = 1440
"""How fast people read: 240 words of six characters."""
SECONDS_TO_CHOOSE = 5


class LevelChoice(NamedTuple):
    """A level to choose."""

    level: Decimal
    label: str
    anchor: str
    """Its meaning for this competence, or in general."""
    general: str
    """Its meaning in general, where that is not the anchor; else empty."""
    behaviours: tuple[str, ...]
    """What others can observe at this level."""

    @property
    def typed(self) -> str:
        """The key or text that chooses it."""
        return show_number(self.level)

    @property
    def name(self) -> str:
        """The level with its label, such as `3 Competent`."""
        return f"{self.typed} {self.label}"


class Question(NamedTuple):
    """A competence to rate."""

    number: int
    total: int
    name: str
    summary: str
    expects: tuple[str, str] | None
    """The target role's name, and what it expects as text; None if it says nothing."""
    behaviours: tuple[str, ...]
    """What others can observe at any level."""
    levels: tuple[LevelChoice, ...]
    """Lowest first."""
    evidence: tuple[str, ...]
    """What would prove it."""
    answer: Answer
    minutes_left: int
    """How long this question and those behind it take, at least 1."""

    @property
    def is_rated(self) -> bool:
        """Whether there is a level or n/a; evidence alone is no rating."""
        return self.answer.level is not None

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to keep: a rating, or that the person is not sure."""
        return self.is_rated or self.answer.is_unsure


def question_of(framework: Framework, interview: Interview) -> Question:
    """Return the current question of an interview that has one."""
    key = interview.current or ""
    competence = framework.competences[key]
    return Question(
        number=interview.position + 1,
        total=len(interview.questions),
        name=competence.name,
        summary=competence.summary,
        expects=None if interview.target is None else _expects(framework, interview.target, key),
        behaviours=competence.behaviours.flat,
        levels=_levels(framework, competence),
        evidence=tuple(competence.evidence),
        answer=interview.answer_to(key),
        minutes_left=minutes(framework, interview.questions[interview.position :]),
    )


def minutes(framework: Framework, questions: Iterable[str]) -> int:
    """Return how many minutes the questions about these competences (ids) take, at least 1."""
    seconds = sum(_seconds(framework, framework.competences[key]) for key in questions)
    return max(1, ceil(seconds / 60))


def _seconds(framework: Framework, competence: Competence) -> float:
    """The time to read about a competence and the meaning of its levels, and to choose one."""
    texts = [competence.name, competence.summary, *competence.behaviours.flat]
    for level, step in framework.scale.items():
        texts += step.label, competence.levels.get(level) or step.meaning
    return SECONDS_TO_CHOOSE + 60 * sum(map(len, texts)) / CHARACTERS_A_MINUTE


def _expects(framework: Framework, target: str, competence: str) -> tuple[str, str] | None:
    role = framework.roles[target]
    expects = role.requires[competence].expects if competence in role.requires else ""
    return (role.name, expects) if expects else None


def _levels(framework: Framework, competence: Competence) -> tuple[LevelChoice, ...]:
    by_level = competence.behaviours.by_level or {}
    return tuple(
        LevelChoice(
            level=level,
            label=step.label,
            anchor=competence.levels.get(level) or step.meaning,
            general=step.meaning if competence.levels.get(level) else "",
            behaviours=tuple(by_level.get(level, ())),
        )
        for level, step in sorted(framework.scale.items())
    )
