"""The rules on names: nothing is known as something else is; advice on what is listed twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import fold, fold_word
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, named_by_itself, spellings
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import advice_rule, error_rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


@error_rule()
def shared_names(framework: Framework) -> Iterator[Finding]:
    """Find two entries of one kind with the same name, alias or id."""
    named: dict[str, _Named] = defaultdict(_Named)
    for entry in traversal.named_entries(framework):
        for label in _labels(entry):
            first = named[entry.kind].add(label)
            if first.owner != label.owner:
                yield Finding(
                    code=Code.AMBIGUOUS_NAME,
                    message=f"two {entry.kind} are known as '{label.text}': "
                    f"'{first.owner}' and '{label.owner}'",
                    path=label.path,
                    at_key=label.text == label.owner,
                    hint="rename one of them, or take the alias out",
                    related=(first.path, f"'{first.owner}' has it here"),
                )


class _Label(NamedTuple):
    """An id, a name or an alias."""

    owner: str
    """The id of the entry."""
    text: str
    path: Path
    domain: str = ""
    """The domain within which the text must be unique; empty for the whole framework."""


def _labels(entry: traversal.NamedEntry) -> Iterator[_Label]:
    yield _Label(entry.id, entry.id, entry.path)
    yield _Label(entry.id, entry.name, entry.name_path, entry.domain)
    for position, alias in enumerate(entry.aliases):
        yield _Label(entry.id, alias, (*entry.path, "aliases", position), entry.domain)


class _Named:
    """The labels of one kind of entry seen so far."""

    def __init__(self) -> None:
        self._everywhere: dict[str, _Label] = {}
        self._unique: dict[tuple[str, str], _Label] = {}

    def add(self, label: _Label) -> _Label:
        """The first label that must not be the same as this one; the label itself for none."""
        word = fold_word(label.text)
        first = self._unique.setdefault((label.domain, word), label)
        anywhere = self._everywhere.setdefault(word, label)
        if first.owner != label.owner:
            return first
        return self._unique.get(("", word), label) if label.domain else anywhere


@error_rule()
def shared_labels(framework: Framework) -> Iterator[Finding]:
    """A level of the scale whose label is read as another level, or as not applicable."""
    first: dict[str, Decimal] = {}
    written = framework.written_scale
    # A label that the baseline shares with a level is a mistake of the baseline's.
    for level, step in {**written, **framework.scale}.items():
        plain = named_by_itself(step.label)
        labels = spellings(level, step.label)
        others = (first.setdefault(word, level) for word in labels)
        if plain == NOT_APPLICABLE:
            message = f"{_label(level, step.label)} means not applicable in ratings"
            yield _misread(framework, level, message)
        elif plain is not None and plain != level and plain in framework.scale:
            named = show_number(plain)
            yield _misread(
                framework,
                level,
                f"{_label(level, step.label)} names the level {named} in ratings",
                (_level_path(framework, plain)[:2], f"{named} is here"),
            )
        elif (other := next((other for other in others if other != level), None)) is not None:
            yield _misread(
                framework,
                level,
                f"two levels are known as '{step.label}': {show_number(other)} and "
                f"{show_number(level)}",
                (_level_path(framework, other), f"{show_number(other)} has it here"),
            )


def _label(level: Decimal, label: str) -> str:
    return f"'{label}', the label of {show_number(level)},"


def _level_path(framework: Framework, level: Decimal) -> Path:
    """Where the label of a level is in the file."""
    is_baseline = level == framework.baseline and level not in framework.written_scale
    return ("baseline_label",) if is_baseline else ("scale", show_number(level), "label")


def _misread(
    framework: Framework, level: Decimal, message: str, related: tuple[Path, str] | None = None
) -> Finding:
    return Finding(
        code=Code.AMBIGUOUS_NAME,
        message=message,
        path=_level_path(framework, level),
        hint="give each level words of its own",
        related=related,
    )


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
    for key, training in framework.training.items():
        texts = [(fold(text), text) for text in training.prerequisites]
        yield from _repeated(("training", key, "prerequisites"), texts, {})
    for entry in traversal.named_entries(framework):
        aliases = [(fold(alias), alias) for alias in entry.aliases]
        first = {fold(entry.name): entry.name_path}
        yield from _repeated((*entry.path, "aliases"), aliases, first)


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
