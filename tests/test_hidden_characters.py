"""Characters that a terminal obeys or hides: none of them reaches one, whatever the command."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import unicodedata
from typing import TYPE_CHECKING

import pexpect
import pytest
from tests.hostile import write_framework, write_ratings
from tests.support import run
from tests.terminal import OnATerminal, environment

from pmo_path.cli.streams import Messages
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = "\u200b\u200c\u200d\u2060\u2063\u180e\ufeff\u3164\uffa0\U000e0001\U000e0041\U000e007f"
CONTROLS = "\x00\x07\x08\x1b\x7f\x9b"
BREAKS = "\x85\u2028\u2029"
HOSTILE = f"x{'y'.join(DIRECTIONS + UNSEEN + CONTROLS + BREAKS)}z"
FORBIDDEN = re.compile(f"[{DIRECTIONS}{UNSEEN}\x00\x07\x08\x7f-\x9f{BREAKS}]")
OURS = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\x1b\]8;[^\x1b]*\x1b\\")
"""Colours, links and what draws the progress, which we write ourselves."""


@pytest.mark.parametrize("character", DIRECTIONS + UNSEEN + CONTROLS, ids=ascii)
def test_a_hidden_character_is_shown_as_one_that_cannot_be_shown(character):
    assert one_line(f"a{character}b") == "a\ufffdb"
    assert one_line(f"a {character}") == "a \ufffd"
    assert one_line(f"{character}{character}b") == "\ufffd\ufffdb"


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "PDF\u200c\u0647\u0627",
        "\u0915\u094d\u200d\u0937",  # Hindi
        "\u0d15\u0d4d\u200d",  # Malayalam
        "\u1781\u17d2\u1798\u17c2\u179a\u200b\u1797\u17b6\u179f\u17b6",  # Khmer
        "\U0001f469\u200d\U0001f4bb \u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u845b\U000e0100\u57ce",  # Japanese
        "Ren\u00e9\u00a0O\u2019Neill",
        "\u05d3\u05d5\u05d3 \u0639\u0644\u064a",
    ],
    ids=ascii,
)
def test_joiners_and_forms_of_letters_stay_where_names_need_them(name):
    assert one_line(name) == name


def test_what_is_not_assigned_to_be_shown_is_filtered_or_known():
    kept = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and one_line(f"a{character}b") == f"a{character}b"
    }

    assert {unicodedata.name(character) for character in kept if character < "\u0600"} == {
        "SOFT HYPHEN"
    }
    assert all(
        re.search("ARABIC|SYRIAC|KAITHI|EGYPTIAN", unicodedata.name(character))
        for character in kept
        if character >= "\u0600"
    ), "these are seen"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files with the hostile text wherever a person can type."""
    made = tmp_path_factory.mktemp("hidden")
    write_framework(made / "framework.yaml", HOSTILE)
    ratings = write_ratings(made / "ratings.yaml", HOSTILE)
    write_ratings(made / "march.yaml", HOSTILE, date="2026-03-01")
    (made / "wrong.yaml").write_text(
        ratings.read_text(encoding="utf-8").replace('"c0"', f'"c0 {json.dumps(HOSTILE)[1:-1]}"'),
        encoding="utf-8",
    )
    (made / "broken.yaml").write_text(
        f"schema: 1\nroles: [{HOSTILE.replace(chr(0), '')}\n", encoding="utf-8"
    )
    clean = HOSTILE.replace("\0", "").replace("\x85", "")
    (made / "people.csv").write_text(
        f"person,team {clean},c0,c1\nana {clean},it {clean},3,1\nbo {clean},{clean},{clean},2\n",
        encoding="utf-8",
    )
    (made / "pmo.yaml").write_text(
        "extends: pmo\nframework: {id: x, version: 1.0.0, title: 'a\u202eb\u200bc'}\n",
        encoding="utf-8",
    )
    return made


WITH = "--framework framework.yaml"
COMMANDS = [
    *(f"assess ratings.yaml {WITH} --format {format_}" for format_ in ("table", "markdown", "csv", "json", "html")),
    f"assess ratings.yaml --explain {WITH}",
    f"assess ratings.yaml --role any {WITH}",
    f"assess ratings.yaml --role any --format csv {WITH}",
    f"assess wrong.yaml {WITH}",
    f"batch people.csv --role role {WITH}",
    f"batch people.csv --role role --format jsonl {WITH}",
    f"compare march.yaml ratings.yaml {WITH}",
    f"compare march.yaml ratings.yaml --format json {WITH}",
    f"compare --role role --role next {WITH}",
    f"compare --role role --role next --format markdown {WITH}",
    "diff framework.yaml pmo.yaml",
    "diff pmo.yaml framework.yaml --format json",
    f"history ratings.yaml march.yaml {WITH}",
    f"history ratings.yaml march.yaml --format markdown {WITH}",
    f"show {WITH}",
    f"show c0 {WITH}",
    f"show role --format json {WITH}",
    f"show --resolved {WITH}",
    "show --resolved --framework pmo.yaml",
    f"template {WITH}",
    f"template people.csv {WITH}",
    *(f"validate framework.yaml broken.yaml wrong.yaml --format {format_}" for format_ in ("text", "github", "json", "sarif")),
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("command", COMMANDS)
def test_no_hidden_character_reaches_a_terminal(folder, command):
    text, code = on_terminal(folder, command.split())

    assert code in {0, 1, 3}
    assert FORBIDDEN.findall(text) == []
    assert "\x1b" not in OURS.sub("", text)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("command", ["{}", "--{}", "assess --{}", "assess a {}", "schema {}",
                                     "validate --today {}", "show {}", "history {}"])  # fmt: skip
def test_no_hidden_character_that_was_typed_comes_back(folder, command):
    typed = "a\x1b[8mb\u202ec\u200bd\x9b2J"

    text, code = on_terminal(folder, command.format(typed).split())

    assert code in {2, 3}
    assert FORBIDDEN.findall(text) == []
    assert "\x1b" not in text


def on_terminal(folder: Path, args: list[str]) -> tuple[str, int | None]:
    """What a terminal gets to see of a run, and the exit code."""
    child = OnATerminal(args, cwd=folder, env=environment(HOME=str(folder)), dimensions=(24, 80))
    child.expect(pexpect.EOF)
    child.close()
    return child.before.replace("\r\n", "\n"), child.exitstatus


def test_programs_get_every_character_as_it_is(folder):
    resolved = run("show", "--resolved", "--framework", "pmo.yaml", cwd=folder)
    results = run(*f"batch people.csv --role role {WITH}".split(), cwd=folder)
    report = run("assess", "ratings.yaml", "--format", "json", *WITH.split(), cwd=folder)

    assert "a\u202eb\u200bc" in resolved.out
    assert "\u202e" in results.out
    assert json.loads(report.out)["person"].startswith("person x\u061cy")


def test_messages_show_no_hidden_character():
    written = io.BytesIO()
    messages = Messages(written, encoding="utf-8")

    messages.write("\x1b[31ma\u202eb\x1b[0m\r\n")
    messages.flush()

    assert written.getvalue().decode() == "\x1b[31ma\ufffdb\x1b[0m\r\n"
