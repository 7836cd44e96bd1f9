"""Why rows are rejected that read well, in words and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code
    from pmo_path.domain.framework import Framework

OF_LABEL = -1
"""In place of a column: the one that says whose row it is."""
WHOLE_ROW = -2
"""In place of a column: the row as a whole."""


class Reason(NamedTuple):
    """Why a row of the table of people is rejected."""

    column: int
    """Its place, or `OF_LABEL` or `WHOLE_ROW`."""
    code: Code
    reason: str


def no_competence(said: str) -> str:
    """Why a row of a long sheet rates nothing that is known."""
    return f"there is no competence '{said}'" if said.strip() else "no competence"


def another_row(line: int | None) -> str:
    """Why a row without a mistake of its own is rejected: `line` is where the mistake is."""
    where = f" (line {line})" if line else ""
    return f"another row of this person{where} is rejected"


def no_role(framework: Framework, said: str) -> str:
    """Why a role cannot be scored for."""
    if not said.strip():
        return f"no role; roles: {', '.join(framework.roles)}"
    hint = framework.role_names.suggest(said) or f"roles: {', '.join(framework.roles)}"
    return f"there is no role '{said}'; {hint}"
