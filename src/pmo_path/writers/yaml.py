"""Plain data back to YAML that reads as the same data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

_WIDTH = 100


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


class _Dumper(yaml.SafeDumper):
    """Writes what our reader made: decimals, tuples, and no anchors for repeated values."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
