"""A file that `extends` names and that is no framework: nothing of it is shown to anybody."""

from __future__ import annotations

import json
import os

import pytest
from tests.support import run

SECRET = "hunter2"
OTHERS = {
    "shadow": f"root:${SECRET}:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n{SECRET}\n",
    "environ": f"HOME=/root\0TOKEN={SECRET}\0PATH=/bin\0",
    "env": f"TOKEN={SECRET}\nKEY=x\n",
    "key.pem": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n",
    "text": f"{SECRET}\n",
    "number": "31337\n",
    "bytes": f"{SECRET}\xff\xfe",
    "utf16": SECRET.encode("utf-16").decode("latin-1"),
    "broken.yaml": f"schema: 1\nframework: {{id: {SECRET}\nroles: [\n",
    "tabs.yaml": f"schema: 1\n\t{SECRET}: 1\n",
    "tag.yaml": f"schema: 1\nframework: !!python/object:{SECRET} {{}}\n",
    "twice.yaml": f"{SECRET}: 1\n{SECRET}: 2\n",
    "secrets.yaml": f"password: {SECRET}\n",
    "vars.yaml": f"roles: [{SECRET}]\ndb_password: {SECRET}\n",
    "stack.yaml": f"schema: 1\nroles: []\na: {SECRET}\nb: {SECRET}\n{SECRET}: 1\n",
    "lint.yaml": f"extends: {SECRET}\nrules: {{}}\n",
    "list.yaml": f"- {SECRET}\n",
    "package.json": json.dumps({"name": SECRET, "scripts": {}}),
    "ratings.yaml": f"person: {SECRET}\nratings: {{{SECRET}: 3}}\n",
    "ratings.json": json.dumps({"person": SECRET, "ratings": {}}),
    "people.csv": f"person,role,Strategic Thinking\n{SECRET},pmo-director,3\n",
    "empty": "",
    "deep.yaml": f"{SECRET}: " + "[" * 5000,
}
COMMANDS = [
    "validate ours.yaml",
    "validate ours.yaml --format github",
    "validate ours.yaml --format json",
    "validate ours.yaml --format sarif",
    "validate .",
    "show --framework ours.yaml",
    "show --resolved --framework ours.yaml",
    "diff ours.yaml ours.yaml",
]


@pytest.fixture
def ours(tmp_path):
    """A function that writes an overlay of a file of the name, some way away from it."""

    def written(name):
        (tmp_path / "repository").mkdir(exist_ok=True)
        (tmp_path / "repository" / "ours.yaml").write_text(
            f"extends: ../{name}\nframework: {{id: ours, version: 1.0.0}}\n", encoding="utf-8"
        )
        return tmp_path / "repository"

    return written


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_of_a_file_that_is_no_framework_is_shown(tmp_path, ours, name):
    (tmp_path / name).write_bytes(OTHERS[name].encode("latin-1"))

    ran = run("validate", "ours.yaml", cwd=ours(name))

    first, *others = ran.out.splitlines()
    assert ran.code == 1
    assert first.startswith(f"ours.yaml:1:10: PMO112 error: the base '../{name}' cannot be used: ")
    assert others[0] == f"     1 | extends: ../{name}"
    assert others[-1] == (
        f"  hint: if it is meant as one, 'pmo-path validate ../{name}' lists its mistakes"
    )
    assert ran.out.count("PMO") == 1
    assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["shadow", "vars.yaml", "ratings.yaml"])
def test_nothing_of_it_is_shown_in_any_format(tmp_path, ours, command, name):
    (tmp_path / name).write_text(OTHERS[name], encoding="utf-8")

    ran = run(*command.split(), cwd=ours(name))

    assert ran.code == (1 if command.startswith("validate") else 3)
    assert "PMO112" in ran.out + ran.err
    assert SECRET not in ran.out + ran.err


def test_nothing_of_a_base_of_a_base_is_shown_either(tmp_path, ours):
    (tmp_path / "shadow").write_text(OTHERS["shadow"], encoding="utf-8")
    (tmp_path / "middle.yaml").write_text("extends: shadow\n", encoding="utf-8")

    ran = run("validate", "ours.yaml", cwd=ours("middle.yaml"))

    assert ran.code == 1
    assert ran.out.startswith("../middle.yaml:1:10: PMO112 error: the base '../shadow'")
    assert SECRET not in ran.out + ran.err


def test_a_framework_with_a_mistake_still_has_it_shown(tmp_path, ours):
    (tmp_path / "base.yaml").write_text(
        "extends: pmo\nroles:\n  nobody: {leads_to: [nowhere]}\n", encoding="utf-8"
    )

    ran = run("validate", "ours.yaml", cwd=ours("base.yaml"))

    assert ran.code == 1
    assert "     3 |   nobody: {leads_to: [nowhere]}\n" in ran.out


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "this is a folder"),
        ("nowhere", "there is no such file"),
        ("pipe", "this is not a regular file"),
        ("zero", "this is not a regular file"),
        ("terminal", "this is not a regular file"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="needs pipes and devices")
def test_what_is_no_file_is_not_waited_for(tmp_path, ours, name, reason):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "terminal").symlink_to("/dev/tty")

    ran = run("validate", "ours.yaml", cwd=ours(name))

    assert ran.code == 1
    assert ran.out == (
        f"ours.yaml:1:10: PMO112 error: the base '../{name}' cannot be used: {reason}\n"
        f"     1 | extends: ../{name}\n"
        "       |          ^\n"
        "  hint: the path starts at the folder of this file\n"
    )


def test_a_file_that_is_named_as_a_framework_is_shown(tmp_path):
    (tmp_path / "vars.yaml").write_text(OTHERS["vars.yaml"], encoding="utf-8")

    assert SECRET in run("show", "--framework", "vars.yaml", cwd=tmp_path).err
