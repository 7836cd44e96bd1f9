"""`pmo-path diff`: compare two versions of a framework."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import STDIN, read_input, say_notes, say_skipped
from pmo_path.cli.options import OutputOption, PageFormatOption, argument, flag, value_option
from pmo_path.cli.output import destination, keep_inputs, shown_on_terminal
from pmo_path.domain.errors import InputInvalid, UsageProblem


def diff(  # noqa: PLR0913  one parameter an option
    old: Annotated[Path, argument("OLD", "The old framework file; - reads stdin.")],
    new: Annotated[Path, argument("NEW", "The new framework file; - reads stdin.")],
    ratings: Annotated[
        list[str] | None,
        value_option(
            "FILES",
            "List the ratings in these files that no longer fit: a file, a folder of YAML, "
            "JSON, CSV, TSV and XLSX files, or a quoted pattern such as 'people/*.yaml'. Can "
            "be repeated.",
        ),
    ] = None,
    check: Annotated[
        bool, flag("--check", "Exit with 1 if the version is too low for the changes.")
    ] = False,
    format_: PageFormatOption = None,
    output: OutputOption = None,
) -> Exit:
    """Compare two framework versions: what changes for each role, and which version bump it needs.

    Examples:

      pmo-path diff before.yaml framework.yaml

      git show main:framework.yaml | pmo-path diff - framework.yaml --check
    """
    from pmo_path.app.diff import diff as compare
    from pmo_path.app.inputs import ratings_files
    from pmo_path.render.results.diff import diff_result, verdict

    discovery = ratings_files(ratings or ())
    files = say_skipped(discovery)
    keep_inputs(output, (old, new, *(file.path for file in files)))
    result_to = destination(format_, output)
    if old == new == STDIN:
        raise UsageProblem("only one of the two frameworks can come from stdin")
    with shown_on_terminal() as progress:
        result = compare(
            old, new, None if ratings is None else discovery, read=read_input, progress=progress
        )
    for file in result.ratings or ():
        say_notes(file.file, file.notes)
    result_to.write(diff_result(result.changes, result.ratings))
    if result.mistakes:
        raise InputInvalid(result.mistakes)
    if check and not result.changes.version.follows:
        say(f"pmo-path: {verdict(result.changes)}")
        return Exit.FOUND
    return Exit.FINE
