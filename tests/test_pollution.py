"""Whatever happens to a good sheet: each row is right, or rejected in its line, or the file refused.

A table of people is polluted in the ways in which exports, copies and people's own additions do it,
one or two at a time. Whoever is then scored must have the figures of the clean sheet, whoever is not
must be named with a line of theirs, and nobody may be scored who is no person.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.support import IS_THOROUGH, examples

from pmo_path import load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.domain.assessment import assess
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.ratings import Ratings
from pmo_path.readers.table.sheet import SheetOptions

FRAMEWORK = load_framework()
ROLE = "pmo-director"
IDS = {competence.name: key for key, competence in FRAMEWORK.competences.items()}
NAMES = [
    "Planning and scheduling", "Risk facilitation", "Benefits tracking", "Strategic Thinking",
    "Financial & Resource Management", "Leadership & Influence",
]  # fmt: skip
PEOPLE = ["Ana Ng", "Bo Ek", "Cy Poe", "Dee Roy", "Eli Fox", "Fay Kim", "Gus Lee", "Hal Orr"]
LEVELS = ["0", "1", "2", "3", "4", "5", "", "n/a"]
LABELS = {level: step.label for level, step in FRAMEWORK.scale.items()}


class Row(NamedTuple):
    """A row of a table, and whose it is; nobody's are headings and all that is added."""

    cells: list[str]
    person: str = ""


class Sheet(NamedTuple):
    """A table on its way to a file."""

    rows: list[Row]
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"

    @property
    def heading(self) -> int:
        """Where the row of headings is."""
        return next(place for place, row in enumerate(self.rows) if NAMES[0] in row.cells)

    def with_rows(self, rows):
        return self._replace(rows=[*rows])

    def mapped(self, change):
        """The sheet with each row's cells changed; `change` takes them and whether they are headings."""
        heading = self.heading
        return self.with_rows(
            row._replace(cells=change(row.cells, place == heading)) if place >= heading else row
            for place, row in enumerate(self.rows)
        )

    def content(self):
        """The file, and the lines of each person in it."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.line_end)
        lines: dict[str, set[int]] = {}
        for row in self.rows:
            line = len(out.getvalue().splitlines()) + 1
            writer.writerow(row.cells)
            if row.person:
                lines.setdefault(row.person, set()).add(line)
        return out.getvalue().encode(self.encoding), lines


@st.composite
def clean_sheets(draw):
    names = draw(st.permutations(NAMES))[: draw(st.integers(2, len(NAMES)))]
    if NAMES[0] not in names:
        names[0] = NAMES[0]
    people = PEOPLE[: draw(st.integers(1, len(PEOPLE)))]
    levels = st.lists(st.sampled_from(LEVELS), min_size=len(names), max_size=len(names))
    rows = [Row(["person", "department", *names])]
    rows += [
        Row([person, draw(st.sampled_from(["IT", "HR"])), *draw(levels)], person)
        for person in people
    ]
    return Sheet(rows)


# --- Pollutions ---------------------------------------------------------------------------------


def titles(draw, sheet):
    text = draw(
        st.sampled_from(["Skills audit", "Please rate Risk facilitation honestly", "", "x"])
    )
    count = draw(st.sampled_from([1, 2, 5, 45]))
    return sheet.with_rows([*(Row([text]) for _ in range(count)), *sheet.rows])


def blank_rows(draw, sheet):
    place = draw(st.integers(0, len(sheet.rows)))
    blank = Row([""] * draw(st.sampled_from([0, 1, 8])))
    return sheet.with_rows([*sheet.rows[:place], blank, *sheet.rows[place:]])


def second_heading_row(draw, sheet):
    words = draw(
        st.sampled_from(
            [("Required", "Current", "Gap"), ("Self", "Manager"), ("Target", "Actual")]
        )
    )
    first = draw(st.booleans())
    of_words = len(words)

    def widened(cells, is_heading):
        own, rated = cells[:2], cells[2:]
        wide = []
        for cell in rated:
            if is_heading:
                wide += [cell, *[""] * (of_words - 1)]
            else:
                wide += [cell if first else "5", *[("3" if first else cell)] * (of_words - 1)]
        return own + wide

    wide = sheet.mapped(widened)
    below = Row(["", "", *[word for _ in sheet.rows[sheet.heading].cells[2:] for word in words]])
    return wide.with_rows([*wide.rows[: wide.heading + 1], below, *wide.rows[wide.heading + 1 :]])


def column_per_choice(_draw, sheet):
    choices = [f"{LABELS[level]}" for level in LABELS]

    def expanded(cells, is_heading):
        own, rated = cells[:2], cells[2:]
        wide = []
        for cell in rated:
            if is_heading:
                wide += [cell, *[""] * (len(choices) - 1)]
            else:
                wide += [
                    choice if f"{place}" == cell else "" for place, choice in enumerate(choices)
                ]
        return own + wide

    wide = sheet.mapped(expanded)
    below = Row(
        ["", "", *[choice for _ in sheet.rows[sheet.heading].cells[2:] for choice in choices]]
    )
    return wide.with_rows([*wide.rows[: wide.heading + 1], below, *wide.rows[wide.heading + 1 :]])


def empty_heading(draw, sheet):
    place = draw(st.integers(2, len(sheet.rows[sheet.heading].cells) - 1))
    if sheet.rows[sheet.heading].cells[place] == NAMES[0]:
        return sheet
    return sheet.mapped(
        lambda cells, is_heading: (
            ["" if is_heading and at == place else cell for at, cell in enumerate(cells)]
        )
    )


def doubled_delimiter(draw, sheet):
    assume(sheet.heading + 1 < len(sheet.rows))
    place = draw(st.integers(sheet.heading + 1, len(sheet.rows) - 1))
    row = sheet.rows[place]
    at = draw(st.integers(0, len(row.cells)))
    shifted = row._replace(cells=[*row.cells[:at], "", *row.cells[at:]])
    return sheet.with_rows([*sheet.rows[:place], shifted, *sheet.rows[place + 1 :]])


def missing_delimiter(draw, sheet):
    assume(sheet.heading + 1 < len(sheet.rows))
    place = draw(st.integers(sheet.heading + 1, len(sheet.rows) - 1))
    row = sheet.rows[place]
    at = draw(st.integers(0, max(0, len(row.cells) - 1)))
    cells = [*row.cells[:at], *row.cells[at + 1 :]]
    if at == 0 or not row.cells[at]:
        return sheet
    return sheet.with_rows([*sheet.rows[:place], Row(cells, row.person), *sheet.rows[place + 1 :]])


def second_table(draw, sheet):
    heading = sheet.rows[sheet.heading].cells
    order = draw(st.permutations(range(2, len(heading))))
    names = [heading[place] for place in order]
    if names == heading[2:] or draw(st.booleans()):  # the same headings are no other table
        names = [name for name in IDS if name not in NAMES][: len(names)]
    others = [Row([f"Other {number}", "IT", *["5"] * len(names)]) for number in range(2)]
    blank = [Row([""])] * draw(st.integers(0, 2))
    return sheet.with_rows([*sheet.rows, *blank, Row(["person", "department", *names]), *others])


def headings_again(draw, sheet):
    place = draw(st.integers(sheet.heading + 1, len(sheet.rows)))
    again = sheet.rows[sheet.heading]
    return sheet.with_rows([*sheet.rows[:place], again, *sheet.rows[place:]])


def summary_row(draw, sheet):
    label = draw(
        st.sampled_from(
            ["Total", "Average", "Team average", "Required level", "Target", "Weight", "Gap",
             "Minimum required", "Soll", "Importance", "Max score"]
        )
    )  # fmt: skip
    width = len(sheet.rows[sheet.heading].cells)
    row = Row([label, "", *["5"] * (width - 2)])
    if draw(st.booleans()):
        return sheet.with_rows([*sheet.rows, row])
    return sheet.with_rows(
        [*sheet.rows[: sheet.heading + 1], row, *sheet.rows[sheet.heading + 1 :]]
    )


def footnote(draw, sheet):
    text = draw(
        st.sampled_from(["Source: survey of May", "* rated by the manager", "Page 1 of 2"])
    )
    return sheet.with_rows([*sheet.rows, Row([""]), Row([text])])


def other_column(draw, sheet):
    heading, cells = draw(
        st.sampled_from(
            [("Line manager", "Joe Poe"), ("State", "TX"), ("Cost center", "4711"),
             ("Team lead", "Joe Poe"), ("Years of experience", "3"), ("Email", "a@b.example"),
             ("Comments", "Risk facilitation is my thing"), ("Reports", "2"), ("Tool", "Jira"),
             ("How important is risk facilitation to you?", "5"), ("Training hours", "4"),
             ("Required level", "5"), ("Health check", "ok"), ("Score", "12")]
        )
    )  # fmt: skip
    place = draw(st.sampled_from([1, 2, None]))

    def added(row, is_heading):
        at = len(row) if place is None else place
        return [*row[:at], heading if is_heading else cells, *row[at:]]

    return sheet.mapped(added)


def index_column(draw, sheet):
    counted = iter(range(1, 1000))
    heading = draw(st.sampled_from(["", "#", "No."]))
    return sheet.mapped(
        lambda cells, is_heading: [heading if is_heading else str(next(counted)), *cells]
    )


def trailing_delimiters(draw, sheet):
    count = draw(st.integers(1, 3))
    with_heading = draw(st.booleans())
    return sheet.mapped(
        lambda cells, is_heading: (
            cells if is_heading and not with_heading else cells + [""] * count
        )
    )


def decorated(draw, sheet):
    shape = draw(
        st.sampled_from(
            ["{0} - {1}", "{1} ({0})", "Level {0}", "{0}/5", "{0}.0", "{0},0", "{1}", "0{0}",
             "{0} - {1}: can do it", "{0}.000000000001", "'{0}", "{0}%", " {0} ", "{0}?"]
        )
    )  # fmt: skip

    def shaped(cells, is_heading):
        if is_heading:
            return cells
        return [
            *cells[:2],
            *(
                shape.format(cell, LABELS[next(known for known in LABELS if f"{known}" == cell)])
                if cell.isdecimal()
                else cell
                for cell in cells[2:]
            ),
        ]

    return sheet.mapped(shaped)


def other_headings(draw, sheet):
    shape = draw(
        st.sampled_from(
            ["How would you rate yourself? [{}]", "{} (0-5)", "{}:", "Importance of {}",
             "{} training", "Years of {}", "{} - required", "Rate {}", "{} x"]
        )
    )  # fmt: skip
    return sheet.mapped(
        lambda cells, is_heading: (
            [*cells[:2], *(shape.format(cell) for cell in cells[2:])] if is_heading else cells
        )
    )


def transposed(_draw, sheet):
    rows = sheet.rows[sheet.heading :]
    width = max(len(row.cells) for row in rows)
    cells = [row.cells + [""] * (width - len(row.cells)) for row in rows]
    turned = [list(column) for column in zip(*cells, strict=True)]
    everybody = [Row(cells) for cells in turned]
    return sheet.with_rows(everybody[:1] + everybody[2:])


def other_delimiter(draw, sheet):
    return sheet._replace(delimiter=draw(st.sampled_from([";", "\t", "|", "^", ":"])))


def other_encoding(draw, sheet):
    encodings = ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"]
    return sheet._replace(encoding=draw(st.sampled_from(encodings)))


def other_line_ends(draw, sheet):
    return sheet._replace(line_end=draw(st.sampled_from(["\r\n", "\r", "\n\n"])))


def person_once(_draw, sheet):
    """Two raters a person, who is named in the first row alone."""
    rows = []
    for place, row in enumerate(sheet.rows):
        if place == sheet.heading:
            rows.append(Row([*row.cells, "rater"]))
        elif row.person:
            rows.append(Row([*row.cells, "self"], row.person))
            rows.append(Row(["", *row.cells[1:], "manager"], row.person))
        else:
            rows.append(row)
    return sheet.with_rows(rows)


BEFORE = [
    second_heading_row, column_per_choice, empty_heading, other_column, index_column, decorated,
    other_headings, transposed, person_once, trailing_delimiters,
]  # fmt: skip
AFTER = [
    titles, blank_rows, doubled_delimiter, missing_delimiter, second_table, headings_again,
    summary_row, footnote, other_delimiter, other_encoding, other_line_ends,
]  # fmt: skip


@st.composite
def polluted(draw):
    """A clean sheet, and the same with one or two things done to it."""
    clean = draw(clean_sheets())
    sheet = clean
    chosen = draw(
        st.tuples(st.sampled_from(BEFORE), st.sampled_from([None, *AFTER]))
        | st.tuples(st.none(), st.sampled_from(AFTER))
    )
    # Below a matrix with the people across its top, a table of people is the only one.
    assume(set(chosen) != {transposed, second_table})
    # Two faults in one row, of which one hides the other.
    cells = {doubled_delimiter, missing_delimiter}
    assume(not ({person_once, trailing_delimiters} & set(chosen) and cells & set(chosen)))
    for pollution in filter(None, chosen):
        if any(NAMES[0] in row.cells for row in sheet.rows):
            sheet = pollution(draw, sheet)
    return clean, sheet, [pollution.__name__ for pollution in chosen if pollution is not None]


# --- What must hold -----------------------------------------------------------------------------


def figures(levels):
    """What is told of one person, from the levels by competence."""
    given_levels = {
        IDS[name]: (int(cell) if cell.isdecimal() else "n/a")
        for name, cell in levels.items()
        if cell
    }
    report = assess(FRAMEWORK, Ratings.model_validate({"ratings": given_levels}), ROLE)
    band = "" if report.band is None else report.band.id
    low = "" if report.readiness is None else one_decimal(report.readiness.low)
    return band, low, report.at_target, len(report.unrated), len(report.not_applicable)


def by_the_core(clean):
    names = clean.rows[0].cells[2:]
    return {
        row.person: figures(dict(zip(names, row.cells[2:], strict=True))) for row in clean.rows[1:]
    }


def scored(path, folder):
    """Who is scored with which figures, and the lines that are rejected; none for a refused file."""
    target = Target(SheetFormat.CSV, folder / "results.csv", folder / "rejects.csv")
    job = Job(FRAMEWORK, (ROLE,), SheetOptions(has_roles=False), ResultDetail(0))
    try:
        done = score_sheet(path, "people.csv", job, target)
    except (InputInvalid, UsageProblem):
        return None
    with Path(folder, "results.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    people = [
        (
            row.get("person"),
            (
                row["band"],
                row["readiness_low"],
                int(row["at_target"]),
                int(row["unrated_count"]),
                int(row["not_applicable_count"]),
            ),
        )
        for row in rows
    ]
    assert done.read == done.scored + done.rejected
    return people, {reject.line for reject in done.rejects}


@given(polluted())
@settings(
    # The same examples each time: two faults that hide each other may still be found one day, and
    # are to be looked for by `make thorough`, not met by whoever runs the tests.
    max_examples=examples(100),
    derandomize=not IS_THOROUGH,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_each_row_of_a_polluted_sheet_is_right_or_rejected_or_the_file_is_refused(
    tmp_path, example
):
    clean, sheet, pollutions = example
    content, lines = sheet.content()
    path = tmp_path / "people.csv"
    path.write_bytes(content)

    found = scored(path, tmp_path)

    if found is None:
        return
    people, rejected = found
    right = by_the_core(clean)
    for person, told in people:
        assert person in right, pollutions
        assert told == right[person], (pollutions, person)
    there = {person for person, _ in people}
    for person, theirs in lines.items():
        assert person in there or theirs & rejected, (pollutions, person)
