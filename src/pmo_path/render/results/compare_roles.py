"""Two roles side by side, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.roles import DifferenceKind, RequirementShift
from pmo_path.domain.numbers import show_number
from pmo_path.render.document import (
    ARROW,
    Document,
    DotRow,
    Dots,
    Facts,
    Group,
    Row,
    Section,
    Table,
    columns,
    sections_of,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.nudges import nudge_words
from pmo_path.render.role_fit import NEXT_BAND, next_band_words, verdict
from pmo_path.render.words import (
    CONVERSATION_AID,
    LOOK_AGAIN,
    edition,
    gap_words,
    joined,
    now_words,
    rated_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pmo_path.domain.compare.roles import RoleComparison, RoleDifference
    from pmo_path.domain.diff.requirements import RequirementFacts
    from pmo_path.domain.report import CompetenceResult

COLUMNS = ("Competence", "Level", "Must-have", "Importance")
WITH_PERSON = ("Now", "Gap")
"""Further columns when somebody's ratings are given."""

_HEADING = {
    DifferenceKind.NEW: "Newly asked",
    DifferenceKind.HIGHER: "Asked at a higher level",
    DifferenceKind.OTHER: "Another must-have or importance",
    DifferenceKind.LOWER: "Asked at a lower level",
    DifferenceKind.GONE: "No longer asked",
    DifferenceKind.SAME: "The same",
}
_COUNTED = {
    DifferenceKind.NEW: "newly",
    DifferenceKind.HIGHER: "at a higher level",
    DifferenceKind.OTHER: "at the same level with another must-have or importance",
    DifferenceKind.LOWER: "at a lower level",
    DifferenceKind.GONE: "no longer",
    DifferenceKind.SAME: "the same",
}


def roles_result(comparison: RoleComparison) -> Result:
    """The comparison for any format; `person` in its JSON is null without ratings."""
    return Result(lambda: roles_document(comparison), lambda: record(comparison))


def roles_document(comparison: RoleComparison) -> Document:
    """What the second role requires beside the first, and how far the person is from each."""
    person = comparison.person
    notices = (CONVERSATION_AID if person else "", comparison.framework.notice)
    return Document(
        title=_title(comparison),
        subtitle=_subtitle(comparison),
        verdict=_summary(comparison),
        sections=(
            *_labelled("Must-haves", _must_haves(comparison)),
            *_labelled("How far from each", _distances(comparison)),
            _required(comparison),
            *sections_of(
                LOOK_AGAIN, [nudge_words(nudge) for nudge in person.nudges] if person else []
            ),
        ),
        footnotes=tuple(filter(None, notices)),
        framework=comparison.framework,
    )


def _labelled(heading: str, rows: Iterable[tuple[str, str]]) -> list[Section]:
    shown = tuple((label, text) for label, text in rows if text)
    return [Section(heading, (Facts(shown),))] if shown else []


def _required(comparison: RoleComparison) -> Section:
    groups = list(_groups(comparison))
    table = Table(
        columns(_headings(comparison)),
        tuple(Group(heading, tuple(map(_row, differences))) for heading, differences in groups),
    )
    series: tuple[str, ...] = (comparison.before.name, comparison.after.name)
    if comparison.person is not None:
        series = (*series, "now")
    dots = tuple(
        (heading, tuple(_dots(comparison, difference) for difference in differences))
        for heading, differences in groups
    )
    return Section("What each asks", (Dots(series, comparison.scale, dots, (table,)),))


def _row(difference: RoleDifference) -> Row:
    return Row((difference.name, *_cells(difference), *_distance_cells(difference)))


def _dots(comparison: RoleComparison, difference: RoleDifference) -> DotRow:
    levels = [
        None if asked is None else asked.level for asked in (difference.before, difference.after)
    ]
    if difference.distance is not None:
        either = difference.distance.either
        levels.append(None if either is None else either.rating)
    return DotRow(difference.name, tuple(levels), None, _level_words(comparison, difference))


# --- Words ----------------------------------------------------------------------------------------


def _title(comparison: RoleComparison) -> str:
    """Which roles, and whose ratings."""
    roles = f"{comparison.before.name} {ARROW} {comparison.after.name}"
    return joined((comparison.person.person if comparison.person else "", roles), ": ")


def _subtitle(comparison: RoleComparison) -> str:
    """Who rated, if somebody did, and the framework."""
    rated = rated_words(comparison.person) if comparison.person else ""
    return joined((rated, edition(comparison.framework)), "; ")


def _summary(comparison: RoleComparison) -> str:
    """How many competences differ, and how."""
    before, after = comparison.before.name, comparison.after.name
    if not comparison.differs:
        return f"{after} asks the same as {before} in everything."
    count = len(comparison.differences)
    found = [(kind, len(comparison.of_kind(kind))) for kind in DifferenceKind]
    parts = joined(f"{number} {_COUNTED[kind]}" for kind, number in found if number)
    competences = "1 competence" if count == 1 else f"{count} competences"
    return f"Of {competences} in either role, {after} asks {parts}."


def _must_haves(comparison: RoleComparison) -> Iterator[tuple[str, str]]:
    """The must-haves that differ, by how; a text may be empty."""
    for move, label in (
        (RequirementShift.NEW, "New"),
        (RequirementShift.RAISED, "Raised"),
        (RequirementShift.LOWERED, "Lowered"),
        (RequirementShift.GONE, "Gone"),
    ):
        found = [one for one in comparison.differences if one.must_have is move]
        yield label, joined(f"{one.name} ({_must_have_moved(one)})" for one in found)


def _must_have_moved(one: RoleDifference) -> str:
    match one.must_have:
        case RequirementShift.NEW:
            return _limit(one.after)
        case RequirementShift.GONE:
            return f"was {_limit(one.before)}"
        case _:
            return _must_have(one)


def _distances(comparison: RoleComparison) -> Iterator[tuple[str, str]]:
    """How far the person is from each role."""
    if comparison.person is not None:
        for fit in (comparison.person.before, comparison.person.after):
            ahead = next_band_words(fit.next_band)
            yield (
                fit.role.name,
                joined((verdict(fit.verdict), f"{NEXT_BAND}: {ahead}." if ahead else ""), " "),
            )


def _headings(comparison: RoleComparison) -> tuple[str, ...]:
    """The headings of the table."""
    return COLUMNS if comparison.person is None else (*COLUMNS, *WITH_PERSON)


def _groups(comparison: RoleComparison) -> Iterator[tuple[str, tuple[RoleDifference, ...]]]:
    """The competences by kind of difference, each kind under its heading."""
    for kind in DifferenceKind:
        found = comparison.of_kind(kind)
        if found:
            yield f"{_HEADING[kind]} ({len(found)})", found


def _cells(one: RoleDifference) -> Iterator[str]:
    """What stands beside the competence's name, but for the person's part."""
    yield _changed(one, lambda asked: show_number(asked.level))
    yield _must_have(one)
    yield _changed(one, lambda asked: show_number(asked.importance))


def _distance_cells(one: RoleDifference) -> Iterator[str]:
    """The person's level, and the gap to each role that asks the competence."""
    distance = one.distance
    if distance is not None and distance.either is not None:
        yield now_words(distance.either)
        yield _one_or_both(_gap(distance.before), _gap(distance.after))


def _level_words(comparison: RoleComparison, one: RoleDifference) -> str:
    """The levels that are asked, and the person's, in a sentence."""
    asked = (
        f"{role.name} asks {'nothing' if each is None else show_number(each.level)}"
        for role, each in ((comparison.before, one.before), (comparison.after, one.after))
    )
    either = None if one.distance is None else one.distance.either
    now = "" if either is None else f"{now_words(either)} now"
    return f"{one.name}: {joined((*asked, now))}"


def _must_have(one: RoleDifference) -> str:
    """The must-have of one role and of the other; empty when neither has one."""
    if (
        one.before is not None
        and one.after is not None
        and one.must_have in {RequirementShift.NEW, RequirementShift.GONE}
    ):
        limits = (_limit(one.before) or "none", _limit(one.after) or "none")
        return f" {ARROW} ".join(limits)
    return _changed(one, _limit)


def _limit(asked: RequirementFacts | None) -> str:
    limit = None if asked is None else asked.must_have
    return "" if limit is None else show_number(limit)


def _changed(one: RoleDifference, said: Callable[[RequirementFacts], str]) -> str:
    before, after = (None if asked is None else said(asked) for asked in (one.before, one.after))
    return _one_or_both(before, after)


def _gap(result: CompetenceResult | None) -> str | None:
    return None if result is None else gap_words(result)


def _one_or_both(before: str | None, after: str | None) -> str:
    """What both say, or the one that says anything, or one and then the other."""
    if before is None or after is None or before == after:
        return after or before or ""
    return f"{before} {ARROW} {after}"
