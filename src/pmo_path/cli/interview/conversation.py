"""The conversation: continue or start, the questions, the review, and where to save."""

from __future__ import annotations

import datetime
import os
import sys
from typing import TYPE_CHECKING

from pmo_path.app.sessions import KEPT_DAYS, Session, new_session, unfinished
from pmo_path.cli.errors import Interrupted, Stopped
from pmo_path.cli.interview.prompter import Response, ResponseKind, Stop, so_far
from pmo_path.cli.interview.saving import Answers, save_ratings
from pmo_path.cli.terminal import style_of
from pmo_path.domain.assessment import role_named
from pmo_path.domain.interview import (
    FULL,
    QUICK,
    Interview,
    questions_for,
    resumed,
    to_ratings,
)
from pmo_path.domain.questions import question_of
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.target_level import LevelRole, no_roles

if TYPE_CHECKING:
    from pmo_path.app.sessions import Saved
    from pmo_path.cli.interview.prompter import Questioner
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

FIRST_QUESTION = "This is the first question. To change the role, stop with q and start again."


def ask_and_save(
    framework: Framework, *, target: str | None, plain: bool, today: datetime.date, command: str
) -> Answers:
    """Ask a person for ratings and save them to the file that the person names.

    `target` is the target role as typed, if any; `command` continues with the answers after a
    stop. Every answer is on disk before the next question. Raises Stopped or Interrupted with a
    message on how to continue.
    """
    target = role_named(framework, target) if target else None
    conversation = _Conversation(_questioner(plain=plain), framework)
    try:
        interview = conversation.ask(conversation.begin(target))
        return conversation.keep(to_ratings(interview, framework, today))
    except Stop:
        raise Stopped(conversation.saved_message(command)) from None
    except KeyboardInterrupt:
        raise Interrupted(conversation.saved_message(command)) from None


def _questioner(*, plain: bool) -> Questioner:
    if plain or os.environ.get("TERM", "dumb") == "dumb":
        from pmo_path.cli.interview.lines import LineQuestioner  # noqa: PLC0415

        return LineQuestioner()
    from pmo_path.cli.interview.keys import KeyQuestioner  # noqa: PLC0415

    return KeyQuestioner(color=style_of(sys.stderr).color)


class _Conversation:
    """One run of questions; `_session` is where its answers are on disk."""

    def __init__(self, asker: Questioner, framework: Framework) -> None:
        self._asker = asker
        self._framework = framework
        self._session: Session | None = None
        self._interview: Interview | None = None
        self._earlier = 0
        """The number of unfinished interviews on disk besides this one."""

    def saved_message(self, command: str) -> str:
        """Return what was saved and the command to continue with it."""
        if self._session is None or self._interview is None:
            return (
                "Stopped. Your earlier answers are still saved."
                if self._earlier
                else "Stopped. Nothing was saved."
            )
        unrated = sum(
            bool(answer.evidence) and answer.level is None
            for answer in self._interview.answers.values()
        )
        more = f", {unrated} with evidence and no level yet" if unrated else ""
        return f"Saved: {_progress(self._interview)}{more}. Continue with: {command}"

    def begin(self, target: str | None) -> Interview:
        """Return an unfinished interview if the person continues it, else a new one."""
        sessions, problems = unfinished(self._framework.framework.id)
        for problem in problems:
            self._asker.say(problem)
        self._earlier = len(sessions)
        for saved in sessions:
            role = self._framework.roles.get(saved.interview.target)
            if role is None:
                self._asker.say(
                    f"Skipped unfinished answers for '{saved.interview.target}', which is not a "
                    f"role of this framework. They stay in '{saved.session.path}'."
                )
                continue
            who = f"{saved.interview.person}, " if saved.interview.person else ""
            when = saved.when[:16].replace("T", " ")
            prompt = f"Unfinished: {who}{role.name}, {_progress(saved.interview)}, saved {when}"
            choice = self._asker.choose(
                prompt, ("Continue", "Keep it and start a new one", "Delete it")
            )
            if choice == 0:
                return self._go_on(saved.interview, saved.session)
            if choice == 2:  # noqa: PLR2004  the third of the options above
                self._delete(saved)
        return self._new(target)

    def _delete(self, saved: Saved) -> None:
        """Delete answers once the person confirms; a copy is kept for `KEPT_DAYS`."""
        count = saved.interview.answered
        question = f"Delete {count} answer{'s' if count != 1 else ''}?"
        if self._asker.choose(question, ("No, keep them", "Yes, delete them")) == 0:
            return
        copy = saved.session.set_aside()
        self._earlier -= 1
        self._asker.say(f"Deleted. '{copy}' keeps a copy for {KEPT_DAYS} days.")

    def _go_on(self, interview: Interview, session: Session) -> Interview:
        self._session = session
        interview, unplaced = resumed(interview, self._framework)
        if unplaced:
            names = ", ".join(unplaced)
            self._asker.say(f"The framework no longer has: {names}. Those answers stay unused.")
        self._say_how_to_rate()
        return self._saved(interview)

    def _say_how_to_rate(self) -> None:
        if self._framework.framework.how_to_rate:
            self._asker.say(self._framework.framework.how_to_rate)

    def _new(self, target: str | None) -> Interview:
        roles = {
            key: role
            for key, role in self._framework.roles.items()
            if not isinstance(role, LevelRole)
        }
        keys = list(roles)
        person = self._asker.text("Your name (Enter for none, q to stop)")
        names = [role.name for role in roles.values()]
        if not self._framework.roles:
            raise no_roles(self._framework)
        held = self._asker.choose("Your current role", ["None of these", *names]) if keys else 0
        role = keys[held - 1] if held else None
        if target is None:
            ahead = roles[role].leads_to if role else ()
            usual = keys.index(ahead[0]) if ahead and ahead[0] in keys else len(keys) - 1
            target = keys[self._asker.choose("Your target role", names, usual)]
        scope = self._scope(target)
        self._say_how_to_rate()
        self._session = new_session(self._framework.framework.id)
        questions = questions_for(self._framework, target, scope)
        return self._saved(Interview(person, role, target, scope, questions))

    def _scope(self, target: str) -> str:
        counted = {
            scope: len(questions_for(self._framework, target, scope))
            for scope in (FULL, QUICK, *self._framework.domains)
        }
        names = {FULL: "All competences", QUICK: "Key competences only"}
        names |= {key: domain.name for key, domain in self._framework.domains.items()}
        scopes = [scope for scope, count in counted.items() if count]
        options = [f"{names[scope]} ({counted[scope]})" for scope in scopes]
        return scopes[self._asker.choose("What to rate", options)]

    def _saved(self, interview: Interview) -> Interview:
        if self._session is not None:
            self._session.save(interview, datetime.datetime.now(tz=datetime.UTC).astimezone())
        self._interview = interview
        return interview

    def ask(self, interview: Interview) -> Interview:
        """Ask the remaining questions, then let any answer be changed."""
        while interview.current is not None:
            interview = self._applied(interview, self._rated(interview))
        while (index := self._review(interview)) is not None:
            interview = self._changed(interview.go_to(index))
        return interview

    def _changed(self, interview: Interview) -> Interview:
        """Ask the current question again, until it is answered or the person goes back."""
        index, end = interview.position, len(interview.questions)
        while interview.position == index:
            response = self._rated(interview)
            if response.kind is ResponseKind.BACK:
                break
            interview = self._applied(interview, response)
        return self._saved(interview.go_to(end))

    def _rated(self, interview: Interview) -> Response:
        return self._asker.rate(question_of(self._framework, interview))

    def _applied(self, interview: Interview, response: Response) -> Interview:
        """The interview after a response, saved."""
        match response.kind:
            case ResponseKind.RATE:
                interview = interview.rate(response.level)
            case ResponseKind.NOT_APPLICABLE:
                interview = interview.rate(NOT_APPLICABLE)
            case ResponseKind.SKIP:
                interview = interview.rate(None)
            case ResponseKind.BACK:
                if interview.position == 0:
                    self._asker.say(FIRST_QUESTION)
                interview = interview.back()
            case ResponseKind.EVIDENCE:
                interview = self._with_evidence(interview)
            case ResponseKind.QUIT:
                raise Stop
            case _:
                interview = interview.forward()
        return self._saved(interview)

    def _with_evidence(self, interview: Interview) -> Interview:
        answer = interview.answer_to(interview.current or "")
        evidence = self._asker.text("Evidence: what would you point to", answer.evidence)
        # Stopping at the year must not cost the text.
        interview = self._saved(interview.note(evidence, answer.year))
        latest = datetime.datetime.now(tz=datetime.UTC).year
        while True:
            year = self._asker.text(
                "Year of the evidence (Enter for none)", str(answer.year or "")
            )
            if not year:
                return interview.note(evidence, None)
            if year.isascii() and year.isdigit() and 1950 <= int(year[:5]) <= latest + 1:  # noqa: PLR2004  the years a ratings file may hold
                return interview.note(evidence, int(year))
            self._asker.say(f"Type a year from 1950 to {latest + 1}.")

    def _review(self, interview: Interview) -> int | None:
        """Return the index of the answer to change; None to finish."""
        questions = (
            question_of(self._framework, interview.go_to(index))
            for index in range(len(interview.questions))
        )
        answers = (f"{question.name}: {so_far(question) or 'unrated'}" for question in questions)
        prompt = f"Review: {_progress(interview)}; change one, or finish"
        chosen = self._asker.choose(prompt, ["Finish", *answers])
        return chosen - 1 if chosen else None

    def keep(self, ratings: Ratings) -> Answers:
        """Write the ratings to a file; only then discard the saved answers."""
        path = save_ratings(self._asker, ratings, self._framework)
        if path is None:
            return Answers(ratings, session=self._session)
        if self._session is not None:
            self._session.discard()
        return Answers(ratings, path)


def _progress(interview: Interview) -> str:
    return f"{interview.answered} of {len(interview.questions)} answered"
