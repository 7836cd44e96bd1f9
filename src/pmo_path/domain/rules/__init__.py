"""The rules for a framework beyond its shape: references, order, names, levels; and advice.

A new rule is one function in one of the modules here, with its decorator from `registry`; its
code; one page of the rulebook; and one bad and one good example file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.rules import (  # importing a module registers its rules
    advice,  # noqa: F401
    levels,  # noqa: F401
    names,  # noqa: F401
    references,  # noqa: F401
    traversal,
)
from pmo_path.domain.rules.registry import ADVICE_RULES, ERROR_RULES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.diagnostics import Finding, Path
    from pmo_path.domain.framework import Framework

ADVISED: frozenset[str] = frozenset(rule.code for rule in ADVICE_RULES)
"""The codes of the warnings on a framework as a whole, which only a sound one can be given."""
_CAUSED = {
    "roles": frozenset({Code.UNUSED_COMPETENCE, Code.UNUSED_COURSE}),
    "training": frozenset({Code.STEP_WITHOUT_COURSE, Code.UNUSED_COURSE}),
}
"""The codes of the warnings that a wrong reference to a competence brings about, by its place."""
_CAUSED_BY_CIRCLE = frozenset({Code.MUST_HAVE_DISAPPEARS, Code.LESS_DEMANDING_ROLE})
"""The codes of the warnings that a circle brings about: in it, some role leads to a lesser one."""


def check(framework: Framework, lost: AbstractSet[str] = frozenset()) -> Iterator[Finding]:
    """The errors in a framework, in the rules' order.

    `lost` names the top-level sections that could not be read in full; a rule that needs them
    whole is left out, since it would report what is there.
    """
    for rule in ERROR_RULES:
        if not rule.needs & lost:
            yield from rule.check(framework)


def advise(framework: Framework, today: datetime.date) -> Iterator[Finding]:
    """The warnings on a framework: what its users would miss, as of `today`."""
    for rule in ADVICE_RULES:
        yield from rule.check(framework, today)


def without_consequences(
    warnings: Iterable[Finding], errors: Iterable[Finding]
) -> tuple[list[Finding], frozenset[str]]:
    """The warnings that remain once the errors are fixed, and the codes of those that would go.

    A competence is required by nobody, or helped by no course, where a role or a course names it
    in another spelling; to say so as well would say the mistake twice. The same goes for roles
    that lead to one another in a circle.
    """
    errors = tuple(errors)
    caused = {
        (code, competence)
        for error in errors
        if error.code == Code.UNKNOWN_COMPETENCE
        for code in _CAUSED[str(error.path[0])]
        for competence in _competences_of(error)
    }
    caused |= {
        (code, role)
        for error in errors
        if error.code == Code.CIRCULAR_REFERENCE
        for code in _CAUSED_BY_CIRCLE
        for role in error.rests_on
    }
    stay: list[Finding] = []
    gone: set[str] = set()
    for warning in warnings:
        if any((warning.code, entity) in caused for entity in warning.rests_on):
            gone.add(warning.code)
        else:
            stay.append(warning)
    return stay, frozenset(gone)


def _competences_of(error: Finding) -> Iterator[Path]:
    """The competence that is not there, and the one that may be meant."""
    yield error.missing
    if error.related is not None:
        yield traversal.competence(str(error.related[0][-1]))
