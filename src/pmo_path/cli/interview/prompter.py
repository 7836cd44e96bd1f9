"""The interface of a prompter, with key presses or line by line, and what it takes and returns."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pmo_path.domain.questions import Question

MIN_TEXT = 10
_CONSOLE = Console()
"""Needed to wrap text; Rich reads only the tab size from it."""


class ResponseKind(StrEnum):
    """A response to a question; each value is its key."""

    RATE = ""
    NOT_APPLICABLE = "n"
    SKIP = "s"
    BACK = "b"
    EVIDENCE = "e"
    MORE = "?"
    QUIT = "q"
    KEEP = "enter"


RATING_KEYS = ("n n/a", "s skip", "b back", "e evidence", "? more", "q save and stop")
"""The keys at a question, and what they do."""
MORE_KEY = RATING_KEYS[4]


class Response(NamedTuple):
    """A person's response to a question."""

    kind: ResponseKind
    level: Decimal | None = None


class Stop(Exception):
    """The person wants to save and stop."""


class Questioner(Protocol):
    """Asks on stderr; every method raises Stop when the person stops."""

    def say(self, text: str) -> None:
        """Show a line."""

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, and `q` alone stops."""

    def choose(self, prompt: str, options: Sequence[str], default: int = 0) -> int:
        """Return the index of the chosen option."""

    def rate(self, question: Question) -> Response:
        """Ask a question and return the response, which is never `MORE`."""


def so_far(question: Question) -> str:
    """Return the answer so far as a text; empty for none."""
    answer = question.answer
    names = (choice.name for choice in question.levels if choice.level == answer.level)
    level = next(names, str(answer.level or ""))
    if not answer.evidence:
        return level
    year = f" ({answer.year})" if answer.year else ""
    return f"{level or 'no level yet'}; evidence: {answer.evidence}{year}"


def expectation(question: Question) -> str:
    """Return what the target role expects as a text; empty for nothing."""
    return ": ".join(question.expects) if question.expects else ""


def more_lines(question: Question) -> tuple[str, ...]:
    """Return what is shown on demand: what is listed by level, evidence, the scale in general."""
    return (
        *(
            f"{choice.name}, observable: {behaviour}"
            for choice in question.levels
            for behaviour in choice.behaviours
        ),
        *(f"Evidence: {evidence}" for evidence in question.evidence),
        *(
            f"{choice.name}, in general: {choice.general}"
            for choice in question.levels
            if choice.general
        ),
    )


def typed_text(line: str, default: str) -> str:
    """Return the text of a line, or the default for an empty one. Raises Stop for `q` alone."""
    typed = line.strip()
    if typed.lower() == ResponseKind.QUIT:
        raise Stop
    return typed or default


def wrapped(label: str, text: str, width: int) -> list[str]:
    """Return lines of at most `width` columns, broken between words and indented by the label."""
    room = max(width - cell_len(label), MIN_TEXT)
    first, *rest = Text(one_line(text)).wrap(_CONSOLE, room) or [Text()]
    indent = " " * cell_len(label)
    return [f"{label}{first.plain.rstrip()}", *(f"{indent}{line.plain.rstrip()}" for line in rest)]
