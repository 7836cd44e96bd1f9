"""Things of a framework for people: the roles and their ladder, or one thing whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.lookup import EntryKind
from pmo_path.domain.numbers import show_number
from pmo_path.domain.text import one_line
from pmo_path.render.formats.console import NOTICE, Page, text
from pmo_path.render.words import checked_words, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework, Requirement
    from pmo_path.domain.lookup import Found
    from pmo_path.render.words import TextStyle


def write_found_table(framework: Framework, found: Found, out: TextIO, style: TextStyle) -> None:
    """Write one thing of the framework, or the framework as a whole, for people."""
    page = Page(style)
    _PAGES[found.kind](page, framework, found.id)
    page.write(out)


def _heading(page: Page, name: str, kind: str, key: str, summary: str = "") -> None:
    page.wrapped(Text.assemble(text(name, "bold"), f"  ({kind} ", text(key), ")"))
    if summary:
        page.text(summary)


def _list(page: Page, title: str, lines: Sequence[str]) -> None:
    if lines:
        page.heading(title)
        page.bullets(lines)


def _framework(page: Page, framework: Framework, key: str) -> None:
    about = framework.framework
    _heading(page, about.title, "framework", f"{key} {about.version}")
    page.heading("Roles")
    page.labelled(_role_line(framework, role) for role in framework.roles)
    for domain in framework.domains.values():
        lines = [
            f"{competence.name} ({one})" + (", key" if competence.key else "")
            for one, competence in domain.competences.items()
        ]
        _list(page, one_line(domain.name), lines)
    _list(page, "Training", [f"{one.title} ({item})" for item, one in framework.training.items()])
    if about.notice:
        page.blank()
        page.text(about.notice, NOTICE)


def _role_line(framework: Framework, key: str) -> tuple[str, str]:
    role = framework.roles[key]
    ahead = [framework.roles[one].name for one in role.leads_to]
    leads = f"; leads to {', '.join(ahead)}" if ahead else ""
    count = len(framework.scored(key))
    return key, f"{role.name}: {count} competence{'' if count == 1 else 's'}{leads}"


def _role(page: Page, framework: Framework, key: str) -> None:
    role = framework.roles[key]
    before = [other.name for other in framework.roles.values() if key in other.leads_to]
    ahead = [framework.roles[one].name for one in role.leads_to]
    _heading(page, role.name, "role", key, role.summary)
    page.labelled(
        [
            ("Also called", ", ".join(role.aliases)),
            ("Comes from", ", ".join(before)),
            ("Leads to", ", ".join(ahead)),
        ],
        0,
    )
    page.blank()
    _requirements(page, framework, key)


def _requirements(page: Page, framework: Framework, key: str) -> None:
    required = framework.scored(key)
    rows: list[tuple[Text, ...]] = []
    for domain in framework.domains.values():
        asked = [
            _requirement_row(framework, one, required[one])
            for one in domain.competences
            if one in required
        ]
        if asked:
            rows += [(text(domain.name, "bold"),), *asked]
    headings = ("Competence", "Required", "Must-have", "Weight")
    page.table(headings, rows, right=headings[2:])


def _requirement_row(framework: Framework, key: str, asked: Requirement) -> tuple[Text, ...]:
    return (
        Text("  ").append_text(text(framework.competences[key].name)),
        text(_level(framework, asked.level)),
        Text("" if asked.must_have is None else show_number(asked.must_have)),
        Text(show_number(asked.importance)),
    )


def _level(framework: Framework, level: Decimal) -> str:
    label = framework.scale[level].label if level in framework.scale else ""
    return joined((show_number(level), label), " ")


def _competence(page: Page, framework: Framework, key: str) -> None:
    competence = framework.competences[key]
    domain = framework.domains[framework.domain_of[key]].name
    _heading(page, competence.name, "competence", key, competence.summary)
    page.labelled(
        [
            ("Domain", domain),
            ("Also called", ", ".join(competence.aliases)),
            ("Second rater", "suggested, since self-ratings mislead" * competence.second_rater),
        ],
        0,
    )
    _list(page, "What others can observe", competence.behaviours)
    _levels(page, "Levels", framework, competence.levels)
    _levels(page, "What to do at work to reach it", framework, competence.experience)
    _list(page, "Whom to learn from", competence.exposure)
    _list(page, "What would prove it", competence.evidence)
    page.heading("Required by")
    page.labelled(
        [
            (role.name, _level(framework, framework.scored(role_id)[key].level))
            for role_id, role in framework.roles.items()
            if key in framework.scored(role_id)
        ]
        or [("", "no role")],
        1,
    )
    courses = [
        f"{training.title} ({show_number(training.develops[key].from_)} to "
        f"{show_number(training.develops[key].to)})"
        for training in framework.training.values()
        if key in training.develops
    ]
    _list(page, "Training", courses)


def _levels(page: Page, title: str, framework: Framework, levels: Mapping[Decimal, str]) -> None:
    if levels:
        page.heading(title)
        rows = [(_level(framework, level), words) for level, words in sorted(levels.items())]
        page.labelled(rows, 1)


def _training(page: Page, framework: Framework, key: str) -> None:
    training = framework.training[key]
    days = f"{show_number(training.days)} days" if training.days is not None else ""
    before = [
        framework.training[one].title if one in framework.training else one
        for one in training.prerequisites
    ]
    _heading(page, training.title, "course", key)
    page.labelled(
        [
            ("Provider", training.provider),
            ("Also called", ", ".join(training.aliases)),
            ("Kind", training.kind),
            ("Format", training.format),
            ("Length", days or training.duration or "not known"),
            ("For", training.audience),
            ("Needs first", "; ".join(before)),
            ("Facts", checked_words(training.checked).removeprefix("facts ")),
            ("Note", training.note),
        ],
        0,
    )
    _list(page, "What it covers", training.topics)
    page.heading("Prepares for")
    page.labelled(
        [
            (
                framework.competences[one].name,
                f"{show_number(levels.from_)} to {show_number(levels.to)}",
            )
            for one, levels in training.develops.items()
        ],
        1,
    )


def _domain(page: Page, framework: Framework, key: str) -> None:
    domain = framework.domains[key]
    _heading(page, domain.name, "domain", key, domain.summary)
    lines = [
        joined((competence.name, competence.summary), ": ")
        for competence in domain.competences.values()
    ]
    _list(page, "Competences", lines)


_PAGES: dict[EntryKind, Callable[[Page, Framework, str], None]] = {
    EntryKind.FRAMEWORK: _framework,
    EntryKind.ROLE: _role,
    EntryKind.COMPETENCE: _competence,
    EntryKind.TRAINING: _training,
    EntryKind.DOMAIN: _domain,
}
