"""Files to start from: empty ratings, a sheet of people, or a framework."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.domain.assessment import role_named
from pmo_path.domain.columns import MAX_COLUMNS
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import TemplateKind
from pmo_path.domain.ratings import SELF
from pmo_path.domain.target_level import no_roles, with_target
from pmo_path.readers.framework import load_framework
from pmo_path.readers.package_data import starter_framework
from pmo_path.readers.ratings import load_ratings
from pmo_path.render.templates.people_columns import headings, people_text
from pmo_path.render.templates.ratings import second_rater_yaml, template_yaml

if TYPE_CHECKING:
    import os

    from pmo_path.domain.framework import Framework

_DELIMITERS = {TemplateKind.PEOPLE_CSV: ",", TemplateKind.PEOPLE_TSV: "\t"}


def template(  # noqa: PLR0913  one parameter an option
    kind: TemplateKind | str = TemplateKind.RATINGS,
    *,
    framework: str | os.PathLike[str] | None = None,
    role: str | None = None,
    target_level: str | None = None,
    ratings: str | os.PathLike[str] | None = None,
    rater: str | None = None,
) -> str | bytes:
    """Return the text of a file to start from, or the bytes of a workbook for kinds ending in `.xlsx`.

    `ratings.xlsx` is a workbook that scores itself; it needs a role or a target level.
    `framework` is a file, the shipped one by default. With a role, the template has only what the
    role requires; a target level stands for a role that requires it of every competence. `rater`
    is who rates, and `ratings` a file of the same person, whose competences and roles a second
    rater's empty file takes over. The template of a framework is always the same. Raises
    InputInvalid and UsageProblem.
    """
    kind = TemplateKind(kind)
    _check_rater(kind, rater, has_ratings=ratings is not None)
    if kind is TemplateKind.FRAMEWORK:
        return starter_framework()
    path = None if framework is None else Path(framework)
    if ratings is not None:
        if role is not None or target_level is not None:
            raise UsageProblem(
                "a second rater's file has the roles of the ratings; leave out --role and "
                "--target-level"
            )
        return _for_second_rater(load_framework(path), Path(ratings), rater or "")
    loaded, role = with_target(load_framework(path), role, target_level)
    rater = (rater or SELF).strip()
    role = role_named(loaded, role) if role else None
    if kind is TemplateKind.RATINGS:
        return template_yaml(loaded, role, rater)
    if kind is TemplateKind.RATINGS_XLSX:
        return _self_scoring(loaded, role, rater)
    _check_width(loaded, role)
    if kind is TemplateKind.PEOPLE_XLSX:
        return _workbook(loaded, role, _batch_command(role, target_level, path))
    return people_text(loaded, role, _DELIMITERS[kind])


def _check_rater(kind: TemplateKind, rater: str | None, *, has_ratings: bool) -> None:
    """Raises UsageProblem where a rater is missing, or makes no sense."""
    if has_ratings and kind is TemplateKind.RATINGS_XLSX:
        raise UsageProblem(
            "--from does not work for a workbook. Name the role with --role instead, or write a "
            "ratings file: -o FILE.yaml"
        )
    is_for_one = kind in {TemplateKind.RATINGS, TemplateKind.RATINGS_XLSX}
    if not is_for_one and (rater is not None or has_ratings):
        raise UsageProblem(f"a rater is for 'template ratings', not for 'template {kind}'")
    if (has_ratings or rater is not None) and not (rater or "").strip():
        raise UsageProblem("name who will rate, such as --rater manager")


def _for_second_rater(framework: Framework, path: Path, rater: str) -> str:
    earlier = load_ratings(path, framework)
    if not earlier.ratings:
        raise UsageProblem(f"'{path}' has no competences for a second rater to rate")
    return second_rater_yaml(framework, earlier, rater.strip())


def _workbook(framework: Framework, role: str | None, command: str) -> bytes:
    from pmo_path.render.templates.people_form import people_form  # noqa: PLC0415  slow to load
    from pmo_path.writers.form_workbook import form_workbook  # noqa: PLC0415  slow to load

    return form_workbook(people_form(framework, role, command))


def _self_scoring(framework: Framework, role: str | None, rater: str) -> bytes:
    """A workbook that scores itself. Raises UsageProblem without a target."""
    from pmo_path.render.templates.self_scoring import (  # noqa: PLC0415  slow to load
        self_scoring_workbook,
    )
    from pmo_path.writers.form_workbook import form_workbook  # noqa: PLC0415  slow to load

    if role is None and not framework.roles:
        raise no_roles(framework)
    if role is None:
        raise UsageProblem(
            "A workbook scores against one target. Name it with --role or --target-level "
            f"(roles: {', '.join(framework.roles)})."
        )
    return form_workbook(self_scoring_workbook(framework, role, rater))


def _check_width(framework: Framework, role: str | None) -> None:
    """Raises UsageProblem where `batch` would not read the sheet."""
    columns = len(headings(framework, role))
    if columns > MAX_COLUMNS:
        narrower = "" if role is not None else "ask for the competences of a single --role, or "
        raise UsageProblem(
            f"a sheet with a column for each competence has {columns:,} columns, and 'batch' reads "
            f"no more than {MAX_COLUMNS:,}; {narrower}give 'batch' a sheet with a row for each "
            "rating: person, competence, rating"
        )


def _batch_command(role: str | None, target_level: str | None, framework: Path | None) -> str:
    """The command that scores the filled sheet, under its usual name."""
    command = ["pmo-path", "batch", "people.xlsx", "-o", "results.xlsx"]
    if target_level is not None:
        command += ["--target-level", target_level]
    elif role is not None:
        command += ["--role", role]
    if framework is not None:
        command += ["--framework", framework.name]
    return shlex.join(command)
