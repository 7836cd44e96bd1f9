"""What holds for every file: no bytes end in an exception, and a mistake is reported where it is."""

from __future__ import annotations

import datetime
import json
import re
from typing import NamedTuple

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support import ROOT, examples, run

from pmo_path.readers.framework import check_framework

DAY = datetime.date(2026, 11, 23)
SHIPPED = (ROOT / "data" / "framework.yaml").read_text(encoding="utf-8")
STARTER = (ROOT / "src" / "pmo_path" / "starter" / "framework.yaml").read_text(encoding="utf-8")
NAME = "framework.yaml"


# --- Any bytes ----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [b"a", b": ", b"\n", b"  ", b"- ", b"[", b"]", b"{", b"}", b",", b"\t", b"\x00", b"\xff",
     b"\xfe", b"\xef\xbb\xbf", b"\r", b"#", b"&a ", b"*a", b"<<", b"!!python/object:x ", b"? ",
     b"---\n", b"...\n", b"'", b'"', b"|\n", b">\n", b"%", b"@", b"no", b"012", b"1:30",
     b"2026-11-23", b"1e9", b"0x1F", b".inf", b"schema: 1\n", b"domains:\n", b"roles:\n",
     b"extends: pmo\n", "é\u2028\x85\U0001f600".encode(), b"\xed\xa0\x80", b"null", b"~"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join)))
@example("schema: 1".encode("utf-16"))
@example(b"\xef\xbb\xbfschema: 1\r\n")
@example(b"[" * 10_000)
@example(b"{a: " * 10_000)
@example(b"- " * 10_000)
@example(b'{a"b: "c }" ' * 10_000)
@example(b'[ "]" ' * 10_000)
@example(b"# ]\n[\n" * 10_000)
@example(b'{a: "}", \n' * 10_000)
@settings(max_examples=400)
def test_no_bytes_raise_and_each_diagnostic_is_at_a_place_in_the_file(content):
    examined = check_framework(content, NAME, DAY)

    assert examined.diagnostics or examined.framework
    lines = len(re.split(b"\r\n|[\n\r]|\xc2\x85|\xe2\x80[\xa8\xa9]", content))
    for diagnostic in examined.diagnostics:
        assert diagnostic.place.file == NAME
        # The parser may give up behind the last line break.
        assert 0 <= diagnostic.place.line <= lines + 1


@given(
    at=st.integers(0, len(SHIPPED)),
    length=st.integers(0, 30),
    put=st.one_of(st.text(max_size=5), st.sampled_from(["\t", "\n", ": ", "- ", "[", '"', "#"])),
)
@settings(max_examples=examples(50))
def test_no_edit_of_the_shipped_framework_raises(at, length, put):
    text = SHIPPED[:at] + put + SHIPPED[at + length :]

    examined = check_framework(text.encode("utf-8", "replace"), NAME, DAY)

    assert (examined.framework is None) == bool(examined.errors)


def test_a_file_of_50_megabytes_is_refused_at_once(tmp_path):
    (tmp_path / "huge.yaml").write_bytes(b"a: b\n" * 10_000_000)

    ran = run("validate", "huge.yaml", cwd=tmp_path)

    assert ran.code == 3
    assert ran.out.startswith("huge.yaml: PMO102 error: ")


# --- Any mutation of a framework ----------------------------------------------------------------


class Mutation(NamedTuple):
    """A framework with one line changed."""

    text: str
    line: str
    """What the line was."""
    block: range
    """The lines of the block around it, counted from 1, in the mutated file."""


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


LINES = SHIPPED.splitlines()
KEYED = re.compile(r"^( *)(?:- )?([\w-]+|\d+):(?: (.*))?$")
ODD_KEYS = ["360", "1.5", "true", "null", "~"]
WORDS = ["", "3", "[x]", "{x: 1}", "true", "2026-11", "words here"]


def block_around(lines: list[str], at: int) -> range:
    """The lines from the key that `at` belongs to, and that one's key, to the end of the latter.

    Two keys up, since a changed indentation moves a line into the block around its own; and one
    line more at the end, which is where a parser notices that something is open.
    """
    top, limit = at, indent_of(lines[at])
    for _ in range(2):
        while top > 0 and not (is_content(lines[top]) and indent_of(lines[top]) < limit):
            top -= 1
        limit = indent_of(lines[top])
    end = at + 1
    while end < len(lines) and not (is_content(lines[end]) and indent_of(lines[end]) <= limit):
        end += 1
    return range(top + 1, end + 2)


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    at = draw(st.sampled_from([n for n, line in enumerate(LINES) if is_content(line)]))
    line = LINES[at]
    keyed = KEYED.match(line)
    kinds = ["drop", "duplicate", "reindent"] + (["retype", "rename", "rekey"] if keyed else [])
    match draw(st.sampled_from(kinds)):
        case "drop":
            new = []
        case "duplicate":
            new = [line, line]
        case "reindent":
            new = [" " * max(0, indent_of(line) + draw(st.integers(-3, 3))) + line.lstrip()]
        case "retype":
            assert keyed
            before = line[: keyed.end(2) + 1]
            new = [f"{before} {draw(st.sampled_from(WORDS))}".rstrip()]
        case "rekey":
            assert keyed
            new = [line[: keyed.start(2)] + draw(st.sampled_from(ODD_KEYS)) + line[keyed.end(2) :]]
        case _:
            assert keyed
            new = [line[: keyed.end(2)] + draw(st.sampled_from(["x", "-2", "s"])) + ":"
                   + line[keyed.end(2) + 1 :]]  # fmt: skip
    return Mutation(
        "\n".join([*LINES[:at], *new, *LINES[at + 1 :]]), line, block_around(LINES, at)
    )


@given(mutations())
@settings(max_examples=examples(100))
def test_a_mutated_framework_is_valid_or_reported_within_the_mutated_block(mutation):
    examined = check_framework(mutation.text.encode(), NAME)

    if examined.framework is not None:
        return
    lines = {diagnostic.place.line for diagnostic in examined.errors}
    lines |= {diagnostic.related[0].line for diagnostic in examined.errors if diagnostic.related}
    if lines & set(mutation.block):
        return
    # An id that is gone, or another one now, is reported where it is still referred to.
    keyed = KEYED.match(mutation.line)
    assert keyed, examined.errors
    assert all(keyed[2] in diagnostic.source_line for diagnostic in examined.errors), (
        examined.errors
    )


@given(mutations())
@settings(max_examples=examples(75))
def test_a_mistake_in_a_framework_makes_no_comment_in_it_idle(mutation):
    examined = check_framework(mutation.text.encode(), NAME, DAY)

    if any(diagnostic.code.startswith("PMO2") for diagnostic in examined.errors):
        assert not [
            diagnostic for diagnostic in examined.diagnostics if diagnostic.code == "PMO411"
        ]


@pytest.mark.parametrize("text", [SHIPPED, STARTER])
def test_words_in_place_of_a_number_are_an_error_at_its_line_and_nowhere_else(text):
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    places = [
        (value.start_mark.index, value.end_mark.index, value.start_mark.line + 1)
        for value in scalars(root)
        if not value.style
        and re.fullmatch(r"\d+(\.\d+)?", value.value)
        and not is_free_text(text, value)
    ]
    assert len(places) > 20
    for start, end, line in places[:: max(1, len(places) // 40)]:
        examined = check_framework((text[:start] + "words" + text[end:]).encode(), NAME)

        assert examined.errors
        assert {diagnostic.place.line for diagnostic in examined.errors} == {line}, examined.errors


def is_free_text(text: str, value: yaml.ScalarNode) -> bool:
    """Whether the value is a role's grade, which may be a number or any other text."""
    before = text[: value.start_mark.index].rpartition("\n")[2]
    return before.strip() == "grade:"


def scalars(node: yaml.Node | None) -> list[yaml.ScalarNode]:
    """The values of a document that are one word."""
    if isinstance(node, yaml.ScalarNode):
        return [node]
    if isinstance(node, yaml.MappingNode):
        return [scalar for _, value in node.value for scalar in scalars(value)]
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    return [scalar for item in items for scalar in scalars(item)]


# --- Many mistakes ------------------------------------------------------------------------------


def test_thousands_of_mistakes_are_all_reported():
    many = 5_000
    text = (
        "schema: 1\nframework: {id: f, version: 1.0.0, title: F}\n"
        "scale: {0: {label: a}, 1: {label: b}}\nreadiness: {r: {label: r, at_least: 0}}\n"
        "domains:\n  d:\n    name: D\n    competences:\n"
        + "".join(f"      c{n}: {{name: C{n}}}\n" for n in range(many))
        + "roles:\n"
        + "".join(f"  r{n}: {{name: R{n}, requires: {{x{n}: 1}}}}\n" for n in range(many))
    )

    examined = check_framework(text.encode(), NAME, DAY)

    assert sum(diagnostic.code == "PMO301" for diagnostic in examined.errors) == many


@pytest.mark.parametrize("format_", ["text", "github", "json", "sarif"])
def test_so_many_mistakes_that_nobody_reads_them_are_counted_and_not_all_written(
    tmp_path, format_
):
    many = 9_000
    text = f"schema: 1\nroles: {{{', '.join(['a'] * (many + 1))}}}\ntypo: 1\n"
    (tmp_path / "many.yaml").write_text(text, encoding="utf-8")

    ran = run(
        "validate", "many.yaml", "--select", "PMO1,PMO202", "--format", format_, cwd=tmp_path
    )

    assert ran.err == f"1 file checked: {many + 1} errors, no warnings\n"
    assert f"and {many - 1000} more of these, from here on" in ran.out
    assert "'typo' is not known here" in ran.out
    assert len(ran.out) < 2_000_000
    if format_ == "json":
        found = json.loads(ran.out)
        assert (found["errors"], len(found["diagnostics"])) == (many + 1, 1002)


def test_other_commands_do_not_write_mistakes_without_end_either(tmp_path):
    text = f"schema: 1\nroles: {{{', '.join(['a'] * 3002)}}}\n"
    (tmp_path / "many.yaml").write_text(text, encoding="utf-8")

    ran = run("show", "--framework", "many.yaml", cwd=tmp_path)

    assert ran.code == 3
    assert ran.err.count(" PMO105 error: ") == 1001
    assert "PMO105 error: and 2001 more of these, from here on" in ran.err
