"""Read a plan file on a framework, or list its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding, in_order
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.names import nearest
from pmo_path.domain.numbers import show_number
from pmo_path.domain.plan.file import PlanFile
from pmo_path.domain.target_level import at_target_level
from pmo_path.readers.parsed import validated
from pmo_path.readers.ratings import read_ratings

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diagnostics import Path as DocumentPath
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.file import ActionEntry
    from pmo_path.domain.ratings import Ratings
    from pmo_path.readers.filetype import IdentifiedFile


class ReadPlan(NamedTuple):
    """A plan file as a framework reads it."""

    plan: PlanFile
    ratings: Ratings
    """The ratings in it, by the framework's competence ids."""
    framework: Framework
    """The framework, with one more role where the plan is towards a level."""
    role: str
    """The id of the role aimed at."""

    @property
    def is_on_other_version(self) -> bool:
        """Whether the plan names another version of the framework."""
        version = self.plan.framework.version
        return version not in {None, self.framework.framework.version}


def check_plan(
    file: IdentifiedFile, framework: Framework, today: datetime.date
) -> tuple[Diagnostic, ...]:
    """Return every mistake in a plan file."""
    try:
        read_plan(file, framework, today)
    except InputInvalid as error:
        return error.diagnostics
    return ()


def read_plan(file: IdentifiedFile, framework: Framework, today: datetime.date) -> ReadPlan:
    """Return the plan in a file. Raises InputInvalid with every mistake."""
    document = file.document()
    plan, unfit = validated(PlanFile, document.data)
    if plan is None or document.diagnostics:
        raise document.invalid(unfit)
    if plan.framework.id != framework.framework.id:
        raise document.invalid([_other_framework(plan, framework)])
    checks = _Checks(plan, framework, today)
    findings = list(checks.findings())
    rated = {"person": plan.person, "date": plan.rated_on, "ratings": document.data["ratings"]}
    try:
        read = read_ratings(document._replace(data=rated), framework)
    except InputInvalid as error:
        mistakes = (*document.diagnose(findings), *error.diagnostics)
        raise InputInvalid(in_order(mistakes)) from None
    document.check([*findings, *read.misfits])
    held = None if plan.current_role is None else framework.role_names.find(plan.current_role)
    known, role = checks.target()
    return ReadPlan(plan, read.ratings.model_copy(update={"role": held}), known, role)


def _other_framework(plan: PlanFile, framework: Framework) -> Finding:
    ours, theirs = framework.framework.id, plan.framework.id
    message = f"this plan is for the framework '{theirs}', but the one in use is '{ours}'"
    hint = "pass that framework with --framework"
    return Finding(Code.PLAN_FOR_OTHER_FRAMEWORK, message, ("framework", "id"), hint=hint)


def action_ids(framework: Framework) -> Iterator[str]:
    """Yield the ids of all steps and courses of a framework, in its order."""
    for key, competence in framework.competences.items():
        for level in competence.experience:
            yield f"step:{key}:{show_number(level)}"
    for key, training in framework.training.items():
        if training.type != "recognition":
            yield f"course:{key}"


class _Checks:
    """Finds what in a plan does not fit the framework, the calendar, or itself."""

    def __init__(self, plan: PlanFile, framework: Framework, today: datetime.date) -> None:
        self._plan = plan
        self._framework = framework
        self._today = today
        self._ids = dict.fromkeys(action_ids(framework))

    def findings(self) -> Iterator[Finding]:
        yield from self._targets()
        first: dict[str, DocumentPath] = {}
        for section in ("actions", "earlier"):
            for index, entry in enumerate(getattr(self._plan, section)):
                path = (section, index)
                yield from self._known(entry.id, (*path, "id"))
                yield from self._listed_twice(entry.id, path, first)
                yield from self._dates(entry, path)
        for index, key in enumerate(self._plan.excluded):
            yield from self._known(key, ("excluded", index))
            yield from self._excluded(key, index)

    def target(self) -> tuple[Framework, str]:
        """The framework and the id of the role aimed at, once nothing is wrong with them."""
        plan = self._plan
        if plan.target_level is not None:
            return at_target_level(self._framework, plan.target_level)
        return self._framework, str(self._framework.role_names.find(str(plan.role)))

    def _targets(self) -> Iterator[Finding]:
        plan, code = self._plan, Code.UNKNOWN_PLAN_TARGET
        if (plan.role is None) == (plan.target_level is None):
            both = (
                "both of role and target_level" if plan.role else "neither role nor target_level"
            )
            hint = "name the role aimed at, or the level to reach in every competence"
            yield Finding(code, f"the plan has {both}", ("role",), hint=hint)
        yield from self._role(plan.role, "role")
        yield from self._role(plan.current_role, "current_role")
        if plan.target_level is not None:
            try:
                at_target_level(self._framework, plan.target_level)
            except UsageProblem as problem:
                yield Finding(
                    code, str(problem).replace("--target-level", "target_level"), ("target_level",)
                )
        if plan.reach is not None and plan.reach not in self._framework.readiness:
            bands = self._framework.readiness
            hint = nearest(plan.reach, bands) or f"bands: {', '.join(bands)}"
            yield Finding(code, f"there is no band '{plan.reach}'", ("reach",), hint=hint)

    def _role(self, text: str | None, key: str) -> Iterator[Finding]:
        if text is not None and self._framework.role_names.find(text) is None:
            hint = self._framework.role_hint(text)
            code = Code.UNKNOWN_PLAN_TARGET
            yield Finding(code, f"there is no role '{text}'", (key,), hint=hint)

    def _known(self, key: str, path: DocumentPath) -> Iterator[Finding]:
        if key in self._ids:
            return
        about, version = self._plan.framework, self._framework.framework.version
        message = f"there is no action '{key}'"
        if about.version not in {None, version}:
            message += f" in version {version} of the framework; the plan is on {about.version}"
        hint = nearest(key, self._ids) or "take the entry out; 'pmo-path show' lists what there is"
        yield Finding(Code.UNKNOWN_ACTION, message, path, hint=hint)

    def _listed_twice(
        self, key: str, path: DocumentPath, first: dict[str, DocumentPath]
    ) -> Iterator[Finding]:
        before = first.setdefault(key, path)
        if before is not path:
            hint, related = "keep one of the two", ((*before, "id"), "listed first here")
            message = f"'{key}' is listed twice"
            yield Finding(
                Code.DUPLICATE_ACTION, message, (*path, "id"), hint=hint, related=related
            )

    def _dates(self, entry: ActionEntry, path: DocumentPath) -> Iterator[Finding]:
        if entry.due < entry.starts:
            message = f"due {entry.due} is before the start, {entry.starts}"
            hint = "change one of the two"
            yield Finding(Code.DUE_BEFORE_START, message, (*path, "due"), hint=hint)
        if entry.done_on is None:
            return
        if not entry.is_done:
            message = f"done on {entry.done_on}, but the status is open"
            hint = "write status: done, or take done_on out"
            yield Finding(Code.DATE_WITHOUT_DONE, message, (*path, "done_on"), hint=hint)
        elif entry.done_on > self._today:
            message = f"done on {entry.done_on}, which is after today, {self._today}"
            hint = "tick it off when it is done"
            yield Finding(Code.DONE_IN_FUTURE, message, (*path, "done_on"), hint=hint)

    def _excluded(self, key: str, index: int) -> Iterator[Finding]:
        for entry in self._plan.entries:
            if entry.id == key and (entry.pin or entry.is_done):
                state = "pinned" if entry.pin else "done"
                message = f"'{key}' is excluded, and {state} as well"
                hint = "take it out of excluded, or change the action"
                yield Finding(Code.PINNED_AND_EXCLUDED, message, ("excluded", index), hint=hint)
