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

    from pmo_path.app.batch import run_batch, run_batch_on_spark
    from pmo_path.app.batch_options import BatchOptions
    from pmo_path.app.compare import compare, compare_roles
    from pmo_path.app.diff import diff
    from pmo_path.app.history import history
    from pmo_path.app.inputs import load_framework, load_ratings
    from pmo_path.app.matrix import framework_from_table, framework_table
    from pmo_path.app.plan import plan
    from pmo_path.app.reference import explain, resolve_framework, rules, schema, show
    from pmo_path.app.templates import template
    from pmo_path.app.texts import to_text
    from pmo_path.app.validate import validate
    from pmo_path.domain.assessment import assess
    from pmo_path.domain.next_band_path import next_band_path
    from pmo_path.domain.ranking import rank
    from pmo_path.domain.target_level import at_target_level

_MODULES = {
    "BatchOptions": "app.batch_options",
    "assess": "domain.assessment",
    "at_target_level": "domain.target_level",
    "run_batch": "app.batch",
    "run_batch_on_spark": "app.batch",
    "compare": "app.compare",
    "compare_roles": "app.compare",
    "diff": "app.diff",
    "explain": "app.reference",
    "framework_from_table": "app.matrix",
    "framework_table": "app.matrix",
    "history": "app.history",
    "load_framework": "app.inputs",
    "load_ratings": "app.inputs",
    "next_band_path": "domain.next_band_path",
    "plan": "app.plan",
    "rank": "domain.ranking",
    "resolve_framework": "app.reference",
    "rules": "app.reference",
    "schema": "app.reference",
    "show": "app.reference",
    "template": "app.templates",
    "to_text": "app.texts",
    "validate": "app.validate",
}
"""The module of each public name."""

__all__ = [
    "BatchOptions",
    "__version__",
    "assess",
    "at_target_level",
    "compare",
    "compare_roles",
    "diff",
    "explain",
    "framework_from_table",
    "framework_table",
    "history",
    "load_framework",
    "load_ratings",
    "next_band_path",
    "plan",
    "rank",
    "resolve_framework",
    "rules",
    "run_batch",
    "run_batch_on_spark",
    "schema",
    "show",
    "template",
    "to_text",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"pmo_path.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'pmo_path' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
