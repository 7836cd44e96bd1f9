"""What people type to answer a question or to choose, as a key, a number or in words."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.names import fold, half_width
from pmo_path.domain.ratings import FIRST_YEAR, NOT_APPLICABLE, level_on_scale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pmo_path.domain.questions import Question


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
    """Whether a text asks to go back rather than being what was asked for."""
    return fold(text) in {ResponseKind.BACK, "back"}


def is_quit(text: str) -> bool:
    """Whether a text asks to stop rather than being what was asked for."""
    return fold(text) in {ResponseKind.QUIT, "quit"}
