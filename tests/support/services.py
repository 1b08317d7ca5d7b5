"""What is not on every machine: a test that needs it is skipped with a line that says how to get it."""

import os

import pytest


def not_here(service, how_to_get_it):
    """Skip the test; or fail it where nothing may be skipped (SAMRUTINE_NO_SKIP=1, as CI sets)."""
    line = f"needs {service}: {how_to_get_it}"
    if os.environ.get("SAMRUTINE_NO_SKIP") == "1":
        pytest.fail(f"may not be skipped here, but {line}", pytrace=False)
    pytest.skip(line)
