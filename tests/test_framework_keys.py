"""Keys of a framework that hold what others need to know of it, and data of its owner's own."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from tests.support import run
from tests.terminal import Terminal

from pmo_path import assess, load_framework
from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.fields import is_web_address
from pmo_path.domain.ratings import Ratings, level_named
from pmo_path.domain.workbook import CellStyle
from pmo_path.readers.framework import check_framework
from pmo_path.render.templates.people_form import guide

FRAMEWORK = """\
schema: 1
x-top: {true: [1, 2.5], null: x, 3: y}
framework: {id: f, version: 1.0.0, title: F, language: pt-BR, url: "https://e.org/?a=<b>&c=\\"", x-a: 1}
scale: {0: {label: None, x-b: [1]}, 1: {label: Some}, 2: {label: Much}}
readiness: {low: {label: Low, at_least: 0, x-c: null}}
domains:
  d:
    name: D
    x-d: text
    competences:
      planning: {name: Planning, group: Time, url: https://e.org/planning, x-e: "[red]"}
      risk: {name: Risk}
      budget: {name: Budget, group: Time}
roles:
  analyst:
    name: Analyst
    url: https://e.org/analyst
    x-f: {deep: [{er: 1}]}
    requires:
      planning: {level: 2, expects: "Plans the <b>week</b> [red]alone", x-g: 4}
      risk: 1
training:
  t: {title: T, provider: P, develops: {planning: {from: 0, to: 2, x-h: 5}}, x-i: 6}
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(FRAMEWORK, encoding="utf-8")
    return file


def loaded(text):
    framework = check_framework(text.encode(), "f.yaml").framework
    assert framework is not None
    return framework


def messages(text):
    return [
        (str(problem.code), problem.message, problem.hint)
        for problem in check_framework(text.encode(), "f.yaml").diagnostics
    ]


def test_own_data_is_kept_in_every_mapping_with_fixed_keys(path):
    assert messages(FRAMEWORK) == []
    shown = json.loads(run("show", "--framework", path, "--format", "json").out)

    assert shown["x-top"] == {"true": [1, 2.5], "null": "x", "3": "y"}
    assert shown["framework"]["x-a"] == 1
    assert shown["scale"]["0"]["x-b"] == [1]
    assert shown["readiness"]["low"]["x-c"] is None
    assert shown["domains"]["d"]["x-d"] == "text"
    assert shown["domains"]["d"]["competences"]["planning"]["x-e"] == "[red]"
    assert shown["roles"]["analyst"]["x-f"] == {"deep": [{"er": 1}]}
    assert shown["roles"]["analyst"]["requires"]["planning"]["x-g"] == 4
    assert shown["training"]["t"]["develops"]["planning"]["x-h"] == 5
    assert shown["training"]["t"]["x-i"] == 6


@pytest.mark.usefixtures("path")
def test_own_data_survives_an_overlay_and_is_written_in_full(tmp_path):
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "extends: f.yaml\nframework: {id: o, version: 1.0.0, x-a: null}\nx-new: 7\n"
        "roles: {analyst: {x-f: {deep: 8}}}\n",
        encoding="utf-8",
    )

    written = run("show", "--resolved", "--framework", overlay)

    assert (written.code, written.err) == (0, "")
    again = loaded(written.out)
    assert again.model_extra == {
        "x-top": {"true": (1, again.model_extra["x-top"]["true"][1]), "null": "x", 3: "y"},
        "x-new": 7,
    }
    assert again.framework.model_extra == {}
    assert again.roles["analyst"].model_extra == {"x-f": {"deep": 8}}


@pytest.mark.parametrize("key", ["colour", "X-colour", "x-", "x_colour", "cost-centre"])
def test_other_keys_are_still_unknown(key):
    found = messages(FRAMEWORK.replace("x-f:", f"{key}:"))

    assert [(code, message) for code, message, _ in found] == [
        ("PMO202", f"'{key}' is not known here")
    ]


def test_the_hint_says_where_own_data_goes():
    ((_, _, hint),) = messages(FRAMEWORK.replace("x-f:", "cost-centre:"))

    assert hint.endswith("; data of your own goes under a key such as 'x-cost-centre'")


def test_a_ratings_file_has_no_own_data(path, tmp_path):
    ratings = tmp_path / "r.yaml"
    ratings.write_text("x-a: 1\ntarget: analyst\nratings: {planning: 1}\n", encoding="utf-8")

    ran = run("assess", ratings, "--framework", path)

    assert ran.code == 3
    assert "'x-a' is not known here" in ran.err
    assert "data of your own" not in ran.err


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "HTTP://example.org/a?b=c#d", "https://例え.jp/ü", "http://[::1]:80/"],
)
def test_web_addresses(address):
    assert is_web_address(address)
    assert messages(FRAMEWORK.replace("https://e.org/analyst", json.dumps(address))) == []


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://a b",
        "https://a\u202eb",
        " https://example.org",
        "https://" + "a" * 2000,
        "",
    ],
)
def test_what_is_no_web_address_is_refused(address):
    assert not is_web_address(address)
    ((code, message, _),) = messages(
        FRAMEWORK.replace("url: https://e.org/analyst", f"url: {json.dumps(address)}")
    )

    assert code == "PMO204"
    assert message.startswith("'url': expected the address of a web page such as https://")


@pytest.mark.parametrize("language", ["deutsch!", "e", "en_GB", "en--GB", "-", "a" * 9, "en GB"])
def test_a_language_has_the_form_of_a_tag(language):
    ((code, message, _),) = messages(
        FRAMEWORK.replace("language: pt-BR", f"language: {json.dumps(language)}")
    )

    assert (code, message.split(",")[0]) == (
        "PMO204",
        "'language': expected a language such as en",
    )


def test_pages_are_in_the_frameworks_language_and_link_to_its_pages(path, tmp_path):
    page = tmp_path / "p.html"
    run("show", "--framework", path, "-o", page)
    text = page.read_text(encoding="utf-8")

    assert '<html lang="pt-BR">' in text
    assert '<a href="https://e.org/?a=&lt;b&gt;&amp;c=&#34;" rel="noopener noreferrer">' in text
    assert "Web page  https://e.org/planning" in run("show", "planning", "--framework", path).out
    markdown = run("show", "--framework", path, "--format", "markdown").out
    assert '- **Web page**: <https://e.org/?a=%3Cb%3E&c=">' in markdown


def test_a_page_without_a_language_is_in_english(path, tmp_path):
    path.write_text(FRAMEWORK.replace("language: pt-BR, ", ""), encoding="utf-8")
    page = tmp_path / "p.html"
    run("show", "--framework", path, "-o", page)

    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_groups_head_their_competences(path):
    lines = run("show", "--framework", path).out.splitlines()
    start = lines.index("D")

    assert lines[start : start + 6] == [
        "D",
        " • Risk (risk)",
        "",
        "Time",
        " • Planning (planning)",
        " • Budget (budget)",
    ]
    domain = run("show", "d", "--framework", path).out
    assert domain.index("Competences") < domain.index("Risk") < domain.index("Time")
    assert domain.index("Time") < domain.index("Planning") < domain.index("Budget")
    role = run("show", "analyst", "--framework", path).out
    assert role.index("D\n  Risk") < role.index("D: Time\n  Planning")


def test_groups_head_their_competences_where_people_read_how_to_rate(path):
    lines = guide(load_framework(path), None, "pmo-path batch people.xlsx")
    headings = [line.term for line in lines if line.style is CellStyle.SECTION]

    assert headings[headings.index("D") :][:2] == ["D", "D: Time"]


def test_what_a_role_expects_is_shown_with_the_role_at_the_question_and_in_the_report(
    path, tmp_path
):
    expects = "Plans the <b>week</b> [red]alone"
    assert f" Planning  {expects}" in run("show", "analyst", "--framework", path).out

    terminal = Terminal(tmp_path, "--plain", "--role", "analyst", "--framework", str(path))
    terminal.sees("Your name").enters("").sees("Number").enters("").sees("Number").enters("1")
    terminal.sees("Question 1 of 2: Planning").sees(f"Analyst: {expects}")
    terminal.child.close(force=True)

    ratings = tmp_path / "r.yaml"
    ratings.write_text("target: analyst\nratings: {planning: 1, risk: 1}\n", encoding="utf-8")
    report = run("assess", ratings, "--framework", path, "--format", "json")
    assert json.loads(report.out)["results"][0]["expects"] == expects
    assert expects in run("assess", ratings, "--framework", path, "--full").out


def test_the_schema_knows_own_data():
    schema = Draft202012Validator(json.loads(run("schema", "framework").out))
    own = {"schema": 1, "extends": "pmo", "x-a": 1, "roles": {"r": {"x-b": {}, 5: 1}}}

    assert schema.is_valid(own)
    assert not schema.is_valid({**own, "y-a": 1})
    assert not schema.is_valid({**own, "roles": {"r": {"y-a": 1}}})


def test_a_diff_lists_what_people_notice():
    text = (
        FRAMEWORK.replace("Plans the", "Draws up the")
        .replace("x-g: 4", "x-g: 5")
        .replace("x-top:", "x-new:")
        .replace("group: Time", "group: Money", 1)
        .replace("x-e:", "x-k:")
    )
    changes = diff_frameworks(loaded(FRAMEWORK), loaded(text)).changes

    assert [(str(change.kind), change.subject.id, change.subject.key) for change in changes] == [
        ("rated_by", "analyst", "expects"),
        ("text", "analyst", "x-g"),
        ("text", "planning", "group"),
        ("text", "planning", "x-k"),
        ("text", "planning", "x-e"),
        ("text", "f", "x-new"),
        ("text", "f", "x-top"),
    ]


# --- Baseline -----------------------------------------------------------------------------------


SEVENS = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {1: {label: Follow}, 2: {label: Assist}, 3: {label: Apply}}
baseline: 0
baseline_label: Nothing yet
readiness: {low: {label: Low, at_least: 0}}
domains: {d: {name: D, competences: {planning: {name: Planning}, risk: {name: Risk}}}}
roles:
  starter: {name: Starter, requires: {planning: {level: 1, must_have: 1}, risk: 1}}
"""


def test_scores_count_from_the_baseline():
    framework = loaded(SEVENS)
    ratings = Ratings.model_validate({"ratings": {"planning": 0, "risk": 1}})

    report = assess(framework, ratings, "starter")

    assert report.readiness is not None
    assert (int(report.readiness.percent), report.at_target) == (50, 1)
    assert [must_have.id for must_have in report.must_haves_missing] == ["planning"]
    assert [level.label for level in report.scale] == ["Nothing yet", "Follow", "Assist", "Apply"]
    assert messages(SEVENS) == []


def test_the_scale_with_its_baseline_and_the_bands_are_shown(path):
    bands = "readiness: {good: {label: Good, at_least: 80, must_have_gap: 1}, low:"
    path.write_text(SEVENS.replace("readiness: {low:", bands), encoding="utf-8")

    shown = run("show", "--framework", path).out

    assert "Levels\n 0  Nothing yet\n 1  Follow\n" in shown
    assert (
        "Readiness bands\n"
        " Good  from 80 % with each missing must-have short by at most 1 level\n"
        " Low   from 0 %\n"
    ) in shown


@pytest.mark.parametrize("written", ["0", "Nothing yet", "0 - nothing yet"])
def test_the_baseline_is_rated_by_number_and_label(written):
    assert level_named(loaded(SEVENS), written) == 0


def test_a_baseline_without_a_label_has_one():
    framework = loaded(SEVENS.replace("baseline_label: Nothing yet\n", ""))

    assert framework.scale[framework.levels[0]].label == "Not yet"


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (SEVENS.replace("baseline: 0", "baseline: 1"), "PMO312", 4),
        (SEVENS.replace("baseline: 0", "baseline: 2"), "PMO312", 4),
        (SEVENS.replace("baseline: 0\n", ""), "PMO312", 4),
        (SEVENS.replace("Nothing yet", "assist"), "PMO308", 5),
        (SEVENS.replace("Nothing yet", "n/a"), "PMO308", 5),
        (SEVENS.replace("Nothing yet", '"2"'), "PMO308", 5),
        (SEVENS.replace("baseline: 0", "baseline: low"), "PMO203", 4),
        (SEVENS.replace("risk: 1}", "risk: -1}"), "PMO310", 9),
    ],
)
def test_a_wrong_baseline_is_shown_where_it_is(text, code, path):
    found = check_framework(text.encode(), "f.yaml").diagnostics

    places = [(str(problem.code), problem.place.line) for problem in found]
    assert (code, path) in places
    assert {line for _, line in places} <= {path, 8, 9}


def test_a_role_at_the_lowest_level_is_told_of_the_baseline():
    text = SEVENS.replace("baseline: 0\nbaseline_label: Nothing yet\n", "")
    ((code, _, hint),) = messages(text)

    assert code == "PMO309"
    assert hint.endswith("; if level 1 takes something to reach, add 'baseline: 0'")


def test_a_new_baseline_requires_more():
    old = SEVENS.replace("baseline: 0\nbaseline_label: Nothing yet\n", "").replace(
        "risk: 1}", "risk: 2}"
    )
    changes = diff_frameworks(loaded(old), loaded(SEVENS.replace("risk: 1}", "risk: 2}")))

    assert [reason.key for reason in changes.version.reasons] == ["requirement-new", "scale"]


def test_an_overlay_sets_a_baseline(tmp_path):
    (tmp_path / "base.yaml").write_text(
        SEVENS.replace("baseline: 0\nbaseline_label: Nothing yet\n", "").replace(
            "risk: 1}", "risk: 2}"
        ),
        encoding="utf-8",
    )
    over = tmp_path / "over.yaml"
    over.write_text("extends: base.yaml\nbaseline: 0\n", encoding="utf-8")

    assert list(map(int, load_framework(over).levels)) == [0, 1, 2, 3]


# --- Messages of their own ----------------------------------------------------------------------


GERMAN = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: Keine}, 1: {label: Voll}}
readiness: {low: {label: Low, at_least: 0}}
domains: {d: {name: D, competences: {a: {name: Maße, aliases: [Masse und Gewicht]}, b: {name: Masse}}}}
roles: {r: {name: R, requires: {a: 1, b: 1}}}
"""


def test_words_that_differ_in_sharp_s_are_different_names(tmp_path):
    framework = loaded(GERMAN)
    names = framework.competence_names

    assert [names.find(text) for text in ("Maße", "MASSE", "masse", "MAẞE")] == [
        "a",
        "b",
        "b",
        "a",
    ]
    assert names.find("Maße und Gewicht") == "a"  # another spelling of the only such name

    (tmp_path / "f.yaml").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "p.csv").write_text("person,role,Maße,Masse\nA,r,1,0\n", encoding="utf-8")
    (tmp_path / "l.csv").write_text(
        "person,role,competence,rating\nA,r,Maße,1\nA,r,Masse,0\n", encoding="utf-8"
    )
    wide, long = (
        run("batch", tmp_path / name, "--framework", tmp_path / "f.yaml", "--gaps")
        for name in ("p.csv", "l.csv")
    )
    assert (wide.code, long.code) == (0, 0)
    assert wide.out == long.out
    assert ",0,1," in wide.out


def test_two_names_are_still_the_same_in_another_case():
    assert messages(GERMAN.replace("name: Masse", "name: MAẞE"))[0][0] == "PMO308"


def test_a_long_id_is_told_how_long_it_is():
    ((code, message, hint),) = messages(GERMAN.replace("{r: {name", f"{{{'r' * 102}: {{name"))

    assert code == "PMO204"
    assert message.endswith("is not allowed: expected at most 100 characters")
    assert hint == "this one has 102; shorten it"


@pytest.mark.parametrize(
    ("base", "message", "hint"),
    [
        (r"..\b\ok.yaml", "there is no such file",
         "write / between folders on every system: '../b/ok.yaml'"),
        ("https://example.org/f.yaml", "it is a web address", "download it, and name the file"),
    ],
)  # fmt: skip
def test_a_base_is_a_path_with_slashes(base, message, hint):
    ((code, said, hinted),) = messages(f"extends: {base}\nframework: {{id: z, version: 1.0.0}}\n")

    assert (code, hinted) == ("PMO112", hint)
    assert said.endswith(message)


def test_full_width_digits_answer_questions(path, tmp_path):
    terminal = Terminal(tmp_path, "--plain", "--role", "analyst", "--framework", str(path))
    terminal.sees("Your name").enters("").sees("Number").enters("\uff11").sees("Number")
    terminal.enters("1").sees("Question 1 of 2").sees("Level 0, 1").enters("\uff11")
    terminal.sees("Question 2 of 2")
    terminal.child.close(force=True)
