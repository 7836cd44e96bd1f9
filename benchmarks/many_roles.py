"""What roles cost that few people or nobody aims at, as ratios within one run.

Run with `make bench`. Frameworks and sheets are made here. The contenders take turns, each in a
process of its own, and the least processor time of each counts.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROUNDS = 3
COMPETENCES = 27
LEVELS = ("0", "1", "2", "3", "4", "5")


def make_framework(path: Path, roles: int) -> None:
    """A framework in which each role requires two thirds of the competences."""
    dice = random.Random(1)
    names = [f"c{number}" for number in range(COMPETENCES)]

    def required() -> dict[str, object]:
        return {
            name: {"level": dice.randint(2, 5), "importance": dice.randint(1, 5), "must_have": 2}
            for name in dice.sample(names, COMPETENCES * 2 // 3)
        }

    framework = {
        "schema": 1,
        "framework": {"id": "many", "version": "1.0.0", "title": "Many roles"},
        "scale": {int(level): {"label": f"Level {level}"} for level in LEVELS},
        "readiness": {
            "ready": {"label": "Ready", "at_least": 90, "must_haves_missing": 0},
            "early": {"label": "Early", "at_least": 0},
        },
        "domains": {
            "all": {"name": "All", "competences": {name: {"name": name} for name in names}}
        },
        "roles": {
            f"r{number}": {"name": f"Role {number}", "requires": required()}
            for number in range(roles)
        },
        "training": {
            f"t{number}": {
                "title": f"Course {number}",
                "provider": "House",
                "develops": {name: {"from": 1, "to": 4} for name in dice.sample(names, 4)},
            }
            for number in range(30)
        },
    }
    path.write_text(yaml.safe_dump(framework, sort_keys=False), encoding="utf-8")


def make_sheet(path: Path, rows: int, roles: int) -> None:
    """So many people, who aim at so many roles by turns."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as sheet:
        sheet.write(f"person,role,{','.join(f'c{number}' for number in range(COMPETENCES))}\n")
        for number in range(rows):
            cells = ",".join(dice.choices(LEVELS, k=COMPETENCES))
            sheet.write(f"P{number},r{number % roles},{cells}\n")


def seconds(sheet: Path, framework: Path) -> float:
    """Processor time of one run of the command."""
    command = [sys.executable, "-m", "pmo_path", "batch", sheet, "--framework", framework]
    command += ["-o", sheet.with_suffix(".results.csv")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frameworks = {roles: folder / f"{roles}.yaml" for roles in (1, 300, 923)}
        for roles, path in frameworks.items():
            make_framework(path, roles)
        # People, roles that they aim at, and roles of the framework.
        contenders = [(300, 1, 300), (300, 300, 300), (6000, 1, 300), (6000, 300, 300)]
        contenders += [(0, 1, 1), (0, 1, 923)]
        least: dict[tuple[int, int, int], float] = {}
        for _ in range(ROUNDS):
            for contender in contenders:
                people, aimed_at, roles = contender
                sheet = folder / f"{people}-{aimed_at}.csv"
                make_sheet(sheet, people, aimed_at)
                used = seconds(sheet, frameworks[roles])
                least[contender] = min(least.get(contender, used), used)
    for text, many, few in (
        ("300 people of 300 roles / of one", (300, 300, 300), (300, 1, 300)),
        ("6,000 people of 300 roles / of one", (6000, 300, 300), (6000, 1, 300)),
        ("nobody and 923 roles / one", (0, 1, 923), (0, 1, 1)),
    ):
        print(f"  {text:36} {least[many] / least[few]:.2f} by processors ({least[many]:.2f} s)")


if __name__ == "__main__":
    main()
