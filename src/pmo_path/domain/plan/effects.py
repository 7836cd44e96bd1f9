"""Which levels a set of actions reaches, in which order, and what that is worth.

An action has an effect when it is done: whoever is then at the effect's `from_` or above, and below
its `to`, rises to `to`. So what a set of actions reaches depends on their order, and this module
chooses it: the best levels first, then the fewest actions without use. An action is of use if it
raises a level that is below the one required, or if one that is of use presupposes it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.model import Worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.plan.model import Action, Effect, Need

ZERO = Decimal(0)
MAX_STATES = 500
"""Orders that are tried before the best one so far counts; only actions with several effects each,
which wait for each other, come near."""


class Climb(NamedTuple):
    """A level that an action raises, at its turn in an order."""

    action: str
    """The id of the action."""
    competence: str
    from_level: Decimal
    """The level before, which is below the one required."""
    to_level: Decimal

    def gain(self, need: Need) -> Decimal:
        """Importance times the levels gained, up to the one required."""
        return need.gain(self.from_level, self.to_level)


class Outcome(NamedTuple):
    """What a set of actions leads to, done one after the other."""

    order: tuple[str, ...]
    """Ids of the actions, as they are best done; without those that presuppose something else."""
    climbs: tuple[Climb, ...]
    """In that order."""
    levels: Mapping[str, Decimal]
    """The level reached in each competence with a gap."""
    unused: frozenset[str]
    """Ids of the actions that are of no use."""

    def of(self, action: str) -> tuple[Climb, ...]:
        """What the action with this id raises."""
        return tuple(climb for climb in self.climbs if climb.action == action)


def outcome(actions: Sequence[Action], needs: Iterable[Need]) -> Outcome:
    """Return what a set of actions leads to in the best order that there is."""
    gaps = tuple(needs)
    order = _fewest_missed(actions, gaps)
    result = outcome_in_order(order, gaps)
    hopes = highest_levels(actions, gaps)
    is_best = points(result.levels, gaps) == points(hopes, gaps)
    if is_best and not result.unused and len(order) == len(actions):
        return result
    return _Search(actions, gaps).best(result)


def outcome_in_order(order: Sequence[Action], needs: Iterable[Need]) -> Outcome:
    """Return what actions lead to that are done in the order in which they are passed."""
    gaps = {need.competence: need for need in needs}
    levels = {key: need.level for key, need in gaps.items()}
    climbs: list[Climb] = []
    for action in order:
        for climb in tuple(_climbs(action, levels, gaps)):
            climbs.append(climb)
            levels[climb.competence] = climb.to_level
    used = {climb.action for climb in climbs}
    for action in reversed(order):
        if action.id in used:
            used.update(action.after)
    return Outcome(
        order=tuple(action.id for action in order),
        climbs=tuple(climbs),
        levels=levels,
        unused=frozenset(action.id for action in order if action.id not in used),
    )


def worth(
    actions: Iterable[Action], levels: Mapping[str, Decimal], needs: Iterable[Need]
) -> Worth:
    """Return what it is worth to reach these levels with these actions."""
    gaps = tuple(needs)
    return Worth(
        must_haves_met=sum(
            need.is_must_have_missing and levels[need.competence] >= (need.must_have or ZERO)
            for need in gaps
        ),
        points=points(levels, gaps),
        expected_hours=sum((action.expected_hours for action in actions), ZERO),
    )


def points(levels: Mapping[str, Decimal], needs: Iterable[Need]) -> Decimal:
    """Return importance times the levels gained, up to those required."""
    return sum((need.gain(need.level, levels[need.competence]) for need in needs), ZERO)


def highest_levels(actions: Iterable[Action], needs: Iterable[Need]) -> dict[str, Decimal]:
    """Return the levels that no order of the actions exceeds: as if each could be done repeatedly.

    Actions whose prerequisites are not among them count for nothing.
    """
    gaps = {need.competence: need for need in needs}
    levels = {key: need.level for key, need in gaps.items()}
    effects = [effect for action in possible(actions) for effect in action.effects]
    while raising := [effect for effect in effects if _raises(effect, levels, gaps)]:
        for effect in raising:
            levels[effect.competence] = max(levels[effect.competence], effect.to)
    return levels


def possible(
    actions: Iterable[Action], kept: AbstractSet[str] = frozenset()
) -> tuple[Action, ...]:
    """Return the actions whose prerequisites, direct or not, are among them, and those `kept`."""
    left = tuple(actions)
    while True:
        ids = {action.id for action in left} | kept
        able = tuple(
            action for action in left if action.id in kept or ids.issuperset(action.after)
        )
        if len(able) == len(left):
            return left
        left = able


def effects_on(competence: str, actions: Iterable[Action]) -> tuple[tuple[Action, Effect], ...]:
    """Return each action that has an effect on a competence, with that effect."""
    return tuple(
        (action, effect)
        for action in actions
        for effect in action.effects
        if effect.competence == competence
    )


def with_those_before(keys: Iterable[str], before: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the ids of actions and of all that comes before them, directly or not."""
    reached: set[str] = set()
    queue = list(keys)
    while queue:
        key = queue.pop()
        if key not in reached:
            reached.add(key)
            queue += before.get(key, ())
    return frozenset(reached)


def prerequisites_first(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the actions in their order, but none before one of them that it presupposes."""
    left = list(actions)
    order: list[Action] = []
    while left:
        waiting = {action.id for action in left}
        action = next(action for action in left if waiting.isdisjoint(action.after))
        left.remove(action)
        order.append(action)
    return tuple(order)


def waits_for(actions: Sequence[Action], result: Outcome) -> Mapping[str, frozenset[str]]:
    """Return for each action the ids of those to finish before it starts.

    Whatever dates keep to that, each action raises what the outcome states: what needs a level
    comes after what brings it, and nothing takes away what another action is there for.
    """
    chosen = {action.id: action for action in actions if action.id in result.order}
    waits = {key: set(action.after) for key, action in chosen.items()}
    last: dict[str, Climb] = {}
    for climb in result.climbs:
        if climb.competence in last:
            waits[climb.action].add(last[climb.competence].action)
        last[climb.competence] = climb
        turn = result.order.index(climb.action)
        for key in result.order[:turn]:
            if any(_begins_in(effect, climb) for effect in chosen[key].effects):
                waits[climb.action].add(key)
        for key in result.order[turn + 1 :]:
            if any(_supersedes(effect, climb) for effect in chosen[key].effects):
                waits[key].add(climb.action)
    return {key: frozenset(others) for key, others in waits.items()}


def _supersedes(effect: Effect, climb: Climb) -> bool:
    """Whether the effect would leave nothing to do for the climb, if it came before."""
    return (
        effect.competence == climb.competence
        and effect.from_ <= climb.from_level
        and climb.to_level <= effect.to
    )


def _begins_in(effect: Effect, climb: Climb) -> bool:
    """Whether the climb leads past the level from which the effect counts."""
    return (
        effect.competence == climb.competence and climb.from_level < effect.from_ <= climb.to_level
    )


def _raises(effect: Effect, levels: Mapping[str, Decimal], gaps: Mapping[str, Need]) -> bool:
    """Whether an effect raises somebody at these levels, and nearer to what is required."""
    level = levels.get(effect.competence)
    return level is not None and effect.raises(level) and level < gaps[effect.competence].required


def _climbs(
    action: Action, levels: Mapping[str, Decimal], gaps: Mapping[str, Need]
) -> Iterator[Climb]:
    for effect in action.effects:
        if _raises(effect, levels, gaps):
            yield Climb(action.id, effect.competence, levels[effect.competence], effect.to)


def _fewest_missed(actions: Sequence[Action], needs: Sequence[Need]) -> tuple[Action, ...]:
    """Return the actions in an order in which they miss few of their effects.

    Next is always the one that misses the fewest by being done now, and of these the one that
    raises least, because it is the first to be made superfluous.
    """
    gaps = {need.competence: need for need in needs}
    hopes = highest_levels(actions, needs)
    levels = {key: need.level for key, need in gaps.items()}
    left = list(possible(actions))
    order: list[Action] = []
    while left:
        waiting = {action.id for action in left}
        free = [action for action in left if waiting.isdisjoint(action.after)]
        action = min(free, key=lambda action: _priority(action, levels, gaps, hopes))
        for climb in tuple(_climbs(action, levels, gaps)):
            levels[climb.competence] = climb.to_level
        order.append(action)
        left.remove(action)
    return tuple(order)


def _priority(
    action: Action,
    levels: Mapping[str, Decimal],
    gaps: Mapping[str, Need],
    hopes: Mapping[str, Decimal],
) -> tuple[int, Decimal]:
    missed = sum(
        levels[effect.competence] < effect.from_ <= hopes[effect.competence]
        for effect in action.effects
        if effect.competence in gaps
    )
    rise = (climb.to_level - climb.from_level for climb in _climbs(action, levels, gaps))
    return missed, sum(rise, ZERO)


class _Search:
    """All orders that matter, each set of actions done and levels reached once."""

    def __init__(self, actions: Sequence[Action], needs: Sequence[Need]) -> None:
        self._actions = possible(actions)
        self._impossible = {action.id for action in actions if action not in self._actions}
        self._needs = needs
        self._gaps = {need.competence: need for need in needs}
        self._presupposed = {key for action in self._actions for key in action.after}
        self._known: set[tuple[frozenset[str], tuple[Decimal, ...]]] = set()

    def best(self, start: Outcome) -> Outcome:
        """Return the best outcome of all orders, and `start` if none is better."""
        ids = {action.id: action for action in self._actions}
        best = self._with_the_rest([ids[key] for key in start.order])
        orders: list[tuple[Action, ...]] = [()]
        while orders and len(self._known) < MAX_STATES:
            order = orders.pop()
            done = {action.id for action in order}
            result = outcome_in_order(order, self._needs)
            state = frozenset(done), tuple(result.levels.values())
            if state in self._known:
                continue
            self._known.add(state)
            whole = self._with_the_rest(order)
            if self._merit(whole) > self._merit(best):
                best = whole
            orders += [
                (*order, action)
                for action in self._next(done, result.levels)
                if action not in order
            ]
        return best

    def _next(self, done: AbstractSet[str], levels: Mapping[str, Decimal]) -> Iterator[Action]:
        for action in self._actions:
            if action.id not in done and done >= set(action.after):
                raising = next(_climbs(action, levels, self._gaps), None) is not None
                if raising or action.id in self._presupposed:
                    yield action

    def _with_the_rest(self, order: Sequence[Action]) -> Outcome:
        """The outcome of an order with all other actions behind it."""
        rest = [action for action in self._actions if action not in order]
        whole = (*order, *prerequisites_first(rest))
        result = outcome_in_order(whole, self._needs)
        return result._replace(unused=result.unused | self._impossible)

    def _merit(self, result: Outcome) -> tuple[int, Decimal, int]:
        must_haves, points_gained, _ = worth((), result.levels, self._needs)
        return must_haves, points_gained, -len(result.unused)
