"""Files that exist and may not be read: one exit code and one message, whichever command reads them."""

from __future__ import annotations

import shutil
import sys

import pytest
from tests.support import EXAMPLES, ROOT, bound_by_modes, run, run_process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="root must give up its privileges")

COMMANDS = [
    "assess LOCKED --role pmo-director",
    "assess ratings.yaml --framework LOCKED",
    "batch LOCKED --role pmo-director",
    "batch people.csv --framework LOCKED",
    "batch people.csv --map LOCKED",
    "batch people.csv --fixed LOCKED",
    "compare LOCKED ratings.yaml",
    "compare ratings.yaml march.yaml --old-framework LOCKED",
    "compare --role pmo-manager --role pmo-director LOCKED",
    "compare --role pmo-manager --role pmo-director --framework LOCKED",
    "diff LOCKED framework.yaml",
    "diff framework.yaml LOCKED",
    "diff framework.yaml framework.yaml --ratings LOCKED",
    "history LOCKED",
    "history ratings.yaml --framework LOCKED",
    "show --framework LOCKED",
    "show --resolved --framework LOCKED",
    "template --framework LOCKED",
    "template people.xlsx --framework LOCKED",
    "validate LOCKED",
]


READ_FOLDERS = (
    "batch LOCKED --role pmo-director",
    "history LOCKED",
    "--ratings LOCKED",
    "validate LOCKED",
)
ABSENT = [(command, "nowhere.yaml", "there is no such file") for command in COMMANDS]
ABSENT += [
    (command, ".", "this is a folder")
    for command in COMMANDS
    if not command.endswith(READ_FOLDERS)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a file of each kind, and some that nobody may read."""
    made = tmp_path_factory.mktemp("locked")
    shutil.copyfile(EXAMPLES / "ratings-manager.yaml", made / "ratings.yaml")
    shutil.copyfile(EXAMPLES / "ratings-manager-march.yaml", made / "march.yaml")
    shutil.copyfile(EXAMPLES / "people.csv", made / "people.csv")
    shutil.copyfile(ROOT / "data" / "framework.yaml", made / "framework.yaml")
    for name in ("locked.yaml", "locked.csv", "locked.xlsx", "locked.parquet"):
        (made / name).write_text("schema: 1\n", encoding="utf-8")
        (made / name).chmod(0)
    (made / "closed").mkdir()
    (made / "closed" / "ratings.yaml").write_text("ratings: {}\n", encoding="utf-8")
    (made / "closed").chmod(0)
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_may_not_be_read_is_named_and_ends_with_3(folder, command):
    ran = run_process(
        *command.replace("LOCKED", "locked.yaml").split(), cwd=folder, before=bound_by_modes
    )

    assert ran.code == 3
    assert "locked.yaml: PMO101 error: no permission to read it\n" in ran.out + ran.err


@pytest.mark.parametrize("name", ["locked.csv", "locked.xlsx", "locked.parquet"])
def test_a_sheet_that_may_not_be_read_is_named_and_ends_with_3(folder, name):
    ran = run_process("batch", name, cwd=folder, before=bound_by_modes)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"{name}: PMO101 error: no permission to read it\n")


def test_a_framework_named_by_the_environment_that_may_not_be_read_ends_with_3(folder):
    ran = run_process("show", cwd=folder, before=bound_by_modes, PMO_PATH_FRAMEWORK="locked.yaml")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("locked.yaml: PMO101 error: no permission to read it\n")


def test_a_file_in_a_folder_that_may_not_be_entered_is_named_and_ends_with_3(folder):
    ran = run_process("assess", "closed/ratings.yaml", cwd=folder, before=bound_by_modes)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("closed/ratings.yaml: PMO101 error: no permission to read it\n")


@pytest.mark.parametrize(("command", "name", "reason"), ABSENT)
def test_a_missing_file_and_a_folder_end_with_3_as_well(folder, command, name, reason):
    ran = run(*command.replace("LOCKED", name).split(), cwd=folder)

    assert ran.code == 3
    assert f"{name}: PMO101 error: {reason}\n" in ran.out + ran.err
