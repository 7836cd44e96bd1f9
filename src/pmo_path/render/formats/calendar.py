"""The dates of a result as a calendar (.ics), which calendars import, and update by its ids.

An event keeps its id whatever its dates and texts become, and its sequence number grows with time,
so that a calendar which has the event moves it instead of adding a second one.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, TextIO
from uuid import UUID, uuid5

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    import icalendar

    from pmo_path.render.formats.registry import Calendar, Event
    from pmo_path.render.words import TextStyle

NEEDED = "Writing .ics needs icalendar; install it with: pip install 'pmo-path[plan]'"
_IDS = UUID("6d4f7c0e-3a58-5f0b-9a50-7a1a52d4a7f1")
"""What makes our ids different from those of other programs."""
_FIRST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
"""When the sequence numbers begin, which count minutes."""
_REMINDER = datetime.timedelta(hours=-15)
"""How long before the midnight of a day one is reminded of it: at 9 o'clock the day before."""


def write(calendar: Calendar, out: TextIO, _style: TextStyle) -> None:
    """Write the dates of a result. Raises UsageProblem where the library for it is missing."""
    try:
        import icalendar  # noqa: PLC0415  an extra
    except ImportError:
        raise UsageProblem(NEEDED) from None
    written = icalendar.Calendar()
    written.add("prodid", "-//pmo-path//plan//EN")
    written.add("version", "2.0")
    written.add("method", "PUBLISH")
    written.add("x-wr-calname", one_line(calendar.name))
    for event in calendar.events:
        written.add_component(_event(calendar, event))
    content: bytes = written.to_ical()
    out.write(content.decode())


def _event(calendar: Calendar, event: Event) -> icalendar.Event:
    import icalendar  # noqa: PLC0415  an extra

    stamp = calendar.made_at.astimezone(datetime.UTC).replace(microsecond=0)
    written = icalendar.Event()
    written.add("uid", f"{uuid5(_IDS, chr(0).join((*calendar.key, event.key)))}@pmo-path")
    written.add("dtstamp", stamp)
    written.add("last-modified", stamp)
    written.add("sequence", int((stamp - _FIRST).total_seconds()) // 60)
    written.add("dtstart", event.starts)
    # The end of an event is the day after its last one.
    written.add("dtend", event.ends + datetime.timedelta(days=1))
    written.add("summary", one_line(event.title))
    if event.lines:
        written.add("description", "\n".join(map(one_line, event.lines)))
    written.add("transp", "TRANSPARENT")
    if event.is_reminded:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one_line(event.title))
        alarm.add("trigger", _REMINDER)
        written.add_component(alarm)
    return written
