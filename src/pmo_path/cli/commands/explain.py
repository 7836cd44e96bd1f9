"""`pmo-path explain`: what a diagnostic's code means."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_path.cli import completion
from pmo_path.cli.output import to_output
from pmo_path.domain.codes import Code


def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help=f"The code of a diagnostic, such as {Code.MUST_HAVE_TOO_HIGH}; without it, all are "
            "listed.",
            show_default=False,
            autocompletion=completion.codes,
        ),
    ] = None,
) -> None:
    """Explain a diagnostic: what it means, why it matters, and how to mend it.

    Examples:

      pmo-path explain

      pmo-path explain PMO304
    """
    from pmo_path.app.explain import explain as page_of
    from pmo_path.app.explain import rules
    from pmo_path.render.results.rulebook import write_rule, write_rules

    if code is None:
        families = rules()
        to_output(lambda out, look: write_rules(families, out, look), None)
    else:
        page = page_of(code)
        to_output(lambda out, look: write_rule(page, out, look), None)
