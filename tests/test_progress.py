"""What takes long says on a terminal what it is doing, and leaves nothing of that behind."""

from __future__ import annotations

import json
import re

import duckdb
import pexpect
import pyte
import pytest
from tests.support import ROOT, run
from tests.terminal import OnATerminal, environment

from pmo_path.batch.engine import share_done

FRAMEWORK = ROOT / "data" / "framework.yaml"
FILES = 600
WIDTH = 100
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
IMPATIENT = """
import sys
import rich.progress
from pmo_path.cli import output
output.PATIENCE, output.INTERVAL = 0, 0.01
sys.argv[0] = "pmo-path"
from pmo_path.cli.main import main
main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folders of ratings of one person and of frameworks, many of each."""
    folder = tmp_path_factory.mktemp("many")
    roles = "role: pmo-manager\ntarget: pmo-director\n"
    keys = list(json.loads(run("show", "pmo-director", "--format", "json").out)["requires"])
    ratings = "ratings:\n" + "".join(f"  {key}: 3\n" for key in keys)
    for name in ("ratings", "frameworks"):
        (folder / name).mkdir()
    for number in range(FILES):
        day = f"20{10 + number // 300}-{1 + number % 12:02}-{1 + number % 25:02}"
        text = f"person: Ana\nrater: rater {number}\ndate: {day}\n{roles}{ratings}"
        (folder / "ratings" / f"{number}.yaml").write_text(text, encoding="utf-8")
    for number in range(30):
        (folder / "frameworks" / f"{number}.yaml").write_bytes(FRAMEWORK.read_bytes())
    return folder


def on_a_terminal(*args, cwd):
    """All that comes to a terminal where bars are shown at once, however fast the machine is."""
    child = OnATerminal(args, cwd=cwd, env=environment(), dimensions=(50, WIDTH), source=IMPATIENT)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    return child.before


def screen(shown, rows=50):
    """What stands on the screen at the end."""
    seen = pyte.Screen(WIDTH, rows)
    pyte.Stream(seen).feed(shown)
    return [line.rstrip() for line in seen.display if line.strip()]


RUNS: dict[str, tuple[list[object], list[str]]] = {
    "history": (
        ["history", "ratings", "-o", "history.json"],
        ["Reading ratings", "Computing readiness", "Writing"],
    ),
    "diff": (["diff", FRAMEWORK, FRAMEWORK, "--ratings", "ratings"], ["Reading ratings"]),
    "compare": (
        ["compare", *(f"ratings/{number}.yaml" for number in range(FILES)), "-o", "raters.json"],
        ["Reading ratings", "Comparing"],
    ),
    "validate": (["validate", "frameworks"], ["Checking frameworks"]),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_goes_over_many_files_shows_each_step_on_a_terminal(folder, name):
    command, steps = RUNS[name]

    shown = CONTROL.sub("", on_a_terminal(*command, cwd=folder))

    places = [shown.find(step) for step in steps]
    assert min(places) >= 0
    assert places == sorted(places)


@pytest.mark.parametrize("name", RUNS)
def test_a_pipe_sees_no_progress(folder, name):
    command, steps = RUNS[name]

    ran = run(*command, cwd=folder)

    assert ran.code == 0
    assert not any(step in ran.out + ran.err for step in steps)


def test_batch_writes_to_a_terminal_when_no_bar_is_on_it_any_more(tmp_path):
    people = [f"P{number:05},{number % 6}" for number in range(3000)]
    sheet = tmp_path / "people.csv"
    sheet.write_text("\n".join(["person,Strategic Thinking", *people]), encoding="utf-8")
    command = ["batch", "people.csv", "--role", "pmo-director", "--brief", "-q"]

    shown = on_a_terminal(*command, cwd=tmp_path)

    assert "Scoring" in shown
    ran = run(*command, cwd=tmp_path)
    broken_at_its_width = "".join(screen(shown, 9000))
    assert broken_at_its_width == f"{ran.out}{ran.err}".replace("\n", "")


def test_whoever_asks_when_the_engine_is_closed_is_told_nothing():
    connection = duckdb.connect(":memory:")
    assert share_done(connection) is None
    connection.close()

    assert share_done(connection) is None


def test_no_bar_stays_where_the_result_goes_to_a_file(folder):
    shown = on_a_terminal("history", "ratings", "-o", "history.html", cwd=folder)

    assert "Reading ratings" in shown
    assert screen(shown) == ["Wrote history.html."]


def test_no_bar_stays_where_the_result_goes_to_the_terminal(folder):
    shown = on_a_terminal("history", "ratings", cwd=folder)

    assert "Writing" in shown
    lines = screen(shown, 6000)
    assert lines[0] == "Readiness for PMO Director, 2010-01-01 to 2011-12-25"
    assert not any(step in line for line in lines for step in RUNS["history"][1])
