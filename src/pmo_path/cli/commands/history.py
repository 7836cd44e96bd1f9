"""`pmo-path history`: readiness over time, from ratings files of several dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import load_target, say_notes, say_skipped
from pmo_path.cli.options import (
    FrameworkOption,
    OpenOption,
    OutputOption,
    PageFormatOption,
    RoleOption,
    TargetLevelOption,
    argument,
)
from pmo_path.cli.output import destination, keep_inputs, shown_on_terminal
from pmo_path.domain.errors import InputInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.app.inputs import FoundFile
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.history import History


def history(  # noqa: PLR0913  one parameter an option
    files: Annotated[
        list[str],
        argument(
            "FILES",
            "Ratings files, a folder of them, or a quoted pattern such as 'people/*.yaml'.",
        ),
    ],
    role: RoleOption = None,
    target_level: TargetLevelOption = None,
    framework: FrameworkOption = None,
    format_: PageFormatOption = None,
    output: OutputOption = None,
    open_: OpenOption = False,
) -> Exit:
    """Show how readiness for a role changed over time.

    Each person and each rater gets a chart, ordered by the dates in the files. Without --role, the
    newest file sets the role.

    Examples:

      pmo-path history ratings/

      pmo-path history 'ratings/ana-*.yaml' --role pmo-director
    """
    from pmo_path.app.inputs import ratings_files
    from pmo_path.render.results.history import history_result

    result_to = destination(format_, output, opens=open_, page="history")
    known, role = load_target(framework, role, target_level)
    ratings = say_skipped(ratings_files(files))
    keep_inputs(result_to.output, (*(file.path for file in ratings), framework))
    result = _history(known, ratings, role)
    result_to.write(history_result(result))
    if result.mistakes:
        raise InputInvalid(result.mistakes)
    return Exit.FINE


def _history(framework: Framework, files: Sequence[FoundFile], role: str | None) -> History:
    from pmo_path.app.history import history_of_files, read_all

    with shown_on_terminal() as progress:
        read = read_all(files, framework, progress)
    for file in read:
        say_notes(file.file, file.notes)
    try:
        with shown_on_terminal() as progress:
            return history_of_files(read, framework, role, progress)
    except InputInvalid as error:
        if any(not file.mistakes for file in read):
            say(f"pmo-path: {error.__cause__}")
        raise
