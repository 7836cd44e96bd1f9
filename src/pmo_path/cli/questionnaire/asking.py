"""The whole conversation: go on or begin, the questions, the review, and where to save."""

from __future__ import annotations

import datetime
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.cli.exits import Interrupted, Stopped
from pmo_path.cli.questionnaire.questioner import Action, Kind, LevelChoice, Question, Stop
from pmo_path.domain.assessment import role_named
from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.interview import (
    FULL,
    QUICK,
    Interview,
    questions_for,
    resumed,
    to_ratings,
)
from pmo_path.domain.levels import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.render.ratings_yaml import ratings_yaml
from pmo_path.store.atomic import is_there, write_atomically
from pmo_path.store.sessions import Session, new_session, unfinished

if TYPE_CHECKING:
    from pmo_path.cli.questionnaire.questioner import Questioner
    from pmo_path.domain.framework import Competence, Framework
    from pmo_path.domain.ratings import Ratings

KEEP_NO_FILE = "-"


class Given(NamedTuple):
    """What a person answered, and where that was written, if anywhere."""

    ratings: Ratings
    saved: Path | None


def ask_and_save(
    framework: Framework,
    *,
    target: str | None,
    plain: bool,
    today: datetime.date,
    color: bool,
) -> Given:
    """The ratings a person gave, after they were written where the person said.

    `target` is the role aimed at as the person typed it, if they did. Every answer is on disk
    before the next question shows. Raises Stopped or Interrupted, whose words say how to go on.
    """
    aim = role_named(framework, target) if target else None
    return converse(_questioner(plain=plain, color=color), framework, aim, today)


def _questioner(*, plain: bool, color: bool) -> Questioner:
    if plain or os.environ.get("TERM", "dumb") == "dumb":
        from pmo_path.cli.questionnaire.lines import LineQuestioner  # noqa: PLC0415

        return LineQuestioner()
    from pmo_path.cli.questionnaire.keys import KeyQuestioner  # noqa: PLC0415

    return KeyQuestioner(color=color)


def converse(
    asker: Questioner, framework: Framework, target: str | None, today: datetime.date
) -> Given:
    """The conversation with any questioner; see `ask_and_save`."""
    conversation = _Conversation(asker, framework)
    try:
        interview = conversation.begin(target)
        interview = conversation.ask(interview)
        ratings = to_ratings(interview, framework, today)
        saved = conversation.keep(ratings)
    except Stop:
        raise Stopped(conversation.saved_words()) from None
    except KeyboardInterrupt:
        raise Interrupted(conversation.saved_words()) from None
    return Given(ratings, saved)


def what_next(
    saved: Path, *, framework: Path | None, any_role: bool, is_page: bool
) -> tuple[str, str]:
    """Two lines: where the ratings are, and the command for what comes next.

    `framework` and `any_role` are what the person asked with; `is_page` tells that the report
    was a page already.
    """
    name = shlex.quote(str(saved))
    where = f"Your ratings are in {name}."
    if is_page:
        return where, f"Rate anew in some months; what moved: pmo-path compare {name} NEWER.yaml"
    asked = f" --framework {shlex.quote(str(framework))}" if framework else ""
    ranked = " --role any" if any_role else ""
    page = f"pmo-path assess {name}{asked}{ranked} -o me.html --open"
    return where, f"See them as a page: {page}"


class _Conversation:
    """One run of questions; `_session` is where its answers are on disk."""

    def __init__(self, asker: Questioner, framework: Framework) -> None:
        self._asker = asker
        self._framework = framework
        self._session: Session | None = None
        self._interview: Interview | None = None

    def saved_words(self) -> str:
        """What was kept and how to go on."""
        if self._session is None or self._interview is None:
            return "Stopped; there was nothing to save yet."
        count = f"{self._interview.answered} of {len(self._interview.questions)}"
        return f"Saved: {count} answered. 'pmo-path assess' goes on from here."

    def begin(self, target: str | None) -> Interview:
        """An interview: an unfinished one if the person wants it, else a new one."""
        found, problems = unfinished(self._framework.framework.id)
        for problem in problems:
            self._asker.say(problem)
        for saved in found:
            if saved.interview.target not in self._framework.roles:
                continue
            title = self._framework.roles[saved.interview.target].name
            who = f"{saved.interview.person}, " if saved.interview.person else ""
            done = f"{saved.interview.answered} of {len(saved.interview.questions)} answered"
            prompt = f"Unfinished: {who}{title}, {done}, saved {saved.when[:16].replace('T', ' ')}"
            choice = self._asker.choose(prompt, ("Go on", "Leave it for later", "Delete it"))
            if choice == 0:
                return self._go_on(saved.interview, saved.session)
            if choice == 2:  # noqa: PLR2004  the third of the options above
                saved.session.discard()
        return self._new(target)

    def _go_on(self, interview: Interview, session: Session) -> Interview:
        self._session = session
        interview, unplaced = resumed(interview, self._framework)
        if unplaced:
            names = ", ".join(unplaced)
            self._asker.say(f"The framework no longer has: {names}. Those answers stay unused.")
        self._say_the_rule()
        return self._saved(interview)

    def _say_the_rule(self) -> None:
        if self._framework.framework.how_to_rate:
            self._asker.say(self._framework.framework.how_to_rate)

    def _new(self, target: str | None) -> Interview:
        roles = self._framework.roles
        keys = list(roles)
        person = self._asker.text("Your name (Enter for none, q to stop)")
        names = [role.name for role in roles.values()]
        held = self._asker.choose("The role you hold now", ["None of these", *names])
        role = keys[held - 1] if held else None
        if target is None:
            ahead = roles[role].leads_to if role else ()
            usual = keys.index(ahead[0]) if ahead and ahead[0] in keys else len(keys) - 1
            target = keys[self._asker.choose("The role you want", names, usual)]
        scope = self._scope(target)
        self._say_the_rule()
        self._session = new_session(self._framework.framework.id)
        questions = questions_for(self._framework, target, scope)
        return self._saved(Interview(person, role, target, scope, questions))

    def _scope(self, target: str) -> str:
        counted = {
            scope: len(questions_for(self._framework, target, scope))
            for scope in (FULL, QUICK, *self._framework.domains)
        }
        names = {FULL: "Everything", QUICK: "Quick run: key competences"}
        names |= {key: domain.name for key, domain in self._framework.domains.items()}
        scopes = [scope for scope, count in counted.items() if count]
        options = [f"{names[scope]} ({counted[scope]})" for scope in scopes]
        return scopes[self._asker.choose("How much", options)]

    def _saved(self, interview: Interview) -> Interview:
        self._interview = interview
        if self._session is not None:
            self._session.save(interview, datetime.datetime.now(tz=datetime.UTC).astimezone())
        return interview

    def ask(self, interview: Interview) -> Interview:
        """Ask what is left, then let any answer be changed."""
        interview = self._ask_from(interview)
        while (again := self._review(interview)) is not None:
            only = interview.go_to(again)
            changed = self._ask_one(only)
            while changed.position == again:  # evidence was added; the level is still asked
                changed = self._ask_one(changed)
            interview = self._saved(changed.go_to(len(changed.questions)))
        return interview

    def _ask_from(self, interview: Interview) -> Interview:
        while interview.current is not None:
            interview = self._ask_one(interview)
        return interview

    def _ask_one(self, interview: Interview) -> Interview:
        question = self._question(interview)
        return self._saved(self._applied(interview, self._asker.rate(question)))

    def _applied(self, interview: Interview, action: Action) -> Interview:
        match action.kind:
            case Kind.RATE:
                return interview.rate(action.level)
            case Kind.NOT_APPLICABLE:
                return interview.rate(NOT_APPLICABLE)
            case Kind.SKIP:
                return interview.rate(None)
            case Kind.BACK:
                return interview.back()
            case Kind.EVIDENCE:
                return self._with_evidence(interview)
            case Kind.QUIT:
                raise Stop
            case _:
                return interview.forward()

    def _with_evidence(self, interview: Interview) -> Interview:
        answer = interview.answer_to(interview.current or "")
        evidence = self._asker.text("What would you point to", answer.evidence)
        latest = datetime.datetime.now(tz=datetime.UTC).year
        while True:
            said = self._asker.text("In which year (Enter for none)", str(answer.year or ""))
            if not said:
                return interview.note(evidence, None)
            if said.isascii() and said.isdigit() and 1950 <= int(said[:5]) <= latest + 1:  # noqa: PLR2004  the years a ratings file may hold
                return interview.note(evidence, int(said))
            self._asker.say(f"A year between 1950 and {latest + 1}, please.")

    def _question(self, interview: Interview) -> Question:
        key = interview.current or ""
        competence = self._framework.competences[key]
        return Question(
            number=interview.position + 1,
            total=len(interview.questions),
            name=competence.name,
            summary=competence.summary,
            behaviours=competence.behaviours,
            levels=self._levels(competence),
            more=self._more(competence),
            answer=interview.answer_to(key),
        )

    def _levels(self, competence: Competence) -> tuple[LevelChoice, ...]:
        scale = self._framework.scale
        return tuple(
            LevelChoice(
                level=level,
                typed=show_number(level),
                label=scale[level].label,
                anchor=competence.levels.get(level) or scale[level].meaning,
            )
            for level in self._framework.levels
        )

    def _more(self, competence: Competence) -> tuple[str, ...]:
        """What the question does not show at once: evidence, and the scale in general words."""
        scale = self._framework.scale
        return (
            *(f"Would prove it: {one}" for one in competence.evidence),
            *(
                f"{show_number(level)} {scale[level].label}, in general: {scale[level].meaning}"
                for level in self._framework.levels
                if scale[level].meaning and competence.levels.get(level)
            ),
        )

    def _review(self, interview: Interview) -> int | None:
        """The position of the answer to change; None when all may stay."""
        lines = []
        for position in range(len(interview.questions)):
            question = self._question(interview.go_to(position))
            lines.append(f"{question.name}: {question.given or 'not rated'}")
        prompt = f"Review: {interview.answered} of {len(lines)} answered; change one, or finish"
        chosen = self._asker.choose(prompt, ["Finish", *lines])
        return chosen - 1 if chosen else None

    def keep(self, ratings: Ratings) -> Path | None:
        """Write the ratings where the person says; only then are the saved answers let go."""
        default = Path(f"ratings-{ratings.date}.yaml")
        while True:
            said = self._asker.text("Save your ratings as (- for no file)", str(default))
            path = None if said == KEEP_NO_FILE else Path(said).expanduser()
            if path is None or self._written(path, ratings):
                break
        if self._session is not None:
            self._session.discard()
        return path

    def _written(self, path: Path, ratings: Ratings) -> bool:
        if is_there(path):
            options = ("No, another name", "Yes, replace it")
            if self._asker.choose(f"'{path}' exists; replace it", options) == 0:
                return False
        try:
            write_atomically(path, ratings_yaml(ratings, self._framework))
        except OutputFailed as error:
            self._asker.say(str(error))
            return False
        return True
