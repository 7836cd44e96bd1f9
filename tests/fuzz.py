"""Damaged files of every kind, given to the command line: `make fuzz`.

Each input is a sound file that was changed by dice, read in a process of its own whose processor
time is limited. Whatever is in a file, the command must end with an exit code for users, without a
traceback, and within the limits of `docs/limits.md`. What breaks this is kept, and named with the
seed that makes it again.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
from tests.processes import import_all

from pmo_path.cli.main import main
from pmo_path.writers.sessions import unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
MOST_MEMORY = 1 << 30
MOST_SECONDS = 30
FINE = frozenset({0, 1, 2, 3})
NOT_FINE = ("Traceback (most recent call last)", "this is a bug in pmo-path", "Error: ")
PEOPLE = (
    "person,target role,rater,Planning and scheduling,Strategic Thinking,department\n"
    + "".join(
        f'P{number},pmo-manager,self,{number % 6},"{number % 5} - x",D{number % 3}\n'
        for number in range(30)
    )
)
LONG = "person,target role,competence,rating\n" + "".join(
    f"P{number // 2},pmo-manager,{('planning-scheduling', 'Strategic Thinking')[number % 2]},{number % 6}\n"
    for number in range(30)
)
RATINGS_JSON = '{"schema": 1, "role": "pmo-manager", "ratings": {"planning-scheduling": {"level": 3, "year": 2024}}}'
OVERLAY = "extends: pmo\nframework: {id: mine, version: '1'}\nroles: {pmo-manager: {name: Mine}}\n"
MAP = "Staff: person\nvalues: {'3/5': 3, '-': unrated, NA: n/a}\n"
SESSION = (
    '{"schema": 1, "framework": "pmo", "saved": "2026-01-01T00:00:00", "interview": {"person": "A", '
    '"role": "pmo-manager", "target": "pmo-director", "scope": "key", "questions": ["planning-'
    'scheduling"], "position": 0, "answers": {"planning-scheduling": {"level": "3", "evidence": "x", '
    '"year": 2020}}}}'
)
PIECES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\n", b"\r", b",", b";", b"\t", b"[" * 200,
    b"{" * 200, b"&a ", b"*a ", b"<<: ", b"!!python/object ", b"- - - - ", b": ", b"|\n", b">\n", b"---\n",
    b"9" * 400, b"9" * 5000, b"1e999999999", b"-1e-999999999", b"1" * 30, b"NaN", b"Infinity", b"-0",
    b"0x7fffffff", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80", b"\x85", b"=1+1", b"%s%n",
    b"\\ud800", b"x" * 5000, b"null", b"true", b"~", b"Total", b"2026-02-30", b"3/5", b"{}", b"[]",
    b"<c ", b' r="A1"', b'<row r="99999999">', b"<row>", b"</row>", b"<!--", b"]]>", b"&lt;", b"&x;",
    b'<c r="ZZZ9"><v>1</v></c>', b'<mergeCell ref="A1:XFD1048576"/>', b' t="s"', b"<v>-5</v>", b's="99"',
)  # fmt: skip
"""What damages one kind of file or another."""


class Case(NamedTuple):
    """A kind of input, and how it is read."""

    name: str
    content: bytes
    arguments: tuple[str, ...]
    """`{}` is the file, which is called as the name says."""


class Failure(NamedTuple):
    """An input that was not taken well."""

    what: str
    words: str


def cases() -> list[Case]:
    """A sound file of each kind."""
    framework = (ROOT / "data" / "framework.yaml").read_bytes()
    ratings = (ROOT / "examples" / "ratings-manager.yaml").read_bytes()
    people = str(ROOT / "examples" / "people.csv")
    csv = b"competence,rating,evidence\nPlanning and scheduling,3,x\nStrategic Thinking,2,\n"
    against = ("--role", "pmo-director")
    return [
        Case("framework.yaml", framework, ("validate", "{}")),
        Case("other.yaml", framework, ("diff", "{}", str(ROOT / "data" / "framework.yaml"))),
        Case("overlay.yaml", OVERLAY.encode(), ("validate", "{}")),
        Case("shown.yaml", OVERLAY.encode(), ("show", "--framework", "{}")),
        Case("ratings.yaml", ratings, ("assess", "{}", *against)),
        Case("compared.yaml", ratings, ("compare", "{}", "{}")),
        Case("ratings.json", RATINGS_JSON.encode(), ("assess", "{}", *against)),
        Case("ratings.csv", csv, ("assess", "{}", *against)),
        Case("map.yaml", MAP.encode(), ("batch", people, "--map", "{}", *against)),
        Case("people.csv", PEOPLE.encode(), ("batch", "{}", "--quiet")),
        Case("long.csv", LONG.encode(), ("batch", "{}", "--quiet")),
        Case("wide.txt", PEOPLE.replace(",", "\t").encode("utf-16"), ("batch", "{}", "-q")),
        Case("people.xlsx", _workbook(), ("batch", "{}", "--quiet")),
        Case("parts.xlsx", _workbook(), ("batch", "{}", "--quiet")),
        Case("people.parquet", _parquet(), ("batch", "{}", "--quiet")),
        Case("rejects.csv", _rejects(), ("batch", people, "--fixed", "{}", *against)),
        Case("session.json", SESSION.encode(), ()),
    ]


def _workbook() -> bytes:
    workbook = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        workbook.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    workbook.active["D3"].number_format = "0%"
    workbook.active.merge_cells("F2:F5")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    # In a process of its own: one that has run the engine must not be divided.
    code = (
        "import sys, duckdb; duckdb.execute("
        "f\"COPY (FROM '{sys.argv[1]}/p.csv') TO '{sys.argv[1]}/p.parquet' (FORMAT parquet)\")"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p.csv").write_text(PEOPLE, encoding="utf-8")
        subprocess.run([sys.executable, "-c", code, folder], check=True)
        return Path(folder, "p.parquet").read_bytes()


def _rejects() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.rejects.csv")
        sheet = str(ROOT / "examples" / "people.csv")
        _ended(
            ("batch", sheet, "-q", "--role", "pmo-director", "-o", f"{folder}/r.csv"), Path(folder)
        )
        return path.read_bytes()


def changed(case: Case, dice: random.Random) -> bytes:
    """The content of a case after some damage."""
    if case.name == "parts.xlsx":
        return _with_a_changed_part(case.content, dice)
    return _damaged(case.content, dice)


def _damaged(content: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        start = dice.randrange(len(damaged) + 1)
        end = min(len(damaged), start + dice.choice((0, 1, 4, 40, 400)))
        match dice.randrange(6):
            case 0:
                damaged[start:end] = dice.choice(PIECES)
            case 1:
                del damaged[start:end]
            case 2:
                damaged[start:start] = bytes(damaged[start:end]) * dice.choice((1, 2, 50))
            case 3:
                damaged[start : start + 1] = bytes([dice.randrange(256)])
            case 4:
                damaged[start:start] = dice.choice(PIECES) * dice.choice((1, 3, 100))
            case _:
                if dice.randrange(8) == 0:
                    del damaged[start:]
    return bytes(damaged)


def _with_a_changed_part(content: bytes, dice: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as sound, zipfile.ZipFile(stream, "w") as archive:
        names = sound.namelist()
        sheet = next(name for name in names if "sheet1" in name)
        chosen = dice.choice((sheet, dice.choice(names)))
        for name in names:
            part = sound.read(name)
            archive.writestr(name, _damaged(part, dice) if name == chosen else part)
    return stream.getvalue()


def failure_of(case: Case, content: bytes, folder: Path) -> Failure | None:
    """What is wrong with how an input was taken; None where all is well."""
    path = folder / case.name
    path.write_bytes(content)
    if not case.arguments:
        (folder / "sessions").mkdir(exist_ok=True)
        path = path.replace(folder / "sessions" / case.name)
    arguments = tuple(argument.replace("{}", str(path)) for argument in case.arguments)
    status, seconds, memory = _ended(arguments, folder)
    words = (folder / "stderr").read_text(encoding="utf-8", errors="replace")
    code = os.waitstatus_to_exitcode(status)
    if code not in FINE:
        return Failure(f"exit code {code}", words)
    if any(sign in words for sign in NOT_FINE[:2]):
        return Failure("a traceback", words)
    if memory > MOST_MEMORY:
        return Failure(f"{memory >> 20:,} MiB of memory", words)
    return Failure(f"{seconds:.0f} s of processor time", words) if seconds > MOST_SECONDS else None


def _ended(arguments: tuple[str, ...], folder: Path) -> tuple[int, float, int]:
    """How a run ends: its status, its seconds of processor time, and the most memory it had."""
    child = os.fork()
    if child == 0:
        _run(arguments, folder)
    _, status, used = os.wait4(child, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    return status, used.ru_utime + used.ru_stime, used.ru_maxrss * unit


def _run(arguments: tuple[str, ...], folder: Path) -> None:
    """Run the command line in this process, which ends with it."""
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS + 1, MOST_SECONDS + 2))
        for number, name in ((0, os.devnull), (1, "stdout"), (2, "stderr")):
            flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(name if number == 0 else folder / name, flags), number)
        os.chdir(folder)
        os.environ["PMO_PATH_STATE"] = str(folder)
        sys.argv = ["pmo-path", *arguments]
        if arguments:
            main()
        else:
            unfinished("pmo")
            code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def fuzz(seed: int, *, inputs: int | None = None, seconds: float = 60) -> Iterator[str]:
    """Try inputs, as many or as long as is said; a line for each failure."""
    import_all()
    kinds = cases()
    end = time.monotonic() + seconds
    number = 0
    while number < inputs if inputs is not None else time.monotonic() < end:
        case = kinds[number % len(kinds)]
        content = changed(case, random.Random(f"{seed} {number}"))
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            failure = failure_of(case, content, Path(folder))
        if failure is not None:
            kept = Path(tempfile.gettempdir(), f"fuzz-{seed}-{number}-{case.name}")
            kept.write_bytes(content)
            last = failure.words.strip().splitlines()[-1:]
            yield f"seed {seed}, input {number}: {failure.what}: {kept} {last}"
        number += 1
    print(f"{number:,} inputs, seed {seed}")  # noqa: T201  a tool of the command line


def _main(say: Callable[[str], object]) -> int:
    parser = argparse.ArgumentParser(description="Give damaged files of every kind to pmo-path.")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--inputs", type=int, help="how many, in place of how long")
    wanted = parser.parse_args()
    failures = 0
    for failure in fuzz(wanted.seed, inputs=wanted.inputs, seconds=wanted.seconds):
        failures += 1
        say(failure)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(_main(print))
