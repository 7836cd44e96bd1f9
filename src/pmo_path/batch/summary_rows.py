"""Detect and reject total, requirement and footnote rows, and rows named like roles or levels."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.people_table import PEOPLE, PeopleTable, label_columns
from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_REJECTED_ROWS
from pmo_path.domain.names import NameIndex, fold
from pmo_path.readers.table.rejected_rows import OF_LABEL, RowReason
from pmo_path.readers.table.sheet import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_MOST_SUMMARY_ROWS = 2 * MAX_REJECTED_ROWS
"""The most rows that may be summary rows; a sheet of people has few."""

TOTAL_REASON = "this looks like a total of the rows above, not a person; remove the row, or write the full name"
REFERENCE_REASON = (
    "this looks like a row of required levels, weights or gaps, not a person; remove the row, or "
    "write the full name"
)
ROLE_NAME_REASON = (
    "this is the name of a role, not a person; remove the row, or write the person's name"
)
SCALE_LABEL_REASON = "this is a label of the scale, not a person; remove the table of counts, or write the full name"
NOTE_REASON = "without any ratings this looks like a note, not a person; remove the row"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUMS = _words("""
    average averages avg subtotal total totals durchschnitt gesamt gesamtergebnis mittelwert
    moyenne promedio totale
""")
"""Words that mark a total at the start or end of a label, such as `IT Total`."""
_AMONG_SUMS = _words("""
    deviation experts headcount highest lowest mean median mode overall rated sum variance
    mittel mittelwerte somme summe ø \N{GREEK SMALL LETTER SIGMA} ∑
""")
"""Words that mark a total only beside other words of these lists; they also occur in names."""
_ALSO_NAMES = _words("count max maximum media min minimum n nombre number anzahl suma")
"""Words that mark a total in the last row or beside a summary row; Max is also a first name."""
_BESIDE_SUMS = _words("""
    all company department employees everybody everyone general grand group in level levels of
    participants people per person persons rating ratings respondents responses result results
    row rows score scores staff standard std team the value values abteilung alle aller der des
    die général générale les mitarbeiter pro personen von wert werte
""")
_REFERENCES = _words("""
    coverage expectation expectations expected importance required requirement requirements
    weighting weightings anforderung anforderungen anforderungsprofil erwartet gewichtung
    mindestanforderung mindeststufe sollprofil sollwert sollwerte zielniveau zielprofil zielwert
    zielwerte erforderlich requis requise exigé requerido
""")
"""Words that mark a requirement row at the start of a label: `Required (analysts)`."""
_AMONG_REFERENCES = _words("""
    baseline benchmark benchmarks criticality deficit desired difference gap gaps have must
    needed needs priority relevance req shortfall should target targets threshold weights wt
    abweichung attendu attendue bedarf besoin brecha cible differenz lücke lücken objectif
    objetivo seuil vorgabe écart
""")
"""Words that mark a requirement row only beside other words of these lists."""
_REFERENCES_OR_NAMES = _words(
    "goal goals ideal ist maximum minimum norm soll standard weight ziel ziele"
)
"""Words that are also names: they count in the first or last row, beside a summary row, or with
other words of these lists."""
_OF_LEVELS = _words("level levels points possible rating ratings score scores")
"""Words beside which `max` and the like are not names: `Max score`."""
_BESIDE_REFERENCES = _words("""
    analysis and at average be by competence competences candidate competencies competency
    current factor for from job minimal minus nice percent percentage points possible profile
    proficiency role roles skill skills to training versus vs year fähigkeit für kompetenz
    niveau profil punkte rolle stufe type zu
""").union(_ALSO_NAMES, _OF_LEVELS)
_COUNTED = _words("people level")
"""Words in labels of counts, such as `People at level 3+`."""
_WORD = re.compile(r"[^\W\d_]+|∑")
_AROUND = re.compile(r"[\s:(\[\u2013\u2014-]+")
_AROUND_LAST = re.compile(r"[\s:(\[\u2013\u2014-]+(?=[^\s:(\[\u2013\u2014-]+$)")
_REFERENCE_WORDS = _REFERENCES | _AMONG_REFERENCES | _REFERENCES_OR_NAMES
_SOME_SUM = "|".join(sorted(_SUMS | _AMONG_SUMS | _ALSO_NAMES | _REFERENCE_WORDS | _COUNTED))
_NO_LETTER = r"[^\p{L}\p{N}]"
_NOTE = r"^[*†‡§]|:(\s|$)|(\S+\s+){8}"
_A_NOTE = re.compile(_NOTE)


class Label(NamedTuple):
    text: str
    is_of_person: bool
    """Whether it is in the person column, not in the first other filled column."""


def is_total(label: str) -> bool:
    """Whether this is certainly the label of a total row."""
    label_words = _WORD.findall(label.casefold())
    if not label_words:
        return False
    if label_words[0] in _SUMS or label_words[-1] in _SUMS:
        return True
    return _is_made_of(label_words, _AMONG_SUMS, _ALSO_NAMES) or _COUNTED.issubset(label_words)


def _is_reference(
    label: str, roles: NameIndex | None = None, *, is_of_person: bool = True
) -> bool:
    """Whether this is certainly the label of a row of required levels, weights or gaps.

    `roles` are the names of roles, which may be part of such a label: `Target: analyst`. A label
    that is not in the column of people may go on with other words: `Requirements Engineer`.
    """
    label_words = _WORD.findall(label.casefold())
    if not label_words:
        return False
    if (is_of_person and label_words[0] in _REFERENCES) or (
        len(label_words) > 1 and _is_limit(label_words)
    ):
        return True
    if not _are_names(label, label_words) and _is_made_of(
        label_words, _REFERENCE_WORDS, _BESIDE_REFERENCES
    ):
        return True
    return roles is not None and _is_of_role(label, roles)


def summary_row_reason(
    label: str, roles: NameIndex | None = None, *, is_of_person: bool = True
) -> str:
    """The reason to reject a row with this label; empty if it may be a person."""
    if _is_reference(label, roles, is_of_person=is_of_person):
        return REFERENCE_REASON
    return TOTAL_REASON if is_total(label) else ""


def _are_names(label: str, label_words: Sequence[str]) -> bool:
    """Whether every word may be a name, as in `Max Ziel`, but not in `Weight (%)`."""
    is_plain = len(label_words) > 1 or label.strip().casefold() == label_words[0]
    return is_plain and (_REFERENCES_OR_NAMES | _ALSO_NAMES).issuperset(label_words)


def _is_limit(label_words: Sequence[str]) -> bool:
    """Whether the words mean the highest or lowest level, such as `max score`."""
    known = _ALSO_NAMES | _OF_LEVELS | {"the", "of"}
    is_of_levels = not _OF_LEVELS.isdisjoint(label_words)
    is_extreme = not _ALSO_NAMES.isdisjoint(label_words)
    return is_of_levels and is_extreme and known.issuperset(label_words)


def _is_of_role(label: str, roles: NameIndex) -> bool:
    """Whether a label combines a requirement word with the name of a role."""
    first, *others = _AROUND.split(label.strip(), maxsplit=1)
    if others and first.casefold() in _REFERENCE_WORDS:
        return roles.find(others[0].strip(" )]")) is not None
    *others, last = _AROUND_LAST.split(label.strip(" )]"), maxsplit=1)
    return (
        bool(others)
        and last.casefold() in _REFERENCE_WORDS
        and (roles.find(others[0].strip()) is not None)
    )


def _may_be_total(label: str) -> bool:
    """Whether this is the label of a total row, unless it is a name."""
    return is_total(label) or _is_made_of(_WORD.findall(label.casefold()), _ALSO_NAMES)


def _may_be_reference(label: str) -> bool:
    """Whether this is the label of a requirement row, unless it is a name."""
    label_words = _WORD.findall(label.casefold())
    return not _REFERENCES_OR_NAMES.isdisjoint(label_words) and _are_names(label, label_words)


def _may_be_summary_row(label: Label, roles: NameIndex) -> bool:
    text, is_of_person = label
    reason = summary_row_reason(text, roles, is_of_person=is_of_person)
    return bool(reason) or _may_be_total(text) or _may_be_reference(text)


def _label_sql(columns: Sequence[Column]) -> str:
    """SQL for the label of a row in a table with columns `f0`, `f1` …; null without one."""
    cells = [f"f{index}" for index in label_columns(columns)]
    if not cells:
        return "NULL::VARCHAR"
    first, *others = cells
    if not others:
        return first
    # Only what begins with neither a letter nor a digit of ASCII can be blank.
    blank = f"{first} IS NULL OR (({first} < '0' OR {first} > '~') AND trim({first}) = '')"
    filled = ", ".join(f"nullif(trim({cell}), '')" for cell in others)
    return f"if({blank}, coalesce({filled}), {first})"


def _may_be_summary_row_sql(label: str) -> str:
    """SQL that is true for every label that `_may_be_summary_row` accepts, and few others."""
    pattern = f"(^|{_NO_LETTER})({_SOME_SUM})({_NO_LETTER}|$)"
    return f"regexp_matches(lower({label}), {text(pattern)})"


def _named_sql(label: str, names: Iterable[str]) -> str:
    """SQL for the folded label if it is one of the folded `names`, else null."""
    known = ", ".join(text(name) for name in sorted(names))
    folded = f"trim(translate(lower({label}), '-_', '  '))"
    return f"if({folded} IN ({known}), {folded}, NULL)" if known else "NULL"


def _is_made_of(
    label_words: Sequence[str], decisive: frozenset[str], others: frozenset[str] = frozenset()
) -> bool:
    known = decisive | others | _BESIDE_SUMS | _AMONG_SUMS | _SUMS
    return not decisive.isdisjoint(label_words) and known.issuperset(label_words)


# --- Rejecting ------------------------------------------------------------------------------------


def reject_summary_rows(staged: PeopleTable) -> PeopleTable:
    """Reject total, requirement and footnote rows, and rows named like roles or levels."""
    label = _label_sql(staged.sheet.columns)
    unrated = " AND ".join(
        [
            *(f"f{index} IS NULL" for index in staged.rating_indexes()),
            *(f"na_{mask} = 0" for mask in range(staged.masks)),
        ]
    )
    person = staged.column_index(Kind.PERSON)
    named = "false" if person is None else f"trim(coalesce(f{person}, '')) <> ''"
    rows = staged.rows(
        f"SELECT rowid, {label}, {named}, {unrated} FROM {PEOPLE} "
        f"WHERE {_may_be_summary_row_sql(label)} OR ({unrated} AND regexp_matches({label}, {text(_NOTE)})) "
        f"ORDER BY rowid LIMIT {_MOST_SUMMARY_ROWS}"
    )
    if len(rows) == _MOST_SUMMARY_ROWS:
        raise staged.rejections.too_many()
    # Rows were taken out before, and the numbers of the others have gaps.
    ((first, last),) = staged.rows(f"SELECT min(rowid), max(rowid) FROM {PEOPLE}")
    labels = {number: Label(label, is_named) for number, label, is_named, _ in rows}
    reasons = _summary_rows_among(labels, first, last, staged.framework.role_names)
    for number, label, _, is_unrated in rows:
        if is_unrated and _A_NOTE.search(label):
            reasons.setdefault(number, NOTE_REASON)
    reasons |= _other_names(staged, reasons)
    return staged.reject(
        {
            number: RowReason(OF_LABEL, Code.ROW_WITHOUT_PERSON, reason)
            for number, reason in reasons.items()
        }
    )


def _summary_rows_among(
    suspects: Mapping[int, Label], first: int, last: int, roles: NameIndex
) -> dict[int, str]:
    """The reasons to reject summary rows, by row number.

    `first` and `last` are the numbers of the first and of the last row of the sheet. A label
    outside the person column that several rows share is only counted if it is of a total.
    """
    labels = {
        number: label for number, label in suspects.items() if _may_be_summary_row(label, roles)
    }
    counts = Counter(label.text for label in labels.values())
    labels = {
        number: label
        for number, label in labels.items()
        if label.is_of_person or counts[label.text] == 1 or _may_be_total(label.text)
    }
    reasons = {}
    for number, (label, is_of_person) in labels.items():
        is_beside = number == last or bool(labels.keys() & {number - 1, number + 1})
        reason = summary_row_reason(label, roles, is_of_person=is_of_person)
        if not reason and _may_be_total(label) and is_beside:
            reason = TOTAL_REASON
        elif not reason and _may_be_reference(label) and (is_beside or number == first):
            reason = REFERENCE_REASON
        if reason:
            reasons[number] = reason
    return reasons


def _other_names(staged: PeopleTable, others: Mapping[int, str]) -> dict[int, str]:
    """The reasons to reject rows whose person is named like a role or a level, by number.

    Without effect if, apart from `others`, all rows are named like roles. A single label of the
    scale may be a name; several are a table of counts.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return {}
    roles = _role_labels(staged)
    levels = {fold(step.label) for step in staged.framework.scale.values()}
    name = _named_sql(f"f{index}", roles | levels)
    rows = staged.rows(f"SELECT rowid, {name} AS name FROM {PEOPLE} WHERE name IS NOT NULL")
    of_roles = {number for number, label in rows if label in roles}
    of_levels = {number: label for number, label in rows if label in levels}
    reasons = {}
    if len(of_roles - others.keys()) < staged.scored - len(others):
        reasons = dict.fromkeys(of_roles, ROLE_NAME_REASON)
    if len(set(of_levels.values())) > 1:
        reasons |= dict.fromkeys(of_levels, SCALE_LABEL_REASON)
    return reasons


def summary_labels(staged: PeopleTable) -> dict[str, str]:
    """The reasons to reject rows by the text of the person's cell, in a long sheet."""
    person = f"f{staged.column_index(Kind.PERSON)}"
    labels = f"SELECT DISTINCT {person} FROM {PEOPLE} WHERE"
    roles = staged.framework.role_names
    reasons = {
        label: reason
        for label in staged.values(f"{labels} {_may_be_summary_row_sql(person)}")
        if (reason := summary_row_reason(label, roles))
    }
    role = _named_sql(person, _role_labels(staged))
    if staged.count(f"{role} IS NULL"):
        of_roles = staged.values(f"{labels} {role} IS NOT NULL")
        reasons |= dict.fromkeys(of_roles, ROLE_NAME_REASON)
    return reasons


def _role_labels(staged: PeopleTable) -> set[str]:
    """The folded names of roles, which ignore spaces, dashes and case."""
    return {fold(label) for label in staged.framework.role_names.labels()}
