"""The differences between two frameworks in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pmo_path.domain.diff.model import ChangeKind, Direction, Element, Step, VersionStatus
from pmo_path.domain.ratings import show_rating
from pmo_path.render.document import Document, Facts, Paragraph, Section
from pmo_path.render.formats.json import SCHEMA, plain
from pmo_path.render.formats.registry import Result
from pmo_path.render.results.diff_changes import (
    REQUIREMENT_LABELS,
    change_label,
    change_words,
    count_or_no,
    in_brackets,
)
from pmo_path.render.words import change_text, count, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.matching import RatingsCheck, ReadDifferently
    from pmo_path.domain.diff.model import (
        Change,
        FrameworkDiff,
        Subject,
    )
    from pmo_path.render.document import Block

REASON_WORDS: Mapping[str, str] = {
    "requirement-raised": "a required level or must-have is raised, or a must-have is added",
    "requirement-new": "a role requires another competence",
    "band-raised": "a readiness band is harder to reach",
    "level-removed": "a level of the scale is removed",
    "label-moved": "a label now belongs to another level",
    "requirement-lowered": "a required level or must-have is lowered, or a must-have is removed",
    "requirement-removed": "a role no longer requires a competence",
    "importance": "the importance of a requirement changes",
    "role": "a role is added, removed or renamed, or leads to other roles",
    "competence": "a competence is added, removed, renamed or moved to another domain",
    "domain": "a domain is added, removed or renamed",
    "key": "a competence becomes a key competence, or no longer is one",
    "rated-by": (
        "what people rate by is reworded: anchors, behaviours, what roles expect, meanings of "
        "levels, how to rate"
    ),
    "scale": "a level is added to the scale, or has another label",
    "band": "a readiness band is easier to reach, or is added, removed or renamed",
    "training": (
        "training is added, removed or renamed, develops other levels, suits other roles or is of "
        "another type"
    ),
    "words": "texts or facts about courses change",
}
"""What each reason to raise the version means."""
_VERDICTS = {
    VersionStatus.OTHER_FRAMEWORK: (
        "'{before.id}' and '{after.id}' are different frameworks, so their versions cannot be "
        "compared."
    ),
    VersionStatus.NOT_A_VERSION: (
        "Version '{odd}' is not three numbers such as 1.0.0, so it cannot be checked."
    ),
    VersionStatus.LOWER: "Version {after.version} is lower than {before.version}; {needed}.",
    VersionStatus.NOT_RAISED: "The version is still {before.version}; {needed}.",
    VersionStatus.TOO_LOW: "Version {after.version} is too low; {needed}.",
    VersionStatus.RAISED: "Version {after.version} is high enough: {needed}.",
    VersionStatus.UNCHANGED: "Version {after.version} can stay.",
    VersionStatus.NOT_NEEDED: "Version {after.version} is higher than necessary, which is fine.",
}
_SECTIONS = {
    Element.ROLE: "Roles",
    Element.LEVEL: "Scale",
    Element.BAND: "Readiness bands",
    Element.COMPETENCE: "Competences",
    Element.COURSE: "Training",
    Element.DOMAIN: "Domains",
    Element.FRAMEWORK: "Framework",
}
_COUNTED: Mapping[Direction | None, str] = {Direction.IMPORTANCE: "with another importance"}
_DEMANDING = frozenset({Direction.MORE, Direction.NEW, Direction.MIXED})


def diff_result(diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None = None) -> Result:
    """The differences for any format; `checks` are None without ratings files."""
    return Result(lambda: diff_document(diff, checks), lambda: _record(diff, checks))


def diff_document(diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None = None) -> Document:
    """The version that the new framework needs, and every change, what matters most first."""
    lead, *others = _opening(diff)
    return Document(
        title=_title(diff),
        verdict=lead,
        opening=tuple(map(Paragraph, others)),
        sections=(*_sections(diff), *(() if checks is None else [_ratings(checks)])),
    )


def _record(diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None) -> dict[str, Any]:
    version = diff.version
    return {
        "schema": SCHEMA,
        **plain(diff),
        "changed": bool(diff.changes),
        "version": {
            **plain(version),
            "reasons": [
                {**plain(reason), "words": REASON_WORDS[reason.key]} for reason in version.reasons
            ],
            "follows": version.follows,
            "verdict": verdict(diff),
        },
        "ratings": None if checks is None else list(map(_check_record, checks)),
    }


def _check_record(check: RatingsCheck) -> dict[str, Any]:
    return {
        "file": check.file,
        "no_longer_fit": list(map(_problem_record, check.misfits)),
        "read_differently": list(map(_difference, check.read_differently)),
        "wrong_already": list(map(_problem_record, check.mistakes)),
    }


def _problem_record(problem: Diagnostic) -> dict[str, Any]:
    return {
        "line": problem.place.line or None,
        "column": problem.place.column or None,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


# --- Head ---------------------------------------------------------------------------------------


def _title(diff: FrameworkDiff) -> str:
    before, after = diff.before, diff.after
    if before.id == after.id:
        return f"{after.title}, version {change_text(before.version, after.version)}"
    names = (f"{version.title} ({version.id} {version.version})" for version in (before, after))
    return change_text(*names)


def _opening(diff: FrameworkDiff) -> list[str]:
    """The first sentences: which roles require more, and which version the framework needs."""
    before, after = diff.before, diff.after
    if diff.is_unrelated:
        return [_unrelated(diff), verdict(diff)]
    if not diff.changes:
        is_same = (before.id, before.version) == (after.id, after.version)
        unchanged = "Nothing changed: both have the same content."
        return [unchanged] if is_same else [unchanged, verdict(diff)]
    reasons = [reason for reason in diff.version.reasons if reason.step is diff.version.step]
    why = "; ".join(REASON_WORDS[reason.key] for reason in reasons)
    return [_demanding_roles(diff), verdict(diff), f"Why {diff.version.step}: {why}."]


def _unrelated(diff: FrameworkDiff) -> str:
    common, before, after = diff.in_common, diff.before, diff.after
    if not any(common):
        return "These two frameworks have nothing in common: no competence and no role is in both."
    competences = min(before.competences, after.competences)
    roles = min(before.roles, after.roles)
    return (
        f"These two frameworks have almost nothing in common: {common.competences} of "
        f"{count_or_no(competences, 'competence')} and {common.roles} of {count_or_no(roles, 'role')} are "
        "in both."
    )


def _demanding_roles(diff: FrameworkDiff) -> str:
    roles = dict.fromkeys(
        change.subject.name
        for change in diff.changes
        if change.kind is ChangeKind.REQUIREMENT and change.direction in _DEMANDING
    )
    if roles:
        number = f"{len(roles)} of {count_or_no(diff.after.roles, 'role')}"
        return f"More is required in {number}: {', '.join(roles)}."
    if not diff.in_common.roles:
        return "The two have no role in common, so there are no requirements to compare."
    return "No role requires more than before."


def verdict(diff: FrameworkDiff) -> str:
    """Whether the version of the new framework is high enough."""
    before, after, version = diff.before, diff.after, diff.version
    needed = f"these changes need a {version.step} bump, {version.at_least} or higher"
    if version.step is Step.NONE:
        needed = "a version never goes down"
    odd = before.version if version.at_least is None else after.version
    return _VERDICTS[version.status].format(before=before, after=after, needed=needed, odd=odd)


# --- Sections -----------------------------------------------------------------------------------


def _sections(diff: FrameworkDiff) -> Iterator[Section]:
    by_role: dict[str, list[Change]] = {}
    others: dict[Element, list[Change]] = {}
    for change in diff.changes:
        if change.kind in {ChangeKind.REQUIREMENT, ChangeKind.PATH}:
            by_role.setdefault(change.subject.id, []).append(change)
        else:
            others.setdefault(change.subject.element, []).append(change)
    if by_role:
        yield Section("Requirements by role", tuple(map(_role, by_role.values())))
    for element, changes in others.items():
        yield Section(_SECTIONS[element], (Facts(tuple(_rows(changes)), indent=1),))


def _role(changes: Sequence[Change]) -> Section:
    directions = [change.direction for change in changes]
    counts = [
        f"{directions.count(direction)} {_COUNTED.get(direction, label)}"
        for direction, label in REQUIREMENT_LABELS.items()
        if direction in directions
    ]
    if None in directions:
        counts.append("other career paths")
    rows = tuple((change_label(change), change_words(change)) for change in changes)
    return Section(changes[0].subject.name, (Facts(rows, indent=1),), note=", ".join(counts))


def _rows(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Labels and words; what happened to one element in the same way is one row."""
    for (label, _), same in groupby(
        changes, key=lambda change: (change_label(change), change.subject.id)
    ):
        first, *others = same
        text = "; ".join(filter(None, map(change_words, (first, *others))))
        yield label, joined((_subject(first.subject), text), ": ")


def _subject(subject: Subject) -> str:
    match subject.element:
        case Element.FRAMEWORK:
            return ""
        case Element.LEVEL:
            return f"{subject.id} ({subject.name})"
        case _:
            return subject.name


# --- Ratings ------------------------------------------------------------------------------------


def _ratings(checks: Sequence[RatingsCheck]) -> Section:
    """Which ratings no longer fit, by file."""
    files: list[Block] = [_file(check) for check in checks if not check.is_fine]
    fine = len(checks) - len(files)
    if fine:
        others = "other " if files else ""
        files.append(Paragraph(f"{count_or_no(fine, f'{others}ratings file')}: every rating fits"))
    return Section("Ratings", tuple(files))


def _file(check: RatingsCheck) -> Section:
    counts = (
        (check.misfits, "rating no longer fits", "ratings no longer fit"),
        (check.read_differently, "rating changes its meaning", "ratings change their meaning"),
        (check.mistakes, "mistake was there already", "mistakes were there already"),
    )
    note = ", ".join(count(len(each), *nouns) for each, *nouns in counts if each)
    rows = (
        *map(_problem, check.misfits),
        *(("read differently", _difference(change)) for change in check.read_differently),
        *(_problem(mistake, "already wrong: ") for mistake in check.mistakes),
    )
    return Section(check.file, (Facts(rows, indent=1),), note=note)


def _difference(change: ReadDifferently) -> str:
    """How a rating is read by the new framework."""
    if change.is_moved:
        return f"the rating for '{change.competence}' now counts for another competence"
    before, after = (show_rating(level, "unrated") for level in (change.before, change.after))
    return f"the rating for '{change.competence}' was {before} and is now {after}"


def _problem(problem: Diagnostic, lead: str = "") -> tuple[str, str]:
    label = f"line {problem.place.line}" if problem.place.line else "file"
    return label, f"{lead}{problem.message}{in_brackets(problem.hint)}"
