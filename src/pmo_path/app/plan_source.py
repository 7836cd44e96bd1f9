"""What a plan is made from: ratings, or the file of an earlier plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.inputs import read_file
from pmo_path.domain.assessment import target_role
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.plan.file import PlanFile
from pmo_path.domain.plan.file_entries import plan_file
from pmo_path.domain.target_level import with_target
from pmo_path.readers.files import read_bytes
from pmo_path.readers.filetype import FileType, identify
from pmo_path.readers.plan import action_ids, read_plan
from pmo_path.readers.ratings import ratings_read
from pmo_path.writers.plan import plan_yaml

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pmo_path.app.inputs import Read
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Plan
    from pmo_path.domain.ratings import Ratings
    from pmo_path.readers.filetype import IdentifiedFile
    from pmo_path.readers.plan import ReadPlan


class PlanSource(NamedTuple):
    """What a plan is made from."""

    framework: Framework
    """The framework, with one more role where the target is a level."""
    role: str
    """The id of the role aimed at."""
    ratings: Ratings
    before: PlanFile | None
    """The plan made before; None where it is made from ratings."""
    notes: tuple[tuple[str, int, str], ...]
    """What to know about the files: each with the file's name and its line."""


def read_plan_source(  # noqa: PLR0913  the options of the command
    path: Path,
    framework: Framework,
    *,
    role: str | None = None,
    target_level: str | None = None,
    newer: Path | None = None,
    today: datetime.date,
    read: Read = read_file,
) -> PlanSource:
    """Read ratings or a plan file; `newer` are ratings in place of those in the plan file.

    Raises InputInvalid with every mistake in a file, and UsageProblem where the options and the
    files do not go together.
    """
    name, content = read(path)
    file = identify(content, name)
    if file.type is FileType.PLAN:
        if role is not None or target_level is not None:
            raise UsageProblem(
                "a plan file names its role; change role or target_level in it, or make a new plan "
                "from ratings"
            )
        plan_read = read_plan(identify(content, name, FileType.PLAN), framework, today)
        return _again(plan_read, name, newer, read)
    if newer is not None:
        raise UsageProblem("--ratings goes with a plan file; pass one file of ratings alone")
    framework, target = with_target(framework, role, target_level)
    result = ratings_read(file, framework)
    return PlanSource(
        framework,
        target_role(framework, result.ratings, target),
        result.ratings,
        None,
        tuple((name, line, note) for line, note in result.notes()),
    )


def _again(plan_read: ReadPlan, name: str, newer: Path | None, read: Read) -> PlanSource:
    """What an earlier plan is made again from."""
    plan, framework = plan_read.plan, plan_read.framework
    notes: list[tuple[str, int, str]] = []
    if plan_read.is_on_other_version:
        ours = framework.framework.version
        made = plan.framework.version
        note = f"this plan was made on version {made} of the framework, and {ours} is in use"
        notes.append((name, 1, note))
    ratings = plan_read.ratings
    if newer is not None:
        newer_name, content = read(newer)
        result = ratings_read(identify(content, newer_name), framework)
        ratings = result.ratings
        _check_person(plan.person, ratings.person, newer_name)
        notes += ((newer_name, line, note) for line, note in result.notes())
        if ratings.role is None:
            ratings = ratings.model_copy(update={"role": plan_read.ratings.role})
    return PlanSource(framework, plan_read.role, ratings, plan, tuple(notes))


def _check_person(planned: str, rated: str, name: str) -> None:
    """Raise UsageProblem for newer ratings of somebody else, to whom no tick of the plan belongs."""
    if planned and rated and fold(planned) != fold(rated):
        raise UsageProblem(
            f"the plan is for '{planned}', but '{name}' has the ratings of '{rated}'; "
            "make a new plan from those ratings"
        )


def keep_what_is_written(output: Path, source: PlanSource) -> None:
    """Raise UsageProblem if a file is another plan into which somebody has written."""
    if not output.is_file():
        return
    file = identify(read_bytes(output), str(output), FileType.PLAN)
    if file.type is FileType.PLAN and _is_edited(file, source.before):
        raise UsageProblem(
            f"'{output}' is a plan with ticks, dates or notes of yours; pass it to this command to "
            "keep them, or write the new plan to another file"
        )


def _is_edited(file: IdentifiedFile, source: PlanFile | None) -> bool:
    """Whether a plan file has something that a person wrote, and that the new plan does not get."""
    try:
        plan = PlanFile.model_validate(file.document().data)
    except (InputInvalid, ValueError):  # it has mistakes, so somebody has edited it
        return True
    known = [] if source is None else list(_written_in(source))
    return any(part not in known for part in _written_in(plan))


def _written_in(plan: PlanFile) -> Iterator[object]:
    """Yield what a person has written into a plan, the part about each action with its id."""
    if plan.note or plan.model_extra:
        yield plan.note, plan.model_extra
    for entry in plan.entries:
        if entry.is_worth_keeping:
            ticks = (entry.status, entry.done_on, entry.pin)
            yield entry.id, ticks, entry.supporter, entry.note, entry.model_extra


def plan_text(plan: Plan, source: PlanSource) -> str:
    """Return a plan as the text of its file, with what a person wrote into the one before."""
    return plan_yaml(plan_file(plan, source.framework, source.ratings, source.before))


def action_titles(framework: Framework) -> Iterator[tuple[str, str]]:
    """Yield the id of each step and course of a framework, and its competence or title."""
    for key in action_ids(framework):
        kind, _, rest = key.partition(":")
        if kind == "course":
            yield key, framework.training[rest].title
        else:
            yield key, framework.shown_name(rest.rpartition(":")[0])


def actions_named(framework: Framework, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of actions. Raises UsageProblem for one that the framework does not have."""
    known = dict.fromkeys(action_ids(framework))
    named = tuple(texts)
    for text in named:
        if text not in known:
            hint = nearest(text, known) or "--format json shows the ids of a plan's actions"
            raise UsageProblem(f"there is no action '{text}'; {hint}")
    return named
