"""The one family of exceptions: what a user, an input or the outside world did wrong.

The edge turns each into text and an exit code; nothing below the edge prints or exits.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pmo_path.domain.diagnostics import Diagnostic


class PmoPathError(Exception):
    """Anything that pmo-path reports in words instead of a traceback."""


class UsageProblem(PmoPathError):
    """The command was asked for something that cannot be: the words say what to pass instead."""


class InputInvalid(PmoPathError):
    """An input could not be read or is not valid, with every mistake found in it.

    `diagnostics` is never empty and is in the order in which it is to be shown.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics


class OutputFailed(PmoPathError):
    """An output could not be written: disk full, no permission, a folder in the way."""
