"""Runs that are killed at moments nobody chose: no answer, no old file and no space is lost.

KILLS sets how many; the moments follow from KILLS_SEED. Whether a run ends before it is killed
depends on the machine, and what must hold does not.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

import pexpect
import pytest
from tests.processes import Process, with_signals
from tests.support import EXAMPLES, TIMEOUT, clean, run
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of other systems")

KILLS = int(os.environ.get("KILLS", "24"))
SEED = int(os.environ.get("KILLS_SEED", "0"))
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
STARTS = """
import os
from pmo_path.cli import signals
signals.exit_at_once()
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
from pmo_path.__main__ import main
main()
"""
"""The program, which leaves the stdout that it was given once it is more than Python itself that has started."""
LONGEST = 1.5
"""Seconds after which no run is left to be killed."""
OLD = "of an earlier run"
PEOPLE = "\n".join(
    [
        "person,role,Strategic Thinking",
        *(f"P{number},pmo-director,{number % 7}" for number in range(4000)),
    ]
)


class Case(NamedTuple):
    """A command, and the files that it writes."""

    command: Sequence[object]
    files: Sequence[str]
    replaces: bool = True
    """Whether it replaces files of an earlier run."""


CASES = [
    Case(("assess", EXAMPLES / "ratings-manager.yaml", "-o", "me.html"), ["me.html"]),
    Case(("template", "people.xlsx", "-o", "form.xlsx"), ["form.xlsx"], replaces=False),
    Case(
        (
            *("batch", "people.csv", "-q", "-o", "results.xlsx", "--rejects", "rejects.csv"),
            *("--summary", "team.json", "--report", "team.html"),
        ),
        ["results.xlsx", "rejects.csv", "team.json", "team.html"],
    ),
    Case(
        ("batch", "people.csv", "-q", "-o", "results.csv", "--summary", "team.json"),
        ["results.csv", "results.rejects.csv", "team.json"],
    ),
]


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> list[dict[str, int]]:
    """The size of each file that a whole run writes."""
    sizes = []
    for case in CASES:
        folder = tmp_path_factory.mktemp("whole")
        (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
        assert run(*case.command, cwd=folder).code in {0, 1}
        sizes.append({name: (folder / name).stat().st_size for name in case.files})
    return sizes


@pytest.mark.parametrize("number", range(KILLS * 3 // 4))
def test_a_killed_run_leaves_whole_files_and_the_next_one_no_litter(tmp_path, number, expected):
    chance = random.Random(f"{SEED} {number}")
    place = number % len(CASES)
    case = CASES[place]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    for name in case.files if case.replaces else ():
        (tmp_path / name).write_text(OLD, encoding="utf-8")
    child = Process(
        case.command,
        cwd=tmp_path,
        env=clean({"PMO_PATH_STATE": str(tmp_path / "state"), "TMPDIR": str(temporary)}),
        source=STARTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=with_signals,
    )
    assert child.stdout is not None
    assert child.stdout.read() == b""
    time.sleep(chance.uniform(0, LONGEST))
    sent = chance.choice(SIGNALS)
    child.send_signal(sent)
    _, err = child.communicate(timeout=TIMEOUT)

    assert child.returncode in {0, 1, -signal.SIGKILL, 128 + sent}, err
    assert b"Traceback" not in err
    if sent != signal.SIGKILL:
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
        assert not list(temporary.iterdir())
    after_it = run(
        "batch", "people.csv", "-q", "-o", "next.csv", cwd=tmp_path, TMPDIR=str(temporary)
    )
    assert after_it.code == 1
    there = [tmp_path / name for name in case.files if (tmp_path / name).exists()]
    assert len(there) == len(case.files) or not case.replaces
    new = [path for path in there if path.stat().st_size != len(OLD)]
    assert len(new) in {0, len(case.files)}
    assert all(is_whole(path, expected[place][path.name]) for path in new)
    left = {path.name for path in tmp_path.iterdir()}
    others = {"people.csv", "tmp", "next.csv", "next.rejects.csv"}
    assert left == {*others, *(path.name for path in there)}
    assert list(temporary.iterdir()) == []


def is_whole(path: Path, size: int) -> bool:
    """Whether a file is as long as a whole run writes it; workbooks hold the time, compressed."""
    return abs(path.stat().st_size - size) <= (64 if path.suffix == ".xlsx" else 0)


@pytest.mark.parametrize("number", range(KILLS - KILLS * 3 // 4))
def test_a_killed_questionnaire_keeps_every_answer(tmp_path, number):
    chance = random.Random(f"{SEED} questions {number}")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    terminal = Terminal(tmp_path).begins_a_short_run()
    answers = chance.randint(1, 5)
    for _ in range(answers):
        terminal.types("4").sees("4 Proficient").sees("q save and stop")
    # The key of one more answer, and the signal, at any moment of what it sets off.
    terminal.types("2")
    time.sleep(chance.uniform(0, 0.1))
    sent = chance.choice(SIGNALS)
    terminal.child.kill(sent)
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()

    ended = terminal.child.signalstatus or terminal.child.exitstatus
    assert ended in {signal.SIGKILL, 128 + sent}
    levels = [answer["level"] for answer in terminal.session()["answers"].values()]
    assert levels in (["4"] * answers, ["4"] * answers + ["2"])

    again = Terminal(tmp_path).sees(f"{len(levels)} of 13 answered")
    again.sees("q stop").types("q").ends()
    folder = tmp_path / "state" / "sessions"
    (session,) = folder.glob("*.json")
    assert json.loads(session.read_text(encoding="utf-8"))
    left = {path.name for path in folder.iterdir()}
    assert left <= {session.name, f"{session.stem}.lock"}
