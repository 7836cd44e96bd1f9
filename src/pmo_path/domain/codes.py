"""Every diagnostic code, with its severity and its one-line summary. Standard library only."""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import Literal, Self


class Severity(IntEnum):
    """The severity of a diagnostic: errors make an input unusable, warnings are advice."""

    ERROR = 0
    WARNING = 1

    @property
    def word(self) -> Literal["error", "warning"]:
        """The word shown to people."""
        return "error" if self is Severity.ERROR else "warning"


class Code(StrEnum):
    """A diagnostic code; its value, such as `PMO304`, is what people read and type."""

    summary: str
    """One line that says what the code is about: the title of its page in the rulebook."""
    severity: Severity

    def __new__(cls, value: str, summary: str, severity: Severity = Severity.ERROR) -> Self:
        """Make a member that is the text of its value and carries its summary and severity."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.summary, code.severity = summary, severity
        return code

    @property
    def family(self) -> str:
        """The beginning that codes on the same subject share, such as `PMO3`."""
        return self.value[:FAMILY_LENGTH]

    # The text of a file.
    UNREADABLE = "PMO101", "the file cannot be read"
    TOO_LARGE = "PMO102", "the file is too large"
    INVALID_CHARACTERS = "PMO103", "the characters cannot be read"
    SYNTAX = "PMO104", "the text is not YAML, JSON or CSV"
    DUPLICATE_KEY = "PMO105", "a duplicate key"
    EMPTY_FILE = "PMO106", "the file is empty"
    SECOND_DOCUMENT = "PMO107", "a second document in the file"
    NESTED_TOO_DEEPLY = "PMO108", "the file is nested too deeply"
    MERGE_OR_ALIAS = (
        "PMO109",
        "a merge key, an alias that repeats too much, or an unused YAML anchor",
    )
    TAG = "PMO110", "a YAML tag"
    COMPLEX_KEY = "PMO111", "a key that is not a single word or number"
    UNUSABLE_BASE = "PMO112", "a base that cannot be used"
    CIRCULAR_EXTENDS = "PMO113", "files that extend each other in a circle"
    WRONG_FILE_TYPE = "PMO114", "the wrong kind of file"
    # Keys and values.
    MISSING_KEY = "PMO201", "a missing key"
    UNKNOWN_KEY = "PMO202", "an unknown key"
    WRONG_TYPE = "PMO203", "a value of the wrong type"
    INVALID_VALUE = "PMO204", "a value that is not allowed"
    # Frameworks.
    UNKNOWN_COMPETENCE = "PMO301", "an unknown competence in a role or course"
    UNKNOWN_ROLE = "PMO302", "an unknown role in a career path, course or role"
    UNKNOWN_COURSE = "PMO303", "an unknown course in prerequisites"
    MUST_HAVE_TOO_HIGH = "PMO304", "a must-have above the required level"
    COURSE_WITHOUT_GAIN = "PMO305", "a course that does not raise the level"
    CIRCULAR_REFERENCE = "PMO306", "a circular career path, prerequisite or role"
    INVALID_BANDS = "PMO307", "bands out of order, or a last band that leaves people out"
    AMBIGUOUS_NAME = "PMO308", "an ambiguous name"
    EMPTY_ROLE = "PMO309", "a role that requires nothing"
    LEVEL_OFF_SCALE = "PMO310", "a level off the scale"
    NOT_IN_BASE = "PMO311", "a change to an entry that the base does not have"
    INVALID_BASELINE = "PMO312", "a baseline that is not below the scale"
    # Advice.
    MISSING_ANCHOR = ("PMO401", "a missing anchor between two others", Severity.WARNING)
    UNUSED_COMPETENCE = "PMO402", "a competence that no role requires", Severity.WARNING
    MISSING_EXPERIENCE_STEP = (
        "PMO403",
        "a required level without an experience step",
        Severity.WARNING,
    )
    STEP_WITHOUT_COURSE = ("PMO404", "a step between levels without a course", Severity.WARNING)
    UNUSED_COURSE = "PMO405", "a course that is never suggested", Severity.WARNING
    DUPLICATE_ANCHOR = "PMO406", "two anchors with the same text", Severity.WARNING
    MISSING_BEHAVIOURS = "PMO407", "a key competence without behaviours", Severity.WARNING
    UNVERIFIED_COURSE = "PMO408", "an unverified course", Severity.WARNING
    OUTDATED_COURSE = "PMO409", "a course that was last checked long ago", Severity.WARNING
    EMPTY_DOMAIN = "PMO410", "a domain without competences", Severity.WARNING
    UNUSED_SUPPRESSION = "PMO411", "an unused ignore comment", Severity.WARNING
    OVERLAY_WITHOUT_IDENTITY = (
        "PMO412",
        "an overlay without its own id or version",
        Severity.WARNING,
    )
    MUST_HAVE_DISAPPEARS = (
        "PMO413",
        "a must-have that disappears along a career path",
        Severity.WARNING,
    )
    LESS_DEMANDING_ROLE = "PMO414", "a next role that requires less in total", Severity.WARNING
    UNUSUAL_VERSION = "PMO415", "a version that is not major.minor.patch", Severity.WARNING
    FUTURE_DATE = "PMO416", "a date in the future", Severity.WARNING
    DUPLICATE_BAND_LABEL = "PMO417", "two bands with one label", Severity.WARNING
    REPEATED_ENTRY = "PMO418", "a list entry that is there already", Severity.WARNING
    PREREQUISITE_BY_TITLE = (
        "PMO419",
        "a prerequisite that is the title of a course",
        Severity.WARNING,
    )
    # Ratings.
    RATING_OF_UNKNOWN_COMPETENCE = "PMO501", "a rating of an unknown competence"
    RATING_OFF_SCALE = "PMO502", "a rating that is not on the scale"
    DUPLICATE_RATING = "PMO503", "a competence that is rated twice"
    UNKNOWN_TARGET_ROLE = "PMO504", "an unknown role in ratings"
    OTHER_FRAMEWORK = "PMO505", "ratings for another framework"
    # Sheets of people.
    MISSPELT_COLUMN = "PMO601", "a misspelt competence in a heading"
    DUPLICATE_COLUMN = "PMO602", "two columns for one competence"
    NO_RATING_COLUMN = "PMO603", "no column names a competence"
    INVALID_MAPPING = "PMO604", "an invalid mapping"
    NOT_A_SHEET = "PMO605", "not a sheet of people"
    NO_PERSON_COLUMN = "PMO606", "a long sheet without a person column"
    MISSING_HEADER = "PMO607", "ratings without a heading"
    TRANSPOSED_SHEET = "PMO608", "a transposed sheet"
    AMBIGUOUS_RATING_COLUMN = "PMO609", "an ambiguous rating column"
    ROW_SHAPE = "PMO611", "a row that does not fit the columns"
    ROW_RATING_OFF_SCALE = "PMO612", "a row with a rating off the scale"
    ROW_UNKNOWN_ROLE = "PMO613", "a row with a missing or unknown role"
    ROW_DUPLICATE_PERSON = "PMO614", "a duplicate person"
    ROW_WITHOUT_PERSON = "PMO615", "a row that is not a person"
    ROW_UNKNOWN_COMPETENCE = "PMO616", "a row with an unknown competence"
    ROW_OF_SECOND_TABLE = "PMO618", "the start of a second table"
    ROW_OF_REJECTED_PERSON = "PMO619", "another row of the same person is rejected"
    REJECTS_MISMATCH = "PMO621", "rejected rows that do not fit the sheet"
    # Plans.
    UNKNOWN_ACTION = "PMO701", "an action that the framework does not have"
    DUPLICATE_ACTION = "PMO702", "an action that is listed twice"
    DUE_BEFORE_START = "PMO703", "a due date before the start"
    DONE_IN_FUTURE = "PMO704", "an action that is done in the future"
    DATE_WITHOUT_DONE = "PMO705", "a date of an open action being done"
    PINNED_AND_EXCLUDED = "PMO706", "an action that is pinned or done, and excluded"
    PLAN_FOR_OTHER_FRAMEWORK = "PMO707", "a plan for another framework"
    UNKNOWN_PLAN_TARGET = "PMO708", "a plan without a role, or with an unknown role or band"


FAMILY_LENGTH = len("PMO3")
_LETTERS = Code.SYNTAX[:3]
CODE_PATTERN = re.compile(rf"{_LETTERS}\d{{3}}")
"""Matches what has the form of a code, whether or not it is one."""
CODE_BEGINNING = re.compile(rf"{_LETTERS}[0-9]{{1,3}}")
"""Matches a code, or what codes may begin with."""
