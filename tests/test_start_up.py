"""Starting is light: what a command does not need, it does not load."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.support import EXAMPLES

from pmo_path.cli.main import COMMANDS

HEAVY = {
    *(
        "duckdb",
        "jinja2",
        "openpyxl",
        "platformdirs",
        "prompt_toolkit",
        "pydantic",
        "rich",
        "xlsxwriter",
    ),
    "yaml",
}
USED_WHEN_RUNNING = {"pmo_path.domain.diagnostics", "shlex", "tempfile", "unicodedata"}
"""Light ones, of which every run pays for those that stand at the top of a command."""
EXPLAINING_MISTAKES = {
    f"pmo_path.readers.{name}"
    for name in ("recovery", "schema_errors", "suggestions", "yaml_errors")
}
OF_OTHER_RESULTS = {
    "pmo_path.cli.interview.saving",
    "pmo_path.domain.compare.inputs",
    "pmo_path.domain.diff.model",
    "pmo_path.domain.plan.model",
    "pmo_path.writers.sessions",
}
RATINGS = str(EXAMPLES / "ratings-manager.yaml")
REPORT = """
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), sep="\\n", file=sys.stderr))
sys.argv[0] = "pmo-path"
from pmo_path.cli.main import main
main()
"""


def loaded(*args: str) -> set[str]:
    """The modules loaded at the end of a run."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *args],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return set(done.stderr.decode().split())


@pytest.mark.parametrize(
    "args",
    [["--help"], ["-h"], ["--version"]],
)
def test_help_and_version_load_nothing_heavy(args):
    modules = loaded(*args)

    assert "pmo_path.cli.main" in modules
    assert not modules & (HEAVY | USED_WHEN_RUNNING)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_s_help_loads_no_more_than_typer_itself(command):
    assert not loaded(command, "--help") & (HEAVY - {"pydantic"})


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loads_no_other(command):
    modules = loaded(command, "--help")

    commands = {f"pmo_path.cli.commands.{name}" for name in COMMANDS}
    assert modules & commands == {f"pmo_path.cli.commands.{command}"}


def test_assess_loads_no_questions_and_no_folders():
    modules = loaded("assess", RATINGS)

    assert {"pydantic", "yaml", "rich"} <= modules
    assert not modules & (HEAVY - {"pydantic", "yaml", "rich"})


@pytest.mark.parametrize(
    "args",
    [
        ["assess", RATINGS],
        ["assess", RATINGS, "--format", "json"],
        ["assess", RATINGS, "--format", "html"],
        ["assess", RATINGS, "--role", "any"],
        ["show"],
        ["validate", "data/framework.yaml"],
    ],
    ids=" ".join,
)
def test_a_command_loads_no_other_kind_of_result_and_no_words_about_mistakes(args):
    assert not loaded(*args) & (EXPLAINING_MISTAKES | OF_OTHER_RESULTS)


def test_explaining_a_code_loads_no_framework():
    assert "pmo_path.domain.framework" not in loaded("explain", "PMO405")


def test_assess_of_a_text_table_loads_no_engine_and_no_reader_of_workbooks(tmp_path):
    table = tmp_path / "ratings.csv"
    table.write_bytes("competence;rating;note\npmo-team;3;Müller\n".encode("cp1252"))

    modules = loaded("assess", str(table), "--role", "pmo-director")

    assert "pmo_path.readers.table.sniffer" in modules
    assert not modules & {"duckdb", "openpyxl"}


def test_assess_of_yaml_loads_no_reader_of_tables():
    assert "pmo_path.readers.table.sniffer" not in loaded("assess", RATINGS)


def test_a_page_needs_no_rich():
    modules = loaded("assess", RATINGS, "--format", "html")

    assert "jinja2" in modules
    assert not modules & {"rich", "prompt_toolkit", "duckdb"}


def test_json_needs_no_rich():
    assert not loaded("assess", RATINGS, "--format", "json") & {"rich", "prompt_toolkit"}


def test_an_empty_workbook_needs_nothing_that_reads_one(tmp_path):
    modules = loaded("template", "people.xlsx", "-o", str(tmp_path / "people.xlsx"))

    assert "xlsxwriter" in modules
    assert not modules & {"duckdb", "openpyxl", "rich", "prompt_toolkit", "platformdirs"}


def test_the_library_loads_when_it_is_used():
    code = "import sys, pmo_path; print('pydantic' in sys.modules); pmo_path.assess; print('pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert done.stdout.split() == [b"False", b"True"]
