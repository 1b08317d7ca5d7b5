"""A decision whose row cannot be read is written anew, as the chain's own hashes prove that it was."""
# ruff: noqa: S608  the statements are our own, and made to do damage

import contextlib
import sqlite3

import pytest
from sqlalchemy import text
from sqlmodel import select

from samrutine.errors import StoreDamaged
from samrutine.projections import decisions_back
from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.faults import Done
from samrutine.storage.decisions import link_hash
from samrutine.storage.rows import DecisionRow
from tests.support.git import git

IN_MANY_WAYS = {
    7: "decided_at = '2026-13-01 00:00:00.000000'",
    9: "record = substr(record, 1, 40)",
    10: "record = CAST(x'ff7b' AS TEXT)",
    11: "record = x'ff7b', hash = x'00'",
    12: "kind = x'ff'",
    13: "decided_at = 12",
}


@pytest.fixture
def damaged(home_with_routine):
    """Give a way to write in the database of a home behind the library's back, and all of its decisions before that."""

    def change(*statements):
        with contextlib.closing(sqlite3.connect(home_with_routine.path / "samrutine.db")) as connection:
            before = connection.execute("SELECT * FROM decision ORDER BY number").fetchall()
            for statement in statements:
                assert connection.execute(f"UPDATE decision SET {statement}").rowcount == 1, statement
            connection.commit()
        return before

    return home_with_routine, change


def test_each_is_named_and_comes_back_as_it_was(damaged):
    """
    One bad sector must not cost a municipality a restore, when the same decision stands on the register with its hash.
    """
    home, change = damaged
    before = change()
    # The last is proved by the chain's head, the others by the link that follows.
    ways = {**IN_MANY_WAYS, len(before): IN_MANY_WAYS[9]}
    change(*(f"{how} WHERE number = {number}" for number, how in ways.items()))
    with home.opened() as library:
        named = {(one.code, one.detail) for one in library.verify().faults}

        healed = library.repair()

        assert ("chain-unreadable", "7") in named
        assert named >= {("unreadable", "decision 10 record"), ("unreadable", "decision 12 kind")}
        assert [one for one in healed.done if one.code == "decision"] == [Done("decision", str(one)) for one in ways]
        assert healed.is_clean
    assert change() == before


@pytest.mark.parametrize("other", ["record = record || ' '", "role = 'annen'"])
def test_one_that_somebody_changed_is_left_and_so_is_all_beside_it(damaged, other):
    """
    What can be read and says something else was written by somebody. Whoever looks into it must find it as it was left.
    """
    home, change = damaged
    change("record = '{' WHERE number = 9", f"{other} WHERE number = (SELECT max(number) FROM decision)")
    after = change()
    with home.opened() as library:
        assert library._parts.projections.put_decisions_back() == []
    assert change() == after


def test_without_the_register_what_stands_in_the_row_itself_is_enough_for_what_is_beside_it(damaged):
    """
    The other columns only repeat the record. The record itself stands in no third place.
    """
    home, change = damaged
    before = change("decided_at = x'00' WHERE number = 9")
    git(home, "update-ref", "-d", "refs/heads/register")
    with home.opened() as library:
        assert library._parts.projections.put_decisions_back() == [9]
        assert change("record = '{' WHERE number = 9") == before
        assert library._parts.projections.put_decisions_back() == []


def test_a_line_that_somebody_made_up_is_never_taken(damaged, monkeypatch):
    """
    A line of the register has its own hash whatever it says. It is this chain's only where the next link says so.
    """
    home, change = damaged
    change("record = '{' WHERE number = 9")
    with home.opened() as library:
        store = library._parts.projections._stores[0]
        link, record = decisions_back._on_register(store, {9})[9]
        made_up = record.replace('"role":"', '"role":"annen-')
        assert (link_hash(record), link_hash(made_up) != link) == (link, True)
        monkeypatch.setattr(decisions_back, "_on_register", lambda *_: {9: (link_hash(made_up), made_up)})

        assert library._parts.projections.put_decisions_back() == []
        with library._parts.database.reading() as session:
            assert list(chain_faults(session, 0)) == [("chain-unreadable", "9")]


def test_bytes_that_are_no_text_are_damage_and_no_fault_of_the_programs(damaged):
    """
    Whoever meets such a row in daily work is told that the database is damaged, and by what command to look.
    """
    home, change = damaged
    change("record = CAST(x'ff7b' AS TEXT) WHERE number = 9")
    with home.opened() as library, pytest.raises(StoreDamaged), library._parts.database.reading() as session:
        session.exec(select(DecisionRow.record)).all()


def test_comes_back_on_either_database(any_library_with_routine):
    """
    PostgreSQL keeps no text that is none, but a record that is cut off it keeps as well as the other.
    """
    database, projections = any_library_with_routine._parts.database, any_library_with_routine._parts.projections
    with database.writing() as session:
        before = session.exec(select(DecisionRow).where(DecisionRow.number == 9)).one().model_dump()
        session.connection().execute(text("UPDATE decision SET record = '{', kind = 'annet' WHERE number = 9"))

    assert projections.put_decisions_back() == [9]

    with database.reading() as session:
        assert session.exec(select(DecisionRow).where(DecisionRow.number == 9)).one().model_dump() == before
        assert list(chain_faults(session, 0)) == []
