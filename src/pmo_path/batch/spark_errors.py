"""Translate errors of Spark into one-line errors of pmo-path."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.errors.exceptions.captured import CapturedException

from pmo_path.domain.codes import Code
from pmo_path.domain.errors import OutputFailed, PmoPathError, UsageProblem
from pmo_path.domain.text import one_line
from pmo_path.readers.files import unusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_MEMORY = (
    "Spark ran out of memory; give it more with --spark-conf spark.driver.memory=4g, or on a "
    "cluster with spark.executor.memory and spark.executor.memoryOverhead"
)
_NO_MEMORY = re.compile(
    r"java\.lang\.OutOfMemoryError|\bMemoryError\b|OOM[ -]?[Kk]ill|exit(?:ed with)? code:? (?:52|137)\b"
)
_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded|ran out of room")
_NO_MASTER = "All masters are unresponsive"
_NOT_INSTALLED = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_OTHER_PYTHON = re.compile(r"PYTHON_VERSION_MISMATCH")
_UNREADABLE = re.compile(
    r"\[(?:PATH_NOT_FOUND|UNABLE_TO_INFER_SCHEMA|FAILED_READ_FILE[.\w]*|CANNOT_READ_FILE_FOOTER|"
    r"INVALID_PARAMETER_VALUE\.CHARSET|DATA_SOURCE_NOT_FOUND|MALFORMED_CSV_RECORD)\]"
    r"|No FileSystem for scheme|is not a Parquet file"
)
_ERROR = re.compile(
    r"^(?:Caused by: |: |Exception in thread \S+ |Error: )*(?:[\w$.]+\.)?[\w$]*(?:Exception|Error): "
)
_LOST_TASK = re.compile(r"^.*?(?:Lost task|most recent failure:)[^)]*\)(?: \([^)]*\))?: ")
_CONDITION = re.compile(r"^\[[A-Z_.]+\] ")
_STATE = re.compile(r"\s*SQLSTATE: \w+\s*$")
_LONGEST = 300
"""The most characters of a message; some of Spark's contain whole plans."""


def text_of(error: BaseException) -> str:
    """The full text of an error, with Java's part."""
    if isinstance(error, CapturedException):
        # Its own text asks Java, which may be gone.
        return f"{error._desc}\n{error._stackTrace}"  # noqa: SLF001  no other way
    return str(error) or type(error).__name__


def cause_of(text: str) -> str:
    """The innermost cause in a stack trace, as one short line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("An error occurred while calling")]
    python = _of_python(text.splitlines())
    causes = [line for line in lines if line.startswith("Caused by: ")]
    cause = python or (causes[-1] if causes else next(iter(lines), "no reason given"))
    cause = _ERROR.sub("", _LOST_TASK.sub("", cause))
    cause = _STATE.sub("", _CONDITION.sub("", _ERROR.sub("", cause)))
    shown = one_line(cause).rstrip(". ")
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"


def _of_python(lines: list[str]) -> str:
    """The last line of the first Python traceback; or an empty text."""
    is_trace = False
    for line in lines:
        if line.startswith("Traceback (most recent call last)") or is_trace:
            if is_trace and line.strip() and not line.startswith((" ", "\t")):
                return line
            is_trace = True
        elif "Traceback (most recent call last)" in line:
            is_trace = True
    return ""


@contextmanager
def reading(name: str, log: Path | None = None) -> Iterator[None]:
    """Translate errors that Spark raises while reading and scoring."""
    try:
        yield
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        raise _ours(error, name, log) from None


@contextmanager
def writing(name: str, log: Path | None = None) -> Iterator[None]:
    """Translate errors that Spark raises while writing."""
    try:
        yield
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        error_of_text = general(text_of(error), log)
        raise error_of_text or OutputFailed(
            f"'{name}' could not be written: {cause_of(text_of(error))}"
        ) from None


def _ours(error: BaseException, name: str, log: Path | None) -> PmoPathError:
    text = text_of(error)
    error_of_text = general(text, log)
    if error_of_text is not None:
        return error_of_text
    if _UNREADABLE.search(text):
        hint = "check the path; text needs a name that ends in .csv, or --delimiter"
        return unusable(Code.NOT_A_SHEET, name, cause_of(text), hint)
    return OutputFailed(f"Spark gave up: {cause_of(text)}")


def general(text: str, log: Path | None) -> PmoPathError | None:
    """The error for a cause that does not depend on what Spark is doing; None for others."""
    # Java does not always report why it ended, but it writes a log.
    written = "" if log is None else log.read_text(encoding="utf-8", errors="replace")
    if _NO_ROOM.search(text):
        return OutputFailed("no room is left on a disk that Spark writes to")
    if _NO_MEMORY.search(text) or _NO_MEMORY.search(written):
        return OutputFailed(NO_MEMORY)
    if _NO_MASTER in text or _NO_MASTER in written:
        return UsageProblem("no Spark master answers there; check --spark")
    missing = _NOT_INSTALLED.search(text)
    if missing:
        return UsageProblem(
            f"Spark's workers lack {missing[1]}; install pmo-path[spark] on every one of them"
        )
    if _OTHER_PYTHON.search(text):
        return UsageProblem("Spark's workers have another version of Python; install the same")
    return None
