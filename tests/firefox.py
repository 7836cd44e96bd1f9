"""Firefox as the system has it, driven by Marionette, the protocol that it speaks by itself.

Playwright drives only builds of Firefox of its own, and the usual driver is no package of an index.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.support import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A running browser with one tab."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._count = 0
        self._read()  # its greeting
        self._call("WebDriver:NewSession", capabilities={})

    def open(self, path: Path) -> None:
        """Open a page from disk."""
        self._call("WebDriver:Navigate", url=path.as_uri())

    def run(self, script: str) -> Any:
        """The value that a script returns."""
        return self._call("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def wait(self, script: str) -> Any:
        """The value that a script returns as soon as it is true."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if value := self.run(script):
                return value
            time.sleep(0.1)
        raise TimeoutError(script)

    def _call(self, command: str, **parameters: Any) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "Firefox has closed the connection"
            length += digit
        return json.loads(self._stream.read(int(length)))


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Firefox with a new profile in a folder."""
    assert FIREFOX is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n', encoding="utf-8")
    running = subprocess.Popen(
        [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", profile],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(profile)},
    )
    try:
        with _connected(port, running) as connection:
            yield Firefox(connection)
    finally:
        running.kill()
        running.wait()


def _connected(port: int, running: subprocess.Popen[bytes]) -> socket.socket:
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and running.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), TIMEOUT)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("Firefox does not answer")
