"""
How long a first search takes: `python bench/search_cold.py [ROUNDS]` prints one JSON line.

`samrutine search` in a new process, against `python -c pass` in a new process, in turns; bytecode is compiled, as
`make` and pip leave it. What counts is the difference of the medians, since starting Python is not ours: at most one
second. The library is as large as the demo: the twelve starter routines, in use in all nine municipalities.
"""

import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from small_home import a_home, adopt_all, starter_texts

import samrutine
from samrutine import Library

DUE_S = 1.0
WORDS = ("smitte", "helsestasjonen")


def seconds(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """How long a command takes from its start to its end, and how much of it a core was at work for it."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime


def main(rounds: int) -> int:
    """Measure, print, and give 1 when a search takes longer than is due."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compileall.compile_dir(Path(samrutine.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        home = Path(place) / "home"
        a_home(home, texts=starter_texts())
        with Library.open(home) as library:
            for where in library.municipalities():
                adopt_all(library, where.number)
        program = Path(sys.executable).with_name("samrutine")
        ours = [str(program), "--home", str(home), "search", *WORDS, "--municipality", "fauske"]
        floor = [sys.executable, "-c", "pass"]
        for command in (ours, floor):  # the first run of each fills the disk cache and writes what bytecode is missing
            seconds(command, environment)
        pairs = [(seconds(ours, environment), seconds(floor, environment)) for _ in range(rounds)]
    ours_s, floor_s = (statistics.median(seconds for seconds, _ in found) for found in zip(*pairs, strict=True))
    ours_cpu, floor_cpu = (statistics.median(cpu for _, cpu in found) for found in zip(*pairs, strict=True))
    beyond = ours_s - floor_s
    result = {
        "bench": "search_cold", "rounds": rounds, "ours_s": round(ours_s, 3), "python_alone_s": round(floor_s, 3),
        "beyond_s": round(beyond, 3), "beyond_cpu_s": round(ours_cpu - floor_cpu, 3), "due_s": DUE_S, "aim_s": 0.5,
        "ok": beyond <= DUE_S,
    }  # fmt: skip
    print(
        f"A search from the shell takes {result['beyond_s']} s more than an empty Python, {result['beyond_cpu_s']} s of a core."
    )
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
