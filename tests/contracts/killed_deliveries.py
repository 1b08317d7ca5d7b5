"""
Kill a delivery at each of its steps, in a process of its own, and let another one finish.

Run as a program: `killed_deliveries.py folder|package FOLDER`. It forks one child for each step, which ends there by
os._exit: no `finally`, no flush, as when the power goes. The last line of its output is JSON, for the test.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from places import FolderPlace, PackagePlace

from samrutine.testing import AFTER, BEFORE, Place, content_of, deliver_to, snapshot

KILLED = 9


def killed_at(place: Place, number: int) -> None:
    """Deliver in a child that ends at the step of that number, counted from 0."""
    child = os.fork()
    if child == 0:
        left = [number]

        def end(_: str) -> None:
            if left[0] == 0:
                os._exit(KILLED)
            left[0] -= 1

        deliver_to(place, AFTER, on_step=end)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != KILLED:
        raise AssertionError(number)


def main(make_place: Callable[[str], Place]) -> dict[str, object]:
    undisturbed, reached = make_place("undisturbed"), list[str]()
    deliver_to(undisturbed, BEFORE)
    deliver_to(undisturbed, AFTER, on_step=reached.append)
    whole = {
        content_of(document, published.suffix)
        for edition in (BEFORE, AFTER)
        for document in edition.documents
        for published in document.files
    }
    torn, diverged = [], []
    for number, step in enumerate(reached):
        place = make_place(f"killed-{number}")
        deliver_to(place, BEFORE)
        killed_at(place, number)
        torn += [f"{step}: {name}" for name in place.names() if name.endswith(".pdf") and place.get(name) not in whole]
        deliver_to(place, AFTER)
        if snapshot(place) != snapshot(undisturbed):
            diverged.append(step)
    return {"killed": Counter(reached), "torn": torn, "diverged": diverged}


if __name__ == "__main__":
    kind, folder = sys.argv[1], Path(sys.argv[2])
    place_of: Callable[[Path], Place] = FolderPlace if kind == "folder" else PackagePlace
    sys.stdout.write(json.dumps(main(lambda name: place_of(folder / name))) + "\n")
