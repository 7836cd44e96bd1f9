"""A few damaged files of each kind; `make fuzz` tries any number of others."""

from __future__ import annotations

import subprocess
import sys

from tests.support import ROOT


def test_no_damage_to_a_file_breaks_the_command():
    # In a process of its own: one with threads, as that of the tests, must not be divided.
    words = [sys.executable, "-m", "tests.fuzz", "--seed", "7", "--inputs", "170"]

    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("170 inputs, seed 7\n", 0)
