"""Questions line by line, for screen readers and simple terminals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pmo_path.cli.interview.prompter import (
    MORE_KEY,
    RATING_KEYS,
    Response,
    ResponseKind,
    Stop,
    expectation,
    more_lines,
    so_far,
    typed_text,
    wrapped,
)
from pmo_path.cli.terminal import style_of
from pmo_path.domain.names import half_width
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from pmo_path.domain.questions import Question

_COMMAND_ACTIONS = {
    kind.value: Response(kind)
    for kind in ResponseKind
    if kind not in {ResponseKind.RATE, ResponseKind.MORE, ResponseKind.KEEP}
} | {NOT_APPLICABLE: Response(ResponseKind.NOT_APPLICABLE)}


class LineQuestioner:
    """Ask with plain lines; nothing is redrawn and colour carries no meaning."""

    def __init__(self, source: TextIO | None = None, out: TextIO | None = None) -> None:
        self._source = source or sys.stdin
        self._out = out or sys.stderr

    def say(self, text: str, label: str = "") -> None:
        """Show a text, wrapped to the width of a terminal."""
        self._write(text, label)
        self._out.write("\n")
        self._out.flush()

    def _write(self, text: str, label: str = "") -> None:
        width = style_of(self._out).width
        whole = f"{label}{one_line(text)}"
        lines = [whole] if width is None else wrapped(label, text, width - 1)
        self._out.write("\n".join(lines))

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, and `q` alone stops."""
        self._write(f"{prompt}{f' [{default}]' if default else ''}:")
        self._out.write(" ")
        self._out.flush()
        try:
            line = self._source.readline()
        except KeyboardInterrupt:
            self._end_line()
            raise
        if not line:
            self._end_line()
            raise Stop
        return typed_text(line, default)

    def _end_line(self) -> None:
        """Leave the prompt's line, on which a terminal shows `^C` or nothing."""
        self._out.write("\n")
        self._out.flush()

    def choose(self, prompt: str, options: Sequence[str], default: int = 0) -> int:
        """Return the index of the chosen option."""
        self.say(f"{prompt}:")
        for number, option in enumerate(options, 1):
            self.say(option, f"  {number}. ")
        while True:
            typed = half_width(self.text("Number", str(default + 1)))
            if typed.isascii() and typed.isdigit() and 0 < int(typed[:9]) <= len(options):
                return int(typed) - 1
            self.say(f"Type a number from 1 to {len(options)}.")

    def rate(self, question: Question) -> Response:
        """Ask a question until the answer is a level or a command."""
        self._show(question)
        levels = [choice.typed for choice in question.levels]
        actions = _COMMAND_ACTIONS | {
            choice.typed: Response(ResponseKind.RATE, choice.level) for choice in question.levels
        }
        more = more_lines(question)
        commands = [key for key in RATING_KEYS if key != MORE_KEY or more]
        keep = f"; Enter keeps {so_far(question)}" if question.is_rated else ""
        prompt = f"Level {', '.join(levels)}; {', '.join(commands)}{keep}"
        while True:
            typed = half_width(self.text(prompt)).lower()
            if typed in actions:
                return actions[typed]
            if not typed and question.is_rated:
                return Response(ResponseKind.KEEP)
            if typed == ResponseKind.MORE and more:
                for line in more:
                    self.say(line)
            elif typed:
                self.say(_answers(levels, commands))
            else:
                self.say("No level yet. Type one, or s to skip.")

    def _show(self, question: Question) -> None:
        self.say("")
        self.say(f"Question {question.number} of {question.total}: {question.name}")
        if question.summary:
            self.say(question.summary)
        if expects := expectation(question):
            self.say(expects)
        for behaviour in question.behaviours:
            self.say(f"Behaviour: {behaviour}")
        for choice in question.levels:
            self.say(f"Level {choice.typed}, {choice.label}: {choice.anchor}")
        if answer := so_far(question):
            self.say(f"Your answer so far: {answer}")


def _answers(levels: Sequence[str], commands: Sequence[str]) -> str:
    """Return which answers there are, such as `Type 0 to 5, or n, s, b, e, ? or q.`."""
    *keys, last = (command.split()[0] for command in commands)
    first = int(levels[0]) if levels[0].isdigit() else 0
    is_unbroken = list(levels) == [str(level) for level in range(first, first + len(levels))]
    shown = f"{levels[0]} to {levels[-1]}" if is_unbroken else ", ".join(levels)
    return f"Type {shown}, or {', '.join(keys)} or {last}."
