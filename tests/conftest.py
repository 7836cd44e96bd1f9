"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from tests.support import examples

# How long an example takes depends on the machine, and on what else it does.
settings.register_profile(
    "any machine",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")
