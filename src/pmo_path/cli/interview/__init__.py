"""The questions in a terminal. This file is light: the rest loads only when questions are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.app.sessions import Session
    from pmo_path.domain.ratings import Ratings


class Answers(NamedTuple):
    """A person's ratings, and the file that they were saved to, if any."""

    ratings: Ratings
    saved: Path | None = None
    session: Session | None = None
    """The saved answers, when they are in no other file: to discard once the report is out."""
