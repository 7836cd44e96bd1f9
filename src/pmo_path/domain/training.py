"""Courses, qualifications and recognitions: what they develop, for whom, how long, how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pmo_path.domain.base_model import Extensible
from pmo_path.domain.competences import BY_KEY, LIST, form_of
from pmo_path.domain.fields import Amount, Currency, Id, MonthOrYear, Text, Url, YearMonth
from pmo_path.domain.numbers import Number, Positive

if TYPE_CHECKING:
    from decimal import Decimal

HOURS_IN_DAY = 8
"""How many hours count as a day where lengths are compared or added up."""

TrainingType = Literal["course", "qualification", "recognition"]
"""What kind of learning it is: of days or weeks, of months, or proof of long practice."""


class Range(Extensible, title="Range of levels"):
    """The levels for which a course is suggested: at `from` or above, and below `to`."""

    from_: Number = Field(alias="from", description="The level that a participant should have.")
    to: Number = Field(description="The level that the course prepares for.")


class Cost(Extensible, title="Cost of training"):
    """What a course costs, as far as it is known; an indication and no offer."""

    amount: Amount = Field(description="The price.")
    currency: Currency = Field(description="Its currency, such as EUR.")
    as_of: MonthOrYear | None = Field(
        None, description="The month or year of the price; default: not known."
    )
    note: str = Field("", description="What it includes: tax, exam, membership.")


Developed = Annotated[
    Annotated[Mapping[Id, Range], Tag(BY_KEY)] | Annotated[tuple[Id, ...], Tag(LIST)],
    Discriminator(form_of),
]
"""Competences with the levels between which a course develops each, or without levels."""


class Training(Extensible):
    """A course, a qualification or another kind of formal learning."""

    title: Text = Field(description="The displayed title.")
    provider: str = Field("", description="Who offers it; default: not stated.")
    aliases: tuple[Text, ...] = Field((), description="Other titles.")
    type: TrainingType = Field(
        "course",
        description="course: days or weeks; qualification: months, often with an exam; "
        "recognition: proof of long practice, such as chartered status.",
    )
    kind: str = Field("", description="The same in words of your own: workshop, exam, …")
    format: str = Field("", description="Classroom, virtual, self-study, …")
    days: Positive | None = Field(None, description="Length in days; default: unknown.")
    hours: Positive | None = Field(
        None, description="Length in hours, in place of days; default: unknown."
    )
    duration: str = Field(
        "", description="Length as text, if it cannot be given in days or hours."
    )
    audience: str = Field("", description="Who it is for.")
    for_roles: tuple[Id, ...] = Field(
        (), description="Ids of the target roles that it suits; default: any role."
    )
    topics: tuple[Text, ...] = Field((), description="What it covers.")
    prerequisites: tuple[Text, ...] = Field(
        (), description="Ids of other training, or plain text."
    )
    develops: Developed = Field(
        description="From which level to which it develops each competence, by competence id; "
        "or a list of competence ids where the levels are not known."
    )
    cost: Cost | None = Field(None, description="What it costs; default: unknown.")
    url: Url | None = Field(None, description="The provider's page about it.")
    checked: YearMonth | None = Field(
        None, description="Month in which the facts were last checked; default: not verified."
    )
    source_date: MonthOrYear | None = Field(
        None, description="Month or year of the source of the facts; default: not known."
    )
    note: str = Field("", description="What a buyer should know.")

    @property
    def length_in_days(self) -> Decimal | None:
        """The length for comparisons and sums, with 8 hours to a day; None if it is not known."""
        return self.hours / HOURS_IN_DAY if self.days is None and self.hours else self.days

    def suits(self, role: str) -> bool:
        """Whether it suits those who aim at the role with this id."""
        return not self.for_roles or role in self.for_roles

    @property
    def ranges(self) -> Mapping[str, Range]:
        """The levels between which it develops competences, by competence id.

        Empty where the file does not give levels.
        """
        return self.develops if isinstance(self.develops, Mapping) else {}

    @property
    def without_levels(self) -> tuple[str, ...]:
        """The competences that it develops between levels that are not known."""
        return () if isinstance(self.develops, Mapping) else self.develops
