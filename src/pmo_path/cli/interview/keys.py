"""Questions with one key press each, drawn in place by prompt_toolkit."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Dimension, HSplit, Layout, ScrollOffsets, VerticalAlign, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import ColorDepth, create_output

from pmo_path.cli.interview.prompter import (
    MORE_KEY,
    RATING_KEYS,
    Back,
    Stop,
    about,
    more_lines,
    so_far_in,
    typed_text,
    wrapped,
)
from pmo_path.domain.names import FULL_WIDTH, half_width
from pmo_path.domain.questions import Response, ResponseKind
from pmo_path.domain.text import one_line
from pmo_path.render.interview import minutes_left_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prompt_toolkit.formatted_text import AnyFormattedText
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from pmo_path.domain.questions import Option, Question

    Fragments = list[tuple[str, str]]

MAX_WIDTH = 100
PAGE = 10
GREEDY = 100
"""The weight of what must be seen; what only should be seen has a weight of 1."""
BOLD, CHOSEN, PLAIN = "bold", "reverse", ""


class Choice(NamedTuple):
    """An option to pick by typing its key or with the arrow keys."""

    typed: str
    text: str


class Screen(NamedTuple):
    """The parts of one screen, from top to bottom."""

    title: str
    choices: Sequence[Choice]
    is_question: bool = True
    """Whether levels are chosen, which have more keys than other choices."""
    text: Sequence[str] = ()
    """Lines above the choices, as far as there is room."""
    more: Sequence[str] = ()
    """Lines below the text, shown on demand."""


class KeyPrompter:
    """Ask with key presses; the answer replaces the question on the screen."""

    def __init__(self, *, color: bool) -> None:
        self._source = create_input(sys.stdin)
        self._out = create_output(stdout=sys.stderr)
        self._depth = None if color else ColorDepth.DEPTH_1_BIT

    def say(self, text: str) -> None:
        """Show lines that stay on the screen."""
        for line in wrapped("", text, self._out.get_size().columns - 1):
            self._out.write(f"{line}\r\n")
        self._out.flush()

    def text(self, prompt: str, default: str = "") -> str:
        """Return a line of text; Enter takes the default, `q` alone stops, `b` alone goes back."""
        shown = f" [{one_line(default)}]" if default else ""
        session: PromptSession[str] = PromptSession(input=self._source, output=self._out)
        try:
            typed = session.prompt(f"{one_line(prompt)}{shown}: ")
        except EOFError:
            raise Stop from None
        return typed_text(typed, default)

    def choose(self, prompt: str, options: Sequence[Option], default: int = 0) -> int:
        """Return the index of the chosen option. Raises Back to go back."""
        choices = [Choice(str(number), option.text) for number, option in enumerate(options, 1)]
        picked = self._pick(Screen(prompt, choices, is_question=False), default)
        if not isinstance(picked, int):
            raise Back
        self.say(f"{prompt}: {options[picked].text}")
        return picked

    def rate(self, question: Question) -> Response:
        """Ask a question; the key of a level answers it."""
        screen = _screen(question)
        levels: list[object] = [choice.level for choice in question.levels]
        cursor = levels.index(question.answer.level) if question.answer.level in levels else None
        while True:
            picked = self._pick(screen, cursor)
            if isinstance(picked, int):
                choice = question.levels[picked]
                self._echo(question, choice.name)
                return Response(ResponseKind.RATE, choice.level)
            if picked is not ResponseKind.KEEP or question.is_answered:
                self._echo(question, _ECHOES.get(picked, ""))
                return Response(picked)
            self._echo(question, "no level yet; choose one, or press s to skip")

    def _echo(self, question: Question, answer: str) -> None:
        if answer:
            self.say(f"{question.number} of {question.total}  {question.name}: {answer}")

    def _pick(self, screen: Screen, cursor: int | None) -> int | ResponseKind:
        picker = _Picker(screen, cursor, self._out)
        application: Application[int | ResponseKind] = Application(
            layout=picker.layout(),
            key_bindings=picker.bindings(),
            input=self._source,
            output=self._out,
            color_depth=self._depth,
            erase_when_done=True,
        )
        # A lone Escape is no answer here, so there is no need to wait for what may follow it.
        application.ttimeoutlen = 0.05
        picked = application.run()
        if picked is ResponseKind.QUIT:
            raise Stop
        return picked


_ECHOES = {
    ResponseKind.NOT_APPLICABLE: "n/a",
    ResponseKind.SKIP: "skipped (unrated)",
    ResponseKind.KEEP: "kept",
}
_KEY_NAMES = {
    Keys.Escape: "Esc",
    " ": "Space",
    Keys.ControlI: "Tab",
    Keys.BackTab: "Shift-Tab",
    Keys.BracketedPaste: "Pasted text",
}
_FROM_TERMINAL = {
    *(Keys.CPRResponse, Keys.Ignore, Keys.SIGINT, Keys.ScrollDown, Keys.ScrollUp),
    *(Keys.Vt100MouseEvent, Keys.WindowsMouseEvent),
}
"""Events that are not keys."""
_COMMANDS = tuple(kind for kind in ResponseKind if kind is not ResponseKind.RATE)
_CHOOSING = ("arrow keys and Enter, or the number", "b back", "q stop")


class _Picker:
    """The state of one question on the screen: the keys typed, and the cursor.

    The title, the choices and the keys come first where the screen is small. The choices scroll
    with the cursor, the text above them page by page with its key.
    """

    def __init__(self, screen: Screen, cursor: int | None, out: Output) -> None:
        self._screen, self._out = screen, out
        self._choices = screen.choices
        self._commands = (
            _COMMANDS if screen.is_question else (ResponseKind.BACK, ResponseKind.QUIT)
        )
        self._cursor = cursor
        self._typed = ""
        self._reading: int | None = None
        """The line of the text up to which it is being read, once more was asked for."""
        self._dead = ""
        """The key that was pressed last and does nothing."""
        self._text = Window(
            FormattedTextControl(
                lambda: _joined(self._text_lines()),
                get_cursor_position=lambda: Point(0, self._reading or 0),
            ),
            height=self._text_height,
            wrap_lines=True,
        )
        self._list = Window(
            FormattedTextControl(
                lambda: _joined([line for lines in self._choice_lines() for line in lines]),
                focusable=True,
                get_cursor_position=self._cursor_position,
            ),
            height=lambda: _height(sum(map(len, self._choice_lines()))),
            wrap_lines=True,
            scroll_offsets=ScrollOffsets(bottom=self._below_cursor),
        )

    def layout(self) -> Layout:
        """The screen as prompt_toolkit takes it."""
        parts = [
            self._fixed(BOLD, lambda: self._screen.title),
            self._text,
            Window(height=Dimension(min=0, max=1, preferred=1)),
            self._list,
            # It has a fixed height, so it is filled after the part above and may describe that.
            Window(FormattedTextControl(self._hint), height=1),
            self._fixed(PLAIN, self._keys),
        ]
        return Layout(HSplit(parts, align=VerticalAlign.TOP), focused_element=self._list)

    def _fixed(self, style: str, text: Callable[[], str]) -> Window:
        def lines() -> Fragments:
            return [(style, line) for line in self._lines(text())]

        control = FormattedTextControl(lambda: _joined(lines()))
        return Window(control, height=lambda: _height(len(lines())), wrap_lines=True)

    def _lines(self, text: str, label: str = "") -> list[str]:
        return wrapped(label, text, min(self._out.get_size().columns - 1, MAX_WIDTH))

    def _text_lines(self) -> Fragments:
        more = () if self._reading is None else self._screen.more
        items = (*self._screen.text, *more)
        return [(PLAIN, line) for item in items for line in self._item_lines(item)]

    def _item_lines(self, item: str) -> list[str]:
        mark = "- " if item.startswith("- ") else ""
        return self._lines(item.removeprefix(mark), mark)

    def _text_height(self) -> Dimension:
        """Choices before the text; less so once somebody wants to read it."""
        return _height(len(self._text_lines()), 1 if self._reading is None else GREEDY // 2)

    def _choice_lines(self) -> list[Fragments]:
        """The lines of each choice."""
        margin = max(len(choice.typed) for choice in self._choices) + 3
        drawn: list[Fragments] = []
        for position, choice in enumerate(self._choices):
            mark, style = (">", CHOSEN) if position == self._cursor else (" ", PLAIN)
            lines = self._lines(choice.text, f"{mark} {choice.typed}".ljust(margin))
            drawn.append([(style, line) for line in lines])
        return drawn

    def _cursor_position(self) -> Point:
        return Point(0, sum(map(len, self._choice_lines()[: self._cursor or 0])))

    def _below_cursor(self) -> int:
        """The number of lines of the choice under the cursor besides its first."""
        return len(self._choice_lines()[self._cursor or 0]) - 1

    def _hint(self) -> AnyFormattedText:
        """The keys typed so far, and what the screen has no room for."""
        reading = "? closes the text" if self._all_read() else "? reads on"
        parts = (
            (BOLD, f"typed: {self._typed}" if self._typed else ""),
            (BOLD, f"{self._dead} does nothing here" if self._dead else ""),
            (PLAIN, self._unseen()),
            (PLAIN, "" if self._reading is None else reading),
        )
        return [fragment for part in parts if part[1] for fragment in ((PLAIN, "   "), part)]

    def _unseen(self) -> str:
        """The number of choices hidden above and below."""
        info = self._list.render_info
        if info is None:
            return ""
        first, last = info.first_visible_line(), info.last_visible_line()
        above = below = start = 0
        for lines in self._choice_lines():
            end = start + len(lines) - 1
            above += start < first
            below += end > last
            start = end + 1
        if above and below:
            return f"{above} more above, {below} below"
        return f"{above} more above" if above else f"{below} more below" if below else ""

    def _keys(self) -> str:
        keys = RATING_KEYS if self._screen.is_question else _CHOOSING
        return "   ".join(key for key in keys if key != MORE_KEY or self._has_more())

    def _has_more(self) -> bool:
        """Whether there is text that is not on the screen unless it is asked for."""
        above = [self._screen.title, *self._screen.text]
        lines = sum(len(self._item_lines(item)) for item in above)
        lines += sum(map(len, self._choice_lines())) + len(self._lines("   ".join(RATING_KEYS)))
        around = 2  # the blank line and the hint
        return bool(self._screen.more) or lines + around > self._out.get_size().rows

    def _all_read(self) -> bool:
        info = self._text.render_info
        return info is None or info.bottom_visible

    def _read_on(self, _event: KeyPressEvent) -> None:
        """Show the next page of the text; after the last, the first without what was added."""
        info = self._text.render_info
        self._dead = ""
        if self._reading is None:
            if not self._has_more():
                self._dead = _key_name(ResponseKind.MORE.value)
                return
        elif self._all_read():
            self._reading = None
            return
        self._reading = 0
        if info is not None:
            last = len(self._text_lines()) - 1
            self._reading = min(last, info.last_visible_line() + info.window_height)

    def bindings(self) -> KeyBindings:
        """The keys and their effects."""
        keys = KeyBindings()
        for ignored in Keys:  # the toolkit ignores most of them in silence
            if ignored not in _FROM_TERMINAL:
                keys.add(ignored)(self._does_nothing)
        self._bind_commands(keys)
        last = len(self._choices)
        pages = (("pageup", -PAGE), ("pagedown", PAGE), ("home", -last), ("end", last))
        for name, step in (("up", -1), ("down", 1), ("k", -1), ("j", 1), *pages):
            keys.add(name)(self._moves(step))
        keys.add("enter")(self._accept)
        keys.add("backspace")(self._erase)
        keys.add("c-c")(_interrupt)
        keys.add("<sigint>")(_interrupt)  # sent by another program, not by the key
        keys.add("c-d")(self._ends_with(ResponseKind.QUIT))
        for character in sorted({*"".join(choice.typed for choice in self._choices)}):
            keys.add(character)(self._type)
            if character.isdecimal():  # as East Asian keyboards type it
                keys.add(chr(ord(character) + FULL_WIDTH))(self._type)
        return keys

    def _bind_commands(self, keys: KeyBindings) -> None:
        for kind in self._commands:
            if kind is ResponseKind.MORE:
                keys.add(kind.value)(self._read_on)
            elif kind is not ResponseKind.KEEP:  # Enter also takes the choice under the cursor
                for key in {kind.value, kind.value.upper()}:
                    keys.add(key)(self._ends_with(kind))
        keys.add("left")(self._ends_with(ResponseKind.BACK))

    def _type(self, event: KeyPressEvent) -> None:
        typed = self._typed + half_width(event.data)
        matching = [choice for choice in self._choices if choice.typed.startswith(typed)]
        if not matching:
            typed = half_width(event.data)
            matching = [choice for choice in self._choices if choice.typed.startswith(typed)]
        self._typed, self._dead = (typed, "") if matching else ("", _key_name(event.data))
        exact = [index for index, choice in enumerate(self._choices) if choice.typed == typed]
        if exact:
            self._cursor = exact[0]
        if exact and len(matching) == 1:
            event.app.exit(result=exact[0])

    def _accept(self, event: KeyPressEvent) -> None:
        if self._cursor is not None:
            event.app.exit(result=self._cursor)
        elif ResponseKind.KEEP in self._commands:
            event.app.exit(result=ResponseKind.KEEP)

    def _moves(self, step: int) -> Callable[[KeyPressEvent], None]:
        def move(_event: KeyPressEvent) -> None:
            last = len(self._choices) - 1
            if self._cursor is None:
                self._cursor = 0 if step > 0 else last
            else:
                self._cursor = min(max(0, self._cursor + step), last)
            self._typed = self._dead = ""

        return move

    def _does_nothing(self, event: KeyPressEvent) -> None:
        """Say that a key does nothing, rather than leave the person guessing."""
        pressed = event.key_sequence[-1].key
        self._typed, self._dead = "", _key_name(pressed)

    def _erase(self, _event: KeyPressEvent) -> None:
        self._typed, self._dead = self._typed[:-1], ""

    @staticmethod
    def _ends_with(kind: ResponseKind) -> Callable[[KeyPressEvent], None]:
        def end(event: KeyPressEvent) -> None:
            event.app.exit(result=kind)

        return end


def _key_name(key: Keys | str) -> str:
    """Return how a key is called, such as `'x'`, `Esc` or `Ctrl-X`."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    if isinstance(key, Keys):
        return key.value.replace("c-", "Ctrl-").replace("s-", "Shift-").title()
    return f"'{one_line(key)}'"


def _interrupt(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt)


def _screen(question: Question) -> Screen:
    choices = [
        Choice(level.typed, f"{level.label}: {level.anchor}" if level.anchor else level.label)
        for level in question.levels
    ]
    keeps = " (Enter keeps it)" if question.is_answered else ""
    answer = so_far_in(question)
    answered = f"So far: {answer}{keeps}" if answer else ""
    left = minutes_left_text(question.minutes_left)
    return Screen(
        title=f"{question.number} of {question.total}  {question.name}  ({left})",
        choices=choices,
        text=[
            *([answered] if answered else []),
            *about(question),
            *(f"- {behaviour}" for behaviour in question.behaviours),
        ],
        more=more_lines(question),
    )


def _joined(lines: Fragments) -> AnyFormattedText:
    return [(style, "\n" * (index > 0) + line) for index, (style, line) in enumerate(lines)]


def _height(lines: int, weight: int = GREEDY) -> Dimension:
    """Return room for that many lines, one at least."""
    return Dimension(min=min(1, lines), max=lines, preferred=lines, weight=weight)
