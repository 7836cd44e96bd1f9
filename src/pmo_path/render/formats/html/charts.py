"""The geometry of charts: positions and sizes, from values that the domain computed.

Bars and trends use percent of the width; a radar uses units of its own view box.
"""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from pmo_path.domain.report import LevelFacts
    from pmo_path.render import document
    from pmo_path.render.document import LevelBar, TrendPoint

RADAR_WIDTH, RADAR_HEIGHT = 480, 340
RADIUS = 105
LABEL_GAP = 16
LABEL_LINE = 15
"""Height of a line of a label."""
LABEL_LINES = 3
LABEL_CHARACTERS = 17


DOT_MIDDLE, DOT_APART = 12, 3
"""The middle of a row of marks, and the distance between two series, in pixels."""
TREND_TOP, TREND_FOOT = 14, 210
"""The lines for 100 and 0 %, in pixels from the top; labels of times are below."""
TREND_CROWD = 24
"""Above this number of marks they are drawn smaller."""
NARROW, WIDE = 270, 540
"""The least width of the lines in pixels, on a phone and from 40rem on."""
CHARACTER, APART = 7, 14
"""The width of a character of a label, and the distance between two labels, in pixels."""


class Stretch(NamedTuple):
    """A part of a bar, in percent of its width."""

    start: str
    width: str


class Tick(NamedTuple):
    """A level on the axis of a bar."""

    at: str
    label: str
    anchor: str
    """The text anchor, so that labels at the ends stay inside."""


class Bar(NamedTuple):
    """One competence: the level, what is missing to the required one, and what exceeds it."""

    have: Stretch | None
    shortfall: Stretch | None
    surplus: Stretch | None
    required: str
    must_have: str | None


def bar(level: LevelBar, scale: Sequence[LevelFacts]) -> Bar:
    """The bar of a level; its parts are None where there is nothing to draw."""
    axis = _Axis(scale)
    rating, required = level.rating, level.required
    return Bar(
        have=None if rating is None else axis.stretch(axis.lowest, min(rating, required)),
        shortfall=None if rating is None or rating >= required else axis.stretch(rating, required),
        surplus=None if rating is None or rating <= required else axis.stretch(required, rating),
        required=axis.at(required),
        must_have=None if level.must_have is None else axis.at(level.must_have),
    )


def ticks(scale: Sequence[LevelFacts]) -> list[Tick]:
    """The levels along a bar."""
    axis = _Axis(scale)
    return [
        Tick(axis.at(level.level), show_number(level.level), _anchor(level, scale))
        for level in scale
    ]


def _anchor(level: LevelFacts, scale: Sequence[LevelFacts]) -> str:
    if level is scale[0]:
        return "start"
    return "end" if level is scale[-1] else "middle"


class _Axis:
    """Levels to percent of the way from the lowest to the highest."""

    def __init__(self, scale: Sequence[LevelFacts]) -> None:
        self.lowest = scale[0].level
        self._length = scale[-1].level - self.lowest

    def at(self, level: Decimal) -> str:
        return _percent((level - self.lowest) / self._length)

    def stretch(self, start: Decimal, end: Decimal) -> Stretch:
        return Stretch(self.at(start), _percent((end - start) / self._length))


def _percent(share: Decimal) -> str:
    return f"{share * 100:.2f}%"


# --- Marks on the scale ---------------------------------------------------------------------------


class Dot(NamedTuple):
    """A mark; marks of different series are a little below each other, so that all are visible."""

    series: int
    at: str
    y: str


class DottedRow(NamedTuple):
    """Marks on one line of the scale."""

    dots: tuple[Dot, ...]
    span: tuple[str, str] | None
    """From the lowest mark to the highest."""
    required: str | None


def dots(
    levels: Sequence[Decimal | None], required: Decimal | None, scale: Sequence[LevelFacts]
) -> DottedRow:
    """The marks of the series that have a level."""
    axis = _Axis(scale)
    known = [level for level in levels if level is not None]
    return DottedRow(
        dots=tuple(
            Dot(series, axis.at(level), _height(series, len(levels)))
            for series, level in enumerate(levels)
            if level is not None
        ),
        span=(axis.at(min(known)), axis.at(max(known))) if len(known) > 1 else None,
        required=None if required is None else axis.at(required),
    )


def _height(series: int, count: int) -> str:
    """A ring holds the dot of the second series, so that both fit in one place."""
    apart = 0 if count <= 2 else DOT_APART * (series - (count - 1) / 2)  # noqa: PLR2004
    return f"{DOT_MIDDLE + apart:.1f}"


# --- Trend ----------------------------------------------------------------------------------------


class TrendMark(NamedTuple):
    """A point of a trend as it is drawn."""

    x: str
    low: str
    high: str
    text: str


class TimeLabel(NamedTuple):
    """A time below a trend."""

    at: str
    text: str
    anchor: str
    is_for_wide: bool
    """Whether there is only room for it where the window is wide."""


class DrawnTrend(NamedTuple):
    """A trend as it is drawn."""

    radius: int
    marks: tuple[TrendMark, ...]
    levels: tuple[tuple[str, str], ...]
    """Horizontal lines and their labels."""
    labels: tuple[TimeLabel, ...]


def trend(points: Sequence[TrendPoint]) -> DrawnTrend:
    """The trend of one or more points, in percent from 0 to 100."""
    few = _labelled(points, (), NARROW)
    many = _labelled(points, few, WIDE)
    return DrawnTrend(
        radius=5 if len(points) <= TREND_CROWD else 3,
        marks=tuple(
            TrendMark(
                _across(point), _up(point.low), _up(point.high), f"{point.label}: {point.text}"
            )
            for point in points
        ),
        levels=tuple((_up(str(level)), f"{level} %") for level in (0, 25, 50, 75, 100)),
        labels=tuple(
            TimeLabel(_across(point), point.label, _edge(point), index >= len(few))
            for index, point in enumerate(many)
        ),
    )


def _labelled(
    points: Sequence[TrendPoint], before: Sequence[TrendPoint], width: int
) -> list[TrendPoint]:
    """Return `before` and as many more points as fit, each farthest from all others."""
    labelled = list(before)

    def distance(point: TrendPoint) -> float:
        return min((abs(point.position - other.position) for other in labelled), default=1)

    def fits(point: TrendPoint) -> bool:
        start, end = _extent(point, width)
        others = (_extent(other, width) for other in labelled)
        return all(end <= other_start or other_end <= start for other_start, other_end in others)

    while fitting := [point for point in points if fits(point)]:
        labelled.append(max(fitting, key=distance))
    return labelled


def _extent(point: TrendPoint, width: int) -> tuple[float, float]:
    """Return where a label begins and ends, the space between labels included."""
    length = (len(point.label) * CHARACTER + APART) / width
    before = {"start": 0.0, "middle": length / 2, "end": length}[_edge(point)]
    return point.position - before, point.position - before + length


def _edge(point: TrendPoint) -> str:
    """Return the text anchor of a label, so that it stays inside a narrow chart."""
    half = (len(point.label) * CHARACTER + APART) / NARROW / 2
    if point.position < half:
        return "start"
    return "end" if point.position > 1 - half else "middle"


def _across(point: TrendPoint) -> str:
    return f"{point.position * 100:.2f}%"


def _up(percent: str) -> str:
    return f"{TREND_FOOT - (TREND_FOOT - TREND_TOP) * float(percent) / 100:.1f}"


# --- Radar --------------------------------------------------------------------------------------


class Point(NamedTuple):
    """A point in the radar's view box."""

    x: str
    y: str


class Spoke(NamedTuple):
    """An axis as it is drawn."""

    end: Point
    now: Point | None
    label: Point
    """The position of the first line of the label."""
    anchor: str
    lines: tuple[str, ...]


class RadarChart(NamedTuple):
    """A radar as it is drawn."""

    rings: tuple[str, ...]
    """Points of polygons."""
    required: str
    now: tuple[str, ...]
    """Points of lines between neighbours that are rated; closed when all are."""
    spokes: tuple[Spoke, ...]


def radar(axes: Sequence[document.Axis], rings: int) -> RadarChart:
    """The radar of three or more axes, with so many rings from the middle to the rim."""
    turns = [2 * math.pi * index / len(axes) for index in range(len(axes))]
    now = [
        None if axis.now is None else _point(turn, axis.now)
        for axis, turn in zip(axes, turns, strict=True)
    ]
    return RadarChart(
        rings=tuple(
            _line(_point(turn, ring / rings) for turn in turns) for ring in range(1, rings + 1)
        ),
        required=_line(
            _point(turn, axis.required) for axis, turn in zip(axes, turns, strict=True)
        ),
        now=tuple(_rated_lines(now)),
        spokes=tuple(
            _spoke(axis.name, turn, point)
            for axis, turn, point in zip(axes, turns, now, strict=True)
        ),
    )


def _rated_lines(points: Sequence[Point | None]) -> list[str]:
    whole = [point for point in points if point is not None]
    if len(whole) == len(points):
        return [_line(whole)]
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return [
        _line((point, after)) for point, after in pairs if point is not None and after is not None
    ]


def _spoke(name: str, turn: float, now: Point | None) -> Spoke:
    lines = _lines(name)
    sideways, upwards = math.sin(turn), math.cos(turn)
    x = RADAR_WIDTH / 2 + (RADIUS + LABEL_GAP) * sideways
    y = RADAR_HEIGHT / 2 - (RADIUS + LABEL_GAP) * upwards
    # A block of lines hangs from its foot above the middle, and from its head below it.
    y -= (len(lines) - 1) * LABEL_LINE * (1 + upwards) / 2
    anchor = "middle" if abs(sideways) < 0.2 else ("start" if sideways > 0 else "end")  # noqa: PLR2004
    return Spoke(_point(turn, 1), now, _at(x, y + LABEL_LINE / 3), anchor, lines)


def _lines(name: str) -> tuple[str, ...]:
    """A name on at most three short lines; what does not fit ends in an ellipsis."""
    lines = wrap(
        name,
        LABEL_CHARACTERS,
        max_lines=LABEL_LINES,
        placeholder="…",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return tuple(
        line if len(line) <= LABEL_CHARACTERS else f"{line[: LABEL_CHARACTERS - 1].rstrip()}…"
        for line in lines
    )


def _point(turn: float, share: float) -> Point:
    return _at(
        RADAR_WIDTH / 2 + RADIUS * share * math.sin(turn),
        RADAR_HEIGHT / 2 - RADIUS * share * math.cos(turn),
    )


def _at(x: float, y: float) -> Point:
    return Point(f"{x:.1f}", f"{y:.1f}")


def _line(points: Iterable[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)
