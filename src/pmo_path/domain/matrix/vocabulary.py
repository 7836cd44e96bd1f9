"""Words in the headings and cells of competency matrices."""

from __future__ import annotations

from pmo_path.domain.matrix.model import ColumnMeaning
from pmo_path.domain.names import fold_accents

_HEADINGS = {
    ColumnMeaning.COMPETENCE: (
        "competence", "competency", "competence name", "competency name", "skill", "skill name",
        "capability", "theme", "practice", "kompetenz", "competencia", "competenza",
    ),
    ColumnMeaning.ID: ("id", "competence id", "competency id", "skill id", "code", "skill code"),
    ColumnMeaning.DOMAIN: (
        "domain", "domain name", "area", "competence area", "competency area", "skill area",
        "category", "pillar", "cluster", "bereich", "domaine", "dominio",
    ),
    ColumnMeaning.DOMAIN_ID: ("domain id",),
    ColumnMeaning.GROUP: (
        "group", "competence group", "competency group", "skill group", "subcategory",
        "sub category", "subdomain", "sub domain", "subarea", "sub area", "gruppe", "groupe",
    ),
    ColumnMeaning.DESCRIPTION: ("description", "summary", "definition", "beschreibung"),
    ColumnMeaning.ALIASES: ("aliases", "alias", "other names", "also known as"),
    ColumnMeaning.KEY: ("key competence", "key competency", "key skill"),
    ColumnMeaning.SECOND_RATER: ("second rater",),
    ColumnMeaning.URL: ("url", "link", "web page"),
    ColumnMeaning.BEHAVIOURS: ("behaviours", "behaviors", "indicators"),
    ColumnMeaning.EVIDENCE: ("evidence",),
    ColumnMeaning.EXPOSURE: ("exposure",),
    ColumnMeaning.IMPORTANCE: ("importance", "weight"),
    ColumnMeaning.MUST_HAVE: ("must have",),
    ColumnMeaning.OWN: (
        "#", "no", "no.", "nr", "nr.", "number", "order", "sort", "notes", "note", "comment",
        "comments", "remark", "remarks", "owner", "source", "status", "tags", "examples",
        "example", "tools", "kommentar", "bemerkung", "bemerkungen", "total", "average", "mean",
        "last updated", "updated", "version",
    ),
}  # fmt: skip
HEADINGS = {
    fold_accents(heading): meaning
    for meaning, headings in _HEADINGS.items()
    for heading in headings
}
"""What a column holds, by its folded heading."""

_PROFICIENCY = (
    ("none", "no knowledge", "not yet", "unaware"),
    ("aware", "awareness", "novice", "learning", "learner", "starting"),
    (
        "beginner", "basic", "basics", "foundation", "foundational", "fundamental", "elementary",
        "advanced beginner", "entry", "grundkenntnisse",
    ),
    (
        "developing", "intermediate", "working", "practitioner", "competent", "proficient",
        "skilled", "independent", "solid", "fortgeschritten",
    ),
    ("advanced", "experienced", "strong", "senior practitioner"),
    ("expert", "experte"),
    ("master", "mastery", "leading", "authority", "thought leader"),
)  # fmt: skip
RANKS = {word: rank for rank, words in enumerate(_PROFICIENCY) for word in words}
"""The rank of usual words for levels; words of one rank may come in either order."""

TOTALS = frozenset(
    {"total", "totals", "sum", "average", "mean", "grand total", "summe", "gesamt", "durchschnitt"}
)
NOTHING = frozenset(
    {"", "-", "\u2013", "\u2014", "n/a", "na", "n.a.", "not applicable", "not required"}
)
"""Cells of a role that does not require the competence."""
YES = frozenset({"yes", "y", "true", "x", "1", "ja", "oui", "✓", "✔"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", "", "-", "\u2013"})
