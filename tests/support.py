"""Running the command as its users do, by a call or in a process of its own."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.in_process import called

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
TIMEOUT = 600
"""Seconds after which a run hangs; no machine is as slow."""


class Ran(NamedTuple):
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str


def run(*args: object, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> Ran:
    """Call `pmo-path` with a clean environment; what it leaves behind is what a process leaves."""
    code, out, err = called([*map(str, args)], cwd=cwd, env=_clean(env), stdin=stdin)
    return Ran(code, out.decode(), err.decode())


def run_process(
    *args: object,
    stdin: bytes = b"",
    cwd: Path = ROOT,
    before: Callable[[], None] | None = None,
    **env: str,
) -> Ran:
    """As `run`, in a process of its own, where `before` is called first.

    For what is about processes: their start, their streams and their end, or what `before` takes
    from them. It costs a start of Python and of all that the command imports.
    """
    done = subprocess.run(
        [sys.executable, "-m", "pmo_path", *map(str, args)],
        check=False,
        input=stdin,
        capture_output=True,
        cwd=cwd,
        timeout=TIMEOUT,
        preexec_fn=before,
        env=_clean(env),
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def _clean(env: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path))),
        "PMO_PATH_STATE": os.devnull,
        **env,
    }


def bound_by_modes() -> None:
    """Give up what lets root read and write every file, for the process and all that it starts."""
    if os.geteuid() != 0:
        return
    drop_from_bounding_set, may_ignore_modes, may_read_all = 24, 1, 2
    for capability in (may_ignore_modes, may_read_all):
        if ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0):
            raise OSError("this capability cannot be dropped")


def unshielded() -> None:
    """Let signals reach a process whose tests run in the background, where some are kept off."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def run_program(source: str, folder: Path, *args: object, **env: str) -> Ran:
    """Run a Python program that has `pmo-path` do something unusual, in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", source, *map(str, args)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=TIMEOUT,
        preexec_fn=unshielded,
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
        return [closed_to_other_keys(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: closed_to_other_keys(part) for key, part in schema.items()}
    return {"additionalProperties": False, **closed} if closed.get("type") == "object" else closed


_RUN_HEADINGS = ",scored_on,framework,framework_version,content_hash"
_RUN_CELLS = re.compile(r",\d{4}-\d\d-\d\d,[a-z-]+,[\d.]+,[0-9a-f]{12}$", re.MULTILINE)


def without_run(results: str) -> str:
    """Results in CSV without their last columns, which change with the day and the framework."""
    return _RUN_CELLS.sub("", results.replace(_RUN_HEADINGS, ""))
