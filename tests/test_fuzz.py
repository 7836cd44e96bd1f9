"""A few damaged files of each kind; `make fuzz` tries any number of others."""

from __future__ import annotations

import subprocess
import sys

from tests.support import ROOT, examples

INPUTS = examples(85)


def test_no_damage_to_a_file_breaks_the_command():
    # In a process of its own: one with threads, as that of the tests, must not be divided.
    command = [sys.executable, "-m", "tests.fuzz", "--seed", "7", "--inputs", str(INPUTS)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == (f"{INPUTS:,} inputs, seed 7\n", 0)
