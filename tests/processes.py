"""Processes of the command that start at once: forks of one that has imported everything.

Most of what a run costs is the start of Python and the imports. A fork is a process like any other,
with its own streams, signals, limits and end, and has both behind it. What is about the start itself
needs a process that starts, as `subprocess` makes it: imports, and variables that Python reads once.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import gc
import importlib
import io
import os
import pickle
import pkgutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

CAN_FORK = sys.platform == "linux"
"""Elsewhere the fork of a child cannot be waited for."""
READ_AT_THE_START = {"LC_ALL", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONMALLOC"}
"""Variables that change what Python does when it starts."""
ALSO_IMPORTED = (
    *("duckdb", "jinja2", "openpyxl", "openpyxl.styles", "platformdirs", "prompt_toolkit"),
    *("rich.console", "rich.progress", "rich.table", "rich.text", "xlsxwriter", "yaml"),
)
ADOPTS_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER: whoever has lost its parent becomes a child of this process."""
LOST_OUTPUT = 120
"""How Python ends where its last output cannot be written."""
SERVER = "import sys; from tests.processes import serve; serve(int(sys.argv[1]))"


class Start(NamedTuple):
    """What a process is started with."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    open_streams: tuple[int, ...] = (0, 1, 2)
    """The numbers of the streams that it gets; the others are closed."""
    before: Callable[[], object] | None = None
    """Is called in the process before anything else."""
    source: str = ""
    """A program that is run in place of the command."""
    on_a_terminal: bool = False


def is_possible(environment: Mapping[str, str]) -> bool:
    """Whether a fork does what a process with this environment does."""
    return CAN_FORK and not READ_AT_THE_START & environment.keys()


def fork(start: Start, *streams: int) -> int:
    """Start a process with these streams, one for each that is open; its number.

    It is a child of this process, which has to wait for it.
    """
    server = _server()
    content = pickle.dumps(start)
    socket.send_fds(server, [struct.pack("!I", len(content))], list(streams))
    server.sendall(content)
    return int(struct.unpack("!I", _received(server, 4))[0])


def _received(connection: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        piece = connection.recv(count - len(content))
        if not piece:
            raise EOFError
        content += piece
    return content


@functools.cache
def _server() -> socket.socket:
    ours, theirs = socket.socketpair()
    ctypes.CDLL(None).prctl(ADOPTS_ORPHANS, 1, 0, 0, 0)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  light
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        preexec_fn=with_signals,  # noqa: PLW1509  it does nothing that threads could be in
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([root, *map(os.path.abspath, filter(None, sys.path))]),
        },
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def with_signals() -> None:
    """Let signals reach a process whose tests run in the background, where some are kept off."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def _close(closed: Collection[int], before: Callable[[], object] | None) -> None:
    for number in closed:
        os.close(number)
    if before is not None:
        before()


# --- In the process that is forked ----------------------------------------------------------------


def serve(handle: int) -> None:
    """Fork for everybody who asks; in the fork, what it is asked for is run."""
    import_all()
    connection = socket.socket(fileno=handle)
    while True:
        try:
            length, handles, _, _ = socket.recv_fds(connection, 4, 3)
            if not length:
                raise EOFError  # noqa: TRY301  as where a message ends halfway
            content = _received(connection, struct.unpack("!I", length)[0])
        except (EOFError, ConnectionError):
            os._exit(0)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            # Its own child outlives it, and so becomes that of the process that asked for it.
            grandchild = os.fork()
            if grandchild == 0:
                connection.close()
                os.close(reading)
                os.close(writing)
                _prepare(start := pickle.loads(content), handles)
                _end(_exit_code(start))
            os.write(writing, struct.pack("!I", grandchild))
            os._exit(0)
        os.waitpid(child, 0)
        for number in handles:
            os.close(number)
        connection.sendall(os.read(reading, 4))
        os.close(reading)
        os.close(writing)


def import_all() -> None:
    """Import what the command may use, so that forks of this process need not."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    import pmo_path

    for module in pkgutil.walk_packages(pmo_path.__path__, "pmo_path."):
        # The planner's library starts threads, and Spark is large.
        if not module.name.endswith("highs") and ".spark" not in module.name:
            _import_if_possible(module.name)
    for name in ALSO_IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _import_if_possible(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        # What comes with an extra, such as pyarrow with that of Spark, may be missing.
        if error.name is None or error.name.startswith(("pmo_path", "tests")):
            raise


def _prepare(start: Start, handles: Sequence[int]) -> None:
    for number in (0, 1, 2):
        os.close(number)
    for number, handle in zip(start.open_streams, handles, strict=True):
        os.dup2(handle, number)
    for handle in handles:
        os.close(handle)
    if start.on_a_terminal:
        _take_terminal()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(start.environment)
    os.chdir(start.folder)
    for number, (name, mode, errors) in enumerate(
        [
            ("stdin", "r", "surrogateescape"),
            ("stdout", "w", "surrogateescape"),
            ("stderr", "w", "backslashreplace"),
        ]
    ):
        stream = _stream(number, mode, errors) if number in start.open_streams else None
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    if start.before is not None:
        start.before()


def _exit_code(start: Start) -> int:
    try:
        if start.source:
            sys.argv = ["-c", *start.arguments]
            sys.modules["__main__"] = ModuleType("__main__")
            exec(start.source, sys.modules["__main__"].__dict__)
        else:
            import pmo_path.__main__ as program

            sys.argv = [str(program.__file__), *start.arguments]
            sys.modules["__main__"] = program
            program.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _end(code: int) -> NoReturn:
    """End as Python does, but take nothing down that was imported: that takes longer than a run."""
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    atexit._run_exitfuncs()
    gc.collect()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        code = LOST_OUTPUT
    os._exit(code)


def _stream(number: int, mode: str, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(number, mode, closefd=False)
    buffer: Any = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    is_line_buffered = number == 2 or raw.isatty()
    return io.TextIOWrapper(buffer, "utf-8", errors, line_buffering=is_line_buffered)


def _take_terminal() -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


# --- As `subprocess` does it ----------------------------------------------------------------------


class Process(subprocess.Popen[bytes]):
    """A process of the command, with all that `Popen` has to talk to it and to wait for it."""

    def __init__(  # noqa: PLR0913  as that of `Popen`
        self,
        arguments: Sequence[object],
        *,
        cwd: Path,
        env: Mapping[str, str],
        closed: Collection[int] = (),
        source: str = "",
        starts_python: bool = False,
        **options: Any,
    ) -> None:
        """Start it without the `closed` streams; `source` is a program to run in place of it.

        It is no fork where it `starts_python`.
        """
        self._is_forked = not starts_python and is_possible(env)
        self._closed = closed
        self._source = source
        self._arguments = [*map(str, arguments)]
        command = ["-c", source] if source else ["-m", "pmo_path"]
        super().__init__([sys.executable, *command, *self._arguments], cwd=cwd, env=env, **options)

    def _execute_child(self, *given: Any) -> None:
        before, cwd, env, pipes = given[2], given[5], given[6], given[10:16]
        if not self._is_forked:
            super()._execute_child(  # type: ignore[misc]  # it has no types
                *given[:2], functools.partial(_close, self._closed, before), *given[3:]
            )
            return
        theirs = {0: pipes[0], 1: pipes[3], 2: pipes[5]}
        streams = {
            number: handle if handle >= 0 else number
            for number, handle in theirs.items()
            if number not in self._closed
        }
        start = Start(self._arguments, str(cwd), dict(env), tuple(streams), before, self._source)
        self.pid = fork(start, *streams.values())
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]  # as above
