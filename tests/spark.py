"""What the tests of Spark share: where they run, and a Java that is sparing."""

from __future__ import annotations

import os
import shutil

import pytest

SPARING = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Options of Java with which it compiles little: a test is over before more would pay off."""


def skip_without_spark() -> None:
    """Skip the module that calls this where there is no Spark, unless it is required."""
    if os.environ.get("PMO_PATH_TEST_SPARK") == "1":
        return
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark runs on Java, and there is none", allow_module_level=True)
