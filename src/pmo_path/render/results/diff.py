"""The differences between two frameworks in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pmo_path.domain.diff.model import ChangeKind, Direction, Element, Step, VersionStatus
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import show_rating
from pmo_path.render.document import ARROW, Document, Facts, Paragraph, Section
from pmo_path.render.formats.json import SCHEMA, plain
from pmo_path.render.formats.registry import Result
from pmo_path.render.words import cost_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.matching import RatingsCheck, ReadDifferently
    from pmo_path.domain.diff.model import (
        Change,
        FrameworkDiff,
        LevelRange,
        RequirementFacts,
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
_REQUIREMENT_LABELS: Mapping[Direction | None, str] = {
    Direction.MORE: "raised",
    Direction.NEW: "new",
    Direction.MIXED: "raised and lowered",
    Direction.LESS: "lowered",
    Direction.GONE: "removed",
    Direction.IMPORTANCE: "importance",
}
_COUNTED: Mapping[Direction | None, str] = {Direction.IMPORTANCE: "with another importance"}
_THRESHOLD_LABELS: Mapping[Direction | None, str] = {
    Direction.MORE: "harder",
    Direction.LESS: "easier",
    Direction.MIXED: "harder and easier",
}
_KEY_NAMES = {"levels": "anchors", "how_to_rate": "how to rate", "second_rater": "second rater"}
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
        return f"{after.title}, version {_change(before.version, after.version)}"
    names = (f"{version.title} ({version.id} {version.version})" for version in (before, after))
    return f" {ARROW} ".join(names)


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
        f"{_count(competences, 'competence')} and {common.roles} of {_count(roles, 'role')} are "
        "in both."
    )


def _demanding_roles(diff: FrameworkDiff) -> str:
    roles = dict.fromkeys(
        change.subject.name
        for change in diff.changes
        if change.kind is ChangeKind.REQUIREMENT and change.direction in _DEMANDING
    )
    if roles:
        number = f"{len(roles)} of {_count(diff.after.roles, 'role')}"
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
        for direction, label in _REQUIREMENT_LABELS.items()
        if direction in directions
    ]
    if None in directions:
        counts.append("other career paths")
    rows = tuple((_label(change), _words(change)) for change in changes)
    return Section(changes[0].subject.name, (Facts(rows, indent=1),), note=", ".join(counts))


def _rows(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Labels and words; what happened to one element in the same way is one row."""
    for (label, _), same in groupby(
        changes, key=lambda change: (_label(change), change.subject.id)
    ):
        first, *others = same
        text = "; ".join(filter(None, map(_words, (first, *others))))
        yield label, ": ".join(filter(None, (_subject(first.subject), text)))


def _subject(subject: Subject) -> str:
    match subject.element:
        case Element.FRAMEWORK:
            return ""
        case Element.LEVEL:
            return f"{subject.id} ({subject.name})"
        case _:
            return subject.name


# --- Each kind of change ------------------------------------------------------------------------


def _label(change: Change) -> str:
    label = _KINDS[change.kind][0]
    return label if isinstance(label, str) else label[change.direction]


def _words(change: Change) -> str:
    return _KINDS[change.kind][1](change)


def _requirement(change: Change) -> str:
    before, after = change.before, change.after
    if after is None:
        text = f"was {', '.join(_required(before))}"
    elif before is None:
        text = ", ".join((*_required(after), f"importance {show_number(after.importance)}"))
    else:
        text = ", ".join(_requirement_parts(before, after))
    return f"{_competence(change)}: {text}"


def _competence(change: Change) -> str:
    competence = change.subject.competence
    return "" if competence is None else competence.name


def _required(facts: RequirementFacts) -> Iterator[str]:
    yield f"level {show_number(facts.level)}{_in_brackets(facts.label)}"
    if facts.must_have is not None:
        yield f"must-have {show_number(facts.must_have)}"


def _requirement_parts(before: RequirementFacts, after: RequirementFacts) -> Iterator[str]:
    if before.level != after.level:
        yield f"level {_number_change(before.level, after.level)}{_in_brackets(after.label)}"
    if before.must_have != after.must_have:
        yield f"must-have {_number_change(before.must_have, after.must_have)}"
    if before.importance != after.importance:
        yield f"importance {_number_change(before.importance, after.importance)}"


def _path(change: Change) -> str:
    if change.after is None:
        return f"no longer leads to {change.before.name}"
    return f"now leads to {change.after.name}"


def _threshold(change: Change) -> str:
    before, after = change.before, change.after
    parts = []
    if before.at_least != after.at_least:
        parts.append(f"at least {_number_change(before.at_least, after.at_least)} %")
    for key, name in (
        ("max_must_haves_missing", "must-haves missing"),
        ("max_must_have_gap", "each short by"),
    ):
        limits = [_limit(getattr(threshold, key)) for threshold in (before, after)]
        if limits[0] != limits[1]:
            parts.append(f"{name} {_change(*limits)}")
    return ", ".join(parts)


def _limit(maximum: Decimal | int | None) -> str:
    return "any number" if maximum is None else f"at most {maximum}"


def _added(change: Change) -> str:
    facts = change.after
    match change.subject.element:
        case Element.ROLE:
            competences = _count(facts.requirements, "competence")
            return f"requires {competences}, {_count(facts.must_haves, 'must-have')}"
        case Element.COMPETENCE:
            roles = ", ".join(role.name for role in facts.required_by)
            return f"in {facts.domain.name}; required by {roles or 'no role'}"
        case _:
            return ""


def _renamed(change: Change) -> str:
    before, after = change.before, change.after
    if before.name == after.name:
        return f"id {before.id} {ARROW} {after.id}"
    return f"was {before.name}"


def _develops(change: Change) -> str:
    name = _competence(change)
    if change.after is None:
        return f"no longer {name}"
    if change.before is None:
        return f"now {name}, {_range(change.after)}"
    return f"{name} {_range(change.before)} {ARROW} {_range(change.after)}"


def _range(levels: LevelRange) -> str:
    if levels.from_level is None or levels.to_level is None:
        return "levels not known"
    return f"{show_number(levels.from_level)} to {show_number(levels.to_level)}"


def _suits(change: Change) -> str:
    before, after = (
        ", ".join(role.name for role in roles) or "any role"
        for roles in (change.before, change.after)
    )
    return f"for {before} {ARROW} {after}"


def _cost(change: Change) -> str:
    before, after = (cost_words(cost) or "not known" for cost in (change.before, change.after))
    return f"cost {before} {ARROW} {after}"


def _text(change: Change) -> str:
    key = change.subject.key
    was = f" (was {change.before})" if key in {"name", "title", "label"} else ""
    name = f"{_KEY_NAMES.get(key, key)}{was}"
    return ": ".join(filter(None, (_competence(change), name)))


_KINDS: Mapping[
    ChangeKind, tuple[str | Mapping[Direction | None, str], Callable[[Change], str]]
] = {
    ChangeKind.REQUIREMENT: (_REQUIREMENT_LABELS, _requirement),
    ChangeKind.PATH: ("path", _path),
    ChangeKind.THRESHOLD: (_THRESHOLD_LABELS, _threshold),
    ChangeKind.ADDED: ("added", _added),
    ChangeKind.REMOVED: (
        "removed",
        lambda change: f"its name now leads to {change.after.name}" if change.after else "",
    ),
    ChangeKind.RENAMED: ("renamed", _renamed),
    ChangeKind.MOVED: (
        "moved",
        lambda change: f"{change.before.name} {ARROW} {change.after.name}",
    ),
    ChangeKind.DEVELOPS: ("develops", _develops),
    ChangeKind.SUITS: ("suits", _suits),
    ChangeKind.TYPE: ("type", lambda change: f"{change.before} {ARROW} {change.after}"),
    ChangeKind.COST: ("changed", _cost),
    ChangeKind.LABEL: ("label", lambda change: f"was '{change.before}'"),
    ChangeKind.LABEL_MOVED: (
        "label",
        lambda change: f"was '{change.before}', which is now the label of another level",
    ),
    ChangeKind.RATED_BY: ("reworded", _text),
    ChangeKind.KEY: (
        "key",
        lambda change: f"{'now' if change.after else 'no longer'} a key competence",
    ),
    ChangeKind.TEXT: ("changed", _text),
}
"""The label of each kind of change, and the words for what changed."""


# --- Ratings ------------------------------------------------------------------------------------


def _ratings(checks: Sequence[RatingsCheck]) -> Section:
    """Which ratings no longer fit, by file."""
    files: list[Block] = [_file(check) for check in checks if not check.is_fine]
    fine = len(checks) - len(files)
    if fine:
        others = "other " if files else ""
        files.append(Paragraph(f"{_count(fine, f'{others}ratings file')}: every rating fits"))
    return Section("Ratings", tuple(files))


def _file(check: RatingsCheck) -> Section:
    counts = [
        (len(check.misfits), "rating no longer fits", "ratings no longer fit"),
        (
            len(check.read_differently),
            "rating changes its meaning",
            "ratings change their meaning",
        ),
        (len(check.mistakes), "mistake was there already", "mistakes were there already"),
    ]
    note = ", ".join(
        f"{count} {singular if count == 1 else plural}"
        for count, singular, plural in counts
        if count
    )
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
    return label, f"{lead}{problem.message}{_in_brackets(problem.hint)}"


# --- Small words --------------------------------------------------------------------------------


def _in_brackets(label: str) -> str:
    return f" ({label})" if label else ""


def _number_change(before: Decimal | None, after: Decimal | None) -> str:
    return _change(
        *("none" if number is None else show_number(number) for number in (before, after))
    )


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} {ARROW} {after}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
