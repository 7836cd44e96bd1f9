"""The first step: what a sheet is, before any row is scored."""

from __future__ import annotations

from pmo_path.batch.look.looking import LookOptions, look

__all__ = ["LookOptions", "look"]
