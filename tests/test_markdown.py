"""Text in Markdown shows as it is, also where a host looks through what was rendered."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.hostile import TEXTS

from pmo_path.domain.text import one_line
from pmo_path.render.formats.markdown import escaped, table

INVISIBLE = "\u200b"
COMMIT = "a5c3785ed8d6a35868bc169f07e40e889087fd2e"
ALIVE = re.compile(
    r"@\w|[#!$%&~]\d|GH-\d|://|www\.|:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:|:(?:100|1234|[+-]1):"
    r"|\b[0-9a-f]{40}\b",
    re.IGNORECASE,
)
"""What hosts make more of than text, such as GitHub and GitLab."""
TYPED = [
    *TEXTS.values(),
    "done :tada: :+1::-1: :white_check_mark: :100: a:b:c",
    f"see {COMMIT}, {COMMIT.upper()} and {'0' * 40}",
    "@team, #12, !12, $12, %12, &12, ~12, GH-12, http://x.example, www.x.example",
    "- no list",
    "1. no list",
    "# no heading",
]


def seen(markdown: str) -> str:
    """The text that a reader sees; there must be no markup but the paragraph around it."""
    found = re.fullmatch(r"<p>([^<>]*)</p>\n", MarkdownIt("commonmark").render(markdown))
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("text", TYPED, ids=range(len(TYPED)))
def test_what_a_person_typed_is_shown_and_nothing_of_it_is_alive(text):
    shown = seen(escaped(text))

    assert shown.replace(INVISIBLE, "") == one_line(text)
    assert not ALIVE.search(shown)


@given(st.text(st.sampled_from("a1 _:+-@#!&~$%.w/G\\`*[]<>|"), min_size=1, max_size=30))
def test_no_text_is_alive_and_none_is_lost(text):
    written = escaped(text)
    if not one_line(text):
        return

    shown = seen(written)

    assert shown.replace(INVISIBLE, "") == one_line(text)
    assert not ALIVE.search(shown)


@pytest.mark.parametrize(
    "text", ["10:30:45", "12:00", "3:1", COMMIT[:12], COMMIT + "0", "R&D", "100 %", "~ ! $"]
)
def test_what_no_host_would_touch_is_written_without_anything_invisible(text):
    assert INVISIBLE not in escaped(text)


def test_cells_of_a_table_stay_cells():
    cell = escaped("a|b :tada: \\|")

    assert table(["x"], [[cell]]).splitlines()[2].replace("\\|", "").count("|") == 2
