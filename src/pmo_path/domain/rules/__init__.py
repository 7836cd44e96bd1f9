"""What a framework must hold beyond its shape: references, order, names, levels; and advice.

Each rule is a generator over the framework, and the tuples below list them. A new rule is one
function, one line here, one bad and one good example file, and one page of the rulebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.rules import advice, labels, levels, references

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.diagnostics import Finding
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
    Rule(labels.shared_names),
    Rule(levels.roles_without_requirements, frozenset({"scale", "roles"})),
    Rule(levels.levels_off_the_scale, frozenset({"scale"})),
)

ADVICE: tuple[Callable[[Framework], Iterator[Finding]], ...] = (
    advice.anchor_holes,
    advice.unused_competences,
    advice.unreached_levels,
    advice.steps_without_training,
    advice.idle_training,
    advice.copied_anchors,
    advice.key_competences_without_behaviours,
    advice.unverified_training,
    advice.empty_domains,
)


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
    for rule in ADVICE:
        yield from rule(framework)
    yield from advice.stale_training(framework, today)
