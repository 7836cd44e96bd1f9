"""What starting pmo-path costs, as ratios within one run: CPU seconds are noisy, ratios less so.

Run with `make bench`. The commands take turns, so that a busy machine slows all of them alike, and
the least of each counts.

`assess` is held against bare scripts that parse the same two YAML files with the C loader:
one imports typer, pydantic, yaml and rich.table and uses nothing of them, which with pydantic
loads little more than its name; the other imports what any model needs (`BaseModel`).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRAMEWORK = str(ROOT / "data" / "framework.yaml")
RATINGS = str(ROOT / "examples" / "ratings-manager.yaml")
ROUNDS = 15

BARE = """
import sys, typer, {pydantic}, yaml, rich.table
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as stream:
        yaml.load(stream, Loader=yaml.CSafeLoader)
"""
# The least that any Typer command with one argument costs that reads the same files; it scores and
# shows nothing. What it costs above the bare imports is Typer's own work on the command's parameters.
BARE_COMMAND = """
import typer, yaml, rich.table
def read(paths: list[str]):
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            yaml.load(stream, Loader=yaml.CSafeLoader)
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(read)
app()
"""
PYTHON = [sys.executable]
COMMANDS = {
    "import typer": [*PYTHON, "-c", "import typer"],
    "--help": [*PYTHON, "-m", "pmo_path", "--help"],
    "--version": [*PYTHON, "-m", "pmo_path", "--version"],
    "bare imports": [*PYTHON, "-c", BARE.format(pydantic="pydantic"), FRAMEWORK, RATINGS],
    "bare, BaseModel": [
        *PYTHON,
        "-c",
        BARE.format(pydantic="pydantic.main"),
        FRAMEWORK,
        RATINGS,
    ],
    "bare Typer command": [*PYTHON, "-c", BARE_COMMAND, FRAMEWORK, RATINGS],
    "assess": [*PYTHON, "-m", "pmo_path", "assess", RATINGS],
    "assess, JSON": [*PYTHON, "-m", "pmo_path", "assess", RATINGS, "--format", "json"],
}
PEERS = {
    "pip-audit --help": ["pip-audit", "--help"],
    "check-jsonschema --help": ["check-jsonschema", "--help"],
}
RATIOS = (
    ("--help", "import typer", 1.3),
    ("--version", "import typer", None),
    ("assess", "bare imports", 1.35),
    ("assess", "bare, BaseModel", None),
    ("bare Typer command", "bare imports", None),
    ("assess", "bare Typer command", None),
    ("assess, JSON", "bare, BaseModel", None),
)


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run of `command`, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    peers = {name: command for name, command in PEERS.items() if shutil.which(command[0])}
    commands = {**COMMANDS, **peers}
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(ROUNDS):
        for name, command in commands.items():
            least[name] = min(least[name], cpu_seconds(command))
    for name, seconds in least.items():
        print(f"{name:24} {seconds * 1000:6.0f} ms CPU")
    print()
    for name, base, bar in RATIOS:
        aim = f"   (aim: at most {bar})" if bar else ""
        print(f"{name} / {base}: {least[name] / least[base]:.2f}{aim}")
    for name in peers:
        print(f"assess / {name}: {least['assess'] / least[name]:.2f}")


if __name__ == "__main__":
    main()
