"""Interviews in progress: as text, and on disk, one private file each, rewritten after every answer."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, get_args

from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.interview import Answer, Confidence, Interview
from pmo_path.domain.limits import MAX_DOCUMENT_BYTES
from pmo_path.domain.ratings import NOT_APPLICABLE, SELF
from pmo_path.writers.atomic import write_atomically
from pmo_path.writers.leftovers import has_name, is_locked, tidy

if TYPE_CHECKING:
    import datetime

STATE_FOLDER = "PMO_PATH_STATE"
"""Environment variable that names another state folder."""
KEPT_DAYS = 30
"""Days for which a copy of deleted answers is kept."""
_DELETED = "deleted"
SCHEMA = 1
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""Errors that a damaged text can raise."""


def sessions_folder() -> Path:
    """Where interviews in progress are kept: the user's own state folder."""
    override = os.environ.get(STATE_FOLDER)
    if override:
        return Path(override) / "sessions"
    from platformdirs import user_state_path  # noqa: PLC0415  only when nothing overrides it

    return user_state_path("pmo-path", appauthor=False) / "sessions"


class Session:
    """One interview's file, locked for as long as this process works on it."""

    def __init__(self, path: Path, framework: str, lock: IO[str]) -> None:
        self.path = path
        self._framework = framework
        self._lock = lock

    def save(self, interview: Interview, now: datetime.datetime) -> None:
        """Write the interview so that even a killed process leaves it whole.

        Raises OutputFailed.
        """
        write_atomically(self.path, session_text(interview, self._framework, now), private=True)

    def discard(self) -> None:
        """Delete the file: its answers are elsewhere."""
        self.path.unlink(missing_ok=True)
        _release(self._lock, self.path.with_suffix(".lock"))

    def set_aside(self) -> Path:
        """Move the file to those that are deleted after a while; its new path.

        Raises OutputFailed.
        """
        copy = self.path.parent / _DELETED / self.path.name
        try:
            copy.parent.mkdir(exist_ok=True, mode=0o700)
            self.path.touch()  # its time tells since when it is there
            self.path.replace(copy)
        except OSError as error:
            message = f"'{self.path}' could not be deleted: {error.strerror or error}"
            raise OutputFailed(message) from None
        self.discard()
        return copy


class Saved(NamedTuple):
    """An interview found on disk."""

    interview: Interview
    when: str
    """When it was saved, as ISO 8601 text."""
    session: Session


def new_session(framework: str) -> Session:
    """A session for a framework id, not yet on disk. Raises OutputFailed when it cannot be."""
    folder = sessions_folder()
    path = folder / f"{secrets.token_hex(8)}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _locked(path)
    except OSError as error:
        message = f"answers cannot be saved in '{folder}': {error.strerror or error}"
        raise OutputFailed(message) from None
    if lock is None:
        raise OutputFailed(f"answers cannot be saved in '{folder}': the file is in use")
    return Session(path, framework, lock)


def unfinished(framework: str) -> tuple[list[Saved], list[str]]:
    """Interviews in progress for a framework id, newest first, and what could not be opened.

    One that another process works on is left out; an unreadable file is left where it is.
    """
    _sweep(sessions_folder())
    sessions, problems = [], []
    for path in sorted(sessions_folder().glob("*.json")):
        try:
            if read_session(_text_of(path)).framework != framework:
                continue
            lock = _locked(path)
            if lock is None:
                problems.append(f"The unfinished answers in '{path}' are in use")
                continue
            # Read again: the process that held the lock may have saved an answer.
            saved = read_session(_text_of(path))
            session = Session(path, framework, lock)
            sessions.append(Saved(saved.interview, saved.when, session))
        except FileNotFoundError:  # finished by another process
            continue
        except UNREADABLE:
            problems.append(f"'{path}' is not a readable session; it is left as it is")
    return sorted(sessions, key=lambda saved: saved.when, reverse=True), problems


def _text_of(path: Path) -> str:
    """The text of a file. Raises OSError and ValueError, also for one that is far too large."""
    with path.open("rb") as stream:
        content = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise ValueError("no interview is so long")
    return content.decode("utf-8")


def _sweep(folder: Path) -> None:
    """Delete what killed runs left, locks of sessions that are gone, and old deleted answers."""
    tidy(folder)
    oldest = time.time() - KEPT_DAYS * 24 * 60 * 60
    with suppress(OSError):  # what cannot be deleted does no harm
        for lock in folder.glob("*.lock"):
            if not lock.with_suffix(".json").exists() and (held := _locked(lock)):
                _release(held, lock)
        for copy in (folder / _DELETED).glob("*.json"):
            if copy.stat().st_mtime < oldest:
                copy.unlink()


def _locked(path: Path) -> IO[str] | None:
    """The held lock for a session file, or None when another process holds it. Raises OSError."""
    name = path.with_suffix(".lock")
    while True:
        lock = name.open("w", encoding="utf-8")
        if sys.platform == "win32":  # no advisory locks of this kind there: the last writer wins
            return lock
        if not is_locked(lock.fileno()):
            lock.close()
            return None
        if has_name(lock.fileno(), name):
            return lock
        lock.close()  # another process has deleted it meanwhile


def _release(lock: IO[str], path: Path) -> None:
    """Delete a lock and close it, in the order that the system allows."""
    if sys.platform == "win32":
        lock.close()
    with suppress(OSError):
        path.unlink()
    lock.close()


# --- As text --------------------------------------------------------------------------------------


class SavedText(NamedTuple):
    """An interview that was read from text."""

    framework: str
    """The id of the framework that it is about."""
    when: str
    """When it was saved, as ISO 8601 text."""
    interview: Interview


def session_text(interview: Interview, framework: str, now: datetime.datetime) -> str:
    """Return an interview about the framework with this id as text."""
    answers = {
        key: {**answer._asdict(), "level": None if answer.level is None else str(answer.level)}
        for key, answer in interview.answers.items()
    }
    document = {
        "schema": SCHEMA,
        "framework": framework,
        "saved": now.isoformat(timespec="seconds"),
        "interview": {**interview._asdict(), "answers": answers},
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def read_session(text: str) -> SavedText:
    """Return what `session_text` wrote. A damaged text raises one of `UNREADABLE`."""
    document = json.loads(text)
    return SavedText(
        framework=str(document["framework"]),
        when=str(document["saved"]),
        interview=_interview(document["interview"]),
    )


def _interview(data: dict[str, Any]) -> Interview:
    answers = {
        str(key): Answer(
            _level(answer["level"]),
            str(answer["evidence"]),
            answer["year"],
            _confidence(answer.get("confidence")),
        )
        for key, answer in data["answers"].items()
    }
    return Interview(
        person=str(data["person"]),
        role=data["role"],
        target=None if data["target"] is None else str(data["target"]),
        scope=str(data["scope"]),
        questions=tuple(map(str, data["questions"])),
        position=int(data["position"]),
        answers=answers,
        # Interviews saved by earlier versions have neither of these.
        rater=str(data.get("rater", SELF)),
        earlier=tuple(map(str, data.get("earlier", ()))),
    )


def _level(text: str | None) -> Decimal | Any:
    if text is None or text == NOT_APPLICABLE:
        return text
    return Decimal(text)


def _confidence(text: Any) -> Confidence | None:
    words: tuple[Confidence, ...] = get_args(Confidence)
    return None if text is None else words[words.index(text)]
