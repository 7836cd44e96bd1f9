"""The summary of a sheet of people as JSON: versioned, without figures about few people."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.team import Rows, Team

SCHEMA = 1


def write_team_json(team: Team, rows: Rows, out: TextIO) -> None:
    """Write a guarded summary as one JSON object; `rows` says how many were read and rejected."""
    told = {"rows": plain(rows), **plain(team)}
    for role in told["roles"]:
        further = (grouping["groups"].values() for grouping in role["further_groupings"])
        for crowd in chain([role["everybody"]], role["groups"].values(), *further):
            # A percentage has one decimal in everything that programs read.
            medians = {key: value for key, value in crowd.items() if key.endswith("_median")}
            for key, value in medians.items():
                crowd[key] = None if value is None else float(value)
    write_document({"schema": SCHEMA, **told, "reminder": CONVERSATION_AID}, out)
