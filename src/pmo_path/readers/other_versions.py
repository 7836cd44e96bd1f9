"""Ratings for a comparison: also those given on another version of the framework in use.

Such a file may name competences, levels and roles that the framework in use does not have. That
is no mistake in it: what does not fit is set aside, with its place and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.domain.codes import Code
from pmo_path.domain.compare.inputs import RatedFile, RemarkKind, Unfit, facts, remark
from pmo_path.domain.compare.versions import followed, no_competence, no_level
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.numbers import show_number
from pmo_path.readers.filetype import identify
from pmo_path.readers.ratings import (
    named_framework,
    on_another_framework,
    ratings_document,
    read_ratings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.compare.inputs import Remark
    from pmo_path.domain.compare.versions import Lost
    from pmo_path.domain.diagnostics import Finding
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.parsed import ParsedFile
    from pmo_path.readers.ratings import ReadRatings


def read_on_any_version(
    content: bytes, name: str, framework: Framework, old: Framework | None
) -> RatedFile:
    """The ratings in a file's bytes, on the framework in use.

    A file that names another version is read with `old` when that is the version, and answers
    follow to what was renamed; else it is read as if on the framework in use. What does not fit
    is set aside. Raises InputInvalid for mistakes, and for ratings on another framework.
    """
    document = ratings_document(identify(content, name), framework)
    identity, version = named_framework(document)
    if identity not in {None, framework.framework.id}:
        hint = ", if all files are on it; levels on different frameworks cannot be compared"
        finding = on_another_framework(str(identity), framework, "", hint)
        raise InputInvalid(document.diagnose([finding]))
    if version in {None, framework.framework.version}:
        return _read_strictly(read_ratings(document, framework), name)
    if old is not None and version == old.framework.version:
        return _read_on(old, framework, read_ratings(document, old), name)
    return _read_leniently(document, framework, name, version)


def _read_strictly(read: ReadRatings, name: str) -> RatedFile:
    return RatedFile(name, read.checked().ratings, remarks=tuple(_notes(read, name)))


def _notes(read: ReadRatings, name: str) -> Iterator[Remark]:
    return (
        remark(RemarkKind.READ_AS, file=name, line=line, note=note) for line, note in read.notes()
    )


def _roles_gone(name: str, roles: Iterable[str]) -> Iterator[Remark]:
    return (remark(RemarkKind.ROLE_GONE, file=name, role=role) for role in roles)


def _read_on(old: Framework, framework: Framework, read: ReadRatings, name: str) -> RatedFile:
    file = _read_strictly(read, name)
    result = followed(old, framework, read.ratings)
    return file._replace(
        ratings=result.ratings,
        unfit=tuple(_lost(old, read, name, lost) for lost in result.lost),
        not_there=result.not_there,
        followed=True,
        remarks=(*file.remarks, *_roles_gone(name, result.lost_roles)),
    )


def _lost(old: Framework, read: ReadRatings, name: str, lost: Lost) -> Unfit:
    called = old.shown_name(lost.key)
    return Unfit(name, read.line(lost.key), called, lost.competence, lost.answer, lost.reason)


def _read_leniently(
    document: ParsedFile, framework: Framework, name: str, version: str
) -> RatedFile:
    read = read_ratings(_by_id_first(document, framework), framework)
    answers = (_unfit(document, framework, name, finding) for finding in read.misfits)
    used = framework.framework.version
    return RatedFile(
        name,
        read.ratings,
        tuple(answer for answer in answers if answer is not None),
        remarks=(
            remark(RemarkKind.OTHER_VERSION, file=name, version=version, used=used),
            *_roles_gone(name, _roles_not_in_use(document, read)),
            *_notes(read, name),
        ),
    )


def _by_id_first(document: ParsedFile, framework: Framework) -> ParsedFile:
    """The document so that a competence's own id goes before an alias, where both are rated."""
    if not isinstance(document.data, Mapping):
        return document
    ratings = document.data.get("ratings")
    if not isinstance(ratings, Mapping):
        return document
    ordered = sorted(ratings.items(), key=lambda entry: entry[0] not in framework.competences)
    return document._replace(data={**document.data, "ratings": dict(ordered)})


def _unfit(
    document: ParsedFile, framework: Framework, name: str, finding: Finding
) -> Unfit | None:
    """The answer behind a misfit; None for an empty one, with which nothing is lost."""
    field, *rest = finding.path
    if field != "ratings":
        return None
    label = rest[0]
    answer = _answer(document.data["ratings"][label])
    if not answer:
        return None
    line = document.positions.position(("ratings", label), at_key=True).line
    unfit = Unfit(name, line, str(label), None, answer, no_competence())
    match finding.code:
        case Code.RATING_OFF_SCALE:
            known = framework.competence_names.find(str(label))
            competence = None if known is None else facts(framework, known)
            return unfit._replace(competence=competence, reason=no_level(framework, answer))
        case Code.DUPLICATE_RATING if finding.related is not None:
            return unfit._replace(
                reason=remark(RemarkKind.SAME_COMPETENCE, other=str(finding.related[0][-1]))
            )
        case _:
            return unfit


def _answer(value: Any) -> str:
    """The answer as written in the file; empty if there is no answer."""
    level = value.get("level") if isinstance(value, Mapping) else value
    if level is None:
        return ""
    return show_number(level) if isinstance(level, Decimal) else str(level).strip()


def _roles_not_in_use(document: ParsedFile, read: ReadRatings) -> Iterator[str]:
    fields = (
        finding.path[0] for finding in read.misfits if finding.code == Code.UNKNOWN_TARGET_ROLE
    )
    yield from dict.fromkeys(str(document.data[field]) for field in fields)
