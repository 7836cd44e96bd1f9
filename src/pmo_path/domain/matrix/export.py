"""A framework as a matrix: a row for each competence, a column for each level and role."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.framework import BASELINE_LABEL, DEFAULT_IMPORTANCE
from pmo_path.domain.matrix.model import ColumnMeaning
from pmo_path.domain.matrix.vocabulary import baseline_title, level_title, role_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.base_model import Extensible
    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework, Requirement

_YES = "yes"
_LEVEL_TEXTS = ("behaviours", "evidence", "exposure")


class _Exported(NamedTuple):
    """A column: its heading, and the cell of each competence by its id."""

    heading: str
    cell: Callable[[str], object]
    is_optional: bool = True
    """Whether it is left out if all of its cells are empty."""


def framework_rows(framework: Framework) -> list[list[object]]:
    """The rows of the matrix, headings first; cells are texts, numbers or None."""
    columns = [
        *_about_competences(framework),
        *_own(framework),
        *_levels(framework),
        *_roles(framework),
    ]
    keys = list(framework.competences)
    cells = [[column.cell(key) for key in keys] for column in columns]
    kept = [
        (column.heading, values)
        for column, values in zip(columns, cells, strict=True)
        if not column.is_optional or any(value is not None for value in values)
    ]
    headings: list[object] = [heading for heading, _ in kept]
    return [headings, *([values[row] for _, values in kept] for row in range(len(keys)))]


def left_out(framework: Framework) -> tuple[str, ...]:
    """The keys of a framework that hold something for which a matrix has no place."""
    competences = framework.competences.values()
    roles = framework.roles.values()
    present = {
        "framework": True,
        "readiness": True,
        "training": bool(framework.training),
        "meaning of levels": any(step.meaning for step in framework.scale.values()),
        "summary of domains": any(domain.summary for domain in framework.domains.values()),
        "experience": any(competence.experience for competence in competences),
        **{
            f"{key} by level": any(
                getattr(competence, key).by_level is not None for competence in competences
            )
            for key in _LEVEL_TEXTS
        },
        "aliases, summary and url of roles": any(
            role.aliases or role.summary or role.url for role in roles
        ),
        "family and grade of roles": any(role.family or role.grade for role in roles),
        "leads_to": any(role.leads_to for role in roles),
        "extends of roles": any(role.extends for role in roles),
        "empty domains": any(not domain.competences for domain in framework.domains.values()),
        "x- keys of other entries than competences": any(
            entry.model_extra for entry in _others_with_own_data(framework)
        ),
        "x- keys that hold more than text": any(
            not isinstance(value, str)
            for competence in competences
            for value in _extra(competence).values()
        ),
    }
    return tuple(key for key, is_present in present.items() if is_present)


def _others_with_own_data(framework: Framework) -> Iterator[Extensible]:
    """Yield the entries whose own data has no column; what is left out whole is not among them."""
    yield framework
    yield from framework.written_scale.values()
    yield from framework.domains.values()
    for role in framework.roles.values():
        yield role
        yield from role.requires.values()


def _about_competences(framework: Framework) -> Iterator[_Exported]:
    competences, domain_of = framework.competences, framework.domain_of

    def names_domain(key: str) -> str:
        return framework.domains[domain_of[key]].name

    def texts(name: str) -> Callable[[str], str | None]:
        return lambda key: _listed(getattr(competences[key], name).flat)

    yield _Exported(ColumnMeaning.DOMAIN_ID, lambda key: domain_of[key], is_optional=False)
    yield _Exported(ColumnMeaning.DOMAIN, names_domain, is_optional=False)
    yield _Exported(ColumnMeaning.ID, lambda key: key, is_optional=False)
    yield _Exported(ColumnMeaning.COMPETENCE, lambda key: competences[key].name, is_optional=False)
    yield _Exported(ColumnMeaning.GROUP, lambda key: competences[key].group or None)
    yield _Exported(ColumnMeaning.ALIASES, lambda key: _listed(competences[key].aliases))
    yield _Exported(ColumnMeaning.KEY, lambda key: _YES if competences[key].key else None)
    yield _Exported(ColumnMeaning.DESCRIPTION, lambda key: competences[key].summary or None)
    yield _Exported(ColumnMeaning.URL, lambda key: competences[key].url)
    yield _Exported(ColumnMeaning.BEHAVIOURS, texts("behaviours"))
    yield _Exported(ColumnMeaning.EVIDENCE, texts("evidence"))
    yield _Exported(ColumnMeaning.EXPOSURE, texts("exposure"))
    yield _Exported(
        ColumnMeaning.SECOND_RATER, lambda key: _YES if competences[key].second_rater else None
    )


def _own(framework: Framework) -> Iterator[_Exported]:
    """Yield columns for the owner's data, as far as it is text."""

    def own(name: str) -> Callable[[str], str | None]:
        def cell(key: str) -> str | None:
            value = _extra(framework.competences[key]).get(name)
            return value if isinstance(value, str) else None

        return cell

    names = dict.fromkeys(
        name for competence in framework.competences.values() for name in _extra(competence)
    )
    for name in names:
        yield _Exported(name, own(name))


def _extra(competence: Competence) -> dict[str, object]:
    return competence.model_extra or {}


def _levels(framework: Framework) -> Iterator[_Exported]:
    def anchor(level: Decimal) -> Callable[[str], str | None]:
        return lambda key: framework.competences[key].levels.get(level)

    if framework.baseline is not None:
        label = framework.baseline_label or BASELINE_LABEL
        title = baseline_title(framework.baseline, label)
        yield _Exported(title, lambda _: None, is_optional=False)
    for level in sorted(framework.written_scale):
        title = level_title(level, framework.written_scale[level].label)
        yield _Exported(title, anchor(level), is_optional=False)


def _roles(framework: Framework) -> Iterator[_Exported]:
    for key, role in framework.roles.items():
        for meaning, figure in _FIGURES.items():
            yield _Exported(
                role_title(meaning, key, role),
                partial(_of_requirement, role.requires, figure),
                is_optional=meaning is not ColumnMeaning.ROLE,
            )


def _of_requirement(
    requires: Mapping[str, Requirement], figure: Callable[[Requirement], object], key: str
) -> object:
    return figure(requires[key]) if key in requires else None


def _importance(requirement: Requirement) -> object:
    importance = requirement.importance
    return None if importance == DEFAULT_IMPORTANCE else _number(importance)


_FIGURES: Mapping[ColumnMeaning, Callable[[Requirement], object]] = {
    ColumnMeaning.ROLE: lambda requirement: _number(requirement.level),
    ColumnMeaning.IMPORTANCE: _importance,
    ColumnMeaning.MUST_HAVE: lambda requirement: _number(requirement.must_have),
    ColumnMeaning.EXPECTS: lambda requirement: requirement.expects or None,
}
"""The columns of a role, with the cell for each requirement."""


def _number(value: Decimal | None) -> object:
    """A number that every writer shows without an exponent or needless zeros; None for none."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def _listed(texts: Iterable[str]) -> str | None:
    """Texts in one cell, a line each; marked as a list where a line alone would be divided."""
    lines = [" ".join(text.split()) for text in texts]
    is_doubtful = len(lines) == 1 and ";" in lines[0]
    return "\n".join(f"- {line}" if is_doubtful else line for line in lines) or None
