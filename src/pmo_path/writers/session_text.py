"""Interviews in progress as text, wherever they are kept."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pmo_path.domain.interview import Answer, Confidence, Interview
from pmo_path.domain.ratings import NOT_APPLICABLE, SELF

if TYPE_CHECKING:
    import datetime

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
