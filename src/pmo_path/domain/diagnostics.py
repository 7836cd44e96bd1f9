"""Diagnostics: a mistake in an input, with its place, a stable code and what to do about it.

Standard library only, so that the edge can import it without loading the models.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.codes import Code, Severity

Path = tuple[str | int, ...]
"""Where in a document: keys and positions from the top, as pydantic's `loc` has them."""


class Place(NamedTuple):
    """A place in a text file; line and column count from 1, columns in characters.

    Line 0 stands for the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0


class Finding(NamedTuple):
    """What a rule found, before anyone knows at which line it stands."""

    code: Code
    message: str
    path: Path = ()
    at_key: bool = False
    """Point at the key that names the thing, not at its value."""
    hint: str = ""
    related: tuple[Path, str] | None = None
    """A second place that is part of the mistake, and what it is."""
    missing: Path = ()
    """The entity that the file refers to and does not have: its section and its id."""
    rests_on: tuple[Path, ...] = ()
    """What else decides whether it is found, likeliest first, each written as in `missing`."""

    @property
    def severity(self) -> Severity:
        """An error or advice, by its code."""
        return self.code.severity

    def under(self, prefix: Path) -> Finding:
        """The same finding seen from further up in the document."""
        return self._replace(path=(*prefix, *self.path))


class Diagnostic(NamedTuple):
    """One mistake, ready to be shown: where, what, and what to do."""

    place: Place
    code: Code
    message: str
    hint: str = ""
    path: Path = ()
    source_line: str = ""
    related: tuple[Place, str] | None = None
    also: tuple[Place, ...] = ()
    """Further places with the same mistake."""
    left_out: int = 0
    """How many diagnostics with this code are not shown, if it is in their place."""

    @property
    def occurrences(self) -> int:
        """How many mistakes it stands for."""
        return self.left_out or 1 + len(self.also)

    @property
    def severity(self) -> Severity:
        """An error or advice, by its code."""
        return self.code.severity


def total(diagnostics: Iterable[Diagnostic]) -> int:
    """How many mistakes diagnostics stand for."""
    return sum(diagnostic.occurrences for diagnostic in diagnostics)


def grouped(diagnosed: Iterable[tuple[Finding, Diagnostic]]) -> Iterator[Diagnostic]:
    """The diagnostics of findings, those of one missing entity as one with all its places."""
    families: dict[object, list[Diagnostic]] = {}
    for number, (finding, diagnostic) in enumerate(diagnosed):
        key = (finding.code, finding.message, finding.missing) if finding.missing else number
        families.setdefault(key, []).append(diagnostic)
    for family in families.values():
        first = min(family, key=lambda diagnostic: diagnostic.place)
        others = {_apart(other, first) for other in family if other is not first}
        yield first._replace(also=tuple(sorted(others - {first.place})))


def _apart(diagnostic: Diagnostic, first: Diagnostic) -> Place:
    """The place of a diagnostic; of one at the first's place, the second place that is its own."""
    related = diagnostic.related
    is_same = diagnostic.place == first.place and related is not None and related != first.related
    return related[0] if is_same and related else diagnostic.place


MOST_ALIKE = 1000
"""How many diagnostics with one code are shown of one file: more are read by nobody."""


def bounded(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics; where a file has too many with one code, the last one counts the others."""
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
    """The diagnostics by file, line, column and code, each once.

    A value that a file uses in several places is one mistake, whatever the paths to it.
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
