"""Rules on facts: one length of a course; advice on the version, dates and prerequisites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.rules.registry import advice_rule, error_rule
from pmo_path.domain.version_numbers import parse_version

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


@error_rule()
def courses_with_two_lengths(framework: Framework) -> Iterator[Finding]:
    """A course whose length is given in days and in hours."""
    for key, training in framework.training.items():
        if training.days is not None and training.hours is not None:
            yield Finding(
                code=Code.INVALID_VALUE,
                message=f"the training '{key}' has its length in 'days' and in 'hours'",
                path=("training", key, "hours"),
                at_key=True,
                hint="keep the one that the provider states",
                related=(("training", key, "days"), "'days' is here"),
            )


@advice_rule(Code.UNUSUAL_VERSION)
def versions_of_another_form(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A version that is not three numbers."""
    version = framework.framework.version
    if parse_version(version) is None:
        yield Finding(
            code=Code.UNUSUAL_VERSION,
            message=f"the version '{version}' is not major.minor.patch",
            path=("framework", "version"),
            hint="write three numbers such as 1.0.0; without them, 'diff' cannot check the version",
        )


@advice_rule(Code.FUTURE_DATE)
def dates_in_the_future(framework: Framework, today: datetime.date) -> Iterator[Finding]:
    """A fact that was checked, published or priced in a month that is still to come."""
    for path, date in _dates(framework):
        if date[: len("2026-11")] > f"{today:%Y-%m}"[: len(date)]:
            yield Finding(
                code=Code.FUTURE_DATE,
                message=f"'{path[-1]}' is in the future: {date}",
                path=path,
                hint=f"write a month up to {today:%Y-%m}",
            )


def _dates(framework: Framework) -> Iterator[tuple[Path, str]]:
    for key, training in framework.training.items():
        path: Path = ("training", key)
        as_of = training.cost and training.cost.as_of
        for date_path, date in (
            ((*path, "checked"), training.checked),
            ((*path, "source_date"), training.source_date),
            ((*path, "cost", "as_of"), as_of),
        ):
            if date:
                yield date_path, date


@advice_rule(Code.PREREQUISITE_BY_TITLE)
def prerequisites_by_title(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A prerequisite in words that is the title of a course in the framework."""
    for key, training in framework.training.items():
        for position, prerequisite in enumerate(training.prerequisites):
            course = framework.training_names.find(prerequisite)
            if course is not None and prerequisite not in framework.training:
                yield Finding(
                    code=Code.PREREQUISITE_BY_TITLE,
                    message=f"'{prerequisite}' is the title of a course here, but not its id",
                    path=("training", key, "prerequisites", position),
                    hint=f"write its id, '{course}'",
                    related=(("training", course), f"'{course}' is here"),
                )
