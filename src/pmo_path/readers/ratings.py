"""Read a ratings file (YAML, JSON or a table) as ratings on a framework, or list its mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pmo_path.domain.cells import CellReader, doubt_shown
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.lookup import ambiguous_name
from pmo_path.domain.numbers import level_near
from pmo_path.domain.ratings import Ratings, answers_hint, level_named, show_rating
from pmo_path.domain.target_level import LevelRole
from pmo_path.readers.files import read_bytes
from pmo_path.readers.filetype import FileType, identify, refuse
from pmo_path.readers.parsed import validated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pmo_path.domain.diagnostics import Path as DocumentPath
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.filetype import IdentifiedFile
    from pmo_path.readers.parsed import ParsedFile


def load_ratings(path: Path, framework: Framework) -> Ratings:
    """The ratings in a file, by competence id. Raises InputInvalid with every error in it."""
    return ratings_from(read_bytes(path), str(path), framework)


def ratings_from(content: bytes, name: str, framework: Framework) -> Ratings:
    """The ratings in a file's bytes; the format comes from the name's ending or from the text.

    Competences and roles are found by id, name or alias, levels by number or label; the result
    has ids and exact levels alone. Raises InputInvalid with every error.
    """
    return ratings_read(identify(content, name), framework).ratings


def ratings_read(
    file: IdentifiedFile, framework: Framework, once_called: str | None = None
) -> ReadRatings:
    """Read the ratings together with all other facts in the file.

    `once_called` is an id that the framework had before. Raises InputInvalid with every error.
    """
    document = ratings_document(file, framework)
    return read_ratings(document, framework, once_called).checked()


class DoubtfulRating(NamedTuple):
    """A rating whose word programs write where there is no answer."""

    word: str
    level: Decimal | Literal["n/a"]
    path: DocumentPath


class ReadRatings(NamedTuple):
    """A ratings file as a framework reads it."""

    ratings: Ratings
    document: ParsedFile
    written: Mapping[str, Any]
    """The name in the file of each competence that it rates, by id."""
    misfits: tuple[Finding, ...]
    """Competences, levels and roles that the framework lacks; `ratings` is without them."""
    doubtful: tuple[DoubtfulRating, ...] = ()

    def notes(self) -> Iterator[tuple[int, str]]:
        """Sentences on the format of a table and on words that may mean no answer, with their lines."""
        yield from self.document.notes
        for level in dict.fromkeys(rating.level for rating in self.doubtful):
            alike = [rating for rating in self.doubtful if rating.level == level]
            counts = Counter(rating.word for rating in alike)
            advice = f"if it means no answer, leave it empty, else write {show_rating(level)}"
            line = self.document.positions.position(alike[0].path).line
            yield line, f"{doubt_shown(level, counts, 'rating')}; {advice}"

    def checked(self) -> ReadRatings:
        """These ratings. Raises InputInvalid where something in them does not fit."""
        self.document.check(self.misfits)
        return self

    def line(self, competence: str) -> int:
        """The line in which the file rates a competence of the framework."""
        path = ("ratings", self.written[competence])
        return self.document.positions.position(path, at_key=True).line


def read_ratings(
    document: ParsedFile, framework: Framework, once_called: str | None = None
) -> ReadRatings:
    """The ratings in a document, and what of it does not fit the framework.

    Where it is on another framework, and most of it is unknown, that is the only misfit. Raises
    InputInvalid with every error, misfits among them, when anything else is wrong.
    """
    resolver = _Resolver(framework)
    data = resolver.resolve(document.data)
    identity, _ = named_framework(document)
    ours = {None, framework.framework.id, once_called}
    other = None if identity in ours else resolver.other_framework(str(identity))
    misfits = resolver.findings if other is None else [other]
    ratings, unfit = validated(Ratings, data)
    if ratings is None or document.diagnostics:
        raise document.invalid([*map(resolver.at_original, unfit), *misfits])
    return ReadRatings(
        ratings.for_target_level(document.target_level),
        document,
        resolver.written,
        tuple(misfits),
        tuple(resolver.doubtful),
    )


def named_framework(document: ParsedFile) -> tuple[str | None, str | None]:
    """The framework that a file names, and the version; what is no text is judged later."""
    data = document.data
    reference = data.get("framework") if isinstance(data, Mapping) else None
    if not isinstance(reference, Mapping):
        return None, None
    identity, version = reference.get("id"), reference.get("version")
    return (
        identity if isinstance(identity, str) else None,
        version if isinstance(version, str) else None,
    )


def on_another_framework(identity: str, framework: Framework, more: str, hint: str) -> Finding:
    """Describe the framework that ratings name; `more` adds the one in use."""
    ours = f"the one in use is '{framework.framework.id}'{more}"
    message = f"these ratings are for the framework '{identity}', but {ours}"
    hint = f"pass that framework with --framework{hint}"
    return Finding(Code.OTHER_FRAMEWORK, message, ("framework", "id"), hint=hint)


def ratings_document(file: IdentifiedFile, framework: Framework) -> ParsedFile:
    """The data in a ratings file; the columns of a table are found by the framework's names.

    Raises InputInvalid when they cannot be read, or are another kind of file.
    """
    if not file.is_table:
        return file.document()
    if file.is_self_scored:
        from pmo_path.readers.self_scored import self_scored_document  # noqa: PLC0415  slow to load

        return self_scored_document(file.content, file.name, framework)
    # Both of these may hold the ratings of one person.
    if file.type not in {FileType.PEOPLE, FileType.WORKBOOK}:
        refuse(file.type, FileType.RATINGS, file.name)
    from pmo_path.readers.ratings_table import ratings_table  # noqa: PLC0415  slow to load

    try:
        return ratings_table(file.content, file.name, framework)
    except InputInvalid:
        if file.type is FileType.PEOPLE:
            refuse(file.type, FileType.RATINGS, file.name)
        raise


class _Resolver:
    """Names to ids and words to levels, noting what the framework does not have."""

    def __init__(self, framework: Framework) -> None:
        self.findings: list[Finding] = []
        self.doubtful: list[DoubtfulRating] = []
        self._framework = framework
        self.written: dict[str, Any] = {}

    def at_original(self, finding: Finding) -> Finding:
        """A finding in the resolved data, at its path in the document."""
        match finding.path:
            case ("ratings", key, *rest):
                return finding._replace(path=("ratings", self.written.get(str(key), key), *rest))
            case _:
                return finding

    def resolve(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        resolved = dict(data)
        for field in ("role", "target"):
            if isinstance(data.get(field), str):
                resolved[field] = self._role(data[field], field)
        if isinstance(data.get("ratings"), Mapping):
            resolved["ratings"] = dict(self._ratings(data["ratings"]))
        return resolved

    def other_framework(self, identity: str) -> Finding | None:
        """One finding in place of all others if most competences are unknown."""
        unknown = sum(
            finding.code == Code.RATING_OF_UNKNOWN_COMPETENCE for finding in self.findings
        )
        known = len(self.written)
        if unknown <= known:
            return None
        some = f"{known} of the {known + unknown}" if known else "none of the"
        more = f", which has {some} competences in this file"
        return on_another_framework(identity, self._framework, more, "")

    def _role(self, text: str, field: str) -> str | None:
        names = self._framework.role_names
        known = names.find(text)
        if known is None:
            roles = [
                key
                for key, role in self._framework.roles.items()
                if not isinstance(role, LevelRole)
            ]
            hint = names.suggest(text) or (
                f"roles: {', '.join(roles)}"
                if roles
                else "this framework has no roles; take it out, and use --target-level"
            )
            self._add(Code.UNKNOWN_TARGET_ROLE, f"there is no role '{text}'", (field,), hint=hint)
        return known

    def _ratings(self, ratings: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
        for label, value in ratings.items():
            path: DocumentPath = ("ratings", label)
            competence = self._competence(str(label), path)
            if competence is not None:
                self.written[competence] = label
                yield competence, self._rating(value, path)

    def _competence(self, label: str, path: DocumentPath) -> str | None:
        names = self._framework.competence_names
        known = names.find(label)
        if known is None:
            ambiguous = ambiguous_name(self._framework, label)
            message = f"there is no competence '{label}'"
            hint = names.suggest(label) or "'pmo-path show' lists them"
            if ambiguous is not None:
                message, hint = ambiguous
            code = Code.RATING_OF_UNKNOWN_COMPETENCE
            self._add(code, message, path, at_key=True, hint=hint)
        elif known in self.written:
            first = self.written[known]
            message = f"'{label}' is rated twice: '{first}' is the same competence"
            hint, related = "keep one of the two", (("ratings", first), "rated first here")
            code = Code.DUPLICATE_RATING
            self._add(code, message, path, at_key=True, hint=hint, related=related)
            return None
        return known

    def _rating(self, value: Any, path: DocumentPath) -> Any:
        if isinstance(value, Mapping):
            if "level" not in value:
                return value
            return {**value, "level": self._level(value["level"], (*path, "level"))}
        return self._level(value, path)

    def _level(self, value: Any, path: DocumentPath) -> Any:
        if isinstance(value, str):
            level = None if not value.strip() else level_named(self._framework, value)
            if level is not None and CellReader(self._framework).is_doubtful(value):
                self.doubtful.append(DoubtfulRating(value.strip(), level, path))
            if level is not None or not value.strip():
                return level
        elif type(value) not in (int, Decimal):
            return value
        elif (level := level_near(value, self._framework.levels)) is not None:
            return level
        message = f"{_shown(value)} is not a level of the scale"
        self._add(Code.RATING_OFF_SCALE, message, path, hint=answers_hint(self._framework))
        return None

    def _add(self, code: Code, message: str, path: DocumentPath, **more: Any) -> None:
        self.findings.append(Finding(code, message, path, **more))


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
