"""Plain data back to YAML that reads as the same data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDTH = 100
_MAPPING, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


def resolved_yaml(data: Any) -> str:
    """`data`, as `parse_yaml` gives it, as a YAML document."""
    text: str = yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_WIDTH,
    )
    return text


class InlineMapping(dict[str, Any]):
    """A mapping that is written in one line."""


class InlineList(tuple[Any, ...]):
    """A list that is written in one line."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes what our reader made: decimals, tuples, and no anchors for repeated values."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    if value == value.to_integral_value():  # which a float without a point would need a tag for
        return dumper.represent_int(int(value))
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
_Dumper.add_representer(
    InlineMapping,
    lambda dumper, value: dumper.represent_mapping(_MAPPING, value, flow_style=True),
)
_Dumper.add_representer(
    InlineList,
    lambda dumper, value: dumper.represent_sequence(_SEQUENCE, value, flow_style=True),
)


def commented(lines: Iterable[str], text: str) -> str:
    """A document with comments above it, each on one line and without hidden characters."""
    comments = (f"# {one_line(line)}".rstrip() for line in lines)
    return "\n".join((*comments, "", text))
