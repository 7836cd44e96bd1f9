"""What columns of a sheet are called, beside those that are called as a competence is.

Each group is in the order in which they are preferred where a sheet has several.
"""

from __future__ import annotations

PERSON_HEADINGS = (
    "person", "person id", "employee id", "employee number", "staff id", "employee",
    "mitarbeiter", "participant", "e mail address", "email address", "e mail", "email",
    "full name", "name", "id",
)  # fmt: skip
ROLE_HEADINGS = ("target role", "target", "role aimed at", "role")
RATER_HEADINGS = ("rater", "rated by", "assessor")
COMPETENCE_HEADINGS = ("competence", "competency", "skill")
RATING_HEADINGS = ("rating", "level", "score")
