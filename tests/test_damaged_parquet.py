"""A Parquet file that is damaged anywhere is an input that cannot be read, never a full disk."""

from __future__ import annotations

import random

import duckdb
import pytest
from tests.damage import refused, score

from pmo_path.batch import people_sheet
from pmo_path.domain.errors import InputInvalid, OutputFailed

FILES = 150


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "people.parquet"
    people = (
        "SELECT 'P' || i AS person, (i % 4)::DOUBLE AS Planning, "
        '(i % 3)::INTEGER AS "Risk Management" FROM range(20) AS numbers(i)'
    )
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({people}) TO '{path}' (FORMAT parquet)")
    return path


def damaged(content, dice, number):
    """The content with some bytes changed, and every tenth time cut off."""
    changed = bytearray(content)
    for _ in range(dice.choice([1, 1, 3, 10])):
        changed[dice.randrange(4, len(changed))] = dice.randrange(256)
    return bytes(changed[: dice.randrange(4, len(changed))] if number % 10 == 0 else changed)


def test_whatever_is_damaged_the_file_is_read_or_refused(sound):
    dice = random.Random(7)
    content = sound.read_bytes()

    problems = refused(sound, (damaged(content, dice, number) for number in range(FILES)))

    unreadable = [problem for problem in problems if problem.code == "PMO605"]
    assert len(unreadable) > FILES // 2
    assert all(
        problem.message.startswith("this Parquet file is damaged or incomplete: ")
        for problem in unreadable
    )
    assert all(problem.message.isprintable() for problem in unreadable)


def test_a_column_that_is_longer_than_the_file_is_damage(sound):
    """The engine fails on it as on a disk that cannot be read."""
    content = sound.read_bytes()
    start = content.index(b"P0")
    sound.write_bytes(content[:start] + content[start + 60 :])

    with pytest.raises(InputInvalid) as raised:
        score(sound)

    assert "damaged or incomplete" in raised.value.diagnostics[0].message


def test_a_full_disk_is_not_taken_for_a_damaged_file(sound, monkeypatch):
    def full(*_):
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr(people_sheet, "_copied", full)

    with pytest.raises(OutputFailed, match="ran out of room"):
        score(sound)
