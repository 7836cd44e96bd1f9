"""Ids made from names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from pmo_path.domain.fields import MAX_ID

if TYPE_CHECKING:
    from collections.abc import Container, Iterable


def slug(name: str, default: str) -> str:
    """An id from a name: `Größe & Form` becomes `grosse-form`; `default` for one without letters.

    Letters of any script and digits stay, in lower case and without accents.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    composed = unicodedata.normalize("NFC", "-".join(spaced.split()))
    return composed[:MAX_ID].strip("-") or default


def free_id(candidates: Iterable[str], taken: Container[str]) -> str:
    """The first candidate that is not taken; else the last one with a number behind it."""
    last = ""
    for candidate in candidates:
        last = candidate[:MAX_ID].strip("-")
        if last not in taken:
            return last
    number = 2
    while (numbered := f"{last[: MAX_ID - len(f'-{number}')]}-{number}") in taken:
        number += 1
    return numbered
