"""`pmo-path compare`: two dates, several raters, or two roles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pmo_path.cli import completion
from pmo_path.cli.input import STDIN, given_framework, given_ratings, read_input
from pmo_path.cli.options import (
    Format,
    FrameworkOption,
    OpenOption,
    OutputOption,
    PageFormatOption,
    format_for,
)
from pmo_path.cli.output import check_opening, keep_inputs, open_page, write_result
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.domain.errors import UsageProblem


def compare(  # noqa: PLR0913  one parameter an option
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILES",
            help="Ratings files of one person: two by one rater, or one by each rater; "
            "- reads one from stdin. With two roles, one file at most.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            help="The role aimed at: id, name or alias. Given twice: the two roles to compare.",
            metavar="ROLE",
            autocompletion=completion.roles,
        ),
    ] = None,
    framework: FrameworkOption = None,
    old_framework: Annotated[
        Path | None,
        typer.Option(
            "--old-framework",
            help="Framework file as it was: ratings that name its version are read with it, and "
            "followed to what was renamed.",
            metavar="FILE",
            readable=False,
        ),
    ] = None,
    format_: PageFormatOption = None,
    output: OutputOption = None,
    open_: OpenOption = False,
) -> None:
    """Compare two dates, raters or roles: what moved, who differs, what is asked.

    Examples:

      pmo-path compare march.yaml september.yaml

      pmo-path compare self.yaml manager.yaml peer.yaml

      pmo-path compare --role pmo-manager --role pmo-director ratings.yaml
    """
    chosen = format_for(format_, output, without=(Format.CSV,))
    if open_:
        check_opening(chosen, output)
    given, roles = files or [], role or []
    keep_inputs(output, (*given, framework, old_framework))
    if len(roles) > 1:
        _compare_roles(roles, given, framework, old_framework, chosen, output)
    else:
        _compare_files(given, roles, framework, old_framework, chosen, output)
    if open_ and output is not None:
        open_page(output)


def _compare_roles(  # noqa: PLR0913  what the command was given
    roles: list[str],
    files: list[Path],
    framework: Path | None,
    old_framework: Path | None,
    chosen: Format,
    output: Path | None,
) -> None:
    if len(files) > 1:
        raise UsageProblem("two roles are compared for one person; pass one ratings file at most")
    if old_framework is not None:
        raise UsageProblem("--old-framework is for ratings over time, not for two roles")
    from pmo_path.app.compare import compare_roles
    from pmo_path.render.results.compare_roles import roles_result

    loaded = given_framework(framework)
    ratings = given_ratings(files[0], loaded) if files else None
    write_result(roles_result(compare_roles(loaded, roles, ratings)), chosen, output)


def _compare_files(  # noqa: PLR0913  what the command was given
    files: list[Path],
    roles: list[str],
    framework: Path | None,
    old_framework: Path | None,
    chosen: Format,
    output: Path | None,
) -> None:
    if not files:
        raise UsageProblem(
            "name two ratings files, or name two roles to compare: --role ONE --role OTHER"
        )
    if files.count(STDIN) > 1:
        raise UsageProblem("only one of the files can come from stdin")
    from pmo_path.app.compare import compare as compare_files
    from pmo_path.app.output_files import check_distinct
    from pmo_path.render.results.compare import compare_result

    check_distinct(one for one in files if one != STDIN)
    known = given_framework(framework)
    old = None if old_framework is None else given_framework(old_framework)
    with shown_on_terminal() as watch:
        result = compare_files(
            files,
            known,
            roles[0] if roles else None,
            old_framework=old,
            read=read_input,
            watch=watch,
        )
    write_result(compare_result(result), chosen, output)
