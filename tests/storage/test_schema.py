"""The schema: models equal migrations on both databases, and each table says how long its rows are kept."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel, select

from samrutine.errors import (
    DatabaseBusy,
    HomeNotFound,
    OtherSchema,
    SamrutineError,
    StoreDamaged,
    StoreUnavailable,
)
from samrutine.library import Library
from samrutine.storage import rows, sql
from samrutine.storage.rows import ActorRow, ChainHeadRow, InForceRow, PersonRow, TableRetentionRow
from samrutine.storage.sql import SCHEMA, Database
from tests.support.clock import NOW

RETENTION = {"permanent", "person", "working", "hearing", "reading", "derived"}


@pytest.fixture
def empty_url(request, database_kind, tmp_path):
    """Where an empty database is."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("postgresql_server").new()


@pytest.fixture
def database(empty_url):
    """A database with our tables and nothing in them."""
    opened = Database(empty_url)
    opened.migrate()
    yield opened
    opened.close()


class TestMigrations:
    def test_models_equal_migrations(self, database):
        """
        A column in the models that no migration makes works on every new machine of ours and on no one else's.
        """
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})

            assert compare_metadata(context, SQLModel.metadata) == []

    def test_again_changes_nothing(self, database):
        """
        Whoever is unsure whether the upgrade finished runs it again.
        """
        with database.writing() as session:
            session.add(PersonRow(id="n-1", login="prove", name="Prøve", created_at=NOW))

        database.migrate()

        with database.reading() as session:
            assert session.exec(select(PersonRow.name)).all() == ["Prøve"]
        assert database.schema() == SCHEMA

    def test_another_release_is_refused_with_what_to_do(self, database, empty_url):
        """
        Old code on a new schema would write rows that the new code cannot read.
        """
        with database.writing() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '0000'"))

        with pytest.raises(OtherSchema) as caught:
            database.require_schema()

        assert caught.value.places == {"found": "0000", "expected": SCHEMA}

    def test_a_database_without_our_tables_is_no_library(self, empty_url):
        """
        A wrong address must not look like an empty library; and its password must not stand in a log.
        """
        elsewhere = Database(empty_url.replace("://samrutine@", "://samrutine:hemmelig@"))

        with pytest.raises(HomeNotFound) as caught:
            elsewhere.require_schema()

        elsewhere.close()

        assert "hemmelig" not in str(caught.value)

    def test_the_chain_begins_with_one_head(self, database):
        """
        The row that every act locks must be there before the first act.
        """
        with database.reading() as session:
            (head,) = session.exec(select(ChainHeadRow)).all()
            (system,) = session.exec(select(ActorRow)).all()

        assert (head.number, head.hash) == (0, "1:" + "0" * 64)
        assert (system.id, system.kind) == ("system", "system")


class TestTables:
    @pytest.mark.parametrize("name", sorted(SQLModel.metadata.tables))
    def test_each_says_how_long_its_rows_are_kept(self, name):
        """
        An archivist asks it of every table, and of the one added last too.
        """
        assert SQLModel.metadata.tables[name].info.get("retention") in RETENTION

    def test_the_database_says_it_too(self, database):
        """
        Those who ask years from now may have the database and not the code.
        """
        with database.reading() as session:
            said = {row.table_name: row.retention_class for row in session.exec(select(TableRetentionRow))}
        there = set(inspect(database.engine).get_table_names()) - {"alembic_version"}

        assert said == {name: table.info["retention"] for name, table in SQLModel.metadata.tables.items()}
        assert there == set(said)

    def test_an_instant_comes_back_aware_and_in_utc(self, database):
        """
        A time without a zone is an hour wrong half the year.
        """
        from datetime import datetime, timedelta, timezone

        oslo = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
        with database.writing() as session:
            session.add(PersonRow(id="n-1", created_at=oslo))

        with database.reading() as session:
            (kept,) = session.exec(select(PersonRow.created_at)).all()

        assert kept == oslo
        assert kept.utcoffset() == timedelta(0)

    def test_a_time_without_a_zone_is_not_kept(self, database):
        """
        Nobody can say later which instant it meant.
        """
        from sqlalchemy.exc import StatementError

        def keep():
            with database.writing() as session:
                session.add(PersonRow(id="n-1", created_at=NOW.replace(tzinfo=None)))

        with pytest.raises((StatementError, SamrutineError)):
            keep()

    def test_the_database_itself_refuses_a_backwards_interval(self, database):
        """
        The last guard, should a rule above it ever fail.
        """

        def keep():
            with database.writing() as session:
                session.add(
                    InForceRow(
                        municipality="9999", procedure_id="x", from_on=NOW.date(), until_on=NOW.date(), major=1, minor=0,
                        digest="1:0", position="sjef", adopted_number=1, decided_number=1,
                    )
                )  # fmt: skip

        with pytest.raises(StoreDamaged):
            keep()


class TestSessions:
    def test_reading_sees_one_moment_from_first_to_last(self, database):
        """
        A report made while others decide must not count half of a decision.
        """
        with database.reading() as reader:
            before = len(reader.exec(select(PersonRow)).all())
            with database.writing() as writer:
                writer.add(PersonRow(id="n-1", created_at=NOW))
            reader.expire_all()

            assert len(reader.exec(select(PersonRow)).all()) == before

        with database.reading() as later:
            assert len(later.exec(select(PersonRow)).all()) == before + 1

    def test_an_error_leaves_nothing(self, database):
        """
        All of it or none of it.
        """

        def fail():
            with database.writing() as session:
                session.add(PersonRow(id="n-1", created_at=NOW))
                session.flush()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        with database.reading() as session:
            assert session.exec(select(PersonRow)).all() == []

    def test_a_commit_is_on_the_disk(self, tmp_path):
        """
        «Tatt i bruk» on the screen is a promise that survives the power.
        """
        database = Database(f"sqlite:///{tmp_path / 'a.db'}")
        with database.engine.connect() as connection:
            found = [
                connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        database.close()

        assert found == ["wal", 2, 1]


class TestErrorsOfTheDriver:
    @pytest.mark.parametrize(
        ("statement", "error"),
        [
            ("INSERT INTO person (id, created_at) VALUES ('n-1', '2026-01-01'), ('n-1', '2026-01-01')", StoreDamaged),
            (
                "INSERT INTO approval (decided_number, proposal_id, actor_id, role, digest) VALUES (99, 'x', 'y', 'z', 'd')",
                StoreDamaged,
            ),
            ("INSERT INTO actor (id, kind) VALUES ('a-1', 'ghost')", StoreDamaged),
            ("INSERT INTO actor (id) VALUES ('a-1')", StoreDamaged),
            ("SELECT * FROM finnes_ikke", StoreUnavailable),
        ],
        ids=["twice the same", "no such decision", "no such kind", "nothing where something must be", "no such table"],
    )
    def test_become_ours_and_quote_no_values(self, database, statement, error):
        """
        Nothing above knows which database it is; and a driver's message may quote what a person wrote.
        """

        def run():
            with database.writing() as session:
                session.connection().execute(text(statement))

        with pytest.raises(SamrutineError) as caught:
            run()

        assert type(caught.value) is error
        assert not any(word in str(caught.value) for word in ("n-1", "ghost", "finnes_ikke"))

    def test_a_busy_database_says_so_and_that_nothing_was_decided(self, home, monkeypatch):
        """
        Whoever waits must know that waiting is all that is wrong.
        """
        monkeypatch.setattr(sql, "BUSY_SECONDS", 0.2)
        with home.opened() as library:
            other = Database(home.url)
            with other.writing() as session, Session(session.get_bind()):
                session.exec(select(PersonRow)).first()
                with pytest.raises(DatabaseBusy):
                    library.add_person("ny", "Ny", by="redaktor")
            other.close()
            assert library.add_person("ny", "Ny", by="redaktor").number

    def test_a_file_that_is_no_database_says_so(self, home):
        """
        A disk that failed must not look like a rule that said no.
        """
        for name in ("samrutine.db-wal", "samrutine.db-shm"):
            (home.path / name).unlink(missing_ok=True)
        (home.path / "samrutine.db").write_bytes(b"ikke en database" * 1000)

        with pytest.raises((StoreDamaged, StoreUnavailable)):
            Library.open(home.path)


def test_every_row_class_is_a_table():
    """
    A class that was forgotten in the metadata would be a table that no migration makes.
    """
    classes = [
        one
        for one in vars(rows).values()
        if isinstance(one, type) and issubclass(one, rows.Row) and one is not rows.Row
    ]

    assert {one.__tablename__ for one in classes} == set(SQLModel.metadata.tables)
