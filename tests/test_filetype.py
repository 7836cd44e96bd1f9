"""What a file is, and that no command parses one twice."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.support import EXAMPLES, run

from pmo_path.readers import parsed, yaml
from pmo_path.readers.files import PARQUET, ZIP, signature_of
from pmo_path.readers.filetype import FileType, identify

PEOPLE = "person,role,Strategic Thinking\nAna,pmo-director,3\n"
RATINGS = "ratings: {strategic-thinking: 3}\ndate: 2026-03-01\n"
OVERLAY = "extends: pmo\nframework: {id: ours, version: 1.0.0}\n"
TYPES = [
    ("a.yaml", RATINGS, FileType.RATINGS),
    ("a.json", '{"ratings": {}}', FileType.RATINGS),
    ("a.txt", '{"ratings": {}}', FileType.RATINGS),
    ("a.csv", "competence,rating\nplanning,3\n", FileType.RATINGS),
    ("a.yaml", OVERLAY, FileType.FRAMEWORK),
    ("a.yaml", "domains: {d: {}}\n", FileType.FRAMEWORK),
    ("a.csv", PEOPLE, FileType.PEOPLE),
    ("a.yaml", PEOPLE, FileType.PEOPLE),
    ("a.csv", "person,competence,rating\nAna,c,1\nBo,c,1\n", FileType.PEOPLE),
    ("a.csv", "rejected_file,rejected_line\np.csv,2\n", FileType.REJECTS),
    ("a.json", '{"schema": 1, "reminder": "x"}', FileType.RESULT),
    ("a.xlsx", "PK\x03\x04 xl/workbook", FileType.WORKBOOK),
    ("a.parquet", "PAR1", FileType.PARQUET),
    ("a.yaml", "kind: plan\nratings: {}\n", FileType.PLAN),
    ("a.yaml", "a: 1\n", None),
    ("a.yaml", "ratings: {}\nroles: {}\n", None),
    ("a.yaml", "ratings: [\n", None),
    ("a.yaml", "", None),
]


@pytest.mark.parametrize(("name", "text", "expected"), TYPES)
def test_a_file_is_told_by_its_signature_its_name_its_header_or_its_keys(name, text, expected):
    assert identify(text.encode(), name).type is expected


@pytest.mark.parametrize(
    ("text", "is_framework", "is_ratings"),
    [
        ("roles: {}\n", True, False),
        ("rating: {}\n", False, True),
        ("a: 1\n", False, False),
        ("- a\n", False, False),
        ("roles: [\n", True, False),
        ("ratings: [\n", False, True),
        ("b: [\n", False, False),
        ("# nothing\n", True, False),
        ("", True, True),
        ("\xff", True, True),
    ],
)
def test_a_file_with_mistakes_may_be_meant_as_what_its_keys_say(text, is_framework, is_ratings):
    content = text.encode("latin-1")

    framework = identify(content, "a.yaml", FileType.FRAMEWORK)
    ratings = identify(content, "a.yaml")

    assert (framework.may_be_framework, ratings.may_be_ratings) == (is_framework, is_ratings)


def test_a_signature_is_looked_up_in_one_table():
    assert signature_of(b"PK\x03\x04rest") is ZIP
    assert signature_of(b"PAR1") is PARQUET
    assert signature_of(b"person,role") is None
    assert "PDF" in str(signature_of(b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("validate .", 1),
        ("validate ours.yaml also-ours.yaml", 0),
        ("assess wrong.yaml --role pmo-director --framework ours.yaml", 3),
        ("assess march.yaml --role pmo-director", 0),
        ("compare march.yaml wrong.yaml", 3),
        ("compare march.yaml june.json --role pmo-director", 0),
        ("history .", 3),
        ("diff ours.yaml also-ours.yaml --ratings march.yaml", 0),
        ("batch sheet.yaml --role pmo-director", 0),
    ],
)
def test_no_command_parses_a_file_twice(tmp_path, monkeypatch, command, code):
    files = {
        "march.yaml": RATINGS,
        "june.json": '{"ratings": {"strategic-thinking": 4}, "date": "2026-06-01"}',
        "wrong.yaml": "ratings: {nothing: 3}\n",
        "torn.yaml": "ratings: [\n",
        "ours.yaml": OVERLAY,
        "also-ours.yaml": OVERLAY + "roles: {pmo-director: {name: Head}}\n",
        "roles.yaml": "roles: {r: {name: R}}\n",
        "other.yaml": "a: 1\n",
        "sheet.yaml": PEOPLE,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    parses: Counter[str] = Counter()
    parse_yaml = yaml.parse_yaml

    def counting(text: str):
        parses[text] += 1
        return parse_yaml(text)

    monkeypatch.setattr(parsed, "parse_yaml", counting)

    ran = run(*command.split(), cwd=tmp_path)

    assert ran.code == code, ran.err
    assert parses
    assert set(parses.values()) == {1}, [text[:40] for text, count in parses.items() if count > 1]


def test_a_workbook_is_no_text(tmp_path):
    run("template", "people.xlsx", "-o", "people.xlsx", cwd=tmp_path)
    workbook = identify((tmp_path / "people.xlsx").read_bytes(), "people")

    assert (workbook.type, workbook.is_table) == (FileType.WORKBOOK, True)
    assert identify((EXAMPLES / "people.csv").read_bytes(), "x").is_table
