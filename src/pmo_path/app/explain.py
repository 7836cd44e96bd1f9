"""The rulebook: what each diagnostic code means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.readers.rulebook import rule_families, rule_page

if TYPE_CHECKING:
    from pmo_path.domain.rulebook import Family, RulePage


def explain(code: str) -> RulePage:
    """The page of a code, in capitals or not. Raises UsageProblem for an unknown code."""
    return rule_page(code)


def rules() -> tuple[Family, ...]:
    """The pages of all codes, by family."""
    return rule_families()
