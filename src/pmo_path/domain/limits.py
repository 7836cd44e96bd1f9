"""Limits on the size of inputs, as listed in `docs/limits.md`.

Within these limits a damaged or hostile file costs no more than 1 GB of memory and 30 seconds of
processor time; the tests of limits hold that.
"""

from __future__ import annotations

MAX_DOCUMENT_BYTES = 8 << 20
"""Bytes of a framework, of ratings, of a mapping file or of saved answers."""
MAX_NODES = 500_000
"""Keys, values and entries of lists in such a file."""
MAX_ID = 100
"""Characters of an id."""
MAX_DUPLICATES = 10_000
"""Duplicate keys and similar mistakes that are reported one by one."""
MAX_COURSES_BEFORE = 100
"""Courses that a course may presuppose, directly or not."""
MAX_REQUIREMENTS = 200_000
"""Requirements of all roles, with those that they take over from other roles."""

MAX_TABLE_BYTES = 2 << 30
"""Bytes of a sheet that is text or Parquet."""
MAX_LINE = 4_000_000
"""Characters of one line of text, and of one row with quoted line breaks."""
MAX_LINES = 500
"""Lines that one row may span; an unclosed quote would otherwise swallow all that follows."""
MAX_GIVEN_BACK = 4_000_000
"""Lines that are read again because an unclosed quote had swallowed them."""
MAX_GIVEN_BACK_TEXT = 200_000_000
"""Characters of those lines."""
MAX_TEXT_CELLS = 150_000_000
"""Cells, empty ones included, of a sheet of text that has to be copied before the engine reads it."""
MAX_WIDE_CELLS = 10_000_000
"""Cells of a sheet of more than `MANY_COLUMNS` columns."""
MANY_COLUMNS = 200
MAX_FIXED_BYTES = 64 << 20
"""Bytes of a file of rejected rows that were fixed."""

MAX_WORKBOOK_ROWS = 1_048_576
"""Rows of a sheet of a workbook; Excel has no more."""
MAX_WORKBOOK_CELLS = 5_000_000
"""Cells that are read from a workbook, empty ones between others included."""
MAX_WORKBOOK_TEXT = 256_000_000
"""Characters in the cells that are read from a workbook."""
MAX_WORKBOOK_SHEETS = 500
MAX_WORKBOOK_PARTS = 2000
"""Files that are packed in a workbook."""
MAX_UNPACKED = 1 << 30
"""Bytes of a workbook when it is unpacked."""
MAX_RATIO = 500
"""The largest ratio of unpacked to packed size."""
MAX_STRINGS = 64 << 20
"""Bytes of the part of a workbook that holds the texts of its cells."""
MAX_STRING_TAGS = 6_000_000
MAX_PART = 16 << 20
"""Bytes of any other part of a workbook that is read, but for its sheets."""
MAX_PART_TAGS = 300_000
MAX_ROW_BYTES = 16 << 20
"""Bytes of a sheet of a workbook up to the next end of a row."""
MAX_ROW_TAGS = 100_000
MAX_REJECTED_ROWS = 200_000
MAX_SPELLINGS = 50_000
"""Different texts for levels in one sheet."""
MAX_WRONG_CELLS = 400_000
"""Cells that are wrong or missing, in all rejected rows together."""
MAX_REJECTED_TEXT = 256 << 20
"""Bytes of all rejected rows with the reasons."""
MAX_MERGED = 100_000
"""Ranges of merged cells in one sheet; one with more is not a table."""

MAX_MATRIX_BYTES = 64 << 20
"""Bytes of a table that a framework is read from."""
MAX_MATRIX_ROWS = 20_000
MAX_MATRIX_CELLS = 1_000_000
"""Rows, and cells, of such a table; no framework within the other limits needs more."""
