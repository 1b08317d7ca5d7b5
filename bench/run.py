"""
Run every bench and print a table: `python bench/run.py [NAME …]`, by `make bench`.

Every figure is a ratio to a peer, or a difference from one, in the same run on the same machine. The answer is 1 when
one of them is over what is due. `docs/explanation/performance.md` says what each figure means.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOWN = (("ratio", "due"), ("share", "due"), ("beyond_s", "due_s"), ("behind", "due"))
"""Under which names a bench gives its figure and what is due."""
HELPERS = frozenset(
    {"run", "small_home", "search_files", "search_grown", "search_peers", "search_texts", "search_timed"}
)
"""No benches themselves."""
ASKED_FOR = frozenset({"scale", "search_beside_writer", "search_speed", "web"})
"""Run only when named: they take minutes and gigabytes of disk."""


def benches() -> list[Path]:
    """Give the programs, each of which prints a line of JSON."""
    return sorted(path for path in HERE.glob("*.py") if path.stem not in HELPERS)


def answers_of(bench: Path) -> list[dict[str, object]]:
    """Run one bench; gives its lines of JSON. What else it says goes to stderr, so that one sees it work."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    outcome = subprocess.run([sys.executable, bench], stdout=subprocess.PIPE, text=True, check=False, env=environment)
    found = []
    for line in outcome.stdout.splitlines():
        if line.startswith("{"):
            found.append(json.loads(line))
        else:
            print(line, file=sys.stderr)
    if not found:
        found.append({"bench": bench.stem, "ok": False, "failed": outcome.returncode})
    return found


def shown(answer: dict[str, object]) -> str:
    """One row of the table."""
    figure, due = next((pair for pair in SHOWN if pair[0] in answer), ("failed", "due"))
    verdict = "yes" if answer["ok"] else "NO"
    return f"| {answer['bench']} | {figure} | {answer.get(figure)} | {answer.get(due, '–')} | {verdict} |"


def main(names: list[str]) -> int:
    """Run, print, and give 1 when one is over what is due."""
    chosen = [path for path in benches() if path.stem in names or (not names and path.stem not in ASKED_FOR)]
    answers = []
    for path in chosen:
        print(f"{path.stem} …", file=sys.stderr)
        answers += answers_of(path)
    load = os.getloadavg()[0]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}\n"
    )
    print("| bench | figure | measured | at most | ok |\n|---|---|---|---|---|")
    for answer in answers:
        print(shown(answer))
    print()
    print(json.dumps({"benches": answers, "ok": all(answer["ok"] for answer in answers)}))
    return 0 if all(answer["ok"] for answer in answers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
