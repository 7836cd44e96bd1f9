"""A framework file to a framework, or to every mistake in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pmo_path.domain.diagnostics import Severity, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.framework import Framework
from pmo_path.domain.rules import check
from pmo_path.sources.document import yaml_document
from pmo_path.sources.reading import decode, read_bytes
from pmo_path.sources.shape import shape_findings

if TYPE_CHECKING:
    from pmo_path.domain.diagnostics import Diagnostic

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_framework() -> Path:
    """The framework that comes with pmo-path: the packaged copy, or the checkout's own file."""
    packaged = _PACKAGE / "data" / "framework.yaml"
    return packaged if packaged.is_file() else _PACKAGE.parent.parent / "data" / "framework.yaml"


def examine_framework(
    content: bytes, name: str
) -> tuple[Framework | None, tuple[Diagnostic, ...]]:
    """The framework in a file's bytes and every mistake in it; None when errors stand in the way.

    `name` is what diagnostics call the file.
    """
    try:
        document = yaml_document(decode(content, name), name)
    except InputInvalid as error:
        return None, error.diagnostics
    found = list(document.diagnostics)
    try:
        framework = Framework.model_validate(document.data)
    except ValidationError as error:
        found += document.diagnose(shape_findings(error, Framework, document.data))
        return None, in_order(found)
    found += document.diagnose(check(framework))
    usable = not any(one.severity is Severity.ERROR for one in found)
    return (framework if usable else None), in_order(found)


def load_framework(path: Path) -> Framework:
    """The framework in a file. Raises InputInvalid with every error in it."""
    framework, found = examine_framework(read_bytes(path), str(path))
    if framework is None:
        raise InputInvalid(tuple(one for one in found if one.severity is Severity.ERROR))
    return framework
