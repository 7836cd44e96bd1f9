"""`pmo-path explain`: what a diagnostic's code means."""

from __future__ import annotations

from typing import Annotated

from pmo_path.cli import completion
from pmo_path.cli.options import OutputOption, PageFormatOption, argument
from pmo_path.cli.output import destination
from pmo_path.domain.codes import Code


def explain(
    code: Annotated[
        str | None,
        argument(
            "CODE",
            f"A diagnostic code, such as {Code.MUST_HAVE_TOO_HIGH}. Default: list all codes.",
            autocompletion=completion.codes,
        ),
    ] = None,
    format_: PageFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Explain a diagnostic: what it means, why it matters, and how to fix it.

    Examples:

      pmo-path explain

      pmo-path explain PMO304
    """
    from pmo_path.app.reference import explain as page_of
    from pmo_path.app.reference import rules
    from pmo_path.render.results.rulebook import rule_result, rules_result

    result_to = destination(format_, output)
    result_to.write(rules_result(rules()) if code is None else rule_result(page_of(code)))
