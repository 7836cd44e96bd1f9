"""The writers of the formats, fed with documents directly."""

from __future__ import annotations

import io
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import pytest
from tests.html_page import Seen

from pmo_path.cli.options import format_for
from pmo_path.cli.streams import PLAIN_FILE, TerminalStyle
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.report import LevelFacts
from pmo_path.render.document import (
    Axis,
    Card,
    Cards,
    Cell,
    Document,
    DotRow,
    Dots,
    Facts,
    Figures,
    Group,
    HeatCell,
    HeatMap,
    HeatRow,
    LevelBar,
    LevelBars,
    ListBlock,
    Meter,
    Mood,
    Paragraph,
    Radar,
    Section,
    ShareBar,
    ShareBars,
    Table,
    Trend,
    TrendPoint,
    Verbatim,
    columns,
)
from pmo_path.render.formats.registry import Format, Result, write_result

SCALE = tuple(LevelFacts(Decimal(level), f"Level {level}") for level in range(4))
TABLE = Table(columns(("Name", "Figure"), right=("Figure",)), (Group("", (("row", "7"),)),))
CHARTS = (
    Dots(("then",), SCALE, (("Domain", (DotRow("dot", (Decimal(1),), Decimal(2), "dot text"),)),)),
    Trend("trend title", (TrendPoint("2026-01-01", 0.5, "40.0", "60.0", "trend text"),)),
    Radar("Competence", tuple(Axis(f"axis {n}", 0.5, 1, "1", "2") for n in range(3)), 2),
    LevelBars(
        SCALE, (("Bars", "note", (LevelBar("bar", None, Decimal(2), None, "?", "bar text"),)),)
    ),
    ShareBars((ShareBar("share", Fraction(1, 3), "1"), ShareBar("hidden", None, "withheld"))),
    Meter(Fraction(40), Fraction(60), (), "meter caption"),
    Figures((("figure", "42"),)),
    HeatMap(
        "heat title",
        "Person",
        "Readiness",
        ("competence",),
        ("3",),
        (HeatRow("heat row", "50 %", "50", (HeatCell("2"),)),),
        "",
        ((HeatCell("2"), "short"),),
    ),
)
TEXTS = (
    Paragraph("paragraph"),
    Facts((("label", "fact"), ("empty", ""))),
    ListBlock(("item", ("lead", "rest"))),
    ListBlock(("numbered",), is_numbered=True),
    Verbatim("  indented: [x]"),
    TABLE,
    Cards((Card("card", (("do", "this"), ("proof", ("one", "two")))),)),
)


def written(format_: Format, *blocks, style=PLAIN_FILE, **fields) -> str:
    """A document with these blocks in one section, as the format writes it."""
    section = Section("Section", blocks)
    document = Document("Title", "subtitle", "Verdict.", (section,))._replace(**fields)
    out = io.StringIO()
    write_result(Result(lambda: document, dict), format_, out, style)
    return out.getvalue()


@pytest.mark.parametrize("format_", Format)
def test_every_format_has_a_writer_and_a_file_extension_of_its_own(format_):
    module = import_module(f"pmo_path.render.formats.{format_.module}")

    assert callable(module.write)
    assert format_.extensions
    for extension in format_.extensions:
        assert [other for other in Format if extension in other.extensions] == [format_]


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN, Format.HTML])
def test_every_kind_of_block_is_written_in_every_format_for_people(format_):
    shown = written(format_, *TEXTS, *CHARTS)
    if format_ is Format.HTML:
        shown = Seen(shown).text

    for text in ("Title", "Verdict.", "Section", "paragraph", "fact", "item", "rest", "numbered"):
        assert text in shown
    for text in ("indented: [x]", "row", "7", "card", "this", "one", "two"):
        assert text in shown.replace("\\", "")
    assert "empty" not in shown


def test_a_page_says_every_chart_in_words_too():
    shown = Seen(written(Format.HTML, *CHARTS)).text

    for text in ("dot text", "trend title", "axis 1: 1 of 2", "bar text", "share: 1", "withheld"):
        assert text in shown
    for text in ("Readiness 40.0 to 60.0 %", "meter caption", "42", "heat row", "short"):
        assert text in shown


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN])
def test_a_format_that_cannot_draw_writes_the_alternative(format_):
    dots = CHARTS[0]._replace(alternative=(TABLE,))

    assert "Figure" in written(format_, dots)
    assert "dot text" not in written(format_, dots)


@pytest.mark.parametrize("format_", [Format.TABLE, Format.MARKDOWN])
def test_what_a_page_folds_or_repeats_is_left_out_elsewhere(format_):
    sections = (
        Section("Folded", (Paragraph("closed"),), is_folded=True),
        Section("Unfolded", (Paragraph("open"),), is_folded=False),
        Section("Again", (Paragraph("repeated"),), repeats=True),
    )

    text = written(format_, sections=sections)
    page = written(Format.HTML, sections=sections)

    assert "open" in text
    assert "closed" not in text
    assert "repeated" not in text
    for part in ("open", "closed", "repeated"):
        assert part in Seen(page).text


def test_a_narrow_terminal_drops_columns_in_their_order_and_then_stacks_rows():
    names = ("Competence", "First to go", "Second to go", "Kept to the end")
    table = Table(
        columns(names, drops=names[1:3]),
        (Group("", (("a name", "a", "b", "c"),)),),
    )

    def shown(width: int) -> str:
        style = TerminalStyle(width, color=False, unicode=True)
        return written(Format.TABLE, table, style=style)

    assert "Competence  First to go  Second to go  Kept to the end\n" in shown(54)
    assert "hidden" not in shown(54)
    assert "Competence  Second to go  Kept to the end\n" in shown(53)
    assert "Columns hidden at this width: First to go.\n" in shown(53)
    assert "Competence  Kept to the end\n" in shown(40)
    assert "Columns hidden at this width: First to\ngo, Second to go.\n" in shown(40)
    assert "a name\n   Kept to the end\n      c\n" in shown(20)


def test_colour_is_never_the_only_sign_and_bars_need_no_unicode():
    table = Table(
        columns(("Name", "Gap")),
        (Group("", (("name", Cell("2", Mood.BAD, Fraction(1, 2))),)),),
    )
    ascii_ = TerminalStyle(80, color=False, unicode=False)

    assert "2 ###\n" in written(Format.TABLE, table, style=ascii_)
    assert "\x1b[31m2 ███" in written(
        Format.TABLE, table, style=TerminalStyle(80, color=True, unicode=True)
    )


def test_a_filter_and_notes_are_on_the_page_and_not_in_the_text():
    row = (Cell("name", passes=("gap",)), Cell("2", notes=("the note",), sort_by="2.5"))
    table = Table(
        columns(("Name", "Gap")), (Group("", (row,)),), name="gaps", filters=(("gap", "gaps"),)
    )

    page = written(Format.HTML, table)

    assert 'data-kind="gap"' in page
    assert 'data-value="2.5"' in page
    assert "the note" in page
    assert "the note" not in written(Format.MARKDOWN, table)


def test_an_extension_without_a_format_names_those_that_can_be_written(tmp_path):
    with pytest.raises(UsageProblem) as caught:
        format_for(None, tmp_path / "report.pdf")

    assert str(caught.value) == "Can't write .pdf. Use .html, .md, .csv, .json or .txt."
    assert format_for(None, tmp_path / "REPORT.HTM") is Format.HTML
    assert format_for(Format.JSON, tmp_path / "report.pdf") is Format.JSON
    assert format_for(None, None) is Format.TABLE
