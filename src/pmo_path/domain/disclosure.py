"""Which counts of people may be published together, so that none of few people can be computed.

People are divided by one or several columns (department, site), side by side, and by what is true
of them (their band; at target, short or unrated in a competence). Published are numbers of people
of whom the same is true: of everybody, and of some groups of each column. Somebody who knows
everyone's groups may add and subtract such numbers, each as often as they like.

**What is guaranteed.** Whatever they compute, it is a sum over people, and the people of whom
something is true that count in it, with whatever factor, are either none or at least `least`. The
same holds for the others, of whom it is not true, since the size of each group is known.

**Why it holds.** Draw a graph for each of the classes that people are divided into by what is true
of them. Its nodes are on one side the groups of the first column, and on the other side the groups
of the others (each combination of them, where there are several). Groups that are not published
are one node, since only all of them together can be computed. Each person of the class joins the
two nodes that they are in. A number that can be computed gives each person the sum of a factor of
their one node and a factor of the other. Take the people away who count in it, whose sum is not 0:
along every other person the factors of the two nodes add up to 0, so two nodes that are still
connected have factors that follow from each other, and if everything was still connected that was
connected before, the sum would be 0 for everybody. So the people who count cut the graph, and here
no cut takes fewer than `least` people.

With three or more columns more is forbidden than need be, since combinations of groups are not
published. What this cannot prevent: that a group is uniform, two runs, and guesses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Cell = tuple[str, ...]
"""The group of a class of people in each column."""
Weights = Counter[Cell]
"""The number of people of a class in each cell."""
Groups = tuple[frozenset[str], ...]
"""Groups of each column."""
_Labels = tuple[str | None, ...]
_Node = tuple[int, _Labels]
"""The first of its columns, and a group in each of them; None for those that are not published."""
_Graph = dict[_Node, Counter[_Node]]


class Publication(NamedTuple):
    """The counts that may be published for one question."""

    fields: frozenset[str]
    """The fields that may be published, for all people and for the groups."""
    groups: Groups


def is_few(people: int, least: int) -> bool:
    """Whether there is at least one person, but fewer than `least`."""
    return 0 < people < least


def publication(
    classes: Mapping[str, Weights],
    fields: Mapping[str, frozenset[str]],
    groups: Groups,
    least: int,
    concerned: frozenset[str] = frozenset(),
) -> Publication:
    """Choose the fields and groups whose counts may be published.

    Everybody is in exactly one of the `classes`; each field counts those in some of them, the most
    wanted field first. Only people in the classes `concerned` have a result, or all; where they are
    few, nothing is published, not even that there is nobody in a class.

    The more fields, the fewer groups. The first of the fields that may be published of everybody
    are chosen such that most counts are published, where everybody weighs as much as all groups.
    """
    basis = _people_in(classes, concerned or frozenset(classes))
    if is_few(basis.total(), least) or is_few(
        _people_in(classes, frozenset(classes)).total(), least
    ):
        return Publication(frozenset(), tuple(frozenset[str]() for _ in groups))
    groups = safe_groups([basis], groups, least)
    empty = [key for key, members in fields.items() if not _people_in(classes, members).total()]
    chosen: list[str] = []
    for field in fields:
        blocks = _blocks(classes, fields, [*chosen, field])
        if field not in empty and not any(is_few(block.total(), least) for block in blocks):
            chosen.append(field)
    best, most = Publication(frozenset(empty), groups), 0
    for number in range(1, len(chosen) + 1):
        blocks = _blocks(classes, fields, chosen[:number])
        shown = safe_groups(blocks, groups, least)
        counts = number * (1 + sum(map(len, groups)) + sum(map(len, shown)))
        if counts >= most:
            best, most = Publication(frozenset([*empty, *chosen[:number]]), shown), counts
    return best


def _people_in(classes: Mapping[str, Weights], members: frozenset[str]) -> Weights:
    weights: Weights = Counter()
    for key in members:
        weights.update(classes[key])
    return weights


def _blocks(
    classes: Mapping[str, Weights], fields: Mapping[str, frozenset[str]], chosen: Sequence[str]
) -> list[Weights]:
    """Combine the people whom none of the chosen fields distinguishes."""
    blocks: dict[tuple[bool, ...], Weights] = defaultdict(Counter)
    for key, weights in classes.items():
        blocks[tuple(key in fields[field] for field in chosen)].update(weights)
    return list(blocks.values())


def safe_groups(blocks: Iterable[Weights], groups: Groups, least: int) -> Groups:
    """Choose the groups whose people may be counted in each of the blocks.

    Everybody's count may be published too; that they are none or at least `least` is for the caller.
    """
    shown = [set(column) for column in groups]
    for block in blocks:
        _withhold_few(block, shown, least)
        # Fewer groups reveal less, so a block that was safe stays so.
        while cut := _cut(_graph(block, shown), least):
            column, group = _to_withhold(_graph(block, shown), cut)
            shown[column].discard(group)
    return tuple(frozenset(column) for column in shown)


def _withhold_few(block: Weights, shown: Sequence[set[str]], least: int) -> None:
    """Withhold the groups that are themselves a cut, all at once, since they may be very many."""
    for column, groups in enumerate(shown):
        sizes: Counter[str] = Counter()
        for cell, people in block.items():
            sizes[cell[column]] += people
        groups -= {group for group in groups if is_few(sizes[group], least)}


# --- The graph ----------------------------------------------------------------------------------


def _graph(weights: Weights, shown: Sequence[set[str]]) -> _Graph:
    graph: _Graph = defaultdict(Counter)
    for cell, people in weights.items():
        if not people or not shown:
            continue
        labels: _Labels = tuple(
            group if group in column else None for group, column in zip(cell, shown, strict=True)
        )
        ends: tuple[_Node, _Node] = (0, labels[:1]), (1, labels[1:])
        for node, other in (ends, ends[::-1]):
            graph[node][other] += people
    return graph


def _groups_in(nodes: Iterable[_Node]) -> set[tuple[int, str]]:
    """The published groups of nodes, each with its column."""
    return {
        (column, label)
        for first, labels in nodes
        for column, label in enumerate(labels, first)
        if label is not None
    }


def _to_withhold(graph: _Graph, cut: frozenset[_Node]) -> tuple[int, str]:
    """The group to withhold, so that the nodes in the cut no longer separate people as they did.

    It is one on the side of the cut with fewer people; or, where groups are there that are not
    published, another one that they are taken together with. The columns that come first keep their
    groups, and large groups are kept before small ones.
    """
    sides = (cut, frozenset(graph) - cut)
    side = min(sides, key=lambda nodes: sum(graph[node].total() for node in nodes))
    hidden = {
        column
        for first, labels in side
        for column, label in enumerate(labels, first)
        if label is None
    }
    everywhere = _groups_in(graph)
    candidates = _groups_in(side) | {group for group in everywhere if group[0] in hidden}
    sizes: Counter[tuple[int, str]] = Counter()
    for node, others in graph.items():
        for group in _groups_in([node]):
            sizes[group] += others.total()
    return max(candidates or everywhere, key=lambda group: (group[0], -sizes[group], group[1]))


def _cut(graph: _Graph, least: int) -> frozenset[_Node]:
    """Nodes that only few people join to others; empty where there are none.

    Stoer and Wagner's minimum cut, which takes nodes together that cannot be cut apart, with Nagamochi
    and Ibaraki's way of finding many of those at once.
    """
    inside = {node: frozenset([node]) for node in graph}
    while graph:
        order = list(_by_adjacency(graph))
        last, people = order[-1]
        if is_few(people, least):
            return inside[last]
        if len(order) == 1:
            del graph[last]
        for (node, _), (following, joined) in reversed(list(zip(order, order[1:]))):  # noqa: B905, RUF007
            if joined >= least:
                inside[node] |= inside.pop(following)
                _merge(graph, node, following)
    return frozenset()


def _by_adjacency(graph: _Graph) -> Iterator[tuple[_Node, int]]:
    """Connected nodes, each with the people who join it to those before, always the most of all."""
    start = next(iter(graph))
    joined = Counter({start: 0})
    numbers: dict[_Node, int] = {start: 0}
    waiting = [(0, 0, start)]
    done: set[_Node] = set()
    while waiting:
        people, _, node = heappop(waiting)
        if node in done or -people < joined[node]:
            continue
        done.add(node)
        yield node, joined[node]
        for other, more in graph[node].items():
            if other not in done:
                joined[other] += more
                number = numbers.setdefault(other, len(numbers))
                heappush(waiting, (-joined[other], number, other))


def _merge(graph: _Graph, node: _Node, other: _Node) -> None:
    """Make `other` a part of `node`."""
    for third, people in graph.pop(other).items():
        del graph[third][other]
        if third != node:
            graph[node][third] += people
            graph[third][node] += people
