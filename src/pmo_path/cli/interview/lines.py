"""Questions line by line: for screen readers, simple terminals, and whoever prefers it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pmo_path.cli.interview.prompter import (
    Action,
    ActionKind,
    Question,
    Stop,
    typed_text,
    wrapped,
)
from pmo_path.cli.terminal import style_of
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

COMMANDS = ("n not applicable", "s skip", "b back", "e evidence", "? more", "q save and stop")


class LineQuestioner:
    """Asks with plain lines; nothing is drawn twice and no meaning is in colour."""

    def __init__(self, source: TextIO | None = None, out: TextIO | None = None) -> None:
        self._source = source or sys.stdin
        self._out = out or sys.stderr

    def say(self, words: str, label: str = "") -> None:
        """Show a line; on a terminal as many lines as its words need."""
        self._write(words, label)
        self._out.write("\n")
        self._out.flush()

    def _write(self, words: str, label: str = "") -> None:
        width = style_of(self._out).width
        whole = f"{label}{one_line(words)}"
        lines = [whole] if width is None else wrapped(label, words, width - 1)
        self._out.write("\n".join(lines))

    def text(self, prompt: str, default: str = "") -> str:
        """Ask for a line of text; Enter takes the default, and the key to stop alone stops."""
        self._write(f"{prompt}{f' [{default}]' if default else ''}:")
        self._out.write(" ")
        self._out.flush()
        line = self._source.readline()
        if not line:
            raise Stop
        return typed_text(line, default)

    def choose(self, prompt: str, options: Sequence[str], default: int = 0) -> int:
        """Ask for one of the options; its position."""
        self.say(f"{prompt}:")
        for number, option in enumerate(options, 1):
            self.say(option, f"  {number}. ")
        while True:
            said = self.text("Number", str(default + 1))
            if said.isascii() and said.isdigit() and 0 < int(said[:9]) <= len(options):
                return int(said) - 1
            self.say(f"Type a number from 1 to {len(options)}.")

    def rate(self, question: Question) -> Action:
        """Ask one question, again until the answer is one of those offered."""
        self._show(question)
        levels = {one.typed: one.level for one in question.levels}
        keep = f"; Enter keeps {question.given}" if question.is_rated else ""
        commands = ", ".join(one for one in COMMANDS if one != "? more" or question.more)
        while True:
            said = self.text(f"Level {', '.join(levels)}; {commands}{keep}").lower()
            if said in levels:
                return Action(ActionKind.RATE, levels[said])
            if not said and question.is_rated:
                return Action(ActionKind.KEEP)
            if said == ActionKind.MORE and question.more:
                for line in question.more:
                    self.say(line)
            elif said in {one.value for one in ActionKind if one.value} - {ActionKind.MORE}:
                return Action(ActionKind(said))
            elif said:
                self.say(f"'{said[:20]}' is none of the answers.")
            else:
                self.say("No level yet. Type one, or s to skip.")

    def _show(self, question: Question) -> None:
        self.say("")
        self.say(f"Question {question.number} of {question.total}: {question.name}")
        if question.summary:
            self.say(question.summary)
        for behaviour in question.behaviours:
            self.say(f"Behaviour: {behaviour}")
        for one in question.levels:
            self.say(f"Level {one.typed}, {one.label}: {one.anchor}")
        if question.given:
            self.say(f"Your answer so far: {question.given}")
