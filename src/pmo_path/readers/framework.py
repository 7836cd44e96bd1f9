"""Load a framework file, and collect every diagnostic about it."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from pmo_path.domain.base_model import with_text_keys
from pmo_path.domain.codes import Code, Severity
from pmo_path.domain.diagnostics import Finding, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.framework import Framework
from pmo_path.domain.names import Spelling
from pmo_path.domain.rules import ADVISED, advise, check, without_consequences
from pmo_path.readers.files import read_bytes, unusable
from pmo_path.readers.filetype import FileType, identify, is_like_framework
from pmo_path.readers.inheritance import inherit
from pmo_path.readers.overlay import EXTENDS, OverlayPositions, merge
from pmo_path.readers.package_data import shipped_framework
from pmo_path.readers.parsed import ParsedFile, SourceMap, silenced

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.filetype import IdentifiedFile
    from pmo_path.readers.package_data import NamedContent
    from pmo_path.readers.parsed import Positions

SHIPPED = "pmo"
"""The name that `extends` has for the framework that comes with pmo-path."""
MAX_FILES = 16
"""Files that may extend one another."""

_TOP_KEYS = (EXTENDS, *(field.alias or key for key, field in Framework.model_fields.items()))
_KEYS_CHECKED = 20
"""Keys of a file that are compared with `extends`."""

Advice = frozenset[tuple[str, Any]]
"""Code and path of warnings."""


class CheckResult(NamedTuple):
    """A checked framework file."""

    framework: Framework | None
    """None where the file has errors."""
    diagnostics: tuple[Diagnostic, ...]
    data: Any = None
    """The file's data, merged over what it extends; None where nothing could be read."""
    positions: Positions | None = None
    advice: Advice = frozenset()
    """The warnings, suppressed ones included."""
    file: IdentifiedFile | None = None
    """None for a file that could not be read."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that make the file unusable."""
        return _errors(self.diagnostics)

    @property
    def may_be_framework(self) -> bool:
        """Whether a file with errors may be meant as a framework."""
        return self.file is None or self.file.may_be_framework


def load_framework(path: Path | None) -> Framework:
    """The framework in a file, or the shipped one. Raises InputInvalid with every error."""
    return _loaded(path)[0]


def resolved_framework(path: Path | None) -> Any:
    """The data of a framework, merged over what it extends. Raises InputInvalid."""
    return with_text_keys(_loaded(path)[1])


def _loaded(path: Path | None) -> tuple[Framework, Any]:
    name, content = shipped_framework() if path is None else (str(path), read_bytes(path))
    result = check_framework(content, name)
    if result.framework is None:
        raise InputInvalid(result.errors)
    return result.framework, result.data


def check_framework(content: bytes, name: str, today: datetime.date | None = None) -> CheckResult:
    """The framework in a file's bytes, and every diagnostic.

    `name` is the file's name in diagnostics, and paths in the file start at its folder. Warnings
    are included only where `today` is given, from which the age of facts is counted.
    """
    file = identify(content, name, FileType.FRAMEWORK)
    try:
        document = file.document()
    except InputInvalid as error:
        return CheckResult(None, error.diagnostics, file=file)
    return _check_document(document, name, today, above=())._replace(file=file)


def _check_document(
    document: ParsedFile, name: str, today: datetime.date | None, above: tuple[str, ...]
) -> CheckResult:
    """Check a document; `above` holds the real paths of the files that extend it."""
    if isinstance(document.data, Mapping) and EXTENDS in document.data:
        return _Overlay(document, document.data[EXTENDS], name, today, above).check()
    misspelt = _misspelt_extends(document.data)
    if misspelt is not None:
        return _unusable(document, misspelt)
    return _check_data(document, today)


def _misspelt_extends(data: Any) -> Finding | None:
    """A misspelt `extends`, without which everything else would seem to be missing."""
    if not isinstance(data, Mapping) or ("roles" in data and "domains" in data):
        return None
    spelling = Spelling.of(_TOP_KEYS)
    for key in islice(data, _KEYS_CHECKED):
        if spelling.nearest(str(key)) == EXTENDS:
            message = f"'{key}' is not known here"
            hint = f"did you mean '{EXTENDS}'?"
            return Finding(Code.UNKNOWN_KEY, message, (str(key),), at_key=True, hint=hint)
    return None


def _unusable(document: ParsedFile, finding: Finding) -> CheckResult:
    return CheckResult(None, in_order([*document.diagnostics, *document.diagnose([finding])]))


def _check_data(
    document: ParsedFile,
    today: datetime.date | None,
    merging: Iterable[Finding] = (),
    known: Advice = frozenset(),
    own_advice: Iterable[Finding] = (),
) -> CheckResult:
    """Validate a document against the models and the rules.

    `merging` are the findings of a merge, and `known` the warnings on the base, which are not
    repeated. `own_advice` are warnings that are given whatever errors there are.
    """
    positions = document.positions
    inherited = inherit(document.data)
    if isinstance(inherited, Finding):
        return _unusable(document, inherited)
    framework, wrong = _validated(inherited.data)
    advice: Iterable[Finding] = ()
    unchecked = ADVISED
    if framework is not None and today and not document.has_unread_parts:
        advice, unchecked = without_consequences(advise(framework, today), wrong)
    # What several roles take over is one mistake, where it is written.
    mistakes = (*merging, *inherited.findings, *wrong)
    errors = list(dict.fromkeys(map(inherited.at_origin, mistakes)))
    own = Advice((finding.code, finding.path) for finding in advice)
    new = [finding for finding in advice if (finding.code, finding.path) not in known]
    if isinstance(positions, OverlayPositions):
        errors = list(map(positions.blame, errors))
        new = list(map(positions.blame, new))
    diagnosed = [*document.diagnostics, *document.diagnose(errors)]
    warnings = list(document.diagnose([*new, *own_advice]))
    top = positions.top if isinstance(positions, OverlayPositions) else positions
    if today and isinstance(top, SourceMap):
        warnings = silenced(warnings, top, unchecked)
    usable = None if _errors(diagnosed) else framework
    return CheckResult(
        usable, in_order([*diagnosed, *warnings]), document.data, positions, own | known
    )


def _validated(data: Any) -> tuple[Framework | None, list[Finding]]:
    """The framework in data, if it fits the models, and the findings of models and rules."""
    try:
        framework = Framework.model_validate(data)
    except ValidationError as error:
        from pmo_path.readers import schema_errors  # noqa: PLC0415  seldom needed
        from pmo_path.readers.recovery import rule_findings  # noqa: PLC0415  seldom needed

        schema = schema_errors.all_schema_findings(error, Framework, data)
        unfit = schema_errors.without_misspelt(schema, Framework, data)
        return None, [*unfit, *rule_findings(schema, data)]
    return framework, list(check(framework))


def _errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR)


class _Overlay(NamedTuple):
    """A file that extends another one."""

    document: ParsedFile
    extends: Any
    name: str
    today: datetime.date | None
    above: tuple[str, ...]

    def check(self) -> CheckResult:
        """The base with this file merged over it, and the diagnostics of both."""
        base = self._base()
        if isinstance(base, Finding):
            return _unusable(self.document, base)
        if base.framework is None:
            return self._on_broken(base)
        overlay = {key: value for key, value in self.document.data.items() if key != EXTENDS}
        merged = merge(base.data, overlay)
        top = self.document.positions
        assert isinstance(top, SourceMap)  # noqa: S101  a YAML document has one
        assert base.positions is not None  # noqa: S101  as has a base without errors
        positions = OverlayPositions(top, base.positions, merged.removed, merged.changed)
        document = ParsedFile(merged.data, positions, self.document.diagnostics)
        own_advice = _no_own_identity(overlay) if self.today else ()
        return _check_data(document, self.today, merged.findings, base.advice, own_advice)

    def _on_broken(self, base: CheckResult) -> CheckResult:
        count = len(base.errors)
        message = f"the base has {count} error{'' if count == 1 else 's'}"
        result = _unusable(
            self.document, _at_extends(Code.UNUSABLE_BASE, message, "fix the base first")
        )
        is_in_circle = all(
            error.code in {Code.CIRCULAR_EXTENDS, Code.UNUSABLE_BASE} for error in base.errors
        )
        own = self.document.diagnostics if is_in_circle else result.diagnostics
        return CheckResult(None, in_order([*own, *base.errors]))

    def _base(self) -> CheckResult | Finding:
        is_text = isinstance(self.extends, str) and self.extends.strip()
        if not is_text or "\0" in self.extends:  # which no file's name may contain
            hint = f"write the path of a file, or '{SHIPPED}' for the framework of pmo-path"
            return Finding(
                Code.WRONG_TYPE, f"'{EXTENDS}' must name a framework", (EXTENDS,), hint=hint
            )
        shipped = shipped_framework() if self.extends == SHIPPED else None
        name = shipped.name if shipped else self._base_name()
        own_path, base_path = os.path.realpath(self.name), os.path.realpath(name)
        chain = (*self.above, own_path)
        if base_path in chain:
            circle = [Path(file).name for file in (*chain[chain.index(base_path) :], base_path)]
            message = f"these files extend each other in a circle: {' → '.join(circle)}"
            return _at_extends(
                Code.CIRCULAR_EXTENDS, message, f"take '{EXTENDS}' out of one of them"
            )
        if len(chain) > MAX_FILES:
            message = f"more than {MAX_FILES} files extend one another"
            return _at_extends(Code.UNUSABLE_BASE, message, "merge some of them")
        document = _base_document(name, shipped)
        if isinstance(document, Finding):
            return self._about_path(document)
        return _check_document(document, name, self.today, chain)

    def _about_path(self, finding: Finding) -> Finding:
        """The finding on a base that cannot be used, with what is wrong with its path."""
        if "://" in self.extends:
            message = f"the base '{self.extends}' cannot be used: it is a web address"
            return finding._replace(message=message, hint="download it, and name the file")
        if "\\" in self.extends:
            path = self.extends.replace("\\", "/")
            return finding._replace(hint=f"write / between folders on every system: '{path}'")
        return finding

    def _base_name(self) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.name), self.extends))  # noqa: PTH118, PTH120  '<stdin>' is no path


def _base_document(name: str, shipped: NamedContent | None) -> ParsedFile | Finding:
    """The document in a base, or why the base cannot be used.

    An overlay may name any file that its readers can open, and they may have rights that its
    author lacks. So nothing is shown of a file that is not a framework.
    """
    try:
        content = shipped.content if shipped else _regular_file(name)
    except InputInvalid as error:
        (problem,) = error.diagnostics
        hint = "the path starts at the folder of this file"
        return _unusable_base(name, problem.message, hint)
    try:
        document = _base_file(content, name).document()
    except InputInvalid as error:
        is_another_kind = error.diagnostics[0].code == Code.WRONG_FILE_TYPE
        reason = error.diagnostics[0].message if is_another_kind else "it is not valid YAML"
    else:
        if document.has_unread_parts:
            reason = "it is not valid YAML"
        elif is_like_framework(document.data):
            return document
        else:
            reason = "this is not a framework"
    hint = f"if it is meant as one, 'pmo-path validate {shlex.quote(name)}' lists its mistakes"
    return _unusable_base(name, reason, hint)


@lru_cache(maxsize=8)
def _base_file(content: bytes, name: str) -> IdentifiedFile:
    """A base, which many overlays may share."""
    return identify(content, name, FileType.FRAMEWORK)


def _regular_file(name: str) -> bytes:
    """Read a regular file. Raises InputInvalid, also for a pipe or device that may never end."""
    # Reading reports a file that is missing or inaccessible.
    with suppress(OSError):
        mode = os.stat(name).st_mode  # noqa: PTH116  '<stdin>' is no path
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise unusable(Code.UNREADABLE, name, "this is not a regular file")
    return read_bytes(Path(name))


def _unusable_base(name: str, reason: str, hint: str) -> Finding:
    return _at_extends(Code.UNUSABLE_BASE, f"the base '{name}' cannot be used: {reason}", hint)


def _at_extends(code: Code, message: str, hint: str) -> Finding:
    return Finding(code, message, (EXTENDS,), hint=hint)


def _no_own_identity(overlay: Mapping[str, Any]) -> list[Finding]:
    """The warning that an overlay has its id or version from its base."""
    about = overlay.get("framework")
    missing = [
        key for key in ("id", "version") if not isinstance(about, Mapping) or key not in about
    ]
    if not missing:
        return []
    keys = " and ".join(f"'{key}'" for key in missing)
    message = f"this framework has no {keys} of its own, so reports cannot tell it from its base"
    path = ("framework",) if about else (EXTENDS,)
    hint = "add 'framework: {id: …, version: …}'"
    return [Finding(Code.OVERLAY_WITHOUT_IDENTITY, message, path, at_key=True, hint=hint)]
