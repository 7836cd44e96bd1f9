"""The package as people get it: built, installed away from the tools, run from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pmo_path import __version__

ROOT = Path(__file__).resolve().parent.parent
FRAMEWORK_FILE = ROOT / "data" / "framework.yaml"
LOCK = ROOT / "requirements-dev.txt"
LOWEST = ROOT / "requirements-lowest.txt"

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")

pytestmark = pytest.mark.xdist_group("wheel")


class Built(NamedTuple):
    sdist: Path
    wheel: Path


class Installed(NamedTuple):
    bin: Path
    elsewhere: Path
    constraints: dict[str, str]

    def run(self, *command: str) -> str:
        return run(self.bin / command[0], *command[1:], cwd=self.elsewhere)

    def versions(self) -> dict[str, str]:
        return pins(run(*PIP, self.bin / "python", "list", "--format=freeze", cwd=self.elsewhere))


def run(*command: str | Path, cwd: Path) -> str:
    apart = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PMO_PATH_", "PYTEST_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=apart, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def pins(text: str) -> dict[str, str]:
    """Each name==version for this Python in a requirements file, whatever else its lines hold."""
    lines = [line.rstrip("\\ ") for line in text.splitlines() if line[:1].isalnum()]
    needs = [Requirement(line) for line in lines]
    return {
        canonicalize_name(need.name): next(iter(need.specifier)).version
        for need in needs
        if need.specifier and (need.marker is None or need.marker.evaluate())
    }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """An sdist, and a wheel made from that sdist alone."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return Built(sdist, wheel)


@pytest.fixture(
    scope="session", params=[LOCK, LOWEST], ids=["locked-dependencies", "lowest-dependencies"]
)
def installed(
    request: pytest.FixtureRequest, built: Built, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """The package with what its plans need, as `pip install 'pmo-path[plan]'` brings it."""
    folder = tmp_path_factory.mktemp("installed")
    versions = pins(request.param.read_text(encoding="utf-8"))
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()))
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
    base = {"base": str(environment), "platbase": str(environment)}
    bin_ = Path(sysconfig.get_path("scripts", "venv", base))
    # To compile every module takes longer than to run the few that are needed.
    install = ("install", "--quiet", "--no-compile", "-c", constraints, f"{built.wheel}[plan]")
    run(*PIP, bin_ / "python", *install, cwd=folder)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(bin_, elsewhere, versions)


def test_the_lowest_versions_are_the_lower_bounds_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    of_plans = project["optional-dependencies"]["plan"]
    needs = [Requirement(line) for line in [*project["dependencies"], *of_plans]]
    bounds = {
        canonicalize_name(need.name): bound.version
        for need in needs
        for bound in need.specifier
        if bound.operator == ">="
    }
    assert pins(LOWEST.read_text(encoding="utf-8")) == bounds
    assert len(bounds) == len(needs), "a dependency has no lower bound"


@pytest.mark.wheel
def test_the_wheel_carries_the_framework_as_it_is_in_data(built: Built) -> None:
    with ZipFile(built.wheel) as wheel:
        assert wheel.read("pmo_path/data/framework.yaml") == FRAMEWORK_FILE.read_bytes()


@pytest.mark.wheel
def test_the_wheel_carries_every_module_and_nothing_else(built: Built) -> None:
    source = ROOT / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    rulebook = {path.relative_to(source).as_posix() for path in source.rglob("rulebook/*.md")}
    with ZipFile(built.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    pages = {
        path.relative_to(source).as_posix()
        for folder in ("assets", "templates")
        for path in source.glob(f"pmo_path/render/formats/html/{folder}/*")
    }
    schemas = {path.relative_to(source).as_posix() for path in source.rglob("schemas/*.json")}
    assert rulebook
    assert pages
    assert schemas
    assert names == modules | rulebook | pages | schemas | {
        "pmo_path/data/framework.yaml",
        "pmo_path/py.typed",
        "pmo_path/starter/framework.yaml",
    }


@pytest.mark.wheel
def test_the_sdist_carries_what_its_tests_and_readers_need(built: Built) -> None:
    with tarfile.open(built.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert names >= {
        ".pre-commit-hooks.yaml",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "action.yml",
        "data/framework.yaml",
        "docs/framework-content.md",
        "examples/ratings-manager.yaml",
        "requirements-dev.txt",
        "requirements-lowest.txt",
        "tests/test_wheel.py",
    }


@pytest.mark.wheel
def test_the_installed_package_brings_no_tools_and_only_the_versions_asked_for(
    installed: Installed,
) -> None:
    versions = installed.versions()
    assert versions.pop("pmo-path") == __version__
    assert not versions.keys() & {"pytest", "mypy", "ruff", "hatchling"}
    held = versions.keys() & installed.constraints.keys()
    assert held >= {
        *("highspy", "icalendar", "platformdirs", "prompt-toolkit"),
        *("pydantic", "pyyaml", "rich", "typer"),
    }
    assert {name: versions[name] for name in held} == {
        name: installed.constraints[name] for name in held
    }


@pytest.mark.wheel
def test_the_installed_command_says_its_version(installed: Installed) -> None:
    assert installed.run("pmo-path", "--version").strip() == f"pmo-path {__version__}"


@pytest.mark.wheel
def test_the_installed_command_finds_its_framework_valid(installed: Installed) -> None:
    installed.run("pmo-path", "validate")


@pytest.mark.wheel
def test_the_installed_command_explains_a_code(installed: Installed) -> None:
    assert installed.run("pmo-path", "explain", "PMO304").startswith("PMO304: ")


@pytest.mark.wheel
@pytest.mark.parametrize("kind", ["framework", "ratings", "report"])
def test_the_installed_command_writes_every_schema(installed: Installed, kind: str) -> None:
    assert installed.run("pmo-path", "schema", kind).startswith("{")


@pytest.mark.wheel
def test_the_installed_command_writes_a_framework_that_it_finds_valid(
    installed: Installed,
) -> None:
    installed.run("pmo-path", "template", "framework", "-o", "starter.yaml")
    installed.run("pmo-path", "validate", "starter.yaml")


@pytest.mark.wheel
def test_the_installed_command_reports_on_an_example(installed: Installed) -> None:
    ratings = ROOT / "examples" / "ratings-manager.yaml"
    report = installed.run("pmo-path", "assess", str(ratings), "--role", "pmo-director")
    assert "PMO Director" in report

    installed.run("pmo-path", "assess", str(ratings), "-o", "report.html")
    page = (installed.elsewhere / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "PMO Director" in page


@pytest.mark.wheel
def test_the_installed_command_plans_with_the_exact_method_and_dates(installed: Installed) -> None:
    ratings = str(ROOT / "examples" / "ratings-manager.yaml")
    plan = ("pmo-path", "plan", ratings, "--role", "pmo-director", "--hours-per-week", "4")

    document = json.loads(installed.run(*plan, "--format", "json"))
    calendar = installed.run(*plan, "--format", "calendar")

    assert document["method"] == "exact"
    assert calendar.startswith("BEGIN:VCALENDAR")
