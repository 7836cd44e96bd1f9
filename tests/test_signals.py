"""Signals end every command at once, with their code, no traceback, and nothing left behind."""

from __future__ import annotations

import os
import signal
import time

import pytest
from tests.support import EXAMPLES, run_program
from tests.terminal import Terminal

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of other systems")

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
RATINGS = EXAMPLES / "ratings-manager.yaml"
SHEET = EXAMPLES / "people.csv"
SENDS = """
import os, signal, sys
class Sender:
    def find_spec(self, name, *_):
        if name == MODULE:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), SIGNAL)
sys.meta_path.insert(0, Sender())
sys.argv = ["pmo-path", *sys.argv[1:]]
from pmo_path.__main__ import main
"""
"""A start of the program to which a signal is sent when it imports a certain module."""


# --- Starting and ending ------------------------------------------------------------------------------


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("typer", ("assess", RATINGS, "-o", "me.html")),
        ("pmo_path.cli.commands.assess", ("assess", RATINGS, "-o", "me.html")),
        ("pydantic", ("assess", RATINGS, "-o", "me.html")),
        ("yaml", ("assess", RATINGS, "-o", "me.html")),
        ("jinja2", ("assess", RATINGS, "-o", "me.html")),
        ("rich.console", ("assess", RATINGS)),
        ("duckdb", ("batch", SHEET, "-o", "results.csv")),
        ("xlsxwriter", ("template", "people.xlsx", "-o", "form.xlsx")),
        ("xlsxwriter", ("batch", SHEET, "-o", "results.xlsx")),
    ],
)
def test_a_signal_while_a_module_is_imported_ends_the_run(tmp_path, module, command, sent, code):
    program = SENDS.replace("MODULE", repr(module)).replace("SIGNAL", str(int(sent)))

    ended, out, err = run_program(f"{program}main()", tmp_path, *command, starts_python=True)

    assert (ended, out) == (code, "")
    assert err in {"", "Interrupted.\n"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sent", [sent for sent, _ in SIGNALS])
def test_a_signal_after_the_work_is_done_changes_nothing(tmp_path, sent):
    program = SENDS.replace("MODULE", "''").replace("SIGNAL", "0")
    at_exit = f"import atexit; atexit.register(os.kill, os.getpid(), {int(sent)}); main()"

    ended, out, err = run_program(
        f"{program}{at_exit}", tmp_path, "assess", RATINGS, "-o", "me.txt"
    )

    assert (ended, out, err) == (0, "", "Wrote me.txt.\n")
    assert "PMO Director" in (tmp_path / "me.txt").read_text(encoding="utf-8")


def test_a_run_that_does_not_end_by_itself_is_ended_and_leaves_nothing(tmp_path):
    """The engine may wait for ever where it is interrupted."""
    program = SENDS.replace("MODULE", "''").replace("SIGNAL", "0")
    hangs = f"""
import time
import pmo_path.batch.export as export
from pmo_path.cli import signals
signals.PATIENCE_IN_SECONDS = 0.2
def hang(results, path, options):
    path.write_text("half of a file")
    os.kill(os.getpid(), {int(signal.SIGTERM)})
    while True: time.sleep(1)
def never_ends(*given):
    while True:
        try:
            hang(*given)
        except SystemExit:
            pass
export._copy = never_ends
main()
"""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    script = f"import os; os.environ['TMPDIR'] = {str(temporary)!r}\n{program}{hangs}"

    ended, out, err = run_program(script, tmp_path, "batch", SHEET, "-q", "-o", "results.csv")

    assert (ended, out, err) == (143, "", "")
    assert list(tmp_path.iterdir()) == [temporary]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("also", [0, signal.SIGTERM])
@pytest.mark.parametrize(("sent", "code"), SIGNALS)
def test_a_signal_that_python_drops_comes_again(tmp_path, sent, code, also):
    """An exception is dropped where Python runs what nobody called, such as a finalizer."""
    program = SENDS.replace("MODULE", "''").replace("SIGNAL", "0")
    in_a_finalizer = f"""
import pmo_path.cli.commands.assess as assess
class Finalized:
    def __del__(self):
        os.kill(os.getpid(), {int(sent)})
        for _ in range(1000): pass
hook = sys.unraisablehook
def hooked(unraisable):
    os.kill(os.getpid(), {int(also)})
    hook(unraisable)
checked = assess.keep_inputs
def keep_inputs(*given):
    global hook
    hook, sys.unraisablehook = sys.unraisablehook, hooked
    Finalized()
    checked(*given)
assess.keep_inputs = keep_inputs
main()
"""

    ended, out, err = run_program(f"{program}{in_a_finalizer}", tmp_path, "assess", RATINGS)

    assert (ended, out) == (code, "")
    assert err in {"", "Interrupted.\n"}


def test_a_signal_that_the_caller_ignores_stays_ignored(tmp_path):
    program = SENDS.replace("MODULE", "'jinja2'").replace("SIGNAL", str(int(signal.SIGHUP)))
    under_nohup = "signal.signal(signal.SIGHUP, signal.SIG_IGN); main()"

    ended, out, err = run_program(
        f"{program}{under_nohup}", tmp_path, "assess", RATINGS, "-o", "me.html"
    )

    assert (ended, out, err) == (0, "", "Wrote me.html.\n")
    assert (tmp_path / "me.html").exists()


# --- Questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--plain",)])
@pytest.mark.parametrize(("sent", "code"), SIGNALS)
@pytest.mark.parametrize("asks", ["name", "level", "year", "file"])
def test_a_signal_ends_every_question_at_once_and_keeps_the_answers(
    tmp_path, options, sent, code, asks
):
    terminal = Terminal(tmp_path, *options, "--role", "pmo-director")
    terminal.sees("Your name")
    kept = 0
    if asks != "name":
        kept = at_question(terminal, asks, plain=bool(options))
    # What a prompt shows is there before the program waits for keys.
    time.sleep(0.2)

    terminal.child.kill(sent)
    ended, said = terminal.ends()

    assert ended == code
    assert "Traceback" not in said
    if kept:
        assert len(terminal.session()["answers"]) == kept
    left = [path.name for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert not [name for name in left if not name.endswith((".json", ".lock"))]


def at_question(terminal: Terminal, asks: str, *, plain: bool) -> int:
    """Go to a prompt; how many answers are saved then."""
    enter = "\r" if plain else ""
    ready = "Number" if plain else "q stop"
    terminal.enters().sees("Your current role").sees(ready).types(f"4{enter}")
    # The first domain, of three competences.
    terminal.sees("What to rate").sees(ready).types(f"3{enter}")
    terminal.sees("1 of 3").sees("q save and stop").types(f"3{enter}")
    terminal.sees("2 of 3").sees("q save and stop")
    if asks == "level":
        return 1
    if asks == "year":
        terminal.types(f"e{enter}").sees("what would you point to").enters("Ran a budget")
        terminal.sees("Year of the evidence")
        return 2
    terminal.types(f"3{enter}").sees("3 of 3").sees("q save and stop")
    terminal.types(f"3{enter}").sees("24 competences left. Rate them now?").sees(ready).types(
        f"1{enter}"
    )
    terminal.sees("Review: 3 of 3").sees(ready).enters()
    terminal.sees("Save your ratings as")
    return 3
