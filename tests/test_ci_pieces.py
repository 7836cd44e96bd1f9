"""What others put into their checks: the action, the pre-commit hook, and the page about them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from tests.support import ROOT, TIMEOUT, run

if TYPE_CHECKING:
    from pathlib import Path

GOOD = ROOT / "tests" / "frameworks" / "good" / "PMO302-unknown-role.yaml"
BAD = ROOT / "tests" / "frameworks" / "bad" / "PMO302-unknown-role.yaml"
HOSTILE = [
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a b.yaml",
    "'\"*?.yaml",
    "--strict",
]
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
# What the hook is built from, besides its definition.
SOURCES = ["src", "data", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"]


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = action()["runs"]["steps"]
    return found


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(only, dict)
    return only


def examples() -> list[Any]:
    """The YAML on the page, in order."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return [yaml.safe_load(body) for body in FENCE.findall(page)]


# --- The action ---------------------------------------------------------------------------------


class Step:
    """The step that validates, run as GitHub runs it, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        self.work.mkdir()
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.script = folder / "step.sh"
        self.script.write_text(steps()[-1]["run"], encoding="utf-8")
        self.command("from pmo_path.cli.main import main\nmain()\n")

    def command(self, body: str) -> None:
        """Make `pmo-path` what this program does."""
        path = self.bin / "pmo-path"
        path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
        path.chmod(0o755)

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        given = {
            name: given_input.get("default", "")
            for name, given_input in action()["inputs"].items()
        }
        given |= inputs
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", self.script],
            cwd=self.work,
            env={
                "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "src"),
                "PYTHONUTF8": "1",
                **{
                    variable: given[EXPRESSION_OF_INPUT[value]]
                    for variable, value in steps()[-1]["env"].items()
                },
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=TIMEOUT,
        )

    def words(self, **inputs: str) -> list[str]:
        """What the step passes to `pmo-path`."""
        self.command("import json, sys\nprint(json.dumps(sys.argv[1:]))\n")
        ran = self.run(**inputs)
        assert (ran.returncode, ran.stderr) == (0, "")
        words: list[str] = json.loads(ran.stdout)
        return words


EXPRESSION_OF_INPUT = {f"${{{{ inputs.{name} }}}}": name for name in action()["inputs"]}


@pytest.fixture
def step(tmp_path):
    return Step(tmp_path)


def test_the_action_is_composite_and_every_input_is_explained_and_used():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    inputs = action()["inputs"]

    assert action()["runs"]["using"] == "composite"
    assert action().keys() >= {"name", "description", "inputs", "runs"}
    assert all(
        given_input["description"] and ("default" in given_input) != ("required" in given_input)
        for given_input in inputs.values()
    )
    assert {name for name in inputs if f"${{{{ inputs.{name} }}}}" in text} == set(inputs)
    assert all(isinstance(given_input.get("default", ""), str) for given_input in inputs.values())


def test_no_script_of_the_action_has_an_expression_pasted_into_it():
    scripts = [step for step in steps() if "run" in step]

    assert [EXPRESSION.findall(step["run"]) for step in scripts] == [[], []]
    assert [step["shell"] for step in scripts] == ["bash", "bash"]
    assert '"$GITHUB_ACTION_PATH"' in scripts[0]["run"]


def test_the_action_asks_for_marks_on_the_lines_unless_told_otherwise(step):
    assert step.words(files="framework.yaml") == [
        "validate", "--format", "github", "--", "framework.yaml",
    ]  # fmt: skip
    assert step.words(
        files="one.yaml", strict="true", format="sarif", output="a b.sarif", args="--ignore=PMO405"
    ) == [
        "validate", "--ignore=PMO405", "--strict", "--format", "sarif", "--output", "a b.sarif",
        "--", "one.yaml",
    ]  # fmt: skip


def test_files_are_one_a_line_and_reach_the_command_as_they_are(step):
    (step.work / "one.yaml").touch()
    lines = ["*.yaml", "teams/**/framework.yaml", *HOSTILE]

    passed = step.words(files="\n\n  " + "  \r\n  ".join(lines) + "\n\n", format="")

    assert passed == ["validate", "--", *lines]
    assert [path.name for path in step.work.iterdir()] == ["one.yaml"]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["format", "output", "args"])
def test_every_other_input_is_one_word_whatever_is_in_it(step, name, hostile):
    passed = step.words(files="framework.yaml", **{name: hostile})

    assert hostile in passed
    assert passed[-2:] == ["--", "framework.yaml"]
    assert list(step.work.iterdir()) == []


@pytest.mark.parametrize("strict", ["yes", "; touch pwned", "True"])
def test_strict_is_true_or_false(step, strict):
    ran = step.run(files="framework.yaml", strict=strict)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "write true or false" in ran.stderr
    assert list(step.work.iterdir()) == []


@pytest.mark.parametrize("files", ["", "\n  \n"])
def test_no_files_are_a_mistake_and_not_the_shipped_framework(step, files):
    ran = step.run(files=files)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "'files' names no framework" in ran.stderr


def test_the_step_passes_good_frameworks_and_fails_bad_ones_with_their_mistakes(step):
    names = ["good one.yaml", "; touch pwned", "-dash.yaml"]
    for name in names:
        shutil.copy(GOOD, step.work / name)
    shutil.copy(BAD, step.work / "bad.yaml")

    good = step.run(files="\n".join(names), format="")
    bad = step.run(files="good one.yaml\nbad.yaml", format="")

    assert (good.returncode, good.stdout) == (0, "")
    assert "3 files checked" in good.stderr
    assert bad.returncode == 1
    assert "bad.yaml:" in bad.stdout
    assert "PMO302" in bad.stdout
    assert sorted(path.name for path in step.work.iterdir()) == sorted([*names, "bad.yaml"])


# --- The page -----------------------------------------------------------------------------------


def test_every_workflow_on_the_page_uses_the_action_as_it_is():
    uses = [
        step
        for example in examples()
        for job in example.get("jobs", {}).values()
        for step in job["steps"]
        if step.get("uses", "").startswith("<your-host>/pmo-path@")
    ]

    assert len(uses) == 3
    for step in uses:
        assert set(step["with"]) <= set(action()["inputs"])
        assert step["with"]["files"].strip()


def test_every_workflow_on_the_page_says_what_it_may_do_and_pastes_nothing_into_scripts():
    for example in examples():
        for job in example.get("jobs", {}).values():
            assert example["permissions"]["contents"] == "read"
            assert not any(EXPRESSION.search(step.get("run", "")) for step in job["steps"])


def test_every_script_on_the_page_is_correct_shell():
    scripts = [
        step["run"]
        for example in examples()
        for job in example.get("jobs", {}).values()
        for step in job["steps"]
        if "run" in step
    ]
    scripts += [
        line for example in examples() for line in example.get("framework", {}).get("script", [])
    ]

    assert len(scripts) == 4
    for script in scripts:
        assert isinstance(script, str)
        subprocess.run(["bash", "-n", "-c", script], check=True)


def test_the_page_has_a_row_for_every_input_with_its_default():
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", page, re.MULTILINE))
    inputs = action()["inputs"]

    assert list(rows) == list(inputs)
    for name, given_input in inputs.items():
        if given_input.get("default"):
            assert rows[name] == f"`{given_input['default']}`"


def test_the_hooks_on_the_page_are_the_one_there_is():
    configs = [example for example in examples() if "repos" in example]

    assert len(configs) == 2
    for config in configs:
        assert [hook["id"] for hook in config["repos"][0]["hooks"]] == [hook()["id"]]


# --- The hook -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("framework.yaml", True),
        ("data/framework.yaml", True),
        ("careers/framework-nurses.yml", True),
        ("framework/notes.yaml", False),
        ("ratings.yaml", False),
        ("my-framework.yaml", False),
        ("framework.yaml.bak", False),
    ],
)
def test_the_hook_looks_at_files_that_are_called_framework(path, wanted):
    assert bool(re.search(hook()["files"], path)) == wanted


class Project(NamedTuple):
    """A git repository that has the hook in its configuration."""

    folder: Path
    environ: dict[str, str]

    def git(self, *command: str, cwd: Path | None = None) -> str:
        return subprocess.run(
            ["git", *command],
            cwd=cwd or self.folder,
            env=self.environ,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout.strip()

    def check(self) -> subprocess.CompletedProcess[str]:
        """Run the hook over everything."""
        self.git("add", "--all")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"],
            cwd=self.folder,
            env=self.environ,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )


@pytest.fixture
def project(tmp_path):
    """A project with the configuration on the page, taking the hook from the files as they are now.

    They are copied into a repository of their own, so that it works with changes that are not
    committed, and in an sdist.
    """
    folder, repository = tmp_path / "project", tmp_path / "pmo-path"
    apart = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(
            ("GIT_", "PMO_PATH_", "PRE_COMMIT", "PYTEST_", "PYTHON", "VIRTUAL_ENV")
        )
    }
    people = {
        f"GIT_{who}_{what}": f"somebody@{who}.example".lower()
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    project = Project(
        folder, apart | people | nothing | {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    )
    repository.mkdir()
    for name in SOURCES:
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copied(ROOT / name, repository / name)
    for place in (folder, repository):
        project.git("init", "--quiet", str(place), cwd=tmp_path)
    project.git("add", "--all", "--force", cwd=repository)
    project.git("commit", "--quiet", "--no-verify", "--message", "As it is", cwd=repository)
    config = next(example for example in examples() if "repos" in example)
    config["repos"][0] |= {
        "repo": str(repository),
        "rev": project.git("rev-parse", "HEAD", cwd=repository),
    }
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return project


@pytest.mark.wheel
def test_the_hook_passes_good_frameworks_and_fails_bad_ones_with_their_mistakes(project):
    shutil.copy(GOOD, project.folder / "framework.yaml")
    (project.folder / "other.yaml").write_text("not: a framework\n", encoding="utf-8")
    good = project.check()
    (project.folder / "careers").mkdir()
    shutil.copy(BAD, project.folder / "careers" / "framework of nurses.yml")
    bad = project.check()

    assert good.returncode == 0, good.stdout + good.stderr
    assert re.search(r"^pmo-path validate\.+Passed$", good.stdout, re.MULTILINE)
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert re.search(r"^pmo-path validate\.+Failed$", bad.stdout, re.MULTILINE)
    assert re.search(
        r"^careers/framework of nurses\.yml:\d+:\d+: PMO302 error: ", bad.stdout, re.MULTILINE
    )
    assert "2 files checked" in bad.stdout


def test_the_comment_of_the_page_silences_the_warning_that_it_names(tmp_path):
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(training:\n.*?# pmo-path: ignore.*?)\n```", page)
    course = "\n    {title: T, provider: P, develops: {}, checked: '2026-11'}\n"
    lines = f"{GOOD.read_text(encoding='utf-8').partition('training:')[0]}{example}{course}"
    (tmp_path / "silenced.yaml").write_text(lines, encoding="utf-8")
    (tmp_path / "said.yaml").write_text(lines.replace("# pmo-path", "#"), encoding="utf-8")

    options = ("--today", "2026-11-23", "--strict", "--select", "PMO405,PMO411")
    silenced = run("validate", "silenced.yaml", *options, cwd=tmp_path)
    said = run("validate", "said.yaml", *options, cwd=tmp_path)

    assert (silenced.code, silenced.out) == (0, "")
    assert (said.code, said.out.count("PMO405 warning")) == (1, 1)
