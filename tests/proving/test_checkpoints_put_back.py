"""Signed checkpoints in a library that is put back from a backup: those of decisions that are not there must not stay."""

import os
import time

import pytest

from samrutine import Library
from samrutine.adoptions.additions import new_addition_id
from samrutine.storage.rows import AdditionRow
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


@pytest.mark.parametrize("by", ["maintenance", "redaction", "settings"])
def test_one_whose_branch_is_gone_outlives_what_clears_git_of_the_unreachable(home_with_routine, keys, by, tmp_path):
    """
    `verify` says that `repair` puts it back, and between the two a night of maintenance dropped it without a word.
    """
    home = home_with_routine
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
        if by == "maintenance":
            library.maintain(whole=True)
        elif by == "redaction":
            library.add_addition(
                "handhygiene",
                "Fauske",
                "avvik",
                "practical-note",
                "Ring Navn.",
                by="beslutter.fauske",
                decision_id="ord",
            )
            library.drop_addition(new_addition_id("ord"), by="beslutter.fauske")
            library.redact(_digest_of(library, "ord"), reason="Navn.", by="redaktor")
        else:
            _lie_elsewhere(home.path / "library.git", tmp_path / "objects")
        repaired = library.repair()

    assert (git(home, "rev-parse", BRANCH), repaired.faults) == (tip, ())


def _digest_of(library, opened_by):
    """The digest of what an addition said first."""
    with library._parts.database.reading() as session:
        return session.get_one(AdditionRow, f"{new_addition_id(opened_by)}.1").digest


def _lie_elsewhere(repository, folder):
    """Let all objects of a repository lie in another folder, as in a clone that borrows them."""
    (repository / "objects").rename(folder)
    (repository / "objects" / "info").mkdir(parents=True)
    (repository / "objects" / "pack").mkdir()
    (repository / "objects" / "info" / "alternates").write_text(f"{folder}\n", encoding="utf-8")
