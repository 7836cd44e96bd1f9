"""Two roles side by side, laid out for any format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.render.document import DotRow, Dots, Grid, Group, Paper, Row, Section, section
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results import compare_roles_words as words
from pmo_path.render.results.report import LOOK_AGAIN
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.compare.roles import RoleComparison, RoleDifference


def roles_paper(comparison: RoleComparison) -> Paper:
    """What the second role asks beside the first, and how far the person is from each."""
    person = comparison.person
    notices = (CONVERSATION_AID if person else "", comparison.framework.notice)
    return Paper(
        title=words.title(comparison),
        facts=words.facts(comparison),
        verdict=words.summary(comparison),
        sections=(
            *_labelled("Must-haves", words.must_haves(comparison)),
            *_labelled("How far from each", words.distances(comparison)),
            _asked(comparison),
            *section(
                LOOK_AGAIN, *(nudge_words(nudge) for nudge in (person.nudges if person else ()))
            ),
        ),
        footnotes=tuple(filter(None, notices)),
        framework=comparison.framework,
    )


def _labelled(heading: str, rows: Iterable[tuple[str, str]]) -> list[Section]:
    said = tuple((label, words) for label, words in rows if words)
    return [Section(heading, labelled=said)] if said else []


def _asked(comparison: RoleComparison) -> Section:
    groups = [
        Group(heading, tuple(map(_row, differences)))
        for heading, differences in words.groups(comparison)
    ]
    dots = [
        (heading, tuple(_dots(comparison, one) for one in differences))
        for heading, differences in words.groups(comparison)
    ]
    series: tuple[str, ...] = (comparison.before.name, comparison.after.name)
    if comparison.person is not None:
        series = (*series, "now")
    return Section(
        "What each asks",
        Grid(words.columns(comparison), tuple(groups)),
        dots=Dots(series, comparison.scale, tuple(dots)),
    )


def _row(one: RoleDifference) -> Row:
    return Row((one.name, *words.cells(one), *words.distance_cells(one)))


def _dots(comparison: RoleComparison, one: RoleDifference) -> DotRow:
    asked = [None if each is None else each.level for each in (one.before, one.after)]
    if one.distance is not None:
        either = one.distance.either
        asked.append(None if either is None else either.rating)
    return DotRow(one.name, tuple(asked), None, words.level_words(comparison, one))
