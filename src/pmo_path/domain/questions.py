"""A question about one competence, with all that a person needs to rate it, and typed answers.

The required level is left out, since knowing it biases the answer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.names import fold, half_width
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import FIRST_YEAR, NOT_APPLICABLE, level_on_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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


# --- What people type ---------------------------------------------------------------------------


class ResponseKind(StrEnum):
    """A response to a question; each value is its key."""

    RATE = ""
    NOT_APPLICABLE = "n"
    SKIP = "s"
    NOT_SURE = "u"
    BACK = "b"
    EVIDENCE = "e"
    MORE = "?"
    QUIT = "q"
    KEEP = "enter"


class Response(NamedTuple):
    """A person's response to a question."""

    kind: ResponseKind
    level: Decimal | None = None
    is_unsure: bool = False
    """Whether a level comes with the words "not sure"."""

    @property
    def rating(self) -> Decimal | Literal["n/a"] | None:
        """What it rates the competence as; None for unrated."""
        return NOT_APPLICABLE if self.kind is ResponseKind.NOT_APPLICABLE else self.level


class Option(NamedTuple):
    """An option to choose, and what else it is called: an id, an alias."""

    text: str
    names: tuple[str, ...] = ()


_WORDS = {
    "skip": ResponseKind.SKIP,
    "later": ResponseKind.SKIP,
    "not sure": ResponseKind.NOT_SURE,
    "unsure": ResponseKind.NOT_SURE,
    "don't know": ResponseKind.NOT_SURE,
    "back": ResponseKind.BACK,
    "evidence": ResponseKind.EVIDENCE,
    "more": ResponseKind.MORE,
    "help": ResponseKind.MORE,
    "quit": ResponseKind.QUIT,
    "stop": ResponseKind.QUIT,
    "keep": ResponseKind.KEEP,
    "enter": ResponseKind.KEEP,
}
_KEYS = {kind.value: kind for kind in ResponseKind if len(kind.value) == 1}
_UNSURE = re.compile(
    r"(?P<level>.*[^\s,;(])\s*(?:[,;(]\s*|\s+)(?:not[ -]sure|unsure|u)\)?", re.IGNORECASE
)


def response_to(question: Question, text: str) -> Response | None:
    """Return the response that a text means; None if it is neither an answer nor a command.

    A level is named by its number, its label or both, and "not sure" may follow; commands by their
    key or as a word. A label of the scale comes before a command of the same name.
    """
    typed = half_width(text).strip()
    if typed.casefold() in _KEYS:
        return Response(_KEYS[typed.casefold()])
    level = _level(question, typed)
    if level is not None:
        return level
    kind = _WORDS.get(fold(typed.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
    if kind is not None:
        return Response(kind)
    unsure = _UNSURE.fullmatch(typed)
    level = _level(question, unsure["level"]) if unsure else None
    is_level = level is not None and level.kind is ResponseKind.RATE
    return level._replace(is_unsure=True) if level is not None and is_level else None


def _level(question: Question, text: str) -> Response | None:
    named = level_on_scale({choice.level: choice for choice in question.levels}, text)
    if named == NOT_APPLICABLE:
        return Response(ResponseKind.NOT_APPLICABLE)
    return None if named is None else Response(ResponseKind.RATE, named)


def year_of(text: str, latest: int) -> int | None:
    """Return the year of evidence that a text means; None if it is not one up to `latest`."""
    typed = half_width(text).strip()
    is_year = typed.isascii() and typed.isdigit() and FIRST_YEAR <= int(typed[:5]) <= latest
    return int(typed) if is_year else None


def chosen(options: Sequence[Option], text: str) -> tuple[int, ...]:
    """Return the indexes of all options that a text may mean; empty for none.

    An option is chosen by its number, from 1, by its text or another of its names, else by the
    beginning of one of these, or by any other part.
    """
    typed = half_width(text).strip()
    if typed.isascii() and typed.isdigit() and 0 < int(typed[:9]) <= len(options):
        return (int(typed) - 1,)
    folded = fold(typed)
    names = [
        (fold(option.text), fold(f"{number}. {option.text}"), *map(fold, option.names))
        for number, option in enumerate(options, 1)
    ]
    for is_alike in (str.__eq__, str.startswith, str.__contains__) if folded else ():
        meant = [
            index
            for index, known in enumerate(names)
            if any(is_alike(name, folded) for name in known)
        ]
        if meant:
            return tuple(meant)
    return ()


def is_back(text: str) -> bool:
    """Whether a text is the command to go back."""
    return fold(text) in {ResponseKind.BACK, "back"}


def is_quit(text: str) -> bool:
    """Whether a text is the command to stop."""
    return fold(text) in {ResponseKind.QUIT, "quit"}
