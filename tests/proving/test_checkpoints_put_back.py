"""Signed checkpoints in a library that is put back from a backup: those of decisions that are not there must not stay."""

import os
import time

from samrutine import Library
from tests.proving.conftest import set_key
from tests.support.git import git
from tests.support.homes import Home

BRANCH = "refs/heads/checkpoints"


def test_those_for_decisions_that_were_not_taken_are_set_aside(home, keys, tmp_path):
    """
    They would be faults for ever, and nothing could be signed after them; and the restore had called it sound.
    """
    set_key(home, keys / "samrutine")
    with home.opened() as library:
        library.checkpoint()
        library.backup(tmp_path / "kopi")
        library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
        library.checkpoint()
    first, second = git(home, "rev-list", "--reverse", BRANCH).split()

    told = Library.restore(tmp_path / "kopi", tmp_path / "ny", register=home.path, clock=home.clock)
    new = Home(tmp_path / "ny", home.clock)
    stood, aside = git(new, "rev-parse", BRANCH), git(new, "for-each-ref", "--contains", second)
    with new.opened() as library:
        made = library.checkpoint().name
        faults = library.verify().faults
    git(new, "update-ref", "-d", BRANCH)
    again = Library.restore(tmp_path / "kopi", tmp_path / "ny", register=home.path, clock=home.clock)

    assert ([one.kind for one in told.missing], told.faults) == (["person_added"], ())
    assert (stood, second in aside) == (first, True)
    assert (made, faults) == ("000002", ())
    # What a restore says is what verify says.
    assert [one.code for one in again.faults] == ["checkpoint-broken"]


def test_one_whose_branch_is_gone_outlives_the_weekly_packing(home, keys):
    """
    `verify` says that `repair` puts it back, and between the two a night of maintenance dropped it without a word.
    """
    set_key(home, keys / "samrutine")
    with home.opened() as library:
        library.checkpoint()
    tip = git(home, "rev-parse", BRANCH)
    git(home, "update-ref", "-d", BRANCH)
    (home.path / "library.git" / "logs" / BRANCH).unlink(missing_ok=True)
    long_ago = time.time() - 30 * 24 * 3600
    for path in (home.path / "library.git" / "objects").rglob("*"):
        os.utime(path, (long_ago, long_ago))

    with home.opened() as library:
        library.maintain(whole=True)
        repaired = library.repair()

    assert (git(home, "rev-parse", BRANCH), repaired.faults) == (tip, ())
