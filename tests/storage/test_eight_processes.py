"""
Eight processes decide for minutes, each for other people and by other verbs: nothing is lost, nothing is there twice.

The processes are this file run as a program: `test_eight_processes.py HOME NUMBER SECONDS`. Each writes down every decision
and every wish that was acknowledged to it, and how long it took.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # this is a program of its own too

from sqlmodel import select

from samrutine import Library
from samrutine.errors import DatabaseBusy
from samrutine.storage.rows import DecisionRow, WishRow
from tests.support.texts import a_routine

PROCESSES = 8
# Read while tests are collected: tests themselves see no setting from outside.
SECONDS_IN_A_PROOF = float(os.environ.get("SAMRUTINE_SECONDS", "120"))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the morning of `tests.support.clock`
SLUGS = ("rodoy", "meloy", "gildeskal", "beiarn", "saltdal", "fauske", "sorfold", "steigen")
LEAST_A_SECOND = 1


def acts_of(library, number, turn):
    """Give what the person behind a process does in one turn: the name of a verb, and the call."""
    slug, one = SLUGS[number], f"p{number}-{turn}"
    decider, writer, routine = f"beslutter.{slug}", "skribent", "handhygiene"
    draft = a_routine(f"rutine-{number}-{turn}", title=f"Rutine {number} {turn}")

    def let_in():
        return library.add_person(f"person.{one}", "Prøve", by="redaktor", decision_id=f"{one}-inn")

    def wish():
        return library.wish(f"Hva med {number} og {turn}?", by=writer, decision_id=f"{one}-onske")

    return (
        ("adopt", lambda: library.adopt(routine, slug, by=decider, decision_id=f"{one}-bruk")),
        ("propose", lambda: library.propose(draft, by=writer, decision_id=f"{one}-forslag")),
        ("wish", wish),
        ("decline", lambda: library.decline(routine, slug, reason="Prøvd.", by=decider, decision_id=f"{one}-nei")),
        ("add_person", let_in),
        # The same acts once more, as a gateway does that got no answer: they must not be there twice.
        ("again", let_in),
        ("again", wish),
    )


def decide(home, number, seconds):
    """Decide until the time is up; gives what was acknowledged and how long each took."""
    acknowledged, took, refused = [], [], []
    with Library.open(home, clock=lambda: NOW) as library:
        library.procedures()
        Path(home, f"ready-{number}").touch()
        while not Path(home, "go").exists():
            time.sleep(0.01)
        until = time.monotonic() + seconds
        turns = (acts_of(library, number, turn) for turn in itertools.count())
        for name, act in itertools.chain.from_iterable(turns):
            if time.monotonic() > until:
                break
            began = time.perf_counter()
            try:
                answer = act()
            except DatabaseBusy:
                acknowledged.append(("busy", None))
                refused.append(act)
                continue
            took.append(time.perf_counter() - began)
            # What is said and not decided has no number, but an id.
            told = "late" if name == "again" and act in refused else name
            acknowledged.append((told, answer.number if hasattr(answer, "number") else answer.wish))
    return {"acknowledged": acknowledged, "took": took}


def eight_at_once(home, seconds):
    """Let eight processes decide at the same time; gives what each says of it."""
    running = [
        subprocess.Popen(
            [sys.executable, __file__, str(home.path), str(number), str(seconds)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    deadline = time.monotonic() + 120
    while len(list(home.path.glob("ready-*"))) < PROCESSES and time.monotonic() < deadline:
        time.sleep(0.05)
    (home.path / "go").touch()
    said = []
    for process in running:
        out, err = process.communicate(timeout=seconds + 300)
        assert process.returncode == 0, err
        said.append(json.loads(out))
    return said


def shown(kind, said, seconds):
    """Give throughput and waiting, as a line."""
    took = sorted(one for process in said for one in process["took"])
    p99 = statistics.quantiles(took, n=100)[98]
    decided = sum(name not in {"wish", "busy", "again"} for process in said for name, _ in process["acknowledged"])
    busy = sum(name == "busy" for process in said for name, _ in process["acknowledged"])
    return (
        f"{kind:<12}{PROCESSES} processes, {seconds:.0f} s: {len(took)} acts, {decided} decisions, "
        f"{len(took) / seconds:.1f} acts/s; p50 {statistics.median(took) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
        f"longest {took[-1] * 1000:.0f} ms; refused as busy {busy}"
    )


def wrong(said, decisions, wishes, before):
    """
    Say what was lost, made twice, or made by nobody.

    Args:
        said: What each process says was acknowledged to it.
        decisions: Number, id and act of every decision there is, in order.
        wishes: The ids of the wishes there are.
        before: The number of the last decision that was there before.
    """
    first = Counter(one for process in said for name, one in process["acknowledged"] if name not in {"again", "busy"})
    again = {one for process in said for name, one in process["acknowledged"] if name == "again"}
    new = [row for row in decisions if row[0] > before]
    there = {row[0] for row in new} | set(wishes)
    if [row[0] for row in decisions] != list(range(1, len(decisions) + 1)):
        yield "the numbers are not contiguous"
    if lost := sorted(map(str, set(first) - there)):
        yield f"acknowledged and lost: {lost}"
    if strange := sorted(map(str, there - set(first))):
        yield f"acknowledged to nobody: {strange}"
    if twice := sorted(str(one) for one, times in first.items() if times > 1):
        yield f"one answer to two acts: {twice}"
    if other := sorted(map(str, again - set(first))):
        yield f"a second call answered otherwise: {other}"
    if double := sorted(one for one, times in Counter(row[1] for row in new).items() if times > 1):
        yield f"one id twice: {double}"


def require_all_kept(home, said, before):
    """Everything that was acknowledged is there once; nothing else is; and all that repeats it agrees."""
    with home.opened() as library:
        verified = library.repair()
        with library._parts.database.reading() as session:
            columns = DecisionRow.number, DecisionRow.id, DecisionRow.act_id
            rows = session.exec(select(*columns).order_by(DecisionRow.number)).all()
            wishes = session.exec(select(WishRow.id)).all()
    assert list(wrong(said, rows, wishes, before)) == []
    assert verified.is_clean, verified.faults


def in_order_until(home):
    with home.opened() as library, library._parts.database.reading() as session:
        return max(session.exec(select(DecisionRow.number)))


class TestSeeingWhatIsLost:
    """The eyes of the proof: an act that is gone must not pass."""

    SAID = ({"acknowledged": [("adopt", 3), ("wish", "w-1"), ("again", 3), ("again", "w-1"), ("busy", None)]},)
    DECISIONS = ((1, "a", "a"), (2, "b", "b"), (3, "c", "c"))

    def test_finds_nothing_where_all_is_kept(self):
        """
        Else every run would fail.
        """
        assert list(wrong(self.SAID, self.DECISIONS, ["w-1"], 2)) == []

    def test_finds_a_wish_that_is_gone_or_that_nobody_made(self):
        """
        It has no number, and a chain that is whole says nothing of it.
        """
        found = [*wrong(self.SAID, self.DECISIONS, [], 2), *wrong(self.SAID, self.DECISIONS, ["w-1", "w-2"], 2)]

        assert any("lost: ['w-1']" in one for one in found)
        assert any("nobody: ['w-2']" in one for one in found)

    def test_finds_a_decision_that_is_gone_or_was_made_twice(self):
        """
        The last one can go without leaving a gap.
        """
        gone = list(wrong(self.SAID, self.DECISIONS[:2], ["w-1"], 2))
        twice = list(wrong(self.SAID, [*self.DECISIONS, (4, "c", "d")], ["w-1"], 2))
        answered_otherwise = [*self.SAID, {"acknowledged": [("again", 4)]}]

        assert any("lost: ['3']" in one for one in gone)
        assert any("nobody: ['4']" in one for one in twice)
        assert "one id twice: ['c']" in twice
        assert "a second call answered otherwise: ['4']" in wrong(answered_otherwise, self.DECISIONS, ["w-1"], 2)


class TestEightProcesses:
    @pytest.mark.slow
    @pytest.mark.alone
    def test_lose_nothing_in_two_minutes(self, any_home_with_routine, database_kind, capfd):
        """
        The last week before Christmas nine municipalities decide at once, and the machine is small.
        """
        before = in_order_until(any_home_with_routine)

        said = eight_at_once(any_home_with_routine, SECONDS_IN_A_PROOF)

        line = shown(database_kind, said, SECONDS_IN_A_PROOF)
        with capfd.disabled():
            sys.stderr.write(f"\n{line}\n")
        require_all_kept(any_home_with_routine, said, before)
        assert sum(len(one["took"]) for one in said) > LEAST_A_SECOND * SECONDS_IN_A_PROOF


if __name__ == "__main__":
    print(json.dumps(decide(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
