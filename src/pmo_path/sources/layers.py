"""Places in an overlay and the files below it: a mistake is shown in the file that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.diagnostics import Finding, Path, Place
    from pmo_path.sources.document import Places
    from pmo_path.sources.yaml_source import SourceMap


class Layers(NamedTuple):
    """An overlay over its base; the base may itself be such layers."""

    top: SourceMap
    base: Places
    removed: Mapping[Path, Path]
    """Where the overlay takes something away: by its kind's top-level key and its id."""

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

        The base was right before, so an error that points into it comes from something above:
        the other half of a conflict, what was taken away, or the nearest entry that was changed.
        """
        if finding.severity is not Severity.ERROR or self._is_in_top(finding.path):
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
        depth = self.top.depth_of(finding.path)
        return finding._replace(
            path=finding.path[:depth], at_key=True, related=(finding.path, "it comes from here")
        )

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
