"""Career-gap analysis against a competency framework, as a command and as a library.

The command line needs none of the library's weight to print its help, so the public names are
loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module

from pmo_path.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pmo_path.app.api import assess, load_framework, load_ratings

__all__ = ["__version__", "assess", "load_framework", "load_ratings"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("pmo_path.app.api"), name)
    raise AttributeError(f"module 'pmo_path' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
