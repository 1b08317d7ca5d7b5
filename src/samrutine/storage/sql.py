"""
The database: SQLite in the home, or PostgreSQL by a URL.

`Database.reading()` gives a session that only reads; `Database.writing()` one that holds the write lock from its
first statement until commit. Errors of the driver are translated here, so that nothing above knows which of the two
it is. Durability is part of the contract: a commit that returned is on the disk (SQLite `synchronous=FULL` in WAL
mode; PostgreSQL's default `synchronous_commit=on`).
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, ProgrammingError

from samrutine.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    HomeNotFound,
    InvalidRequest,
    OtherSchema,
    SamrutineError,
    StoreDamaged,
    StoreUnavailable,
)

if TYPE_CHECKING:
    from sqlmodel import Session

BUSY_SECONDS: Final = 60
SCHEMA: Final = "0002"


class NotUtf8Error(ValueError):
    """A text in the database is no UTF-8: SQLite keeps any bytes. A value that cannot be read, as others are `ValueError`."""


class Database:
    """
    One database, opened. Made per process: after a fork, open another.

    Args:
        url: `sqlite:///…` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        try:
            self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        except ArgumentError as error:
            raise InvalidRequest(
                what="database_url", value="…", expected="postgresql+psycopg://user@host/name"
            ) from error

    @contextmanager
    def columns(self) -> Iterator[Connection]:
        """
        Give a connection for reading a few columns, in one snapshot.

        For a search from the shell alone: `reading` and the tables' classes take 0.2 s to import, twice the search.
        """
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> "Iterator[Session]":
        """Give a session for reading: one snapshot from first to last statement, never waiting for a writer."""
        from sqlmodel import Session

        with translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> "Iterator[Session]":
        """
        Give a session that commits at the end and rolls back on any error.

        SQLite takes the write lock at once (`BEGIN IMMEDIATE`), so that nothing read inside can be stale when
        written. On PostgreSQL the caller locks the row its rule depends on.

        Raises:
            DatabaseBusy: Another process held the lock for a minute. Nothing was written; try again.
        """
        from sqlmodel import Session

        with (
            translated(),
            Session(self.engine.execution_options(samrutine_writes=True), expire_on_commit=False) as session,
        ):
            yield session
            session.commit()

    @contextmanager
    def writing_if_free(self, wait_ms: int) -> "Iterator[Session]":
        """
        Give a session as `writing` does, for what may be lost: it does not wait long for another writer.

        Raises:
            DatabaseBusy: Another held the lock so long. Nothing was written.
        """
        from sqlmodel import Session

        with translated(), self.engine.connect() as connection:
            driver = cast("Any", connection.connection.dbapi_connection)
            if self.is_sqlite:
                driver.execute(f"PRAGMA busy_timeout={wait_ms}")
            try:
                writer = connection.execution_options(samrutine_writes=True)
                with writer.begin():
                    if not self.is_sqlite:
                        writer.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait_ms}ms'")
                    with Session(writer, expire_on_commit=False) as session:
                        yield session
                        session.flush()
            finally:
                if self.is_sqlite:
                    driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")

    def schema(self) -> str | None:
        """Give the migration that the database is at; None when it has none of our tables."""
        with translated(), self.engine.connect() as connection:
            try:
                return cast("str | None", connection.scalar(text("SELECT version_num FROM alembic_version")))
            except (OperationalError, ProgrammingError):
                return None

    def table_names(self) -> list[str]:
        """
        Give the names of the tables that there are. Writes nothing, where SQLite would make the file or change its journal.

        Raises:
            DatabaseDamaged: The file that was named is no database.
        """
        path = self.engine.url.database if self.is_sqlite else None
        if path and path != ":memory:":
            return _tables_in(Path(path))
        with translated(), self.engine.connect() as connection:
            return inspect(connection).get_table_names()

    def migrate(self) -> None:
        """Bring the schema up to this release. A second call does nothing."""
        with translated(), self.engine.execution_options(samrutine_writes=True).begin() as connection:
            self.migrate_on(connection, "head")

    @staticmethod
    def migrate_on(connection: Connection, revision: str) -> None:
        """Bring the schema up to a migration, in the caller's own transaction."""
        # Imported here: alembic takes 0.1 s that only `init`, an upgrade and a restore need.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    def require_schema(self) -> None:
        """
        Refuse a database of another release.

        Raises:
            OtherSchema: `samrutine upgrade` brings an older one up; a newer one needs a newer samrutine.
            HomeNotFound: The database has none of our tables.
        """
        found = self.schema()
        if found is None:
            raise HomeNotFound(home=self.engine.url.render_as_string(hide_password=True))
        if found != SCHEMA:
            raise OtherSchema(found=found, expected=SCHEMA)

    def log_bytes(self) -> int:
        """Give the size of SQLite's write-ahead log; 0 on PostgreSQL, and where there is none."""
        path = self.engine.url.database if self.is_sqlite else None
        log = Path(f"{path}-wal") if path else None
        return log.stat().st_size if log is not None and log.exists() else 0

    def empty_log(self) -> bool:
        """
        Write SQLite's log into the database and cut it to nothing; renew what its planner knows of the tables.

        Returns:
            Whether it was emptied. Somebody who reads an old state keeps it, and so does PostgreSQL, which has none of ours.
        """
        if not self.is_sqlite:
            return False
        with translated():
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("PRAGMA optimize")
                # Waits for nobody: who reads an old state may do so for minutes.
                cursor.execute("PRAGMA busy_timeout=1000")
                busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            finally:
                connection.close()
        return not busy

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except SamrutineError:
        raise
    except DBAPIError as error:
        raise error_for(error) from error
    except NotUtf8Error as error:
        raise StoreDamaged(store="SQL", detail="UTF-8") from error
    except UnicodeEncodeError as error:
        # Half a character in a question, from bytes that are not UTF-8: no database holds it.
        raise InvalidRequest(what="text", value=ascii(str(error.object)[:40])[1:-1], expected="UTF-8") from error


def error_for(error: DBAPIError) -> SamrutineError:
    """
    Give our error for one of the driver's.

    A message of the driver may quote values, so only its class and SQLSTATE or SQLite code travel on.
    """
    original = error.orig
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None) or ""
    detail = " ".join(part for part in (type(original).__name__, code) if part)
    if re.match(r"SQLITE_(BUSY|LOCKED)", code) or code in {"55P03", "40P01", "40001", "57014"}:
        return DatabaseBusy(seconds=BUSY_SECONDS)
    # PostgreSQL's class XX001 and XX002: data and index that do not hold together.
    if re.match(r"SQLITE_(CORRUPT|NOTADB)", code) or code in {"XX001", "XX002"}:
        return DatabaseDamaged(detail=detail)
    if isinstance(error, IntegrityError):
        return StoreDamaged(store="SQL", detail=detail)
    return StoreUnavailable(store="SQL", detail=detail)


def _tables_in(path: Path) -> list[str]:
    """Give the names of the tables in a file of SQLite's, as it stands; none where there is no file."""
    if not path.is_file() or path.stat().st_size == 0:
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorname", None) or type(error).__name__
        raise DatabaseDamaged(detail=code) from error


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, record: Any, arguments: Any, named: Any) -> Any:
        connection = dialect.connect(*arguments, **named)
        record.info[_ALONE] = not _shares_memory(connection)
        if record.info[_ALONE]:
            # One that has asked for it asks again whatever it is told.
            connection.close()
            connection = dialect.connect(*arguments, **named)
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        return connection

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            # 16 MiB and not 2: what one municipality uses is then found in memory the second time it is asked for.
            "cache_size=-16384",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "handle_error")
    def _say_what_cannot_be_read(context: Any) -> None:
        # The driver tells of it with no code, as it tells of a disk that does not answer.
        if str(context.original_exception).startswith("Could not decode to UTF-8"):
            raise NotUtf8Error from context.original_exception

    @event.listens_for(engine, "checkin")
    def _let_others_read(_connection: Any, record: Any) -> None:
        if record.info.get(_ALONE):
            record.invalidate()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("samrutine_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


_ALONE: Final = "samrutine_alone"
"""Marks a connection that keeps all others out, and is given back after each use."""


def _shares_memory(connection: sqlite3.Connection) -> bool:
    """
    Whether a connection has the memory that readers and writers of SQLite's log share.

    It is a file, and on a disk that is full to the last byte it cannot be made. Whoever has the database alone needs none
    (https://sqlite.org/wal.html, section 8), so that people find what applies on such a disk too, one after another.
    """
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_IOERR_SHM"):
            return False
        connection.close()
        raise
    return True


def _postgresql_engine(url: str) -> Engine:
    # Imported here: a home on SQLite does without.
    from psycopg import IsolationLevel

    engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("samrutine_writes", False)
        # One snapshot for the whole reading, as SQLite gives. A writer must not have it: the rule is checked against
        # what is read after the chain's head was locked, not against what was there before. The driver says it as it
        # begins: a statement of its own would be a round trip for every reading.
        driver = cast("Any", connection.connection.dbapi_connection)
        driver.isolation_level = None if writes else IsolationLevel.REPEATABLE_READ
        if writes:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")

    return engine
