"""All roles by how well a person fits them: as a document, as rows and as a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.columns import BETWEEN_IDS, FitColumn
from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.render.document import (
    Cell,
    Document,
    Facts,
    Mood,
    Section,
    Table,
    columns,
    sections_of,
    ungrouped,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.role_fit import NEXT_BAND, fit_figures, next_band_words, verdict
from pmo_path.render.words import (
    LOOK_AGAIN,
    footnotes,
    joined,
    nudge_words,
    rated_words,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.ranking import RankedRole, Ranking, TopGap
    from pmo_path.domain.report import Fit
    from pmo_path.render.document import Row

COLUMNS = ("Role", "Band", "Readiness", "At target", "No level", "Must-haves")
RIGHT = ("Readiness", "At target")
DROPS = ("No level", "At target", "Must-haves", "Band")
"""In this order; the verdict on each role has them all."""
CSV_COLUMNS = ("rank", "role", "name", *FitColumn)
"""Named as the columns of `batch`, which hold the same."""


def ranking_result(ranking: Ranking) -> Result:
    """The ranking for any format."""
    return Result(
        lambda: ranking_document(ranking),
        lambda: record(ranking),
        lambda: (CSV_COLUMNS, *_csv_rows(ranking)),
    )


def ranking_document(ranking: Ranking) -> Document:
    """The roles at a glance, and then what is missing for each."""
    table = Table(columns(COLUMNS, RIGHT, DROPS), ungrouped(map(_row, ranking.roles)))
    return Document(
        title=_title(ranking),
        subtitle=joined((rated_words(ranking), version(ranking.framework)), "; "),
        verdict=_order(ranking),
        sections=(
            Section("At a glance", (table,)),
            *(_missing(ranking, number, role) for number, role in enumerate(ranking.roles, 1)),
            *sections_of(LOOK_AGAIN, [nudge_words(nudge) for nudge in ranking.nudges]),
        ),
        footnotes=footnotes(ranking.framework),
        framework=ranking.framework,
    )


def _title(ranking: Ranking) -> str:
    count = len(ranking.roles)
    roles = "The only role" if count == 1 else f"All {count} roles by fit"
    return joined((ranking.person, roles), ": ")


def _order(ranking: Ranking) -> str:
    """How the roles are sorted; empty where there is one."""
    if len(ranking.roles) == 1:
        return ""
    if all(role.fit.readiness is None for role in ranking.roles):
        return "No ratings yet, so the roles are in the order of the framework."
    best = ranking.best_band
    if best is not None and ranking.roles[0].fit.band == best:
        return (
            f"Roles in the best band, '{best.label}', come first, the most demanding at the top; "
            "then the closest of the rest."
        )
    return "Closest role first: by band, then by readiness."


def _row(role: RankedRole) -> Row:
    fit = role.fit
    figures = fit_figures(fit)
    unrated = f"{len(fit.unrated)} unrated" if fit.unrated else ""
    return (
        fit.role.name,
        figures["Band"],
        figures["Readiness"],
        figures["At target"],
        joined((unrated, f"{len(fit.not_applicable)} n/a" if fit.not_applicable else "")),
        Cell(figures["Must-haves"], Mood.BAD if fit.must_haves_missing else Mood.GOOD),
    )


def _missing(ranking: Ranking, number: int, role: RankedRole) -> Section:
    held = ranking.current_role
    is_held = held is not None and held.id == role.fit.role.id
    name = f"{role.fit.role.name} (held now)" if is_held else role.fit.role.name
    more = role.gap_count - len(role.top_gaps)
    rest = f"and {more} more" if more else ""
    facts = (
        ("Result", verdict(role.fit.verdict)),
        ("Top gaps", joined((*map(_gap, role.top_gaps), rest), "; ")),
        ("Unrated", joined(competence.name for competence in role.fit.unrated)),
        (NEXT_BAND, next_band_words(role.fit.next_band)),
    )
    return Section(f"{number}. {name}", (Facts(facts),))


def _gap(gap: TopGap) -> str:
    levels = f"{show_number(gap.rating)} now, {show_number(gap.required)} required"
    if gap.must_have_missing and gap.must_have is not None:
        levels += f", must-have {show_number(gap.must_have)}"
    return f"{gap.name} ({levels})"


# --- CSV ------------------------------------------------------------------------------------------


def _csv_rows(ranking: Ranking) -> Iterator[Sequence[str]]:
    """A row for each role, the best fit first."""
    for rank, role in enumerate(ranking.roles, 1):
        values = _csv_values(role)
        yield (
            str(rank),
            role.fit.role.id,
            role.fit.role.name,
            *(values[column] for column in FitColumn),
        )


def _csv_values(role: RankedRole) -> dict[FitColumn, str]:
    fit = role.fit
    readiness, low, high = _percentages(fit)
    return {
        FitColumn.BAND: "" if fit.band is None else fit.band.id,
        FitColumn.BAND_HIGH: "" if fit.band_high is None else fit.band_high.id,
        FitColumn.BAND_REASON: fit.band_reason or "",
        FitColumn.READINESS: readiness,
        FitColumn.READINESS_LOW: low,
        FitColumn.READINESS_HIGH: high,
        FitColumn.AT_TARGET: str(fit.at_target),
        FitColumn.APPLICABLE: str(fit.applicable),
        FitColumn.MUST_HAVES_MISSING: _ids(missing.id for missing in fit.must_haves_missing),
        FitColumn.UNRATED_COUNT: str(len(fit.unrated)),
        FitColumn.NOT_APPLICABLE_COUNT: str(len(fit.not_applicable)),
        **_next_band_values(fit),
        FitColumn.TOP_GAPS: _ids(gap.id for gap in role.top_gaps),
    }


def _next_band_values(fit: Fit) -> dict[FitColumn, str]:
    ahead = fit.next_band
    return {
        FitColumn.NEXT_BAND: "" if ahead is None else ahead.band.id,
        FitColumn.NEXT_BAND_POINTS: "" if ahead is None else f"{ahead.points:.1f}",
        FitColumn.NEXT_BAND_MUST_HAVES: (
            "" if ahead is None else str(ahead.must_haves_in_the_way)
        ),
    }


def _percentages(fit: Fit) -> tuple[str, str, str]:
    if fit.readiness is None:
        return "", "", ""
    readiness = fit.readiness
    return one_decimal(readiness.percent), one_decimal(readiness.low), one_decimal(readiness.high)


def _ids(ids: Iterable[str]) -> str:
    return BETWEEN_IDS.join(ids)
