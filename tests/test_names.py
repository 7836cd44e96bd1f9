"""Names in the package that a search must find in one place."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pmo_path

PACKAGE = Path(pmo_path.__file__).parent
LAYOUT = {"Column", "Document", "Table"}
"""Words for parts of what is read as well as of what is laid out in `render/document.py`."""


def test_a_public_class_has_a_name_of_its_own():
    homes = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(path.relative_to(PACKAGE).as_posix())

    shared = {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1}
    assert {name for name in shared if name not in LAYOUT} == set(), shared
    assert all("render/document.py" in paths for paths in shared.values()), shared
