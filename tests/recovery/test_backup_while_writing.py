"""A backup that is taken while others decide is of one moment: what stood then is there, and nothing else."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import select

from samrutine import Library
from samrutine.storage.rows import (
    ApprovalRow,
    ChainHeadRow,
    DecisionRow,
    DecisionTextRow,
    InForceRow,
    OutboxRow,
    ProposalRow,
    RoleGrantRow,
    VersionRow,
    WordsRow,
)
from tests.support.homes import MUNICIPALITIES

PROGRAM = Path(__file__).with_name("writing.py")


class Writers:
    """Processes that decide until they are stopped; `acknowledged` are the numbers that they were answered."""

    def __init__(self, home, count):
        self._home = home
        self.acknowledged = set()
        self._running = [
            subprocess.Popen(
                [sys.executable, str(PROGRAM), str(home.path), slug], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for slug in sorted(MUNICIPALITIES)[:count]
        ]  # fmt: skip

    def stop(self):
        """Let each finish what it is at."""
        (self._home.path / "stop").touch()
        for process in self._running:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
            self.acknowledged |= {int(line) for line in out.split()}
        (self._home.path / "stop").unlink()


def head_of(library):
    """Give the newest decision."""
    with library._parts.database.reading() as session:
        return session.exec(select(ChainHeadRow.number)).one()


def at_number(library, number):
    """Give what stood when a decision was made, of all that tells when it came to be, table by table."""
    with library._parts.database.reading() as session:

        def rows(table, made):
            found = [row.model_dump() for row in session.exec(select(table).where(getattr(table, made) <= number))]
            for row in found:
                # What was ended or answered later stood open then.
                row.update({key: None for key, value in row.items() if _is_later(key, value, number)})
            return sorted(found, key=str)

        return {
            "decision": rows(DecisionRow, "number"),
            "outbox": rows(OutboxRow, "number"),
            "approval": rows(ApprovalRow, "decided_number"),
            "in_force": rows(InForceRow, "decided_number"),
            "role_grant": rows(RoleGrantRow, "decided_number"),
            "version": rows(VersionRow, "decided_number"),
            "texts": rows(DecisionTextRow, "number"),
            "proposals": sorted(row["id"] for row in rows(ProposalRow, "opened_number")),
        }


def _is_later(key, value, number):
    return key.endswith("_number") and isinstance(value, int) and value > number


def backed_up_while(home, folder, writers):
    """Take a backup in the middle of the writers' work; gives it and the numbers they were answered."""
    with home.opened() as library:
        before = head_of(library)
        busy = Writers(home, writers)
        try:
            deadline = time.monotonic() + 60
            while head_of(library) < before + 3 * writers and time.monotonic() < deadline:
                time.sleep(0.02)
            done = library.backup(folder)
            after = head_of(library)
        finally:
            busy.stop()
        assert head_of(library) >= after > before
    return done, busy.acknowledged


def require_equal(home, new_home, done, acknowledged):
    """What was put back is what stood when the backup's newest decision was made, and nothing answered is gone."""
    with home.opened() as library, Library.open(new_home) as again:
        assert at_number(again, done.number) == at_number(library, done.number)
        with again._parts.database.reading() as session:
            known = set(session.exec(select(DecisionRow.number)))
            digests = set(session.exec(select(WordsRow.digest)))
        with library._parts.database.reading() as session:
            assert digests <= set(session.exec(select(WordsRow.digest)))
        assert known == set(range(1, done.number + 1))
        assert {one for one in acknowledged if one <= done.number} <= known
        assert again.verify().is_clean


def test_with_three_at_work(home_with_routine, folder, new_home):
    """
    The nightly copy runs while somebody in Steigen works late.
    """
    done, acknowledged = backed_up_while(home_with_routine, folder, 3)

    restored = Library.restore(folder, new_home)

    assert restored.faults == ()
    require_equal(home_with_routine, new_home, done, acknowledged)


@pytest.mark.slow
def test_with_eight_at_work_and_the_rest_taken_from_the_register(
    any_home_with_routine, folder, tmp_path, new_home, request, database_kind
):
    """
    All at once, on both databases; and then all that was decided after the copy comes back from the register too.
    """

    def url():
        return request.getfixturevalue("postgresql_server").new() if database_kind == "postgresql" else None

    home = any_home_with_routine
    done, acknowledged = backed_up_while(home, folder, 8)
    with home.opened() as library:
        library.repair()
        head = head_of(library)

    restored = Library.restore(folder, new_home, database_url=url())
    require_equal(home, new_home, done, acknowledged)
    whole = Library.restore(folder, tmp_path / "hele", database_url=url(), register=home.path, from_register=True)

    assert restored.faults == ()
    assert whole.faults == ()
    assert [one.number for one in whole.missing] == list(range(done.number + 1, head + 1))
    with home.opened() as library, Library.open(tmp_path / "hele") as again:
        chains = []
        for one in (library, again):
            with one._parts.database.reading() as session:
                chains.append(session.exec(select(DecisionRow.hash).where(DecisionRow.number <= head)).all())
    assert sorted(chains[0]) == sorted(chains[1])
    assert acknowledged <= set(range(1, head + 1))
