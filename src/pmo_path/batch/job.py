"""Options for scoring a sheet, checked against its columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.results import ResultDetail
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold_accents, nearest
from pmo_path.domain.options import Combine, SheetFormat
from pmo_path.domain.target_level import no_roles
from pmo_path.domain.team import MIN_GROUP
from pmo_path.readers.table.sheet import Kind, Sheet, SheetOptions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework

_MOST_HEADINGS = 12


class Job(NamedTuple):
    framework: Framework
    roles: tuple[str, ...]
    """Ids of the roles that everybody is rated against; none where each row names its own."""
    sheet: SheetOptions = SheetOptions()
    detail: ResultDetail = ResultDetail()
    combine: Combine = Combine.MEDIAN
    raw: bool = False
    """Do not escape cells that look like formulas."""
    strict: bool = False
    """Write nothing if any row is rejected."""
    group_by: tuple[str, ...] = ()
    """The headings of columns to group the summary by."""
    min_group: int = MIN_GROUP
    """The fewest people that a figure of the guarded summary may be about."""
    is_guarded: bool = False
    """Whether to make the summary from which no figure about few people can be computed."""
    has_names: bool = True
    """Whether the report names people; without names, it is guarded."""
    date: datetime.date | None = None
    """The day of the run, which results and summary name; today by default."""
    is_reported: bool = False
    """Whether to make the report about the team."""

    def escapes(self, output: SheetFormat) -> bool:
        """Whether to escape cells that look like formulas in a format."""
        return output is SheetFormat.CSV and not self.raw


def check_options(sheet: Sheet, job: Job) -> None:
    """Raise UsageProblem for options that do not fit the columns of a sheet."""
    if not job.framework.roles:
        raise no_roles(job.framework)
    if not job.roles and all(column.kind is not Kind.ROLE for column in sheet.columns):
        raise UsageProblem(
            f"no column is called 'target role' or 'role', {_read_as(sheet)}; name the role that "
            "everybody aims at with --role, or a column with --map and 'HEADING: role' "
            f"(roles: {', '.join(job.framework.roles)})"
        )
    group_indexes(sheet, job.group_by)


def _read_as(sheet: Sheet) -> str:
    """How a sheet was read, and its unknown columns."""
    carried = [column.heading for column in sheet.columns if column.kind is Kind.CARRIED]
    # A heading that has the word is likelier than the others.
    carried.sort(key=lambda heading: "role" not in re.findall(r"\w+", fold_accents(heading)))
    shown = ", ".join(f"'{heading[:60]}'" for heading in carried[:_MOST_HEADINGS])
    more = " …" if len(carried) > _MOST_HEADINGS else ""
    others = f"its other columns are {shown}{more}" if carried else "it has no other columns"
    how = next(iter(sheet.remarks), "read as it is")
    return f"and the sheet was {how}: {others}"


def group_indexes(sheet: Sheet, headings: Sequence[str]) -> list[int]:
    """The indexes of the columns to group by. Raises UsageProblem."""
    return list(dict.fromkeys(_group_index(sheet, heading) for heading in headings))


def _group_index(sheet: Sheet, group_by: str) -> int:
    columns, carried = sheet.columns, sheet.indexes(Kind.CARRIED)
    folded = fold_accents(group_by)
    alike = [i for i, column in enumerate(columns) if fold_accents(column.heading) == folded]
    index = next((index for index in alike if index in carried), None)
    if index is not None:
        return index
    headings = [columns[index].heading for index in carried]
    hint = nearest(group_by, headings) or f"columns to group by: {', '.join(headings) or 'none'}"
    problem = f"there is no column '{group_by}' to group by"
    if alike:
        problem = f"'{group_by}' is a {columns[alike[0]].kind} column, which cannot make groups"
    raise UsageProblem(f"{problem}; {hint}")
