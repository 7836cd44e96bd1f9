"""The list of rules on a framework: each is a function that registers itself where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from pmo_path.domain.codes import Code
    from pmo_path.domain.diagnostics import Finding
    from pmo_path.domain.framework import Framework

Check: TypeAlias = "Callable[[Framework], Iterator[Finding]]"
DatedCheck: TypeAlias = "Callable[[Framework, datetime.date], Iterator[Finding]]"


class ErrorRule(NamedTuple):
    """A rule that every framework must keep."""

    check: Check
    needs: frozenset[str]
    """The top-level sections that it can judge only when they are whole."""


class AdviceRule(NamedTuple):
    """A rule that gives warnings, on a framework without errors."""

    check: DatedCheck
    code: Code


ERROR_RULES: list[ErrorRule] = []
ADVICE_RULES: list[AdviceRule] = []


def error_rule(*needs: str) -> Callable[[Check], Check]:
    """Register a rule that every framework must keep; `needs` are the sections it needs whole."""

    def register(check: Check) -> Check:
        ERROR_RULES.append(ErrorRule(check, frozenset(needs)))
        return check

    return register


def advice_rule(code: Code) -> Callable[[DatedCheck], DatedCheck]:
    """Register a rule that warns with `code`, judging a framework as of a date."""

    def register(check: DatedCheck) -> DatedCheck:
        ADVICE_RULES.append(AdviceRule(check, code))
        return check

    return register
