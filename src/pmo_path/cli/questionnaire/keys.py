"""Questions with one key press each, drawn in place by prompt_toolkit."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import ColorDepth, create_output

from pmo_path.cli.questionnaire.questioner import Action, Kind, Question, Stop
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompt_toolkit.formatted_text import AnyFormattedText
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    Fragments = list[tuple[str, str]]

MAX_WIDTH = 100
MIN_TEXT = 10
HELP = "n n/a   s skip   b back   e evidence   ? more   q save and stop"
BOLD, CHOSEN, PLAIN = "bold", "reverse", ""


class Choice(NamedTuple):
    """Something to pick, by typing what stands for it or with the arrow keys."""

    typed: str
    words: str


class KeyQuestioner:
    """Asks with key presses; the answer replaces the question on the screen."""

    def __init__(
        self, *, color: bool = True, source: Input | None = None, out: Output | None = None
    ) -> None:
        self._source = source or create_input(sys.stdin)
        self._out = out or create_output(stdout=sys.stderr)
        self._depth = None if color else ColorDepth.DEPTH_1_BIT

    def say(self, words: str) -> None:
        """Show a line that stays."""
        for line in _wrapped("", words, self._out.get_size().columns - 1):
            self._out.write(f"{line}\r\n")
        self._out.flush()

    def text(self, prompt: str, default: str = "") -> str:
        """Ask for a line of text; Enter takes the default."""
        shown = f" [{one_line(default)}]" if default else ""
        session: PromptSession[str] = PromptSession(input=self._source, output=self._out)
        try:
            said = session.prompt(f"{one_line(prompt)}{shown}: ")
        except EOFError:
            raise Stop from None
        return said.strip() or default

    def choose(self, prompt: str, options: Sequence[str], default: int = 0) -> int:
        """Ask for one of the options; its position."""
        choices = [Choice(str(number), words) for number, words in enumerate(options, 1)]
        picked = self._pick(lambda _: [(BOLD, prompt)], choices, default, (Kind.QUIT,))
        if not isinstance(picked, int):
            raise Stop
        self.say(f"{prompt}: {options[picked]}")
        return picked

    def rate(self, question: Question) -> Action:
        """Ask one question; a level's own key answers it."""
        choices = [
            Choice(one.typed, f"{one.label}: {one.anchor}" if one.anchor else one.label)
            for one in question.levels
        ]
        levels = [one.level for one in question.levels]
        cursor = next(
            (place for place, one in enumerate(levels) if one == question.answer.level), None
        )
        while True:
            head = _head(question)
            commands = tuple(kind for kind in Kind if kind is not Kind.RATE)
            picked = self._pick(head, choices, cursor, commands, HELP)
            if isinstance(picked, int):
                self._told(question, choices[picked].typed + " " + question.levels[picked].label)
                return Action(Kind.RATE, levels[picked])
            if picked is Kind.MORE:
                for line in question.more:
                    self.say(line)
            elif picked is not Kind.KEEP or question.given:
                self._told(question, _TOLD.get(picked, ""))
                return Action(picked)

    def _told(self, question: Question, words: str) -> None:
        if words:
            self.say(f"{question.number} of {question.total}  {question.name}: {words}")

    def _pick(
        self,
        head: Callable[[int], Fragments],
        choices: Sequence[Choice],
        cursor: int | None,
        commands: Sequence[Kind],
        footer: str = "arrow keys and Enter, or the number   q stop",
    ) -> int | Kind:
        picker = _Picker(head, choices, cursor, commands, footer, self._out)
        application: Application[int | Kind] = Application(
            layout=Layout(Window(FormattedTextControl(picker.text), wrap_lines=True)),
            key_bindings=picker.bindings(),
            input=self._source,
            output=self._out,
            color_depth=self._depth,
            erase_when_done=True,
        )
        # A lone Escape is no answer here, so there is no need to wait for what may follow it.
        application.ttimeoutlen = 0.05
        picked = application.run()
        if picked is Kind.QUIT:
            raise Stop
        return picked


_TOLD = {Kind.NOT_APPLICABLE: "not applicable", Kind.SKIP: "skipped", Kind.KEEP: "kept"}


class _Picker:
    """The state of one question on the screen: what was typed, and where the cursor stands."""

    def __init__(  # noqa: PLR0913  one question's parts
        self,
        head: Callable[[int], Fragments],
        choices: Sequence[Choice],
        cursor: int | None,
        commands: Sequence[Kind],
        footer: str,
        out: Output,
    ) -> None:
        self._head, self._choices, self._footer, self._out = head, choices, footer, out
        self._commands = commands
        self._cursor = cursor
        self._typed = ""

    def text(self) -> AnyFormattedText:
        """The screen as prompt_toolkit takes it."""
        return [*self.drawn()]

    def drawn(self) -> Fragments:
        """Everything on the screen for this question."""
        size = self._out.get_size()
        width = min(size.columns - 1, MAX_WIDTH)
        below: Fragments = []
        margin = max(len(one.typed) for one in self._choices) + 3
        for position, one in enumerate(self._choices):
            mark = ">" if position == self._cursor else " "
            style = CHOSEN if position == self._cursor else PLAIN
            label = f"{mark} {one.typed}".ljust(margin)
            below += [(style, line + "\n") for line in _wrapped(label, one.words, width)]
        typed = f"   typed: {self._typed}" if self._typed else ""
        below += [(PLAIN, "\n"), *((PLAIN, line) for line in _wrapped("", self._footer, width))]
        below.append((BOLD, typed))
        room = size.rows - sum(text.count("\n") for _, text in below) - 2
        above: Fragments = []
        for style, words in self._head(room):
            mark, rest = ("- ", words[2:]) if words.startswith("- ") else ("", words)
            above += [(style, line + "\n") for line in _wrapped(mark, rest, width)]
        return [*above[: max(1, room)], (PLAIN, "\n"), *below]

    def bindings(self) -> KeyBindings:
        """What each key does."""
        keys = KeyBindings()
        for kind in self._commands:
            if kind is not Kind.KEEP:  # Enter also takes the choice under the cursor
                for key in {kind.value, kind.value.upper()}:
                    keys.add(key)(self._ends_with(kind))
        for name, step in (("up", -1), ("down", 1), ("k", -1), ("j", 1)):
            keys.add(name)(self._moves(step))
        keys.add("enter")(self._accept)
        keys.add("left")(self._ends_with(Kind.BACK) if Kind.BACK in self._commands else _nothing)
        keys.add("backspace")(self._erase)
        keys.add("c-c")(_interrupt)
        keys.add("c-d")(self._ends_with(Kind.QUIT))
        for character in sorted({one for choice in self._choices for one in choice.typed}):
            keys.add(character)(self._type)
        return keys

    def _type(self, event: KeyPressEvent) -> None:
        typed = self._typed + event.data
        matching = [one for one in self._choices if one.typed.startswith(typed)]
        if not matching:
            typed = event.data
            matching = [one for one in self._choices if one.typed.startswith(typed)]
        self._typed = typed if matching else ""
        exact = [place for place, one in enumerate(self._choices) if one.typed == typed]
        if exact:
            self._cursor = exact[0]
        if exact and len(matching) == 1:
            event.app.exit(result=exact[0])

    def _accept(self, event: KeyPressEvent) -> None:
        if self._cursor is not None:
            event.app.exit(result=self._cursor)
        elif Kind.KEEP in self._commands:
            event.app.exit(result=Kind.KEEP)

    def _moves(self, step: int) -> Callable[[KeyPressEvent], None]:
        def move(_event: KeyPressEvent) -> None:
            last = len(self._choices) - 1
            start = (0 if step > 0 else last) - step if self._cursor is None else self._cursor
            self._cursor = min(max(0, start + step), last)
            self._typed = ""

        return move

    def _erase(self, _event: KeyPressEvent) -> None:
        self._typed = self._typed[:-1]

    @staticmethod
    def _ends_with(kind: Kind) -> Callable[[KeyPressEvent], None]:
        def end(event: KeyPressEvent) -> None:
            event.app.exit(result=kind)

        return end


def _nothing(_event: KeyPressEvent) -> None:
    """A key that means nothing here."""


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt)


def _head(question: Question) -> Callable[[int], Fragments]:
    """What stands above the levels, as far as the given number of lines has room for it."""

    def lines(room: int) -> Fragments:
        head: Fragments = [(BOLD, f"{question.number} of {question.total}  {question.name}")]
        if question.given:
            head.append((PLAIN, f"So far: {question.given} (Enter keeps it)"))
        if question.summary:
            head.append((PLAIN, question.summary))
        head += [(PLAIN, f"- {behaviour}") for behaviour in question.behaviours]
        return head[: max(1, room)]

    return lines


def _wrapped(label: str, words: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        one_line(words),
        max(width, len(label) + MIN_TEXT),
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_on_hyphens=False,
    )
    return lines or [label]
