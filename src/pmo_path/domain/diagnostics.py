"""Diagnostics: mistakes in an input, each with its position, a stable code and a hint.

Standard library only, so that the edge can import it without loading the models.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.codes import Code, Severity

Path = tuple[str | int, ...]
"""The path to a value in a document: keys and list indexes from the top, like pydantic's `loc`."""


class Place(NamedTuple):
    """A position in a text file; lines and columns count from 1, columns in characters.

    Line 0 means the whole file.
    """

    file: str
    line: int = 0
    column: int = 0


class Finding(NamedTuple):
    """A mistake found in the data, located by its path and not yet by a line."""

    code: Code
    message: str
    path: Path = ()
    at_key: bool = False
    """Whether to point at the key instead of its value."""
    hint: str = ""
    related: tuple[Path, str] | None = None
    """The path to a second part of the mistake, and its description."""
    missing: Path = ()
    """The section and id of an entity that the file refers to but does not define."""
    rests_on: tuple[Path, ...] = ()
    """Other entities that the finding depends on, likeliest first, each written as in `missing`."""

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return self.code.severity


class Diagnostic(NamedTuple):
    """A mistake ready to be shown: its position, message and hint."""

    place: Place
    code: Code
    message: str
    hint: str = ""
    path: Path = ()
    source_line: str = ""
    related: tuple[Place, str] | None = None
    also: tuple[Place, ...] = ()
    """Other positions of the same mistake."""
    left_out: int = 0
    """The number of diagnostics with this code that it replaces; 0 for an ordinary diagnostic."""

    @property
    def occurrences(self) -> int:
        """The number of mistakes that it counts as."""
        return self.left_out or 1 + len(self.also)

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return self.code.severity


def total(diagnostics: Iterable[Diagnostic]) -> int:
    """The number of mistakes in all diagnostics together."""
    return sum(diagnostic.occurrences for diagnostic in diagnostics)


def grouped(diagnosed: Iterable[tuple[Finding, Diagnostic]]) -> Iterator[Diagnostic]:
    """Yield the diagnostics of findings; those about one missing entity are combined into one."""
    families: dict[object, list[Diagnostic]] = {}
    for number, (finding, diagnostic) in enumerate(diagnosed):
        key = (finding.code, finding.message, finding.missing) if finding.missing else number
        families.setdefault(key, []).append(diagnostic)
    for family in families.values():
        first = min(family, key=lambda diagnostic: diagnostic.place)
        others = {_apart(other, first) for other in family if other is not first}
        yield first._replace(also=tuple(sorted(others - {first.place})))


def _apart(diagnostic: Diagnostic, first: Diagnostic) -> Place:
    """The position that tells a diagnostic from `first`: its own, or else its related one."""
    related = diagnostic.related
    is_same = diagnostic.place == first.place and related is not None and related != first.related
    return related[0] if is_same and related else diagnostic.place


MOST_ALIKE = 1000
"""The most diagnostics with one code that are shown for one file."""


def bounded(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics, at most `MOST_ALIKE` per file and code, and then one that counts the rest."""
    shown: list[Diagnostic] = []
    alike: Counter[tuple[str, Code]] = Counter()
    left_out: dict[tuple[str, Code], tuple[int, list[Diagnostic]]] = {}
    for diagnostic in diagnostics:
        kind = (diagnostic.place.file, diagnostic.code)
        alike[kind] += 1
        if alike[kind] <= MOST_ALIKE:
            shown.append(diagnostic)
        elif kind in left_out:
            left_out[kind][1].append(diagnostic)
        else:
            left_out[kind] = len(shown), [diagnostic]
            shown.append(diagnostic)
    for position, others in left_out.values():
        if len(others) > 1:
            shown[position] = _and_more(others)
    return shown


def _and_more(others: Sequence[Diagnostic]) -> Diagnostic:
    count = total(others)
    return Diagnostic(
        place=others[0].place,
        code=others[0].code,
        message=f"and {count} more of these, from here on",
        hint=f"fix the first {MOST_ALIKE}, or what causes them, and run this again",
        left_out=count,
    )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort diagnostics by file, line, column and code, and drop duplicates.

    A value that a YAML file uses at several paths, through an alias, is one mistake.
    """
    once: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in diagnostics:
        position, related = diagnostic.place, diagnostic.related
        once.setdefault((position, diagnostic.code, diagnostic.message, related), diagnostic)
    return tuple(
        sorted(
            once.values(),
            key=lambda diagnostic: (
                diagnostic.place,
                diagnostic.severity,
                diagnostic.code,
                diagnostic.message,
            ),
        )
    )
