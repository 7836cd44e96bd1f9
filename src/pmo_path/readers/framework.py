"""The bytes of a framework file to everything that is to say about it."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from pmo_path.domain.diagnostics import Finding, Severity, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.framework import Framework
from pmo_path.domain.names import Spelling
from pmo_path.domain.rules import ADVISED, advise, check, without_consequences
from pmo_path.readers.files import read_bytes, unreadable
from pmo_path.readers.filetype import ANOTHER_KIND, Kind, is_like_framework, read_as
from pmo_path.readers.overlay import EXTENDS, merge
from pmo_path.readers.overlay_lines import Layers
from pmo_path.readers.package_data import shipped_framework
from pmo_path.readers.parsed import Document
from pmo_path.readers.recovery import findings_despite
from pmo_path.readers.schema_errors import UNKNOWN, WRONG_TYPE, shape_findings
from pmo_path.readers.suppressions import silenced
from pmo_path.readers.yaml import SourceMap

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.package_data import NamedContent
    from pmo_path.readers.parsed import Places

SHIPPED = "pmo"
"""What `extends` calls the framework that comes with pmo-path."""
BASE_UNUSABLE, CIRCLE, NO_NAME_OF_ITS_OWN = "PMO112", "PMO113", "PMO412"
MAX_LAYERS = 16

_TOP_KEYS = (EXTENDS, *(field.alias or key for key, field in Framework.model_fields.items()))
_LOOKED_AT = 20
"""How many keys of a file are looked at for a misspelt one."""
_MEANT = f"did you mean '{EXTENDS}'?"

Advice = frozenset[tuple[str, Any]]
"""Code and path of warnings."""


class Examined(NamedTuple):
    """What a framework file holds."""

    framework: Framework | None
    """None when errors stand in the way."""
    diagnostics: tuple[Diagnostic, ...]
    data: Any = None
    """As the file has it, with what it extends merged in; None when errors stand in the way."""
    places: Places | None = None
    advice: Advice = frozenset()
    """The warnings before any was silenced."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that make the file unusable."""
        return _errors(self.diagnostics)


def examine_framework(
    content: bytes, name: str, today: datetime.date | None = None, above: tuple[str, ...] = ()
) -> Examined:
    """The framework in a file's bytes and every mistake in it.

    `name` is what diagnostics call the file, and where the files that it extends are looked for.
    With `today`, advice is given as well, as of that day. `above` are the real paths of the files
    that extend this one.
    """
    try:
        document = read_as(Kind.FRAMEWORK, content, name)
    except InputInvalid as error:
        return Examined(None, error.diagnostics)
    return _examined(document, name, today, above)


def _examined(
    document: Document, name: str, today: datetime.date | None, above: tuple[str, ...]
) -> Examined:
    if isinstance(document.data, Mapping) and EXTENDS in document.data:
        return _Overlay(document, document.data[EXTENDS], name, today, above).examined()
    mistaken = _misspelt_extends(document.data)
    if mistaken is not None:
        return Examined(None, in_order([*document.diagnostics, *document.diagnose([mistaken])]))
    return _judged(document, today)


def _misspelt_extends(data: Any) -> Finding | None:
    if not isinstance(data, Mapping) or ("roles" in data and "domains" in data):
        return None
    misspelt = next(filter(_means_extends, islice(data, _LOOKED_AT)), None)
    return None if misspelt is None else _unknown(misspelt, _MEANT)


def _means_extends(key: Any) -> bool:
    return Spelling.of(_TOP_KEYS).nearest(str(key)) == EXTENDS


def _unknown(key: Any, hint: str) -> Finding:
    return Finding(UNKNOWN, f"'{key}' is not known here", (str(key),), at_key=True, hint=hint)


def _judged(
    document: Document,
    today: datetime.date | None,
    merging: Iterable[Finding] = (),
    known: Advice = frozenset(),
    of_the_file: Iterable[Finding] = (),
) -> Examined:
    """What the models and the rules say about a document.

    `merging` is what was already found, and `known` what was already advised, on the way here.
    `of_the_file` is advice that needs no framework: it is given whatever else is wrong.
    """
    places = document.places
    errors: list[Finding] = list(merging)
    framework = None
    advice: list[Finding] = []
    unjudged = ADVISED
    try:
        framework = Framework.model_validate(document.data)
    except ValidationError as error:
        errors += shape_findings(error, Framework, document.data)
        errors += findings_despite(error, document.data)
    else:
        wrong = list(check(framework))
        errors += wrong
        if today:
            advice, unjudged = without_consequences(advise(framework, today), wrong)
    given = Advice((one.code, one.path) for one in advice)
    new = [one for one in advice if (one.code, one.path) not in known]
    if isinstance(places, Layers):
        errors = [places.blamed(one) for one in errors]
        new = [places.blamed(one) for one in new]
    found = [*document.diagnostics, *document.diagnose(errors)]
    warned = list(document.diagnose([*new, *of_the_file]))
    own = places.top if isinstance(places, Layers) else places
    if today and isinstance(own, SourceMap):
        warned = silenced(warned, own, unjudged)
    data = document.data
    usable = framework if not _errors(found) else None
    return Examined(usable, in_order([*found, *warned]), data, places, given | known)


def _errors(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(one for one in found if one.severity is Severity.ERROR)


class _Overlay(NamedTuple):
    """A file that extends another one."""

    document: Document
    extends: Any
    name: str
    today: datetime.date | None
    above: tuple[str, ...]

    def examined(self) -> Examined:
        """The base with this file merged over it, and every mistake of either."""
        base = self._base()
        if isinstance(base, Finding):
            return self._unusable(base)
        if base.framework is None:
            count = len(base.errors)
            words = f"{count} error{'' if count == 1 else 's'}"
            in_circle = all(one.code in {CIRCLE, BASE_UNUSABLE} for one in base.errors)
            finding = _at_extends(BASE_UNUSABLE, f"the base has {words}", "mend the base first")
            examined = self._unusable(finding)
            found = base.errors if in_circle else (*base.errors, *examined.diagnostics)
            return Examined(None, in_order([*self.document.diagnostics, *found]))
        overlay = {key: value for key, value in self.document.data.items() if key != EXTENDS}
        merged = merge(base.data, overlay)
        top = self.document.places
        assert isinstance(top, SourceMap)  # noqa: S101  a YAML document has one
        assert base.places is not None  # noqa: S101  as has a base without errors
        layers = Layers(top, base.places, merged.removed, merged.changed)
        document = Document(merged.data, layers, self.document.diagnostics)
        unnamed = _no_name_of_its_own(overlay) if self.today else ()
        return _judged(document, self.today, merged.findings, base.advice, unnamed)

    def _unusable(self, finding: Finding) -> Examined:
        found = [*self.document.diagnostics, *self.document.diagnose([finding])]
        return Examined(None, in_order(found))

    def _base(self) -> Examined | Finding:
        is_text = isinstance(self.extends, str) and self.extends.strip()
        if not is_text or "\0" in self.extends:  # of which no name of a file is made
            hint = f"write the path of a file, or '{SHIPPED}' for the framework of pmo-path"
            return Finding(WRONG_TYPE, f"'{EXTENDS}' must name a framework", (EXTENDS,), hint=hint)
        shipped = shipped_framework() if self.extends == SHIPPED else None
        shown = shipped.name if shipped else self._base_name()
        here, there = os.path.realpath(self.name), os.path.realpath(shown)
        chain = (*self.above, here)
        if there in chain:
            circle = [Path(one).name for one in (*chain[chain.index(there) :], there)]
            words = f"these files extend each other in a circle: {' → '.join(circle)}"
            return _at_extends(CIRCLE, words, f"take '{EXTENDS}' out of one of them")
        if len(chain) > MAX_LAYERS:
            words = f"more than {MAX_LAYERS} files extend one another"
            return _at_extends(BASE_UNUSABLE, words, "merge some of them")
        document = _base_document(shown, shipped)
        if isinstance(document, Finding):
            return document
        return _examined(document, shown, self.today, chain)

    def _base_name(self) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(self.name), self.extends))  # noqa: PTH118, PTH120  '<stdin>' is no path


def _base_document(name: str, shipped: NamedContent | None) -> Document | Finding:
    """Read a base, or say why it cannot be used.

    Whoever writes an overlay names a file that others may then read with their own rights: of a
    file that is not a framework nothing is shown.
    """
    try:
        content = shipped.content if shipped else _regular_file(name)
    except InputInvalid as error:
        (problem,) = error.diagnostics
        hint = "the path starts at the folder of this file"
        return _unusable_base(name, problem.message, hint)
    try:
        document = read_as(Kind.FRAMEWORK, content, name)
    except InputInvalid as error:
        is_another_kind = error.diagnostics[0].code == ANOTHER_KIND
        words = error.diagnostics[0].message if is_another_kind else "it is not valid YAML"
    else:
        if is_like_framework(document.data):
            return document
        words = "this is not a framework"
    hint = f"if it is meant as one, 'pmo-path validate {shlex.quote(name)}' lists its mistakes"
    return _unusable_base(name, words, hint)


def _regular_file(name: str) -> bytes:
    """Read a regular file. Raises InputInvalid, also for a pipe or device that may never end."""
    # What cannot be looked at is not there, or reading it says why.
    with suppress(OSError):
        mode = os.stat(name).st_mode  # noqa: PTH116  '<stdin>' is no path
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise unreadable(name, "this is not a regular file", "")
    return read_bytes(Path(name))


def _unusable_base(name: str, words: str, hint: str) -> Finding:
    return _at_extends(BASE_UNUSABLE, f"the base '{name}' cannot be used: {words}", hint)


def _at_extends(code: str, message: str, hint: str) -> Finding:
    return Finding(code, message, (EXTENDS,), hint=hint)


def _no_name_of_its_own(overlay: Mapping[str, Any]) -> list[Finding]:
    about = overlay.get("framework")
    missing = [
        key for key in ("id", "version") if not isinstance(about, Mapping) or key not in about
    ]
    if not missing:
        return []
    words = " and ".join(f"'{key}'" for key in missing)
    return [
        Finding(
            code=NO_NAME_OF_ITS_OWN,
            message=f"this framework has no {words} of its own, so reports cannot tell it from its "
            "base",
            path=("framework",) if about else (EXTENDS,),
            at_key=True,
            hint="add 'framework: {id: …, version: …}'",
            severity=Severity.WARNING,
        )
    ]
