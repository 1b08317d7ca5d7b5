"""
One of several processes that decide at once. Run by tests as a program of its own: `python deciding.py SCENE HOME …`.

Waits for the file `go` in the home, so that all begin together; says one line of JSON.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from samrutine import Library
from samrutine.errors import SamrutineError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the morning of `tests.support.clock`


def adopt(library, *slugs):
    """Each takes its municipalities' routines into use, one after the other."""
    procedures = [one.id for one in library.procedures()]
    return [library.adopt(one, slug, by=f"beslutter.{slug}").number for slug in slugs for one in procedures]


def approve(library, proposal, who):
    """Agree; say whether it became a version, or why not."""
    digest = library.get_proposal(proposal, reader="redaktor")[0].digest
    return str(library.approve(proposal, digest=digest, by=who).version)


def same(library, slug, _which):
    """Make the very same act as others do, with the same decision id."""
    return library.adopt("handhygiene", slug, by=f"beslutter.{slug}", decision_id="den-samme").number


SCENES = {"adopt": adopt, "approve": approve, "same": same}


def main():
    """Wait, decide, tell."""
    scene, home, *rest = sys.argv[1:]
    with Library.open(home, clock=lambda: NOW) as library:
        library.procedures()  # everything is imported and connected before the start
        Path(home, f"ready-{rest[-1]}").touch()
        deadline = time.monotonic() + 60
        while not Path(home, "go").exists() and time.monotonic() < deadline:
            time.sleep(0.002)
        try:
            answer = {"ok": SCENES[scene](library, *rest)}
        except SamrutineError as error:
            answer = {
                "error": type(error).__name__,
                "reasons": [type(one).__name__ for one in getattr(error, "reasons", ())],
            }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
