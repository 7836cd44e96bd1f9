"""The roles and career paths of a framework, or one of its entries in full."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.domain.assessment import framework_facts
from pmo_path.domain.bands import band_facts
from pmo_path.domain.framework import grouped
from pmo_path.domain.lookup import EntryKind
from pmo_path.domain.numbers import parse_number, show_number
from pmo_path.render.document import (
    Document,
    Facts,
    Group,
    ListBlock,
    Paragraph,
    Section,
    Table,
    WebAddress,
    columns,
    fact_sections,
    sections_of,
)
from pmo_path.render.formats.json import plain
from pmo_path.render.formats.registry import Result
from pmo_path.render.role_fit import band_rule
from pmo_path.render.words import (
    cost_words,
    count,
    facts_words,
    joined,
    length_words,
    number_words,
    step_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from pmo_path.domain.competences import LevelTexts
    from pmo_path.domain.framework import Domain, Framework
    from pmo_path.domain.lookup import Entry
    from pmo_path.domain.training import Training
    from pmo_path.render.document import Block

Rows = tuple[tuple[str, str], ...]
COLUMNS = ("Competence", "Required", "Must-have", "Importance")


def show_result(framework: Framework, entry: Entry) -> Result:
    """An entry of the framework, or the framework as a whole, for any format."""
    return Result(
        lambda: _DOCUMENTS[entry.kind](framework, entry.id), lambda: _record(framework, entry)
    )


def _record(framework: Framework, entry: Entry) -> dict[str, Any]:
    """The content that the framework file has for the entry, after its kind (`entry`) and id.

    It is not called `kind`, since courses have a key of that name.
    """
    entries: dict[str, Mapping[str, BaseModel]] = {
        "framework": {entry.id: framework},
        "role": framework.roles,
        "competence": framework.competences,
        "training": framework.training,
        "domain": framework.domains,
    }
    content = entries[entry.kind][entry.id].model_dump(by_alias=True)
    if entry.kind is EntryKind.ROLE:
        # A requirement at the lowest level demands nothing, so it is left out here as elsewhere.
        scored = framework.scored(entry.id)
        content["requires"] = {
            key: requirement for key, requirement in content["requires"].items() if key in scored
        }
    return {"entry": entry.kind.value, "id": entry.id, **plain(content)}


def _document(  # noqa: PLR0913  the parts of a document
    framework: Framework,
    name: str,
    kind: str,
    *,
    summary: str = "",
    facts: Rows = (),
    sections: Iterator[Section],
) -> Document:
    opening = (Paragraph(summary),) if summary else ()
    return Document(
        title=name,
        subtitle=kind,
        opening=(*opening, *([Facts(facts)] if any(text for _, text in facts) else ())),
        sections=tuple(sections),
        framework=framework_facts(framework),
    )


def _web_page(url: str | None) -> tuple[str, str]:
    return "Web page", WebAddress(url or "")


# --- Framework and domains ----------------------------------------------------------------------


def _framework(framework: Framework, key: str) -> Document:
    about = framework.framework
    kind = f"framework {key} {about.version}"
    document = _document(
        framework,
        about.title,
        kind,
        facts=(("Language", about.language or ""), _web_page(about.url)),
        sections=_framework_sections(framework),
    )
    return document._replace(footnotes=(about.notice,) if about.notice else ())


def _framework_sections(framework: Framework) -> Iterator[Section]:
    for family, roles in _families(framework).items():
        heading = joined(("Roles", family), ": ")
        yield Section(heading, (Facts(tuple(_role_rows(framework, roles)), indent=3),))
    for domain in framework.domains.values():
        if lists := tuple(_competence_lists(domain)):
            yield Section(domain.name, lists)
    courses = [f"{course.title} ({key})" for key, course in framework.training.items()]
    yield from sections_of("Training", courses)
    yield from fact_sections("Levels", _levels(framework), indent=1)
    bands = (band_facts(key, band) for key, band in framework.readiness.items())
    rules = ((band.label, band_rule(band)) for band in bands)
    yield from fact_sections("Readiness bands", rules, indent=1)


def _competence_lists(domain: Domain) -> Iterator[Block]:
    """Yield the competences of each group under its name, those without one as they are."""
    for group, competences in grouped(domain).items():
        names = (
            f"{competence.name} ({key}){', key' if competence.key else ''}"
            for key, competence in competences.items()
        )
        listed = ListBlock(tuple(names))
        yield Section(group, (listed,)) if group else listed


def _levels(framework: Framework) -> Iterator[tuple[str, str]]:
    for level in framework.levels:
        step = framework.scale[level]
        yield show_number(level), joined((step.label, step.meaning), ": ")


def _families(framework: Framework) -> Mapping[str, Sequence[str]]:
    """The ids of the roles by family, those without one first, and in a family by grade."""
    families: dict[str, list[str]] = {}
    for key, role in framework.roles.items():
        families.setdefault(role.family, []).append(key)
    families = {"": families.pop("", []), **families}
    return {
        family: sorted(roles, key=lambda key: _grade(framework, key))
        for family, roles in families.items()
        if roles
    }


def _grade(framework: Framework, role: str) -> Decimal:
    """The grade to sort by; grades that are no numbers stay in the framework's order."""
    return parse_number(framework.roles[role].grade) or Decimal(0)


def _role_rows(framework: Framework, roles: Sequence[str]) -> Iterator[tuple[str, str]]:
    for key in roles:
        role = framework.roles[key]
        ahead = ", ".join(framework.roles[target].name for target in role.leads_to)
        leads = f"; leads to {ahead}" if ahead else ""
        competences = count(len(framework.scored(key)), "competence")
        grade = f" (grade {role.grade})" if role.grade else ""
        yield key, f"{role.name}{grade}: {competences}{leads}"


def _domain(framework: Framework, key: str) -> Document:
    domain = framework.domains[key]
    return _document(
        framework,
        domain.name,
        f"domain {key}",
        summary=domain.summary,
        sections=_domain_sections(domain),
    )


def _domain_sections(domain: Domain) -> Iterator[Section]:
    for group, competences in grouped(domain).items():
        items = [
            joined((competence.name, competence.summary), ": ")
            for competence in competences.values()
        ]
        yield from sections_of(group or "Competences", items)


# --- Roles --------------------------------------------------------------------------------------


def _role(framework: Framework, key: str) -> Document:
    role = framework.roles[key]
    before = [other.name for other in framework.roles.values() if key in other.leads_to]
    ahead = [framework.roles[target].name for target in role.leads_to]
    return _document(
        framework,
        role.name,
        f"role {key}",
        summary=role.summary,
        facts=(
            ("Also called", ", ".join(role.aliases)),
            ("Reached from", ", ".join(before)),
            ("Leads to", ", ".join(ahead)),
            ("Family", role.family),
            ("Grade", role.grade),
            _web_page(role.url),
        ),
        sections=_role_sections(framework, key),
    )


def _role_sections(framework: Framework, key: str) -> Iterator[Section]:
    yield Section("Requirements", (_requirements(framework, key),))
    expected = (
        (framework.shown_name(competence), requirement.expects)
        for competence, requirement in framework.scored(key).items()
    )
    yield from fact_sections("What the role expects", expected, indent=1)


def _requirements(framework: Framework, role: str) -> Table:
    required = framework.scored(role)
    groups = [
        Group(
            joined((domain.name, group), ": "),
            tuple(
                (
                    competence.name,
                    _level(framework, required[key].level),
                    number_words(required[key].must_have),
                    show_number(required[key].importance),
                )
                for key, competence in competences.items()
                if key in required
            ),
        )
        for domain in framework.domains.values()
        for group, competences in grouped(domain).items()
    ]
    return Table(
        columns(COLUMNS, COLUMNS[2:], ("Importance", "Must-have")),
        tuple(group for group in groups if group.rows),
    )


def _level(framework: Framework, level: Decimal) -> str:
    label = framework.scale[level].label if level in framework.scale else ""
    return f"{show_number(level)} {label}".strip()


# --- Competences --------------------------------------------------------------------------------


def _competence(framework: Framework, key: str) -> Document:
    competence = framework.competences[key]
    rater = "suggested: people often misjudge themselves here" if competence.second_rater else ""
    return _document(
        framework,
        competence.name,
        f"competence {key}",
        summary=competence.summary,
        facts=(
            ("Domain", framework.domains[framework.domain_of[key]].name),
            ("Group", competence.group),
            ("Also called", ", ".join(competence.aliases)),
            ("Second rater", rater),
            _web_page(competence.url),
        ),
        sections=_competence_sections(framework, key),
    )


def _competence_sections(framework: Framework, key: str) -> Iterator[Section]:
    competence = framework.competences[key]
    yield from _texts(framework, "What others can observe", competence.behaviours)
    yield from fact_sections("Levels", _by_level(framework, competence.levels), indent=1)
    steps = {level: step_words(step) for level, step in competence.experience.items()}
    yield from fact_sections("How to reach it at work", _by_level(framework, steps), indent=1)
    yield from _texts(framework, "Learn from", competence.exposure)
    yield from _texts(framework, "Evidence", competence.evidence)
    scored = {role: framework.scored(role) for role in framework.roles}
    roles = tuple(
        (role.name, _level(framework, scored[role_id][key].level))
        for role_id, role in framework.roles.items()
        if key in scored[role_id]
    )
    yield from fact_sections("Required by", roles or (("", "no role"),), indent=1)
    courses = [
        f"{course.title} ({_range(course, key)})"
        for course in framework.training.values()
        if key in course.develops
    ]
    yield from sections_of("Training", courses)


def _texts(framework: Framework, heading: str, texts: LevelTexts) -> list[Section]:
    if texts.by_level is None:
        return sections_of(heading, texts.flat)
    rows = {level: "; ".join(items) for level, items in texts.by_level.items()}
    return fact_sections(heading, _by_level(framework, rows), indent=1)


def _range(course: Training, competence: str) -> str:
    levels = course.ranges.get(competence)
    if levels is None:
        return "levels not known"
    return f"level {show_number(levels.from_)} to {show_number(levels.to)}"


def _by_level(framework: Framework, texts: Mapping[Decimal, str]) -> Rows:
    return tuple((_level(framework, level), text) for level, text in sorted(texts.items()))


# --- Courses ------------------------------------------------------------------------------------


def _course(framework: Framework, key: str) -> Document:
    course = framework.training[key]
    first = [
        framework.training[needed].title if needed in framework.training else needed
        for needed in course.prerequisites
    ]
    return _document(
        framework,
        course.title,
        f"course {key}",
        facts=(
            ("From", course.provider),
            ("Also called", ", ".join(course.aliases)),
            ("Type", "" if course.type == "course" else course.type),
            ("Kind", course.kind),
            ("Format", course.format),
            ("Takes", length_words(course).removeprefix("length ")),
            ("Cost", cost_words(course.cost)),
            ("For", course.audience),
            ("For roles", ", ".join(framework.roles[role].name for role in course.for_roles)),
            ("Requires", "; ".join(first)),
            ("Facts", facts_words(course)),
            ("Note", course.note),
            _web_page(course.url),
        ),
        sections=_course_sections(framework, key),
    )


def _course_sections(framework: Framework, key: str) -> Iterator[Section]:
    course = framework.training[key]
    yield from sections_of("What it covers", course.topics)
    ranges = (
        (framework.shown_name(competence), _range(course, competence))
        for competence in course.develops
    )
    yield from fact_sections("Prepares for", ranges, indent=1)


_DOCUMENTS: dict[EntryKind, Callable[[Framework, str], Document]] = {
    EntryKind.FRAMEWORK: _framework,
    EntryKind.ROLE: _role,
    EntryKind.COMPETENCE: _competence,
    EntryKind.TRAINING: _course,
    EntryKind.DOMAIN: _domain,
}
