"""One thing of the framework as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.plain import plain, write_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import Found


def write_found(framework: Framework, found: Found, out: TextIO) -> None:
    """Write one thing of the framework as the framework file has it, with its kind and id."""
    things: dict[str, Mapping[str, BaseModel]] = {
        "framework": {found.id: framework},
        "role": framework.roles,
        "competence": framework.competences,
        "training": framework.training,
        "domain": framework.domains,
    }
    content = things[found.kind][found.id].model_dump(by_alias=True)
    write_document({"kind": found.kind, "id": found.id, **plain(content)}, out)
