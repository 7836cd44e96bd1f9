"""The ratings that are to be compared: whose they are, and in which order they were given."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import target_role
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold
from pmo_path.domain.ratings import rater_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.compare.model import Unfit
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings


class Given(NamedTuple):
    """One file's ratings on the framework in use, and what of the file does not fit it."""

    file: str
    ratings: Ratings
    unfit: tuple[Unfit, ...] = ()
    not_there: tuple[str, ...] = ()
    """Ids of competences that the file could not rate: its version did not have them."""
    followed: bool = False
    """Whether it was read with the framework that it was given on."""
    remarks: tuple[str, ...] = ()
    """What to know about how the file was read."""

    @property
    def rater(self) -> str:
        """Who rated, as words: a rater without a name is one too."""
        return rater_named(self.ratings.rater)

    @property
    def version(self) -> str | None:
        """The version of the framework that the file names."""
        reference = self.ratings.framework
        return None if reference is None else reference.version


def person_of(given: Iterable[Given]) -> str:
    """Whose ratings these are; empty when no file says. Raises UsageProblem for two people."""
    first: Given | None = None
    for one in given:
        if not one.ratings.person.strip():
            continue
        if first is None:
            first = one
        elif fold(one.ratings.person) != fold(first.ratings.person):
            raise UsageProblem(
                f"these are ratings of different people: '{first.ratings.person}' ({first.file}) "
                f"and '{one.ratings.person}' ({one.file}); compare files of one person, "
                "and give many people to 'pmo-path batch'"
            )
    return "" if first is None else first.ratings.person


def newest_first(given: Iterable[Given]) -> list[Given]:
    """The latest date first; of one date the last given, and what has no date at the end."""
    return sorted(given, key=lambda one: one.ratings.date or datetime.date.min)[::-1]


def role_for(framework: Framework, newest: Sequence[Given], asked: str | None) -> str:
    """The id of the role asked for, else of the one that the first of `newest` leads to.

    Where that file does not say, the next one is asked. Raises UsageProblem when none says.
    """
    problems = []
    for one in newest:
        try:
            return target_role(framework, one.ratings, asked)
        except UsageProblem as problem:
            problems.append(problem)
    raise problems[0]
