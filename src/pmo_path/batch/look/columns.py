"""Which column holds what, told by the headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.headings import plain
from pmo_path.batch.look.problems import problem
from pmo_path.batch.sheet import CARRY, Column, Kind, Layout
from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATER_HEADINGS,
    RATING_HEADINGS,
    REJECT_COLUMNS,
    ROLE_HEADINGS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_path.batch.headings import Names
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework

NEARLY, TWICE, NO_RATINGS, MAPPING = "PMO601", "PMO602", "PMO603", "PMO604"
NOBODY = "PMO606"
ABOUT_A_COMPETENCE = frozenset(
    {
        "comment", "comments", "evidence", "example", "examples", "explain", "feedback", "gap",
        "note", "notes", "points", "reason", "remark", "remarks", "required", "target", "why",
        "beispiel", "grund", "kommentar", "nachweis", "warum",
    }
)  # fmt: skip
"""Words that say that a heading is about a competence without rating it."""
MAPPABLE = frozenset({Kind.PERSON, Kind.ROLE, Kind.RATER, Kind.COMPETENCE, Kind.RATING})
"""What a mapping may say of a column, beside the name of a competence."""
_AGAIN = re.compile(r" ?\([0-9]+\)$")
"""What programs put behind a heading that they have had before."""
_WORD = re.compile(r"\w+")
_BRACKETS = re.compile(r"[\[(](?P<inside>[^\[\]()]*)[\])]")


class Matched(NamedTuple):
    """The columns of a sheet, and what is to be said about them."""

    columns: tuple[Column, ...]
    layout: Layout
    problems: tuple[Diagnostic, ...]
    remarks: tuple[str, ...]


def rated_in(cells: Iterable[str], names: Names) -> int:
    """How many cells of a row are headings of competences, or such as the mapping names."""
    return sum(
        names.find(cell) is not None
        or names.mapped(cell) is not None
        or names.within(cell) is not None
        for cell in cells
    )


def is_of_rejects(headings: Sequence[str]) -> bool:
    """Whether these are the headings of a file of rejected rows."""
    return tuple(headings[: len(REJECT_COLUMNS)]) == REJECT_COLUMNS


def match(  # noqa: PLR0913  what is known and what is wanted
    headings: Sequence[str],
    framework: Framework,
    names: Names,
    name: str,
    line: int,
    *,
    layout: Layout | None = None,
    has_roles: bool = True,
) -> Matched:
    """What each column holds, by its heading. `line` is where the headings stand.

    Without a `layout` the headings tell it; without `has_roles` no column names roles.
    """
    matching = _Matching(headings, names, name, line)
    return matching.matched(framework, layout, has_roles=has_roles)


class _Matching:
    def __init__(self, headings: Sequence[str], names: Names, name: str, line: int) -> None:
        self._said = [" ".join(one.split()) for one in headings]
        self.headings = _unique(self._said)
        self.names, self.name, self.line = names, name, line
        self.problems: list[Diagnostic] = []
        self.remarks: list[str] = []
        self._taken: set[int] = set()
        self._known = {
            plain(one): place for place, one in reversed(list(enumerate(self.headings)))
        }

    def matched(self, framework: Framework, layout: Layout | None, *, has_roles: bool) -> Matched:
        kinds = self._special(layout, has_roles=has_roles)
        rated = {} if Kind.COMPETENCE in kinds.values() else self._rated(kinds)
        columns = []
        for place, heading in enumerate(self.headings):
            if place in rated:
                columns.append(Column(heading, Kind.RATING, rated[place]))
            else:
                columns.append(Column(heading, kinds.get(place, Kind.CARRIED)))
        found = Layout.LONG if Kind.COMPETENCE in kinds.values() else Layout.WIDE
        if found is Layout.LONG and Kind.PERSON not in kinds.values():
            self._no_person()
        if found is Layout.WIDE and layout is Layout.LONG:
            self._not_long()
        if found is Layout.WIDE:
            self._check_mapping()
        if not self.problems and not any(one.kind is Kind.RATING for one in columns):
            self._no_ratings(framework)
        carried = [one.heading for one in columns if one.kind is Kind.CARRIED]
        if carried:
            self.remarks.append(f"carried through: {', '.join(carried)}")
        return Matched(tuple(columns), found, tuple(self.problems), tuple(self.remarks))

    def _special(self, layout: Layout | None, *, has_roles: bool) -> dict[int, Kind]:
        """The columns that say who, for which role and by whom; and those of a long sheet."""
        kinds = self._mapped() | self._of_rejects()
        self._taken = {
            place for place, one in enumerate(self.headings) if self.names.mapped(one) is not None
        }
        self._first(Kind.PERSON, PERSON_HEADINGS, kinds)
        if has_roles:
            self._first(Kind.ROLE, ROLE_HEADINGS, kinds)
        self._first(Kind.RATER, RATER_HEADINGS, kinds)
        if layout is Layout.WIDE or Kind.COMPETENCE in kinds.values():
            return kinds
        competence = self._place(COMPETENCE_HEADINGS, kinds)
        rating = self._place(RATING_HEADINGS, kinds)
        if competence is not None and rating is not None:
            kinds |= {competence: Kind.COMPETENCE, rating: Kind.RATING}
        return kinds

    def _mapped(self) -> dict[int, Kind]:
        kinds = {}
        for place, heading in enumerate(self.headings):
            said = self.names.mapped(heading)
            if said == CARRY:
                kinds[place] = Kind.CARRIED
            elif said in MAPPABLE:
                kind = Kind(said)
                if kind in kinds.values():
                    self._mapped_twice(kind)
                kinds[place] = kind
        return kinds

    def _mapped_twice(self, kind: Kind) -> None:
        self.problems.append(
            problem(
                MAPPING,
                self.name,
                f"the mapping gives more than one column to '{kind}'",
                f"leave one of them '{kind}', and give '{CARRY}' to the others",
                self.line,
            )
        )

    def _of_rejects(self) -> dict[int, Kind]:
        """The columns that stand before the row itself in a file of rejected rows."""
        ours = len(REJECT_COLUMNS) if is_of_rejects(self.headings) else 0
        return dict.fromkeys(range(ours), Kind.LEFT_OUT)

    def _first(self, kind: Kind, known: Sequence[str], kinds: dict[int, Kind]) -> None:
        if kind in kinds.values():
            return
        place = self._place(known, kinds)
        if place is not None:
            kinds[place] = kind

    def _place(self, known: Sequence[str], kinds: Mapping[int, Kind]) -> int | None:
        places = (self._known[one] for one in known if one in self._known)
        return next(
            (place for place in places if place not in kinds and place not in self._taken), None
        )

    def _rated(self, kinds: Mapping[int, Kind]) -> dict[int, str]:
        """The competence of each column that rates one: by its name, else by what is in it."""
        rated: dict[int, str] = {}
        others = []
        for place, heading in enumerate(self.headings):
            if place in kinds:
                continue
            competence = self._mapped_to(heading) or self._named(place)
            if competence is None:
                others.append((place, heading))
            else:
                self._rate(rated, place, competence)
        named = set(rated.values())
        inferred = []
        for place, heading in others:
            competence, near = self._inside(heading)
            if near is not None:
                self._nearly(heading, near)
            elif competence is not None and competence not in named:
                inferred.append(f"'{heading}' as {competence}")
                self._rate(rated, place, competence)
        if inferred:
            self.remarks.append(f"taken for competences: {', '.join(inferred)}")
        return rated

    def _rate(self, rated: dict[int, str], place: int, competence: str) -> None:
        self._check_twice(rated, place, competence)
        rated[place] = competence

    def _named(self, place: int) -> str | None:
        """The competence that a heading is the name of, also where it came more than once."""
        said = self._said[place]
        return self.names.find(said) or self.names.find(_AGAIN.sub("", said))

    def _mapped_to(self, heading: str) -> str | None:
        said = self.names.mapped(heading)
        if said is None:
            return None
        found = self.names.find(said)
        if found is None:
            hint = self.names.nearest(said)
            self.problems.append(
                problem(
                    MAPPING,
                    self.name,
                    f"the mapping gives '{heading}' to '{said}', which is no competence",
                    f"did you mean '{hint}'?" if hint else "'pmo-path show' lists them",
                    self.line,
                )
            )
        return found

    def _inside(self, heading: str) -> tuple[str | None, str | None]:
        """The competence that a longer heading rates, or the name that something in it nearly is.

        A name that words in it nearly are goes before a shorter one that stands there as it is.
        """
        brackets = [one["inside"] for one in _BRACKETS.finditer(heading)]
        around = _BRACKETS.sub(" ", heading)
        in_brackets = [found for one in brackets if (found := self.names.find(one))]
        exact = in_brackets[0] if len(in_brackets) == 1 else self.names.find(around)
        within = exact or self.names.within(heading)
        if ABOUT_A_COMPETENCE & set(_WORD.findall(plain(heading))):
            return None, None if within else self.names.nearest(heading)
        if exact is not None:
            return exact, None
        near = [self.names.nearest(one) for one in (heading, *brackets, around)]
        for one in (*near, self.names.nearly_within(heading)):
            if one is not None and self.names.find(one) != within:
                return None, one
        return within, None

    def _nearly(self, heading: str, near: str) -> None:
        self.problems.append(
            problem(
                NEARLY,
                self.name,
                f"the column '{heading}' is nearly the competence '{near}'",
                "correct the heading; or, if it is something else, pass --map with "
                f"'{heading}: {CARRY}'",
                self.line,
            )
        )

    def _check_twice(self, rated: Mapping[int, str], place: int, competence: str) -> None:
        first = next((one for one, what in rated.items() if what == competence), None)
        if first is not None:
            self.problems.append(
                problem(
                    TWICE,
                    self.name,
                    f"the columns '{self.headings[first]}' and '{self.headings[place]}' both rate "
                    f"'{competence}'",
                    f"take one out, or pass --map with '{self.headings[place]}: {CARRY}'",
                    self.line,
                )
            )

    def _no_person(self) -> None:
        self.problems.append(
            problem(
                NOBODY,
                self.name,
                "a sheet with a row for each rating does not say whose rating it is",
                "name a column 'person', or pass --map; ratings of a single person are for "
                "'pmo-path assess'",
                self.line,
            )
        )

    def _not_long(self) -> None:
        self.problems.append(
            problem(
                NO_RATINGS,
                self.name,
                "there are no columns 'competence' and 'rating', as --layout long needs them",
                "name them so, or pass --map",
                self.line,
            )
        )

    def _check_mapping(self) -> None:
        there = {plain(one) for one in self.headings}
        unused = [one for one in self.names.mapping if one not in there]
        if unused:
            self.remarks.append(
                f"the mapping names headings that are not there: {', '.join(unused)}"
            )

    def _no_ratings(self, framework: Framework) -> None:
        shown = ", ".join(f"'{one[:60]}'" for one in self.headings[:12])
        examples = ", ".join(f"'{one.name}'" for one in list(framework.competences.values())[:3])
        self.problems.append(
            problem(
                NO_RATINGS,
                self.name,
                f"no column is a competence; the headings are {shown}",
                f"name the columns as the framework does ({examples} …), or pass --map; "
                "--heading-line and --delimiter help where the sheet is read wrongly",
                self.line,
            )
        )


def _unique(headings: Sequence[str]) -> list[str]:
    named = [one or f"column {place}" for place, one in enumerate(headings, 1)]
    theirs = {one.casefold() for one in named}
    taken: set[str] = set()
    unique = []
    for heading in named:
        free, again = heading, 1
        while free.casefold() in taken or (again > 1 and free.casefold() in theirs):
            again += 1
            free = f"{heading} ({again})"
        taken.add(free.casefold())
        unique.append(free)
    return unique
