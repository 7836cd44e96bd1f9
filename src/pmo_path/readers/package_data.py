"""Files that come with the package, which may itself be in a zip archive."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PACKAGE = "pmo_path"


class NamedContent(NamedTuple):
    """The bytes of a file, and the name that messages use for it."""

    name: str
    content: bytes


def package_file(*parts: str) -> Traversable:
    """A file or folder of the package, by its path below the package's folder."""
    return files(_PACKAGE).joinpath(*parts)


def package_text(*parts: str) -> str:
    """The text of a file of the package."""
    return package_file(*parts).read_text(encoding="utf-8")


def shipped_framework() -> NamedContent:
    """The framework that comes with pmo-path.

    The wheel has a copy in the package; a checkout has the file itself in its top folder.
    """
    packaged = package_file("data", "framework.yaml")
    if packaged.is_file():
        return NamedContent(str(packaged), packaged.read_bytes())
    path = Path(str(package_file())).parent.parent / "data" / "framework.yaml"
    return NamedContent(str(path), path.read_bytes())


def starter_framework() -> str:
    """The text of a small framework for another profession, which explains the format."""
    return package_text("starter", "framework.yaml")
