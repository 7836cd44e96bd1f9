"""The package without a folder of its own: from a zip, and without Python sources."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.support import EXAMPLES, ROOT, run

COMMANDS = [
    ["validate", "ours.yaml"],
    ["show", "pmo-director"],
    ["explain", "PMO301"],
    ["template", "framework"],
    ["validate"],
    ["schema", "framework"],
    ["schema", "report"],
    ["assess", str(EXAMPLES / "ratings-manager.yaml"), "--format", "html"],
]


@pytest.fixture(scope="module", params=["zip", "byte-code"])
def package(request, tmp_path_factory):
    """Where to import the package from: a zip, or a folder with byte-code alone."""
    folder = tmp_path_factory.mktemp("package")
    copied = folder / "pmo_path"
    shutil.copytree(
        ROOT / "src" / "pmo_path", copied, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "data", copied / "data")
    if request.param == "byte-code":
        compileall.compile_dir(copied, quiet=1, legacy=True)
        for source in copied.rglob("*.py"):
            source.unlink()
        return folder
    with zipfile.ZipFile(folder / "pmo-path.zip", "w") as archive:
        for path in sorted(copied.rglob("*")):
            archive.write(path, path.relative_to(folder))
    shutil.rmtree(copied)
    return folder / "pmo-path.zip"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_package_needs_neither_a_folder_nor_sources(package, tmp_path, command):
    overlay = "extends: pmo\nframework: {id: ours, version: 1.0.0}\n"
    (tmp_path / "ours.yaml").write_text(overlay, encoding="utf-8")

    packed = subprocess.run(
        [sys.executable, "-m", "pmo_path", *command],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(package), *elsewhere()]),
            "PMO_PATH_STATE": os.devnull,
        },
    )

    usual = run(*command, cwd=tmp_path)
    assert (packed.returncode, packed.stdout, packed.stderr) == usual


def elsewhere() -> list[str]:
    """Where the other packages are imported from."""
    return [path for path in filter(None, sys.path) if not (Path(path) / "pmo_path").is_dir()]
