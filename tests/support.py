"""Running the command as its users do, in a process of its own."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
TIMEOUT = 60


class Ran(NamedTuple):
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str


def run(
    *args: object,
    stdin: bytes = b"",
    cwd: Path = ROOT,
    before: Callable[[], None] | None = None,
    timeout: float = TIMEOUT,
    **env: str,
) -> Ran:
    """Run `pmo-path` with a clean environment; `before` is called in its process."""
    done = subprocess.run(
        [sys.executable, "-m", "pmo_path", *map(str, args)],
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        timeout=timeout,
        preexec_fn=before,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path))),
            "PMO_PATH_STATE": os.devnull,
            **env,
        },
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def bound_by_modes() -> None:
    """Give up what lets root read and write every file, for the process and all that it starts."""
    if os.geteuid() != 0:
        return
    drop_from_bounding_set, may_ignore_modes, may_read_all = 24, 1, 2
    for capability in (may_ignore_modes, may_read_all):
        if ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0):
            raise OSError("this capability cannot be dropped")


def run_program(source: str, folder: Path, *args: object, **env: str) -> Ran:
    """Run a Python program that has `pmo-path` do something unusual, in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", source, *map(str, args)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=TIMEOUT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "PMO_PATH_STATE": str(folder / "state"),
            "TMPDIR": str(folder),
            **env,
        },
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def same_as_snapshot(name: str | Path, text: str) -> bool:
    """Whether `text` is what the snapshot holds; UPDATE_SNAPSHOTS=1 writes it instead."""
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    return True


def closed_to_other_keys(schema: Any) -> Any:
    """A JSON Schema that refuses every key that it does not name or describe."""
    if isinstance(schema, list):
        return [closed_to_other_keys(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: closed_to_other_keys(one) for key, one in schema.items()}
    return {"additionalProperties": False, **closed} if closed.get("type") == "object" else closed


_RUN_HEADINGS = ",scored_on,framework,framework_version,content_hash"
_RUN_CELLS = re.compile(r",\d{4}-\d\d-\d\d,[a-z-]+,[\d.]+,[0-9a-f]{12}$", re.MULTILINE)


def without_run(results: str) -> str:
    """Results in CSV without their last columns, which change with the day and the framework."""
    return _RUN_CELLS.sub("", results.replace(_RUN_HEADINGS, ""))
