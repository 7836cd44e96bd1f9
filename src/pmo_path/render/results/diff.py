"""What differs between two frameworks, in words: the same for every format that people read.

Nothing here is escaped or made safe; whoever writes it does that, for everything alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diff.model import Direction
from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.model import (
        Answers,
        Asked,
        BandChange,
        BandChanges,
        Bar,
        Comparison,
        CompetenceChanges,
        Demand,
        Development,
        DomainChanges,
        Gone,
        Renamed,
        Rewritten,
        RoleChange,
        ScaleChanges,
        Span,
        Thing,
        VersionAdvice,
    )

ARROW = "\u2192"

_KIND = {
    Direction.MORE: "more",
    Direction.NEW: "new",
    Direction.MIXED: "more, less",
    Direction.LESS: "less",
    Direction.GONE: "no longer",
    Direction.IMPORTANCE: "importance",
}
_COUNTED = {
    Direction.MORE: "demanded more",
    Direction.NEW: "new",
    Direction.MIXED: "partly more and partly less",
    Direction.LESS: "demanded less",
    Direction.GONE: "no longer demanded",
    Direction.IMPORTANCE: "of another importance",
}
_PART = {"levels": "anchors", "key": "asked in the quick run", "how_to_rate": "rule of rating"}
_DEMANDING = frozenset({Direction.MORE, Direction.NEW, Direction.MIXED})


class Row(NamedTuple):
    """One change: a word for it, what it is about where that is one thing, and what changed."""

    label: str
    subject: str
    words: str = ""


class Block(NamedTuple):
    """Changes of one thing; without a title they stand under their section alone."""

    title: str
    rows: tuple[Row, ...]
    summary: str = ""
    is_table: bool = False
    """Whether the rows are about competences, so that columns suit them."""


class Section(NamedTuple):
    """Changes of one kind."""

    heading: str
    blocks: tuple[Block, ...]


def headline(comparison: Comparison) -> str:
    """What is compared."""
    before, after = comparison.before, comparison.after
    if before.id != after.id:
        names = (f"{one.title} ({one.id} {one.version})" for one in (before, after))
        return f" {ARROW} ".join(names)
    return f"{after.title}, version {_changed(before.version, after.version)}"


def opening(comparison: Comparison) -> list[str]:
    """The sentences to begin with: who has to do more, and what the version should be."""
    before, after, version = comparison.before, comparison.after, comparison.version
    lines = []
    if before.id != after.id:
        lines.append(
            f"These are two different frameworks, '{before.id}' and '{after.id}'; what follows "
            "says how far they differ."
        )
    if comparison.changed:
        return [*lines, _at_a_glance(comparison), version.verdict, _why(version)]
    lines.append("Nothing changed: both say the same of competences, roles and training.")
    if before[:2] != after[:2]:
        lines.append(version.verdict)
    return lines


def sections(comparison: Comparison) -> list[Section]:
    """Everything that changed, what matters most to people first."""
    changes = comparison.changes
    roles = changes.roles
    found = [
        Section("What roles demand", tuple(map(_role_block, roles.changed))),
        _plain("Roles", _role_rows(comparison)),
        _plain("Scale", _scale_rows(changes.scale)),
        _plain("Readiness", _band_rows(comparison)),
        _plain("Competences", _competence_rows(changes.competences)),
        _plain("Training", _training_rows(comparison)),
        _plain("Domains", _common_rows(changes.domains)),
        _plain("Framework", _text_rows(changes.texts)),
    ]
    return [section for section in found if section.blocks]


def answer_sections(answers: Sequence[Answers]) -> list[Section]:
    """Which answers in ratings files no longer fit, a block a file."""
    blocks = [_answer_block(answer) for answer in answers if not answer.is_fine]
    fitting = len(answers) - len(blocks)
    if fitting:
        others = "other " if blocks else ""
        files = _count(fitting, f"{others}ratings file")
        blocks.append(Block(f"{files}: every answer fits", ()))
    return [Section("Answers", tuple(blocks))]


def _at_a_glance(comparison: Comparison) -> str:
    demanding = [
        role.name
        for role in comparison.changes.roles.changed
        if any(demand.direction in _DEMANDING for demand in role.demands)
    ]
    if demanding:
        number = f"{len(demanding)} of {_count(comparison.after.roles, 'role')}"
        return f"More is demanded in {number}: {', '.join(demanding)}."
    return "No role demands more than before."


def _why(version: VersionAdvice) -> str:
    reasons = "; ".join(one.words for one in version.reasons if one.step is version.step)
    return f"Why {version.step}: {reasons}."


def _plain(heading: str, rows: Iterable[Row]) -> Section:
    told = tuple(rows)
    return Section(heading, (Block("", told),) if told else ())


# --- Roles --------------------------------------------------------------------------------------


def _role_block(role: RoleChange) -> Block:
    rows = [Row(_KIND[one.direction], one.competence.name, _demand(one)) for one in role.demands]
    return Block(role.name, (*rows, *_paths(role)), _role_summary(role), is_table=True)


def _role_summary(role: RoleChange) -> str:
    found = [demand.direction for demand in role.demands]
    parts = [f"{found.count(one)} {_COUNTED[one]}" for one in Direction if one in found]
    if role.leads_newly_to or role.leads_no_longer_to:
        parts.append("leads elsewhere")
    return ", ".join(parts)


def _paths(role: RoleChange) -> Iterator[Row]:
    for way, roles in (
        ("leads newly to", role.leads_newly_to),
        ("leads no longer to", role.leads_no_longer_to),
    ):
        if roles:
            yield Row("path", way, _names(roles))


def _demand(demand: Demand) -> str:
    before, after = demand.before, demand.after
    if before is not None and after is not None:
        return ", ".join(_differences(before, after))
    if after is not None:
        return ", ".join((*_limits(after), f"importance {show_number(after.importance)}"))
    return f"was {', '.join(_limits(before))}" if before is not None else ""


def _limits(asked: Asked) -> Iterator[str]:
    yield f"level {_level(asked.level, asked.label)}"
    if asked.must_have is not None:
        yield f"must-have {show_number(asked.must_have)}"


def _differences(before: Asked, after: Asked) -> Iterator[str]:
    if before.level != after.level:
        yield f"level {_numbers(before.level, after.level)}{_in_brackets(after.label)}"
    if before.must_have != after.must_have:
        yield f"must-have {_numbers(before.must_have, after.must_have)}"
    if before.importance != after.importance:
        yield f"importance {_numbers(before.importance, after.importance)}"


def _role_rows(comparison: Comparison) -> Iterator[Row]:
    roles = comparison.changes.roles
    for one in roles.added:
        asks = f"demands {_count(one.requirements, 'competence')}"
        yield Row("added", one.name, f"{asks}, {_count(one.must_haves, 'must-have')}")
    yield from _gone_rows(roles.removed)
    yield from _renamed_rows(roles.renamed)
    yield from _rewritten_rows(roles.rewritten)


# --- Scale, bands, competences, training --------------------------------------------------------


def _scale_rows(scale: ScaleChanges) -> Iterator[Row]:
    for label, levels in (("added", scale.added), ("removed", scale.removed)):
        for one in levels:
            yield Row(label, _level(one.level, one.label))
    for change in scale.relabelled:
        another = ", which now names another level" if change.names_another else ""
        words = f"was '{change.before}'{another}"
        yield Row("label", _level(change.level, change.after), words)
    if scale.meanings:
        levels_named = ", ".join(_level(one.level, one.label) for one in scale.meanings)
        yield Row("words", "", f"meaning of {levels_named}")


def _band_rows(comparison: Comparison) -> Iterator[Row]:
    bands = comparison.changes.readiness
    for one in bands.changed:
        yield Row(_BAND[one.direction], one.name, _band(one))
    yield from _common_rows(bands)


_BAND = {
    Direction.MORE: "harder",
    Direction.LESS: "easier",
    Direction.MIXED: "harder, easier",
}


def _band(band: BandChange) -> str:
    before, after = band.before, band.after
    parts = []
    if before.at_least != after.at_least:
        parts.append(f"at least {_numbers(before.at_least, after.at_least)} %")
    if before.must_haves_missing != after.must_haves_missing:
        parts.append(f"must-haves missing {_changed(_missing(before), _missing(after))}")
    if before.must_have_gap != after.must_have_gap:
        parts.append(f"each short by {_changed(_short_by(before), _short_by(after))}")
    return ", ".join(parts)


def _missing(bar: Bar) -> str:
    return "any number" if bar.must_haves_missing is None else f"{bar.must_haves_missing} at most"


def _short_by(bar: Bar) -> str:
    return (
        "any number" if bar.must_have_gap is None else f"{show_number(bar.must_have_gap)} at most"
    )


def _competence_rows(competences: CompetenceChanges) -> Iterator[Row]:
    for one in competences.added:
        by = f"demanded in {_names(one.required_by)}" if one.required_by else "no role demands it"
        yield Row("added", one.name, f"in {one.domain.name}; {by}")
    yield from _gone_rows(competences.removed)
    yield from _renamed_rows(competences.renamed)
    for moved in competences.moved:
        yield Row("moved", moved.name, _changed(moved.before.name, moved.after.name))
    yield from _rewritten_rows(competences.rewritten)


def _training_rows(comparison: Comparison) -> Iterator[Row]:
    training = comparison.changes.training
    yield from _thing_rows(training.added)
    yield from _gone_rows(training.removed)
    yield from _renamed_rows(training.renamed)
    for one in training.changed:
        yield Row("develops", one.name, "; ".join(map(_development, one.develops)))
    yield from _rewritten_rows(training.rewritten)


def _development(one: Development) -> str:
    name = one.competence.name
    if one.before is None or one.after is None:
        span = one.after or one.before
        way = "newly" if one.before is None else "no longer"
        return f"{way} {name}" + (f", {_span(span)}" if span and one.after else "")
    return f"{name} {_changed(_span(one.before), _span(one.after))}"


def _span(span: Span) -> str:
    return f"{show_number(span.from_level)} to {show_number(span.to_level)}"


def _text_rows(texts: tuple[str, ...]) -> Iterator[Row]:
    if texts:
        yield Row("words", "", ", ".join(map(_part, texts)))


# --- What came, went and was called otherwise ---------------------------------------------------


def _common_rows(changes: BandChanges | DomainChanges) -> Iterator[Row]:
    yield from _thing_rows(changes.added)
    yield from _gone_rows(changes.removed)
    yield from _renamed_rows(changes.renamed)
    yield from _rewritten_rows(changes.rewritten)


def _thing_rows(added: Iterable[Thing]) -> Iterator[Row]:
    for one in added:
        yield Row("added", one.name)


def _gone_rows(removed: Iterable[Gone]) -> Iterator[Row]:
    for one in removed:
        words = f"its name leads to {one.leads_to.name}" if one.leads_to else ""
        yield Row("removed", one.name, words)


def _renamed_rows(renamed: Iterable[Renamed]) -> Iterator[Row]:
    for before, after in renamed:
        same = before.name == after.name
        words = f"id {before.id} {ARROW} {after.id}" if same else f"was {before.name}"
        yield Row("renamed", after.name, words)


def _rewritten_rows(rewritten: Iterable[Rewritten]) -> Iterator[Row]:
    for one in rewritten:
        was = f" (was {one.was})" if one.was else ""
        yield Row("words", one.name, ", ".join(map(_part, one.parts)) + was)


# --- Answers ------------------------------------------------------------------------------------


def _answer_block(answers: Answers) -> Block:
    parts = [
        (len(answers.misfits), "answer no longer fits", "answers no longer fit"),
        (len(answers.read_otherwise), "answer says something else", "answers say something else"),
        (len(answers.mistakes), "mistake was there already", "mistakes were there already"),
    ]
    told = [f"{number} {one if number == 1 else many}" for number, one, many in parts if number]
    rows = [
        *map(_problem_row, answers.misfits),
        *(Row("read otherwise", "", words) for words in answers.read_otherwise),
        *(_problem_row(one, "wrong already: ") for one in answers.mistakes),
    ]
    return Block(answers.file, tuple(rows), ", ".join(told))


def _problem_row(found: Diagnostic, lead: str = "") -> Row:
    where = f"line {found.place.line}" if found.place.line else "file"
    hint = f" ({found.hint})" if found.hint else ""
    return Row(where, "", f"{lead}{found.message}{hint}")


# --- Small words --------------------------------------------------------------------------------


def _part(key: str) -> str:
    return _PART.get(key, key)


def _level(level: Decimal, label: str) -> str:
    return f"{show_number(level)}{_in_brackets(label)}"


def _in_brackets(label: str) -> str:
    return f" ({label})" if label else ""


def _numbers(before: Decimal | None, after: Decimal | None) -> str:
    return _changed(*("none" if one is None else show_number(one) for one in (before, after)))


def _changed(before: str, after: str) -> str:
    return before if before == after else f"{before} {ARROW} {after}"


def _names(things: Iterable[Thing]) -> str:
    return ", ".join(one.name for one in things)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
