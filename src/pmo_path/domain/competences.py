"""A competence: its texts for all levels or by level, and what to do at work to reach a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    WithJsonSchema,
)
from pydantic_core import core_schema

from pmo_path.domain.base_model import Extensible, ShortForm
from pmo_path.domain.fields import Text, Url
from pmo_path.domain.numbers import MAX_MAGNITUDE, Number, exact

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST, BY_KEY = "list", "mapping"
"""The tags of the two forms that a value may have in a file."""


def form_of(value: Any) -> str:
    """Whether a value is written as a mapping; what is neither that nor a list counts as a list."""
    return BY_KEY if isinstance(value, Mapping) else LIST


_Written = Annotated[
    Annotated[tuple[Text, ...], Tag(LIST)]
    | Annotated[Mapping[Number, tuple[Text, ...]], Tag(BY_KEY)],
    Discriminator(form_of),
]


@dataclass(frozen=True, slots=True)
class LevelTexts:
    """A list of texts, or a list for each of some levels; false if there is no text."""

    flat: tuple[str, ...] = ()
    """The texts that hold for every level; empty where there are lists by level."""
    by_level: Mapping[Decimal, tuple[str, ...]] | None = None
    """The texts by level, in the file's order; None where one list holds for every level."""

    @classmethod
    def of(cls, written: tuple[str, ...] | Mapping[Decimal, tuple[str, ...]]) -> LevelTexts:
        """The texts that a file has as a list, or as lists by level."""
        return cls(by_level=written) if isinstance(written, Mapping) else cls(written)

    @property
    def written(self) -> tuple[str, ...] | Mapping[Decimal, tuple[str, ...]]:
        """The texts in the form that a file has."""
        return self.flat if self.by_level is None else self.by_level

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """The levels that have texts of their own, lowest first."""
        return tuple(sorted(self.by_level or ()))

    def __iter__(self) -> Iterator[str]:
        """All texts, those of lower levels first."""
        yield from self.flat
        for level in self.levels:
            yield from (self.by_level or {})[level]

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return any(True for _ in self)

    def at(self, level: Decimal) -> tuple[str, ...]:
        """The texts for somebody who works towards `level`.

        That is the list that holds for every level, or that of `level` itself or of the nearest
        listed level below it. What only a higher level has is not given: it would ask too much.
        """
        lists = self.by_level
        if lists is None:
            return self.flat
        nearest = max((listed for listed in lists if listed <= level), default=None)
        return () if nearest is None else lists[nearest]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Read either form, and write the one that was read."""
        return core_schema.no_info_after_validator_function(
            cls.of,
            handler.generate_schema(_Written),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda texts: texts.written
            ),
        )


_BOTH_ENDS = 2
_NO_SPAN = "expected a number, or a lower and an upper one such as [4, 8]"


def _span(value: Any) -> tuple[Decimal, Decimal]:
    ends = value if isinstance(value, tuple | list) else (value, value)
    if len(ends) != _BOTH_ENDS:
        raise ValueError(_NO_SPAN)
    try:
        low, high = map(exact, ends)
    except ValueError as error:
        raise ValueError(_NO_SPAN) from error
    if low <= 0:
        raise ValueError("expected numbers above 0")
    if low > high:
        raise ValueError("expected the lower number first")
    return low, high


_END = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_MAGNITUDE}
Span = Annotated[
    tuple[Decimal, Decimal],
    BeforeValidator(_span),
    WithJsonSchema(
        {**_END, "type": ["number", "array"], "items": _END, "minItems": 2, "maxItems": 2}
    ),
]
"""The lowest and the highest number of hours or weeks; a number alone in a file is both."""

Start = Literal["alone", "ask", "position", "event"]
"""What it takes to begin a step: nothing, somebody's consent, a position, or an outside event."""


class WorkStep(ShortForm, Extensible, title="Step at work"):
    """What to do at work to reach a level; a text alone in the file is what to do."""

    short_for = "do"

    do: Text = Field(description="What to do at work to reach the level.")
    first_move: str = Field("", description="What to do first, this week.")
    hours: Span | None = Field(
        None,
        description="The time one must find for it, in hours, preparation and reflection "
        "included: a number, or the lowest and the highest; default: unknown.",
    )
    weeks: Span | None = Field(
        None,
        description="How long it takes from start to end, in weeks: a number, or the lowest and "
        "the highest; default: unknown.",
    )
    start: Start | None = Field(
        None,
        description="What it takes to begin: alone (nothing), ask (somebody's consent), position "
        "(a role that allows it) or event (something that cannot be arranged); default: unknown.",
    )


class Competence(Extensible):
    """A competence, with a description of each level."""

    name: Text = Field(description="The displayed name.")
    aliases: tuple[Text, ...] = Field((), description="Other names, in sheets or older versions.")
    key: bool = Field(default=False, description="A key competence, asked in the quick run.")
    summary: str = Field("", description="What it is, in one sentence.")
    behaviours: LevelTexts = Field(
        LevelTexts(), description="What others can observe: a list, or lists by level."
    )
    levels: Mapping[Number, Text] = Field({}, description="What others see at a level, by level.")
    evidence: LevelTexts = Field(
        LevelTexts(), description="What would prove it: a list, or lists by level."
    )
    experience: Mapping[Number, WorkStep] = Field(
        {}, description="What to do at work to reach a level, by level."
    )
    exposure: LevelTexts = Field(
        LevelTexts(),
        description="Whom to learn from on the way to a level: a list, or lists by level.",
    )
    second_rater: bool = Field(
        default=False,
        description="People often misjudge themselves on this, so reports suggest a second rater.",
    )
    group: str = Field("", description="The heading inside the domain that it is listed under.")
    url: Url | None = Field(None, description="A web page about the competence.")
