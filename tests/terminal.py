"""A pseudo-terminal in which the questions are asked, as a person meets them."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING, Any

import pexpect
import ptyprocess
import pyte
from tests.processes import Process, Start, fork, is_possible, with_signals
from tests.support import ROOT, TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

SHORT_RUN = (
    "Strategic",
    "Leadership",
    "Governance",
    "Financial",
    "Change",
    "Data-Driven",
    "Portfolio",
    "PMO operation",
    "PMO team",
    "Reporting",
    "Planning",
    "Risk",
    "Issue",
)
"""What a Director's short run asks about: the must-haves."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def environment(**more: str) -> dict[str, str]:
    """The variables of a process on a terminal, and others; `more` replaces them."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path))),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        **more,
    }


class OnATerminal(pexpect.spawn):  # type: ignore[misc]  # it has no types
    """A process of the command on a terminal of its own, with all that `pexpect` has."""

    def __init__(
        self,
        arguments: Sequence[object],
        *,
        cwd: Path,
        env: Mapping[str, str],
        dimensions: tuple[int, int],
        source: str = "",
    ) -> None:
        """Start it in a terminal of so many rows and columns."""
        self._source = source
        self._arguments = [*map(str, arguments)]
        command = ["-c", source] if source else ["-m", "pmo_path"]
        super().__init__(
            sys.executable,
            [*command, *self._arguments],
            cwd=str(cwd),
            env=env,
            encoding="utf-8",
            timeout=TIMEOUT,
            preexec_fn=with_signals,
            dimensions=dimensions,
        )

    def _spawnpty(self, args: list[bytes], **options: Any) -> ptyprocess.PtyProcess:
        env = options["env"]
        if not is_possible(env):
            return super()._spawnpty(args, **options)
        ours, theirs = pty.openpty()
        start = Start(
            self._arguments, options["cwd"], dict(env), source=self._source, on_a_terminal=True
        )
        termios.tcsetwinsize(ours, options["dimensions"])
        pid = fork(start, theirs, theirs, theirs)
        os.close(theirs)
        return ptyprocess.PtyProcess(pid, ours)


class Terminal:
    """A pseudo-terminal on which `pmo-path assess` runs."""

    def __init__(self, folder: Path, *options: str, rows: int = 40, columns: int = 100) -> None:
        self.folder = folder
        self.child = OnATerminal(
            ["assess", *options],
            cwd=folder,
            env=environment(
                PMO_PATH_STATE=str(folder / "state"),
                HOME=str(folder),
                PROMPT_TOOLKIT_NO_CPR="1",  # nobody answers where the cursor is
            ),
            dimensions=(rows, columns),
        )
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)

    def shows(self, expected: str | Callable[[list[str]], bool]) -> list[str]:
        """The lines on the screen, once they are as expected; not to be mixed with `sees`."""
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until:
            # A screen comes in pieces: half of the next one over half of this one is neither.
            drawn = not self._draws_more()
            lines = [line.rstrip() for line in self.screen.display]
            if drawn and (expected(lines) if callable(expected) else expected in "\n".join(lines)):
                return lines
        raise AssertionError("\n".join(["never as expected:", *self.screen.display]))

    def _draws_more(self) -> bool:
        try:
            self._stream.feed(self.child.read_nonblocking(65536, 0.1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        return True

    def sees(self, text: str) -> Terminal:
        self.child.expect_exact(text)
        return self

    def types(self, keys: str) -> Terminal:
        self.child.send(keys)
        return self

    def enters(self, line: str = "") -> Terminal:
        self.child.send(f"{line}\r")
        return self

    def ends(self) -> tuple[int | None, str]:
        self.child.expect(pexpect.EOF)
        output = self.child.before or ""
        self.child.close()
        return self.child.exitstatus, output

    def session(self) -> Any:
        (path,) = (self.folder / "state" / "sessions").glob("*.json")
        return json.loads(path.read_text(encoding="utf-8"))["interview"]

    def begins_a_short_run(self) -> Terminal:
        """From the first prompt to the first question: a Manager who wants to be Director."""
        self.sees("Your name").enters("Ana [red]Example[/red]")
        self.sees("Your current role").sees("q stop").types("5")
        self.sees("Your target role").sees("q stop").types("5")
        return self.sees("What to rate").sees("q stop").types("2").at("Strategic Thinking", 1)

    def at(self, name: str, number: int) -> Terminal:
        return self.sees(f"{number} of {len(SHORT_RUN)}  {name}").sees("q save and stop")


def answers_short_run(terminal: Terminal) -> None:
    """From the first question of a short run to the review, all at level 3."""
    for _ in SHORT_RUN:
        terminal.types("3").sees("3 Competent")
    ends_short_run(terminal)


def ends_short_run(terminal: Terminal) -> None:
    """Leave the rest unrated."""
    terminal.sees("14 competences left. Rate them now?").sees("q stop").types("1")


def answers_all(terminal: Terminal, name: str) -> str:
    """From the first question of a short run to the end; the output after the last prompt."""
    answers_short_run(terminal)
    terminal.sees("Review: 13 of 13 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters(name)
    code, output = terminal.ends()
    assert code == 0
    return output


def on_a_terminal(columns: int, *args: object, **env: str) -> str:
    """The result that a command writes to a terminal of so many columns.

    Without stderr: on a busy machine it shows progress.
    """
    ours, theirs = pty.openpty()
    process = Process(
        args,
        cwd=ROOT,
        env=environment(COLUMNS=str(columns), TERM="xterm-256color", **env),
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    written = b""
    while piece := _read(ours):
        written += piece
    os.close(ours)
    assert process.wait() == 0
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # as Linux says the end
        return b""
