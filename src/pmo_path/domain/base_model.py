"""The bases of every model: frozen, strict, and closed to unknown keys.

Annotations are values here, not text: the oldest pydantic in use looks up the names in a text in
the module of the subclass.
"""

# ruff: noqa: I002

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticKnownError

OWN_KEY = "x-"
"""The prefix of the keys of a framework owner's own data."""


def _own_key(key: str) -> str:
    if not key.startswith(OWN_KEY) or key == OWN_KEY:
        raise PydanticKnownError("extra_forbidden")
    return key


class Frozen(BaseModel):
    """An immutable value read from a file; an unknown key or a wrong type is an error.

    Validators are built when the outermost model is first used, once, because building one for
    every nested model costs more than reading the files.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, protected_namespaces=()
    )


def with_text_keys(value: Any) -> Any:
    """A value in which keys such as `true` are text; keys that are numbers stay."""
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, int | Decimal) else str(key): with_text_keys(inner)
            for key, inner in value.items()
        }
    return tuple(map(with_text_keys, value)) if isinstance(value, tuple | list) else value


class Extensible(Frozen):
    """A value that may also hold its owner's own data, under keys that begin with `x-`.

    Such data is kept as it is, in `model_extra`, and nothing is made of it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[
        Annotated[str, AfterValidator(_own_key)], Annotated[Any, AfterValidator(with_text_keys)]
    ]


class ShortForm(Frozen):
    """A value that a file may write as one of its keys alone."""

    short_for: ClassVar[str]
    """The key that a value without keys stands for."""

    @model_validator(mode="before")
    @classmethod
    def _long_form(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, cls)) else {cls.short_for: value}


class LevelOrMore(ShortForm):
    """A value that a file may write as its level alone: `planning: 3`."""

    short_for = "level"
