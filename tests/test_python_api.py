"""Every command from Python: the same result as on the command line, as a value."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import EXAMPLES, ROOT, run

import pmo_path
from pmo_path.domain.errors import InputInvalid, UsageProblem

FRAMEWORK = pmo_path.load_framework()
MANAGER = EXAMPLES / "ratings-manager.yaml"
HISTORY = sorted((EXAMPLES / "history").glob("*.yaml"))
RATINGS = pmo_path.load_ratings(MANAGER, FRAMEWORK)
FORMATS = ["table", "html", "markdown", "json"]


def today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def written(*command: object, to: str, folder: Path) -> str:
    """What a command writes to a file."""
    ran = run(*command, "--format", to, "-o", folder / "result", cwd=ROOT)
    assert (ran.code, ran.out) == (0, "")
    return (folder / "result").read_text(encoding="utf-8")


@pytest.mark.parametrize("to", [*FORMATS, "csv"])
def test_a_report_and_a_ranking_are_those_of_assess(tmp_path, to):
    report = pmo_path.assess(FRAMEWORK, RATINGS, "PMO Director", top=2, today=today())
    ranking = pmo_path.rank(FRAMEWORK, RATINGS, top=2, today=today())

    command = ("assess", MANAGER, "--top", "2", "--role")
    one_role = written(*command, "PMO Director", to=to, folder=tmp_path)
    assert pmo_path.to_text(report, to) == one_role
    assert pmo_path.to_text(ranking, to) == written(*command, "any", to=to, folder=tmp_path)


@pytest.mark.parametrize("to", FORMATS)
def test_comparisons_are_those_of_compare(tmp_path, to):
    files = HISTORY[:2]
    over_time = pmo_path.compare(files, FRAMEWORK, "pmo-director")
    roles = pmo_path.compare_roles(FRAMEWORK, ["pmo-manager", "PMO Director"], RATINGS)

    assert pmo_path.to_text(over_time, to) == written(
        "compare", *files, "--role", "pmo-director", to=to, folder=tmp_path
    )
    assert pmo_path.to_text(roles, to) == written(
        *("compare", MANAGER, "--role", "pmo-manager", "--role", "pmo-director"),
        to=to,
        folder=tmp_path,
    )


def test_ratings_on_an_older_version_are_read_with_it(tmp_path):
    old = tmp_path / "old.yaml"
    old.write_text("extends: pmo\nframework: {version: 0.9.0}\n", encoding="utf-8")
    earlier = tmp_path / "earlier.yaml"
    text = HISTORY[0].read_text(encoding="utf-8")
    assert "version: 2.0.0" in text or "version: '2.0.0'" in text
    changed = text.replace("version: 2.0.0", "version: 0.9.0")
    earlier.write_text(changed, encoding="utf-8")

    over_time = pmo_path.compare(
        [earlier, HISTORY[1]], FRAMEWORK, old_framework=pmo_path.load_framework(old)
    )

    assert over_time.comparison == "over-time"


@pytest.mark.parametrize("to", ["html", "markdown", "json"])
def test_a_history_is_that_of_history(tmp_path, to):
    history = pmo_path.history([EXAMPLES / "history"], FRAMEWORK)

    assert pmo_path.to_text(history, to) == written(
        "history", EXAMPLES / "history", to=to, folder=tmp_path
    )


def test_a_history_that_mistakes_prevent_lists_them(tmp_path):
    (tmp_path / "torn.yaml").write_text("ratings: {strategic-thnking: 3}\n", encoding="utf-8")

    with pytest.raises(InputInvalid) as raised:
        pmo_path.history([str(tmp_path / "torn.yaml")], FRAMEWORK)

    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["PMO501"]


def test_validation_finds_what_validate_finds(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: pmo\nrols: {}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("ratings: {}\n", encoding="utf-8")

    found = pmo_path.validate([tmp_path])
    ran = run("validate", tmp_path, "--format", "json")

    told = json.loads(ran.out)["diagnostics"]
    assert (
        [diagnostic.code for diagnostic in found.diagnostics]
        == [diagnostic["code"] for diagnostic in told]
        != []
    )
    assert (found.checked, found.skipped) == (1, (str(tmp_path / "b.yaml"),))
    assert ran.code == 1
    assert found.errors
    assert not found.is_unreadable


def test_validation_selects_and_ignores_codes(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: pmo\nrols: {}\n", encoding="utf-8")

    assert pmo_path.validate([tmp_path], ignore=["PMO2", "PMO4"]).diagnostics == ()
    assert {
        diagnostic.code
        for diagnostic in pmo_path.validate([tmp_path], select=["PMO202"]).diagnostics
    } == {"PMO202"}
    with pytest.raises(UsageProblem, match="no code begins with 'PMO9'"):
        pmo_path.validate([tmp_path], select=["PMO9"])


def test_the_shipped_framework_is_valid():
    assert pmo_path.validate() == ((), 1, ())


def test_a_file_that_is_not_there_is_unreadable(tmp_path):
    found = pmo_path.validate([tmp_path / "gone.yaml"], ignore=["PMO1"])

    assert found.is_unreadable


def test_a_difference_is_that_of_diff(tmp_path):
    new = tmp_path / "new.yaml"
    new.write_text(
        "extends: pmo\nframework: {version: 2.0.0}\n"
        "domains: {pmo-management: {competences: {pmo-design: {name: Designing}}}}\n",
        encoding="utf-8",
    )

    found = pmo_path.diff(ROOT / "data" / "framework.yaml", new, [EXAMPLES / "history"])

    told = json.loads(run("diff", "data/framework.yaml", new, "--format", "json", cwd=ROOT).out)
    assert found.changes.version.status == told["version"]["status"]
    assert [check.file for check in found.ratings or ()] == [str(path) for path in HISTORY]
    assert found.mistakes == ()
    command = ("diff", "data/framework.yaml", new, "--ratings", EXAMPLES / "history")
    for to in ("table", "html", "markdown", "json"):
        assert pmo_path.to_text(found, to) == written(*command, to=to, folder=tmp_path)


@pytest.mark.parametrize("to", FORMATS)
def test_a_difference_and_a_rule_read_as_on_the_command_line(tmp_path, to):
    new = tmp_path / "new.yaml"
    new.write_text("extends: pmo\nframework: {version: 2.0.0}\n", encoding="utf-8")
    difference = pmo_path.diff(ROOT / "data" / "framework.yaml", new)

    assert pmo_path.to_text(difference, to) == written(
        "diff", "data/framework.yaml", new, to=to, folder=tmp_path
    )
    assert pmo_path.to_text(pmo_path.explain("PMO304"), to) == written(
        "explain", "PMO304", to=to, folder=tmp_path
    )


def test_both_frameworks_errors_are_raised_together(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("rols: {}\n", encoding="utf-8")

    with pytest.raises(InputInvalid) as raised:
        pmo_path.diff(tmp_path / "a.yaml", tmp_path / "b.yaml")

    assert {Path(diagnostic.place.file).name for diagnostic in raised.value.diagnostics} == {
        "a.yaml",
        "b.yaml",
    }


def test_entries_and_codes_are_found_by_any_name():
    assert pmo_path.show(FRAMEWORK).kind == "framework"
    assert pmo_path.show(FRAMEWORK, "PMO Director") == ("role", "pmo-director")
    with pytest.raises(UsageProblem, match="is called"):
        pmo_path.show(FRAMEWORK, "PMO Boss")
    assert pmo_path.explain("pmo304").code == "PMO304"
    assert pmo_path.to_text(pmo_path.explain("pmo304")) == (
        run("explain", "PMO304", "--format", "markdown").out
    )
    pages = [page.code for family in pmo_path.rules() for page in family.pages]
    assert pages == sorted(pages)
    assert "PMO304" in pages


def test_a_framework_is_resolved(tmp_path):
    overlay = tmp_path / "ours.yaml"
    overlay.write_text("extends: pmo\nframework: {id: ours, version: 1.0.0}\n", encoding="utf-8")

    whole = tmp_path / "whole.yaml"
    whole.write_text(pmo_path.resolve_framework(overlay), encoding="utf-8")

    assert pmo_path.load_framework(whole) == pmo_path.load_framework(overlay)
    assert pmo_path.resolve_framework() == run("show", "--resolved").out


@pytest.mark.parametrize("kind", ["ratings", "people.csv", "people.tsv", "framework"])
def test_a_template_is_that_of_template(kind):
    options = () if kind == "framework" else ("--role", "pmo-analyst")

    assert pmo_path.template(kind, role="PMO Analyst") == run("template", kind, *options).out


def test_a_workbook_for_a_second_rater_is_refused_with_what_works():
    with pytest.raises(UsageProblem, match="--from does not work for a workbook"):
        pmo_path.template("ratings.xlsx", ratings=MANAGER, rater="manager")


def test_the_template_of_a_workbook_is_one():
    content = pmo_path.template("people.xlsx")

    assert isinstance(content, bytes)
    assert content.startswith(b"PK")


@pytest.mark.parametrize("kind", ["framework", "ratings", "report", "team"])
def test_a_schema_is_that_of_schema(kind):
    assert pmo_path.schema(kind) == json.loads(run("schema", kind).out)


SHEET = "person,department,role,PMO Design\nAna,A,pmo-manager,3\nBo,A,pmo-boss,2\n"


def test_a_batch_writes_what_batch_writes(tmp_path, monkeypatch):
    for folder in ("python", "command"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "people.csv").write_text(SHEET, encoding="utf-8")
    ours, theirs = tmp_path / "python", tmp_path / "command"
    monkeypatch.chdir(ours)

    result = pmo_path.run_batch(
        Path("people.csv"),
        Path("results.jsonl"),
        pmo_path.BatchOptions(
            top=3,
            group_by=["department"],
            summary=Path("team.json"),
            report=Path("team.html"),
            today=today(),
        ),
    )
    ran = run(
        *("batch", "people.csv", "-o", "results.jsonl", "--top", "3"),
        *("--group-by", "department", "--summary", "team.json", "--report", "team.html"),
        cwd=theirs,
    )

    assert ran.code == 1
    assert (result.sheet.read, result.sheet.scored) == (2, 1)
    assert [(reject.line, reject.code) for reject in result.sheet.rejects] == [(3, "PMO613")]
    assert result.rejects == Path("results.rejects.csv")
    names = sorted(path.name for path in theirs.iterdir())
    assert sorted(path.name for path in ours.iterdir()) == names
    for name in names:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()


def test_a_batch_refuses_options_that_do_not_fit(tmp_path):
    (tmp_path / "people.csv").write_text(SHEET, encoding="utf-8")

    with pytest.raises(UsageProblem, match="--long has every gap"):
        pmo_path.run_batch(
            tmp_path / "people.csv",
            tmp_path / "results.csv",
            pmo_path.BatchOptions(long=True, brief=True),
        )
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_nothing_is_printed_and_nothing_exits():
    program = """
import pmo_path, sys
framework = pmo_path.load_framework()
ratings = pmo_path.load_ratings(sys.argv[1], framework)
pmo_path.to_text(pmo_path.assess(framework, ratings), "json")
pmo_path.validate(); pmo_path.template(); pmo_path.schema("report"); pmo_path.rules()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(MANAGER)],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )

    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize("name", pmo_path.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(pmo_path, name)

    assert name == "__version__" or value.__doc__
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert name == "__version__" or f"`{name}" in page
