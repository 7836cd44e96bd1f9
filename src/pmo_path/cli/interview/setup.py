"""The choices before the first question: who is rated, the roles, and what to ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.cli.interview.prompter import Back
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.interview import FULL, Interview, coverage, scopes, update_of
from pmo_path.domain.names import fold
from pmo_path.domain.questions import Option
from pmo_path.domain.ratings import SELF, is_self
from pmo_path.domain.target_level import LevelRole, no_roles
from pmo_path.render.interview import coverage_text, scope_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmo_path.cli.interview.prompter import Prompter
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

    Step = Callable[[Interview], Interview]

NONE_HELD = "None of these"


class Start(NamedTuple):
    """What the options of the command settle before anybody is asked."""

    target: str | None = None
    """The id of the target role; None to ask for it."""
    is_for_any_role: bool = False
    """Whether the questions are about what any role requires."""
    person: str = ""
    """Who is rated; empty to ask for it."""
    rater: str = SELF
    update: Ratings | None = None
    """Earlier ratings, which are offered as answers."""

    def interview(self) -> Interview:
        """Return an interview as far as it is settled."""
        if self.update is None:
            empty = Interview(self.person, None, self.target, FULL, ())
            return empty._replace(rater=self.rater)
        earlier = update_of(self.update)
        target = None if self.is_for_any_role else self.target or earlier.target
        return earlier._replace(person=self.person or earlier.person, target=target)

    def is_about(self, interview: Interview) -> bool:
        """Whether unfinished answers may be continued: nobody sees those of another rater."""
        theirs, mine = interview.rater, self.rater
        is_same_rater = fold(theirs) == fold(mine) or (is_self(theirs) and is_self(mine))
        is_same_person = not self.person or fold(interview.person) == fold(self.person)
        has_target = interview.target is not None or self.is_for_any_role
        return is_same_rater and is_same_person and has_target


class Setup:
    """The screens before the first question, each of which leads back to the one before."""

    def __init__(self, prompter: Prompter, framework: Framework, start: Start) -> None:
        self._prompter = prompter
        self._framework = framework
        self._roles = {
            key: role for key, role in framework.roles.items() if not isinstance(role, LevelRole)
        }
        self._steps = tuple(self._needed(start))

    def _needed(self, start: Start) -> Sequence[Step]:
        known = start.interview()
        steps: list[Step] = []
        if not known.person:
            steps.append(self._person)
        if self._roles and (start.update is None or known.role is None):
            steps.append(self._role)
        if known.target is None and not start.is_for_any_role:
            steps.append(self._target)
        return [*steps, self._scope]

    def ask(self, interview: Interview, *, from_last: bool = False) -> Interview:
        """Return the interview with everything chosen, ready for its first question.

        Begins with the last screen on the way back from the questions. Raises Back to return to
        what is before the first screen, and UsageProblem where there is nothing to ask.
        """
        if not self._framework.roles:
            raise no_roles(self._framework)
        index = len(self._steps) - 1 if from_last else 0
        while index < len(self._steps):
            try:
                interview = self._steps[index](interview)
            except Back:
                if index == 0:
                    raise
                index -= 1
            else:
                index += 1
        return interview

    def _person(self, interview: Interview) -> Interview:
        if is_self(interview.rater):
            prompt = "Your name (Enter for none, q to stop)"
            person = self._prompter.text(prompt, interview.person)
        else:
            person = ""
            while not person:
                person = self._prompter.text("Person to rate (q to stop)", interview.person)
        return interview._replace(person=person)

    def _role(self, interview: Interview) -> Interview:
        keys = list(self._roles)
        usual = keys.index(interview.role) + 1 if interview.role in keys else 0
        whose = "Your" if is_self(interview.rater) else "Their"
        options = [Option(NONE_HELD, ("none",)), *self._role_options()]
        held = self._prompter.choose(f"{whose} current role", options, usual)
        return interview._replace(role=keys[held - 1] if held else None)

    def _target(self, interview: Interview) -> Interview:
        keys = list(self._roles)
        ahead = self._roles[interview.role].leads_to if interview.role in keys else ()
        usual = interview.target or (ahead[0] if ahead else "")
        whose = "Your" if is_self(interview.rater) else "Their"
        default = keys.index(usual) if usual in keys else len(keys) - 1
        chosen = self._prompter.choose(f"{whose} target role", self._role_options(), default)
        return interview._replace(target=keys[chosen])

    def _role_options(self) -> list[Option]:
        return [Option(role.name, (key, *role.aliases)) for key, role in self._roles.items()]

    def _scope(self, interview: Interview) -> Interview:
        framework, target = self._framework, interview.target
        choices = scopes(framework, target, interview.earlier)
        if not choices:
            raise UsageProblem(
                "the target role requires nothing above the lowest level, so there is nothing to "
                "ask; choose another one with --role"
            )
        keys = list(choices)
        options = [
            Option(scope_text(framework, target, key, questions), (key,))
            for key, questions in choices.items()
        ]
        usual = keys.index(interview.scope) if interview.scope in keys else 0
        scope = keys[self._prompter.choose("What to rate", options, usual)]
        questions = choices[scope]
        covered = coverage(framework, target, (*questions, *interview.earlier))
        if text := coverage_text(framework, target, covered):
            self._prompter.say(text)
        return interview._replace(scope=scope, questions=questions, position=0)
