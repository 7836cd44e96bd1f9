"""The conversation: continue or start, the questions, the review, and where to save."""

from __future__ import annotations

import datetime
import os
import shlex
import sys
from typing import TYPE_CHECKING

from pmo_path.app.sessions import KEPT_DAYS, Session, new_session, unfinished
from pmo_path.cli.errors import Interrupted, Stopped
from pmo_path.cli.interview import Answers
from pmo_path.cli.interview.prompter import Back, Stop, confirms, so_far
from pmo_path.cli.interview.saving import save_ratings
from pmo_path.cli.interview.setup import Setup
from pmo_path.cli.streams import style_of
from pmo_path.domain.interview import Interview, extended, not_asked, resumed, to_ratings
from pmo_path.domain.names import fold, half_width
from pmo_path.domain.nudges import rated_on
from pmo_path.domain.questions import Option, Response, ResponseKind, question_of, year_of
from pmo_path.domain.ratings import FIRST_YEAR, is_self
from pmo_path.render.interview import before_first_question
from pmo_path.render.words import other_framework

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.app.sessions import Saved
    from pmo_path.cli.interview.prompter import Prompter
    from pmo_path.cli.interview.setup import Start
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

NOTHING_BEFORE = "This is the first screen. Stop with q."
ALL_ROLES = "all roles"
NOT_SURE = "Not sure: choose the level that fits best, or press Enter to leave it unrated."
SURE = "No longer marked as not sure."
NO_TEXT = "none"
NO_YEAR = {NO_TEXT, "n/a", "skip"}


def ask_and_save(
    framework: Framework,
    start: Start,
    options: Sequence[str],
    *,
    plain: bool,
    today: datetime.date,
) -> Answers:
    """Ask a person for ratings and save them to the file that the person names.

    `options`, such as `--role any`, continue with the answers after a stop. Every answer is on disk
    before the next question. Raises Stopped or Interrupted with a message on how to continue.
    """
    rater = () if is_self(start.rater) else ("--rater", start.rater)
    command = shlex.join(("pmo-path", "assess", *options, *rater))
    conversation = _Conversation(_prompter(plain=plain), framework, start)
    try:
        interview = conversation.begin()
        while True:
            interview = conversation.ask(interview)
            try:
                return conversation.keep(interview, today)
            except Back:  # to the review
                continue
    except Stop:
        raise Stopped(conversation.saved_message(command)) from None
    except KeyboardInterrupt:
        raise Interrupted(conversation.saved_message(command)) from None


def _prompter(*, plain: bool) -> Prompter:
    if plain or os.environ.get("TERM", "dumb") == "dumb":
        from pmo_path.cli.interview.prompter import LinePrompter  # noqa: PLC0415

        return LinePrompter()
    from pmo_path.cli.interview.keys import KeyPrompter  # noqa: PLC0415

    return KeyPrompter(color=style_of(sys.stderr).color)


class _Conversation:
    """One run of questions; `_session` is where its answers are on disk."""

    def __init__(self, prompter: Prompter, framework: Framework, start: Start) -> None:
        self._prompter = prompter
        self._framework = framework
        self._start = start
        self._setup = Setup(prompter, framework, start)
        self._session: Session | None = None
        self._interview: Interview | None = None
        self._unfinished: list[Saved] = []
        """The unfinished interviews on disk besides this one."""

    def saved_message(self, command: str) -> str:
        """Return what was saved and the command to continue with it."""
        if self._session is None or self._interview is None:
            kept = (
                "Your earlier answers are still saved" if self._unfinished else "Nothing was saved"
            )
            return f"Stopped. {kept}."
        unrated = sum(
            bool(answer.evidence) and answer.level is None
            for answer in self._interview.answers.values()
        )
        more = f", {unrated} with evidence and no level yet" if unrated else ""
        return f"Saved: {_progress(self._interview)}{more}. Continue with: {command}"

    def begin(self) -> Interview:
        """Return an unfinished interview if the person continues it, else a new one."""
        self._unfinished, problems = unfinished(self._framework.framework.id)
        for problem in problems:
            self._prompter.say(problem)
        offered = [saved for saved in self._unfinished if self._is_offered(saved)]
        while True:
            if (saved := self._chosen(offered)) is not None:
                return self._go_on(saved.interview, saved.session)
            try:
                return self._new()
            except Back:
                offered = [saved for saved in offered if saved in self._unfinished]
                if not offered:
                    self._prompter.say(NOTHING_BEFORE)

    def _is_offered(self, saved: Saved) -> bool:
        """Whether the person may continue unfinished answers; says so where their role is gone."""
        target = saved.interview.target
        if target is not None and target not in self._framework.roles:
            self._prompter.say(
                f"Skipped unfinished answers for '{target}', which is not a role of this "
                f"framework. They stay in '{saved.session.path}'."
            )
            return False
        return self._start.is_about(saved.interview)

    def _chosen(self, offered: Sequence[Saved]) -> Saved | None:
        """Return the unfinished interview that the person continues, if any."""
        index = 0
        while index < len(offered):
            saved = offered[index]
            who = f"{saved.interview.person}, " if saved.interview.person else ""
            when = saved.when[:16].replace("T", " ")
            about = f"{who}{self._aim(saved.interview)}, {_progress(saved.interview)}"
            options = tuple(map(Option, ("Continue", "Keep it and start a new one", "Delete it")))
            try:
                choice = self._prompter.choose(f"Unfinished: {about}, saved {when}", options)
            except Back:
                if index == 0:
                    self._prompter.say(NOTHING_BEFORE)
                index = max(0, index - 1)
                continue
            if choice == 0:
                return saved
            if choice == 2:  # noqa: PLR2004  the third of the options above
                self._delete(saved)
            index += 1
        return None

    def _aim(self, interview: Interview) -> str:
        target = interview.target
        return ALL_ROLES if target is None else self._framework.roles[target].name

    def _delete(self, saved: Saved) -> None:
        """Delete answers once the person confirms; a copy is kept for `KEPT_DAYS`."""
        count = saved.interview.answered
        question = f"Delete {count} answer{'s' if count != 1 else ''}?"
        try:
            if not confirms(self._prompter, question, "No, keep them", "Yes, delete them"):
                return
        except Back:
            return
        copy = saved.session.set_aside()
        self._unfinished.remove(saved)
        self._prompter.say(f"Deleted. '{copy}' keeps a copy for {KEPT_DAYS} days.")

    def _go_on(self, interview: Interview, session: Session) -> Interview:
        self._session = session
        interview, unplaced = resumed(interview, self._framework)
        if unplaced:
            gone = f"The framework no longer contains {', '.join(unplaced)}"
            self._prompter.say(f"{gone}. Those answers are ignored.")
        self._say_how_to_rate(interview)
        return self._saved(interview)

    def _say_how_to_rate(self, interview: Interview) -> None:
        if self._framework.framework.how_to_rate:
            self._prompter.say(self._framework.framework.how_to_rate)
        self._prompter.say(before_first_question(interview.rater, interview.person))

    def _new(self) -> Interview:
        if self._start.update is not None:
            self._say_what_is_updated(self._start.update)
        interview = self._setup.ask(self._start.interview())
        self._say_how_to_rate(interview)
        self._session = new_session(self._framework.framework.id)
        return self._saved(interview)

    def _say_what_is_updated(self, ratings: Ratings) -> None:
        rated = sum(rating.level is not None for rating in ratings.ratings.values())
        whose = f" of {ratings.person}" if ratings.person else ""
        when = f" from {ratings.date}" if ratings.date else ""
        self._prompter.say(
            f"Updating the ratings{whose}{when}: {rated} rated. Enter keeps an answer."
        )
        if note := other_framework(rated_on(self._framework, ratings)):
            self._prompter.say(note)

    def _choices_again(self, interview: Interview) -> Interview:
        """Return the interview with other choices before its first question, and its answers."""
        from_last = True
        while True:
            try:
                return self._saved(self._setup.ask(interview, from_last=from_last))
            except Back:
                self._prompter.say(NOTHING_BEFORE)
                from_last = False

    def _saved(self, interview: Interview) -> Interview:
        if self._session is not None:
            self._session.save(interview, datetime.datetime.now(tz=datetime.UTC).astimezone())
        self._interview = interview
        return interview

    def ask(self, interview: Interview) -> Interview:
        """Ask the remaining questions, then let any answer be changed."""
        while True:
            while interview.current is not None:
                response = self._rated(interview)
                if response.kind is ResponseKind.BACK and interview.position == 0:
                    interview = self._choices_again(interview)
                else:
                    interview = self._applied(interview, response)
            more = self._with_the_rest(interview)
            if more is None:
                break
            interview = more
        while (index := self._review(interview)) is not None:
            interview = self._changed(interview.go_to(index))
        return interview

    def _with_the_rest(self, interview: Interview) -> Interview | None:
        """Return the interview with what it left out, if the person goes on with that."""
        left = len(not_asked(interview, self._framework))
        if not left:
            return None
        competences = "competence" if left == 1 else "competences"
        question = f"{left} {competences} left. Rate {'it' if left == 1 else 'them'} now?"
        try:
            if not confirms(self._prompter, question, "No, finish", "Yes, go on"):
                return None
        except Back:
            return self._saved(interview.go_to(len(interview.questions) - 1))
        return self._saved(extended(interview, self._framework))

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
        return self._prompter.rate(question_of(self._framework, interview))

    def _applied(self, interview: Interview, response: Response) -> Interview:
        """The interview after a response, saved."""
        match response.kind:
            case ResponseKind.RATE | ResponseKind.NOT_APPLICABLE | ResponseKind.SKIP:
                interview = interview.doubt() if response.is_unsure else interview
                interview = interview.rate(response.rating)
            case ResponseKind.BACK:
                interview = interview.back()
            case ResponseKind.NOT_SURE:
                interview = self._with_doubt(interview)
            case ResponseKind.EVIDENCE:
                interview = self._with_evidence(interview)
            case ResponseKind.QUIT:
                raise Stop
            case _:
                interview = interview.forward()
        return self._saved(interview)

    def _with_doubt(self, interview: Interview) -> Interview:
        """Return the interview with the answer marked as not sure, or no longer so."""
        is_unsure = not interview.answer_to(interview.current or "").is_unsure
        self._prompter.say(NOT_SURE if is_unsure else SURE)
        return interview.doubt(is_unsure=is_unsure)

    def _with_evidence(self, interview: Interview) -> Interview:
        """Return the interview with evidence and its year, as far as the person gives them."""
        answer = interview.answer_to(interview.current or "")
        keys = f" ({NO_TEXT} to delete it)" if answer.evidence else ""
        try:
            evidence = self._prompter.text(
                f"Evidence: what would you point to{keys}", answer.evidence
            )
            if fold(evidence) == NO_TEXT:
                if answer.evidence:
                    self._prompter.say("Evidence deleted.")
                return interview.note("", None)
            # Stopping at the year must not cost the text.
            interview = self._saved(interview.note(evidence, answer.year))
            return interview.note(evidence, self._year(answer.year))
        except Back:
            return interview

    def _year(self, year: int | None) -> int | None:
        latest = datetime.datetime.now(tz=datetime.UTC).year + 1
        keys = f"{NO_TEXT} for no year" if year else "Enter for none"
        while True:
            typed = self._prompter.text(f"Year of the evidence ({keys})", str(year or ""))
            if not typed or fold(half_width(typed)) in NO_YEAR:
                return None
            if (known := year_of(typed, latest)) is not None:
                return known
            self._prompter.say(f"Type a year from {FIRST_YEAR} to {latest}.")

    def _review(self, interview: Interview) -> int | None:
        """Return the index of the answer to change; None to finish."""
        framework = self._framework
        options = [Option("Finish")]
        for key in interview.questions:
            name = framework.competences[key].name
            answer = so_far(interview.answer_to(key), framework.scale) or "unrated"
            options.append(Option(f"{name}: {answer}", (name, key)))
        prompt = f"Review: {_progress(interview)}; change one, or finish"
        try:
            chosen = self._prompter.choose(prompt, options)
        except Back:
            return len(interview.questions) - 1
        return chosen - 1 if chosen else None

    def keep(self, interview: Interview, today: datetime.date) -> Answers:
        """Write the ratings to a file; only then discard the saved answers. Raises Back."""
        ratings = to_ratings(interview, self._framework, today)
        path = save_ratings(self._prompter, ratings, self._framework)
        if path is None:
            return Answers(ratings, session=self._session)
        if self._session is not None:
            self._session.discard()
        return Answers(ratings, path)


def _progress(interview: Interview) -> str:
    return f"{interview.answered} of {len(interview.questions)} answered"
