"""A table that people fill in, and a page that tells how: what they say, in no file format yet."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class FormChoice(NamedTuple):
    """The entries allowed below a heading."""

    entries: tuple[str, ...]
    title: str
    """Of what is said, in one or two words."""
    prompt: str
    """Said while a cell is filled in."""
    warning: str
    """Said when something else was entered."""


class FormColumn(NamedTuple):
    """One column of the table."""

    heading: str
    note: str
    """The note on the heading; not blank."""
    choice: FormChoice | None = None
    """None where anything may be entered."""


class Rank(Enum):
    """The emphasis of a line."""

    TITLE = auto()
    HEADING = auto()
    NAME = auto()
    """Of something that the lines below it are about."""
    PLAIN = auto()


class Line(NamedTuple):
    """One line of the page: a term, and what is said of it."""

    rank: Rank
    term: str
    text: str = ""


class Form(NamedTuple):
    """The table and the page."""

    title: str
    """Of the table."""
    columns: tuple[FormColumn, ...]
    guide_title: str
    guide: tuple[Line, ...]
