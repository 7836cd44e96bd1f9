"""What a folder of returned files costs: 2,000 of them, half YAML and half workbooks that score themselves.

Run with `make bench`. It fails if the run takes more than a minute or 500 MB, or if a file is
missing from the counts. The memory is that of all processes together, sampled while they run;
where the system does not show it, that of the largest process.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

import openpyxl

from pmo_path import load_framework, template
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, RATE, RateColumn

ROLE = "pmo-director"
FILES = 2000
MOST_SECONDS, MOST_MEGABYTES = 60, 500
KINDS = 20
"""Different workbooks; writing one takes longer than reading it."""


def make_files(folder: Path, files: int) -> None:
    """Ratings of as many people, in YAML and in workbooks by turns."""
    dice = random.Random(1)
    names = list(load_framework().scored(ROLE))
    folder.mkdir()
    books: list[bytes] = []
    for number in range(files):
        levels = {name: dice.randrange(6) for name in names}
        if number % 2 == 0:
            write_yaml(folder / f"{number:04}.yaml", number, levels)
            continue
        if len(books) < KINDS:
            books.append(workbook(folder / "made.xlsx", levels))
        (folder / f"{number:04}.xlsx").write_bytes(books[number // 2 % len(books)])


def write_yaml(path: Path, number: int, levels: dict[str, int]) -> None:
    """A ratings file with an example for each level."""
    rated = (
        f'  {name}: {{level: {level}, evidence: "What I did in {number}"}}\n'
        for name, level in levels.items()
    )
    facts = f"schema: 1\nperson: P{number}\ntarget: {ROLE}\ndate: 2026-11-01\nratings:\n"
    path.write_text(facts + "".join(rated), encoding="utf-8")


def workbook(path: Path, levels: dict[str, int]) -> bytes:
    """A workbook that scores itself, filled in by somebody who left out their name."""
    path.write_bytes(cast("bytes", template("ratings.xlsx", role=ROLE)))
    book = openpyxl.load_workbook(path)
    for row, level in enumerate(levels.values(), FIRST_COMPETENCE + 1):
        book[RATE].cell(row, RateColumn.LEVEL + 1, level)
        book[RATE].cell(row, RateColumn.EVIDENCE + 1, "What I did")
    book.save(path)
    content = path.read_bytes()
    path.unlink()
    return content


def memory_of(process: int) -> float:
    """Megabytes of a process and those that it started; 0 where the system does not show it."""
    total, left = 0.0, [process]
    while left:
        number = left.pop()
        try:
            status = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
            threads = Path(f"/proc/{number}/task").glob("*/children")
            children = [text for thread in threads for text in thread.read_text().split()]
        except OSError:
            continue
        # The share of what several processes use, so that nothing counts twice.
        total += (
            next(int(line.split()[1]) for line in status.splitlines() if "Pss:" in line) / 1024
        )
        left += map(int, children)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder / "returned", files)
        start, most = time.perf_counter(), 0.0
        command = [sys.executable, "-m", "pmo_path", "batch", "returned", "--role", ROLE]
        with subprocess.Popen(
            [*command, "-o", "results.csv", "--report", "team.html", "--quiet"],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        ) as run:
            while run.poll() is None:
                most = max(most, memory_of(run.pid))
                time.sleep(0.1)
            counts = run.stderr.read() if run.stderr else ""
        seconds = time.perf_counter() - start
    most = most or resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(counts.strip())
    print(f"{seconds:.1f} s, {most:.0f} MB, {os.cpu_count()} processors")
    if f"{files:,} files: {files:,} scored" not in counts:
        sys.exit("not every file was scored")
    if seconds > MOST_SECONDS or most > MOST_MEGABYTES:
        sys.exit(f"more than {MOST_SECONDS} s or {MOST_MEGABYTES} MB")


if __name__ == "__main__":
    main()
