"""Read YAML as plain data.

PyYAML's C parser builds a tree of nodes, and one pass turns the tree into data. The rules are those
of YAML's core schema, narrowed to the needs of framework and ratings files: `no`, `012` and `1:30`
stay text, and tags, merge keys and keys that are not words are errors. After those, reading goes
on as if there were no tag and the merged entries were written out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import yaml

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_DUPLICATES, MAX_NODES
from pmo_path.readers.yaml_text import (
    LINE_BREAK,
    YamlProblem,
    has_odd_space_behind_colon,
    joined_entry,
    may_nest_deep,
    odd_character,
    odd_in,
    odd_indents,
    straightened,
    unseen_in,
    without_unseen,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


MAX_DEPTH = 64
MAX_ALIASED_NODES = 20_000
"""Nodes that aliases may repeat; without aliases, this limits nothing."""

# Names of our own, so that a tag written in the file, even !!str, differs from no tag.
_STR, _MAP, _SEQ = "untagged scalar", "untagged mapping", "untagged sequence"
_UNTAGGED = frozenset({_STR, _MAP, _SEQ})
_OF_KIND = {yaml.ScalarNode: _STR, yaml.MappingNode: _MAP, yaml.SequenceNode: _SEQ}

_CONSTANTS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_FORBIDDEN = "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff"
"""A string, not a compiled pattern: compiling takes a millisecond, and only errors need it."""
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}", re.ASCII)


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader that leaves the meaning of plain scalars to the walk, and stops at a limit."""

    nodes = 0

    def resolve(self, kind: type[yaml.Node], _value: Any, _implicit: Any) -> str:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"there are more than {MAX_NODES:,} keys, values and entries of lists"
            raise YamlProblem(Code.TOO_LARGE, message, 1, 1, "check that this is the right file")
        return _OF_KIND[kind]


class ConstantKey:
    """A key that YAML reads as true, false or nothing, which no key of ours is.

    It equals only its like: Python would take `true` for 1, and so for a level.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConstantKey) and self.text == other.text

    def __hash__(self) -> int:
        return hash((ConstantKey, self.text))

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__  # what pydantic makes a step of a path of


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in "+-0123456789":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


def key_of(node: yaml.ScalarNode) -> Any:
    """The key in a node: text without invisible characters, a number, or a ConstantKey."""
    key = _scalar(node)
    if isinstance(key, str) and not node.style:
        return without_unseen(key)
    return ConstantKey(node.value) if key is None or isinstance(key, bool) else key


_TEXT = "if this is text, put the whole of it in quotes"
_UNREADABLE = "{{ \u2026 }}"
"""The value of a mapping that is text without quotes, such as `{{ name }}`."""
_CORE_TAG = "tag:yaml.org,2002:"


class _Builder:
    """Builds data from the node tree in one pass, and notes problems on the way."""

    def __init__(self) -> None:
        self.problems: list[YamlProblem] = []
        self._seen: set[int] = set()
        self._aliased = 0
        self._inside_alias = 0

    def build(self, node: yaml.Node, depth: int = 0) -> Any:
        self._check_tag(node)
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag == f"{_CORE_TAG}str" else _scalar(node)
        _check_depth(node, depth)
        repeated = id(node) in self._seen
        self._seen.add(id(node))
        self._inside_alias += repeated
        if self._inside_alias:
            self._count_aliased(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return tuple([self.build(item, depth + 1) for item in node.value])
            return self._mapping(node, depth)
        finally:
            self._inside_alias -= repeated

    def _count_aliased(self, node: yaml.Node) -> None:
        self._aliased += len(node.value) + 1
        if self._aliased > MAX_ALIASED_NODES:
            message = "the aliases in this file repeat too much"
            raise _problem(Code.MERGE_OR_ALIAS, node, message, "write the text out")

    def _mapping(self, node: yaml.Node, depth: int) -> Any:
        data: dict[Any, Any] = {}
        first: dict[Any, yaml.Node] = {}
        merged: list[Any] = []
        is_text = False
        for key_node, value_node in node.value:
            value = self.build(value_node, depth + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                data[complex_key(key_node)] = value
                is_text = isinstance(node, yaml.MappingNode) and bool(node.flow_style)
                message = "a key must be one word or number"
                self._note(Code.COMPLEX_KEY, node if is_text else key_node, message, _TEXT)
            elif is_merge(key_node):
                merged += value if isinstance(value, tuple) else [value]
                message = "merge keys (<<) are not read"
                self._note(Code.MERGE_OR_ALIAS, key_node, message, "write the entries out")
            else:
                key = self._key(key_node)
                if key in data:
                    self._duplicate(key, key_node, first[key])
                else:
                    data[key], first[key] = value, key_node
        # What is merged is reported once, and not as missing as well.
        for entries in merged:
            data = {**entries, **data} if isinstance(entries, dict) else data
        return _UNREADABLE if is_text else data

    def _key(self, node: yaml.ScalarNode) -> Any:
        self._check_tag(node)
        unseen = None if node.style else unseen_in(node.value)
        if unseen is not None:
            message, hint = odd_character(unseen[0], "this key contains")
            self._note(Code.SYNTAX, node, message, hint)
            self.problems[-1].column += unseen.start()
        return key_of(node)

    def _check_tag(self, node: yaml.Node) -> None:
        if node.tag not in _UNTAGGED:
            shown = node.tag.replace(_CORE_TAG, "!!", 1)
            self._note(Code.TAG, node, f"the tag {shown} is not read", "take it out")

    def _duplicate(self, key: Any, node: yaml.Node, first: yaml.Node) -> None:
        message = f"'{key}' is here again"
        self._note(Code.DUPLICATE_KEY, node, message, "merge the two, or take one out")
        mark = first.start_mark
        self.problems[-1].related = (mark.line + 1, mark.column + 1, "it is first here")

    def _note(self, code: Code, node: yaml.Node, message: str, hint: str) -> None:
        self.problems.append(_problem(code, node, message, hint))


def _check_depth(at: yaml.Node | yaml.Event, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise _problem(Code.NESTED_TOO_DEEPLY, at, f"nested deeper than {MAX_DEPTH} levels")


def complex_key(key: yaml.Node) -> str:
    """The key under which to keep an entry whose own key is a list or a mapping."""
    return f"[{key.start_mark.line + 1}:{key.start_mark.column + 1}]"


def is_merge(key: yaml.Node) -> bool:
    """Whether a key merges the entries of its value into the mapping."""
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


def _problem(code: Code, at: yaml.Node | yaml.Event, message: str, hint: str = "") -> YamlProblem:
    mark = at.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return YamlProblem(code, message, line, column, hint)


def parse_yaml(text: str) -> tuple[Any, yaml.Node, list[YamlProblem]]:
    """The data in one YAML document, its node tree, and the problems that do not end the reading.

    Sequences come back as tuples, decimal numbers as `Decimal`, and keys that are neither text
    nor a number as `ConstantKey`. Raises YamlProblem.
    """
    _refuse_deep_nesting(text)
    root, noted = _compose_straightened(text)
    if has_odd_space_behind_colon(text):
        noted += _split_keys(root)
    builder = _Builder()
    data = builder.build(root)
    problems = chain(noted, builder.problems, _lost_words(text))
    return data, root, list(islice(problems, MAX_DUPLICATES))


def _compose_straightened(text: str) -> tuple[yaml.Node, list[YamlProblem]]:
    """The node tree of `text` with ordinary spaces in its indentations, and what was changed."""
    indents = odd_indents(text)
    if not indents:
        return _compose(text), []
    with suppress(YamlProblem):
        spans = sorted(text_spans(_compose(text)))
        indents = [indent for indent in indents if not is_inside(indent.start(), spans)]
    starts = line_starts(text)
    problems = [_indent_problem(starts, indent) for indent in indents]
    try:
        return _compose(straightened(text, indents)), problems
    except YamlProblem as problem:
        problem.others = problems
        raise


def _indent_problem(starts: Sequence[int], indent: re.Match[str]) -> YamlProblem:
    """The problem of an indentation, at its first character that is not a space."""
    character, index = odd_in(indent)
    message, hint = odd_character(character, "this line begins with")
    return YamlProblem(Code.SYNTAX, message, *line_and_column(starts, index), hint)


def line_starts(text: str) -> list[int]:
    """The index of the first character of each line."""
    return [0, *(line_break.end() for line_break in LINE_BREAK.finditer(text))]


def line_and_column(starts: Sequence[int], index: int) -> tuple[int, int]:
    """The line and column, counted from 1, of the character at `index`."""
    line = bisect_right(starts, index)
    return line, index - starts[line - 1] + 1


def is_inside(index: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a character is inside one of the spans, which are in order and do not overlap."""
    before = bisect_right(spans, (index,)) - 1
    return before >= 0 and index < spans[before][1]


def _compose(text: str) -> yaml.Node:
    try:
        root: yaml.Node | None = _CoreLoader(text).get_single_node()
    except yaml.reader.ReaderError:
        raise _forbidden_character(text) from None
    except yaml.MarkedYAMLError as error:
        from pmo_path.readers.yaml_errors import syntax_problem  # noqa: PLC0415  seldom needed

        raise syntax_problem(error, text) from None
    if root is None:
        raise YamlProblem(Code.EMPTY_FILE, "the file is empty", 1, 1)
    return root


def text_spans(root: yaml.Node | None) -> Iterator[tuple[int, int]]:
    """Where each quoted or block text begins and ends, in characters from the file's start."""
    for node in _nodes(root):
        # A plain text ends before a comment begins.
        if isinstance(node, yaml.ScalarNode) and node.style:
            yield node.start_mark.index, node.end_mark.index


def _nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node of a tree, each once."""
    waiting = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += chain.from_iterable(node.value)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _split_keys(root: yaml.Node) -> Iterator[YamlProblem]:
    """Make entries of keys such as `key:\u3000value` in braces, whose space is part of them."""
    for node in _nodes(root):
        if not isinstance(node, yaml.MappingNode) or not node.flow_style:
            continue
        for index, (key, value) in enumerate(node.value):
            is_plain = isinstance(key, yaml.ScalarNode) and not key.style
            joined = joined_entry(key.value) if is_plain and not value.value else None
            start = key.start_mark
            if joined is None or start.line != key.end_mark.line:
                continue
            odd = joined.start("odd")
            message, hint = odd_character(joined["odd"], "this is")
            yield YamlProblem(Code.SYNTAX, message, start.line + 1, start.column + odd + 1, hint)
            column = start.column + joined.start("quote")
            behind = yaml.Mark("", start.index + odd, start.line, column, None, 0)
            node.value[index] = (
                yaml.ScalarNode(_STR, joined["key"], start, behind),
                yaml.ScalarNode(_STR, joined["value"], behind, key.end_mark, joined["quote"]),
            )


_MAY_BE_ANCHOR = re.compile(r"(?:^|[\s\[{,])&[^\s,\[\]{}]", re.MULTILINE)


def _lost_words(text: str) -> Iterator[YamlProblem]:
    """Texts whose first word is an anchor that nothing refers to, and so is no part of them."""
    if _MAY_BE_ANCHOR.search(text) is None:
        return
    anchored: dict[str, yaml.Event] = {}
    for event in yaml.parse(text, Loader=_CoreLoader):
        if isinstance(event, yaml.AliasEvent):
            anchored.pop(str(event.anchor), None)
        elif isinstance(event, yaml.ScalarEvent) and event.anchor and event.value:
            anchored[event.anchor] = event
    for name, event in anchored.items():
        message = f"'&{name}' is not part of this text, but an anchor that nothing refers to"
        hint = "text that begins with & must be in quotes"
        yield _problem(Code.MERGE_OR_ALIAS, event, message, hint)


def _forbidden_character(text: str) -> YamlProblem:
    forbidden = re.search(_FORBIDDEN, text)
    if forbidden is None:
        message = "there is a character that YAML does not allow"
        return YamlProblem(Code.INVALID_CHARACTERS, message, 1, 1)
    line, column = line_and_column(line_starts(text), forbidden.start())
    message = f"the character U+{ord(forbidden[0]):04X} is not allowed in YAML"
    hint = "delete it; it may have come with pasted text"
    return YamlProblem(Code.INVALID_CHARACTERS, message, line, column, hint)


def _refuse_deep_nesting(text: str) -> None:
    # The C parser recurses in C and takes the process with it, so where there is need depth is
    # counted on events first.
    if not may_nest_deep(text):
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_CoreLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                _check_depth(event, depth)
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return  # the parse that follows says what is wrong, in one place
