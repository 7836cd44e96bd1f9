"""Look up entries of a framework, and write it out in full."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.domain.lookup import find, overview
from pmo_path.readers.framework import resolved_framework
from pmo_path.writers.yaml import resolved_yaml

if TYPE_CHECKING:
    import os

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import Entry


def show(framework: Framework, name: str | None = None) -> Entry:
    """The kind and the id of a role, competence, course or domain; without a name, the framework.

    The name is an id, a name or an alias. Raises UsageProblem for an unknown and an ambiguous one.
    """
    return overview(framework) if name is None else find(framework, name)


def resolve_framework(path: str | os.PathLike[str] | None = None) -> str:
    """The YAML of a framework file merged over the files that it extends.

    Without a path, the shipped framework. Raises InputInvalid with every error.
    """
    return resolved_yaml(resolved_framework(None if path is None else Path(path)))
