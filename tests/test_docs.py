"""The pages say what the program does: every command, output, example and number is run.

`UPDATE_DOCS=1 pytest tests/test_docs.py` writes today's outputs into the pages.
"""

from __future__ import annotations

import datetime
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.in_process import printed
from tests.rules_page import RULEBOOK, rule_pages, rules_page, slug
from tests.support import TIMEOUT

from pmo_path import assess, load_framework, load_ratings
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.cli.errors import Exit
from pmo_path.cli.main import COMMANDS
from pmo_path.domain import competences as competence_models
from pmo_path.domain import framework as framework_models
from pmo_path.domain import ratings as ratings_models
from pmo_path.domain import training as training_models
from pmo_path.domain.base_model import Frozen
from pmo_path.domain.codes import Severity
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.filetype import FileType, identify
from pmo_path.readers.framework import check_framework
from pmo_path.readers.plan import check_plan
from pmo_path.readers.ratings import ratings_from
from pmo_path.readers.table.sheet import SheetOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.framework import Framework

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RULES_PAGE = DOCS / "rules.md"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
# The commands on the page of all rules are run where that page takes them from.
RUN_PAGES = [page for page in PAGES if page != RULES_PAGE] + rule_pages()
FRAMEWORK_DAY = datetime.date(2026, 11, 23)
UPDATE = os.environ.get("UPDATE_DOCS") == "1"
LEFT_OUT = "…"

FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"^```(console|python)$", re.MULTILINE)
TITLE = re.compile(r'title="([^"]+)"')
CODE = re.compile(r"PMO\d{3}")
# What sets up a machine, and what asks its questions on a terminal.
NOT_RUN = re.compile(r"(pipx|pip|git|make) .*|pmo-path assess")
SHELL = ("/bin/sh", "-c")
# What a shell does no more with than to part its words.
CALL = re.compile(r"""pmo-path(?: +(?:[\w./=:@%+,-]+|"[^"$`\\]*"|'[^']*'))*""", re.ASCII)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def fences(text: str, info: str) -> list[re.Match[str]]:
    return [fence for fence in FENCE.finditer(text) if fence["info"].split()[0] == info]


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its rank or above."""
    rank = len(heading) - len(heading.lstrip("#"))
    _, _, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert rest, f"there is no heading '{heading}'"
    fences_of_rest = [range(*fence.span()) for fence in FENCE.finditer(rest)]
    for found in re.finditer(rf"^#{{1,{rank}}} ", rest, re.MULTILINE):
        if not any(found.start() in fence for fence in fences_of_rest):
            return rest[: found.start()]
    return rest


# --- Commands and their output ------------------------------------------------------------------


class Scratch:
    """A folder with the examples in it, in which a page's commands run one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        commands = folder / "bin"
        commands.mkdir()
        command = commands / "pmo-path"
        command.write_text(
            f"#!{sys.executable}\nfrom pmo_path.cli.main import main\nmain()\n", encoding="utf-8"
        )
        command.chmod(0o755)
        self._environ = {
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "HOME": str(folder),
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str) -> list[str]:
        """The lines that a terminal would show, without spaces at their ends."""
        output = self._output(*command)
        assert "this is a bug in pmo-path" not in output, command
        return [line.rstrip() for line in output.splitlines()]

    def _output(self, *command: str) -> str:
        if command[:2] == SHELL and CALL.fullmatch(command[2]):
            return printed(shlex.split(command[2])[1:], cwd=self.folder, env=self._environ)
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=TIMEOUT,
        ).stdout

    def renewed(self, text: str) -> str:
        """A page's text with the output that its commands and programs have today."""
        program = ""

        def renew(fence: re.Match[str]) -> str:
            nonlocal program
            before, program = program, fence["body"] if fence["info"] == "python" else ""
            if title := TITLE.search(fence["info"]):
                (self.folder / title[1]).write_text(fence["body"], encoding="utf-8")
            if fence["info"] == "console":
                body = "".join(self._session(fence["body"]))
            elif fence["info"] == "text" and before:
                output = self.run(sys.executable, "-c", before)
                body = block(fitted(fence["body"].splitlines(), output))
            else:
                body = fence["body"]
            return f"```{fence['info']}\n{body}```"

        return FENCE.sub(renew, text)

    def _session(self, body: str) -> Iterator[str]:
        for command, shown in commands_in(body):
            yield f"$ {command}\n"
            runnable = demo_recipe() if command == "make demo" else command
            if NOT_RUN.fullmatch(runnable):
                assert not shown, f"'{command}' is not run, so no output of it may be shown"
                continue
            yield block(fitted(shown, self.run(*SHELL, runnable)))


def block(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def commands_in(body: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def demo_recipe() -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^demo:.*\n\t.*python -m pmo_path (.+)$", makefile, re.MULTILINE)
    assert recipe is not None
    return f"pmo-path {recipe[1]}"


def fitted(shown: list[str], actual: list[str]) -> list[str]:
    """The part of `actual` that `shown` stands for; a line `…` stands for lines left out.

    A piece keeps its number of lines and begins where its first line stands, or what comes
    nearest to it; the last piece goes to the end.
    """
    first, *others = _split(shown)
    here = len(first) if others else len(actual)
    result = actual[:here]
    for number, piece in enumerate(others, 1):
        start = _position(piece[0], actual, here) if piece else here
        is_last = number == len(others)
        here = len(actual) if is_last and piece else start + len(piece)
        result += [LEFT_OUT, *actual[start:here]]
    return result


def _split(shown: list[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for line in shown:
        if line == LEFT_OUT:
            pieces.append([])
        else:
            pieces[-1].append(line)
    return pieces


def _position(line: str, actual: list[str], start: int) -> int:
    near = [line] if line in actual[start:] else get_close_matches(line, actual[start:], n=1)
    assert near, f"the output holds nothing like '{line}'; cut it anew by hand"
    return actual.index(near[0], start)


@pytest.mark.parametrize(
    "page",
    [page for page in RUN_PAGES if RUN.search(page.read_text(encoding="utf-8"))],
    ids=page_id,
)
def test_every_command_and_program_on_a_page_gives_the_output_shown(page, tmp_path):
    text = page.read_text(encoding="utf-8")

    renewed = Scratch(tmp_path).renewed(text)
    if UPDATE:
        page.write_text(renewed, encoding="utf-8")
        text = renewed

    assert text == renewed


def test_a_cut_output_is_found_again_and_a_changed_one_is_not():
    actual = ["one", "two", "three", "four", "five"]

    assert fitted(["one", LEFT_OUT, "three", LEFT_OUT], actual) == ["one", "…", "three", "…"]
    assert fitted([LEFT_OUT, "four", "five"], actual) == ["…", "four", "five"]
    assert fitted(["one", "2", LEFT_OUT], actual) == ["one", "two", "…"]
    assert fitted(["one", "two", "three", "four"], actual) == actual


def test_the_readme_shows_the_demo_within_the_first_screen():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    shown = lines.index("$ make demo")

    assert shown < 15
    assert "Strengths" in lines[shown : shown + 30]
    assert lines[shown : shown + 30].count("```") == 1


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_make_target_on_a_page_exists(page):
    targets = re.findall(
        r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    text = page.read_text(encoding="utf-8")
    code = "\n".join(
        [*re.findall(r"`(make [^`\n]+)`", text), *re.findall(r"^\$ (.+)", text, re.MULTILINE)]
    )

    assert set(MAKE.findall(code)) <= set(targets)


def test_the_command_page_shows_the_help_of_every_command():
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    shown = {
        command
        for fence in fences(text, "console")
        for command, output in commands_in(fence["body"])
        if output and LEFT_OUT not in output
    }

    assert {"pmo-path --help", *(f"pmo-path {name} --help" for name in COMMANDS)} <= shown
    assert [f"## `pmo-path {name}`" for name in COMMANDS] == re.findall(
        r"^## `pmo-path .+`$", text, re.MULTILINE
    )


# --- Codes, keys, links -------------------------------------------------------------------------


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "design.md"], ids=page_id)
def test_every_exit_code_is_in_the_table(page):
    codes = re.findall(r"^\| (\d+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(map(int, codes)) == sorted(Exit)


@pytest.mark.parametrize("page", rule_pages(), ids=lambda page: page.stem)
def test_a_page_of_the_rulebook_has_a_title_and_the_three_sections(page):
    text = page.read_text(encoding="utf-8")
    title, *headings = re.findall(r"^#+ .+$", FENCE.sub("", text), re.MULTILINE)

    assert title.startswith(f"# {page.stem}: ")
    assert headings == ["## Why", "## Bad", "## Good"]
    assert FENCE.search(section(text, "## Bad"))
    assert FENCE.search(section(text, "## Good"))


def test_the_rules_page_is_made_of_the_rulebook():
    if UPDATE:
        RULES_PAGE.write_text(rules_page(), encoding="utf-8")

    assert RULES_PAGE.read_text(encoding="utf-8") == rules_page()


class RuleExample(NamedTuple):
    code: str
    is_good: bool
    info: str
    body: str


def rule_examples() -> list[RuleExample]:
    return [
        RuleExample(page.stem, heading == "## Good", fence["info"], fence["body"])
        for page in rule_pages()
        for heading in ("## Bad", "## Good")
        for fence in FENCE.finditer(section(page.read_text(encoding="utf-8"), heading))
    ]


def parts(text: str) -> dict[str, str]:
    """The top-level parts of a framework file by their key."""
    starts = re.split(r"^(?=[a-z]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0]: part for part in starts if part.strip()}


def found_in(example: RuleExample) -> tuple[Diagnostic, ...]:
    """What is wrong with the example."""
    intro = (RULEBOOK / "_intro.md").read_text(encoding="utf-8")
    (base,) = (fence["body"] for fence in FENCE.finditer(intro) if "title=" in fence["info"])
    kind, _, what = example.info.partition(" ")
    if what == "ratings":
        framework, found, *_ = check_framework(base.encode(), "framework.yaml")
        assert framework is not None, found
        try:
            ratings_from(example.body.encode(), f"ratings.{kind}", framework)
        except InputInvalid as error:
            return error.diagnostics
        return ()
    if what == "plan":
        framework, *_ = check_framework(base.encode(), "framework.yaml")
        assert framework is not None
        file = identify(example.body.encode(), "plan.yaml", FileType.PLAN)
        return check_plan(file, framework, FRAMEWORK_DAY)
    if what == "people":
        framework, *_ = check_framework(base.encode(), "framework.yaml")
        assert framework is not None
        return found_in_sheet(example.body, framework)
    text = (
        example.body
        if what == "whole"
        else "".join({**parts(base), **parts(example.body)}.values())
    )
    return check_framework(text.encode(), "framework.yaml", FRAMEWORK_DAY).diagnostics


def found_in_sheet(text: str, framework: Framework) -> tuple[Diagnostic, ...]:
    """What is wrong with a sheet of people and with its rows."""
    roles = () if "role" in text else ("manager",)
    job = Job(framework, roles, SheetOptions(has_roles=not roles))
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "people.csv")
        sheet.write_text(text, encoding="utf-8")
        target = Target(SheetFormat.CSV, Path(folder, "results.csv"), None)
        try:
            done = score_sheet(sheet, sheet.name, job, target)
        except InputInvalid as error:
            return error.diagnostics
    return tuple(
        Diagnostic(Place(sheet.name, reject.line, 1), reject.code, reject.reason)
        for reject in done.rejects
    )


def test_the_overlay_on_the_page_of_the_format_has_nothing_to_report():
    page = (DOCS / "framework-format.md").read_text(encoding="utf-8")
    overlay = next(
        fence["body"] for fence in fences(page, "yaml") if fence["body"].startswith("extends")
    )

    assert check_framework(overlay.encode(), "acme.yaml", FRAMEWORK_DAY).diagnostics == ()


@pytest.mark.parametrize(
    "example",
    [example for example in rule_examples() if example.info != "console"],
    ids=lambda example: f"{example.code}-{example.is_good}",
)
def test_a_bad_example_gets_its_code_alone_and_a_good_one_gets_none(example):
    found = found_in(example)
    errors = {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.ERROR}
    warnings = {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.WARNING}
    # The framework that examples stand on is too small for the advice that warnings give.
    codes = errors | (warnings & {example.code})

    assert codes == (set() if example.is_good else {example.code})


@pytest.mark.parametrize(
    "example",
    [example for example in rule_examples() if example.info == "console"],
    ids=lambda example: f"{example.code}-{example.is_good}",
)
def test_a_bad_command_shows_its_code_and_a_good_one_shows_none(example):
    shown = set(CODE.findall(example.body))

    assert shown == (set() if example.is_good else {example.code})


MODELS = {
    model.__name__: model
    for module in (framework_models, training_models, competence_models, ratings_models)
    for _, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, Frozen) and model is not Frozen
}


@pytest.mark.parametrize("name", MODELS)
def test_the_format_page_has_a_row_for_every_key_and_for_no_other(name):
    text = (DOCS / "framework-format.md").read_text(encoding="utf-8")
    _, _, table = text.partition(f"<!-- keys: {name} -->\n")
    rows, _, _ = table.partition("\n\n")

    keys = re.findall(r"^\| `([a-z_]+)` \|", rows, re.MULTILINE)

    assert keys == [field.alias or key for key, field in MODELS[name].model_fields.items()]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_link_to_a_file_or_heading_leads_somewhere(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))

    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def test_the_readme_leads_to_every_page():
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [page for page in DOCS.glob("*.md") if f"(docs/{page.name})" not in text] == []


# --- The worked example -------------------------------------------------------------------------


def test_the_worked_example_has_the_numbers_that_the_program_computes(tmp_path):
    text = (DOCS / "scoring.md").read_text(encoding="utf-8")
    files = {}
    for fence in FENCE.finditer(text):
        if title := TITLE.search(fence["info"]):
            files[title[1]] = tmp_path / title[1]
            files[title[1]].write_text(fence["body"], encoding="utf-8")
    framework = load_framework(files["framework.yaml"])

    report = assess(framework, load_ratings(files["ratings.yaml"], framework))

    assert report.readiness is not None
    assert report.band is not None
    worked = section(text, "## A worked example")
    shares = (report.readiness.percent, report.readiness.low, report.readiness.high)
    assert [one_decimal(share) for share in shares] == ["81.1", "72.9", "83.1"]
    assert all(f"{one_decimal(share)} %" in worked for share in shares)
    reached, reachable = report.readiness.reached, report.readiness.reachable
    assert f"{show_number(reached)} of {show_number(reachable)}" in worked
    assert (show_number(reached), show_number(reachable)) == ("43", "53")
    assert (report.at_target, report.applicable, len(report.unrated)) == (2, 4, 1)
    assert [must_have.id for must_have in report.must_haves_missing] == ["strategic"]
    assert report.band is not None
    assert report.band_high is not None
    assert report.next_band is not None
    assert (report.band.label, report.band_high.label) == ("Building", "Nearly ready")
    assert f"{report.next_band.points} points above the low end" in worked
    assert report.gaps == ("strategic",)
    closes = {training.title: show_number(training.covers) for training in report.training}
    assert closes == {"Strategy programme": "10", "Director seminar": "5"}
    assert all(f"**{title}**" in worked for title in closes)
    for result in report.results:
        numbers = (result.rating, result.gap, result.surplus, result.priority, result.reached)
        cells = " | ".join(
            "\N{EN DASH}" if number is None else show_number(number) for number in numbers[1:]
        )
        assert f"| {cells} |" in worked


def test_the_warning_about_the_percentage_has_the_numbers_of_the_shipped_framework():
    text = (DOCS / "scoring.md").read_text(encoding="utf-8")
    framework = load_framework()
    manager = framework.roles["pmo-manager"].requires
    ratings = ratings_models.Ratings.model_validate(
        {"ratings": {key: requirement.level for key, requirement in manager.items()}}
    )

    report = assess(framework, ratings, "pmo-director")

    assert report.readiness is not None
    assert f"reaches {one_decimal(report.readiness.percent)} % for PMO Director" in text
    assert f"in {report.at_target} of {report.applicable} competences" in text
    assert len(report.must_haves_missing) == 1
