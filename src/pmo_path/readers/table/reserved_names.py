"""What the columns of a sheet are called."""

from __future__ import annotations

from pmo_path.domain.columns import (
    COMPETENCE_HEADINGS,
    PERSON_HEADINGS,
    RATER_HEADINGS,
    RATING_HEADINGS,
    ROLE_HEADINGS,
)
from pmo_path.readers.table.sheet import Kind

KNOWN_HEADINGS = {
    Kind.PERSON: PERSON_HEADINGS,
    Kind.ROLE: ROLE_HEADINGS,
    Kind.RATER: RATER_HEADINGS,
    Kind.COMPETENCE: COMPETENCE_HEADINGS,
    Kind.RATING: RATING_HEADINGS,
}
"""What columns other than those of competences are called."""
