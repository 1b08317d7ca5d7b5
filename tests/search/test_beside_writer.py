"""Searching while another process writes and is killed: a few seconds of what the bench does for three minutes."""

import pytest

from bench.search_beside_writer import measure


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_no_search_fails_and_none_is_older_than_the_last_repair():
    """
    Somebody looks for a dose while the server is pulled out of the wall; they must find it, and find it as it is.

    The processes are forks of this one, so that Python does not start five times. An answer is due a tenth of a second after
    the repair; the bench gives it a whole one.
    """
    found = measure(1, 2, readers=1, pause=0.1, late_s=0.1)

    assert (found["errors"], found["old_answers"], found["kills"]) == ({}, 0, 2)
    assert found["routines_written"] >= 3
    assert found["ok"]
