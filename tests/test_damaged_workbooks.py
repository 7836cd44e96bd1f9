"""A workbook that is damaged anywhere is read or refused, and never an error of the program."""

from __future__ import annotations

import random
import zipfile

import openpyxl
import pytest
from tests.damage import refused
from tests.support import run
from tests.test_batch import FRAMEWORK

FILES = 80
PART = "xl/worksheets/sheet1.xml"


@pytest.fixture
def sound(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["person", "Planning", "Risk Management", "share"])
    for number in range(40):
        workbook.active.append([f"P{number}", number % 4, number % 3, number / 40])
        workbook.active.cell(number + 2, 4).number_format = "0%"
    path = tmp_path / "people.xlsx"
    workbook.save(path)
    return path


def batch(path):
    return run("batch", path, "--framework", FRAMEWORK, "--role", "lead")


def packed(path):
    """Where the packed bytes of the sheet begin and end in the file."""
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(PART)
    content = path.read_bytes()
    start = content.index(PART.encode(), member.header_offset) + len(PART)
    return start, start + member.compress_size


def damaged(content, dice, start, end, flips):
    changed = bytearray(content)
    for _ in range(flips):
        changed[dice.randrange(start, end)] ^= dice.randrange(1, 256)
    return bytes(changed)


def test_whatever_is_damaged_the_workbook_is_read_or_refused(sound):
    dice = random.Random(7)
    content, sheet = sound.read_bytes(), packed(sound)
    ranges = [sheet if number % 2 else (4, len(content)) for number in range(FILES)]

    problems = refused(
        sound,
        (damaged(content, dice, start, end, dice.choice([1, 3, 40])) for start, end in ranges),
    )

    assert len(problems) > FILES // 2
    assert all(problem.message.isprintable() for problem in problems)


def test_a_sheet_that_cannot_be_unpacked_is_refused(sound):
    content = sound.read_bytes()
    start, end = packed(sound)
    sound.write_bytes(damaged(content, random.Random(1), start, end, 40))

    ran = batch(sound)

    assert (ran.code, ran.out) == (3, "")
    assert "PMO605 error: this workbook cannot be read: " in ran.err


def test_parts_that_lzma_cannot_unpack_are_refused_by_every_reader(tmp_path):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for part in ("xl/workbook.xml", "docProps/custom.xml", PART):
            archive.writestr(part, "<x>" + "a" * 5000)
    content = bytearray(path.read_bytes())
    for member in zipfile.ZipFile(path).infolist():
        start = member.header_offset + 30 + len(member.filename)
        content[start + 4 : start + 9] = b"\xff" * 5  # the properties of the stream
    path.write_bytes(content)

    in_a_folder = run("batch", tmp_path / "in", "-o", tmp_path / "out.csv")

    refusal = f"{path}: PMO605 error: this workbook cannot be read: "
    assert (batch(path).code, in_a_folder.code) == (3, 3)
    assert batch(path).err.startswith(refusal)
    assert refusal in in_a_folder.err
    assert run("assess", path).err.startswith(refusal)


def test_a_number_that_cannot_be_rounded_is_carried_as_it_is(sound):
    workbook = openpyxl.load_workbook(sound)
    workbook.active["D2"] = 1e30
    workbook.save(sound)

    ran = batch(sound)

    assert ran.code == 0
    assert f"1{'0' * 32}%" in ran.out


@pytest.mark.parametrize(
    ("flags", "method", "words"),
    [
        (1, 0, "this zip file is encrypted"),
        (0, 99, "this workbook cannot be read: That compression method is not supported"),
    ],
    ids=["encrypted", "packed in an unknown way"],
)
def test_a_zip_that_cannot_be_unpacked_is_refused(tmp_path, flags, method, words):
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    changed = bytearray(path.read_bytes())
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.index(header) + offset
        changed[place : place + 4] = bytes([flags, 0, method, 0])
    path.write_bytes(bytes(changed))

    ran = batch(path)

    assert (ran.code, ran.out) == (3, "")
    assert f"PMO605 error: {words}" in ran.err


@pytest.mark.parametrize(
    ("part", "before", "after", "words"),
    [
        (
            "xl/styles.xml",
            b'patternType="gray125"',
            b'patternType="x"',
            "could not read stylesheet",
        ),
        (
            "xl/workbook.xml",
            b"<workbook",
            b'<?xml version="1.0" encoding="x"?><workbook',
            "it holds what is no",
        ),
    ],
    ids=["style", "encoding"],
)
def test_a_part_that_cannot_be_read_is_named_without_the_reader_s_own_words(
    sound, part, before, after, words
):
    path = sound.with_name("damaged.xlsx")
    with zipfile.ZipFile(sound) as archive, zipfile.ZipFile(path, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, content.replace(before, after, 1) if name == part else content)

    ran = batch(path)

    assert (ran.code, ran.out) == (3, "")
    assert f"PMO605 error: this workbook cannot be read: {words}" in ran.err
    assert "exception" not in ran.err
