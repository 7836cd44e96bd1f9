"""A framework file to a framework, or to the errors in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.files import decode, read_bytes
from pmo_path.readers.framework import examine_framework, shipped_framework

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework

__all__ = ["examine_framework", "load_framework", "resolved_framework", "shipped_framework"]


def load_framework(path: Path) -> Framework:
    """The framework in a file. Raises InputInvalid with every error in it."""
    return _loaded(path)[0]


def starter_framework() -> str:
    """The text of a small framework for another profession, to be edited: it teaches the format."""
    path = Path(__file__).resolve().parent.parent / "starter" / "framework.yaml"
    return decode(read_bytes(path), str(path))


def resolved_framework(path: Path) -> Any:
    """What a framework file says, with what it extends merged in, as plain data.

    Raises InputInvalid with every error in it.
    """
    return _loaded(path)[1]


def _loaded(path: Path) -> tuple[Framework, Any]:
    examined = examine_framework(read_bytes(path), str(path))
    if examined.framework is None:
        raise InputInvalid(examined.errors)
    return examined.framework, examined.data
