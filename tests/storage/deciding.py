"""
One of several processes that decide at once. Run by tests as a program of its own: `python deciding.py SCENE HOME …`.

Waits for the file `go` in the home, so that all begin together; says one line of JSON.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this is a program of its own

from samrutine import Library
from samrutine.adoptions.answers import ListRow
from samrutine.errors import SamrutineError
from tests.support.texts import a_routine

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


def answer(library, proposal, who, slug):
    """Answer in a hearing for a municipality."""
    return library.answer_hearing(proposal, f"municipality:{slug}", remarks=[f"Fra {slug}."], by=who).number


def agree(library, proposal, digest, who):
    """Agree to the text that was read before all began."""
    return library.approve(proposal, digest=digest, by=who).number


def hurry(library, proposal, digest, who):
    """Hurry the text that was read before all began."""
    return library.hurry(proposal, digest=digest, reason="Utbrudd.", by=who).number


def revise(library, proposal, digest, who):
    """Change the text that was read before all began."""
    return library.revise(proposal, a_routine(extra=f"Endret av {who}."), read_digest=digest, by=who).number


def decide_list(library, slug, _which):
    """Take everything into use in one list."""
    rows = [ListRow(one.id, "in-use") for one in library.procedures()]
    decided = library.decide_list(slug, rows, by=f"beslutter.{slug}")
    return [decided.number, *(one.number for one in decided.answers)]


def settle(library, digest, who):
    """Change the settings that were read before all began."""
    there = next(one for one in library.settings() if one.path == "networks.toml")
    changed = there.content.replace(b"smittevernplanene", f"planene til {who}".encode())
    return library.settle({there.path: changed}, read={there.path: digest}, reason="Prøvd.", by=who).number


SCENES = {one.__name__: one for one in (adopt, approve, same, answer, agree, hurry, revise, decide_list, settle)}


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
