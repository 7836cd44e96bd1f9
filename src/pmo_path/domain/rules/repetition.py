"""Advice on what a framework says twice: labels of bands, entries of lists, names as aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import fold
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import advice_rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


@advice_rule(Code.DUPLICATE_BAND_LABEL)
def bands_with_one_label(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """Two readiness bands with the same label."""
    first: dict[str, Path] = {}
    for key, band in framework.readiness.items():
        path: Path = ("readiness", key, "label")
        first_path = first.setdefault(fold(band.label), path)
        if first_path != path:
            yield Finding(
                code=Code.DUPLICATE_BAND_LABEL,
                message=f"the bands '{first_path[1]}' and '{key}' have the same label",
                path=path,
                hint="give each band a label of its own, since a verdict shows only that",
                related=(first_path, "the same label is here"),
            )


@advice_rule(Code.REPEATED_ENTRY)
def repeated_entries(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """An entry that is listed twice, or an alias that adds no name."""
    for path, ids in (*traversal.role_lists(framework), *traversal.developed_lists(framework)):
        yield from _repeated(path, [(key, key) for key in ids], {})
    for path, prerequisites in traversal.prerequisite_lists(framework):
        yield from _repeated(path, [(fold(text), text) for text in prerequisites], {})
    for path, name_key, name, aliases in traversal.aliases(framework):
        entries = [(fold(alias), alias) for alias in aliases]
        yield from _repeated((*path, "aliases"), entries, {fold(name): (*path, name_key)})


def _repeated(
    path: Path, entries: list[tuple[str, str]], first: dict[str, Path]
) -> Iterator[Finding]:
    """The entries of a list, each as its key and text, whose key is in `first` or comes again."""
    for position, (key, text) in enumerate(entries):
        entry_path: Path = (*path, position)
        first_path = first.setdefault(key, entry_path)
        if first_path != entry_path:
            yield Finding(
                code=Code.REPEATED_ENTRY,
                message=f"'{text}' is there already",
                path=entry_path,
                hint="take it out",
                related=(first_path, "it is here as well"),
            )
