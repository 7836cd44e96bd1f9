"""Levels, weights, percentages and versions: exact numbers and how they are written.

Every number that a file may hold is a decimal with few digits, so sums, differences and products
of them are exact; the one division in the scoring method yields a fraction.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

MAX_MAGNITUDE = 1000
"""The largest level or weight a file may hold."""
MAX_DECIMALS = 4
"""Decimal places a level or weight may have; with the magnitude it keeps all sums exact."""

SHOWN_DECIMALS = MAX_DECIMALS
"""Decimal places that are shown of a level that has no finite form."""
_FINITE_DECIMALS = 20
"""A quotient with more places than this has no finite form: it is cut at 28 digits."""

NOT_A_NUMBER = "expected a number"
"""The error of `exact` for something that is not a number."""

_NOISE = Decimal("1e-9")
"""The tolerance of a computed level: more than any rounding error, less than any half level."""

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,6}(?:[.,][0-9]{1,20})?"
    # So programs write what floating-point arithmetic leaves of nothing: 5.55e-17.
    r"|[0-9](?:[.,][0-9]{1,20})?[eE]-[1-9][0-9]{1,2})",
    re.ASCII,
)
_VERSION = r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})"

VersionNumber = tuple[int, int, int]
"""Major, minor and patch of a framework's version."""


def exact(value: Any) -> Decimal:
    """The exact decimal behind a number from a file or from Python code.

    Raises ValueError for anything that is not a plain number of at most four decimal places
    between -1000 and 1000: True, text, NaN and infinity among them.
    """
    return bounded(value, MAX_MAGNITUDE, MAX_DECIMALS)


def exact_or_none(value: Any) -> Decimal | None:
    """As `exact`, but None for an invalid number."""
    try:
        return exact(value)
    except ValueError:
        return None


def bounded(value: Any, largest: int, places: int) -> Decimal:
    """As `exact`, for a number between -`largest` and `largest` of at most `places` decimal places."""
    if type(value) is int:
        number = Decimal(value)
    elif isinstance(value, Decimal):
        number = value
    elif isinstance(value, float):
        number = Decimal(repr(value))
    else:
        raise ValueError(NOT_A_NUMBER)
    if not number.is_finite() or abs(number) > largest:
        raise ValueError(f"expected a number between -{largest} and {largest}")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        raise ValueError(f"expected at most {places} decimal places")
    return number


def parse_number(text: str) -> Decimal | None:
    """The number that a person wrote (`3`, `3.0`, `2,5`), or None when it is not one.

    Only plain ASCII digits count: `1_0`, `0x3`, `1e1`, `nan` and digits of other scripts do not.
    An exponent is read only where it makes a number smaller than 1e-9, which is noise.
    """
    if _NUMBER.fullmatch(text) is None:
        return None
    return Decimal(text.replace(",", "."))


def level_near(number: Decimal, levels: Iterable[Decimal]) -> Decimal | None:
    """The level that a number is, but for the noise of floating-point arithmetic.

    A spreadsheet's mean of 5, 5 and 5 may be 5.000000000000001. None when no level is within
    1e-9 of the number.
    """
    bounds = ((level, level - _NOISE, level + _NOISE) for level in levels)
    return next((level for level, low, high in bounds if low <= number <= high), None)


def show_number(value: Decimal) -> str:
    """A level, gap or weight as people write it: `3`, `2.5`, never `3.0` or `1E+1`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_level(level: Decimal) -> str:
    """A level as shown wherever several raters may have it between them.

    It is exact where it has a finite form, as every level of a scale and every median has. What
    has none, such as a mean of three raters, is rounded half up to `SHOWN_DECIMALS` places.
    """
    exponent = level.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_FINITE_DECIMALS:
        level = level.quantize(Decimal(1).scaleb(-SHOWN_DECIMALS), ROUND_HALF_UP)
    return show_number(level)


def one_decimal(value: Fraction) -> str:
    """A share, percentage or difference to one decimal, half away from zero: 37/8 becomes `4.6`."""
    size = abs(value)
    tenths = (size.numerator * 20 + size.denominator) // (size.denominator * 2)
    return f"{'-' if value < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def up_to_tenths(value: Fraction) -> Decimal:
    """A distance of 0 or more, rounded up to one decimal, so that what is left is never 0.0."""
    tenths = -(-value.numerator * 10 // value.denominator)
    return Decimal(tenths) / 10


def signed(number: str) -> str:
    """A difference as people write it, from its digits: `+1`, `-1`, `0`."""
    return number if number[0] == "-" or not number.strip("0.") else f"+{number}"


Number = Annotated[Decimal, BeforeValidator(exact)]
"""An exact number: a level, a weight or a count of days."""

# Pydantic applies the last annotation first, so bounds come before the conversion.
Positive = Annotated[Decimal, Field(gt=0), BeforeValidator(exact)]
"""A number above zero."""

NotNegative = Annotated[Decimal, Field(ge=0), BeforeValidator(exact)]
"""A number of 0 or more."""

Percent = Annotated[Decimal, Field(ge=0, le=100), BeforeValidator(exact)]
"""A number from 0 to 100."""


def parse_version(text: str) -> VersionNumber | None:
    """Return the three numbers of a version such as `1.4.0`, or None if it is anything else."""
    match = re.fullmatch(_VERSION, text, re.ASCII)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3]))
