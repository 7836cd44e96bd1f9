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
from tests.processes import Process, with_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
IS_THOROUGH = os.environ.get("PMO_PATH_TEST_THOROUGH") == "1"
"""Whether tests may take long: `make thorough`."""
TIMEOUT = 600
"""Seconds after which a run hangs; no machine is as slow."""


def examples(count: int) -> int:
    """How many examples a costly property is tried with: so many, or ten times as many."""
    return count * 10 if IS_THOROUGH else count


class Ran(NamedTuple):
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str


def run(*args: object, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> Ran:
    """Call `pmo-path` with a clean environment; what it leaves behind is what a process leaves."""
    code, out, err = called([*map(str, args)], cwd=cwd, env=clean(env), stdin=stdin)
    return Ran(code, out.decode(), err.decode())


def run_process(
    *args: object,
    stdin: bytes = b"",
    cwd: Path = ROOT,
    before: Callable[[], None] | None = None,
    starts_python: bool = False,
    **env: str,
) -> Ran:
    """As `run`, in a process of its own, where `before` is called first.

    For what is about processes: their streams and their end, or what `before` takes from them. Where
    it `starts_python`, it is no fork, and costs ten times as much.
    """
    process = Process(
        args,
        cwd=cwd,
        env=clean(env),
        starts_python=starts_python,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=before,
    )
    out, err = process.communicate(stdin, timeout=TIMEOUT)
    return Ran(process.returncode, out.decode(), err.decode())


def clean(env: Mapping[str, str]) -> dict[str, str]:
    """An environment of these variables and what a process cannot do without."""
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
    may_ignore_modes, may_read_all = 1, 2
    libc = ctypes.CDLL(None)
    version_and_process = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # what is effective, permitted and inherited, in two halves
    failed = libc.capget(version_and_process, sets)
    for number in range(3):
        sets[number] &= ~(1 << may_ignore_modes | 1 << may_read_all)
    if failed or libc.capset(version_and_process, sets):
        raise OSError("these capabilities cannot be dropped")


def file_size_limited_to(size: int) -> None:
    """Let a process write no more than `size` bytes to a file, as a full disk does."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def cpu_time_limited_to(seconds: int) -> None:
    """Let a signal end a process that takes more processor time."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def run_program(
    source: str, folder: Path, *args: object, starts_python: bool = False, **env: str
) -> Ran:
    """Run a Python program that has `pmo-path` do something unusual, in `folder`."""
    process = Process(
        args,
        cwd=folder,
        env=clean(
            {
                "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
                "PMO_PATH_STATE": str(folder / "state"),
                "TMPDIR": str(folder),
                **env,
            }
        ),
        source=source,
        starts_python=starts_python,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=with_signals,
    )
    out, err = process.communicate(timeout=TIMEOUT)
    return Ran(process.returncode, out.decode(), err.decode())


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
