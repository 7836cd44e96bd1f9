"""One thing of the framework as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.lookup import EntryKind
from pmo_path.render.formats.json import plain, write_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import Found


def write_found(framework: Framework, found: Found, out: TextIO) -> None:
    """Write one thing of the framework as the framework file has it, with its kind and id.

    What a role requires at the scale's lowest level asks nothing, and is left out.
    """
    things: dict[str, Mapping[str, BaseModel]] = {
        "framework": {found.id: framework},
        "role": framework.roles,
        "competence": framework.competences,
        "training": framework.training,
        "domain": framework.domains,
    }
    content = things[found.kind][found.id].model_dump(by_alias=True)
    if found.kind is EntryKind.ROLE:
        # What asks nothing is left out here as it is everywhere.
        scored = framework.scored(found.id)
        requires = content["requires"]
        content["requires"] = {key: value for key, value in requires.items() if key in scored}
    write_document({"kind": found.kind, "id": found.id, **plain(content)}, out)
