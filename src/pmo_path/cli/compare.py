"""`pmo-path compare`: ratings of one person against each other, over time or rater by rater."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli.loading import STDIN, given_content, given_framework
from pmo_path.cli.options import (
    FrameworkOption,
    OpenOption,
    OutputOption,
    PageFormat,
    PageFormatOption,
    format_for,
)
from pmo_path.cli.writers import check_opening, open_page, write_paper
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from pmo_path.domain.comparing.model import OverTime, Raters


def compare(  # noqa: PLR0913  one parameter an option
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Ratings files of one person: two by one rater, or one by each rater; "
            "- reads one from stdin.",
            show_default=False,
        ),
    ],
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="The role aimed at: id, name or alias.", metavar="ROLE"),
    ] = None,
    framework: FrameworkOption = None,
    old_framework: Annotated[
        Path | None,
        typer.Option(
            "--old-framework",
            help="Framework file as it was: ratings that name its version are read with it, and "
            "followed to what was renamed.",
            metavar="FILE",
        ),
    ] = None,
    format_: PageFormatOption = None,
    output: OutputOption = None,
    open_: OpenOption = False,
) -> None:
    """Compare ratings of one person: what moved since then, or how raters differ.

    Examples:

      pmo-path compare march.yaml september.yaml

      pmo-path compare self.yaml manager.yaml peer.yaml
    """
    chosen = format_for(PageFormat, format_, output)
    if open_:
        check_opening(chosen, output)
    if files.count(STDIN) > 1:
        raise UsageProblem("only one of the files can come from stdin")
    roles = role or []
    if len(roles) > 1:
        raise UsageProblem("give --role once: all files are compared against one role")
    from pmo_path.app.comparing import compare_files

    result = compare_files(
        files,
        given_content,
        given_framework(framework),
        None if old_framework is None else given_framework(old_framework),
        roles[0] if roles else None,
    )
    _write(result, chosen, output)
    if open_ and output is not None:
        open_page(output)


def _write(result: OverTime | Raters, chosen: PageFormat, output: Path | None) -> None:
    from pmo_path.render.comparing.json import write_json
    from pmo_path.render.comparing.kinds import paper_of

    write_paper(lambda: paper_of(result), lambda out: write_json(result, out), chosen, output)
