"""The layout of a workbook that scores its own answers: what is written, and what is read back."""

from __future__ import annotations

from enum import IntEnum, StrEnum

RATE, RESULT, GUIDE = "Rate", "Result", "How it works"
"""The titles of the sheets that people see."""
STAMP = "pmo-path"
"""The title of the hidden sheet that says what the workbook was made of."""
FORMAT = "self-scoring 1"
"""The value of `StampKey.FORMAT`, and of the property of this name, which the file has as well."""
PROPERTY = "pmo-path workbook"
NOT_SURE = "not sure"
FIRST_COMPETENCE = 10
"""The row of the first competence on either sheet that lists them, counted from 0."""


class StampKey(StrEnum):
    """What the hidden sheet says, a row each: the key, and beside it the value."""

    FORMAT = "format"
    FRAMEWORK = "framework"
    VERSION = "version"
    CONTENT_HASH = "content_hash"
    ROLE = "role"
    TARGET_LEVEL = "target_level"
    MADE_WITH = "made_with"


class RateColumn(IntEnum):
    """The columns of the sheet to rate on, counted from 0."""

    NUMBER = 0
    COMPETENCE = 1
    LEVEL = 2
    MEANING = 3
    EVIDENCE = 4
    YEAR = 5
    NOT_SURE = 6
    ID = 7
    """Hidden: the id of the competence."""


class Fact(IntEnum):
    """The rows of that sheet with facts about all answers, counted from 0."""

    PERSON = 3
    RATER = 4
    DATE = 5
    ROLE = 6
