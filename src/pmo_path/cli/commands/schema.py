"""`pmo-path schema`: a JSON Schema of a file that pmo-path reads or writes."""

from __future__ import annotations

from typing import Annotated

from pmo_path.cli.options import OutputOption, argument
from pmo_path.cli.output import write_content
from pmo_path.domain.options import SchemaKind


def schema(
    kind: Annotated[
        SchemaKind,
        argument(
            "KIND",
            "Framework, ratings or plan files, or the JSON output of a command: 'assess' "
            "(report; ranking with --role any), 'compare' (over-time, raters, roles), "
            "'history' (history), 'plan' (plan-result), 'batch --summary' (team).",
        ),
    ],
    output: OutputOption = None,
) -> None:
    """Write a JSON Schema for editor completion and validation.

    Save it next to your file, under the name in the file's first line.

    Examples:

      pmo-path schema framework -o framework.schema.json

      pmo-path schema ratings -o ratings.schema.json
    """
    import json  # noqa: PLC0415  help needs none

    from pmo_path.app.reference import schema as schema_of

    write_content(f"{json.dumps(schema_of(kind), ensure_ascii=False, indent=2)}\n", output)
