"""Two roles side by side, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.roles import DifferenceKind, RequirementShift
from pmo_path.domain.numbers import show_number
from pmo_path.render.document import (
    Document,
    DotRow,
    Dots,
    Group,
    Section,
    Table,
    columns,
    fact_sections,
    sections_of,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.role_fit import NEXT_BAND, next_band_words, verdict
from pmo_path.render.words import (
    CONVERSATION_AID,
    LOOK_AGAIN,
    change_text,
    count,
    gap_words,
    joined,
    now_words,
    nudge_words,
    number_words,
    rated_words,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_path.domain.compare.roles import RoleComparison, RoleDifference
    from pmo_path.domain.diff.model import RequirementFacts
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.render.document import Row

COLUMNS = ("Competence", "Required", "Must-have", "Importance")
WITH_PERSON = ("Now", "Gap")
"""Further columns for a comparison with ratings."""
DROPS = ("Importance", "Must-have", "Gap")

_HEADING = {
    DifferenceKind.NEW: "Newly required",
    DifferenceKind.HIGHER: "Higher level",
    DifferenceKind.OTHER: "Other must-have or importance",
    DifferenceKind.LOWER: "Lower level",
    DifferenceKind.GONE: "No longer required",
    DifferenceKind.SAME: "No difference",
}
_CLAUSES = {
    DifferenceKind.NEW: "newly requires",
    DifferenceKind.HIGHER: "raises",
    DifferenceKind.OTHER: "changes only the must-have or importance of",
    DifferenceKind.LOWER: "lowers",
    DifferenceKind.GONE: "drops",
    DifferenceKind.SAME: "keeps",
}


def roles_result(comparison: RoleComparison) -> Result:
    """Return the comparison for any format; `person_fit` in its JSON is null without ratings."""
    return Result(lambda: roles_document(comparison), lambda: record(comparison))


def roles_document(comparison: RoleComparison) -> Document:
    """Return what the second role requires beside the first, and how the person fits each."""
    person = comparison.person_fit
    notices = (CONVERSATION_AID if person else "", comparison.framework.notice)
    return Document(
        title=_title(comparison),
        subtitle=_subtitle(comparison),
        verdict=_summary(comparison),
        sections=(
            *fact_sections("Must-haves", _must_haves(comparison)),
            *fact_sections("Fit for each role", _distances(comparison)),
            _required(comparison),
            *sections_of(
                LOOK_AGAIN, [nudge_words(nudge) for nudge in person.nudges] if person else []
            ),
        ),
        footnotes=tuple(filter(None, notices)),
        framework=comparison.framework,
    )


def _required(comparison: RoleComparison) -> Section:
    groups = list(_groups(comparison))
    table = Table(
        columns(_headings(comparison), drops=DROPS),
        tuple(Group(heading, tuple(map(_row, differences))) for heading, differences in groups),
    )
    series: tuple[str, ...] = (comparison.before.name, comparison.after.name)
    if comparison.person_fit is not None:
        series = (*series, "now")
    dots = tuple(
        (heading, tuple(_dots(comparison, difference) for difference in differences))
        for heading, differences in groups
    )
    return Section("What each role requires", (Dots(series, comparison.scale, dots, (table,)),))


def _row(difference: RoleDifference) -> Row:
    return (difference.name, *_cells(difference), *_distance_cells(difference))


def _dots(comparison: RoleComparison, difference: RoleDifference) -> DotRow:
    levels = [
        None if requirement is None else requirement.level
        for requirement in (difference.before, difference.after)
    ]
    if difference.distance is not None:
        either = difference.distance.either
        levels.append(None if either is None else either.rating)
    return DotRow(difference.name, tuple(levels), None, _level_words(comparison, difference))


# --- Texts ----------------------------------------------------------------------------------------


def _title(comparison: RoleComparison) -> str:
    """Return the two roles, after the person rated, if any."""
    roles = f"{comparison.before.name} compared with {comparison.after.name}"
    return joined((comparison.person_fit.person if comparison.person_fit else "", roles), ": ")


def _subtitle(comparison: RoleComparison) -> str:
    rated = rated_words(comparison.person_fit) if comparison.person_fit else ""
    return joined((rated, version(comparison.framework)), "; ")


def _summary(comparison: RoleComparison) -> str:
    """Return how many competences differ, and how."""
    before, after = comparison.before.name, comparison.after.name
    if not comparison.differs:
        return f"{after} requires exactly what {before} requires."
    total = count(len(comparison.differences), "competence")
    numbers = ((kind, len(comparison.of_kind(kind))) for kind in DifferenceKind)
    *clauses, last = (f"{_CLAUSES[kind]} {number}" for kind, number in numbers if number)
    listed = f"{', '.join(clauses)} and {last}" if clauses else last
    return f"Of {total} in either role, {after} {listed}."


def _must_haves(comparison: RoleComparison) -> Iterator[tuple[str, str]]:
    """Yield the must-haves that differ, by how; a text may be empty."""
    for shift, label in (
        (RequirementShift.NEW, "New"),
        (RequirementShift.RAISED, "Raised"),
        (RequirementShift.LOWERED, "Lowered"),
        (RequirementShift.GONE, "Dropped"),
    ):
        shifted = [diff for diff in comparison.differences if diff.must_have_shift is shift]
        yield label, joined(f"{diff.name} ({_shifted_must_have(diff)})" for diff in shifted)


def _shifted_must_have(difference: RoleDifference) -> str:
    match difference.must_have_shift:
        case RequirementShift.NEW:
            return f"level {_limit(difference.after)}"
        case RequirementShift.GONE:
            return f"was level {_limit(difference.before)}"
        case _:
            return f"level {_must_have(difference)}"


def _distances(comparison: RoleComparison) -> Iterator[tuple[str, str]]:
    """Yield the verdict on each role, if somebody is rated."""
    if comparison.person_fit is not None:
        for fit in (comparison.person_fit.before, comparison.person_fit.after):
            steps = next_band_words(fit.next_band)
            next_band = f"{NEXT_BAND}: {steps}." if steps else ""
            yield fit.role.name, joined((verdict(fit.verdict), next_band), " ")


def _headings(comparison: RoleComparison) -> tuple[str, ...]:
    return COLUMNS if comparison.person_fit is None else (*COLUMNS, *WITH_PERSON)


def _groups(comparison: RoleComparison) -> Iterator[tuple[str, tuple[RoleDifference, ...]]]:
    """Yield the competences by kind of difference, each kind under its heading."""
    for kind in DifferenceKind:
        if differences := comparison.of_kind(kind):
            yield f"{_HEADING[kind]} ({len(differences)})", differences


def _cells(difference: RoleDifference) -> Iterator[str]:
    """Yield the cells after the competence's name, without those about the person."""
    yield _changed(difference, lambda requirement: show_number(requirement.level))
    yield _must_have(difference)
    yield _changed(difference, lambda requirement: show_number(requirement.importance))


def _distance_cells(difference: RoleDifference) -> Iterator[str]:
    """Yield the person's level, and the gap to each role that requires the competence."""
    distance = difference.distance
    if distance is not None and distance.either is not None:
        yield now_words(distance.either)
        yield _one_or_both(_gap(distance.before), _gap(distance.after))


def _level_words(comparison: RoleComparison, difference: RoleDifference) -> str:
    """Return the required levels, and the person's, as a sentence."""
    required = (
        f"{role.name} requires {'nothing' if facts is None else show_number(facts.level)}"
        for role, facts in (
            (comparison.before, difference.before),
            (comparison.after, difference.after),
        )
    )
    either = None if difference.distance is None else difference.distance.either
    now = "" if either is None else f"{now_words(either)} now"
    return f"{difference.name}: {joined((*required, now))}"


def _must_have(difference: RoleDifference) -> str:
    """Return the must-have levels of both roles; empty if neither has one."""
    before, after = difference.before, difference.after
    is_set = difference.must_have_shift in {RequirementShift.NEW, RequirementShift.GONE}
    if before is not None and after is not None and is_set:
        return change_text(_limit(before) or "none", _limit(after) or "none")
    return _changed(difference, _limit)


def _limit(requirement: RequirementFacts | None) -> str:
    return "" if requirement is None else number_words(requirement.must_have)


def _changed(difference: RoleDifference, text: Callable[[RequirementFacts], str]) -> str:
    before, after = (
        None if requirement is None else text(requirement)
        for requirement in (difference.before, difference.after)
    )
    return _one_or_both(before, after)


def _gap(result: CompetenceResult | None) -> str | None:
    return None if result is None else gap_words(result)


def _one_or_both(before: str | None, after: str | None) -> str:
    """Return the text that both have, the only one there is, or one after the other."""
    if before is None or after is None:
        return after or before or ""
    return change_text(before, after)
