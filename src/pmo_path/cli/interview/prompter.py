"""The protocol of prompters, the texts that they share, and the prompter that asks line by line."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pmo_path.cli.streams import style_of
from pmo_path.domain.numbers import show_number
from pmo_path.domain.questions import (
    Option,
    Response,
    ResponseKind,
    chosen,
    is_back,
    is_quit,
    response_to,
)
from pmo_path.domain.text import one_line
from pmo_path.render.interview import minutes_left_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.interview import Answer
    from pmo_path.domain.level_names import Labelled
    from pmo_path.domain.questions import Question

MIN_TEXT = 10
_CONSOLE = Console()
"""Needed to wrap text; Rich reads only the tab size from it."""


MORE_KEY = "? more"
RATING_KEYS = (
    *("n n/a", "s skip", "u not sure", "b back", "e evidence"),
    *(MORE_KEY, "q save and stop"),
)
"""The keys at a question, and what they do."""
NO_LEVEL = "no level yet"


class Stop(Exception):
    """The person wants to save and stop."""


class Back(Exception):
    """The person wants to return to the screen before."""


class Prompter(Protocol):
    """Asks on stderr; every method raises Stop when the person stops."""

    def say(self, text: str) -> None:
        """Show a line."""

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, `q` alone stops, `b` alone goes back."""

    def choose(self, prompt: str, options: Sequence[Option], default: int = 0) -> int:
        """Return the index of the chosen option. Raises Back to go back."""

    def rate(self, question: Question) -> Response:
        """Ask a question and return the response, which is never `MORE`."""


def confirms(prompter: Prompter, question: str, no: str, yes: str) -> bool:
    """Whether the person chooses `yes`; `no` is the default. Raises Back to go back."""
    return prompter.choose(question, (Option(no), Option(yes))) == 1


def so_far(answer: Answer, scale: Mapping[Decimal, Labelled]) -> str:
    """Return an answer so far as a text; empty for none."""
    level = "" if answer.level is None else str(answer.level)
    if isinstance(answer.level, Decimal):
        label = scale[answer.level].label if answer.level in scale else ""
        level = f"{show_number(answer.level)} {label}".strip()
    unsure = ", not sure" if answer.is_unsure else ""
    if answer.evidence:
        year = f" ({answer.year})" if answer.year else ""
        return f"{level or NO_LEVEL}{unsure}; evidence: {answer.evidence}{year}"
    return f"{level or NO_LEVEL}{unsure}" if unsure else level


def so_far_in(question: Question) -> str:
    """Return the answer to a question so far as a text; empty for none."""
    return so_far(question.answer, {choice.level: choice for choice in question.levels})


def about(question: Question) -> list[str]:
    """Return what the competence is, and what the target role expects, as far as they are known."""
    return [text for text in (question.summary, ": ".join(question.expects or ())) if text]


def more_lines(question: Question) -> tuple[str, ...]:
    """Return what is shown on demand: what is listed by level, evidence, the scale in general."""
    levels = question.levels
    behaviours = ((level, behaviour) for level in levels for behaviour in level.behaviours)
    return (
        *(f"{level.name}, observable: {behaviour}" for level, behaviour in behaviours),
        *(f"Evidence: {evidence}" for evidence in question.evidence),
        *(f"{level.name}, in general: {level.general}" for level in levels if level.general),
    )


def typed_text(line: str, default: str) -> str:
    """Return the text of a line, or the default for an empty one.

    Raises Stop for `q` or `quit`, and Back for `b` or `back`.
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


class LinePrompter:
    """Ask with plain lines; nothing is redrawn and colour carries no meaning."""

    def say(self, text: str, label: str = "") -> None:
        """Show a text, wrapped to the width of a terminal."""
        self._write(text, label, end="\n")

    @staticmethod
    def _write(text: str, label: str = "", *, end: str) -> None:
        width = style_of(sys.stderr).width
        whole = f"{label}{one_line(text)}"
        lines = [whole] if width is None else wrapped(label, text, width - 1)
        sys.stderr.write("\n".join(lines) + end)
        sys.stderr.flush()

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, `q` alone stops, `b` alone goes back."""
        return typed_text(self._line(f"{prompt}{f' [{default}]' if default else ''}"), default)

    def _line(self, prompt: str) -> str:
        """Return what is typed behind a prompt. Raises Stop at the end of the input."""
        self._write(f"{prompt}:", end=" ")
        line = ""
        try:
            line = sys.stdin.readline()
        finally:
            if not line:  # the prompt's line ends in `^C` or nothing
                self.say("")
        if not line:
            raise Stop
        return line.strip()

    def choose(self, prompt: str, options: Sequence[Option], default: int = 0) -> int:
        """Return the index of the chosen option. Raises Back to go back."""
        self.say(f"{prompt}:")
        for number, option in enumerate(options, 1):
            self.say(option.text, f"  {number}. ")
        while True:
            typed = self.text("Number or name, b back", str(default + 1))
            meant = chosen(options, typed)
            if len(meant) == 1:
                return meant[0]
            if meant:
                names = ", ".join(options[index].text for index in meant)
                self.say(f"'{typed}' may be {names}. Type more of it, or its number.")
            else:
                self.say(f"Type a number from 1 to {len(options)}, or a name from the list.")

    def rate(self, question: Question) -> Response:
        """Ask a question until the answer is a level or a command."""
        self._show(question)
        levels = [choice.typed for choice in question.levels]
        more = more_lines(question)
        commands = [key for key in RATING_KEYS if key != MORE_KEY or more]
        keep = f"; Enter keeps {so_far_in(question)}" if question.is_answered else ""
        prompt = f"Level {', '.join(levels)}; {', '.join(commands)}{keep}"
        while True:
            typed = self._line(prompt)
            response = response_to(question, typed) if typed else Response(ResponseKind.KEEP)
            if response is None:
                self.say(_answers(levels, commands))
            elif response.kind is ResponseKind.QUIT:
                raise Stop
            elif response.kind is ResponseKind.MORE:
                for line in more or ("There is no more about this question.",):
                    self.say(line)
            elif response.kind is ResponseKind.KEEP and not question.is_answered:
                self.say("No level yet. Type one, or s to skip.")
            else:
                return response

    def _show(self, question: Question) -> None:
        self.say("")
        left = minutes_left_text(question.minutes_left)
        self.say(f"Question {question.number} of {question.total}: {question.name} ({left})")
        for text in about(question):
            self.say(text)
        for behaviour in question.behaviours:
            self.say(f"Behaviour: {behaviour}")
        for choice in question.levels:
            self.say(f"Level {choice.typed}, {choice.label}: {choice.anchor}")
        if answer := so_far_in(question):
            self.say(f"Your answer so far: {answer}")


def _answers(levels: Sequence[str], commands: Sequence[str]) -> str:
    """Return which answers there are, such as `Type 0 to 5, or n, s, b, e, ? or q.`."""
    *keys, last = (command.split()[0] for command in commands)
    first = int(levels[0]) if levels[0].isdigit() else 0
    is_unbroken = list(levels) == [str(level) for level in range(first, first + len(levels))]
    shown = f"{levels[0]} to {levels[-1]}" if is_unbroken else ", ".join(levels)
    return f"Type {shown}, or {', '.join(keys)} or {last}."
