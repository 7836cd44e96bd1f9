"""Ratings: one person's level in each competence, as judged by one rater.

Unrated, not applicable and the lowest level are different, here and in every total.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema

from pmo_path.domain.base_model import Frozen, LevelOrMore
from pmo_path.domain.fields import Id, Text
from pmo_path.domain.framework import FormatVersion
from pmo_path.domain.level_names import level_named_twice
from pmo_path.domain.names import fold, half_width
from pmo_path.domain.numbers import Number, level_near, parse_number, show_number

if TYPE_CHECKING:
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.level_names import Labelled

NOT_APPLICABLE: Literal["n/a"] = "n/a"
"""The rating of a competence that does not apply to a person, in files and reports."""

SELF = "self"
"""The rater of one's own ratings."""

FIRST_YEAR, LAST_YEAR = 1950, 2200
"""The years that evidence in a file may be of."""

_NOT_APPLICABLE_WORDS = frozenset({"n/a", "na", "n.a.", "not applicable"})


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError("expected a date such as 2026-11-23") from None
    return value


Date = Annotated[
    datetime.date,
    BeforeValidator(_date),
    # Not the format "date", which knows neither 20261123 nor the weeks that are read as well.
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-?\d{2}-?\d{2}|-?W\d{2}(-?\d)?)$"}),
]
"""A date such as `2026-11-23`."""


RatedLevel = Annotated[
    Number | Literal["n/a"] | None,
    # A file may name a level by its label, so any text is possible.
    WithJsonSchema({"type": ["number", "string", "null"]}),
]
"""A level of the scale, not applicable, or unrated."""


class Rating(LevelOrMore):
    """One rating; a level alone in the file is allowed, and an empty one is unrated."""

    level: RatedLevel = Field(
        None, description="A level of the scale, by number or label; n/a; or empty for unrated."
    )
    evidence: str = Field("", description="An example that shows the level.")
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None = Field(
        None, description="The year of the evidence."
    )
    confidence: Literal["low", "medium", "high"] | None = Field(
        None, description="How sure the rater is."
    )


class FrameworkRef(Frozen, title="Framework rated against"):
    """The framework that ratings were made on."""

    id: Id = Field(description="The framework's id.")
    version: Text | None = Field(None, description="Its version at the time.")


class Ratings(Frozen, title="Ratings of one person"):
    """One person's ratings by one rater, by competence id."""

    schema_: FormatVersion = Field(
        1, alias="schema", description="The version of this file format."
    )
    person: str = Field("", description="Who is rated.")
    role: str | None = Field(None, description="The current role: id, name or alias.")
    target: str | None = Field(None, description="The target role: id, name or alias.")
    rater: str = Field(SELF, description="Who rated: self, a manager, a peer.")
    date: Date | None = Field(
        None, description="The date of the ratings, such as 2026-11-23; default: today."
    )
    framework: FrameworkRef | None = Field(
        None, description="The framework that was used; default: any."
    )
    ratings: Mapping[str, Rating] = Field(description="Ratings by competence id, name or alias.")
    # Only a workbook has it, so it is no key of a ratings file.
    _target_level: str = PrivateAttr("")

    @property
    def target_level(self) -> str:
        """The level that a workbook was made for in place of a role; empty for none."""
        return self._target_level

    def for_target_level(self, level: str) -> Self:
        """Return a copy of the ratings with this `target_level`."""
        ratings = self.model_copy()
        ratings._target_level = level  # noqa: SLF001  a copy of this class
        return ratings


def is_self(rater: str) -> bool:
    """Whether a rater is the person who is rated, however that is spelt."""
    return fold(rater) == SELF


def rater_named(rater: str) -> str:
    """A rater as words: one without a name is somebody too."""
    return rater.strip() or "somebody unnamed"


def show_rating(level: Decimal | Literal["n/a"] | None, unrated: str = "") -> str:
    """A rating as people write it: the number of a level, or n/a; `unrated` for none."""
    if level is None:
        return unrated
    return level if isinstance(level, str) else show_number(level)


UNRATED = Rating.model_construct()
"""No rating given; made without the validator, which is built when ratings are first read."""


def level_named(framework: Framework, text: str) -> Decimal | Literal["n/a"] | None:
    """The level that a person's words name on a framework's scale; see `level_on_scale`."""
    return level_on_scale(framework.scale, text)


def answers_hint(framework: Framework) -> str:
    """A hint that lists what may be written for a rating: a level, `n/a` or nothing."""
    levels = ", ".join(map(show_number, framework.levels))
    return f"use {levels}, {NOT_APPLICABLE}, or leave it empty"


def level_on_scale(
    scale: Mapping[Decimal, Labelled], text: str
) -> Decimal | Literal["n/a"] | None:
    """The level that a person's words name: `3`, `3.0`, `Competent`, `3 - Competent`, `n/a`.

    A label of the scale comes before every other reading but a number by itself. Number and label
    together may be in either order, and before an explanation; see `level_named_twice`.

    None when the scale has no such level, and when the words name two.
    """
    plain = named_by_itself(text)
    if plain == NOT_APPLICABLE:
        return plain
    if plain is not None:
        level = level_near(plain, scale)
        return _labelled(scale, plain) if level is None else level
    answer = fold(text)
    for level, step in scale.items():
        if answer in spellings(level, step.label):
            return level
    return level_named_twice(scale, text)


def _labelled(scale: Mapping[Decimal, Labelled], number: Decimal) -> Decimal | None:
    """The level whose label is a number that is no level itself."""
    levels = scale.items()
    return next((level for level, step in levels if named_by_itself(step.label) == number), None)


def named_by_itself(text: str) -> Decimal | Literal["n/a"] | None:
    """The meaning of words on any scale, whatever its labels are: a number, or not applicable.

    Full-width characters mean the same as others; digits of other scripts are no numbers.
    """
    typed = half_width(text).strip()
    return NOT_APPLICABLE if typed.casefold() in _NOT_APPLICABLE_WORDS else parse_number(typed)


@lru_cache(maxsize=1000)
def spellings(level: Decimal, label: str) -> tuple[str, str]:
    """The words that name a level by its label, folded."""
    return fold(label), fold(f"{show_number(level)} - {label}")
