"""The base of every model: frozen, strict, and closed to unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Frozen(BaseModel):
    """An immutable value read from a file; an unknown key or a wrong type is an error.

    Validators are built when the outermost model is first used, once, because building one for
    every nested model costs more than reading the files.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        defer_build=True,
        protected_namespaces=(),
    )


class LevelOrMore(Frozen):
    """A value that a file may write as its level alone: `planning: 3`."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, cls)) else {"level": value}
