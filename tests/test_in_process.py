"""A call of the command, and a fork, do what a process does; a call changes nothing in its caller."""

from __future__ import annotations

import csv
import gc
import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from tests.support import EXAMPLES, run, run_process

RATINGS = EXAMPLES / "ratings-manager.yaml"
DEEP = b"ratings: " + b"[" * 400 + b"]" * 400


@pytest.mark.parametrize(
    ("command", "stdin", "env"),
    [
        ("--help", b"", {}),
        ("assess --bogus", b"", {}),
        ("assess", b"", {}),
        ("assess - --role pmo-director", RATINGS.read_bytes(), {}),
        ("assess /dev/stdin -o /dev/stdout --format csv", RATINGS.read_bytes(), {}),
        ("assess nowhere.yaml", b"", {}),
        ("validate -", b"\xff", {"FORCE_COLOR": "1"}),
        ("validate -", DEEP, {}),
        ("validate -", b"# long\n" * 100_000, {}),
        ("batch -", (EXAMPLES / "people.csv").read_bytes(), {}),
        ("show", b"", {"PMO_PATH_FRAMEWORK": "nowhere.yaml"}),
        ("--show-completion bash", b"", {}),
        ("", b"", {"_PMO_PATH_COMPLETE": "complete_bash"}),
    ],
)
def test_a_call_and_a_fork_print_and_return_what_a_process_does(tmp_path, command, stdin, env):
    called = run(*command.split(), stdin=stdin, cwd=tmp_path, **env)
    forked = run_process(*command.split(), stdin=stdin, cwd=tmp_path, **env)
    of_a_process = run_process(
        *command.split(), stdin=stdin, cwd=tmp_path, starts_python=True, **env
    )

    assert called == of_a_process
    assert forked == of_a_process


def state():
    """What a call changes for itself."""
    return (
        Path.cwd(),
        dict(os.environ),
        [sys.argv, sys.stdin, sys.stdout, sys.stderr, sys.modules["__main__"]],
        [sys.excepthook, sys.unraisablehook, sys.getrecursionlimit(), gc.isenabled()],
        [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        [csv.field_size_limit(), tempfile.tempdir],
        [os.fstat(number)[:3] for number in range(3)],
    )


@pytest.mark.parametrize(
    "command", [f"assess {RATINGS}", f"batch {EXAMPLES / 'people.csv'} -q", "assess nowhere.yaml"]
)
def test_a_call_leaves_its_caller_as_it_was(tmp_path, command):
    before = state()

    run(*command.split(), cwd=tmp_path, TMPDIR=str(tmp_path), FORCE_COLOR="1")

    assert state() == before
