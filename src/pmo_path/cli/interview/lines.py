"""Questions line by line, for screen readers and simple terminals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pmo_path.cli.interview.prompter import (
    MORE_KEY,
    RATING_KEYS,
    Stop,
    expectation,
    more_lines,
    options_of,
    so_far_in,
    typed_text,
    wrapped,
)
from pmo_path.cli.streams import style_of
from pmo_path.domain.text import one_line
from pmo_path.domain.typed_answers import Response, ResponseKind, chosen, response_to
from pmo_path.render.interview import minutes_left_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from pmo_path.domain.questions import Question
    from pmo_path.domain.typed_answers import Option


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
        """Return a line of text; Enter takes the default, `q` alone stops, `b` alone goes back."""
        return typed_text(self._line(f"{prompt}{f' [{default}]' if default else ''}"), default)

    def _line(self, prompt: str) -> str:
        """Return what is typed behind a prompt. Raises Stop at the end of the input."""
        self._write(f"{prompt}:")
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
        return line.strip()

    def _end_line(self) -> None:
        """Leave the prompt's line, on which a terminal shows `^C` or nothing."""
        self._out.write("\n")
        self._out.flush()

    def choose(self, prompt: str, options: Sequence[str | Option], default: int = 0) -> int:
        """Return the index of the chosen option. Raises Back to go back."""
        known = options_of(options)
        self.say(f"{prompt}:")
        for number, option in enumerate(known, 1):
            self.say(option.text, f"  {number}. ")
        while True:
            typed = self.text("Number or name, b back", str(default + 1))
            meant = chosen(known, typed)
            if len(meant) == 1:
                return meant[0]
            if meant:
                names = ", ".join(known[index].text for index in meant)
                self.say(f"'{typed}' may be {names}. Type more of it, or its number.")
            else:
                self.say(f"Type a number from 1 to {len(known)}, or a name from the list.")

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
        if question.summary:
            self.say(question.summary)
        if expects := expectation(question):
            self.say(expects)
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
