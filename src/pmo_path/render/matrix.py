"""How a competency matrix was read, as lines of text."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pmo_path.domain.matrix.model import OF_ROLES, ColumnMeaning, NoteKind, ScaleSource, TakenBy
from pmo_path.domain.numbers import show_number
from pmo_path.domain.text import one_line
from pmo_path.render.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.domain.matrix.model import MatrixColumn, MatrixNote, MatrixReading

_MOST = 6
"""Columns, lines or cells that a line lists."""
_LONGEST = 60
"""Characters of a text that a line quotes."""
_SOURCES = {
    ScaleSource.MAP: "from --map",
    ScaleSource.HEADINGS: "from the headings",
    ScaleSource.HEADING_WORDS: "from the headings, numbered in their order",
    ScaleSource.NUMBERS: "from the lowest to the highest number in the cells; the table does not "
    "name the levels (--map: 'scale: {1: Beginner, 2: ...}')",
    ScaleSource.CELL_LABELS: "from the texts behind the numbers in the cells",
    ScaleSource.CELL_WORDS: "from the words in the cells, numbered in their usual order "
    "(--map: 'scale: {1: ..., 2: ...}' if that is wrong)",
}
_NO_SCALE = (
    "scale: the table has no levels; name them with --map: 'scale: {1: Beginner, 2: Expert}', "
    "or name a column for each: 'columns: {\"HEADING\": level 1}'"
)
_NOTES: Mapping[NoteKind, tuple[str, ...]] = {
    NoteKind.ABOVE: ("kept {} above the headings under x-rows", "row"),
    NoteKind.CARRIED_DOWN: ("took a blank domain from the row above in {}", "row"),
    NoteKind.SECTION: ("took {} with a heading alone for a domain", "row"),
    NoteKind.TOTALS: ("kept {} of totals under x-rows", "row"),
    NoteKind.CONTINUED: ("added {} without a competence to the competence above", "row"),
    NoteKind.UNPLACED_ROW: ("kept {} without a competence under x-rows", "row"),
    NoteKind.UNPLACED_CELL: ("kept {} that could not be read under x-cells", "cell"),
    NoteKind.EMPTY_COLUMN: ("left out {} without texts", "column"),
    NoteKind.IGNORED_COLUMN: ("left out {}, as --map says", "column"),
    NoteKind.SAME_NAME: (
        "kept {} whose name is there already; rename or remove it",
        "entry",
        "entries",
    ),
    NoteKind.NEW_ID: (
        "gave a new id to {} whose id is there already, or is not a word",
        "entry",
        "entries",
    ),
    NoteKind.UNUSED_MAPPING: ("found no column for {} in --map", "heading"),
}
"""What is written of each kind of note, with the noun that is counted."""
_BASELINE = "'baseline: 0'"


def matrix_lines(
    reading: MatrixReading, how: str, other_sheets: Sequence[str], replaced: int
) -> Iterator[str]:
    """Yield what was taken for what, then what could not be placed."""
    yield f"read as {how}, with the headings in line {reading.heading_line}"
    if other_sheets:
        yield f"did not read {_quoted(other_sheets)}; choose one with --sheet"
    yield from _columns(reading.columns)
    yield from _scale(reading)
    yield _counts(reading.data)
    if replaced:
        yield f"replaced control or hidden characters in {count(replaced, 'cell')}"
    yield from _notes(reading)


def _columns(columns: Sequence[MatrixColumn]) -> Iterator[str]:
    by_meaning: dict[ColumnMeaning, list[MatrixColumn]] = defaultdict(list)
    for column in columns:
        by_meaning[column.meaning].append(column)
    for meaning in ColumnMeaning:
        alike = by_meaning[meaning]
        if not alike or meaning in {ColumnMeaning.IGNORE, ColumnMeaning.BASELINE}:
            continue
        by_position = " (from its position)" if alike[0].by is TakenBy.POSITION else ""
        yield f"{_title(meaning, len(alike))}: {_quoted(list(map(_shown, alike)))}{by_position}"


def _title(meaning: ColumnMeaning, number: int) -> str:
    if meaning is ColumnMeaning.OWN:
        return "kept as it is"
    plural = "s" if number > 1 and meaning in {ColumnMeaning.ROLE, ColumnMeaning.LEVEL} else ""
    is_of_role = meaning in OF_ROLES and meaning is not ColumnMeaning.ROLE
    return f"{meaning}{plural}{' of roles' if is_of_role else ''}"


def _shown(column: MatrixColumn) -> str:
    if column.meaning is ColumnMeaning.LEVEL and column.level is not None:
        number = show_number(column.level)
        return column.heading if number in column.heading else f"{column.heading} = {number}"
    if column.meaning is ColumnMeaning.ROLE:
        return column.name
    return column.heading


def _scale(reading: MatrixReading) -> Iterator[str]:
    if reading.scale_source is ScaleSource.NONE:
        yield _NO_SCALE
        return
    steps = [
        f"{show_number(level)} {step['label']}" for level, step in reading.data["scale"].items()
    ]
    yield f"scale: {_few(steps)}; {_SOURCES[reading.scale_source]}"


def _counts(data: Mapping[str, object]) -> str:
    domains = data["domains"]
    roles = data.get("roles", {})
    assert isinstance(domains, dict) and isinstance(roles, dict)  # noqa: S101, PT018  for mypy
    competences = sum(len(domain["competences"]) for domain in domains.values())
    parts = (count(competences, "competence"), count(len(domains), "domain"))
    return f"made {' in '.join(parts)} and {count(len(roles), 'role')}"


def _notes(reading: MatrixReading) -> Iterator[str]:
    by_kind: dict[NoteKind, list[MatrixNote]] = defaultdict(list)
    for note in reading.notes:
        by_kind[note.kind].append(note)
    for kind, (text, *nouns) in _NOTES.items():
        notes = by_kind[kind]
        if notes:
            yield f"{text.format(count(len(notes), *nouns))}: {_few(list(map(_note, notes)))}"
    if by_kind[NoteKind.NO_LEVEL]:
        yield _no_level(by_kind[NoteKind.NO_LEVEL])
    for note in by_kind[NoteKind.LOWEST_LEVEL]:
        yield (
            f"{count(note.cases, 'requirement')} of level {note.text} "
            f"{'counts' if note.cases == 1 else 'count'} for nothing, since scores count from the "
            f"lowest level; if it takes something to reach, set a baseline "
            f"below it with --map: {_BASELINE}"
        )
    for note in by_kind[NoteKind.LOWEST_TEXTS]:
        yield (
            f"{count(note.cases, 'competence')} "
            f"{'describes' if note.cases == 1 else 'describe'} level {note.text}, and scores count from "
            f"it; if it takes something to reach, set a baseline below it with --map: {_BASELINE}"
        )


def _no_level(notes: Sequence[MatrixNote]) -> str:
    texts = count(sum(note.cases for note in notes), "text")
    lines = ", ".join(
        f'"{note.text}": role at level {level}' for level, note in enumerate(notes[:_MOST], 1)
    )
    return (
        f"the table has {texts} about {_quoted([note.text for note in notes])} and no level for "
        f"them; name it with --map, such as 'columns: {{{lines}}}' ('role and level 1' if the "
        "texts describe the level itself), or add a column of levels beside each"
    )


def _note(note: MatrixNote) -> str:
    line = f"line {note.line}, " if note.line else ""
    return f"{line}{_short(note.text)}"


def _quoted(texts: Sequence[str]) -> str:
    return _few([f"'{_short(text)}'" for text in texts])


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST
    return ", ".join(texts[:_MOST]) + (f" and {more:,} more" if more > 0 else "")


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
