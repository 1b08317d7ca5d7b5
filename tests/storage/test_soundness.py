"""Whether the database itself is whole, asked before anything is read from it."""

import contextlib
import sqlite3

import pytest
from sqlalchemy import text

from samrutine.errors import DatabaseDamaged
from samrutine.storage.soundness import make_indexes, page_faults, require_tables, schema_faults
from samrutine.storage.sql import Database


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new database, without rows."""
    path = tmp_path_factory.mktemp("database") / "samrutine.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path.read_bytes()


@pytest.fixture
def stored(made, tmp_path):
    """A copy of it: the path, and it opened."""
    path = tmp_path / "samrutine.db"
    path.write_bytes(made)
    database = Database(f"sqlite:///{path}")
    yield path, database
    database.close()


def run(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def faults(database):
    with database.reading() as session:
        return list(schema_faults(session.connection()))


def test_each_table_column_and_index_that_is_gone_is_named(stored):
    """
    «Prøv igjen» helps nobody whose table is gone; its name tells IT what happened.
    """
    path, database = stored
    whole = faults(database)

    run(path, "DROP TABLE made_known", "ALTER TABLE procedure DROP COLUMN retitled", "DROP INDEX decision_subject")

    assert whole == []
    assert sorted(faults(database)) == [
        ("sql-index-missing", "decision_subject"), ("table-missing", "made_known"), ("table-missing", "procedure.retitled"),
    ]  # fmt: skip
    with pytest.raises(DatabaseDamaged, match="made_known") as refused:
        require_tables(database)
    assert "samrutine verify" not in str(refused.value)


def test_an_index_that_is_gone_or_of_other_columns_is_made_again(stored):
    """
    Nothing is decided by an index, so nobody needs to be asked.
    """
    path, database = stored
    run(
        path,
        "DROP INDEX decision_subject",
        "DROP INDEX in_force_where",
        "CREATE INDEX in_force_where ON in_force (digest)",
    )

    made = make_indexes(database)

    assert made == ["decision_subject", "in_force_where"]
    assert faults(database) == []
    assert make_indexes(database) == []


@pytest.mark.service("postgresql")
def test_on_postgresql_the_same_are_named_and_made_again(postgresql_server):
    """
    A restore that was cut short leaves tables without indexes there, too.
    """
    database = Database(postgresql_server.new())
    database.migrate()
    whole = faults(database)
    with database.engine.execution_options(samrutine_writes=True).begin() as connection:
        for statement in (
            "DROP TABLE made_known", "ALTER TABLE procedure DROP COLUMN retitled", "DROP INDEX decision_subject",
            "DROP INDEX in_force_where", "CREATE INDEX in_force_where ON in_force (lower(digest))",
        ):  # fmt: skip
            connection.execute(text(statement))

    found = sorted(faults(database))
    made = make_indexes(database)

    assert whole == []
    assert found == [
        ("sql-index-missing", "decision_subject"), ("sql-index-missing", "in_force_where"),
        ("table-missing", "made_known"), ("table-missing", "procedure.retitled"),
    ]  # fmt: skip
    assert made == ["decision_subject", "in_force_where"]
    assert [code for code, _ in faults(database)] == ["table-missing", "table-missing"]
    database.close()


@pytest.mark.parametrize(("name", "torn"), [("in_force_decided", 8), ("version", 4096)])
def test_a_torn_page_is_named_by_its_number_or_by_how_sqlite_gives_up(stored, name, torn):
    """
    Damage that no question of ours happens to meet is found before it grows.
    """
    path, database = stored
    with database.reading() as session:
        assert page_faults(session.connection()) == []
        asked = text("SELECT rootpage FROM sqlite_master WHERE name = :name")
        (root,) = session.connection().execute(asked, {"name": name}).one()
    database.close()
    run(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * torn)

    with Database(f"sqlite:///{path}").reading() as session:
        found = page_faults(session.connection())

    assert found in ([f"{root} {name}"], ["SQLITE_CORRUPT"])
