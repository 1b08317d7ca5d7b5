"""
Four processes that search beside one that writes and is killed: `python bench/search_beside_writer.py [SECONDS] [KILLS]`.

A library on disk, as the product opens it. The writer has one new routine after another faglig godkjent, each with a word
of its own, and is killed without warning in the middle of something, so many times in so many seconds. Each time `repair`
is run and another writer goes on. Meanwhile the readers search: for a common word, and for the word of the last routine
that was acknowledged before the last repair.

Two things are due, and the answer is 1 when one is not so: no search fails, and none that begins a second after `repair`
was done gives an answer from before. Prints one JSON line.

Readers and writers are forks of this process, which has imported all and holds nothing open: what is asked is what stores
do, not how Python starts.
"""

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.small_home import EDITOR, MEMBERS, NETWORK, a_text, approve
from samrutine import Library

READERS = 4
LATE_S = 1.0
LONGEST_S = 120.0
# A writer is killed after this part of its time, once it has written something, and then anywhere within a routine.
_WRITING = 0.6
ONE_ROUTINE_S = 0.5

Figures = dict[str, Any]


def word(number: int) -> str:
    """Give the word that only routine `number` has."""
    return "nyttmerke" + "".join("bdfgklmnpr"[int(digit)] + "o" for digit in str(number))


def told(folder: Path, name: str, **what: object) -> None:
    """Tell something in one step, since we may be killed in the middle of telling."""
    beside = folder / f"{name}.{os.getpid()}"
    beside.write_text(json.dumps(what), encoding="utf-8")
    beside.replace(folder / name)


def heard(folder: Path, name: str) -> dict[str, Any]:
    """Give what was told last."""
    return dict(json.loads((folder / name).read_text(encoding="utf-8")))


def a_home(home: Path) -> None:
    """Make a library with one routine, and the people who agree to more of them."""
    with Library.init(home, editor_login=EDITOR, editor_name="Redaktør") as library:
        numbers = {one.slug: one.number for one in library.municipalities()}
        with library.together():
            for slug in MEMBERS:
                library.add_person(f"medlem.{slug}", "Prøve", by=EDITOR)
                library.grant(f"medlem.{slug}", "employee", f"municipality:{numbers[slug]}", by=EDITOR)
        approve(library, a_text(1), set())


def write(folder: Path) -> None:
    """Have one routine after the other agreed to, until killed; each is told of when the verb has answered."""
    # Of a routine that was begun when the last writer was killed there is a draft, so numbers are not used again.
    number = int(heard(folder, "begun")["number"])
    with Library.open(folder / "home") as library:
        while True:
            number += 1
            told(folder, "begun", number=number)
            approve(library, a_text(number).replace(b"Alle ansatte.", f"Alle: {word(number)}.".encode()), {NETWORK})
            told(folder, "written", number=number)


def read(folder: Path, pause: float, late_s: float) -> None:
    """Search until told to stop, and tell what went wrong and how long it took."""
    taken: list[float] = []
    errors: dict[str, int] = {}
    late = 0
    with Library.open(folder / "home") as library:
        library.search("rutine")
        told(folder, f"ready-{os.getpid()}")
        while not (folder / "stop").exists():
            repaired = heard(folder, "repaired")
            due = time.time() >= repaired["at"] + late_s
            began = time.perf_counter()
            try:
                library.search("gjør punkt")
                taken.append(time.perf_counter() - began)
                late += due and not library.search(word(int(repaired["number"]))).result.total
            except Exception as error:  # noqa: BLE001  whatever a search raises is what is counted
                errors[f"{type(error).__name__}: {error}"] = errors.get(f"{type(error).__name__}: {error}", 0) + 1
            time.sleep(pause)
    told(folder, f"found-{os.getpid()}", taken=taken, errors=errors, late=late)


def begun(role: Callable[..., None], *given: object) -> BaseProcess:
    """Start a process in a role."""
    process = multiprocessing.get_context("fork").Process(target=role, args=given, daemon=True)
    process.start()
    return process


def repair(folder: Path) -> float:
    """Bring up to date what the last writer left, and tell when that was done; gives how long it took."""
    written = heard(folder, "written")["number"]
    began = time.perf_counter()
    with Library.open(folder / "home") as library:
        library.repair()
    told(folder, "repaired", at=time.time(), number=written)
    return time.perf_counter() - began


def killed(folder: Path, seconds: float, kills: int, late_s: float) -> list[float]:
    """Let a writer write and kill it, so many times in so many seconds; gives how long each repair took."""
    chance = random.Random(2026)  # noqa: S311  the same each time
    repairs = []
    for _ in range(kills):
        before, began = heard(folder, "written")["number"], time.monotonic()
        writer = begun(write, folder)
        while heard(folder, "written")["number"] == before or time.monotonic() < began + _WRITING * seconds / kills:
            if not writer.is_alive() or time.monotonic() > began + LONGEST_S:
                raise RuntimeError(writer.exitcode)
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, ONE_ROUTINE_S))
        writer.kill()
        writer.join()
        repairs.append(repair(folder))
        # So much longer that answers which are due are asked for.
        time.sleep(max(late_s + 0.5, began + seconds / kills - time.monotonic()))
    return repairs


def measure(
    seconds: float, kills: int, *, readers: int = READERS, pause: float = 0.0, late_s: float = LATE_S
) -> Figures:
    """
    Let them search and write, and count what went wrong.

    Args:
        seconds: How long, about.
        kills: How many writers are killed in that time.
        readers: How many processes search.
        pause: How long each of them waits between searches.
        late_s: How long after a repair an old answer is none of our faults.
    """
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        folder = Path(place)
        a_home(folder / "home")
        told(folder, "begun", number=1)
        told(folder, "written", number=1)
        told(folder, "repaired", at=time.time() + 3600, number=1)
        reading = [begun(read, folder, pause, late_s) for _ in range(readers)]
        while len(list(folder.glob("ready-*"))) < readers:
            if not all(reader.is_alive() for reader in reading):
                raise RuntimeError([reader.exitcode for reader in reading])
            time.sleep(0.02)
        repairs = killed(folder, seconds, kills, late_s)
        told(folder, "stop")
        for reader in reading:
            reader.join()
        found = [heard(folder, f"found-{reader.pid}") for reader in reading]
        routines = int(heard(folder, "written")["number"])
    taken = [one for each in found for one in each["taken"]]
    errors = {what: count for each in found for what, count in each["errors"].items()}
    late = sum(each["late"] for each in found)
    p95 = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else 0.0
    ok = not errors and not late and len(taken) > readers and routines > 1
    return {
        "bench": "search_beside_writer, errors and old answers", "behind": sum(errors.values()) + late, "due": 0,
        "searches": len(taken), "p95_ms": round(p95 * 1000, 1), "routines_written": routines, "kills": kills,
        "repair_s": round(statistics.median(repairs), 2), "errors": errors, "old_answers": late, "ok": ok,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and give 1 when a search failed or gave an old answer."""
    asked = argparse.ArgumentParser(description="Searching beside a writer that is killed.")
    asked.add_argument("seconds", nargs="?", type=float, default=180.0)
    asked.add_argument("kills", nargs="?", type=int, default=10)
    asked.add_argument("--readers", type=int, default=READERS)
    asked.add_argument("--pause", type=float, default=0.0, help="how long a reader waits between searches")
    given = asked.parse_args(arguments)
    result = measure(given.seconds, given.kills, readers=given.readers, pause=given.pause)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
