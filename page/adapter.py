"""pmo-path for a page in a browser: requests and answers are JSON, files are bytes.

The package knows nothing of the page. Everything that a person reads beside the questions comes
from the package as well: the report is the one that the command writes.
"""

from __future__ import annotations

import datetime
import io
import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_path import to_text
from pmo_path.domain.assessment import assess, target_role
from pmo_path.domain.errors import InputInvalid, PmoPathError, UsageProblem
from pmo_path.domain.framework import Framework
from pmo_path.domain.interview import (
    Answer,
    Interview,
    coverage,
    questions_for,
    resumed,
    scopes,
    to_ratings,
)
from pmo_path.domain.questions import question_of, year_of
from pmo_path.domain.ratings import FIRST_YEAR, NOT_APPLICABLE
from pmo_path.readers.filetype import FileType, identify
from pmo_path.readers.framework import load_framework
from pmo_path.readers.ratings import ratings_read
from pmo_path.render.diagnostics.text import write_text
from pmo_path.render.interview import (
    MANAGER_MAY_RATE,
    coverage_text,
    minutes_left_text,
    scope_text,
)
from pmo_path.render.templates.ratings import ratings_yaml
from pmo_path.version import __version__
from pmo_path.writers.sessions import UNREADABLE, read_session, session_text

if TYPE_CHECKING:
    from pmo_path.domain.ratings import Ratings

MAX_FILE_BYTES = 20_000_000
"""A larger file is none that belongs here, and reading it would stop the page for minutes."""


class Page:
    """One person's visit."""

    def __init__(self, framework: Framework) -> None:
        self._framework = framework
        self._interview: Interview | None = None
        self._ratings: Ratings | None = None
        """Those of a file; None once a question is shown again."""
        self._role: str | None = None

    # --- The framework ---------------------------------------------------------------------------

    def about(self) -> dict[str, Any]:
        """What the first screen shows."""
        about = self._framework.framework
        return {
            "id": about.id,
            "title": about.title,
            "version": about.version,
            "notice": about.notice,
            "language": about.language or "en",
            "how_to_rate": about.how_to_rate,
            "manager_may_rate": MANAGER_MAY_RATE,
            "made_with": f"pmo-path {__version__}",
            "roles": [
                {"id": key, "name": role.name, "leads_to": role.leads_to}
                for key, role in self._framework.roles.items()
            ],
        }

    def scopes(self, target: str) -> list[dict[str, Any]]:
        """How much there is to ask about for a target role."""
        framework = self._framework
        return [
            {
                "id": key,
                "name": scope_text(framework, target, key, questions),
                "count": len(questions),
                "shows": coverage_text(framework, target, coverage(framework, target, questions)),
            }
            for key, questions in scopes(framework, target).items()
        ]

    # --- The questions ---------------------------------------------------------------------------

    def start(self, person: str, role: str, target: str, scope: str) -> dict[str, Any]:
        """Begin with the questions."""
        questions = questions_for(self._framework, target, scope)
        self._interview = Interview(person, role or None, target, scope, questions)
        return self.screen()

    def continue_with(self, text: str) -> dict[str, Any]:
        """Continue with unfinished answers."""
        saved = self._saved(text)
        self._interview, _ = resumed(saved.interview, self._framework)
        return self.screen()

    def unfinished(self, text: str) -> dict[str, Any]:
        """What is known of unfinished answers. Raises UsageProblem if they are of no use here."""
        saved = self._saved(text)
        interview, unplaced = resumed(saved.interview, self._framework)
        return {
            "person": interview.person,
            "role": self._framework.roles[interview.target or ""].name,
            "answered": interview.answered,
            "total": len(interview.questions),
            "when": saved.when[:16].replace("T", " "),
            "unplaced": list(unplaced),
            "is_empty": all(answer == Answer() for answer in interview.answers.values()),
        }

    def _saved(self, text: str) -> Any:
        try:
            saved = read_session(text)
        except UNREADABLE:
            raise UsageProblem("The unfinished answers are damaged.") from None
        is_ours = saved.framework == self._framework.framework.id
        target = saved.interview.target
        if not is_ours or target not in self._framework.roles:
            raise UsageProblem("The unfinished answers are about another framework.")
        return saved

    def screen(self) -> dict[str, Any]:
        """The current question, or the review after the last one."""
        interview = self._here
        self._ratings, self._role = None, None
        if interview.current is None:
            return {"review": self._review(interview), "answered": interview.answered}
        question = question_of(self._framework, interview)
        return {
            "question": {
                **question._asdict(),
                "left": minutes_left_text(question.minutes_left),
                "is_unsure": question.answer.is_unsure,
                "levels": [_level_of(choice) for choice in question.levels],
                "answer": {
                    **question.answer._asdict(),
                    "level": _as_text(question.answer.level),
                },
            },
            "answered": interview.answered,
            "is_first": interview.position == 0,
        }

    def _review(self, interview: Interview) -> list[dict[str, Any]]:
        scale = self._framework.scale
        rows = []
        for index, key in enumerate(interview.questions):
            answer = interview.answer_to(key)
            label = scale[answer.level].label if isinstance(answer.level, Decimal) else ""
            rows.append(
                {
                    "index": index,
                    "name": self._framework.shown_name(key),
                    "level": _as_text(answer.level),
                    "label": label,
                    "is_unsure": answer.is_unsure,
                    "evidence": answer.evidence,
                }
            )
        return rows

    def answer(
        self,
        level: str | None,
        evidence: str,
        year: str,
        is_unsure: bool = False,  # noqa: FBT001, FBT002  the page passes all by position
    ) -> dict[str, Any]:
        """Answer the current question, and move on."""
        self._interview = self._entered(level, evidence, year, is_unsure=is_unsure)
        return self.screen()

    def back(
        self,
        level: str | None,
        evidence: str,
        year: str,
        is_unsure: bool = False,  # noqa: FBT001, FBT002  the page passes all by position
    ) -> dict[str, Any]:
        """Keep what is entered, and return to the question before."""
        position = self._here.position
        self._interview = self._entered(level, evidence, year, is_unsure=is_unsure).go_to(
            position - 1
        )
        return self.screen()

    def _entered(
        self, level: str | None, evidence: str, year: str, *, is_unsure: bool
    ) -> Interview:
        """The interview behind the answer to the current question."""
        noted = self._here.note(evidence.strip(), _year(year))
        rated = _level(level)
        if rated is None and is_unsure:
            return noted.rate(None).go_to(noted.position).doubt().forward()
        return noted.doubt(is_unsure=is_unsure).rate(rated)

    def go_to(self, index: int) -> dict[str, Any]:
        """Show a question again; one after the last is the review."""
        self._interview = self._here.go_to(index)
        return self.screen()

    def to_keep(self) -> str:
        """The unfinished answers as text."""
        return session_text(self._here, self._framework.framework.id, _now())

    @property
    def _here(self) -> Interview:
        if self._interview is None:
            raise UsageProblem("Begin with the questions first.")
        return self._interview

    # --- Files and results -----------------------------------------------------------------------

    def open_file(self, name: str, content: bytes, *, may_replace: bool = True) -> dict[str, Any]:
        """Open a ratings file or a framework; answers on another framework only if they may go."""
        if len(content) > MAX_FILE_BYTES:
            raise UsageProblem(
                f"'{name}' is too large: {len(content) // 1_000_000:,} MB, and a file may have "
                f"{MAX_FILE_BYTES // 1_000_000} MB here. Use the command pmo-path for large files."
            )
        identified = identify(content, name)
        if identified.type is FileType.FRAMEWORK:
            if self._interview is not None and not may_replace:
                return {"kind": "other framework"}
            path = Path("/tmp") / Path(name).name  # noqa: S108  a folder in the page's memory
            path.write_bytes(content)
            self._framework = load_framework(path)
            self._interview = self._ratings = None
            return {"kind": "framework", **self.about()}
        read = ratings_read(identified, self._framework)
        # Answers stay: a browser that keeps nothing has them nowhere else.
        self._ratings = read.ratings
        try:
            self._role = target_role(self._framework, read.ratings)
        except UsageProblem:
            self._role = None
        return {
            "kind": "ratings",
            "person": read.ratings.person,
            "role": self._role,
            "notes": [f"{name}:{line}: {note}" for line, note in read.notes()],
        }

    def choose_role(self, role: str) -> None:
        """Rate the ratings of a file against a role."""
        self._role = role

    def result(self, format_: str) -> str:
        """The report as the command writes it to a file: `html` or `json`."""
        today = _now().date()
        report = assess(self._framework, self._current_ratings, self._role, today=today)
        return to_text(report, format_)

    def ratings(self) -> str:
        """The ratings as a file."""
        return ratings_yaml(self._current_ratings, self._framework)

    @property
    def _current_ratings(self) -> Ratings:
        if self._ratings is not None:
            return self._ratings
        return to_ratings(self._here, self._framework, _now().date())


def open_page(framework: str) -> Page:
    """A page for the framework in a file that `build.py` made."""
    data = pickle.loads(Path(framework).read_bytes())  # noqa: S301  it is part of the page
    return Page(Framework.model_validate(data))


def call(page: Page, method: str, arguments: str) -> str:
    """Call a method with JSON arguments: its result as JSON, or what was wrong in words."""
    try:
        result = getattr(page, method)(*json.loads(arguments))
    except InputInvalid as error:
        return json.dumps({"problem": _diagnostics(error)})
    except PmoPathError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps({"result": result})


def call_with_file(
    page: Page,
    name: str,
    content: Any,
    may_replace: bool = True,  # noqa: FBT001, FBT002  the page passes all by position
) -> str:
    """Give a file to the page; `content` is what JavaScript has as bytes."""
    content = bytes(content.to_py() if hasattr(content, "to_py") else content)
    try:
        return json.dumps({"result": page.open_file(name, content, may_replace=may_replace)})
    except InputInvalid as error:
        return json.dumps({"problem": _diagnostics(error)})
    except PmoPathError as error:
        return json.dumps({"problem": str(error)})


def _diagnostics(error: InputInvalid) -> str:
    out = io.StringIO()
    write_text(error.diagnostics, out)
    return out.getvalue()


def _level_of(choice: Any) -> dict[str, Any]:
    return {**choice._asdict(), "level": choice.typed}


def _as_text(level: Any) -> str | None:
    return None if level is None else NOT_APPLICABLE if level == NOT_APPLICABLE else f"{level:f}"


def _level(text: str | None) -> Any:
    return text if text is None or text == NOT_APPLICABLE else Decimal(text)


def _year(text: str) -> int | None:
    if not text.strip():
        return None
    latest = _now().year + 1
    year = year_of(text, latest)
    if year is None:
        raise UsageProblem(f"Type a year from {FIRST_YEAR} to {latest}.")
    return year


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC).astimezone()
