"""
Whether the database is whole: that its file holds together, and has every table, column and index of this release.

Asked before anything is read from it. What follows from decisions is no comfort where the pages that hold them are gone.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection, Index, text
from sqlalchemy.exc import DatabaseError, DBAPIError

from samrutine.errors import DatabaseDamaged
from samrutine.storage.rows import Row
from samrutine.storage.sql import Database

MOST_PAGES: Final = 5
"""How many damaged pages are named: one is enough to put a backup back, and a torn disk has thousands."""
_COLUMNS_OF_SQLITE: Final = text(
    "SELECT one.name, its.name FROM sqlite_master AS one JOIN pragma_table_info(one.name) AS its WHERE one.type = 'table'"
)
_INDEXES_OF_SQLITE: Final = text(
    "SELECT one.name, its.name FROM sqlite_master AS one JOIN pragma_index_info(one.name) AS its"
    " WHERE one.type = 'index' ORDER BY one.name, its.seqno"
)
_COLUMNS_OF_POSTGRESQL: Final = text(
    "SELECT one.relname, its.attname FROM pg_catalog.pg_class AS one"
    " JOIN pg_catalog.pg_attribute AS its ON its.attrelid = one.oid AND its.attnum > 0 AND NOT its.attisdropped"
    " WHERE one.relkind IN ('r', 'p') AND one.relnamespace = current_schema()::regnamespace"
)
_INDEXES_OF_POSTGRESQL: Final = text(
    "SELECT one.relname, its.attname FROM pg_catalog.pg_index AS index"
    " JOIN pg_catalog.pg_class AS one ON one.oid = index.indexrelid AND one.relnamespace = current_schema()::regnamespace"
    " CROSS JOIN LATERAL unnest(index.indkey::int2[]) WITH ORDINALITY AS key (attnum, seqno)"
    " LEFT JOIN pg_catalog.pg_attribute AS its ON its.attrelid = index.indrelid AND its.attnum = key.attnum"
    " ORDER BY one.relname, key.seqno"
)
_PAGE: Final = re.compile(r"(?:Tree (\d+) )?page (\d+)", re.IGNORECASE)


def page_faults(connection: Connection, *, whole: bool = False) -> list[str]:
    """
    Ask SQLite whether its pages hold together: the number of each that does not, with the table or index that begins there.

    PostgreSQL has checksums and its own means, and is only asked whether it answers.

    Args:
        whole: Hold every index against its table, too, which takes several times as long.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT 1"))
        return []
    try:
        asked = "PRAGMA integrity_check" if whole else "PRAGMA quick_check"
        said = [str(row[0]) for row in connection.execute(text(f"{asked}({MOST_PAGES})"))]
        roots = {
            int(row[1]): str(row[0]) for row in connection.execute(text("SELECT name, rootpage FROM sqlite_master"))
        }
    except DatabaseError as error:
        # Damage at which SQLite gives up, rather than going on to the next page.
        return [getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__]
    lines = [line for one in said for line in one.splitlines() if not line.startswith("***")]
    return list(dict.fromkeys(_page(line, roots) for line in lines if line != "ok"))[:MOST_PAGES]


def _page(line: str, roots: dict[int, str]) -> str:
    found = _PAGE.search(line)
    if found is None:
        # Such as «row 7 missing from index in_force_decided»: no page, but names of ours.
        known = [word for word in re.findall(r"\w+", line) if word in roots.values()]
        return " ".join(dict.fromkeys(known)) or "–"
    name = roots.get(int(found[1] or found[2]), "")
    return f"{found[2]} {name}".strip()


def schema_faults(connection: Connection) -> Iterator[tuple[str, str]]:
    """Give each table, column and index that this release has and the database lacks: (code, name)."""
    columns = _columns(connection)
    for table in Row.metadata.sorted_tables:
        there = columns.get(table.name)
        if there is None:
            yield "table-missing", table.name
            continue
        for column in table.columns:
            if column.name not in there:
                yield "table-missing", f"{table.name}.{column.name}"
    for index in _missing_indexes(connection, columns):
        yield "sql-index-missing", str(index.name)


def require_tables(database: Database) -> None:
    """
    Refuse a database that lacks a table or a column of this release.

    Raises:
        DatabaseDamaged: Nothing makes it again but a backup.
    """
    with database.reading() as session:
        lacking = [name for code, name in schema_faults(session.connection()) if code == "table-missing"]
    if lacking:
        raise DatabaseDamaged(detail=", ".join(lacking))


def make_indexes(database: Database) -> list[str]:
    """Make the indexes that are missing; gives their names. One that the rows do not allow is left, for `verify` to name."""
    with database.reading() as session:
        connection = session.connection()
        missing = _missing_indexes(connection, _columns(connection))
    made = []
    for index in missing:
        try:
            with database.engine.execution_options(samrutine_writes=True).begin() as connection:
                if _found(connection).get(str(index.name)) is not None:
                    index.drop(connection)
                index.create(connection)
        except DBAPIError:
            continue
        made.append(str(index.name))
    return made


def _missing_indexes(connection: Connection, tables: Collection[str]) -> list[Index]:
    """Give the indexes that are not there, or are of other columns, by name; those of missing tables are not asked for."""
    found = _found(connection)
    ours = [index for table in Row.metadata.sorted_tables if table.name in tables for index in table.indexes]
    wrong = [one for one in ours if found.get(str(one.name)) != [column.name for column in one.columns]]
    return sorted(wrong, key=lambda one: str(one.name))


def _columns(connection: Connection) -> dict[str, set[str]]:
    """Give the columns of every table, asked for once: SQLAlchemy asks SQLite for each table, and PostgreSQL for all there is."""
    columns: dict[str, set[str]] = {}
    is_sqlite = connection.dialect.name == "sqlite"
    for table, column in connection.execute(_COLUMNS_OF_SQLITE if is_sqlite else _COLUMNS_OF_POSTGRESQL):
        columns.setdefault(table, set()).add(column)
    return columns


def _found(connection: Connection) -> dict[str, list[str | None]]:
    """Give the columns of every index, in its order; None for one that is worked out."""
    indexes: dict[str, list[str | None]] = {}
    is_sqlite = connection.dialect.name == "sqlite"
    for index, column in connection.execute(_INDEXES_OF_SQLITE if is_sqlite else _INDEXES_OF_POSTGRESQL):
        indexes.setdefault(index, []).append(column)
    return indexes
