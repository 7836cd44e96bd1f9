"""`pmo-path assess`: the gap report for ratings from a file or from questions."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import STDIN, load_ratings, load_target
from pmo_path.cli.options import (
    Format,
    FrameworkOption,
    OpenOption,
    OutputOption,
    RowFormatOption,
    TargetLevelOption,
    argument,
    file_option,
    flag,
    role_option,
    value_option,
)
from pmo_path.cli.output import destination, keep_inputs
from pmo_path.cli.streams import is_terminal
from pmo_path.domain.errors import UsageProblem
from pmo_path.render.formats.registry import ROW_FORMATS  # noqa: TID253  light

TOP = 5
"""The number of priorities in a full report."""
MORE = "Everything: --full; as a page: -o me.html."

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.cli.interview import Answers
    from pmo_path.cli.interview.setup import Start
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import GapReport
    from pmo_path.render.results.report import BriefReport


def assess(  # noqa: PLR0913  one parameter an option
    ratings: Annotated[
        Path | None,
        argument(
            "RATINGS",
            "Ratings file: YAML, JSON, CSV, TSV or XLSX; - reads stdin. Default: answer "
            "questions.",
        ),
    ] = None,
    role: Annotated[
        str | None, role_option(help="Target role: id, name or alias; 'any' ranks all roles.")
    ] = None,
    target_level: TargetLevelOption = None,
    framework: FrameworkOption = None,
    format_: RowFormatOption = None,
    output: OutputOption = None,
    open_: OpenOption = False,
    top: Annotated[
        int | None,
        typer.Option(min=1, help="Number of priorities to show. Default: 5, in the short form 3."),
    ] = None,
    full: Annotated[bool, flag("--full", "Show everything, not only the short form.")] = False,
    explain: Annotated[
        bool, flag("--explain", "Show everything, and how each number is calculated.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=100,
            metavar="PERCENT",
            help="Exit with 1 if the low end of readiness is below this, or if there is no band.",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        value_option(
            "COMPETENCE=LEVEL",
            "Show what would change at this level, beside today's figures. Repeatable.",
            "--set",
        ),
    ] = None,
    update: Annotated[
        Path | None,
        file_option(
            "Answer questions with the answers in this ratings file as defaults; what is "
            "unrated comes first. Saved under a new name.",
            "--update",
        ),
    ] = None,
    rater: Annotated[
        str | None,
        value_option("RATER", "Who answers the questions, such as 'manager'. Default: self."),
    ] = None,
    person: Annotated[str | None, value_option("NAME", "Who is rated by the questions.")] = None,
    plain: Annotated[
        bool, flag("--plain", "Ask line by line, for screen readers and simple terminals.")
    ] = False,
) -> Exit:
    """Rate yourself against a role, see your gaps, and get a next step for each.

    Examples:

      pmo-path assess

      pmo-path assess ratings.yaml --role pmo-director

      pmo-path assess ratings.yaml --full

      pmo-path assess ratings.yaml --output me.html --open

      pmo-path assess ratings.yaml --role any

      pmo-path assess ratings.yaml --set strategic-thinking=4

      pmo-path assess --update ratings.yaml

      pmo-path assess --rater manager --person "Ana Example"
    """
    assumptions = [_assumption(text) for text in set_ or ()]
    of_questions = {"--update": update, "--rater": rater, "--person": person}
    _check_options(ratings, of_questions, fail_under, assumes=bool(assumptions))
    result_to = destination(format_, output, opens=open_, page="report", formats=ROW_FORMATS)
    keep_inputs(result_to.output, (ratings, framework, update))
    if ratings == STDIN and is_terminal(sys.stdin):
        say("Reading ratings from the keyboard; end with Ctrl-D.")
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    from pmo_path.domain.lookup import means_any_role  # noqa: PLC0415

    loaded, role = load_target(framework, role, target_level)
    any_role = role is not None and means_any_role(loaded, role)
    if any_role:
        _check_for_any_role(fail_under, assumes=bool(assumptions), explain=explain)
    again = _options_again(framework, target_level, any_role=any_role)
    if ratings is None:
        from pmo_path.cli.interview.conversation import ask_and_save

        start = _start(loaded, None if any_role else role, update, rater, person)
        start = start._replace(is_for_any_role=any_role)
        answers = ask_and_save(loaded, start, again, plain=plain, today=today)
    else:
        from pmo_path.cli.interview import Answers

        answers = Answers(load_ratings(ratings, loaded))
        level = answers.ratings.target_level
        if role is None and level:
            from pmo_path.domain.target_level import with_target  # noqa: PLC0415

            loaded, role = with_target(loaded, None, level)
    if any_role:
        from pmo_path.domain.ranking import rank  # noqa: PLC0415
        from pmo_path.render.results.ranking import ranking_result

        report = short = None
        result = ranking_result(rank(loaded, answers.ratings, top=top or TOP, today=today))
    else:
        from pmo_path.domain.assessment import assess as report_on  # noqa: PLC0415
        from pmo_path.domain.what_if import assumed_levels  # noqa: PLC0415
        from pmo_path.render.results.report import report_result

        report = report_on(
            loaded,
            answers.ratings,
            role,
            top=top or TOP,
            today=today,
            what_if=assumed_levels(loaded, assumptions),
        )
        is_full = full or explain or not result_to.is_on_terminal
        short = None if is_full else _brief_report(answers, top, is_from_file=ratings is not None)
        result = report_result(report, explain=explain, short=short)
    result_to.write(result)
    if report is not None and result_to.format is Format.CSV:
        _note_without_effect(report)
    is_page = result_to.format is Format.HTML
    _end(answers, again, is_page=is_page, is_brief=short is not None)
    return Exit.FINE if report is None or _reaches(report, fail_under) else Exit.FOUND


def _brief_report(answers: Answers, top: int | None, *, is_from_file: bool) -> BriefReport | None:
    """The short form of a report; None where its answers are in no file, to be shown again."""
    from pmo_path.render.results.report import FIRST_STEPS_SHOWN, BriefReport

    first_steps = FIRST_STEPS_SHOWN if top is None else top
    if is_from_file:
        return BriefReport(first_steps, MORE)
    # The next lines on the terminal say how to see everything.
    return None if answers.saved is None else BriefReport(first_steps)


def _assumption(text: str) -> tuple[str, str]:
    """Return the competence and the level that a value of --set names. Raises UsageProblem."""
    name, _, level = (part.strip() for part in text.partition("="))
    if not name or not level:
        raise UsageProblem(
            f"--set takes a competence and a level, such as strategic-thinking=4, not '{text}'"
        )
    return name, level


def _check_options(
    ratings: Path | None,
    of_questions: Mapping[str, object],
    fail_under: float | None,
    *,
    assumes: bool,
) -> None:
    """Raise UsageProblem for options that do not go together, and for no source of ratings."""
    if assumes and ratings is None:
        raise UsageProblem("--set needs ratings to start from; pass a ratings file")
    if assumes and fail_under is not None:
        raise UsageProblem(
            "--fail-under checks the ratings as they are, and --set assumes others; "
            "leave one of them out"
        )
    for option, setting in of_questions.items():
        if ratings is not None and setting is not None:
            raise UsageProblem(f"{option} is for the questions; leave out the ratings file")
    if of_questions["--update"] == STDIN:
        raise UsageProblem("--update needs a file, as stdin is where the answers are typed")
    if ratings is None and not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise UsageProblem(
            "there is no terminal to ask questions on; pass a ratings file, "
            "or - to read one from stdin ('pmo-path template' writes an empty one)"
        )


def _note_without_effect(report: GapReport) -> None:
    """Say on stderr which assumed ratings have no row in a CSV, as the role does not require them."""
    from pmo_path.render.results.report_what_if import without_effect

    if note := without_effect(report):
        say(note)


def _check_for_any_role(fail_under: float | None, *, assumes: bool, explain: bool) -> None:
    """Raise UsageProblem for options that need a single role."""
    if fail_under is not None:
        raise UsageProblem(
            "--fail-under needs one readiness, and '--role any' gives one for each role; "
            "name the role that counts"
        )
    if assumes:
        raise UsageProblem(
            "--set compares one role with today's figures; name it in place of '--role any'"
        )
    if explain:
        raise UsageProblem(
            "--explain shows the workings for one role; name it in place of '--role any'"
        )


def _reaches(report: GapReport, fail_under: float | None) -> bool:
    """Whether the low end of readiness reaches `fail_under`; explains on stderr if not."""
    if fail_under is None:
        return True
    from fractions import Fraction  # noqa: PLC0415

    from pmo_path.render.role_fit import shortfall

    short = shortfall(report, Fraction(repr(fail_under)))
    if short:
        say(f"--fail-under {fail_under:g}: {short}")
    return not short


def _start(
    framework: Framework,
    role: str | None,
    update: Path | None,
    rater: str | None,
    person: str | None,
) -> Start:
    """What the options settle before the first question. Raises UsageProblem and InputInvalid."""
    from pmo_path.cli.interview.setup import Start
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.domain.names import fold  # noqa: PLC0415
    from pmo_path.domain.ratings import SELF  # noqa: PLC0415

    target = role_named(framework, role) if role else None
    name = _stripped("--person", person)
    earlier = None if update is None else load_ratings(update, framework)
    rated_by = _stripped("--rater", rater) or (SELF if earlier is None else earlier.rater)
    if earlier is not None:
        if fold(rated_by) != fold(earlier.rater):
            raise UsageProblem(
                f"--update shows the earlier answers, and those in '{update}' are by "
                f"'{earlier.rater}', not '{rated_by}'. A second rater starts without them: leave "
                "out --update"
            )
        if name and earlier.person and fold(name) != fold(earlier.person):
            raise UsageProblem(
                f"'{update}' has the ratings of '{earlier.person}', not of '{name}'; "
                "leave out --person"
            )
    return Start(target, person=name, rater=rated_by, update=earlier)


def _stripped(option: str, value: str | None) -> str:
    """The value of an option without blanks around. Raises UsageProblem if nothing else is there."""
    if value is not None and not value.strip():
        raise UsageProblem(f"{option} is empty; name somebody, or leave it out")
    return (value or "").strip()


def _options_again(
    framework: Path | None, target_level: str | None, *, any_role: bool
) -> list[str]:
    """The options that another run with the same answers needs."""
    options = {
        "--framework": framework,
        "--target-level": target_level,
        "--role": "any" if any_role else None,
    }
    return [part for option, text in options.items() if text for part in (option, str(text))]


def _end(answers: Answers, options: Sequence[str], *, is_page: bool, is_brief: bool) -> None:
    """Delete the saved session once the report is written, and show where the ratings are."""
    if answers.session is not None:
        answers.session.discard()
    if answers.saved is not None:
        from pmo_path.cli.interview.saving import what_next

        for line in what_next(answers.saved, options, is_page=is_page, is_brief=is_brief):
            say(line)
