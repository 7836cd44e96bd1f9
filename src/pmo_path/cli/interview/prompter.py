"""What the interview needs of whoever asks: key presses or lines, it does not matter which."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pmo_path.domain.interview import Answer
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

MIN_TEXT = 10
_CONSOLE = Console()
"""What Rich wraps for: of this one it takes no more than how wide a tab is."""


class ActionKind(StrEnum):
    """What a person may do with a question; each value is the key for it."""

    RATE = ""
    NOT_APPLICABLE = "n"
    SKIP = "s"
    BACK = "b"
    EVIDENCE = "e"
    MORE = "?"
    QUIT = "q"
    KEEP = "enter"


class Action(NamedTuple):
    """What a person did with a question."""

    kind: ActionKind
    level: Decimal | None = None


class LevelChoice(NamedTuple):
    """One level that may be chosen."""

    level: Decimal
    typed: str
    """What to type for it."""
    label: str
    anchor: str
    """What it looks like for this competence, or in general."""


class Question(NamedTuple):
    """One competence to rate; the required level is not part of it, so that it pulls nobody."""

    number: int
    total: int
    name: str
    summary: str
    behaviours: tuple[str, ...]
    levels: tuple[LevelChoice, ...]
    more: tuple[str, ...]
    """Lines that are shown on demand."""
    answer: Answer

    @property
    def is_rated(self) -> bool:
        """Whether there is a level or n/a; evidence alone rates nothing."""
        return self.answer.level is not None

    @property
    def given(self) -> str:
        """The answer given so far, in words; empty when there is none."""
        if not self.answer.evidence:
            return self._level
        year = f" ({self.answer.year})" if self.answer.year else ""
        return f"{self._level or 'no level yet'}; evidence: {self.answer.evidence}{year}"

    @property
    def _level(self) -> str:
        level = self.answer.level
        labels = (f"{one.typed} {one.label}" for one in self.levels if one.level == level)
        return next(labels, str(level or ""))


class Stop(Exception):
    """The person wants to save and stop."""


class Questioner(Protocol):
    """Asks on stderr; every method raises Stop when the person wants to stop."""

    def say(self, words: str) -> None:
        """Show a line."""

    def text(self, prompt: str, default: str = "") -> str:
        """Ask for a line of text; Enter takes the default, and the key to stop alone stops."""

    def choose(self, prompt: str, options: Sequence[str], default: int = 0) -> int:
        """Ask for one of the options; its position."""

    def rate(self, question: Question) -> Action:
        """Ask one question; `MORE` is answered by the questioner itself."""


def typed_text(line: str, default: str) -> str:
    """What a typed line means. Raises Stop when it is the key to stop and nothing else."""
    said = line.strip()
    if said.lower() == ActionKind.QUIT:
        raise Stop
    return said or default


def wrapped(label: str, words: str, width: int) -> list[str]:
    """Lines of at most `width` columns that break between words and hang below the label."""
    room = max(width - cell_len(label), MIN_TEXT)
    first, *rest = Text(one_line(words)).wrap(_CONSOLE, room) or [Text()]
    indent = " " * cell_len(label)
    return [f"{label}{first.plain.rstrip()}", *(f"{indent}{line.plain.rstrip()}" for line in rest)]
