"""Match the columns of a table to a person, a role, a rater or a competence by their headings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import COMPETENCE_HEADINGS, DOMAIN_HEADINGS, are_of_rejects
from pmo_path.domain.names import fold_accents
from pmo_path.domain.options import Layout
from pmo_path.readers.table.competence_names import NUMBERED, is_another_word
from pmo_path.readers.table.header_row import MOSTLY
from pmo_path.readers.table.rating_column import (
    ColumnAdvice,
    no_levels,
    rating_column,
    which_rating,
)
from pmo_path.readers.table.sheet import CARRY, KNOWN_HEADINGS, Column, Kind, few, of_kind
from pmo_path.readers.table.unnamed_columns import (
    beside_empty,
    names_nothing,
    second_row,
    second_table,
    unnamed_ratings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.lookup import AmbiguousName
    from pmo_path.readers.table.competence_names import Inside, Names
    from pmo_path.readers.table.header_row import Header
    from pmo_path.readers.table.sheet import SheetOptions

_MOST_SHOWN = 3
_ANY = 1e-9
"""A share of a column so small that a single cell reaches it."""
_MAPPABLE = frozenset({*KNOWN_HEADINGS, Kind.DOMAIN})
"""What a mapping may say of a column, beside the name of a competence."""


class Matched(NamedTuple):
    """The columns of a table, with problems, remarks and notices about them."""

    columns: tuple[Column, ...]
    layout: Layout
    problems: tuple[Diagnostic, ...]
    remarks: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """A note that may affect figures and that only a person can judge."""
    unnamed: tuple[int, ...] = ()
    """Carried columns without a heading, by index, whose further rows may hold ratings."""


def match(header: Header, names: Names, options: SheetOptions) -> Matched:
    """Match each column by its heading, and by its first cells where the heading leaves a doubt.

    Unless the options have a layout, the headings decide it. The long table of a ratings file need
    not name a person, and its column `rating` always counts.
    """
    matching = _Matching(header, names, options)
    columns, layout = matching.columns()
    unnamed = matching.check(columns)
    carried = [column.heading for column in columns if column.kind is Kind.CARRIED]
    if carried and not options.is_ratings_file:
        matching.remarks.append(f"carried through: {', '.join(carried)}")
    return Matched(
        tuple(columns),
        layout,
        tuple(matching.problems),
        tuple(matching.remarks),
        tuple(matching.notices),
        tuple(unnamed),
    )


class _Matching:
    def __init__(self, header: Header, names: Names, options: SheetOptions) -> None:
        self._header, self._names, self._options = header, names, options
        self._headings, self._cells = header.headings, header.cells
        self.problems: list[Diagnostic] = []
        self.remarks: list[str] = []
        self.notices: list[str] = []
        self._mapped = {
            index: target
            for index, heading in enumerate(self._headings)
            if (target := names.mapped(heading)) is not None
        }
        self._taken = set(self._mapped)
        self._known = {
            fold_accents(text): index for index, text in reversed(list(enumerate(self._headings)))
        }
        self._about: dict[int, tuple[str, str]] = {}
        """By column: the competence that it is about, and the word that says that it only is."""
        self._unlike: list[int] = []
        """Columns whose heading holds a competence, but whose cells are no ratings."""
        self._weak: set[int] = set()
        """Columns that are taken for a competence since its name is somewhere in the heading."""

    # --- The kind of each column ----------------------------------------------------------------

    def columns(self) -> tuple[list[Column], Layout]:
        """The columns, and the layout that they make."""
        if are_of_rejects(self._headings):
            message = "these are the rejected rows of a sheet, not the sheet"
            hint = "fix the rows and pass the file with --fixed beside the sheet"
            self._add(Code.REJECTS_MISMATCH, message, hint)
        kinds = self._kinds()
        is_long = Kind.COMPETENCE in kinds.values()
        rated = {} if is_long else self._rated(kinds)
        kinds |= dict.fromkeys(rated, Kind.RATING)
        columns = [
            Column(heading, kinds.get(index, Kind.CARRIED), rated.get(index, ""))
            for index, heading in enumerate(self._headings)
        ]
        if is_long:
            if Kind.PERSON not in kinds.values() and not self._options.is_ratings_file:
                self._no_person(columns)
            return columns, Layout.LONG
        if self._options.layout is Layout.LONG:
            message = "there are no columns 'competence' and 'rating', as --layout long needs them"
            self._add(Code.NO_RATING_COLUMN, message, "name them so, or pass --map")
        unused = [heading for heading in self._names.mapping if heading not in self._known]
        if unused:
            self.remarks.append(
                f"the mapping names headings that are not there: {', '.join(unused)}"
            )
        return columns, Layout.WIDE

    def _kinds(self) -> dict[int, Kind]:
        """The kinds of the columns for person, role and rater, and of those of a long table."""
        kinds = self._mapped_kinds()
        for kind in (Kind.PERSON, Kind.ROLE, Kind.RATER):
            if kind not in kinds.values() and (kind is not Kind.ROLE or self._options.has_roles):
                index = self._column_of(KNOWN_HEADINGS[kind], kinds)
                if index is not None:
                    kinds[index] = kind
        if self._options.layout is not Layout.WIDE:
            self._of_long(kinds)
        return kinds

    def _of_long(self, kinds: dict[int, Kind]) -> None:
        """Add the columns for competence and rating if the table is long."""
        mapped = {kind: index for index, kind in kinds.items()}
        competence = mapped.get(Kind.COMPETENCE)
        if competence is None:
            competence = self._column_of(COMPETENCE_HEADINGS, kinds)
        if competence is None:
            return
        rating = mapped.get(Kind.RATING)
        if rating is None and self._options.is_ratings_file:
            rating = self._only_called(Kind.RATING, kinds)
        if rating is None:
            rating = self._likely_rating(competence, kinds)
        if rating is not None:
            kinds |= {competence: Kind.COMPETENCE, rating: Kind.RATING}
            domain = self._column_of(DOMAIN_HEADINGS, kinds)
            if Kind.DOMAIN not in mapped and domain is not None and self._is_of_domains(domain):
                kinds[domain] = Kind.DOMAIN

    def _is_of_domains(self, index: int) -> bool:
        """Whether most cells of a column name domains of the framework."""
        filled = self._cells.filled(index)
        return 2 * sum(map(self._names.is_domain, filled)) > len(filled)

    def _likely_rating(self, competence: int, kinds: Mapping[int, Kind]) -> int | None:
        """The column of the ratings as headings and cells show it; adds a problem in doubt."""
        keys = [competence, *(index for index, kind in kinds.items() if kind is Kind.PERSON)]
        free = {
            index: heading
            for index, heading in enumerate(self._header.texts)
            if index not in {*kinds, *self._taken, competence}
        }
        candidates = rating_column(free, self._cells, keys)
        if not candidates.undecided or not any(
            map(self._names.named, self._cells.filled(competence))
        ):
            return candidates.column
        self.problems.append(which_rating(self._header, candidates.undecided))
        self._taken.update(candidates.undecided)
        return candidates.undecided[0]

    def _mapped_kinds(self) -> dict[int, Kind]:
        kinds: dict[int, Kind] = {}
        for index, target in self._mapped.items():
            if target == CARRY:
                kinds[index] = Kind.CARRIED
            elif target in _MAPPABLE:
                if target in kinds.values():
                    message = f"the mapping gives more than one column to '{target}'"
                    hint = f"leave one of them '{target}', and give '{CARRY}' to the others"
                    self._add(Code.INVALID_MAPPING, message, hint)
                kinds[index] = Kind(target)
        return kinds

    def _column_of(self, known: Sequence[str], kinds: Mapping[int, Kind]) -> int | None:
        indices = (self._known[heading] for heading in known if heading in self._known)
        return next(
            (index for index in indices if index not in kinds and index not in self._taken), None
        )

    def _only_called(self, heading: str, kinds: Mapping[int, Kind]) -> int | None:
        """The column with a heading that no other column has."""
        count = sum(fold_accents(text) == heading for text in self._header.texts)
        return self._column_of((heading,), kinds) if count == 1 else None

    # --- The competence of each rating column ---------------------------------------------------

    def _rated(self, kinds: Mapping[int, Kind]) -> dict[int, str]:
        """The competence of each rating column, by the name that the heading is or holds."""
        rated, others = self._rated_by_name(kinds)
        named = set(rated.values())
        inferred = []
        for index in others:
            heading = self._headings[index]
            inside = self._names.inside(heading)
            if inside.competence and inside.about:
                self._about[index] = inside.competence, inside.about
            if inside.near is not None and self._is_misspelt(index, inside, named):
                self._nearly(heading, inside)
            elif inside.ambiguous is not None and self._cells.are_levels(index):
                self._add_ambiguous(index, inside.ambiguous)
            elif self._is_inferred(index, inside, named):
                inferred.append(f"'{heading}' as {inside.competence}")
                self._rate(rated, index, inside.competence or "")
        if inferred:
            self.remarks.append(f"taken for competences: {', '.join(inferred)}")
        self._note_about(set(rated.values()))
        return rated

    def _rated_by_name(self, kinds: Mapping[int, Kind]) -> tuple[dict[int, str], list[int]]:
        """The competence of each column whose heading is a name, and all other columns."""
        rated: dict[int, str] = {}
        others = []
        columns = (index for index in range(len(self._headings)) if index not in kinds)
        named = {index: self._named(index) for index in columns}
        unmapped = (key for index, key in named.items() if key and index not in self._mapped)
        counts: Counter[str | None] = Counter(unmapped)
        for index, key in named.items():
            is_named_twice = index not in self._mapped and counts[key] > 1
            if is_named_twice and self._is_unlike(index, _ANY):
                continue
            competence = self._mapped_to(index) or key
            if competence is not None:
                self._rate(rated, index, competence)
            elif index not in self._mapped and (ambiguous := self._ambiguous(index)) is not None:
                self._add_ambiguous(index, ambiguous)
            else:
                others.append(index)
        return rated, others

    def _is_inferred(self, index: int, inside: Inside, named: AbstractSet[str]) -> bool:
        """Whether a column rates the competence whose name its heading holds."""
        if inside.competence is None or inside.about or inside.competence in named:
            return False
        if inside.is_whole:
            return True
        self._weak.add(index)
        return not self._is_unlike(index)

    def _is_misspelt(self, index: int, inside: Inside, named: AbstractSet[str]) -> bool:
        """Whether a column rates the competence whose name its heading nearly is.

        Cells must be levels, and a heading that is another word does not count if that competence
        has its own column.
        """
        if not self._cells.filled(index):
            return inside.is_slip
        if inside.is_slip:
            return self._cells.ratings_share(index) >= MOSTLY
        is_named = self._names.find(inside.near or "") in named
        return not is_named and self._cells.are_levels(index)

    def _is_unlike(self, index: int, most: float = MOSTLY) -> bool:
        """Whether fewer cells than a share are ratings; the column is then carried and noted."""
        if not self._cells.filled(index) or self._cells.ratings_share(index) >= most:
            return False
        self._unlike.append(index)
        return True

    def _note_about(self, rated: AbstractSet[str]) -> None:
        """Add a notice of columns about competences that no column rates."""
        left_out = [
            f"'{self._headings[index]}' ('{word}')"
            for index, (competence, word) in self._about.items()
            if competence not in rated and self._cells.are_levels(index)
        ]
        if left_out:
            plural = "" if len(left_out) == 1 else "s"
            self.notices.append(
                f"not read as rating{plural}, because of a word in the heading: {few(left_out, _MOST_SHOWN)}; "
                "if it is one, pass --map with the heading and the competence"
            )
        if self._unlike:
            shown = few([f"'{self._headings[index]}'" for index in self._unlike], _MOST_SHOWN)
            self.remarks.append(f"not read as ratings, because the cells are not levels: {shown}")

    def _rate(self, rated: dict[int, str], index: int, competence: str) -> None:
        """Add a rating column, and a problem where another one rates the same competence."""
        first = next((column for column, what in rated.items() if what == competence), None)
        if first is not None:
            heading = self._headings[index]
            message = (
                f"the columns '{self._headings[first]}' and '{heading}' both rate '{competence}'"
            )
            hint = f"take one out, or pass --map with '{heading}: {CARRY}'"
            self._add(Code.DUPLICATE_COLUMN, message, hint)
        rated[index] = competence

    def _named(self, index: int) -> str | None:
        """The competence that a heading names, ignoring a number that a program added."""
        text = self._header.texts[index]
        return self._names.find(text) or self._names.find(NUMBERED.sub("", text))

    def _ambiguous(self, index: int) -> AmbiguousName | None:
        """The ambiguous name that a heading is, ignoring a number that a program added."""
        text = self._header.texts[index]
        return self._names.ambiguous(text) or self._names.ambiguous(NUMBERED.sub("", text))

    def _add_ambiguous(self, index: int, ambiguous: AmbiguousName) -> None:
        """Add the problem of a heading that does not say which competence it means."""
        heading = self._headings[index]
        message = ambiguous.message
        if not message.startswith(f"'{heading}'"):
            message = f"in the column '{heading}', {message}"
        hint = f"{ambiguous.hint}; or pass --map with '{heading}: Domain / Name'"
        self._add(Code.AMBIGUOUS_RATING_COLUMN, message, hint)

    def _mapped_to(self, index: int) -> str | None:
        target = self._mapped.get(index)
        if target is None:
            return None
        competence = self._names.find(target)
        if competence is None:
            near, ambiguous = self._names.nearest(target), self._names.ambiguous(target)
            heading = self._headings[index]
            message = f"the mapping gives '{heading}' to '{target}', which is no competence"
            hint = f"did you mean '{near}'?" if near else "'pmo-path show' lists them"
            if ambiguous is not None:
                message = f"the mapping gives '{heading}' to '{target}', but {ambiguous.message}"
                hint = ambiguous.hint
            self._add(Code.INVALID_MAPPING, message, hint)
        return competence

    def _nearly(self, heading: str, inside: Inside) -> None:
        near = inside.near or ""
        if not inside.is_slip and is_another_word(heading, near):
            self.notices.append(
                f"the column '{heading}' is carried, not read as the competence '{near}'; "
                "if it rates that, correct the heading"
            )
            return
        message = f"the column '{heading}' is nearly the competence '{near}'"
        hint = "correct the heading; or, if it is something else, pass --map with "
        self._add(Code.MISSPELT_COLUMN, message, f"{hint}'{heading}: {CARRY}'")

    # --- Checks ---------------------------------------------------------------------------------

    def check(self, columns: Sequence[Column]) -> list[int]:
        """Add problems of the whole table; return columns without a heading, to be watched."""
        unnamed = self._unnamed(columns)
        table = second_table(self._header, columns, self._mapped)
        if table is not None:
            self._add_instead(table)
        elif not self.problems:
            cause = beside_empty(self._header, columns, self._mapped) or self._no_ratings(columns)
            self.problems += [cause] if cause is not None else []
        return unnamed

    def _no_person(self, columns: Sequence[Column]) -> None:
        across = ColumnAdvice(self._header, columns, self._names).people_across()
        if across is not None:
            self.problems.append(across)
            return
        message = "a sheet with a row for each rating does not say whose rating it is"
        hint = "name a column 'person', or pass --map; ratings of a single person are for "
        self._add(Code.NO_PERSON_COLUMN, message, f"{hint}'pmo-path assess'")

    def _unnamed(self, columns: Sequence[Column]) -> list[int]:
        """The columns without a heading in which no rating was seen yet.

        Adds problems for those with ratings and for a second header row.
        """
        cells, texts = self._cells, self._header.texts
        unnamed = [
            index
            for index in of_kind(columns, Kind.CARRIED)
            if names_nothing(texts[index]) and index not in self._taken
        ]
        if not of_kind(columns, Kind.RATING):
            return unnamed
        below = second_row(self._header, columns, unnamed)
        if below is not None:
            self._add_instead(below)
            return unnamed
        first = next((index for index in range(len(columns)) if cells.filled(index)), 0)
        unnamed = [
            index for index in unnamed if not cells.is_index(index, is_first=index == first)
        ]
        with_ratings = [index for index in unnamed if cells.are_ratings(index)]
        if with_ratings:
            name, line = self._header.name, self._header.line
            self.problems.append(unnamed_ratings(columns, with_ratings, name, line))
        return [] if cells.is_whole else unnamed

    def _no_ratings(self, columns: Sequence[Column]) -> Diagnostic | None:
        """The problem of a table without ratings."""
        if not of_kind(columns, Kind.RATING):
            advice = ColumnAdvice(self._header, columns, self._names)
            return advice.no_ratings(self._about, self._unlike)
        if any(column.competence for column in columns):
            return no_levels(self._header, columns, self._weak)
        return None

    def _add(self, code: Code, message: str, hint: str) -> None:
        self.problems.append(self._header.problem(code, message, hint))

    def _add_instead(self, cause: Diagnostic) -> None:
        """Add a problem in place of those of single headings, which follow from it."""
        codes = {Code.DUPLICATE_COLUMN, Code.MISSING_HEADER}
        others = [diagnostic for diagnostic in self.problems if diagnostic.code not in codes]
        self.problems = [*others, cause]
