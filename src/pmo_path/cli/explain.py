"""`pmo-path explain`: what a diagnostic's code means."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_path.cli import completing
from pmo_path.cli.writers import to_output


def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help="The code of a diagnostic, such as PMO304; without it, all are listed.",
            show_default=False,
            autocompletion=completing.codes,
        ),
    ] = None,
) -> None:
    """Explain a diagnostic: what it means, why it matters, and how to mend it.

    Examples:

      pmo-path explain

      pmo-path explain PMO304
    """
    from pmo_path.render.rulebook import write_rule, write_rules
    from pmo_path.sources.rulebook import rule_families, rule_page

    if code is None:
        families = rule_families()
        to_output(lambda out, look: write_rules(families, out, look), None)
    else:
        page = rule_page(code)
        to_output(lambda out, look: write_rule(page, out, look), None)
