"""Sentences live in `render/`; the domain has figures, names and enums.

A text in the domain is an error message, a description of a key, a label of the format or a name
that people type. Everything else that a person reads is written in `render/`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pmo_path.domain

DOMAIN = Path(pmo_path.domain.__file__).parent
MESSAGES = {
    "codes.py": "the summaries of diagnostics",
    "diagnostics.py": "the last of too many diagnostics",
    "limits.py": "why an input is too large",
    "rules": "the messages of rules",
    "framework.py": "titles of the format, and why a value is wrong",
    "fields.py": "why a value is wrong",
    "training.py": "titles of the format",
    "competences.py": "titles of the format, and why a value is wrong",
    "ratings.py": "titles of the format, and why a value is wrong",
    "plan/actions.py": "why a budget cannot be used",
    "plan/file.py": "titles of the format",
    "schema.py": "titles of the format",
    "numbers.py": "why a value is not a number",
    "cells.py": "how a cell was read, beside the reasons for rejecting one",
    "names.py": "the suggestion in an error message",
    "self_scoring.py": "titles of sheets that are written, and found again when read",
    "lookup.py": "why there is nothing to show, and why a name is ambiguous",
    "level_names.py": "patterns for what people type into cells",
    "questions.py": "what people type to answer",
    "columns.py": "headings that people type",
    "matrix": "headings and cells that people type, and why a matrix cannot be read",
    "text.py": "patterns of white space",
}
"""Files and folders whose texts belong to diagnostics or to reading input."""
ALLOWED = {
    "Computing readiness": "a step of a long run",
    "Level ": "the name of a target level, beside the names of roles",
}
CALLS = {"Field", "ConfigDict", "PydanticCustomError", "UsageProblem", "ValueError", "remark"}
"""Descriptions for the JSON Schema, and errors; `remark` takes facts."""
SENTENCE = re.compile(r"[A-Za-z]\S* +\S|^ .*[a-z]|[a-z] $")


def texts(path):
    """The texts in a module that are neither docstrings nor parts of an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or is_error(node) or is_enum(node):
            skipped.update(map(id, ast.walk(node)))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
    ]


def is_error(node):
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name in CALLS
    return isinstance(node, ast.Raise)


def is_of_messages(path):
    return path.parts[0] in MESSAGES or path.as_posix() in MESSAGES


def is_enum(node):
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id.endswith("Enum") for base in node.bases
    )


def test_the_domain_writes_no_sentences():
    sentences = [
        f"{path.relative_to(DOMAIN)}: {text!r}"
        for path in sorted(DOMAIN.rglob("*.py"))
        if not is_of_messages(path.relative_to(DOMAIN))
        for text in texts(path)
        if SENTENCE.search(text) and text not in ALLOWED
    ]

    assert sentences == []
