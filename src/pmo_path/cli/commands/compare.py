"""`pmo-path compare`: two dates, several raters, or two roles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli import completion
from pmo_path.cli.input import STDIN, load_framework, load_ratings, read_input
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

if TYPE_CHECKING:
    from pmo_path.render.formats.registry import Result


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
            help="Target role: id, name or alias. Repeat it to compare two roles.",
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
    """Compare two assessments, two raters or two roles side by side.

    Examples:

      pmo-path compare march.yaml september.yaml

      pmo-path compare self.yaml manager.yaml peer.yaml

      pmo-path compare --role pmo-manager --role pmo-director ratings.yaml
    """
    chosen = format_for(format_, output, without=(Format.CSV,))
    if open_:
        check_opening(chosen, output)
    files, roles = files or [], role or []
    keep_inputs(output, (*files, framework, old_framework))
    if len(roles) > 1:
        if old_framework is not None:
            raise UsageProblem("--old-framework is for ratings over time, not for two roles")
        result = _compared_roles(roles, files, framework)
    else:
        result = _compared_files(files, role, framework, old_framework)
    write_result(result, chosen, output)
    if open_ and output is not None:
        open_page(output)


def _compared_roles(roles: list[str], files: list[Path], framework: Path | None) -> Result:
    from pmo_path.app.compare import compare_roles
    from pmo_path.render.results.compare_roles import roles_result

    if len(files) > 1:
        raise UsageProblem("two roles are compared for one person; pass one ratings file at most")
    loaded = load_framework(framework)
    ratings = load_ratings(files[0], loaded) if files else None
    return roles_result(compare_roles(loaded, roles, ratings))


def _compared_files(
    files: list[Path],
    role: list[str] | None,
    framework: Path | None,
    old_framework: Path | None,
) -> Result:
    from pmo_path.app.compare import compare as compare_files
    from pmo_path.app.output_files import check_distinct
    from pmo_path.render.results.compare import compare_result

    if not files:
        raise UsageProblem(
            "name two ratings files, or name two roles to compare: --role ONE --role OTHER"
        )
    if files.count(STDIN) > 1:
        raise UsageProblem("only one of the files can come from stdin")
    check_distinct(file for file in files if file != STDIN)
    loaded = load_framework(framework)
    old = None if old_framework is None else load_framework(old_framework)
    with shown_on_terminal() as progress:
        comparison = compare_files(
            files,
            loaded,
            role[0] if role else None,
            old_framework=old,
            read=read_input,
            progress=progress,
        )
    return compare_result(comparison)
