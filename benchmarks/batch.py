"""What `batch` costs, as ratios within one run: against bare engines, and as a sheet grows.

Run with `make bench`. The data are made here: people and their ratings in all competences that
PMO Director requires, with 0.1 % bad rows. The contenders take turns, each in a process of its
own, and the least wall time of each counts; all of them agree on the figures.

`--people 10000000 --growth` measures memory on larger sheets; `--spark` compares Apache Spark on this
machine with the plain command at three sizes; `--only NAME` runs one contender.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path import load_framework

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Levels = Mapping[str, int | None]
    Required = Mapping[str, tuple[int, int, int | None]]

ROLE = "pmo-director"
LEVELS = ("0", "1", "2", "3", "4", "5", "", "n/a")
SHARES = (5, 10, 20, 30, 20, 8, 5, 2)
BAD = "seven"
ROUNDS = 3
TOP = 5
COLUMNS = (
    "person",
    "department",
    "role",
    "band",
    "readiness",
    "readiness_low",
    "readiness_high",
    "at_target",
    "applicable",
    "must_haves_missing",
    "unrated_count",
    "top_gaps",
    "next_training",
)
"""Those of our results that the contenders have too, in their order."""
HERE = Path(__file__).resolve()


def make_sheet(path: Path, people: int) -> None:
    """A sheet with one bad row in a thousand."""
    dice = random.Random(1)
    names = competences()
    rows = [",".join(dice.choices(LEVELS, SHARES, k=len(names))) for _ in range(20_000)]
    bad = ",".join(["3"] * (len(names) - 1) + [BAD])
    with path.open("w", encoding="utf-8") as sheet:
        sheet.write(f"person,department,{','.join(names)}\n")
        for number in range(people):
            row = bad if number % 1000 == 999 else rows[dice.randrange(len(rows))]
            sheet.write(f"P{number:08d},Department {number % 40},{row}\n")


def competences() -> list[str]:
    """What the role requires."""
    return list(load_framework().scored(ROLE))


# --- Contenders ---------------------------------------------------------------------------------


def ours(sheet: Path, results: Path, *options: str) -> None:
    """The command itself, with every cell checked."""
    command = [sys.executable, "-m", "pmo_path", "batch", sheet, "-o", results, "--role", ROLE]
    subprocess.run([*map(str, command), "-q", *options], check=False, stderr=subprocess.DEVNULL)


def ours_brief(sheet: Path, results: Path) -> None:
    """The same with figures alone."""
    ours(sheet, results, "--brief")


def unchecked(sheet: Path, results: Path) -> None:
    """Our own query in one stream from file to file: no checks, no account, no summary."""
    import duckdb

    from pmo_path.batch.integers import Bit, units_of
    from pmo_path.batch.scoring_sql import RoleQuery

    framework = load_framework()
    names = competences()
    query = RoleQuery(
        framework,
        ROLE,
        units_of(framework),
        {name: f"f{index}" for index, name in enumerate(names)},
        {name: Bit("na", index) for index, name in enumerate(names)},
    )
    scored = query.scored(_people(sheet), ["person", "department"], TOP)
    ids = _list(names)
    gaps = ", ".join(f"{ids}[gap_{number} + 1]" for number in range(1, TOP + 1))
    courses = _list(framework.training)
    training = ", ".join(f"{courses}[course_{number} + 1]" for number in range(1, TOP + 1))
    missing = ", ".join(
        f"if((missing_0 >> {required.position} & 1) = 1, '{required.id}', NULL)"
        for required in query.competences
        if required.must_have is not None
    )
    duckdb.execute(
        f"COPY (SELECT person, department, '{ROLE}' AS role, "
        f"{_list(framework.readiness)}[band + 1] AS band, "
        "(readiness / 10)::DECIMAL(5, 1), (readiness_low / 10)::DECIMAL(5, 1), "
        "(readiness_high / 10)::DECIMAL(5, 1), at_target, applicable, "
        f"concat_ws('|', {missing}), unrated, concat_ws('|', {gaps}), concat_ws('|', {training}) "
        f"FROM ({scored})) TO '{results}' (HEADER)"
    )


def bare_duckdb(sheet: Path, results: Path) -> None:
    """The same columns by the query that comes to mind first: lists that are sorted."""
    import duckdb

    framework = load_framework()
    required = list(framework.scored(ROLE).items())
    level = {name: f"f{position}" for position, (name, _) in enumerate(required)}
    gaps, closed, reached, reachable, absent = [], [], [], [], []
    missing, unrated, at_target, applies = [], [], [], []
    for position, (name, requirement) in enumerate(required):
        value, target, weight = level[name], requirement.level, requirement.importance
        shortfall = (
            f"greatest({requirement.must_have} - {value}, 0)" if requirement.must_have else "0"
        )
        gaps.append(
            f"{{'a': -{shortfall}, 'b': -{weight} * ({target} - {value}), "
            f"'c': {value} - {target}, 'd': {position}, 'id': '{name}'}}"
        )
        reached.append(f"if({value} IS NULL, 0, {weight} * least({value}, {target}))")
        reachable.append(f"if({value} IS NULL, 0, {weight * target})")
        empty = f"{value} IS NULL AND (na >> {position} & 1) = 0"
        absent.append(f"if({empty}, {weight * target}, 0)")
        unrated.append(f"if({empty}, 1, 0)")
        at_target.append(f"if({value} >= {target}, 1, 0)")
        applies.append(f"1 - (na >> {position} & 1)")
        if requirement.must_have is not None:
            missing.append(f"if(coalesce({value}, -1) < {requirement.must_have}, '{name}', NULL)")
    for position, (key, course) in enumerate(framework.training.items()):
        terms = []
        for name, levels in course.ranges.items():
            if name in level:
                requirement = dict(required)[name]
                end = min(levels.to, requirement.level)
                inside = f"{level[name]} >= {levels.from_} AND {level[name]} < {end}"
                terms.append(
                    f"if({inside}, {requirement.importance} * ({end} - {level[name]}), 0)"
                )
        if terms:
            closed.append(
                f"{{'a': -({' + '.join(terms)}), 'b': {course.days or 9999}, 'c': {position}, "
                f"'id': '{key}'}}"
            )
    bands = " ".join(
        f"WHEN 100 * reached >= {band.at_least} * (reachable + absent)"
        + (
            ""
            if band.must_haves_missing is None
            else f" AND len(missing) <= {band.must_haves_missing}"
        )
        + f" THEN '{key}'"
        for key, band in framework.readiness.items()
    )
    duckdb.execute(
        f"COPY (SELECT person, department, '{ROLE}', CASE {bands} END, "
        "round(100 * reached / reachable, 1), round(100 * reached / (reachable + absent), 1), "
        "round(100 * (reached + absent) / (reachable + absent), 1), at_target, applies, "
        "array_to_string(missing, '|'), unrated, "
        f"array_to_string([x.id for x in gaps[1:{TOP}]], '|'), "
        f"array_to_string([x.id for x in courses[1:{TOP}]], '|') FROM (SELECT person, department, "
        f"{' + '.join(reached)} AS reached, {' + '.join(reachable)} AS reachable, "
        f"{' + '.join(absent)} AS absent, {' + '.join(unrated)} AS unrated, "
        f"{' + '.join(at_target)} AS at_target, {' + '.join(applies)} AS applies, "
        f"[x for x in [{', '.join(missing)}] if x IS NOT NULL] AS missing, "
        f"list_sort([x for x in [{', '.join(gaps)}] if x.c < 0]) AS gaps, "
        f"list_sort([x for x in [{', '.join(closed)}] if x.a < 0]) AS courses "
        f"FROM {_people(sheet)})) TO '{results}' (HEADER)"
    )


def _people(sheet: Path) -> str:
    """SQL that reads the sheet: levels, null for anything else, and a mask of `n/a`."""
    names = competences()
    kinds = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(names) + 2))
    levels = ", ".join(
        f"TRY_CAST(c{position + 2} AS INTEGER) AS f{position}" for position in range(len(names))
    )
    masks = " | ".join(
        f"if(c{position + 2} = 'n/a', {1 << position}::BIGINT, 0)"
        for position in range(len(names))
    )
    return (
        f"(SELECT c0 AS person, c1 AS department, {levels}, {masks} AS na FROM "
        f"read_csv('{sheet}', auto_detect = false, header = false, skip = 1, delim = ',', "
        f"quote = '', escape = '', columns = {{{kinds}}}))"
    )


def _list(ids: Iterable[str]) -> str:
    return f"[{', '.join(repr(id_) for id_ in ids)}]"


def bare_polars(sheet: Path, results: Path) -> None:
    """Readiness, band and counts by a script that checks nothing."""
    import polars as pl

    framework = load_framework()
    required = framework.scored(ROLE)
    lowest = framework.levels[0]
    people = pl.scan_csv(sheet, infer_schema=False)
    reached, reachable, unrated, at_target, missing, applies, rated = ([] for _ in range(7))
    for name, requirement in required.items():
        target, weight = int(requirement.level), int(requirement.importance)
        level = pl.col(name).cast(pl.Int16, strict=False)
        full = weight * (target - int(lowest))
        reached.append((level.clip(upper_bound=target) * weight).fill_null(0))
        reachable.append(pl.when(level.is_null()).then(0).otherwise(full))
        does_not_apply = (pl.col(name) == "n/a").fill_null(value=False)
        unrated.append(pl.when(level.is_null() & ~does_not_apply).then(1).otherwise(0))
        rated.append(pl.when(level.is_null() & ~does_not_apply).then(full).otherwise(0))
        at_target.append((level >= target).fill_null(value=False).cast(pl.Int16))
        applies.append((~does_not_apply).cast(pl.Int16))
        if requirement.must_have is not None:
            least = int(requirement.must_have)
            missing.append((~(level >= least).fill_null(value=False)).cast(pl.Int16))
    sums = people.select(
        "person",
        "department",
        reached=pl.sum_horizontal(reached),
        reachable=pl.sum_horizontal(reachable),
        absent=pl.sum_horizontal(rated),
        unrated=pl.sum_horizontal(unrated),
        at_target=pl.sum_horizontal(at_target),
        of=pl.sum_horizontal(applies),
        missing=pl.sum_horizontal(missing),
    )
    whole = pl.col("reachable") + pl.col("absent")
    band: Any = pl
    for key, limits in framework.readiness.items():
        fits = 100 * pl.col("reached") >= int(limits.at_least) * whole
        if limits.must_haves_missing is not None:
            fits &= pl.col("missing") <= limits.must_haves_missing
        band = band.when(fits).then(pl.lit(key))
    sums.select(
        "person",
        "department",
        role=pl.lit(ROLE),
        band=band,
        readiness=(100 * pl.col("reached") / pl.col("reachable")).round(1),
        readiness_low=(100 * pl.col("reached") / whole).round(1),
        readiness_high=(100 * (pl.col("reached") + pl.col("absent")) / whole).round(1),
        at_target="at_target",
        applicable="of",
        missing="missing",
        unrated="unrated",
    ).sink_csv(results)


def plain_loop(sheet: Path, results: Path) -> None:
    """A loop over the `csv` module that calls plain functions, in floats, for the same columns."""
    framework = load_framework()
    required: Required = {
        name: (
            int(requirement.level),
            int(requirement.importance),
            None if requirement.must_have is None else int(requirement.must_have),
        )
        for name, requirement in framework.scored(ROLE).items()
    }
    bands = [
        (key, float(band.at_least), band.must_haves_missing)
        for key, band in framework.readiness.items()
    ]
    courses = [
        (
            key,
            float(course.days) if course.days is not None else float("inf"),
            [
                (name, int(levels.from_), min(int(levels.to), required[name][0]))
                for name, levels in course.ranges.items()
                if name in required
            ],
        )
        for key, course in framework.training.items()
    ]
    with sheet.open(newline="") as source, results.open("w", newline="") as target:
        writer = csv.writer(target)
        for row in csv.DictReader(source):
            levels = {name: LEVEL_OF.get(row[name]) for name in required}
            figures = _figures(levels, row, required, bands)
            gaps = _gaps(levels, required)
            training = _training(levels, required, courses)
            writer.writerow([row["person"], row["department"], ROLE, *figures, gaps, training])


LEVEL_OF = {str(level): level for level in range(6)}


def _figures(levels: Levels, row: Mapping[str, str], required: Required, bands: Any) -> Any:
    reached = reachable = absent = unrated = at_target = applies = 0
    missing = []
    for name, (target, weight, least) in required.items():
        level = levels[name]
        if least is not None and (level is None or level < least):
            missing.append(name)
        if level is not None:
            applies += 1
            reached += weight * min(level, target)
            reachable += weight * target
            at_target += level >= target
        elif row[name] != "n/a":
            applies += 1
            unrated += 1
            absent += weight * target
    if not reachable:
        return "", "", "", "", at_target, applies, "|".join(missing), unrated
    percent = 100 * reached / reachable
    low = 100 * reached / (reachable + absent)
    band = next(
        key for key, bar, limit in bands if low >= bar and (limit is None or len(missing) <= limit)
    )
    high = 100 * (reached + absent) / (reachable + absent)
    shown = (f"{figure:.1f}" for figure in (percent, low, high))
    return band, *shown, at_target, applies, "|".join(missing), unrated


def _gaps(levels: Levels, required: Required) -> str:
    gaps = []
    for name, (target, weight, least) in required.items():
        level = levels[name]
        if level is not None and level < target:
            shortfall = max(0, least - level) if least is not None else 0
            gaps.append((-shortfall, -weight * (target - level), level - target, name))
    gaps.sort(key=lambda gap: gap[:3])
    return "|".join(gap[3] for gap in gaps[:TOP])


def _training(levels: Levels, required: Required, courses: Any) -> str:
    useful = []
    for key, days, develops in courses:
        closed = 0
        for name, start, end in develops:
            level = levels[name]
            if level is not None and start <= level < end:
                closed += required[name][1] * (end - level)
        if closed:
            useful.append((-closed, days, key))
    useful.sort(key=lambda course: course[:2])
    return "|".join(course[2] for course in useful[:TOP])


CONTENDERS = {
    contender.__name__: contender
    for contender in (ours, ours_brief, unchecked, bare_duckdb, bare_polars, plain_loop)
}


# --- Measuring ----------------------------------------------------------------------------------


class Used(NamedTuple):
    """What one turn took: wall time and processor time in seconds, and megabytes at most."""

    wall: float
    cpu: float
    memory: float

    def least(self, other: Used) -> Used:
        """The lesser of each."""
        return Used(*map(min, self, other))


def measured(name: str, sheet: Path, results: Path) -> Used:
    """What a contender takes, with the processes that it starts."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(HERE), "--only", name, str(sheet), str(results)]
    )
    _, _, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    return Used(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def agree(results: dict[str, Path]) -> None:
    """All contenders say the same of every person that `ours` scores.

    Those that do not use our query suggest courses by a simpler rule, so that theirs differ.
    """
    for other, columns in (
        ("unchecked", COLUMNS),
        ("bare_duckdb", COLUMNS[:-1]),
        ("plain_loop", COLUMNS[:-1]),
        ("bare_polars", COLUMNS[:9]),
    ):
        if other in results:
            with results["ours"].open(newline="") as stream:
                mine = [[row[name] for name in columns] for row in csv.DictReader(stream)]
            theirs = _rows_by_person(results[other], len(columns))
            different = [row[0] for row in mine if theirs[row[0]] != row]
            # Floats do not always round as fractions do.
            assert len(different) <= len(mine) / 100, (other, different[:3])
            print(f"  {other}: {len(different):,} of {len(mine):,} people differ in a last digit")


def _rows_by_person(path: Path, columns: int) -> dict[str, list[str]]:
    with path.open(newline="") as stream:
        return {row[0]: row[:columns] for row in csv.reader(stream)}


def start_up(folder: Path) -> None:
    """A sheet of 50 people against the imports that it cannot do without."""
    sheet = folder / "small.csv"
    make_sheet(sheet, 50)
    imports = [sys.executable, "-c", "import duckdb, pydantic, yaml, typer"]
    command = [sys.executable, "-m", "pmo_path", "batch", str(sheet), "--role", ROLE]
    command += ["-o", str(folder / "small-results.csv")]
    least: dict[str, float] = {}
    for _ in range(12):
        for name, run in (("imports", imports), ("batch", command)):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(run, check=False, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            least[name] = min(least.get(name, used), used)
    ratio = least["batch"] / least["imports"]
    print(f"50 people: {ratio:.2f} times the CPU of importing duckdb, pydantic, yaml and typer")


def compare(folder: Path, people: int, rounds: int) -> None:
    """All contenders on one sheet."""
    sheet = folder / "people.csv"
    make_sheet(sheet, people)
    results = {name: folder / f"{name}.csv" for name in CONTENDERS}
    least: dict[str, Used] = {}
    for turn in range(rounds):
        for name, path in results.items():
            if name == "plain_loop" and turn:
                continue
            used = measured(name, sheet, path)
            least[name] = used.least(least.get(name, used))
    print(f"{people:,} people, {len(competences())} competences, least of {rounds} turns")
    for name, used in least.items():
        print(
            f"  {name:12} {used.wall:7.2f} s {used.cpu:7.2f} s of processors "
            f"{people / used.wall:11,.0f} rows/s {used.memory:7,.0f} MB"
        )
    for label, contender, peer in (
        ("ours / bare DuckDB", "ours", "bare_duckdb"),
        ("ours / its query alone", "ours", "unchecked"),
        ("plain loop / ours", "plain_loop", "ours"),
        ("ours, brief / bare Polars", "ours_brief", "bare_polars"),
    ):
        wall, cpu = (least[contender][figure] / least[peer][figure] for figure in (0, 1))
        print(f"  {label:26} {wall:.2f} by the clock, {cpu:.2f} by processors")
    agree(results)


def growth(folder: Path, people: int) -> None:
    """Time and memory on ten times the people."""
    sizes = (people // 10, people)
    memory = []
    for size in sizes:
        sheet = folder / f"people-{size}.csv"
        make_sheet(sheet, size)
        seconds, _, megabytes = measured("ours", sheet, folder / "grown.csv")
        memory.append(megabytes)
        print(
            f"{size:,} people: {seconds:.1f} s, {size / seconds:,.0f} rows/s, {megabytes:,.0f} MB"
        )
        sheet.unlink()
    print(f"memory grows {memory[1] / memory[0]:.2f} times")


def spark(folder: Path, people: int) -> None:
    """Spark on this machine against the plain command: the start, and each row beyond it."""
    used: dict[str, list[float]] = {"plain": [], "spark": []}
    sizes = (people // 100, people // 10, people)
    for size in sizes:
        sheet = folder / f"people-{size}.csv"
        make_sheet(sheet, size)
        results = {name: folder / f"{name}-{size}" for name in used}
        options = {"plain": ["--format", "csv"], "spark": ["--spark", "local[2]"]}
        for name, seconds in used.items():
            seconds.append(_processors(sheet, results[name], *options[name]))
        same_rows(results["plain"], results["spark"])
        print(
            f"{size:,} people: plain {used['plain'][-1]:.1f} s, Spark {used['spark'][-1]:.1f} s "
            "of processors; all rows are the same"
        )
    for start in range(len(sizes) - 1):
        plain, other = (seconds[-1] - seconds[start] for seconds in used.values())
        print(
            f"each row beyond {sizes[start]:,}: Spark takes {other / plain:.1f} times as long as the "
            f"plain command ({1e6 * plain / (people - sizes[start]):.1f} s a million)"
        )


def _processors(sheet: Path, results: Path, *options: str) -> float:
    """Processor time of the command and all that it starts, which Java does not always wait for."""
    command = [sys.executable, "-m", "pmo_path", "batch", str(sheet), "-o", str(results), "-q"]
    process = subprocess.Popen(
        [*command, "--role", ROLE, *options], stderr=subprocess.PIPE, text=True
    )
    ticks: dict[int, int] = {}
    while process.poll() is None:
        ticks |= _ticks(process.pid, ticks)
        time.sleep(0.1)
    assert process.returncode == 1, process.stderr and process.stderr.read()  # with bad rows
    return sum(ticks.values()) / os.sysconf("SC_CLK_TCK")


def _ticks(root: int, known: Iterable[int]) -> dict[int, int]:
    """Processor time by process: of one, of those below it, and of those that were."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:  # it has ended
            continue
        figures = text.rpartition(")")[2].split()
        number = int(path.parent.name)
        parents[number], ticks[number] = int(figures[1]), int(figures[11]) + int(figures[12])
    family = {root, *known}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return {number: ticks[number] for number in family & ticks.keys()}


def same_rows(plain: Path, folder: Path) -> None:
    """Results of both have the same rows."""
    import duckdb

    first = f"FROM read_csv('{plain}', all_varchar = true, header = true)"
    second = f"SELECT COLUMNS(*)::VARCHAR FROM read_parquet('{folder}/*.parquet')"
    for rows, others in ((first, second), (second, first)):
        query = f"SELECT count(*) FROM ({rows} EXCEPT ALL {others})"
        assert duckdb.execute(query).fetchall() == [(0,)]


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--only", nargs=3, metavar=("NAME", "SHEET", "RESULTS"))
    asked = parser.parse_args()
    if asked.only:
        name, sheet, results = asked.only
        CONTENDERS[name](Path(sheet), Path(results))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.growth or asked.spark:
            (growth if asked.growth else spark)(folder, asked.people)
            return
        start_up(folder)
        compare(folder, asked.people, asked.rounds)


if __name__ == "__main__":
    main()
