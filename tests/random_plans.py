"""Random actions, limits and levels for plans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pmo_path.domain.plan.model import Action, ActionKind, Effect, Limits, Need

COMPETENCES = ("c0", "c1", "c2", "c3")
LEVELS = [Decimal(level) for level in range(6)]


def step(competence: str, to: int, **facts: Any) -> Action:
    """A step from the level below, of 8 hours in 4 weeks that needs nobody."""
    effect = Effect(competence, Decimal(to - 1), Decimal(to))
    return action(f"step:{competence}:{to}", ActionKind.STEP, (effect,), **facts)


def course(key: str, *effects: Effect, **facts: Any) -> Action:
    """A course of 8 hours in 4 weeks."""
    return action(f"course:{key}", ActionKind.COURSE, effects, **facts)


def action(key: str, kind: ActionKind, effects: tuple[Effect, ...], **facts: Any) -> Action:
    """An action with facts that differ from the usual ones; hours and weeks are numbers."""
    hours, weeks = (
        Decimal(str(facts.pop(name, usual))) for name, usual in (("hours", 8), ("weeks", 4))
    )
    usual: dict[str, Any] = {
        "title": key,
        "competence": effects[0].competence,
        "effects": effects,
        "hours": (hours, hours),
        "weeks": (weeks, weeks),
        "needs_assignment": False,
        "cost": None,
        "after": (),
        "guesses": frozenset(),
        "first_move": "",
        "start": None,
    }
    return Action(id=key, kind=kind, **{**usual, **facts})


def limits(hours: object = 4, weeks: int = 26, **facts: Any) -> Limits:
    """Limits of 4 hours a week for 26 weeks, or others."""
    return Limits(Decimal(str(hours)), weeks, **facts)


def need(competence: str, level: int, required: int, **facts: Any) -> Need:
    """A gap of importance 1 that is no must-have."""
    usual: dict[str, Any] = {"importance": Decimal(1), "must_have": None}
    return Need(competence, Decimal(level), Decimal(required), **{**usual, **facts})


@st.composite
def effects(draw):
    low, high = sorted(
        draw(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2, unique=True))
    )
    return Effect(draw(st.sampled_from(COMPETENCES)), low, high)


@st.composite
def some_actions(draw):
    """Up to five actions; courses may presuppose earlier ones, and effects may go in circles."""
    actions: list[Action] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(ActionKind))
        brought = draw(
            st.lists(
                effects(),
                min_size=1,
                max_size=1 if kind is ActionKind.STEP else 3,
                unique_by=lambda effect: effect.competence,
            )
        )
        low, high = sorted(draw(st.tuples(st.integers(1, 40), st.integers(1, 40))))
        few, many = sorted(draw(st.tuples(st.integers(1, 12), st.integers(1, 12))))
        earlier = [other.id for other in actions if other.kind is ActionKind.COURSE]
        after = (
            draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        )
        made = action(
            f"{kind}:{number}",
            kind,
            tuple(brought),
            needs_assignment=draw(st.booleans()),
            after=tuple(after) if kind is ActionKind.COURSE else (),
        )
        actions.append(
            made._replace(hours=(Decimal(low), Decimal(high)), weeks=(Decimal(few), Decimal(many)))
        )
    return tuple(actions)


@st.composite
def need_of(draw, competence):
    low, high = sorted(
        draw(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2, unique=True))
    )
    must_have = draw(st.none() | st.sampled_from([level for level in LEVELS if level <= high]))
    return Need(competence, low, high, draw(st.sampled_from([Decimal(1), Decimal(3)])), must_have)


some_needs = st.tuples(*map(need_of, COMPETENCES))
some_limits = st.builds(
    Limits,
    st.sampled_from([Decimal("0.5"), Decimal(2), Decimal(4), Decimal(40)]),
    st.sampled_from([4, 13, 26, 60]),
    st.integers(1, 2),
    st.integers(1, 3),
)
