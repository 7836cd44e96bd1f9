"""The text of a workbook's cell as a spreadsheet program shows it."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from pmo_path.domain.numbers import MAX_DECIMALS, show_number

_EXACT = 1e15
_LARGE = 20
"""Numbers with more digits cannot be rounded to decimals."""
_ZEROS = re.compile("0{2,20}")
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[[^\]]*\]|(?P<plain>.)",
    re.DOTALL,
)
"""Pieces of a format: text, what is as wide as a character or fills a cell, a currency, colours."""
_DIGITS = frozenset("0#?.,/")
_SIGNS = frozenset("$¢£¤¥฿€₤₩₪₫₭₮₱₲₴₵₸₹₺₼₽₾₿")
_UNITS = frozenset(
    {
        "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "k", "km", "m", "min", "mins",
        "minute", "minutes", "mo", "month", "months", "w", "week", "weeks", "y", "year", "years",
        "yr", "yrs", "percent", "percentage", "pct",
        "jahr", "jahre", "monat", "monate", "prozent", "std", "stunde", "stunden", "tag", "tage",
        "woche", "wochen", "an", "ans", "année", "années", "heure", "heures", "jour", "jours",
        "mois", "semaine", "semaines", "año", "años", "día", "días", "hora", "horas", "mes",
        "meses", "semana", "semanas",
        "aud", "cad", "chf", "cny", "czk", "dkk", "eur", "euro", "euros", "gbp", "huf", "inr",
        "jpy", "nok", "nzd", "pln", "ron", "sek", "try", "usd", "zar", "kr", "zł", "fr",
    }
)  # fmt: skip
"""Words behind or before a number that make it an amount of something, and no level."""
_WORD = re.compile(r"[^\W\d_]+")


class _Shown(NamedTuple):
    """How a number format shows an amount."""

    before: str
    after: str
    is_percent: bool


def text_of_cell(value: Any, number_format: str | None) -> str:
    """The text of a cell's value.

    A number keeps all its digits, whatever its format shows. Percentages, amounts of money and
    durations keep their units, so that they are not read as levels.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, number_format or "")
        case datetime.datetime():
            midnight = value.time() == datetime.time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
        case _:
            return str(value)


def _number(value: float, number_format: str) -> str:
    shown = _amount(number_format)
    if shown is not None:
        number = _rounded(Decimal(repr(value)) * (100 if shown.is_percent else 1))
        return f"{shown.before}{show_number(number)}{shown.after}"
    if isinstance(value, int) and _ZEROS.fullmatch(number_format):
        return format(value, f"0{len(number_format)}d")
    return _digits(value)


def _rounded(number: Decimal) -> Decimal:
    """The number without the noise of binary fractions."""
    is_large = not number.is_finite() or number.adjusted() >= _LARGE
    return number if is_large else round(number, MAX_DECIMALS)


def _digits(value: float) -> str:
    return str(value).removesuffix(".0") if abs(value) < _EXACT else str(value)


@lru_cache(maxsize=100_000)
def _amount(number_format: str) -> _Shown | None:
    """How a format shows an amount; None if it shows a bare number, or one with other words."""
    if _DIGITS.issuperset(number_format):
        return None
    before, after, is_percent, is_money = "", "", False, False
    has_digits = False
    for part in _PART.finditer(_first_section(number_format)):
        plain, currency = part["plain"] or "", part["currency"] or ""
        if plain and plain in "0#?":
            has_digits = True
            continue
        shown = (
            part["quoted"]
            or part["escaped"]
            or currency
            or (plain if plain not in _DIGITS else "")
        )
        is_percent |= plain == "%"
        is_money |= bool(currency) or not _SIGNS.isdisjoint(shown)
        before, after = (before, after + shown) if has_digits else (before + shown, after)
    units = _WORD.findall(f"{before} {after}".casefold())
    if is_percent or is_money or "%" in before + after or any(word in _UNITS for word in units):
        return _Shown(before, after, is_percent)
    return None


def _first_section(number_format: str) -> str:
    """The part of a format that is for numbers above zero."""
    section = []
    for part in _PART.finditer(number_format):
        if part["plain"] == ";":
            break
        section.append(part[0])
    return "".join(section)
