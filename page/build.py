"""Build pmo-path as one page: the same package on WebAssembly, opened from anywhere.

`make page` gets what the page is made of, each part pinned by its hash, and calls this.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import pickle
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import pmo_path
from pmo_path.domain.errors import InputInvalid, PmoPathError
from pmo_path.readers.framework import load_framework, resolved_framework
from pmo_path.readers.inheritance import Inherited, inherit
from pmo_path.readers.package_data import shipped_framework
from pmo_path.render.diagnostics.text import write_text
from pmo_path.render.formats.html import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
PACKAGE = Path(pmo_path.__file__).parent
LEFT_OUT = {"batch", "cli", "planning", "rulebook", "schemas", "starter", "__pycache__"}
"""Folders of the package that no page uses."""
NOT_IN_WHEELS = (".pyi", ".pyx", ".pxd", ".c", ".h", ".typed")
STDLIB_LEFT_OUT = (
    "_pyrepl/", "curses/", "ensurepip/", "idlelib/", "lib2to3/", "multiprocessing/", "pydoc_data/",
    "sqlite3/", "test/", "tkinter/", "turtledemo/", "unittest/", "venv/", "wsgiref/", "xmlrpc/",
    "pydoc.py", "doctest.py", "turtle.py", "pdb.py", "ftplib.py", "imaplib.py", "smtplib.py", "poplib.py", "mailbox.py", "pickletools.py",
)  # fmt: skip
EPOCH = (2020, 1, 1, 0, 0, 0)
"""The date of every file in an archive, so that two builds give the same bytes."""


def main(arguments: Sequence[str]) -> int:
    """Write the page; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", type=Path, help="default: the framework of pmo-path")
    parser.add_argument("--title", help="default: pmo-path")
    parser.add_argument("--engine", type=Path, required=True, help="the folder of pyodide")
    parser.add_argument("--wheels", type=Path, required=True, help="a folder of wheels")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        framework = load_framework(options.framework)
        data = _resolved(options.framework)
    except InputInvalid as error:
        write_text(error.diagnostics, sys.stderr)
        return 3
    except PmoPathError as error:
        print(error, file=sys.stderr)
        return 3
    title = options.title or "pmo-path: where you stand, and what comes next"
    page = page_of(options.engine, packages(options.wheels, data), title, framework)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page, encoding="utf-8")
    print(f"Wrote {options.output} ({len(page.encode()) / 1e6:.1f} MB).", file=sys.stderr)
    return 0


def _resolved(path: Path | None) -> Any:
    """The data that a valid framework is made of: over what it extends, with inherited requirements."""
    inherited = inherit(resolved_framework(path))
    assert isinstance(inherited, Inherited)  # noqa: S101  the framework was checked
    return plain(inherited.data)


def plain(value: Any) -> Any:
    """The data of a framework in the types of Python, as its model takes them."""
    if isinstance(value, dict):
        return {
            str(key) if isinstance(key, str) else key: plain(part) for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return tuple(map(plain, value))
    return str(value) if isinstance(value, str) else value


def packages(wheels: Path, framework: Any) -> bytes:
    """The archive of all Python code, with the framework in it."""
    files = dict(sorted((*_from_wheels(wheels), *_from_package())))
    # What other frameworks extend; the source has it elsewhere than the package.
    files["pmo_path/data/framework.yaml"] = shipped_framework().content
    files["adapter.py"] = (HERE / "adapter.py").read_bytes()
    files["framework.pickle"] = pickle.dumps(framework, protocol=5)
    return _archive(files)


def _from_wheels(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.whl")):
        runs_here = "emscripten" in path.name
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                # Built for another machine; these packages run without it.
                is_foreign = name.endswith(".so") and not runs_here
                if not (
                    name.endswith(("/", *NOT_IN_WHEELS)) or is_foreign or ".dist-info/" in name
                ):
                    yield name, wheel.read(name)


def _from_package() -> Iterator[tuple[str, bytes]]:
    for path in PACKAGE.rglob("*"):
        name = path.relative_to(PACKAGE)
        if path.is_file() and not LEFT_OUT & set(name.parts):
            yield f"pmo_path/{name.as_posix()}", path.read_bytes()


def standard_library(engine: Path) -> bytes:
    """The standard library without what no page uses."""
    with zipfile.ZipFile(engine / "python_stdlib.zip") as archive:
        names = (name for name in archive.namelist() if not name.startswith(STDLIB_LEFT_OUT))
        return _archive({name: archive.read(name) for name in names if not name.endswith("/")})


def _archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return out.getvalue()


def page_of(engine: Path, archive: bytes, title: str, framework: Any) -> str:
    """The page as text."""
    style, script = ((HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    files = {
        "file-wasm": _packed(engine / "pyodide.asm.wasm"),
        "file-engine": _packed(engine / "pyodide.asm.mjs"),
        "file-loader": _packed(engine / "pyodide.mjs"),
        "file-stdlib": standard_library(engine),
        "file-lock": _lock(engine),
        "file-packages": archive,
    }
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return (
        environment.get_template("template.html").render(
            title=title,
            language=framework.framework.language or "en",
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704  our own
            script=Markup(script),  # noqa: S704  our own
            made_with=f"Made with pmo-path {pmo_path.__version__}",
            licences=(HERE / "licences.txt").read_text("utf-8"),
            files=[(name, base64.b64encode(content).decode()) for name, content in files.items()],
        )
        + "\n"
    )


def _policy(style: str, script: str) -> str:
    """No request to anywhere; scripts and styles are those of this page and of a report in it."""
    styles = f"{_hash(style)} {_hash(document.asset('page.css'))}"
    scripts = f"{_hash(script)} {_hash(document.asset('page.js'))}"
    return (
        f"default-src 'none'; connect-src 'none'; style-src {styles}; "
        f"script-src 'wasm-unsafe-eval' blob: {scripts}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _lock(engine: Path) -> bytes:
    """What the engine checks itself against, without packages to fetch."""
    lock = json.loads((engine / "pyodide-lock.json").read_text("utf-8"))
    return json.dumps({"info": lock["info"], "packages": {}}).encode()


def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
