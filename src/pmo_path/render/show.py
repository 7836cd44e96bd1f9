"""Things of a framework for people: the roles and their ladder, or one thing whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from pmo_path.domain.levels import show_number
from pmo_path.domain.lookup import Kind
from pmo_path.render.base import checked_words, joined
from pmo_path.render.console import bullets, console_for, labelled, text, widen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from rich.console import RenderableType

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import Found
    from pmo_path.render.base import Look

    Page = Callable[[Framework, str, Look], Iterator[RenderableType]]

HEADING = "bold cyan"


def write_found_table(framework: Framework, found: Found, out: TextIO, look: Look) -> None:
    """Write one thing of the framework, or the framework as a whole, for people."""
    console = console_for(out, look)
    parts = list(_PAGES[found.kind](framework, found.id, look))
    widen(
        console,
        look,
        *(part for part in parts if isinstance(part, Table) and part.columns[0].header),
    )
    for part in parts:
        console.print(part)


def _heading(name: str, kind: str, key: str, summary: str) -> Iterator[RenderableType]:
    yield Text.assemble(text(name, "bold"), f"  ({kind} ", text(key), ")")
    if summary:
        yield text(summary)


def _section(title: str, *parts: RenderableType) -> Iterator[RenderableType]:
    yield Text()
    yield Text(title, HEADING)
    yield from parts


def _mark(look: Look) -> str:
    return "•" if look.unicode else "*"


def _list(title: str, lines: tuple[str, ...], look: Look) -> Iterator[RenderableType]:
    if lines:
        yield from _section(title, bullets(list(lines), _mark(look)))


def _framework(framework: Framework, key: str, look: Look) -> Iterator[RenderableType]:
    about = framework.framework
    yield from _heading(about.title, "framework", f"{key} {about.version}", "")
    yield from _section(
        "Roles", labelled([_role_line(framework, role) for role in framework.roles])
    )
    for domain in framework.domains.values():
        lines = [
            f"{competence.name} ({one})" + (", key" if competence.key else "")
            for one, competence in domain.competences.items()
        ]
        yield from _section(joined((domain.name,)), bullets(lines, _mark(look)))
    yield from _section(
        "Training",
        bullets(
            [f"{one.title} ({item})" for item, one in framework.training.items()], _mark(look)
        ),
    )
    if about.notice:
        yield Text()
        yield text(about.notice, "italic")


def _role_line(framework: Framework, key: str) -> tuple[str, str]:
    role = framework.roles[key]
    ahead = [framework.roles[one].name for one in role.leads_to]
    leads = f"; leads to {', '.join(ahead)}" if ahead else ""
    return joined((key,)), f"{role.name}: {len(framework.scored(key))} competences{leads}"


def _role(framework: Framework, key: str, look: Look) -> Iterator[RenderableType]:
    role = framework.roles[key]
    yield from _heading(role.name, "role", key, role.summary)
    rows = [("Also called", ", ".join(role.aliases))] if role.aliases else []
    before = [other.name for other in framework.roles.values() if key in other.leads_to]
    if before:
        rows.append(("Comes from", ", ".join(before)))
    if role.leads_to:
        rows.append(("Leads to", ", ".join(framework.roles[one].name for one in role.leads_to)))
    if rows:
        yield labelled(rows, 0)
    yield Text()
    yield _requirements(framework, key, look)


def _requirements(framework: Framework, key: str, look: Look) -> Table:
    table = Table(box=box.SIMPLE_HEAD if look.unicode else box.ASCII2, pad_edge=False)
    table.add_column("Competence", overflow="fold")
    table.add_column("Required", no_wrap=True)
    table.add_column("Must-have", justify="right", no_wrap=True)
    table.add_column("Weight", justify="right", no_wrap=True)
    required = framework.scored(key)
    for domain in framework.domains.values():
        competences = [one for one in domain.competences if one in required]
        if not competences:
            continue
        table.add_row(text(domain.name, "bold"))
        for one in competences:
            asked = required[one]
            table.add_row(
                Text("  ").append_text(text(framework.competences[one].name)),
                text(_level(framework, asked.level)),
                "" if asked.must_have is None else show_number(asked.must_have),
                show_number(asked.importance),
            )
    return table


def _level(framework: Framework, level: Decimal) -> str:
    label = framework.scale[level].label if level in framework.scale else ""
    return joined((show_number(level), label), " ")


def _competence(framework: Framework, key: str, look: Look) -> Iterator[RenderableType]:
    competence = framework.competences[key]
    yield from _heading(competence.name, "competence", key, competence.summary)
    rows = [("Domain", framework.domains[framework.domain_of[key]].name)]
    if competence.aliases:
        rows.append(("Also called", ", ".join(competence.aliases)))
    yield labelled(rows, 0)
    yield from _list("What others can observe", competence.behaviours, look)
    yield from _levels("Levels", framework, competence.levels)
    yield from _levels("What to do at work to reach it", framework, competence.experience)
    yield from _list("Whom to learn from", competence.exposure, look)
    yield from _list("What would prove it", competence.evidence, look)
    asked = [
        (role.name, _level(framework, role.requires[key].level))
        for role in framework.roles.values()
        if key in role.requires
    ]
    if asked:
        yield from _section("Required by", labelled(asked, 1))
    courses = tuple(
        f"{training.title} ({show_number(training.develops[key].from_)} to "
        f"{show_number(training.develops[key].to)})"
        for training in framework.training.values()
        if key in training.develops
    )
    yield from _list("Training", courses, look)


def _levels(
    title: str, framework: Framework, levels: Mapping[Decimal, str]
) -> Iterator[RenderableType]:
    if levels:
        rows = [(_level(framework, level), words) for level, words in sorted(levels.items())]
        yield from _section(title, labelled(rows, 1))


def _training(framework: Framework, key: str, look: Look) -> Iterator[RenderableType]:
    training = framework.training[key]
    yield from _heading(training.title, "course", key, "")
    days = f"{show_number(training.days)} days" if training.days is not None else ""
    before = tuple(
        framework.training[one].title if one in framework.training else one
        for one in training.prerequisites
    )
    rows = [
        ("Provider", training.provider),
        ("Kind", training.kind),
        ("Format", training.format),
        ("Length", days or training.duration or "not known"),
        ("For", training.audience),
        ("Needs first", "; ".join(before)),
        ("Facts", checked_words(training.checked).removeprefix("facts ")),
        ("Note", training.note),
    ]
    yield labelled([row for row in rows if row[1]], 0)
    yield from _list("What it covers", training.topics, look)
    develops = [
        (
            framework.competences[one].name,
            f"{show_number(levels.from_)} to {show_number(levels.to)}",
        )
        for one, levels in training.develops.items()
    ]
    yield from _section("Prepares for", labelled(develops, 1))


def _domain(framework: Framework, key: str, look: Look) -> Iterator[RenderableType]:
    domain = framework.domains[key]
    yield from _heading(domain.name, "domain", key, domain.summary)
    lines = tuple(
        f"{competence.name}: {competence.summary}" for competence in domain.competences.values()
    )
    yield from _list("Competences", lines, look)


_PAGES: dict[Kind, Page] = {
    Kind.FRAMEWORK: _framework,
    Kind.ROLE: _role,
    Kind.COMPETENCE: _competence,
    Kind.TRAINING: _training,
    Kind.DOMAIN: _domain,
}
