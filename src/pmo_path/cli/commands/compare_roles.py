"""Two roles side by side, as `pmo-path compare` shows them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.cli.input import given_framework, given_ratings
from pmo_path.cli.output import write_result
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.render.formats.registry import Format


def compare_roles(
    roles: Sequence[str],
    ratings_path: Path | None,
    framework_path: Path | None,
    chosen: Format,
    output: Path | None,
) -> None:
    """Write what the second of two roles asks beside the first, and how far a person is from each.

    `roles` are ids, names or aliases. Raises UsageProblem for any other number of roles, for the
    same role twice and for an unknown one, InputInvalid and OutputFailed.
    """
    from pmo_path.domain.compare.roles import compare_roles as comparison_of  # noqa: PLC0415
    from pmo_path.render.results.compare_roles import roles_result

    framework = given_framework(framework_path)
    before, after = _two(framework, roles)
    ratings = None if ratings_path is None else given_ratings(ratings_path, framework)
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    comparison = comparison_of(framework, before, after, ratings, today=today)
    write_result(roles_result(comparison), chosen, output)


def _two(framework: Framework, roles: Sequence[str]) -> tuple[str, str]:
    """The ids of both roles. Raises UsageProblem."""
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415

    found = [role_named(framework, one) for one in roles]
    if len(found) != 2:  # noqa: PLR2004  roles stand side by side
        raise UsageProblem(
            f"two roles are compared at a time, not {len(found)}; "
            "'pmo-path assess RATINGS --role any' ranks all roles for a person"
        )
    before, after = found
    if before == after:
        raise UsageProblem(
            f"'{roles[0]}' and '{roles[1]}' are the same role, {before}; name another one"
        )
    return before, after
