"""Plans made by hand, for tests of what is made of a plan."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pmo_path.domain.bands import BandFacts
from pmo_path.domain.plan.model import ActionKind, Guess, Limits, Method, Money, Worth
from pmo_path.domain.plan.result import (
    ActionStatus,
    EarlierAction,
    Mix,
    OpenGap,
    OpenReason,
    Phase,
    Plan,
    PlannedAction,
    Raise,
    Standing,
)
from pmo_path.domain.report import FrameworkFacts, LevelFacts, MissingMustHave, Reference
from pmo_path.domain.scoring import Readiness, Status

D = Decimal
START = datetime.date(2026, 11, 30)


def day(week: int, weekday: int = 4) -> datetime.date:
    """A weekday (0 for Monday) of a week of the plan."""
    return START + datetime.timedelta(weeks=week, days=weekday)


def action(text: str = "", **fields: Any) -> PlannedAction:
    """A step at work, with `text` in every field that a person or a framework's owner typed."""
    values: dict[str, Any] = {
        "id": "step:strategic-thinking:4",
        "kind": ActionKind.STEP,
        "title": f"Write the PMO's strategy{text}",
        "raises": (Raise(Reference("strategic-thinking", f"Strategy{text}"), D(3), D(4), D(5)),),
        "needed_for": (),
        "for_must_have": True,
        "first_move": f"Ask the sponsor for an hour{text}",
        "hours_range": (D(20), D(30)),
        "weeks": 8,
        "starts": START,
        "due": day(7),
        "start": "ask",
        "supporters": (f"A strategy director{text}",),
        "supporter": "",
        "evidence_to_collect": (f"The paper, signed off{text}",),
        "cost": Money(D(0), "EUR"),
        "guesses": (),
        "status": ActionStatus.OPEN,
        "done_on": None,
        "pinned": False,
        "note": f"agreed with Kim{text}",
        "share_of_trials": Fraction(1),
        "buys": Worth(1, D(5), D(25)),
    }
    return PlannedAction(**{**values, **fields})


def standing(percent: int, date: datetime.date, missing: int) -> Standing:
    share = Fraction(percent)
    return Standing(
        date,
        Readiness(share, share, share + 5, D(percent), D(100)),
        BandFacts("building", "Building", D(50), None, None),
        None,
        2,
        4,
        (MissingMustHave("strategic-thinking", "Strategy", Status.RATED),)[:missing],
    )


def plan(text: str = "", **fields: Any) -> Plan:
    """A plan of two actions; `text` as in `action`."""
    course = action(
        text,
        id="course:strategy-seminar",
        kind=ActionKind.COURSE,
        title=f"Strategy seminar{text}",
        for_must_have=False,
        first_move="",
        hours_range=(D(16), D(16)),
        weeks=4,
        starts=day(8, 0),
        due=day(11),
        start=None,
        supporters=(),
        evidence_to_collect=(),
        cost=Money(D(1200), "EUR"),
        guesses=(Guess.HOURS, Guess.COST),
        note="",
        status=ActionStatus.DONE,
        done_on=day(11),
        share_of_trials=Fraction(1, 2),
        buys=Worth(0, D(0), D(0)),
    )
    actions = (action(text), course)
    values: dict[str, Any] = {
        "framework": FrameworkFacts("pmo", "1.0.0", f"PMO{text}", "", "abc123", ""),
        "person": f"Ana{text}",
        "role": Reference("pmo-director", f"PMO Director{text}"),
        "rated_on": datetime.date(2026, 11, 23),
        "starts": START,
        "ends": day(25),
        "limits": Limits(D(4), 26, budget=Money(D(2000), "EUR")),
        "reach": None,
        "reaches_band": True,
        "method": Method.EXACT,
        "worth": Worth(1, D(8), D(41)),
        "bound": None,
        "actions": actions,
        "excluded": (Reference("course:long-one", f"A long one{text}"),),
        "now": standing(55, START, 1),
        "phases": (
            Phase(30, (), standing(55, day(4, 1), 1)),
            Phase(60, (actions[0].id,), standing(60, day(8, 3), 0)),
            Phase(90, (actions[1].id,), standing(62, day(12, 6), 0)),
            Phase(None, (), standing(62, day(25), 0)),
        ),
        "end": standing(62, day(25), 0),
        "open_gaps": tuple(
            OpenGap(Reference(f"c{index}", f"Gap {reason}{text}"), D(2), D(4), D(3), reason)
            for index, reason in enumerate(OpenReason)
        ),
        "rate_first": (Reference("pmo-team", f"Team{text}"),),
        "not_applicable": (Reference("pmo-tools", f"Tools{text}"),),
        "strengths_to_use": tuple(
            Reference(f"s{index}", f"Strength {index}{text}") for index in range(5)
        ),
        "mix": Mix(D(25), D(16)),
        "reviews": (day(8), day(12)),
        "rate_again": day(25),
        "left_out": (
            EarlierAction(
                *("step:pmo-design:2", START, day(3), ActionStatus.DONE, day(3)),
                *(False, "", f"did this in March{text}"),
            ),
        ),
        "trials": 25,
        "scale": (LevelFacts(D(3), f"Competent{text}"), LevelFacts(D(4), "Strong")),
        "levels_at_end": {"strategic-thinking": D(4)},
    }
    return Plan(**{**values, **fields})
