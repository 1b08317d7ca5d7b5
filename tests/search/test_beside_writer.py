"""Searching while another process writes and is killed: a few seconds of what the bench does for three minutes."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench" / "search_beside_writer.py"


def test_no_search_fails_and_none_is_older_than_the_last_repair():
    """Somebody looks for a dose while the server is pulled out of the wall; they must find it, and find it as it is."""
    done = subprocess.run(
        [sys.executable, str(BENCH), "4", "2", "--readers", "1", "--pause", "0.3"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert (found["errors"], found["old_answers"], found["kills"]) == ({}, 0, 2)
    assert found["routines_written"] >= 3
    assert done.returncode == 0
