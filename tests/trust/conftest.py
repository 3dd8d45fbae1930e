"""Settings of the fuzz tests: the same examples each time, and no limit on the slowest of them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "doors",
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
