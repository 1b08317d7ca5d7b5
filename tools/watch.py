"""Run the pure tests again on each save: the inner loop. `make watch`."""

import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).parents[1]
PURE = ["tests/procedures", "tests/proposals", "tests/adoptions", "tests/search", "tests/publishing"]
PAUSE_SECONDS = 0.5


def newest() -> float:
    """Give the time of the newest change in source or tests."""
    return max(path.stat().st_mtime for folder in ("src", "tests") for path in (TOP / folder).rglob("*.py"))


def main() -> None:
    """Wait for a change, run, wait again."""
    seen = 0.0
    while True:
        if (changed := newest()) > seen:
            seen = changed
            subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", *PURE], cwd=TOP, check=False)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
