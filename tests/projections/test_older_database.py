"""A database that was put back from an older copy, beside a register that has gone on since."""

import shutil

import pytest

from samrutine.errors import DatabaseBehind
from samrutine.storage.git import REGISTER, Commit


@pytest.fixture
def older(home_with_routine):
    """Two decisions were made since the database that now stands there was copied; gives the home and the register's tip."""
    home = home_with_routine
    database, kept = home.path / "samrutine.db", home.path.parent / "gammel.db"
    shutil.copy(database, kept)
    with home.opened() as library:
        first = library.adopt("handhygiene", "Fauske", by="beslutter.fauske").number
        library.adopt("handhygiene", "Meløy", by="beslutter.meloy")
        tip = library._parts.store.tip(REGISTER)
    shutil.copy(kept, database)
    return home, first, tip


def test_nothing_puts_genuine_decisions_aside(older):
    """
    What Fauske decided stands in the register alone now; the next decision would take its number.
    """
    home, first, tip = older

    with home.opened() as library:
        found = library.verify()
        refused = []
        for act in (
            library.repair,
            lambda: library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn"),
        ):
            with pytest.raises(DatabaseBehind) as caught:
                act()
            refused.append(caught.value.places)
        after = library._parts.store.tip(REGISTER)

    assert [(one.code, one.detail) for one in found.faults] == [("register-ahead", f"{first}–{first + 1}")]
    assert refused == [{"here": first - 1, "there": first + 1}] * 2
    assert after == tip


def test_nothing_does_so_where_somebody_put_a_commit_on_top(older):
    """
    One that says of no number, and one that says of an old one and takes the files away: the decisions lie below them.
    """
    home, first, tip = older
    with home.opened() as library:
        store = library._parts.store
        gone = dict.fromkeys(store.tree(tip))
        strays = [
            Commit({"x.txt": b"hei"}, "Rettet", home.clock.now),
            Commit(gone, "Om igjen\n\nNumber: 1", home.clock.now),
        ]
        store.append(REGISTER, tip, strays, allowed=frozenset({tip}))

        with pytest.raises(DatabaseBehind) as caught:
            library.repair()

        assert caught.value.places == {"here": first - 1, "there": first + 1}


def test_a_commit_that_only_says_so_stops_nobody(older):
    """
    Else anybody who may write in git could stop all nine municipalities with one line.
    """
    home, first, _ = older

    with home.opened() as library:
        beyond = library._parts.guards.repeated
        counted = [beyond.count(beyond.tip(), number, "1:" + "0" * 64) for number in (1, first - 1)]

    assert counted == [0, 0]
