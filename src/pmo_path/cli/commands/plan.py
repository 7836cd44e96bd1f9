"""`pmo-path plan`: a dated development plan within the hours available."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli import completion
from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import load_framework, read_input
from pmo_path.cli.options import (
    FrameworkOption,
    OpenOption,
    OutputOption,
    PlanFormatOption,
    RoleOption,
    TargetLevelOption,
    argument,
    day_option,
    file_option,
    flag,
    value_option,
)
from pmo_path.cli.output import destination, is_stdout, keep_inputs, shown_on_terminal
from pmo_path.render.formats.registry import (  # noqa: TID253  light
    PLAN_FORMATS,
    Format,
)

if TYPE_CHECKING:
    from pmo_path.app.plan import PlanOptions, PlanSource
    from pmo_path.cli.output import Destination
    from pmo_path.domain.plan.model import Blocked
    from pmo_path.domain.plan.result import Plan


def plan(  # noqa: PLR0913  one parameter an option
    ratings: Annotated[
        Path,
        argument(
            "RATINGS",
            "Ratings file, or the plan.yaml of an earlier plan to make it again; - reads stdin.",
        ),
    ],
    role: RoleOption = None,
    target_level: TargetLevelOption = None,
    framework: FrameworkOption = None,
    hours_per_week: Annotated[
        float | None,
        value_option("HOURS", "Hours a week that you can find for learning."),
    ] = None,
    until: Annotated[
        datetime.date | None, day_option(help="Last day of the plan, such as 2027-06-30.")
    ] = None,
    weeks: Annotated[
        int | None, typer.Option(help="Length of the plan in weeks. Default: 26.")
    ] = None,
    start: Annotated[
        datetime.date | None,
        day_option(help="First day; the plan begins on the next Monday. Default: today."),
    ] = None,
    assignments: Annotated[
        int | None,
        typer.Option(help="Steps that somebody has to grant, at most at once. Default: 2."),
    ] = None,
    competences: Annotated[
        int | None,
        typer.Option(help="Competences in progress, at most at once. Default: 3."),
    ] = None,
    budget: Annotated[
        str | None, value_option("SUM", "Money for courses, such as '2000 EUR'.")
    ] = None,
    reach: Annotated[
        str | None,
        value_option(
            "BAND",
            "Reach this band with the least effort. Default: close as much as possible.",
            autocompletion=completion.bands,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        value_option(
            "ID",
            "Leave out this step or course; can be repeated.",
            autocompletion=completion.actions,
        ),
    ] = None,
    newer: Annotated[
        Path | None,
        file_option("Newer ratings, in place of those in the plan file.", "--ratings"),
    ] = None,
    explain: Annotated[
        bool,
        flag("--explain", "Show everything, and what the plan loses without each."),
    ] = False,
    full: Annotated[bool, flag("--full", "Show everything, not only the short form.")] = False,
    format_: PlanFormatOption = None,
    output: OutputOption = None,
    open_: OpenOption = False,
) -> Exit:
    """Plan what to do by when, within the hours that you have.

    With -o plan.yaml, the plan is written as a file to edit: tick actions off, change dates, name
    supporters, and pass it to this command again.

    Examples:

      pmo-path plan ratings.yaml --role pmo-director --hours-per-week 4

      pmo-path plan ratings.yaml --hours-per-week 4 --until 2027-06-30 -o plan.yaml

      pmo-path plan plan.yaml --ratings newer.yaml -o plan.yaml

      pmo-path plan plan.yaml -o plan.ics
    """
    from pmo_path.app.plan import PlanOptions, keep_what_is_written, read_plan_source

    result_to = destination(format_, output, opens=open_, page="plan", formats=PLAN_FORMATS)
    now = datetime.datetime.now(tz=datetime.UTC).astimezone()
    source = read_plan_source(
        ratings,
        load_framework(framework),
        role=role,
        target_level=target_level,
        newer=newer,
        today=now.date(),
        read=read_input,
    )
    for name, line, note in source.notes:
        say(f"{name}:{line}: note: {note}")
    is_renewed = source.before is not None and result_to.format is Format.YAML
    keep_inputs(result_to.output, (None if is_renewed else ratings, newer, framework))
    if result_to.output is not None and result_to.format is Format.YAML:
        keep_what_is_written(result_to.output, source)
    hours = None if hours_per_week is None else Decimal(str(hours_per_week))
    options = PlanOptions(
        hours, until, weeks, start, assignments, competences, budget, reach, exclude or ()
    )
    made = _planned(source, options, today=now.date(), explain=explain)
    from pmo_path.domain.plan.result import Plan  # noqa: PLC0415  loaded by now

    if not isinstance(made, Plan):
        return _blocked(made, source)
    _write(made, source, result_to, now=now, explain=explain, is_full=full)
    return Exit.FINE


def _planned(
    source: PlanSource, options: PlanOptions, *, today: datetime.date, explain: bool
) -> Plan | Blocked:
    from pmo_path.app.plan import plan_from

    with shown_on_terminal() as progress:
        progress("Planning", None)
        return plan_from(source, options, today=today, explain=explain)


def _blocked(made: Blocked, source: PlanSource) -> Exit:
    """Say what is in the way of a band, and return the exit code for it."""
    from pmo_path.render.results.plan_words import blocked_words, is_about_ratings

    names = {key: entry.name for key, entry in source.framework.competences.items()}
    for sentence in blocked_words(made, names):
        say(f"pmo-path: {sentence}")
    return Exit.FOUND if is_about_ratings(made) else Exit.USAGE


def _write(  # noqa: PLR0913  what is shown of it
    made: Plan,
    source: PlanSource,
    result_to: Destination,
    *,
    now: datetime.datetime,
    explain: bool,
    is_full: bool,
) -> None:
    from pmo_path.app.plan import plan_text
    from pmo_path.render.results.plan import plan_result

    output = result_to.output
    name = "plan.yaml" if output is None or is_stdout(output) else output.name
    result_to.write(
        plan_result(
            made,
            made_at=now,
            explain=explain,
            is_brief=result_to.is_on_terminal and not (is_full or explain),
            file=lambda: plan_text(made, source, name),
        )
    )
