"""
One of several processes that decide while a backup is taken. Run by tests: `python writing.py HOME SLUG`.

Says the number of each decision that it was answered, a line each, until the file `stop` lies in the home.
"""

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this is a program of its own

from samrutine import Library
from samrutine.errors import DatabaseBusy
from tests.support.texts import a_routine

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the morning of `tests.support.clock`


def acts(library, slug):
    """Give what a municipality does in a busy week, over and over."""
    decider = f"beslutter.{slug}"
    for turn in count():
        yield library.adopt("handhygiene", slug, by=decider).number
        proposed = library.propose(a_routine(f"{slug}-{turn}", title=f"Rutine {slug} {turn}"), by=decider)
        yield proposed.number
        yield library.send(proposed.proposal, digest=proposed.digest, unheard="Drøftet.", by="redaktor").number
        library.give_feedback("handhygiene", f"Noe er feil, {turn}.", by=decider)
        yield library.end_use("handhygiene", slug, reason=f"Utgått {turn}.", by=decider).number


def main(home, slug):
    """Decide until told to stop."""
    with Library.open(home, clock=lambda: NOW) as library:
        going = acts(library, slug)
        while not (Path(home) / "stop").exists():
            try:
                print(next(going), flush=True)
            except DatabaseBusy:
                going = acts(library, slug)


main(sys.argv[1], sys.argv[2])
