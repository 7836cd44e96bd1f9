"""LibreOffice without a window, to recalculate workbooks as a person's spreadsheet program would."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 400
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Recalculate whatever is opened, whichever program seems to have written it."""


@cache
def soffice() -> str | None:
    return shutil.which("soffice")


def needs_office() -> None:
    """Skip a test where LibreOffice is not there, unless it has to be."""
    if soffice() is not None:
        return
    reason = "LibreOffice (soffice) is not installed; it recalculates the workbooks"
    if os.environ.get("PMO_PATH_TEST_OFFICE") or os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def recalculated(folder: Path, files: list[Path], ending: str = "xlsx") -> list[Path]:
    """Open and save files in one run of LibreOffice, with a profile of its own."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    out = folder / "recalculated"
    done = subprocess.run(
        [
            soffice() or "soffice",
            f"-env:UserInstallation={profile.parent.as_uri()}",
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            str(out),
            *map(str, files),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env={**os.environ, "HOME": str(folder)},
    )
    paths = [out / f"{file.stem}.{ending}" for file in files]
    assert all(path.exists() for path in paths), done.stdout + done.stderr
    return paths
