"""
Scenes with several processes on one index, run as a program of its own so that it may fork and kill.

    python index_processes.py SCENE FOLDER

Says "ok" and what it counted, or fails with a trace.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from section_builders import a_section

from samrutine.search.engine import Engine
from samrutine.search.query import parse

SECTIONS = 6
OTHERS = [a_section(f"rutine-{n}", f"Tekst nummer{n} om ledninger.") for n in range(30)]


def state(generation):
    """Give a routine whose every section carries the number of the write."""
    return [
        a_section("skiftende", f"Skrevet gang{generation} her.", heading=f"Del {n}", version=f"1.{generation}")
        for n in range(SECTIONS)
    ]


def generation_of(engine):
    """Give the write that an engine sees; fail when it sees anything but one whole write and all other routines."""
    contents = engine.contents()
    assert len(contents) == len(OTHERS) + 1, len(contents)
    (digest,) = contents["skiftende"]
    return int(digest.rpartition(".")[2])


def check_found(engine):
    """See that a search finds all others, and the changing routine once, with the text of the version that it names."""
    others = engine.search(parse("ledninger"), limit=50)
    assert others.total == len(OTHERS), others.total
    (hit,) = engine.search(parse("skrevet"), limit=50).hits
    assert hit.procedure_id == "skiftende", hit
    assert f"gang{hit.version.minor} " in "".join(part.text for part in hit.snippet), hit


def acknowledge(folder, generation):
    """Tell that a write has returned, in one step, since we may be killed in the middle of telling."""
    (folder / "telling").write_text(str(generation))
    (folder / "telling").replace(folder / "acknowledged")


def forked(work):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def write_on(folder, first, last):
    engine = Engine(folder)
    for generation in range(first, last):
        engine.replace("skiftende", state(generation), generation)
        acknowledge(folder, generation)


def rebuild_on(folder, first, last):
    engine = Engine(folder)
    for generation in range(first, last):
        engine.rebuild([*OTHERS, *state(generation)], generation)
        acknowledge(folder, generation)


def read_while_others_write(folder):
    child = forked(lambda: write_on(folder, 1, 40))
    rebuilder = forked(lambda: [Engine(folder).rebuild([*OTHERS, *state(0)], 0) for _ in range(6)])
    running, looks, seen = {child, rebuilder}, 0, set()
    with Engine(folder) as engine:
        while running:
            seen.add(generation_of(engine))
            check_found(engine)
            looks += 1
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended:
                assert status == 0, status
                running.remove(ended)
    assert len(seen) > 1, seen
    return f"{looks} looks, {len(seen)} states"


def killed(folder, work, times):
    dice = random.Random(2026)
    middle = 0
    for _ in range(times):
        acknowledged = int((folder / "acknowledged").read_text())
        child = forked(lambda first=acknowledged + 1: work(folder, first, first + 1000))
        time.sleep(dice.uniform(0.005, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged = int((folder / "acknowledged").read_text())
        with Engine(folder, lock_seconds=2) as engine:
            seen = generation_of(engine)
            assert acknowledged <= seen <= acknowledged + 1, (acknowledged, seen)
            assert engine.position == seen, (engine.position, seen)
            check_found(engine)
            middle += (folder / "building").exists()
            # The next writer is not in the way of the dead one's lock or leftovers.
            engine.replace("skiftende", state(seen + 1), seen + 1)
            acknowledge(folder, seen + 1)
    with Engine(folder) as engine:
        engine.rebuild([*OTHERS, *state(5000)], 5000)
        assert not (folder / "building").exists()
    return f"{times} kills, {middle} with a rebuild left behind"


def main():
    scene, folder = sys.argv[1], Path(sys.argv[2])
    Engine(folder).rebuild([*OTHERS, *state(0)], 0)
    acknowledge(folder, 0)
    match scene:
        case "read while others write":
            print("ok", read_while_others_write(folder))
        case "kill while writing":
            print("ok", killed(folder, write_on, 20))
        case "kill while rebuilding":
            print("ok", killed(folder, rebuild_on, 20))
        case _:
            sys.exit(f"no such scene: {scene}")


if __name__ == "__main__":
    main()
