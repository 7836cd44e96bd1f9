"""The interface of a prompter, with key presses or line by line, and what it takes and returns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pmo_path.domain.numbers import show_number
from pmo_path.domain.text import one_line
from pmo_path.domain.typed_answers import Option, is_back, is_quit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.interview import Answer
    from pmo_path.domain.level_names import Labelled
    from pmo_path.domain.questions import Question
    from pmo_path.domain.typed_answers import Response

MIN_TEXT = 10
_CONSOLE = Console()
"""Needed to wrap text; Rich reads only the tab size from it."""


RATING_KEYS = (
    "n n/a",
    "s skip",
    "u not sure",
    "b back",
    "e evidence",
    "? more",
    "q save and stop",
)
"""The keys at a question, and what they do."""
MORE_KEY = RATING_KEYS[5]
NO_LEVEL = "no level yet"


class Stop(Exception):
    """The person wants to save and stop."""


class Back(Exception):
    """The person wants to return to the screen before."""


class Questioner(Protocol):
    """Asks on stderr; every method raises Stop when the person stops."""

    def say(self, text: str) -> None:
        """Show a line."""

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, `q` alone stops, `b` alone goes back."""

    def choose(self, prompt: str, options: Sequence[str | Option], default: int = 0) -> int:
        """Return the index of the chosen option. Raises Back to go back."""

    def rate(self, question: Question) -> Response:
        """Ask a question and return the response, which is never `MORE`."""


def so_far(answer: Answer, scale: Mapping[Decimal, Labelled]) -> str:
    """Return an answer so far as a text; empty for none."""
    level = "" if answer.level is None else str(answer.level)
    if isinstance(answer.level, Decimal):
        step = scale.get(answer.level)
        level = f"{show_number(answer.level)} {step.label}" if step else show_number(answer.level)
    unsure = ", not sure" if answer.is_unsure else ""
    if answer.evidence:
        year = f" ({answer.year})" if answer.year else ""
        return f"{level or NO_LEVEL}{unsure}; evidence: {answer.evidence}{year}"
    return f"{level or NO_LEVEL}{unsure}" if unsure else level


def so_far_in(question: Question) -> str:
    """Return the answer to a question so far as a text; empty for none."""
    return so_far(question.answer, {choice.level: choice for choice in question.levels})


def options_of(options: Sequence[str | Option]) -> list[Option]:
    """Return options whose texts are their only names as options like the others."""
    return [Option(option) if isinstance(option, str) else option for option in options]


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
    """Return the text of a line, or the default for an empty one.

    Raises Stop for `q` alone, and Back for `b` alone; `quit` and `back` mean the same.
    """
    typed = line.strip()
    if is_quit(typed):
        raise Stop
    if is_back(typed):
        raise Back
    return typed or default


def wrapped(label: str, text: str, width: int) -> list[str]:
    """Return lines of at most `width` columns, broken between words and indented by the label."""
    room = max(width - cell_len(label), MIN_TEXT)
    first, *rest = Text(one_line(text)).wrap(_CONSOLE, room) or [Text()]
    indent = " " * cell_len(label)
    return [f"{label}{first.plain.rstrip()}", *(f"{indent}{line.plain.rstrip()}" for line in rest)]
