"""
How much cheaper an adoption is in a list: `python bench/adopt_list.py [ROWS]` prints one JSON line.

The same routines are taken into use in two municipalities of one library: in the first singly, as many as give a steady
median, in the second all in one signed list. Both are measured until they are durable in SQL and in git and what can be
searched follows. The ratio is of one alone to one of the list; it must be at least 20.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from small_home import DECIDER, a_home, a_text, approve

from samrutine import Library
from samrutine.adoptions.answers import ListRow
from samrutine.adoptions.model import AdoptionState

DUE = 20.0
ROWS = 500
SINGLY = 40
FIRST, SECOND = "Beiarn", "Fauske"


def prepared(home: Path, routines: int) -> None:
    """Make a library of so many routines that are faglig godkjent; git and search follow once, at the end."""
    a_home(home, texts=[a_text(1)])
    joined = {"smittevern"}
    with Library.open(home) as library, library.together():
        for number in range(2, routines + 1):
            approve(library, a_text(number), joined)


def main(rows: int) -> int:
    """Measure, print, and give 1 when a list is not cheap enough."""
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        home = Path(place) / "home"
        prepared(home, rows)
        with Library.open(home) as library:
            procedures = [one.id for one in library.procedures()]
            singly = []
            for procedure in procedures[: SINGLY + 3]:
                begin = time.perf_counter()
                library.adopt(procedure, FIRST, by=DECIDER)
                singly.append(time.perf_counter() - begin)
            asked = [ListRow(procedure, AdoptionState.IN_USE) for procedure in procedures]
            begin = time.perf_counter()
            decided = library.decide_list(SECOND, asked, by=DECIDER)
            of_list = time.perf_counter() - begin
            assert len(decided.answers) == rows
            assert decided.projected
    alone, each = statistics.median(singly[3:]), of_list / rows
    result = {
        "bench": "adopt_list", "rows": rows, "alone_ms": round(alone * 1000, 1), "each_ms": round(each * 1000, 2),
        "list_s": round(of_list, 2), "ratio": round(alone / each, 1), "due": DUE, "ok": alone / each >= DUE,
    }  # fmt: skip
    print(f"Alone an adoption takes {result['alone_ms']} ms; in a list of {rows} each takes {result['each_ms']} ms.")
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
