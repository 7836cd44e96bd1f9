"""What `pmo-path batch` says at the end: the team, and the rows that add up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from pmo_path.cli.errors import say
from pmo_path.cli.output import to_output
from pmo_path.cli.terminal import style_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.team import Rows, Team, TeamReport
    from pmo_path.writers.atomic import Outputs


def tell_team(
    team: Team, framework: Framework, sole_holders: Mapping[str, Mapping[str, str]]
) -> None:
    """The summary of the team, on stderr; `sole_holders` are named by role and competence."""
    from pmo_path.render.results.team_table import write_team

    labels = {key: band.label for key, band in framework.readiness.items()}
    write_team(team, labels, sole_holders, sys.stderr, style_of(sys.stderr))
    typer.echo("", err=True)


def tell_rows(rows: Rows, rejects: object, *, is_written: bool) -> None:
    """The line in which rows add up; `rejects` is where rejected ones are, None for nowhere."""
    read = f"{rows.read:,} row{'' if rows.read == 1 else 's'} read"
    counts = f"{read}: {rows.scored:,} scored, {rows.rejected:,} rejected"
    if rows.rejected and rejects is not None and is_written:
        counts += f" (see {rejects})"
    say(counts)
    if not is_written:
        say("Nothing is written, since --strict allows no rejected row.")


def write_team_report(report: TeamReport, path: Path, outputs: Outputs) -> None:
    """Write the page of a team, with the other outputs. Raises OutputFailed."""
    from pmo_path.render.results.team_html import write_team_html

    to_output(lambda out, _: write_team_html(report, out), path, outputs)


def write_summary(team: Team, rows: Rows, path: Path, outputs: Outputs | None = None) -> None:
    """Write the whole summary as JSON, with the other outputs if any. Raises OutputFailed."""
    from pmo_path.render.results.team_json import write_team_json

    to_output(lambda out, _: write_team_json(team, rows, out), path, outputs)
