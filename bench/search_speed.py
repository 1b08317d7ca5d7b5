"""
How fast search is at 1,000, 10,000 and 100,000 sections, beside SQLite's FTS5 and tantivy in the same run.

    python bench/search_speed.py [SIZES...] [--texts DIR]... [--seconds N] [--json]

The library is grown out of the routines that this repository ships and of the folders of Markdown in `--texts`; see
`search_grown`. Of each engine, each in processes of its own: building, size on disk, memory, 200 queries with snippets (each
the best of three rounds; p95 of the first round beside it) with the forty that have a misspelt word told apart, a new process
to its first answer less an empty Python, one routine changed until it is found, and four reading processes beside one that
writes all the time.

What counts is the ratio to FTS5 over lemmas that our own analysis made beforehand. The answer is 1 when one is over what
is due. `--seconds` is how long the four read.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.search_grown import SEED, rows_of, write
from bench.search_timed import COLD, ENGINES, LEMMAS, OURS, PLAIN, Timed, missing

TOP = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 3
CHANGES = 40
COLD_ROUNDS = 7
READERS = 4

P95_DUE = {10_000: (3.0, 1.0), 100_000: (2.0, 0.5)}
"""At most so many times FTS5 over lemmas, and the aim."""
REPAIR_DUE = {10_000: 6.0}
GROWTH_DUE = 5.0
INDEX_DUE = 1.5
COLD_DUE_S = 0.5
VISIBLE_DUE_S = {10_000: (0.040, 0.100)}

Figures = dict[str, Any]


def percentiles(seconds: Sequence[float]) -> Figures:
    """Give p50, p95 and p99 in milliseconds."""
    if len(seconds) < 2:
        return dict.fromkeys(("p50_ms", "p95_ms", "p99_ms"), round(1000 * sum(seconds), 3))
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {f"p{n}_ms": round(cuts[n - 1] * 1000, 3) for n in (50, 95, 99)}


def memory_mib(what: str) -> float:
    """Give this process's memory now (`VmRSS`) or at most (`VmHWM`)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what)) / 1024, 1)


def size_mib(folder: Path) -> float:
    """Give the size of all files below."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 2)


# --- What a process of its own does -----------------------------------------------------------------------------------


def build(engine: Timed, folder: Path) -> Figures:
    """Build it; the routines are read from the disk one at a time, so the memory is the engine's."""
    before = memory_mib("VmRSS")
    began = time.perf_counter()
    engine.build(rows_of(folder))
    return {"build_s": round(time.perf_counter() - began, 2), "memory_mib": round(memory_mib("VmHWM") - before, 1)}


def ask(engine: Timed, folder: Path) -> Figures:
    """Ask everything, some rounds, in another order each time."""
    asked = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    before = memory_mib("VmRSS")
    engine.open()
    engine.ask("rutine")
    chance = random.Random(SEED)  # noqa: S311  the same each time
    first: dict[int, float] = {}
    best: dict[int, float] = {}
    hits: dict[int, int] = {}
    for _ in range(ROUNDS):
        for number in chance.sample(range(len(asked)), len(asked)):
            began = time.perf_counter()
            hits[number] = engine.ask(asked[number]["query"])
            took = time.perf_counter() - began
            first.setdefault(number, took)
            best[number] = min(best.get(number, took), took)
    repair = {number for number, one in enumerate(asked) if one["repair"]}
    result: Figures = {"memory_mib": round(memory_mib("VmRSS") - before, 1)}
    for name, chosen in (("ordinary", set(best) - repair), ("repair", repair)):
        result[name] = {
            **percentiles([best[number] for number in chosen]),
            "first_p95_ms": percentiles([first[number] for number in chosen])["p95_ms"],
            "without_hit": sum(not hits[number] for number in chosen),
        }
    return result


def change(engine: Timed, folder: Path) -> Figures:
    """Change one routine after the other, and ask until the new word in it is found."""
    engine.open()
    engine.ask("rutine")
    rows = list(rows_of(folder))
    chance = random.Random(SEED)  # noqa: S311  the same each time
    taken = []
    for edition in range(1, CHANGES + 1):
        row = chance.choice(rows)
        word = "nyttmerke" + "".join(chance.choices("bdfgklmnprstv", k=8))
        row = {**row, "sections": [*row["sections"][:-1], ["ny", "Nytt", f"Her står {word} for første gang."]]}
        began = time.perf_counter()
        engine.change(row, edition)
        while not engine.ask(word):
            if time.perf_counter() - began > 30:
                raise TimeoutError(word)
        taken.append(time.perf_counter() - began)
        engine.rest()
    return percentiles(taken)


def read_for(engine: Timed, folder: Path, seconds: float) -> Figures:
    """Ask for so long; an error is counted and the next query asked."""
    asked = [one["query"] for one in json.loads((folder / "queries.json").read_text(encoding="utf-8"))]
    engine.open()
    chance = random.Random(os.getpid())  # noqa: S311  each reader its own
    engine.ask("rutine")
    return _for(seconds, lambda _: engine.ask(chance.choice(asked)))


def write_for(engine: Timed, folder: Path, seconds: float) -> Figures:
    """Change routines for so long, twenty a second at most."""
    rows = list(rows_of(folder))[:200]
    engine.open()

    def one(number: int) -> None:
        engine.change(rows[number % len(rows)], number + 1)
        engine.rest()

    return _for(seconds, one, pause=0.05)


def _for(seconds: float, act: Callable[[int], object], pause: float = 0.0) -> Figures:
    taken: list[float] = []
    errors: dict[str, int] = {}
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        try:
            act(len(taken))
        except Exception as error:  # noqa: BLE001  whatever an engine raises beside a writer is what is counted
            errors[type(error).__name__] = errors.get(type(error).__name__, 0) + 1
        taken.append(time.perf_counter() - began)
        time.sleep(pause)
    return {"taken": taken, "errors": errors}


STEPS: Mapping[str, Callable[..., Figures]] = {
    "build": build, "ask": ask, "change": change, "read": read_for, "write": write_for,
}  # fmt: skip


def step(name: str, engine: str, folder: str, *more: str) -> int:
    """Do one step in this process, and print its figures."""
    timed = ENGINES[engine](Path(folder))
    try:
        print(json.dumps(STEPS[name](timed, Path(folder), *map(float, more))))
    finally:
        timed.close()
    return 0


# --- What the one that was started does -------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """Bytecode is written, as `make` and pip leave it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def apart(name: str, engine: str, folder: Path, *more: float) -> Figures:
    """Do a step in a process of its own."""
    command = [sys.executable, __file__, "--step", name, engine, str(folder), *map(str, more)]
    outcome = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment())
    return dict(json.loads(outcome.stdout.splitlines()[-1]))


def cold(engine: str, folder: Path) -> float:
    """Give the seconds of a new process to its first answer, less those of an empty Python, medians of runs in turns."""
    query = json.loads((folder / "queries.json").read_text(encoding="utf-8"))[0]["query"].strip('"?')
    program = f"FOLDER, QUERY = {str(folder)!r}, {query!r}\n{COLD[engine]}"

    def seconds(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, env=environment(), cwd=TOP)
        return time.perf_counter() - began

    seconds(program)
    pairs = [(seconds(program), seconds("pass")) for _ in range(COLD_ROUNDS)]
    return round(statistics.median(one for one, _ in pairs) - statistics.median(other for _, other in pairs), 3)


def readers_beside_a_writer(engine: str, folder: Path, seconds: float) -> Figures:
    """Let four processes read and one write at the same time."""
    with ThreadPoolExecutor(READERS + 1) as pool:
        writing = pool.submit(apart, "write", engine, folder, seconds)
        reading = [pool.submit(apart, "read", engine, folder, seconds) for _ in range(READERS)]
        read = [future.result() for future in reading]
        written = writing.result()
    taken = [one for each in read for one in each["taken"]]
    errors: dict[str, int] = {}
    for each in (*read, written):
        for name, count in each["errors"].items():
            errors[name] = errors.get(name, 0) + count
    return {
        "queries_a_second": round(len(taken) / seconds, 1), **percentiles(taken), "errors": errors,
        "writes": len(written["taken"]), "write": percentiles(written["taken"]),
    }  # fmt: skip


def figures_of(engine: str, folder: Path, seconds: float) -> Figures:
    """Measure one engine on one library."""
    place = Path(tempfile.mkdtemp(prefix="engine-", dir=folder))
    for name in ("texts.jsonl", "queries.json"):
        (place / name).symlink_to(folder / name)
    bare = size_mib(place)
    found: Figures = {"build": apart("build", engine, place)}
    found["index_mib"] = round(size_mib(place) - bare, 2)
    found["ask"] = apart("ask", engine, place)
    if engine in COLD:
        found["cold_beyond_python_s"] = cold(engine, place)
    found["change"] = apart("change", engine, place)
    found["beside_a_writer"] = readers_beside_a_writer(engine, place, seconds)
    return found


def bars(sizes: Mapping[int, Mapping[str, Figures]]) -> Iterator[Figures]:
    """Hold ours against what is due; one answer for each figure of each size that has one."""
    for size, engines in sizes.items():
        ours, lemmas, fts5 = engines[OURS], engines[LEMMAS], engines[PLAIN]
        beside = lemmas["ask"]["ordinary"]["p95_ms"]
        due, aim = P95_DUE.get(size, (None, None))
        yield _bar(f"p95 at {size:,} to {LEMMAS}", ours["ask"]["ordinary"]["p95_ms"] / beside, due, aim=aim)
        repaired = ours["ask"]["repair"]["p95_ms"] / beside
        yield _bar(f"p95 at {size:,} with spelling repaired, to the same", repaired, REPAIR_DUE.get(size))
        yield _bar(f"index at {size:,} to {PLAIN}", ours["index_mib"] / fts5["index_mib"], INDEX_DUE)
        yield _bar(f"cold first answer at {size:,}", ours["cold_beyond_python_s"], COLD_DUE_S, seconds=True)
        p50_due, p95_due = VISIBLE_DUE_S.get(size, (None, None))
        yield _bar(f"a change found at {size:,}, p50", ours["change"]["p50_ms"] / 1000, p50_due, seconds=True)
        yield _bar(f"a change found at {size:,}, p95", ours["change"]["p95_ms"] / 1000, p95_due, seconds=True)
        errors = sum(ours["beside_a_writer"]["errors"].values())
        yield _bar(f"errors of four readers and a writer at {size:,}", errors, 0)
    if {10_000, 100_000} <= sizes.keys():
        few, many = (sizes[size][OURS]["ask"]["ordinary"]["p95_ms"] for size in (10_000, 100_000))
        yield _bar("p95 at 100,000 to p95 at 10,000", many / few, GROWTH_DUE)


def _bar(what: str, value: float, due: float | None, *, aim: float | None = None, seconds: bool = False) -> Figures:
    value_name, due_name = ("beyond_s", "due_s") if seconds else ("ratio", "due")
    bar: Figures = {"bench": f"search_speed, {what}", value_name: round(value, 3)}
    if due is not None:
        bar[due_name] = due
    if aim is not None:
        bar["aim"] = aim
    return {**bar, "ok": due is None or round(value, 3) <= due}


HEAD = (
    "| {size:,} sections | build s | build MiB | index MiB | p50 ms | p95 | p99 | p95 first time | repair p50 | repair p95 | "
    "reading MiB | cold s | change p50 | p95 | readers q/s | p95 | errors |"
)


def row_of(name: str, found: Figures) -> str:
    """Give the row of an engine."""
    ordinary, repair = found["ask"]["ordinary"], found["ask"]["repair"]
    beside = found["beside_a_writer"]
    cells = [
        name, found["build"]["build_s"], found["build"]["memory_mib"], found["index_mib"],
        *(ordinary[key] for key in ("p50_ms", "p95_ms", "p99_ms", "first_p95_ms")), repair["p50_ms"], repair["p95_ms"],
        found["ask"]["memory_mib"], found.get("cold_beyond_python_s", "–"), found["change"]["p50_ms"],
        found["change"]["p95_ms"], beside["queries_a_second"], beside["p95_ms"], sum(beside["errors"].values()),
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and give 1 when something is over what is due."""
    reader = argparse.ArgumentParser(prog="search_speed.py", description="How fast search is, beside other engines.")
    reader.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE", help="sections; 1000 10000 100000")
    reader.add_argument(
        "--texts", action="append", type=Path, default=[], metavar="DIR", help="more texts to grow from"
    )
    reader.add_argument("--seconds", type=float, default=10.0, help="how long four processes read beside a writer")
    reader.add_argument("--json", action="store_true", help="print JSON and nothing else")
    given = reader.parse_args(arguments)
    sources = [TOP / "procedures", *given.texts]
    wrong = [str(folder) for folder in sources if not folder.is_dir()] + [str(n) for n in given.sizes if n < 10]
    if wrong:
        print(f"{', '.join(wrong)}: not a folder of texts, or not a size of 10 sections or more.", file=sys.stderr)
        return 2
    sizes: dict[int, dict[str, Figures]] = {}
    grown: dict[int, Figures] = {}
    without = {name: how for name in ENGINES if (how := missing(name))}
    for size in sorted(set(given.sizes)):
        with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
            grown[size] = write(Path(place), sources, size)
            sizes[size] = {}
            if not given.json:
                print(HEAD.format(size=size) + "\n" + "|---" * HEAD.count(" |") + "|")
            for name in ENGINES:
                if name not in without:
                    print(f"{size:,} sections: {name} …", file=sys.stderr)
                    sizes[size][name] = figures_of(name, Path(place), given.seconds)
                    if not given.json:
                        print(row_of(name, sizes[size][name]), flush=True)
    answers = list(bars(sizes))
    ok = all(answer["ok"] for answer in answers)
    if given.json:
        machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
        result = {"sizes": sizes, "grown": grown, "bars": answers, "missing": without, "machine": machine, "ok": ok}
        print(json.dumps(result, ensure_ascii=False))
        return 0 if ok else 1
    for name, how in without.items():
        print(f"{name} is not on this machine: {how}.")
    for answer in answers:
        print(json.dumps(answer, ensure_ascii=False))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(step(*sys.argv[2:]) if sys.argv[1:2] == ["--step"] else main())
