"""Ratings as a YAML file that people can read, change and rate again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, SELF, show_rating
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Rating, Ratings

HEADER = "# Ratings for pmo-path; see where they lead with: pmo-path assess THIS-FILE"
FOR_EDITORS = (
    "# yaml-language-server: $schema=ratings.schema.json",
    "# The line above lets editors complete and check this file while you type. Make the schema",
    "# it names, beside this file, with:  pmo-path schema ratings -o ratings.schema.json",
    "#",
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def ratings_yaml(ratings: Ratings, framework: Framework) -> str:
    """The ratings as a file, competences in the framework's order."""
    order = [key for key in framework.competences if key in ratings.ratings]
    lines = [
        HEADER,
        "schema: 1",
        *_facts(ratings),
        "ratings:" if order else "ratings: {}",
        *(f"  {quoted(key)}: {_rating(ratings.ratings[key])}" for key in order),
    ]
    return "\n".join(lines) + "\n"


def template_yaml(framework: Framework, role: str | None, rater: str = SELF) -> str:
    """An empty ratings file, with what each level of each competence means as comments.

    With `role`, an id, it asks only what that role requires; the required levels stay out, so
    that they do not pull the answers.
    """
    asked = framework.scored(role) if role else framework.competences
    return _template(framework, asked, ['person: ""', *_roles(framework, role)], rater)


def second_rater_yaml(framework: Framework, ratings: Ratings, rater: str) -> str:
    """An empty ratings file for a second rater: person, roles and competences of earlier ratings.

    Neither levels nor evidence are in it, so that they do not pull the answers.
    """
    asked = [key for key in framework.competences if key in ratings.ratings]
    facts = {"person": ratings.person, "role": ratings.role, "target": ratings.target}
    lines = [f"{name}: {quoted(value)}" for name, value in facts.items() if value]
    return _template(framework, asked, lines, rater)


def _template(framework: Framework, asked: Iterable[str], facts: Iterable[str], rater: str) -> str:
    levels = ", ".join(map(show_number, framework.levels))
    lines = [
        *FOR_EDITORS,
        HEADER,
        f"# After each competence write {levels}, or {NOT_APPLICABLE}; leave it empty when unsure.",
        *_comment(framework.framework.how_to_rate, ""),
        *_scale(framework),
        "schema: 1",
        *facts,
        f"rater: {quoted(rater)}",
        "date:                # such as 2026-11-23",
        *_framework_line(framework.framework.id, framework.framework.version),
        "ratings:",
    ]
    for key in asked:
        lines += _entry(key, framework.competences[key])
    return "\n".join(lines) + "\n"


def _roles(framework: Framework, role: str | None) -> Iterator[str]:
    names = [
        one_line(key) for key, item in framework.roles.items() if not isinstance(item, LevelRole)
    ]
    if not names:
        return
    yield f"role:                # the role held now: {', '.join(names)}"
    if role is None or isinstance(framework.roles[role], LevelRole):
        yield "target:              # the role aimed at"
    else:
        yield f"target: {quoted(role)}"


def _facts(ratings: Ratings) -> Iterator[str]:
    facts: tuple[tuple[str, str | datetime.date | None], ...] = (
        ("person", ratings.person),
        ("role", ratings.role),
        ("target", ratings.target),
        ("rater", ratings.rater),
        ("date", ratings.date),
    )
    for name, value in facts:
        if value:
            yield f"{name}: {value if name == 'date' else quoted(str(value))}"
    if ratings.framework is not None:
        yield from _framework_line(ratings.framework.id, ratings.framework.version)


def _framework_line(key: str, version: str | None) -> Iterator[str]:
    fields = [f"id: {quoted(key)}"]
    if version is not None:
        fields.append(f"version: {quoted(version)}")
    yield f"framework: {{{', '.join(fields)}}}"


def _rating(rating: Rating) -> str:
    level = show_rating(rating.level)
    fields = [
        ("level", level or "null"),
        ("evidence", quoted(rating.evidence) if rating.evidence else ""),
        ("year", str(rating.year or "")),
        ("confidence", rating.confidence or ""),
    ]
    filled = [f"{name}: {value}" for name, value in fields if value]
    return level if len(filled) == 1 else f"{{{', '.join(filled)}}}"


def _entry(key: str, competence: Competence) -> Iterator[str]:
    yield ""
    yield from _comment(f"{competence.name}: {competence.summary}".removesuffix(": "), "  ")
    for level, anchor in sorted(competence.levels.items()):
        yield f"  #   {show_number(level)}  {one_line(anchor)}"
    yield f"  {quoted(key)}:"


def _scale(framework: Framework) -> Iterator[str]:
    for level in framework.levels:
        step = framework.scale[level]
        line = f"{step.label}: {step.meaning}".removesuffix(": ")
        yield f"#   {show_number(level)}  {one_line(line)}"


def _comment(text: str, indent: str) -> Iterable[str]:
    return [f"{indent}# {one_line(text)}"] if text.strip() else []


def quoted(text: str) -> str:
    """`text` as a YAML scalar that reads back as the same text.

    A plain word stays plain; anything that YAML could read otherwise goes into double quotes.
    """
    plain = text.replace("-", "").replace(" ", "")
    if text[:1].isalpha() and plain.isascii() and plain.isalnum() and text == text.strip():
        return text if text.lower() not in _WORDS else f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or character == " ":
        return character
    return f"\\U{ord(character):08X}"
