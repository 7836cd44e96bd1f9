"""The day on which a sheet is scored."""

from __future__ import annotations

import datetime


def today() -> datetime.date:
    """The user's own day."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
