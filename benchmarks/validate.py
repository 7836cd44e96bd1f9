"""What `validate` costs, as ratios within one run: against a peer, and as a framework grows.

Run with `make bench`. The peer is check-jsonschema, which checks the same file against the schema
that `pmo-path schema framework` writes: shape alone, without references, order or levels, and
without the lines of mistakes. The commands take turns and the least of each counts.

Growth is measured inside one process, without the start: a framework with ten times the
competences or roles may cost eleven times the time.
"""

from __future__ import annotations

import datetime
import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.readers.framework import check_framework

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "data" / "framework.yaml"
ROUNDS, LONG_ROUNDS = 12, 4
TODAY = datetime.date(2026, 11, 23)
PEER = "check-jsonschema"


def framework(competences: int, roles: int) -> str:
    """A framework without a mistake or a warning, in the long form: about 9 lines a competence."""
    return "".join(
        [
            "schema: 1\nframework: {id: generated, version: 1.0.0, title: Generated}\n",
            "scale: {0: {label: None}, 1: {label: Some}, 2: {label: Much}}\n",
            "readiness: {early: {label: Early, at_least: 0}}\n",
            "domains:\n  all:\n    name: All\n    competences:\n",
            *(_competence(number) for number in range(competences)),
            "roles:\n",
            *(_role(number, competences, roles) for number in range(roles)),
            "training:\n",
            *(_course(number) for number in range(competences)),
        ]
    )


def _competence(number: int) -> str:
    return (
        f"      competence-{number}:\n"
        f"        name: Competence {number}\n"
        f"        summary: What belongs to number {number}, in one sentence of usual length.\n"
        "        levels:\n"
        f"          1: Can explain what number {number} is about\n"
        f"          2: Does number {number} alone, and helps others\n"
        "        experience:\n"
        "          1: Watch somebody do it\n"
        "          2: Do it once, and have it checked\n"
    )


def _role(number: int, competences: int, roles: int) -> str:
    share = max(1, competences // roles)
    first = number * share % competences
    required = [(first + step) % competences for step in range(share)]
    return f"  role-{number}:\n    name: Role {number}\n    requires:\n" + "".join(
        f"      competence-{competence}: {{level: 2, importance: 4, must_have: 1}}\n"
        for competence in required
    )


def _course(number: int) -> str:
    return (
        f"  course-{number}:\n    title: Course {number}\n    provider: Somebody\n"
        f"    develops: {{competence-{number}: {{from: 0, to: 2}}}}\n    checked: '2026-11'\n"
    )


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run of `command`, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least_of(rounds: int, *commands: list[str]) -> list[float]:
    """The least of what each command costs, over rounds in which they take turns."""
    taken = [[cpu_seconds(command) for command in commands] for _ in range(rounds)]
    return [min(seconds) for seconds in zip(*taken, strict=True)]


def against_the_peer(folder: Path) -> None:
    """Print what `validate` costs as a share of the peer, on a usual file and on a long one."""
    peer = shutil.which(PEER) or shutil.which(PEER, path=os.path.dirname(sys.executable))  # noqa: PTH120  a path as `which` takes it
    if peer is None:
        print(f"{PEER} is not installed: nothing to compare with")
        return
    schema = folder / "framework.schema.json"
    ours = [sys.executable, "-m", "pmo_path"]
    subprocess.run([*ours, "schema", "framework", "-o", str(schema)], check=True)
    long_file = folder / "long.yaml"
    long_file.write_text(framework(1250, 50), encoding="utf-8")
    for file, rounds in ((SHIPPED, ROUNDS), (long_file, LONG_ROUNDS)):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        validate, check = least_of(
            rounds,
            [*ours, "validate", str(file)],
            [peer, "--schemafile", str(schema), str(file)],
        )
        print(
            f"validate / {PEER}, {lines} lines: {validate / check:.2f}   (aim: at most 0.6)"
            f"   {validate * 1000:.0f} and {check * 1000:.0f} ms CPU"
        )


def growth() -> None:
    """Print how the time grows with competences, with roles, and with mistakes."""
    sizes: dict[str, Callable[[int], str]] = {
        "competences": lambda times: framework(1000 * times, 20),
        "roles": lambda times: framework(300, 1000 * times),
        "mistakes": lambda times: framework(1000 * times, 20).replace("1: Can", "one: Can"),
        "misspelt references": lambda times: framework(1000 * times, 20).replace(
            ": {level", "x: {level"
        ),
    }
    for name, of_size in sizes.items():
        small, large = (of_size(times).encode() for times in (1, 10))
        print(f"10 times the {name}: {seconds(large, 3) / seconds(small, 15):.1f} times the time")


def seconds(content: bytes, rounds: int) -> float:
    """The least CPU time of examining a framework, in seconds."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        check_framework(content, "generated.yaml", TODAY)
        taken.append(time.process_time() - started)
    return min(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        against_the_peer(Path(folder))
    # As the command does: a run is over before collecting garbage would pay.
    gc.disable()
    growth()


if __name__ == "__main__":
    main()
