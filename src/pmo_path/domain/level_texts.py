"""Texts about a competence, for all levels alike or for each level apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003  pydantic reads it
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import core_schema

from pmo_path.domain.fields import Text
from pmo_path.domain.numbers import Number

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
