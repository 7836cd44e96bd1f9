"""What shells offer while a command is typed: asked as they ask, and in real ones."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pexpect
import pytest
from tests.in_process import called
from tests.support import ROOT, TIMEOUT, Ran

if TYPE_CHECKING:
    from pathlib import Path

ROLES = [
    *("pmo-administrator", "pmo-analyst", "pmo-lead", "pmo-manager", "pmo-director"),
    *("planning-controls-lead", "benefits-lead", "governance-assurance-lead"),
    *("portfolio-office-lead", "project-manager"),
]
SEVENS = ROOT / "tests" / "frameworks" / "foreign" / "sevens.yaml"
MODULES = """
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), sep="\\n", file=sys.stderr))
"""


class Shell(NamedTuple):
    """A place to type in, in which `pmo-path` is a command."""

    folder: Path
    environ: dict[str, str]

    def run(self, *args, before="", **env):
        """Run the command; where there is a `before`, in a process with this Python in front."""
        if not before:
            ran = called(args, cwd=self.folder, env=self.environ | env, is_installed=True)
            return Ran(ran.code, ran.out.decode(), ran.err.decode())
        (self.command.parent / "before.py").write_text(before, encoding="utf-8")
        done = subprocess.run(
            [self.command, *args],
            check=False,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=TIMEOUT,
            env=self.environ | env,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @property
    def command(self):
        return self.folder.parent / "bin" / "pmo-path"

    def bash(self, *words, cursor=None, **env):
        """What bash is offered for the last of the words."""
        ran = self.run(
            _PMO_PATH_COMPLETE="complete_bash",
            COMP_WORDS="\n".join(["pmo-path", *map(str, words)]),
            COMP_CWORD=str(len(words) if cursor is None else cursor),
            **env,
        )
        assert (ran.code, ran.err) == (0, "")
        return ran.out.split("\n")[:-1] if ran.out.strip() else []

    def zsh(self, line, **env):
        ran = self.run(_PMO_PATH_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line, **env)
        assert (ran.code, ran.err) == (0, "")
        return ran.out

    def fish(self, line, action="get-args", **env):
        ran = self.run(
            _PMO_PATH_COMPLETE="complete_fish",
            _TYPER_COMPLETE_ARGS=line,
            _TYPER_COMPLETE_FISH_ACTION=action,
            **env,
        )
        assert ran.err == ""
        return ran.out


@pytest.fixture
def shell(tmp_path):
    folder, commands = tmp_path / "here", tmp_path / "bin"
    folder.mkdir()
    commands.mkdir()
    command = commands / "pmo-path"
    command.write_text(
        f"#!{sys.executable}\nimport before\nfrom pmo_path.cli.main import main\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    (commands / "before.py").touch()
    return Shell(
        folder,
        {
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(commands), *map(os.path.abspath, sys.path[1:])]),
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
        },
    )


def framework_file(folder, roles):
    """A framework with roles of these ids and names, in a file."""
    framework = {
        "schema": 1,
        "framework": {"id": "f", "version": "1", "title": "F"},
        "scale": {"0": {"label": "No"}, "1": {"label": "Yes"}},
        "readiness": {"early": {"label": "Early", "at_least": 0}},
        "domains": {"d": {"name": "D", "competences": {"c": {"name": "C"}}}},
        "roles": {key: {"name": name, "requires": {"c": 1}} for key, name in roles.items()},
    }
    text = re.sub(r'"([01])": ', r"\1: ", json.dumps(framework))
    path = folder / "framework.yaml"
    path.write_text(text, encoding="utf-8")
    return path


HOSTILE = {
    "plain": "$(touch a) \\$(touch b) `touch c` \\`touch d`",
    "team:lead": "Team: 'lead' \"x\" 100% {a} ~ !",
    "a$(touch${IFS}e)": "One",
    "b`touch`f": "Two",
    "esc\u001b]0;x\u0007": "Three",
    "-rf": "Four",
    "q'uote": "Five",
    "star*": "Six",
    "markup": "[/bold] [red]x[/red] ))' ; touch g; '",
    "back": "at the end \\",
    "lines": "two\nlines \u202e :::x",
    "ümlaut": "u" * 500,
    "漢字": "kanji",
}
OFFERED = ["plain", "team:lead", "markup", "back", "lines", "ümlaut", "漢字"]


# --- Asked as shells ask --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["assess", "batch", "template"])
def test_roles_are_offered_by_their_ids(shell, command):
    assert shell.bash(command, "--role", "") == ROLES
    assert shell.bash(command, "--role", "pmo-m") == ["pmo-manager"]
    assert shell.bash(command, "--role", "x") == []


def test_several_roles_of_batch_are_offered_one_by_one(shell):
    assert shell.bash("batch", "people.csv", "--role", "pmo-analyst", "--role", "pmo-d") == [
        "pmo-director"
    ]


def test_words_may_come_with_spaces_between(shell):
    ran = shell.run(
        _PMO_PATH_COMPLETE="complete_bash",
        COMP_WORDS="pmo-path assess --role pmo-",
        COMP_CWORD="3",
    )

    assert ran.out.split() == [role for role in ROLES if role.startswith("pmo-")]


def test_an_equals_sign_that_bash_takes_for_a_word_is_no_hindrance(shell):
    assert shell.bash("assess", "--role", "=", "pmo-m") == ["pmo-manager"]
    assert shell.bash("assess", "--role", "=") == ROLES
    assert shell.bash("assess", "--framework", "=", SEVENS, "--role", "=", "g") == ["geselle"]


def test_show_offers_roles_competences_courses_and_domains(shell):
    offered = shell.bash("show", "")

    assert {
        "pmo-director",
        "strategic-thinking",
        "essentials-pmo-directors",
        "pmo-management",
    } <= {*offered}
    assert shell.bash("show", "strat") == ["strategic-thinking"]


def test_explain_offers_codes_in_capitals_or_not(shell):
    assert shell.bash("explain", "PMO11") == ["PMO110", "PMO111", "PMO112", "PMO113", "PMO114"]
    assert shell.bash("explain", "pmo11") == ["pmo110", "pmo111", "pmo112", "pmo113", "pmo114"]
    assert len(shell.bash("explain", "")) == len(list(ROOT.glob("src/pmo_path/rulebook/PMO*.md")))


def test_a_name_stands_beside_each_id(shell):
    assert '"pmo-manager":"PMO Manager"' in shell.zsh("pmo-path assess --role ")
    assert "pmo-manager\tPMO Manager\n" in shell.fish("pmo-path assess --role ")
    assert "strategic-thinking\tStrategic Thinking (competence)\n" in shell.fish("pmo-path show ")
    assert "PMO304\ta must-have above" in shell.fish("pmo-path explain ")


def test_the_framework_is_the_one_that_is_named(shell):
    own = framework_file(shell.folder, {"ours": "Ours"})
    away = shell.folder.parent / "away.yaml"
    away.write_text(own.read_text(encoding="utf-8"), encoding="utf-8")

    assert shell.bash("assess", "--framework", "framework.yaml", "--role", "") == ["ours"]
    assert shell.bash("assess", "--framework", "~/away.yaml", "--role", "") == ["ours"]
    assert shell.bash("assess", "--role", "", PMO_PATH_FRAMEWORK="framework.yaml") == ["ours"]
    assert shell.bash("show", "", PMO_PATH_FRAMEWORK="framework.yaml") == ["ours", "d", "c"]


@pytest.mark.parametrize(
    "content", [None, b"", b"roles: [", b"\xff\xfe", b"schema: 1\nroles: {ours: {name: Ours}}\n"]
)
def test_a_framework_that_cannot_be_used_offers_nothing_and_says_nothing(shell, content):
    if content is not None:
        (shell.folder / "framework.yaml").write_bytes(content)

    for words in (["assess", "--framework", "framework.yaml", "--role", ""],):
        assert shell.bash(*words) == []
        assert shell.zsh(f"pmo-path {' '.join(words)}") == "_files\n"
        assert shell.fish(f"pmo-path {' '.join(words)}") == "\n"


@pytest.mark.parametrize(
    "words",
    [
        ["assess", "--framework", ".", "--role", ""],
        ["assess", "--framework", "-", "--role", ""],
        ["assess", "--framework", "/dev/zero", "--role", ""],
        ["assess", "--top", "many", "--nonsense", "--framework", "", "--role", "x"],
        ["show", "'unclosed"],
        ["nonsense", "--role", "x"],
    ],
    ids=" ".join,
)
def test_nothing_that_is_typed_makes_an_error(shell, words):
    assert shell.bash(*words) == []


def test_not_even_a_bug_prints_into_the_shell(shell):
    ran = shell.run(_PMO_PATH_COMPLETE="complete_bash", COMP_WORDS="pmo-path ", COMP_CWORD="x")

    assert (ran.code, ran.out, ran.err) == (70, "", "")
    assert not (shell.folder.parent / ".local").exists()


def test_what_a_shell_would_run_or_cannot_type_is_not_offered(shell):
    framework_file(shell.folder, HOSTILE)

    words = ["assess", "--framework", "framework.yaml", "--role", ""]

    assert shell.bash(*words) == OFFERED
    for said in (shell.zsh, shell.fish):
        shown = said(f"pmo-path {' '.join(words)}")
        assert not re.search("[\x00-\x08\x0b-\x1f`$\u202e]|\\[|touch[ef]", shown)
        assert "kanji" in shown
        assert "u" * 79 + "…" in shown
        assert "u" * 80 not in shown


def test_commands_options_and_choices_are_offered_as_before(shell):
    assert shell.bash("te") == ["template"]
    assert shell.bash("template", "people.") == ["people.csv", "people.tsv", "people.xlsx"]
    assert "--framework" in shell.bash("assess", "--f")


def test_what_is_offered_loads_no_more_than_it_needs(shell):
    def loaded(*words):
        ran = shell.run(
            before=MODULES,
            _PMO_PATH_COMPLETE="complete_bash",
            COMP_WORDS="\n".join(["pmo-path", *map(str, words)]),
            COMP_CWORD=str(len(words)),
        )
        return set(ran.err.split())

    heavy = {"rich", "duckdb", "openpyxl", "xlsxwriter", "prompt_toolkit", "platformdirs"}
    assert not loaded("te") & {*heavy, "yaml"}
    assert not loaded("explain", "PMO3") & {*heavy, "yaml"}
    roles = loaded("assess", "--role", "p")
    assert "yaml" in roles
    assert not roles & heavy


# --- In real shells -------------------------------------------------------------------------------

READY = "READY> "


def typed_in_bash(shell, line):
    """What stands on the line of a real bash after it was typed, and completed."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    child = pexpect.spawn(
        bash,
        ["--norc", "--noprofile", "-i"],
        env=shell.environ,
        cwd=str(shell.folder),
        encoding="utf-8",
        timeout=TIMEOUT,
        dimensions=(40, 200),
    )
    try:
        child.sendline(
            "bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; "
            "source <(pmo-path --show-completion bash); PS1='REA''DY> '"
        )
        child.expect_exact(READY)
        # What is completed is then run, as an argument of a command that shows it.
        child.send(f"{line}\t")
        child.sendcontrol("a")
        child.sendline("printf '<%s>' ")
        child.expect("<pmo-path>.*\r?\n?.*READY> ")
        return re.findall("<([^>]*)>", child.after)
    finally:
        child.close(force=True)


def test_a_real_bash_completes_a_role(shell):
    assert typed_in_bash(shell, "pmo-path assess --role pmo-m") == [
        *("pmo-path", "assess", "--role", "pmo-manager"),
    ]


def test_a_real_bash_completes_a_role_behind_an_equals_sign(shell):
    assert typed_in_bash(shell, "pmo-path assess --role=pmo-m") == [
        *("pmo-path", "assess", "--role=pmo-manager"),
    ]


@pytest.mark.parametrize(
    "words", ["assess", "assess --framework", "batch", "validate", "show -o", "diff"]
)
def test_a_real_bash_completes_files_where_files_are_meant(shell, words):
    (shell.folder / "my ratings.yaml").touch()

    *_, last = typed_in_bash(shell, f"pmo-path {words} my")

    assert last == "my ratings.yaml"


def typed_in_zsh(shell, line):
    zsh = shutil.which("zsh")
    if zsh is None:
        pytest.skip("needs zsh")
    child = pexpect.spawn(
        zsh,
        ["-f", "-i"],
        env=shell.environ,
        cwd=str(shell.folder),
        encoding="utf-8",
        timeout=TIMEOUT,
        dimensions=(40, 200),
    )
    try:
        child.sendline(
            "unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; "
            "eval \"$(pmo-path --show-completion zsh)\"; PS1='REA''DY> '"
        )
        child.expect_exact(READY)
        child.send(f"{line}\t")
        child.sendcontrol("a")
        child.sendline("printf '<%s>' ")
        child.expect("<pmo-path>.*READY> ")
        return re.findall("<([^>]*)>", child.after)
    finally:
        child.close(force=True)


@pytest.mark.parametrize(("typed", "id_"), [("pmo-m", "pmo-manager"), ("pmo-a", "pmo-a")])
def test_a_real_zsh_completes_a_role(shell, typed, id_):
    assert typed_in_zsh(shell, f"pmo-path assess --role {typed}")[-1] == id_


def test_a_real_zsh_completes_an_id_with_a_colon_and_runs_nothing(shell):
    framework_file(shell.folder, HOSTILE)

    completed = typed_in_zsh(shell, "pmo-path assess --framework framework.yaml --role tea")

    assert completed[-1] == "team:lead"
    typed_in_zsh(shell, "pmo-path assess --framework framework.yaml --role ")
    assert [path.name for path in shell.folder.iterdir()] == ["framework.yaml"]


def test_a_real_fish_completes_a_role_and_a_file(shell):
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("needs fish")
    (shell.folder / "mine.yaml").touch()
    lines = [
        "pmo-path --show-completion fish | source",
        "complete -C 'pmo-path assess --role pmo-m'",
        "complete -C 'pmo-path assess mi'",
    ]
    done = subprocess.run(
        [fish, "--no-config", "-c", "; ".join(lines)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=shell.folder,
        timeout=TIMEOUT,
        env=shell.environ,
    )

    assert done.stdout.splitlines() == ["pmo-manager\tPMO Manager", "mine.yaml"]


# --- Setting it up --------------------------------------------------------------------------------

NO_SHELL = "import shellingham; shellingham.detect_shell = None"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--show-completion", "bash"], "complete -o default -F"),
        (["--show-completion", "zsh"], "#compdef pmo-path"),
        (["--show-completion=fish"], "complete --command pmo-path"),
        (["--show-completion", "powershell"], "Register-ArgumentCompleter"),
    ],
)
def test_the_script_of_a_shell_that_is_named_needs_no_looking_for_it(shell, args, words):
    ran = shell.run(*args, before=NO_SHELL)

    assert (ran.code, ran.err) == (0, "")
    assert words in ran.out


def test_completion_is_installed_for_a_shell_that_is_named(shell):
    ran = shell.run("--install-completion", "bash", before=NO_SHELL)

    assert (ran.code, ran.err) == (0, "")
    assert ".bash_completions/pmo-path.sh" in (shell.folder.parent / ".bashrc").read_text()


def test_a_shell_that_there_is_not_is_wrong_usage(shell):
    ran = shell.run("--show-completion", "bsh", before=NO_SHELL)

    assert ran.code == 2
    assert "'bsh' is not one of 'bash', 'zsh', 'fish'" in ran.err
