"""The page of the gap report: what is in the file, without a browser."""

from __future__ import annotations

import json
import re

import pytest
from tests.hostile import TEXTS, shown, write_framework, write_ratings
from tests.html_page import Seen, keeps_to_itself
from tests.support import EXAMPLES, ROOT, run

MANAGER = EXAMPLES / "ratings-manager.yaml"
FOREIGN = ROOT / "tests/frameworks/foreign/sevens.yaml"


def test_the_page_keeps_to_itself_and_stays_small():
    page = run("assess", MANAGER, "--format", "html", "--explain").out

    keeps_to_itself(page)
    assert len(page.encode()) < 300_000


def test_the_page_says_everything_that_the_table_says():
    report = json.loads(run("assess", MANAGER, "--format", "json").out)
    text = Seen(run("assess", MANAGER, "--format", "html").out).text

    assert report["verdict"] in text
    for result in report["results"]:
        assert result["name"] in text
        assert result["evidence"] in text
    for option in report["training"]:
        assert option["title"] in text
        assert option["note"] in text
    for priority in report["priorities"]:
        for said in (priority["why"], priority["experience"]["do"], *priority["exposure"]):
            assert said in text
        assert all(proof in text for proof in priority["evidence_to_collect"])
    for nudge in report["nudges"]:
        assert nudge["text"] in text
    about = report["framework"]
    for said in (about["title"], about["version"], about["content_hash"], about["notice"]):
        assert said in text
    assert report["reminder"] in text


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_is_seen_as_itself_and_makes_no_element(tmp_path, kind):
    def page(text: str) -> Seen:
        framework = write_framework(tmp_path / "framework.yaml", text)
        ratings = write_ratings(tmp_path / "ratings.json", text)
        ran = run("assess", ratings, "--framework", framework, "--format", "html")
        assert (ran.code, ran.err) == (0, "")
        return Seen(ran.out)

    hostile, tame = page(TEXTS[kind]), page("tame")

    assert hostile.shape() == tame.shape()
    told = (
        "first move",
        "expects",
        "person",
        "rater",
        "evidence",
        "Competence 0",
        "do",
        "mentor",
        "proof",
        "course",
    )
    for field in (*told, "provider", "note", "notice", "title", "role", "domain", "early"):
        assert f"{field} tame" in tame.text
        assert shown(f"{field} {TEXTS[kind]}") in hostile.text


@pytest.mark.parametrize("format_", ["table", "markdown", "csv", "json"])
@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_is_seen_as_itself_in_every_other_format(tmp_path, kind, format_):
    framework = write_framework(tmp_path / "framework.yaml", TEXTS[kind])
    ratings = write_ratings(tmp_path / "ratings.json", TEXTS[kind])

    ran = run("assess", ratings, "--framework", framework, "--format", format_)

    assert (ran.code, ran.err) == (0, "")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.out)
    if format_ in {"table", "csv"}:
        said = re.sub(r"\s", "", ran.out.replace('""', '"'))
        assert re.sub(r"\s", "", shown(f"evidence {TEXTS[kind]}" * (format_ == "csv"))) in said
        assert re.sub(r"\s", "", shown(f"Competence 0 {TEXTS[kind]}")) in said


@pytest.mark.parametrize(
    "ratings",
    [
        "ratings: {}",
        "ratings: {prüfen: n/a}",
        "ratings: {prüfen: 7, anleiten: 7, no: 7}",
        "ratings: {prüfen: 1, anleiten: 1, no: 1}",
    ],
)
@pytest.mark.parametrize("role", ["geselle", "meisterin", "fachfrau"])
def test_any_framework_makes_a_page(ratings, role):
    ran = run(
        *("assess", "-", "--role", role, "--framework", FOREIGN, "--format", "html"),
        stdin=ratings.encode(),
    )

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("<!doctype html>")
    assert "Wegweiser" in ran.out


def test_explain_opens_every_fold():
    closed = Seen(run("assess", MANAGER, "--format", "html").out).elements
    opened = Seen(run("assess", MANAGER, "--format", "html", "--explain").out).elements

    folds = [attributes for tag, attributes in closed if tag == "details"]
    assert len(folds) > 27
    assert not any("open" in attributes for attributes in folds)
    assert all("open" in attributes for tag, attributes in opened if tag == "details")


def test_open_shows_the_file_in_the_browser_of_the_person(tmp_path):
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/asked"\n', encoding="utf-8")
    browser.chmod(0o755)

    ran = run("assess", MANAGER, "-o", tmp_path / "me.html", "--open", BROWSER=str(browser))

    assert ran == (0, "", f"Wrote {tmp_path / 'me.html'}.\n")
    assert (tmp_path / "asked").read_text().strip() == (tmp_path / "me.html").as_uri()


@pytest.mark.parametrize("options", [[], ["--format", "html"]])
def test_open_chooses_a_name_that_no_file_has(tmp_path, options):
    (tmp_path / "report-2.html").write_text("mine", encoding="utf-8")

    runs = [
        run("assess", MANAGER, "--open", *options, cwd=tmp_path, BROWSER="true") for _ in range(2)
    ]

    assert [ran.err for ran in runs] == ["Wrote report.html.\n", "Wrote report-3.html.\n"]
    assert all((ran.code, ran.out) == (0, "") for ran in runs)
    assert (tmp_path / "report-2.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "options", [["--format", "csv"], ["-o", "me.txt"], ["--format", "html", "-o", "-"]]
)
def test_open_without_a_page_in_a_file_is_a_usage_error(tmp_path, options):
    ran = run("assess", MANAGER, "--open", *options, cwd=tmp_path)

    assert ran == (
        2,
        "",
        "pmo-path: --open shows a page that is saved to a file. Add --output report.html.\n",
    )
    assert list(tmp_path.iterdir()) == []
