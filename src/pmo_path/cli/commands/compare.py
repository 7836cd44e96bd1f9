"""`pmo-path compare`: two dates, several raters, or two targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pmo_path.cli.input import STDIN, load_framework, load_ratings, load_target, read_input
from pmo_path.cli.options import (
    FrameworkOption,
    OpenOption,
    OutputOption,
    PageFormatOption,
    argument,
    file_option,
    role_option,
    target_level_option,
)
from pmo_path.cli.output import destination, keep_inputs, shown_on_terminal
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from pmo_path.render.formats.registry import Result


def compare(  # noqa: PLR0913  one parameter an option
    files: Annotated[
        list[Path] | None,
        argument(
            "FILES",
            "One person's ratings files: two by the same rater, or one by each rater; - reads "
            "one from stdin. With two roles, at most one file.",
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        role_option(help="Target role: id, name or alias. Repeat it to compare two roles."),
    ] = None,
    target_level: Annotated[
        list[str] | None,
        target_level_option(
            help="Level to reach in every competence, in place of a role. With a role, or "
            "repeated, the two are compared."
        ),
    ] = None,
    framework: FrameworkOption = None,
    old_framework: Annotated[
        Path | None,
        file_option(
            "The framework as it was, for ratings made with that version; renamed competences "
            "are matched."
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

      pmo-path compare --role pmo-director --target-level 4
    """
    result_to = destination(format_, output, opens=open_, page="comparison")
    files, roles, levels = files or [], role or [], target_level or []
    keep_inputs(result_to.output, (*files, framework, old_framework))
    if _is_of_targets(files, roles, levels):
        if old_framework is not None:
            raise UsageProblem("--old-framework is for ratings over time, not for two roles")
        result = _compared_roles(roles, levels, files, framework)
    else:
        role_id, level = next(iter(roles), None), next(iter(levels), None)
        result = _compared_files(files, role_id, level, framework, old_framework)
    result_to.write(result)


def _is_of_targets(files: list[Path], roles: list[str], levels: list[str]) -> bool:
    """Whether targets are compared, not files: two files leave room for one target."""
    is_one_of_each = len(roles) == len(levels) == 1
    return len(roles) + len(levels) > 1 and not (is_one_of_each and len(files) > 1)


def _compared_roles(
    roles: list[str], levels: list[str], files: list[Path], framework: Path | None
) -> Result:
    from pmo_path.app.compare import compare_roles
    from pmo_path.domain.target_level import with_levels  # noqa: PLC0415
    from pmo_path.render.results.compare_roles import roles_result

    if len(files) > 1:
        raise UsageProblem("two roles are compared for one person; pass one ratings file at most")
    loaded, level_roles = with_levels(load_framework(framework), levels)
    ratings = load_ratings(files[0], loaded) if files else None
    return roles_result(compare_roles(loaded, (*roles, *level_roles), ratings))


def _compared_files(
    files: list[Path],
    role: str | None,
    target_level: str | None,
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
    loaded, target = load_target(framework, role, target_level)
    old = None
    if old_framework is not None:
        old, _ = load_target(old_framework, role, target_level)
    with shown_on_terminal() as progress:
        comparison = compare_files(
            files, loaded, target, old_framework=old, read=read_input, progress=progress
        )
    return compare_result(comparison)
