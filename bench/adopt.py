"""
How much a decision costs beyond writing it down: `python bench/adopt.py [ROUNDS]` prints one JSON line.

Ours is one `adopt` in a warm process, until it is durable in SQL and in git and what can be searched follows. The peer
does the least that leaves the same behind: a line appended to a file in a work tree, `git add`, `git commit` with the
same `core.fsync`, and one row in SQLite with the same pragmas. They take turns in one process and on one disk, so that
what else the machine does falls on both; the ratio is of the medians. It must stay at or under 3.

What a disk may lose is decided by syncs, not by seconds: they are counted with strace, in runs of their own, where
strace is installed. Ours may be one more than the peer's, for the positions that say how far each projection has come.
"""

import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from small_home import DECIDER, a_home

from samrutine import Library
from samrutine.storage.git import CONFIGURATION

DUE = 3.0
PROCEDURES = 14
COUNTED = 10
SYNCS = "fsync,fdatasync,sync_file_range,syncfs,sync,msync"


class Peer:
    """A work tree and a database, and nothing that knows what it writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._git("init", "--quiet", "--initial-branch=register", "--template=")
        for key in (
            "core.fsync",
            "core.fsyncMethod",
            "core.hooksPath",
            "core.logAllRefUpdates",
            "gc.auto",
            "maintenance.auto",
        ):
            self._git("config", key, CONFIGURATION[key])
        self._git("config", "user.name", "bench")
        self._git("config", "user.email", "bench@localhost.invalid")
        self._database = sqlite3.connect(folder.with_suffix(".db"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE IF NOT EXISTS decision (number INTEGER PRIMARY KEY, record TEXT)")

    def write(self, line: str) -> None:
        """Commit one line to both."""
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO decision (record) VALUES (?)", [line])
        self._database.execute("COMMIT")
        with (self.folder / "register.jsonl").open("a") as file:
            file.write(line + "\n")
        self._git("add", "register.jsonl")
        self._git("commit", "--quiet", "--message", line[:60])

    def _git(self, *arguments: str) -> None:
        subprocess.run(
            ["git", *arguments], cwd=self.folder, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        )


def adoptions(library: Library) -> Iterator[None]:
    """Take every routine into use in every municipality, one at a time; those that are in use already are left."""
    used = {(one.procedure, one.municipality) for one in library.in_force()}
    for procedure in library.procedures():
        for where in library.municipalities():
            if (procedure.id, where.number) not in used:
                library.adopt(procedure.id, where.number, by=DECIDER)
                yield


def counted_syncs(side: str, folder: Path, times: int) -> int | None:
    """How many syncs one round takes, children and all; None without strace."""
    if shutil.which("strace") is None:
        return None
    before, after = (
        _traced([sys.executable, __file__, "--trace", side, str(folder), str(number)]) for number in (1, times + 1)
    )
    return round((after - before) / times)


def _traced(command: list[str]) -> int:
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as trace:
        subprocess.run(["strace", "-f", "-qq", "-e", f"trace={SYNCS}", "-o", trace.name, *command], check=True)
        # A call that another process cut in on stands on two lines.
        return sum(bool(re.match(r"\d+ +\w+\(", line)) for line in trace)


def trace(side: str, folder: Path, times: int) -> None:
    """Do one side some times, and nothing else; run under strace."""
    if side == "ours":
        with Library.open(folder) as library:
            turns = adoptions(library)
            for _ in range(times):
                next(turns)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        peer = Peer(folder)
        for number in range(times):
            peer.write(a_line(number))


def a_line(number: int) -> str:
    """A record as long as one of ours."""
    return json.dumps({"number": number, "record": "x" * 700})


def main(rounds: int) -> int:
    """Measure, print, and give 1 when the ratio or the syncs are over what is due."""
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as place:
        folder = Path(place)
        a_home(folder / "home", procedures=PROCEDURES)
        shutil.copytree(folder / "home", folder / "traced")
        peer = Peer(folder / "peer")
        ours_s, peer_s = [], []
        with Library.open(folder / "home") as library:
            turns = adoptions(library)
            for number in range(rounds + 3):
                begin = time.perf_counter()
                next(turns)
                between = time.perf_counter()
                peer.write(a_line(number))
                ours_s.append(between - begin)
                peer_s.append(time.perf_counter() - between)
        ours, theirs = (statistics.median(found[3:]) for found in (ours_s, peer_s))
        syncs = {
            "ours": counted_syncs("ours", folder / "traced", COUNTED),
            "peer": counted_syncs("peer", folder / "traced-peer", COUNTED),
        }
    ratio = ours / theirs
    syncs_ok = syncs["ours"] is None or syncs["peer"] is None or syncs["ours"] <= syncs["peer"] + 1
    result = {
        "bench": "adopt", "rounds": rounds, "ours_ms": round(ours * 1000, 1), "peer_ms": round(theirs * 1000, 1),
        "ratio": round(ratio, 2), "due": DUE, "aim": 2.0, "syncs_ours": syncs["ours"], "syncs_peer": syncs["peer"],
        "syncs_due": None if syncs["peer"] is None else syncs["peer"] + 1, "ok": ratio <= DUE and syncs_ok,
    }  # fmt: skip
    print(
        f"One adoption takes {result['ours_ms']} ms; git add, git commit and one SQLite row take {result['peer_ms']} ms."
    )
    if syncs["ours"] is None:
        print("Syncs are not counted: strace is missing (apt-get install strace).")
    else:
        print(f"It syncs {syncs['ours']} times; the peer {syncs['peer']} times.")
    print(json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--trace"]:
        trace(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
