"""A framework file to a framework, or to the errors in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.files import read_bytes
from pmo_path.readers.framework import examine_framework
from pmo_path.readers.package_data import package_text, shipped_framework

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.framework import Framework


def load_framework(path: Path | None) -> Framework:
    """Load a framework file, or the shipped framework without a path.

    Raises InputInvalid with every error in it.
    """
    return _loaded(path)[0]


def starter_framework() -> str:
    """The text of a small framework for another profession, which explains the format."""
    return package_text("starter", "framework.yaml")


def resolved_framework(path: Path | None) -> Any:
    """The data of a framework file merged over the files that it extends.

    Raises InputInvalid with every error in it.
    """
    return _loaded(path)[1]


def _loaded(path: Path | None) -> tuple[Framework, Any]:
    name, content = shipped_framework() if path is None else (str(path), read_bytes(path))
    examined = examine_framework(content, name)
    if examined.framework is None:
        raise InputInvalid(examined.errors)
    return examined.framework, examined.data
