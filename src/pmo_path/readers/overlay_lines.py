"""Places in an overlay and the files below it: a mistake is shown in the file that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diagnostics import Severity
from pmo_path.readers.overlay import EXTENDS, things_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.diagnostics import Finding, Path, Place
    from pmo_path.readers.parsed import Places
    from pmo_path.readers.yaml import SourceMap


class Layers(NamedTuple):
    """An overlay over its base; the base may itself be such layers."""

    top: SourceMap
    base: Places
    removed: Mapping[Path, Path]
    """Where the overlay takes something away: by its kind's top-level key and its id."""
    changed: Mapping[Path, Path]
    """Where the overlay first changes something about a thing, or about the scale's levels."""

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """The place of what `path` leads to, in the uppermost file that has it."""
        if self._is_in_top(path) or self.top.depth_of(path) >= self.base.depth_of(path):
            return self.top.place(path, at_key=at_key)
        return self.base.place(path, at_key=at_key)

    def depth_of(self, path: Path) -> int:
        """How many steps of `path` the files hold."""
        return max(self.top.depth_of(path), self.base.depth_of(path))

    def line(self, place: Place) -> str:
        """The text of the line that `place` is in."""
        return (self.top if place.file == self.top.file else self.base).line(place)

    def blamed(self, finding: Finding) -> Finding:
        """The finding, seen from what the overlay says.

        The base was right before, so what points into it comes from something above: the other
        half of a conflict, what was taken away, or what was changed about the same things.
        """
        if self._is_in_top(finding.path):
            return finding
        if finding.wanted in self.removed:
            named = (finding.path, "it is still named here")
            return finding._replace(
                path=self.removed[finding.wanted],
                at_key=True,
                message=f"{finding.message} any more, because this takes it out",
                hint=f"take it out there as well: {taking_out}"
                if (taking_out := _taking_out(finding.path))
                else "give that list anew, without it",
                related=named,
            )
        if finding.related is not None and self._is_in_top(finding.related[0]):
            there, _ = finding.related
            return finding._replace(path=there, related=(finding.path, "it conflicts with this"))
        is_error = finding.severity is Severity.ERROR
        about = "it comes from here" if is_error else "this is what it is about"
        return finding._replace(
            path=self._cause(finding), at_key=True, related=(finding.path, about)
        )

    def _cause(self, finding: Finding) -> Path:
        """Where the overlay is likeliest to bring about a finding that points into the base."""
        depth = self.top.depth_of(finding.path)
        things = tuple(things_on(finding.path))
        if depth and not things:
            return finding.path[:depth]
        if things and any(things[-1] == one for one in things_on(finding.path[:depth])):
            return finding.path[:depth]
        rests_on = (*finding.rests_on, *reversed(things))
        known = (self.changed[one] for one in rests_on if one in self.changed)
        return next(known, finding.path[:depth] or (EXTENDS,))

    def _is_in_top(self, path: Path) -> bool:
        return self.top.settles(path)


def _taking_out(path: Path) -> str:
    """What to write into an overlay to take out an entry of a mapping; nothing for a list's."""
    if isinstance(path[-1], int):
        return ""
    text = "null"
    for step in reversed(path):
        text = f"{{{step}: {text}}}"
    return text.removeprefix("{").removesuffix("}")
