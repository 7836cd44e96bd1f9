"""The first step: what a sheet is, before any row is scored."""

from __future__ import annotations

from pmo_path.readers.table.sniffer import SheetOptions, sniff

__all__ = ["SheetOptions", "sniff"]
