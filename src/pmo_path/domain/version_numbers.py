"""Version numbers of frameworks: major, minor and patch."""

from __future__ import annotations

import re

VersionNumber = tuple[int, int, int]

_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)


def parse_version(text: str) -> VersionNumber | None:
    """Return the three numbers of a version such as `1.4.0`, or None if it is anything else."""
    match = _VERSION.fullmatch(text)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3]))
