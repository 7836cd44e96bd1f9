"""The end of the questions: a file for the ratings, and what to do with it."""

from __future__ import annotations

import os
import shlex
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.app import sessions
from pmo_path.cli.interview.prompter import confirms
from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.names import slug
from pmo_path.domain.ratings import is_self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.cli.interview.prompter import Prompter
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

ENDINGS = (".yaml", ".yml")
"""Extensions of ratings files."""
_NO_FILE = "-"


def save_ratings(prompter: Prompter, ratings: Ratings, framework: Framework) -> Path | None:
    """Ask for a file name until the ratings are written there; None when no file is wanted.

    The name that is offered is new, so that no earlier file is replaced by Enter alone. Raises
    Stop when the person wants to stop, and Back.
    """
    default = _new_name(ratings)
    while True:
        typed = prompter.text("Save your ratings as (- for no file)", str(default))
        if typed == _NO_FILE:
            return None
        path = _with_ending(os.path.expanduser(typed))  # noqa: PTH111  Path's fails for ~nobody
        refusal = _refusal(path)
        if refusal:
            prompter.say(refusal)
        elif _may_be_written(prompter, path) and _is_written(prompter, path, ratings, framework):
            return path


def _new_name(ratings: Ratings) -> Path:
    """A name that no file has: `ratings-2026-11-23.yaml`, with the rater, and then numbered."""
    rater = "" if is_self(ratings.rater) else f"-{slug(ratings.rater, 'other')}"
    name = f"ratings{rater}-{ratings.date}"
    endings = chain(("",), (f"-{number}" for number in count(2)))
    paths = (Path(f"{name}{ending}{ENDINGS[0]}") for ending in endings)
    return next(path for path in paths if not sessions.is_there(path))


def _with_ending(name: str) -> Path:
    """The path, which needs an ending: folders are searched for files of ratings by theirs."""
    path = Path(name)
    is_file_name = path.name and not os.path.isdir(path)  # noqa: PTH112  fails for no name
    return path.with_name(f"{path.name}{ENDINGS[0]}") if is_file_name and not path.suffix else path


def _refusal(path: Path) -> str:
    """Why ratings cannot be saved under that name; empty when they can."""
    if os.path.isdir(path):  # noqa: PTH112  Path's raises an error for a name that is too long
        return f"'{path}' is a folder. Name a file in it."
    # Files are read by their ending, so it has to name what is written.
    if path.suffix and path.suffix.casefold() not in ENDINGS:
        return f"Can't save ratings as {path.suffix}. Use {ENDINGS[0]}."
    return ""


def _may_be_written(prompter: Prompter, path: Path) -> bool:
    question = f"'{path}' exists; replace it"
    return not sessions.is_there(path) or confirms(
        prompter, question, "No, another name", "Yes, replace it"
    )


def _is_written(prompter: Prompter, path: Path, ratings: Ratings, framework: Framework) -> bool:
    try:
        sessions.save_ratings(path, ratings, framework)
    except OutputFailed as error:
        prompter.say(str(error))
        return False
    return True


def what_next(
    saved: Path, options: Sequence[str], *, is_page: bool, is_brief: bool
) -> Iterator[str]:
    """Yield lines: where the ratings are, and the commands for what comes next.

    `options`, such as `--role any`, are what the person asked with; the report was a page, or in
    its short form.
    """
    # A name that begins like an option needs the folder in front.
    name = shlex.quote(f"./{saved}" if str(saved).startswith("-") else str(saved))
    yield f"Your ratings are in {name}."
    if is_page:
        again = "Rate yourself again in a few months, then compare"
        yield f"{again}: pmo-path compare {name} NEWER.yaml"
        return
    command = " ".join(("pmo-path assess", name, *map(shlex.quote, options)))
    if is_brief:
        yield f"See everything: {command} --full"
    yield f"See it as a page: {command} -o me.html --open"
