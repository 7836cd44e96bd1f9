"""The base of every model: frozen, strict, and closed to unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


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
        populate_by_name=True,
        protected_namespaces=(),
    )
