"""What a framework must hold beyond its shape: references, order, names, levels; and advice.

Each rule is a generator over the framework, and the tuples below list them. A new rule is one
function, one line here, one bad and one good example file, and one page of the rulebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.rules import advice, levels, names, references, traversal

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.diagnostics import Finding, Path
    from pmo_path.domain.framework import Framework


class Rule(NamedTuple):
    """A rule, and the top-level parts it can only judge when they are whole."""

    findings: Callable[[Framework], Iterator[Finding]]
    needs: frozenset[str] = frozenset()


MEANING: tuple[Rule, ...] = (
    Rule(references.unknown_competences, frozenset({"domains"})),
    Rule(references.unknown_roles, frozenset({"roles"})),
    Rule(references.unknown_training, frozenset({"training"})),
    Rule(levels.must_have_above_level),
    Rule(levels.training_ranges),
    Rule(references.circles),
    Rule(levels.bands, frozenset({"readiness"})),
    Rule(names.shared_names),
    Rule(names.shared_labels),
    Rule(levels.roles_without_requirements, frozenset({"scale", "roles"})),
    Rule(levels.levels_off_the_scale, frozenset({"scale"})),
)

ADVICE: Mapping[str, Callable[[Framework], Iterator[Finding]]] = {
    Code.MISSING_ANCHOR: advice.anchor_holes,
    Code.UNUSED_COMPETENCE: advice.unused_competences,
    Code.MISSING_EXPERIENCE_STEP: advice.unreached_levels,
    Code.STEP_WITHOUT_COURSE: advice.steps_without_training,
    Code.UNUSED_COURSE: advice.idle_training,
    Code.DUPLICATE_ANCHOR: advice.copied_anchors,
    Code.MISSING_BEHAVIOURS: advice.key_competences_without_behaviours,
    Code.UNVERIFIED_COURSE: advice.unverified_training,
    Code.EMPTY_DOMAIN: advice.empty_domains,
}
ADVISED = frozenset({*ADVICE, Code.OUTDATED_COURSE})
"""The codes of the warnings on a framework as a whole, which only a sound one can be given."""
_CAUSED = {
    "roles": frozenset({Code.UNUSED_COMPETENCE, Code.UNUSED_COURSE}),
    "training": frozenset({Code.STEP_WITHOUT_COURSE, Code.UNUSED_COURSE}),
}
"""The codes of the warnings that a wrong reference to a competence brings about, by its place."""


def check(framework: Framework, lost: AbstractSet[str] = frozenset()) -> Iterator[Finding]:
    """The errors in a framework, in the rules' order.

    `lost` names the top-level parts of which something could not be read; a rule that needs them
    whole is left out, since it would report what is there.
    """
    for rule in MEANING:
        if not rule.needs & lost:
            yield from rule.findings(framework)


def advise(framework: Framework, today: datetime.date) -> Iterator[Finding]:
    """The warnings on a framework: what its users would miss, as of `today`."""
    for rule in ADVICE.values():
        yield from rule(framework)
    yield from advice.stale_training(framework, today)


def without_consequences(
    warnings: Iterable[Finding], errors: Iterable[Finding]
) -> tuple[list[Finding], frozenset[str]]:
    """The warnings that stay when the errors are mended, and the codes of those that would go.

    A competence is required by nobody, or helped by no course, where a role or a course names it
    in another spelling; to say so as well would say the mistake twice.
    """
    caused = {
        (code, competence)
        for error in errors
        if error.code == Code.UNKNOWN_COMPETENCE
        for code in _CAUSED[str(error.path[0])]
        for competence in _competences_of(error)
    }
    stay: list[Finding] = []
    gone: set[str] = set()
    for warning in warnings:
        if any((warning.code, thing) in caused for thing in warning.rests_on):
            gone.add(warning.code)
        else:
            stay.append(warning)
    return stay, frozenset(gone)


def _competences_of(error: Finding) -> Iterator[Path]:
    """The competence that is not there, and the one that may be meant."""
    yield error.missing
    if error.related is not None:
        yield traversal.competence(str(error.related[0][-1]))
