"""
What an unchanged publishing costs: `python bench/publish.py [ROUNDS]` prints two JSON lines.

A municipality publishes all it uses into an empty folder, in every format; then again, with nothing changed. The
second run makes no document, but still reads back every file and hashes it: that is its promise. It may take at most
3 % of the first run. Measured for the twelve starter routines and for 100 invented ones.

Each round is a process of its own, since the typesetter remembers what it has set, and then a second "first" run would
be too fast. It sets one page of another text before the clock starts, so that loading the typesetter is not measured.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from small_home import DECIDER, a_home, a_text, adopt_all, starter_texts

from samrutine import Library
from samrutine.publishing.model import Action

DUE = 0.03
AGAIN = 5
MUNICIPALITY = "fauske"


def measure(name: str, texts: list[bytes], rounds: int) -> dict[str, object]:
    """Publish some texts first and again, in so many processes."""
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        home = Path(place) / "home"
        a_home(home, texts=[*texts, a_text(0)])
        with Library.open(home) as library:
            library.decline("rutine-000", MUNICIPALITY, reason="Bare til oppvarming.", by=DECIDER)
            documents = adopt_all(library, MUNICIPALITY, but="rutine-000")
        answers = []
        for number in range(rounds):
            command = [sys.executable, __file__, "--round", str(home), str(Path(place) / f"published-{number}")]
            answers.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    first = statistics.median(answer["first_s"] for answer in answers)
    unchanged = statistics.median(seconds for answer in answers for seconds in answer["unchanged_s"])
    share = unchanged / first
    return {
        "bench": f"publish_{name}", "rounds": rounds, "documents": documents, "files": answers[0]["files"],
        "first_s": round(first, 3), "unchanged_s": round(unchanged, 4), "share": round(share, 4), "due": DUE, "ok": share <= DUE,
    }  # fmt: skip


def one_round(home: Path, folder: Path) -> dict[str, object]:
    """Publish first and again, once."""
    folder.mkdir()
    with Library.open(home) as library:
        library.set_target(MUNICIPALITY, "bench", "folder", folder, by=DECIDER)
        for suffix in ("pdf", "html", "md"):
            library.render(library.document("rutine-000"), suffix)
        begin = time.perf_counter()
        library.publish(MUNICIPALITY, by=DECIDER).require_all()
        first_s = time.perf_counter() - begin
        unchanged_s = []
        for _ in range(AGAIN):
            begin = time.perf_counter()
            (receipt,) = library.publish(MUNICIPALITY, by=DECIDER).require_all().receipts
            unchanged_s.append(time.perf_counter() - begin)
        return {"first_s": first_s, "unchanged_s": unchanged_s, "files": receipt.counts()[Action.UNCHANGED]}


def main(rounds: int) -> int:
    """Measure both, print, and give 1 when one takes more than is due."""
    results = [
        measure("starter", starter_texts(), rounds),
        measure("hundred", [a_text(number) for number in range(1, 101)], rounds),
    ]
    for result in results:
        print(
            f"{result['documents']} documents, {result['files']} files: {result['first_s']} s first, "
            f"{result['unchanged_s']} s again, which is {result['share']:.1%}."  # type: ignore[str-format]
        )
    for result in results:
        print(json.dumps(result))
    return 0 if all(result["ok"] for result in results) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--round"]:
        print(json.dumps(one_round(Path(sys.argv[2]), Path(sys.argv[3]))))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
